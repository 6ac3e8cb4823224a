"""The engine: one archive served over JSON lines on standard input and output (docs/engine.md).

One thread reads requests and notes the newest search; the main thread answers, one at a time, and
gives up a search that a newer one has overtaken. Imports run in processes of their own.
"""

import json
import logging
import os
import queue
import sys
import threading
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from index import shelf
from index.archive import Archive, minutes
from index.completing import complete
from index.copies import write_copies
from index.correcting import correct_language
from index.errors import ArchiveError, NewsreaderError, NotFoundError
from index.export import error_json, filters_json, kept_json, page_json, query_from
from index.imports import Imports
from index.places import Home
from index.search.errors import Superseded
from index.search.highlight import highlight
from index.search.query import ParsedQuery
from index.suggesting import instead
from index.text.lemmas import at_hand
from index.text.safe import safe_line

Json = dict[str, object]
_LOG = logging.getLogger(__name__)
_LONGEST_REQUEST = 8 * 2**20
_LONGEST_QUERY = 10_000
_PAGE = 64
_LARGEST_PAGE = 10_000
_MOST_NAMED = 5_000
_IDLE_S = 0.5
_WRITING = frozenset(
    {"flag", "undo", "import", "language", "keep", "source", "reclean", "saved", "place"}
)
_CHANGED = -1
"""The id of requests the engine makes to itself: the index has changed."""


