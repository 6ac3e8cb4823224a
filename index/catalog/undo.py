"""Undo: what a person changed, kept so that it can be taken back, across restarts."""

import json
from collections.abc import Callable
from typing import Any

from index.catalog.connection import Database, now

_KEPT = 200

Restore = Callable[[Any], list[int]]
"""Takes what was remembered, as JSON gives it back; returns the keys of the articles it touched."""


class Undo:
    """The changes of one catalog, newest last.

    Each kind of change has an owner, which registers how it is taken back. `remember` and the
    owner's `restore` run inside the owner's and this class's write transaction.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._sql = db.sql
        self._owners: dict[str, Restore] = {}

    def register(self, kind: str, restore: Restore) -> None:
        """Let `restore` take back what is remembered under `kind`."""
        self._owners[kind] = restore

    def remember(self, kind: str, what: str, before: list[object]) -> None:
        """Note, in the transaction of the change itself, how things were; `what` is for people."""
        self._sql.execute(
            "INSERT INTO undo (what, made, before, kind) VALUES (?,?,?,?)",
            (what, now(), json.dumps(before, ensure_ascii=False), kind),
        )
        self._sql.execute("DELETE FROM undo WHERE n <= (SELECT max(n) FROM undo) - ?", (_KEPT,))

    def last(self) -> tuple[str | None, list[int]]:
        """Take back the last change; what it was (None: nothing is left), and the keys."""
        with self._db.writing():
            row = self._sql.execute(
                "SELECT n, what, before, kind FROM undo ORDER BY n DESC LIMIT 1"
            ).fetchone()
            if row is None:
                return None, []
            keys = self._owners[row[3]](json.loads(row[2]))
            self._sql.execute("DELETE FROM undo WHERE n = ?", (row[0],))
        return row[1], keys
