"""The search line, and the line below it: what was understood, the filters, how much was found."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from index.text.safe import safe_line
from tui import formats, keys, query_text
from tui.answers import Answer, AnswerError, Filter
from tui.i18n import N_, _, say
from tui.text.wrap import cells
from tui.widgets.line_input import LineInput
from tui.widgets.lines import Lines, Piece, width_of

LONGEST = 2000
"""Characters of a query; what is pasted beyond them is left out."""
SORTS = {
    "relevance": N_("by relevance"),
    "newest": N_("newest first"),
    "oldest": N_("oldest first"),
    "added": N_("last added first"),
    "longest": N_("longest first"),
    "shortest": N_("shortest first"),
}
_STATES = {"unread": N_("unread"), "read": N_("read"), "starred": N_("starred")}


class SearchLine(LineInput):
    """Where one types what to look for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings("search"),
        ("ctrl+p", "screen.commands"),
    ]

    @dataclass
    class Left(Message):
        """A person is done typing and wants to go to the list."""

    @dataclass
    class Recalled(Message):
        """A person asks for an earlier (1) or later (-1) search."""

        step: int

    @dataclass
    class Completed(Message):
        """A person wants the word completed."""

    def __init__(self, *, value: str, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(value, id=id, longest=LONGEST)

    def action_leave(self) -> None:
        """To the list."""
        self.post_message(self.Left())

    def action_wipe(self) -> None:
        """Empty the line; an empty one is left."""
        if self.value:
            self.value = ""
        else:
            self.post_message(self.Left())

    def action_earlier(self) -> None:
        """Take back an earlier search."""
        self.post_message(self.Recalled(1))

    def action_later(self) -> None:
        """Take back a later search; after the last, to the list."""
        self.post_message(self.Recalled(-1))

    def action_complete(self) -> None:
        """Complete the word."""
        self.post_message(self.Completed())


class Understood(Lines):
    """What the engine made of the query, or what is wrong with it."""

    @dataclass
    class FilterClicked(Message):
        """A person clicked a filter's chip, to take it off."""

        filter: Filter

    @dataclass
    class SortClicked(Message):
        """A person clicked the order, to have another."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.answer: Answer | None = None
        self.error: AnswerError | None = None
        self.query_text = ""
        self.articles = 0
        self._chips: list[tuple[int, int, Filter]] = []
        self._counts_at = 0

    def show(self, answer: Answer, articles: int) -> None:
        """Show what was understood and found; `articles` is how many there are in all."""
        self.answer, self.error, self.articles = answer, None, articles
        self.refresh()

    def fail(self, error: AnswerError, text: str) -> None:
        """Show what is wrong with the query `text`."""
        self.error, self.query_text = error, text
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The one line."""
        width = self.size.width
        if y or not width:
            return self.blank(width)
        if self.error is not None:
            return self.strip([(" ", "ink"), *self._wrong(self.error)], width)
        if self.answer is None:
            return self.blank(width)
        counts = self._counts(self.answer)
        chips = self._chip_pieces(self.answer)
        room = width - width_of(counts) - width_of(chips) - 4
        understood = self._understood(self.answer, max(8, room))
        gap = max(2, width - 2 - width_of(understood) - width_of(chips) - width_of(counts))
        self._counts_at = width - width_of(counts)
        between = 2 if width_of(understood) else 0
        self._place_chips(chips, 1 + width_of(understood) + between)
        middle: list[Piece] = [(" " * between, "ink"), *chips, (" " * (gap - between), "ink")]
        return self.strip([(" ", "ink"), *understood, *middle, *counts], width)

    def _understood(self, answer: Answer, room: int) -> list[Piece]:
        text = query_text.without_filters(answer.understood)  # these are said by their chips
        while cells(text) > room:
            text = text[: max(0, len(text) - max(1, (cells(text) - room) // 2)) - 1].rstrip() + "…"
            if len(text) <= 2:
                break
        return [(text, "muted")]

    def _counts(self, answer: Answer) -> list[Piece]:
        if answer.total == self.articles:
            found = formats.number(answer.total)
        else:
            found = formats.fill(_("{n} of {all}"), n=answer.total, all=self.articles)
        sort = _(SORTS.get(answer.sort, answer.sort))
        took = " · " + _("{n} ms").format(n=round(answer.took_ms)) if answer.took_ms else ""
        if self.size.width < 70:
            return [(found, "ink"), (" ", "ink")]
        return [(found, "ink"), (f" · {sort}{took} ", "muted")]

    def _chip_pieces(self, answer: Answer) -> list[Piece]:
        pieces: list[Piece] = []
        for chip in answer.filters:
            pieces += [(f"{chip_text(chip)} ×", "chip"), ("  ", "ink")]
        return pieces

    def _place_chips(self, pieces: list[Piece], at: int) -> None:
        self._chips = []
        assert self.answer is not None
        for number, chip in enumerate(self.answer.filters):
            wide = cells(pieces[2 * number][0])
            self._chips.append((at, at + wide, chip))
            at += wide + 2

    def _wrong(self, error: AnswerError) -> list[Piece]:
        said = [(say(error.template, error.values), "warn")]
        if error.at is not None and error.end is not None:
            wrong = self.query_text[error.at : error.end]
            if wrong:
                before = self.query_text[max(0, error.at - 12) : error.at]
                return [(before, "muted"), (safe_line(wrong), "here"), ("  ", "ink"), *said]
        return said

    def on_click(self, event: events.Click) -> None:
        """A click on a chip takes its filter off; one on the order asks for the next."""
        for start, end, chip in self._chips:
            if start <= event.x < end:
                self.post_message(self.FilterClicked(chip))
                return
        if self.answer is not None and event.x >= self._counts_at:
            self.post_message(self.SortClicked())


def chip_text(chip: Filter) -> str:
    """A filter as its chip says it: names of languages and months, else the value as typed."""
    field, _colon, written = chip.text.partition(":")
    values = query_text.values_of(chip.text, (field,))
    if not values:  # turned round, or in brackets: as it was typed
        return chip.text
    match chip.field:
        case "lang":
            return ", ".join(formats.language(code) for code in values)
        case "date":
            return ", ".join(map(_dates, values))
        case "is":
            return ", ".join(_(_STATES.get(value.casefold(), value)) for value in values)
        case "tag":
            return " ".join(f"#{value}" for value in values)
        case "source":
            return ", ".join(values)
    return chip.text if chip.field in {"after", "before"} else written.strip('"')


def _dates(value: str) -> str:
    """Months by their names; what else was typed as it stands."""
    span = query_text.months(value)
    if value == "undated":
        return _("undated")
    if span is None or (len(value) == 4 and value.isdigit()):
        return value
    return " – ".join(dict.fromkeys(map(formats.month, span)))
