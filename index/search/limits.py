"""What a query may cost: of very many words, more than so much is refused before it is begun.

Whatever the archive's size, an answer or a refusal is there at once. Who types asks for a few
words; a list of hundreds of common ones among a million articles would take seconds.
"""

from collections.abc import Iterator
from itertools import islice

from index.errors import QueryError
from index.search import tree
from index.search.view import View

FREE = 32
"""Words, phrases and beginnings of words that are looked for in any archive."""
MOST = 8_000_000
"""Articles of all words of a query that has more, each counted as often as it is gone through."""
_LOOKED_UP, _WORD, _PHRASE, _BEGINNING, _GROUP = 300, 2_000, 5_000, 10_000, 15_000
"""As many articles cost what it takes to look for one in a segment at all.

A group is of words that must all be found, beside others any of which is enough.
"""
_IN_PART = 2
"""Words of titles or bodies alone are looked at twice."""
_BEGUN_IN_PART = 5
"""For beginnings of words in these alone nothing is kept ready."""
_IN_PHRASE = 2
"""The rarest word of a phrase is looked at where all of them are, and again for its places."""


def check(view: View, node: tree.Node, text: str) -> None:
    """Raise QueryError where `node`, read from `text`, has so many words that it takes long."""
    if type(node) not in _COMPOSITE:
        return
    if type(node) is not tree.Not and len(node.parts) <= FREE:  # type: ignore[union-attr]
        for part in node.parts:  # type: ignore[union-attr]
            if type(part) in _COMPOSITE:
                break
        else:
            return
    if sum(1 for _ in islice(_asked(node), FREE + 1)) > FREE and _cost(view, node) > MOST:
        raise QueryError(
            "The query has too many words for so many articles: try fewer of them.",
            at=0,
            end=len(text),
        )


_COMPOSITE = frozenset({tree.And, tree.Or, tree.Not})


def _asked(node: tree.Node) -> Iterator[tree.Node]:
    """What is asked for, part by part; what it was widened by does not count."""
    match node:
        case tree.And(parts) | tree.Or(parts):
            for part in parts:
                yield from _asked(part)
        case tree.Not(part):
            yield from _asked(part)
        case _:
            yield node


def _cost(view: View, node: tree.Node) -> int:
    """About how many articles are gone through."""
    segments = len(view.opened)
    match node:
        case tree.Or(parts):
            groups = sum(isinstance(part, tree.And) for part in parts)
            return sum(_cost(view, part) for part in parts) + groups * _GROUP * segments
        case tree.And(parts):
            # Lists are narrowed from the rarest on.
            words = [_cost(view, part) for part in parts if type(part) in _NARROWING]
            others = sum(_cost(view, part) for part in parts if type(part) not in _NARROWING)
            return min(words, default=0) + others + len(words) * _LOOKED_UP * segments
        case tree.Not(part):
            return _cost(view, part)
        case tree.Widened(asked, more):
            return _cost(view, asked) * (1 + len(more))
        case tree.Word(text, field):
            holders = view.term(field or "text", text).holders
            return holders * (_IN_PART if field else 1) + _WORD * segments
        case tree.Phrase(words, field):
            holders = min(view.term(field or "text", word).holders for word in words)
            return holders * _IN_PHRASE + _PHRASE * segments
        case tree.Prefix(field=field):
            return _BEGINNING * segments * (_BEGUN_IN_PART if field else 1)
    return 0


_NARROWING = frozenset({tree.Word, tree.Widened})
