"""Figures about each block given a first guess, for all blocks, of which are body."""

from typing import Final

import numpy as np

from index.clean import features
from index.clean.features import Figures, Ints
from index.clean.forms import Floats
from index.clean.listings import means, rare_share

_STEPS: Final = (1, -1, 2, -2, 3, -3, 4, -4)
_NOTHING: Final = -6.0
_WINDOWS: Final = (3, 8, 20)
_HALVES: Final = np.array(_WINDOWS)[:, None]
_IN_WORDS: Final = [0, 2, 3]
_REACH: Final = max(_STEPS)
_BESIDE: Final = _REACH - np.array(_STEPS)[:, None]
_LEVELS: Final = (0.5, 0.9)
_FAR: Final = 60
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
    guess = guess.astype(np.float64)
    chance = 1 / (1 + np.exp(-guess))
    mass = np.minimum(figures.words.counts, 100).astype(np.float64)
    columns = [guess, *_beside(guess), *_windows(guess, chance * mass)]
    columns += _share(chance * mass, mass)
    for level in _LEVELS:
        columns += _nearest(chance > level)
    columns += _cohesion(figures, np.where(chance > 0.3, chance, 0.0))
    run = _main_run(chance, mass)
    columns += _from_run(chance, mass, run)
    columns += _unlike(figures, chance * mass, run)
    if figures.groups is None:
        columns += _runs(figures, chance, mass)
    else:
        columns += _grouped(figures.groups, chance, mass)
        columns += _contained(figures.groups[:, 1:], chance * mass, mass)
    return np.array(columns, dtype=np.float32).T


def _running(values: Floats) -> Floats:
    return np.concatenate([[0.0], np.cumsum(values)])


def _beside(guess: Floats) -> Floats:
    """The guess each of `_STEPS` before and after, as rows; a sure no beyond the ends."""
    padded = np.full(len(guess) + 2 * _REACH, _NOTHING)
    padded[_REACH:-_REACH] = guess
    return np.asarray(padded[np.arange(len(guess)) + _BESIDE])


def _windows(guess: Floats, held: Floats) -> Floats:
    """For each half width: words guessed to be body, mean guess, words ahead, words behind."""
    total, summed = _running(held), _running(guess)
    rows = np.arange(len(guess))
    low = np.maximum(rows - _HALVES, 0)
    high = np.minimum(rows + _HALVES + 1, len(guess))
    up, down = total[high], total[low]
    columns = np.stack(
        [up - down, (summed[high] - summed[low]) / (high - low), up - total[1:], total[:-1] - down],
        axis=1,
    )
    words = columns[:, _IN_WORDS]
    columns[:, _IN_WORDS] = np.log1p(words)
    return columns.reshape(-1, len(guess))


def _share(held: Floats, mass: Floats) -> list[Floats]:
    running = _running(held)
    total = running[-1] + 1e-6
    before, after = running[:-1], np.maximum(total - running[1:], 0)
    size = len(held)
    return [
        before / total,
        after / total,
        np.log1p(before),
        np.log1p(after),
        np.full(size, np.log1p(total)),
        np.full(size, total / (mass.sum() + 1e-6)),
    ]


