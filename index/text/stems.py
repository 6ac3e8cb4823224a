"""The keys under which the inflected forms of a word meet, in each language."""

import re
import tomllib
from collections.abc import Iterable
from functools import cached_property, lru_cache

import Stemmer

import assets
from index.text.fold import fold
from index.text.lemmas import has_lemmas, knows, lemma, missing
from index.text.scripts import LANGUAGES, ONLY, script_of

_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek", "en": "english", "es": "spanish", "et": "estonian", "eu": "basque",
    "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish", "hbs": "serbian",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish",
}  # fmt: skip
_GROUPS = {"sr": "hbs", "hr": "hbs", "bs": "hbs", "ms": "id"}
"""Languages whose forms meet under one key; the scripts of one language always do."""
_CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"
_LATIN = "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š"
_SERBIAN = str.maketrans(dict(zip(_CYRILLIC, _LATIN.split(" "), strict=True)))
_CYRILLIC_LETTER = re.compile("[\u0400-\u052f]")
_SERBIAN_WORD = re.compile(f"[{_CYRILLIC}{_CYRILLIC.upper()}]+")
_SERBIAN_CASED = _SERBIAN | {
    ord(chr(letter).upper()): latin.capitalize() for letter, latin in _SERBIAN.items()
}
COMPOUNDING = frozenset({"de", "nl", "sv", "da", "nb", "nn", "fi"})
UNKNOWN_ENDINGS = {"fi": 5, "pl": 1}
"""Letters that may follow a known form as an ending that no dictionary lists: -ssani, -kin, -m."""
UNKNOWN_BEGINNINGS = {"pl": "naj"}
"""What may stand before a known form in forms that no dictionary lists: of superlatives."""
_DIGIT = re.compile(r"\d")
SHORTEST = 3
LONGEST = 40
SHORTEST_PART = 4
SHORTEST_COMPOUND = 9
JOINTS = ("", "s", "es", "n", "en", "e")
"""Letters that may stand between the words of a compound."""
_MOST_STEMS = 200_000
"""Stems of a language that are kept in mind."""


