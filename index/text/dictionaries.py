"""Dictionaries from the forms of words to their lemmas, compiled to a file that is only mapped.

A file holds, for each form, 40 bits of its hash and the number of its lemma, sorted; where the
forms of each beginning of a hash are; and the lemmas. A word that is in no dictionary passes for
one of a million of its forms once in some 300,000 times.
"""

import mmap
import os
import struct
import tempfile
from bisect import bisect_left
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import adler32, crc32

if TYPE_CHECKING:
    from index.text.frontcoding import Array, Strings

_MAGIC = b"NRLEMMA2"
_HEADER = struct.Struct("<8sIIII")  # magic, backwards, forms, lemmas, bytes of lemmas
_BEGINNING = 16
_HASH = 40
_NUMBER = 24
_BEGINNINGS = 2**_BEGINNING + 1


def _hashed(letters: bytes) -> int:
    return crc32(letters) << 8 | adler32(letters) & 0xFF


class Dictionary:
    """A compiled dictionary. Raises OSError or ValueError where the file is none."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            magic, backwards, forms, lemmas, size = _HEADER.unpack_from(self._map)
        except struct.error as error:
            raise ValueError(path) from error
        view = memoryview(self._map)
        ends = [_HEADER.size]
        for count, width in ((forms, 8), (_BEGINNINGS, 4), (lemmas + 1, 4), (size, 1)):
            ends.append(ends[-1] + count * width)
        if magic != _MAGIC or ends[-1] != len(view):
            raise ValueError(path)
        self._backwards = bool(backwards)
        self._forms = view[ends[0] : ends[1]].cast("Q")
        self._begins = view[ends[1] : ends[2]].cast("I")
        self._lemma_at = view[ends[2] : ends[3]].cast("I")
        self._lemmas_from = ends[3]

    def get(self, form: str) -> str | None:
        """The lemma of exactly this form, None where it has none."""
        number = self._find(form)
        return self.lemma(number) if number >= 0 else None

    def lemma(self, number: int) -> str:
        """The lemma with a number that `numbers` gave."""
        number = min(number, len(self._lemma_at) - 2)
        at = self._lemmas_from
        letters = self._map[at + self._lemma_at[number] : at + self._lemma_at[number + 1]]
        return (letters[::-1] if self._backwards else letters).decode(errors="replace")

    def numbers(self, forms: list[str]) -> "Array":
        """The numbers of the lemmas of many forms at once, -1 where there is none."""
        import numpy as np  # noqa: PLC0415

        from index.text.frontcoding import Strings  # noqa: PLC0415

        letters = [form.encode() for form in forms]
        if self._backwards:
            letters = [one[::-1] for one in letters]
        sizes = np.fromiter(map(len, letters), np.int64, len(letters))
        strings = Strings(
            np.frombuffer(b"".join(letters), np.uint8), np.concatenate(([0], np.cumsum(sizes)))
        )
        wanted = _hashes(*_columns(strings)) << np.uint64(_NUMBER)
        table = np.frombuffer(self._forms, np.uint64)
        places = np.searchsorted(table, wanted)
        places[places == len(table)] = 0
        found = table[places]
        held = (found ^ wanted) < np.uint64(2**_NUMBER)
        return np.where(held, (found & np.uint64(2**_NUMBER - 1)).astype(np.int64), -1)

    def __contains__(self, form: str) -> bool:
        return self._find(form) >= 0

    def _find(self, form: str) -> int:
        letters = form.encode()
        hashed = _hashed(letters[::-1] if self._backwards else letters)
        beginning = hashed >> (_HASH - _BEGINNING)
        end = self._begins[beginning + 1]
        wanted = hashed << _NUMBER
        place = bisect_left(self._forms, wanted, self._begins[beginning], end)
        found: int = self._forms[place] if place < end else -1
        return found & (2**_NUMBER - 1) if found >> _NUMBER == hashed else -1


def compile_to(path: Path, data: bytes) -> None:
    """Write the dictionary `data` (see `frontcoding`) as `Dictionary` reads it, in one rename.

    Takes some half a second for a million forms. Raises OSError, and ValueError for other data.
    """
    import numpy as np  # noqa: PLC0415 - only here: looking words up needs none of it

    from index.text import frontcoding  # noqa: PLC0415

    forms, lemmas, numbers = [], [], []
    count = 0
    for chunk in frontcoding.read(data):
        forms.append(_hashes(chunk.letters, chunk.sizes))
        numbers.append(chunk.lemma_of + count)
        lemmas.append(chunk.lemmas)
        count += len(chunk.lemmas.at) - 1
    sizes = np.concatenate([part.sizes for part in lemmas])
    every = frontcoding.Strings(
        np.concatenate([part.data for part in lemmas]), np.concatenate(([0], np.cumsum(sizes)))
    )
    _, first, same = np.unique(_hashes(*_columns(every)), return_index=True, return_inverse=True)
    distinct = every.chosen(first)
    table = np.concatenate(forms) << np.uint64(_NUMBER)
    table |= same[np.concatenate(numbers)].astype(np.uint64)
    table.sort()
    beginnings = np.arange(_BEGINNINGS, dtype=np.uint64) << np.uint64(_HASH - _BEGINNING + _NUMBER)
    begins = np.searchsorted(table, beginnings[:-1])
    arrays = (
        table.astype("<u8"),
        np.append(begins, len(table)).astype("<u4"),
        distinct.at.astype("<u4"),
        distinct.data,
    )
    head = (frontcoding.is_backwards(data), len(table), len(first), len(distinct.data))
    _write(path, _HEADER.pack(_MAGIC, *head), arrays)


def _write(path: Path, head: bytes, arrays: "tuple[Array, ...]") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(head)
            for one in arrays:
                file.write(one.data)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _columns(strings: "Strings") -> "tuple[Array, Array]":
    """The letters of some strings, a column each, and their lengths."""
    import numpy as np  # noqa: PLC0415

    sizes = strings.sizes
    rows = np.zeros((len(sizes), int(sizes.max(initial=0))), np.uint8)
    rows[np.arange(rows.shape[1]) < sizes[:, None]] = strings.data
    return rows.T, sizes


@lru_cache(maxsize=1)
def _steps() -> tuple[int, ...]:
    """What each byte does to a CRC-32 (ISO 3309): its polynomial, backwards, eight times."""
    steps = []
    for byte in range(256):
        step = byte
        for _ in range(8):
            step = step >> 1 ^ (0xEDB88320 if step & 1 else 0)
        steps.append(step)
    return tuple(steps)


def _hashes(letters: "Array", sizes: "Array") -> "Array":
    """What `_hashed` gives for each column of `letters`, worked out for all of them row by row."""
    import numpy as np  # noqa: PLC0415

    table = np.array(_steps(), np.uint32)
    checks = np.full(len(sizes), 0xFFFFFFFF, np.uint32)
    longer = sizes.astype(np.int32)
    for row, one in enumerate(letters):
        stepped = table[checks.astype(np.uint8) ^ one]
        stepped ^= checks >> np.uint32(8)
        np.copyto(checks, stepped, where=longer > row)
    checks ^= np.uint32(0xFFFFFFFF)
    sums = letters.sum(axis=0, dtype=np.uint32) + np.uint32(1)
    found: Array = checks.astype(np.uint64) << np.uint64(8)
    found |= (sums & np.uint32(0xFF)).astype(np.uint64)
    return found
