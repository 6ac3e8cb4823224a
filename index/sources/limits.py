"""How much of one article is read: more is refused, so that reading stays within 512 MB."""

import sys

from index.errors import SourceError

LARGEST_FILE = 16 * 2**20
"""Bytes of one text or HTML file, unpacked, that are still taken for an article."""
LONGEST_LINE = 32 * 2**20
"""Bytes of one JSONL line."""
MOST_MEMORY = 16 * 2**20 + 2**10
"""Bytes of the text of one article in memory, where a letter takes one, two or four; cleaning takes
some twenty times as many."""
MOST_LINES = 300_000
"""Lines of one article."""
MOST_TAGS = 400_000
"""Tags of one page."""


def refused(content: str, origin: str, *, is_html: bool) -> SourceError | None:
    """Why `content` is too much for one article, or None."""
    if sys.getsizeof(content) > MOST_MEMORY:
        return SourceError(origin, "has more text than {mb} MB hold", mb=MOST_MEMORY // 2**20)
    if is_html and content.count("<") > MOST_TAGS:
        return SourceError(origin, "has more than {n} tags", n=MOST_TAGS)
    if content.count("\n") + content.count("\r") > MOST_LINES:
        return SourceError(origin, "has more than {n} lines", n=MOST_LINES)
    return None
