"""Keeping what fuzzing finds: the input, once for each place in the code that failed."""

import signal
import traceback
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import NoReturn


class SlowError(BaseException):
    """An input took longer than it may; no code of ours may take it for a failure it expects."""


class Watch:
    """Runs a target over an input; an input that it fails on is written down, and it goes on.

    An input may take `slow` seconds of this process's CPU: a clock of CPU, since a machine that is
    busy with something else, or a process that is held, says nothing of the input.
    """

    def __init__(self, run: Callable[[bytes], None], folder: Path, slow: float) -> None:
        self._run = run
        self._folder = folder
        self._slow = slow
        signal.signal(signal.SIGPROF, _too_slow)

    def __call__(self, data: bytes) -> None:
        try:
            signal.setitimer(signal.ITIMER_PROF, self._slow)
            try:
                self._run(data)
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
        except (Exception, SlowError) as error:  # noqa: BLE001 - any failure is a find
            self.keep(data, error)

    def keep(self, data: bytes, error: BaseException) -> None:
        """Write down `data` and how it failed, unless that place failed before."""
        frames = traceback.extract_tb(error.__traceback__)
        ours = [f for f in frames if "/index/" in f.filename or "/tui/" in f.filename] or frames
        where = f"{type(error).__name__} {ours[-1].filename}:{ours[-1].name} {_said(error)}"
        path = self._folder / f"find-{sha256(where.encode()).hexdigest()[:12]}"
        if not path.exists():
            path.write_bytes(data)
            path.with_suffix(".txt").write_text("".join(traceback.format_exception(error)))


def _too_slow(_: int, __: FrameType | None) -> NoReturn:
    raise SlowError


def _said(error: BaseException) -> str:
    """Our own words for a broken promise; the words of others tell of the input, not the place."""
    return str(error).split("\n")[0] if isinstance(error, AssertionError) else ""
