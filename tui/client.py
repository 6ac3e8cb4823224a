"""The engine's client: JSON lines over the pipes of a child process, within the asyncio loop.

Nothing here waits for the child but the coroutine that asked. A child that dies is started again,
and whoever was waiting hears `EngineLostError`.
"""

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from index.errors import NewsreaderError
from index.model import Row
from index.text.safe import safe_line, safe_text
from tui.answers import (
    Answer,
    AnswerError,
    Completion,
    Event,
    Json,
    Lost,
    Reading,
    Ready,
    Refused,
    Restarted,
    SavedSearch,
    answer_of,
    completion_of,
    error_of,
    event_of,
    facets_of,
    reading_of,
    refused_of,
    saved_of,
)
from tui.i18n import N_
from tui.start import start_engine

PAGE = 64
"""Rows asked for at a time."""
_T = TypeVar("_T")
_LIVES = 3  # starts in a row without a "ready" between them, before giving up
_STOPPED = N_("search has stopped")
_TAIL = 4096  # bytes kept of what the child complains of
_GRACE = 2.0  # seconds the child has to end by itself when its input closes
_PATIENCE = 3.0  # seconds without a word, while something is asked, before it is asked for a sign
_SIGN = 5.0  # seconds it has to give that sign: it does so even in the midst of work
_HOPELESS = (2, 3)  # exit codes: usage, an archive that cannot be used
_REPEATED = frozenset({"flag", "language", "place", "saved", "keep", "source"})
"""Verbs that set something to a value: sent once more where the engine died before it answered."""


class EngineLostError(NewsreaderError):
    """The engine ended before it answered."""

    kind = "lost"


class Superseded(Exception):  # noqa: N818 - no failure: a newer search took this one's place
    """A newer search came before this one was done."""


class _Complaints(asyncio.Protocol):
    """Keeps the end of what the child says on its standard error."""

    def __init__(self) -> None:
        self._end = b""

    def data_received(self, data: bytes) -> None:
        """Take a piece."""
        self._end = (self._end + data)[-_TAIL:]

    @property
    def last(self) -> str:
        """The last line said, made safe, without the name of the program."""
        lines = self._end.decode("utf-8", "replace").strip().splitlines()
        return safe_line(lines[-1]).removeprefix("newsreader: ") if lines else ""


class _Lines(asyncio.Protocol):
    """Splits what comes out of the child into lines."""

    def __init__(self, line: Callable[[bytes], None], ended: Callable[[], None]) -> None:
        self._line = line
        self._ended = ended
        self._parts: list[bytes] = []

    def data_received(self, data: bytes) -> None:
        """Pass on each line that is whole now."""
        head, newline, rest = data.partition(b"\n")
        self._parts.append(head)
        while newline:
            self._line(b"".join(self._parts))
            head, newline, rest = rest.partition(b"\n")
            self._parts = [head]

    def connection_lost(self, exc: Exception | None) -> None:
        """The child closed its output."""
        self._ended()


