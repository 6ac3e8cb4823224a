"""Lines that were to be cut and are kept after all: a lost sentence is worse than a kept teaser."""

import re
from itertools import pairwise
from typing import Final

import numpy as np

from index.clean.blocks import Piece, Place
from index.clean.features import NAMES, Lines
from index.clean.lexicon import CATEGORIES
from index.clean.score import Scores
from index.model import Label

_BESIDE: Final = 0.3
"""The chance of body from which a line next to the article is kept. Where a run goes on, less is
asked than where one begins (hysteresis thresholding, Canny 1986)."""
_INSIDE: Final = 0.1
"""The same for a line that touches a body line and has others before and after it."""
_ENDED: Final = 0.15
"""The same for a line that ends as a sentence does."""
_LEAD: Final = 0.15
_TITLED: Final = 0.4
_LEAD_WORDS: Final = 7
"""The chance and size from which a line above the article may be its standfirst; the chance for the
line that is likeliest the title, unless it ends as a sentence does."""
_LEAD_GAP: Final = 10
"""Blocks of names, dates and buttons that may stand between a standfirst and what follows."""
_SIBLING: Final = 0.2
_SIBLING_WORDS: Final = 8
"""The chance and size from which a paragraph beside one like it is kept."""
_PLAUSIBLE: Final = 0.15
"""A block between body blocks that is body with this chance is not cut without a named reason."""
_ENDS_STOP: Final = NAMES.index("ends_stop")
_PLAUSIBLE_IN_PAGE: Final = 0.3
"""The same for pages, whose elements tell more of what stands between."""
_GAP: Final = 5
_NAMELESS: Final = 0.8
"""The chance of a kind from which a block is what it seems to be."""
STOPPED: Final = re.compile(r"(?:\w{3}[.。]|[.…]{2,}|…)[\"”»“’)\]]?$")
_RESUMES: Final = 0.1
_RESUMED_WORDS: Final = 15
_POINTER: Final = 2
"""Lines of a pointer to other articles after which an article may go on."""
_ELLIPSIS: Final = re.compile(r"(?:[.…]{2,}|…)[\"”»“’)\]]?$")

NAMED: Final = {
    "related": Label.MARKER,
    "teaser": Label.RELATED,
    "comment": Label.COMMENT,
    "share": Label.SHARE,
    "newsletter": Label.NAV,
    "nav": Label.NAV,
    "legal": Label.LEGAL,
    "cookie": Label.LEGAL,
    "bio": Label.BIO,
    "byline": Label.BYLINE,
    "date": Label.DATE,
    "credit": Label.CAPTION,
    "source": Label.ATTRIBUTION,
    "end": Label.MARKER,
    "section": Label.SECTION,
    "top": Label.MARKER,
}
"""What a phrase of each category says its block is."""
# Members of an enumeration are slow to look up, and these are asked for of every block.
_BODY, _TITLE, _DATE = Label.BODY, Label.TITLE, Label.DATE
_MARKER, _RELATED, _NAV, _COMMENT = Label.MARKER, Label.RELATED, Label.NAV, Label.COMMENT


def rescued(found: list[Label], scores: Scores, pieces: list[Piece], lines: Lines) -> list[Label]:
    """`found` with more body lines, never fewer."""
    flat = pieces[0].place is None
    if flat:
        # In pages the elements tell what a line is; asking less there keeps captions and boxes.
        found = _led(found, scores, lines)
        found = _beside(found, scores, lines)
    else:
        found = _alike(found, scores, pieces, lines)
    found = _plausible(found, scores, lines, _PLAUSIBLE if flat else _PLAUSIBLE_IN_PAGE)
    return _resumed(found, scores, pieces, lines)


def _led(found: list[Label], scores: Scores, lines: Lines) -> list[Label]:
    """A standfirst looks like a title, or like a teaser, and is kept where it may well be body."""
    if _BODY not in found:
        return found
    ended = lines.table[:, _ENDS_STOP] > 0
    titled = np.array([label is _TITLE for label in found]) & ~ended
    needed = np.where(titled, _TITLED, _LEAD)
    likely = (scores.body >= needed) & (lines.counts >= _LEAD_WORDS)
    done = list(found)
    first = found.index(_BODY)
    for row in np.flatnonzero(likely[:first])[::-1].tolist():
        if first - row > _LEAD_GAP:
            break
        label = found[row]
        if label is not _DATE and not phrase_of(label, lines, row):
            done[row] = _BODY
            first = row
    return done


