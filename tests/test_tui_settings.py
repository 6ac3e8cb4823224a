"""config.toml: what holds, what is wrong with it and where, keys of one's own, what was chosen."""

import subprocess

import pytest

from tests.terminal import COMMAND, Terminal
from tests.tui_pilot import opened, screen, until
from tui import keymap, keys, settings
from tui.app import Look
from tui.settings import Chosen, Settings


def read(text, folder="/nowhere"):
    from pathlib import Path

    return settings.read(text, Path(folder))


def test_what_is_set_holds_and_the_rest_is_as_built_in(tmp_path):
    (tmp_path / "names.toml").write_text("")
    held = read(
        '[ui]\ntheme = "paper"\nlocale = "uk-UA"\nmeasure = 66\nplain = true\n'
        '[search]\naliases = "names.toml"\n[limits]\nfile_mb = 5\n[keys]\nstar = "="\n',
        tmp_path,
    )
    assert held == Settings(
        theme="paper", locale="uk_UA", measure=66, plain=True, aliases=(tmp_path / "names.toml",),
        file_mb=5, keys={"star": ("=",)},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[ui]\n\nthme = "ink"', 3, "there is no setting thme; theme?"),
        ('[ui]\ntheme = "papr"', 2, 'theme cannot be "papr"; paper?'),
        ("[ui]\nmeasure = 12", 2, "measure cannot be 12; it is a number from 40 to 100"),
        ("[ui]\nmeasure = true", 2, "measure cannot be true; it is a number from 40 to 100"),
        ('[ui]\nplain = "yes"', 2, 'plain cannot be "yes"; it is true or false'),
        ("ui.bidi = 3", 1, "bidi cannot be 3; it is one of auto, on, off"),
        ('# [ui]\n[serch]\ntheme = "ink"', 2, "there is no setting serch; search?"),
        ("ui = 3", 1, "ui is a section: write [ui]"),
        ('[search]\naliases = "gone.toml"', 2, "there is no file /nowhere/gone.toml"),
        ("[keys]\nstar = 3", 2, "star is a key or a list of keys, each in quotes"),
        ('[ui]\ntheme = "ink', 2, "this is no TOML"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_the_rest_holds(text, line, said):
    (problem,) = read(text).problems
    assert problem.line == line
    assert str(problem).startswith(said)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"[" * 5000, b"x" * 2**21, b"a = \x1b[2J"])
def test_any_bytes_are_settings_or_problems(tmp_path, data):
    (tmp_path / "config.toml").write_bytes(data)
    held = settings.load(tmp_path / "config.toml")
    assert held.problems
    assert "\x1b" not in "".join(map(str, held.problems))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("j", "j"), ("?", "question_mark"), ("J", "J"), ("^d", "ctrl+d"), ("Ctrl+D", "ctrl+d"),
        ("ctrl-d", "ctrl+d"), ("PgDn", "pagedown"), (" ", "space"), ("f2", "f2"), ("Esc", "escape"),
        ("hello", None), ("ctrl+", None), ("super+x", None), ("", None),
    ],
)  # fmt: skip
def test_keys_are_named_as_people_write_them(written, name):
    assert keymap.textual_name(written) == name


def bound(**wanted):
    table, problems = keymap.bound(keys.TABLE, wanted)
    return {key.action: key for key in table}, [str(problem) for _action, problem in problems]


def test_a_key_of_ones_own_takes_the_place_of_the_built_in():
    table, problems = bound(star=("=",), down=("ctrl+n", "r"))
    assert not problems
    assert table["star"].keys == ("equals_sign",)
    assert (table["down"].keys, table["down"].shown) == (("ctrl+n", "r"), "^n r")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"strar": ("x",)}, "there is no action strar; star?"),
        ({"star": ("hello",)}, "star: hello is no key; a letter, a sign, or a name"),
        ({"star": ("=",), "undo": ("=",)}, "undo: = is the key of star already"),
        ({"star": ("n",)}, "next_hit has no key now: n is the key of star"),
        ({"close": ("x",)}, "close: x is typed where this key works; take another"),
    ],
)
def test_a_wish_for_a_key_that_cannot_be_is_said(wanted, said):
    assert bound(**wanted)[1][0].startswith(said)


