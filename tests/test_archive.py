"""The archive: nothing lost, nothing twice, found again, whatever happens in between."""

import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from index.archive import Archive
from index.catalog import Catalog
from index.catalog.ledger import Status
from index.errors import ArchiveError, ArchiveLockedError, NotFoundError
from index.importing import Progress
from index.model import Query
from index.places import Home, writer_lock
from index.text import lemmas

from .conftest import ARTICLES


def imported(archive, *paths, **options):
    steps = list(archive.importing([str(path) for path in paths], **options))
    return [step for step in steps if isinstance(step, Status)]


def titles(archive, text, **options):
    page, _ = archive.search(Query(text, **options), limit=100)
    return [row.title or row.lede for row in page.rows]


def test_every_item_is_there_once_and_found(archive):
    assert archive.catalog.count() == len(ARTICLES)
    assert titles(archive, "пором") == ["Нічний пором повернувся до протоки"]
    assert titles(archive, "ПОРОМ об'єкт") == ["Нічний пором повернувся до протоки"]
    assert titles(archive, "地铁") == ["新地铁线路开通"]


def test_importing_again_changes_nothing(archive, pile):
    first = {line.id for line, _ in archive.catalog.lines(list(archive.catalog.keys()))}
    again = imported(archive, pile)
    assert {item.status for item in again} == {"unchanged"}
    assert {item.id for item in again} == first


def test_the_same_pile_gets_the_same_ids_everywhere(archive, tmp_path, pile):
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    shutil.copy(pile, moved / "other.jsonl")
    with Archive(Home(tmp_path / "b", tmp_path / "b" / "index")) as other:
        there = imported(other, moved / "other.jsonl")
    here = imported(archive, pile)
    assert [item.id for item in there] == [item.id for item in here]


def test_a_changed_item_is_updated_and_keeps_its_id_and_flags(archive, pile):
    kept = next(iter(imported(archive, pile)))
    key = archive.catalog.find(kept.id)
    archive.catalog.marks.flag([key], starred=True)
    pile.write_text(
        pile.read_text("utf-8").replace("a third less fuel", "a half less fuel"), "utf-8"
    )
    changed = [item for item in imported(archive, pile) if item.status != "unchanged"]
    assert [(item.status, item.id) for item in changed] == [("updated", kept.id)]
    assert titles(archive, "half is:starred") == ["Night ferry returns to the strait"]
    assert titles(archive, '"third less"') == []


def test_the_same_bytes_under_two_names_are_one_article_until_one_changes(archive, tmp_path):
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    text = "The lighthouse keeper paints the door green every spring, and nobody knows why."
    one.write_text(text)
    two.write_text(text)
    first, second = imported(archive, one, two)
    assert (first.status, second.status) == ("added", "unchanged")
    assert first.id == second.id
    two.write_text(text.replace("green", "blue"))
    (changed,) = imported(archive, two)
    assert changed.status == "added"
    assert imported(archive, one)[0].status == "unchanged"
    assert len(titles(archive, "lighthouse door")) == 2


def test_two_items_with_one_id_are_both_kept(archive, tmp_path):
    path = tmp_path / "twice.jsonl"
    path.write_text(
        '{"id": 1, "text": "Copper roof arrives."}\n{"id": 1, "text": "Tin roof leaves."}'
    )
    assert [item.status for item in imported(archive, path)] == ["added", "added"]
    assert [item.status for item in imported(archive, path)] == ["unchanged", "unchanged"]


def test_what_is_refused_is_in_the_ledger_with_its_reason(archive, tmp_path):
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"")
    (item,) = imported(archive, bad)
    assert (item.status, item.reason) == ("refused", "is empty")
    with sqlite3.connect(archive.home.catalog) as db:
        assert db.execute("SELECT origin, reason FROM item").fetchall() == [(str(bad), "is empty")]
    db.close()


def test_an_import_tells_how_far_it_is(archive, pile):
    steps = [s for s in archive.importing([str(pile)]) if isinstance(s, Progress)]
    assert steps[-1].done == steps[-1].of == len(ARTICLES)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lang:uk", {"porom"}),
        ("lang:en,sr", {"ferry", "undated", "most"}),
        ("date:2026-02", {"ferry", "porom"}),
        ("date:undated", {"undated"}),
        ("date:2025..2026-01", {"most", "ditie"}),
        ('source:"harbour post"', {"ferry", "undated"}),
        ("title:ledger OR мост", {"undated", "most"}),
        ("repair* -ledger", {"ferry"}),
        ("is:unread", {"ferry", "porom", "most", "undated", "ditie"}),
        ("is:starred", set()),
    ],
)
def test_filters_do_what_they_say(archive, text, found):
    expected = {article["title"] for article in ARTICLES if article["id"] in found}
    assert set(titles(archive, text)) == expected


def test_facets_add_up_to_the_total(archive):
    page, _ = archive.search(Query(""))
    assert page.total == len(ARTICLES)
    assert all(sum(counts.values()) == page.total for counts in page.facets.values())
    assert page.facets["month"]["undated"] == 1
    assert page.facets["source"]["unknown"] == 1


