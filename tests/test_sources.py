"""Reading what people have: any file gives documents or a reason, and nothing ends the batch."""

import gzip
import json
import lzma
import os
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import SourceError
from index.model import Document, Form, Stated
from index.sources import Meter, files, read, reread
from index.sources.decode import decode


def documents(*paths):
    found = list(read([str(path) for path in paths]))
    assert all(isinstance(item, Document) for item in found), found
    return found


def refusals(*paths):
    found = list(read([str(path) for path in paths]))
    assert all(isinstance(item, SourceError) for item in found), found
    return [str(item) for item in found]


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.txt", bytes),
        ("a.txt.gz", gzip.compress),
        ("a.txt.xz", lzma.compress),
        ("a.txt.zst", zstandard.ZstdCompressor().compress),
        ("a", bytes),
        ("lying-name.gz", bytes),
    ],
)
def test_a_text_file_is_an_article_however_it_is_packed(tmp_path, name, pack):
    (tmp_path / name).write_bytes(pack("Пором відходить опівдні.\n".encode()))
    (document,) = documents(tmp_path / name)
    assert document.content == "Пором відходить опівдні.\n"
    assert document.form is Form.TEXT
    assert not document.is_html


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-u", "utf-16-be"]
)
def test_the_encoding_is_found(tmp_path, encoding):
    text = (
        "Міська рада ухвалила новий бюджет, і громада одразу почала його обговорювати. "
        "Найбільше запитань було про ремонт мосту, який зачинили ще восени."
    ) * 3
    data = text.encode(encoding)
    if encoding == "utf-16-be":
        data = b"\xfe\xff" + data
    (tmp_path / "a.txt").write_bytes(data)
    (document,) = documents(tmp_path / "a.txt")
    assert document.content.lstrip("\ufeff") == text
    assert document.problems == ()


def test_a_page_is_read_in_the_encoding_it_declares(tmp_path):
    page = '<html><head><meta charset="windows-1251"></head><body><p>Місто чекає</p></body></html>'
    (tmp_path / "a.html").write_bytes(page.encode("cp1251"))
    (document,) = documents(tmp_path / "a.html")
    assert "Місто чекає" in document.content
    assert document.is_html


def test_a_lying_declaration_is_said(tmp_path):
    page = '<html><head><meta charset="windows-1251"></head><body><p>Місто чекає</p></body></html>'
    (tmp_path / "a.html").write_bytes(page.encode())
    (document,) = documents(tmp_path / "a.html")
    assert "Місто чекає" in document.content
    assert document.problems == ("its encoding is not the one it declares",)


def test_a_page_cut_short_is_read_and_said(tmp_path):
    (tmp_path / "a.html").write_text("<html><body><p>The ferry left at noon and")
    (document,) = documents(tmp_path / "a.html")
    assert document.problems == ("the page breaks off before its end",)


def test_damaged_bytes_are_said():
    assert decode("Міст зачинено".encode() * 40 + b"\xff").problem


def test_jsonl_gives_an_article_a_line(tmp_path):
    lines = [
        {
            "id": "a",
            "text": "One.",
            "title": "T",
            "date": "2026-01-02",
            "lang": "en",
            "source": "S",
        },
        {"url": "https://example.org/b", "html": "<p>Two.</p>", "author": ["A", "B"]},
        {"text": "Three."},
    ]
    path = tmp_path / "dump.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines))
    one, two, three = documents(path)
    assert one.stated == Stated(id="a", title="T", date="2026-01-02", language="en", source="S")
    assert one.origin == f"{path}:1"
    assert two.is_html
    assert two.stated.author == "A, B"
    assert three.content == "Three."


def test_a_broken_line_is_refused_and_the_rest_goes_on(tmp_path):
    path = tmp_path / "dump.jsonl"
    path.write_bytes(
        b'{"text": "One."}\n{"text": "Tw\n[1]\n{"title": "no text"}\n\n{"text": "Last."}'
    )
    found = list(read([str(path)]))
    assert [type(item) for item in found] == [
        Document,
        SourceError,
        SourceError,
        SourceError,
        Document,
    ]
    assert found[1].origin.endswith(":2")
    assert "JSON" in str(found[1])


