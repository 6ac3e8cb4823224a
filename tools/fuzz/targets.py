"""What is fuzzed: each target takes any bytes, and fails where a promise is broken.

An expected failure (a `NewsreaderError`) is an answer; any other exception is a find. Besides not
failing, each target checks what its room promises: nothing lost, nothing unsafe, the same again.
"""

import io
import json
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from index.archive import Archive
from index.catalog import packing
from index.clean import clean, clean_all
from index.dates import parse_range
from index.engine import Engine
from index.errors import NewsreaderError, QueryError, SourceError
from index.model import Document, Query, Stated
from index.places import Home
from index.search.fulltext import FullText
from index.search.highlight import highlight
from index.search.query import parse, with_options
from index.sources import html, read, reread, text
from index.text.mojibake import unmangled
from index.text.safe import safe_line, safe_text, safe_url, split_lines
from tools.fuzz import seeds
from tui import answers

TODAY = date(2026, 2, 20)
_UNSAFE = [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_NEVER = frozenset(map(chr, _UNSAFE)) - {"\n"}


@dataclass(frozen=True, slots=True)
class Target:
    """A target: its function, inputs to begin with, and the longest input that is tried."""

    run: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    longest: int = 4096


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz-"))


# ---- sources

NAMES = ("a.txt", "a.html", "a.jsonl", "a.json", "a", "a.gz", "a.xz", "a.jsonl.zst")


def sources(data: bytes) -> None:
    """Any file gives documents or reasons; a document reads the same from what is kept of it."""
    if not data:
        return
    path = _folder() / NAMES[data[0] % len(NAMES)]
    path.write_bytes(data[1:])
    for item in read([str(path)]):
        if isinstance(item, SourceError):
            assert safe_line(str(item)) == str(item), "a reason is not safe"
            continue
        item.content.encode()
        again = reread(
            item.form, item.encoding, item.original, item.origin, item.identity, item.stated
        )
        assert isinstance(again, Document), "what was read once is refused"
        assert again.content == item.content, "what is kept reads otherwise"


# ---- the cleaner


def _squeezed(text: str) -> str:
    return "".join(text.split())


def cleaner(data: bytes) -> None:
    """Any text is cleaned, alone as in company; none of it is lost; what is found can be kept."""
    if not data:
        return
    as_page, content = data[0] % 2 == 1, data[1:]
    form = html.document if as_page else text.document
    found = form(content, "fuzz", "fuzz", Stated())
    if isinstance(found, SourceError):
        return
    cleaned = clean(found)
    if not as_page:
        seen = _squeezed("".join(block.text for block in cleaned.blocks))
        was = _squeezed("".join(safe_line(line) for line in split_lines(unmangled(found.content))))
        assert seen == was, "text is lost"
        halves = found.content[: len(found.content) // 2], found.content[len(found.content) // 2 :]
        company = [(replace(found, content=half), None) for half in (*halves, found.content)]
        assert clean_all(company)[-1] == cleaned, "company changes what comes out"
    said = packing.cleaned_json(cleaned)
    kept = packing.cleaned(said, cleaned.title, cleaned.byline, cleaned.date, cleaned.date_from)
    assert kept == cleaned, "what was found is kept otherwise"
    shown = [block.text for block in cleaned.blocks]
    shown += [cleaned.title or "", cleaned.byline or "", *cleaned.attribution]
    assert not _NEVER.intersection("".join(shown)), "an unsafe character is left"


# ---- safe text


def safe(data: bytes) -> None:
    """What passed once is safe, and passes again unchanged."""
    said = data.decode("utf-8", "surrogateescape")
    once = safe_text(said)
    assert safe_text(once) == once, "not idempotent"
    assert not _NEVER.intersection(once), "an unsafe character is left"
    line = safe_line(said)
    assert safe_line(line) == line, "a line is not idempotent"
    assert "\n" not in line, "a line breaks"
    line.encode()
    url = safe_url(said)
    assert url is None or safe_url(url) == url, "an address changes"
    latin = safe_text(data.decode("latin-1"))
    assert not _NEVER.intersection(latin), "an unsafe character is left of Latin-1"


# ---- the query language


def query(data: bytes) -> None:
    """Any text is a query or a QueryError that points into it; its echo means the same."""
    said = data.decode("utf-8", "replace")
    try:
        parsed = parse(said, today=TODAY)
    except QueryError as error:
        assert 0 <= error.at <= error.end <= len(said), "an error points beside the query"
        assert str(error), "an error without words"
    else:
        again = parse(parsed.understood, today=TODAY)
        assert again.tree == parsed.tree, "the echo means something else"
        spans = highlight(parsed, safe_line(said), language="uk")
        assert all(0 <= a < b <= len(safe_line(said)) for a, b in spans), "marked beside the text"
        with suppress(QueryError):
            asked = Query(said[:5], (said[:3],), said[:8], said[-8:], said[:9])
            with_options(parsed, asked, today=TODAY, locale="uk")
    with suppress(NewsreaderError):
        found = parse_range(said, "uk", TODAY)
        assert found.start is None or found.end is None or found.start <= found.end, "no range"


# ---- the engine and those it talks to


@cache
def _archive() -> Home:
    home = Home(_folder() / "archive", _folder() / "archive" / "index")
    pile = _folder() / "pile.jsonl"
    pile.write_bytes(b"\n".join(seeds.ARTICLES))
    with Archive(home) as archive:
        for _ in archive.importing([str(pile)], workers=0):
            pass
    return home


class _Engine(Engine):
    """An engine that imports nothing: fuzzing must not read the machine's files."""

    def _start_importer(self, arguments: list[str], number: object) -> None:
        self._importer = None
        if number is not None:
            self._fail(number, "usage", "not while fuzzing")

    def talk(self, requests: bytes) -> bytes:
        """What is answered to `requests`."""
        self._requests, self._replies = io.BytesIO(requests), io.BytesIO()
        self._is_warm = True
        self._read()
        while (request := self._next()) is not None:
            self._answer(request)
        return self._replies.getvalue()


@cache
def _engine() -> _Engine:
    return _Engine(_archive(), "en", io.BytesIO(), io.BytesIO())


def engine(data: bytes) -> None:
    """Any lines are answered with JSON lines that a reader understands; none fails inside."""
    for line in _engine().talk(data).splitlines():
        reply = json.loads(line)
        assert isinstance(reply, dict), "a reply that is no object"
        error = reply.get("error")
        if error is None:
            continue
        assert error["kind"] != "internal", "the engine failed inside"
        assert not _NEVER.intersection(error["message"]), "an unsafe character in an error"
        answers.error_of(error)


def replies(data: bytes) -> None:
    """Whatever an engine may say is understood, with nothing unsafe left, or refused."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(said, dict):
        return
    for read_as in (
        lambda: answers.answer_of("asked", said),
        lambda: answers.reading_of(said),
        lambda: answers.event_of(said),
        lambda: answers.refused_of(said),
        lambda: answers.error_of(said),
    ):
        # The client takes these for an answer that cannot be read.
        with suppress(NewsreaderError, *_UNREADABLE):
            _all_safe(read_as())


_UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, OverflowError)


def _all_safe(found: Any) -> None:
    if isinstance(found, str):
        assert not _NEVER.intersection(found), "an unsafe character is left"
    elif isinstance(found, dict):
        for name, value in found.items():
            _all_safe(name)
            _all_safe(value)
    elif isinstance(found, tuple | list):
        for part in found:
            _all_safe(part)
    elif hasattr(found, "__dataclass_fields__"):
        for name in found.__dataclass_fields__:
            if name != "text" or not isinstance(found, answers.Answer):
                _all_safe(getattr(found, name))


# ---- files of the index

ASKED = (
    "ferry",
    "пором OR мост",
    "repair*",
    '"night ferry"',
    "lang:sr",
    "date:2026-02",
    "",
    "bot~",
)


def _found(index: FullText) -> list[object]:
    hits = [index.search(parse(asked, today=TODAY)) for asked in ASKED]
    return [(hit.total, hit.keys, hit.scores, hit.facets) for hit in hits]


@cache
def _index() -> tuple[dict[str, bytes], list[object]]:
    folder = _archive().index
    index = FullText(folder)
    found = _found(index)
    index.close()
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.stat().st_size}
    return files, found


def segment(data: bytes) -> None:
    """An index damaged anywhere is noticed, or answers as before.

    The input is a list of changes: four bytes of place and one to be put there, each; with an odd
    first byte the file is also cut off at the first place.
    """
    files, right = _index()
    folder = _folder() / "damaged"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    names = sorted(name for name in files if name.endswith((".seg", ".toc")))
    changed = {name: bytearray(files[name]) for name in names}
    for at in range(1, len(data) - 4, 5):
        place = int.from_bytes(data[at : at + 4], "little")
        chosen = changed[names[place % len(names)]]
        if chosen:
            chosen[place // len(names) % len(chosen)] = data[at + 4]
    if len(data) > 4 and data[0] % 2:
        chosen = changed[names[data[1] % len(names)]]
        del chosen[int.from_bytes(data[2:5], "little") % (len(chosen) + 1) :]
    for name in names:
        (folder / name).write_bytes(changed[name])
    index = FullText(folder)
    try:
        if index.needs_rebuild:
            return
        found = _found(index)
        assert index.needs_rebuild or found == right, "another answer from a damaged index"
    finally:
        index.close()


TARGETS = {
    "sources": Target(sources, seeds.files),
    "cleaner": Target(cleaner, seeds.pages, 8192),
    "safe": Target(safe, seeds.texts, 512),
    "query": Target(query, seeds.queries, 256),
    "engine": Target(engine, seeds.requests, 1024),
    "replies": Target(replies, seeds.replies, 2048),
    "segment": Target(segment, seeds.changes, 64),
}
