"""What a terminal can show, what it sends, and what is drawn on one that knows little."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui import terminal
from tui.driver import Outlet
from tui.paste import LONGEST, Pastes


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, 2**24),
        ({"TERM": "xterm-256color"}, 256),
        ({"TERM": "linux"}, 16),
        ({"TERM": "vt100"}, 0),
        ({"TERM": "vt220-8bit"}, 0),
        ({"TERM": "xterm-mono"}, 0),
        ({"TERM": "xterm", "COLORTERM": "truecolor", "NO_COLOR": "1"}, 0),
    ],
)
def test_the_environment_tells_how_many_colours_there_are(environment, colours):
    assert terminal.colours(environment) == colours


def test_a_terminal_that_takes_only_lines_is_not_drawn_on():
    assert not terminal.can_draw({"TERM": "dumb"})
    assert not terminal.can_draw({})
    assert terminal.can_draw({"TERM": "vt100"})


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"LANG": "uk_UA.UTF-8"}, "utf-8"),
        ({"LC_ALL": "C", "LANG": "uk_UA.UTF-8"}, "ascii"),
        ({"LANG": "uk_UA.KOI8-U"}, "koi8-u"),
        ({"LANG": "de_DE.nonsense"}, "ascii"),
        ({}, "ascii"),
    ],
)
def test_the_locale_names_the_character_set(environment, name):
    assert terminal.charset(environment) == name


def test_signs_a_terminal_lacks_become_signs_it_has_of_the_same_width():
    assert terminal.shown_in("▌ ★ Пором · 渡轮 ─┬─", "ascii") == "| * ????? . ???? -+-"
    assert terminal.shown_in("Пором ★", "koi8-u") == "Пором *"


@given(st.text(alphabet="aй渡─★·é\u0301—", max_size=30))
def test_what_stands_in_for_a_text_is_as_wide(text):
    assert cell_len(terminal.shown_in(text, "ascii")) == cell_len(text)


def split(*reads):
    pastes = Pastes()
    return [piece for read in reads for piece in pastes.split(read)]


def test_keys_are_passed_on_as_they_come():
    assert split("j", "\x1b[A", "ferry\r") == [("j", False), ("\x1b[A", False), ("ferry\r", False)]


def test_a_paste_is_one_piece_though_its_marks_and_text_come_in_parts():
    text = "\x1b[200~nine lines\r\n\x1b[31mof it\x1b[201~x"
    for at in range(6, len(text)):
        assert split(text[:at], text[at:])[0] == ("nine lines\r\n\x1b[31mof it", True)
        assert split(text[:at], text[at:])[1:] == [("x", False)]


def test_a_long_run_of_text_is_a_paste_and_the_keys_around_it_are_keys():
    many = "ferry " * 40
    assert split(f"\x1b[A{many}\x1b[B") == [("\x1b[A", False), (many, True), ("\x1b[B", False)]


def test_of_an_endless_paste_only_the_beginning_is_kept():
    pieces = split("\x1b[200~", *(["a" * 5000] * 200), "\x1b[201~")
    assert [(len(text), pasted) for text, pasted in pieces] == [(LONGEST, True)]


@given(st.lists(st.text(alphabet="a\x1b[20~1j\r", max_size=12)))
def test_nothing_that_comes_in_stops_the_keys(reads):
    split(*reads, "\x1b[201~")


def test_a_terminal_that_is_gone_is_told_of_once_and_written_to_no_more():
    reading, writing = os.pipe()
    told = []
    outlet = Outlet(writing, "utf-8", lambda: told.append("gone"))
    outlet.write("пором")
    assert os.read(reading, 100) == "пором".encode()
    os.close(reading)
    outlet.write("x" * 100_000)
    outlet.write("x")
    assert told == ["gone"]
    os.close(writing)