def test_an_id_that_comes_twice_names_two_items(tmp_path):
    path = tmp_path / "dump.jsonl"
    path.write_text('{"id": 1, "text": "One."}\n{"id": 1, "text": "Other."}\n')
    one, other = documents(path)
    assert one.identity != other.identity
    assert [d.identity for d in documents(path)] == [one.identity, other.identity]


def test_an_html_path_stays_in_its_folder(tmp_path):
    (tmp_path / "secret.html").write_text("<p>secret</p>")
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "page.html").write_text("<p>The page.</p>")
    (folder / "link.html").symlink_to(tmp_path / "secret.html")
    names = ["page.html", "../secret.html", "link.html", "/etc/hostname", "missing.html", "a\0b"]
    path = folder / "dump.jsonl"
    path.write_text("\n".join(json.dumps({"html_path": name}) for name in names))
    found = list(read([str(path)]))
    assert isinstance(found[0], Document)
    assert all(isinstance(item, SourceError) for item in found[1:])


def test_json_that_is_no_list_of_articles_is_one_refusal(tmp_path):
    (tmp_path / "settings.json").write_text('{\n "a": 1,\n "b": 2\n}')
    assert len(refusals(tmp_path / "settings.json")) == 1


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \n\t \n", "has no text in it"),
        ("binary.txt", bytes(range(256)) * 20, "is not text"),
        ("broken.gz", b"\x1f\x8b\x08\x00garbage", "cannot be unpacked"),
        ("pile.zip", b"PK\x03\x04", "is an archive"),
    ],
)
def test_what_is_no_article_is_refused_with_a_reason(tmp_path, name, data, why):
    (tmp_path / name).write_bytes(data)
    (said,) = refusals(tmp_path / name)
    assert why in said


def test_a_missing_file_is_refused(tmp_path):
    assert refusals(tmp_path / "nowhere.txt") == ["there is no such file or folder"]


def test_a_folder_is_walked_in_order_without_traps(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.txt").write_text("Two.")
    (tmp_path / "a.txt").write_text("One.")
    (tmp_path / ".hidden.txt").write_text("Hidden.")
    (tmp_path / "style.css").write_text("p {}")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    found = list(read([str(tmp_path)]))
    assert [item.content for item in found if isinstance(item, Document)] == ["One.", "Two."]
    refused = {Path(item.origin).name for item in found if isinstance(item, SourceError)}
    assert refused == {"pipe.txt", "style.css"}


def test_too_large_a_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LARGEST_FILE", 1000)
    (tmp_path / "bomb.txt.gz").write_bytes(gzip.compress(b"a" * 100_000))
    (said,) = refusals(tmp_path / "bomb.txt.gz")
    assert "larger than" in said


def test_too_long_a_line_is_refused_and_the_next_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LONGEST_LINE", 100)
    path = tmp_path / "dump.jsonl"
    path.write_text(json.dumps({"text": "a" * 5000}) + '\n{"text": "Next."}\n')
    refused, document = read([str(path)])
    assert isinstance(refused, SourceError)
    assert document.content == "Next."


def test_hostile_file_names_are_shown_safely(tmp_path):
    path = tmp_path / "a\x1b[2J\u202e.txt"
    path.write_text("")
    (refused,) = read([str(path)])
    assert "\x1b" not in refused.origin
    assert "\u202e" not in refused.origin


def test_progress_reaches_the_end(tmp_path):
    (tmp_path / "a.txt").write_text("One.")
    (tmp_path / "b.txt").write_text("Two.")
    meter = Meter()
    fractions = [meter.fraction for _ in read([str(tmp_path)], meter)]
    assert fractions == sorted(fractions)
    assert meter.fraction == 1.0


def test_a_kept_original_is_read_again_as_it_was(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": 7, "text": "Seven.", "title": "T"}')
    (tmp_path / "b.html").write_bytes("<html><body>Ґанок</body></html>".encode("cp1251"))
    for document in documents(tmp_path):
        again = reread(
            document.form, document.encoding, document.original, document.origin,
            document.identity, document.stated,
        )  # fmt: skip
        assert again == document


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=400), name=st.sampled_from(["a.txt", "a.html", "a.jsonl", "a", "a.gz"])
)
def test_any_bytes_give_documents_or_reasons(tmp_path, data, name):
    (tmp_path / name).write_bytes(data)
    for item in read([str(tmp_path / name)]):
        assert isinstance(item, Document | SourceError)
        if isinstance(item, Document):
            item.content.encode()