class Engine:
    """One archive's engine. `listener` hears the events, in the loop's thread."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        command: Sequence[str],
    ) -> None:
        self._process = process
        self._command = tuple(command)
        self._complaints = _Complaints()
        self._listener: Callable[[Event], None] = lambda _event: None
        self._waiting: dict[int, tuple[str, asyncio.Future[Json]]] = {}
        self._number = 0
        self._lives = _LIVES
        self._out: asyncio.WriteTransport | None = None
        self._in: list[asyncio.ReadTransport] = []
        self._ended = asyncio.Event()
        self._closing = False
        self._restart: asyncio.Task[None] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._heard = 0.0
        self._again_sent: dict[int, bytes] = {}

    async def open(self, listener: Callable[[Event], None]) -> None:
        """Attach the child's pipes to the running loop."""
        self._listener = listener
        await self._attach()
        self._watch = asyncio.get_running_loop().create_task(self._watching())

    async def _attach(self) -> None:
        loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        self._complaints = _Complaints()
        said, _ = await loop.connect_read_pipe(lambda: self._complaints, self._process.stderr)
        told, _ = await loop.connect_read_pipe(
            lambda: _Lines(self._receive, self._lost), self._process.stdout
        )
        self._in = [said, told]
        self._out, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, self._process.stdin)

    async def close(self) -> None:
        """End the child: it goes by itself when its input closes, else it is ended."""
        self._closing = True
        for task in (self._restart, self._watch):
            if task is not None:
                task.cancel()
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)  # a stopped one would not end
        if self._out is not None:
            self._out.close()
        else:  # nobody listens yet who would hear its end
            await asyncio.to_thread(self._end_unheard)
            self._ended.set()
        for end in (self._process.terminate, self._process.kill, None):
            try:
                await asyncio.wait_for(self._ended.wait(), _GRACE)
                break
            except TimeoutError:
                if end is not None:
                    end()
        for pipe in self._in:
            pipe.close()
        await asyncio.to_thread(self._process.wait)

    def _end_unheard(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
        self._process.terminate()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()

    # ---- asking

    async def request(self, verb: str, **arguments: object) -> Json:
        """The result of `verb`; raises AnswerError, Superseded or EngineLostError."""
        self._number += 1
        number = self._number
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        asked = {"id": number, "verb": verb, **arguments}
        line = json.dumps(asked, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        lost = self._out is None or self._out.is_closing()
        if verb in _REPEATED and self._lives >= 0:
            self._again_sent[number] = line
        elif lost:
            raise EngineLostError(_STOPPED)
        self._waiting[number] = (verb, future)
        if self._out is not None and not lost:
            self._send(line)
        try:
            return await future
        finally:
            self._waiting.pop(number, None)
            self._again_sent.pop(number, None)

    def _send(self, line: bytes) -> None:
        assert self._out is not None
        if len(self._waiting) == 1:  # so far there was nothing to wait for
            self._heard = asyncio.get_running_loop().time()
        self._out.write(line)

    async def search(self, text: str, *, sort: str = "", **more: object) -> Answer:
        """The first page of what `text` finds, with its facets."""
        found = await self.request(
            "search", query=text, typing=True, limit=PAGE, **_sorted(sort), **more
        )
        return _decoded(lambda: answer_of(text, found))

    async def rows(self, text: str, *, sort: str, offset: int) -> Answer:
        """A further page."""
        found = await self.request(
            "rows", query=text, typing=True, limit=PAGE, offset=offset, **_sorted(sort)
        )
        return _decoded(lambda: answer_of(text, found))

    async def stretch(self, text: str, *, sort: str, first: int, count: int) -> tuple[Row, ...]:
        """So many rows from number `first` on, without the snippets that a list shows."""
        found = await self.request(
            "rows", query=text, typing=True, limit=count, offset=first, snippets=False,
            **_sorted(sort),
        )  # fmt: skip
        return _decoded(lambda: answer_of(text, found).rows)

    async def facets(self, text: str) -> tuple[int, dict[str, dict[str, int]]]:
        """How many articles `text` finds, and their counts."""
        found = await self.request("facets", query=text, typing=True)
        return _decoded(lambda: (int(found["total"]), facets_of(found["facets"])))

    async def show(self, article: str, text: str) -> Reading:
        """An article with the hits of query `text`."""
        found = await self.request("show", article=article, query=text, typing=True, original=False)
        return _decoded(lambda: reading_of(found))

    async def original(self, article: str) -> str:
        """What an article was made from, as safe text with its line breaks."""
        found = await self.request("show", article=article)
        return _decoded(lambda: safe_text(found["original"]))

    async def flag(self, articles: Mapping[str, object], **flags: object) -> int:
        """Set flags, tags; returns how many articles changed.

        `articles` says which: {"articles": ids}, or {"query": text, "except": ids}.
        """
        return int((await self.request("flag", **articles, **flags))["changed"])

    async def export(self, articles: Mapping[str, object], path: str) -> tuple[int, str]:
        """Write articles to a file; how many, and where it lies."""
        found = await self.request("export", **articles, path=path)
        return _decoded(lambda: (int(found["exported"]), safe_line(found["path"])))

    async def tags(self) -> dict[str, int]:
        """All tags with the number of articles that carry each."""
        found = await self.request("tags")
        return _decoded(
            lambda: {safe_line(one["name"]): int(one["articles"]) for one in found["tags"]}
        )

    async def saved(self, action: str = "list", **more: object) -> tuple[SavedSearch, ...]:
        """Do something with the saved searches; all of them then."""
        found = await self.request("saved", action=action, **more)
        return _decoded(lambda: saved_of(found))

    async def place(self, article: str, block: int, character: int) -> None:
        """Note how far an article was read."""
        await self.request("place", article=article, block=block, character=character)

    async def languages(self) -> dict[str, int]:
        """The languages in the archive with the number of articles in each."""
        found = await self.request("languages")
        return _decoded(
            lambda: {safe_line(one["id"]): int(one["articles"]) for one in found["languages"]}
        )

    async def language(self, article: str, language: str | None) -> str:
        """Correct an article's language (None: as detected); its language then."""
        found = await self.request("language", article=article, language=language)
        return safe_line(str(found["language"]))

    async def keep(self, article: str, block: int, *, kept: bool) -> None:
        """Keep a block that was cut in the article, or let it be cut again."""
        await self.request("keep", article=article, block=block, kept=kept)

    async def complete(self, text: str, at: int) -> Completion:
        """What the word at `at` of the query `text` may become."""
        found = await self.request("complete", text=text, at=at)
        return _decoded(lambda: completion_of(found))

    async def undo(self) -> tuple[str | None, int]:
        """Take back the last change: what it was (None: nothing is left) and on how many."""
        found = await self.request("undo")
        return found["undone"], int(found.get("changed") or 0)

    async def stop(self) -> bool:
        """End a running import after its batch; whether one was running."""
        return bool((await self.request("stop")).get("stopped"))

    async def import_paths(self, paths: Sequence[str]) -> tuple[Json, tuple[Refused, ...]]:
        """Import; the counts, and the items with something to say."""
        found = await self.request("import", paths=list(paths))
        return found, _decoded(lambda: refused_of(found))

    # ---- hearing

    def _receive(self, line: bytes) -> None:
        self._heard = asyncio.get_running_loop().time()
        try:
            found = json.loads(line)
        except ValueError:
            return  # a line cut by a dying child; its end is heard next
        if not isinstance(found, dict):
            return
        if "event" in found:
            event = _decoded(lambda: event_of(found))
            if isinstance(event, Ready):
                self._lives = _LIVES
            if event is not None:
                self._listener(event)
            return
        _, future = self._waiting.get(found.get("id", 0), ("", None))
        if future is None or future.done():
            return
        if found.get("superseded"):
            future.set_exception(Superseded())
        elif "error" in found:
            future.set_exception(error_of(found["error"]))
        else:
            future.set_result(found.get("result") or {})

    def _lost(self) -> None:
        self._ended.set()
        importing = False
        for number, (verb, future) in self._waiting.items():
            importing = importing or verb == "import"
            if not future.done() and number not in self._again_sent:
                future.set_exception(EngineLostError(_STOPPED))
                future.exception()  # heard even where nobody waits any more
        if self._out is not None:
            self._out.close()
        if not self._closing:
            self._restart = asyncio.get_running_loop().create_task(self._again(importing))

    async def _again(self, importing: bool) -> None:
        await asyncio.to_thread(self._process.wait)
        self._lives -= 1
        if self._lives < 0 or self._process.returncode in _HOPELESS:
            self._give_up(self._complaints.last)
            return
        try:
            self._process = start_engine(self._command)
        except OSError as error:
            self._give_up(safe_line(error.strerror or ""))
            return
        await self._attach()
        repeated = list(self._again_sent.values())
        self._again_sent.clear()  # once: what ends the engine twice is not sent a third time
        for line in repeated:
            self._send(line)
        self._listener(Restarted(importing))

    def _give_up(self, reason: str) -> None:
        self._lives = -1
        for number in self._again_sent:
            _verb, future = self._waiting.get(number, ("", None))
            if future is not None and not future.done():
                future.set_exception(EngineLostError(_STOPPED))
        self._listener(Lost(reason))

    async def _watching(self) -> None:
        """Notice an engine that neither answers nor ends: wake it, else start another."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_PATIENCE / 3)
            asked = any(verb not in {"import", "ping"} for verb, _ in self._waiting.values())
            if not asked or loop.time() - self._heard < _PATIENCE:
                continue
            process = self._process
            stopped = _is_stopped(process.pid)
            process.send_signal(signal.SIGCONT)  # stopped by hand, it goes on where it was
            try:
                await asyncio.wait_for(self.request("ping"), _SIGN)
                if stopped:
                    self._listener(Restarted())
            except TimeoutError:
                process.kill()  # its end is heard, and another started
            except (EngineLostError, AnswerError):
                continue


def _is_stopped(process: int) -> bool:
    """Whether a child of ours has been stopped by a signal."""
    try:
        found = os.waitid(os.P_PID, process, os.WSTOPPED | os.WNOHANG | os.WNOWAIT)
    except (OSError, AttributeError):  # gone; or a system that cannot tell
        return False
    return found is not None


def _sorted(sort: str) -> Mapping[str, str]:
    return {"sort": sort} if sort else {}


def _decoded(decode: Callable[[], _T]) -> _T:
    try:
        return decode()
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise AnswerError(N_("the engine's answer could not be read")) from error
