"""Typed text as a lattice: at each word, what it and the words after it may mean together."""

import difflib
import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from index.dates.iso import ISO, iso_span
from index.dates.moment import Moment
from index.dates.words import Lexicon
from index.errors import QueryError
from index.text.fold import fold

LONGEST = 120
TOO_LONG = "This is too long for a date"
UNKNOWN = "I know no date with “{word}”"
SUGGESTED = "I know no date with “{word}”; did you mean “{suggestion}”?"
IMPOSSIBLE = "There is no such date: {text}"

_EDGE = r"(?![^\W\u3400-\u9fff]|[-./]\d)"
_NUMERIC = {
    "iso": re.compile(ISO.pattern.removesuffix("?") + _EDGE),  # more than a year
    "ymd": re.compile(rf"(\d{{4}})([./])\s?(\d{{1,2}})\2\s?(\d{{1,2}}){_EDGE}"),
    "dmy": re.compile(rf"(\d{{1,2}})([./-])\s?(\d{{1,2}})\2\s?(\d{{4}}|\d{{2}}){_EDGE}"),
    "ym": re.compile(rf"(\d{{4}})[./](\d{{1,2}}){_EDGE}"),
    "my": re.compile(rf"(\d{{1,2}})[./-](\d{{4}}){_EDGE}"),
    "dm": re.compile(rf"(\d{{1,2}})[./](\d{{1,2}}){_EDGE}"),
}
_MARKS = {
    "dots": re.compile(r"\.\.+|…"),
    "dash": re.compile("[-‐‑‒–—―−~〜～]"),
    "slash": re.compile("/"),
    "han": re.compile("[〇零一二两兩三四五六七八九十百]+"),
    "word": re.compile(
        r"\d+|[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+(?:[\u0300-\u036f\u064b-\u0652]+[^\W\d_]*)*"
    ),
}
_IGNORED = re.compile("[\\s.,;'’ʼ‘`´\"«»“”„()º°ª、，。\u200e\u200f\u061c]+")
_HAN_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")}
_HAN_DIGITS |= {"零": 0, "两": 2, "兩": 2}
_HAN_UNITS = {"十": 10, "百": 100}
_DIGITS_OF_A_YEAR = 4


class Edge(NamedTuple):
    """The words from here to (not with) number `end` may mean `value` as a `kind`."""

    end: int
    kind: str
    value: Any


@dataclass(slots=True)
class Token:
    """A folded word, number or mark, and its characters [start, end) of the text."""

    word: str
    start: int
    end: int
    meanings: tuple[tuple[str, Any], ...] = ()


@dataclass(slots=True)
class Lattice:
    """Words in order, and the meanings that begin at each, the longest first."""

    tokens: list[Token]
    edges: list[list[Edge]]


def lattice(text: str, words: Lexicon) -> Lattice:
    """The meanings of `text`. Raises QueryError at a word that is in no date."""
    if len(text) > LONGEST:
        raise QueryError(TOO_LONG, at=LONGEST, end=len(text))
    tokens = _tokens(text, words)
    edges = [_edges(tokens, at, words) for at in range(len(tokens))]
    reached = {at for start, found in enumerate(edges) for e in found for at in range(start, e.end)}
    for at, token in enumerate(tokens):
        if at not in reached and not token.meanings:
            raise unknown(text[token.start : token.end], token, words)
    return Lattice(tokens, edges)


def unknown(word: str, token: Token, words: Lexicon) -> QueryError:
    """The error for a word that no date has, with the nearest word that one may have."""
    near = difflib.get_close_matches(token.word, [w for w in words.vocabulary if len(w) > 3], 1)
    if near and not token.word.isdigit():
        return QueryError(SUGGESTED, at=token.start, end=token.end, word=word, suggestion=near[0])
    return QueryError(UNKNOWN, at=token.start, end=token.end, word=word)


def _tokens(text: str, words: Lexicon) -> list[Token]:
    found: list[Token] = []
    at = 0
    while at < len(text):
        if (ignored := _IGNORED.match(text, at)) and not _MARKS["dots"].match(text, at):
            at = ignored.end()
            continue
        token = _number(text, at, words) or _word(text, at)
        at = token.end
        found.extend([token] if token.meanings else _parted(token, words))
    return found


def _number(text: str, at: int, words: Lexicon) -> Token | None:
    """A date in numbers that begins here: 2026-02-12, 1.2.2026, 2/13."""
    if not text[at].isdecimal() or (at and (text[at - 1].isalnum() or text[at - 1] == "-")):
        return None
    for kind, pattern in _NUMERIC.items():
        if match := pattern.match(text, at):
            moment = _moment(kind, match, words.order)
            return Token(match.group(), at, match.end(), (("date", moment),))
    return None


