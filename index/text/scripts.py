"""The scripts that the letters of a text are in, and the languages each script can be."""

import bisect
import re
from collections import Counter

# Unicode blocks of letters, [first, last], in order. Marks count with their script.
_BLOCKS = (
    (0x0041, 0x005A, "Latn"), (0x0061, 0x007A, "Latn"), (0x00AA, 0x00AA, "Latn"),
    (0x00BA, 0x00BA, "Latn"), (0x00C0, 0x024F, "Latn"), (0x0250, 0x02AF, "Latn"),
    (0x0370, 0x03FF, "Grek"), (0x0400, 0x052F, "Cyrl"), (0x0530, 0x058F, "Armn"),
    (0x0590, 0x05FF, "Hebr"), (0x0600, 0x06FF, "Arab"), (0x0700, 0x074F, "Syrc"),
    (0x0750, 0x077F, "Arab"), (0x0780, 0x07BF, "Thaa"), (0x08A0, 0x08FF, "Arab"),
    (0x0900, 0x097F, "Deva"), (0x0980, 0x09FF, "Beng"), (0x0A00, 0x0A7F, "Guru"),
    (0x0A80, 0x0AFF, "Gujr"), (0x0B00, 0x0B7F, "Orya"), (0x0B80, 0x0BFF, "Taml"),
    (0x0C00, 0x0C7F, "Telu"), (0x0C80, 0x0CFF, "Knda"), (0x0D00, 0x0D7F, "Mlym"),
    (0x0D80, 0x0DFF, "Sinh"), (0x0E00, 0x0E7F, "Thai"), (0x0E80, 0x0EFF, "Laoo"),
    (0x0F00, 0x0FFF, "Tibt"), (0x1000, 0x109F, "Mymr"), (0x10A0, 0x10FF, "Geor"),
    (0x1100, 0x11FF, "Hang"), (0x1200, 0x139F, "Ethi"), (0x1780, 0x17FF, "Khmr"),
    (0x1800, 0x18AF, "Mong"), (0x1C80, 0x1C8F, "Cyrl"), (0x1C90, 0x1CBF, "Geor"),
    (0x1D00, 0x1DBF, "Latn"), (0x1E00, 0x1EFF, "Latn"), (0x1F00, 0x1FFF, "Grek"),
    (0x2C60, 0x2C7F, "Latn"), (0x2DE0, 0x2DFF, "Cyrl"), (0x3040, 0x30FF, "Kana"),
    (0x3105, 0x312F, "Bopo"), (0x3130, 0x318F, "Hang"), (0x31F0, 0x31FF, "Kana"),
    (0x3400, 0x4DBF, "Hani"), (0x4E00, 0x9FFF, "Hani"), (0xA640, 0xA69F, "Cyrl"),
    (0xA720, 0xA7FF, "Latn"), (0xAC00, 0xD7FF, "Hang"), (0xF900, 0xFAFF, "Hani"),
    (0xFB00, 0xFB06, "Latn"), (0xFB1D, 0xFB4F, "Hebr"), (0xFB50, 0xFDFF, "Arab"),
    (0xFE70, 0xFEFF, "Arab"), (0xFF21, 0xFF5A, "Latn"), (0xFF66, 0xFF9F, "Kana"),
    (0x20000, 0x323AF, "Hani"),
)  # fmt: skip
_STARTS = [block[0] for block in _BLOCKS]

ONLY = {
    "Grek": "el", "Armn": "hy", "Geor": "ka", "Thai": "th", "Laoo": "lo", "Khmr": "km",
    "Mymr": "my", "Taml": "ta", "Telu": "te", "Knda": "kn", "Mlym": "ml", "Sinh": "si",
    "Gujr": "gu", "Guru": "pa", "Orya": "or", "Hang": "ko", "Kana": "ja",
}  # fmt: skip
"""Scripts that only one of the languages of news is written in."""

LANGUAGES = {
    "Cyrl": "be bg kk ky mk mn ru sr tg tt uk",
    "Arab": "ar fa ps ug ur",
    "Deva": "hi mr ne",
    "Beng": "as bn",
    "Ethi": "am",
    "Hebr": "he",
    "Hani": "zh",
    "Latn": "af az bs ca cs cy da de en es et eu fi fo fr ga gl ha hr hu id ig is it lb lg ln"
    " lt lv mg ms mt nl nn no om pl pt rn ro rw sk sl sn so sq sr sv sw tl tr uz vi xh yo zu",
}
"""For the other scripts, the languages of news (py3langid's labels) that are written in them."""


class _Scripts(dict[str, str]):
    """The scripts of characters, each worked out at its first meeting."""

    def __missing__(self, char: str) -> str:
        point = ord(char)
        at = bisect.bisect_right(_STARTS, point) - 1
        found = ""
        if at >= 0 and point <= _BLOCKS[at][1] and (char.isalpha() or point > 0x02AF):
            found = _BLOCKS[at][2]
        self[char] = found
        return found


_SCRIPTS = _Scripts()


def script_of(char: str) -> str:
    """The ISO 15924 code of a letter's script, or "" for other characters."""
    return _SCRIPTS[char]


def scripts(text: str) -> Counter[str]:
    """How many letters of each script `text` has."""
    found: Counter[str] = Counter()
    for char, count in Counter(text).items():
        if script := script_of(char):
            found[script] += count
    return found


def is_traditional(text: str) -> bool:
    """Whether Chinese `text` is in traditional characters.

    GB 2312 encodes the simplified ones, Big5 the traditional: what only one of them has, tells.
    """
    simplified = traditional = 0
    for char, count in Counter(text).items():
        if script_of(char) == "Hani":
            in_gb, in_big5 = _encodes(char, "gb2312"), _encodes(char, "big5")
            simplified += count * (in_gb and not in_big5)
            traditional += count * (in_big5 and not in_gb)
    return traditional > simplified


def _encodes(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


_LATIN = "ABCEHIJKMOPSTXYaceijopsxy"
_CYRILLIC = "АВСЕНІЈКМОРЅТХУасеіјорѕху"
_CYRILLIC_LETTER = re.compile("[\u0400-\u052f]")
_LOOKALIKES = str.maketrans(_LATIN, _CYRILLIC)
_MIXED = re.compile(
    rf"(?=[{_LATIN}]*[\u0400-\u052f])[{_LATIN}\u0400-\u052f]*[{_LATIN}][{_LATIN}\u0400-\u052f]*"
)


def unmixed(text: str) -> str:
    """`text` with the Latin letters inside Cyrillic words that only look Cyrillic made so.

    Some keyboards and some tricksters mix them: a word of both scripts belongs to neither.
    """
    if not _CYRILLIC_LETTER.search(text):
        return text
    return _MIXED.sub(lambda match: match.group().translate(_LOOKALIKES), text)
