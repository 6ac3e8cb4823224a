"""Few articles, straight from the arrays: words, two side by side, and what narrows them.

What can be said in so few steps is answered without a plan, which costs more than these steps do.
All other queries, and all that find many articles, go the way of `execute` and `rank`.
"""

from collections.abc import Sequence
from typing import NamedTuple

from whoosh import query

from index.search import tree
from index.search.adjacent import adjacent
from index.search.forms import AnyForm, Way, plainer
from index.search.nodes import OfDays, stretch_of_days
from index.search.order import NOTHING, First, by_score
from index.search.segment import Array, Segment
from index.search.view import Term, View
from index.search.weights import WEIGHTS, joined, set_right
from index.search.widened import MOST, widened

DEEPEST = 1024
"""Articles wanted, at most."""


class _Asked(NamedTuple):
    """Words that must all be found, or stand side by side; days and languages that narrow them."""

    words: list[str]
    forms: list[AnyForm]
    phrase: bool
    days: list[OfDays]
    languages: list[str]


def few(view: View, node: tree.Node, most: int) -> First | None:
    """What `node` finds, of that the `most` best; None where it is not for here."""
    if most > DEEPEST:
        return None
    alone = _word_of(view, node)
    if alone is not None:
        if isinstance(alone, str):
            return _word(view, alone, most)
        return widened(view, [alone], [], [], most)
    asked = _asked(view, node)
    if asked is None:
        return None
    if asked.forms:
        forms = asked.forms + [AnyForm("text", (Way(1.0, word),)) for word in asked.words]
        return widened(view, forms, asked.days, asked.languages, most)
    terms = [view.term("text", word) for word in asked.words]
    if asked.phrase:
        return _phrase(view, terms, most)
    terms.sort(key=lambda term: term.holders)
    if terms[0].holders > MOST and not asked.days and not asked.languages:
        return None
    # Of several words the later ones are only looked up in articles of these languages.
    late = asked.languages if len(terms) == 1 else []
    early = [] if late else asked.languages
    found = _Found(terms)
    for place, leaf in enumerate(view.leaves):
        numbers = [term.numbers[place] for term in terms]
        if min(numbers) >= 0:
            documents, codes = _narrowed(leaf.segment, numbers, asked.days, early)
            if len(documents):
                found.add(place, documents, codes)
    return found.ordered(view, most, late)


def _word(view: View, text: str, most: int) -> First | None:
    """The same for a single word: nothing is asked more often."""
    term = view.term("text", text)
    if term.holders > MOST:
        return None
    places, documents, codes = view.postings(term)
    if not places:
        return NOTHING
    articles = view.numbered(places, documents)
    weights = WEIGHTS.take(joined(codes))
    if term.odd:
        _set_right(view, term, places, documents, codes, weights)
    if view.alive is not None:
        alive = view.alive.take(articles)
        articles, weights = articles.compress(alive), weights.compress(alive)
    scores = _scores(view, articles, [weights], [term])
    return First(len(articles), by_score(view, articles, scores, most))


def _phrase(view: View, terms: list[Term], most: int) -> First | None:
    """The same for two words side by side."""
    found = _Found(terms)
    unpaired: list[tuple[int, Segment, tuple[int, int]]] = []
    for place, leaf in enumerate(view.leaves):
        numbers = (terms[0].numbers[place], terms[1].numbers[place])
        if min(numbers) < 0:
            continue
        documents = leaf.segment.side_by_side(*numbers)
        if documents is None:
            unpaired.append((place, leaf.segment, numbers))
        elif len(documents):
            found.add(place, documents, [leaf.segment.codes_in(one, documents) for one in numbers])
    if unpaired:
        side_by_side = adjacent([(segment, *numbers) for _, segment, numbers in unpaired])
        if side_by_side is None:
            return None
        for (place, _, _), one in zip(unpaired, side_by_side, strict=True):
            found.add(place, *one)
    return found.ordered(view, most)


class _Found:
    """Articles of some segments that hold some terms."""

    def __init__(self, terms: list[Term]) -> None:
        self.terms = terms
        self.places: list[int] = []
        self.documents: list[Array] = []
        self.codes: list[list[Array]] = [[] for _ in terms]

    def add(self, place: int, documents: Array, codes: list[Array]) -> None:
        """Articles of a segment, and the codes of each term in them."""
        self.places.append(place)
        self.documents.append(documents)
        for gathered, one in zip(self.codes, codes, strict=True):
            gathered.append(one)

    def ordered(self, view: View, most: int, languages: Sequence[str] = ()) -> First:
        """How many there are that live and are in all of `languages`, and the `most` best."""
        if not self.places:
            return NOTHING
        articles = view.numbered(self.places, self.documents)
        chosen: Array | None = None
        if languages:
            # An article has one language: two that are asked for find nothing.
            numbers = {view.language_numbers.get(language, -1) for language in languages}
            spoken = view.languages().take(articles) == numbers.pop()
            chosen = spoken.nonzero()[0]
            if numbers or not len(chosen):
                return NOTHING
        words = [WEIGHTS.take(joined(codes)) for codes in self.codes]
        for term, codes, weights in zip(self.terms, self.codes, words, strict=True):
            if term.odd:
                _set_right(view, term, self.places, self.documents, codes, weights)
        if chosen is not None:
            articles, words = articles.take(chosen), [one.take(chosen) for one in words]
        if view.alive is not None:
            alive = view.alive.take(articles)
            articles, words = articles.compress(alive), [one.compress(alive) for one in words]
        scores = _scores(view, articles, words, self.terms)
        return First(len(articles), by_score(view, articles, scores, most))


def _set_right(
    view: View,
    term: Term,
    places: list[int],
    documents: list[Array],
    codes: list[Array],
    weights: Array,
) -> None:
    """Put into the weights of a term what its codes do not tell."""
    at = 0
    for place, articles, here in zip(places, documents, codes, strict=True):
        end = at + len(articles)
        set_right(weights[at:end], view.opened[place], term.numbers[place], articles, here)
        at = end


def _scores(view: View, articles: Array, words: list[Array], terms: list[Term]) -> Array:
    """The scores of articles; the weights of the words in them are given up for it."""
    norms = view.norms("text").take(articles)
    total: Array | None = None
    for score, term in zip(words, terms, strict=True):
        score /= score + norms  # noqa: PLW2901
        score *= term.worth  # noqa: PLW2901
        total = score if total is None else total + score
    assert total is not None, "there is a word"
    return total


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
    segment: Segment, numbers: list[int], days: list[OfDays], languages: list[str]
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
