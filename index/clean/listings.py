"""Figures of flat text alone: what gives away comments and lists of teasers without any markup.

A list goes on in beats: lines that say the same but for their numbers ("12 votes", "Reply"), lines
with a time of day, and items that share no words with the article, though each does with its next.
"""

from typing import Final

import numpy as np

from index.clean.features import NAMES as FIGURES
from index.clean.features import Figures, alike
from index.clean.forms import Floats, Letters
from index.clean.texts import FAR, Texts, exact, running

_COLON, _ZERO, _LAST = (np.uint32(ord(sign)) for sign in (":", "0", "\x7f"))
_SIGNS: Final = np.array([chr(point) in ":<>{}=\\" for point in range(int(_LAST) + 1)])
"""Of the first characters the colon, and those of markup and code."""
_POINTS: Final = np.array([chr(point) in "0123456789.,:" for point in range(int(_LAST) + 1)])
"""What no time of day has right before it."""
_STAMP_WORDS: Final = 12
"""The words of a line from which its time of day is no more than told."""
_ALIKE_WORDS: Final = 10
_ALIKE: Final = 2
"""Other lines that say the same but for numbers, from which a short line recurs."""
_MOST_ALIKE: Final = 20
_FEW_WORDS: Final = 3
_BESIDE: Final = 3
"""Lines away that a line's words are looked for beside it."""
_HALVES: Final = (6, 15)
_WIDE: Final = (8,)
_FLAGS: Final = ("recurring", "stamp", "few")
NAMES: Final = (
    *("markup", "alike", "beside", "elsewhere", "rare_core", *_FLAGS),
    *(f"{flag}_{half}" for half in _HALVES for flag in _FLAGS),
    *(f"{name}_{half}" for half in _WIDE for name in ("core_words", "rare_core")),
    *(f"since_{flag}" for flag in _FLAGS[:2]),
    *(f"until_{flag}" for flag in _FLAGS[:2]),
)
_CORE_WORDS: Final = FIGURES.index("core_words")


def flat_table(figures: Figures) -> Floats:
    """The figures of the lines of flat texts, with those that `NAMES` tells after them."""
    counts = figures.words.counts
    clock, markup = _signs(figures.letters)
    dated = np.fromiter(figures.dated, dtype=bool, count=len(counts))
    same = _alike(figures)
    flags = np.array(
        [
            (same >= _ALIKE) & (counts <= _ALIKE_WORDS),
            (clock | dated) & (counts <= _STAMP_WORDS),
            counts <= _FEW_WORDS,
        ]
    )
    beside, elsewhere, rare = _shared(figures)
    core = np.array([figures.table[:, _CORE_WORDS], rare])
    own = len(NAMES)
    table = np.empty((len(counts), figures.table.shape[1] + own), dtype=np.float32)
    table[:, :-own] = figures.table
    table.T[-own:] = np.concatenate(
        [
            np.array([markup, same, beside, elsewhere, rare]),
            flags,
            *means(flags, None, _HALVES, figures.texts),
            *means(core, np.minimum(counts, 100) + 0.1, _WIDE, figures.texts),
            *figures.texts.distances(flags[:2]),
        ]
    )
    return table


def _signs(letters: Letters) -> tuple[Floats, Floats]:
    """Which lines hold a time of day, and how many signs of markup each has, as a logarithm."""
    size = len(letters.starts)
    clock = np.zeros(size, dtype=bool)
    codes = letters.codes
    signs = np.flatnonzero(_SIGNS.take(codes, mode="clip"))
    which = codes[signs]
    colons = signs[which == _COLON]
    padded = np.zeros(len(codes) + 6, dtype=np.uint32)
    padded[2:-4] = codes
    near = padded[colons[:, None] + np.arange(5)] - _ZERO
    digit = near < 10
    # Two figures after it and one or two before; no third one, nor another colon, in a row.
    told = digit[:, 1] & digit[:, 3] & digit[:, 4] & (near[:, 3] < 6)
    begins = colons[told] - 1 - digit[told, 0]
    before, after = padded[begins + 1], padded[colons[told] + 5] - _ZERO
    begins = begins[(after >= 10) & ~_POINTS.take(before, mode="clip")]
    clock[np.searchsorted(letters.starts, begins, side="right") - 1] = True
    rows = np.searchsorted(letters.starts, signs[which != _COLON], side="right") - 1
    return clock, np.log1p(np.bincount(rows, minlength=size))


def _alike(figures: Figures) -> Floats:
    """How many other lines say the same but for numbers."""
    order, opens = alike(figures.words.keys(numbers_alike=True), figures.texts)
    group = np.cumsum(opens) - 1
    found = np.empty(len(order))
    found[order] = np.minimum(np.bincount(group)[group] - 1, _MOST_ALIKE)
    return found


def _shared(figures: Figures) -> tuple[Floats, Floats, Floats]:
    """Of each line's words, the shares that lines beside it, any lines, and the core hold.

    Each counts by how few lines hold it.
    """
    key, line = figures.every_word
    size = len(figures.words.counts)
    if not len(key):
        return np.zeros(size), np.zeros(size), np.zeros(size)
    near = np.full(len(key) + 1, FAR)
    np.subtract(line[1:], line[:-1], out=near[1:-1], where=key[1:] == key[:-1])
    near = np.minimum(near[1:], near[:-1])
    rarity, some = figures.rarity
    beside = np.bincount(line, weights=rarity * (near <= _BESIDE), minlength=size) / some
    elsewhere = np.bincount(line, weights=rarity * (near < FAR), minlength=size) / some
    return beside, elsewhere, rare_share(figures, figures.texts.inside(figures.core))


def rare_share(figures: Figures, inside: Floats) -> Floats:
    """Of each line's words, each counted by how rare it is, the share that others inside hold."""
    key, line = figures.every_word
    size = len(inside)
    inside = inside.astype(np.float64)
    if not len(key):
        return np.zeros(size)
    rarity, some = figures.rarity
    held = np.bincount(key, weights=inside[line])[key] - inside[line]
    shared = np.bincount(line, weights=rarity * np.minimum(held, 1), minlength=size)
    return np.asarray(shared / some)


def means(
    values: Floats, weight: Floats | None, halves: tuple[int, ...], texts: Texts
) -> list[Floats]:
    """The (weighted) means of each row over so many lines of its text before and after each."""
    weighed = np.empty((len(values) + 1, values.shape[1]))
    weighed[:-1] = values if weight is None else values * weight
    weighed[-1] = 1 if weight is None else weight
    sums = running(weighed if weight is None else exact(weighed))
    found = []
    for half in halves:
        low, high = texts.windows(half)
        around = sums[:, high] - sums[:, low]
        found.append(around[:-1] / around[-1])
    return found
