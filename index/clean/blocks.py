"""The blocks of flat text: its lines, made safe, with a date glued to one split off."""

from typing import Final, NamedTuple

from index.clean.dating import GLUED_LEAST, leading_date, trailing_date
from index.text.mojibake import unmangled
from index.text.safe import safe_lines

CONTAINERS: Final = 16


class Place(NamedTuple):
    """Where a block of HTML stood.

    `tag` is its own block element's; `near` and `around` are what the classes, ids and tags of the
    innermost few, and of all, elements around it say (bits of `index.clean.dom`); `links` is the
    share of its characters that are links; `level` that of its heading, else 0; `depth` the number
    of elements around it; `inside` numbers the `CONTAINERS` innermost elements that hold blocks
    around it, innermost first, 0 for none; `path` is the same for blocks that stand alike.
    """

    tag: str
    near: int
    around: int
    links: float
    level: int
    depth: int
    inside: tuple[int, ...]
    path: int
    bold: bool


class Piece(NamedTuple):
    """A block before it is judged. `date` is the ISO date where it is nothing but a glued date."""

    n: int
    text: str
    date: str | None = None
    place: Place | None = None


def flat_pieces(text: str) -> list[Piece]:
    """The lines of `text` that hold anything, numbered from 1 as editors do.

    A text that was read in the wrong encoding is put right first: what stands between two mangled
    quotes would be taken for an escape sequence.
    """
    pieces: list[Piece] = []
    make = tuple.__new__
    for n, raw in enumerate(safe_lines(unmangled(text)), 1):
        line = raw.strip()
        if not line:
            continue
        found = leading_date(line, first=not pieces) if len(line) >= GLUED_LEAST else None
        if found is not None:
            pieces += _split(n, line, found)
        elif not pieces and (behind := trailing_date(line)):
            # Of later lines, it may be another article's.
            iso, begin = behind
            pieces += [Piece(n, line[:begin]), Piece(n, line[begin:], date=iso)]
        else:
            # As Piece(n, line) does, in half the time.
            pieces.append(make(Piece, (n, line, None, None)))
    return pieces


def split_glued(n: int, line: str, *, first: bool) -> list[Piece]:
    """`line` as one piece, or as two where a date stands glued before its first sentence."""
    found = leading_date(line, first=first)
    return [Piece(n, line)] if found is None else _split(n, line, found)


def _split(n: int, line: str, found: tuple[str, int]) -> list[Piece]:
    iso, end = found
    return [Piece(n, line[:end].strip(), date=iso), Piece(n, line[end:].strip())]
