"""Cleaning what is kept again: with a better cleaner, with what was learned, as the reader asks."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from index.catalog import Catalog
from index.catalog.revising import asked_json
from index.clean.keeping import spans, with_kept
from index.errors import NotFoundError
from index.ingest import USUAL, WHOLE, Habits, as_article, ingest, source_of, to_article
from index.model import Article, Document, Kept

_BATCH = 64
"""Articles in one transaction."""


class Known:
    """What the catalog knows of how to clean documents, looked up once a source."""

    def __init__(self, catalog: Catalog, *, cleaning: bool = True) -> None:
        self._catalog = catalog
        self._cleaning = cleaning
        self._uncleaned = catalog.sites.uncleaned()
        self._templates: dict[str, Habits] = {}

    def forget(self) -> None:
        """Look the sources up again: more has been learned."""
        self._templates.clear()

    def habits(self, document: Document) -> Habits:
        """How to clean `document`."""
        source = source_of(document)
        if not self._cleaning or source in self._uncleaned:
            return WHOLE
        if source is None:
            return USUAL
        if source not in self._templates:
            self._templates[source] = Habits(template=self._catalog.sites.template(source))
        return self._templates[source]

    def habits_of(self, kept: Kept) -> Habits:
        """How to clean an article of the catalog again."""
        usual = self.habits(kept.article.document)
        spared = self._catalog.revising.kept(kept.key)
        return Habits(usual.cleaning, usual.template, spared)


@dataclass(frozen=True, slots=True)
class Recleaned:
    """How far a recleaning is: articles done of all asked for, those changed, how many a second."""

    done: int
    of: int
    changed: int
    rate: float


def reclean(
    catalog: Catalog, keys: Sequence[int], asked: dict[str, object], workers: int | None = None
) -> Iterator[Recleaned]:
    """Clean the articles `keys` again, telling of the progress after each batch.

    Ids, flags, tags and what the reader asked to keep stay. `asked` says what was asked for: where
    the same was begun and not finished, it goes on from there.
    """
    job = catalog.revising.job(asked_json(**asked))
    waiting = iter(sorted(key for key in keys if key >= job.next))
    done, changed, started = sum(key < job.next for key in keys), 0, time.monotonic()
    fresh = 0
    while batch := list(islice(waiting, _BATCH)):
        articles = _again(catalog, batch, workers)
        job = job._replace(next=batch[-1] + 1)
        changed += catalog.revising.revise(articles, job)
        fresh += len(batch)
        rate = fresh / max(time.monotonic() - started, 1e-6)
        yield Recleaned(done + fresh, len(keys), changed, rate)
    catalog.revising.finish(job)


def _again(catalog: Catalog, keys: Sequence[int], workers: int | None) -> list[tuple[int, Article]]:
    known = Known(catalog)
    found = [catalog.get(key) for key in keys]
    habits = {id(one.article.document): known.habits_of(one) for one in found}
    documents = (one.article.document for one in found)
    articles = ingest(documents, habits=lambda one: habits[id(one)], workers=workers)
    return list(zip(keys, articles, strict=True))


def keep_block(catalog: Catalog, key: int, block: int, *, kept: bool) -> str:
    """Keep a block of an article though it was cut, or no longer; what was done, for `undo`.

    `block` counts the article's blocks from 0. NotFoundError where there is none.
    """
    one = catalog.get(key)
    cleaned = one.article.cleaned
    own = spans(cleaned.blocks)
    if not 0 <= block < len(own):
        raise NotFoundError("the article has no block {n}", n=block)
    first, past = own[block]
    others = [span for span in catalog.revising.kept(key) if span[1] <= first or span[0] >= past]
    document = one.article.document
    if kept:
        chosen = sorted([*others, (first, past)])
        article = as_article(document, with_kept(cleaned, [(first, past)]))
        what = "kept"
    else:
        chosen = others
        usual = Known(catalog).habits(document)
        article = to_article(document, Habits(usual.cleaning, usual.template, tuple(others)))
        what = "cut again"
    catalog.revising.keep(key, chosen, article, what)
    return what
