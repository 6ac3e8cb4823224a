"""One analyser for index, query and highlighter: what terms a text or a typed word stands for.

Language-aware forms (lemmas, stems, name keys) belong here, so that all three see the same.
"""

import re

import regex

from index.text.fold import fold
from index.text.safe import safe_line
from index.text.words import LONGEST, Word, words

_DENSE = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\u30fc\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
)


def terms(text: str, language: str = "und") -> list[Word]:
    """The terms of `text` in order, one a position, with the characters they stand for."""
    del language  # every language is read alike, so far
    return words(text)


_GROUP = re.compile("(\\d)[ \u00a0\u202f\u2009](?=\\d{3}(?!\\d))")


def chunks(text: str) -> list[str]:
    """`text` in pieces without white space whose terms, one piece after another, are its terms.

    News repeats itself: a piece met before need not be analysed again.
    """
    # The one thing that goes on across a space is a number in groups; a comma groups as well.
    return _GROUP.sub(r"\1,", text).split()


# One word of letters of one script with punctuation around: what nearly all pieces are.
_PLAIN = re.compile('["\'“”„«»‘’(\\[]*([A-Za-z]+|[A-Za-zÀ-ÖØ-öø-ɏ]+|[Ѐ-ҁҊ-ԯ]+)["”“»’.,:;!?…)\\]]*')


def chunk_terms(chunk: str, language: str = "und") -> list[str]:
    """The terms of a piece that `chunks` gave, as `terms` finds them."""
    plain = _PLAIN.fullmatch(chunk)
    if plain:
        return [fold(plain[1])[:LONGEST]]
    return [word.text for word in terms(chunk, language)]


def query_terms(text: str) -> tuple[str, ...]:
    """The terms of what a person typed, in order."""
    # Articles pass `safe` at import: what it takes out of them must not part a typed word either.
    return tuple(word.text for word in words(safe_line(text)))


def is_dense(term: str) -> bool:
    """Whether `term` is of a script written without spaces, where pairs of characters are terms."""
    return _DENSE.match(term) is not None


def is_lone_character(term: str) -> bool:
    """Whether `term` is one character of a dense script: it stands in texts only within pairs."""
    return is_dense(term) and len(regex.findall(r"\P{M}", term)) == 1


def fold_pattern(pattern: str) -> str | None:
    """`pattern` folded piece by piece between its stars, or None where a piece is not one word."""
    pieces = []
    for piece in safe_line(pattern).split("*"):
        found = words(piece)
        if piece and (len(found) != 1 or found[0].text != fold(piece)):
            return None
        pieces.append(found[0].text if found else "")
    return re.sub(r"\*+", "*", "*".join(pieces))
