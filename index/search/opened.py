"""The best articles for a word not finished, without scoring all that begin so: most are alike."""

import numpy as np
from whoosh import query

from index.search.execute import Execution
from index.search.found import Found
from index.search.nodes import Flat
from index.search.order import Order, by_day
from index.search.rank import Ranker


def best_of_open(ranker: Ranker, found: list[Found], most: int) -> Order | None:
    """The `most` best of all `found`, where one word is asked for that may go on; else None.

    Those with the very word come first, by their scores; the others, all worth the same, by day.
    """
    asked, view = ranker.execution.asked, ranker.view
    if type(asked) is not query.Or or len(asked.subqueries) != 2 or asked.boost != 1.0:
        return None
    begun, word = asked.subqueries
    if type(begun) is not Flat or type(begun.child) is not query.Prefix:
        return None
    beginning = (begun.child.fieldname, begun.child.text)
    if type(word) is not query.Term or (word.fieldname, word.text) != beginning:
        return None
    execution = Execution(view, word, ranker.execution.stop)
    inner = Ranker(execution)
    first = inner.best_of_word(most)
    if first is None:
        first = inner.best([execution.run(leaf) for leaf in range(len(view.leaves))], most)
    articles, scores = first.articles, first.scores + begun.score
    if len(articles) < most:
        others = [_without(here, execution.match(word, leaf)) for leaf, here in enumerate(found)]
        rest = by_day(view, others, most - len(articles), oldest=False).articles
        articles = np.concatenate((articles, rest))
        scores = np.concatenate((scores, np.full(len(rest), float(begun.score))))
    return Order(articles, scores)


def _without(found: Found, some: Found) -> Found:
    if not len(some):
        return found
    mask = found.as_mask().copy()
    mask[some.as_list().astype(np.int64)] = False
    return Found.masked(mask)
