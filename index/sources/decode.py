"""From bytes to text: the encoding is found, not assumed, and what had to be repaired is said."""

import codecs
import re
from typing import NamedTuple

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]{2,40})"""
    rb"""|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
# Browsers read these as their Windows supersets (WHATWG Encoding Standard).
_SUPERSETS = {"iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
_SAMPLE = 2**16

DAMAGED = "some characters could not be read in its encoding"
LYING = "its encoding is not the one it declares"


class Decoded(NamedTuple):
    """Text, the encoding it was read in, and what was wrong with it ("" for nothing)."""

    text: str
    encoding: str
    problem: str


def decode(data: bytes, encoding: str = "", *, declared: bool = False) -> Decoded:
    """`data` as text: by its BOM, as UTF-8, as an HTML head declares (`declared`), or by detection.

    Never fails: what no encoding explains is read as the likeliest with U+FFFD in the gaps, and
    said. `encoding`, where given, is taken first.
    """
    says = _declared(data) if declared else ""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _lenient(data, name)
    for name in (encoding, "utf-8", says):
        text = _strict(data, name)
        if text is not None:
            lying = says not in {"", name, "ascii"} and name == "utf-8" and not data.isascii()
            return Decoded(text, name, LYING if lying else "")
    guess = _detected(data)
    decoded = _lenient(data, guess)
    return decoded._replace(problem=LYING) if says and not decoded.problem else decoded


def looks_binary(data: bytes) -> bool:
    """Whether `data` is no text in any encoding: NUL bytes outside UTF-16/32, or many controls."""
    head = data[:_SAMPLE]
    if head.startswith(tuple(mark for mark, _ in _BOMS[1:])):
        return False
    if b"\0" in head:
        return True
    controls = sum(head.count(bytes([c])) for c in range(32) if c not in b"\t\n\r\x0c\x1b\x08")
    return controls > len(head) // 20


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data[:4096])
    if not found:
        return ""
    try:
        name = codecs.lookup((found[1] or found[2]).decode("ascii", "replace")).name
    except (LookupError, ValueError):
        return ""
    # Browsers read these as their Windows supersets (WHATWG Encoding Standard).
    return {
        "iso8859-1": "cp1252",
        "iso8859-9": "cp1254",
        "gb2312": "gb18030",
        "gbk": "gb18030",
    }.get(name, name)


def _strict(data: bytes, name: str) -> str | None:
    if not name:
        return None
    try:
        return data.decode(name)
    except (UnicodeError, LookupError):
        return None


def _lenient(data: bytes, name: str) -> Decoded:
    text = _strict(data, name)
    if text is not None:
        return Decoded(text, name, "")
    return Decoded(data.decode(name, "replace"), name, DAMAGED)


def _detected(data: bytes) -> str:
    """The likeliest legacy encoding; UTF-8 where most of it is UTF-8 with a few damaged bytes."""
    readable = data[:_SAMPLE].decode("utf-8", "ignore")
    if len(readable.encode()) > 0.98 * len(data[:_SAMPLE]) and not readable.isascii():
        return "utf-8"
    from charset_normalizer import from_bytes  # noqa: PLC0415 - 30 ms, and nearly all is UTF-8

    best = from_bytes(data[:_SAMPLE]).best()
    return best.encoding if best else "cp1252"
