"""Text on a grid of cells: measuring, cutting, breaking into lines.

Lines are given as spans of the text, so that hits keep their places. Latin, Greek and Cyrillic
paragraphs, where a character is a cell, take a fast way; the rest is walked grapheme by grapheme.
"""

import re

from rich.cells import cell_len, split_graphemes

# Ranges where each character is one grapheme of one cell.
_SINGLE = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1"
    "\u03a3-\u0482\u048a-\u052f\u05be\u05d0-\u05ea\u060c\u061b\u061f-\u064a\u0660-\u066f"
    "\u0671-\u06d3\u2010-\u2015\u2018-\u201f\u2026\u2039\u203a\u20ac\u2116]*"
)
# Ranges where each character is one grapheme of two cells.
_DOUBLE = re.compile(
    "[\u3001-\u3029\u3041-\u3096\u309b-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]*"
)
# What no line of Chinese or Japanese begins or ends with (kinsoku).
_NO_START = frozenset(
    "、。，．・：；？！ー々〉》」』】〕）］｝’”…‥％,.!?;:)]}»›ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
)
_NO_END = frozenset("〈《「『【〔（［｛‘“([{«‹")
_EMOJI = 0x1F000

Line = tuple[int, int]


def wrap(text: str, width: int) -> list[Line]:
    """`text` broken into lines of at most `width` cells, as [start, end) spans in order.

    Between lines only spaces are left out. A word longer than a line is broken between graphemes;
    only a grapheme wider than `width` makes a line too wide. An empty text is one empty line.
    """
    width = max(1, width)
    if not text.strip(" "):
        return [(0, 0)]
    if _SINGLE.fullmatch(text):
        return _wrap_single(text, width)
    if width > 3 and _DOUBLE.fullmatch(text):
        return _wrap_double(text, width // 2)
    return _wrap_graphemes(text, width)


def wrap_on(text: str, width: int, start: int, most: int) -> tuple[list[Line], int | None]:
    """About `most` of the lines that `wrap` makes, from character `start`; where it goes on.

    `start` is 0 or where an earlier call said it goes on; None: the text is at its end.
    """
    room = max(1, width) * most
    while len(text) - start > 2 * room:
        lines = wrap(text[start : start + room], width)
        if len(lines) > 1:  # the last one may have room for more
            goes_on = start + lines[-1][0]
            return [(start + first, start + last) for first, last in lines[:-1]], goes_on
        room *= 2  # a pile of marks, or of spaces
    if not start:
        return wrap(text, width), None
    return [(start + first, start + last) for first, last in wrap(text[start:], width)], None


def cells(text: str) -> int:
    """How many cells `text` takes."""
    return len(text) if _SINGLE.fullmatch(text) else cell_len(text)


def cut(text: str, width: int) -> str:
    """`text` in at most `width` cells, with an ellipsis where something is left out."""
    if cells(text) <= width:
        return text
    return text[: fitting(text, width - 1)].rstrip(" ") + "…" if width > 0 else ""


def fitting(text: str, width: int) -> int:
    """How many characters of `text` fit into `width` cells, whole graphemes only."""
    if _SINGLE.fullmatch(text):
        return max(0, min(width, len(text)))
    taken = last = 0
    # Graphemes of no width are possible: four characters a cell are more than any text has.
    for start, end, wide in split_graphemes(text[: max(0, width) * 8 + 8])[0]:
        if taken + wide > width:
            return start
        taken += wide
        last = end
    return last


def _wrap_single(text: str, width: int) -> list[Line]:
    lines: list[Line] = []
    end = len(text.rstrip(" "))
    start = len(text) - len(text.lstrip(" "))
    while end - start > width:
        stop = text.rfind(" ", start, start + width + 1)
        if stop <= start:
            stop = after = start + width
        else:
            after = stop
        while stop > start and text[stop - 1] == " ":
            stop -= 1
        lines.append((start, stop))
        while text[after] == " ":
            after += 1
        start = after
    lines.append((start, end))
    return lines


def _wrap_double(text: str, width: int) -> list[Line]:
    lines: list[Line] = []
    start = 0
    while len(text) - start > width:
        stop = start + width
        while stop > start + 1 and (text[stop] in _NO_START or text[stop - 1] in _NO_END):
            stop -= 1
        lines.append((start, stop))
        start = stop
    lines.append((start, len(text)))
    return lines


def _wrap_graphemes(text: str, width: int) -> list[Line]:
    lines: list[Line] = []
    begin = -1  # of the line being filled; -1 before its first grapheme
    taken = 0  # cells on it
    stop = after = taken_after = 0  # the last place to break: end of line, next start, cells before
    last_ink = 0  # end of the last grapheme that is no space
    was_wide = was_open = was_space = False
    for start, end, wide in split_graphemes(text)[0]:
        char = text[start]
        if char == " " and end - start == 1:  # a space may carry a mark, and is ink then
            was_space = begin >= 0
            taken += wide if begin >= 0 else 0
            continue
        is_wide = wide == 2 and ord(char) < _EMOJI
        if begin < 0:
            begin, taken, stop = start, 0, 0
        elif was_space or ((is_wide or was_wide) and not was_open and char not in _NO_START):
            stop, after, taken_after = last_ink, start, taken
        while taken + wide > width and begin < start:
            if stop > begin:
                lines.append((begin, stop))
                begin, taken = after, taken - taken_after
            else:
                lines.append((begin, last_ink))
                begin, taken = start, 0
            stop = 0
        taken += wide
        last_ink = end
        was_wide, was_open, was_space = is_wide, char in _NO_END, False
    lines.append((begin, last_ink))
    return lines
