"""Keys under which a name meets itself in other scripts: Trump, Трампом, Τραμπ, ترامب.

A word becomes the sounds it may stand for, and those a skeleton that survives the ways languages
spell and inflect names: close consonants are one, vowels count only in short names.
"""

import itertools
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import assets
from index.text.scripts import script_of

VARIANTS = 8
LONGEST = 40
CAPITALS = ("Latn", "Cyrl", "Grek", "Armn")
ABJADS = ("Arab", "Hebr")
VOWELS = "aeiou"
_ANY_VOWEL = frozenset(VOWELS)
# Consonants that languages exchange in names: ц/ч, г/х/h, с/з/ш/ж.
CLASSES = bytes.maketrans(b"cCgxzSZwJ", b"cchhsssvs")
# What they become before the front vowel of an ending, as in Америка, в Америці; Прага, у Празі.
HARDENED = {"c": "k", "z": "g"}
FRONT = frozenset("ei")
SHORT_VOWELS = str.maketrans("aeiou", "aiioo")
_WRITTEN = str.maketrans({
    "p": "b", "v": "f", "g": "k", "x": "h", "z": "s", "S": "s", "c": "ts", "C": "ts",
    "J": "j", "Z": "j", **dict.fromkeys("aeiouw", ""),
})  # fmt: skip
WRITTEN_BYTES, UNWRITTEN = bytes.maketrans(b"pvgxzSCJZ", b"bfkhsscjj"), b"aeiouw"
_TWO_LETTERS = b"c", b"ts"
BROAD_VOWELS = str.maketrans("aeiou", "aeeaa")
TWO_VOWELS = str.maketrans("aeiou", "aaaoo")
_MORE_VOWELS = re.compile("(?<=[aeiou])[aeiou]+")
SOFT = "y"
"""Stands for the vowel of a stem in -i: Сирия, Syria, but not Шери."""
UNHEARD = (VOWELS + SOFT).encode()
_LINE = "\n"
"""Many sounds are worked on as one text, a line each."""
_DOUBLED = re.compile(rb"([^\n])\1+")
_GREEK_ENDING = re.compile("[aeiou]s$")
_SILENT = [""]
# Endings of cases: -а, -ом -ем -ам, -ов -ів -ев, -ого -ому -ими -ові, -ах -их.
LONG_ENDINGS = frozenset(
    "ego ogo ami amu emi emu imi imu omi omu evi eve ovi ove".split(" ")  # noqa: SIM905
)
SHORT_ENDINGS = frozenset([vowel + end for vowel in VOWELS for end in "mv"] + ["ax", "ex", "ix"])
ARTICLES = re.compile("^(?:وال|بال|فال|كال|لل|ال)(?=..)", re.MULTILINE)
WHOLE = "."
"""Ends a key of one consonant that tells enough with all its vowels: RIA, РИА; Asia, Азия."""
ACRONYM = 3
_AFTER_SOFT = tuple(VOWELS)
LEAST = 2
"""Consonants that tell anything."""
ENOUGH = 4
"""Consonants that tell a name without its vowels."""


def name_keys(surface: str, language: str = "") -> tuple[str, ...]:
    """The keys of a word of a document that may be a name: one that begins with a capital.

    Words of scripts without capitals (Arabic, Hebrew, Georgian) all get keys. Others get none, nor
    do those that often begin a sentence in `language`.
    """
    if not surface or (script_of(surface[0]) in CAPITALS and not surface[0].isupper()):
        return ()
    script = _script(surface)
    if not script:
        return ()
    return () if is_opener(surface, language) else _keys(surface[:LONGEST], script, asked=False)


def is_opener(surface: str, language: str) -> bool:
    """Whether it is a word that often begins a sentence in `language`, and so has a capital."""
    if not surface[1:].islower():
        return False
    return surface.lower() in openers_of(language)


def openers_of(language: str) -> frozenset[str]:
    """Words that often begin a sentence in `language`, in small letters."""
    return _openers(language.split("_", maxsplit=1)[0])


def query_name_keys(surface: str) -> tuple[str, ...]:
    """The keys under which documents have the name `surface`, however it is typed."""
    script = _script(surface)
    if not script:
        return ()
    found = _keys(surface[:LONGEST], script, asked=True)
    if script in CAPITALS and not surface[:1].isupper():
        # Typed without a capital it may be any word: only skeletons that tell enough are asked.
        return tuple(key for key in found if _heard(key) > 3)
    return found


