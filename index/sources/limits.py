"""How much of one article is read: more is refused, so that reading stays within 512 MB."""

import os
import sys

from index.errors import SourceError


def _mebibytes(name: str, built_in: int) -> int:
    """Bytes of the limit `name`: the environment's, in MiB, where it names one that makes sense."""
    asked = os.environ.get(name, "")
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else 0
    return (number if 1 <= number <= 4096 else built_in) * 2**20


# From the environment, since files are read in several processes (config.toml: [limits]).
LARGEST_FILE = _mebibytes("NEWSREADER_FILE_MB", 16)
"""Bytes of one text or HTML file, unpacked, that are still taken for an article."""
LONGEST_LINE = _mebibytes("NEWSREADER_LINE_MB", 32)
"""Bytes of one JSONL line."""
MOST_MEMORY = LARGEST_FILE + 2**10
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
