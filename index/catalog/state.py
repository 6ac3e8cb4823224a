"""What a person did, as text: flags, tags, places, kept parts, corrected languages, saved searches.

One JSON object a line; the first tells what the file is. Articles are named by their public id and
the digest of their bytes, so that a dump fits any archive that holds the same articles.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from index.catalog.connection import Database, now
from index.catalog.undo import Undo
from index.errors import ArchiveError
from index.language import normalise
from index.text.safe import safe_line

Json = dict[str, object]
MARKER = {"is": "newsreader state", "format": 1}
_LONGEST = 10_000
"""Characters of a name or a query."""


def dump(db: Database) -> Iterator[Json]:
    """Everything a person did, as JSON objects; the first says what this is."""
    yield dict(MARKER)
    with db.honest():
        for row in db.sql.execute(_MARKED):
            public, digest, read, starred, tags, kept, place, language = row
            found: Json = {"article": public, "sha256": digest}
            if read:
                found["read"] = True
            if starred:
                found["starred"] = True
            found.update({name: json.loads(value) for name, value in (
                ("tags", tags), ("kept", kept), ("place", place)) if value})  # fmt: skip
            if language:
                found["language"] = language
            yield found
        for name, query, sort in db.sql.execute(
            "SELECT name, query, sort FROM saved ORDER BY name"
        ):
            yield {"saved": name, "query": query, "sort": sort}
        for source, clean in db.sql.execute(
            "SELECT source, clean FROM source_rule ORDER BY source"
        ):
            yield {"source": source, "clean": bool(clean)}


_MARKED = """
SELECT * FROM (
    SELECT id, sha256, coalesce(read, 0) AS read, coalesce(starred, 0) AS starred,
        (SELECT json_group_array(name) FROM (SELECT name FROM tag WHERE tag.key = article.key
            ORDER BY name) HAVING count(*)) AS tags,
        (SELECT json_group_array(json_array(first, past)) FROM keeping
            WHERE keeping.key = article.key HAVING count(*)) AS kept,
        (SELECT json_array(block, character) FROM place WHERE place.key = article.key) AS place,
        iif(language_by = 'reader', language, NULL) AS language
    FROM article LEFT JOIN flag USING (key) ORDER BY article.key
) WHERE read OR starred OR tags IS NOT NULL OR kept IS NOT NULL OR place IS NOT NULL
    OR language IS NOT NULL
