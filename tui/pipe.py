"""Running a command on a text, as mail programs do with `|`: the terminal is lent to it."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NoReturn

from textual.app import App, SuspendNotSupported

from index.errors import NewsreaderError
from index.text.safe import safe_line
from tui.i18n import N_, _

_GRACE = 1.0  # seconds a command has to end when the reader is told to


class NotRunError(NewsreaderError):
    """The command could not be started."""

    kind = "pipe"


class _EndedError(BaseException):
    """The reader was told to end while a command had the terminal."""


def pipe(app: App[Any], arguments: Sequence[str], text: str) -> int:
    """Run `arguments` (a program and what it is told; no shell) with `text` as its input.

    It writes to the terminal itself, as it stood before the reader; when it has ended, Enter comes
    back. Nothing else happens meanwhile. Returns its exit code. Raises NotRunError where it does
    not start.
    """
    code, refusal = 0, None
    try:
        with app.suspend(), _signals_of_its_own():  # suspend() does not come back from exceptions
            try:
                code = _run(arguments, text)
            except NotRunError as error:
                refusal = error
    except SuspendNotSupported as error:
        raise NotRunError(N_("this terminal cannot be lent to a command")) from error
    app.refresh(layout=True)
    if refusal is not None:
        raise refusal
    return code


def _run(arguments: Sequence[str], text: str) -> int:
    try:
        process = subprocess.Popen(list(arguments), stdin=subprocess.PIPE)  # noqa: S603 - asked for
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise NotRunError(
            N_("{command} does not start: {why}"),
            command=safe_line(arguments[0]) if arguments else "",
            why=safe_line(why),
        ) from error
    threading.Thread(target=_feed, args=(process, text.encode()), daemon=True).start()
    try:
        code = process.wait()
        sys.stdout.write("\n" + _("Enter goes back to the reader") + " ")
        sys.stdout.flush()
        sys.stdin.readline()
    except _EndedError:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
        raise
    return code


def _feed(process: "subprocess.Popen[bytes]", data: bytes) -> None:
    """Write to the command's input, in a thread: it may read slowly, or not at all."""
    assert process.stdin is not None
    with suppress(OSError), process.stdin as file:  # it may not want to read it all
        file.write(data)


@contextmanager
def _signals_of_its_own() -> Iterator[None]:
    """Ctrl-C ends the command, not the reader; what ends the reader ends the command first."""
    caught: list[int] = []

    def told_to_end(number: int, _frame: FrameType | None) -> NoReturn:
        caught.append(number)
        raise _EndedError

    loop_hears_by = signal.set_wakeup_fd(-1)
    before = {number: signal.signal(number, told_to_end) for number in (_TERM, _HUP)}
    for number in (signal.SIGINT, signal.SIGQUIT):
        # A function of ours, not SIG_IGN: that would be handed on to the command.
        before[number] = signal.signal(number, lambda _number, _frame: None)
    try:
        yield
    except _EndedError:
        pass
    finally:
        for heard, handler in before.items():
            signal.signal(heard, handler)
        signal.set_wakeup_fd(loop_hears_by, warn_on_full_buffer=False)
        for one in caught:
            os.kill(os.getpid(), one)


_TERM, _HUP = signal.SIGTERM, signal.SIGHUP
