"""Names of languages: what people and files write, and the identifiers we keep (Babel's)."""

import difflib
import re
from functools import lru_cache

from index.text.fold import fold
from index.text.scripts import LANGUAGES, ONLY

UNKNOWN = "und"
_SCRIPTS = {"sr": ("Cyrl", "Latn"), "zh": ("Hans", "Hant")}
"""Languages whose second script we tell apart; the first goes without saying."""
_ALIASES = {
    "no": "nb", "nob": "nb", "nno": "nn", "sh": "sr_Latn", "hbs": "sr_Latn", "scr": "hr",
    "zh_classical": "zh_Hant", "cht": "zh_Hant", "chs": "zh", "pt_br": "pt", "iw": "he",
}  # fmt: skip
_CODE = re.compile(r"[a-z]{2,3}(?:_[a-z0-9]{1,8})*", re.IGNORECASE)


def normalise(code: str) -> str | None:
    """Our identifier for a language as it was written down, or None where it names none.

    "en-GB", "ukr", "Ukrainian", "українська", "zh-TW" and "sr_Latn_RS" are understood; "und",
    "mul" and "zxx" are "und".
    """
    return _normalise(code.strip()[:64])


def known(code: str) -> bool:
    """Whether `code` names a language, so that one can filter on it."""
    return normalise(code) is not None


def display_names(code: str, locale: str) -> tuple[str, ...]:
    """What a language is called in `locale`'s language, in English, and by itself."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415

    found: dict[str, None] = {}
    for tongue in (locale, "en", code):
        try:
            name = Locale.parse(code).get_display_name(tongue)
        except (UnknownLocaleError, ValueError):
            continue
        if name:
            found[name] = None
    return tuple(found) or (code,)


def is_usual(code: str) -> bool:
    """Whether it is a language that articles are likely to be in: CLDR has a locale for it."""
    return code.split("_", maxsplit=1)[0] in _languages()


def suggest(code: str) -> str | None:
    """The language that was probably meant by an unknown `code`: "ua" is uk, "ukranian" too."""
    wanted = code.strip()[:64]
    if not wanted:
        return None
    if re.fullmatch("[A-Za-z]{2}", wanted) and (found := _of_territory(wanted.upper())):
        return found
    names = {**_names(), **_own_names()}
    near = difflib.get_close_matches(fold(wanted), names, n=1, cutoff=0.75)
    return names[near[0]] if near else None


@lru_cache(maxsize=512)
def _normalise(code: str) -> str | None:
    plain = code.split(".", maxsplit=1)[0].split("@", maxsplit=1)[0].replace("-", "_")
    if plain.lower() in ("und", "mul", "zxx", "mis"):
        return UNKNOWN
    if plain.lower() in _ALIASES:
        return _ALIASES[plain.lower()]
    if _CODE.fullmatch(plain) and (found := _of_code(plain)):
        return found
    name = fold(code)
    return _names().get(name) or _own_names().get(name)


def _of_code(code: str) -> str | None:
    """A code in ISO 639 with script and territory; the territory only decides on the script."""
    from babel.core import get_global, parse_locale  # noqa: PLC0415  (60 ms)

    first = code.split("_", maxsplit=1)[0].lower()
    alias = get_global("language_aliases").get(first, first)
    try:
        language, territory, script = parse_locale("_".join((alias, *code.split("_")[1:])))[:3]
    except ValueError:
        return None
    language = _ALIASES.get(language, language)
    if language not in _languages():
        return None
    if language not in _SCRIPTS:
        return language
    if script is None and territory:
        likely = get_global("likely_subtags").get(f"{language}_{territory}", "")
        script = next((part for part in likely.split("_") if part in _SCRIPTS[language]), None)
    return f"{language}_{script}" if script == _SCRIPTS[language][1] else language


@lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    """The languages that Babel has a locale for, and those that the detector may find."""
    from babel.localedata import locale_identifiers  # noqa: PLC0415

    return frozenset(code.split("_")[0] for code in locale_identifiers()) | _detected()


@lru_cache(maxsize=1)
def _detected() -> frozenset[str]:
    found = {language for names in LANGUAGES.values() for language in names.split()}
    return frozenset({*found, *ONLY.values(), "nb", "fil"} - {"no", "tl"})


def _of_territory(territory: str) -> str | None:
    """The main language of a territory: people write ua, jp, cz for uk, ja, cs."""
    from babel.core import get_global  # noqa: PLC0415

    likely = get_global("likely_subtags").get(f"und_{territory}")
    return _of_code(likely) if likely else None


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """English names, folded."""
    from babel import Locale  # noqa: PLC0415

    names = {fold(name): code for code, name in Locale("en").languages.items()}
    found = {name: code for name, code in names.items() if code in _languages()}
    for name, code in list(found.items()):
        found[name] = _ALIASES.get(code, code)
    return found | {fold("Serbian (Latin)"): "sr_Latn", fold("Traditional Chinese"): "zh_Hant"}


@lru_cache(maxsize=1)
def _own_names() -> dict[str, str]:
    """The names that languages give themselves, folded."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415

    found = {}
    for code in sorted(_detected() | {"sr_Latn", "zh_Hant"}):
        try:
            name = Locale.parse(code).get_display_name(code)
        except (UnknownLocaleError, ValueError):
            continue
        if name:
            found[fold(name)] = code
    return found
