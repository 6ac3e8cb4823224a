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

_VARIANTS = 8
_LONGEST = 40
_CAPITALS = ("Latn", "Cyrl", "Grek", "Armn")
_ABJADS = ("Arab", "Hebr")
_VOWELS = "aeiou"
# Consonants that languages exchange in names: ц/ч, г/х/h, с/з/ш/ж.
_CLASSES = str.maketrans("cCgxzSZwJ", "cchhsssvs")
# What they become before the front vowel of an ending, as in Америка, в Америці; Прага, у Празі.
_HARDENED = {"c": "k", "z": "g"}
_SHORT_VOWELS = str.maketrans("aeiou", "aiioo")
_WRITTEN = str.maketrans({
    "p": "b", "v": "f", "g": "k", "x": "h", "z": "s", "S": "s", "c": "ts", "C": "ts",
    "J": "j", "Z": "j", **dict.fromkeys("aeiouw", ""),
})  # fmt: skip
_BROAD_VOWELS = str.maketrans("aeiou", "aeeaa")
_TWO_VOWELS = str.maketrans("aeiou", "aaaoo")
_FIRST_VOWELS = re.compile("[aeiou]+")
_MORE_VOWELS = re.compile("(?<=[aeiou])[aeiou]+")
_SOFT = "y"
"""Stands for the vowel of a stem in -i: Сирия, Syria, but not Шери."""
_NO_VOWELS = str.maketrans("", "", _VOWELS + _SOFT)
_DOUBLED = re.compile(r"(.)\1+", re.DOTALL)
_GREEK_ENDING = re.compile("[aeiou]s$")
_SILENT = [""]
# Endings of cases: -а, -ом -ем -ам, -ов -ів -ев, -ого -ому -ими -ові, -ах -их.
_ENDING = re.compile("(?:[aeiou]+|[aeiou][mv]|[eo]go|[aeio]m[iu]|[eo]v[ie]|[aei]x)$")
_ARTICLES = re.compile("^(?:وال|بال|فال|كال|لل|ال)(?=..)")
_AFTER_SOFT = tuple(_VOWELS)
_ENOUGH = 4
"""Consonants that tell a name without its vowels."""


def name_keys(surface: str, language: str = "") -> tuple[str, ...]:
    """The keys of a word of a document that may be a name: one that begins with a capital.

    Words of scripts without capitals (Arabic, Hebrew, Georgian) all get keys. Others get none, nor
    do those that often begin a sentence in `language`.
    """
    if not surface or (script_of(surface[0]) in _CAPITALS and not surface[0].isupper()):
        return ()
    script = _script(surface)
    if not script:
        return ()
    return () if is_opener(surface, language) else _keys(surface[:_LONGEST], script, asked=False)


def is_opener(surface: str, language: str) -> bool:
    """Whether it is a word that often begins a sentence in `language`, and so has a capital."""
    if not surface[1:].islower():
        return False
    return surface.lower() in _openers(language.split("_", maxsplit=1)[0])


def query_name_keys(surface: str) -> tuple[str, ...]:
    """The keys under which documents have the name `surface`, however it is typed."""
    script = _script(surface)
    if not script:
        return ()
    found = _keys(surface[:_LONGEST], script, asked=True)
    if script in _CAPITALS and not surface[:1].isupper():
        # Typed without a capital it may be any word: only skeletons that tell enough are asked.
        return tuple(key for key in found if len(key.translate(_NO_VOWELS)) > 3)
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
    if script in _ABJADS:
        word = _ARTICLES.sub("", word)
        written = _unique(sound.translate(_WRITTEN) for sound in _sounds(word, script))
        own, other = _marked("=", written), _marked("^", written)
        return own + other if asked else own
    sounds = _sounds(word, script)
    if script == "Grek":
        sounds += tuple(sound[:-1] for sound in sounds if _GREEK_ENDING.search(sound))
    skeletons: list[str] = []
    forms: list[str] = []
    for sound in sounds:
        stages = _stages(sound)
        skeletons.extend(_skeletons(sound, stages[-1], script))
        forms.extend([_single(form).translate(_WRITTEN) for form in stages])
    return _marked("~", _unique(skeletons)) + _marked("=" if asked else "^", _unique(forms))


@lru_cache(maxsize=64)
def _openers(language: str) -> frozenset[str]:
    return frozenset(_opener_table().get(language, "").split())


