"""The command line as a person or a script uses it: output, exit codes, nothing unsafe."""

import io
import json
import os
import signal
import subprocess
import sys

import pytest

from tui import commands
from tui.__main__ import main

from .conftest import ARTICLES

NEWSREADER = [sys.executable, "-P", "-m", "tui"]


@pytest.fixture
def run(home, capsys, monkeypatch):
    """Runs the command in this process: (exit code, output, errors)."""

    def _run(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(stdin))))
        previous = signal.getsignal(signal.SIGTERM)
        try:
            code = main(["--archive", str(home.folder), *map(str, arguments)])
        except SystemExit as ended:  # argparse, on --help and usage errors
            code = ended.code
        finally:
            signal.signal(signal.SIGTERM, previous)
        return (code, *capsys.readouterr())

    return _run


@pytest.fixture
def full(archive):
    archive.close()
    return archive.home


def test_import_tells_of_each_item(run, pile):
    code, out, _ = run("import", "--json", pile)
    found = json.loads(out)
    assert code == 0
    assert found["added"] == len(found["items"]) == len(ARTICLES)
    assert {item["status"] for item in found["items"]} == {"added"}
    code, out, _ = run("import", pile)
    assert (code, out) == (0, f"0 added, 0 updated, {len(ARTICLES)} unchanged, 0 refused\n")


def test_refused_items_make_the_exit_code_1(run, tmp_path):
    (tmp_path / "empty.txt").touch()
    code, _, err = run("import", tmp_path / "empty.txt", tmp_path / "missing.txt")
    assert code == 1
    assert f"{tmp_path / 'empty.txt'}: is empty" in err
    assert "no such file" in err


def test_standard_input_is_imported(run):
    line = json.dumps({"text": "The tower clock strikes thirteen at noon."}).encode()
    assert json.loads(run("import", "--json", "-", stdin=line)[1])["added"] == 1
    text = b"A second clock was ordered at once."
    assert json.loads(run("import", "--json", "-", stdin=text)[1])["added"] == 1


def test_imports_tells_of_each_import_and_why_items_were_refused_or_look_odd(run, tmp_path):
    (tmp_path / "empty.txt").touch()
    (tmp_path / "numbers.txt").write_text("2026-02-20\n17 04 91\n")
    (tmp_path / "usual.txt").write_text("The lighthouse was painted on Monday by two volunteers.\n")
    _, _, err = run("import", *(tmp_path / f"{n}.txt" for n in ("empty", "numbers", "usual")))
    assert "1 came in damaged or looks odd; see: newsreader imports 1" in err
    code, out, _ = run("imports")
    assert code == 0
    assert "2 added, 0 updated, 0 unchanged, 1 refused · 2 with a reason" in out
    odd, refused = sorted(run("imports", 1)[1].splitlines(), key=lambda line: "is empty" in line)
    assert odd.endswith("numbers.txt: No prose was found, so that everything was kept")
    assert refused.endswith("empty.txt: is empty")
    assert json.loads(run("imports", "--json")[1])["remarked"] == 2
    statuses = {json.loads(line)["status"] for line in run("imports", 1, "--json")[1].splitlines()}
    assert statuses == {"added", "refused"}
    assert run("imports", 99) == (1, "", "nothing found\n")


def test_undo_takes_back_the_last_change_and_says_what_it_was(run, full):
    name = json.loads(run("search", "--json", "пором")[1])["rows"][0]["id"]
    assert run("undo")[:2] == (1, "there is nothing to undo\n")
    run("language", name, "be")
    run("source", "Порт", "--no-clean")
    assert run("undo")[:2] == (0, "undone: the rule for a source\n")
    assert run("undo")[:2] == (0, "undone: correcting the language\n")
    assert run("search", "пором lang:uk")[0] == 0


def test_search_prints_what_matches(run, full):
    code, out, err = run("search", "пором")
    assert code == 0
    assert out.startswith("Нічний пором повернувся до протоки\n  2026-02-20 · uk · Порт · ")
    assert "1 of 1" in err


