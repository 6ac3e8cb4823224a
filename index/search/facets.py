"""How many of the articles found are of each language, month and source, and carry each tag."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from index.search.found import Found
from index.search.segment import UNDATED, Array
from index.search.view import Leaf, View


def facets(view: View, found: list[Found]) -> dict[str, dict[str, int]]:
    """Counts over all that was found: languages and sources by count, months in order.

    Articles without a date count as "undated", without a source as "unknown".
    """
    languages = np.zeros(len(view.language_names), np.int64)
    sources = np.zeros(len(view.source_names), np.int64)
    months: dict[int, int] = {}
    undated = 0
    for leaf, here in zip(view.leaves, found, strict=True):
        if not len(here):
            continue
        documents = None if len(here) == leaf.count else here.as_list()
        pair_of, pairs = _pairs(leaf)
        chosen = pair_of if documents is None else pair_of[documents]
        counts = np.bincount(chosen, minlength=len(pairs))
        np.add.at(languages, pairs[:, 0], counts)
        np.add.at(sources, pairs[:, 1], counts)
        numbers, begins = _months(leaf)
        ends = np.append(begins[1:], leaf.count)
        if documents is not None:
            begins, ends = np.searchsorted(documents, begins), np.searchsorted(documents, ends)
        for month, count in zip(numbers, (ends - begins).tolist(), strict=True):
            if month is None:
                undated += count
            elif count:
                months[month] = months.get(month, 0) + count
    counted = {_month_name(month): months[month] for month in sorted(months)}
    if undated:
        counted["undated"] = undated
    return {
        "language": _named(languages, view.language_names, "und"),
        "month": counted,
        "source": _named(sources, view.source_names, "unknown"),
    }


def tag_counts(view: View, found: list[Found], tags: Mapping[str, Array]) -> dict[str, int]:
    """How many of the articles found carry each of `tags`, given by their keys; most first."""
    counts = dict.fromkeys(tags, 0)
    for leaf, here in zip(view.leaves, found, strict=True):
        if not len(here):
            continue
        mask = here.as_mask()
        for name, keys in tags.items():
            counts[name] += int(np.count_nonzero(mask[leaf.with_keys(keys)]))
    held = [(name, count) for name, count in counts.items() if count]
    return dict(sorted(held, key=lambda one: (-one[1], one[0])))


def _pairs(leaf: Leaf) -> tuple[Array, Array]:
    """The pairs of language and source in a segment: few, so that both are counted at once."""
    if leaf.pairs is None:
        together = leaf.languages[leaf.segment.languages] << 32
        together |= leaf.sources[leaf.segment.sources]
        found, pair_of = np.unique(together, return_inverse=True)
        leaf.pairs = (pair_of, np.stack((found >> 32, found & 0xFFFFFFFF), axis=1))
    return leaf.pairs


def _months(leaf: Leaf) -> tuple[list[int | None], Array]:
    """The months of a segment (since 1970-01; None: undated) and the first article of each."""
    if leaf.months is None:
        days = leaf.segment.days
        first_dated = int(np.searchsorted(days, UNDATED, "right"))
        months = days[first_dated:].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        numbers, begins = np.unique(months, return_index=True)
        named: list[int | None] = numbers.tolist()
        begins += first_dated
        if first_dated:
            named, begins = [None, *named], np.concatenate(([0], begins))
        leaf.months = (named, begins)
    return leaf.months


@lru_cache(maxsize=4096)
def _month_name(month: int) -> str:
    return f"{1970 + month // 12:04d}-{month % 12 + 1:02d}"


def _named(counts: Array, names: list[str], unnamed: str) -> dict[str, int]:
    found = np.flatnonzero(counts)
    chosen = found[np.argsort(-counts[found], kind="stable")]
    named: dict[str, int] = {}
    for place, count in zip(chosen.tolist(), counts[chosen].tolist(), strict=True):
        name = names[place] or unnamed
        named[name] = named.get(name, 0) + count
    return named
