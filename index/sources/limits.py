"""How much of one article is read: more is refused, so that reading stays within 512 MB."""

import os
import sys

from index.errors import SourceError


def _limit(name: str, built_in: int, most: int) -> int:
    """The limit `name`: the environment's, where it names one from 1 to `most`."""
    asked = os.environ.get(f"NEWSREADER_{name}", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 12 else 0
    return number if 1 <= number <= most else built_in


# From the environment, since files are read in several processes (config.toml: [limits]).
LARGEST_FILE = _limit("FILE_MB", 16, 4096) * 2**20
"""Bytes of one text or HTML file, unpacked, that are still taken for an article."""
LONGEST_LINE = _limit("LINE_MB", 32, 4096) * 2**20
"""Bytes of one JSONL line."""
MOST_MEMORY = LARGEST_FILE + 2**10
"""Bytes of the text of one article in memory, where a letter takes one, two or four; cleaning takes
some twenty times as many."""
MOST_LINES = _limit("LINES", 300_000, 10**8)
"""Lines of one article."""
MOST_TAGS = _limit("TAGS", 400_000, 10**8)
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
