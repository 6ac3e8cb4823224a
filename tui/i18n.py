"""The words of the interface in the reader's language. Without Textual: the CLI uses it too."""

import gettext
import os
from collections.abc import Mapping

import assets

DOMAIN = "newsreader"


class _Speech:
    """The translations in force, and the locale whose dates and names go with them."""

    translations: gettext.NullTranslations = gettext.NullTranslations()
    locale: str = "en"


def set_locale(wanted: str) -> str:
    """Speak `wanted` (a locale identifier) from now on; return the locale in force.

    Where there is no catalog for it that is "en": dates in one language between words in another
    help nobody.
    """
    language = locale_of({"LANG": wanted.replace("-", "_")}) if wanted else ""
    for name in (language, language.rpartition("_")[0], language.split("_")[0]):
        if name and (assets.LOCALE / name / "LC_MESSAGES" / f"{DOMAIN}.mo").is_file():
            _Speech.translations = gettext.translation(DOMAIN, str(assets.LOCALE), languages=[name])
            _Speech.locale = language
            return language
    _Speech.translations = gettext.NullTranslations()
    _Speech.locale = language if language.split("_")[0] == "en" else "en"
    return _Speech.locale


def locale() -> str:
    """The locale in force: a Babel locale identifier."""
    return _Speech.locale


def locales() -> tuple[str, ...]:
    """The locales there is a catalog for."""
    return tuple(sorted(po.parent.parent.name for po in assets.LOCALE.glob("*/LC_MESSAGES/*.po")))


def locale_of(environment: Mapping[str, str] = os.environ) -> str:
    """The locale a person's environment asks for, as POSIX reads it; "en" where it asks none."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value, _at, variant = environment.get(name, "").partition("@")
        value = value.split(".")[0]
        if value:
            script = "_Latn" if variant == "latin" and "_" in value else ""
            language, _place, territory = value.partition("_")
            value = f"{language}{script}_{territory}" if script else value
            return value if value not in {"C", "POSIX"} else "en"
    return "en"


def _(message: str) -> str:
    """`message` in the reader's language."""
    return _Speech.translations.gettext(message) if message else ""


def ngettext(one: str, many: str, number: int) -> str:
    """The form of `one`/`many` that goes with `number` in the reader's language."""
    return _Speech.translations.ngettext(one, many, number)


def N_(message: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Mark `message` for translation where it is defined; it is translated where it is shown."""
    return message


def say(template: str, values: Mapping[str, object]) -> str:
    """`template` translated, with its values; as it is where they do not fit it."""
    for text in (_(template), template):
        try:
            return text.format(**values) if values else text
        except (LookupError, ValueError, AttributeError):
            continue
    return template
