"""What each block is and, where it is cut, why: scores, states, and the rules of safety."""

from collections.abc import Container, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from index.clean import reasons
from index.clean.attribution import Said, stated_source
from index.clean.blocks import Piece
from index.clean.expected import balanced
from index.clean.features import NAMES, Figures, Lines
from index.clean.forms import LONGEST, Floats, Ints
from index.clean.lexicon import CATEGORIES
from index.clean.memory import line_key
from index.clean.rescue import NAMED, STOPPED, phrase_of, rescued
from index.clean.score import KINDS, Scores, Weights, log_odds, score
from index.clean.states import THRESHOLD, labels, settle
from index.clean.stretches import without_far, without_rules
from index.model import Label


class Verdict(NamedTuple):
    """The label of a block and, unless it is body, the reason."""

    label: Label
    reason: str = ""


class Judgement(NamedTuple):
    """A verdict for every block, and what is doubted of them all, else empty."""

    verdicts: list[Verdict]
    unsure: str = ""
    said: Said | None = None
    """The caseless words of the document, where they were read."""


_TEMPLATE: Final = 10.0
"""What a line known from other pages of its source loses in log-odds of being body."""
_LEAST_WORDS, _LEAST_LEFT = 12, 0.15
"""What must be left of the body, in words and as a share, for what recurs to be called template."""
_CALM: Final = 0.6
"""The power of the chances of the kinds: learned from few texts, they are surer than they ought."""
_TELLING: Final = {
    "end": (3.5, 60.0), "teaser": (2.5, 40.0), "top": (1.0, 12.0), "source": (2.0, 200.0),
    "bio": (0.5, 4.0), "related": (0.5, 4.0), "comment": (0.5, 4.0), "share": (0.5, 4.0),
    "legal": (0.5, 4.0), "cookie": (0.5, 4.0), "newsletter": (0.0, 4.0), "credit": (0.3, 4.0),
}  # fmt: skip
"""What a phrase of each category takes from the log-odds of body, and by how much it makes its
kind likelier; a phrase that is the whole line does both twice."""
_SOURCE: Final = CATEGORIES.index("source")
# The same of each category, by its number.
_TELLS: Final = np.array([category in _TELLING for category in CATEGORIES])
_LOSS, _GAIN = np.array(
    [_TELLING.get(category, (0.0, 1.0)) for category in CATEGORIES], dtype=np.float32
).T
_KIND_OF: Final = np.array([KINDS.index(NAMED[category]) for category in CATEGORIES])
_SENTENCE: Final = 0.05
"""A line with a full stop is no title if it is body with this chance."""
_TITLED, _TITLE_WORDS = 0.2, 3
"""The chance of a title, and its words, from which the line before the likeliest one may be it."""
_DECK, _DECK_WORDS = 0.2, 7
"""The chance of body, and the words, from which the line after that is the standfirst."""
_LEDE_WORDS: Final = 12
_SENTENCE_WORDS: Final = 10
_CAPITALS, _COPIES, _PIPES = (NAMES.index(name) for name in ("capitals", "copies", "pipes"))
_COPIED_WORDS: Final = 12
"""The words of a line from which it is kept only once."""
_REFRAIN: Final = 3
"""The times from which a line of a page that stands so often is kept each time."""
_FEW_WORDS: Final = 25
_CLOSE: Final = 0.25
"""Words cut on a close call, as a share of the words kept, from which we are unsure."""

# Members of an enumeration are slow to look up, and these are asked for of every block.
_BODY, _TITLE, _DATE, _BYLINE, _BIO = (
    Label.BODY, Label.TITLE, Label.DATE, Label.BYLINE, Label.BIO,
)  # fmt: skip
_NAV, _MARKER, _RELATED = Label.NAV, Label.MARKER, Label.RELATED

# What a phrase in a block says of why it was cut, where it fits the label.
_SAID: Final = {
    (_MARKER, "related"): reasons.HEADING,
    (_MARKER, "end"): reasons.END,
    (_MARKER, "top"): reasons.NAV,
    (_RELATED, "teaser"): reasons.TEASER,
    (Label.COMMENT, "comment"): reasons.COMMENT,
    (Label.CAPTION, "credit"): reasons.CREDIT,
    (_NAV, "newsletter"): reasons.NEWSLETTER,
    (Label.LEGAL, "cookie"): reasons.COOKIE,
}
_REPEATED: Final = Verdict(_RELATED, reasons.REPEATED)
_PLAIN: Final = {label: Verdict(label, reasons.USUAL[label]) for label in Label}
"""What is said of a block in which nothing more exact stands."""


