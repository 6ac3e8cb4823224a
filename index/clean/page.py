"""The blocks of an HTML page, each with where it stood, and the heads that state metadata."""

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

from lxml import etree

from index.clean import dom, reasons
from index.clean.blocks import CONTAINERS, Piece, Place, split_glued
from index.clean.soup import soup
from index.text.mojibake import shown, unmangled
from index.text.safe import safe_line

Element: TypeAlias = Any
"""An element of lxml, which brings no types."""

_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "legend",
        "label",
        "option",
        "button",
        "select",
        "textarea",
        "iframe",
        "caption",
        "article-body",
        "br",
        "amp-img",
        "noscript",
    ]
)
_SILENT: Final = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "head",
        "title",
        "meta",
        "link",
        "object",
        "embed",
        "canvas",
        "math",
        "audio",
        "video",
        "iframe",
    ]
)
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_WHOLE: Final = frozenset(("html", "body"))
"""What stands in the class of these says nothing about one block."""
_BOLD: Final = frozenset(["b", "strong"])
_NONE: Final = (0,) * CONTAINERS
_NEAR: Final = 4
"""Elements around a block that are near."""
_TOLD: Final = 600
"""Characters in the paragraphs of a noscript element from which it is read."""
_LONGEST: Final = 6_000_000
"""Characters of a page that are parsed; a longer one is read without its structure."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page's blocks, its parsed tree (None where it could not be parsed), and what is doubted.

    Blocks that were not found in the tree have no place.
    """

    pieces: list[Piece]
    root: Element | None = None
    unsure: str = ""


def read_page(source: str) -> Page:
    """The page that the HTML `source` holds. Any source gives a page, in time linear in it."""
    source = unmangled(source)
    root = _parse(source)
    found = _Walk().blocks(root) if root is not None else []
    if not found:
        # Not parsed, or swallowed whole by a comment or script that never ends.
        pieces = _numbered([(line, None) for line in soup(source)])
        return Page(pieces, root, reasons.BROKEN if pieces else "")
    return Page(_numbered(found), root)


def _parse(source: str) -> Element | None:
    if len(source) > _LONGEST or not source.strip():
        return None
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return None
    too_deep = any("depth" in error.message for error in parser.error_log)
    return None if too_deep else root


def _numbered(found: list[tuple[str, Place | None]]) -> list[Piece]:
    pieces: list[Piece] = []
    for n, (text, place) in enumerate(found, 1):
        pieces += [
            Piece(piece.n, piece.text, piece.date, place)
            for piece in split_glued(n, text, first=not pieces)
        ]
    return pieces


class _Open(NamedTuple):
    """An element around a block; `path` is the same for all that stand alike."""

    tag: str
    block: bool
    bits: int
    around: int
    number: int
    path: int


@dataclass(slots=True)
class _Walk:
    """One walk over a tree, without recursion: pages may be nested as deep as the parser allows.

    `inside` are the elements whose end has not come yet, with tag and whether each is a block.
    Most hold no text: what one says is only looked up for a block in it, and then kept in `known`.
    """

    found: list[tuple[str, Place | None]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    linked: int = 0
    bold: int = 0
    inside: list[tuple[Element, str, bool]] = field(default_factory=list)
    known: list[_Open] = field(default_factory=list)
    links: int = 0
    bolds: int = 0
    met: int = 0
    told: bool = False
    paths: dict[tuple[int, str, str], int] = field(default_factory=dict)

    def blocks(self, root: Element) -> list[tuple[str, Place | None]]:
        inside, known, held, flush = self.inside, self.known, self.text, self._flush
        steps = etree.iterwalk(root, events=("start", "end"))
        for event, element in steps:
            if event == "start":
                tag = element.tag
                if tag in _SILENT and not self._for_all(element):
                    steps.skip_subtree()
                    continue
                block = tag in _BLOCKS or _is_count(element)
                if block:
                    if held or self.linked or self.bold:
                        flush()
                elif tag == "input":
                    self._button(element)
                elif tag == "a":
                    self.links += 1
                elif tag in _BOLD:
                    self.bolds += 1
                inside.append((element, tag, block))
                text = element.text
            else:
                if inside and inside[-1][0] is element:
                    _, tag, block = inside[-1]
                    if block:
                        if held or self.linked or self.bold:
                            flush()
                    elif tag == "a":
                        self.links -= 1
                    elif tag in _BOLD:
                        self.bolds -= 1
                    inside.pop()
                    del known[len(inside) :]
                text = element.tail if inside else None
            # Most texts of a page are the white space between its elements.
            if text and (self.links or self.bolds or held or not text.isspace()):
                self._add(text)
        flush()
        return self.found

    def _around(self) -> list[_Open]:
        """What the elements around say, the outermost first."""
        known = self.known
        for element, tag, block in self.inside[len(known) :]:
            names = element.get("class") or ""
            bits = 0 if tag in _WHOLE else dom.bits(tag, names, element.get("id") or "")
            path, around = (known[-1].path, known[-1].around) if known else (0, 0)
            self.met = number = self.met + 1
            path = self.paths.setdefault((path, tag, names), number)
            known.append(_Open(tag, block, bits, around | bits, number, path))
        return known

    def _for_all(self, element: Element) -> bool:
        """Whether it holds paragraphs for readers without scripts: the article, put there too.

        Only the first such element counts, so that nested ones are not gone through many times.
        """
        if element.tag != "noscript" or self.told:
            return False
        held = sum(len("".join(one.itertext())) for one in element.iter("p"))
        self.told = held >= _TOLD
        return self.told

    def _button(self, element: Element) -> None:
        if (element.get("type") or "").lower() in ("submit", "button") and element.get("value"):
            self._flush()
            self._add(element.get("value"))
            self._flush()

    def _add(self, text: str) -> None:
        if self.text or not text.isspace():
            self.text.append(text)
        if self.links:
            self.linked += len(text)
        if self.bolds:
            self.bold += len(text)

    def _flush(self) -> None:
        linked, self.linked = self.linked, 0
        bold, self.bold = self.bold, 0
        if not self.text:
            return
        raw = shown("".join(self.text))
        self.text.clear()
        line = safe_line(raw).strip()
        if line:
            bare = len(raw.strip())
            self.found.append((line, self._place(min(linked / bare, 1.0), bold=bold > 0.8 * bare)))

    def _place(self, links: float, *, bold: bool) -> Place:
        inside = self._around()
        around = [opened for opened in inside if opened.block]
        level = next((_HEADINGS[one.tag] for one in around[-3:] if one.tag in _HEADINGS), 0)
        near = 0
        for opened in inside[-_NEAR:]:
            near |= opened.bits
        own = around[-1] if around else inside[-1]
        numbers = [opened.number for opened in around[-2 : -2 - CONTAINERS : -1]]
        return Place(
            own.tag,
            near,
            inside[-1].around,
            links,
            level,
            len(inside),
            (*numbers, *_NONE[len(numbers) :]),
            own.path,
            bold,
        )


def _is_count(element: Element) -> bool:
    """Whether an element holds nothing but a number: of comments, or of shares."""
    if len(element) or not (element.text or "").strip().isdigit():
        return False
    said = dom.bits(element.tag, element.get("class") or "", element.get("id") or "")
    return said & dom.COUNTED != 0