def test_newest_comes_first_and_undated_last(archive):
    found = titles(archive, "")
    assert found[0] == "Нічний пором повернувся до протоки"
    assert found[-1] == "A ledger of small repairs"


def test_snippets_show_the_hit(archive):
    page, _ = archive.search(Query("lighthouse"))
    (row,) = page.rows
    ((start, end),) = row.snippet_hits
    assert row.snippet[start:end] == "lighthouse"


def test_a_lost_index_is_made_again(home, archive):
    archive.close()
    shutil.rmtree(home.index)
    with Archive(home) as again:
        assert titles(again, "ferry") == ["Night ferry returns to the strait"]


def test_a_damaged_index_is_made_again(home, archive):
    archive.close()
    for path in home.index.iterdir():
        path.write_bytes(b"\0" * 100)
    with Archive(home) as again:
        assert titles(again, "ferry") == ["Night ferry returns to the strait"]


def test_processes_share_the_making_of_an_index(archive, monkeypatch):
    found = titles(archive, "")
    monkeypatch.setattr("index.indexing._cores", lambda: 2)
    monkeypatch.setattr("index.indexing.SHARED", 2)
    monkeypatch.setattr("index.indexing._LEAST", 3)
    told = list(archive.rebuild())
    assert len(told) > 1
    assert told[-1] == (len(ARTICLES), 0)
    assert titles(archive, "") == found
    assert list((archive.home.index / "portions").iterdir()) == []


def test_articles_are_found_by_their_words_before_the_dictionaries_are_there(
    home, archive, tmp_path, monkeypatch
):
    path = tmp_path / "story.txt"
    path.write_text(
        "The keeper heard mice in the old lighthouse before the storm.\n", encoding="utf-8"
    )
    imported(archive, path)
    assert len(titles(archive, "keeper mouse lang:en")) == 1
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "fresh"))
    monkeypatch.setattr(lemmas, "_opened", {})
    archive.refresh()
    assert archive.is_wanting
    archive.catalog.unsettle()
    archive.fulltext.rebuild()
    steps = archive.sync()
    assert next(steps) == (0, archive.catalog.count())
    with lemmas.at_hand():
        assert len(titles(archive, "keeper mice lang:en")) == 1
        assert not titles(archive, "keeper mouse lang:en")
        assert [left for _, left in steps][-1] == 0
        archive.refresh()
        assert not archive.is_wanting
        assert len(titles(archive, "keeper mouse lang:en")) == 1


def test_flags_and_tags_are_undone_in_turn(archive):
    marks = archive.catalog.marks
    keys = list(archive.catalog.keys())
    assert marks.flag(keys, read=True) == (len(keys), "read")
    assert marks.flag(keys[:1], starred=True) == (1, "starred")
    assert marks.flag(keys[:1], starred=True) == (0, "starred")
    assert marks.flag(keys[:2], tag="boats") == (2, "tagged")
    assert len(titles(archive, "tag:boats")) == 2
    assert archive.catalog.undo.last()[0] == "tagged"
    assert archive.catalog.undo.last()[0] == "starred"
    assert titles(archive, "is:starred") == []
    assert archive.catalog.undo.last() == ("read", keys)
    assert len(titles(archive, "is:unread")) == len(keys)
    assert archive.catalog.undo.last() == (None, [])


def test_undo_survives_a_restart(home, archive):
    archive.catalog.marks.flag([1], starred=True)
    archive.close()
    with Archive(home) as again:
        assert again.catalog.undo.last()[0] == "starred"


def test_an_article_is_found_by_the_beginning_of_its_id(archive):
    public = archive.catalog.get(1).id
    assert archive.catalog.find(public[:6]) == 1
    with pytest.raises(NotFoundError):
        archive.catalog.find("nosuch")
    with pytest.raises(NotFoundError):
        archive.catalog.find("")


def test_one_writer_at_a_time_and_its_name_is_told(home, archive, pile):
    with writer_lock(home), pytest.raises(ArchiveLockedError, match=str(os.getpid())):
        imported(archive, pile)
    assert imported(archive, pile)


def test_a_reader_needs_no_lock(home, archive):
    with writer_lock(home), Archive(home) as other:
        assert titles(other, "ferry")


def test_a_catalog_from_the_future_is_refused_kindly(home, archive):
    archive.close()
    with sqlite3.connect(home.catalog) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(ArchiveError, match="newer"):
        Archive(home)


def _columns(path):
    """What a catalog's tables are made of."""
    with sqlite3.connect(path) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master ORDER BY name")]
        found = {name: db.execute(f"PRAGMA table_info('{name}')").fetchall() for name in names}
    db.close()
    return found