@lru_cache(maxsize=4096)
def _keys(surface: str, script: str, *, asked: bool) -> tuple[str, ...]:
    """Keys `~` are of scripts with vowels, `=` those of Arabic and Hebrew words.

    Those have no vowels to compare, so words in other scripts also have a key `^` of what would be
    written there. An asked word looks under the keys of the others, a document's under its own.
    """
    word = surface.lower()
    if not word.isascii():
        word = unicodedata.normalize("NFC", word)
    if script in ABJADS:
        word = ARTICLES.sub("", word)
        written = _unique(sound.translate(_WRITTEN) for sound in _all_sounds([word], script)[0])
        own, other = _marked("=", written), _marked("^", written)
        return own + other if asked else own
    return _many_keys([word], [surface.isupper()], script, asked=asked)[0]


def _many_keys(
    words: list[str], shouted: list[bool], script: str, *, asked: bool
) -> list[tuple[str, ...]]:
    """The keys of words in lower case, some of them `shouted`, in a script that has vowels."""
    variants = _all_sounds(words, script)
    if script == "Grek":
        variants = [
            sounds + tuple([sound[:-1] for sound in sounds if _GREEK_ENDING.search(sound)])
            for sounds in variants
        ]
    stages = [_stages(sound) for sounds in variants for sound in sounds]
    skeletons = iter(_skeletons(stages, script))
    written = iter(_as_written([form for steps in stages for form in steps]))
    sizes = iter([len(steps) for steps in stages])
    own, other = "~", "=" if asked else "^"
    keys = []
    for sounds, is_shouted in zip(variants, shouted, strict=True):
        shapes: list[str] = []
        forms: list[str] = []
        for sound in sounds:
            shapes += next(skeletons)
            if is_shouted and _is_acronym(sound):
                shapes.append(sound + WHOLE)
            forms += itertools.islice(written, next(sizes))
        keys.append(_marked(own, _unique(shapes)) + _marked(other, _unique(forms)))
    return keys


@lru_cache(maxsize=64)
def _openers(language: str) -> frozenset[str]:
    return frozenset(_opener_table().get(language, "").split())


