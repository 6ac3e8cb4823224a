"""How near each block of a page stands to its title, by the elements that hold both."""

from typing import Final

import numpy as np

from index.clean.blocks import CONTAINERS, Place
from index.clean.features import Figures
from index.clean.forms import Floats, Ints

NAMES: Final = (
    "up_from_title", "up_to_title", "prose_nearer", "share_nearer", "prose_as_near",
    "since_title", "until_title", "prose_since_title", "titled",
)  # fmt: skip
_PROSE: Final = 10
"""Words of a block from which it may be prose."""
_LEAST: Final = 0.5
"""How well a block must agree with the title to be it."""


def nearness(places: list[Place], figures: Figures, agrees: Floats) -> Floats:
    """The figures of `NAMES`; `agrees` says of each block how well it agrees with the title.

    The article stands where its title stands: what shares only the page with it, while prose
    stands nearer, is seldom the article.
    """
    size = len(agrees)
    title = _title(places, agrees) if len(places) == size else None
    if title is None:
        return np.full((size, len(NAMES)), -1.0, dtype=np.float32)
    assert figures.groups is not None
    inside = figures.groups[:, 1:]
    above = inside[title]
    level, own = _meeting(inside, above)
    linked = np.array([place.links for place in places])
    counts = np.minimum(figures.words.counts, 100).astype(np.float64)
    prose = np.where((figures.words.counts >= _PROSE) & (linked < 0.3), counts, 0.0)
    prose[title] = 0
    held = np.bincount(level, weights=prose, minlength=CONTAINERS + 1)
    nearer = (np.cumsum(held) - held)[level]
    rows = np.arange(size)
    running = np.cumsum(prose) - prose
    return np.stack(
        [
            level / 4,
            own / 4,
            np.log1p(nearer),
            nearer / max(prose.sum(), 1.0),
            np.log1p(held[level]),
            np.where(rows >= title, np.log1p(np.maximum(rows - title, 0)), -1),
            np.where(rows < title, np.log1p(np.maximum(title - rows, 0)), -1),
            np.where(rows > title, np.log1p(np.maximum(running - running[title], 0)), -1),
            np.ones(size),
        ],
        axis=1,
    ).astype(np.float32)


def title_and_levels(table: Floats) -> tuple[int | None, Floats]:
    """Which block of a page shows its title, and how far from it each meets it (`up_from_title`).

    `table` are the figures of its blocks, whose last columns are those of `NAMES`.
    """
    last = table[:, -len(NAMES) :]
    shown = np.flatnonzero(last[:, NAMES.index("since_title")] == 0)
    level = last[:, NAMES.index("up_from_title")]
    titled = len(shown) > 0 and last[0, NAMES.index("titled")] > 0
    return int(shown[0]) if titled else None, level


def _title(places: list[Place], agrees: Floats) -> int | None:
    """The block that shows the title: the one that agrees best, headings first."""
    level = np.array([place.level for place in places])
    worth = np.where(agrees >= _LEAST, agrees, 0.0)
    worth = np.where(level > 0, worth + 0.2, worth) + np.where(level == 1, 0.3, 0.0)
    best = int(worth.argmax())
    return best if worth[best] > 0.25 else None


def _meeting(inside: Ints, above: Ints) -> tuple[Ints, Ints]:
    """The innermost element around both each block and the title: counted from the title, and up.

    `inside` and `above` number the elements around them, innermost first, 0 for none.
    """
    known = above[above > 0]
    shared = np.isin(inside, known)
    found = shared.any(axis=1)
    own = np.where(found, shared.argmax(axis=1), CONTAINERS)
    element = np.where(found, inside[np.arange(len(inside)), shared.argmax(axis=1)], 0)
    order = np.argsort(known)
    place = np.searchsorted(known[order], element)
    level = np.where(element > 0, order[np.minimum(place, len(known) - 1)], CONTAINERS)
    return level, own
