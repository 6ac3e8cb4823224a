"""The reader in a pty against a minimal three-pane Textual app: one JSON line a figure.

    ./dev bench terminal [--runs N] [--articles N] [--archive DIR] [--only PART]…

Without --archive the rows come from the tests' scripted engine, so that the figures are those of
the screen alone. Latency is from a key written to the end of the first synchronized frame.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from pty_terminal import ROOT, Terminal

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
FRAME = "\x1b[?2026l"
SIZES = ((60, 20), (80, 24), (120, 40), (200, 60))
READER = """
import gc
import sys
from pathlib import Path
from tui.start import start_engine
command, state = sys.argv[2:], Path(sys.argv[1])
engine = start_engine(command)
gc.disable()
from tui import picture
from tui.settings import Chosen, Settings
picture.show(state, Settings(), Chosen(), "en")
from tui.app import run
sys.exit(run(engine, command=command, state_folder=state))
"""


def say(figure, **values):
    print(json.dumps({"bench": "terminal", "figure": figure, **values}), flush=True)


def spread(values):
    ordered = sorted(values)
    return {
        "median_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
        "n": len(ordered),
    }


def opened(options, state, articles, size=(120, 40), words=0):
    """The reader with its first answer on the screen, at rest."""
    terminal = Terminal(reader_line(options, state, articles, words), size)
    terminal.first(f"/{articles:,}" if not options.archive else "newest first")
    terminal.settle()
    return terminal


def engine_of(options):
    return "the archive's" if options.archive else "scripted, answers at once"


def reader_line(options, state, articles, words=0):
    """The reader as a person starts it, or over the scripted engine."""
    if options.archive:
        home = ["--archive", options.archive, "--locale", "en"]
        return ["env", f"XDG_STATE_HOME={state}", sys.executable, "-m", "tui", *home]
    scripted = str(ROOT / "tests" / "scripted_engine.py")
    engine = [sys.executable, scripted, "--articles", str(articles), "--words", str(words)]
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
            taken = terminal.first(mark), terminal.first(FRAME)
            terminal.close()
            if run:
                times[name].append(taken)
    # The rows of the last view stand before Textual is loaded: when it has, is said, too.
    for n, figure in enumerate(("start, first rows", "start, first frame of Textual")):
        control = statistics.median(taken[n] for taken in times["minimal"])
        for name, taken in times.items():
            values = [one[n] for one in taken]
            ratio = round(statistics.median(values) / control, 2)
            least = round(min(values), 1)
            say(figure, what=name, ratio_to_minimal=ratio, min_ms=least, **spread(values))


def moving(options, folder):
    """Single keys in a list of many rows and in an idle one of a few, in turn."""
    lists = {n: opened(options, folder / f"keys {n}", n) for n in (options.articles, 200)}
    taken = {n: [] for n in lists}
    for number in range(80):
        for n, terminal in lists.items():
            taken[n].append(terminal.key("j" if number % 20 < 15 else "k"))
            terminal.settle(0.25)
    for n, times in taken.items():
        say("key to frame", articles=n, size="120x40", **spread(times))
    many, few = (spread(times)["p95_ms"] for times in taken.values())
    say("key to frame, many rows against an idle list", ratio_of_p95=round(many / few, 2))
    for terminal in lists.values():
        terminal.close()


def held(options, folder):
    """Down held for five seconds: how long until the list stands on its row, then the article."""
    for size in SIZES:
        terminal = opened(options, folder / "held", options.articles, size)
        pressed = terminal.hold("j", seconds=5)
        row = terminal.until("151/1,000,000" if options.articles == 10**6 else "151/")
        rested = terminal.settled()
        shape = "x".join(map(str, size))
        say("held key, list behind it", size=shape, ms=round((row - pressed) * 1000))
        say("held key, all at rest", size=shape, ms=round((rested - pressed) * 1000))
        terminal.close()


def switches(options, folder):
    """From one article to the next, of a hundred words and of ten thousand, in turn."""
    shown = {}
    for words in (100, 10_000):
        terminal = opened(options, folder / "switch", options.articles, (80, 24), words)
        terminal.send("G")
        terminal.settle()
        terminal.send("\r")
        terminal.settle()
        shown[words] = terminal
    taken = {words: [] for words in shown}
    for number in range(30):
        for words, terminal in shown.items():
            pressed = terminal.send("K")
            taken[words].append(
                (terminal.until(str(options.articles - 2 - number)) - pressed) * 1000
            )
            terminal.settle(0.3)
    for words, times in taken.items():
        say("article to the next", words=words, **spread(times))
    short, long = (statistics.median(times) for times in taken.values())
    say("article of 10,000 words against 100", ratio=round(long / short, 2))
    for terminal in shown.values():
        terminal.close()


def queries(options, folder):
    """From the last letter typed to results that stand."""
    terminal = opened(options, folder / "query", options.articles, (80, 24))
    terminal.send("/")
    terminal.settle()
    taken = []
    for _ in range(5):
        for letter in options.query:
            pressed = terminal.send(letter)
            taken.append((terminal.settled() - pressed) * 1000)
        terminal.send("\x15")
        terminal.settle()
    say("letter typed to settled results", engine=engine_of(options), **spread(taken))
    terminal.close()


def sizes(options, folder):
    """From a new size to a whole frame in it."""
    terminal = opened(options, folder / "size", options.articles)
    taken = []
    for number in range(20):
        begun = terminal.resize(*SIZES[number % len(SIZES)])
        taken.append((terminal.settled(0.3) - begun) * 1000)
    say("resize to a settled screen", **spread(taken))
    terminal.close()


def memory(options, folder):
    """The screen's process after walking through the list."""
    terminal = opened(options, folder / "memory", options.articles)
    for key in (*[" "] * 100, "G", *["b"] * 100, "\r"):
        terminal.send(key)
        terminal.settle(0.03)
    terminal.settle()
    say("memory of the screen's process", mb=round(terminal.memory(), 1))
    terminal.close()


def echo(options, folder):
    """What a typed letter takes to show, with and without a search running, in turn."""
    terminal = opened(options, folder / "echo", options.articles)
    terminal.key("/")
    terminal.settle()
    taken = {"searching": [], "no search": []}
    for _ in range(8):
        for what, times in taken.items():
            for letter in options.query:
                times.append(terminal.key(letter))
                if what == "no search":
                    terminal.settle(0.4)  # each search is over before the next letter
                else:
                    end = time.perf_counter() + 0.11
                    while (left := end - time.perf_counter()) > 0:
                        terminal.pump(left)
            terminal.key("\x15")
            terminal.settle(0.4)
    terminal.close()
    for what, times in taken.items():
        say("echo of a letter", what=what, **spread(times))
    searching, quiet = (spread(times)["p95_ms"] for times in taken.values())
    say("echo, searching against not", ratio_of_p95=round(searching / quiet, 2))


PARTS = {
    "start": starts,
    "keys": moving,
    "held": held,
    "switch": switches,
    "query": queries,
    "size": sizes,
    "memory": memory,
    "echo": echo,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--archive", default="")
    parser.add_argument("--query", default="ferry time", help="what is typed")
    parser.add_argument("--only", choices=PARTS, action="append")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for part in options.only or PARTS:
            PARTS[part](options, Path(name))


if __name__ == "__main__":
    main()