def test_search_options_are_filters(run, full):
    found = json.loads(run("search", "--json", "--language", "en", "--language", "sr")[1])
    assert found["total"] == 3
    found = json.loads(run("search", "--json", "--after", "2026-02-19")[1])
    assert [row["language"] for row in found["rows"]] == ["uk"]
    found = json.loads(run("search", "--json", "--source", "harbour", "--sort", "oldest")[1])
    assert [row["date"] for row in found["rows"]] == ["2026-02-19", None]


def test_nothing_found_is_exit_code_1(run, full):
    code, out, err = run("search", "zeppelin")
    assert (code, out) == (1, "")
    assert "nothing found" in err


def test_where_nothing_is_found_it_is_said_what_to_ask_instead(run, full):
    code, out, err = run("search", "harbuor")
    assert (code, out) == (1, "")
    assert "  did you mean harbour? 1\n" in err
    code, out, err = run("search", "ferry lang:uk")
    assert (code, out) == (1, "")
    assert "  remove lang:uk: 1 article\n" in err
    assert "  remove source:Порт: 1 article\n" in run("search", "ferry", "--source", "Порт")[2]


def test_what_to_ask_instead_is_a_field_of_the_json_too(run, full):
    code, out, err = run("search", "--json", "harbuor", "--language", "en")
    assert (code, err) == (1, "")
    found = json.loads(out)
    assert found["suggest"] == [{"query": "harbour", "total": 1}]
    assert found["without"] == []
    assert "suggest" not in json.loads(run("search", "--json", "harbour")[1])


def test_names_of_ones_own_in_the_settings_are_searched_for(run, full, tmp_path):
    folder = tmp_path / "xdg" / "config" / "newsreader"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('[search]\naliases = ["own.toml"]\n', encoding="utf-8")
    own = folder / "own.toml"
    own.write_text('[[name]]\nen = ["Lightship"]\nuk = ["Нічний пором"]\n', encoding="utf-8")
    code, out, err = run("search", "Lightship")
    assert code == 0
    assert out.startswith("Нічний пором повернувся")
    assert "Lightship, Нічний пором" in err
    (folder / "config.toml").write_text('[search]\naliases = "bad.toml"\n', encoding="utf-8")
    (folder / "bad.toml").write_text("no table", encoding="utf-8")
    code, out, err = run("search", "Lightship")
    assert (code, out) == (1, "")
    assert "bad.toml cannot be read" in err


def test_a_wrong_query_is_marked_with_exit_code_2(run, full):
    code, out, err = run("search", "ferry athor:x")
    assert (code, out) == (2, "")
    assert "  ferry athor:x\n        ^^^^^^^" in err


def test_show_prints_the_article(run, full):
    public = json.loads(run("search", "--json", "ferry")[1])["rows"][0]["id"]
    _, out, _ = run("show", public)
    assert "harbour master" in out
    shown = json.loads(run("show", public[:6], "--json")[1])
    assert shown["title"] == "Night ferry returns to the strait"
    assert shown["flags"] == {"read": False, "starred": False}
    assert "harbour master" in run("show", public, "--raw")[1]
    code, _, err = run("show", "nosuch")
    assert code == 1
    assert "there is no article nosuch" in err


def test_clean_touches_no_archive(run, home, tmp_path):
    (tmp_path / "a.txt").write_text(
        "The ferry left the harbour at noon, as it always had.\n\nLeave a comment"
    )
    code, out, _ = run("clean", "--json", tmp_path / "a.txt")
    found = json.loads(out)
    assert code == 0
    assert found["id"] == "a.txt"
    assert found["body"] == ["The ferry left the harbour at noon, as it always had."]
    assert found["blocks"][1]["label"] == "comment"
    assert found["date"] is None
    assert not home.folder.exists()


