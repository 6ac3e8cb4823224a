"""The engine, as the reader and other programs speak to it: a real process, JSON lines."""

import json
import subprocess
import sys

import pytest

from index.archive import Archive
from index.engine import _portions
from index.places import Home

from .conftest import ARTICLES


class Client:
    """Speaks the protocol to a real engine; keeps the events that come in between."""

    def __init__(self, folder, *options):
        command = [sys.executable, "-P", "-m", "tui", "--archive", str(folder), *options, "engine"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.events = []
        self.number = 0
        self.ready = self.message()

    def message(self):
        line = self.process.stdout.readline()
        assert line, "the engine ended"
        return json.loads(line)

    def send(self, verb, **arguments):
        self.number += 1
        request = {"id": self.number, "verb": verb, **arguments}
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        return self.number

    def reply(self, number):
        while True:
            message = self.message()
            if "event" in message:
                self.events.append(message)
            elif message["id"] == number:
                return message

    def ask(self, verb, **arguments):
        return self.reply(self.send(verb, **arguments))

    def get(self, verb, **arguments):
        reply = self.ask(verb, **arguments)
        assert "result" in reply, reply
        return reply["result"]

    def close(self):
        self.process.stdin.close()
        code = self.process.wait(20)
        self.process.stdout.close()
        return code


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """One engine for all tests: what one changes it takes back."""
    folder = tmp_path_factory.mktemp("engine")
    pile = folder / "pile.jsonl"
    pile.write_text("\n".join(json.dumps(a, ensure_ascii=False) for a in ARTICLES), "utf-8")
    with Archive(Home(folder, folder / "index")) as archive:
        for _ in archive.importing([str(pile)]):
            pass
    client = Client(folder)
    yield client
    assert client.close() == 0, "the engine ends with its input"


def test_it_says_when_it_is_ready(client):
    assert client.ready["event"] == "ready"
    assert client.ready["articles"] == len(ARTICLES)


def test_search_gives_a_page_with_facets_and_filters(client):
    page = client.get("search", query="ferry lang:en")
    assert page["total"] == 1
    assert page["rows"][0]["title"] == "Night ferry returns to the strait"
    assert page["rows"][0]["title_hits"] == [[6, 11]]
    assert page["facets"]["language"] == {"en": 1}
    assert page["filters"] == [{"field": "lang", "text": "lang:en", "start": 6, "end": 13}]


def test_rows_are_a_window_on_the_same_answer(client):
    everything = [row["id"] for row in client.get("search", query="")["rows"]]
    window = client.get("rows", query="", offset=2, limit=2)
    assert [row["id"] for row in window["rows"]] == everything[2:4]


def test_a_query_error_tells_where(client):
    error = client.ask("search", query="ferry colour:red")["error"]
    assert error["kind"] == "query"
    assert "ferry colour:red"[error["at"] : error["end"]] == "colour:red"


def test_show_marks_the_hits(client):
    (row,) = client.get("search", query="engines")["rows"]
    article = client.get("show", article=row["id"], query="engines")
    ((block, start, end),) = article["hits"]
    assert article["blocks"][block]["text"][start:end] == "engines"
    assert "engines" in article["original"]


def test_flags_change_and_are_undone(client):
    row = client.get("search", query="ferry")["rows"][0]
    assert client.get("flag", articles=[row["id"]], starred=True) == {
        "changed": 1,
        "undo": "starred",
    }
    assert client.get("search", query="is:starred")["total"] == 1
    assert client.get("flag", query="lang:en", read=True)["changed"] == 2
    assert client.get("search", query="is:unread")["total"] == len(ARTICLES) - 2
    assert client.get("undo")["undone"] == "read"
    assert client.get("undo")["undone"] == "starred"
    assert client.get("undo")["undone"] is None
    assert {"event": "changed", "articles": len(ARTICLES)} in client.events


def test_an_import_runs_beside_and_what_it_brings_is_found(archive, tmp_path):
    archive.close()
    client = Client(archive.home.folder)
    path = tmp_path / "news.txt"
    path.write_text("The observatory opened its dome again on Monday, and the queue was long.")
    result = client.get("import", paths=[str(path), str(tmp_path / "missing.txt")])
    assert (result["added"], result["refused"]) == (1, 1)
    assert result["items"][0]["reason"] == "there is no such file or folder"
    assert any(event["event"] == "progress" for event in client.events)
    while not any(event.get("articles") == len(ARTICLES) + 1 for event in client.events):
        client.events.append(client.message())
    assert client.get("search", query="observatory")["total"] == 1
    assert client.close() == 0


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b'{"verb": 1}',
        b'{"id": 1, "verb": "show"}',
        b"\xff\xfe",
        b'{"verb":"flag","articles":[{}]}',
    ],
)
def test_broken_requests_are_answered_and_survived(client, line):
    client.process.stdin.write(line + b"\n")
    client.process.stdin.flush()
    assert "error" in client.message()
    assert client.get("search", query="")["total"] == len(ARTICLES)


