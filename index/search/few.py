"""Few articles, straight from the arrays: words, two side by side, and what narrows them.

What can be said in so few steps is answered without a plan, which costs more than these steps do.
All other queries, and all that find many articles, go the way of `execute` and `rank`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from whoosh import query

from index.search import tree
from index.search.adjacent import Pair, adjacent
from index.search.forms import AnyForm, plainer
from index.search.gathered import Gathered
from index.search.many import MOST_WORDS, all_of, any_of
from index.search.nodes import OfDays, stretch_of_days
from index.search.order import NOTHING, First, first_by_score
from index.search.scoring import UNIT
from index.search.segment import Array, Segment
from index.search.sides import Side
from index.search.view import Term, View
from index.search.weights import WEIGHTS, joined
from index.search.widened import MOST, widened

_MANY = 2048
"""Articles of some words that are not all scored."""
DEEPEST = 1024
"""Articles wanted, at most."""


class _Asked(NamedTuple):
    """Words that must all be found, or stand side by side; days and languages that narrow them."""

    words: list[str]
    forms: list[AnyForm]
    phrase: bool
    days: list[OfDays]
    languages: list[str]


def few(view: View, node: tree.Node, most: int, *, whole: bool = False) -> First | None:
    """What `node` finds, of that the `most` best; None where it is not for here.

    With `whole` all articles found are put together.
    """
    if most > DEEPEST:
        return None
    alone = _word_of(view, node)
    if alone is not None:
        if isinstance(alone, str):
            return _word(view, alone, most)
        return widened(view, [alone], [], [], most)
    if isinstance(node, tree.Or):
        return None if whole else _any(view, node, most)
    asked = _asked(view, node)
    if asked is None:
        return None
    plain = not asked.days and not asked.languages
    if asked.forms:
        words = len(asked.forms) + len(asked.words)
        if plain and words <= MOST_WORDS:
            terms = [view.term("text", word) for word in asked.words]
            sides = [Side(view, term) for term in terms]
            sides += [Side(view, form) for form in asked.forms]
            if min(side.holders for side in sides) > _MANY:
                return None if whole else all_of(view, sides, most)
        terms = [view.term("text", word) for word in asked.words]
        return widened(view, [*terms, *asked.forms], asked.days, asked.languages, most)
    if len(asked.words) == 1:
        return _word(view, asked.words[0], most, asked.days, asked.languages)
    terms = [view.term("text", word) for word in asked.words]
    if asked.phrase:
        return _phrase(view, terms, most)
    terms.sort(key=lambda term: term.holders)
    if terms[0].holders > _MANY and plain:
        if whole or len(terms) > MOST_WORDS:
            return None
        return all_of(view, [Side(view, term) for term in terms], most)
    found = Gathered(terms)
    for place, segment in enumerate(view.opened):
        numbers = [term.numbers[place] for term in terms]
        if min(numbers) >= 0:
            documents, codes = _narrowed(segment, numbers, asked.days, asked.languages)
            if len(documents):
                found.add(place, documents, codes)
    return found.first(view, most)


def _any(view: View, node: tree.Or, most: int) -> First | None:
    """The same for words any of which is enough."""
    sides = []
    for part in node.parts:
        word = _word_of(view, part)
        if word is None:
            return None
        sides.append(Side(view, view.term("text", word) if isinstance(word, str) else word))
    return any_of(view, sides, most) if sum(side.holders for side in sides) > _MANY else None


def _word(
    view: View, text: str, most: int, days: Sequence[OfDays] = (), languages: Sequence[str] = ()
) -> First | None:
    """The same for a single word: nothing is asked more often, so it takes the fewest steps."""
    letters, holders, held, has_row = text.encode(), 0, [], False
    for place, segment in enumerate(view.opened):
        number = segment.find("text", letters)
        if number >= 0:
            if segment.has_odd and number in segment.odd_terms:
                return _odd_word(view, text, most, days, languages)
            holders += segment.frequency(number)
            held.append((place, segment, number))
            has_row = has_row or number in segment.dense
    if holders > (_MANY if has_row else MOST) and not days and not languages:
        return None  # the best of rows are read off
    places, documents, codes = [], [], []
    for place, segment, number in held:
        low, high = stretch_of_days(days, segment) if days else (0, segment.documents)
        here, of_them = segment.stretch_of(number, low, high)
        if len(here):
            places.append(place)
            documents.append(here)
            codes.append(of_them)
    if not places:
        return NOTHING
    articles, whole = view.numbered(places, documents), joined(codes)
    if languages:
        # An article has one language: two that are asked for find nothing.
        number = view.language_numbers.get(languages[0], -1) if len(set(languages)) == 1 else -1
        chosen = (view.languages()[articles] == number).nonzero()[0]
        if not len(chosen):
            return NOTHING
        articles, whole = articles[chosen], whole[chosen]
    if view.alive is not None:
        alive = view.alive.take(articles)
        articles, whole = articles.compress(alive), whole.compress(alive)
    weights = WEIGHTS.take(whole)
    units = weights + view.norms("text")[articles]
    np.divide(weights, units, units)
    units *= np.array(view.worth(holders) * UNIT)
    return first_by_score(view, articles, units, most)


def _odd_word(
    view: View, text: str, most: int, days: Sequence[OfDays], languages: Sequence[str]
) -> First | None:
    """The same for one that stands so often in an article that codes do not tell."""
    term = view.term("text", text)
    if term.holders > MOST and not days and not languages:
        return None
    found = Gathered([term])
    for place, number in enumerate(term.numbers):
        if number >= 0:
            documents, codes = _narrowed(view.opened[place], [number], days, languages)
            if len(documents):
                found.add(place, documents, codes)
    return found.first(view, most)


def _phrase(view: View, terms: list[Term], most: int) -> First | None:
    """The same for two words side by side."""
    found = Gathered(terms)
    unpaired: list[Pair] = []
    first, second = terms
    for place, segment in enumerate(view.opened):
        before, behind = first.numbers[place], second.numbers[place]
        if before < 0 or behind < 0:
            continue
        documents = segment.side_by_side(before, behind)
        if documents is None:
            unpaired.append(Pair(view.bases[place], segment, before, behind))
        elif len(documents):
            codes = [segment.codes_at(before, documents), segment.codes_at(behind, documents)]
            found.add(place, documents, codes)
    if unpaired:
        side_by_side = adjacent(unpaired)
        if side_by_side is None:
            return None
        found.add_numbered(*side_by_side)
    return found.first(view, most)


def _word_of(view: View, node: tree.Node) -> str | AnyForm | None:
    """The word that `node` is, or a word in any of its forms, of which there are others here."""
    if isinstance(node, tree.Word):
        return None if node.field else node.text
    if not isinstance(node, tree.Widened) or not isinstance(node.asked, tree.Word):
        return None
    found = plainer(view.known.query(node), view.opened)
    if type(found) is query.Term:
        return node.asked.text
    return found if type(found) is AnyForm and found.fieldname == "text" else None


def _asked(view: View, node: tree.Node) -> _Asked | None:
    if isinstance(node, tree.Phrase):
        plain = not node.field and not node.slop and len(set(node.words)) == len(node.words) == 2
        return _Asked(list(node.words), [], True, [], []) if plain else None
    if not isinstance(node, tree.And):
        return None
    asked = _Asked([], [], False, [], [])
    for part in node.parts:
        word = _word_of(view, part)
        if isinstance(word, str):
            asked.words.append(word)
        elif word is not None:
            asked.forms.append(word)
        elif isinstance(part, tree.Language):
            asked.languages.append(part.code)
        elif isinstance(part, tree.Dated):
            asked.days.append(OfDays(part.start, part.end))
        else:
            return None
    return asked if asked.words or asked.forms else None


def _narrowed(
    segment: Segment,
    numbers: list[int],
    days: Sequence[OfDays],
    languages: Sequence[str],
) -> tuple[Array, list[Array]]:
    """The articles of the first term that hold the others and are narrowed, and the codes."""
    documents, codes = segment.stretch_of(numbers[0], *stretch_of_days(days, segment))
    for code in languages:
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
