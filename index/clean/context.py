"""Figures about each block given a first guess, for all blocks, of which are body."""

from typing import Final

import numpy as np

from index.clean import features
from index.clean.features import Figures
from index.clean.forms import Floats, Ints
from index.clean.listings import means, rare_share
from index.clean.texts import Texts, exact, running, texts_of

_STEPS: Final = (1, -1, 2, -2, 3, -3, 4, -4)
_NOTHING: Final = -6.0
_WINDOWS: Final = (3, 8, 20)
_HALVES: Final = np.array(_WINDOWS)[:, None]
_IN_WORDS: Final = [0, 2, 3]
_BESIDE: Final = np.array(_STEPS)[:, None]
_LEVELS: Final = (0.5, 0.9)
_RELATIVE: Final = (
    "words", "word_length", "function", "commas", "quotes", "digits", "capitals", "ends_stop",
    "sentences", "letters", "upper", "length",
)  # fmt: skip
_RELATIVE_COLUMNS: Final = [features.NAMES.index(name) for name in _RELATIVE]
NAMES: Final = (
    "guess",
    *(f"guess_{step:+d}" for step in _STEPS),
    *(f"{kind}_{half}" for half in _WINDOWS for kind in ("held", "mean", "ahead", "behind")),
    *("before", "after", "log_before", "log_after", "log_total", "share_total"),
    *(f"{kind}_{level}" for level in _LEVELS for kind in ("since", "until")),
    *("shared_words", "weight_words", "shared_pairs", "weight_pairs"),
    *("in_run", "after_run", "before_run", "junk_since_run", "junk_until_run"),
    *("cuts_since_run", "cuts_until_run", "run_held", "run_share", "run_length", "rank", "place"),
    *(f"unlike_{name}" for name in _RELATIVE),
)


_LIKELY: Final = 0.5
_BROKEN: Final = 2
"""Lines after the last likely one from which a run is over."""
_SHARED_HALVES: Final = (3, 8)
_LAST_RANK: Final = 5
FLAT_NAMES: Final = (
    *NAMES,
    "run_words",
    *(f"{kind}_{half}" for half in _SHARED_HALVES for kind in ("run_words", "run_words_held")),
    *("own_held", "own_share", "own_words", "own_rank", "own_since"),
)
_GROUPS: Final = ("path", "parent", "grand", "great")
_MAIN_SHARES: Final = (0.5, 0.8, 0.95)
_MAIN: Final = 1
"""Which of these shares the container must hold that is looked into."""
PAGE_NAMES: Final = (
    *NAMES,
    *(f"{kind}_{name}" for name in _GROUPS for kind in ("others", "share", "alike")),
    *(f"in_main_{share}" for share in _MAIN_SHARES),
    *("main_purity", "branch_others", "branch_share"),
)


def context(figures: Figures, guess: Floats) -> Floats:
    """`FLAT_NAMES`, or for a page `PAGE_NAMES`, of each block.

    `guess` are the log-odds that each is body.
    """
    guess = exact(guess.astype(np.float64))
    chance = 1 / (1 + np.exp(-guess))
    mass = np.minimum(figures.words.counts, 100).astype(np.float64)
    held = exact(chance * mass)
    texts = figures.texts
    columns = [guess, *_beside(guess, texts), *_windows(guess, held, texts)]
    columns += _share(held, mass, texts)
    for level in _LEVELS:
        columns += texts.distances(chance > level)
    columns += _cohesion(figures, np.where(chance > 0.3, chance, 0.0))
    # The run of blocks that is surest to be the article.
    run = texts.best_runs((chance - 0.5) * np.minimum(mass, 60) - 1.0)
    columns += _from_run(chance, held, mass, run, texts)
    columns += _unlike(figures, held, run)
    if figures.groups is None:
        columns += _runs(figures, chance, held, mass)
    else:
        columns += _grouped(figures.groups, chance, held, mass)
        columns += _contained(figures.groups[:, 1:], held, mass)
    return np.array(columns, dtype=np.float32).T


