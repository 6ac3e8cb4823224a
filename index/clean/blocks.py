"""The blocks of flat text: its lines, made safe, with a date glued to one split off."""

from typing import Final, NamedTuple

from index.clean.dating import leading_date, may_lead, trailing_date
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
    # As Piece(n, line) does, in half the time.
    make = tuple.__new__
    lines: list[Piece] = [
        make(Piece, (n, line, None, None))
        for n, line in enumerate(map(str.strip, safe_lines(unmangled(text))), 1)
        if line
    ]
    pieces: list[Piece] = []
    done = 0
    for place in [place for place, piece in enumerate(lines) if may_lead(piece.text)]:
        pieces += lines[done:place]
        pieces += split_glued(lines[place].n, lines[place].text, first=place == 0)
        done = place + 1
    pieces += lines[done:]
    # Of later lines, a date behind the last word may be another article's.
    if pieces and pieces[0].date is None and (behind := trailing_date(pieces[0].text)):
        iso, begin = behind
        n, line, _, _ = pieces[0]
        pieces[:1] = [Piece(n, line[:begin]), Piece(n, line[begin:], date=iso)]
    return pieces


def split_glued(n: int, line: str, *, first: bool) -> list[Piece]:
    """`line` as one piece, or as two where a date stands glued before its first sentence."""
    found = leading_date(line, first=first)
    if found is None:
        return [Piece(n, line)]
    iso, end = found
    return [Piece(n, line[:end].strip(), date=iso), Piece(n, line[end:].strip())]
