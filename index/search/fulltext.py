"""The face of the full-text index: entries in, hits out. Nothing in it is not in the catalog."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh import columns, fields, formats, index, query, scoring
from whoosh.analysis import Analyzer, Token
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader
from whoosh.searching import Searcher
from whoosh.writing import SegmentWriter

from index.errors import ArchiveError
from index.model import Entry, Hits
from index.search import tree
from index.search.analysis import terms
from index.search.errors import Superseded
from index.search.query import ParsedQuery
from index.search.spelling import edits_within

FORMAT = 1
MARKER = "newsreader search index"
TITLE_WEIGHT = 4.0
UNDATED = np.iinfo(np.int32).min
_NAME = "MAIN"

Array = npt.NDArray[Any]
Sets = Callable[[tree.Flagged | tree.Tagged], Collection[int]]
Stop = Callable[[], bool]


class _Words(Analyzer):  # type: ignore[misc]  # Whoosh has no types
    """Our analysis, as Whoosh wants to call it."""

    def __call__(self, value: str, positions: bool = False, **_: object) -> Iterator[Token]:
        token = Token(positions=positions)
        for position, word in enumerate(terms(value)):
            token.text = word.text
            token.pos = position
            token.boost = 1.0
            token.stopped = False
            yield token


def _schema() -> fields.Schema:
    analyzer = _Words()

    def text() -> fields.TEXT:
        kind = fields.TEXT(analyzer=analyzer, phrase=True)
        kind.format = formats.Positions()
        return kind

    return fields.Schema(
        key=fields.ID(unique=True),
        number=fields.COLUMN(columns.NumericColumn("q")),
        day=fields.COLUMN(columns.NumericColumn("i")),
        language=fields.COLUMN(columns.RefBytesColumn()),
        outlet=fields.COLUMN(columns.RefBytesColumn()),
        title=text(),
        body=text(),
        source=text(),
        author=text(),
    )


class FullText:
    """A full-text index in `folder`.

    `needs_rebuild` is True where the folder holds none that this program wrote and can read: it
    then answers nothing until `rebuild()`, after which every entry has to be put again.
    One process writes at a time (the archive's lock sees to it); any number may read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.needs_rebuild = False
        self._index: index.FileIndex | None = None
        self._searcher: Searcher | None = None
        self._view: _View | None = None
        self._open()

    def _open(self) -> None:
        self._index = None
        try:
            if _manifest_holds(self.folder):
                storage = FileStorage(str(self.folder))
                self._index = index.FileIndex(storage, schema=_schema(), indexname=_NAME)
                self._look()
        except (OSError, index.IndexError, ValueError, KeyError, EOFError):
            self._index = None
        self.needs_rebuild = self._index is None

    def _look(self) -> None:
        assert self._index is not None
        if self._searcher is not None:
            self._searcher.close()
        self._searcher = self._index.searcher(weighting=scoring.BM25F(B=0.75, K1=1.2))
        self._view = _View(self._searcher, self._view)

    def rebuild(self) -> None:
        """Begin anew with an empty index. Mark everything as pending in the catalog first."""
        self.close()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for path in self.folder.iterdir():
                if path.name.startswith((f"{_NAME}_", f"_{_NAME}_", f"{_NAME}.tmp", "manifest")):
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            index.TOC.create(FileStorage(str(self.folder)), _schema(), _NAME)
            _write_manifest(self.folder)
        except OSError as error:
            raise ArchiveError(
                "The search index in {folder} cannot be written: {reason}",
                folder=str(self.folder),
                reason=error.strerror or str(error),
            ) from error
        self._open()

    def put(self, entries: Iterable[Entry]) -> None:
        """Add `entries`; those whose key is known take the place of the old ones."""
        self._change(list(entries), ())

    def delete(self, keys: Iterable[int]) -> None:
        """Forget the entries with these keys."""
        self._change([], keys)

    def _change(self, entries: list[Entry], keys: Iterable[int]) -> None:
        if self._index is None or self._view is None:
            raise ArchiveError("The search index has to be rebuilt first.")
        gone = set(keys) | {entry.key for entry in entries}
        if not gone:
            return
        newest = {entry.key: entry for entry in entries}
        try:
            self.refresh()
            writer = self._index.writer(limitmb=256)
            for document in self._view.documents(gone):
                writer.delete_document(document)
            for entry in newest.values():
                writer.add_document(
                    key=str(entry.key),
                    number=entry.key,
                    day=UNDATED if entry.day is None else entry.day,
                    language=entry.language.encode(),
                    outlet=entry.source.encode(),
                    title=entry.title,
                    body=entry.body,
                    source=entry.source,
                    author=entry.author,
                )
            writer.commit(mergetype=_merge_tiers)
            _write_manifest(self.folder)
        except OSError as error:
            raise ArchiveError(
                "The search index in {folder} cannot be written: {reason}",
                folder=str(self.folder),
                reason=error.strerror or str(error),
            ) from error
        self._look()

    def refresh(self) -> None:
        """See what another process has committed since."""
        if self._index is None:
            self._open()
        elif self._searcher is not None and not self._searcher.up_to_date():
            self._look()

    @property
    def count(self) -> int:
        """Entries held."""
        return 0 if self._view is None else int(np.count_nonzero(self._view.alive))

    def search(
        self,
        parsed: ParsedQuery,
        *,
        sort: str = "",
        offset: int = 0,
        limit: int = 64,
        facets: bool = True,
        ids: Sets | None = None,
        stop: Stop | None = None,
    ) -> Hits:
        """What `parsed` finds. `ids` gives the keys of a flag or tag; `stop` is asked now and then.

        `sort` is relevance, newest or oldest; empty: relevance where there are words, else newest.
        Undated entries come last in newest and oldest; equals are ordered by key, highest first.
        Raises Superseded once `stop()` is true.
        """
        sort = sort or ("relevance" if parsed.has_words else "newest")
        view = self._view
        if view is None:
            return Hits(0, [], [], parsed.understood)
        found, scores = view.run(parsed.tree, ids or (lambda _: ()), stop)
        documents = np.flatnonzero(found & view.alive)
        rank = -view.keys[documents]
        if sort == "relevance":
            order = np.lexsort((rank, -scores[documents]))
        else:
            days = view.days[documents].astype(np.int64)
            undated = days == UNDATED
            order = np.lexsort((rank, days if sort == "oldest" else -days, undated))
        shown = documents[order[offset : offset + limit]]
        return Hits(
            total=len(documents),
            keys=view.keys[shown].tolist(),
            scores=[round(score, 4) for score in scores[shown].tolist()],
            understood=parsed.understood,
            facets=view.facets(documents) if facets else {},
        )

    def close(self) -> None:
        """Let go of the files."""
        if self._searcher is not None:
            self._searcher.close()
        self._searcher = self._view = self._index = None


def _write_manifest(folder: Path) -> None:
    """Say which index this is and which TOC we wrote: nothing else is ever unpickled."""
    newest = _newest_toc(folder)
    said = {"is": MARKER, "format": FORMAT, "toc": newest.name, "sha256": _digest(newest)}
    temporary = folder / "manifest.tmp"
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(said, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / "manifest.json")


def _manifest_holds(folder: Path) -> bool:
    try:
        said = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if not isinstance(said, dict) or (said.get("is"), said.get("format")) != (MARKER, FORMAT):
            return False
        newest = _newest_toc(folder)
        return (said.get("toc"), said.get("sha256")) == (newest.name, _digest(newest))
    except (OSError, ValueError):
        return False


def _newest_toc(folder: Path) -> Path:
    tocs = [path for path in folder.iterdir() if path.suffix == ".toc"]
    if not tocs:
        raise FileNotFoundError(folder)
    return max(tocs, key=lambda path: int(path.stem.rsplit("_", 1)[1]))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _merge_tiers(writer: SegmentWriter, segments: list[Any]) -> list[Any]:
    """Merge ten segments of about one size into one: a document is copied log10 times at most."""
    tiers: dict[int, list[Any]] = {}
    for segment in segments:
        tiers.setdefault(len(str(segment.doc_count_all())), []).append(segment)
    kept = []
    for alike in tiers.values():
        if len(alike) < 10:
            kept.extend(alike)
            continue
        for segment in alike:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
    return kept


class _View:
    """The index as it stood at one moment: its columns as arrays, one row a document."""

    def __init__(self, searcher: Searcher, earlier: "_View | None") -> None:
        self.searcher = searcher
        self.segments: dict[str, tuple[Any, ...]] = {}
        known = earlier.segments if earlier else {}
        alive, rows = [], []
        for leaf, _ in searcher.leaf_searchers():
            reader = leaf.reader()
            if not reader.doc_count_all():
                continue
            name = reader.segment().segment_id()
            self.segments[name] = known.get(name) or _columns(reader)
            rows.append(self.segments[name])
            living = np.ones(reader.doc_count_all(), bool)
            living[list(reader.segment().deleted_docs())] = False
            alive.append(living)
        self.alive = _joined(alive, bool)
        self.keys = _joined([row[0] for row in rows], np.int64)
        self.days = _joined([row[1] for row in rows], np.int32)
        self.languages, self.language = _coded([row[2] for row in rows])
        self.sources, self.source = _coded([row[3] for row in rows])
        self._postings: dict[tree.TextNode, tuple[Array, Array]] = {}

    def documents(self, keys: Collection[int]) -> list[int]:
        """The numbers of the living documents that have these keys."""
        asked = np.fromiter(keys, np.int64, len(keys))
        found: list[int] = np.flatnonzero(np.isin(self.keys, asked) & self.alive).tolist()
        return found

    def run(self, node: tree.Node, ids: Sets, stop: Stop | None) -> tuple[Array, Array]:
        """Which documents `node` finds (a mask) and their scores."""
        every = len(self.alive)
        nothing = np.zeros(every, np.float32)
        match node:
            case tree.Every():
                return np.ones(every, bool), nothing
            case tree.And(parts):
                found, scores = np.ones(every, bool), nothing
                for part in parts:
                    more, points = self.run(part, ids, stop)
                    found = found & more
                    scores = scores + points
                return found, scores
            case tree.Or(parts):
                found, scores = np.zeros(every, bool), nothing
                for part in parts:
                    more, points = self.run(part, ids, stop)
                    found = found | more
                    scores = scores + points
                return found, scores
            case tree.Not(part):
                return ~self.run(part, ids, stop)[0], nothing
            case tree.Language(code):
                place = self.languages.index(code) if code in self.languages else -1
                return self.language == place, nothing
            case tree.Dated(start, end):
                first = (start.toordinal() - _EPOCH) if start else UNDATED + 1
                last = (end.toordinal() - _EPOCH) if end else np.iinfo(np.int32).max
                return (self.days >= first) & (self.days <= last), nothing
            case tree.Undated():
                return self.days == UNDATED, nothing
            case tree.Unsourced():
                place = self.sources.index("") if "" in self.sources else -1
                return self.source == place, nothing
            case tree.Flagged() | tree.Tagged():
                keys = ids(node)
                return np.isin(self.keys, np.fromiter(keys, np.int64, len(keys))), nothing
            case _:
                return self._text(node, stop)

    def _text(self, node: tree.TextNode, stop: Stop | None) -> tuple[Array, Array]:
        if node not in self._postings:
            if len(self._postings) > 64:
                self._postings.pop(next(iter(self._postings)))
            self._postings[node] = self._walk(node, stop)
        found, scores = self._postings[node]
        return found, scores if node.field in ("", "title", "body") else np.zeros_like(scores)

    def _walk(self, node: tree.TextNode, stop: Stop | None) -> tuple[Array, Array]:
        """Follow Whoosh's postings: slow (microseconds a posting), but right."""
        found = np.zeros(len(self.alive), bool)
        scores = np.zeros(len(self.alive), np.float32)
        for part in self._whoosh(node):
            for leaf, offset in self.searcher.leaf_searchers():
                matcher = part.matcher(leaf, self.searcher.context())
                steps = 0
                while matcher.is_active():
                    document = offset + matcher.id()
                    found[document] = True
                    scores[document] += matcher.score()
                    matcher.next()
                    steps += 1
                    if steps % 2048 == 0 and stop is not None and stop():
                        raise Superseded
        return found, scores

    def _whoosh(self, node: tree.TextNode) -> Iterator[query.Query]:
        for name in (node.field,) if node.field else ("title", "body"):
            boost = TITLE_WEIGHT if name == "title" and not node.field else 1.0
            match node:
                case tree.Word(text):
                    yield query.Term(name, text, boost=boost)
                case tree.Phrase(words, _, slop):
                    yield query.Phrase(name, list(words), slop=slop + 1, boost=boost)
                case _:
                    for text in self._expand(name, node):
                        yield query.Term(name, text, boost=boost)

    def _expand(self, name: str, node: tree.TextNode) -> Iterator[str]:
        """The words in the field `name` that a prefix, wildcard or misspelt word stands for."""
        reader = self.searcher.reader()
        match node:
            case tree.Prefix(text):
                yield from (word.decode() for word in reader.expand_prefix(name, text))
            case tree.Wildcard(pattern):
                like = query.Wildcard(name, pattern)
                yield from (word.decode() for word in like._btexts(reader))
            case tree.Fuzzy(text, distance):
                for word in reader.field_terms(name):
                    if edits_within(text, word, distance):
                        yield word

    def facets(self, documents: Array) -> dict[str, dict[str, int]]:
        """How many of `documents` are of each language, month and source."""
        return {
            "language": _counted(self.language[documents], self.languages, "und"),
            "month": _months(self.days[documents]),
            "source": _counted(self.source[documents], self.sources, "unknown"),
        }


_EPOCH = 719163  # date(1970, 1, 1).toordinal()


def _joined(arrays: list[Array], kind: type) -> Array:
    return np.concatenate(arrays) if arrays else np.zeros(0, kind)


def _columns(reader: SegmentReader) -> tuple[Any, ...]:
    count = reader.doc_count_all()
    numbers = reader.column_reader("number")
    days = reader.column_reader("day")
    languages = reader.column_reader("language")
    outlets = reader.column_reader("outlet")
    return (
        np.fromiter((numbers[i] for i in range(count)), np.int64, count),
        np.fromiter((days[i] for i in range(count)), np.int32, count),
        [languages[i].decode() for i in range(count)],
        [outlets[i].decode() for i in range(count)],
    )


def _coded(texts: list[list[str]]) -> tuple[list[str], Any]:
    """The distinct texts, and for each row the place of its text among them."""
    places: dict[str, int] = {}
    rows = [places.setdefault(text, len(places)) for part in texts for text in part]
    return list(places), np.array(rows, np.int64)


def _counted(rows: Array, names: list[str], unnamed: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for place, count in enumerate(np.bincount(rows, minlength=len(names)).tolist()):
        if count:
            name = names[place] or unnamed
            counts[name] = counts.get(name, 0) + count
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _months(days: Array) -> dict[str, int]:
    dated = days[days != UNDATED].astype("datetime64[D]").astype("datetime64[M]")
    months, counts = np.unique(dated, return_counts=True)
    found = dict(zip(months.astype(str).tolist(), counts.tolist(), strict=True))
    undated = len(days) - len(dated)
    if undated:
        found["undated"] = undated
    return found
