"""A command under a pty that answers like a terminal with synchronized output, for benchmarks."""

import fcntl
import os
import pty
import select
import struct
import termios
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent.parent


class Terminal:
    """What the command writes is in `written`; `last` is when it last wrote."""

    def __init__(self, line, size=(120, 40)):
        self.start = time.perf_counter()
        columns, lines = size
        self.process, self._fd = pty.fork()
        if self.process == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
            os.chdir(ROOT)
            kept = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
            # Else each start compiles all that it imports, which no installed program does.
            kept.pop("PYTHONDONTWRITEBYTECODE", None)
            os.execvpe(line[0], line, {**kept, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"})
        self.written = b""
        self.last = self.start

    def pump(self, seconds):
        if not select.select([self._fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._fd, 262_144)
        except OSError:
            return False
        if b"\x1b[?2026$p" in data:
            os.write(self._fd, b"\x1b[?2026;2$y")
        self.written += data
        self.last = time.perf_counter()
        return bool(data)

    def first(self, mark, limit=30):
        """Milliseconds from the start until `mark` is written."""
        while mark.encode() not in self.written:
            if time.perf_counter() - self.start > limit:
                raise TimeoutError(f"{mark!r} never came: {self.written[-2000:]!r}")
            self.pump(0.05)
        return (time.perf_counter() - self.start) * 1000

    def settle(self, quiet=0.4):
        while self.pump(quiet):
            pass
        self.written = b""

    def key(self, key, limit=5):
        """Milliseconds from the key until its frame is whole."""
        self.written = b""
        begun = time.perf_counter()
        os.write(self._fd, key.encode())
        while b"\x1b[?2026l" not in self.written and time.perf_counter() - begun < limit:
            self.pump(limit)
        return (time.perf_counter() - begun) * 1000

    def until(self, mark, limit=5):
        """The moment a frame with `mark` is whole; that of giving up where it never comes."""
        end = time.perf_counter() + limit
        while time.perf_counter() < end:
            at = self.written.find(mark.encode())
            if at >= 0 and self.written.find(b"\x1b[?2026l", at) >= 0:
                return self.last
            self.pump(0.05)
        raise TimeoutError(mark)

    def settled(self, quiet=0.4):
        """The moment of the last change before the screen was quiet."""
        last = time.perf_counter()
        while self.pump(quiet):
            last = self.last
        return last

    def send(self, keys):
        self.written = b""
        begun = time.perf_counter()
        os.write(self._fd, keys.encode())
        return begun

    def resize(self, columns, lines):
        self.written = b""
        size = struct.pack("HHHH", lines, columns, 0, 0)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, size)
        return time.perf_counter()

    def hold(self, key, rate=30, seconds=5):
        """Hold a key; the moment of the last press."""
        begun = time.perf_counter()
        count = int(rate * seconds)
        for number in range(count):
            pressed = time.perf_counter()
            os.write(self._fd, key.encode())
            while (
                number < count - 1
                and (left := begun + (number + 1) / rate - time.perf_counter()) > 0
            ):
                self.pump(left)
        return pressed

    def memory(self):
        return psutil.Process(self.process).memory_info().rss / 2**20

    def close(self):
        os.kill(self.process, 9)
        os.waitpid(self.process, 0)
        os.close(self._fd)
