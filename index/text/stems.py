"""The keys under which the inflected forms of a word meet, in each language."""

import tomllib
from collections.abc import Iterable
from functools import lru_cache

import Stemmer

import assets
from index.text.fold import fold
from index.text.lemmas import has_lemmas, knows, lemma
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
_COMPOUNDING = frozenset({"de", "nl", "sv", "da", "nb", "nn", "fi"})
_SHORTEST = 3
_LONGEST = 40
_SHORTEST_PART = 4
_SHORTEST_COMPOUND = 9


def keys(surface: str, folded: str, language: str) -> tuple[str, ...]:
    """The keys of a word of a text in `language`: "uk:санкці" for санкцій.

    A key is the folded stem of the lemma, after its language. A capitalised word that the
    dictionary changes also gets the stem of its own form, since it may be a name. Numbers, very
    short words and languages without means have no keys.
    """
    base = _base(language)
    if not _SHORTEST <= len(folded) <= _LONGEST or folded.isnumeric() or not has_keys(language):
        return ()
    return _keys(_plain(surface, base), base, named=surface[:1].isupper())


def parts(surface: str, language: str) -> tuple[str, ...]:
    """The keys of the words a compound ends in: "de:kanzl" for Bundeskanzlerin.

    Only documents need them: who asks for Kanzler finds the Bundeskanzler, not the reverse.
    """
    base = _base(language)
    if base not in _COMPOUNDING or not _SHORTEST_COMPOUND <= len(surface) <= _LONGEST:
        return ()
    return _parts(surface.lower(), base)


def query_keys(surface: str, folded: str, languages: Iterable[str]) -> tuple[str, ...]:
    """The keys under which articles in any of `languages` have a word as typed.

    A language whose dictionary knows the word speaks for it; only where none does are all of the
    word's script asked, since it may be a name. So `die` is not stemmed as Ukrainian, nor кіт as
    Russian. Languages that the archive does not hold should not be among `languages`.
    """
    able = [base for base in dict.fromkeys(map(_base, languages)) if _fits(surface, base)]
    knowing = [base for base in able if knows(_plain(surface, base), _lemma_code(base))]
    found: dict[str, None] = {}
    for base in knowing or able:
        found.update(dict.fromkeys(keys(surface, folded, base)))
    return tuple(found)


def has_keys(language: str) -> bool:
    """Whether there is a dictionary or a stemmer for `language`."""
    base = _base(language)
    return base in _SNOWBALL or base in _suffixes() or has_lemmas(_lemma_code(base))


def _base(language: str) -> str:
    code = language.split("_", maxsplit=1)[0]
    return _GROUPS.get(code, code)


def _lemma_code(base: str) -> str:
    return {"fil": "tl"}.get(base, base)


def _plain(surface: str, base: str) -> str:
    """The word as dictionaries have it: Serbian in Latin letters, shouting calmed down."""
    if base == "hbs" and surface and script_of(surface[0]) == "Cyrl":
        surface = serbian_latin(surface)
    return surface.lower() if surface.isupper() else surface


def serbian_latin(text: str) -> str:
    """Serbian Cyrillic in Latin letters, one for one (љ, њ, џ: lj, nj, dž); the rest as it is."""
    if text.isupper():
        return text.lower().translate(_SERBIAN).upper()
    return "".join(map(_latin_letter, text))


def _latin_letter(char: str) -> str:
    latin = char.lower().translate(_SERBIAN)
    return latin.capitalize() if char.isupper() else latin


def _fits(surface: str, base: str) -> bool:
    """Whether a word in this script may be in the language."""
    script = next((name for name in map(script_of, surface) if name), "")
    if base == "hbs":
        return script in ("Latn", "Cyrl")
    wanted = LANGUAGES.get(script, ONLY.get(script, "")).replace("no", "nb").split()
    return base in wanted or {"nn": "nb", "fil": "tl"}.get(base) in wanted


@lru_cache(maxsize=65_536)
def _keys(word: str, base: str, *, named: bool) -> tuple[str, ...]:
    code = _lemma_code(base)
    known = lemma(word, code) if has_lemmas(code) else word
    stems = [_stem(known.lower(), base)]
    if named and known.lower() != word.lower():
        stems.append(_stem(word.lower(), base))
    return tuple(f"{base}:{stem}" for stem in dict.fromkeys(stems) if len(stem) > 1)


def _stem(word: str, base: str) -> str:
    if base in _SNOWBALL:
        word = _stemmer(_SNOWBALL[base]).stemWord(word)
    word = fold(word)
    if base in _suffixes():
        endings, prefixes, keep = _suffixes()[base]
        for prefix in prefixes:
            if word.startswith(prefix) and len(word) - len(prefix) > _SHORTEST:
                word = word.removeprefix(prefix)
        for ending in endings:
            if word.endswith(ending) and len(word) - len(ending) >= keep:
                return word[: -len(ending)]
    return word


@lru_cache(maxsize=16_384)
def _parts(word: str, base: str) -> tuple[str, ...]:
    """The longest known word that ends the compound after a known one, and what that ends in."""
    for cut in range(_SHORTEST, len(word) - _SHORTEST_PART + 1):
        tail, head = word[cut:], word[:cut]
        if knows(tail, base) and _begins(head, base):
            return _keys(tail, base, named=False) + _parts(tail, base)
    return ()


def _begins(head: str, base: str) -> bool:
    """Whether `head` is a word, perhaps with the letters that join it to the next."""
    for joint in ("", "s", "es", "n", "en", "e"):
        stem = head.removesuffix(joint)
        if (not joint or stem != head) and len(stem) >= _SHORTEST and knows(stem, base):
            return True
    return False


@lru_cache(maxsize=64)
def _stemmer(name: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(name, 0)  # no cache of its own: _keys has one


@lru_cache(maxsize=1)
def _suffixes() -> dict[str, tuple[tuple[str, ...], tuple[str, ...], int]]:
    """For each language its folded endings, the longest first, prefixes, and what must be left."""
    table = tomllib.loads(assets.SUFFIXES.read_text(encoding="utf-8"))
    return {
        language: (
            tuple(sorted(set(map(fold, row["endings"].split())), key=len, reverse=True)),
            tuple(row.get("prefixes", "").split()),
            row["keep"],
        )
        for language, row in table.items()
    }
