"""What is known of each source: which lines recur in its documents, and whether to clean it."""

from collections.abc import Collection

from index.catalog.connection import Database
from index.catalog.undo import Undo

_LEAST = 3
"""Documents of a source in which a line must stand to be its template."""
_LEAST_SHARE = 0.02
_MOST = 4_000
"""Lines of a source that are given out, the commonest; and kept at a clearing."""
_CLEARED_EVERY = 100
"""After so many documents of a source the lines met only once are forgotten."""


def least_documents(documents: int) -> int:
    """In how many of a source's `documents` a line stands that is its template."""
    return max(_LEAST, round(_LEAST_SHARE * documents))


class Sites:
    """The sources of one catalog."""

    def __init__(self, db: Database, undo: Undo) -> None:
        self._db = db
        self._sql = db.sql
        self._undo = undo
        undo.register("source", self._restore)

    def learn(self, source: str, lines: Collection[int]) -> None:
        """Count a new document of `source`; within the caller's write transaction."""
        self._sql.execute(
            "INSERT INTO site VALUES (?, 1) ON CONFLICT (source)"
            " DO UPDATE SET documents = documents + 1",
            (source,),
        )
        self._sql.executemany(
            "INSERT INTO site_line VALUES (?, ?, 1) ON CONFLICT (source, digest)"
            " DO UPDATE SET documents = documents + 1",
            [(source, line) for line in set(lines)],
        )
        if self._documents(source) % _CLEARED_EVERY == 0:
            self._sql.execute("DELETE FROM site_line WHERE source = ? AND documents = 1", (source,))

    def _documents(self, source: str) -> int:
        row = self._sql.execute("SELECT documents FROM site WHERE source = ?", (source,)).fetchone()
        return int(row[0]) if row else 0

    def template(self, source: str) -> frozenset[int]:
        """The keys of the lines that stand in many documents of `source`."""
        with self._db.honest():
            least = least_documents(self._documents(source))
            rows = self._sql.execute(
                "SELECT digest FROM site_line WHERE source = ? AND documents >= ?"
                " ORDER BY documents DESC LIMIT ?",
                (source, least, _MOST),
            ).fetchall()
        return frozenset(row[0] for row in rows)

    def uncleaned(self) -> frozenset[str]:
        """The sources whose articles the reader wants as they came."""
        with self._db.honest():
            rows = self._sql.execute("SELECT source FROM source_rule WHERE clean = 0").fetchall()
        return frozenset(row[0] for row in rows)

    def set_cleaned(self, source: str, *, clean: bool) -> bool:
        """Decide whether articles of `source` are cleaned; whether that changed anything."""
        changed = (source in self.uncleaned()) == clean
        with self._db.writing():
            self._sql.execute("INSERT OR REPLACE INTO source_rule VALUES (?, ?)", (source, clean))
            if changed:
                self._undo.remember("source", "source", [source, not clean])
        return changed

    def _restore(self, before: list[object]) -> list[int]:
        self._sql.execute("INSERT OR REPLACE INTO source_rule VALUES (?, ?)", before)
        return []

    def articles(self, source: str) -> list[int]:
        """The keys of the articles of `source`."""
        with self._db.honest():
            rows = self._sql.execute(
                "SELECT key FROM article WHERE source = ? ORDER BY key", (source,)
            ).fetchall()
        return [row[0] for row in rows]
