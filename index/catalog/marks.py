"""Marks: what a person did with articles (read, starred, tags)."""

import json
from collections.abc import Collection

from index.catalog.connection import Database
from index.catalog.undo import Undo
from index.model import Flags

_FLAGGED = {
    "read": "SELECT key FROM flag WHERE read = 1",
    "starred": "SELECT key FROM flag WHERE starred = 1",
    "unread": "SELECT key FROM article EXCEPT SELECT key FROM flag WHERE read = 1",
}


class Marks:
    """Flags and tags in the catalog. Every change can be undone, across restarts."""

    def __init__(self, db: Database, undo: Undo) -> None:
        self._db = db
        self._sql = db.sql
        self._undo = undo
        undo.register("marks", self._restore)

    def flagged(self, flag: str) -> list[int]:
        """The keys that are "read", "unread" or "starred"."""
        with self._db.honest():
            return [key for (key,) in self._sql.execute(_FLAGGED[flag])]

    def tagged(self, name: str) -> list[int]:
        """The keys that carry the tag `name`."""
        with self._db.honest():
            rows = self._sql.execute("SELECT key FROM tag WHERE name = ?", (name,))
            return [key for (key,) in rows]

    def flag(
        self,
        keys: Collection[int],
        *,
        read: bool | None = None,
        starred: bool | None = None,
        tag: str | None = None,
        untag: str | None = None,
    ) -> tuple[int, str]:
        """Change flags and tags of `keys`; return how many articles changed, and what was done."""
        with self._db.writing():
            before = self.of(keys)
            changed = [
                (key, flags)
                for key, flags in before.items()
                if _after(flags, read, starred, tag, untag) != flags
            ]
            what = _what(read, starred, tag, untag)
            if changed:
                self._remember(what, changed)
                for key, flags in changed:
                    self._set_flags(key, _after(flags, read, starred, tag, untag))
        return len(changed), what

    def _restore(self, before: list[object]) -> list[int]:
        """Set flags back to what `_remember` noted: [key, read, starred, [tag]] each."""
        keys = []
        for key, read, starred, tags in before:  # type: ignore[misc]
            self._set_flags(key, Flags(bool(read), bool(starred), tuple(tags)))
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

    def _set_flags(self, key: int, flags: Flags) -> None:
        self._sql.execute(
            "INSERT OR REPLACE INTO flag VALUES (?,?,?)", (key, flags.read, flags.starred)
        )
        self._sql.execute("DELETE FROM tag WHERE key = ?", (key,))
        self._sql.executemany("INSERT INTO tag VALUES (?,?)", [(key, name) for name in flags.tags])

    def _remember(self, what: str, before: list[tuple[int, Flags]]) -> None:
        state: list[object] = [[key, f.read, f.starred, list(f.tags)] for key, f in before]
        self._undo.remember("marks", what, state)


def _after(
    flags: Flags, read: bool | None, starred: bool | None, tag: str | None, untag: str | None
) -> Flags:
    tags = set(flags.tags) - {untag}
    if tag:
        tags.add(tag)
    return Flags(
        flags.read if read is None else read,
        flags.starred if starred is None else starred,
        tuple(sorted(name for name in tags if name)),
    )


def _what(read: bool | None, starred: bool | None, tag: str | None, untag: str | None) -> str:
    if read is not None:
        return "read" if read else "unread"
    if starred is not None:
        return "starred" if starred else "unstarred"
    return "tagged" if tag else "untagged" if untag else "nothing"
