"""What a person keeps beside the articles, as the engine's verbs: saved searches, places, tags."""

from index.archive import Archive
from index.catalog.saved import Place
from index.errors import NewsreaderError
from index.model import Query
from index.text.safe import safe_line

Json = dict[str, object]
_LONGEST_NAME = 100
_LONGEST_QUERY = 4_000


def saved(archive: Archive, request: Json, locale: str) -> Json:
    """Do the request's `action` (list, save, rename, remove); all searches then, with counts.

    `total` is null where the query means nothing today, or where `counts` is false.
    """
    searches = archive.catalog.saved
    name = _name(request, "name")
    match request.get("action", "list"):
        case "list":
            pass
        case "save":
            query = safe_line(str(request.get("query") or ""))[:_LONGEST_QUERY]
            archive.parse(Query(query), locale)  # what is saved can be run
            searches.save(_required(name), query, str(request.get("sort") or ""))
        case "rename":
            searches.rename(_required(name), _required(_name(request, "to")))
        case "remove":
            searches.remove(_required(name))
        case _:
            raise NewsreaderError("an action is one of list, save, rename, remove")
    counted = request.get("counts", True) is not False
    return {
        "saved": [
            {
                "name": one.name,
                "query": one.query,
                "sort": one.sort,
                "total": _total(archive, one.query, locale) if counted else None,
            }
            for one in searches.all()
        ]
    }


def _total(archive: Archive, query: str, locale: str) -> int | None:
    try:
        page, _parsed = archive.search(Query(query), locale=locale, limit=0, facets=False)
    except NewsreaderError:
        return None
    return page.total


def place(archive: Archive, request: Json) -> Json:
    """Note how far an article was read: `block` and `character`; at the beginning: nothing."""
    key = archive.catalog.find(str(request.get("article", "")))
    block, character = _count(request.get("block")), _count(request.get("character"))
    archive.catalog.places.put(key, Place(block, character) if block or character else None)
    return {}


def tags(archive: Archive, _: Json) -> Json:
    """All tags with the number of articles that carry each, by name."""
    found = archive.catalog.marks.tags()
    return {"tags": [{"name": name, "articles": len(keys)} for name, keys in found.items()]}


def _name(request: Json, field: str) -> str:
    value = request.get(field)
    return safe_line(value).strip()[:_LONGEST_NAME] if isinstance(value, str) else ""


def _required(name: str) -> str:
    if not name:
        raise NewsreaderError("a saved search needs a name")
    return name


def _count(value: object) -> int:
    return max(0, value) if isinstance(value, int) and not isinstance(value, bool) else 0