@lru_cache(maxsize=1)
def _opener_table() -> dict[str, str]:
    return tomllib.loads(assets.OPENERS.read_text(encoding="utf-8"))


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def _marked(mark: str, skeletons: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([mark + one for one in skeletons if len(one.translate(_NO_VOWELS)) >= 2])


@lru_cache(maxsize=4096)
def _script(surface: str) -> str:
    """The script of all letters of the word, if it is one we know the sounds of."""
    if surface.isascii():
        return "Latn" if any(map(str.isalpha, surface)) else ""
    found = {script_of(char) for char in surface if char.isalpha()}
    script = found.pop() if len(found) == 1 else ""
    return script if script in _letters() else ""


def _skeletons(sound: str, stem: str, script: str) -> list[str]:
    """What is compared of a `sound` whose `stem` is what is left without endings of cases."""
    stem = stem.rstrip(_VOWELS)
    ending = sound[len(stem) :]
    stems = [stem]
    if ending[:1] in ("i", "e") and stem[-1:] in _HARDENED:
        stems.append(stem[:-1] + _HARDENED[stem[-1]])
    return [each for one in stems for each in _softened(_skeleton(one), ending, script)]


def _softened(skeleton: str, ending: str, script: str) -> tuple[str, ...]:
    """A short skeleton also says whether the stem is one in -i, or both where that is open."""
    if len(skeleton.translate(_NO_VOWELS)) >= _ENOUGH:
        return (skeleton,)
    if ending in ("ii", "ie", "ei") or (ending == "i" and script == "Latn"):
        return skeleton, skeleton + _SOFT  # Сергій, Сергей; Marie and Мари; Vitaly and Виталий
    return (skeleton + _SOFT if ending[:1] == "i" and ending[1:2] in _AFTER_SOFT else skeleton,)


def _skeleton(stem: str) -> str:
    """Four consonants or more alone, fewer with where their vowels are, and roughly which.

    `stem` ends in a consonant.
    """
    classed = _single(stem.translate(_CLASSES))
    consonants = classed.translate(_NO_VOWELS)
    if len(consonants) >= _ENOUGH:
        first = _FIRST_VOWELS.match(classed)
        return (first[0][-1].translate(_BROAD_VOWELS) if first else "") + consonants
    inner = _MORE_VOWELS.sub("", classed)
    return inner.translate(_TWO_VOWELS if len(consonants) == _ENOUGH - 1 else _SHORT_VOWELS)


def _stages(sound: str) -> list[str]:
    """The sounds, and what is left of them as endings of cases are taken off, one by one."""
    found = [sound]
    while match := _ENDING.search(sound):
        sound = sound[: match.start()]
        ending = match.group()
        needed = 2 if ending[-1] in _VOWELS and len(ending) < 3 else 3
        if len(sound.translate(_NO_VOWELS)) < needed:
            break
        found.append(sound)
    return found


def _single(sound: str) -> str:
    """Doubled sounds as one."""
    return _DOUBLED.sub(r"\1", sound) if _DOUBLED.search(sound) else sound


def _sounds(word: str, script: str) -> tuple[str, ...]:
    """The ways `word` may sound, at most a few."""
    letters, runs = _letters()[script]
    choices = []
    for run in runs.findall(f"^{word}$"):
        sound = letters.get(run)
        if sound is None:
            sound = letters.get(unicodedata.normalize("NFD", run)[0], _SILENT)
        choices.append(sound)
    found = ["".join(choice) for choice in itertools.islice(itertools.product(*choices), _VARIANTS)]
    return _unique([one.replace("ts", "c") for one in found])


@lru_cache(maxsize=1)
def _letters() -> dict[str, tuple[dict[str, list[str]], re.Pattern[str]]]:
    """For each script, what letters sound like, and what finds the longest runs of them."""
    table = tomllib.loads(assets.TRANSLITERATION.read_text(encoding="utf-8"))
    found = {}
    for script, rows in table.items():
        letters = {unicodedata.normalize("NFC", letter): rows[letter].split("|") for letter in rows}
        longest_first = sorted(letters, key=len, reverse=True)
        found[script] = (
            letters,
            re.compile("|".join([*map(re.escape, longest_first), "."]), re.DOTALL),
        )
    return found
