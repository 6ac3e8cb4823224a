"""The things that flow through newsreader, in the order in which data meets them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Stated:
    """What came with a document beside its text (JSONL fields), as given, unchecked."""

    id: str | None = None
    url: str | None = None
    title: str | None = None
    date: str | None = None
    language: str | None = None
    source: str | None = None
    author: str | None = None


class Form(StrEnum):
    """How the original bytes of a document are to be read."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"
    """One JSONL line that holds its text or html itself."""


@dataclass(frozen=True, slots=True)
class Document:
    """One item as a source gave it, before any judgement.

    `content` is plain text, or HTML source where `is_html`; it is decoded but not yet made safe.
    `original` are the bytes it came from, read according to `form` and `encoding`.
    `identity` is the same each time the same item is read: file, or file and item id.
    `problems` says what was damaged and repaired on the way in.
    """

    origin: str
    identity: str
    content: str
    is_html: bool
    form: Form
    encoding: str
    original: bytes
    stated: Stated = Stated()
    problems: tuple[str, ...] = ()


class Label(StrEnum):
    """What a block of a document is. Only `BODY` is read as the article's text."""

    TITLE = "title"
    BYLINE = "byline"
    DATE = "date"
    BODY = "body"
    ATTRIBUTION = "attribution"
    RELATED = "related"
    COMMENT = "comment"
    BIO = "bio"
    MARKER = "marker"
    SECTION = "section"
    CAPTION = "caption"
    SHARE = "share"
    NAV = "nav"
    LEGAL = "legal"


class Block(NamedTuple):
    """A run of a document's text and what the cleaner made of it.

    `n` is the 1-based line of flat text, or the block number of HTML; two blocks share an `n`
    where a line was split. `reason` is a whole English phrase out of a closed set, so that it can
    be translated; empty for body. `style` is "" or, for body, "subhead", "quote" or "item".
    """

    n: int
    text: str
    label: Label
    reason: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What cleaning found in a document: its blocks in their order, and what they tell.

    The text of all blocks together is the text of the document: nothing is lost.
    `date` is ISO 8601; `date_from` is one of "stated" (in the text), "metadata", "url".
    `title_from` and `byline_from` are "stated" or "metadata". `section` is the part of the paper.
    `unsure` says in words why the cut may be wrong, else is empty.
    """

    blocks: tuple[Block, ...]
    title: str | None = None
    byline: str | None = None
    date: str | None = None
    date_from: str | None = None
    attribution: tuple[str, ...] = ()
    unsure: str = ""
    title_from: str | None = None
    byline_from: str | None = None
    section: str | None = None

    @property
    def body(self) -> tuple[str, ...]:
        """The paragraphs a person reads."""
        return tuple(block.text for block in self.blocks if block.label is Label.BODY)


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned document, ready to be kept.

    `language` is a Babel locale identifier, "und" where not known; `language_sure` is a
    probability. `source` is the outlet: stated, or the host of the URL. `words` counts the body's.
    `remarks` are what its reader should know of how it was taken in, for the ledger.
    """

    document: Document
    cleaned: Cleaned
    language: str
    language_sure: float
    source: str | None
    lede: str
    words: int
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flags:
    """What a person did with an article."""

    read: bool = False
    starred: bool = False
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """An article as the catalog gives it back. `key` is its number there, `id` its public name."""

    key: int
    id: str
    article: Article
    sha256: str
    added: str
    flags: Flags


@dataclass(frozen=True, slots=True)
class Entry:
    """What the full-text index takes of an article. `day` is days since 1970-01-01, or None."""

    key: int
    title: str
    body: str
    source: str
    author: str
    language: str
    day: int | None


@dataclass(frozen=True, slots=True)
class Query:
    """A search as asked: the words typed, and filters set beside them (the CLI's options)."""

    text: str = ""
    languages: tuple[str, ...] = ()
    after: str | None = None
    before: str | None = None
    source: str | None = None
    sort: str = ""
    """relevance, newest, oldest, added, longest or shortest; empty: relevance where there are
    words, else newest."""
    typing: bool = False
    """Whether the last word is still being typed: it then stands for all words that begin so."""


@dataclass(frozen=True, slots=True)
class Hits:
    """What a query found: keys in order with their scores, and counts over the whole match set.

    Facet names: "language", "month" ("2026-02", "undated"), "source" ("unknown"), and "tag" where
    there are tags. `place` is where in the order an asked-for article stands, from 0.
    """

    total: int
    keys: list[int]
    scores: list[float]
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the article list. Spans are [start, end) character ranges to highlight."""

    id: str
    title: str | None
    lede: str
    snippet: str
    language: str
    date: str | None
    source: str | None
    score: float
    date_from: str | None = None
    minutes: int = 1
    read: bool = False
    starred: bool = False
    tags: tuple[str, ...] = ()
    language_sure: float = 1.0
    title_hits: tuple[tuple[int, int], ...] = ()
    lede_hits: tuple[tuple[int, int], ...] = ()
    snippet_hits: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the answer to a query, with counts over the whole of it."""

    query: str
    total: int
    took_ms: float
    rows: tuple[Row, ...]
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    sort: str = "newest"
    place: int | None = None
    """Where the article asked to be kept in sight stands in the order, from 0; None: nowhere."""
