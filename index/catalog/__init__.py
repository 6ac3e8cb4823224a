"""The catalog: articles, their original bytes and what a person did with them, in SQLite.

Each method is one transaction. `pending` names the articles that the search index has yet to take;
it is written in the transaction of the change, so no crash can lose one. When you add a method that
writes, add it to the tests of a locked and of a full catalog.
"""

import json
from base64 import b32encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

from index.catalog import packing, state
from index.catalog.connection import Database, now
from index.catalog.health import Health
from index.catalog.languages import Languages
from index.catalog.ledger import Ledger, Status
from index.catalog.marks import Marks
from index.catalog.revising import Revising
from index.catalog.saved import Places, Saved
from index.catalog.sites import Sites
from index.catalog.undo import Undo
from index.dates import day_number
from index.errors import DamagedError, NotFoundError
from index.model import Article, Entry, Kept

_DAMAGED = "the article {id} is damaged in {path}; newsreader doctor tells what can be done"
_T = TypeVar("_T")


_FEED_LINES, _MOST_LINES = 3, 2_000


class Line(NamedTuple):
    """What a list shows of an article."""

    key: int
    id: str
    title: str | None
    lede: str
    source: str | None
    language: str
    language_sure: float
    date: str | None
    date_from: str | None
    words: int
    read: bool
    starred: bool


