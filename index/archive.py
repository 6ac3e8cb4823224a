"""The archive: one catalog and its search index. Opening it finishes what a crash left undone."""

import time
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Self

from index.catalog import Catalog, Line
from index.dates import today
from index.errors import (
    ArchiveError,
    ArchiveLockedError,
    NewsreaderError,
    NotFoundError,
)
from index.indexing import level
from index.model import Kept, Page, Query, Row
from index.places import Home, writer_lock
from index.search.analysis import forget as forget_keys
from index.search.echo import echo
from index.search.expand import expand
from index.search.expand import forget as forget_widened
from index.search.fulltext import FullText
from index.search.highlight import highlight, may_mention
from index.search.query import ParsedQuery, parse, with_options
from index.search.tree import Flagged, Tagged
from index.search.typing import open_last_word
from index.text.lemmas import prepare
from index.text.stems import missing_dictionaries

if TYPE_CHECKING:
    from array import array

    from index.catalog.ledger import Status
    from index.importing import Progress
    from index.recleaning import Recleaned

_AT_ONCE = 200
"""So many pending articles are indexed on opening; more are left to `sync`, which takes time."""
_SNIPPET = 160
_ALL = 2**62


class Archive:
    """The articles in one home, to search, read, mark and add to.

    Readers and one writer may share it: only importing, `sync` and `rebuild` take the writer's
    lock. Raises ArchiveError where the files cannot be used.
    """

    def __init__(self, home: Home, names: tuple[Path, ...] = ()) -> None:
        """Open `home`; `names` are the user's tables of names (see assets/aliases.toml)."""
        self.home = home
        self._names = names
        home.make()
        self.catalog = _catalog(home)
        self.fulltext = FullText(home.index)
        self._stamp = self.catalog.stamp
        self._tagged: dict[str, array[int]] | None = None
        self._flagged: dict[str, array[int]] = {}
        self.is_index_new = False
        """Whether the index was lost or damaged, and begun anew: `sync` fills it."""
        self._finish()
        self._wanting = missing_dictionaries(self.fulltext.languages)

    def close(self) -> None:
        """Close both stores."""
        self.fulltext.close()
        self.catalog.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _finish(self) -> None:
        """Index what a crash left pending, if that is quick and nobody else is at it."""
        try:
            with writer_lock(self.home):
                if self.fulltext.needs_rebuild or self._index_is_lost():
                    self.fulltext.rebuild()
                    self.catalog.unsettle()
                    self.is_index_new = True
                if 0 < self.catalog.pending_count() <= _AT_ONCE:
                    for _ in self._sync():
                        pass
        except ArchiveLockedError:
            return  # the writer does it
        except ArchiveError:
            if self.catalog.count() and self.fulltext.needs_rebuild:
                raise

    def _index_is_lost(self) -> bool:
        """Whether the index holds less than the catalog thinks it took, or is of another one."""
        pending = self.catalog.pending_count()
        taken, held = self.catalog.count() - pending, self.fulltext.count
        return held < taken or (not pending and held > taken)

    # ---- in

    def importing(
        self, paths: Sequence[str], *, cleaning: bool = True, workers: int | None = None
    ) -> "Generator[Status | Progress, None, None]":
        """Import `paths`, telling of each item and, now and then, of the progress.

        Everything told of is kept, whatever happens next; closing the iterator stops the import.
        Raises ArchiveLockedError where another program is writing.
        """
        from index.importing import Import  # noqa: PLC0415 - the cleaner; searching never needs it

        with writer_lock(self.home):
            number = self.catalog.ledger.begin(paths)
            work = Import(self.home, self.catalog, self.fulltext, number)
            yield from work.run(paths, cleaning=cleaning, workers=workers)
            self.catalog.ledger.finish(number)

    def recleaning(
        self, keys: Sequence[int], asked: dict[str, object], *, workers: int | None = None
    ) -> Iterator["Recleaned"]:
        """Clean the articles `keys` again; `asked` names the work, so that it can be gone on with.

        Everything told of is kept, whatever happens next. Raises ArchiveLockedError where another
        program is writing.
        """
        from index.importing import SLOWEST_SYNC_S  # noqa: PLC0415 - as above
        from index.recleaning import reclean  # noqa: PLC0415 - as above

        with writer_lock(self.home):
            started = time.monotonic()
            for step in reclean(self.catalog, keys, asked, workers):
                if time.monotonic() - started > SLOWEST_SYNC_S:
                    for _ in self._sync():
                        pass
                    started = time.monotonic()
                yield step
            for _ in self._sync():
                pass

    def keep(self, key: int, block: int, *, kept: bool) -> str:
        """Keep a block that was cut, or no longer; what was done. The index takes it at `sync`."""
        from index.recleaning import keep_block  # noqa: PLC0415 - as above

        return keep_block(self.catalog, key, block, kept=kept)

    def sync(self) -> Iterator[tuple[int, int]]:
        """Bring the index level with the catalog; tells (done, left) after each step."""
        with writer_lock(self.home):
            yield from self._sync()

    def rebuild(self) -> Iterator[tuple[int, int]]:
        """Make the index anew from the catalog; tells (done, left) after each step."""
        with writer_lock(self.home):
            self.fulltext.rebuild()
            self.catalog.unsettle()
            yield from self._sync()

    def _sync(self) -> Iterator[tuple[int, int]]:
        return level(self.home, self.catalog, self.fulltext)

    def catch_up(self) -> None:
        """Index what a reader's change left pending, unless another program is writing."""
        with suppress(ArchiveLockedError), writer_lock(self.home):
            if 0 < self.catalog.pending_count() <= _AT_ONCE:
                for _ in self._sync():
                    pass

    # ---- out

    def parse(self, query: Query, locale: str = "en") -> ParsedQuery:
        """What `query` means today. Raises QueryError."""
        day = self.today()
        parsed = parse(query.text, today=day, locale=locale)
        if query.typing:
            parsed = open_last_word(parsed)
        parsed = with_options(parsed, query, today=day, locale=locale)
        return expand(parsed, self.fulltext.languages, self._names)

    def search(
        self,
        query: Query,
        *,
        locale: str = "en",
        offset: int = 0,
        limit: int = 20,
        facets: bool = True,
        snippets: bool = True,
        keep: str | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> tuple[Page, ParsedQuery]:
        """The articles that `query` asks for, `limit` of them from `offset`. Raises QueryError.

        The page tells the place of the article with id `keep` among all that is found.
        """
        start = time.perf_counter()
        parsed = self.parse(query, locale)
        sort = query.sort or ("relevance" if parsed.has_words else "newest")
        hits = self.fulltext.search(
            parsed,
            sort=sort,
            offset=offset,
            limit=limit,
            facets=facets,
            ids=self._ids,
            tags=self._tags() if facets else None,
            keep=self._key_of(keep),
            stop=stop,
        )
        rows = self._rows(parsed, hits.keys, hits.scores, snippets=snippets)
        took = (time.perf_counter() - start) * 1000
        page = Page(
            echo(parsed, _marked(rows)), hits.total, round(took, 1), rows, hits.facets, sort,
            hits.place,
        )  # fmt: skip
        return page, parsed

    def find(self, query: Query, locale: str = "en") -> list[int]:
        """The keys of all articles that `query` asks for."""
        parsed = self.parse(query, locale)
        hits = self.fulltext.search(
            parsed, sort="newest", offset=0, limit=_ALL, facets=False, ids=self._ids
        )
        return hits.keys

    def asked(self, request: dict[str, object]) -> list[int]:
        """The keys of the `articles` a request names, or of what its `source` or `query` finds.

        All where it names none of them.
        """
        names, source, text = (request.get(name) for name in ("articles", "source", "query"))
        if isinstance(names, list):
            return sorted({self.catalog.find(str(name)) for name in names})
        if isinstance(source, str) and source:
            return self.catalog.sites.articles(source)
        if isinstance(text, str) and text:
            return sorted(self.find(Query(text)))
        return list(self.catalog.keys())

    def get(self, name: str) -> Kept:
        """The article with id `name`. Raises NotFoundError."""
        return self.catalog.get(self.catalog.find(name))

    def today(self) -> date:
        """The day that relative dates count from."""
        return today()

    def warm(self) -> None:
        """Load what looking for a word needs (names, dictionaries) before somebody waits for it."""
        with suppress(NewsreaderError):
            self.parse(Query("word слово"))

    @property
    def is_wanting(self) -> bool:
        """Whether dictionaries of its languages have yet to be compiled: see `prepare`."""
        return bool(self._wanting)

    def prepare(self) -> None:
        """Compile the dictionaries of its languages, some seconds for each that is not yet."""
        prepare(missing_dictionaries(self.fulltext.languages))

    def refresh(self) -> None:
        """See what another process has committed, dictionaries included."""
        self.fulltext.refresh()
        wanting = missing_dictionaries(self.fulltext.languages)
        if wanting != self._wanting:
            self._wanting = wanting
            forget_keys()
            forget_widened()
            self.fulltext.forget_words()

    def _key_of(self, name: str | None) -> int | None:
        try:
            return self.catalog.find(name) if name else None
        except NotFoundError:
            return None

    def _ids(self, node: Flagged | Tagged) -> Collection[int]:
        if isinstance(node, Tagged):
            wanted = node.tag.casefold()
            return [
                key
                for name, keys in self._tags().items()
                if name.casefold() == wanted
                for key in keys
            ]
        return self._marked_so(node.flag)

    def _tags(self) -> dict[str, "array[int]"]:
        """The keys of each tag, as they are now: asked of the catalog again after each change."""
        self._look_at_marks()
        if self._tagged is None:
            self._tagged = self.catalog.marks.tags()
        return self._tagged

    def _marked_so(self, flag: str) -> "array[int]":
        self._look_at_marks()
        if flag not in self._flagged:
            self._flagged[flag] = self.catalog.marks.flagged(flag)
        return self._flagged[flag]

    def _look_at_marks(self) -> None:
        stamp = self.catalog.stamp
        if stamp != self._stamp:
            self._stamp, self._tagged, self._flagged = stamp, None, {}

    def _rows(
        self, parsed: ParsedQuery, keys: Sequence[int], scores: Sequence[float], *, snippets: bool
    ) -> tuple[Row, ...]:
        lines = self.catalog.lines(keys)
        score = dict(zip(keys, scores, strict=False))
        marked = parsed.has_words
        bodies = self.catalog.bodies(keys) if snippets and marked else {}
        rows = []
        for line, tags in lines:
            snippet, spans = self._snippet(parsed, bodies.get(line.key, []), line.language)
            rows.append(
                Row(
                    id=line.id,
                    title=line.title,
                    lede=line.lede,
                    snippet=snippet,
                    language=line.language,
                    date=line.date,
                    source=line.source,
                    score=round(float(score.get(line.key, 0.0)), 4),
                    date_from=line.date_from,
                    minutes=minutes(line),
                    read=line.read,
                    starred=line.starred,
                    tags=tags,
                    language_sure=line.language_sure,
                    title_hits=self._hits(parsed, line.title, line.language) if marked else (),
                    # A list shows the lede where there is no title: elsewhere nobody looks.
                    lede_hits=self._hits(parsed, line.lede, line.language)
                    if marked and not line.title
                    else (),
                    snippet_hits=spans,
                )
            )
        return tuple(rows)

    def _hits(
        self, parsed: ParsedQuery, text: str | None, language: str
    ) -> tuple[tuple[int, int], ...]:
        if not text or not may_mention(parsed, text):
            return ()
        return highlight(parsed, text, language=language)

    def _snippet(
        self, parsed: ParsedQuery, body: Sequence[str], language: str
    ) -> tuple[str, tuple[tuple[int, int], ...]]:
        """The words around the first hit in `body`, and where the hits are in them."""
        for paragraph in body:
            spans = self._hits(parsed, paragraph, language)
            if spans:
                return _around(paragraph, spans)
        return "", ()


def _marked(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """What is marked in the rows, and the language it is in."""
    for row in rows:
        for text, spans in (
            (row.title, row.title_hits),
            (row.lede, row.lede_hits),
            (row.snippet, row.snippet_hits),
        ):
            for start, end in spans:
                yield (text or "")[start:end], row.language


def minutes(line: Line) -> int:
    """Reading time: 220 words a minute, 450 characters where words are not spaced."""
    pace = 450 if line.language.split("_")[0] in {"zh", "ja", "th", "lo", "km", "my"} else 220
    return max(1, round(line.words / pace))


def _around(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """About 160 characters of `text` around its first span, cut at spaces, with the spans in it."""
    first = spans[0][0]
    start = max(0, first - _SNIPPET // 3)
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + _SNIPPET)
    if end < len(text):
        space = text.rfind(" ", start + _SNIPPET // 2, end)
        end = space if space >= 0 else end
    before, after = "…" if start else "", "…" if end < len(text) else ""
    shift = len(before) - start
    inside = tuple((a + shift, b + shift) for a, b in spans if a >= start and b <= end)
    return f"{before}{text[start:end]}{after}", inside


def _catalog(home: Home) -> Catalog:
    """The catalog, to write where that is possible."""
    try:
        return Catalog(home.catalog, write=True)
    except ArchiveError as error:
        try:
            return Catalog(home.catalog, write=False)
        except ArchiveError:
            raise error from None  # what keeps it from being read, too
