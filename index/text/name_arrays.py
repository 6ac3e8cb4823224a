"""`index.text.names.name_keys` of many words at once, hashed: what building an index needs.

The same steps as there, each done to all sounds: what ends a sound is a place in one long array.
"""

import unicodedata
from functools import lru_cache

import numpy as np

from index.text import names
from index.text.scripts import script_of
from index.text.strings import (
    Array,
    Pairs,
    Strings,
    code_points,
    hashes,
    paired,
    stretches,
    together,
)

_TOGETHER = 20_000
"""Words worked on at once: more do not fit into the processor's own memory."""
_LETTER, _CAPITAL_LACKING = 0x3F, 0x80
_NO_LETTER, _ELSEWHERE, _FIRST_SCRIPT = 1, 2, 3
_LOW = 0x1F
"""Tells apart the letters in endings of sounds: those that are not in small ones are in none."""


def _table(letters: bytes) -> Array:
    """Which bytes are among `letters`."""
    found = np.zeros(256, bool)
    found[list(letters)] = True
    return found


def _mapped(table: bytes) -> Array:
    return np.frombuffer(table, np.uint8)


def _vowels_as(others: dict[int, int]) -> Array:
    found = np.arange(256, dtype=np.uint8)
    for vowel, other in others.items():
        found[vowel] = other
    return found


def _endings(endings: frozenset[str]) -> Array:
    """A truth value for each ending, by the lower bits of its letters."""
    found = np.zeros(2 ** (5 * len(next(iter(endings)))), bool)
    for ending in endings:
        code = 0
        for letter in ending:
            code = code << 5 | ord(letter) & _LOW
        found[code] = True
    return found


_VOWEL = _table(names.VOWELS.encode())
_HEARD = ~_table(names.UNHEARD)
_FRONT = _table("".join(names.FRONT).encode())
_SHORT_ENDING, _LONG_ENDING = _endings(names.SHORT_ENDINGS), _endings(names.LONG_ENDINGS)
_CLASSES = _mapped(names.CLASSES)
# What is left of a skeleton's vowels where it has two consonants (or one), three, or more.
_LEFT = np.stack([_vowels_as(one) for one in (
    names.SHORT_VOWELS, names.SHORT_VOWELS, names.SHORT_VOWELS, names.TWO_VOWELS,
    names.BROAD_VOWELS,
)])  # fmt: skip
_HARDENED = np.zeros(256, np.uint8)
for _soft, _hard in names.HARDENED.items():
    _HARDENED[ord(_soft)] = ord(_hard)
_T, _S, _C, _E, _I = b"tscei"
_WRITTEN = _mapped(names.WRITTEN_BYTES)
_WRITTEN_SIZES = (~_table(names.UNWRITTEN)).astype(np.uint8)
_WRITTEN_SIZES[_WRITTEN == _C] = 2


class _Scripts:
    """For each code point met, in bits: which of the scripts that names are read in, and more."""

    def __init__(self) -> None:
        self.names = list(names.letters())
        self._known = np.zeros(0x110000, np.uint8)

    def of(self, points: Array) -> Array:
        found = self._known[points]
        if not found.all():
            for point in np.unique(points[found == 0]).tolist():
                self._known[point] = self._looked_up(chr(point))
            found = self._known[points]
        return found

    def _looked_up(self, char: str) -> int:
        script = script_of(char)
        found = _NO_LETTER
        if char.isalpha():
            known = script in self.names
            found = _FIRST_SCRIPT + self.names.index(script) if known else _ELSEWHERE
        return found | _CAPITAL_LACKING * (script in names.CAPITALS and not char.isupper())


@lru_cache(maxsize=1)
def _scripts() -> _Scripts:
    return _Scripts()


def _read_in(surfaces: list[str]) -> Array:
    """The number of the script in which each word can be read as a name; less than 0 for none."""
    joined = "\n".join([*surfaces, ""])
    points = code_points(joined)
    begins = np.flatnonzero(points[:-1] == ord("\n")) + 1
    begins = np.concatenate(([0], begins))
    bits = _scripts().of(points)
    script = bits & _LETTER
    most = np.maximum.reduceat(script, begins).astype(np.int64)
    script[script == _NO_LETTER] = _LETTER
    same = np.minimum.reduceat(script, begins) == most
    found: Array = most - _FIRST_SCRIPT
    found[~same | (bits[begins] & _CAPITAL_LACKING != 0)] = -1
    return found