def _beside(found: list[Label], scores: Scores, lines: Lines) -> list[Label]:
    """A line that touches the article is kept on less, unless a phrase names it; so is the next.

    A title or a date is one for more reasons than its score.
    """
    bodies = [row for row, label in enumerate(found) if label is _BODY]
    if not bodies:
        return found
    needed = np.full(len(found), _BESIDE)
    needed[lines.table[:, _ENDS_STOP] > 0] = _ENDED
    needed[bodies[0] : bodies[-1]] = _INSIDE
    own = (_BODY, _TITLE, _DATE)
    likely = [
        row
        for row in np.flatnonzero(scores.body >= needed).tolist()
        if found[row] not in own and not phrase_of(found[row], lines, row)
    ]
    done = list(found)
    for row in likely:
        if row and done[row - 1] is _BODY:
            done[row] = _BODY
    for row in reversed(likely):
        if row + 1 < len(done) and done[row + 1] is _BODY:
            done[row] = _BODY
    return done


def _alike(found: list[Label], scores: Scores, pieces: list[Piece], lines: Lines) -> list[Label]:
    """A paragraph that touches another of its element and kind is kept on less; so is the next.

    Elements do not tell two such paragraphs apart, so that one cut alone is more often a mistake.
    """
    done = list(found)
    likely = np.flatnonzero((scores.body >= _SIBLING) & (lines.counts >= _SIBLING_WORDS))
    rows = [
        row
        for row in likely.tolist()
        if found[row] is not _BODY and not phrase_of(found[row], lines, row)
    ]
    for step, some in ((-1, rows), (1, rows[::-1])):
        for row in some:
            beside = row + step
            kept = 0 <= beside < len(done) and done[beside] is _BODY
            if kept and _same_element(pieces[row].place, pieces[beside].place):
                done[row] = _BODY
    return done


def _same_element(one: Place | None, other: Place | None) -> bool:
    """Whether two blocks stand in the same element, in elements of the same tags and classes."""
    assert one is not None
    assert other is not None
    return one.path == other.path and one.inside[0] == other.inside[0]


def _plausible(found: list[Label], scores: Scores, lines: Lines, least: float) -> list[Label]:
    """Blocks between body blocks that may well be body, and that no phrase names, are kept.

    That holds for each of a few cut blocks in a row, too: a list in the midst of an article.
    """
    done = list(found)
    bodies = [row for row, label in enumerate(found) if label is _BODY]
    for before, after in pairwise(bodies):
        if after - before - 1 > _GAP:
            continue
        for row in range(before + 1, after):
            likely = scores.body[row] >= least and scores.kind[row].max() < _NAMELESS
            if likely and not phrase_of(found[row], lines, row):
                done[row] = _BODY
    return done


def _resumed(found: list[Label], scores: Scores, pieces: list[Piece], lines: Lines) -> list[Label]:
    """Prose right after a short pointer to other articles goes on with the article.

    Such a pointer stands in the middle of many articles. A lost sentence is worse than a teaser
    kept, so whole sentences need less to be believed there.
    """
    done = list(found)
    likely = (scores.body >= _RESUMES) & (lines.counts >= _RESUMED_WORDS)
    for row in np.flatnonzero(likely).tolist():
        if found[row] in (_BODY, _COMMENT) or phrase_of(found[row], lines, row):
            continue
        room = row - 1
        while room >= 0 and done[room] in (_MARKER, _RELATED, _NAV):
            room -= 1
        pointer = 0 < row - 1 - room <= _POINTER and room >= 0 and done[room] is _BODY
        text = pieces[row].text
        if pointer and STOPPED.search(text) and not _ELLIPSIS.search(text):
            done[row] = _BODY
    return done


def phrase_of(label: Label, lines: Lines, row: int) -> str | None:
    """The category of a phrase in the block that fits its label, the most telling one."""
    if not lines.hits[row]:
        return None
    fitting = [hit for hit in lines.hits[row] if NAMED[CATEGORIES[hit.category]] is label]
    if not fitting:
        return None
    return CATEGORIES[max(fitting, key=lambda hit: (hit.whole, hit.size)).category]
