"""No text of a stranger is obeyed by the terminal: over 200 hostile items, on every way out."""

import contextlib
import csv
import io
import json
import re
import signal

import pytest

from index.archive import Archive
from index.places import Home
from tui.__main__ import main

from .terminal import Terminal
from .test_archive import imported
from .test_terminal import reader

MARK = "7731"
"""In each hostile sequence: what a terminal is told with it can only be from an article."""
SEQUENCES = [
    f"\x1b[{MARK}m", f"\x1b[{MARK};1H", f"\x1b[?{MARK}h", f"\x1b[{MARK}J", f"\x1b[>{MARK}u",
    f"\x9b{MARK}m", f"\xc2\x9b{MARK}m", f"\x1b]0;{MARK}\x07", f"\x1b]52;c;{MARK}\x1b\\",
    f"\x9d52;c;{MARK}\x9c", f"\x1b]8;;http://{MARK}\x1b\\", f"\x1bP{MARK}$q\x1b\\",
    f"\x1b_{MARK}\x1b\\",
    f"\x1b^{MARK}\x07", f"\x1bX{MARK}\x1b\\", f"\x90{MARK}\x9c",
    f"\x1b]{MARK}", f"\x1b[{MARK}",
    "\x1bc", "\x1b7\x1b8", "\x0e\x0f", "\x07\x08\x7f\x0b\x0c", "\x85\x8d\x84", "\r\x1b[K",
    "\u202eevil\u202c", "\u2066x\u2069", "\u200e\u200f\u061c", "\ufeff\u2028\u2029", "\u2060\u200b",
    "\U000e0041\U000e007f", "\ufff9a\ufffab\ufffb", "\ue000\U000f0000", "a" + "\u0301" * 40,
    "\ufe0f\U0001f3fd", "[@click=app.quit]x[/] [bold]b[/nope]", "=cmd|' /C calc'!A0",
    "+1+1", "@SUM(A1)",
    "-2+3", "\x00\x01\x02", "\x1b\x1b[\x1b]", "\x1b%G\x1b(0", "\x1bN\x1bO\x1b=", "\x1b[20t\x1b[21t",
]  # fmt: skip
FIELDS = ("title", "text", "source", "author", "url", "id")
FOREIGN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
# Textual's own: control sequences, character sets, the shape of the pointer.
OWN = re.compile(r"\x1b\[[?<>=]?[\d;:]*[ $!]?[A-Za-z]|\x1b[=>78]|\x1b\]22;[a-z]+\x07|[\r\t]")


def items():
    for number, sequence in enumerate(SEQUENCES):
        for field in FIELDS:
            said = {
                "id": f"n{number}{field}", "title": f"Harbour {number} {field}",
                "text": f"The harbour of item {number} was closed for a day. Boats waited outside.",
                "source": "Harbour Post", "author": "Ole Brandt", "url": "https://h.example/a",
            }  # fmt: skip
            said[field] = f"{sequence} {said[field]} {sequence}"
            yield said


@pytest.fixture(scope="module")
def pile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    path = folder / "pile\u202e\x1b[7731m.jsonl"
    path.write_text("\n".join(json.dumps(item) for item in items()))
    for number, sequence in enumerate(SEQUENCES[:12]):
        name = sequence.replace("/", "-").replace("\x00", "")
        (folder / f"{number}{name}.txt").write_text("" if number % 2 else f"{sequence}\nA harbour.")
    return folder


@pytest.fixture(scope="module")
def full(pile, tmp_path_factory):
    folder = tmp_path_factory.mktemp("full")
    home = Home(folder, folder / "index")
    with Archive(home) as archive:
        imported(archive, pile, workers=0)
        archive.catalog.marks.flag([1], tag="a\x1b[7731mb")
    return home


def newsreader(home, *arguments):
    """Runs the command in this process: (exit code, output, errors)."""
    out, err, before = io.StringIO(), io.StringIO(), signal.getsignal(signal.SIGTERM)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(["--archive", str(home.folder), *map(str, arguments)])
        except SystemExit as ended:  # argparse
            code = ended.code
        finally:
            signal.signal(signal.SIGTERM, before)
    return code, out.getvalue(), err.getvalue()


def test_nothing_foreign_is_piped_out(full, pile):
    with Archive(full) as archive:
        names = [line.id for line, _ in archive.catalog.lines(list(archive.catalog.keys()))]
    assert len(names) > 200
    asked = [
        ("search", "--limit", "1000", "--facets"),
        ("search", "harbour", "--limit", "1000", "--json"),
        ("search", "tag:\x1b[7731mno \u202eharbour"),
        ("search", "\x1b[7731mnofield:x"),
        ("show", names[10], "--json"),
        ("show", names[10], "--raw"),
        ("show", names[40], "--cuts"),
        ("show", "\x1b[7731m"),
        ("stats",),
        ("stats", "--json"),
        ("doctor",),
        ("dump",),
        ("clean", pile),
        ("clean", pile, "--json"),
        ("import", pile, "--json"),
        ("import", pile, f"{pile}/no\x1b[7731m"),
        ("restore", f"{pile}/no\x1b[7731m"),
        ("backup", f"{pile}/no\x1b[7731m/no"),
        *(("export", "--format", form) for form in ("jsonl", "csv", "md", "txt")),
    ]
    for arguments in asked:
        code, out, err = newsreader(full, *arguments)
        assert code in {0, 1, 2, 3}
        for stream in (out, err):
            assert not (found := FOREIGN.search(stream)), (
                arguments,
                stream[found.start() - 40 :][:80],
            )
        assert "Traceback" not in err, (arguments, err)


def test_no_cell_of_a_table_is_a_formula(full):
    _, out, _ = newsreader(full, "export", "--format", "csv")
    rows = list(csv.reader(io.StringIO(out)))
    assert len(rows) > 200
    assert all(len(row) == len(rows[0]) for row in rows)
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
    assert [cell for cell in cells if cell.startswith("'=cmd")]


def test_what_is_exported_can_be_imported_again(full, tmp_path):
    _, out, _ = newsreader(full, "export", "harbour")
    again = tmp_path / "again.jsonl"
    again.write_text(out)
    with Archive(full) as opened:
        assert {item.status for item in imported(opened, again, workers=0)} <= {
            "added",
            "unchanged",
        }


@pytest.mark.slow
def test_only_the_reader_s_own_sequences_reach_the_terminal(full, pile):
    missing = f"{pile}/none\x1b[7731m\u202e.txt"
    with Terminal(reader(full.folder, str(pile), missing), size=(120, 40)) as terminal:
        terminal.wait_for("Harbour")
        keys = ["\x1b[6~"] * 8 + ["j", "\r", *"co]]", "\x1b", "G", "\r", "\x1b", "k", "\r", "\x1b"]
        keys += ["S", "\x1b", "T", "\x1b", "L", "\x1b", "/", "harbour \x1b", "\r", "I", "\x1b", "?"]
        for key in keys:
            terminal.send(key)
            for _ in range(3):
                terminal.pump()
        terminal.send("\x1b")
        terminal.send("\x11")
        terminal.wait()
    written = terminal.written.decode()
    assert "Harbour" in written
    assert not re.search(f"\x1b[^\x1b]{{0,9}}{MARK}", written)
    assert not (found := FOREIGN.search(OWN.sub("", written))), repr(
        written[found.start() - 60 :][:90]
    )
