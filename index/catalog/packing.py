"""How documents and cleaned text are packed into rows, and unpacked again."""

import json

import zstandard

from index.errors import SourceError
from index.model import Block, Cleaned, Document, Form, Label, Stated
from index.sources import reread

_OPTIONAL = ("title_from", "byline_from", "section")
"""What may be missing: an older cleaner did not tell, or nothing is known."""


def document(
    form: str, encoding: str, original: bytes, origin: str, identity: str | None, stated: str,
    problems: str,
) -> Document:  # fmt: skip
    """The document kept in a row, read again from its original bytes."""
    data = unpacked(original)
    beside = Stated(**json.loads(stated))
    again = reread(Form(form), encoding, data, origin, identity or "", beside)
    if isinstance(again, SourceError):  # it was read once; say so rather than lose it
        text = data.decode(encoding, "replace")
        again = Document(origin, identity or "", text, False, Form(form), encoding, data, beside)
    return Document(
        origin, again.identity, again.content, again.is_html, again.form, again.encoding, data,
        beside, tuple(json.loads(problems)),
    )  # fmt: skip


def cleaned_json(cleaned: Cleaned) -> bytes:
    """What the cleaner found, as JSON, but for what has columns of its own."""
    blocks = [[b.n, b.text, b.label.value, b.reason, b.style] for b in cleaned.blocks]
    kept: dict[str, object] = {
        "blocks": blocks,
        "attribution": cleaned.attribution,
        "unsure": cleaned.unsure,
        **{name: value for name in _OPTIONAL if (value := getattr(cleaned, name))},
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def cleaned(
    data: bytes, title: str | None, byline: str | None, date: str | None, date_from: str | None
) -> Cleaned:
    """The reverse of `cleaned_json`, with the columns."""
    kept = json.loads(data)
    blocks = tuple(Block(n, text, Label(label), *rest) for n, text, label, *rest in kept["blocks"])
    return Cleaned(
        blocks, title, byline, date, date_from, tuple(kept["attribution"]), kept["unsure"],
        **{name: kept.get(name) for name in _OPTIONAL},
    )  # fmt: skip


def body(data: bytes) -> list[str]:
    """The paragraphs a person reads, out of `cleaned_json`."""
    return [block[1] for block in json.loads(data)["blocks"] if block[2] == Label.BODY.value]


def packed(data: bytes) -> bytes:
    """A zstandard frame of `data`."""
    return zstandard.ZstdCompressor(level=3).compress(data)


def unpacked(data: bytes) -> bytes:
    """The reverse of `packed`."""
    return zstandard.ZstdDecompressor().decompress(data)