class Language:
    """What there is to make keys with in one language (a group's base, such as hbs)."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.dictionary = {"fil": "tl"}.get(base, base)
        self._stemmer = Stemmer.Stemmer(_SNOWBALL[base], 0) if base in _SNOWBALL else None
        self._suffixes = _suffixes().get(base)
        self._stems: dict[str, str] = {}

    @cached_property
    def has_keys(self) -> bool:
        """Whether there is a dictionary, a stemmer or a table of endings."""
        return bool(self._stemmer or self._suffixes or has_lemmas(self.dictionary))

    def knows(self, word: str) -> bool:
        """Whether the dictionary has this very form."""
        return knows(word, self.dictionary)

    def keys(self, word: str, *, named: bool) -> tuple[str, ...]:
        """The keys of a word as `plain` gives it."""
        known = lemma(word, self.dictionary)
        lower = word.lower()
        if known is None and self.base in UNKNOWN_ENDINGS:
            known = self._guessed(lower)
        first = self._stem(lower if known is None else known.lower())
        found: tuple[str, ...] = (first,)
        if named and known is not None and known.lower() != lower:
            own = self._stem(lower)
            found = (first,) if own == first else (first, own)
        return tuple(f"{self.base}:{stem}" for stem in found if len(stem) > 1)

    def stems(self, words: list[str]) -> list[str]:
        """The folded stems of many words in lower case."""
        if self._stemmer:
            words = self._stemmer.stemWords(words)
        # Folding works letter by letter: many words are folded as one text.
        folded = fold("\n".join(words)).split("\n") if words else []
        return list(map(self._without_suffixes, folded)) if self._suffixes else folded

    def plain(self, surface: str) -> str:
        """The word as dictionaries have it: Serbian in Latin letters, shouting calmed down."""
        if self.base == "hbs" and surface and script_of(surface[0]) == "Cyrl":
            surface = serbian_latin(surface)
        return surface.lower() if surface.isupper() else surface

    def plain_lower(self, words: list[str]) -> list[str]:
        """`plain` of many words in lower case."""
        if self.base != "hbs" or not _CYRILLIC_LETTER.search("\n".join(words)):
            return words
        return list(map(self.plain, words))

    def fits(self, surface: str) -> bool:
        """Whether a word in this script may be in the language."""
        script = next((name for name in map(script_of, surface) if name), "")
        if self.base == "hbs":
            return script in ("Latn", "Cyrl")
        wanted = LANGUAGES.get(script, ONLY.get(script, "")).replace("no", "nb").split()
        return self.base in wanted or {"nn": "nb", "fil": "tl"}.get(self.base) in wanted

    def _stem(self, word: str) -> str:
        # Many forms share a lemma: what is worked out for one serves all.
        found = self._stems.get(word)
        if found is None:
            if len(self._stems) >= _MOST_STEMS:
                self._stems.clear()
            found = self._stems[word] = self._stemmed(word)
        return found

    def _stemmed(self, word: str) -> str:
        if self._stemmer:
            word = self._stemmer.stemWord(word)
        return self._without_suffixes(fold(word))

    def _without_suffixes(self, word: str) -> str:
        if self._suffixes:
            endings, longest, prefixes, keep = self._suffixes
            for prefix in prefixes:
                if word.startswith(prefix) and len(word) - len(prefix) > SHORTEST:
                    word = word.removeprefix(prefix)
            for size in range(min(longest, len(word) - keep), 0, -1):
                if word[-size:] in endings:
                    return word[:-size]
        return word

    def _guessed(self, word: str) -> str | None:
        """The lemma of a word with an unknown beginning or ending, or of an unknown compound."""
        begun = without_beginning(word, self.base)
        if begun and (found := lemma(begun, self.dictionary)) is not None:
            return found
        most = min(UNKNOWN_ENDINGS[self.base], len(word) - SHORTEST_PART)
        for size in range(1, most + 1):
            if (found := lemma(word[:-size], self.dictionary)) is not None:
                return found
        return self._compound(word) if self.base in COMPOUNDING else None

    def _compound(self, word: str) -> str | None:
        for cut in range(SHORTEST, len(word) - SHORTEST_PART + 1):
            tail = lemma(word[cut:], self.dictionary)
            if tail is not None and self._begins(word[:cut]):
                return word[:cut] + tail.lower()
        return None

    def may_be_compound(self, word: str) -> bool:
        """Whether it is worth looking for the parts of a word."""
        long = SHORTEST_COMPOUND <= len(word) <= LONGEST
        return long and self.base in COMPOUNDING and (word.isalpha() or not _DIGIT.search(word))

    def parts(self, word: str) -> tuple[str, ...]:
        """The keys of the longest known word that ends a compound, and of what that ends in."""
        for cut in range(SHORTEST, len(word) - SHORTEST_PART + 1):
            tail = word[cut:]
            if lemma(tail, self.dictionary) is not None and self._begins(word[:cut]):
                return self.keys(tail, named=False) + self.parts(tail)
        return ()

    def _begins(self, head: str) -> bool:
        """Whether `head` is a word, perhaps with the letters that join it to the next."""
        for joint in JOINTS:
            stem = head.removesuffix(joint)
            fits = (not joint or stem != head) and len(stem) >= SHORTEST
            if fits and lemma(stem, self.dictionary) is not None:
                return True
        return False


def without_beginning(word: str, base: str) -> str:
    """What follows an unknown beginning of a word in lower case; "" where it has none."""
    beginning = UNKNOWN_BEGINNINGS.get(base, "")
    rest = word.removeprefix(beginning) if beginning else word
    return rest if rest != word and len(rest) >= SHORTEST_PART else ""


@lru_cache(maxsize=256)
def language_of(code: str) -> Language:
    """The language with the locale `code`; languages of a group are one."""
    base = code.split("_", maxsplit=1)[0]
    return _of_base(_GROUPS.get(base, base))


@lru_cache(maxsize=128)
def _of_base(base: str) -> Language:
    return Language(base)


def keys(surface: str, folded: str, language: str) -> tuple[str, ...]:
    """The keys of a word of a text in `language`: "uk:санкці" for санкцій.

    A key is the folded stem of the lemma, after its language. A capitalised word that the
    dictionary changes also gets the stem of its own form, since it may be a name. What has digits,
    very short words and languages without means have no keys.
    """
    spoken = language_of(language)
    if not spoken.has_keys or not _may_vary(surface, folded):
        return ()
    return spoken.keys(spoken.plain(surface), named=surface[:1].isupper())


def _may_vary(surface: str, folded: str) -> bool:
    if not SHORTEST <= len(folded) <= LONGEST:
        return False
    return surface.isalpha() or not _DIGIT.search(surface)


def parts(surface: str, language: str) -> tuple[str, ...]:
    """The keys of the words a compound ends in: "de:kanzl" for Bundeskanzlerin.

    Only documents need them: who asks for Kanzler finds the Bundeskanzler, not the reverse.
    """
    spoken = language_of(language)
    return spoken.parts(surface.lower()) if spoken.may_be_compound(surface) else ()


def query_keys(surface: str, folded: str, languages: Iterable[str]) -> tuple[str, ...]:
    """The keys under which articles in any of `languages` have a word as typed.

    A language whose dictionary knows the word speaks for it; only where none does are all of the
    word's script asked, since it may be a name. So `die` is not stemmed as Ukrainian, nor кіт as
    Russian. Languages that the archive does not hold should not be among `languages`.
    """
    able = [one for one in dict.fromkeys(map(language_of, languages)) if one.fits(surface)]
    knowing = [one for one in able if one.knows(one.plain(surface))]
    found: dict[str, None] = {}
    for one in knowing or able:
        found.update(dict.fromkeys(keys(surface, folded, one.base)))
    return tuple(found)


def is_word(term: str, languages: Iterable[str]) -> bool:
    """Whether a dictionary of any of `languages` knows a word in small letters."""
    spoken = dict.fromkeys(map(language_of, languages))
    return any(one.fits(term) and one.knows(one.plain(term)) for one in spoken)


def missing_dictionaries(languages: Iterable[str]) -> tuple[str, ...]:
    """The dictionaries that texts in `languages` need and that are not compiled yet."""
    return tuple(missing(dict.fromkeys(language_of(one).dictionary for one in languages)))


def base_of(language: str) -> str:
    """The language that the keys of `language` name: sr, sr_Latn, hr and bs are all hbs."""
    return language_of(language).base


def has_keys(language: str) -> bool:
    """Whether there is a dictionary or a stemmer for `language`."""
    return language_of(language).has_keys


def serbian_latin(text: str) -> str:
    """Serbian Cyrillic in Latin letters, one for one (љ, њ, џ: lj, nj, dž); the rest as it is."""
    if text.isupper():
        return text.lower().translate(_SERBIAN).upper()
    if _SERBIAN_WORD.fullmatch(text):
        return text.translate(_SERBIAN_CASED)
    return "".join(map(_latin_letter, text))


def _latin_letter(char: str) -> str:
    latin = char.lower().translate(_SERBIAN)
    return latin.capitalize() if char.isupper() else latin


@lru_cache(maxsize=1)
def _suffixes() -> dict[str, tuple[frozenset[str], int, tuple[str, ...], int]]:
    """For each language folded endings, the longest's size, prefixes, and what must be left."""
    table = tomllib.loads(assets.SUFFIXES.read_text(encoding="utf-8"))
    found = {}
    for language, row in table.items():
        endings = frozenset(map(fold, row["endings"].split()))
        prefixes = tuple(row.get("prefixes", "").split())
        found[language] = endings, max(map(len, endings)), prefixes, row["keep"]
    return found
