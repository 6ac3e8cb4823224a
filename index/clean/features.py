"""Figures about each block of a document, in the order the trained weights expect them."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from index.clean import forms
from index.clean.blocks import Piece
from index.clean.dating import DATE_DIGITS, has_date
from index.clean.forms import Floats, Letters
from index.clean.lexicon import CATEGORIES, Hit, lexicon
from index.clean.wording import Words, read_words

Ints: TypeAlias = npt.NDArray[np.int64]

_HIT_WORDS: Final = 40
"""A line of more words is prose to the lexicon: its phrases there say nothing."""
_FAR: Final = 60.0
_FUNCTION_WORDS: Final = 40
_NEAR = ("related", "comment", "share", "newsletter", "nav", "end", "legal")
_NEAR_COLUMN: Final = {CATEGORIES.index(name): column for column, name in enumerate(_NEAR)}


@dataclass(frozen=True, slots=True)
class Figures:
    """Features (lines by columns), and what other rooms of the cleaner ask again.

    `word_lines` are (word, line) for every distinct telling word of every line, as two rows of
    numbers; `every_word` the same for all words, `pair_lines` for pairs of neighbouring words.
    """

    table: Floats
    every_word: tuple[Ints, Ints]
    word_lines: tuple[Ints, Ints]
    pair_lines: tuple[Ints, Ints]
    words: Words
    hits: list[list[Hit]]
    dated: list[bool]
    core: tuple[int, int]
    letters: Letters
    rarity: tuple[Floats, Floats]
    """How rare each of `every_word` is, and the sum of a line's; see `rarity_of`."""
    groups: Ints | None
    """For the blocks of a page: what path each has, then `Place.inside`, as columns."""


def figures(pieces: list[Piece]) -> Figures:
    """The figures of a document's blocks. Takes time proportional to its length."""
    lines = [piece.text for piece in pieces]
    letters = forms.read_letters(lines)
    form = forms.form(letters)
    words = read_words(letters)
    hits = lexicon().find(words, _HIT_WORDS)
    digits = form[:, forms.NAMES.index("digits")] * letters.sizes
    dated = [piece.date is not None for piece in pieces]
    for row in np.flatnonzero((digits > DATE_DIGITS - 0.5) & (words.counts < 25)).tolist():
        dated[row] = dated[row] or has_date(lines[row])
    core = _densest(words.counts)
    function = _function_words(words)
    every, word_lines, pair_lines = _distinct(words, function)
    own = np.concatenate(
        [
            form,
            _sizes(words, function, dated),
            _phrases(hits),
        ],
        axis=1,
    )
    beside = own.take(_NEIGHBOURLY, axis=1)
    table = np.concatenate(
        [
            own,
            _distances(hits, words.counts),
            _density(form, words.counts),
            _rhythm(own, words.counts),
            _position(words.counts, core),
            _cohesion(len(lines), word_lines, pair_lines, core),
            _repeats(words),
            *(shift(beside, step) for step in (1, -1, 2, -2)),
        ],
        axis=1,
    )
    places = [piece.place for piece in pieces if piece.place is not None]
    groups = np.array([(place.path, *place.inside) for place in places], dtype=np.int64)
    known = groups if len(groups) == len(pieces) else None
    rarity = rarity_of(every, len(lines))
    return Figures(
        table, every, word_lines, pair_lines, words, hits, dated, core, letters, rarity, known
    )


def rarity_of(every_word: tuple[Ints, Ints], lines: int) -> tuple[Floats, Floats]:
    """How rare each (word, line) is: the logarithm of lines to those that hold it. And each line's.

    The inverse document frequency (Sparck Jones 1972) of lines as documents.
    """
    key, line = every_word
    rarity = np.log((lines + 1) / np.maximum(np.bincount(key), 1))[key]
    return rarity, np.bincount(line, weights=rarity, minlength=lines) + 1e-6


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


def _densest(counts: Ints) -> tuple[int, int]:
    """The run of lines [start, end) with the most words beyond ten a line."""
    best, best_run = 0, (0, len(counts))
    total = start = 0
    for index, count in enumerate(np.minimum(counts, 80).tolist()):
        total += count - 10
        if total <= 0:
            total, start = 0, index + 1
        elif total > best:
            best, best_run = total, (start, index + 1)
    return best_run


def _function_words(words: Words) -> npt.NDArray[np.bool_]:
    """Which words are the commonest of the long lines: a stop list of the document's own."""
    long = words.counts[words.line] >= 15
    mask = np.zeros(len(words.kinds), dtype=bool)
    if long.any():
        often = np.bincount(words.ids[long], minlength=len(words.kinds))
        top = np.argsort(-often, kind="stable")[:_FUNCTION_WORDS]
        mask[top[often[top] > 1]] = True
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


def _phrases(hits: list[list[Hit]]) -> Floats:
    table = np.zeros((len(hits), 2 * len(CATEGORIES)), dtype=np.float32)
    for row, found in enumerate(hits):
        for hit in found:
            table[row, 2 * hit.category] = 1
            if hit.whole:
                table[row, 2 * hit.category + 1] = 1
    return table