"""


def load(db: Database, undo: Undo, lines: Iterable[bytes]) -> tuple[int, int]:
    """Take over what `dump` said, in one transaction; (taken over, meant articles not here).

    What is there is added to: a flag is set, never taken off; a saved search of the same name is
    replaced. All of it is one change for `undo`. Raises ArchiveError at a line that is no part of
    a dump: nothing is taken over then.
    """
    taken = missing = 0
    before: list[object] = []
    with db.writing():
        for number, line in enumerate(lines, 1):
            said = _object(line, number)
            if number == 1:
                if said != MARKER:
                    raise ArchiveError("this is not a dump of newsreader's state")
                continue
            try:
                was = _take(db, said)
            except (KeyError, TypeError, ValueError, IndexError) as error:
                raise _wrong(number) from error
            if was is None:
                missing += 1
            else:
                taken += 1
                before.append(was)
        if before:
            undo.remember("load", "load", before)
    return taken, missing


def register(db: Database, undo: Undo) -> None:
    """Let `undo` take back what `load` did."""
    undo.register("load", lambda before: _restore(db, before))


def _restore(db: Database, before: list[tuple[str, Any, list[Any]]]) -> list[int]:
    """Put back the rows noted by `_take`, the last first."""
    keys: dict[int, None] = {}
    for table, name, rows in reversed(before):
        if table == "article":
            _put_back(db, name, rows)
            keys[name] = None
        else:
            _replace(db, table, name, rows)
    return list(keys)


_COLUMNS = {
    "saved": ("name", "query", "sort", "made"),
    "source_rule": ("source", "clean"),
    "flag": ("key", "read", "starred"),
    "tag": ("key", "name"),
    "keeping": ("key", "first", "past"),
    "place": ("key", "block", "character", "at"),
}
"""What a person fills of each table; the first column names what a row is about."""
_OF_ARTICLES = ("flag", "tag", "keeping", "place")


def _rows(db: Database, table: str, about: object) -> list[Any]:
    columns = _COLUMNS[table]
    sql = f"SELECT {', '.join(columns)} FROM {table} WHERE {columns[0]} = ?"
    return db.sql.execute(sql, (about,)).fetchall()


def _replace(db: Database, table: str, about: object, rows: list[Any]) -> None:
    columns = _COLUMNS[table]
    db.sql.execute(f"DELETE FROM {table} WHERE {columns[0]} = ?", (about,))
    places = ", ".join("?" * len(columns))
    db.sql.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)


def _of_article(db: Database, key: int) -> list[object]:
    """What is to be noted of an article before its marks, places and language change."""
    found = {table: _rows(db, table, key) for table in _OF_ARTICLES}
    language = db.sql.execute(
        "SELECT language, language_sure, language_by FROM article WHERE key = ?", (key,)
    ).fetchone()
    return ["article", key, [found, language]]


def _put_back(db: Database, key: int, noted: list[Any]) -> None:
    found, language = noted
    for table in _OF_ARTICLES:
        _replace(db, table, key, found[table])
    changed = db.sql.execute(
        "UPDATE article SET language = ?, language_sure = ?, language_by = ? WHERE key = ?"
        " AND (language, language_sure, language_by) IS NOT (?,?,?)",
        (*language, key, *language),
    ).rowcount
    if changed:
        db.sql.execute("INSERT OR REPLACE INTO pending SELECT ?, change FROM clock", (key,))


def _take(db: Database, said: Json) -> list[object] | None:
    """Take over one line; what `_restore` needs to take it back, None for an article not here."""
    if "saved" in said:
        values = (_line(said["saved"]), _line(said["query"]), _line(said.get("sort", "")), now())
        was: list[object] = ["saved", values[0], _rows(db, "saved", values[0])]
        db.sql.execute(
            "INSERT OR REPLACE INTO saved (name, query, sort, made) VALUES (?,?,?,?)", values
        )
        return was
    if "source" in said:
        rule = (_line(said["source"]), int(bool(said["clean"])))
        was = ["source_rule", rule[0], _rows(db, "source_rule", rule[0])]
        db.sql.execute("INSERT OR REPLACE INTO source_rule (source, clean) VALUES (?,?)", rule)
        return was
    found = db.sql.execute(
        "SELECT key FROM article WHERE sha256 = ? UNION ALL SELECT key FROM article WHERE id = ?",
        (str(said["sha256"]), str(said["article"])),
    ).fetchone()
    if found is None:
        return None
    was = _of_article(db, found[0])
    _mark(db, found[0], said)
    return was


def _mark(db: Database, key: int, said: Json) -> None:
    if said.get("read") or said.get("starred"):
        db.sql.execute(
            "INSERT INTO flag (key, read, starred) VALUES (?,?,?) ON CONFLICT (key) DO UPDATE"
            " SET read = max(read, excluded.read), starred = max(starred, excluded.starred)",
            (key, int(bool(said.get("read"))), int(bool(said.get("starred")))),
        )
    for name in _list(said, "tags"):
        db.sql.execute("INSERT OR IGNORE INTO tag (key, name) VALUES (?,?)", (key, _line(name)))
    for first, past in _list(said, "kept"):
        if not 0 <= int(first) < int(past):
            raise ValueError("kept")
        db.sql.execute(
            "INSERT OR REPLACE INTO keeping (key, first, past) VALUES (?,?,?)",
            (key, int(first), int(past)),
        )
    if said.get("place"):
        block, character = _list(said, "place")
        db.sql.execute(
            "INSERT OR REPLACE INTO place (key, block, character, at) VALUES (?,?,?,?)",
            (key, int(block), int(character), now()),
        )
    if said.get("language"):
        language = normalise(str(said["language"]))
        if not language:
            raise ValueError("language")
        db.sql.execute(
            "UPDATE article SET language = ?, language_sure = 1, language_by = 'reader'"
            " WHERE key = ?",
            (language, key),
        )
        db.sql.execute("INSERT OR REPLACE INTO pending SELECT ?, change FROM clock", (key,))


def _line(value: object) -> str:
    """A name or a query of a dump, which a stranger may have made."""
    line = safe_line(str(value)).strip()
    if len(line) > _LONGEST:
        raise ValueError(line[:20])
    return line


def _list(said: Json, name: str) -> list[Any]:
    value = said.get(name, [])
    if not isinstance(value, list):
        raise TypeError(name)
    return value


def _object(line: bytes, number: int) -> Json:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _wrong(number) from error
    if not isinstance(said, dict):
        raise _wrong(number)
    return said


def _wrong(number: int) -> ArchiveError:
    return ArchiveError("line {n} is not part of a dump of newsreader's state", n=number)
