"""Lemmas of words in some fifty languages: the one door to simplemma, whose dictionaries they are.

They take seconds and hundreds of megabytes to load as they come. Here each is compiled once, at its
first use, into the cache folder, in a form that is only mapped into memory. Of simplemma nothing
but the dictionaries is used: its code that guesses at unknown words takes most of its time, and the
stem of an unknown word does as well.
"""

import contextlib
import lzma
import tempfile
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from index.text.dictionaries import Dictionary, compile_to

LONGEST = 60
CLOSED = frozenset({"bg", "fi"})
"""Dictionaries that take many a form to another form of its word first, and that to the word.

Others take words to what they were derived from: Turkish to understand to moment, Serbian harbour
to onion.
"""
APOSTROPHES = str.maketrans("’ʼ", "''")
_waits: ContextVar[bool] = ContextVar("_waits", default=True)
_opened: dict[str, Dictionary | dict[str, str]] = {}
"""By language; each is only a mapping of a file."""


@lru_cache(maxsize=1)
def _package() -> tuple[Path, str]:
    """Where simplemma's dictionaries lie, and of which release they are."""
    from importlib.metadata import distribution  # noqa: PLC0415  (30 ms)

    simplemma = distribution("simplemma")
    folder = Path(str(simplemma.locate_file("simplemma/strategies/dictionaries/data")))
    return folder, simplemma.version


@contextlib.contextmanager
def at_hand() -> Iterator[None]:
    """Wait for no dictionary meanwhile: one that is not compiled yet knows no word."""
    token = _waits.set(False)
    try:
        yield
    finally:
        _waits.reset(token)


def missing(languages: Iterable[str]) -> list[str]:
    """Those of `languages` whose dictionary takes a second or more before it can be asked."""
    able = [one for one in languages if one not in _opened and has_lemmas(one)]
    return [one for one in able if not _path(one).exists()]


def prepare(languages: Iterable[str]) -> None:
    """Compile what is `missing` of these."""
    for one in languages:
        if has_lemmas(one) and one not in _opened:
            _opened[one] = _compiled(one)


def _path(language: str) -> Path:
    return cache_folder() / f"{language}-{_package()[1]}.forms"


def _dictionary(language: str) -> Dictionary | dict[str, str]:
    found = _opened.get(language)
    if found is None:
        if not _waits.get() and not _path(language).exists():
            return {}
        found = _opened[language] = _compiled(language)
    return found


def _compiled(language: str) -> Dictionary | dict[str, str]:
    folder, _release = _package()
    path = _path(language)
    with contextlib.suppress(OSError, ValueError):
        return Dictionary(path)
    data = lzma.decompress((folder / f"{language}.plzma").read_bytes())
    with contextlib.suppress(OSError, ValueError):  # a full or read-only disk
        compile_to(path, data, closed=language in CLOSED)
        return Dictionary(path)
    # Where even this cannot be written there are stems, but no lemmas.
    with contextlib.suppress(OSError, ValueError), tempfile.TemporaryDirectory() as temporary:
        compile_to(Path(temporary) / "forms", data, closed=language in CLOSED)
        return Dictionary(Path(temporary) / "forms")
    return {}


def cache_folder() -> Path:
    """Where the dictionaries lie; safe to delete."""
    import platformdirs  # noqa: PLC0415

    return Path(platformdirs.user_cache_dir("newsreader")) / "lemmas"


def has_lemmas(language: str) -> bool:
    """Whether there is a dictionary for `language` (simplemma's code: Serbian is hbs)."""
    return language in _supported()


@lru_cache(maxsize=1)
def _supported() -> frozenset[str]:
    return frozenset(path.stem for path in _package()[0].glob("*.plzma"))


def lemma(word: str, language: str) -> str | None:
    """The dictionary form of `word`, in any case; None where the dictionary does not have it."""
    if len(word) > LONGEST or not has_lemmas(language):
        return None
    dictionary = _dictionary(language)
    word = word.translate(APOSTROPHES)
    found = dictionary.get(word)
    if found is None:
        found = dictionary.get(word.lower() if word[:1].isupper() else word.capitalize())
    return found


def dictionary_of(language: str) -> Dictionary | None:
    """The dictionary of `language`, None where there is none or it is not at hand."""
    found = _dictionary(language) if has_lemmas(language) else None
    return found if isinstance(found, Dictionary) else None


def knows(word: str, language: str) -> bool:
    """Whether the dictionary of `language` has this very form, in any case."""
    if len(word) > LONGEST or not has_lemmas(language):
        return False
    dictionary = _dictionary(language)
    return isinstance(dictionary, Dictionary) and _holds(dictionary, word)


@lru_cache(maxsize=8192)
def _holds(dictionary: Dictionary, word: str) -> bool:
    word = word.translate(APOSTROPHES)
    return any(form in dictionary for form in {word, word.lower(), word.capitalize()})
