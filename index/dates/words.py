"""The words in which each language says dates: read from assets/dates and from Babel."""

import itertools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import assets
from index.dates.span import Week
from index.text.fold import fold

Phrase = tuple[str, ...]
Meaning = tuple[str, Any]
"""A kind of word (unit, month, since …) and its value."""

_TOKEN = re.compile(r"\d+|[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+(?:[\u0300-\u036f]+[^\W\d_]*)*")
_GROUP = re.compile(r"\[([^\]]*)\]")
_NAMED = re.compile(r"\{(\w+)\}")
_COUNTED = re.compile(r"(\d+)([dwmy])")
_RELATIVE = re.compile(r"([a-z]+)([+-]\d+)")
_LETTER_UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"}
_SHIFTS = {"penultimate": -2, "last": -1, "this": 0, "next": 1}
_CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"
_SERBIAN = "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š"
_LATIN = dict(zip(_CYRILLIC, _SERBIAN.split(" "), strict=True))


@dataclass(slots=True)
class Lexicon:
    """What words mean in one locale, and how its people write dates.

    `order` is the order of numeric dates: "dmy", "mdy" or "ymd". `before` and `behind` are
    particles written together with a word.
    """

    order: str = "dmy"
    week: Week = field(default_factory=Week)
    phrases: dict[Phrase, list[Meaning]] = field(default_factory=dict)
    vocabulary: set[str] = field(default_factory=set)
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    longest: int = 1
    language: str = ""

    def add(self, phrase: str, kind: str, value: object) -> None:
        """Let `phrase` also mean `value` as a `kind`."""
        spellings = {tokens(phrase), tokens(re.sub("['’ʼ]", "", phrase))}
        for spelling in spellings - {()}:
            meanings = self.phrases.setdefault(spelling, [])
            if (kind, value) not in meanings:
                meanings.append((kind, value))
            self.vocabulary.update(spelling)
            self.longest = max(self.longest, len(spelling))


def tokens(text: str) -> Phrase:
    """The folded words and numbers of `text`; each Chinese character is a word."""
    return tuple(folded for _, _, folded in spans(text))


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """The words and numbers of `text` with where they start and end; numbers in ASCII digits."""
    for match in _TOKEN.finditer(text):
        word = match.group()
        folded = str(int(word)) if word.isdigit() and word.isdecimal() else fold(word)
        if folded:
            yield *match.span(), folded


@lru_cache(maxsize=8)
def lexicon(locale: str) -> Lexicon:
    """The words of `locale` (any spelling: uk, en-US, sr_Latn_RS.UTF-8) and of English."""
    parts = locale.replace("-", "_").split(".")[0].split("_")
    found = Lexicon(language=parts[0].lower())
    _add_babel(found, parts)
    # The locale's own words come first, so that its reading of an ambiguous word is tried first.
    for language in dict.fromkeys((found.language, "en")):
        _add_table(found, language)
    if found.language != "en":
        _add_names(found, ["en"])
    return found


def _add_babel(found: Lexicon, parts: list[str]) -> None:
    """Names of months, weekdays and quarters, the order of numeric dates, and the week."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415  (60 ms, and only words need it)

    try:
        locale = Locale.parse("_".join(parts))
    except (UnknownLocaleError, ValueError):
        _add_names(found, ["en"])
        return
    pattern = locale.date_formats["short"].pattern
    order = [char.lower() for char in pattern if char in "dMy"]
    found.order = "".join(dict.fromkeys(order))
    if found.order not in ("dmy", "mdy", "ymd"):
        found.order = "dmy"
    found.week = Week(locale.first_week_day, locale.weekend_start, locale.weekend_end)
    _add_names(found, parts)


def _add_names(found: Lexicon, parts: list[str]) -> None:
    from babel import Locale  # noqa: PLC0415

    locale = Locale.parse("_".join(parts))
    for names, kind in ((locale.months, "month"), (locale.days, "weekday")):
        for context, width in itertools.product(("format", "stand-alone"), ("wide", "abbreviated")):
            for number, name in names[context][width].items():
                found.add(name, kind, number)
    for width in ("wide", "abbreviated"):
        for number, name in locale.quarters["format"][width].items():
            found.add(name, "named_part", ("quarter", number))


def _add_table(found: Lexicon, language: str) -> None:
    path = assets.DATES / f"{language}.toml"
    if not path.is_file():
        return
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    endings = table.get("endings", {})
    for patterns, kind, value in _entries(table):
        for form in (form for pattern in patterns for form in expand(pattern, endings)):
            found.add(form, kind, value)
            if language == "sr":
                found.add("".join(_LATIN.get(char, char) for char in form.lower()), kind, value)
    joined = table.get("joined", {})
    for particle in (*joined.get("before", ()), *joined.get("behind", ())):
        found.add(particle, "of", None)
    found.before += tuple(map(fold, joined.get("before", ())))
    found.behind += tuple(sorted(map(fold, joined.get("behind", ())), key=len, reverse=True))


def _entries(table: dict[str, Any]) -> Iterator[tuple[list[str], str, object]]:
    """The phrases of a table with the kind and value they stand for."""
    for number, phrases in enumerate(table.get("months", ()), start=1):
        yield phrases, "month", number
    for number, phrases in enumerate(table.get("weekdays", ())):
        yield phrases, "weekday", number
    for unit, phrases in table.get("units", {}).items():
        yield phrases, "unit", unit
    for section, kind in (("numbers", "number"), ("ordinals", "ordinal")):
        for number, phrases in table.get(section, {}).items():
            yield phrases, kind, int(number)
    for name, phrases in table.get("shift", {}).items():
        place, _, post = name.partition("_")
        yield phrases, "shift_post" if post else "shift", _SHIFTS[place]
    for name, phrases in table.get("shift_week", {}).items():
        yield phrases, "shift_week", _SHIFTS[name]
    for name, phrases in table.get("relative", {}).items():
        match = _RELATIVE.fullmatch(name)
        assert match, name
        yield phrases, "relative", (int(match[2]), match[1])
    for name, phrases in table.get("counted", {}).items():
        match = _COUNTED.fullmatch(name)
        assert match, name
        yield phrases, "counted", (int(match[1]), _LETTER_UNITS[match[2]])
    for kind, phrases in table.get("words", {}).items():
        yield phrases, kind, None


def expand(pattern: str, endings: dict[str, str]) -> Iterator[str]:
    """The forms that `тиж[день ня ню]` or, with named endings, `минул{adj}` stand for."""
    pattern = _NAMED.sub(lambda match: f"[{endings[match[1]]}]", pattern)
    pieces = _GROUP.split(pattern)
    choices = [piece.split(" ") if index % 2 else [piece] for index, piece in enumerate(pieces)]
    for choice in itertools.product(*choices):
        yield "".join(choice)
