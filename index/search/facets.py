"""How many of the articles found are of each language, month and source, and carry each tag."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np

from index.search.found import Found
from index.search.segment import UNDATED, Array, Segment
from index.search.view import View

_FEW = 8192
"""Articles that are sooner counted one by one than segment by segment."""
_GROUPS = 1 << 24
"""Pairs of language and source there might be, so many that they are counted in a table."""


def facets(view: View, found: list[Found]) -> dict[str, dict[str, int]]:
    """Counts over all that was found: languages and sources by count, months in order.

    Articles without a date count as "undated", without a source as "unknown".
    """
    if sum(map(len, found)) <= _FEW:
        held = [(place, here.as_list()) for place, here in enumerate(found) if len(here)]
        return facets_of(view, _numbered(view, held))
    columns = _columns(view)
    groups = np.zeros(len(columns.languages), np.int64)
    months = np.zeros(len(columns.months), np.int64)
    for place, here in enumerate(found):
        if not len(here):
            continue
        one = columns.leaves[place]
        group_of, begins = one.group_of, one.begins
        if len(here) == len(group_of):
            ends = np.append(begins, len(group_of))
        else:
            documents = here.as_list()
            group_of = group_of.take(documents)
            # Of one type: else every number of the longer list is converted.
            begun = documents.searchsorted(begins.astype(documents.dtype))
            ends = np.append(begun, len(documents))
        groups[columns.groups[place]] += np.bincount(group_of, minlength=len(one.languages))
        months[columns.slots[place].take(one.present)] += ends[1:] - ends[:-1]
    return _named(view, columns, groups, months)


def facets_of(view: View, articles: Array) -> dict[str, dict[str, int]]:
    """The same of few articles, by their numbers in the view."""
    columns = _columns(view)
    group_of, month_of = columns.of()
    groups = np.bincount(group_of.take(articles), minlength=len(columns.languages))
    months = np.bincount(month_of.take(articles), minlength=len(columns.months))
    return _named(view, columns, groups, months)


def tag_counts_of(
    view: View, articles: Array, tags: Mapping[str, Collection[int]]
) -> dict[str, int]:
    """`tag_counts` of few articles, by their numbers in the view."""
    ordered = np.sort(articles)
    bounds = ordered.searchsorted(view.bases).tolist()
    found = [
        Found.listed(ordered[bounds[place] : bounds[place + 1]] - view.bases[place], leaf.count)
        for place, leaf in enumerate(view.leaves)
    ]
    return tag_counts(view, found, tags)


def tag_counts(
    view: View, found: list[Found], tags: Mapping[str, Collection[int]]
) -> dict[str, int]:
    """How many of the articles found carry each of `tags`, given by their keys; most first."""
    arrays = {name: np.asarray(keys, np.int64) for name, keys in tags.items()}
    counts = dict.fromkeys(tags, 0)
    for leaf, here in zip(view.leaves, found, strict=True):
        if not len(here):
            continue
        mask = here.as_mask()
        for name, keys in arrays.items():
            counts[name] += int(np.count_nonzero(mask[leaf.with_keys(keys)]))
    held = [(name, count) for name, count in counts.items() if count]
    return dict(sorted(held, key=lambda one: (-one[1], one[0])))


class Tally(NamedTuple):
    """What the articles of a segment are counted by."""

    group_of: Array
    """The group of each article: those of one language and source are one."""
    languages: Array
    """The language of each group,"""
    sources: Array
    """and the source, by their numbers in the segment."""
    month_of: Array
    """The month of each article, by its place in `months`, from 1 on; 0 where it is undated."""
    months: list[int]
    """All months in order, since 1970-01."""
    present: Array
    """The months of articles once more, ascending, by their places,"""
    begins: Array
    """and the first article of each."""


class Columns:
    """The same for a view: what its segments' groups and months are in the whole."""

    def __init__(self, view: View) -> None:
        self.leaves = [_tally(leaf.segment) for leaf in view.leaves]
        none = [np.zeros(0, np.int64)]
        many = max(len(view.source_names), 1)
        pairs = [
            leaf.languages.take(one.languages) * many + leaf.sources.take(one.sources)
            for leaf, one in zip(view.leaves, self.leaves, strict=True)
        ]
        groups = np.unique(np.concatenate(none + pairs))
        self.languages, self.sources = groups // many, groups % many
        self.groups = [groups.searchsorted(one) for one in pairs]
        """For each segment what its groups are here,"""
        months = sorted({month for one in self.leaves for month in one.months})
        place_of = {month: place for place, month in enumerate(months, 1)}
        self.slots = [
            np.array([0, *map(place_of.__getitem__, one.months)], np.int64) for one in self.leaves
        ]
        """and what its months are, by their places in `months`."""
        self.months = ["undated", *(f"{1970 + one // 12:04d}-{one % 12 + 1:02d}" for one in months)]
        self._of: tuple[Array, Array] | None = None

    def of(self) -> tuple[Array, Array]:
        """The group and the month of every article of the view."""
        if self._of is None:
            groups, months = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
            for place, one in enumerate(self.leaves):
                groups.append(self.groups[place].astype(np.int32).take(one.group_of))
                months.append(self.slots[place].astype(np.int32).take(one.month_of))
            self._of = np.concatenate(groups), np.concatenate(months)
        return self._of


