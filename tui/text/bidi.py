"""Which way a paragraph runs. The order of its characters stays logical: terminals turn it."""

import re
import unicodedata

_RIGHT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_FAR = 400  # characters looked at


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction runs right to left (UAX #9, rule P2)."""
    if not _RIGHT.search(text, 0, _FAR):
        return False
    for char in text[:_FAR]:
        direction = unicodedata.bidirectional(char)
        if direction == "L":
            return False
        if direction in {"R", "AL"}:
            return True
    return False
