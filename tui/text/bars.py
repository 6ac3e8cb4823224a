"""Counts drawn as bars of block characters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_STEPS = " ▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Bin:
    """The articles from month `first` to month `last` ("2026-02")."""

    first: str
    last: str
    count: int


def bar(share: float, width: int) -> str:
    """A thin bar of `share` (of one) of `width` cells, in halves; something is never nothing."""
    halves = max(1 if share > 0 else 0, round(min(1.0, share) * width * 2))
    full, rest = divmod(halves, 2)
    return ("━" * full + "╸" * rest).ljust(width)


def bins(months: Mapping[str, int], most: int) -> list[Bin]:
    """Counts by month from the first to the last, in at most `most` bins of equally many months."""
    dated = sorted(month for month in months if month != "undated")
    if not dated or most < 1:
        return []
    first, last = _ordinal(dated[0]), _ordinal(dated[-1])
    size = -(-(last - first + 1) // most)
    sums: dict[int, int] = {}
    for month in dated:
        number = (_ordinal(month) - first) // size
        sums[number] = sums.get(number, 0) + months[month]
    return [
        Bin(_month(begin), _month(min(begin + size - 1, last)), sums.get(number, 0))
        for number, begin in enumerate(range(first, last + 1, size))
    ]


def upright(counts: Sequence[int], height: int) -> list[str]:
    """Counts as bars that stand side by side, a cell each: `height` lines from the top."""
    top = max(counts, default=0)
    eighths = [-(-count * height * 8 // top) if count else 0 for count in counts]
    return [
        "".join(_STEPS[max(0, min(8, high - 8 * line))] for high in eighths)
        for line in reversed(range(height))
    ]


def _ordinal(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _month(ordinal: int) -> str:
    return f"{ordinal // 12:04d}-{ordinal % 12 + 1:02d}"