def _columns(view: View) -> Columns:
    """The columns of a view, worked out once."""
    if not isinstance(view.columns, Columns):
        view.columns = Columns(view)
    return view.columns


def _tally(segment: Segment) -> Tally:
    """What the articles of a segment are counted by: worked out once, whatever view it is in."""
    if not isinstance(segment.tallied, Tally):
        many = max(len(segment.source_names), 1)
        numbers = segment.languages.astype(np.int64) * many + segment.sources
        group_of, groups = _renumbered(numbers, len(segment.language_names) * many)
        month_of, months = _months(segment.days)
        begins = np.flatnonzero(np.diff(month_of, prepend=-1))
        segment.tallied = Tally(
            group_of, groups // many, groups % many, month_of, months, month_of[begins], begins
        )
    return segment.tallied


def _renumbered(numbers: Array, end: int) -> tuple[Array, Array]:
    """The numbers from 0 on, of those below `end` that there are, and which these are."""
    if end > _GROUPS:
        there, found = np.unique(numbers, return_inverse=True)
        return found, there
    there = np.bincount(numbers, minlength=end).nonzero()[0]
    places = np.zeros(max(end, 1), np.int64)
    places[there] = np.arange(len(there))
    return places.take(numbers), there


def _months(days: Array) -> tuple[Array, list[int]]:
    """The place of the month of each of ascending `days` (0: undated) among the months there are.

    And these: months are counted from 1970-01.
    """
    differs = np.ones(len(days), bool)
    np.not_equal(days[1:], days[:-1], out=differs[1:])
    begins = differs.nonzero()[0]
    some = days[begins]
    months = some.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    there, places = np.unique(months[some != UNDATED], return_inverse=True)
    found = np.zeros(len(some), np.int64)
    found[some != UNDATED] = places + 1
    return found.repeat(np.diff(begins, append=len(days))), there.tolist()


def _numbered(view: View, held: list[tuple[int, Array]]) -> Array:
    """Articles of some segments by their numbers in the view."""
    if not held:
        return np.zeros(0, np.int64)
    return view.numbered([place for place, _ in held], [documents for _, documents in held])


def _named(view: View, columns: Columns, groups: Array, months: Array) -> dict[str, dict[str, int]]:
    """The counts of groups and months by their names."""
    held = groups.nonzero()[0]
    counts = groups.take(held)
    present = months.nonzero()[0]
    names = [columns.months[month] for month in present.tolist()]
    counted = dict(zip(names, months.take(present).tolist(), strict=True))
    if "undated" in counted:
        counted["undated"] = counted.pop("undated")  # the last
    return {
        "language": _by_count(columns.languages.take(held), counts, view.language_names, "und"),
        "month": counted,
        "source": _by_count(columns.sources.take(held), counts, view.source_names, "unknown"),
    }


def _by_count(numbers: Array, counts: Array, names: list[str], unnamed: str) -> dict[str, int]:
    """How often each name is counted, by number, the highest first."""
    summed = np.bincount(numbers, counts, len(names)) if len(numbers) else counts
    found = summed.nonzero()[0]
    chosen = found[np.argsort(-summed[found], kind="stable")]
    named: dict[str, int] = {}
    for place, count in zip(chosen.tolist(), summed[chosen].tolist(), strict=True):
        name = names[place] or unnamed
        named[name] = named.get(name, 0) + int(count)
    return named
