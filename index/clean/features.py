"""Figures about each block of a document, in the order the trained weights expect them."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.clean import forms
from index.clean.blocks import Piece
from index.clean.dating import DATE_DIGITS, has_date
from index.clean.forms import Floats, Ints, Letters
from index.clean.lexicon import CATEGORIES, Hits, by_lines, lexicon
from index.clean.texts import Texts, running, texts_of
from index.clean.wording import Words, read_words

_HIT_WORDS: Final = 40
"""A line of more words is prose to the lexicon: its phrases there say nothing."""
_ROUND: Final = 2.0**14
"""The parts to which a logarithm is told of whose squares sums must be exact."""
_FUNCTION_WORDS: Final = 40
_PRIME: Final = 0x9E3779B97F4A7C15 - (1 << 64)
"""By which the keys of lines of different texts are kept apart (Knuth's multiplicative hashing)."""
_NEAR = ("related", "comment", "share", "newsletter", "nav", "end", "legal")
_NEAR_COLUMN: Final = np.array(
    [_NEAR.index(name) if name in _NEAR else len(_NEAR) for name in CATEGORIES]
)
"""Which of those each category is; one more for all others."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one text, as rules ask of them: a figure, words, or phrase of each."""

    table: Floats
    counts: Ints
    hits: list[Hits]
    lines: list[str]
    words: Words
    text: int
    first: int
    """Which of all texts in `words` it is, and which of all lines its first."""

    def of(self, row: int) -> list[str]:
        """The words of one line."""
        return self.words.of(self.first + row)

    def said(self, asked: Set[str]) -> set[str]:
        """Those of the caseless words `asked` for that the text holds."""
        return self.words.said(self.text, asked)


@dataclass(frozen=True, slots=True)
class Figures:
    """Features (lines by columns), and what other rooms of the cleaner ask again.

    The lines are those of `texts`, one after another. `word_lines` are (word, line) for every
    distinct telling word of every line, as two rows of numbers; `every_word` the same for all
    words, `pair_lines` for pairs of neighbouring words; a word of two texts has two numbers.
    """

    texts: Texts
    table: Floats
    every_word: tuple[Ints, Ints]
    word_lines: tuple[Ints, Ints]
    pair_lines: tuple[Ints, Ints]
    words: Words
    hits: list[Hits]
    told: Ints
    """Of each phrase that was found, in their order, its line and what a `Hit` says, as columns."""
    dated: list[bool]
    core: Ints
    """The densest run of lines of each text: its first line, and the one past its last."""
    letters: Letters
    rarity: tuple[Floats, Floats]
    """How rare each of `every_word` is, and the sum of a line's; see `rarity_of`."""
    groups: Ints | None
    """For the blocks of a page: what path each has, then `Place.inside`, as columns."""

    def lines(self, text: int = 0) -> Lines:
        """The lines of one text."""
        start, size = int(self.texts.starts[text]), int(self.texts.sizes[text])
        some = slice(start, start + size)
        words = self.words
        return Lines(
            self.table[some],
            words.counts[some],
            self.hits[some],
            self.letters.lines[some],
            words,
            text,
            start,
        )


def figures(pieces: list[Piece], sizes: Sequence[int] | None = None) -> Figures:
    """The figures of the blocks of a document, or of several, of so many blocks (each some).

    Takes time proportional to their length.
    """
    lines = [piece.text for piece in pieces]
    texts = texts_of([len(lines)] if sizes is None else sizes)
    letters = forms.read_letters(lines)
    form = forms.form(letters)
    words = read_words(letters, texts)
    found = lexicon().find(words, _HIT_WORDS)
    told = np.array([(row, *hit) for row, hit in found], dtype=np.int64).reshape(-1, 5)
    digits = form[:, forms.NAMES.index("digits")] * letters.sizes
    dated = [piece.date is not None for piece in pieces]
    for row in np.flatnonzero((digits > DATE_DIGITS - 0.5) & (words.counts < 25)).tolist():
        dated[row] = dated[row] or has_date(lines[row])
    # The run of lines with the most words beyond ten a line.
    core = texts.best_runs(np.minimum(words.counts, 80) - 10)
    function = _function_words(words)
    every, word_lines, pair_lines = _distinct(words, function)
    own = np.concatenate(
        [
            form,
            _sizes(words, function, dated),
            _phrases(told, len(lines)),
        ],
        axis=1,
    )
    beside = own.take(_NEIGHBOURLY, axis=1)
    table = np.concatenate(
        [
            own,
            _distances(told, words.counts, texts),
            _density(form, words.counts, texts),
            _rhythm(own, words.counts, texts),
            _position(words.counts, core, texts),
            _cohesion(word_lines, pair_lines, core, texts),
            _repeats(words, texts),
            *(_shifted(beside, step, texts) for step in (1, -1, 2, -2)),
        ],
        axis=1,
    )
    places = [piece.place for piece in pieces if piece.place is not None]
    groups = np.array([(place.path, *place.inside) for place in places], dtype=np.int64)
    known = groups if len(groups) == len(pieces) else None
    return Figures(
        texts,
        table,
        every,
        word_lines,
        pair_lines,
        words,
        by_lines(found, len(lines)),
        told,
        dated,
        core,
        letters,
        rarity_of(every, texts),
        known,
    )


def rarity_of(every_word: tuple[Ints, Ints], texts: Texts) -> tuple[Floats, Floats]:
    """How rare each (word, line) is: the logarithm of lines to those that hold it. And each line's.

    The inverse document frequency (Sparck Jones 1972) of the lines of a text as documents.
    """
    key, line = every_word
    lines = (texts.sizes + 1)[texts.of[line]]
    rarity = np.log(lines / np.bincount(key)[key])
    return rarity, np.bincount(line, weights=rarity, minlength=len(texts.rows)) + 1e-6


_SIZE_NAMES = ("words", "word_length", "function", "dated")
_PHRASE_NAMES = tuple(f"{kind}_{name}" for name in CATEGORIES for kind in ("has", "is"))
_OWN_NAMES = (*forms.NAMES, *_SIZE_NAMES, *_PHRASE_NAMES)
_NEIGHBOURLY = np.array([
    _OWN_NAMES.index(name)
    for name in (
        "words", "upper", "ends_stop", "ends_dots", "commas", "sentences", "function", "dated",
        "capitals", "letters", "address", "is_related", "has_comment", "has_share", "is_nav",
        "has_legal", "has_credit",
    )
])  # fmt: skip
_BEATS: Final = (7, 21)
_BEATING: Final = (
    "dated", "ends_dots", "ends_stop", "capitals", "function", "question", "exclaims", "quotes",
    "starts_digit", "has_related", "has_comment", "has_nav",
)  # fmt: skip
_BEATING_COLUMNS = np.array([_OWN_NAMES.index(name) for name in _BEATING])
NAMES: Final = (
    *_OWN_NAMES,
    *(f"since_{name}" for name in _NEAR),
    *(f"until_{name}" for name in _NEAR),
    *(f"{kind}_{width}" for width in (3, 9, 25) for kind in ("mass", "prose")),
    *(f"around_{name}_{width}" for width in _BEATS for name in (*_BEATING, "uneven")),
    *("share", "index", "left", "from_core", "to_core", "in_core", "mass_before", "lines", "mass"),
    *("core_words", "core_pairs", "first_words"),
    *("copies", "copy_before"),
    *(f"{_OWN_NAMES[column]}_{step:+d}" for step in (-1, 1, -2, 2) for column in _NEIGHBOURLY),
)


def _function_words(words: Words) -> npt.NDArray[np.bool_]:
    """Which words are the commonest of a text's long lines: a stop list of its own."""
    long = words.counts[words.line] >= 15
    mask = np.zeros(len(words.text), dtype=bool)
    often = np.bincount(words.ids[long], minlength=len(mask))
    several = np.flatnonzero(often > 1)
    if len(several):
        text = words.text[several]
        order = np.lexsort((words.first[several], -often[several], text))
        firsts = np.searchsorted(text, text)
        mask[several[order][np.arange(len(order)) - firsts < _FUNCTION_WORDS]] = True
    return mask


def _table(columns: list[Any]) -> Floats:
    """Figures of each line, a column each."""
    return np.array(columns, dtype=np.float32).T


def _per_line(words: Words, values: Floats) -> Floats:
    sums = np.bincount(words.line, weights=values, minlength=len(words.counts))
    return np.asarray(sums, dtype=np.float32)


def _sizes(words: Words, function: npt.NDArray[np.bool_], dated: list[bool]) -> Floats:
    some = np.maximum(words.counts, 1)
    characters = _per_line(words, words.lengths[words.ids])
    return _table(
        [
            np.log1p(words.counts),
            characters / some,
            _per_line(words, function[words.ids].astype(np.float32)) / some,
            dated,
        ]
    )


def _phrases(told: Ints, size: int) -> Floats:
    line, category, _, _, whole = told.T
    table = np.zeros((size, 2 * len(CATEGORIES)), dtype=np.float32)
    table[line, 2 * category] = 1
    alone = whole > 0
    table[line[alone], 2 * category[alone] + 1] = 1
    return table


def _distances(told: Ints, counts: Ints, texts: Texts) -> Floats:
    """Lines since, and until, a short line with a phrase of each telling category."""
    marked = np.zeros((len(_NEAR) + 1, len(counts)), dtype=bool)
    marked[_NEAR_COLUMN[told[:, 1]], told[:, 0]] = True
    return np.concatenate(texts.distances(marked[:-1] & (counts <= 12))).T.astype(np.float32)


def _density(form: Floats, counts: Ints, texts: Texts) -> Floats:
    """Words, and words of sentences, around each line: means over windows of three widths."""
    mass = np.minimum(counts, 100).astype(np.float64)
    stop = form[:, forms.NAMES.index("ends_stop")]
    sums = running(np.array([mass, np.where((stop > 0) & (counts >= 10), mass, 0)]))
    columns = []
    for width in (3, 9, 25):
        low, high = texts.windows(width // 2)
        columns.append((sums[:, high] - sums[:, low]) / width)
    return np.log1p(np.concatenate(columns)).T.astype(np.float32)


def _rhythm(own: Floats, counts: Ints, texts: Texts) -> Floats:
    """Means of some features over windows around each line, and how uneven its lengths are.

    Readers' comments and lists of teasers have a beat of their own: a name, a date, a text.
    """
    size = (np.rint(np.log1p(counts) * _ROUND) / _ROUND)[:, None]
    values = np.concatenate([own.take(_BEATING_COLUMNS, axis=1), size, size**2], axis=1)
    sums = np.zeros((len(values) + 1, values.shape[1]))
    np.cumsum(values, axis=0, out=sums[1:])
    columns = []
    for width in _BEATS:
        low, high = texts.windows(width // 2)
        means = (sums[high] - sums[low]) / (high - low)[:, None]
        uneven = np.sqrt(np.maximum(means[:, -1] - means[:, -2] ** 2, 0))
        columns += [means[:, :-2], uneven[:, None]]
    return np.concatenate(columns, axis=1).astype(np.float32)


def _position(counts: Ints, core: Ints, texts: Texts) -> Floats:
    sums = running(np.minimum(counts, 100).astype(np.float64))
    start, end = core.T[:, texts.of]
    rows, size = texts.rows, texts.past - texts.first
    before, mass = sums[:-1] - sums[texts.first], texts.totals(sums)
    return _table(
        [
            (rows - texts.first) / size,
            np.log1p(np.minimum(rows - texts.first, 60)),
            np.log1p(np.minimum(texts.past - 1 - rows, 60)),
            np.clip(rows - start, -20, 20) / 10,
            np.clip(end - 1 - rows, -20, 20) / 10,
            texts.inside(core),
            before / np.maximum(mass, 1),
            np.log1p(size),
            np.log1p(mass),
        ]
    )


def _distinct(
    words: Words, function: npt.NDArray[np.bool_]
) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints], tuple[Ints, Ints]]:
    """The distinct (word, line), those without function words, and the distinct (pair, line)."""
    total = len(words.counts)
    kinds, lines = _unique(words.ids, words.line, total)
    content = ~function[kinds]
    same = words.line[1:] == words.line[:-1]
    pairs = (words.ids[:-1] * len(words.text) + words.ids[1:])[same]
    # Of two lines none are pairs, so that none is of two texts.
    pairs, of_lines = _unique(pairs, words.line[1:][same], total)
    return (
        (kinds, lines),
        (_without_gaps(kinds[content]), lines[content]),
        (_without_gaps(pairs), of_lines),
    )


def _unique(keys: Ints, lines: Ints, total: int) -> tuple[Ints, Ints]:
    """The distinct (key, line), ordered by key."""
    both = keys * total + lines
    both.sort()
    kept = np.ones(len(both), dtype=bool)
    np.not_equal(both[1:], both[:-1], out=kept[1:])
    ordered, of_lines = np.divmod(both[kept], total)
    return ordered, of_lines


def _without_gaps(ordered: Ints) -> Ints:
    """Ordered keys numbered anew."""
    places = np.zeros(len(ordered), dtype=np.int64)
    np.cumsum(ordered[1:] != ordered[:-1], out=places[1:])
    return places


def _share_in(held: tuple[Ints, Ints], inside: npt.NDArray[np.bool_]) -> Floats:
    """Of the distinct keys of each line, the share found in another line that is `inside`."""
    key, line = held
    total = len(inside)
    if not len(key):
        return np.zeros(total, dtype=np.float32)
    within = np.bincount(key, weights=inside[line].astype(np.float64))
    elsewhere = within[key] - inside[line] > 0
    share = np.bincount(line, weights=elsewhere.astype(np.float64), minlength=total)
    some = np.maximum(np.bincount(line, minlength=total), 1)
    return np.asarray(share / some, dtype=np.float32)


def _cohesion(
    word_lines: tuple[Ints, Ints], pair_lines: tuple[Ints, Ints], core: Ints, texts: Texts
) -> Floats:
    """How much of a line's vocabulary, and of its word pairs, the core of the text shares."""
    inside = texts.inside(core)
    start = texts.rows - texts.first < 8
    return _table(
        [
            _share_in(word_lines, inside),
            _share_in(pair_lines, inside),
            _share_in(word_lines, start),
        ]
    )


def _repeats(words: Words, texts: Texts) -> Floats:
    """Whether a line stands more than once, and whether it did before."""
    order, opens = alike(words.keys(), texts)
    group = np.cumsum(opens) - 1
    found = np.empty((len(order), 2), dtype=np.float32)
    found[order, 0] = np.minimum(np.bincount(group)[group] - 1, 4)
    found[order, 1] = ~opens
    return found


def alike(keys: Ints, texts: Texts) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Lines in an order in which those of a text with the same key follow each other.

    And which of them, in that order, is the first with its key.
    """
    # Beyond 2**63 it wraps around.
    mixed = keys + texts.of * _PRIME
    order = np.argsort(mixed, kind="stable")
    ordered = mixed[order]
    opens = np.ones(len(order), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=opens[1:])
    return order, opens


def _shifted(table: Floats, step: int, texts: Texts) -> Floats:
    """The rows `step` before (or, negative, after) each row of a text; noughts beyond its ends."""
    moved = np.zeros_like(table)
    if step > 0:
        moved[step:] = table[:-step]
        moved[texts.rows - step < texts.first] = 0
    else:
        moved[:step] = table[-step:]
        moved[texts.rows - step >= texts.past] = 0
    return moved