def judge(
    trained: Weights,
    pieces: list[Piece],
    figures: Figures,
    table: Floats,
    memories: Sequence[Container[int] | None],
) -> list[Judgement]:
    """The verdicts over the blocks of each of the texts of `figures`, which has a memory each.

    `table` are the figures of all their blocks.
    """
    texts = figures.texts
    scores = score(trained, figures, table)
    paged = pieces[0].place is not None
    if paged:
        scores = balanced(scores, figures.words.counts)
    scores = _with_phrases(scores, pieces, figures)
    bounds = texts.bounds()
    known = np.zeros(len(pieces), dtype=np.float32)
    for (start, end), memory in zip(bounds, memories, strict=True):
        if memory:
            own = _template(pieces[start:end], memory)
            counts = figures.words.counts[start:end]
            if _leaves_enough(scores.body[start:end], counts, own):
                known[start:end] = own
    if known.any():
        odds = log_odds(scores.body) - _TEMPLATE * known
        scores = Scores((1 / (1 + np.exp(-odds))).astype(np.float32), scores.kind)
    scores = settle(trained, scores, texts, flat=not paged)
    found = labels(scores)
    judged = []
    for number, (start, end) in enumerate(bounds):
        some = slice(start, end)
        own_scores = Scores(scores.body[some], scores.kind[some])
        lines = figures.lines(number)
        seen = known[some].tolist()
        judged.append(_ruled(found[some], own_scores, pieces[some], lines, table[some], seen))
    return judged


def _ruled(
    found: list[Label],
    scores: Scores,
    pieces: list[Piece],
    lines: Lines,
    table: Floats,
    known: list[float],
) -> Judgement:
    """What the rules make of the labels of one text."""
    found = _one_title(found, scores, pieces)
    if pieces[0].place is None:
        found = _under_title(found, scores, lines)
    found = _signature(found, lines)
    found = _teasers(found, lines)
    found = without_rules(rescued(found, scores, pieces, lines), lines)
    if pieces[0].place is not None:
        found = without_far(found, scores, lines, table)
    verdicts = [_PLAIN[label] for label in found]
    for row, (hits, seen) in enumerate(zip(lines.hits, known, strict=True)):
        if (hits or seen) and found[row] is not _BODY:
            verdicts[row] = Verdict(found[row], _reason(found[row], lines, row, known=bool(seen)))
    for row in _repeated(found, pieces, lines):
        verdicts[row] = _REPEATED
    return _safe(verdicts, scores, lines)._replace(said=lines.said)


def _template(pieces: list[Piece], memory: Container[int]) -> Floats:
    """1 for the lines known to stand on many pages of the source, else 0."""
    return np.array([line_key(piece.text) in memory for piece in pieces], dtype=np.float32)


def _leaves_enough(body: Floats, counts: Ints, known: Floats) -> bool:
    """Whether the body is not mostly what other pages hold: those would be copies of this one."""
    held = np.where(body >= THRESHOLD, counts, 0)
    left = float(held[known == 0].sum())
    return left >= _LEAST_WORDS and left >= _LEAST_LEFT * float(held.sum())


def _with_phrases(scores: Scores, pieces: list[Piece], figures: Figures) -> Scores:
    """What phrases say outright counts beside the scores, which saw few lines of the rare kinds.

    Only phrases of several words, or that are a whole line, are clear enough to do so.
    """
    kind = scores.kind**_CALM
    odds = log_odds(scores.body)
    line, category, start, size, whole = figures.told.T
    clear = (whole > 0) | (size > 1)
    for place in np.flatnonzero(category == _SOURCE).tolist():
        clear[place] = start[place] == 0 and stated_source(pieces[line[place]].text) is not None
    clear &= _TELLS[category]
    line, category = line[clear], category[clear]
    times = 1 + whole[clear]
    np.multiply.at(kind, (line, _KIND_OF[category]), _GAIN[category] ** times)
    np.subtract.at(odds, line, _LOSS[category] * times)
    kind /= kind.sum(axis=1, keepdims=True)
    return Scores((1 / (1 + np.exp(-odds))).astype(np.float32), kind)


def _one_title(found: list[Label], scores: Scores, pieces: list[Piece]) -> list[Label]:
    """Only the likeliest of the lines labelled title stays so.

    A sentence with a stop is none, nor what a dump has glued behind the date: the text begins so.
    """
    titles = [row for row, label in enumerate(found) if label is _TITLE]
    if not titles:
        return found
    done = list(found)
    for row in titles:
        stopped = scores.body[row] > _SENTENCE and STOPPED.search(pieces[row].text)
        if stopped or _behind_labelled_date(pieces, row):
            done[row] = _BODY
    rows = [row for row in titles if done[row] is _TITLE]
    if len(rows) < 2:
        return done
    column = KINDS.index(_TITLE)
    best = max(rows, key=lambda row: scores.kind[row, column])
    for row in rows:
        if row != best:
            done[row] = _next_best(scores.kind[row], column)
    return done