def _first_version(path):
    """A catalog as version 1 wrote it, with one article and one mark."""
    with sqlite3.connect(path) as db:
        db.executescript(Path(__file__).with_name("catalog_1.sql").read_text(encoding="utf-8"))
        db.execute(
            "INSERT INTO article (key, id, sha256, origin, lede, language, language_sure,"
            " words, added) VALUES (1, 'abc', '00', 'a.txt', 'Fog', 'en', 1, 1, 'then')"
        )
        db.execute("INSERT INTO flag VALUES (1, 0, 1)")
        db.execute(
            "INSERT INTO undo (what, made, before)"
            " VALUES ('starred', 'then', '[[1, false, false, []]]')"
        )
        db.execute("PRAGMA user_version = 1")
    db.close()


def test_a_catalog_of_the_first_version_is_brought_up_to_date(tmp_path):
    _first_version(tmp_path / "old.db")
    Catalog(tmp_path / "new.db", write=True).close()
    with Catalog(tmp_path / "old.db", write=True) as catalog:
        assert catalog.lines([1])[0][0].starred
        assert catalog.undo.last() == ("starred", [1])
        assert not catalog.lines([1])[0][0].starred
    assert _columns(tmp_path / "old.db") == _columns(tmp_path / "new.db")


def test_a_failed_update_of_the_catalog_leaves_it_as_it_was(tmp_path):
    _first_version(tmp_path / "old.db")
    with sqlite3.connect(tmp_path / "old.db") as db:
        db.execute("CREATE TABLE saved (stranger TEXT)")  # in the way of the update
    db.close()
    before = _columns(tmp_path / "old.db")
    with pytest.raises(ArchiveError, match="saved"):
        Catalog(tmp_path / "old.db", write=True)
    assert _columns(tmp_path / "old.db") == before


def test_an_old_catalog_that_cannot_be_written_is_refused_with_a_reason(tmp_path):
    _first_version(tmp_path / "old.db")
    with pytest.raises(ArchiveError, match="older newsreader"):
        Catalog(tmp_path / "old.db", write=False)


def test_a_damaged_catalog_is_said(home, archive):
    archive.close()
    home.catalog.write_bytes(b"not a database, not at all" * 100)
    with pytest.raises(ArchiveError, match="damaged"):
        Archive(home)


def test_a_full_disk_is_said_and_nothing_kept_is_lost(home, archive, tmp_path):
    before = archive.catalog.count()
    archive.catalog._sql.execute(f"PRAGMA max_page_count = {_pages(archive) + 2}")
    many = tmp_path / "many.jsonl"
    words = " ".join(f"word{n}" for n in range(300))
    many.write_text("\n".join(json.dumps({"text": f"{n} {words}"}) for n in range(200)))
    with pytest.raises(ArchiveError, match="full"):
        imported(archive, many)
    assert archive.catalog.count() == before
    archive.catalog._sql.execute("PRAGMA max_page_count = 1000000")
    assert {item.status for item in imported(archive, many)} == {"added"}


def _pages(archive):
    return archive.catalog._sql.execute("PRAGMA page_count").fetchone()[0]


def test_a_locked_catalog_is_said(home, archive, monkeypatch):
    with sqlite3.connect(home.catalog, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        archive.catalog._sql.execute("PRAGMA busy_timeout = 1")
        with pytest.raises(ArchiveError, match="another program"):
            archive.catalog.marks.flag([1], read=True)
        other.execute("ROLLBACK")
    other.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(ArchiveError, match="cannot be made"):
        Archive(Home(tmp_path / "a", tmp_path / "a" / "index"))


def test_the_catalog_is_read_when_it_cannot_be_written(home, archive):
    archive.close()
    with Catalog(home.catalog, write=False) as catalog:
        assert catalog.count() == len(ARTICLES)
        with pytest.raises(ArchiveError, match="cannot be written"):
            catalog.marks.flag([1], read=True)


def test_the_original_bytes_are_kept(archive, pile):
    line = pile.read_bytes().splitlines()[0]
    assert archive.catalog.get(1).article.document.original == line


def test_without_cleaning_every_line_is_body(archive, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("The ferry left.\n\nLeave a comment\n\nBack to top")
    (item,) = imported(archive, path, cleaning=False)
    body = archive.get(item.id).article.cleaned.body
    assert body == ("The ferry left.", "Leave a comment", "Back to top")


@pytest.mark.parametrize(
    ("typed", "found"),
    [("fer", 1), ("night fer", 1), ("fer ", 0), ('"fer"', 0), ("lang:en ledg", 1), ("-fer", 4)],
)
def test_the_word_being_typed_stands_for_all_that_begin_so(archive, typed, found):
    assert len(titles(archive, typed, typing=True)) == found


def test_a_large_import_leaves_the_index_packed(archive, tmp_path, monkeypatch):
    monkeypatch.setattr("index.importing._LARGE", 3)
    monkeypatch.setattr("index.importing._BATCH", 1)
    monkeypatch.setattr("index.importing._SYNC", 1)
    path = tmp_path / "more.jsonl"
    path.write_text("\n".join(json.dumps({"text": f"Barge {n} is moored."}) for n in range(4)))
    imported(archive, path)
    assert len(list(archive.home.index.glob("*.seg"))) == 1
    assert len(titles(archive, "barge")) == 4