def _moment(kind: str, match: re.Match[str], order: str) -> Moment | QueryError:
    """The date in numbers, or the error that there is no such date (raised only if it is read)."""
    at, end = match.span()
    try:
        if kind == "iso":
            return Moment(fixed=iso_span(match), at=at, end=end)
        parts = [int(part) for part in match.groups() if part.isdecimal()]
        letters = {"dmy": order if order != "ymd" else "dmy", "dm": order.replace("y", "")}
        named = dict(zip(letters.get(kind, kind), parts, strict=True))
        if "y" in named and named["y"] < 100:
            named["y"] += 2000 if named["y"] < 70 else 1900
        moment = Moment(named.get("y"), named["m"], named.get("d"), at=at, end=end)
        if moment.month is None or not 1 <= moment.month <= 12 or not 1 <= (moment.day or 1) <= 31:
            raise ValueError(moment)
    except ValueError:
        return QueryError(IMPOSSIBLE, at=at, end=end, text=match.group())
    return moment


def _word(text: str, at: int) -> Token:
    for kind, pattern in _MARKS.items():
        match = pattern.match(text, at)
        if not match:
            continue
        word, end = match.group(), match.end()
        if kind == "word":
            return Token(str(int(word[:20])) if word.isdecimal() else fold(word), at, end)
        if kind == "dash" and text[at - 1 : at].isalpha() and text[end : end + 1].isalpha():
            # The hyphen of avant-hier is part of the word; that of Jan-Mar is a dash.
            return Token(word, at, end, (("dash", None), ("of", None)))
        if kind == "han":
            # Each character is a word of its own, so that 十二月 is found whole.
            return Token(word[0], at, at + 1)
        return Token(word, at, end, ((kind, None),))
    return Token(text[at], at, at + 1)


def _parted(token: Token, words: Lexicon) -> list[Token]:
    """The word, or what it is made of: Şubattan is Şubat and an ending, ومارس is و and مارس."""
    if token.word in words.vocabulary or token.word.isdecimal():
        return [token]
    for ending in words.behind:
        stem = token.word.removesuffix(ending)
        if stem != token.word and stem in words.vocabulary:
            cut = token.end - len(ending)
            return [Token(stem, token.start, cut), Token(ending, cut, token.end)]
    for particle in words.before:
        rest = token.word.removeprefix(particle)
        if rest != token.word and rest in words.vocabulary:
            cut = token.start + len(particle)
            return [Token(particle, token.start, cut), Token(rest, cut, token.end)]
    return [token]


def _edges(tokens: list[Token], at: int, words: Lexicon) -> list[Edge]:
    token = tokens[at]
    found = [Edge(at + 1, kind, value) for kind, value in token.meanings]
    if token.word.isdecimal() and not token.meanings:
        found.extend(_number_edges(tokens, at, words))
    if token.word in _HAN_DIGITS or token.word in _HAN_UNITS:
        found.extend(_han_edges(tokens, at))
    return found + _phrase_edges(tokens, at, words)


def _phrase_edges(tokens: list[Token], at: int, words: Lexicon) -> list[Edge]:
    found: list[Edge] = []
    phrase: tuple[str, ...] = ()
    for end, token in enumerate(tokens[at:], start=at + 1):
        if ("of", None) in token.meanings and phrase:  # a hyphen inside a word
            continue
        phrase += (token.word,)
        if len(phrase) > words.longest:
            break
        found.extend(Edge(end, *meaning) for meaning in words.phrases.get(phrase, ()))
    return sorted(found, key=lambda edge: -edge.end)


def _number_edges(tokens: list[Token], at: int, words: Lexicon) -> list[Edge]:
    """A number, which may be a year, or an ordinal with what stands behind it (1st, 1-й)."""
    token = tokens[at]
    number = int(token.word)
    found = [Edge(at + 1, "number", number)]
    if token.end - token.start == _DIGITS_OF_A_YEAR:
        found.append(Edge(at + 1, "year", number))
    behind = at + 1
    if behind + 1 < len(tokens) and ("dash", None) in tokens[behind].meanings:
        behind += 1
    if behind < len(tokens) and tokens[behind].start - token.end <= 2:
        meanings = words.phrases.get((tokens[behind].word,), ())
        if ("nth", None) in meanings:
            found.append(Edge(behind + 1, "number", number))
            found.append(Edge(behind + 1, "ordinal", number))
            if token.end - token.start == _DIGITS_OF_A_YEAR:
                found.append(Edge(behind + 1, "year", number))
    return found


def _han_edges(tokens: list[Token], at: int) -> list[Edge]:
    """The number in Chinese characters that begins here: 十二, 二十三, 二〇二六."""
    end = at
    while end < len(tokens) and (tokens[end].word in _HAN_DIGITS or tokens[end].word in _HAN_UNITS):
        end += 1
    chars = [token.word for token in tokens[at:end]]
    if not any(char in _HAN_UNITS for char in chars):
        number = int("".join(str(_HAN_DIGITS[char]) for char in chars))
        kinds = ("number", "year") if len(chars) == _DIGITS_OF_A_YEAR else ("number",)
        return [Edge(end, kind, number) for kind in kinds]
    number, digit = 0, 0
    for char in chars:
        if char in _HAN_UNITS:
            number, digit = number + (digit or 1) * _HAN_UNITS[char], 0
        else:
            digit = _HAN_DIGITS[char]
    return [Edge(end, "number", number + digit)]