class Engine:
    """Answers requests until its input closes. `locale` is for dates as people type them."""

    def __init__(
        self,
        home: Home,
        locale: str,
        requests: BinaryIO,
        replies: BinaryIO,
        names: tuple[Path, ...] = (),
    ) -> None:
        self._archive = Archive(home, names)
        self._locale = locale
        self._requests = requests
        self._replies = replies
        self._writing = threading.Lock()
        self._queue: queue.SimpleQueue[Json | None] = queue.SimpleQueue()
        self._newest = 0  # counts searches; an older one gives up
        self._has_answered = self._is_warm = False
        self._catalog: tuple[int, int] | None = None
        self._seen = 0  # the last commit of another process that was noticed
        self._imports = Imports(
            home, self._send, lambda: self._queue.put({"id": _CHANGED, "_changed": True})
        )
        self._verbs: dict[str, Callable[[Json], Json]] = {
            "search": self._search,
            "rows": self._rows,
            "facets": self._facets,
            "show": self._show,
            "flag": self._flag,
            "undo": self._undo,
            "import": self._import,
            "reclean": self._reclean,
            "keep": self._keep,
            "source": self._source,
            "stop": self._stop,
            "export": self._export,
            "saved": lambda request: shelf.saved(self._archive, request, self._locale),
            "place": lambda request: shelf.place(self._archive, request),
            "tags": lambda request: shelf.tags(self._archive, request),
            "language": self._language,
            "complete": self._complete,
            "stats": self._stats,
            "languages": self._languages,
        }

    def run(self) -> None:
        """Serve until standard input closes."""
        with self._archive as archive:
            self._catalog = _identity(archive.home)
            self._send(
                {"event": "ready", "articles": archive.catalog.count(), "version": _version()}
            )
            threading.Thread(target=self._read, daemon=True).start()
            self._seen = archive.catalog.stamp[0]
            if archive.catalog.pending_count() or archive.is_wanting:
                self._imports.catch_up()
            with at_hand():  # who types must not wait for a dictionary
                while (request := self._next()) is not None:
                    self._answer(request)
            self._imports.end()

    # ---- in and out

    def _read(self) -> None:
        """Take requests off standard input; runs in a thread of its own."""
        while line := self._requests.readline(_LONGEST_REQUEST):
            try:
                request = json.loads(line)
            except (ValueError, RecursionError):
                request = None
            if not isinstance(request, dict):
                self._fail(None, "usage", "a request is one JSON object a line")
                continue
            if request.get("verb") == "ping":  # answered here: the main thread may be busy
                self._send({"id": request.get("id"), "result": {}})
                continue
            if request.get("verb") == "search":
                self._newest += 1
                request["_search"] = self._newest
            self._queue.put(request)
        self._newest += 1
        self._queue.put(None)

    def _next(self) -> Json | None:
        """The next request.

        At the first rest after one, what a typed word needs is loaded; at each rest it is looked
        whether another program has committed something.
        """
        while True:
            try:
                return self._queue.get(timeout=_IDLE_S)
            except queue.Empty:
                if self._has_answered and not self._is_warm:
                    self._is_warm = True
                    self._archive.warm()
                self._look_elsewhere()

    def _look_elsewhere(self) -> None:
        """Tell of what another program has committed; our own importer tells of it itself."""
        try:
            seen = self._archive.catalog.stamp[0]
            if seen != self._seen:
                self._seen = seen
                if not self._imports.is_busy:
                    self._archive.refresh()
                    self._changed(elsewhere=True)
        except ArchiveError:
            _LOG.exception("the archive could not be looked at")

    def _answer(self, request: Json) -> None:
        if request.get("id") == _CHANGED and "_changed" in request:
            self._archive.refresh()
            self._seen = self._archive.catalog.stamp[0]
            self._changed()
            return
        number = request.get("id")
        verb = self._verbs.get(str(request.get("verb")))
        if verb is None:
            self._fail(number, "usage", f"there is no verb {str(request.get('verb'))[:40]!r}")
            return
        self._has_answered = True
        try:
            if request["verb"] in _WRITING and _identity(self._archive.home) != self._catalog:
                raise ArchiveError(
                    "the archive is gone; what stands here can be read, not changed: {path}",
                    path=self._archive.home.folder,
                )
            self._send({"id": number, "result": verb(request)})
        except _LaterError:
            return  # the reply comes when the work is done
        except Superseded:
            self._send({"id": number, "superseded": True})
        except NewsreaderError as error:
            self._send({"id": number, "error": error_json(error)})
        except (TypeError, ValueError) as error:
            _LOG.exception("a request failed: %s", request.get("verb"))
            self._fail(number, "usage", f"the arguments do not fit: {error}")
        except Exception:  # noqa: BLE001 - the border of the process: a request must not end the service
            _LOG.exception("a request failed: %s", request.get("verb"))
            self._fail(number, "internal", "the search engine failed on this; see the log")

    def _send(self, message: Json) -> None:
        data = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        with self._writing:
            try:
                self._replies.write(data + b"\n")
                self._replies.flush()
            except (BrokenPipeError, ValueError):
                self._queue.put(None)  # nobody listens any more

    def _fail(self, number: object, kind: str, message: str) -> None:
        error = {"kind": kind, "message": message, "template": message, "values": {}}
        self._send({"id": number, "error": error})

    def _changed(self, *, elsewhere: bool = False) -> None:
        event: Json = {"event": "changed", "articles": self._archive.catalog.count()}
        self._send({**event, "elsewhere": True} if elsewhere else event)

    # ---- verbs

    def _search(self, request: Json) -> Json:
        mine = request["_search"]
        if mine != self._newest:
            raise Superseded
        return self._page(request, facets=True, stop=lambda: self._newest != mine)

    def _rows(self, request: Json) -> Json:
        return self._page(request, facets=False, stop=None)

    def _page(self, request: Json, *, facets: bool, stop: Callable[[], bool] | None) -> Json:
        page, parsed = self._archive.search(
            query_from(request),
            locale=self._locale,
            offset=_number(request, "offset", 0),
            limit=min(_number(request, "limit", _PAGE), _LARGEST_PAGE),
            facets=facets and request.get("facets", True) is not False,
            snippets=request.get("snippets", True) is not False,
            keep=_named(request, "keep"),
            stop=stop,
        )
        kept: Json = {"place": page.place} if _named(request, "keep") else {}
        if facets and not page.total and _named(request, "query"):
            kept.update(instead(self._archive, query_from(request), self._locale))
        return {
            **page_json(page),
            **kept,
            "filters": filters_json(parsed),
            "pending": self._archive.catalog.pending_count(),
        }

    def _language(self, request: Json) -> Json:
        language, changed = correct_language(
            self._archive, str(request.get("article", "")), _named(request, "language")
        )
        if changed:
            self._changed()
        return {"language": language, "undo": "language" if changed else None}

    def _facets(self, request: Json) -> Json:
        page = self._page({**request, "limit": 0}, facets=True, stop=None)
        return {name: page[name] for name in ("query", "total", "facets")}

    def _show(self, request: Json) -> Json:
        archive = self._archive
        key = archive.catalog.find(str(request.get("article", "")))
        kept = archive.catalog.get(key)
        line = archive.catalog.lines([key])[0][0]
        wanted = request.get("original", True) is not False
        found = kept_json(kept, minutes(line), original=wanted)
        place = archive.catalog.places.of(key)
        found["place"] = None if place is None else [*place]
        asked = query_from(request)
        if asked.text:
            try:
                parsed = archive.parse(asked, self._locale)
            except NewsreaderError:
                return found  # half a query marks nothing; the article is still an article
            found.update(self._hits(parsed, found))
        return found

    def _hits(self, parsed: ParsedQuery, found: Json) -> Json:
        language = str(found["language"])
        blocks = found["blocks"]
        assert isinstance(blocks, list)
        hits = [
            [n, start, end]
            for n, block in enumerate(blocks)
            for start, end in highlight(parsed, block["text"], language=language)
        ]
        title = found["title"]
        title_hits = highlight(parsed, title, language=language) if isinstance(title, str) else ()
        return {"hits": hits, "title_hits": title_hits}

    def _flag(self, request: Json) -> Json:
        changed, what = self._archive.catalog.marks.flag(
            self._chosen(request),
            read=_switch(request, "read"),
            starred=_switch(request, "starred"),
            tag=_tags(request, "tag"),
            untag=_tags(request, "untag"),
        )
        if changed:
            self._changed()
        return {"changed": changed, "undo": what}

    def _chosen(self, request: Json) -> list[int]:
        """The keys of the request's `articles`; else of what its query finds, save `except`."""
        find = self._archive.catalog.find
        names = request.get("articles")
        if isinstance(names, list):
            return [find(str(name)) for name in names]
        left = request.get("except")
        spared = {find(str(name)) for name in left} if isinstance(left, list) else set()
        found = self._archive.find(query_from(request), self._locale)
        return [key for key in found if key not in spared]

    def _export(self, request: Json) -> Json:
        target = _named(request, "path")
        if target is None:
            raise NewsreaderError("name a file to write to")
        wanted = (self._chosen(request), Path(target).expanduser(), request.get("id"))
        threading.Thread(target=self._write_copies, args=wanted, daemon=True).start()
        raise _LaterError

    def _write_copies(self, keys: list[int], target: Path, number: object) -> None:
        """Write articles to a file; runs in a thread of its own, with a catalog of its own."""
        try:
            written = write_copies(self._archive.home.catalog, keys, target)
        except NewsreaderError as error:
            self._send({"id": number, "error": error_json(error)})
        except Exception:  # noqa: BLE001 - the border of the thread
            _LOG.exception("an export failed")
            self._fail(number, "internal", "the search engine failed on this; see the log")
        else:
            result = {"exported": written, "path": safe_line(str(target))}
            self._send({"id": number, "result": result})

    def _complete(self, request: Json) -> Json:
        text = str(request.get("text") or "")[:_LONGEST_QUERY]
        return complete(self._archive, text, _number(request, "at", len(text)), self._locale)

    def _undo(self, _: Json) -> Json:
        what, keys = self._archive.catalog.undo.last()
        if what is not None:
            self._archive.catch_up()
            self._changed()
        articles = [line.id for line, _ in self._archive.catalog.lines(keys[:1000])]
        return {"undone": what, "changed": len(keys), "articles": articles}

    def _stats(self, _: Json) -> Json:
        return self._archive.catalog.statistics()

    def _languages(self, _: Json) -> Json:
        counts = self._archive.catalog.statistics()["languages"]
        assert isinstance(counts, dict)
        return {"languages": [{"id": code, "articles": n} for code, n in counts.items()]}

    # ---- importing, in a process of its own

    def _import(self, request: Json) -> Json:
        paths = request.get("paths")
        if not isinstance(paths, list) or not paths or not all(isinstance(p, str) for p in paths):
            raise NotFoundError("name the files or folders to import")
        cleaning = request.get("clean", True) is not False
        self._imports.add(paths, cleaning=cleaning, number=request.get("id"))
        raise _LaterError

    def _reclean(self, request: Json) -> Json:
        asked = {
            name: request[name] for name in ("query", "articles", "source") if request.get(name)
        }
        named = asked.get("articles")
        if isinstance(named, list) and len(named) > _MOST_NAMED:
            raise NewsreaderError("name at most {n} articles, or a query", n=_MOST_NAMED)
        self._archive.parse(query_from(asked), self._locale)
        self._imports.reclean(asked, number=request.get("id"))
        raise _LaterError

    def _keep(self, request: Json) -> Json:
        """Keep a block that was cut, or no longer; the article as it is then."""
        block, kept = request.get("block"), request.get("kept", True) is not False
        if not isinstance(block, int) or isinstance(block, bool):
            raise NewsreaderError("name the block by its number, from 0")
        key = self._archive.catalog.find(str(request.get("article", "")))
        what = self._archive.keep(key, block, kept=kept)
        self._imports.catch_up()
        return {**self._show(request), "undo": what}

    def _source(self, request: Json) -> Json:
        """Whether articles of a source are cleaned; those here are then cleaned again."""
        source = _named(request, "source")
        if source is None:
            return {"uncleaned": sorted(self._archive.catalog.sites.uncleaned())}
        clean = request.get("clean")
        if not isinstance(clean, bool):
            return {
                "source": source,
                "clean": source not in self._archive.catalog.sites.uncleaned(),
            }
        changed = self._archive.catalog.sites.set_cleaned(source, clean=clean)
        if changed:
            self._imports.reclean({"source": source}, number=None)
        return {"source": source, "clean": clean, "changed": changed}

    def _stop(self, _: Json) -> Json:
        return {"stopped": self._imports.stop()}