def test_stats_languages_and_doctor(run, full):
    assert json.loads(run("stats", "--json")[1])["articles"] == len(ARTICLES)
    assert {"id": "uk", "articles": 1} in json.loads(run("languages", "--json")[1])["languages"]
    assert "Ukrainian" in run("languages", "--locale", "en")[1]
    code, out, _ = run("doctor")
    assert (code, out.splitlines()[-1]) == (0, "index: whole")
    assert run("doctor", "--repair")[0] == 0
    assert json.loads(run("search", "--json", "ferry")[1])["total"] == 1


def test_every_verb_explains_itself(run):
    for verb in commands.VERBS:
        code, out, _ = run(verb, "--help")
        assert code == 0
        assert f"newsreader {verb}" in out
    assert "examples:" in run("--help")[1]
    assert run("search", "--nonsense")[0] == 2


def test_an_archive_that_cannot_be_used_is_exit_code_3(tmp_path):
    (tmp_path / "file").touch()
    done = subprocess.run(
        [*NEWSREADER, "--archive", str(tmp_path / "file"), "stats"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr.decode().count("\n") == 1


def test_the_reader_says_that_it_needs_a_terminal(run):
    code, out, err = run()
    assert (code, out) == (2, "")
    assert "terminal" in err


def test_a_misspelt_verb_is_told(run):
    code, _, err = run("serch", "ferry")
    assert code == 2
    assert "newsreader search" in err


def test_doctor_tells_what_to_do_with_a_damaged_catalog(run, full):
    full.catalog.write_bytes(b"no database, whatever its name says" * 100)
    assert run("search", "ferry")[0] == 3
    code, out, _ = run("doctor", "--repair")
    assert code == 3
    assert "earlier copy" in out
    assert full.catalog.read_bytes().startswith(b"no database")


@pytest.mark.parametrize("verb", [["search", "--json", ""], ["stats"], ["clean"], ["--help"]])
def test_no_verb_but_the_reader_loads_textual(home, verb):
    code = (
        "import sys; from tui.__main__ import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit: pass\n"
        "assert not {'textual', 'rich'} & set(sys.modules), 'the terminal interface was loaded'"
    )
    command = [sys.executable, "-c", code, "--archive", str(home.folder), *verb]
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def test_hostile_text_stays_inert_in_all_output(run, tmp_path):
    hostile = "Title \x1b]0;owned\x07\x1b[2J\u202egnorw [bold]x[/bold]"
    path = tmp_path / "bad\x1b[31m.jsonl"
    item = {
        "id": hostile,
        "title": hostile,
        "source": hostile,
        "author": hostile,
        "text": hostile * 9,
    }
    path.write_text(json.dumps(item) + "\n{broken \x1b[2J\n")
    outputs = [run("import", path)]
    outputs.append(run("import", "--json", path))
    outputs.append(run("search", "title"))
    outputs.append(run("search", "--json", "title"))
    public = json.loads(outputs[-1][1])["rows"][0]["id"]
    outputs += [run("show", public, option) for option in ("--json", "--raw", "--cuts")]
    outputs.append(run("clean", path))
    outputs.append(run("clean", "--json", path))
    outputs.append(run("search", hostile))
    outputs.append(run("stats"))
    for _, out, err in outputs:
        for unsafe in ("\x1b", "\x07", "\u202e", "\x9b"):
            assert unsafe not in out + err


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_import_that_is_stopped_keeps_what_it_has(run, home, tmp_path, number, code):
    path = tmp_path / "many.jsonl"
    words = "The bridge over the river was closed for another week of repairs. " * 20
    path.write_text("\n".join(json.dumps({"text": f"{n} {words}"}) for n in range(3000)))
    command = [*NEWSREADER, "--archive", str(home.folder), "import", "--json", str(path)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell starts what runs in its background deaf to Ctrl-C; the test may run there.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    seen = b""
    while seen.count(b'"added"') < 20:
        seen += os.read(process.stdout.fileno(), 4096)
    process.send_signal(number)
    rest, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert b"Traceback" not in err
    assert (b"added, 0 updated" in err and b"not finished" in err) == (number == signal.SIGINT)
    told = (seen + rest).count(b'"status": "added"')
    kept = json.loads(run("stats", "--json")[1])["articles"]
    assert told <= kept < 3000
