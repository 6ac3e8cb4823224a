"""Marks: what a person did with articles (read, starred, tags)."""

import json
from array import array
from collections.abc import Collection, Iterator, Sequence

from index.catalog.connection import Database
from index.catalog.undo import Undo
from index.model import Flags
from index.text.safe import safe_line

_FLAGGED = {
    "read": "SELECT key FROM flag WHERE read = 1 AND {whole}",
    "starred": "SELECT key FROM flag WHERE starred = 1 AND {whole}",
    "unread": "SELECT key FROM article EXCEPT SELECT key FROM flag WHERE read = 1 AND {whole}",
}
# Of the articles asked about, those that a change would change; and the change itself.
_OTHERWISE = {
    "read": "SELECT key FROM asked LEFT JOIN flag USING (key) WHERE coalesce(read, 0) != ?",
    "starred": "SELECT key FROM asked LEFT JOIN flag USING (key) WHERE coalesce(starred, 0) != ?",
    "tag": "SELECT key FROM asked EXCEPT SELECT key FROM tag WHERE name = ?",
    "untag": "SELECT key FROM asked INTERSECT SELECT key FROM tag WHERE name = ?",
}
_CHANGE = {
    "read": "INSERT INTO flag (key, read) SELECT key, ? FROM article WHERE key BETWEEN ? AND ?"
    " ON CONFLICT (key) DO UPDATE SET read = excluded.read",
    "starred": "INSERT INTO flag (key, starred) SELECT key, ? FROM article WHERE key BETWEEN ?"
    " AND ? ON CONFLICT (key) DO UPDATE SET starred = excluded.starred",
    "tag": "INSERT OR IGNORE INTO tag (name, key) SELECT ?, key FROM article"
    " WHERE key BETWEEN ? AND ?",
    "untag": "DELETE FROM tag WHERE name = ? AND key BETWEEN ? AND ?",
}
_BACK = {"tag": "untag", "untag": "tag"}

Run = tuple[int, int]
"""The keys from the first to the last."""


