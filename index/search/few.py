"""Few articles, straight from the arrays: words, two side by side, and what narrows them.

What can be said in so few steps is answered without a plan, which costs more than these steps do.
All other queries, and all that find many articles, go the way of `execute` and `rank`.
"""

from typing import NamedTuple

import numpy as np
from whoosh import query

from index.search import tree
from index.search.codec import weighed
from index.search.compile import compiled
from index.search.forms import plainer
from index.search.nodes import OfDays
from index.search.order import Order, by_score
from index.search.phrases import phrased
from index.search.scoring import K1, rarity
from index.search.segment import ODD, TIMES, TITLE_TIMES, Array, Segment
from index.search.view import Leaf, View

MOST = 2048
"""Articles of the rarest word, where nothing but words narrows it."""
_REMEMBERED = 64
"""Widened words of which it is kept in mind whether there are others."""
DEEPEST = 1024
"""Articles wanted, at most."""
_WEIGHTS = weighed("text", TIMES.astype(np.float64), TITLE_TIMES.astype(np.float64))


class Few(NamedTuple):
    """How many articles are found, and the first of them by their score."""

    total: int
    order: Order


_NOTHING = Few(0, Order(np.zeros(0, np.int64), np.zeros(0)))


class _Asked(NamedTuple):
    """Words that must all be found, or stand side by side; days and languages that narrow them."""

    words: list[str]
    phrase: bool
    days: list[OfDays]
    languages: list[str]


def few(view: View, node: tree.Node, most: int) -> Few | None:
    """What `node` finds, of that the `most` best; None where it is not for here."""
    if most > DEEPEST:
        return None
    alone = _text_of(view, node)
    if alone is not None:
        return _word(view, alone, most)
    asked = _asked(view, node)
    if asked is None:
        return None
    terms = []
    for word in asked.words:
        numbers, holders = view.terms("text", word.encode())
        terms.append((holders, numbers))
    if not asked.phrase:
        terms.sort()
        if terms[0][0] > MOST and not asked.days and not asked.languages:
            return None
    parts: list[Array] = []
    codes: list[list[Array]] = [[] for _ in terms]
    for place, leaf in enumerate(view.leaves):
        numbers = [term[1][place] for term in terms]
        if min(numbers) < 0:
            continue
        found = _phrase(leaf, numbers) if asked.phrase else _narrowed(leaf, numbers, asked)
        if found is None:
            return None
        documents, held = found
        if leaf.alive is not None:
            alive = leaf.alive.take(documents)
            documents, held = documents.compress(alive), [one.compress(alive) for one in held]
        if len(documents):
            parts.append(documents + view.numpy_bases[place])
            for gathered, one, number in zip(codes, held, numbers, strict=True):
                gathered.append(weights(leaf.segment, number, documents, one))
    if not parts:
        return _NOTHING
    articles = joined(parts)
    scores = _scores(view, articles, [joined(one) for one in codes], [term[0] for term in terms])
    return Few(len(articles), by_score(view, articles, scores, most))


def _word(view: View, text: str, most: int) -> Few | None:
    """The same for a single word: nothing is asked more often."""
    numbers, holders = view.terms("text", text.encode())
    if holders > MOST:
        return None
    parts: list[Array] = []
    weighing: list[Array] = []
    for number, leaf, base in zip(numbers, view.leaves, view.numpy_bases, strict=False):
        if number < 0:
            continue
        segment = leaf.segment
        documents, codes = segment.stretch_of(number, 0, segment.documents)
        if leaf.alive is not None:
            alive = leaf.alive.take(documents)
            documents, codes = documents.compress(alive), codes.compress(alive)
        parts.append(documents + base)
        weighing.append(weights(segment, number, documents, codes))
    if not parts:
        return _NOTHING
    articles = joined(parts)
    scores = _scores(view, articles, [joined(weighing)], [holders])
    return Few(len(articles), by_score(view, articles, scores, most))


def joined(parts: list[Array]) -> Array:
    """All in one; of one part no copy."""
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def weights(segment: Segment, number: int, documents: Array, codes: Array) -> Array:
    """How much a word of the text weighs in articles, by its codes in them."""
    found: Array = _WEIGHTS.take(codes)
    if number in segment.odd_terms:
        odd = (codes == ODD).nonzero()[0]
        if len(odd):
            exact = segment.odd_times_of(number, documents[odd]).astype(np.float64)
            found[odd] = weighed("text", exact[:, 0], exact[:, 1])
    return found


def _scores(view: View, articles: Array, words: list[Array], holders: list[int]) -> Array:
    norms = view.norms("text").take(articles)
    total: Array | None = None
    for weight, count in zip(words, holders, strict=True):
        score = weight / (weight + norms)
        score *= rarity(view.count_all, count) * (K1 + 1)
        total = score if total is None else total + score
    assert total is not None, "there is a word"
    return total


def _text_of(view: View, node: tree.Node) -> str | None:
    """The word that `node` is, also one that is widened to others of which there are none here."""
    if isinstance(node, tree.Word):
        return None if node.field else node.text
    if not isinstance(node, tree.Widened) or not isinstance(node.asked, tree.Word):
        return None
    lone = view.lone.get(node)
    if lone is None:
        segments = [leaf.segment for leaf in view.leaves]
        lone = type(plainer(compiled(node, lambda _: ()), segments)) is query.Term
        if len(view.lone) >= _REMEMBERED:
            view.lone.pop(next(iter(view.lone)))
        view.lone[node] = lone
    return node.asked.text if lone else None


def _asked(view: View, node: tree.Node) -> _Asked | None:
    if isinstance(node, tree.Phrase):
        plain = not node.field and not node.slop and len(set(node.words)) == len(node.words) == 2
        return _Asked(list(node.words), True, [], []) if plain else None
    if not isinstance(node, tree.And):
        return None
    asked = _Asked([], False, [], [])
    for part in node.parts:
        text = _text_of(view, part)
        if text is not None:
            asked.words.append(text)
        elif isinstance(part, tree.Language):
            asked.languages.append(part.code)
        elif isinstance(part, tree.Dated):
            asked.days.append(OfDays(part.start, part.end))
        else:
            return None
    return asked if asked.words else None


def _phrase(leaf: Leaf, numbers: list[int]) -> tuple[Array, list[Array]] | None:
    found = phrased(leaf.segment, numbers, 1, "text")
    if found is None:
        return None
    codes = []
    for number in numbers:
        known = found.codes.get(number)
        codes.append(leaf.segment.codes_in(number, found.documents) if known is None else known)
    return found.documents, codes


def _narrowed(leaf: Leaf, numbers: list[int], asked: _Asked) -> tuple[Array, list[Array]] | None:
    """The articles of the first term that hold the others and are narrowed, and the codes in them.

    None where so many may be left that not all of them should be scored.
    """
    segment = leaf.segment
    low, high = 0, segment.documents
    for days in asked.days:
        begin, end = days.stretch(segment)
        low, high = max(low, begin), min(high, end)
    documents, codes = segment.stretch_of(numbers[0], low, max(high, low))
    for code in asked.languages:
        number = segment.language_numbers.get(code, -1)
        chosen = (segment.languages.take(documents) == number).nonzero()[0]
        documents, codes = documents.take(chosen), codes.take(chosen)
    held = [codes]
    for number in numbers[1:]:
        if not len(documents):
            break
        other = segment.codes_in(number, documents)
        chosen = (other != 0).nonzero()[0]
        documents, held = documents.take(chosen), [one.take(chosen) for one in (*held, other)]
    return documents, held + [codes[:0]] * (len(numbers) - len(held))
