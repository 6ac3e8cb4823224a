"""The plain reader: lines in, lines out, nothing drawn."""

import re
import sys

import pytest

from tests.terminal import COMMAND, Terminal
from tests.tui_pilot import command
from tui import i18n
from tui.client import Engine
from tui.plain import PlainReader
from tui.start import start_engine


@pytest.fixture
async def reader():
    i18n.set_locale("en")
    told = []
    opened = PlainReader(Engine(start_engine(command()), command()), told.append)
    await opened.open()

    async def ask(*lines):
        told.clear()
        for line in lines:
            await opened.do(line)
        return "\n".join(told)

    opened.ask = ask
    yield opened
    await opened.close()


async def test_a_search_is_answered_with_numbered_lines(reader):
    said = await reader.ask("/ferry lang:en")
    assert "25 articles" in said
    assert re.search(
        r"^2\. The ferry on line 4 waits .*\. Jan 5, harbour.example, English$", said, re.M
    )
    assert "15 more; Enter goes on" in said
    assert re.search(r"^20\. ", await reader.ask(""), re.M)


async def test_a_number_reads_the_article_paragraph_by_paragraph(reader):
    said = await reader.ask("/ferry", "2")
    assert "The ferry on line 4 waits for the winter timetable" in said
    assert "Enter goes on." in said
    assert "Leave a comment" not in said
    assert "this is the end of the article" in await reader.ask("")
    assert "asks for a comment: Leave a comment" in await reader.ask("c")


async def test_what_is_marked_is_said_in_the_list_and_can_be_undone(reader):
    await reader.ask("/ferry", "2")
    assert await reader.ask("*") == "starred"
    assert re.search(r"^2\. .*, starred, read$", await reader.ask("l"), re.M)
    assert await reader.ask("z") == "undone: the star"
    assert "starred" not in await reader.ask("l")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("xyz", "xyz is nothing to do here. /xyz searches for it; ? tells the rest."),
        ("/wrong:x", "There is no field “wrong:”."),
        ("999", "there is no article 999 in the list"),
        ("*", "read an article first: type its number"),
    ],
)
async def test_what_cannot_be_done_is_said(reader, line, said):
    assert await reader.ask(line) == said
    assert "articles" in await reader.ask("l")


async def test_each_letter_of_the_help_does_something(reader):
    said = await reader.ask("?")
    letters = re.findall(r"^([a-z*?/]), |^([a-z*?])(?=[:,])|; ([a-z]):", said, re.M)
    for letter in {one for found in letters for one in found if one} - {"q", "i", "/"}:
        assert "nothing to do here" not in await reader.ask(letter)


async def test_the_engine_may_die_between_two_lines(reader):
    assert await reader.ask("/die!") == "search stopped and was started again"
    assert "25 articles" in await reader.ask("/ferry")


def test_in_a_terminal_that_only_takes_lines_the_reader_is_plain(tmp_path):
    line = [*COMMAND, "--locale", "en", "--archive", str(tmp_path / "archive")]
    with Terminal(line, env={"TERM": "dumb"}) as terminal:
        terminal.wait_for("0 articles", "newsreader>")
        assert b"\x1b[?1049h" not in terminal.written
        terminal.send("q\r")
        assert terminal.wait() == 0


def test_the_plain_reader_costs_no_textual():
    import subprocess

    code = "import sys, tui.plain; print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