def _beside(guess: Floats, texts: Texts) -> Floats:
    """The guess each of `_STEPS` before and after, as rows; a sure no beyond the ends."""
    rows = texts.rows - _BESIDE
    inside = (rows >= texts.first) & (rows < texts.past)
    return np.where(inside, guess.take(rows, mode="clip"), _NOTHING)


def _windows(guess: Floats, held: Floats, texts: Texts) -> Floats:
    """For each half width: words guessed to be body, mean guess, words ahead, words behind."""
    total, summed = running(np.array([held, guess]))
    low, high = texts.windows(_HALVES)
    up, down = total[high], total[low]
    columns = np.stack(
        [up - down, (summed[high] - summed[low]) / (high - low), up - total[1:], total[:-1] - down],
        axis=1,
    )
    words = columns[:, _IN_WORDS]
    columns[:, _IN_WORDS] = np.log1p(words)
    return columns.reshape(-1, len(guess))


def _share(held: Floats, mass: Floats, texts: Texts) -> list[Floats]:
    sums, masses = running(np.array([held, mass]))
    own = texts.totals(sums)
    before = sums[:-1] - sums[texts.first]
    after = own - before - held
    total = own + 1e-6
    return [
        before / total,
        after / total,
        np.log1p(before),
        np.log1p(after),
        np.log1p(total),
        total / (texts.totals(masses) + 1e-6),
    ]


def _cohesion(figures: Figures, weight: Floats) -> list[Floats]:
    """How much of a block's words, and pairs of words, other blocks guessed to be body hold."""
    size = len(weight)
    columns = []
    for key, line in (figures.word_lines, figures.pair_lines):
        if not len(key):
            columns += [np.zeros(size), np.zeros(size)]
            continue
        held = np.bincount(key, weights=weight[line])
        rest = np.maximum(held[key] - weight[line], 0)
        some = np.maximum(np.bincount(line, minlength=size), 1)
        columns += [
            np.bincount(line, weights=np.minimum(rest, 1), minlength=size) / some,
            np.bincount(line, weights=np.log1p(rest), minlength=size) / some,
        ]
    return columns


def _from_run(chance: Floats, held: Floats, mass: Floats, run: Ints, texts: Texts) -> list[Floats]:
    """How far each block is from the main run: in blocks, in words of junk, in sure cuts."""
    start, end = run.T[:, texts.of]
    rows = texts.rows
    after, before = rows >= end, rows < start
    columns = [
        ~after & ~before,
        np.log1p(np.maximum(rows - end + 1, 0)),
        np.log1p(np.maximum(start - rows, 0)),
    ]
    words, *others = running(np.array([held, mass - held, chance < 0.2]))
    for sums in others:
        columns.append(np.log1p(np.where(after, sums[:-1] - sums[end], 0)))
        columns.append(np.log1p(np.where(before, sums[start] - sums[1:], 0)))
    own = words[end] - words[start]
    columns += [np.log1p(own), own / (texts.totals(words) + 1e-6), np.log1p(end - start)]
    columns += [texts.ranks(mass) / (texts.past - texts.first)]
    columns += [np.where(after, 2, np.where(before, -1, (rows - start) / (end - start)))]
    return columns


def _runs(figures: Figures, chance: Floats, held: Floats, mass: Floats) -> list[Floats]:
    """Of which run of likely lines each line of a flat text is a part, and what it shares with all.

    A run goes on over a few lines that are guessed to be none of the body. The largest holds the
    article; a list of teasers long enough to be a run shares no words with it.
    """
    texts = figures.texts
    rows = texts.rows
    likely = chance > _LIKELY
    last = np.maximum.accumulate(np.where(likely, rows, -_BROKEN - 1))
    begins = likely.copy()
    begins[1:] &= (rows[1:] - last[:-1] > _BROKEN) | (last[:-1] < texts.first[1:])
    # What lies between runs is of the run before it. Each text has one more, which holds nothing:
    # what comes before its first run, and all that is unlikely.
    none = np.cumsum(begins)[texts.starts] - begins[texts.starts] + np.arange(len(texts.starts))
    run = np.cumsum(begins) + texts.of
    number = np.where(likely, run, none[texts.of])
    words = np.bincount(number, weights=held, minlength=run[-1] + 1)
    each = np.bincount(number, weights=mass, minlength=run[-1] + 1)
    words[none] = 0
    runs = texts_of(np.diff(none, append=len(words)))
    rank = runs.ranks(-words)
    shared = rare_share(figures, (rank == 0)[number] & likely)
    own = np.bincount(number, weights=shared * mass, minlength=len(words)) / (each + 1e-6)
    own[none] = 0
    around = means(np.array([shared, shared * chance]), mass + 0.1, _SHARED_HALVES, texts)
    total = runs.totals(running(words)) + 1e-6
    return [
        shared,
        *(column for table in around for column in table),
        np.log1p(words)[run],
        (words / total)[run],
        own[run],
        np.minimum(rank, _LAST_RANK)[run],
        rows - np.maximum.accumulate(np.where(begins, rows, texts.first)),
    ]


