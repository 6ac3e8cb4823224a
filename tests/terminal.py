"""A terminal for tests: the program under a pty, its screen kept by pyte."""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

import psutil
import pyte

COMMAND = [sys.executable, "-m", "tui"]
_LONG = 60.0


class Terminal:
    """Runs a command; what it writes is on `screen` and in `written`."""

    def __init__(self, arguments, *, size=(80, 24), env=None):
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.written = b""
        self.seen = ""
        self.status = None
        columns, lines = size
        self.process, self._fd = pty.fork()
        if self.process == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
            kept = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})}
            os.execvpe(arguments[0], arguments, kept)
        self.before = termios.tcgetattr(self._fd)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.status is None:
            os.kill(self.process, 9)
            os.waitpid(self.process, 0)
        if self._fd >= 0:
            os.close(self._fd)

    @property
    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    @property
    def settings(self):
        return termios.tcgetattr(self._fd)

    def send(self, text):
        os.write(self._fd, text.encode() if isinstance(text, str) else text)

    def pump(self, seconds=0.05):
        """Take in what is written within `seconds`; False at the end."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            return False
        self.written += data
        # pyte 0.8 does not know private modes with $p; it would print the p.
        self._stream.feed(data.replace(b"\x1b[?2026$p", b"").replace(b"\x1b[?2048$p", b""))
        return bool(data)

    def wait_for(self, *texts, gone=()):
        """Wait until all `texts` are on the screen, and none of `gone`."""
        end = time.monotonic() + _LONG
        while not (all(t in self.text for t in texts) and not any(g in self.text for g in gone)):
            assert time.monotonic() < end, f"{texts} never came:\n{self.text}"
            assert self.pump() or not self.ended(), f"ended before {texts}:\n{self.text}"

    def ended(self):
        done, status = os.waitpid(self.process, os.WNOHANG)
        if done:
            self.status = os.waitstatus_to_exitcode(status)
        return bool(done)

    def wait(self):
        """Wait for the end; the exit code."""
        end = time.monotonic() + _LONG
        while self.status is None and not self.ended():
            assert time.monotonic() < end, f"did not end:\n{self.text}"
            if self._fd >= 0:
                self.pump()
        while self._fd >= 0 and self.pump(0) and select.select([self._fd], [], [], 0)[0]:
            pass
        return self.status

    def hang_up(self):
        """Close the terminal, as when its window is closed."""
        os.close(self._fd)
        self._fd = -1

    def children(self):
        return psutil.Process(self.process).children(recursive=True)
