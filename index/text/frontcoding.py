"""simplemma's dictionaries as they are shipped: sorted forms and lemmas, front-coded, in arrays.

The format (`SMFC1`): after a byte of flags and the number of records, each record says how many
bytes its form shares with the one before, what follows those, and the lemma: the one before (254),
its bytes (255), or how many bytes of the form's end to take off and what to put there. Flag 1 says
that forms and lemmas are written backwards. Sizes are 7 bits a byte, nearly always one.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from index.text.strings import Array, Strings, stretches

_MAGIC = b"SMFC1"
_BACKWARDS = 1
_SAME, _LITERAL = 254, 255
_MORE = 0x80
_CHUNK = 65_536
_WINDOW = 1 << 20
_LONGEST_RECORD = 2 * 128 + 4
"""Bytes of a record whose sizes are a byte each."""
_WIDEST = 240
"""Bytes of a form that are read; none of a language is longer, and such a one would be left out."""


@dataclass(slots=True)
class Chunk:
    """Some records: forms, and for each the number of its lemma among `lemmas`.

    `lemmas` begins with the last one of the chunk before.
    """

    forms: Strings
    lemma_of: Array
    lemmas: Strings


def is_backwards(data: bytes) -> bool:
    """Whether forms and lemmas are written from the last byte to the first."""
    return bool(data[len(_MAGIC)] & _BACKWARDS)


def read(data: bytes) -> Iterator[Chunk]:
    """The records of a dictionary in chunks. Raises ValueError where it is not one."""
    if data[: len(_MAGIC)] != _MAGIC:
        raise ValueError("not a front-coded dictionary")
    try:
        starts, odd = _records(data)
    except IndexError as error:
        raise ValueError("the dictionary ends too soon") from error
    raw = np.frombuffer(data, np.uint8)
    last_form, last_lemma = np.zeros(_WIDEST, np.uint8), b""
    for begin in range(0, len(starts), _CHUNK):
        chosen = starts[begin : begin + _CHUNK]
        part = _fields(raw, chosen)
        for number in range(begin, begin + len(chosen)):
            if number in odd:
                part[:, number - begin] = odd[number]
        letters = _forms(raw, part, last_form)
        lemmas, lemma_of = _lemmas(raw, part, letters, last_lemma)
        yield Chunk(_rows(letters, part[0] + part[2]), lemma_of, lemmas)
        last_form = np.zeros(_WIDEST, np.uint8)
        last_form[: len(letters)] = letters[:, -1]
        last_lemma = lemmas.data[lemmas.at[-2] :].tobytes()


def _records(data: bytes) -> tuple[Array, dict[int, tuple[int, ...]]]:
    """Where each record begins, and what those say that have a size of more than a byte."""
    count, at = _size(data, len(_MAGIC) + 1)
    starts, odd = array("I"), {}
    end = len(data)
    while at < end:
        window = at + _WINDOW
        steps = memoryview(_steps(data[at : window + _LONGEST_RECORD]).data)
        first, last = at, min(window, end)
        while at < last:
            starts.append(at)
            step = steps[at - first]
            if not step:
                odd[len(starts) - 1], following = _odd_record(data, at)
                step = following - at
            at += step
    if at != end or len(starts) != count:
        raise ValueError("the dictionary ends too soon")
    return np.array(starts, np.int64), odd


def _steps(data: bytes) -> Array:
    """For each byte the size of the record that begins there, if one does; 0 for odd ones."""
    raw = np.zeros(len(data) + 2 * _LONGEST_RECORD, np.uint8)
    raw[: len(data)] = np.frombuffer(data, np.uint8)
    places = np.arange(len(data))
    own = raw[places + 1]
    trim_at = places + own + 2
    same = raw[trim_at] == _SAME
    rest = raw[trim_at + 1]
    steps = (own + np.where(same, 3, rest + np.uint16(4))).astype(np.uint16)
    steps[(raw[: len(data)] >= _MORE) | (own >= _MORE) | (~same & (rest >= _MORE))] = 0
    return steps


def _fields(raw: Array, starts: Array) -> Array:
    """For each record: bytes shared, where its own begin, how many; trim, and the same of the rest.

    Rows: shared, own_at, own, trim, rest_at, rest.
    """
    found = np.empty((6, len(starts)), np.int64)
    shared, own_at, own, trim, rest_at, rest = found
    shared[:], own[:], own_at[:] = raw[starts], raw[starts + 1], starts + 2
    last = len(raw) - 1
    trim_at = np.minimum(own_at + own, last)
    trim[:], rest_at[:] = raw[trim_at], trim_at + 2
    rest[:] = np.where(trim == _SAME, 0, raw[np.minimum(trim_at + 1, last)])
    return found


def _odd_record(data: bytes, at: int) -> tuple[tuple[int, ...], int]:
    """A record with a size of more than a byte, and where the next one begins."""
    shared, at = _size(data, at)
    own, own_at = _size(data, at)
    trim = data[own_at + own]
    at = own_at + own + 1
    rest, rest_at = (0, at) if trim == _SAME else _size(data, at)
    return (shared, own_at, own, trim, rest_at, rest), rest_at + rest


def _size(data: bytes, at: int) -> tuple[int, int]:
    size = shift = 0
    while True:
        byte = data[at]
        at += 1
        size |= (byte & (_MORE - 1)) << shift
        if byte < _MORE:
            return size, at
        shift += 7


def _forms(raw: Array, part: Array, before: Array) -> Array:
    """The letters of some forms, a column each. `before` is the form that comes before them."""
    shared, own_at, own = (row.astype(np.int32) for row in part[:3])
    sizes = shared + own
    width = int(sizes.max())
    if width > _WIDEST or (shared[1:] > sizes[:-1]).any():
        raise ValueError("a form of the dictionary is too long")
    letters = np.zeros((width, len(sizes)), np.uint8)
    numbers = np.arange(len(sizes), dtype=np.int32)
    chosen, last = numbers, len(raw) - 1
    own_from = own_at - shared
    for row in range(width):
        # Only forms that are so long: one that shares this byte shares it with such a one.
        chosen = chosen[sizes[chosen] > row]
        writes = np.where(shared[chosen] <= row, numbers[: len(chosen)], np.int32(-1))
        np.maximum.accumulate(writes, out=writes)
        found = raw[np.minimum(own_from[chosen[writes]] + row, last)]
        found[writes < 0] = before[row]
        letters[row, chosen] = found
    return letters


def _lemmas(raw: Array, part: Array, forms: Array, before: bytes) -> tuple[Strings, Array]:
    """The lemmas of some records: that before them, then each new one; and which each has."""
    shared, _, own, trim, rest_at, rest = part
    new = np.flatnonzero(trim != _SAME)
    kept = np.where(trim[new] == _LITERAL, 0, (shared + own)[new] - trim[new])
    if (kept < 0).any():
        raise ValueError("a lemma of the dictionary is longer than its form")
    sizes = kept + rest[new]
    at = np.concatenate(([0, len(before)], len(before) + np.cumsum(sizes)))
    letters = np.empty(int(at[-1]), np.uint8)
    letters[: len(before)] = np.frombuffer(before, np.uint8)
    begins = at[1:-1]
    beginnings = forms.T[new]
    letters[stretches(begins, kept)] = beginnings[np.arange(len(forms)) < kept[:, None]]
    letters[stretches(begins + kept, rest[new])] = raw[stretches(rest_at[new], rest[new])]
    return Strings(letters, at), np.cumsum(trim != _SAME)


def _rows(columns: Array, sizes: Array) -> Strings:
    """Strings from their letters, a column each, filled up to the longest."""
    held = np.arange(len(columns)) < sizes[:, None]
    return Strings(columns.T[held], np.concatenate(([0], np.cumsum(sizes))))
