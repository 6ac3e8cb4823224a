"""Which articles hold two frequent words side by side, worked out when a segment is written.

A phrase of rare words is looked up place by place; frequent ones share many articles and stand
side by side in few of them, so a segment keeps a list of articles for each such pair that occurs.
"""

import numpy as np

from index.search import segment as form
from index.search.growing import Growing
from index.search.segment import GAP, LAST_PLACE, Array

FREQUENT = 128
"""Words in at least one of so many articles are paired,"""
ROOM = 0.35
"""as long as about this part of all neighbours are pairs of them,"""
MOST = 4096
"""and so many at most."""
_TOGETHER = 8192
"""Articles whose pairs are read off in one go."""


def add_pairs(arrays: dict[str, Array], documents: Array, lengths: Array, last: int) -> None:
    """Add what is kept of pairs of the terms [0, last).

    `documents` has the articles of all postings, `lengths` how many words each article has.
    """
    words = _frequent(arrays, len(lengths), last)
    keys = np.zeros(0, np.uint64)
    if len(words):
        begins = np.concatenate(([0], np.cumsum(lengths + np.int64(GAP + 1))))
        keys = _pairs(_laid_out(arrays, documents, words, begins), begins, len(words) + 1)
    articles = keys.astype(np.uint16)
    keys >>= np.uint64(16)
    number = keys.astype(np.uint32)
    del keys
    differs = np.ones(len(number), bool)
    np.not_equal(number[1:], number[:-1], out=differs[1:])
    first = np.flatnonzero(differs)
    arrays["paired"] = words.astype(np.uint32)
    arrays["pairs"] = number[first]
    arrays["pair_at"] = np.append(first, len(number)).astype(np.uint32)
    arrays["pair_docs"] = articles


def _frequent(arrays: dict[str, Array], count: int, last: int) -> Array:
    """The words to be paired, ascending."""
    frequencies = np.diff(arrays["posting_at"][: last + 1].astype(np.int64))
    chosen = np.flatnonzero(frequencies * FREQUENT >= count)
    chosen = chosen[np.argsort(-frequencies[chosen], kind="stable")][:MOST]
    sizes = np.diff(arrays["place_at"][: last + 1].astype(np.int64))
    # Were words strewn at random, so many neighbours would be two of the first so many.
    share: Array = np.cumsum(sizes[chosen]) / max(int(sizes.sum()), 1)
    return np.sort(chosen[share * share <= ROOM])


def _laid_out(arrays: dict[str, Array], documents: Array, words: Array, begins: Array) -> Array:
    """The rank (from 1) of the word at each place of all articles, 0 where it is none of `words`.

    Articles begin at `begins`.
    """
    row = np.zeros(int(begins[-1]) + 1, np.uint16)
    posting_at, place_at = arrays["posting_at"], arrays["place_at"]
    for rank, word in enumerate(words.tolist(), 1):
        stretch = slice(int(posting_at[word]), int(posting_at[word + 1]))
        codes = arrays["codes"][stretch]
        times = form.TIMES.take(codes)
        if codes.max() == form.ODD:
            times = times.astype(np.uint32)
            odd = np.flatnonzero(codes == form.ODD)
            exact = np.searchsorted(arrays["odd"], stretch.start + odd)
            times[odd] = arrays["odd_times"][exact, 0]
        places = arrays["places"][int(place_at[word]) : int(place_at[word + 1])]
        at = np.repeat(begins.take(documents[stretch]), times)
        at += places
        # Words far down in an article share one place: they are in no phrase.
        row[at if places.max() < LAST_PLACE else at[places < LAST_PLACE]] = rank
    return row


def _pairs(row: Array, begins: Array, count: int) -> Array:
    """Sorted (first * count + second) << 16 | article, each once."""
    found = Growing(np.uint64)
    for low in range(0, len(begins) - 1, _TOGETHER):
        high = min(low + _TOGETHER, len(begins) - 1)
        # The place behind an article is always free.
        part = row[begins[low] : begins[high]]
        before, behind = part[:-1], part[1:]
        at = ((before != 0) & (behind != 0)).nonzero()[0]
        keys = before.take(at).astype(np.uint64)
        keys *= np.uint64(count)
        keys += behind.take(at)
        keys <<= np.uint64(16)
        ends = at.searchsorted(begins[low + 1 : high + 1] - begins[low])
        keys |= np.repeat(np.arange(low, high, dtype=np.uint64), np.diff(ends, prepend=0))
        # No article is in two of these parts.
        keys.sort()
        differs = np.ones(len(keys), bool)
        np.not_equal(keys[1:], keys[:-1], out=differs[1:])
        found.extend(keys[differs])
        del part, before, behind
    del row
    found.whole.sort()
    return found.whole
