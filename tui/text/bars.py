"""Counts drawn as bars of block characters."""

from collections.abc import Mapping

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_STEPS = "▁▂▃▄▅▆▇█"


def bar(share: float, width: int) -> str:
    """A bar of `share` (of one) of `width` cells, in eighths; something is never nothing."""
    eighths = max(1 if share > 0 else 0, round(min(1.0, share) * width * 8))
    full, rest = divmod(eighths, 8)
    return ("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(width)


def histogram(months: Mapping[str, int], width: int) -> str:
    """Counts by month from the first to the last as a row of at most `width` bars."""
    dated = sorted(month for month in months if month != "undated")
    if not dated:
        return ""
    first, last = _ordinal(dated[0]), _ordinal(dated[-1])
    bins = min(width, last - first + 1)
    sums = [0] * bins
    for month in dated:
        sums[(_ordinal(month) - first) * bins // (last - first + 1)] += months[month]
    top = max(sums)
    return "".join(_STEPS[-(-count * 7 // top)] if count else " " for count in sums)


def _ordinal(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7])
