"""The tokens of a query: words, quotes, fields, parentheses and operators, with their places."""

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from index.text.safe import NEVER


class Kind(Enum):
    """What a token is."""

    TEXT = auto()
    FIELD = auto()
    """A field with its values."""
    FIELD_GROUP = auto()
    """A field and the parenthesis it stands before."""
    OPEN = auto()
    CLOSE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()


class Value(NamedTuple):
    """Something to look for: a bare word, or what stands in quotes. `raw` is it as typed."""

    text: str
    raw: str
    start: int
    end: int
    quoted: bool = False
    slop: int = 0


class Token(NamedTuple):
    """One token; [start, end) are its characters in the query."""

    kind: Kind
    start: int
    end: int
    field: str = ""
    values: tuple[Value, ...] = ()


LISTED = frozenset({"lang", "date", "after", "before", "is", "tag", "source", "author"})
"""Fields whose bare values are lists parted by commas."""

MOST_SLOP = 99
"""Words that may lie between two words of a phrase."""

_OPERATORS = {"AND": Kind.AND, "OR": Kind.OR, "NOT": Kind.NOT}
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_FIELD = re.compile(r"([^\W\d]+):(?!//)")
_QUOTED = re.compile(r'"([^"]*)(?:"(?:~(\d{0,3}))?|$)')
_EMPTY = re.compile(r'(?:""(?!~)\s*)+')
_BARE = re.compile(r'[^\s()"]+')
_LISTED = re.compile(r'[^\s()",]+')


def tokens(text: str, fields: frozenset[str]) -> Iterator[Token]:
    """The tokens of `text` in order. `fields` are those known: others may end a sentence.

    An unknown field with a value is a FIELD all the same: the parser refuses it.
    """
    text = _UNPRINTABLE.sub(" ", text)
    if NEVER.search(text):
        # What nobody sees must not keep a field or an operator from being seen as one.
        places = [at for at, letter in enumerate(text) if not NEVER.match(letter)]
        yield from _moved(_tokens("".join(text[at] for at in places), fields), places)
    else:
        yield from _tokens(text, fields)


def _moved(found: Iterator[Token], places: list[int]) -> Iterator[Token]:
    """The tokens of a text that is left of another; `places` are its characters' places there."""
    for token in found:
        values = tuple(
            value._replace(start=places[value.start], end=places[value.end - 1] + 1)
            for value in token.values
        )
        yield token._replace(
            start=places[token.start], end=places[token.end - 1] + 1, values=values
        )


def _tokens(text: str, fields: frozenset[str]) -> Iterator[Token]:
    at, end = 0, len(text)
    while at < end:
        if space := _SPACE.match(text, at):
            at = space.end()
        elif text[at] in "()":
            yield Token(Kind.OPEN if text[at] == "(" else Kind.CLOSE, at, at + 1)
            at += 1
        elif empty := _EMPTY.match(text, at):
            # However many of them, they say nothing, and say it once.
            yield Token(Kind.TEXT, at, at + 2, values=(Value("", '""', at, at + 2, quoted=True),))
            at = empty.end()
        elif text[at] == "-":
            start = at
            while at < end and text[at] == "-":
                at += 1
            # One dash before something is NOT; a dash on its own, or a row of them, is a dash.
            if at - start == 1 and at < end and not text[at].isspace() and text[at] != ")":
                yield Token(Kind.NOT, start, at)
        else:
            token = _term(text, at, fields)
            yield token
            at = token.end


def _term(text: str, at: int, fields: frozenset[str]) -> Token:
    named = _FIELD.match(text, at)
    if named:
        name = named[1].lower()
        after = named.end()
        if text[after : after + 1] == "(":
            return Token(Kind.FIELD_GROUP, at, after + 1, name)
        values, end = _values(text, after, listed=name in LISTED or name not in fields)
        if values or name in fields:
            return Token(Kind.FIELD, at, end, name, tuple(values))
    value = _value(text, at, _BARE)
    kind = Kind.TEXT if value.quoted else _OPERATORS.get(value.text, Kind.TEXT)
    return Token(kind, at, value.end, values=(value,))


def _values(text: str, at: int, *, listed: bool) -> tuple[list[Value], int]:
    """The values that stand at `at`, and where they end."""
    values: list[Value] = []
    while True:
        bare = _LISTED if listed else _BARE
        if text[at : at + 1] != '"' and not bare.match(text, at):
            if listed and text[at : at + 1] == ",":
                at += 1
                continue
            return values, at
        value = _value(text, at, bare)
        values.append(value)
        at = value.end
        if not listed or text[at : at + 1] != ",":
            return values, at
        at += 1


def _value(text: str, at: int, bare: re.Pattern[str]) -> Value:
    quoted = _QUOTED.match(text, at)
    if quoted:
        inside = quoted[1]
        # "…"~ without a number is still being typed.
        slop = min(int(quoted[2] or 0), MOST_SLOP)
        raw = f'"{inside}"' + (f"~{slop}" if slop else "")
        return Value(inside, raw, at, quoted.end(), quoted=True, slop=slop)
    word = bare.match(text, at)
    assert word, "a term begins with a quote or a bare character"
    return Value(word[0], word[0], at, word.end())