def _unlike(figures: Figures, held: Floats, run: Ints) -> list[Floats]:
    """How each block's form differs from that of the main run, in deviations of that run."""
    texts = figures.texts
    table = figures.table[:, _RELATIVE_COLUMNS].astype(np.float64)
    weight = np.where(texts.inside(run), held, 0.0)
    total = np.add.reduceat(weight, texts.starts)
    weight = np.where((total > 1e-6)[texts.of], weight, held + 1e-6)
    weight /= np.add.reduceat(weight, texts.starts)[texts.of]
    mean = np.add.reduceat(weight[:, None] * table, texts.starts)
    apart = table - mean[texts.of]
    spread = np.sqrt(np.add.reduceat(weight[:, None] * apart**2, texts.starts))
    spread += 0.05 * np.abs(mean) + 0.02
    return list(np.clip(apart / spread[texts.of], -4, 4).T)


def _grouped(groups: Ints, chance: Floats, held: Floats, mass: Floats) -> list[Floats]:
    """What is guessed of the other blocks of the same path, parent, and so on: by words, and each.

    Also the share of all words guessed to be body that the group holds.
    """
    total = held.sum() + 1e-6
    columns = []
    for level in range(len(_GROUPS)):
        group = groups[:, level]
        both, each = np.bincount(group, weights=held), np.bincount(group, weights=mass)
        chances, size = np.bincount(group, weights=chance), np.bincount(group)
        columns += [
            (both[group] - held) / (each[group] - mass + 1),
            both[group] / total,
            (chances[group] - chance) / np.maximum(size[group] - 1, 1),
        ]
    return columns


def _contained(inside: Ints, held: Floats, mass: Floats) -> list[Floats]:
    """Whether the smallest elements that hold most of the body hold each block; and its branch.

    A branch is a child of the main element: a box of other things beside the text is one.
    """
    size, depth = inside.shape
    body = np.bincount(inside.ravel(), weights=np.repeat(held, depth))
    every = np.bincount(inside.ravel(), weights=np.repeat(mass, depth))
    # Not an element: what has fewer of them around it than are asked for.
    body[0] = -1
    total = held.sum() + 1e-6
    columns: list[Floats] = []
    main = -1
    for share in _MAIN_SHARES:
        # Elements are numbered from the outside inwards: of equals the innermost.
        enough = np.flatnonzero(body >= share * total)[::-1]
        found = int(enough[np.argmin(every[enough])]) if len(enough) else -1
        columns.append((inside == found).any(axis=1))
        main = found if share == _MAIN_SHARES[_MAIN] else main
    own = inside == main
    within = own.any(axis=1)
    below = np.argmax(own, axis=1) - 1
    branch = np.where(below >= 0, inside[np.arange(size), below], main)
    others = np.where(
        below >= 0, (body[branch] - held) / (np.maximum(every[branch] - mass, 0) + 1), 1.0
    )
    purity = body[main] / (every[main] + 1e-6) if main >= 0 else 0.0
    return [
        *columns,
        np.full(size, purity),
        np.where(within, others, 0.0),
        np.where(within & (below >= 0), body[branch] / total, within),
    ]