@lru_cache(maxsize=1)
def _opener_table() -> dict[str, str]:
    return tomllib.loads(assets.OPENERS.read_text(encoding="utf-8"))


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def _marked(mark: str, skeletons: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([mark + one for one in skeletons if _heard(one) >= LEAST])


def _heard(skeleton: str) -> int:
    """How many consonants there are."""
    return len(skeleton.encode().translate(None, UNHEARD))


@lru_cache(maxsize=4096)
def _script(surface: str) -> str:
    """The script of all letters of the word, if it is one we know the sounds of."""
    if surface.isascii():
        return "Latn" if any(map(str.isalpha, surface)) else ""
    found = {script_of(char) for char in surface if char.isalpha()}
    script = found.pop() if len(found) == 1 else ""
    return script if script in letters() else ""


def _skeletons(stages: list[list[str]], script: str) -> list[tuple[str, ...]]:
    """What is compared of sounds, by their stems: what is left without endings of cases."""
    stems = [steps[-1].rstrip(VOWELS) for steps in stages]
    endings = [steps[0][len(stem) :] for steps, stem in zip(stages, stems, strict=True)]
    softened = [
        at
        for at, (stem, ending) in enumerate(zip(stems, endings, strict=True))
        if stem[-1:] in HARDENED and ending[:1] in FRONT
    ]
    stems += [stems[at][:-1] + HARDENED[stems[at][-1]] for at in softened]
    endings += [endings[at] for at in softened]
    classed = _singled(_LINE.join(stems).encode().translate(CLASSES))
    consonants = classed.translate(None, UNHEARD).decode().split(_LINE)
    every = zip(classed.decode().split(_LINE), consonants, endings, strict=True)
    found = [_skeleton(one, alone, ending, script) for one, alone, ending in every] if stems else []
    for at, hard in zip(softened, found[len(stages) :], strict=True):
        found[at] += hard
    return found[: len(stages)]


def _skeleton(classed: str, consonants: str, ending: str, script: str) -> tuple[str, ...]:
    """Four consonants or more alone, fewer with where their vowels are, and roughly which.

    A short skeleton also says whether the stem is one in -i, or both where that is open.
    """
    count = len(consonants)
    if count >= ENOUGH:
        vowels = len(classed) - len(classed.lstrip(VOWELS))
        return ((classed[vowels - 1].translate(BROAD_VOWELS) if vowels else "") + consonants,)
    inner = _MORE_VOWELS.sub("", classed) if count > 1 else classed
    skeleton = inner.translate(TWO_VOWELS if count == ENOUGH - 1 else SHORT_VOWELS)
    if ending in ("ii", "ie", "ei") or (ending == "i" and script == "Latn"):
        return skeleton, skeleton + SOFT  # Сергій, Сергей; Marie and Мари; Vitaly and Виталий
    if ending[:1] != "i" or ending[1:2] not in _AFTER_SOFT:
        return (skeleton,)
    # The vowels of Asia tell enough beside its one consonant.
    alone = skeleton[:1] in VOWELS and _heard(skeleton) == 1
    return (skeleton + SOFT + WHOLE if alone else skeleton + SOFT,)


def _is_acronym(sound: str) -> bool:
    """Whether the sound of a word in capitals has too few consonants for a skeleton."""
    return len(sound) >= ACRONYM and _heard(sound) == 1


def _stages(sound: str) -> list[str]:
    """A sound, and what is left of it as endings of cases are taken off, one by one."""
    found = [sound]
    while True:
        size = 0
        if sound[-3:] in LONG_ENDINGS:
            size = 3
        elif sound[-1:] in _ANY_VOWEL:
            size = len(sound) - len(sound.rstrip(VOWELS))
        elif sound[-2:] in SHORT_ENDINGS:
            size = 2
        if not size:
            return found
        needed = 2 if size < 3 and sound[-1] in VOWELS else 3
        sound = sound[:-size]
        if _heard(sound) < needed:
            return found
        found.append(sound)


def _singled(lines: bytes) -> bytes:
    """Doubled sounds as one."""
    return _DOUBLED.sub(rb"\1", lines)


def _as_written(sounds: list[str]) -> list[str]:
    """Sounds as scripts without vowels would write them."""
    if not sounds:
        return []
    lines = _singled(_LINE.join(sounds).encode()).translate(WRITTEN_BYTES, UNWRITTEN)
    return lines.replace(*_TWO_LETTERS).decode().split(_LINE)


def _all_sounds(words: list[str], script: str) -> list[tuple[str, ...]]:
    """The ways each word may sound, at most a few."""
    known, runs = letters()[script]
    # Where a word ends is told by a sign that is in none.
    words = [word.replace("$", "_") for word in words]
    found: list[tuple[str, ...]] = []
    choices: list[list[str]] = []
    several = False
    for run in runs.findall("".join([f"^{word}$" for word in words])):
        sounds = known[run]
        choices.append(sounds)
        several |= len(sounds) > 1
        if run[-1] == "$":
            found.append(_joined(choices) if several else ("".join([one[0] for one in choices]),))
            choices, several = [], False
    lines = _LINE.join([sound for sounds in found for sound in sounds])
    flat = iter(lines.replace("ts", "c").split(_LINE))
    return [_unique(itertools.islice(flat, len(sounds))) for sounds in found]


def _joined(choices: list[list[str]]) -> tuple[str, ...]:
    every = itertools.islice(itertools.product(*choices), VARIANTS)
    return tuple(map("".join, every))


class _Sounds(dict[str, list[str]]):
    """What runs of letters may sound like; other letters sound as they do without their marks."""

    def __missing__(self, run: str) -> list[str]:
        found = self[run] = self.get(unicodedata.normalize("NFD", run)[0], _SILENT)
        return found


@lru_cache(maxsize=1)
def letters() -> dict[str, tuple[_Sounds, re.Pattern[str]]]:
    """For each script, what letters sound like, and what finds the longest runs of them."""
    table = tomllib.loads(assets.TRANSLITERATION.read_text(encoding="utf-8"))
    found = {}
    for script, rows in table.items():
        letters = _Sounds()
        for letter, sounds in rows.items():
            letters[unicodedata.normalize("NFC", letter)] = sounds.split("|")
        found[script] = letters, _finder(letters)
    return found


def _finder(letters: Iterable[str]) -> re.Pattern[str]:
    """What finds the longest runs among `letters`, and single characters."""
    # A pattern is tried letter by letter: those that begin alike are tried once.
    by_first: dict[str, list[str]] = {}
    for run in sorted(letters, key=len, reverse=True):
        if len(run) > 1:
            by_first.setdefault(run[0], []).append(re.escape(run[1:]))
    runs = [f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in by_first.items()]
    return re.compile("|".join([*runs, "."]), re.DOTALL)
