"""The ledger: which imports were made, and what was refused or came in damaged."""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from index.catalog.connection import Database, now


class Status(NamedTuple):
    """What became of one item of an import: added, updated, unchanged or refused."""

    origin: str
    status: str
    id: str | None
    reason: str | None


class Ledger:
    """A page an import."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._sql = db.sql

    def begin(self, paths: Sequence[str]) -> int:
        """Open a page of the ledger; its number."""
        with self._db.writing():
            cursor = self._sql.execute(
                "INSERT INTO import (started, paths) VALUES (?,?)",
                (now(), json.dumps(list(paths), ensure_ascii=False)),
            )
        return int(cursor.lastrowid or 0)

    def record(self, number: int, items: Iterable[Status]) -> None:
        """Count `items` on page `number`; keep those refused or damaged, with the reason."""
        kept = list(items)
        with self._db.writing():
            for status in ("added", "updated", "unchanged", "refused"):
                count = sum(1 for item in kept if item.status == status)
                if count:
                    self._sql.execute(
                        f"UPDATE import SET {status} = {status} + ? WHERE n = ?",
                        (count, number),
                    )
            self._sql.executemany(
                "INSERT INTO item VALUES (?,?,?,?,?)",
                [(number, i.origin, i.status, i.id, i.reason) for i in kept if i.reason],
            )

    def finish(self, number: int) -> None:
        """Close page `number`: everything was read."""
        with self._db.writing():
            self._sql.execute("UPDATE import SET finished = ? WHERE n = ?", (now(), number))
