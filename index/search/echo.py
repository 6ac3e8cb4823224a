"""What a query was understood as, with the other forms and names that were found by it."""

from collections import Counter
from collections.abc import Iterable, Iterator

from index.search import tree
from index.search.analysis import read_keys, terms
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
        for name, surface, keys in _words(text, language):
            shown.setdefault(" ".join(name), safe_line(surface))
            for node, counter in counts.items():
                if any(_is_of(part, name, keys) for part in node.more):
                    counter[" ".join(name)] += 1
    said: dict[tree.Node, tuple[str, ...]] = {}
    for node, counter in counts.items():
        asked = {leaf.text for leaf in tree.leaves(node.asked) if isinstance(leaf, tree.Word)}
        others = [word for word, _ in counter.most_common() if word not in asked]
        said[node] = tuple(shown[word] for word in others[:_MOST])
    return safe_line(tree.in_words(parsed.tree, said))


def _words(text: str, language: str) -> Iterator[tuple[tuple[str, ...], str, frozenset[str]]]:
    """The words marked in one piece, one by one and all together: folded, as written, keys."""
    found = terms(text)
    for word in found:
        surface = text[word.start : word.end]
        yield (word.text,), surface, read_keys(surface, word.text, language)
    if found[1:]:
        yield tuple(word.text for word in found), text, frozenset()


def _is_of(node: tree.Node, asked: tuple[str, ...], keys: frozenset[str]) -> bool:
    """Whether these words are what a way of widening asks for."""
    match node:
        case tree.Or(parts):
            return any(_is_of(part, asked, keys) for part in parts)
        case tree.Word(text):
            return asked == (text,)
        case tree.Phrase(texts):
            return asked == texts
        case tree.Keyed():
            return node.fits(keys)
    return False
