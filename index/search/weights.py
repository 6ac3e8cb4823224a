"""How much a word of the text weighs in articles, by the codes that segments keep of it."""

import numpy as np

from index.search.codec import weighed
from index.search.segment import ODD, TIMES, TITLE_TIMES, Array, Segment

WEIGHTS = weighed("text", TIMES.astype(np.float64), TITLE_TIMES.astype(np.float64))
"""By code."""


def joined(parts: list[Array]) -> Array:
    """All in one; of one part no copy."""
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def weights(segment: Segment, number: int, documents: Array, codes: Array) -> Array:
    """How much a word of the text weighs in articles, by its codes in them."""
    found: Array = WEIGHTS.take(codes)
    set_right(found, segment, number, documents, codes)
    return found


def set_right(found: Array, segment: Segment, number: int, documents: Array, codes: Array) -> None:
    """Put in the weights that the codes do not tell."""
    if number in segment.odd_terms:
        odd = (codes == ODD).nonzero()[0]
        if len(odd):
            exact = segment.odd_times_of(number, documents[odd]).astype(np.float64)
            found[odd] = weighed("text", exact[:, 0], exact[:, 1])
