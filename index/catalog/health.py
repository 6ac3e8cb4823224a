"""How whole a catalog is, and what of it can be made whole again."""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from index.catalog.connection import Database
from index.catalog.guard import checksum
from index.errors import ArchiveError

_MOST_SAID = 100
_LONGEST_TRIED = 2**16
"""Bytes of a row in which one flipped bit is looked for: longer ones would take minutes."""


class Problem(NamedTuple):
    """Something that is not as it was written. `part` and `row` are empty where the file itself is.

    The words are `template` with its `values`, as in an error.
    """

    part: str
    row: str
    template: str
    values: dict[str, object]


class Health:
    """Checks and repairs of one catalog."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._sql = db.sql

    def check(self) -> list[Problem]:
        """What is wrong; empty where the catalog is whole. Reads every byte."""
        return [*self._structure(), *self._rows()]

    def marks(self) -> list[str]:
        """Tables of what the reader did that hold a damaged row: it counts as not there."""
        with self._db.honest():
            return self._db.guard.damaged_marks()

    def _structure(self) -> Iterator[Problem]:
        try:
            for (said,) in self._sql.execute("PRAGMA integrity_check(20)").fetchall():
                for line in str(said).splitlines():
                    if line != "ok":
                        yield Problem("", "", "the file is damaged: {why}", {"why": line})
            for row in self._sql.execute("PRAGMA foreign_key_check").fetchmany(20):
                values: dict[str, object] = {"part": row[0], "row": row[1]}
                yield Problem("", "", "row {row} of {part} refers to nothing", values)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            yield Problem("", "", "the file is damaged: {why}", {"why": str(error)})

    def _rows(self) -> Iterator[Problem]:
        try:
            for count, (part, row) in enumerate(self._db.guard.check()):
                if count == _MOST_SAID:
                    return
                values: dict[str, object] = {"part": part, "row": self._public(part, row)}
                yield Problem(part, row, "{part} {row} is not as it was written", values)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            yield Problem("", "", "the file is damaged: {why}", {"why": str(error)})

    def _public(self, part: str, row: str) -> str:
        """The public id of an article, where it can be read; else the row itself."""
        if part not in {"article", "content", "flag", "tag", "place", "keeping"}:
            return row
        try:
            found = self._sql.execute("SELECT id FROM article WHERE key = ?", (row,)).fetchone()
        except sqlite3.Error:
            return row
        return str(found[0]) if found else row

    def repair(self) -> list[Problem]:
        """Put right what can be without guessing; what could not. Nothing else is touched.

        SQLite's own indexes are made again from the tables. A row in which one bit was flipped
        gets it back: the one flip after which its checksum is right.
        """
        with self._db.honest():
            try:
                self._sql.execute("REINDEX")
            except sqlite3.Error:
                return self.check()  # the tables themselves cannot be read through
        self._repair_flags()
        for problem in self.check():
            if problem.part in {"article", "content"}:
                try:
                    self._put_right(problem.part, int(problem.row))
                except (sqlite3.Error, ArchiveError):
                    continue
        return self.check()

    def _repair_flags(self) -> None:
        """Flags are there twice, once times 251: a product tells whether it is the damaged one."""
        with self._db.writing():
            self._sql.execute(
                "UPDATE flag SET read = again / 502 % 2, starred = again / 251 % 2"
                f" WHERE NOT {self._db.guard.whole('flag')} AND again % 251 = 0"
                " AND again / 1004 = key"
            )
            self._sql.execute(
                f"UPDATE flag SET key = key WHERE NOT {self._db.guard.whole('flag')}"
                " AND again % 251 != 0 AND read IN (0, 1) AND starred IN (0, 1)"
            )

    def _put_right(self, part: str, key: int) -> None:
        columns = [row[1:3] for row in self._sql.execute(f"PRAGMA table_info({part})")]
        names = [name for name, _ in columns]
        blobs = ", ".join(f"CAST({name} AS BLOB)" for name in names)
        *values, wanted = self._sql.execute(
            f"SELECT {blobs}, (SELECT sum FROM guard WHERE part = ? AND guard.key = {part}.key)"
            f" FROM {part} WHERE key = ?",
            (part, key),
        ).fetchone()
        if wanted is not None and (wanted ^ checksum(*values)).bit_count() == 1:
            self._write(part, key, "key", str(key).encode(), "INTEGER")  # its checksum was wrong
            return
        for number, (name, kind) in enumerate(columns):
            right = _flipped_back(values, number, kind, wanted)
            if right is not None:
                self._write(part, key, name, right, kind)
                return

    def _write(self, part: str, key: int, name: str, value: bytes, kind: str) -> None:
        """Put a value into a row; its checksum follows by itself, and the index takes it again."""
        with self._db.writing():
            self._sql.execute(
                f"UPDATE {part} SET {name} = CAST(? AS {kind}) WHERE key = ?",
                (value, key),
            )
            self._sql.execute("INSERT OR REPLACE INTO pending SELECT ?, change FROM clock", (key,))


def _flipped_back(
    values: list[bytes | None], number: int, kind: str, wanted: int | None
) -> bytes | None:
    """The value `number`, one bit of it flipped so that the checksum is `wanted`; else None."""
    value = values[number]
    if not value or len(value) > _LONGEST_TRIED or wanted is None:
        return None
    before, after = checksum(*values[:number]), values[number + 1 :]
    for tried in _one_bit_off(value, kind):
        if checksum(tried, *after, crc=before) == wanted:
            return tried
    return None


def _one_bit_off(value: bytes, kind: str) -> Iterator[bytes]:
    if kind == "INTEGER":  # kept in binary, summed as digits
        yield from (str(int(value) ^ 1 << bit).encode() for bit in range(63))
        return
    for at, byte in enumerate(value):
        for bit in range(8):
            yield value[:at] + bytes([byte ^ 1 << bit]) + value[at + 1 :]


def said(problem: Problem) -> str:
    """The problem in English."""
    return problem.template.format(**problem.values)