def test_no_two_actions_of_a_place_share_a_key_whatever_is_wished():
    table, _problems = bound(star=("j", "enter"), undo=("j",), first=("escape", "q"), wipe=("tab",))
    for place in ("list", "reader", "search", "panel"):
        pressed = [key for entry in table.values() if place in entry.places for key in entry.keys]
        assert len(pressed) == len(set(pressed))


def test_the_verb_config_says_where_what_is_wrong_and_what_holds(tmp_path):
    def config(what):
        return subprocess.run(
            [*COMMAND, "config", what], check=False, capture_output=True, text=True
        )

    place = config("path").stdout.strip()
    assert place.endswith("/newsreader/config.toml")
    assert config("check").returncode == 0
    from pathlib import Path

    Path(place).parent.mkdir(parents=True)
    Path(place).write_text('[ui]\nmeasur = 66\n[keys]\nstar = "="\n')
    checked = config("check")
    assert (checked.returncode, checked.stdout) == (
        1, f"{place}:2: there is no setting measur; measure?\n",
    )  # fmt: skip
    held = read(config("show").stdout)
    assert not held.problems
    assert held.keys["star"] == ("=",)


def test_the_reader_takes_keys_of_ones_own_and_says_what_is_wrong(tmp_path):
    folder = tmp_path / "xdg" / "config" / "newsreader"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('[ui]\nthme = "x"\n[keys]\nhelp = "h"\n')
    pile = tmp_path / "pile.jsonl"
    pile.write_text('{"text": "A sentence that is long enough to be taken for an article."}')
    subprocess.run([*COMMAND, "--archive", str(tmp_path / "a"), "import", str(pile)], check=True)
    with Terminal([*COMMAND, "--locale", "en", "--archive", str(tmp_path / "a")]) as terminal:
        terminal.wait_for("line 2: there is no setting thme")
        terminal.send("h")
        terminal.wait_for("Keys here")
        terminal.send("\x11")
        assert terminal.wait() == 0


async def test_what_is_chosen_in_the_reader_is_remembered_until_the_file_says_otherwise(tmp_path):
    settings_ = Settings(theme="ink")
    async with opened(look=Look(settings_, folder=tmp_path)) as (app, pilot):
        app.main.post_message(app.main.Wished("look", "paper"))
        await until(pilot, lambda: app.theme == "paper")
        await pilot.press(">")
    kept = settings.load_chosen(tmp_path, settings_)
    assert kept == Chosen(theme="paper", measure=76)
    async with opened(look=Look(settings_, kept, folder=tmp_path)) as (app, pilot):
        assert app.theme == "paper"
        assert app.main.reader.measure == 76
    assert settings.load_chosen(tmp_path, Settings(theme="terminal")) == Chosen(measure=76)


@pytest.mark.parametrize("damage", ["", "[]", '{"theme": 3}', '{"theme": {"is": "x", "over": ""}}'])
def test_what_was_chosen_may_be_damaged(tmp_path, damage):
    (tmp_path / "chosen.json").write_text(damage)
    assert settings.load_chosen(tmp_path, Settings()) == Chosen()


@pytest.mark.parametrize(
    ("environment", "theme"),
    [
        ({}, "ink"),
        ({"COLORTERM": "", "TERM": "linux"}, "terminal"),
        ({"COLORTERM": "", "TERM": "vt100"}, "mono"),
        ({"COLORFGBG": "0;15"}, "paper"),
        ({"NO_COLOR": "1"}, "mono"),
    ],
)
async def test_the_look_fits_the_terminal_where_none_was_chosen(environment, theme, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    async with opened() as (app, _pilot):
        assert app.theme == theme
        assert "ferry" in screen(app)


def test_the_limits_of_an_import_are_those_of_the_settings(tmp_path):
    folder = tmp_path / "xdg" / "config" / "newsreader"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("[limits]\nfile_mb = 1\nlines = 20\ntags = 30\n")
    (tmp_path / "long.txt").write_text("A sentence that is repeated. " * 50_000)
    (tmp_path / "list.txt").write_text("One line.\n" * 21)
    (tmp_path / "page.html").write_text("<p>A page of many parts.</p>" * 16)
    line = [*COMMAND, "--archive", str(tmp_path / "a"), "import", str(tmp_path)]
    done = subprocess.run(line, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    for reason in ("larger than 1 MB", "more than 20 lines", "more than 30 tags"):
        assert reason in done.stderr
