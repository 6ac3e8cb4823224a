"""The words of many texts: each is analysed once, and known by a number from then on."""

import re
from collections.abc import Iterable, Sequence

import numpy as np

from index.search.analysis import all_keys, bare_words, grouped, names_among, standing_words
from index.search.growing import Growing
from index.search.layout import Shared
from index.search.pieces import LONG, Numbers, Split, hashes, split
from index.search.segment import Array
from index.text.strings import Pairs, stretches
from index.text.words import folded

MOST_WORDS = 1_500_000
"""Words, and words of pieces, kept in mind from segment to segment: some hundred bytes each."""
MOST_PIECES = 4_000_000
"""Pieces kept in mind: some thirty bytes each."""
MOST_AT_ONCE = 1_000_000
"""Characters of a text that are read at once: what bounds the memory of reading it."""
_KEYS_AT_ONCE = 50_000
"""Words whose keys are worked out at once."""
_ENDS_IN_DIGIT, _IS_GROUP = 1, 2
_NOTHING = -1
_LAST_DIGIT = re.compile(r"\d\Z")
_GROUP = re.compile(r"\d{3}(?!\d)")
_CUT = re.compile(r"(?<!\d)\s")


class _Lists:
    """Lists of numbers."""

    def __init__(self) -> None:
        self.numbers = Growing(np.uint32)
        self._begins = Growing(np.uint32)
        self._sizes = Growing(np.uint32)

    def __len__(self) -> int:
        return len(self._begins)

    def extend(self, numbers: Sequence[int] | Array, sizes: Array) -> None:
        """Put more lists behind the others, all in one, so many numbers each."""
        self._begins.extend(np.cumsum(sizes) - sizes + len(self.numbers))
        self._sizes.extend(sizes)
        self.numbers.extend(numbers)

    def at(self, places: Array) -> tuple[Array, Array]:
        """The numbers of the lists at `places`, all in one, and how many each has."""
        first, sizes = self._begins.whole.take(places), self._sizes.whole.take(places)
        size = sizes
        if len(size) and not size.min():
            held = np.flatnonzero(size)
            first, size = first.take(held), size.take(held)
        if len(size) and size.max() > 1:
            first = stretches(first.astype(np.int64), size.astype(np.int64))
        return self.numbers.whole.take(first), sizes


class _Pairs:
    """Which words have which keys, as they were met."""

    def __init__(self) -> None:
        self._hashes = Growing(np.uint64)
        self._numbers = Growing(np.uint32)

    def add(self, keys: Pairs, numbers: Array) -> None:
        """Take in keys of words that have these numbers."""
        self._hashes.extend(keys.hashes)
        self._numbers.extend(numbers[keys.places])

    def among(self, field: str, ranks: Array) -> Shared:
        """Those of words that have a rank in a field, -1 standing for none."""
        numbers = ranks[self._numbers.whole]
        held = numbers >= 0
        return Shared(field, self._hashes.whole[held], numbers[held])


class Vocabulary:
    """Numbers for words, and for pieces of text met before: those of its words."""

    def __init__(self) -> None:
        self.words: list[bytes] = []
        """By number."""
        self.keys = {"text": _Pairs(), "names": _Pairs()}
        self.words_of = _Lists()
        self.names_of = _Lists()
        self.kinds = Growing(np.uint8)
        self._number_of: dict[bytes, int] = {}
        self._languages: dict[str, _Pieces] = {}

    @property
    def is_full(self) -> bool:
        """Whether it holds so much that it is time for a new one."""
        words = len(self.words) + len(self.words_of.numbers) // 8
        return words > MOST_WORDS or len(self.words_of) > MOST_PIECES

    def read(self, texts: Sequence[str], language: str) -> tuple[Array, Array]:
        """The pieces of some texts in one language, and how many each text has."""
        pieces = self._languages.get(language)
        if pieces is None:
            # Each language has its own table, since a word has other keys in each.
            pieces = self._languages[language] = _Pieces(self, language)
        if max(map(len, texts), default=0) <= MOST_AT_ONCE:
            return pieces.read(texts)
        parts = [[pieces.read([part]) for part in _cut(text)] for text in texts]
        counts = [sum(int(count[0]) for _, count in part) for part in parts]
        return np.concatenate([found for part in parts for found, _ in part]), np.array(counts)

    def numbers(self, terms: list[str]) -> list[int]:
        """The numbers of folded words."""
        known = self._number_of
        words = "\n".join(terms).encode().split(b"\n") if terms else []
        new = [word for word in dict.fromkeys(words) if word not in known]
        known.update(zip(new, range(len(known), len(known) + len(new)), strict=True))
        self.words += new
        return list(map(known.__getitem__, words))

    def settle(self) -> None:
        """Work out the keys of the words met since: many at once take much less time."""
        for pieces in self._languages.values():
            pieces.settle()


