"""An article set as paragraphs: what stands on the page, in which style, with which hits."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from index.model import Block, Label
from tui import formats
from tui.answers import Reading, Span
from tui.i18n import N_, _, ngettext
from tui.text.wrap import cells

LABELS = {
    Label.TITLE: N_("title"),
    Label.BYLINE: N_("byline"),
    Label.DATE: N_("date line"),
    Label.ATTRIBUTION: N_("attribution"),
    Label.RELATED: N_("related articles"),
    Label.COMMENT: N_("comment form"),
    Label.BIO: N_("about the author"),
    Label.MARKER: N_("end mark"),
    Label.SECTION: N_("section"),
    Label.CAPTION: N_("caption"),
    Label.SHARE: N_("sharing"),
    Label.NAV: N_("navigation"),
    Label.LEGAL: N_("legal notice"),
}
_FROM = {
    "stated": N_("{date}, as the text says"),
    "metadata": N_("{date}, as the page's data say"),
    "url": N_("{date}, as the address says"),
    "file": N_("{date}, as the file says"),
    "import": N_("{date}, as given at import"),
}
_SHORT = 56  # cells that fit into one line
_FEW = 4  # labels named where cuts are folded


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the page. `hits` are (number of the hit, start, end) in its text.

    `style` names how it is drawn; `lead` stands before its first line, `indent` cells before the
    others; `margin` is written beside it where there is room, else before it; `gap` is how many
    empty lines follow. `key` is its place in the article, the same in every layout. `centred`: what
    we say ourselves between two parts, with an ornament on both sides where there is room.
    """

    text: str
    style: str = "ink"
    key: int = -1
    hits: tuple[tuple[int, int, int], ...] = ()
    lead: str = ""
    margin: str = ""
    gap: int = 1
    centred: bool = False


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """The paragraphs of an article, how many of its lines are cut, how many hits there are."""

    paragraphs: tuple[Paragraph, ...]
    cuts: int
    hits: int


def article_page(reading: Reading, *, cuts: bool) -> ArticlePage:
    """Set `reading`, with what was cut in its place or folded away."""
    return _Setting(reading, cuts).page()


def original_page(reading: Reading, original: str) -> ArticlePage:
    """Set the original of an article, line by line, as it came in."""
    said = _("The original, as it came in from {place}").format(place=reading.origin)
    head = Paragraph(said, "muted")
    lines = [
        Paragraph(line, "ink", key=number, gap=0)
        for number, line in enumerate(original.split("\n"))
    ]
    return ArticlePage((head, *lines), 0, 0)