def name_hashes(surfaces: list[str]) -> Pairs:
    """The hashed keys of words of which none is an opener, with the place of each word."""
    if not surfaces:
        return paired([])
    found = []
    scripts = _read_in(surfaces)
    for number, script in enumerate(_scripts().names):
        places = np.flatnonzero(scripts == number)
        for begin in range(0, len(places), _TOGETHER):
            chosen = places[begin : begin + _TOGETHER]
            words = [surfaces[at][: names.LONGEST] for at in chosen.tolist()]
            keys = _keys_in(words, script)
            found.append(Pairs(chosen[keys.places], keys.hashes))
    return paired(found)


def _keys_in(words: list[str], script: str) -> Pairs:
    """The keys of words in one script."""
    lines = unicodedata.normalize("NFC", "\n".join(words).lower())
    if script in names.ABJADS:
        sounds, word_of = _sounds(names.ARTICLES.sub("", lines).split("\n"), script)
        written, at = _as_written(sounds, sounds.data >= 0)
        return _told(written.cut(at[sounds.at[:-1]], at[sounds.at[1:]]), word_of, b"=")
    sounds, word_of = _sounds(lines.split("\n"), script)
    if script == "Grek":
        sounds, word_of = _without_endings_in_s(sounds, word_of)
    single = np.ones(len(sounds.data), bool)
    single[1:] = sounds.data[1:] != sounds.data[:-1]
    single |= sounds.begun()[:-1]
    of, ends, last = _stages(sounds)
    written, at = _as_written(sounds, single)
    found = [_told(written.cut(at[sounds.at[of]], at[ends]), word_of[of], b"^")]
    skeletons, of = _skeletons(sounds, last, script)
    found.append(_told(skeletons, word_of[of], b"~"))
    shouted = np.flatnonzero(np.array(list(map(str.isupper, words)), bool)[word_of])
    if len(shouted):
        heard = _before(_HEARD[sounds.data])
        loud = heard[sounds.at[shouted + 1]] - heard[sounds.at[shouted]] == 1
        shouted = shouted[loud & (sounds.sizes[shouted] >= names.ACRONYM)]
        whole = sounds.chosen(shouted).ended(names.WHOLE.encode())
        found.append(_told(whole, word_of[shouted], b"~"))
    return paired(found)


def _told(keys: Strings, words: Array, mark: bytes) -> Pairs:
    """Those of the keys that tell enough, hashed."""
    heard = _before(_HEARD[keys.data])[keys.at]
    enough = np.flatnonzero(np.diff(heard) >= names.LEAST)
    return Pairs(words[enough], hashes(keys.chosen(enough), mark))


def _before(truths: Array) -> Array:
    """How many are true before each place, and before the end."""
    return np.concatenate(([0], np.cumsum(truths)))


# ---- sounds


class _Runs(dict[str, int]):
    """The runs of letters of a script, each a number; and what each of them may sound like."""

    def __init__(self, sounds: dict[str, list[str]]) -> None:
        self._sounds = sounds
        self._first: list[int] = []
        self._counts: list[int] = []
        self._ends: list[bool] = []
        self._texts: list[str] = []
        self._arrays: tuple[Array, ...] = ()

    def __missing__(self, run: str) -> int:
        found = self[run] = len(self._first)
        sounds = self._sounds[run]
        self._first.append(len(self._texts))
        self._counts.append(len(sounds))
        self._ends.append(run[-1] == "$")
        self._texts += sounds
        self._arrays = ()
        return found

    def arrays(self) -> tuple[Array, ...]:
        """For each run its first sound, how many it has, and whether it ends a word.

        For each sound its letters, a row of bytes filled up with 0, and how many there are.
        """
        if not self._arrays:
            sounds = [text.encode() for text in self._texts]
            sizes = np.array(list(map(len, sounds)))
            width = int(sizes.max(initial=1))
            rows = np.frombuffer(b"".join(one.ljust(width, b"\0") for one in sounds), np.uint8)
            self._arrays = (
                np.array(self._first),
                np.array(self._counts),
                np.array(self._ends),
                rows.reshape(-1, width),
                sizes,
            )
        return self._arrays


@lru_cache(maxsize=32)
def _runs(script: str) -> _Runs:
    return _Runs(names.letters()[script][0])


