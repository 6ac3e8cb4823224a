"""The blocks of flat text: its lines, made safe, with a date glued to a sentence split off."""

from typing import NamedTuple

from index.clean.dating import leading_date
from index.text.safe import safe_lines


class Place(NamedTuple):
    """Where a block of HTML stood.

    `tag` is its own block element's; `near` and `around` are what the classes, ids and tags of the
    innermost few, and of all, elements around it say (bits of `index.clean.dom`); `links` is the
    share of its characters that are links; `level` that of its heading, else 0; `depth` the number
    of elements around it; `inside` numbers the three innermost elements that hold blocks; `path`
    is the same for blocks that stand alike.
    """

    tag: str
    near: int
    around: int
    links: float
    level: int
    depth: int
    inside: tuple[int, int, int]
    path: int
    bold: bool


class Piece(NamedTuple):
    """A block before it is judged. `date` is the ISO date where it is nothing but a glued date."""

    n: int
    text: str
    date: str | None = None
    place: Place | None = None


def flat_pieces(text: str) -> list[Piece]:
    """The lines of `text` that hold anything, numbered from 1 as editors do."""
    pieces: list[Piece] = []
    for n, raw in enumerate(safe_lines(text), 1):
        line = raw.strip()
        if line:
            pieces += split_glued(n, line, first=not pieces)
    return pieces


def split_glued(n: int, line: str, *, first: bool) -> list[Piece]:
    """`line` as one piece, or as two where a date stands glued before its first sentence."""
    found = leading_date(line, first=first)
    if found is None:
        return [Piece(n, line)]
    iso, end = found
    return [Piece(n, line[:end].strip(), date=iso), Piece(n, line[end:].strip())]