def _distances(hits: list[list[Hit]], counts: Ints) -> Floats:
    """Lines since, and until, a short line with a phrase of each telling category."""
    total = len(hits)
    marked = np.zeros((total, len(_NEAR)), dtype=bool)
    for row, found in enumerate(hits):
        if found and counts[row] <= 12:
            for hit in found:
                column = _NEAR_COLUMN.get(hit.category)
                if column is not None:
                    marked[row, column] = True
    rows = np.arange(total, dtype=np.float64)[:, None]
    last = np.maximum.accumulate(np.where(marked, rows, -_FAR))
    following = np.minimum.accumulate(np.where(marked, rows, total + _FAR)[::-1])[::-1]
    gaps = np.concatenate([rows - last, following - rows], axis=1)
    return np.asarray(np.log1p(np.minimum(gaps, _FAR)), dtype=np.float32)


def _density(form: Floats, counts: Ints) -> Floats:
    """Words, and words of sentences, around each line: means over windows of three widths."""
    total = len(counts)
    mass = np.minimum(counts, 100).astype(np.float64)
    stop = form[:, forms.NAMES.index("ends_stop")]
    padded = np.zeros((total + 1, 2))
    np.cumsum(mass, out=padded[1:, 0])
    np.cumsum(np.where((stop > 0) & (counts >= 10), mass, 0), out=padded[1:, 1])
    rows = np.arange(total)
    columns = []
    for width in (3, 9, 25):
        low = np.maximum(rows - width // 2, 0)
        high = np.minimum(rows + width // 2 + 1, total)
        columns.append((padded[high] - padded[low]) / width)
    return np.asarray(np.log1p(np.concatenate(columns, axis=1)), dtype=np.float32)


def _rhythm(own: Floats, counts: Ints) -> Floats:
    """Means of some features over windows around each line, and how uneven its lengths are.

    Readers' comments and lists of teasers have a beat of their own: a name, a date, a text.
    """
    size = np.log1p(counts).astype(np.float64)[:, None]
    values = np.concatenate([own.take(_BEATING_COLUMNS, axis=1), size, size**2], axis=1)
    running = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    rows = np.arange(len(counts))
    columns = []
    for width in _BEATS:
        low = np.maximum(rows - width // 2, 0)
        high = np.minimum(rows + width // 2 + 1, len(rows))
        means = (running[high] - running[low]) / (high - low)[:, None]
        uneven = np.sqrt(np.maximum(means[:, -1] - means[:, -2] ** 2, 0))
        columns += [means[:, :-2], uneven[:, None]]
    return np.concatenate(columns, axis=1).astype(np.float32)


def _position(counts: Ints, core: tuple[int, int]) -> Floats:
    total = len(counts)
    rows = np.arange(total)
    mass = np.minimum(counts, 100).astype(np.float64)
    start, end = core
    before = np.cumsum(mass) - mass
    return _table(
        [
            rows / max(total, 1),
            np.log1p(np.minimum(rows, 60)),
            np.log1p(np.minimum(total - 1 - rows, 60)),
            np.clip(rows - start, -20, 20) / 10,
            np.clip(end - 1 - rows, -20, 20) / 10,
            (rows >= start) & (rows < end),
            before / max(mass.sum(), 1),
            np.full(total, np.log1p(total)),
            np.full(total, np.log1p(mass.sum())),
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
    pairs = (words.ids[:-1] * len(words.kinds) + words.ids[1:])[same]
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


def _share_in(total: int, held: tuple[Ints, Ints], inside: npt.NDArray[np.bool_]) -> Floats:
    """Of the distinct keys of each line, the share found in another line that is `inside`."""
    key, line = held
    if not len(key):
        return np.zeros(total, dtype=np.float32)
    within = np.bincount(key, weights=inside[line].astype(np.float64))
    elsewhere = within[key] - inside[line] > 0
    share = np.bincount(line, weights=elsewhere.astype(np.float64), minlength=total)
    some = np.maximum(np.bincount(line, minlength=total), 1)
    return np.asarray(share / some, dtype=np.float32)


def _cohesion(
    total: int,
    word_lines: tuple[Ints, Ints],
    pair_lines: tuple[Ints, Ints],
    core: tuple[int, int],
) -> Floats:
    """How much of a line's vocabulary, and of its word pairs, the core of the text shares."""
    rows = np.arange(total)
    inside = (rows >= core[0]) & (rows < core[1])
    start = rows < min(total, 8)
    return _table(
        [
            _share_in(total, word_lines, inside),
            _share_in(total, pair_lines, inside),
            _share_in(total, word_lines, start),
        ]
    )


def _repeats(words: Words) -> Floats:
    """Whether a line stands more than once, and whether it did before."""
    keys = words.keys()
    order = np.argsort(keys, kind="stable")
    alike = keys[order]
    opens = np.append(True, alike[1:] != alike[:-1])
    group = np.cumsum(opens) - 1
    found = np.empty((len(keys), 2), dtype=np.float32)
    found[order, 0] = np.minimum(np.bincount(group)[group] - 1, 4)
    found[order, 1] = ~opens
    return found


def shift(table: Floats, step: int, missing: float = 0.0) -> Floats:
    """The rows `step` before (or, negative, after) each row; `missing` where there is none."""
    moved = np.empty_like(table)
    if step > 0:
        moved[:step] = missing
        moved[step:] = table[:-step]
    else:
        moved[step:] = missing
        moved[:step] = table[-step:]
    return moved
