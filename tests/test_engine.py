"""The engine, as the reader and other programs speak to it: a real process, JSON lines."""

import json
import subprocess
import sys

import pytest

from index.archive import Archive
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
