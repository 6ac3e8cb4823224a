"""Text that was read in the wrong encoding, made right again."""

import re
from typing import Final

_LATIN: Final = "".join(map(chr, range(0x80, 0xA0)))
_WINDOWS: Final = bytes(range(0x80, 0xA0)).decode("cp1252", "replace")
_SHOWN: Final = {
    ord(control): shown
    for control, shown in zip(_LATIN, _WINDOWS, strict=True)
    if shown != "\ufffd"
}
"""What browsers show for the C1 controls, as HTML has it: characters of Windows-1252."""
_BYTES: Final = {ord(shown): control for control, shown in _SHOWN.items()}
_CONTROL: Final = re.compile("[\x80-\x9f]")
_ENCODED: Final = re.compile(b"\xc2[\x80-\x9f]")
"""A C1 control in UTF-8, where it is found much faster."""
_LATER: Final = "[\x80-\xbf" + "".join(_SHOWN.values()) + "]"
_RUN: Final = re.compile(
    f"(?:[\xc2-\xdf]{_LATER}|[\xe0-\xef]{_LATER}{_LATER}|[\xf0-\xf4]{_LATER}{_LATER}{_LATER})+"
)
"""Bytes of UTF-8 beyond ASCII, each read as a character of Latin-1 or Windows-1252."""
_TELLING: Final = re.compile("\xe2\u20ac[\x9d\u2122\u02dc\u0153\u201c\u201d\u00a6\u00a2]")
"""A curly quote, a dash or dots in UTF-8 read as Windows-1252: no text means these characters."""
_TOLD: Final = "\xe2\u20ac".encode()
_MOST: Final = 0.8
"""The share of a text's C1 controls in bytes of UTF-8 from which it was read as Latin-1."""


def unmangled(text: str) -> str:
    """`text` with what is UTF-8 read as Latin-1 or Windows-1252 read as UTF-8.

    Left as it is unless its C1 controls, which no text means, or `_TELLING` show that it was.
    """
    if text.isascii():
        return text
    raw = text.encode("utf-8", "replace")
    if _ENCODED.search(raw):
        controls = len(_CONTROL.findall(text))
        inside = sum(len(_CONTROL.findall(run)) for run in _RUN.findall(text) if _read(run) != run)
        mangled = inside >= _MOST * controls
    else:
        mangled = _TOLD in raw and _TELLING.search(text) is not None
    return _RUN.sub(lambda run: _read(run[0]), text) if mangled else text


def _read(run: str) -> str:
    try:
        return run.translate(_BYTES).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return run


def shown(text: str) -> str:
    """`text` with C1 controls as browsers show them: a reference such as &#146; means a quote."""
    if text.isascii() or not _CONTROL.search(text):
        return text
    return text.translate(_SHOWN)
