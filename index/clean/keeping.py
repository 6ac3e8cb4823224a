"""Blocks that were cut and that the reader asked to keep, by the text they hold.

A span counts characters of a document's text as its blocks give it in their order, white space left
out. Blocks may be cut otherwise by a later cleaner; what they hold together stays the same.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from index.model import Block, Cleaned, Label

Span = tuple[int, int]
"""[first, past)."""


def spans(blocks: Sequence[Block]) -> list[Span]:
    """The span of each block."""
    sizes = ("".join(block.text.split()) for block in blocks)
    return list(pairwise(accumulate((len(size) for size in sizes), initial=0)))


def with_kept(cleaned: Cleaned, kept: Sequence[Span]) -> Cleaned:
    """`cleaned` with the blocks as body that lie, for the larger part, in one of the spans."""
    if not kept:
        return cleaned
    blocks = tuple(
        block._replace(label=Label.BODY, reason="") if _asked(own, kept) else block
        for block, own in zip(cleaned.blocks, spans(cleaned.blocks), strict=True)
    )
    return replace(cleaned, blocks=blocks)


def _asked(own: Span, kept: Sequence[Span]) -> bool:
    shared = sum(max(0, min(own[1], past) - max(own[0], first)) for first, past in kept)
    return 2 * shared > own[1] - own[0]