def test_a_newer_search_overtakes_an_older_one(client):
    numbers = [client.send("search", query=f"ferry {'x' * n}") for n in range(1, 30)]
    replies = [client.reply(number) for number in numbers]
    assert "result" in replies[-1]
    assert all("result" in reply or reply.get("superseded") for reply in replies)


def test_statistics_and_languages(client):
    found = client.get("stats")
    assert (found["articles"], found["undated"]) == (len(ARTICLES), 1)
    assert {"id": "en", "articles": 2} in client.get("languages")["languages"]


def test_the_importer_ends_cleanly_while_its_input_is_still_open(archive, pile):
    archive.close()
    home = archive.home
    line = [
        sys.executable,
        "-m",
        "index",
        str(home.folder),
        str(home.index),
        "import",
        "--",
        str(pile),
    ]
    importer = subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with importer:
        messages = importer.stdout.read().splitlines()
        assert importer.wait(30) == 0
        assert importer.stderr.read() == b""
    assert json.loads(messages[-1])["result"]["unchanged"] == len(ARTICLES)


def test_an_import_is_not_refused_while_the_engine_catches_up(archive, tmp_path):
    path = tmp_path / "many.jsonl"
    path.write_text(
        "\n".join(json.dumps({"text": f"Barge {n} lies at berth {n}."}) for n in range(300))
    )
    list(archive.importing([str(path)], workers=0))
    archive.catalog.unsettle()  # as a crash leaves it: kept, and not in the index yet
    archive.close()
    client = Client(archive.home.folder)
    news = tmp_path / "news.txt"
    news.write_text("The observatory opened its dome again on Monday, and the queue was long.")
    assert client.get("import", paths=[str(news)])["added"] == 1
    while client.get("search", query="")["pending"]:
        client.events.append(client.message())
    assert client.get("search", query="observatory OR berth")["total"] == 301
    assert client.close() == 0


def test_a_mark_on_an_archive_that_was_removed_is_refused_and_not_lost_in_silence(tmp_path, pile):
    with Archive(Home(tmp_path / "gone", tmp_path / "gone" / "index")) as archive:
        list(archive.importing([str(pile)]))
    client = Client(tmp_path / "gone")
    article = client.get("search", query="ferry")["rows"][0]["id"]
    (tmp_path / "gone").rename(tmp_path / "elsewhere")
    assert client.get("show", article=article)["id"] == article
    assert client.ask("flag", articles=[article], starred=True)["error"]["kind"] == "archive"
    assert client.close() == 0


def test_a_busy_engine_gives_a_sign(tmp_path):
    client = Client(tmp_path / "archive")
    assert client.get("ping") == {}
    assert client.close() == 0


