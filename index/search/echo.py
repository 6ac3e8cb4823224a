"""What a query was understood as, with the other forms and names that were found by it."""

from collections import Counter
from collections.abc import Iterable

from index.search import tree
from index.search.analysis import terms, word_keys
from index.search.query import ParsedQuery
from index.text.safe import safe_line

_MOST = 2
"""Other forms of a word that are said."""


def echo(parsed: ParsedQuery, hits: Iterable[tuple[str, str]]) -> str:
    """The query in words, each with what else it found among `hits`: marked texts, languages."""
    nodes = [node for node in tree.nodes(parsed.tree) if isinstance(node, tree.Widened)]
    if not nodes:
        return parsed.understood
    counts: dict[tree.Widened, Counter[str]] = {node: Counter() for node in nodes}
    shown: dict[str, str] = {}
    for text, language in hits:
        for word in terms(text):
            surface = text[word.start : word.end]
            found = frozenset(word_keys(surface, word.text, language))
            shown.setdefault(word.text, safe_line(surface))
            for node, counter in counts.items():
                if any(_is_of(part, word.text, found) for part in node.more):
                    counter[word.text] += 1
    said: dict[tree.Node, tuple[str, ...]] = {}
    for node, counter in counts.items():
        asked = {leaf.text for leaf in tree.leaves(node.asked) if isinstance(leaf, tree.Word)}
        others = [word for word, _ in counter.most_common() if word not in asked]
        said[node] = tuple(shown[word] for word in others[:_MOST])
    return safe_line(tree.in_words(parsed.tree, said))


def _is_of(node: tree.Node, term: str, keys: frozenset[str]) -> bool:
    """Whether a word alone is what a way of widening asks for."""
    match node:
        case tree.Or(parts):
            return any(_is_of(part, term, keys) for part in parts)
        case tree.Word(text):
            return term == text
        case tree.Keyed():
            return node.fits(keys)
    return False
