"""JSONL: one JSON object a line with text, html or html_path, and what is known beside it."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from index.errors import SourceError
from index.model import Document, Form, Stated
from index.sources import html
from index.sources.decode import DAMAGED, decode
from index.sources.files import Kind, Stream, open_stream
from index.sources.limits import LONGEST_LINE, refused

_NAMES = {
    "id": ("id",),
    "url": ("url",),
    "title": ("title",),
    "date": ("date",),
    "language": ("language", "lang"),
    "source": ("source",),
    "author": ("author",),
}


def read(stream: Stream) -> Iterator[Document | SourceError]:
    """The articles in `stream`, one a line; a broken line is a SourceError with its number.

    An item is known again by the file and its id (or url); an id that comes twice in one file
    names two items. A line without either is known by its bytes.
    """
    seen: Counter[str] = Counter()
    folder = stream.path.parent if stream.path else None
    for number, line in enumerate(stream.lines(), 1):
        origin = f"{stream.origin}:{number}"
        if line is None:
            yield SourceError(origin, "is longer than {mb} MB", mb=LONGEST_LINE // 2**20)
            continue
        line = line.rstrip(b"\r\n")  # noqa: PLW2901
        if not line.strip(b" \t\xef\xbb\xbf"):
            continue
        fields = _fields(line, origin)
        if isinstance(fields, SourceError):
            if number == 1 and stream.path and stream.path.suffix.lower() == ".json":
                # A document of JSON, not a list of lines: one refusal, not one a line.
                yield stream.error("is JSON, but not with one article a line (JSONL)")
                return
            yield fields
            continue
        stated = _stated(fields)
        name = stated.id or stated.url
        if name:
            seen[name] += 1
            again = f"~{seen[name]}" if seen[name] > 1 else ""
            identity = f"{stream.identity}#{name}{again}"
        else:
            identity = f"sha256:{sha256(line).hexdigest()}"
        if isinstance(fields.get("html_path"), str):
            yield _page(fields["html_path"], folder, origin, identity, stated)
        else:
            yield _item(line, fields, stated, origin, identity)


def parse(line: bytes, origin: str, identity: str) -> Document | SourceError:
    """The article in one line."""
    fields = _fields(line, origin)
    if isinstance(fields, SourceError):
        return fields
    return _item(line, fields, _stated(fields), origin, identity)


def _fields(line: bytes, origin: str) -> Mapping[str, object] | SourceError:
    decoded = decode(line)
    try:
        fields = json.loads(decoded.text)
    except ValueError as problem:
        where = getattr(problem, "colno", 0)
        return SourceError(origin, "is not valid JSON (column {column})", column=where)
    except RecursionError:
        return SourceError(origin, "is nested too deeply")
    if not isinstance(fields, dict):
        return SourceError(origin, "is not a JSON object")
    return {**fields, "": decoded.problem} if decoded.problem else fields


def _item(
    line: bytes, fields: Mapping[str, object], stated: Stated, origin: str, identity: str
) -> Document | SourceError:
    is_html = not isinstance(fields.get("text"), str) and isinstance(fields.get("html"), str)
    content = fields.get("html") if is_html else fields.get("text")
    if not isinstance(content, str):
        return SourceError(origin, "has neither text nor html")
    too_much = refused(content, origin, is_html=is_html)
    if too_much is not None:
        return too_much
    problems: tuple[str, ...] = (str(fields[""]),) if fields.get("") else ()
    if not content.strip():
        if not (stated.title or "").strip():
            return SourceError(origin, "has no text in it")
        problems += ("there is only a title",)
    whole = _whole(content)
    if whole != content:
        problems += (DAMAGED,)
    return Document(origin, identity, whole, is_html, Form.JSON, "utf-8", line, stated, problems)


def _page(
    name: object, folder: Path | None, origin: str, identity: str, stated: Stated
) -> Document | SourceError:
    """The page in a file of its own, which must lie in the JSONL file's folder or below it."""
    if folder is None:
        return SourceError(origin, "names an html_path, which standard input cannot have")
    try:
        base = folder.resolve()
        path = (base / str(name)).resolve()
    except (OSError, ValueError, RuntimeError):
        return SourceError(origin, "has an html_path that cannot be followed")
    if not path.is_relative_to(base):
        return SourceError(origin, "has an html_path outside its folder")
    try:
        with open_stream(path) as page:
            if page.kind is Kind.JSONL:
                return SourceError(origin, "has an html_path that is not a page")
            found = html.document(page.whole(), origin, identity, stated)
    except SourceError as error:
        return SourceError(origin, "its page " + error.template, **error.values)
    return found


def _stated(fields: Mapping[str, object]) -> Stated:
    values: dict[str, str | None] = {}
    for name, keys in _NAMES.items():
        value = next((fields[key] for key in keys if fields.get(key) not in (None, "")), None)
        if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            value = ", ".join(value)
        plain = isinstance(value, str | int | float) and not isinstance(value, bool)
        values[name] = _whole(str(value)) if plain else None
    return Stated(**values)


def _whole(text: str) -> str:
    """`text` without lone surrogates, which JSON can spell and no encoding can hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