def test_searches_are_saved_counted_renamed_removed_and_taken_back(client):
    client.get("saved", action="save", name="Boats", query="ferry OR пором", sort="oldest")
    (saved,) = client.get("saved", action="save", name="Boats", query="ferry")["saved"]
    assert saved == {"name": "Boats", "query": "ferry", "sort": "", "total": 1}
    (renamed,) = client.get("saved", action="rename", name="Boats", to="Ships")["saved"]
    assert renamed["name"] == "Ships"
    assert client.get("saved", action="remove", name="Ships")["saved"] == []
    undone = [client.get("undo")["undone"] for _ in range(2)]
    assert undone == ["removed", "renamed"]
    assert [one["name"] for one in client.get("saved")["saved"]] == ["Boats"]
    undone = [client.get("undo")["undone"] for _ in range(2)]
    assert undone == ["saved", "saved"]
    assert client.get("saved")["saved"] == []


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"action": "save", "name": " ", "query": "x"}, "needs a name"),
        ({"action": "rename", "name": "nobody", "to": "x"}, "no saved search nobody"),
        ({"action": "remove", "name": "nobody"}, "no saved search nobody"),
        ({"action": "save", "name": "wrong", "query": "colour:red"}, "no field"),
        ({"action": "steal"}, "one of list"),
    ],
)
def test_what_cannot_be_saved_is_said(client, request_, message):
    assert message in client.ask("saved", **request_)["error"]["message"]
    assert client.get("saved")["saved"] == []


def test_tags_are_listed_counted_with_what_is_found_and_taken_off(client):
    assert "tag" not in client.get("search", query="")["facets"]
    assert client.get("flag", query="lang:en", tag="Boats")["changed"] == 2
    assert client.get("tags")["tags"] == [{"name": "Boats", "articles": 2}]
    assert client.get("search", query="")["facets"]["tag"] == {"Boats": 2}
    assert client.get("search", query="ferry")["facets"]["tag"] == {"Boats": 1}
    assert client.get("search", query="tag:boats")["total"] == 2
    assert client.get("flag", query="ferry lang:en", untag="Boats")["changed"] == 1
    assert client.get("tags")["tags"] == [{"name": "Boats", "articles": 1}]
    assert [client.get("undo")["undone"] for _ in range(2)] == ["untagged", "tagged"]
    assert client.get("tags")["tags"] == []


def test_all_that_a_query_finds_is_marked_but_for_exceptions(client):
    spared = client.get("search", query="")["rows"][0]["id"]
    marked = client.get("flag", query="", starred=True, **{"except": [spared]})
    assert marked["changed"] == len(ARTICLES) - 1
    assert client.get("search", query="is:starred")["total"] == len(ARTICLES) - 1
    assert client.get("undo")["changed"] == len(ARTICLES) - 1
    assert client.get("search", query="is:starred")["total"] == 0


def test_the_place_where_reading_stopped_is_kept(client):
    (row,) = client.get("search", query="engines")["rows"]
    assert client.get("show", article=row["id"])["place"] is None
    client.get("place", article=row["id"], block=2, character=40)
    assert client.get("show", article=row["id"])["place"] == [2, 40]
    client.get("place", article=row["id"], block=0, character=0)
    assert client.get("show", article=row["id"])["place"] is None


@pytest.mark.parametrize("sort", ["newest", "oldest", "relevance", "added", "longest", "shortest"])
@pytest.mark.parametrize("query", ["", "the OR ferry OR пором", "-lang:en"])
def test_the_place_of_an_article_in_an_order_is_told(client, sort, query):
    rows = client.get("search", query=query, sort=sort)["rows"]
    assert rows
    for number, row in enumerate(rows):
        found = client.get("search", query=query, sort=sort, keep=row["id"], limit=0)
        assert found["place"] == number
    assert client.get("search", query="lang:xh", keep=rows[0]["id"])["place"] is None


