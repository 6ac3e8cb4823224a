"""Searches saved under a name, and how far each article was read."""

from typing import NamedTuple

from index.catalog.connection import Database, now
from index.catalog.undo import Undo
from index.errors import NewsreaderError


class SavedSearch(NamedTuple):
    """A query with its order ("": as its words ask for), and the moment it was saved (UTC)."""

    name: str
    query: str
    sort: str
    made: str


class Saved:
    """The saved searches of one catalog, by name. Every change can be undone."""

    def __init__(self, db: Database, undo: Undo) -> None:
        self._db = db
        self._sql = db.sql
        self._undo = undo
        undo.register("saved", self._restore)

    def all(self) -> list[SavedSearch]:
        """The searches, in the order of their names."""
        with self._db.honest():
            rows = self._sql.execute(
                f"SELECT name, query, sort, made FROM saved WHERE {self._db.guard.whole('saved')}"
            ).fetchall()
        return sorted((SavedSearch(*row) for row in rows), key=lambda one: one.name.casefold())

    def save(self, name: str, query: str, sort: str = "") -> None:
        """Save `query` as `name`, in the place of what was saved so before."""
        with self._db.writing():
            self._remember("saved")
            self._sql.execute(
                "INSERT OR REPLACE INTO saved VALUES (?,?,?,?)", (name, query, sort, now())
            )

    def rename(self, name: str, to: str) -> None:
        """Give a search another name. NewsreaderError where it is not there, or `to` is taken."""
        with self._db.writing():
            self._find(name)
            if (
                to != name
                and self._sql.execute("SELECT 1 FROM saved WHERE name = ?", (to,)).fetchone()
            ):
                raise NewsreaderError("there is a saved search {name} already", name=to)
            self._remember("renamed")
            self._sql.execute("UPDATE saved SET name = ? WHERE name = ?", (to, name))

    def remove(self, name: str) -> None:
        """Forget a search. NewsreaderError where it is not there."""
        with self._db.writing():
            self._find(name)
            self._remember("removed")
            self._sql.execute("DELETE FROM saved WHERE name = ?", (name,))

    def _find(self, name: str) -> None:
        if not self._sql.execute("SELECT 1 FROM saved WHERE name = ?", (name,)).fetchone():
            raise NewsreaderError("there is no saved search {name}", name=name)

    def _remember(self, what: str) -> None:
        rows = self._sql.execute("SELECT name, query, sort, made FROM saved").fetchall()
        self._undo.remember("saved", what, [list(row) for row in rows])

    def _restore(self, before: list[list[str]]) -> list[int]:
        self._sql.execute("DELETE FROM saved")
        self._sql.executemany("INSERT INTO saved VALUES (?,?,?,?)", before)
        return []


class Place(NamedTuple):
    """How far an article was read: the block (from 0) at the top, and the character in it."""

    block: int
    character: int


class Places:
    """The places where reading stopped."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._sql = db.sql

    def of(self, key: int) -> Place | None:
        """Where reading of the article `key` stopped; None: at its beginning."""
        with self._db.honest():
            row = self._sql.execute(
                "SELECT block, character FROM place"
                f" WHERE key = ? AND {self._db.guard.whole('place')}",
                (key,),
            ).fetchone()
        return Place(*row) if row else None

    def put(self, key: int, place: Place | None) -> None:
        """Note where reading of the article `key` stopped; None forgets it."""
        with self._db.writing():
            if place is None:
                self._sql.execute("DELETE FROM place WHERE key = ?", (key,))
            else:
                self._sql.execute(
                    "INSERT OR REPLACE INTO place (key, block, character, at) VALUES (?,?,?,?)",
                    (key, place.block, place.character, now()),
                )
