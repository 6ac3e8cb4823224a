"""The engine: one archive served over JSON lines on standard input and output (docs/engine.md).

One thread reads requests and notes the newest search; the main thread answers, one at a time, and
gives up a search that a newer one has overtaken. Importing runs in a process of its own.
"""

import json
import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import IO, BinaryIO

from index.archive import Archive, minutes
from index.errors import NewsreaderError, NotFoundError
from index.export import error_json, filters_json, kept_json, page_json, query_from
from index.places import Home
from index.search.errors import Superseded
from index.search.highlight import highlight
from index.search.query import ParsedQuery
from index.text.safe import safe_line

Json = dict[str, object]
_LOG = logging.getLogger(__name__)
_LONGEST_REQUEST = 8 * 2**20
_PAGE = 64
_LARGEST_PAGE = 10_000
_IDLE_S = 0.5
_CHANGED = -1
"""The id of requests the engine makes to itself: the index has changed."""


class Engine:
    """Answers requests until its input closes. `locale` is for dates as people type them."""

    def __init__(self, home: Home, locale: str, requests: BinaryIO, replies: BinaryIO) -> None:
        self._archive = Archive(home)
        self._locale = locale
        self._requests = requests
        self._replies = replies
        self._writing = threading.Lock()
        self._queue: queue.SimpleQueue[Json | None] = queue.SimpleQueue()
        self._newest = 0  # counts searches; an older one gives up
        self._has_answered = self._is_warm = self._is_syncing = False
        self._importer: subprocess.Popen[bytes] | None = None
        self._verbs: dict[str, Callable[[Json], Json]] = {
            "search": self._search,
            "rows": self._rows,
            "facets": self._facets,
            "show": self._show,
            "flag": self._flag,
            "undo": self._undo,
            "import": self._import,
            "stop": self._stop,
            "stats": self._stats,
            "languages": self._languages,
        }

    def run(self) -> None:
        """Serve until standard input closes."""
        with self._archive as archive:
            self._send(
                {"event": "ready", "articles": archive.catalog.count(), "version": _version()}
            )
            threading.Thread(target=self._read, daemon=True).start()
            if archive.catalog.pending_count():
                self._is_syncing = True
                self._start_importer(["sync"], None)
            while (request := self._next()) is not None:
                self._answer(request)
            self._end_importer()

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
            if request.get("verb") == "search":
                self._newest += 1
                request["_search"] = self._newest
            self._queue.put(request)
        self._newest += 1
        self._queue.put(None)

    def _next(self) -> Json | None:
        """The next request. At the first rest after one, what a typed word needs is loaded."""
        if self._is_warm or not self._has_answered:
            return self._queue.get()
        try:
            return self._queue.get(timeout=_IDLE_S)
        except queue.Empty:
            self._is_warm = True
            self._archive.warm()
            return self._queue.get()

    def _answer(self, request: Json) -> None:
        if request.get("id") == _CHANGED and "_changed" in request:
            self._archive.refresh()
            self._changed()
            return
        number = request.get("id")
        verb = self._verbs.get(str(request.get("verb")))
        if verb is None:
            self._fail(number, "usage", f"there is no verb {str(request.get('verb'))[:40]!r}")
            return
        self._has_answered = True
        try:
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

    def _changed(self) -> None:
        self._send({"event": "changed", "articles": self._archive.catalog.count()})

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
            stop=stop,
        )
        return {
            **page_json(page),
            "filters": filters_json(parsed),
            "pending": self._archive.catalog.pending_count(),
        }

    def _facets(self, request: Json) -> Json:
        page = self._page({**request, "limit": 0}, facets=True, stop=None)
        return {name: page[name] for name in ("query", "total", "facets")}

    def _show(self, request: Json) -> Json:
        archive = self._archive
        key = archive.catalog.find(str(request.get("article", "")))
        kept = archive.catalog.get(key)
        line = archive.catalog.lines([key])[0][0]
        found = kept_json(kept, minutes(line), original=True)
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
        archive = self._archive
        names = request.get("articles")
        if isinstance(names, list):
            keys = [archive.catalog.find(str(name)) for name in names]
        else:
            keys = archive.find(query_from(request), self._locale)
        changed, what = archive.catalog.marks.flag(
            keys,
            read=_switch(request, "read"),
            starred=_switch(request, "starred"),
            tag=_tag(request, "tag"),
            untag=_tag(request, "untag"),
        )
        if changed:
            self._changed()
        return {"changed": changed, "undo": what}

    def _undo(self, _: Json) -> Json:
        what, keys = self._archive.catalog.undo.last()
        if keys:
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
        running = self._importer is not None and self._importer.poll() is None
        if running and not self._is_syncing:
            raise NewsreaderError("an import is running already; wait for it, or stop it")
        extra = [] if request.get("clean", True) is not False else ["--no-clean"]
        self._is_syncing = False
        wanted = (["import", *extra, "--", *paths], request.get("id"), self._importer)
        # Catching up gives way after its step: the import takes over what it leaves.
        self._end_importer(wait=False)
        threading.Thread(target=self._import_after, args=wanted, daemon=True).start()
        raise _LaterError

    def _import_after(
        self, arguments: list[str], number: object, previous: subprocess.Popen[bytes] | None
    ) -> None:
        """Start an import when `previous` has ended; runs in a thread of its own."""
        if previous is not None:
            previous.wait()
        self._start_importer(arguments, number)

    def _start_importer(self, arguments: list[str], number: object) -> None:
        home = self._archive.home
        command = [
            sys.executable,
            "-P",
            "-m",
            "index",
            str(home.folder),
            str(home.index),
            *arguments,
        ]
        self._importer = subprocess.Popen(  # noqa: S603 - our own program, no shell
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ
        )
        threading.Thread(target=self._listen, args=(self._importer, number), daemon=True).start()

    def _listen(self, importer: subprocess.Popen[bytes], number: object) -> None:
        """Pass on what the importer says; runs in a thread of its own."""
        assert importer.stdout is not None
        result: Json | None = None
        for message in _messages(importer.stdout):
            if "event" in message:
                self._send(message)
                if message.get("committed"):
                    self._queue.put({"id": _CHANGED, "_changed": True})
            else:
                result = message
        importer.wait()
        self._queue.put({"id": _CHANGED, "_changed": True})
        if number is None:
            return
        if result is None:
            self._fail(number, "internal", "the import ended unexpectedly; start it again to go on")
        else:
            self._send({"id": number, **result})

    def _stop(self, _: Json) -> Json:
        running = self._importer is not None and self._importer.poll() is None
        self._end_importer(wait=False)
        return {"stopped": running}

    def _end_importer(self, *, wait: bool = True) -> None:
        """Ask the importer to end after its batch: it does when its input closes."""
        importer = self._importer
        if importer is None or importer.poll() is not None:
            return
        if importer.stdin and not importer.stdin.closed:
            importer.stdin.close()
        if wait:
            try:
                importer.wait(10)
            except subprocess.TimeoutExpired:
                importer.kill()  # what it had committed is kept; the rest comes again
                importer.wait()


class _LaterError(Exception):
    """The reply to this request is sent when its work is done."""


def serve(home: Home, locale: str) -> None:
    """Serve `home` on this process's standard input and output until the input closes."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not break the protocol
    Engine(home, locale, sys.stdin.buffer, replies).run()


def _messages(stream: IO[bytes]) -> Iterator[Json]:
    for line in stream:
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if isinstance(message, dict):
            yield message


def _number(request: Json, name: str, default: int) -> int:
    value = request.get(name, default)
    return max(0, value) if isinstance(value, int) and not isinstance(value, bool) else default


def _switch(request: Json, name: str) -> bool | None:
    value = request.get(name)
    return value if isinstance(value, bool) else None


def _tag(request: Json, name: str) -> str | None:
    value = request.get(name)
    return safe_line(value).strip()[:100] or None if isinstance(value, str) else None


def _version() -> str:
    return version("newsreader-tui")
