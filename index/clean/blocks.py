"""The blocks of flat text: its lines, made safe, with a date glued to a sentence split off."""

from dataclasses import dataclass

from index.clean.dating import leading_date
from index.text.safe import safe_line, split_lines


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block of HTML stood.

    `links` is the share of its characters that are links; `level` the level of its heading, else 0;
    `depth` the number of elements around it; `names` the words of the classes and ids around it,
    nearest first; `tags` its own tag and those around it, nearest first.
    """

    tags: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    links: float = 0.0
    level: int = 0
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A block before it is judged. `date` is the ISO date where it is nothing but a glued date."""

    n: int
    text: str
    date: str | None = None
    place: Place | None = None


def flat_pieces(text: str) -> list[Piece]:
    """The lines of `text` that hold anything, numbered from 1 as editors do."""
    pieces: list[Piece] = []
    for n, raw in enumerate(split_lines(text), 1):
        if not raw or raw.isspace():
            continue
        line = safe_line(raw).strip()
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
