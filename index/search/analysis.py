"""One analyser for index, query and highlighter: what terms and keys a text stands for."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import regex

from index.text import stems
from index.text.fold import fold
from index.text.name_arrays import name_hashes
from index.text.names import is_opener, name_keys, openers_of
from index.text.safe import safe_line
from index.text.stem_arrays import Surfaces, stem_hashes
from index.text.strings import Array, Pairs, paired, stretches
from index.text.words import Word, standing, words

_DENSE = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\u30fc\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
)
# No letter of theirs is before those of Thai; to look for a script takes much longer.
_FROM_THAI = re.compile("[\u0e00-\U0010ffff]")


def terms(text: str) -> list[Word]:
    """The terms of `text` in order, one a position, with the characters they stand for."""
    return words(text)


class Keys(NamedTuple):
    """The keys that a word has wherever it stands, and those it has where it looks like a name."""

    word: tuple[str, ...] = ()
    name: tuple[str, ...] = ()


_NONE = Keys()


def word_keys(surface: str, term: str, language: str) -> Keys:
    """The keys of a word of an article in `language`: of inflection, of compounds, of names.

    All that differ only in case have the same keys of words.
    """
    if is_dense(term):
        return _NONE
    if not surface.isascii():
        surface = unicodedata.normalize("NFC", surface)
    lower = surface.lower()
    found = (*stems.keys(lower, term, language), *stems.parts(lower, language))
    if lower == surface:
        # A script without capitals has names that look like any word.
        sounds = name_keys(surface, language) if surface == surface.upper() else ()
        return Keys((*found, *sounds)) if sounds or found else _NONE
    if is_opener(surface, language):
        return Keys(found) if found else _NONE
    own = tuple(key for key in stems.keys(surface, term, language) if key not in found)
    return Keys(found, (*own, *name_keys(surface, language)))


def names_among(surfaces: list[str], terms: list[str], language: str) -> list[bool]:
    """Which words have keys of their own where they stand so: with a capital, within a sentence."""
    openers = openers_of(language)
    capital = [
        at
        for at, (surface, lower) in enumerate(zip(surfaces, _lowered(surfaces), strict=True))
        if surface != lower and (lower not in openers or not surface[1:].islower())
    ]
    found = [False] * len(surfaces)
    dense = _some_dense([terms[at] for at in capital])
    for place, at in enumerate(capital):
        found[at] = not (dense and dense[place])
    return found


def _lowered(words: list[str]) -> list[str]:
    return "\n".join(words).lower().split("\n") if words else []


def _some_dense(terms: list[str]) -> list[bool]:
    """Which of the terms are dense; none at all where none is."""
    if not _FROM_THAI.search("\n".join(terms)):
        return []
    firsts = [term[:1] for term in terms]
    dense = set(filter(is_dense, set(firsts)))
    return [first in dense for first in firsts]


class HashedKeys(NamedTuple):
    """The keys of many words, each hashed, with the place of its word."""

    word: Pairs
    name: Pairs


def all_keys(words: list[str], terms: list[str], language: str) -> HashedKeys:
    """`word_keys` of many words at once, each as it stands and as a term."""
    dense = _some_dense(terms)
    chosen = [at for at, is_one in enumerate(dense) if not is_one] if dense else []
    if dense:
        words, terms = [words[at] for at in chosen], [terms[at] for at in chosen]
    surfaces = _composed(words)
    lowered = _lowered(surfaces)
    # With a capital or without, it is one word.
    places: dict[str, int] = {}
    lower_at = np.array([places.setdefault(lower, len(places)) for lower in lowered], np.int64)
    openers = openers_of(language)
    capital: list[int] = []
    caseless: list[int] = []
    for at, (surface, lower) in enumerate(zip(surfaces, lowered, strict=True)):
        if surface != lower:
            if lower not in openers or not surface[1:].islower():
                capital.append(at)
        elif not surface.isascii() and surface == surface.upper():
            # A script without capitals has names that look like any word.
            caseless.append(at)
    cased = Surfaces([surfaces[at] for at in capital], lower_at[capital])
    distinct = dict(zip(lowered, terms, strict=True))
    plain, own = stem_hashes(list(distinct), list(distinct.values()), cased, language)
    sounds = name_hashes([*cased.words, *(surfaces[at] for at in caseless)])
    every = np.array(capital + caseless, np.int64)[sounds.places]
    is_name = sounds.places < len(capital)
    word = paired([_for_each(plain, lower_at), Pairs(every[~is_name], sounds.hashes[~is_name])])
    name = paired([
        own._replace(places=np.array(capital, np.int64)[own.places]),
        Pairs(every[is_name], sounds.hashes[is_name]),
    ])  # fmt: skip
    if dense:
        whole = np.array(chosen, np.int64)
        word, name = (one._replace(places=whole[one.places]) for one in (word, name))
    return HashedKeys(word, name)


def _for_each(keys: Pairs, numbers: Array) -> Pairs:
    """The keys of words for each of the places that have a word of this number."""
    order = np.argsort(keys.places, kind="stable")
    counts = np.bincount(keys.places, minlength=int(numbers.max(initial=-1)) + 1)
    begins, sizes = (np.cumsum(counts) - counts)[numbers], counts[numbers]
    return Pairs(
        np.repeat(np.arange(len(numbers)), sizes), keys.hashes[order[stretches(begins, sizes)]]
    )


def _composed(words: list[str]) -> list[str]:
    """The words in normal form C, by which no word becomes two."""
    return unicodedata.normalize("NFC", "\n".join(words)).split("\n") if words else []


AS_NAME = "!"
"""Begins a key that is a term itself, where it looks like a name: the index needs none for it."""


@lru_cache(maxsize=65_536)
def read_keys(surface: str, term: str, language: str) -> frozenset[str]:
    """The same, remembered: a list of articles is read again at each search."""
    found = word_keys(surface, term, language)
    (named,) = names_among([surface], [term], language)
    return frozenset((*found.word, *found.name, *((AS_NAME + term,) if named else ())))


def forget() -> None:
    """Work keys out again: there are dictionaries that were not there before."""
    read_keys.cache_clear()


_GROUP = re.compile("(\\d)[ \u00a0\u202f\u2009](?=\\d{3}(?!\\d))")
_LONGEST_PIECE = 2**16
"""Characters."""
# One word of letters of one script with punctuation around: what nearly all pieces are.
_PLAIN = re.compile(
    '^(?:["\'“”„«»‘’(\\[]*([A-Za-z]+|[A-Za-zÀ-ÖØ-öø-ɏ]+|[Ѐ-ҁҊ-ԯ]+)["”“»’.,:;!?…)\\]]*|.*)$',
    re.MULTILINE,
)


def grouped(text: str) -> str:
    """`text` with commas for the spaces between the groups of numbers.

    Then the words of its pieces between white space, one piece after another, are its words: news
    repeats itself, and a piece met before need not be analysed again.
    """
    return _GROUP.sub(r"\1,", text)


def bare_words(pieces: list[str]) -> list[str]:
    """For each piece without white space the word it is but for the punctuation around it.

    Empty where it is not a word of letters of one script.
    """
    return _PLAIN.findall("\n".join(pieces)) if pieces else []


def standing_words(pieces: list[str]) -> list[list[str]]:
    """The words of pieces without white space, as they stand there."""
    if all(len(piece) <= _LONGEST_PIECE for piece in pieces):
        return standing(pieces)
    # Nobody writes such words: cut, they take memory for one part at a time, and for a word once.
    same: dict[str, str] = {}
    return [
        [
            same.setdefault(word, word)
            for at in range(0, len(piece), _LONGEST_PIECE)
            for word in standing([piece[at : at + _LONGEST_PIECE]])[0]
        ]
        for piece in pieces
    ]


def query_terms(text: str) -> tuple[str, ...]:
    """The terms of what a person typed, in order."""
    # Articles pass `safe` at import: what it takes out of them must not part a typed word either.
    return tuple(word.text for word in words(safe_line(text)))


def is_dense(term: str) -> bool:
    """Whether `term` is of a script written without spaces, where pairs of characters are terms."""
    return _DENSE.match(term) is not None


def is_lone_character(term: str) -> bool:
    """Whether `term` is one character of a dense script: it stands in texts only within pairs."""
    return is_dense(term) and len(regex.findall(r"\P{M}", term)) == 1


def fold_pattern(pattern: str) -> str | None:
    """`pattern` folded piece by piece between its stars, or None where a piece is not one word."""
    pieces = []
    for piece in safe_line(pattern).split("*"):
        found = words(piece)
        if piece and (len(found) != 1 or found[0].text != fold(piece)):
            return None
        pieces.append(found[0].text if found else "")
    return re.sub(r"\*+", "*", "*".join(pieces))
