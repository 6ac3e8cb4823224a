"""The catalog's own check of what it holds: a checksum of each article, a second writing of marks.

SQLite notices damage to the structure of its file, not to what is written in it. So each row of
`article` and `content` has a CRC-32 in `guard`, kept by triggers of every connection that writes;
small tables have a column `again` that says the row once more. What does not fit is damaged, or
was changed by another program.
"""

import sqlite3
import zlib
from collections.abc import Collection, Iterator
from contextlib import suppress

# What names a row of the tables of what a person did, and what `again` says: as in schema.sql.
AGAIN = {
    "flag": ("key", "((key * 2 + read) * 2 + starred) * 251"),
    "tag": ("key", "key || ' ' || hex(name)"),
    "place": ("key", "key || ' ' || block || ' ' || character || ' ' || at"),
    "keeping": ("key", "key || ' ' || first || ' ' || past"),
    "saved": ("hex(name)", "hex(name) || ' ' || hex(query) || ' ' || sort || ' ' || made"),
    "source_rule": ("hex(source)", "hex(source) || ' ' || clean"),
    "undo": ("n", "hex(what) || ' ' || made || ' ' || hex(before) || ' ' || kind"),
}
_SEALED = ("article", "content")


class Guard:
    """The checks of one connection."""

    def __init__(self, sql: sqlite3.Connection) -> None:
        self._sql = sql
        sql.create_function("checksum", -1, checksum, deterministic=True)

    def watch(self) -> None:
        """Keep the checksums with every change this connection makes."""
        for table in _SEALED:
            forget = f"DELETE FROM guard WHERE part = '{table}' AND key = "
            seal = (
                f"{forget}NEW.key; INSERT INTO guard VALUES ('{table}', NEW.key,"
                f" checksum({self._columns(table, 'NEW.')}));"
            )
            for change, does in (
                ("INSERT", seal), ("UPDATE", seal), ("DELETE", f"{forget}OLD.key;")
            ):  # fmt: skip
                self._sql.execute(
                    f"CREATE TEMP TRIGGER {table}_{change} AFTER {change} ON main.{table}"
                    f" BEGIN {does} END"
                )

    def seal(self) -> None:
        """Take every article as it is for whole: after a change of the tables themselves."""
        for table in _SEALED:
            self._sql.execute(
                f"INSERT OR REPLACE INTO guard SELECT '{table}', key,"
                f" checksum({self._columns(table, '')}) FROM {table}"
            )

    def damaged(self, part: str, asked: str) -> set[int]:
        """Those of the keys `asked` (a JSON list) whose row in `part` is not as it was written."""
        gone = self._sql.execute(
            "SELECT key FROM guard WHERE part = ? AND key IN (SELECT value FROM json_each(?))"
            f" AND key NOT IN (SELECT key FROM {part})",
            (part, asked),
        )
        found = {key for (key,) in gone}
        where = " WHERE key IN (SELECT value FROM json_each(?))"
        return found.union(self._damaged(part, where, (asked,)))

    def whole(self, table: str) -> str:
        """The condition, in SQL, that a row of a table of marks is as it was written."""
        return f"ifnull({table}.again = {AGAIN[table][1]}, 0)"

    def damaged_marks(self) -> list[str]:
        """The tables of what a person did in which a row is not as it was written."""
        return [
            table
            for table in AGAIN
            if self._sql.execute(
                f"SELECT 1 FROM {table} WHERE NOT {self.whole(table)} LIMIT 1"
            ).fetchone()
        ]

    def check(self) -> Iterator[tuple[str, str]]:
        """Every (table, row) that is not as it was written."""
        for table in _SEALED:
            for key in self._damaged(table, "", ()):
                yield table, str(key)
            for (key,) in self._sql.execute(
                f"SELECT key FROM guard WHERE part = '{table}' EXCEPT SELECT key FROM {table}"
            ):
                yield table, str(key)
        for table, (which, _) in AGAIN.items():
            for (row,) in self._sql.execute(
                f"SELECT {which} FROM {table} WHERE NOT {self.whole(table)}"
            ):
                yield table, _unhexed(row) if which.startswith("hex") else str(row)
        for (row,) in self._sql.execute(
            "SELECT identity.key FROM identity JOIN article USING (key)"
            " WHERE identity.sha256 IS NOT article.sha256"
        ):
            yield "identity", str(row)

    def _damaged(self, table: str, where: str, values: tuple[str, ...]) -> Collection[int]:
        rows = self._sql.execute(
            f"SELECT key FROM (SELECT *, (SELECT sum FROM guard WHERE part = '{table}'"
            f" AND guard.key = {table}.key) AS kept FROM {table}{where})"
            f" WHERE kept IS NOT checksum({self._columns(table, '')})",
            values,
        )
        return [key for (key,) in rows]

    def _columns(self, table: str, of: str) -> str:
        """The columns as bytes: damaged text may be no text any more."""
        found = self._sql.execute(f"PRAGMA table_info({table})").fetchall()
        return ", ".join(f"CAST({of}{column[1]} AS BLOB)" for column in found)


def checksum(*values: bytes | None, crc: int = 0) -> int:
    """The CRC-32 of `values`, each with its length, that goes on from `crc`."""
    for value in values:
        crc = zlib.crc32(b"\0" if value is None else b"%d:" % len(value), crc)
        crc = zlib.crc32(value or b"", crc)
    return crc


def _unhexed(said: str) -> str:
    with suppress(ValueError):
        return bytes.fromhex(said).decode("utf-8", "replace")
    return said
