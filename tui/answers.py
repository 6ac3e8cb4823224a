"""What the engine answers, decoded. Every string passes `index.text.safe` on its way in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from index.errors import NewsreaderError
from index.model import Block, Label, Row
from index.text.safe import safe_line, safe_url
from tui.i18n import N_

Span = tuple[int, int]
Json = dict[str, Any]


class AnswerError(NewsreaderError):
    """The engine refused a request, or said something that cannot be read.

    `kind` is the engine's name of the failure; `at`..`end` the wrong part of the query, or None.
    """

    kind = "answer"

    def __init__(
        self,
        template: str,
        *,
        of: str = "answer",
        at: int | None = None,
        end: int | None = None,
        **values: object,
    ) -> None:
        super().__init__(template, **values)
        self.of = of
        self.at = at
        self.end = end


@dataclass(frozen=True, slots=True)
class Filter:
    """A part of a query's text that filters; taking out text[start:end] takes it off."""

    field: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found. `text` is the query as sent, `understood` as the engine read it."""

    text: str
    understood: str
    total: int
    took_ms: float
    sort: str
    rows: tuple[Row, ...]
    facets: dict[str, dict[str, int]]
    filters: tuple[Filter, ...]
    pending: int = 0
    place: int | None = None
    """The row of the article that was asked to be kept in sight, where it is found."""
    suggest: tuple["Instead", ...] = ()
    without: tuple["Instead", ...] = ()


@dataclass(frozen=True, slots=True)
class Instead:
    """Another query, and how many articles it finds; `removed` is the filter it goes without."""

    query: str
    total: int | None
    removed: str = ""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search under a name; `total` is how many articles it finds now (None: it cannot be run)."""

    name: str
    query: str
    sort: str = ""
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """What may take the place of text[start:end]; `items` are (what is put in, what is shown)."""

    start: int
    end: int
    items: tuple[tuple[str, str, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as it is read. `hits` are (index into `blocks`, start, end), in order.

    `place` is where reading stopped the last time: (index into `blocks`, character).
    """

    id: str
    title: str | None
    byline: str | None
    date: str | None
    date_from: str | None
    language: str
    language_sure: float
    source: str | None
    origin: str
    url: str | None
    minutes: int
    blocks: tuple[Block, ...]
    unsure: str
    problems: tuple[str, ...]
    read: bool
    starred: bool
    title_hits: tuple[Span, ...] = ()
    hits: tuple[tuple[int, int, int], ...] = ()
    tags: tuple[str, ...] = ()
    place: tuple[int, int] | None = None
    language_by: str = "detected"
    added: str = ""
    sha256: str = ""
    given_id: str | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """The engine can be asked; the archive holds so many articles."""

    articles: int


@dataclass(frozen=True, slots=True)
class Changed:
    """Something was committed; the archive holds so many articles. `elsewhere`: by others."""

    articles: int
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is. `of` is None where not known; `rate` is items a second."""

    path: str
    done: int
    of: int | None
    rate: float
    refused: int
    finished: bool


@dataclass(frozen=True, slots=True)
class Restarted:
    """The engine had stopped and was started again; `importing` was lost with it."""

    importing: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """The engine stopped and does not start again; `reason` is the last it said, or empty."""

    reason: str = ""


Event = Ready | Changed | Progress | Restarted | Lost


@dataclass(frozen=True, slots=True)
class Refused:
    """An item of an import that was refused, or taken with a reason to look at it."""

    origin: str
    status: str
    reason: str


def row_of(found: Json) -> Row:
    """A row of the list."""
    title = safe_line(found["title"]) if found["title"] else None
    lede = safe_line(found["lede"] or "")
    snippet = safe_line(found.get("snippet") or "")
    return Row(
        id=safe_line(str(found["id"])),
        title=title,
        lede=lede,
        snippet=snippet,
        language=safe_line(found["language"] or "und"),
        date=_line(found["date"]),
        source=_line(found["source"]),
        score=float(found.get("score") or 0.0),
        date_from=_line(found.get("date_from")),
        minutes=int(found.get("minutes") or 1),
        read=bool(found.get("read")),
        starred=bool(found.get("starred")),
        tags=tuple(safe_line(tag) for tag in found.get("tags") or ()),
        language_sure=float(found.get("language_sure", 1.0)),
        title_hits=spans_of(found.get("title_hits"), len(title or "")),
        lede_hits=spans_of(found.get("lede_hits"), len(lede)),
        snippet_hits=spans_of(found.get("snippet_hits"), len(snippet)),
    )


def answer_of(text: str, found: Json) -> Answer:
    """The answer to the query `text`."""
    return Answer(
        text=text,
        understood=safe_line(found["query"] or ""),
        total=int(found["total"]),
        took_ms=float(found.get("took_ms") or 0.0),
        sort=safe_line(found.get("sort") or "newest"),
        rows=tuple(row_of(row) for row in found["rows"]),
        facets=facets_of(found.get("facets") or {}),
        filters=tuple(
            Filter(safe_line(part["field"]), safe_line(part["text"]), part["start"], part["end"])
            for part in found.get("filters") or ()
        ),
        pending=int(found.get("pending") or 0),
        place=None if found.get("place") is None else int(found["place"]),
        suggest=_instead_of(found.get("suggest")),
        without=_instead_of(found.get("without")),
    )


def _instead_of(found: Iterable[Json] | None) -> tuple[Instead, ...]:
    return tuple(
        Instead(
            safe_line(one["query"]),
            None if one.get("total") is None else int(one["total"]),
            safe_line(one.get("removed") or ""),
        )
        for one in found or ()
    )


def saved_of(found: Json) -> tuple[SavedSearch, ...]:
    """The saved searches."""
    return tuple(
        SavedSearch(
            safe_line(one["name"]),
            safe_line(one["query"]),
            safe_line(one.get("sort") or ""),
            None if one.get("total") is None else int(one["total"]),
        )
        for one in found["saved"]
    )


def completion_of(found: Json) -> Completion:
    """What a word may become."""
    return Completion(
        int(found["start"]),
        int(found["end"]),
        tuple(
            (
                safe_line(one["insert"]),
                safe_line(one.get("label") or one["insert"]),
                None if one.get("articles") is None else int(one["articles"]),
            )
            for one in found["items"]
        ),
    )


def facets_of(found: Json) -> dict[str, dict[str, int]]:
    """Counts by facet and value."""
    return {
        safe_line(name): {safe_line(value): int(count) for value, count in counts.items()}
        for name, counts in found.items()
    }


def reading_of(found: Json) -> Reading:
    """An article."""
    blocks = tuple(
        Block(
            n=int(block["n"]),
            text=safe_line(block["text"]),
            label=Label(block["label"]),
            reason=safe_line(block.get("reason") or ""),
            style=safe_line(block.get("style") or ""),
        )
        for block in found["blocks"]
    )
    flags = found.get("flags") or {}
    title = _line(found["title"])
    return Reading(
        id=safe_line(str(found["id"])),
        title=title,
        byline=_line(found.get("byline")),
        date=_line(found.get("date")),
        date_from=_line(found.get("date_from")),
        language=safe_line(found.get("language") or "und"),
        language_sure=float(found.get("language_sure", 1.0)),
        source=_line(found.get("source")),
        origin=safe_line(found.get("origin") or ""),
        url=safe_url(found.get("url")),
        minutes=int(found.get("minutes") or 1),
        blocks=blocks,
        unsure=safe_line(found.get("unsure") or ""),
        problems=tuple(safe_line(problem) for problem in found.get("problems") or ()),
        read=bool(flags.get("read")),
        starred=bool(flags.get("starred")),
        title_hits=spans_of(found.get("title_hits"), len(title or "")),
        hits=tuple(
            (block, start, end)
            for block, *span in found.get("hits") or ()
            if 0 <= block < len(blocks)
            for start, end in spans_of([span], len(blocks[block].text))
        ),
        tags=tuple(safe_line(tag) for tag in found.get("tags") or ()),
        place=_place_of(found.get("place"), len(blocks)),
        language_by=safe_line(found.get("language_by") or "detected"),
        added=safe_line(found.get("added") or ""),
        sha256=safe_line(found.get("sha256") or ""),
        given_id=_line(found.get("given_id")),
    )


def _place_of(found: Iterable[int] | None, blocks: int) -> tuple[int, int] | None:
    if found is None:
        return None
    block, character = (int(part) for part in found)
    return (block, max(0, character)) if 0 <= block < blocks else None


def refused_of(found: Json) -> tuple[Refused, ...]:
    """The items of an import's result that have something to say."""
    return tuple(
        Refused(
            safe_line(item.get("origin") or ""),
            safe_line(item.get("status") or ""),
            safe_line(item["reason"]),
        )
        for item in found.get("items") or ()
        if item.get("reason")
    )


def event_of(found: Json) -> Event | None:
    """An event, or None for one not known here."""
    match found.get("event"):
        case "ready":
            return Ready(int(found.get("articles") or 0))
        case "changed":
            return Changed(int(found.get("articles") or 0), bool(found.get("elsewhere")))
        case "progress":
            of = found.get("of")
            return Progress(
                path=safe_line(str(found.get("path") or "")),
                done=int(found.get("done") or 0),
                of=None if of is None else int(of),
                rate=float(found.get("rate") or 0.0),
                refused=int(found.get("refused") or 0),
                finished=bool(found.get("finished")),
            )
    return None


def error_of(found: Json) -> AnswerError:
    """A refusal, with the template and values that make it translatable."""
    values = {
        str(name): safe_line(value) if isinstance(value, str) else value
        for name, value in (found.get("values") or {}).items()
    }
    template = found.get("template") or found.get("message") or N_("the engine refused this")
    if not found.get("template"):
        template = template.replace("{", "{{").replace("}", "}}") if values else template
    return AnswerError(
        safe_line(template),
        of=safe_line(found.get("kind") or "answer"),
        at=found.get("at"),
        end=found.get("end"),
        **{name: value for name, value in values.items() if name not in {"of", "at", "end"}},
    )


def spans_of(found: Iterable[Iterable[int]] | None, length: int) -> tuple[Span, ...]:
    """Spans in order that do not overlap and lie within `length` characters."""
    kept: list[Span] = []
    for start, end in sorted((int(a), int(b)) for a, b in found or ()):
        first = max(start, kept[-1][1] if kept else 0)
        last = min(end, length)
        if first < last:
            kept.append((first, last))
    return tuple(kept)


def _line(text: str | None) -> str | None:
    return safe_line(text) if text else None
