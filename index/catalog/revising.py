"""Articles cleaned anew: ids, flags and places stay; what the cleaner said of them changes."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from index.catalog import packing
from index.catalog.connection import Database, now
from index.catalog.undo import Undo
from index.model import Article

if TYPE_CHECKING:
    from index.clean.keeping import Span

_COLUMNS = ("title", "byline", "lede", "date", "date_from", "words", "language", "language_sure")


class Job(NamedTuple):
    """Work over many articles: `next` is the first key that is not done."""

    asked: str
    next: int


class Revising:
    """What changes an article's cleaning in one catalog."""

    def __init__(self, db: Database, undo: Undo) -> None:
        self._db = db
        self._sql = db.sql
        undo.register("kept", self._restore)
        self._undo = undo

    # ---- what the reader wants kept

    def kept(self, key: int) -> "tuple[Span, ...]":
        """The spans of an article that its reader wants kept."""
        with self._db.honest():
            rows = self._sql.execute(
                "SELECT first, past FROM keeping WHERE key = ? ORDER BY first", (key,)
            ).fetchall()
        return tuple((first, past) for first, past in rows)

    def keep(self, key: int, kept: "Iterable[Span]", article: Article, what: str) -> None:
        """Note the spans to keep, and the article as it is with them; this can be undone."""
        with self._db.writing():
            before = [key, self.kept(key), self._state(key)]
            self._undo.remember("kept", what, before)
            self._keep_spans(key, kept)
            self._write(key, article)

    def _keep_spans(self, key: int, kept: "Iterable[Span]") -> None:
        self._sql.execute("DELETE FROM keeping WHERE key = ?", (key,))
        self._sql.executemany(
            "INSERT INTO keeping VALUES (?,?,?)", [(key, first, past) for first, past in kept]
        )

    def _restore(self, before: list[object]) -> list[int]:
        key, kept, state = before
        assert isinstance(key, int)
        assert isinstance(kept, list)
        assert isinstance(state, list)
        self._keep_spans(key, [(first, past) for first, past in kept])
        *columns, cleaned = state
        self._update(key, columns, packing.packed(cleaned.encode()))
        return [key]

    # ---- cleaned anew

    def revise(self, articles: Iterable[tuple[int, Article]], job: Job | None = None) -> int:
        """Keep what a new cleaning made of articles, and how far `job` is; how many changed."""
        with self._db.writing():
            changed = sum(self._write(key, article) for key, article in articles)
            if job is not None:
                self._sql.execute(
                    "INSERT INTO job VALUES (?,?,?) ON CONFLICT (asked)"
                    " DO UPDATE SET next = excluded.next",
                    (*job, now()),
                )
        return changed

    def job(self, asked: str) -> Job:
        """How far the work `asked` for is; at its beginning where it was not begun."""
        with self._db.honest():
            row = self._sql.execute("SELECT next FROM job WHERE asked = ?", (asked,)).fetchone()
        return Job(asked, row[0] if row else 0)

    def finish(self, job: Job) -> None:
        """Forget work that is done."""
        with self._db.writing():
            self._sql.execute("DELETE FROM job WHERE asked = ?", (job.asked,))

    def _state(self, key: int) -> list[object]:
        row = self._sql.execute(
            f"SELECT {', '.join(_COLUMNS)}, cleaned FROM article"
            " JOIN content USING (key) WHERE key = ?",
            (key,),
        ).fetchone()
        return [*row[:-1], packing.unpacked(row[-1]).decode()]

    def _write(self, key: int, article: Article) -> bool:
        """Keep what was made of an article; whether that is anything new."""
        cleaned = article.cleaned
        before = self._state(key)
        by_reader = self._sql.execute(
            "SELECT language_by = 'reader' FROM article WHERE key = ?", (key,)
        ).fetchone()[0]
        language = before[-3:-1] if by_reader else [article.language, article.language_sure]
        columns = [
            cleaned.title, cleaned.byline, article.lede, cleaned.date, cleaned.date_from,
            article.words, *language,
        ]  # fmt: skip
        text = packing.cleaned_json(cleaned)
        if before == [*columns, text.decode()]:
            return False
        self._update(key, columns, packing.packed(text))
        return True

    def _update(self, key: int, columns: list[object], cleaned: bytes) -> None:
        asked = ", ".join(f"{name} = ?" for name in _COLUMNS)
        self._sql.execute(
            f"UPDATE article SET {asked} WHERE key = ?",
            (*columns, key),
        )
        self._sql.execute("UPDATE content SET cleaned = ? WHERE key = ?", (cleaned, key))
        self._sql.execute("UPDATE clock SET change = change + 1")
        self._sql.execute("INSERT OR REPLACE INTO pending SELECT ?, change FROM clock", (key,))


def asked_json(**arguments: object) -> str:
    """What was asked for, written so that the same question is the same text."""
    return json.dumps(arguments, ensure_ascii=False, sort_keys=True)