def test_the_last_added_come_first_when_asked_so(client):
    added = [row["id"] for row in client.get("search", query="", sort="added")["rows"]]
    first = client.get("search", query="ferry engines", sort="relevance")["rows"][0]["id"]
    assert added[-1] == first  # the first line of the pile


def test_articles_are_written_to_files_and_come_back(client, tmp_path):
    target = tmp_path / "out.jsonl"
    assert client.get("export", query="ferry lang:en", path=str(target))["exported"] == 1
    (line,) = target.read_text("utf-8").splitlines()
    assert json.loads(line)["title"] == "Night ferry returns to the strait"
    again = client.ask("export", query="", path=str(target))["error"]["message"]
    assert "is there already" in again
    assert client.get("export", query="", path=str(tmp_path / "all.md"))["exported"] == 5
    assert "# Night ferry returns to the strait" in (tmp_path / "all.md").read_text("utf-8")
    assert "called .jsonl" in client.ask("export", query="", path="x.exe")["error"]["message"]
    nowhere = client.ask("export", query="", path=str(tmp_path / "no" / "x.txt"))["error"]
    assert "cannot be written" in nowhere["message"]


def test_two_imports_asked_at_once_wait_for_each_other(archive, tmp_path):
    archive.close()
    client = Client(archive.home.folder)
    paths = []
    for name in ("one", "two", "three"):
        path = tmp_path / f"{name}.txt"
        path.write_text(f"The observatory of {name} opened its dome again; the queue was long.")
        paths.append(path)
    numbers = [client.send("import", paths=[str(path)]) for path in paths]
    replies = [client.reply(number) for number in numbers]
    assert [reply["result"]["added"] for reply in replies] == [1, 1, 1]
    assert client.close() == 0


def test_what_another_program_imports_is_noticed(archive, tmp_path):
    archive.close()
    home = archive.home
    client = Client(home.folder)
    assert client.get("search", query="observatory")["total"] == 0
    path = tmp_path / "news.txt"
    path.write_text("The observatory opened its dome again on Monday, and the queue was long.")
    line = [sys.executable, "-m", "tui", "--archive", str(home.folder), "import", str(path)]
    subprocess.run(line, check=True, capture_output=True)
    told = {"event": "changed", "articles": len(ARTICLES) + 1, "elsewhere": True}
    while told not in client.events:
        client.events.append(client.message())
    while not client.get("search", query="observatory")["total"]:
        client.events.append(client.message())
    assert client.close() == 0


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("ferry la", ["lang:"]),
        ("lang:ukr", ["uk"]),
        ("-lang:u", ["uk"]),
        ("lang:en,u", ["uk"]),
        ("is:un", ["unread"]),
        ("date:und", ["undated"]),
        ("source:harb", ['"Harbour Post"']),
        ('source:"harbour p', ['"Harbour Post"']),
        ('source:"Harbour Post" lang:u', ["uk"]),
        ("zzz", []),
        ("colour:re", []),
    ],
)
def test_what_is_typed_completes_itself_to_what_there_is(client, text, items):
    found = client.get("complete", text=text, at=len(text))
    assert [one["insert"] for one in found["items"]][: len(items) or None] == items
    if items:
        whole = text[: found["start"]] + items[0] + text[found["end"] :]
        assert "result" in client.ask("search", query=whole)


def test_completions_tell_how_many_articles_there_are(client):
    items = client.get("complete", text="lang:", at=5)["items"]
    assert items[0] == {"insert": "en", "label": "English", "articles": 2}


@pytest.mark.parametrize("text", ["", "short", "word " * 60_000, "字" * 250_000])
def test_a_long_paragraph_is_marked_in_portions_that_make_it_whole(text):
    parts = list(_portions(text))
    assert "".join(part for _at, part in parts) == text
    assert all(text.startswith(part, at) and len(part) <= 100_000 for at, part in parts)
    assert all(part.endswith(("d ", "字")) for _at, part in parts[:-1])
