"""Articles out: the JSON objects that the command line, the engine and other programs share."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import PurePath

from index.errors import NewsreaderError, QueryError
from index.model import Article, Document, Kept, Page, Query, Row
from index.search.query import ParsedQuery
from index.text.safe import safe_line, safe_text, safe_url

Json = dict[str, object]


def cleaned_json(article: Article) -> Json:
    """What `newsreader clean --json` says of one document. Null where not known."""
    document, cleaned = article.document, article.cleaned
    return {
        "id": document_id(document),
        "title": cleaned.title,
        "title_from": cleaned.title_from,
        "byline": cleaned.byline,
        "byline_from": cleaned.byline_from,
        "section": cleaned.section,
        "date": cleaned.date,
        "date_from": cleaned.date_from,
        "language": article.language,
        "source": article.source,
        "attribution": list(cleaned.attribution),
        "body": list(cleaned.body),
        "blocks": [
            {
                "n": block.n,
                "text": block.text,
                "label": block.label.value,
                "reason": block.reason or None,
                "style": block.style or None,
            }
            for block in cleaned.blocks
        ],
        "unsure": cleaned.unsure or None,
        "problems": list(document.problems),
    }


def kept_json(kept: Kept, minutes: int, *, original: bool = False) -> Json:
    """What `newsreader show --json` says of one article."""
    article = kept.article
    found = cleaned_json(article)
    found.update(
        id=kept.id,
        given_id=safe_line(article.document.stated.id) if article.document.stated.id else None,
        origin=article.document.origin,
        url=safe_url(article.document.stated.url),
        sha256=kept.sha256,
        added=kept.added,
        flags={"read": kept.flags.read, "starred": kept.flags.starred},
        tags=list(kept.flags.tags),
        minutes=minutes,
        language_sure=round(article.language_sure, 3),
        lede=article.lede,
    )
    if original:
        found["original"] = safe_text(article.document.content)
    return found


def document_id(document: Document) -> str:
    """How `clean` names a document: the id it came with, else its file's name."""
    given = document.stated.id
    return safe_line(given) if given else PurePath(document.origin).name or document.origin


def row_json(row: Row) -> Json:
    """One line of a result list."""
    return asdict(row)


def page_json(page: Page) -> Json:
    """What `newsreader search --json` says."""
    return {
        "query": page.query,
        "total": page.total,
        "took_ms": page.took_ms,
        "sort": page.sort,
        "rows": [row_json(row) for row in page.rows],
        "facets": page.facets,
    }


def filters_json(parsed: ParsedQuery) -> list[Json]:
    """The parts of a query that filter, with where they stand in it."""
    return [
        {"field": f.field, "text": f.text, "start": f.start, "end": f.end} for f in parsed.filters
    ]


def error_json(error: NewsreaderError) -> Json:
    """An expected failure, with what a translation of it needs."""
    found: Json = {
        "kind": error.kind,
        "message": safe_line(str(error)),
        "template": error.template,
        "values": {name: safe_line(str(value)) for name, value in error.values.items()},
    }
    if isinstance(error, QueryError):
        found.update(at=error.at, end=error.end)
    return found


def query_from(arguments: Json) -> Query:
    """The Query in a request's arguments, named as the command line's options."""
    return Query(
        text=_string(arguments, "query") or "",
        languages=tuple(_strings(arguments.get("language"))),
        after=_string(arguments, "after"),
        before=_string(arguments, "before"),
        source=_string(arguments, "source"),
        sort=_string(arguments, "sort") or "",
        typing=arguments.get("typing") is True,
    )


def _string(arguments: Json, name: str) -> str | None:
    value = arguments.get(name)
    return value if isinstance(value, str) and value else None


def _strings(value: object) -> Sequence[str]:
    if isinstance(value, str):
        return [value]
    return [part for part in value if isinstance(part, str)] if isinstance(value, list) else []