class Marks:
    """Flags and tags in the catalog. Every change can be undone, across restarts.

    A mark that is damaged counts as not made; `Health.marks` tells that there is one.
    """

    def __init__(self, db: Database, undo: Undo) -> None:
        self._db = db
        self._sql = db.sql
        self._undo = undo
        undo.register("flags", self._restore)
        undo.register("marks", self._restore_each)

    def flagged(self, flag: str) -> "array[int]":
        """The keys that are "read", "unread" or "starred"."""
        with self._db.honest():
            return _keys(
                self._sql.execute(_FLAGGED[flag].format(whole=self._db.guard.whole("flag")))
            )

    def tagged(self, name: str) -> "array[int]":
        """The keys that carry the tag `name`."""
        with self._db.honest():
            whole = self._db.guard.whole("tag")
            return _keys(
                self._sql.execute(f"SELECT key FROM tag WHERE name = ? AND {whole}", (name,))
            )

    def tags(self) -> "dict[str, array[int]]":
        """Every tag with the keys that carry it, in the order of their names."""
        found: dict[str, array[int]] = {}
        with self._db.honest():
            for key, name in self._sql.execute(
                f"SELECT key, name FROM tag WHERE {self._db.guard.whole('tag')} ORDER BY name, key"
            ):
                found.setdefault(name, array("q")).append(key)
        return found

    def flag(
        self,
        keys: Collection[int],
        *,
        read: bool | None = None,
        starred: bool | None = None,
        tag: str | Sequence[str] = (),
        untag: str | Sequence[str] = (),
    ) -> tuple[int, str]:
        """Change flags and tags of `keys`; return how many articles changed, and what was done."""
        on, off = (
            [safe_line(name).strip() for name in ([given] if isinstance(given, str) else given)]
            for given in (tag, untag)
        )
        wanted: list[tuple[str, bool | str | None]] = [("read", read), ("starred", starred)]
        wanted += [("tag", name) for name in on] + [("untag", name) for name in off]
        what = _what(read, starred, on, off)
        changed: set[int] = set()
        before: list[object] = []
        with self._db.writing():
            self._ask_about(keys)
            for kind, value in wanted:
                if value is None or value == "":
                    continue
                found = _keys(self._sql.execute(_OTHERWISE[kind], (value,)))
                runs = list(_runs(found))
                self._sql.executemany(_CHANGE[kind], [(value, *run) for run in runs])
                if runs:
                    changed.update(found)
                    before.append([kind, value, runs])
            if before:
                self._undo.remember("flags", what, before)
        return len(changed), what

    def _ask_about(self, keys: Collection[int]) -> None:
        """Put those of `keys` that there are into the temporary table `asked`."""
        self._sql.execute("CREATE TEMP TABLE IF NOT EXISTS asked (key INTEGER PRIMARY KEY)")
        self._sql.execute("DELETE FROM asked")
        self._sql.execute(
            "INSERT OR IGNORE INTO asked SELECT article.key FROM json_each(?) AS given"
            " JOIN article ON article.key = given.value",
            (json.dumps(list(keys)),),
        )

    def _restore(self, before: list[tuple[str, bool | str, list[Run]]]) -> list[int]:
        """Take back what `flag` did: [kind of change, its value, runs of keys] each."""
        keys: list[int] = []
        for kind, value, runs in reversed(before):
            back: bool | str = not value if isinstance(value, bool) else value
            self._sql.executemany(
                _CHANGE[_BACK.get(kind, kind)], [(back, first, last) for first, last in runs]
            )
            for first, last in runs:
                keys.extend(range(first, last + 1))
        return list(dict.fromkeys(keys))

    def _restore_each(self, before: list[tuple[int, int, int, list[str]]]) -> list[int]:
        """Take back a change noted by version 1: [key, read, starred, [tag]] each."""
        keys = []
        for key, read, starred, tags in before:
            self._sql.execute("INSERT OR REPLACE INTO flag VALUES (?,?,?)", (key, read, starred))
            self._sql.execute("DELETE FROM tag WHERE key = ?", (key,))
            self._sql.executemany("INSERT INTO tag VALUES (?,?)", [(key, name) for name in tags])
            keys.append(key)
        return keys

    def of(self, keys: Collection[int]) -> dict[int, Flags]:
        """The flags of `keys`."""
        asked = json.dumps(list(keys))
        rows = self._sql.execute(
            "SELECT key, coalesce(read, 0), coalesce(starred, 0) FROM article"
            " LEFT JOIN flag USING (key) WHERE key IN (SELECT value FROM json_each(?))",
            (asked,),
        ).fetchall()
        tags: dict[int, list[str]] = {}
        for key, name in self._sql.execute(
            "SELECT key, name FROM tag WHERE key IN (SELECT value FROM json_each(?)) ORDER BY name",
            (asked,),
        ):
            tags.setdefault(key, []).append(name)
        return {k: Flags(bool(r), bool(s), tuple(tags.get(k, ()))) for k, r, s in rows}


def _keys(rows: Iterator[tuple[int]]) -> "array[int]":
    return array("q", (key for (key,) in rows))


def _runs(keys: Sequence[int]) -> Iterator[Run]:
    """`keys` as runs of consecutive numbers, in order: what one changes at once often is one."""
    first = last = None
    for key in sorted(keys):
        if first is None or last is None:
            first = last = key
        elif key == last + 1:
            last = key
        else:
            yield first, last
            first = last = key
    if first is not None and last is not None:
        yield first, last


def _what(read: bool | None, starred: bool | None, tag: Sequence[str], untag: Sequence[str]) -> str:
    if read is not None:
        return "read" if read else "unread"
    if starred is not None:
        return "starred" if starred else "unstarred"
    return "tagged" if tag else "untagged" if untag else "nothing"
