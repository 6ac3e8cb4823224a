"""Which way text runs, and the order in which its characters are drawn (UAX #9, Unicode 15).

As a rule the order stays logical: terminals that know right-to-left scripts turn them themselves.
`visual` is for those that do not. Explicit embeddings need no rules: safe text holds none.
"""

import re
import unicodedata
from itertools import groupby

from rich.cells import split_graphemes

_RIGHT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_FAR = 400  # characters looked at
_PAIRS = "()[]{}⟦⟧⟨⟩⟪⟫〈〉《》「」『』【】〔〕（）［］｛｝"
"""Opening and closing brackets in turn, of those that BidiBrackets.txt pairs; texts hold these."""
_PAIRS_TURNED = "".join(_PAIRS[at ^ 1] for at in range(len(_PAIRS)))
_CLOSING = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_MIRRORED = str.maketrans(_PAIRS + "<>«»‹›", _PAIRS_TURNED + "><»«›‹")
_DEEPEST = 63  # brackets open at a time (BD16)
_NUMBERS = frozenset({"EN", "AN"})
_STRONG = frozenset({"L", "R", "EN", "AN"})


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction runs right to left (rule P2)."""
    if not _RIGHT.search(text, 0, _FAR):
        return False
    for char in text[:_FAR]:
        direction = unicodedata.bidirectional(char)
        if direction == "L":
            return False
        if direction in {"R", "AL"}:
            return True
    return False


def has_right_to_left(text: str) -> bool:
    """Whether any part of `text` may run right to left."""
    return _RIGHT.search(text) is not None


def visual(text: str, *, right: bool) -> list[tuple[int, int, bool]]:
    """The graphemes of one line in the order they are drawn, from the left.

    Each as its span of `text`, and whether its sign is to be mirrored. `right`: the paragraph runs
    from the right.
    """
    spans = [(start, end) for start, end, _wide in split_graphemes(text)[0]]
    levels = _levels([text[start] for start, _end in spans], right)
    order = list(range(len(spans)))
    for level in range(max(levels, default=0), 0, -1):  # L2
        done: list[int] = []
        for turned, run in groupby(order, key=lambda n, level=level: levels[n] >= level):  # type: ignore[misc]
            numbers = list(run)
            done += reversed(numbers) if turned else numbers
        order = done
    return [(*spans[n], levels[n] % 2 == 1) for n in order]


def mirrored(sign: str) -> str:
    """A bracket as it looks where text runs from the right (rule L4)."""
    return sign.translate(_MIRRORED)


def _levels(signs: list[str], right: bool) -> list[int]:
    base, side = (1, "R") if right else (0, "L")
    kinds = [unicodedata.bidirectional(sign) for sign in signs]
    whole = list(kinds)
    _weak(kinds, side)
    _brackets(kinds, signs, side)
    _neutral(kinds, side)
    levels = []
    for kind in kinds:  # I1, I2
        if right:
            levels.append(1 if kind == "R" else 2)
        else:
            levels.append({"L": 0, "R": 1}.get(kind, 2))
    for n in range(len(levels) - 1, -1, -1):  # L1: spaces at the end stay there
        if whole[n] not in {"WS", "S", "B"}:
            break
        levels[n] = base
    return levels


def _weak(kinds: list[str], start: str) -> None:
    """Rules W1 to W7, in place."""
    strong, before = start, start
    for n, kind in enumerate(kinds):
        now = before if kind == "NSM" else kind  # W1
        if now in {"L", "R", "AL"}:
            strong = now
        if now == "EN" and strong == "AL":  # W2
            now = "AN"
        kinds[n] = before = now
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]  # W3
    for n in range(1, len(kinds) - 1):  # W4
        left, kind, after = kinds[n - 1 : n + 2]
        if left == after and (kind, left) in {("ES", "EN"), ("CS", "EN"), ("CS", "AN")}:
            kinds[n] = left
    at = 0
    for kind, run in groupby(list(kinds)):  # W5, W6
        many = len(list(run))
        around = {kinds[at - 1] if at else "", kinds[at + many] if at + many < len(kinds) else ""}
        if kind == "ET" and "EN" in around:
            kinds[at : at + many] = ["EN"] * many
        elif kind in {"ET", "ES", "CS"}:
            kinds[at : at + many] = ["ON"] * many
        at += many
    strong = start
    for n, kind in enumerate(kinds):  # W7
        if kind in {"L", "R"}:
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[n] = "L"


def _brackets(kinds: list[str], signs: list[str], base: str) -> None:
    """Rule N0, in place: both brackets of a pair run as what is in them, or what is before them."""
    for first, last in _pairs(kinds, signs):
        inside = set(map(_side, kinds[first + 1 : last])) - {""}
        if base in inside:
            kinds[first] = kinds[last] = base
        elif inside:
            before = next(filter(None, map(_side, reversed(kinds[:first]))), base)
            kinds[first] = kinds[last] = before


def _pairs(kinds: list[str], signs: list[str]) -> list[tuple[int, int]]:
    """The places of brackets that belong together (BD16), by the opening ones."""
    pairs: list[tuple[int, int]] = []
    still_open: list[tuple[str, int]] = []
    for n, sign in enumerate(signs):
        if kinds[n] != "ON":
            continue
        if sign in _CLOSING:
            if len(still_open) == _DEEPEST:
                break
            still_open.append((_CLOSING[sign], n))
        elif any(sign == closing for closing, _at in still_open):
            while still_open[-1][0] != sign:
                still_open.pop()
            pairs.append((still_open.pop()[1], n))
    return sorted(pairs)


def _side(kind: str) -> str:
    """Which way a strong kind runs, as neutrals see it: numbers like right-to-left letters."""
    return "R" if kind in _NUMBERS else kind if kind in _STRONG else ""


def _neutral(kinds: list[str], base: str) -> None:
    """Rules N1 and N2, in place: neutrals go with what is on both sides, else with the base."""
    at = 0
    for is_strong, run in groupby(list(kinds), key=lambda kind: kind in _STRONG):
        many = len(list(run))
        if not is_strong:
            left = kinds[at - 1] if at else base
            after = kinds[at + many] if at + many < len(kinds) else base
            left, after = ("R" if kind in _NUMBERS else kind for kind in (left, after))
            kinds[at : at + many] = [left if left == after else base] * many
        at += many
