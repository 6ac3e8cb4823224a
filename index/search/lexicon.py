"""Which terms of a segment are like a word: by prefix, pattern or spelling."""

import itertools

import numpy as np

from index.search.segment import Array, Segment
from index.search.spelling import LONGEST, all_within, edits_within, letters_of

_AT_ONCE = 64
"""So many words are compared with one sooner all at once than one by one."""


def matching(segment: Segment, field: str, pattern: str) -> Array:
    """The terms that are like `pattern`, in which * stands for any letters, ascending."""
    begun, *pieces, ended = [piece.encode() for piece in pattern.split("*")]
    first, last = segment.between(field, begun) if begun else segment.fields[field]
    if first >= last:
        return np.zeros(0, np.int64)
    begins = segment.text_at[first : last + 1].astype(np.int64)
    begins -= begins[0]
    # A term ends before the line's end; what begins it was looked up already.
    ends, at = begins[1:] - 1, begins[:-1] + len(begun)
    texts = np.frombuffer(segment.raw_texts(first, last), np.uint8)
    numbers: Array = np.arange(first, last)
    if ended:
        fits = (ends - at >= len(ended)).nonzero()[0]
        ends, at, numbers = ends[fits] - len(ended), at[fits], numbers[fits]
        for place, letter in enumerate(ended):
            fits = (texts.take(ends + place) == letter).nonzero()[0]
            ends, at, numbers = ends[fits], at[fits], numbers[fits]
    for piece in filter(None, pieces):
        # The leftmost place of each piece leaves most room for the next.
        places = _places_of(piece, texts)
        found = places.searchsorted(at)
        at = np.append(places, len(texts)).take(found) + len(piece)
        fits = (at <= ends).nonzero()[0]
        ends, at, numbers = ends[fits], at[fits], numbers[fits]
    return numbers


def _places_of(piece: bytes, texts: Array) -> Array:
    """Where `piece` stands in `texts`, ascending."""
    size = len(texts) - len(piece) + 1
    places: Array = (texts[: max(size, 0)] == piece[0]).nonzero()[0]
    for place, letter in enumerate(piece[1:], 1):
        places = places[texts.take(places + place) == letter]
    return places


def commonest(segment: Segment, beginning: str, most: int) -> list[tuple[int, int]]:
    """The words of the text that begin so and stand in most articles, with how many those are."""
    first, last = segment.between("text", beginning.encode())
    if first >= last:
        return []
    counts = np.diff(segment.posting_at[first : last + 1].astype(np.int64))
    chosen = np.argsort(-counts, kind="stable")[:most]
    return [(first + number, int(counts[number])) for number in chosen.tolist()]


def neighbours(segment: Segment, field: str, word: str, most: int) -> list[int]:
    """The terms at most `most` edits (insertion, deletion, substitution, swap) from `word`."""
    if most == 1 and field == "text" and len(word) > 3:
        candidates = _one_edit_away(segment, word)
    else:
        candidates = _alike(segment, field, word, most)
    texts = segment.texts_of(candidates)
    if len(texts) < _AT_ONCE:
        near = [edits_within(word, text, most) for text in texts]
    else:
        near = all_within(word, texts, most).tolist()
    return list(itertools.compress(candidates.tolist(), near))


def _one_edit_away(segment: Segment, word: str) -> Array:
    """Terms that share either half of `word`: one edit leaves the other half as it is.

    A swap across the middle spoils both halves; what it gives is looked up by itself.
    """
    half = len(word) // 2
    first, last = segment.between("text", word[:half].encode())
    found = [np.arange(first, last)]
    tail = word[half:][::-1]
    mirrored = _Mirror(segment)
    begin, end = mirrored.seek(tail), mirrored.seek(tail + chr(0x10FFFF))
    found.append(segment.backwards[begin:end].astype(np.int64))
    swapped = word[: half - 1] + word[half] + word[half - 1] + word[half + 1 :]
    number = segment.find("text", swapped.encode())
    if number >= 0:
        found.append(np.array([number]))
    candidates = np.unique(np.concatenate(found))
    return _of_size(segment, candidates, word, 1)


def _of_size(segment: Segment, candidates: Array, word: str, most: int) -> Array:
    """The candidates whose size in bytes does not rule them out."""
    sizes = segment.text_at[candidates + 1].astype(np.int64) - segment.text_at[candidates] - 1
    size = len(word.encode())
    # A letter has up to four bytes, and a substitution may change one for four.
    kept: Array = candidates[np.abs(sizes - size) <= 4 * most]
    return kept


class _Mirror:
    """The terms of `text` in the order of their letters from the last."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment

    def seek(self, letters: str) -> int:
        low, high = 0, len(self.segment.backwards)
        while low < high:
            middle = (low + high) // 2
            if self.segment.text(int(self.segment.backwards[middle])).decode()[::-1] < letters:
                low = middle + 1
            else:
                high = middle
        return low


def _alike(segment: Segment, field: str, word: str, most: int) -> Array:
    """Terms made of nearly the same letters: one edit changes at most two of them."""
    terms = slice(*segment.fields[field])
    wanted, _ = letters_of(f"{word}\n".encode())
    alike = np.bitwise_count(segment.letters[terms] ^ wanted) <= 2 * most
    sizes = segment.spelled[terms]
    alike &= sizes >= max(len(word) - most, 0)
    alike &= sizes <= min(len(word) + most, LONGEST)
    found: Array = alike.nonzero()[0] + terms.start
    return found
