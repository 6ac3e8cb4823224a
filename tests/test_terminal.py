"""The reader in real terminals: a walk through it, its end by every way, hostile articles."""

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

import assets
from index.text.safe import safe_line
from tests.terminal import COMMAND, Terminal
from tui.text.wrap import cells

pytestmark = pytest.mark.slow
UKRAINIAN = {"LC_ALL": "C.UTF-8"}


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """An archive that holds the sample, made once."""
    folder = tmp_path_factory.mktemp("sample") / "archive"
    line = [*COMMAND, "--archive", str(folder), "import", str(assets.SAMPLE)]
    subprocess.run(line, check=True, capture_output=True)
    return folder


@pytest.fixture
def sample(imported, tmp_path):
    """A copy of the sample's archive."""
    return shutil.copytree(imported, tmp_path / "archive")


def reader(folder, *arguments):
    return [*COMMAND, "--locale", "en", "--archive", str(folder), *arguments]


def whole(terminal):
    """Whether the terminal is as it was: its settings, main screen, cursor, mouse, paste."""
    last = {}
    for modes, switch in re.findall(rb"\x1b\[\?([\d;]+)([hl])", terminal.written):
        for mode in modes.split(b";"):
            last[int(mode)] = switch
    off = {1049: b"l", 1000: b"l", 1003: b"l", 1006: b"l", 2004: b"l", 1004: b"l", 25: b"h"}
    return all(last.get(mode, switch) == switch for mode, switch in off.items())


def test_a_person_imports_finds_filters_reads_stars_and_quits(tmp_path):
    with Terminal(reader(tmp_path / "archive"), size=(80, 24)) as terminal:
        terminal.wait_for("There are no articles here yet.")
        terminal.send("i")
        terminal.wait_for("a path; Tab completes")
        terminal.send(str(assets.SAMPLE / "articles.jsonl"))
        terminal.wait_for("import this file")
        terminal.send("\r")
        terminal.wait_for("25 articles added")
        terminal.send("/")
        terminal.send("пором")
        terminal.wait_for("Нічний пором знову ходитиме", "of 25")
        terminal.send("\r")
        terminal.wait_for("open")
        terminal.send("L")
        terminal.wait_for("Languages", "Ukrainian")
        terminal.send("ukr")
        terminal.wait_for("Ukrainian", gone=["Serbian"])
        terminal.send("\r")
        terminal.wait_for("пором lang:uk", "Ukrainian ×")
        terminal.send("\r")
        terminal.wait_for("Від суботи", "hits")
        terminal.send("n")
        terminal.wait_for("hit 1 of")
        terminal.send("c")
        terminal.wait_for("Опубліковано 20 лютого")
        terminal.send("*")
        terminal.wait_for("starred")
        terminal.send("\x1b")
        terminal.wait_for("★")
        terminal.send("z")
        terminal.wait_for("undone: the star", gone=["★"])
        engine = terminal.children()
        terminal.send("q")
        assert terminal.wait() == 0
        assert whole(terminal)
        assert terminal.settings == terminal.before
        assert not any(child.is_running() for child in engine)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_the_reader_and_leaves_the_terminal_whole(sample, number):
    with Terminal(reader(sample)) as terminal:
        terminal.wait_for("1/25")
        children = terminal.children()
        os.kill(terminal.process, number)
        assert terminal.wait() == 128 + number
        assert whole(terminal)
        assert terminal.settings == terminal.before
        assert not psutil.wait_procs(children, timeout=10)[1]


def test_a_closed_terminal_leaves_no_process(sample):
    with Terminal(reader(sample)) as terminal:
        terminal.wait_for("1/25")
        children = terminal.children()
        terminal.hang_up()
        terminal.wait()
        assert not psutil.wait_procs(children, timeout=10)[1]


def test_a_signal_before_the_first_frame_ends_it_too(sample):
    with Terminal(reader(sample)) as terminal:
        while b"\x1b[?1049h" not in terminal.written:
            terminal.pump()
        os.kill(terminal.process, signal.SIGTERM)
        assert terminal.wait() in {143, -15}
        assert whole(terminal)


