"""Files that mean harm: each gives an article or a reason in the ledger, in bounded memory.

`python -m tools.hostile` measures all of them, with the large ones: docs/durability.md.
"""

import gzip
import json
import lzma
import os
import sqlite3
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
import zstandard

from index.model import Document
from index.sources import read
from tools.hostile import _no_files, _plain

from .test_archive import imported

SMALL = {
    "entities.xhtml", "external.html", "outside.jsonl", "zeros.txt", "number.jsonl",
    "brackets.jsonl", "attributes.html", "objects.jsonl",
}  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    for name, data in _plain():
        if name in SMALL:
            (folder / name).write_bytes(data)
    return folder


def test_what_is_odd_is_taken_in_and_told_of(archive, tmp_path):
    lines = (
        b'{"title": "The quay is closed", "text": ""}',
        b'{"text": "A half of a pair \\ud800 stood in it."}',
        b'{"text": "17 04 91 2026-02-20"}',
    )
    (tmp_path / "odd.jsonl").write_bytes(b"\n".join(lines))
    (tmp_path / "deep.html").write_bytes(b"<div>" * 3_000 + b"The quay was closed for a day.")
    (tmp_path / "empty.html").write_bytes(b"<table><tr><td>" * 50)
    names = ("odd.jsonl", "deep.html", "empty.html")
    items = imported(archive, *(tmp_path / name for name in names))
    assert [item.status for item in items] == ["added"] * 5
    assert [item.reason for item in items] == [
        "there is only a title",
        "some characters could not be read in its encoding",
        "No prose was found, so that everything was kept",
        "The page is damaged, so that its text was read without its structure",
        "No prose was found, so that everything was kept",
    ]
    assert [item.reason for item in archive.catalog.ledger.items(2)] == [i.reason for i in items]


def reasons(*paths):
    return [str(item) for item in read([str(path) for path in paths])]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("attributes.html", "has a tag with more than 4000 attributes"),
        ("zeros.txt", "is not text"),
        ("brackets.jsonl", "is nested too deeply"),
        ("objects.jsonl", "is nested too deeply"),
    ],
)
def test_what_is_absurd_is_refused_with_its_reason(files, archive, name, reason):
    (item,) = imported(archive, files / name)
    assert (item.status, item.reason) == ("refused", reason)
    with sqlite3.connect(archive.home.catalog) as db:
        assert db.execute("SELECT reason FROM item").fetchall() == [(reason,)]
    db.close()


def test_entities_are_neither_expanded_nor_fetched(files, archive):
    for name in ("entities.xhtml", "external.html"):
        (item,) = imported(archive, files / name)
        assert "entities of its own" in item.reason
        kept = archive.get(item.id).article
        text = " ".join(block.text for block in kept.cleaned.blocks)
        assert text.count("bomb") < 3
        assert Path("/etc/hostname").read_text().strip() not in text


def test_only_regular_files_are_opened(tmp_path):
    for path in _no_files(tmp_path):
        if path.name in {"pipes", "devices", "s"}:
            said = set(reasons(path)) - {"cannot be unpacked or read: Input/output error"}
            assert said == {"is not a regular file"}, path
        elif path.name == "slip.zip":
            assert reasons(path) == ["is an archive: unpack it, then import the folder"]
        elif path.name == "loop":
            (said,) = reasons(path)
            assert "cannot be read" in said


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (900 * 2**20, 900 * 2**20))
from index.sources import read
for item in read(sys.argv[1:]):
    print(item)
"""


def bombs(folder):
    zeros = bytes(2**20)
    (folder / "a.txt.gz").write_bytes(gzip.compress(zeros * 20, 1))
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(b" " * 80 * 2**20, 1))
    (folder / "c.txt.xz").write_bytes(lzma.compress(zeros * 20, preset=0))
    (folder / "d.txt.zst").write_bytes(zstandard.ZstdCompressor().compress(zeros * 20))
    small = [{"id": lzma.FILTER_LZMA2, "dict_size": 4096}]
    header = bytearray(lzma.compress(b"tide", filters=small))
    header[16] = 38  # asks for a dictionary of two gigabytes
    header[20:24] = zlib.crc32(bytes(header[12:20])).to_bytes(4, "little")
    (folder / "e.txt.xz").write_bytes(header)
    parameters = zstandard.ZstdCompressionParameters(window_log=30)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    (folder / "f.txt.zst").write_bytes(packer.compress(b"tide") + packer.flush())


@pytest.mark.slow
def test_bombs_are_refused_in_bounded_memory(tmp_path):
    bombs(tmp_path)
    command = [sys.executable, "-c", LIMITED, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    a, b, c, d, e, f = done.stdout.splitlines()
    assert a == c == d == "is larger than 16 MB"
    assert "longer than 32 MB" in b
    assert "cannot be unpacked" in e
    assert "emory" in e
    assert "cannot be unpacked" in f


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.txt", "x\n" * 300_002, "has more than 300000 lines"),
        ("a.html", "<p>x" * 400_001, "has more than 400000 tags"),
        ("a.txt", "🚢" + "a" * (2**22 + 2**10), "has more text than 16 MB hold"),
        ("a.jsonl", json.dumps({"text": "x\n" * 300_002}), "has more than 300000 lines"),
    ],
)
def test_what_would_take_too_much_memory_is_refused(tmp_path, name, text, reason):
    (tmp_path / name).write_text(text)
    assert reasons(tmp_path / name) == [reason]


def test_a_file_that_changes_under_us_is_an_article_or_a_reason(tmp_path):
    (tmp_path / "a.txt").write_text("The tide was high. " * 400)
    (tmp_path / "b.txt").write_text("The quay was closed. " * 400)
    found = read([str(tmp_path)])
    assert isinstance(next(found), Document)
    (tmp_path / "b.txt").unlink()
    os.mkfifo(tmp_path / "b.txt")
    assert [str(item) for item in found] == ["is not a regular file"]


@pytest.mark.parametrize("parts", [1, 3])
def test_an_xz_file_may_hold_several_streams_and_padding(tmp_path, parts):
    text = b"The tide was high, and the boats lay at the quay. " * 9000
    path = tmp_path / "a.txt.xz"
    path.write_bytes(b"\0\0\0\0".join([lzma.compress(text)] * parts))
    (found,) = read([str(path)])
    assert found.original == text * parts
    path.write_bytes(lzma.compress(text)[:-20])
    assert "cannot be unpacked" in reasons(path)[0]
