"""The text of an HTML page that no parser takes."""

import html
import re

from index.text.safe import safe_line

_TAG = re.compile(r"<[^<>]*>")
_END_OF_BLOCK = re.compile(
    r"<(?:/?(?:p|div|li|ul|ol|tr|td|table|section|article|blockquote|h[1-6])|br)\b[^<>]*>",
    re.IGNORECASE,
)


def soup(source: str) -> list[str]:
    """The text of a page that no parser takes, tags taken off, a line for each block."""
    shown = _END_OF_BLOCK.sub("\n", _without(_without(source, "script"), "style"))
    lines = _TAG.sub(" ", shown).split("\n")
    return [line for raw in lines if (line := safe_line(html.unescape(raw)).strip())]


def _without(source: str, tag: str) -> str:
    """`source` without its elements `tag`; one that never ends is left, so that nothing is lost."""
    lower = source.lower()
    kept = []
    at = 0
    while (start := lower.find(f"<{tag}", at)) >= 0:
        end = lower.find(f"</{tag}", start)
        if end < 0:
            break
        kept.append(source[at:start])
        at = end
    kept.append(source[at:])
    return "".join(kept)
