"""How far two words are apart, in edits, and which letters words have."""

import numpy as np

from index.search.segment import Array
from index.text.strings import code_points

LONGEST = 255
"""Letters of a word that are counted; words are cut long before."""
_BITS = np.uint64(1) << np.arange(64, dtype=np.uint64)


def edits_within(a: str, b: str, most: int) -> bool:
    """Whether at most `most` insertions, deletions, substitutions or swaps make `a` into `b`.

    Optimal string alignment: two neighbouring letters swapped are one edit.
    """
    if abs(len(a) - len(b)) > most:
        return False
    if a == b:
        return True
    a, b = _trimmed(a, b)
    before: list[int] = []
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        current = [i] + [0] * len(b)
        for j, y in enumerate(b, 1):
            best = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, before[j - 2] + 1)
            current[j] = best
        if min(current) > most:
            return False
        before, previous = previous, current
    return previous[-1] <= most


def _trimmed(a: str, b: str) -> tuple[str, str]:
    """Both words without what they begin and end alike."""
    shorter = min(len(a), len(b))
    start = 0
    while start < shorter and a[start] == b[start]:
        start += 1
    end = 0
    while end < shorter - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return a[start : len(a) - end], b[start : len(b) - end]


def all_within(word: str, others: list[str], most: int) -> Array:
    """For each of `others` whether it is at most `most` edits from `word`, all at once.

    The same table as for two words, of which only the stripe of so few edits is filled in.
    """
    sizes = np.fromiter(map(len, others), np.int64, len(others))
    found = np.abs(sizes - len(word)) <= most
    some = found.nonzero()[0]
    if not len(some):
        return found
    width = len(word) + most
    padded = np.array([others[at] for at in some.tolist()], f"U{width}")
    letters = np.ascontiguousarray(padded.view(np.uint32).reshape(len(some), width).T)
    points = list(map(ord, word))
    far = most + 1
    before = previous = np.minimum(np.arange(width + 1), far)[:, None]
    previous = np.repeat(previous, len(some), axis=1).astype(np.uint8)
    for i, x in enumerate(points, 1):
        current = np.full_like(previous, far)
        current[0] = min(i, far)
        for j in range(max(1, i - most), min(width, i + most) + 1):
            best = previous[j - 1] + (letters[j - 1] != x)
            np.minimum(best, previous[j] + 1, out=best)
            np.minimum(best, current[j - 1] + 1, out=best)
            if i > 1 and j > 1:
                swapped = (letters[j - 1] == points[i - 2]) & (letters[j - 2] == x)
                np.minimum(best, before[j - 2] + 1, out=best, where=swapped)
            current[j] = np.minimum(best, far)
        before, previous = previous, current
    found[some] = previous[sizes[some], np.arange(len(some))] <= most
    return found


def letters_of(lines: bytes) -> tuple[Array, Array]:
    """For each word, a line of UTF-8 each, the set of its letters and how many it has.

    The set has a bit for each letter, by the lowest six bits of its code point: one edit changes
    at most two bits.
    """
    points = code_points(lines.decode())
    ends = np.flatnonzero(points == ord("\n"))
    if not len(ends):
        return np.zeros(0, np.uint64), np.zeros(0, np.uint8)
    bits = _BITS.take(points & np.uint32(63))
    bits[ends] = 0
    begins = np.concatenate(([0], ends[:-1] + 1))
    sizes = np.minimum(ends - begins, LONGEST).astype(np.uint8)
    return np.bitwise_or.reduceat(bits, begins), sizes
