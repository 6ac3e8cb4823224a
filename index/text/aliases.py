"""Other names of the same thing, where no transliteration joins them: UN and ООН, Rome and Рим.

Ours and the user's are tables (assets/aliases.toml); countries and cities come from CLDR.
"""

import tomllib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import assets
from index.errors import NewsreaderError
from index.text.stems import keys, serbian_latin
from index.text.words import words

LONGEST = 5
"""Words that a name has at most."""
_BEGINNING = 2
_NO_PLACES = frozenset(("001", "ZZ", "XA", "XB"))
"""What CLDR counts among the territories and is none: the world, the unknown, made-up locales."""


class Name(NamedTuple):
    """A name as it is written in a language."""

    language: str
    text: str


class _Entry(NamedTuple):
    group: str
    name: Name
    folded: tuple[str, ...]
    """The words of the name, folded."""


def other_names(
    text: str, languages: Iterable[str], tables: tuple[Path, ...] = ()
) -> tuple[Name, ...]:
    """What `text`, one word or a few, is called in `languages`; empty where it is no known name.

    `text` may be in any of `languages` or English, and inflected. `tables` are the user's files,
    in the form of assets/aliases.toml; NewsreaderError where one cannot be read as such.
    """
    asked = tuple(word.text for word in words(text))
    if not 0 < len(asked) <= LONGEST:
        return ()
    wanted = tuple(dict.fromkeys((*languages, "en")))
    groups = {
        entry.group
        for language in wanted
        for entry in _buckets(language, tables).get(asked[0][:_BEGINNING], ())
        if _same(asked, text, entry)
    }
    found: dict[Name, None] = {}
    for language in wanted:
        for entry in _entries(language, tables) if groups else ():
            if entry.group in groups and entry.folded != asked:
                found[entry.name] = None
    return tuple(found)


def _same(asked: tuple[str, ...], text: str, entry: _Entry) -> bool:
    if asked == entry.folded:
        return True
    # Stems need dictionaries: only names that begin alike and are as long are worth them.
    name, alike = entry.name, len(asked) == len(entry.folded)
    return alike and _stems(text, name.language) == _stems(name.text, name.language)


@lru_cache(maxsize=4096)
def _stems(text: str, language: str) -> tuple[str, ...]:
    """One key a word: that of its inflected forms, else the folded word."""
    found = []
    for word in words(text):
        own = keys(text[word.start : word.end], word.text, language)
        found.append(own[0] if own else word.text)
    return tuple(found)


@lru_cache(maxsize=64)
def _buckets(language: str, tables: tuple[Path, ...]) -> dict[str, list[_Entry]]:
    """Names in a language by their first letters."""
    found: dict[str, list[_Entry]] = {}
    for entry in _entries(language, tables):
        if entry.folded:
            found.setdefault(entry.folded[0][:_BEGINNING], []).append(entry)
    return found


@lru_cache(maxsize=64)
def _entries(language: str, tables: tuple[Path, ...]) -> tuple[_Entry, ...]:
    """All names in a language, each with the thing it names."""
    named = [
        (group, text)
        for path in (assets.ALIASES, *tables)
        for group, text in _listed(path, language)
    ]
    named.extend(_cldr(language))
    return tuple(
        _Entry(group, Name(language, text), tuple(word.text for word in words(text)))
        for group, text in dict.fromkeys(named)
    )


def _listed(path: Path, language: str) -> Iterator[tuple[str, str]]:
    for number, row in enumerate(_table(path)):
        for name in row.get(language.removesuffix("_Latn"), ()):
            text = serbian_latin(name) if language == "sr_Latn" else name
            yield f"{path.name}:{number}", text
        if language in ("hr", "bs") and language not in row:
            for name in row.get("sr", ()):
                yield f"{path.name}:{number}", serbian_latin(name)


@lru_cache(maxsize=8)
def _table(path: Path) -> list[dict[str, list[str]]]:
    problem = "The list of names {path} cannot be read: {reason}"
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["name"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        raise NewsreaderError(problem, path=path, reason=error) from error
    if not isinstance(rows, list) or not all(
        isinstance(names, list) and all(isinstance(name, str) for name in names)
        for row in rows
        for names in (row.values() if isinstance(row, dict) else (None,))
    ):
        raise NewsreaderError(problem, path=path, reason="each [[name]] lists names by language")
    return rows


def _cldr(language: str) -> Iterator[tuple[str, str]]:
    """Countries, continents and their parts, and the cities that time zones are named after."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415  (60 ms)

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return
    for code, name in locale.territories.items():
        if code not in _NO_PLACES:
            yield code, name
    for zone in _zones():
        city = dict(locale.time_zones.get(zone, {})).get("city")
        if city or language == "en":
            yield zone, city or zone.rpartition("/")[2].replace("_", " ")


@lru_cache(maxsize=1)
def _zones() -> tuple[str, ...]:
    """The time zones named after cities; CLDR leaves the English names to their identifiers."""
    from babel import Locale  # noqa: PLC0415

    zones = map(str, Locale.parse("uk").time_zones)
    return tuple(zone for zone in zones if not zone.startswith("Etc/"))