def _sounds(words: list[str], script: str) -> tuple[Strings, Array]:
    """The ways each word may sound, at most a few, and the word of each."""
    known, finder = _runs(script), names.letters()[script][1]
    joined = "\n".join(words).replace("$", "_").replace("\n", "$^")
    runs = finder.findall(f"^{joined}$")
    numbers = np.fromiter(map(known.__getitem__, runs), np.int64, len(runs))
    first, counts, ends, letters, sizes = known.arrays()
    first, counts = first[numbers], counts[numbers]
    behind = np.flatnonzero(ends[numbers]) + 1
    begins = np.concatenate(([0], behind[:-1]))
    lengths = behind - begins
    # Variants are counted through as if each choice were a digit, that of the last run first.
    logs = np.cumsum(np.log(counts))
    later = np.repeat(logs[behind - 1], lengths) - logs
    steps = np.minimum(np.exp(later) + 0.5, names.VARIANTS).astype(np.int64)
    most = np.minimum(np.exp(later[begins]) * counts[begins] + 0.5, names.VARIANTS)
    variants = most.astype(np.int64)
    word_of = np.repeat(np.arange(len(words)), variants)
    number = np.arange(len(word_of)) - np.repeat(np.cumsum(variants) - variants, variants)
    lengths = lengths[word_of]
    run = stretches(begins[word_of], lengths)
    sound = first[run]
    several = np.flatnonzero(counts[run] > 1)
    at = run[several]
    sound[several] += np.repeat(number, lengths)[several] // steps[at] % counts[at]
    flat = letters[sound].reshape(-1)
    found = Strings(flat[flat != 0], _before(sizes[sound])[_before(lengths)])
    return _without_ts(found), word_of


def _without_ts(sounds: Strings) -> Strings:
    """T and S side by side are one sound."""
    data = sounds.data
    at = np.flatnonzero((data[:-1] == _T) & (data[1:] == _S))
    at = at[~sounds.begun()[at + 1]]
    data[at] = _C
    kept = np.ones(len(data), bool)
    kept[at + 1] = False
    return sounds.kept(kept)


def _without_endings_in_s(sounds: Strings, word_of: Array) -> tuple[Strings, Array]:
    """All sounds, and those that end in a vowel and s once more without the s."""
    long = np.flatnonzero(sounds.sizes > 1)
    ends = sounds.at[long + 1]
    ending = (sounds.data[ends - 1] == _S) & _VOWEL[sounds.data[ends - 2]]
    long, ends = long[ending], ends[ending]
    shorter = sounds.cut(sounds.at[long], ends - 1)
    return together([sounds, shorter]), np.concatenate((word_of, word_of[long]))


def _stages(sounds: Strings) -> tuple[Array, Array, Array]:
    """Where sounds end as endings of cases are taken off one by one, and whose each end is.

    And the last one of each sound.
    """
    begins, ends = sounds.at[:-1], sounds.at[1:].copy()
    heard = _before(_HEARD[sounds.data])
    # Three bytes more in front: the letter before place n is at n + 2.
    letters = np.concatenate((np.zeros(3, np.uint8), sounds.data))
    vowel = _VOWEL[letters]
    low = (letters & _LOW).astype(np.int64)
    # Where the vowels that stand before a place begin.
    behind = np.maximum.accumulate(np.where(vowel, 0, np.arange(1, len(letters) + 1)))
    active = np.arange(len(begins))
    whose, found = [active], [ends.copy()]
    while len(active):
        begin, end = begins[active], ends[active]
        size, at = end - begin, end + 2
        two = low[at - 1] << 5 | low[at]
        is_long = _LONG_ENDING[low[at - 2] << 10 | two] & (size > 2)
        is_vowel = vowel[at] & (size > 0)
        vowels = end + 3 - np.maximum(behind[at], begin + 3)
        taken = np.where(_SHORT_ENDING[two] & (size > 1), 2, 0)
        taken = np.where(is_long, 3, np.where(is_vowel, vowels, taken))
        needed = np.where((taken < 3) & is_vowel, 2, 3)
        left = end - taken
        on = (taken > 0) & (heard[left] - heard[begin] >= needed)
        active = active[on]
        ends[active] = left[on]
        whose.append(active)
        found.append(left[on])
    return np.concatenate(whose), np.concatenate(found), ends


