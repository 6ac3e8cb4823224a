"""Lemmas of words in some fifty languages: the one door to simplemma.

simplemma's dictionaries take seconds and hundreds of megabytes to load as they come. Here each is
written once, at its first use, into the cache folder in a form that is only mapped into memory.
"""

import contextlib
import mmap
import os
import struct
import tempfile
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from simplemma import Lemmatizer
    from simplemma.strategies.dictionaries.stream_dictionary_factory import StreamMap

_MAGIC = b"NRLEMMA1"
_HEADER = struct.Struct("<8sIIQ")  # magic, reversed keys, blocks, bytes of seeds
_LONGEST = 60
_STRIDE = 32
"""First keys of every so many blocks are held in memory, to begin a search with."""
_MAPS = 64
"""Dictionaries held open at once; each is only a mapping of a file."""


class _Mapped(Mapping[str, str]):
    """A dictionary as a mapped file: front-coded blocks, and where each begins.

    Laid out as header, offsets of blocks, offsets of seeds, seeds, blocks. A seed is the first key
    of its block, and the key and value before it, from which decoding goes on.
    """

    def __init__(self, path: Path) -> None:
        # simplemma takes 0.4 s to import: not before a lemma is asked for. Its reader of records is
        # not public, but its format is versioned, and the public ways to it take seconds at each
        # start. Another format would fail the tests at once.
        from simplemma.strategies.dictionaries import frontcode  # noqa: PLC0415

        self._decode = frontcode._iter_records
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        magic, reverse, count, seeds = _HEADER.unpack_from(self._map)
        if magic != _MAGIC or _HEADER.size + 8 * (count + 1) + seeds > len(self._map):
            raise ValueError(path)
        view = memoryview(self._map)
        at = _HEADER.size
        self._reverse = bool(reverse)
        self._blocks = view[at : at + 4 * (count + 1)].cast("I")
        at += 4 * (count + 1)
        self._seeds = view[at : at + 4 * (count + 1)].cast("I")
        self._seed_start = at + 4 * (count + 1)
        self._data_start = self._seed_start + seeds
        self._count: int = count
        if self._data_start + self._blocks[count] != len(self._map):
            raise ValueError(path)
        self._tops = [self._seed(block)[0] for block in range(0, count, _STRIDE)]

    def _seed(self, block: int) -> list[bytes]:
        start = self._seed_start
        return self._map[start + self._seeds[block] : start + self._seeds[block + 1]].split(b"\0")

    def _records(self, block: int) -> Iterator[tuple[bytes, bytes]]:
        start = self._data_start
        data = self._map[start + self._blocks[block] : start + self._blocks[block + 1]]
        _, key, value = self._seed(block)
        for _, stored, form in self._decode(data, 0, key, value):
            yield stored, form

    def _text(self, stored: bytes) -> str:
        return (stored[::-1] if self._reverse else stored).decode()

    def __getitem__(self, key: str) -> str:
        target = key.encode()
        if self._reverse:
            target = target[::-1]
        top = (bisect_right(self._tops, target) - 1) * _STRIDE
        if top >= 0:
            near = range(top, min(top + _STRIDE, self._count))
            block = near[bisect_right(near, target, key=lambda at: self._seed(at)[0]) - 1]
            for stored, value in self._records(block):
                if stored == target:
                    return self._text(value)
                if stored > target:
                    break
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        for block in range(self._count):
            for stored, _ in self._records(block):
                yield self._text(stored)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Factory:
    """Gives simplemma the dictionaries of the cache folder."""

    def get_dictionary(self, lang: str) -> Mapping[str, str]:
        """The dictionary of `lang`, made at its first use."""
        return _dictionary(lang)


@lru_cache(maxsize=1)
def _release() -> str:
    from importlib.metadata import version  # noqa: PLC0415

    return version("simplemma")


@lru_cache(maxsize=_MAPS)
def _dictionary(language: str) -> Mapping[str, str]:
    path = cache_folder() / f"{language}-{_release()}.lemmas"
    with contextlib.suppress(OSError, ValueError, struct.error):
        return _Mapped(path)
    from simplemma.strategies.dictionaries.stream_dictionary_factory import (  # noqa: PLC0415
        StreamDictionaryFactory,
        StreamMap,
    )

    streamed = StreamDictionaryFactory(cache_max_size=1).get_dictionary(language)
    assert isinstance(streamed, StreamMap)
    with contextlib.suppress(OSError, ValueError, struct.error):  # a full or read-only disk
        _write(streamed, path)
        return _Mapped(path)
    return cast("Mapping[str, str]", streamed)


def _write(streamed: "StreamMap", path: Path) -> None:
    """Lay the decoded dictionary out as `_Mapped` reads it, in one rename."""
    blocks, seeds, blob = array("I"), array("I"), bytearray()
    for first, (start, before_key, before_value) in zip(
        streamed._firsts, streamed._blocks, strict=True
    ):
        blocks.append(start - streamed._pos)
        seeds.append(len(blob))
        blob += b"\0".join((first, before_key, before_value))
    blocks.append(len(streamed._data) - streamed._pos)
    seeds.append(len(blob))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_HEADER.pack(_MAGIC, streamed._rev, len(blocks) - 1, len(blob)))
            blocks.tofile(file)
            seeds.tofile(file)
            file.write(blob)
            file.write(memoryview(streamed._data)[streamed._pos :])
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def cache_folder() -> Path:
    """Where the dictionaries lie; safe to delete."""
    import platformdirs  # noqa: PLC0415

    return Path(platformdirs.user_cache_dir("newsreader")) / "lemmas"


@lru_cache(maxsize=1)
def _lemmatizer() -> "Lemmatizer":
    from simplemma import Lemmatizer  # noqa: PLC0415
    from simplemma.strategies import DefaultStrategy  # noqa: PLC0415

    return Lemmatizer(lemmatization_strategy=DefaultStrategy(dictionary_factory=_Factory()))


def has_lemmas(language: str) -> bool:
    """Whether there is a dictionary for `language` (simplemma's code: Serbian is hbs)."""
    return language in _supported()


@lru_cache(maxsize=1)
def _supported() -> frozenset[str]:
    from simplemma.strategies.dictionaries.dictionary_factory import (  # noqa: PLC0415
        SUPPORTED_LANGUAGES,
    )

    return frozenset(SUPPORTED_LANGUAGES)


def lemma(word: str, language: str) -> str:
    """The dictionary form of `word`, or the word itself where none is known."""
    if len(word) > _LONGEST:
        return word
    return str(_lemmatizer().lemmatize(word, lang=language))


@lru_cache(maxsize=8192)
def knows(word: str, language: str) -> bool:
    """Whether the dictionary of `language` has this very form, in any case."""
    if len(word) > _LONGEST or not has_lemmas(language):
        return False
    dictionary = _dictionary(language)
    return any(form in dictionary for form in {word, word.lower(), word.capitalize()})