class _Pieces:
    """The pieces of texts in one language."""

    def __init__(self, vocabulary: Vocabulary, language: str) -> None:
        self._vocabulary = vocabulary
        self._language = language
        self._numbers = Numbers()
        # Words of pieces that are not one bare word (with digits, of other scripts): their numbers,
        # and in the lowest bit whether they are names.
        self._words: dict[str, int] = {}
        self._new: list[str] = []
        self._new_terms: list[str] = []
        self._new_numbers: list[int] = []

    def read(self, texts: Sequence[str]) -> tuple[Array, Array]:
        """The pieces of some texts, and how many each has."""
        found = split(texts)
        numbers = self._numbers_of(found)
        apart = self._with_groups(found, numbers)
        if not len(apart):
            return numbers, found.counts
        # A number in groups goes on across a space: there the pieces are others.
        others = split([grouped(texts[at]) for at in apart.tolist()])
        return _replaced(numbers, found.counts, apart, self._numbers_of(others), others.counts)

    def _with_groups(self, found: Split, numbers: Array) -> Array:
        """Which of the texts have a number in groups that are parted by spaces."""
        kinds = self._vocabulary.kinds.whole.take(numbers)
        at = np.flatnonzero(kinds[:-1] & _ENDS_IN_DIGIT)
        at = at[(kinds[at + 1] & _IS_GROUP) != 0]
        at = at[found.parted(at)]
        return np.unique(np.searchsorted(np.cumsum(found.counts), at, side="right"))

    def _numbers_of(self, found: Split) -> Array:
        hashed = hashes(found)
        numbers = self._numbers.of(hashed)
        sizes = found.ends - found.starts
        # Only a beginning of the longest ones is hashed.
        numbers[sizes > LONG] = -1
        new = np.flatnonzero(numbers < 0)
        if not len(new):
            return numbers
        short, long = new[sizes[new] <= LONG], new[sizes[new] > LONG]
        distinct, first, same = np.unique(hashed[short], return_index=True, return_inverse=True)
        learned, unknown = self._learned(found.texts(short[first]))
        self._numbers.put(distinct[unknown], learned[unknown])
        numbers[short] = learned[same]
        if len(long):
            numbers[long] = self._odd(found.texts(long))
        return numbers

    def _learned(self, pieces: list[str]) -> tuple[Array, Array]:
        """Numbers for pieces that have none, and which of them still have to be remembered."""
        bare = bare_words(pieces)
        words = list(dict.fromkeys(filter(None, bare)))
        found = split(words)
        hashed = hashes(found)
        numbers = self._numbers.of(hashed)
        new = np.flatnonzero(numbers < 0)
        if len(new):
            surfaces = [words[at] for at in new.tolist()]
            numbers[new] = self._bare(surfaces)
            self._numbers.put(hashed[new], numbers[new])
        number_of = dict(zip(words, numbers.tolist(), strict=True))
        learned = np.array([number_of.get(word, -1) for word in bare], np.int64)
        odd = np.flatnonzero(learned < 0)
        learned[odd] = self._odd([pieces[at] for at in odd.tolist()])
        unknown = [word != piece for word, piece in zip(bare, pieces, strict=True)]
        return learned, np.array(unknown, bool)

    def _bare(self, surfaces: list[str]) -> Array:
        """Numbers for pieces that are each a word of letters."""
        numbers, named = self._met(surfaces, folded(surfaces))
        ones = np.ones(len(surfaces), np.uint32)
        return self._put(numbers, ones, np.array(named, bool))

    def _odd(self, pieces: list[str]) -> Array:
        """Numbers for pieces of any kind."""
        words = standing_words(pieces)
        every = [surface for found in words for surface in found]
        self._meet(dict.fromkeys(every))
        codes = np.fromiter(map(self._words.__getitem__, every), np.int64, len(every))
        sizes = np.fromiter(map(len, words), np.int64, len(words))
        if len(codes) and codes.min() < 0:
            before = np.concatenate(([0], np.cumsum(codes >= 0)))
            ends = np.cumsum(sizes)
            sizes, codes = before[ends] - before[ends - sizes], codes[codes >= 0]
        kinds = [
            _ENDS_IN_DIGIT * bool(_LAST_DIGIT.search(piece)) | _IS_GROUP * bool(_GROUP.match(piece))
            for piece in pieces
        ]
        return self._put(codes >> 1, sizes, (codes & 1).astype(bool), kinds)

    def _meet(self, surfaces: Iterable[str]) -> None:
        """Give the words among these that were not met before their numbers."""
        new = [surface for surface in surfaces if surface not in self._words]
        found = [one for one in zip(new, folded(new), strict=True) if one[1]]
        self._words.update(dict.fromkeys(new, _NOTHING))
        numbers, named = self._met([surface for surface, _ in found], [term for _, term in found])
        for (surface, _), number, name in zip(found, numbers, named, strict=True):
            self._words[surface] = number << 1 | name

    def _met(self, surfaces: list[str], terms: list[str]) -> tuple[list[int], list[bool]]:
        """The numbers of words not met before, and which of them look like names."""
        numbers = self._vocabulary.numbers(terms)
        named = names_among(surfaces, terms, self._language)
        self._new += surfaces
        self._new_terms += terms
        self._new_numbers += numbers
        if len(self._new) >= _KEYS_AT_ONCE:
            self.settle()
        return numbers, named

    def _put(
        self, words: list[int] | Array, sizes: Array, named: Array, kinds: list[int] | None = None
    ) -> Array:
        """New pieces of so many words each; of which words are names."""
        vocabulary = self._vocabulary
        first = len(vocabulary.words_of)
        numbers = np.array(words, np.uint32)
        before = np.concatenate(([0], np.cumsum(named)))
        ends = np.cumsum(sizes)
        vocabulary.words_of.extend(numbers, sizes)
        vocabulary.names_of.extend(numbers[named], before[ends] - before[ends - sizes])
        vocabulary.kinds.extend(np.zeros(len(sizes), np.uint8) if kinds is None else kinds)
        return np.arange(first, first + len(sizes))

    def settle(self) -> None:
        """Work out the keys of the words met since."""
        for begin in range(0, len(self._new), _KEYS_AT_ONCE):
            chosen = slice(begin, begin + _KEYS_AT_ONCE)
            keys = all_keys(self._new[chosen], self._new_terms[chosen], self._language)
            numbers = np.array(self._new_numbers[chosen], np.int64)
            self._vocabulary.keys["text"].add(keys.word, numbers)
            self._vocabulary.keys["names"].add(keys.name, numbers)
        self._new, self._new_terms, self._new_numbers = [], [], []


def _cut(text: str) -> list[str]:
    """A text in parts that are not too long, if there is white space to cut it at."""
    parts, begin = [], 0
    while len(text) - begin > MOST_AT_ONCE:
        cut = _CUT.search(text, begin + MOST_AT_ONCE)
        if cut is None:
            break
        parts.append(text[begin : cut.start()])
        begin = cut.end()
    return [*parts, text[begin:]]


def _replaced(
    numbers: Array, counts: Array, apart: Array, others: Array, other_counts: Array
) -> tuple[Array, Array]:
    """The pieces of some texts, those of the texts `apart` replaced by others."""
    sizes = counts.copy()
    sizes[apart] = other_counts
    kept = np.ones(len(counts), bool)
    kept[apart] = False
    before, begins = np.cumsum(counts) - counts, np.cumsum(sizes) - sizes
    whole = np.empty(int(sizes.sum()), numbers.dtype)
    whole[stretches(begins[kept], sizes[kept])] = numbers[stretches(before[kept], counts[kept])]
    whole[stretches(begins[apart], other_counts)] = others
    return whole, sizes