class _Setting:
    """Sets one article; hits are numbered as they come."""

    def __init__(self, reading: Reading, cuts: bool) -> None:
        self._reading = reading
        self._cuts = cuts
        self._count = 0
        self._by_block: dict[int, list[Span]] = {}
        for block, start, end in reading.hits:
            self._by_block.setdefault(block, []).append((start, end))
        self._headline = next(
            (
                number
                for number, block in enumerate(reading.blocks)
                if block.label is Label.TITLE and block.text == reading.title
            ),
            -1,
        )

    def page(self) -> ArticlePage:
        reading = self._reading
        hidden = [
            block
            for number, block in enumerate(reading.blocks)
            if block.label is not Label.BODY and number != self._headline
        ]
        paragraphs = [*self._head(), *self._text()]
        return ArticlePage(tuple(paragraphs), len(hidden), self._count)

    def _head(self) -> Iterator[Paragraph]:
        reading = self._reading
        if reading.title:
            hits = self._numbered(list(reading.title_hits))
            yield Paragraph(reading.title, "title", key=-2, hits=hits, gap=0)
        for line in about(reading):
            yield Paragraph(" · ".join(line), "muted", gap=0)
        for remark in remarks(reading):
            yield Paragraph(remark, "warn", gap=0)
        yield Paragraph("", gap=0)

    def _text(self) -> Iterator[Paragraph]:
        numbered = [
            (number, block)
            for number, block in enumerate(self._reading.blocks)
            if number != self._headline
        ]
        for is_body, run in groupby(numbered, key=lambda item: item[1].label is Label.BODY):
            blocks = list(run)
            if is_body:
                yield from (self._body(number, block) for number, block in blocks)
            elif self._cuts:
                yield from self._shown(blocks)
            else:
                yield _folded([block for _number, block in blocks])

    def _body(self, number: int, block: Block) -> Paragraph:
        style, lead, gap = "ink", "", 1
        match block.style:
            case "subhead":
                style = "title"
            case "quote":
                lead = "│ "
            case "item":
                lead, gap = "– ", 0
        return Paragraph(block.text, style, number, self._numbered_of(number), lead, gap=gap)

    def _shown(self, blocks: list[tuple[int, Block]]) -> Iterator[Paragraph]:
        """Cut blocks where they stood, the reason once for each run of them."""
        for (label, reason), run in groupby(
            blocks, key=lambda item: (item[1].label, item[1].reason)
        ):
            name = _(LABELS.get(label, label.value))
            yield Paragraph(_(reason) or name, "muted", lead="┊ ", gap=0, margin=name)
            *most, last = list(run)
            for number, block in most:
                hits = self._numbered_of(number)
                yield Paragraph(block.text, "cut", number, hits, "┊ ", gap=0)
            yield Paragraph(last[1].text, "cut", last[0], self._numbered_of(last[0]), "┊ ")

    def _numbered_of(self, block: int) -> tuple[tuple[int, int, int], ...]:
        return self._numbered(self._by_block.get(block, []))

    def _numbered(self, spans: list[Span]) -> tuple[tuple[int, int, int], ...]:
        first, self._count = self._count, self._count + len(spans)
        return tuple((first + n, start, end) for n, (start, end) in enumerate(spans))


def _folded(blocks: list[Block]) -> Paragraph:
    """One line in the place of what was cut."""
    names = list(dict.fromkeys(_(LABELS.get(block.label, block.label.value)) for block in blocks))
    if len(names) > _FEW:
        names[_FEW:] = ["…"]
    said = ngettext("{n} line cut: {what}", "{n} lines cut: {what}", len(blocks))
    text = formats.fill(said, n=len(blocks), what=", ".join(names))
    return Paragraph(text, "cut", centred=True)


def about(reading: Reading) -> list[list[str]]:
    """What is known of an article, in words: when, by whom, in what; and from where."""
    dated = formats.day(reading.date, full=True)
    if reading.date and reading.date_from in _FROM:
        dated = _(_FROM[reading.date_from]).format(date=dated)
    language = formats.language(reading.language)
    if reading.language_sure < 0.5 and reading.language != "und":
        language = _("{language} (unsure)").format(language=language)
    minutes = _("{n} min").format(n=reading.minutes)
    place = _("from {place}").format(place=reading.url or _short(reading.origin))
    # The date first: a line that begins left to right stays so in terminals that turn text.
    lines = [[dated, reading.source or "", reading.byline or ""], [language, minutes]]
    if cells(" · ".join([language, minutes, place])) <= _SHORT:
        lines[1].append(place)
    else:
        lines.append([place])
    if reading.tags:
        lines.append([" ".join(f"#{tag}" for tag in reading.tags)])
    return [[part for part in line if part] for line in lines]


def _short(path: str) -> str:
    """Folder and name of a file; the whole path stands above the original."""
    parts = path.split("/")[-2:]
    while len(parts) > 1 and cells("/".join(parts)) > _SHORT:
        parts.pop(0)
    return "/".join(part for part in parts if part)


def remarks(reading: Reading) -> list[str]:
    """What a reader should be warned of."""
    said = [_(reading.unsure)] if reading.unsure else []
    return said + [_(problem) for problem in reading.problems]