def _under_title(found: list[Label], scores: Scores, lines: Lines) -> list[Label]:
    """Where two lines in a row may be the title, the first is, the second its standfirst.

    Not where the second says what the first does: that would be the way to it ("Home > News > …").
    """
    row = found.index(_TITLE) if _TITLE in found else 0
    before = row - 1
    if not row or found[before] is _BODY or lines.counts[row] < _DECK_WORDS:
        return found
    likely = scores.kind[before, KINDS.index(_TITLE)] >= _TITLED
    if not likely or scores.body[row] < _DECK or lines.table[before, _PIPES] > 0:
        return found
    one, other = set(lines.of(before)), set(lines.of(row))
    if len(one) < _TITLE_WORDS or 2 * len(one & other) > min(len(one), len(other)):
        return found
    done = list(found)
    done[before], done[row] = _TITLE, _BODY
    return done


def _behind_labelled_date(pieces: list[Piece], row: int) -> bool:
    """Whether these are twelve words or more that stood behind " date 2026-02-19 " on a line."""
    before = pieces[row - 1] if row else None
    if before is None or before.date is None or before.n != pieces[row].n:
        return False
    return before.text[0].isalpha() and len(pieces[row].text.split()) >= _LEDE_WORDS


def _next_best(kinds: Floats, column: int) -> Label:
    others = kinds.copy()
    others[column] = -1
    return KINDS[int(others.argmax())]


def _signature(found: list[Label], lines: Lines) -> list[Label]:
    """A name right before what tells about the author is the author's."""
    if _BIO not in found:
        return found
    capitals = lines.table[:, _CAPITALS]
    done = list(found)
    for row, (label, following) in enumerate(pairwise(found)):
        if following is not _BIO:
            continue
        named = lines.counts[row] <= 4 and capitals[row] > 0.9
        told = label is _BIO and phrase_of(label, lines, row) is not None
        if named and not told:
            done[row] = _BYLINE
    return done


def _teasers(found: list[Label], lines: Lines) -> list[Label]:
    """A whole sentence among other articles is one of them, not a menu, unless a phrase says so."""
    done = list(found)
    for row in np.flatnonzero(lines.counts[1:] >= _SENTENCE_WORDS).tolist():
        follows = found[row + 1] is _NAV and done[row] in (_MARKER, _RELATED)
        if follows and not phrase_of(_NAV, lines, row + 1):
            done[row + 1] = _RELATED
    return done


def _repeated(found: list[Label], pieces: list[Piece], lines: Lines) -> list[int]:
    """The body lines that say, word for word, what an earlier one said; not the lines of a refrain.

    Pull quotes, and notices beside each embedded picture, stand more than once. In pages what
    stands three times may be long, too: the question of a poll, the meals of a plan.
    """
    copied = (lines.counts >= _COPIED_WORDS) & (lines.table[:, _COPIES] > 0)
    said: dict[tuple[str, ...], list[int]] = {}
    for row in np.flatnonzero(copied).tolist():
        if found[row] is _BODY and len(pieces[row].text) <= LONGEST:
            said.setdefault(tuple(lines.of(row)), []).append(row)
    most = len(found) if pieces[0].place is None else _REFRAIN - 1
    return sorted(row for rows in said.values() if len(rows) <= most for row in rows[1:])


def _reason(label: Label, lines: Lines, row: int, *, known: bool) -> str:
    phrase = phrase_of(label, lines, row)
    if phrase is None and known:
        return reasons.TEMPLATE
    return _SAID.get((label, phrase or ""), reasons.USUAL[label])


def _safe(verdicts: list[Verdict], scores: Scores, lines: Lines) -> Judgement:
    """Everything is kept where too little, or not a letter, would be left; close calls are told.

    A single word is no prose.
    """
    counts = lines.counts
    body = np.array([label is _BODY for label, _ in verdicts], dtype=bool)
    left = int(counts[body].sum())
    letters = (char.isalpha() for row in np.flatnonzero(body).tolist() for char in lines.lines[row])
    if counts.sum() < 2 or not any(letters):
        return Judgement(keep_all(verdicts), reasons.NO_PROSE)
    if left < _FEW_WORDS and counts.sum() > 2 * _FEW_WORDS and left < 10:
        return Judgement(keep_all(verdicts), reasons.LITTLE_LEFT)
    doubtful = ~body & (scores.body > 0.3) & (counts >= 8)
    close = int(counts[doubtful].sum()) > _CLOSE * left
    return Judgement(verdicts, reasons.CLOSE_CALLS if close else "")


def keep_all(verdicts: list[Verdict]) -> list[Verdict]:
    """Title and date as they are, all else as body; all as body where there is nothing else."""
    own = (_TITLE, _DATE)
    if all(verdict.label in own for verdict in verdicts):
        return [Verdict(_BODY)] * len(verdicts)
    return [verdict if verdict.label in own else Verdict(_BODY) for verdict in verdicts]
