"""One folding for index, query and highlighter: two words are equal when they fold to the same."""

import unicodedata

# Letters whose mark makes another letter, not an accent: й ї ў ѓ ќ. All other marks of Latin,
# Greek, Cyrillic, Arabic and Hebrew go; those of Indic and South-East Asian scripts are vowels.
_LETTERS = frozenset("йїўѓќ")
_ALONE = str.maketrans(
    {
        "ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "ŧ": "t", "ı": "i", "ĸ": "k", "ŋ": "n",
        "æ": "ae", "œ": "oe", "þ": "th", "ə": "e",
        "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ٱ": "ا", "ـ": None,
        "ґ": "ґ", "’": None, "'": None, "ʼ": None, "`": None, "‘": None, "´": None, "ʹ": None,
        "\u200c": None, "\u200d": None, "\u00ad": None,
    }
)  # fmt: skip


def _is_accent(mark: str) -> bool:
    point = ord(mark)
    return (
        0x0300 <= point <= 0x036F
        or 0x0483 <= point <= 0x0489
        or 0x0591 <= point <= 0x05C7
        or 0x0610 <= point <= 0x061A
        or 0x064B <= point <= 0x065F
        or point == 0x0670
        or 0x06D6 <= point <= 0x06ED
        or 0x1AB0 <= point <= 0x1AFF
        or 0x1DC0 <= point <= 0x1DFF
        or 0x20D0 <= point <= 0x20FF
        or 0xFE20 <= point <= 0xFE2F
    )


class _Table(dict[int, str | None]):
    """Folding of one NFKC, casefolded character, worked out at its first meeting."""

    def __missing__(self, point: int) -> str | None:
        char = chr(point)
        if char in _LETTERS:
            folded: str | None = char
        elif point in _ALONE:
            folded = _ALONE[point]
        else:
            parts = unicodedata.normalize("NFD", char)
            kept = "".join(part for part in parts if not _is_accent(part))
            folded = unicodedata.normalize("NFC", kept) if kept else None
            if folded and len(folded) == 1 and ord(folded) in _ALONE:
                folded = _ALONE[ord(folded)]
        self[point] = folded
        return folded


_TABLE = _Table()


def fold(text: str) -> str:
    """`text` as it is compared: NFKC, casefold, without apostrophes and accents (й, ї kept).

    ё = е, İ = I = ı = i, ł = l, ß = ss, final sigma = sigma, alef with hamza = alef.
    """
    if text.isascii():
        folded = text.lower()
        return folded if text.isalnum() else folded.translate(_TABLE)
    text = unicodedata.normalize("NFKC", text).casefold()
    text = unicodedata.normalize("NFC", text.replace("i\u0307", "i"))
    return text.translate(_TABLE)