@pytest.fixture(scope="module")
def read_before(imported, tmp_path_factory):
    """How to open an archive again whose list was left with the cursor on the third article."""
    folder = tmp_path_factory.mktemp("before")
    line = reader(shutil.copytree(imported, folder / "archive"))
    how = {"env": {"XDG_STATE_HOME": str(folder), "LC_ALL": "C.UTF-8"}}
    with Terminal(line, **how) as terminal:
        terminal.wait_for("1/25")
        terminal.send("jj")
        terminal.wait_for("3/25")
        terminal.send("q")
        assert terminal.wait() == 0
    return line, how


def loaded(terminal):
    """Wait until Textual has the terminal; what was on the screen until then."""
    while b"\x1b[?2026$p" not in terminal.written:
        before = terminal.text
        terminal.pump()
    return before


def test_the_last_list_is_on_the_screen_before_the_reader_is_loaded(read_before):
    line, how = read_before
    with Terminal(line, **how) as terminal:
        early = loaded(terminal)
        assert "3/25" in early
        assert early.count("▌") == 2
        terminal.send("j")  # typed while it loads: read by the reader, not shown by the terminal
        terminal.wait_for("4/25")
        assert terminal.written.count(b"\x1b[?1049h") == 1
        terminal.send("k")
        terminal.wait_for("3/25")
        terminal.send("q")
        assert terminal.wait() == 0
        assert whole(terminal)
        assert terminal.settings == terminal.before


def test_keys_that_come_at_once_go_where_the_one_before_leads(sample):
    with Terminal(reader(sample)) as terminal:
        terminal.wait_for("1/25")
        terminal.send("/ferry\rF\x15quay\r")
        terminal.wait_for("saved as quay", " / ferry")


def test_a_picture_of_another_screen_is_not_shown(read_before):
    line, how = read_before
    with Terminal(line, size=(100, 24), **how) as terminal:
        assert "▌" not in loaded(terminal)


def test_a_signal_at_the_first_byte_leaves_the_terminal_whole(read_before):
    line, how = read_before
    with Terminal(line, **how) as terminal:
        while not terminal.written:
            terminal.pump()
        children = terminal.children()
        os.kill(terminal.process, signal.SIGQUIT)
        assert terminal.wait() == 128 + signal.SIGQUIT
        assert whole(terminal)
        assert terminal.settings == terminal.before
        assert not psutil.wait_procs(children, timeout=10)[1]


SWALLOWED = """
import os, signal
from tui import picture
shown = picture.show
def show(*arguments):
    shown(*arguments)
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    except SystemExit:
        pass  # as code that is being loaded may do
picture.show = show
from tui.__main__ import main
raise SystemExit(main())
"""


def test_a_signal_whose_end_is_swallowed_while_the_reader_loads_ends_it_all_the_same(read_before):
    line, how = read_before
    arguments = line[line.index("--locale") :]
    with Terminal([sys.executable, "-c", SWALLOWED, *arguments], **how) as terminal:
        assert terminal.wait() == 128 + signal.SIGTERM
        assert whole(terminal)
        assert terminal.settings == terminal.before


PAYLOADS = {
    "clipboard": "\x1b]52;c;ZXZpbA==\x07", "title": "\x1b]0;evil\x07", "clear": "\x1b[2J\x1b[H",
    "c1": "\x9b31mred\x9d52;c;eA==\x9c", "bidi": "\u202eevil\u202c", "link": "\x1b]8;;http://e\x1b\\x",
    "markup": "[bold]b[/nope][@click=app.quit]x[/]", "bell": "\x07\x08\x7f",
}  # fmt: skip


