"""How much terms weigh in articles, by the codes that segments keep of them."""

import numpy as np

from index.search.codec import weighed
from index.search.segment import ODD, TIMES, TITLE_TIMES, Array, Segment

BY_FIELD = {
    field: weighed(field, TIMES.astype(np.float64), TITLE_TIMES.astype(np.float64))
    for field in ("text", "body", "title", "title_words", "source", "author")
}
"""What a term of a field weighs by its code, but for `ODD`."""
WEIGHTS = BY_FIELD["text"]


def joined(parts: list[Array]) -> Array:
    """All in one; of one part no copy."""
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def weights(
    segment: Segment, number: int, documents: Array, codes: Array, field: str = "text"
) -> Array:
    """How much a term weighs in articles, by its codes in them."""
    found: Array = BY_FIELD[field].take(codes)
    set_right(found, segment, number, documents, codes, field)
    return found


def set_right(
    found: Array, segment: Segment, number: int, documents: Array, codes: Array, field: str = "text"
) -> None:
    """Put in the weights that the codes do not tell."""
    if number in segment.odd_terms:
        odd = (codes == ODD).nonzero()[0]
        if len(odd):
            exact = segment.odd_times_of(number, documents[odd]).astype(np.float64)
            found[odd] = weighed(field, exact[:, 0], exact[:, 1])
