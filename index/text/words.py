"""Where words begin and end, in any script: the same for index, query and highlighter."""

from itertools import pairwise
from operator import add
from typing import NamedTuple

import regex

from index.text.fold import fold

# Scripts written without spaces: overlapping pairs of characters stand for words.
_DENSE = r"\p{Han}\p{Hiragana}\p{Katakana}\u30fc\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_APOSTROPHES = "'’ʼ‘`´"
_PARTING = "[\u0020\u00a0\u202f\u2009.,'’]"
_WORD = regex.compile(
    # 4,500 = 4.500 = 4 500: groups of three digits are one number
    rf"(?P<number>(?<![\p{{N}}])\p{{Nd}}{{1,3}}(?:{_PARTING}\p{{Nd}}{{3}})+(?!\p{{Nd}}))"
    rf"|(?P<dense>(?:[{_DENSE}]\p{{M}}*)+)"
    # an apostrophe joins the letters of a Cyrillic word (об'єкт); elsewhere it parts (l’école)
    rf"|(?P<cyrillic>[\p{{Cyrillic}}][\p{{Cyrillic}}\p{{M}}\p{{N}}]*"
    rf"(?:[{_APOSTROPHES}]\p{{Cyrillic}}[\p{{Cyrillic}}\p{{M}}\p{{N}}]*)*)"
    rf"|(?P<word>[[\p{{L}}\p{{N}}_]--[{_DENSE}\p{{Cyrillic}}ʼ]]"
    rf"[[\p{{L}}\p{{M}}\p{{N}}_\u200c\u200d]--[{_DENSE}\p{{Cyrillic}}ʼ]]*)",
    regex.V1,
)
_DENSE_CHARACTER = regex.compile(rf"[{_DENSE}]")
_CHARACTER = regex.compile(r"\P{M}\p{M}*")
_MARK = regex.compile(r"\p{M}")
_DIGIT = regex.compile(r"\p{Nd}")
_NOT_DIGITS = regex.compile(r"\D+")
_NUMBER = regex.compile(rf"\p{{Nd}}{{1,3}}(?:{_PARTING}\p{{Nd}}{{3}})+")
_WORD_OR_END = regex.compile(_WORD.pattern + r"|(\n)", regex.V1)
LONGEST = 64
"""Characters of a word that count; the rest of a longer one is not told apart."""


class Word(NamedTuple):
    """A folded word and the characters [start, end) of the text it stands for."""

    text: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The words of `text` in order. Text without spaces (Chinese, Thai) gives overlapping pairs."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        kind = match.lastgroup
        start, end = match.span()
        if kind == "dense":
            found.extend(_pairs(text, start, end))
            continue
        chunk = match.group()
        if kind == "number":
            chunk = _NOT_DIGITS.sub("", chunk)
        folded = fold(chunk).replace(" ", "")[:LONGEST]
        if folded:
            found.append(Word(folded, start, end))
    return found


def standing(texts: list[str]) -> list[list[str]]:
    """The words of many texts as they stand there, in order; the texts have no ends of lines."""
    found: list[list[str]] = [[]]
    lines = "\n".join(texts)
    # Without marks each code point is a character.
    characters_of = _CHARACTER.findall if _MARK.search(lines) else list
    for number, dense, cyrillic, word, _ in _WORD_OR_END.findall(lines):
        if surface := word or cyrillic or number:
            found[-1].append(surface)
        elif dense:
            characters = characters_of(dense)
            # A mark that stands on no character is no word.
            lone = [dense] if characters else []
            found[-1].extend(map(add, characters, characters[1:]) if characters[1:] else lone)
        else:
            found.append([])
    return found if texts else []


def folded(surfaces: list[str]) -> list[str]:
    """The words that `standing` ones are; empty for one of which nothing is left."""
    lines = "\n".join(surfaces)
    if _DIGIT.search(lines):
        lines = "\n".join(
            [_NOT_DIGITS.sub("", one) if _NUMBER.fullmatch(one) else one for one in surfaces]
        )
    # Folding works letter by letter: many words are folded as one text.
    folds = fold(lines).replace(" ", "").split("\n") if surfaces else []
    return [line[:LONGEST] for line in folds]


def count(text: str) -> int:
    """About how many words a person reads in `text`: where they are not spaced, its characters."""
    spaced, dense = _DENSE_CHARACTER.subn(" ", text)
    return len(spaced.split()) + int(dense)


def _pairs(text: str, start: int, end: int) -> list[Word]:
    """Overlapping pairs of the characters in text[start:end]; a lone one stands for itself."""
    spans = [match.span() for match in _CHARACTER.finditer(text, start, end)]
    if len(spans) == 1:
        return [Word(fold(text[start:end]), start, end)]
    return [
        Word(fold(text[first[0] : second[1]]), first[0], second[1])
        for first, second in pairwise(spans)
    ]
