"""From what a query asks to the Whoosh query that finds it."""

from collections.abc import Callable, Collection
from functools import partial

from whoosh import query

from index.search import nodes, tree
from index.search.forms import AnyForm, Way
from index.search.scoring import INFLECTED, NAMED

Sets = Callable[[tree.Flagged | tree.Tagged], Collection[int]]
_REMEMBERED = 64
_FIELDS = {"": "text", "title": "title_words", "body": "body"}


class Known:
    """What widened words stand for, by the identity of their nodes: those asked for lately."""

    def __init__(self) -> None:
        self._queries: dict[int, tuple[tree.Node, query.Query]] = {}

    def query(self, node: tree.Widened) -> query.Query:
        """The query for `node`, the same one as long as it is known."""
        known = self._queries.get(id(node))
        if known is None or known[0] is not node:
            if len(self._queries) >= _REMEMBERED:
                self._queries.pop(next(iter(self._queries)))
            known = self._queries[id(node)] = node, _widened(node.asked, node.more, _no_sets)
        return known[1]


def _no_sets(_: object) -> Collection[int]:
    return ()


def compiled(
    node: tree.Node, sets: Sets, weight: float = 1.0, known: Known | None = None
) -> query.Query:
    """The Whoosh query for `node`. Words of source and author narrow, but score nothing.

    `weight` is what words are worth.
    """
    match node:
        case tree.Every():
            return nodes.Flat(query.Every())
        case tree.And(parts):
            return query.And([compiled(part, sets, weight, known) for part in parts])
        case tree.Or(parts):
            return _any([compiled(part, sets, weight, known) for part in parts])
        case tree.Widened(asked, more):
            return _widened(asked, more, sets) if known is None else known.query(node)
        case tree.Keyed(field=field):
            return AnyForm(_FIELDS[field], tuple(_ways(node)))
        case tree.Not(part):
            return nodes.Without(compiled(part, sets, known=known))
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
            found = _text(node, node.field or "text", weight)
            if node.field in ("source", "author"):
                return nodes.Flat(found)
            return found


def _widened(asked: tree.Node, more: tuple[tree.Node, ...], sets: Sets) -> query.Query:
    """What is asked for, and what else finds it: single words all in one node, the rest beside."""
    ways = []
    found = []
    if isinstance(asked, tree.Word):
        ways.append(Way(1.0, asked.text))
    else:
        found.append(compiled(asked, sets))
    field = next((leaf.field for leaf in tree.leaves(asked) if hasattr(leaf, "field")), "")
    for part in more:
        single = _ways(part)
        if single:
            ways.extend(single)
        else:
            found.append(compiled(part, sets, NAMED))
    if ways:
        found.insert(0, AnyForm(_FIELDS[field], tuple(ways)))
    return found[0] if len(found) == 1 else _any(found)


def _ways(node: tree.Node) -> list[Way]:
    """The ways in which one word stands for `node`; none where it takes more than a word."""
    match node:
        case tree.Word(text):
            return [Way(NAMED, text)]
        case tree.Keyed(keys, also):
            return [Way(NAMED if node.of_name else INFLECTED, keys=keys, also=also)]
        case tree.Or(parts):
            each = list(map(_ways, parts))
            return [way for ways in each for way in ways] if all(each) else []
    return []


def _text(node: tree.TextNode, field: str, weight: float) -> query.Query:
    match node:
        case tree.Word(text):
            return query.Term(field, text, boost=weight)
        case tree.Phrase(words, _, slop):
            # Whoosh counts the steps from word to word, not what lies between.
            return query.Phrase(field, list(words), slop=slop + 1, boost=weight)
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
