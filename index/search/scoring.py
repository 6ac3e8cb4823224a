"""How much an article that holds a word is worth: BM25F.

Title and body are scored as one text in which the title stands `TITLE_WEIGHT` times: the simple
weighting of fields of Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted
fields" (CIKM 2004). The formula and its inverse document frequency are those of Whoosh's BM25F, so
that Whoosh's own searcher gives the same scores.
"""

from math import log, sqrt

from index.search.segment import Array

K1 = 1.2
B = 0.75
TITLE_WEIGHT = 4
INFLECTED = 0.5
"""What another form of the word asked for is worth: each article that has the word has that too."""
NAMED = 0.25
"""What another spelling or name of it is worth."""


ALIKE = 9
"""Decimals by which scores differ: the order of adding up must not decide."""
UNIT = 10.0**ALIKE
"""What makes whole numbers of them."""


def rarity(articles: int, holders: int) -> float:
    """Inverse document frequency; 0 where there are no articles."""
    return log(articles / (holders + 1)) + 1 if articles else 0.0


def impacts(weights: Array, lengths: Array, average: float) -> Array:
    """The part of the score without rarity and K1 + 1: from 0 to 1, more where a word is denser."""
    found: Array = weights / (weights + norms(lengths, average))
    return found


def norms(lengths: Array, average: float) -> Array:
    """What lengths add below the line of `impacts`."""
    found: Array = K1 * (1 - B + B * lengths / average)
    return found


def drift(shortest: float, longest: float, average: float, other: float) -> float:
    """How far an impact can be off at most when worked out with another average length."""
    worst = 0.0
    for length in (shortest, longest):
        ratio = (1 - B + B * length / other) / (1 - B + B * length / average)
        # The largest difference of w/(w+x) and w/(w+rx) over all w.
        worst = max(worst, abs((sqrt(ratio) - 1) / (sqrt(ratio) + 1)))
    return worst