class _LaterError(Exception):
    """The reply to this request is sent when its work is done."""


def _identity(home: Home) -> tuple[int, int] | None:
    """The catalog's file as the system knows it; None where it is no longer there."""
    try:
        found = home.catalog.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def serve(home: Home, locale: str, names: tuple[Path, ...] = ()) -> None:
    """Serve `home` on this process's standard input and output until the input closes.

    `names` are the user's tables of names.
    """
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not break the protocol
    Engine(home, locale, sys.stdin.buffer, replies, names).run()


def _number(request: Json, name: str, default: int) -> int:
    value = request.get(name, default)
    return max(0, value) if isinstance(value, int) and not isinstance(value, bool) else default


def _switch(request: Json, name: str) -> bool | None:
    value = request.get(name)
    return value if isinstance(value, bool) else None


def _named(request: Json, name: str) -> str | None:
    value = request.get(name)
    return value if isinstance(value, str) and value else None


def _tags(request: Json, name: str) -> list[str]:
    """The names of tags: one, or a list of them."""
    value = request.get(name)
    names = value if isinstance(value, list) else [value]
    found = (safe_line(one).replace('"', "").strip() for one in names if isinstance(one, str))
    return [one[:100] for one in found if one]


def _version() -> str:
    return version("newsreader-tui")
