"""The ledger: which imports were made, and what was refused, came in damaged or looks odd."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from index.catalog.connection import Database, now

_COUNTED = ("added", "updated", "unchanged", "refused")


class Status(NamedTuple):
    """What became of one item of an import: added, updated, unchanged or refused.

    `reason` says why it was refused, or what is damaged or odd about it.
    """

    origin: str
    status: str
    id: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class PageOfLedger:
    """One import: when it began and ended (UTC, ISO 8601; None where it was broken off)."""

    number: int
    started: str
    finished: str | None
    paths: tuple[str, ...]
    counts: dict[str, int]
    """Of added, updated, unchanged and refused items."""
    remarked: int
    """Items that were refused, or taken in with a remark."""


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
        """Count `items` on page `number`; keep those that have a reason."""
        kept = list(items)
        with self._db.writing():
            for status in _COUNTED:
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

    def pages(self, most: int = 20) -> list[PageOfLedger]:
        """The last imports, at most `most` of them, the newest first."""
        counted = self._sql.execute(
            "SELECT n, started, finished, paths, added, updated, unchanged, refused,"
            " (SELECT count(*) FROM item WHERE item.import = n) FROM import"
            " ORDER BY n DESC LIMIT ?",
            (most,),
        )
        return [
            PageOfLedger(
                number, started, finished, tuple(json.loads(paths)),
                dict(zip(_COUNTED, counts, strict=True)), remarked,
            )
            for number, started, finished, paths, *counts, remarked in counted
        ]  # fmt: skip

    def items(self, number: int) -> Iterator[Status]:
        """What page `number` tells of items refused or remarked upon, in the order they came."""
        found = self._sql.execute(
            "SELECT origin, status, id, reason FROM item WHERE import = ? ORDER BY rowid", (number,)
        )
        return (Status(*row) for row in found)
