"""Which segments to merge, so that there are few and no article is copied often."""

from index.search.build import MOST_MERGED
from index.search.codec import ArraySegment
from index.search.segment import FULL

ALIKE = 8
"""So many segments of about one size become one: sizes grow by this factor, copies by its log."""


def to_merge(segments: list[ArraySegment]) -> list[ArraySegment]:
    """Segments that should be one now; none where all is well.

    A segment half of which is deleted is written anew by itself.
    """
    tiers: dict[int, list[ArraySegment]] = {}
    for part in segments:
        living, all_of_it = part.doc_count(), part.doc_count_all()
        if living * 2 < all_of_it:
            return [part]
        tiers.setdefault(_tier(living), []).append(part)
    for _, alike in sorted(tiers.items()):
        if len(alike) < ALIKE:
            continue
        chosen: list[ArraySegment] = []
        articles = words = 0
        for part in sorted(alike, key=ArraySegment.doc_count):
            articles += part.doc_count()
            words += part.opened.totals["text"]
            if articles > FULL or words > MOST_MERGED:
                break
            chosen.append(part)
        if len(chosen) > 1:
            return chosen
    return []


def _tier(articles: int) -> int:
    tier = 0
    while articles >= ALIKE:
        articles //= ALIKE
        tier += 1
    return tier
