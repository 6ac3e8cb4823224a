"""From what a query asks to the Whoosh query that finds it."""

from collections.abc import Callable, Collection
from functools import partial

from whoosh import query

from index.search import nodes, tree

Sets = Callable[[tree.Flagged | tree.Tagged], Collection[int]]


def compiled(node: tree.Node, sets: Sets) -> query.Query:
    """The Whoosh query for `node`. Words of source and author narrow, but score nothing."""
    match node:
        case tree.Every():
            return nodes.Flat(query.Every())
        case tree.And(parts):
            return query.And([compiled(part, sets) for part in parts])
        case tree.Or(parts):
            return _any([compiled(part, sets) for part in parts])
        case tree.Not(part):
            return nodes.Without(compiled(part, sets))
        case tree.Language(code):
            return nodes.InLanguage(code)
        case tree.Dated(start, end):
            return nodes.OfDays(start, end)
        case tree.Undated():
            return nodes.WithoutDay()
        case tree.Unsourced():
            return nodes.OfSource("")
        case tree.Flagged() | tree.Tagged():
            return nodes.WithKeys(partial(sets, node))
        case _:
            found = _text(node, node.field or "text")
            if node.field in ("source", "author"):
                return nodes.Flat(found)
            return found


def _text(node: tree.TextNode, field: str) -> query.Query:
    match node:
        case tree.Word(text):
            return query.Term(field, text)
        case tree.Phrase(words, _, slop):
            # Whoosh counts the steps from word to word, not what lies between.
            return query.Phrase(field, list(words), slop=slop + 1)
        case tree.Prefix(text, typed=typed):
            begun = nodes.Flat(query.Prefix(field, text), 1.0)
            return _any([begun, query.Term(field, text)]) if typed else begun
        case tree.Wildcard(pattern):
            return nodes.Flat(query.Wildcard(field, pattern), 1.0)
        case tree.Fuzzy(text, distance):
            # The word as typed, where it exists, comes before its neighbours.
            near = query.FuzzyTerm(field, text, maxdist=distance, prefixlength=0)
            return _any([nodes.Flat(near, 1.0), query.Term(field, text)])


def _any(parts: list[query.Query]) -> query.Query:
    found = query.Or(parts)
    # The other ways in which Whoosh may go about it lose what scores nothing.
    found.matcher_type = query.Or.DEFAULT_MATCHER
    return found