def _as_written(sounds: Strings, single: Array) -> tuple[Strings, Array]:
    """Sounds as scripts without vowels would write them, less the letters that are not `single`.

    And where what each letter becomes begins: the beginning of a sound becomes the beginning.
    """
    letters = _WRITTEN[sounds.data]
    sizes = _WRITTEN_SIZES[sounds.data] * single
    at = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))
    data = np.repeat(letters, sizes)
    two = at[:-1][sizes == 2]
    data[two], data[two + 1] = _T, _S
    return Strings(data, at[sounds.at]), at


# ---- skeletons


def _skeletons(sounds: Strings, last: Array, script: str) -> tuple[Strings, Array]:
    """What is compared of sounds, by their stems; and the sound of each skeleton.

    Stems are what is left without endings of cases (up to `last`) and without vowels at the end.
    """
    begins, ends = sounds.at[:-1], sounds.at[1:]
    vowel = np.concatenate(([False], _VOWEL[sounds.data]))
    behind = np.maximum.accumulate(np.where(vowel, 0, np.arange(len(vowel))))
    stem_ends = np.maximum(behind[last], begins)
    padded = np.concatenate((sounds.data, np.zeros(2, np.uint8)))
    size = ends - stem_ends
    one = np.where(size > 0, padded[stem_ends], 0)
    two = np.where(size > 1, padded[stem_ends + 1], 0)
    of = np.arange(len(begins))
    stems = sounds.cut(begins, stem_ends)
    ending = np.where(stem_ends > begins, padded[stem_ends - 1], 0)
    soft = np.flatnonzero((_HARDENED[ending] != 0) & _FRONT[one])
    if len(soft):
        hard = stems.chosen(soft)
        hard.data[hard.at[1:] - 1] = _HARDENED[ending[soft]]
        stems, of = together([stems, hard]), np.concatenate((of, soft))
    found, counts = _compared(stems)
    one, two, size = one[of], two[of], size[of]
    short = counts < names.ENOUGH
    open_ = ((one == _I) & (two == _I)) | ((one == _I) & (two == _E)) | ((one == _E) & (two == _I))
    open_ &= size == 2
    if script == "Latn":
        open_ |= (one == _I) & (size == 1)
    soft_end = short & ~open_ & (one == _I) & _VOWEL[two]
    first = np.concatenate((found.data, np.zeros(1, np.uint8)))[found.at[:-1]]
    # The vowels of Asia tell enough beside its one consonant.
    alone = soft_end & (counts == 1) & _VOWEL[first] & (found.sizes > 0)
    plain = np.flatnonzero(~soft_end)
    softened = np.flatnonzero((short & open_) | (soft_end & ~alone))
    whole = np.flatnonzero(alone)
    soft_sign = names.SOFT.encode()
    parts = [
        found.chosen(plain),
        found.chosen(softened).ended(soft_sign),
        found.chosen(whole).ended(soft_sign + names.WHOLE.encode()),
    ]
    return together(parts), of[np.concatenate((plain, softened, whole))]


def _compared(stems: Strings) -> tuple[Strings, Array]:
    """Stems in classes of sounds, with as much of their vowels as is compared; their consonants."""
    data = _CLASSES[stems.data]
    single = np.ones(len(data), bool)
    single[1:] = data[1:] != data[:-1]
    single |= stems.begun()[:-1]
    classed = Strings(data, stems.at).kept(single)
    data, begins = classed.data, classed.at[:-1]
    heard = _HEARD[data]
    before = _before(heard)
    counts = before[classed.at[1:]] - before[begins]
    kinds = np.minimum(counts, names.ENOUGH)
    kind = np.repeat(kinds, classed.sizes)
    kept = heard.copy()
    after_vowel = np.zeros(len(data), bool)
    after_vowel[1:] = _VOWEL[data[:-1]]
    after_vowel &= ~classed.begun()[:-1]
    kept |= (kind == 1) | ((kind < names.ENOUGH) & ~after_vowel)
    # Of a long one, the last of the vowels it begins with.
    long = np.flatnonzero(counts >= names.ENOUGH)
    consonants = np.flatnonzero(heard)
    first = consonants[before[begins[long]]]
    kept[first[first > begins[long]] - 1] = True
    return Strings(_LEFT[kind, data], classed.at).kept(kept), counts
