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
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import adler32, crc32

if TYPE_CHECKING:
    from index.text.strings import Array, Strings

_MAGIC = b"NRLEMMA3"
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

    def __len__(self) -> int:
        """How many lemmas there are."""
        return len(self._lemma_at) - 1

    def numbers(self, forms: "Strings") -> "Array":
        """The numbers of the lemmas of many forms at once, -1 where there is none."""
        import numpy as np  # noqa: PLC0415

        wanted = _hashes(forms.backwards() if self._backwards else forms) << np.uint64(_NUMBER)
        table = np.frombuffer(self._forms, np.uint64)
        found = np.full(len(wanted), -1)
        if not len(table):
            return found
        # In order they are near each other in the file.
        order = np.argsort(wanted)
        wanted = wanted[order]
        places = np.searchsorted(table, wanted)
        near = table[np.minimum(places, len(table) - 1)]
        held = (near ^ wanted) < np.uint64(2**_NUMBER)
        found[order[held]] = (near[held] & np.uint64(2**_NUMBER - 1)).astype(np.int64)
        return found

    def lemmas(self, numbers: "Array") -> "Strings":
        """The lemmas with numbers that `numbers` gave."""
        import numpy as np  # noqa: PLC0415

        from index.text.strings import Strings  # noqa: PLC0415

        at = np.frombuffer(self._lemma_at, np.uint32).astype(np.int64)
        every = Strings(np.frombuffer(self._map, np.uint8, offset=self._lemmas_from), at)
        found = every.chosen(np.minimum(numbers, len(self) - 1))
        return found.backwards() if self._backwards else found

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


def compile_to(path: Path, data: bytes, *, closed: bool = False) -> None:
    """Write the dictionary `data` (see `frontcoding`) as `Dictionary` reads it, in one rename.

    Where it is to be `closed`, a lemma that has a lemma of its own gives way to that.
    Takes some half a second for a million forms. Raises OSError, and ValueError for other data.
    """
    import numpy as np  # noqa: PLC0415 - only here: looking words up needs none of it

    from index.text import frontcoding  # noqa: PLC0415
    from index.text.strings import together  # noqa: PLC0415

    forms, lemmas, numbers = [], [], []
    count = 0
    for chunk in frontcoding.read(data):
        forms.append(_hashes(chunk.forms))
        numbers.append(chunk.lemma_of + count)
        lemmas.append(chunk.lemmas)
        count += len(chunk.lemmas.at) - 1
    every = together(lemmas)
    hashes, first, same = np.unique(_hashes(every), return_index=True, return_inverse=True)
    distinct = every.chosen(first)
    keys, lemma_of = np.concatenate(forms), same[np.concatenate(numbers)]
    if closed:
        lemma_of = _last(hashes, keys, lemma_of)[lemma_of]
    table = keys << np.uint64(_NUMBER)
    table |= lemma_of.astype(np.uint64)
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


def _last(lemmas: "Array", forms: "Array", lemma_of: "Array") -> "Array":
    """For each lemma the one that its own lemma has in the end, after three steps at most.

    All are numbers; `lemmas` and `forms` are hashes. Of two lemmas that are each other's the first
    stands for both.
    """
    import numpy as np  # noqa: PLC0415

    order = np.argsort(forms)
    places = order[np.minimum(np.searchsorted(forms, lemmas, sorter=order), len(forms) - 1)]
    own = np.arange(len(lemmas))
    after: Array = np.where(forms[places] == lemmas, lemma_of[places], own)
    after = np.where(after[after] == own, np.minimum(after, own), after)
    for _ in range(2):
        after = after[after]
    return after


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


def _hashes(strings: "Strings") -> "Array":
    """What `_hashed` gives for each of the strings."""
    import numpy as np  # noqa: PLC0415

    from index.text.strings import crcs  # noqa: PLC0415

    found: Array = crcs(strings).astype(np.uint64) << np.uint64(8)
    before = np.concatenate(([0], np.cumsum(strings.data, dtype=np.uint32)))
    sums = before[strings.at[1:]] - before[strings.at[:-1]] + np.uint32(1)
    found |= (sums & np.uint32(0xFF)).astype(np.uint64)
    return found