def test_the_clipboard_is_written_when_asked_and_with_nothing_else(sample):
    with Terminal(reader(sample)) as terminal:
        terminal.wait_for("1/25")
        terminal.send("/")
        terminal.send("lang:de\r")
        terminal.wait_for(" 1 of 25", "open")
        assert b"\x1b]52" not in terminal.written
        terminal.send("Y")
        terminal.wait_for("text copied")
        terminal.send("y")
        terminal.wait_for("address copied")
        copied = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", terminal.written)
        text, address = (base64.b64decode(one).decode() for one in copied)
        assert "Die Nachtfähre über die Nordenge" in text
        assert address == "https://kuestenblatt.example/verkehr/nachtfaehre"


def test_a_command_is_interrupted_without_ending_the_reader(sample):
    with Terminal(reader(sample)) as terminal:
        terminal.wait_for("1/25")
        terminal.send("|")
        terminal.wait_for("Pipe to a command")
        terminal.send("sleep 600")
        terminal.wait_for("▌  sleep 600")
        terminal.send("\r")
        while not any(child.name() == "sleep" for child in terminal.children()):
            terminal.pump()
        terminal.send("\x03")
        terminal.wait_for("Enter goes back to the reader")
        terminal.send("\r")
        terminal.wait_for("the command ended with -2")
        terminal.send("q")
        assert terminal.wait() == 0
        assert terminal.settings == terminal.before


def test_the_reader_told_to_end_ends_the_command_it_has_lent_the_terminal_to(sample):
    with Terminal(reader(sample)) as terminal:
        terminal.wait_for("1/25")
        terminal.send("|")
        terminal.wait_for("Pipe to a command")
        terminal.send("sleep 600")
        terminal.wait_for("▌  sleep 600")
        terminal.send("\r")
        while not any(child.name() == "sleep" for child in terminal.children()):
            terminal.pump()
        children = terminal.children()
        os.kill(terminal.process, signal.SIGTERM)
        assert terminal.wait() == 143
        assert not psutil.wait_procs(children, timeout=10)[1]
        assert whole(terminal)


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "vt100", "COLORTERM": ""}])
def test_without_colours_nothing_has_a_colour(sample, variables):
    with Terminal(reader(sample), env=variables) as terminal:
        terminal.wait_for("1/25")
        terminal.send("q")
        assert terminal.wait() == 0
    styles = {
        int(n) for m in re.findall(rb"\x1b\[([\d;]+)m", terminal.written) for n in m.split(b";")
    }
    assert styles <= {0, 1, 2, 3, 4, 7, 39, 49}


def test_a_terminal_without_utf8_is_drawn_on_with_ascii(sample):
    with Terminal(reader(sample), env={"LC_ALL": "C"}) as terminal:
        terminal.wait_for("1/25", "------", "| ??")
        terminal.send("q")
        assert terminal.wait() == 0
    # But for the letter by which the terminal was asked whether it shows UTF-8.
    assert terminal.written.replace("é".encode(), b"").isascii()


def test_nothing_an_article_says_is_obeyed_by_the_terminal(tmp_path):
    pile = tmp_path / "evil\u202e.jsonl"
    with pile.open("w") as file:
        for name, payload in PAYLOADS.items():
            text = (
                f"{payload} A long enough sentence about {name}{payload} goes on here for a while."
            )
            fields = {
                "id": payload + name,
                "title": payload + name,
                "source": payload,
                "text": text,
            }
            file.write(json.dumps(fields) + "\n")
    with Terminal(reader(tmp_path / "archive", str(pile)), size=(120, 40)) as terminal:
        terminal.wait_for("articles added", "8")
        keys = [
            "/",
            "sentence\r",
            "j",
            "\r",
            *"co]]",
            "\x1b",
            "S",
            "\x1b",
            "i",
            f"{tmp_path}/",
            "\t",
        ]
        for key in keys:
            terminal.send(key)
            for _ in range(6):
                terminal.pump()
            terminal.seen += terminal.text
        terminal.send("\x11")
        terminal.wait()
    text = terminal.written.decode()
    assert "sentence" in text
    # Textual's own: control sequences without text in them, and the shape of the pointer.
    own = re.sub(r"\x1b\[[?<>=]?[\d;:]*[$]?[A-Za-z]|\x1b[=>78]|\x1b\]22;[a-z]+\x07", "", text)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", own)
    assert "[bold]b[/nope][@click=app.quit]x[/]" in terminal.seen