def _nearest(marked: Floats) -> list[Floats]:
    """Blocks since the last marked one (itself counts), and until the next."""
    size = len(marked)
    rows = np.arange(size)
    last = np.maximum.accumulate(np.where(marked, rows, -1000))
    following = np.minimum.accumulate(np.where(marked, rows, 9999)[::-1])[::-1]
    return [
        np.log1p(np.minimum(rows - last, _FAR)),
        np.log1p(np.minimum(following - rows, _FAR)),
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


def _main_run(chance: Floats, mass: Floats) -> tuple[int, int]:
    """The run of blocks [start, end) that is surest to be the article."""
    worth = (chance - 0.5) * np.minimum(mass, 60) - 1.0
    best, best_run = 0.0, (0, len(chance))
    total, start = 0.0, 0
    for row, value in enumerate(worth.tolist()):
        total += value
        if total <= 0:
            total, start = 0.0, row + 1
        elif total > best:
            best, best_run = total, (start, row + 1)
    return best_run


def _from_run(chance: Floats, mass: Floats, run: tuple[int, int]) -> list[Floats]:
    """How far each block is from the main run: in blocks, in words of junk, in sure cuts."""
    start, end = run
    size = len(chance)
    rows = np.arange(size)
    after, before = rows >= end, rows < start
    held = _running(chance * mass)
    columns = [
        ~after & ~before,
        np.log1p(np.maximum(rows - end + 1, 0)),
        np.log1p(np.maximum(start - rows, 0)),
    ]
    for values in ((1 - chance) * mass, chance < 0.2):
        summed = _running(values)
        columns.append(np.log1p(np.where(after, summed[:-1] - summed[end], 0)))
        columns.append(np.log1p(np.where(before, summed[start] - summed[1:], 0)))
    own = held[end] - held[start]
    columns += [np.full(size, np.log1p(own)), np.full(size, own / (held[-1] + 1e-6))]
    columns += [np.full(size, np.log1p(end - start))]
    columns += [np.argsort(np.argsort(mass, kind="stable"), kind="stable") / size]
    columns += [np.where(after, 2, np.where(before, -1, (rows - start) / max(end - start, 1)))]
    return columns


def _runs(figures: Figures, chance: Floats, mass: Floats) -> list[Floats]:
    """Of which run of likely lines each line of a flat text is a part, and what it shares with all.

    A run goes on over a few lines that are guessed to be none of the body. The largest holds the
    article; a list of teasers long enough to be a run shares no words with it.
    """
    rows = np.arange(len(chance))
    likely = chance > _LIKELY
    last = np.maximum.accumulate(np.where(likely, rows, -_BROKEN - 1))
    begins = likely.copy()
    begins[1:] &= rows[1:] - last[:-1] > _BROKEN
    # What lies between runs is of the run before it.
    run = np.cumsum(begins)
    number = np.where(likely, run, 0)
    held = np.bincount(number, weights=chance * mass)
    each = np.bincount(number, weights=mass)
    held[0] = 0
    shared = rare_share(figures, (number == held.argmax()) & likely)
    own = np.bincount(number, weights=shared * mass) / (each + 1e-6)
    own[0] = 0
    rank = np.argsort(np.argsort(-held, kind="stable"), kind="stable")
    around = means(np.array([shared, shared * chance]), mass + 0.1, _SHARED_HALVES)
    return [
        shared,
        *(column for table in around for column in table),
        np.log1p(held)[run],
        (held / (held.sum() + 1e-6))[run],
        own[run],
        np.minimum(rank, _LAST_RANK)[run],
        rows - np.maximum.accumulate(np.where(begins, rows, 0)),
    ]


def _unlike(figures: Figures, held: Floats, run: tuple[int, int]) -> list[Floats]:
    """How each block's form differs from that of the main run, in deviations of that run."""
    table = figures.table[:, _RELATIVE_COLUMNS].astype(np.float64)
    weight = np.zeros_like(held)
    weight[run[0] : run[1]] = held[run[0] : run[1]]
    if weight.sum() <= 1e-6:
        weight = held + 1e-6
    weight /= weight.sum()
    mean = weight @ table
    spread = np.sqrt(np.maximum(weight @ (table - mean) ** 2, 0)) + 0.05 * np.abs(mean) + 0.02
    return list(np.clip((table - mean) / spread, -4, 4).T)


def _grouped(groups: Ints, chance: Floats, mass: Floats) -> list[Floats]:
    """What is guessed of the other blocks of the same path, parent, and so on: by words, and each.

    Also the share of all words guessed to be body that the group holds.
    """
    held = chance * mass
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
