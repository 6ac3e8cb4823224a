"""Write assets/months.txt: the names of months in many languages, as Unicode's CLDR gives them.

Run as `.venv/bin/python tools/months.py` when Babel brings newer data.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from babel import Locale

import assets
from index.text.fold import fold

LANGUAGES = (
    "af ar ar_MA ar_IQ az be bg bn bs ca cs cy da de de_AT el en es et eu fa fi fil fr ga gl he hi "
    "hr hu hy id is it ka kk ko lt lv mk ms mt nb nl nn pl pt ro ru sk sl sq sr sr_Latn sv sw "
    "ta te th tr uk ur uz vi"
)
# What newspapers print and CLDR does not list, and what it gives for two months: Croatian calls
# listopad what Polish and Czech call říjen; the larger press wins.
MORE = {
    "sept": 9, "juil": 7, "mai": 5, "aout": 8, "ener": 1, "sett": 9, "set": 9, "out": 10, "ago": 8,
    "listopad": 11, "listopada": 11, "lis": 11, "lip": 7, "srp": 8,
    "лют": 2, "берез": 3, "квіт": 4, "трав": 5, "черв": 6, "лип": 7, "серп": 8,
    "верес": 9, "жовт": 10, "листоп": 11, "груд": 12, "нояб": 11, "сент": 9, "февр": 2,
    "فيفري": 2, "جانفي": 1, "أفريل": 4, "ماي": 5, "جوان": 6, "جويلية": 7, "أوت": 8,
}  # fmt: skip


def names() -> dict[str, int]:
    found: dict[str, set[int]] = {}
    for language in LANGUAGES.split():
        months = Locale.parse(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    word = fold(str(name)).strip(" .")
                    if (
                        len(word) > 1
                        and not any(char.isdigit() for char in word)
                        and " " not in word
                    ):
                        found.setdefault(word, set()).add(int(number))
    for name, number in MORE.items():
        found[fold(name)] = {number}
    # A word that is one month here and another there tells nothing.
    return {word: numbers.pop() for word, numbers in found.items() if len(numbers) == 1}


if __name__ == "__main__":
    lines = [f"{word}\t{number}\n" for word, number in sorted(names().items())]
    assets.MONTHS.write_text(
        "# name of a month, folded, and its number. Written by tools/months.py.\n" + "".join(lines),
        encoding="utf-8",
    )
    print(len(lines), "names")