class Tmux:
    """A session of tmux of our own."""

    def __init__(self, folder, size):
        self._socket = str(folder / "tmux.sock")
        columns, lines = size
        self._do(
            "-f", "/dev/null", "new-session", "-d", "-s", "t", "-x", str(columns), "-y", str(lines),
            "sh",
        )  # fmt: skip

    def _do(self, *arguments):
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        line = ["tmux", "-u", "-S", self._socket, *arguments]
        return subprocess.run(
            line, check=True, capture_output=True, text=True, env=environment
        ).stdout

    def send(self, *keys):
        self._do("send-keys", "-t", "t", *keys)

    def text(self):
        return self._do("capture-pane", "-p", "-t", "t")

    def resize(self, columns, lines):
        self._do("resize-window", "-t", "t", "-x", str(columns), "-y", str(lines))

    def state(self):
        """Alternate screen and mouse, as flags."""
        return self._do(
            "display-message", "-p", "-t", "t", "#{alternate_on}#{mouse_any_flag}"
        ).strip()

    def wait_for(self, *texts):
        self.wait_until(lambda: all(text in self.text() for text in texts))

    def wait_until(self, holds):
        end = time.monotonic() + 20
        while not holds():
            assert time.monotonic() < end, f"never came:\n{self.text()}"

    def close(self):
        self._do("kill-server")


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_the_walk_in_tmux_from_80_to_120_columns(sample, tmp_path):
    tmux = Tmux(tmp_path, (80, 24))
    try:
        tmux.send(" ".join(reader(sample)), "Enter")
        tmux.wait_for("1/25")
        tmux.send("/")
        tmux.send("-l", "пором")
        tmux.wait_for("1 of 25", "Нічний пором")
        tmux.send("Enter")
        tmux.wait_for("open")
        tmux.send("Enter")
        tmux.wait_for("back", "Від суботи")
        tmux.send("n")
        tmux.wait_for("hit 1 of")
        tmux.resize(120, 40)
        tmux.wait_for("│", "Від суботи")
        tmux.send("c")
        tmux.wait_for("Опубліковано")
        tmux.send("*")
        tmux.wait_for("starred")
        tmux.send("u")
        tmux.wait_for("undone: the star")
        assert tmux.state() == "11"
        tmux.send("C-q")
        tmux.wait_until(lambda: tmux.state() == "00")
        tmux.send("-l", "echo the shell $((40 + 2))")
        tmux.send("Enter")
        tmux.wait_for("the shell 42")
    finally:
        tmux.close()


