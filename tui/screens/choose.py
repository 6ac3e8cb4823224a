"""A panel to choose from: languages, sources, dates, paths, commands. Typing narrows it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input
from textual.widgets.input import Selection

from tui import keys
from tui.i18n import _
from tui.widgets.choice_list import Choice, ChoiceList
from tui.widgets.foot import Foot
from tui.widgets.heading import Heading
from tui.widgets.line_input import LineInput
from tui.widgets.rule import Rule

Offer = Callable[[str], Awaitable[Sequence[Choice]]]


def narrowing(choices: Sequence[Choice]) -> Offer:
    """An offer of those `choices` whose label or `also` holds each word typed."""

    async def offer(text: str) -> Sequence[Choice]:
        words = text.casefold().split()
        return [
            choice
            for choice in choices
            if all(word in f"{choice.label} {choice.also}".casefold() for word in words)
        ]

    return offer


class ChooseLine(LineInput):
    """Where one types in a panel. Space marks where several may be chosen: no name needs it."""

    @dataclass
    class Marked(Message):
        """Space was typed."""

    several = False
    spaced = False
    """Whether what is typed may hold spaces: then one marks only where nothing is typed."""

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "space" and self.several and not (self.spaced and self.value):
            event.prevent_default()
            event.stop()
            self.post_message(self.Marked())


class Choose(ModalScreen[tuple[str, ...] | None]):
    """Gives the ids chosen, or None where the panel was closed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("down", "move(1)"),
        ("up", "move(-1)"),
        ("pagedown", "move(10)"),
        ("pageup", "move(-10)"),
        ("tab", "complete"),
        *keys.bindings("panel"),
    ]

    def __init__(
        self,
        title: str,
        offer: Offer,
        *,
        hint: str = "",
        marked: Sequence[str] = (),
        several: bool = False,
        spaced: bool = False,
        typed: str = "",
    ) -> None:
        super().__init__()
        self._title, self._offer, self._hint = title, offer, hint
        self._several, self._spaced, self._typed = several, spaced, typed
        self._list = ChoiceList(id="choices")
        self._list.marked = set(marked)

    def compose(self) -> ComposeResult:
        """A heading, a line to type in, the choices."""
        yield Heading(self._title, id="heading")
        with Horizontal(id="typed-row"):
            yield ChooseLine(
                self._typed,
                placeholder=self._hint or _("type to narrow"),
                id="typed",
            )
        yield Rule(id="panel-top")
        yield self._list
        yield Rule(id="panel-end")
        yield Foot(id="panel-foot")

    async def on_mount(self) -> None:
        """Start with what is offered before anything is typed."""
        line = self.query_one(ChooseLine)
        line.several, line.spaced = self._several, self._spaced
        line.focus()
        if self._typed:  # typing on replaces it, moving the cursor keeps it
            line.selection = Selection(0, len(self._typed))
        self.query_one(Foot).show_place("panel" if self._several else "single", "")
        await self.offer()

    async def offer(self) -> None:
        """Ask again what is offered for what is typed."""
        self._list.show(await self._offer(self.query_one(ChooseLine).value))

    @on(Input.Changed)
    def _typed_more(self, event: Input.Changed) -> None:
        event.stop()
        self.run_worker(self.offer(), exclusive=True, group="offer")

    @on(Input.Submitted)
    async def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        await self.offer()  # what is typed may be ahead of what is shown
        self.action_choose()

    @on(ChoiceList.Clicked)
    def _clicked(self) -> None:
        self.action_choose()

    def action_move(self, step: int) -> None:
        """Move among the choices."""
        self._list.move(step)

    @on(ChooseLine.Marked)
    def action_mark(self) -> None:
        """Mark one of several."""
        self._list.mark()

    def action_complete(self) -> None:
        """Put what the choice under the cursor completes to into the line."""
        choice = self._list.choice
        if choice is not None and choice.completion:
            line = self.query_one(ChooseLine)
            line.value = choice.completion
            line.cursor_position = len(line.value)

    def action_choose(self) -> None:
        """Choose what is marked, and what was typed for; else what the cursor stands on."""
        choice = self._list.choice
        if self._several and (self._list.marked or self._spaced):
            typed = self.query_one(ChooseLine).value.strip()
            if typed and choice is not None and choice.id and not choice.error:
                self._list.marked.add(choice.id)
            self.dismiss(tuple(sorted(self._list.marked)))
        elif choice is not None and not choice.error:
            self.dismiss((choice.id,) if choice.id else ())

    def action_close(self) -> None:
        """Choose nothing."""
        self.dismiss(None)