class Catalog:
    """One SQLite file. Raises ArchiveError for all that SQLite may say."""

    def __init__(self, path: Path, *, write: bool) -> None:
        self.path = path
        self._db = Database(path, write=write)
        self._sql = self._db.sql
        self.undo = Undo(self._db)
        self.marks = Marks(self._db, self.undo)
        self.saved = Saved(self._db, self.undo)
        self.places = Places(self._db)
        self.languages = Languages(self._db, self.undo)
        self.sites = Sites(self._db, self.undo)
        self.revising = Revising(self._db, self.undo)
        self.ledger = Ledger(self._db)
        self.health = Health(self._db)
        state.register(self._db, self.undo)

    @property
    def database(self) -> Database:
        """The file itself: for those in this room."""
        return self._db

    def close(self) -> None:
        """Close the file."""
        self._sql.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def stamp(self) -> tuple[int, int]:
        """Changes with every commit: the first part with others', the second with our own."""
        with self._db.honest():
            others = int(self._sql.execute("PRAGMA data_version").fetchone()[0])
        return others, self._sql.total_changes

    # ---- articles in

    def known(self, name: str, digest: str) -> str | None:
        """The id of the article met under identity `name` with just these bytes, else None."""
        with self._db.honest():
            row = self._sql.execute(
                "SELECT article.id FROM identity JOIN article USING (key)"
                " WHERE name = ? AND identity.sha256 = ?",
                (name, digest),
            ).fetchone()
        return row[0] if row else None

    def put(self, articles: Iterable[Article]) -> list[Status]:
        """Keep `articles`, all or none; say of each whether it was added, updated or unchanged."""
        with self._db.writing():
            self._sql.execute("UPDATE clock SET change = change + 1")
            return [self._put(article) for article in articles]

    def _put(self, article: Article) -> Status:
        document = article.document
        digest = sha256(document.original).hexdigest()
        reason = "; ".join((*document.problems, *article.remarks)) or None
        found = self._sql.execute(
            "SELECT key, sha256 FROM identity WHERE name = ?", (document.identity,)
        ).fetchone()
        if found and found[1] == digest:
            return Status(document.origin, "unchanged", self._id(found[0]), reason)
        same = self._sql.execute("SELECT key FROM article WHERE sha256 = ?", (digest,)).fetchone()
        if same:  # these bytes are here already, under another name
            self._name(document.identity, same[0], digest)
            return Status(document.origin, "unchanged", self._id(same[0]), reason)
        if found and self._names(found[0]) == 1:
            key, status = int(found[0]), "updated"
            self._write(key, self._id(key), article, digest)
            self._sql.execute("DELETE FROM keeping WHERE key = ?", (key,))  # of other bytes
        else:  # new; or its bytes changed while another name still stands for the old ones
            public = self._free_id(digest)
            cursor = self._sql.execute("SELECT coalesce(max(key), 0) + 1 FROM article")
            key, status = int(cursor.fetchone()[0]), "added"
            self._write(key, public, article, digest)
            self._learn(article)
        self._name(document.identity, key, digest)
        self._sql.execute("INSERT OR REPLACE INTO pending SELECT ?, change FROM clock", (key,))
        return Status(document.origin, status, self._id(key), reason)

    def _write(self, key: int, public: str, article: Article, digest: str) -> None:
        document, cleaned = article.document, article.cleaned
        self._sql.execute(
            "INSERT INTO article VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,'detected')"
            " ON CONFLICT (key) DO UPDATE SET sha256 = excluded.sha256,"
            " origin = excluded.origin, url = excluded.url, title = excluded.title,"
            " byline = excluded.byline, lede = excluded.lede,"
            " source = excluded.source, date = excluded.date,"
            " language = iif(language_by = 'reader', language, excluded.language),"
            " language_sure = iif(language_by = 'reader', language_sure, excluded.language_sure),"
            " date_from = excluded.date_from, words = excluded.words",
            (
                key, public, digest, document.origin, document.stated.url, cleaned.title,
                cleaned.byline, article.lede, article.source, article.language,
                article.language_sure, cleaned.date, cleaned.date_from, article.words, now(),
            ),
        )  # fmt: skip
        self._sql.execute(
            "INSERT OR REPLACE INTO content VALUES (?,?,?,?,?,?,?)",
            (
                key,
                document.form.value,
                document.encoding,
                packing.packed(document.original),
                json.dumps(asdict(document.stated), ensure_ascii=False),
                json.dumps(document.problems, ensure_ascii=False),
                packing.packed(packing.cleaned_json(cleaned)),
            ),
        )

    def _learn(self, article: Article) -> None:
        """Count the lines of a new article among those of its source; a feed's item has none."""
        from index.clean.memory import line_key  # noqa: PLC0415 - the cleaner is heavy

        blocks = article.cleaned.blocks
        if article.source and len(blocks) > _FEED_LINES:
            lines = (line_key(block.text) for block in blocks[:_MOST_LINES])
            self.sites.learn(article.source, set(lines))

    def _id(self, key: int) -> str:
        return str(self._sql.execute("SELECT id FROM article WHERE key = ?", (key,)).fetchone()[0])

    def _free_id(self, digest: str) -> str:
        """The shortest free name, from 10 characters, that `digest` gives."""
        name = b32encode(bytes.fromhex(digest)).decode().lower().rstrip("=")
        for length in range(10, len(name)):
            if not self._sql.execute(
                "SELECT 1 FROM article WHERE id = ?", (name[:length],)
            ).fetchone():
                return name[:length]
        count = self._sql.execute("SELECT count(*) FROM article").fetchone()[0]
        return f"{name}{count}"

    def _name(self, name: str, key: int, digest: str) -> None:
        self._sql.execute("INSERT OR REPLACE INTO identity VALUES (?,?,?)", (name, key, digest))

    def _names(self, key: int) -> int:
        count = self._sql.execute("SELECT count(*) FROM identity WHERE key = ?", (key,)).fetchone()
        return int(count[0])

    # ---- articles out

    def count(self) -> int:
        """How many articles there are."""
        with self._db.honest():
            return int(self._sql.execute("SELECT count(*) FROM article").fetchone()[0])

    def find(self, name: str) -> int:
        """The key of the article with id `name`, or whose id alone starts so. NotFoundError."""
        with self._db.honest():
            rows = self._sql.execute(
                "SELECT key, id FROM article WHERE id >= ? AND id < ? ORDER BY id LIMIT 2",
                (name, name + "\U0010ffff"),
            ).fetchall()
            self._refuse_damaged("article", [key for key, _ in rows[:1]])
        exact = [key for key, public in rows if public == name]
        if name and (exact or len(rows) == 1):
            return int(exact[0] if exact else rows[0][0])
        if rows and name:
            raise NotFoundError("several articles have an id that starts with {id}", id=name)
        self._look_everywhere(name)
        raise NotFoundError("there is no article {id}", id=name)

    def _look_everywhere(self, name: str) -> None:
        """Make sure that no article is called `name`: the way to it may be what is damaged."""
        with self._db.honest():
            if self._sql.execute(
                "SELECT 1 FROM article NOT INDEXED WHERE id = ?", (name,)
            ).fetchone():
                raise DamagedError(_DAMAGED, path=self.path, id=name)

    def _refuse_damaged(self, part: str, keys: list[int]) -> None:
        """Raise DamagedError where one of these articles is not as it was written."""
        for key in self._db.guard.damaged(part, json.dumps(keys)):
            raise DamagedError(_DAMAGED, path=self.path, id=key)

    def get(self, key: int) -> Kept:
        """The article `key`, whole."""
        with self._db.honest():
            self._refuse_damaged("article", [key])
            self._refuse_damaged("content", [key])
            row = self._sql.execute(
                "SELECT id, sha256, origin, title, byline, lede, source, language, language_sure,"
                " date, date_from, words, added, form, encoding, original, stated, problems,"
                " cleaned, (SELECT min(name) FROM identity WHERE identity.key = article.key)"
                " FROM article JOIN content USING (key) WHERE key = ?",
                (key,),
            ).fetchone()
            if row is None:
                raise NotFoundError("there is no article {id}", id=key)
            flags = self.marks.of([key])[key]
        (
            public, digest, origin, title, byline, lede, source, language, sure, date, date_from,
            words, added, form, encoding, original, stated, problems, cleaned, identity,
        ) = row  # fmt: skip
        document = packing.document(form, encoding, original, origin, identity, stated, problems)
        kept = packing.cleaned(packing.unpacked(cleaned), title, byline, date, date_from)
        article = Article(document, kept, language, sure, source, lede, words)
        return Kept(key, public, article, digest, added, flags)

    def entries(self, keys: Sequence[int]) -> list[Entry]:
        """What the index takes of `keys`; of damaged articles, only that they are there."""
        return self._in_parts(
            self._entries, lambda key: Entry(key, "", "", "", "", "und", None), keys
        )

    def _entries(self, keys: Sequence[int]) -> list[Entry]:
        with self._db.honest():
            self._refuse_damaged("article", list(keys))
            self._refuse_damaged("content", list(keys))
            rows = self._sql.execute(
                "SELECT key, title, byline, source, language, date, cleaned FROM article"
                " JOIN content USING (key) WHERE key IN (SELECT value FROM json_each(?))",
                (json.dumps(list(keys)),),
            ).fetchall()
        return [
            Entry(
                key, title or "", "\n".join(packing.body(packing.unpacked(cleaned))), source or "",
                byline or "", language, day_number(date) if date else None,
            )
            for key, title, byline, source, language, date, cleaned in rows
        ]  # fmt: skip

    def bodies(self, keys: Sequence[int]) -> dict[int, list[str]]:
        """The body paragraphs of the articles `keys`, none of damaged ones: for snippets."""
        return dict(self._in_parts(self._bodies, lambda key: (key, []), keys))

    def _bodies(self, keys: Sequence[int]) -> list[tuple[int, list[str]]]:
        with self._db.honest():
            self._refuse_damaged("content", list(keys))
            rows = self._sql.execute(
                "SELECT key, cleaned FROM content WHERE key IN (SELECT value FROM json_each(?))",
                (json.dumps(list(keys)),),
            ).fetchall()
        return [(key, packing.body(packing.unpacked(cleaned))) for key, cleaned in rows]

    def lines(self, keys: Sequence[int]) -> list[tuple[Line, tuple[str, ...]]]:
        """What a list shows of `keys`, in their order, with each one's tags.

        A damaged article has a line, too, which says so.
        """
        return self._in_parts(self._lines, lambda key: (_damaged_line(key), ()), keys)

    def _lines(self, keys: Sequence[int]) -> list[tuple[Line, tuple[str, ...]]]:
        asked = json.dumps(list(keys))
        with self._db.honest():
            self._refuse_damaged("article", list(keys))
            rows = self._sql.execute(
                "SELECT key, id, title, lede, source, language, language_sure, date, date_from,"
                " words, coalesce(read, 0), coalesce(starred, 0) FROM article"
                f" LEFT JOIN (SELECT * FROM flag WHERE {self._db.guard.whole('flag')}) USING (key)"
                " WHERE key IN (SELECT value FROM json_each(?))",
                (asked,),
            ).fetchall()
            tags = self._sql.execute(
                "SELECT key, name FROM tag WHERE key IN (SELECT value FROM json_each(?))"
                f" AND {self._db.guard.whole('tag')} ORDER BY name",
                (asked,),
            ).fetchall()
        tagged: dict[int, list[str]] = {}
        for key, name in tags:
            tagged.setdefault(key, []).append(name)
        found = {
            row[0]: (
                Line._make((*row[:10], bool(row[10]), bool(row[11]))),
                tuple(tagged.get(row[0], ())),
            )
            for row in rows
        }
        return [found[key] for key in keys if key in found]

    def _in_parts(
        self, ask: Callable[[Sequence[int]], list[_T]], instead: Callable[[int], _T],
        keys: Sequence[int],
    ) -> list[_T]:  # fmt: skip
        """What `ask` says of `keys`, and `instead` of those that are damaged."""
        try:
            return ask(keys)
        except DamagedError:
            if len(keys) == 1:
                return [instead(keys[0])]
        half = len(keys) // 2
        first = self._in_parts(ask, instead, keys[:half])
        return first + self._in_parts(ask, instead, keys[half:])

    def keys(self) -> Iterator[int]:
        """Every article's key, in order."""
        with self._db.honest():
            for (key,) in self._sql.execute("SELECT key FROM article ORDER BY key"):
                yield key

    # ---- the index's debts

    def pending(self, limit: int) -> list[tuple[int, int]]:
        """(key, change) of articles that the index has yet to take, oldest change first."""
        with self._db.honest():
            return self._sql.execute(
                "SELECT key, change FROM pending ORDER BY change, key LIMIT ?", (limit,)
            ).fetchall()

    def pending_count(self) -> int:
        """How many articles the index has yet to take."""
        with self._db.honest():
            return int(self._sql.execute("SELECT count(*) FROM pending").fetchone()[0])

    def settle(self, done: Iterable[tuple[int, int]]) -> None:
        """Forget the changes in `done`; a newer change of the same article stays pending."""
        with self._db.writing():
            self._sql.executemany("DELETE FROM pending WHERE key = ? AND change = ?", list(done))

    def unsettle(self) -> None:
        """Make every article pending: the index is gone."""
        with self._db.writing():
            self._sql.execute(
                "INSERT OR REPLACE INTO pending SELECT key, change FROM article, clock"
            )

    def statistics(self) -> dict[str, object]:
        """Counts over the whole archive, as `newsreader stats --json` gives them."""
        with self._db.honest():
            one = self._sql.execute(
                "SELECT count(*), count(date), min(date), max(date),"
                " (SELECT count(*) FROM flag WHERE read = 1),"
                " (SELECT count(*) FROM flag WHERE starred = 1),"
                " (SELECT count(*) FROM pending) FROM article"
            ).fetchone()
            languages = self._counts("language")
            sources = self._counts("coalesce(source, 'unknown')")
        articles, dated, first, last, read, starred, pending = one
        return {
            "articles": articles,
            "unread": articles - read,
            "starred": starred,
            "languages": languages,
            "sources": sources,
            "dated": dated,
            "undated": articles - dated,
            "first": first,
            "last": last,
            "pending": pending,
            "bytes": self.path.stat().st_size,
        }

    def _counts(self, column: str) -> dict[str, int]:
        rows = self._sql.execute(
            f"SELECT {column}, count(*) FROM article GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        return dict(rows.fetchall())


def _damaged_line(key: int) -> Line:
    lede = "(damaged: newsreader doctor tells what can be done)"
    return Line(key, f"key-{key}", None, lede, None, "und", 0.0, None, None, 0, False, False)
