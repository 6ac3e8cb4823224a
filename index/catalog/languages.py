"""Languages of articles as readers correct them: kept for ever, and taken back by undo."""

from index.catalog.connection import Database
from index.catalog.undo import Undo


class Languages:
    """The languages of one catalog's articles. Every change makes the article pending."""

    def __init__(self, db: Database, undo: Undo) -> None:
        self._db = db
        self._sql = db.sql
        self._undo = undo
        undo.register("language", self._restore)

    def put(self, key: int, language: str, sure: float, *, by_reader: bool) -> bool:
        """Note an article's language; whether that changed anything."""
        new = (language, sure, "reader" if by_reader else "detected")
        with self._db.writing():
            before = self._sql.execute(
                "SELECT language, language_sure, language_by FROM article WHERE key = ?", (key,)
            ).fetchone()
            if before is None or before == new:
                return False
            self._undo.remember("language", "language", [[key, *before]])
            self._set(key, *new)
        return True

    def _restore(self, before: list[tuple[int, str, float, str]]) -> list[int]:
        for key, language, sure, by in before:
            self._set(key, language, sure, by)
        return [key for key, *_ in before]

    def _set(self, key: int, language: str, sure: float, by: str) -> None:
        self._sql.execute(
            "UPDATE article SET language = ?, language_sure = ?, language_by = ? WHERE key = ?",
            (language, sure, by, key),
        )
        self._sql.execute("UPDATE clock SET change = change + 1")
        self._sql.execute("INSERT OR REPLACE INTO pending SELECT ?, change FROM clock", (key,))
