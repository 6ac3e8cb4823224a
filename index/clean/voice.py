"""trafilatura's opinion of a page: one voice among the features, and the only door to it."""

from index.clean.lexicon import tokens
from index.clean.page import Element


def voice(root: Element, lines: list[str]) -> list[float] | None:
    """For each line the share of its word triples in what trafilatura keeps; None if it fails."""
    import trafilatura  # noqa: PLC0415 - half a second to import, and only pages need it

    try:
        kept = trafilatura.extract(
            root, include_comments=False, include_tables=True, deduplicate=False
        )
    except Exception:  # noqa: BLE001 - a foreign library over hostile pages: no opinion then
        return None
    if not kept:
        return None
    heard = tokens(kept)
    triples = set(zip(heard, heard[1:], heard[2:], strict=False))
    whole = {tuple(tokens(line)) for line in kept.split("\n")}
    return [_share(tokens(line), triples, whole) for line in lines]


def _share(
    words: list[str], triples: set[tuple[str, str, str]], whole: set[tuple[str, ...]]
) -> float:
    if tuple(words) in whole:
        return 1.0
    own = list(zip(words, words[1:], words[2:], strict=False))
    if len(own) < 2:
        return 0.0
    return sum(triple in triples for triple in own) / len(own)
