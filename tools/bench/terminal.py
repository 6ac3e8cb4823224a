"""The reader in a pty against a minimal three-pane Textual app: one JSON line a figure.

    ./dev bench terminal [--runs N] [--articles N] [--archive DIR]

Without --archive the rows come from the tests' scripted engine, so that the figures are those of
the screen alone. Latency is from a key written to the end of the first synchronized frame.
"""

import argparse
import fcntl
import json
import os
import pty
import select
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent.parent
MINIMAL = """
from textual.app import App
from textual.containers import Horizontal
from textual.widgets import Footer, Input, OptionList, Static
class Min(App):
    CSS = "#side {width: 24;} #list, #read {width: 1fr; border: round $primary;}"
    BINDINGS = [("q", "quit", "Quit"), ("slash", "search", "Search")]
    def compose(self):
        yield Input(placeholder="Search")
        with Horizontal():
            yield OptionList("a", "b", "c", id="side")
            yield OptionList(*[f"Article {i}" for i in range(40)], id="list")
            yield Static("the reading pane", id="read")
        yield Footer()
Min().run()
"""
READER = """
import sys
from pathlib import Path
from tui.start import start_engine
command = sys.argv[2:]
engine = start_engine(command)
from tui.app import run
sys.exit(run(engine, command=command, state_folder=Path(sys.argv[1])))
"""


class Terminal:
    """A command under a pty that answers like a terminal with synchronized output."""

    def __init__(self, line, size=(120, 40)):
        self.start = time.perf_counter()
        columns, lines = size
        self.process, self._fd = pty.fork()
        if self.process == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
            os.chdir(ROOT)
            kept = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
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

    def hold(self, key, rate=30, seconds=5):
        """Hold a key; milliseconds the screen goes on changing after the last, at rest apart."""
        begun = time.perf_counter()
        count = int(rate * seconds)
        for number in range(count):
            os.write(self._fd, key.encode())
            while (left := begun + (number + 1) / rate - time.perf_counter()) > 0:
                self.pump(left)
        return begun + count / rate

    def memory(self):
        return psutil.Process(self.process).memory_info().rss / 2**20

    def close(self):
        os.kill(self.process, 9)
        os.waitpid(self.process, 0)
        os.close(self._fd)


def say(figure, **values):
    print(json.dumps({"bench": "terminal", "figure": figure, **values}), flush=True)


def spread(values):
    ordered = sorted(values)
    return {
        "median_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
        "n": len(ordered),
    }


def reader_line(options, state, articles):
    """The reader as a person starts it, or over the scripted engine."""
    if options.archive:
        home = ["--archive", options.archive, "--locale", "en"]
        return ["env", f"XDG_STATE_HOME={state}", sys.executable, "-m", "tui", *home]
    scripted = str(ROOT / "tests" / "scripted_engine.py")
    engine = [sys.executable, scripted, "--articles", str(articles)]
    return [sys.executable, "-c", READER, str(state), *engine]


def settled_state(options, folder, articles):
    """A state folder whose last view is that of `articles`."""
    state = folder / str(articles)
    terminal = Terminal(reader_line(options, state, articles))
    terminal.first("newest first")
    terminal.settle()
    os.write(terminal._fd, b"\x11")
    while terminal.pump(1.0):
        pass
    os.waitpid(terminal.process, 0)
    return state


def small(folder):
    """An archive of one article, to open beside the one that is measured."""
    pile, archive = folder / "one.jsonl", folder / "one"
    pile.write_text(json.dumps({"text": "The only article that lies in this archive.", "id": 1}))
    line = [sys.executable, "-m", "tui", "--archive", str(archive), "import", str(pile)]
    subprocess.run(line, cwd=ROOT, check=True, capture_output=True)
    return str(archive)


def starts(options, folder):
    """First rows on the screen, few and many articles and the minimal app in turn."""
    lines = {"minimal": ([sys.executable, "-c", MINIMAL], "Article 3")}
    for articles in () if options.archive else (10, options.articles):
        state = settled_state(options, folder, articles)
        lines[f"{articles} articles"] = (reader_line(options, state, articles), "▌")
    if options.archive:
        for what, archive in (("a small archive", small(folder)), ("archive", options.archive)):
            asked = argparse.Namespace(archive=archive)
            state = settled_state(asked, folder, what)
            lines[what] = (reader_line(asked, state, 0), "▌")
            # Without a last view to show, the rows come from the engine.
            lines[f"{what}, first time"] = (reader_line(asked, folder / f"none {what}", 0), "▌")
    times = {name: [] for name in lines}
    for run in range(options.runs + 1):
        for name, (line, mark) in lines.items():
            if name.endswith("first time"):
                shutil.rmtree(folder / f"none {name.removesuffix(', first time')}", True)
            terminal = Terminal(line)
            taken = terminal.first(mark)
            terminal.close()
            if run:
                times[name].append(taken)
    control = statistics.median(times["minimal"])
    for name, taken in times.items():
        ratio = round(statistics.median(taken) / control, 2)
        say("start", what=name, ratio_to_minimal=ratio, **spread(taken))


def keys(options, folder):
    """Keys in the list, held and single; switching articles; memory."""
    terminal = Terminal(reader_line(options, folder / "keys", options.articles))
    terminal.first("newest first")
    terminal.settle()
    single = []
    for number in range(60):
        single.append(terminal.key("j" if number % 20 < 15 else "k"))
        terminal.settle(0.25)
    say("key to frame", articles=options.articles, **spread(single))
    for size in ("120x40",):
        terminal.settle()
        ended = terminal.hold("j")
        while terminal.pump(0.5):
            pass
        lag = max(0.0, (terminal.last - ended) * 1000)
        say("held key, screen still changing after the last", size=size, ms=round(lag))
    os.write(terminal._fd, b"G")
    terminal.settle()
    say("memory of the screen's process", mb=round(terminal.memory(), 1))
    terminal.close()


def echo(options, folder):
    """What a typed letter takes to show, with and without a search running."""
    figures = {}
    for what, letters in (("searching", "ferry time"), ("no search", "ferry time")):
        terminal = Terminal(reader_line(options, folder / "echo", options.articles))
        terminal.first("newest first")
        terminal.settle()
        terminal.key("/")
        taken = []
        for _ in range(4):
            for letter in letters:
                taken.append(terminal.key(letter))
                if what == "no search":
                    terminal.settle(0.4)  # each search is over before the next letter
                else:
                    end = time.perf_counter() + 0.11
                    while (left := end - time.perf_counter()) > 0:
                        terminal.pump(left)
            terminal.key("\x15")
            terminal.settle(0.3)
        figures[what] = statistics.median(taken)
        say("echo of a letter", what=what, **spread(taken))
        terminal.close()
    say("echo, searching against not", ratio=round(figures["searching"] / figures["no search"], 2))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--archive", default="")
    parser.add_argument("--only", choices=("start", "keys", "echo"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for part, run in (("start", starts), ("keys", keys), ("echo", echo)):
            if options.only in {None, part}:
                run(options, Path(name))


if __name__ == "__main__":
    main()
