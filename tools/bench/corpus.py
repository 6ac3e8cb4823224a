"""A made-up archive with the shape of a real one: Zipf's law, six languages, topics, ten years."""

import random
from collections.abc import Iterator
from datetime import date

import numpy as np

from index.model import Entry

SHARES = {"en": 0.42, "uk": 0.20, "sr": 0.12, "de": 0.12, "fr": 0.08, "pl": 0.06}
WORDS = 34_000
"""Words of each language; besides them each article has some of its own, as names and numbers."""
_SYLLABLES = {
    "en": (
        "b c d f g h k l m n p r s t v w th sh ch st tr pr br cl",
        "a e i o u ea ou ai io er",
        "n r s t l d ng nt st",
    ),
    "uk": (
        "б в г д ж з к л м н п р с т ф х ц ч ш щ ст пр вл зн",
        "а е и і о у я ю є ї",
        "н в к т л й ть ськ",
    ),
    "sr": (
        "б в г д ж з к л м н п р с т ф х ц ч ш ђ љ њ џ ст пр",
        "а е и о у",
        "н в к т ј ћ ст",
    ),
    "de": (
        "b d f g h k l m n p r s t v w z sch st spr br kl",
        "a e i o u ä ö ü ei ie au",
        "n r s t ch ng ung en",
    ),
    "fr": (
        "b c d f g j l m n p qu r s t v ch pr tr",
        "a e é è i o u ou ai eau",
        "n r s t l x nt",
    ),
    "pl": (
        "b c d f g k l m n p r s t w z cz sz rz prz st",
        "a e i o u y ą ę ó",
        "n r w k t ł ść",
    ),
}
_FIRST_DAY = (date(2016, 1, 1) - date(1970, 1, 1)).days
_DAYS = 3650
_TITLE = 9
_TOPICS = 12
_BATCH = 5000


def _vocabulary(language: str) -> np.ndarray:
    """The words of a language four times: plain, capitalised, with comma, with full stop."""
    chance = random.Random(f"newsreader {language}")
    onsets, nuclei, codas = (part.split() for part in _SYLLABLES[language])
    words: dict[str, None] = {}
    while len(words) < WORDS:
        # The commonest words are short.
        size = 1 + (len(words) > 40) + sum(chance.random() < odds for odds in (0.7, 0.5, 0.25))
        word = "".join(
            chance.choice(onsets)
            + chance.choice(nuclei)
            + (chance.choice(codas) if chance.random() < 0.45 else "")
            for _ in range(size)
        )
        words.setdefault(word)
    forms = np.empty((WORDS, 4), object)
    for place, word in enumerate(words):
        forms[place] = (word, word.capitalize(), f"{word},", f"{word}.")
    return forms


def articles(size: int, seed: int = 20_260_220) -> Iterator[Entry]:
    """`size` articles, in the order of their days; the same ones for the same seed and size."""
    chance = np.random.default_rng(seed)
    vocabularies = {language: _vocabulary(language) for language in SHARES}
    odds = 1 / (np.arange(1, WORDS + 1) + 2.0) ** 1.08
    cumulated = np.cumsum(odds / odds.sum())
    languages = list(SHARES)
    for begin in range(0, size, _BATCH):
        count = min(_BATCH, size - begin)
        spoken = chance.choice(len(languages), count, p=list(SHARES.values()))
        lengths = np.clip(chance.lognormal(5.78, 0.45, count), 40, 2500).astype(int)
        for place in range(count):
            key = begin + place
            language = languages[spoken[place]]
            words = _words(chance, vocabularies[language], cumulated, int(lengths[place]) + _TITLE)
            day = _FIRST_DAY + _DAYS * key // size
            yield Entry(
                key=key + 1,
                title=" ".join(words[:_TITLE]),
                body=" ".join(words[_TITLE:]),
                source=f"{language}{int(chance.integers(40))}.example",
                author="",
                language=language,
                day=None if chance.random() < 0.05 else day,
            )


def _words(
    chance: np.random.Generator, forms: np.ndarray, cumulated: np.ndarray, count: int
) -> list[str]:
    ranks = np.minimum(np.searchsorted(cumulated, chance.random(count)), WORDS - 1)
    topics = chance.integers(100, WORDS, _TOPICS)
    on_topic = chance.random(count) < 0.14
    drawn = (chance.random(int(on_topic.sum())) ** 2 * _TOPICS).astype(int)
    ranks[on_topic] = topics[drawn]
    form = np.zeros(count, int)
    drawn = chance.random(count)
    form[drawn < 0.061] = 2
    form[drawn < 0.036] = 3
    begins = np.concatenate(([True], form[:-1] == 3)) | (chance.random(count) < 0.03)
    form[begins & (form == 0)] = 1
    words: list[str] = forms[ranks, form].tolist()
    for place in np.flatnonzero(chance.random(count) < 0.003).tolist():
        words[place] = f"x{int(chance.integers(60_000_000)):x}"
    return words
