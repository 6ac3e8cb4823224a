"""`stems.keys` and `parts` of many words at once, hashed: what building an index needs."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.text import stems
from index.text.lemmas import APOSTROPHES, LONGEST, dictionary_of
from index.text.strings import Array, Pairs, Strings, hashes, paired

if TYPE_CHECKING:
    from index.text.dictionaries import Dictionary

_DIGIT = re.compile(r"\d")
_UNASKED, _NO_KEY = np.uint64(0), np.uint64(1)
"""In place of the hash of a key: of a lemma not asked for yet, and of what is too short for one."""


class Surfaces(NamedTuple):
    """Words with capitals, and the place of each, in lower case, among other words."""

    words: list[str]
    lower_at: Array


def stem_hashes(
    lowered: list[str], terms: list[str], surfaces: Surfaces, language: str
) -> tuple[Pairs, Pairs]:
    """The hashed keys of words in lower case; and those that `surfaces` have beside them.

    `terms` are the folded words.
    """
    return _forms(stems.base_of(language)).keys(lowered, terms, surfaces)


@lru_cache(maxsize=128)
def _forms(base: str) -> "_Forms":
    return _Forms(base)


class _Forms:
    """The inflected forms of one language."""

    def __init__(self, base: str) -> None:
        self._spoken = stems.language_of(base)
        self._beginning = f"{self._spoken.base}:".encode()
        self._dictionary: Dictionary | None = None
        # The hash of the key of each lemma of the dictionary.
        self._of_lemma: Array = np.zeros(0, np.uint64)

    def keys(self, lowered: list[str], terms: list[str], surfaces: Surfaces) -> tuple[Pairs, Pairs]:
        """See `stem_hashes`."""
        spoken = self._spoken
        if not spoken.has_keys:
            return paired([]), paired([])
        self._open()
        vary = _may_vary(lowered, terms)
        places = np.flatnonzero(vary)
        words = spoken.plain_lower(_picked(lowered, places))
        number = np.cumsum(vary) - 1
        capital = np.flatnonzero(vary[surfaces.lower_at])
        found = _Lookup(words, _picked(surfaces.words, capital), number[surfaces.lower_at[capital]])
        self._look_up(found)
        at, known, own_known = found.lower_at, found.known, found.own_known
        wanted = known < 0
        wanted[at[found.named | (own_known < 0)]] = True
        stem = np.full(len(words), _NO_KEY)
        stem[wanted] = self._stemmed(_picked(words, np.flatnonzero(wanted)))
        # A compound in no dictionary has the stem of what its lemma would be.
        unknown = stem.copy()
        if found.compounds:
            unknown[list(found.compounds)] = self._stemmed(list(found.compounds.values()))
        first = np.where(known < 0, unknown, self._lemma_keys(known))
        parts = self._parts(lowered)
        own = np.where(own_known < 0, unknown[at], self._lemma_keys(own_known))
        named = np.flatnonzero(found.named)
        every = np.arange(len(own))
        more = paired([Pairs(every, own), Pairs(named, stem[at[named]])])
        more = more._replace(places=capital[more.places])
        word = paired([_told(Pairs(places, first)), parts])
        return word, _beside(more, surfaces.lower_at, word)

    def _open(self) -> None:
        dictionary = dictionary_of(self._spoken.dictionary)
        if dictionary is not self._dictionary:
            self._dictionary = dictionary
            self._of_lemma = np.zeros(len(dictionary) if dictionary else 0, np.uint64)

    # ---- lemmas, by their numbers in the dictionary; -1 for none

    def _look_up(self, found: "_Lookup") -> None:
        exact = self._numbers(found.words)
        found.known = self._lemmas(found.words, exact)
        at = found.lower_at
        found.named = np.array([word[:1].isupper() for word in found.surfaces], bool)
        plain = list(map(self._spoken.plain, found.surfaces))
        found.own_known = found.known[at]
        cased = np.flatnonzero(
            [word != found.words[place] for word, place in zip(plain, at.tolist(), strict=True)]
        )
        words = _picked(plain, cased)
        own = self._numbers(words)
        # One that begins with a capital is asked for in small letters next, as was done already.
        begun = np.array([word[:1].isupper() for word in words], bool)
        own = np.where((own < 0) & begun, exact[at[cased]], own)
        found.own_known[cased] = self._lemmas(words, np.where(begun & (own < 0), -2, own))
        if stems.UNKNOWN_ENDINGS.get(self._spoken.base):
            self._guess(found)

    def _numbers(self, words: list[str]) -> Array:
        """The lemmas of words as they are written."""
        found = np.full(len(words), -1)
        if self._dictionary is None or not words:
            return found
        lines = "\n".join(words)
        if "’" in lines or "ʼ" in lines:
            lines = lines.translate(APOSTROPHES)
        if len(lines) > LONGEST and max(map(len, words)) > LONGEST:
            short = [at for at, word in enumerate(words) if len(word) <= LONGEST]
            found[short] = self._numbers([words[at] for at in short])
            return found
        return self._dictionary.numbers(Strings.of_lines(lines))

    def _lemmas(self, words: list[str], exact: Array | None = None) -> Array:
        """The lemmas of words as `exact` has them, or else of the words with or without a capital.

        Where `exact` is less than -1 it stays so.
        """
        known = self._numbers(words) if exact is None else exact.copy()
        left = np.flatnonzero(known == -1)
        others = [
            word.lower() if word[:1].isupper() else word.capitalize()
            for word in _picked(words, left)
        ]
        known[left] = self._numbers(others)
        return known

    def _guess(self, found: "_Lookup") -> None:
        """Fill in what unknown words, by their beginning, ending or parts, may be forms of."""
        words, at = found.words, found.lower_at
        unknown = found.known < 0
        unknown[at[found.own_known < 0]] = True
        left = np.flatnonzero(unknown)
        sizes = np.fromiter(map(len, words), np.int64, len(words))
        guessed = np.full(len(words), -1)
        if self._spoken.base in stems.UNKNOWN_BEGINNINGS:
            rests = [
                stems.without_beginning(word, self._spoken.base) for word in _picked(words, left)
            ]
            begun = left[[bool(rest) for rest in rests]]
            guessed[begun] = self._lemmas([rest for rest in rests if rest])
        for size in range(1, stems.UNKNOWN_ENDINGS[self._spoken.base] + 1):
            left = left[guessed[left] < 0]
            long = left[sizes[left] - size >= stems.SHORTEST_PART]
            guessed[long] = self._lemmas([words[place][:-size] for place in long.tolist()])
        found.known = np.where(found.known < 0, guessed, found.known)
        found.own_known = np.where(found.own_known < 0, guessed[at], found.own_known)
        if self._spoken.base in stems.COMPOUNDING and self._dictionary is not None:
            left = left[guessed[left] < 0]
            chosen = _picked(words, left)
            tails = self._tails(chosen)
            first = self._begun(chosen, tails, np.zeros(len(chosen), np.int64))
            lemmas = self._dictionary.lemmas(tails.lemmas[first]).texts()
            for place, cut, lemma in zip(
                tails.words[first].tolist(), tails.cuts[first].tolist(), lemmas, strict=True
            ):
                found.compounds[int(left[place])] = chosen[place][:cut] + lemma.lower()

    # ---- compounds

    def _tails(self, words: list[str]) -> "_Tails":
        """The known words that some words end in."""
        shortest, part = stems.SHORTEST, stems.SHORTEST_PART
        sizes = np.fromiter(map(len, words), np.int64, len(words))
        counts = np.maximum(sizes - part + 1 - shortest, 0)
        tails = [word[cut:] for word in words for cut in range(shortest, len(word) - part + 1)]
        lemmas = self._lemmas(tails)
        of = np.repeat(np.arange(len(words)), counts)
        cuts = np.arange(len(tails)) - np.repeat(np.cumsum(counts) - counts, counts) + shortest
        known = np.flatnonzero(lemmas >= 0)
        return _Tails(of[known], cuts[known], lemmas[known])

    def _begun(self, words: list[str], tails: "_Tails", begins: Array) -> Array:
        """The places of the longest tails before which words (from `begins` on) have a known word.

        Perhaps one with the letters that join it to the next.
        """
        heads = [
            words[word][begins[word] : cut]
            for word, cut in zip(tails.words.tolist(), tails.cuts.tolist(), strict=True)
        ]
        asked: list[str] = []
        whose: list[int] = []
        for place, head in enumerate(heads):
            for joint in stems.JOINTS:
                stem = head.removesuffix(joint)
                if len(stem) >= stems.SHORTEST and (not joint or stem != head):
                    asked.append(stem)
                    whose.append(place)
        fits = np.unique(np.array(whose, np.int64)[self._lemmas(asked) >= 0])
        _, first = np.unique(tails.words[fits], return_index=True)
        found: Array = fits[first]
        return found

    def _parts(self, words: list[str]) -> Pairs:
        """The keys of what compounds end in, and of what that ends in."""
        spoken = self._spoken
        chosen = np.array([at for at, one in enumerate(words) if spoken.may_be_compound(one)], int)
        if not len(chosen):
            return paired([])
        long = _picked(words, chosen)
        tails = self._tails(long)
        begins = np.zeros(len(long), np.int64)
        found = []
        while len(tails.words):
            first = self._begun(long, tails, begins)
            of, cuts = tails.words[first], tails.cuts[first]
            keys = self._lemma_keys(tails.lemmas[first])
            found.append(_told(Pairs(chosen[of], keys)))
            begins[:] = LONGEST * len(long)
            begins[of] = cuts
            tails = tails.at(tails.cuts >= begins[tails.words] + stems.SHORTEST)
        return paired(found)

    # ---- keys

    def _lemma_keys(self, numbers: Array) -> Array:
        """The keys of lemmas; anything for those less than 0."""
        if self._dictionary is None:
            return np.full(len(numbers), _NO_KEY)
        numbers = np.minimum(np.maximum(numbers, 0), len(self._of_lemma) - 1)
        asked = np.zeros(len(self._of_lemma), bool)
        asked[numbers] = True
        new = np.flatnonzero(asked & (self._of_lemma == _UNASKED))
        if len(new):
            lemmas = "\n".join(self._dictionary.lemmas(new).texts()).lower().split("\n")
            self._of_lemma[new] = self._stemmed(lemmas)
        return self._of_lemma[numbers]

    def _stemmed(self, words: list[str]) -> Array:
        """The keys of words in lower case by their stems."""
        if not words:
            return np.zeros(0, np.uint64)
        stemmed = self._spoken.stems(words)
        found = hashes(Strings.of_lines("\n".join(stemmed)), self._beginning)
        found[np.fromiter(map(len, stemmed), np.int64, len(stemmed)) <= 1] = _NO_KEY
        return found


class _Lookup:
    """Words, surfaces of some of them, and which lemmas they have."""

    def __init__(self, words: list[str], surfaces: list[str], lower_at: Array) -> None:
        self.words = words
        self.surfaces = surfaces
        self.lower_at = lower_at
        self.known = self.own_known = np.zeros(0, np.int64)
        self.named = np.zeros(0, bool)
        """Which of the surfaces begin with a capital."""
        self.compounds: dict[int, str] = {}
        """By place of a word, what its lemma would be."""


class _Tails(NamedTuple):
    """Ends of words from a letter on that are words themselves, with their lemmas."""

    words: Array
    cuts: Array
    lemmas: Array

    def at(self, places: Array) -> "_Tails":
        return _Tails._make(part[places] for part in self)


def _picked(words: list[str], places: Array) -> list[str]:
    if len(places) == len(words):
        return words
    return [words[at] for at in places.tolist()]


def _told(pairs: Pairs) -> Pairs:
    """Those that have a key."""
    held = pairs.hashes != _NO_KEY
    return Pairs(pairs.places[held], pairs.hashes[held])


def _beside(more: Pairs, at: Array, keys: Pairs) -> Pairs:
    """Those keys of surfaces that the words `at` which they stand have not among `keys`."""
    # Word and hash in one number: the hash is as good as random.
    theirs = np.sort(keys.hashes + keys.places.astype(np.uint64))
    ours = more.hashes + at[more.places].astype(np.uint64)
    held = (more.hashes != _NO_KEY) & ~_among(ours, theirs)
    return Pairs(more.places[held], more.hashes[held])


def _among(asked: Array, ordered: Array) -> Array:
    if not len(ordered):
        return np.zeros(len(asked), bool)
    places = np.minimum(np.searchsorted(ordered, asked), len(ordered) - 1)
    found: Array = ordered[places] == asked
    return found


def _may_vary(lowered: list[str], terms: list[str]) -> Array:
    """Which words may have other forms: neither short nor very long, and without digits."""
    sizes = np.fromiter(map(len, terms), np.int64, len(terms))
    found: Array = (sizes >= stems.SHORTEST) & (sizes <= stems.LONGEST)
    lines = "\n".join(lowered)
    if _DIGIT.search(lines):
        found &= [not _DIGIT.search(word) for word in lowered]
    return found
