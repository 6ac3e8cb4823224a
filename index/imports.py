"""The imports asked of an engine: each in a process of its own, one at a time, in turn."""

import json
import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from index.places import Home

Json = dict[str, object]
_LOG = logging.getLogger(__name__)
_GRACE_S = 10


@dataclass(frozen=True, slots=True)
class _Job:
    """The importer's arguments, and the id of the request that waits for its result, if one."""

    arguments: tuple[str, ...]
    number: object = None

    @property
    def gives_way(self) -> bool:
        """Whether it may be ended for another: what it leaves undone the other takes over."""
        return self.arguments[0] == "sync"

    @property
    def nothing(self) -> Json:
        """The result of one that was called off before it began."""
        return dict(_NOTHING if self.arguments[0] == "import" else _NOTHING_RECLEANED)


class Imports:
    """Runs importers (`index.__main__`) one after the other.

    `tell` sends a message to whoever asked; `changed` is called after each commit. Both are called
    from a thread of this class's own.
    """

    def __init__(
        self, home: Home, tell: Callable[[Json], None], changed: Callable[[], None]
    ) -> None:
        self._home = home
        self._tell = tell
        self._changed = changed
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()  # guards what follows
        self._waiting = 0
        self._running: tuple[_Job, subprocess.Popen[bytes]] | None = None
        self._refusing = 0  # so many of the jobs that wait have been called off
        threading.Thread(target=self._work, daemon=True).start()

    @property
    def is_busy(self) -> bool:
        """Whether an importer runs or waits for its turn."""
        with self._lock:
            return self._running is not None or self._waiting > 0

    def add(self, paths: list[str], *, cleaning: bool, number: object) -> None:
        """Import `paths` when it is their turn; the result is told as the reply to `number`.

        Catching up gives way: the import takes over what it leaves.
        """
        extra = [] if cleaning else ["--no-clean"]
        self._put(_Job(("import", *extra, "--", *paths), number))
        with self._lock:
            if self._running is not None and self._running[0].gives_way:
                _let_go(self._running[1])

    def reclean(self, asked: Json, *, number: object) -> None:
        """Clean what is asked for again, in its turn; the result is told as the reply."""
        self._put(_Job(("reclean", json.dumps(asked)), number))
        with self._lock:
            if self._running is not None and self._running[0].gives_way:
                _let_go(self._running[1])

    def catch_up(self) -> None:
        """Index what is pending."""
        self._put(_Job(("sync",)))

    def stop(self) -> bool:
        """End the import that runs after its batch, and those that wait; whether there was one."""
        with self._lock:
            self._refusing = self._waiting
            if self._running is None:
                return self._waiting > 0
            _let_go(self._running[1])
            return True

    def end(self) -> None:
        """End everything; what is committed is kept, the rest comes again."""
        self.stop()
        self._jobs.put(None)
        with self._lock:
            running = self._running
        if running is not None:
            try:
                running[1].wait(_GRACE_S)
            except subprocess.TimeoutExpired:
                running[1].kill()
                running[1].wait()

    def _put(self, job: _Job) -> None:
        with self._lock:
            self._waiting += 1
        self._jobs.put(job)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            with self._lock:
                self._waiting -= 1
                refused = self._refusing > 0
                self._refusing -= refused
            result: Json | None = {"result": job.nothing} if refused else self._run(job)
            if job.number is not None:
                self._tell({"id": job.number, **(result or _BROKEN)})

    def _run(self, job: _Job) -> Json | None:
        """Run a job to its end; its last word, None where it ended without."""
        try:
            with self._lock:
                importer = self._start(job)
                self._running = (job, importer)
        except OSError:
            _LOG.exception("the importer does not start")
            return None
        try:
            return self._listen(importer)
        finally:
            with self._lock:
                self._running = None

    def _start(self, job: _Job) -> "subprocess.Popen[bytes]":
        command = [
            sys.executable,
            "-P",
            "-m",
            "index",
            str(self._home.folder),
            str(self._home.index),
            *job.arguments,
        ]
        return subprocess.Popen(  # noqa: S603 - our own program, no shell
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ
        )

    def _listen(self, importer: "subprocess.Popen[bytes]") -> Json | None:
        """Pass on what an importer says until it ends."""
        assert importer.stdout is not None
        result: Json | None = None
        with importer.stdout:
            for message in _messages(importer.stdout):
                if "event" in message:
                    self._tell(message)
                    if message.get("committed"):
                        self._changed()
                else:
                    result = message
        importer.wait()
        _let_go(importer)
        self._changed()
        return result


_NOTHING: Json = {
    "added": 0, "updated": 0, "unchanged": 0, "refused": 0, "flagged": 0, "items": [],
}  # fmt: skip
_NOTHING_RECLEANED: Json = {"recleaned": 0, "changed": 0, "of": 0}
_BROKEN: Json = {
    "error": {
        "kind": "internal",
        "message": "the import ended unexpectedly; start it again to go on",
        "template": "the import ended unexpectedly; start it again to go on",
        "values": {},
    }
}


def _let_go(importer: "subprocess.Popen[bytes]") -> None:
    """Close an importer's input: it ends after its batch."""
    if importer.stdin is not None and not importer.stdin.closed:
        importer.stdin.close()


def _messages(stream: IO[bytes]) -> Iterator[Json]:
    for line in stream:
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if isinstance(message, dict):
            yield message
