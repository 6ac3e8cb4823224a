"""Which segments to merge, so that there are few and no article is copied often; and merging."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from index.search.build import coded
from index.search.codec import ArraySegment
from index.search.layout import STRETCH, Columns, Postings, Shared, write_segment
from index.search.segment import FULL, IN_BODY, IN_TITLE, Array, Segment

MOST_WORDS = 32_000_000
"""Words of a merged segment."""
ALIKE = 8
"""So many segments of about one size become one: sizes grow by this factor, copies by its log."""


def to_merge(segments: list[ArraySegment]) -> list[ArraySegment]:
    """Segments that should be one now; none where all is well.

    A segment half of which is deleted is written anew by itself.
    """
    tiers: dict[int, list[ArraySegment]] = {}
    for part in segments:
        living, all_of_it = part.doc_count(), part.doc_count_all()
        if living * 2 < all_of_it:
            return [part]
        tiers.setdefault(_tier(living), []).append(part)
    for _, alike in sorted(tiers.items()):
        enough = sum(part.doc_count() for part in alike) >= FULL
        if len(alike) < ALIKE and not (enough and len(alike) > 2):
            continue
        chosen: list[ArraySegment] = []
        articles = words = 0
        for part in sorted(alike, key=ArraySegment.doc_count):
            articles += part.doc_count()
            words += part.opened.totals["text"]
            if articles > FULL or words > MOST_WORDS:
                break
            chosen.append(part)
        if len(chosen) > 1:
            return chosen
    return []


def packed(segments: list[ArraySegment]) -> list[list[ArraySegment]]:
    """The segments in groups that fit one each, largest first; what fills one alone is left out."""
    groups: list[list[ArraySegment]] = []
    rooms: list[tuple[int, int]] = []
    for part in sorted(segments, key=ArraySegment.doc_count, reverse=True):
        articles, words = part.doc_count(), part.opened.totals["text"]
        for place, (left, words_left) in enumerate(rooms):
            if articles <= left and words <= words_left:
                groups[place].append(part)
                rooms[place] = (left - articles, words_left - words)
                break
        else:
            groups.append([part])
            rooms.append((FULL - articles, MOST_WORDS - words))
    return [group for group in groups if len(group) > 1 or group[0].has_deletions()]


def _tier(articles: int) -> int:
    tier = 0
    while articles >= ALIKE:
        articles //= ALIKE
        tier += 1
    return tier


def merge(path: Path, sources: list[tuple[Segment, Array]]) -> None:
    """Write one segment of the articles of several; each comes with a mask of those to keep."""
    columns, placed = _merged_columns(sources)
    segments = [segment for segment, _ in sources]
    renumbered: dict[str, list[Array]] = {}
    fields = {
        name: _merged(segments, placed, name, renumbered)
        for name in ("text", "source", "author", "names")
    }
    write_segment(path, columns, fields, lambda: _shared(segments, renumbered))


def _shared(segments: list[Segment], renumbered: dict[str, list[Array]]) -> Iterator[Shared]:
    """The pairs of keys and words of all segments, with the new numbers of the words."""
    for place, segment in enumerate(segments):
        bits = segment.shared_bits
        words = (segment.shared & np.uint64(2**bits - 1)).astype(np.int64)
        for field in ("text", "names"):
            first, last = segment.fields[field]
            chosen = np.flatnonzero((words >= first) & (words < last))
            if not len(chosen):
                continue
            numbers = renumbered[field][place][words[chosen] - first]
            kept = numbers >= 0
            yield Shared(field, segment.shared[chosen[kept]], numbers[kept], bits)


def _merged(
    segments: list[Segment],
    placed: list[Array],
    field: str,
    renumbered: dict[str, list[Array]],
) -> Iterator[Postings]:
    """The postings of a field of all segments, a stretch of terms at a time.

    In the end `renumbered` has, for each segment, the new numbers of its terms (-1: gone).
    """
    held = [segment.texts(*segment.fields[field]) for segment in segments]
    letters = sorted(set().union(*held))
    place_of = dict(zip(letters, range(len(letters)), strict=True))
    ranks = [np.fromiter(map(place_of.__getitem__, texts), np.int64, len(texts)) for texts in held]
    del place_of, held
    if not letters:
        return
    kept: list[Array] = []
    words: Array = np.zeros(len(letters), np.int64)
    for segment, rank in zip(segments, ranks, strict=True):
        first, last = segment.fields[field]
        # Names have no places, and seldom stand in an article more than a few times.
        at = segment.posting_at if field == "names" else segment.place_at
        counts: Array = np.diff(at[first : last + 1].astype(np.int64))
        words[rank] += counts
    stretch_of = np.cumsum(words) // STRETCH
    begins = np.flatnonzero(np.diff(stretch_of, prepend=-1)).tolist()
    for begin, end in zip(begins, [*begins[1:], len(letters)], strict=True):
        parts = []
        for segment, rank, place in zip(segments, ranks, placed, strict=True):
            low, high = np.searchsorted(rank, (begin, end)).tolist()
            first = segment.fields[field][0]
            numbers = (rank[low:high] - begin).astype(np.uint64)
            parts.append(
                _rekeyed(
                    segment, first + low, first + high, numbers, place, placed=field != "names"
                )
            )
        keys = np.concatenate(parts)
        del parts
        keys.sort()
        postings, used = _without_unused(letters[begin:end], keys)
        kept.append(used + begin)
        yield postings
    numbers = np.full(len(letters), -1)
    numbers[np.concatenate(kept)] = np.arange(sum(map(len, kept)))
    renumbered[field] = [numbers[rank] for rank in ranks]


def _without_unused(letters: list[bytes], keys: Array) -> tuple[Postings, Array]:
    """Postings without the terms that stand nowhere: those only of articles that are gone.

    And which of `letters` those left are.
    """
    numbers = (keys >> np.uint64(32)).astype(np.int64)
    used = np.flatnonzero(np.bincount(numbers, minlength=len(letters)))
    if len(used) < len(letters):
        renumbered = np.zeros(len(letters), np.uint64)
        renumbered[used] = np.arange(len(used), dtype=np.uint64)
        keys = (renumbered[numbers] << np.uint64(32)) | (keys & np.uint64(0xFFFFFFFF))
        letters = [letters[number] for number in used.tolist()]
    return Postings(letters, keys), used


def _merged_columns(sources: list[tuple[Segment, Array]]) -> tuple[Columns, list[Array]]:
    """The columns of the articles kept, and for each source the new places of its articles.

    The place of one that is not kept is -1.
    """

    def gathered(name: str) -> Array:
        return np.concatenate([getattr(source, name)[kept] for source, kept in sources])

    keys, days = gathered("keys"), gathered("days")
    order = np.lexsort((keys, days))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    placed, at = [], 0
    for source, kept in sources:
        places = np.full(source.documents, -1, np.int64)
        number = int(np.count_nonzero(kept))
        places[kept] = place[at : at + number]
        placed.append(places)
        at += number
    named: dict[str, tuple[list[str], Array]] = {}
    for name, names in (("languages", "language_names"), ("sources", "source_names")):
        texts: list[str] = []
        for source, kept in sources:
            known = getattr(source, names)
            texts.extend(map(known.__getitem__, getattr(source, name)[kept].tolist()))
        named[name] = coded(texts)
    return (
        Columns(
            keys=keys[order],
            days=days[order],
            language_names=named["languages"][0],
            languages=named["languages"][1][order],
            source_names=named["sources"][0],
            sources=named["sources"][1][order],
            lengths=gathered("lengths")[order],
            title_lengths=gathered("title_lengths")[order],
        ),
        placed,
    )


def _rekeyed(
    segment: Segment, first: int, last: int, numbers: Array, place: Array, *, placed: bool
) -> Array:
    """All places of the terms [first, last), as keys of the new segment; those kept only."""
    if first >= last:
        return np.zeros(0, np.uint64)
    frequencies: Array = np.diff(segment.posting_at[first : last + 1].astype(np.int64))
    documents, times, titles = segment.postings_between(first, last)
    moved = place[documents]
    keys = np.repeat(numbers, frequencies)
    keys <<= np.uint64(16)
    keys |= np.maximum(moved, 0).astype(np.uint64)
    keys = np.repeat(keys, times)
    keys <<= np.uint64(16)
    if placed:
        keys |= segment.places[int(segment.place_at[first]) : int(segment.place_at[last])]
    else:
        nth = np.arange(len(keys)) - np.repeat(np.cumsum(times) - times, times)
        keys |= np.where(nth < np.repeat(titles, times), IN_TITLE, IN_BODY).astype(np.uint64)
    if moved.min(initial=0) < 0:
        keys = keys[np.repeat(moved >= 0, times)]
    return keys