def step(tmux, keys, *shown, gone=()):
    """Press keys (names as tmux has them, or =text) and wait for what they bring."""
    for key in keys.split(" "):
        tmux.send("-l", key[1:].replace("_", " ")) if key[0] == "=" else tmux.send(key)
    tmux.wait_until(
        lambda: (
            (text := tmux.text()) is not None
            and all(part in text for part in shown)
            and not any(part in text for part in gone)
        )
    )


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_the_whole_tour_of_the_readme_in_tmux(sample, tmp_path):  # noqa: PLR0915 - it is long
    tmux = Tmux(tmp_path, (120, 40))
    try:
        tmux.send(" ".join(reader(sample)), "Enter")
        tmux.wait_for("1/25")
        # words, and filters that complete themselves
        step(tmux, "/ =пором", "1 of 25", "Нічний пором")
        step(tmux, "=_lang:", "Ukrainian", "Tab complete")
        step(tmux, "=u Tab", "пором lang:uk", "▌Ukrainian")
        step(tmux, "Enter", "Ukrainian ×", "1 of 25")
        # filters by key
        step(tmux, "x", "1 of 25", gone=["Ukrainian ×"])
        step(tmux, "L", "Languages", "type to narrow")
        step(tmux, "=ukr Enter", "пором lang:uk", "Ukrainian ×")
        step(tmux, "D", "the last 30 days")
        step(tmux, "=2026-02 Enter", "date:2026-02", "Feb 2026 ×")
        step(tmux, "S", "Sources", "Порт і місто")
        step(tmux, "Escape", "1 of 25", gone=["type to narrow"])
        step(tmux, "x", "1 of 25", gone=["Feb 2026 ×"])
        # counts, the histogram, a saved search
        step(tmux, "F", "Save this search as")
        step(tmux, "C-u", "a saved search needs a name")
        step(tmux, "=Boats", "▌  Boats")
        step(tmux, "Enter", "saved as Boats")
        step(tmux, "f", "Saved searches", "Boats", "Languages", "Sources")
        step(tmux, "j", "earlier", "later")
        step(tmux, "Left Enter", "date:", "2026 ×")
        step(tmux, "x Escape", "1 of 25", gone=["2026 ×", "Saved searches"])
        # reading
        step(tmux, "Enter", "back", "Від суботи")
        step(tmux, "n", "hit 1 of")
        step(tmux, "N", "hit 3 of 3")
        step(tmux, "c", "Опубліковано")
        step(tmux, "o", "The original, as it came in")
        step(tmux, "o", "Від суботи", gone=["The original"])
        # marking, and taking back
        step(tmux, "*", "starred", "★")
        step(tmux, "m", "marked as unread")
        step(tmux, "t", "Tags of 1 article")
        step(tmux, "=winter_boats", "a new tag")
        step(tmux, "Enter", "+winter boats on 1 article", "#winter boats")
        step(tmux, "u", "undone", gone=["#winter boats"])
        step(tmux, "|", "Pipe to a command")
        step(tmux, "=tail_-n_1", "▌  tail -n 1")
        step(tmux, "Enter", "Enter goes back to the reader", "вузлами")
        step(tmux, "Enter", "1 of 25", "Нічний пором")
        # many at a time, on a Ukrainian keyboard, and help
        step(tmux, "q / C-u Enter", "/25", "open")
        step(tmux, "g", "1/25")
        step(tmux, "=о", "2/25")
        step(tmux, "Space", "1 marked")
        step(tmux, "v j", "3 marked")
        step(tmux, "v a", "25 marked")
        step(tmux, "Escape", "4/25", gone=["marked"])
        step(tmux, "?", "Keys here")
        step(tmux, "Escape", "4/25", gone=["Keys here"])
        tmux.send("C-q")
        tmux.wait_until(lambda: tmux.state() == "00")
    finally:
        tmux.close()


WIDTHS = [
    "Night ferry", "Нічний пором їде", "Ноћни трајект",
    "渡轮复航，周六", "夜のフェリー", "야간 페리",
    "e\u0301te\u0301 a\u0308", "й і ї (и\u0306)",
    "שָׁלוֹם עולם", "العَبَّارة ١٢٣", "เรือข้ามฟาก", "→ ★ … „“ – €",
    "⚓ 🚢 🎉", "👨\u200d👩\u200d👧 family", "🇺🇦 🇷🇸", "❤\ufe0f heart",
    "👍🏽 yes", "1\ufe0f\u20e3 key",
    "Ａｂｃ full", "ｱｲｳ half", "Việt Nam", "ﬁne", "𝐁old", "a\u200bb\u00adc", "☎ ✓ ☺", "─┬│▌█▁",
]  # fmt: skip


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_texts_are_as_wide_as_we_take_them_for(tmp_path):
    texts = [safe_line(text) for text in WIDTHS]
    asked, told = tmp_path / "texts", tmp_path / "columns"
    asked.write_text("\n".join(texts), encoding="utf-8")
    tmux = Tmux(tmp_path, (80, 24))
    try:
        program = Path(__file__).parent / "columns.py"
        tmux.send(f"{sys.executable} {program} {asked} {told}", "Enter")
        tmux.wait_until(lambda: told.exists() and told.read_text())
    finally:
        tmux.close()
    columns = [int(column) for column in told.read_text().split()]
    assert dict(zip(texts, columns, strict=True)) == {text: cells(text) for text in texts}
