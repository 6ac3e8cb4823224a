"""Years of reading survive: locks, updates, backups, damaged bits, full and closed disks."""

import errno
import fcntl
import gc
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys

import pytest

from index.archive import Archive
from index.catalog import Catalog
from index.correcting import correct_language
from index.errors import ArchiveError, ArchiveLockedError, DamagedError
from index.model import Query
from index.places import Home, writer_lock
from index.safekeeping import back_up, dump, load, restore

from .conftest import ARTICLES
from .test_archive import _first_version, imported, titles


def public_ids(archive):
    return [line.id for line, _ in archive.catalog.lines(list(archive.catalog.keys()))]


def state(archive):
    """All that a person put into an archive and did there, as values to compare."""
    keys = list(archive.catalog.keys())
    articles = [
        (kept.id, kept.sha256, kept.article.cleaned, kept.flags)
        for kept in map(archive.catalog.get, keys)
    ]
    return articles, list(dump(archive)), titles(archive, "")


def worked_on(archive):
    """An archive in which a person did a bit of everything."""
    archive.catalog.marks.flag([1, 2], starred=True)
    archive.catalog.marks.flag([3], read=True, tag="boats")
    archive.catalog.saved.save("Quay", "ferry lang:en", "newest")
    return archive


# ---- one writer


def test_the_lock_names_process_host_and_run_of_the_machine(home, archive):
    with writer_lock(home):
        said = json.loads((home.folder / "writer.lock").read_text())
    assert said["pid"] == os.getpid()
    assert said["host"]
    assert "boot" in said


def no_flock(*_):
    raise OSError(errno.ENOLCK, "No locks available")


def test_where_the_disk_cannot_lock_the_content_of_the_lock_decides(home, archive, monkeypatch):
    path = home.folder / "writer.lock"
    monkeypatch.setattr(fcntl, "flock", no_flock)
    with writer_lock(home):
        mine = json.loads(path.read_text())
    other = {**mine, "pid": os.getppid()}
    path.write_text(json.dumps(other))
    with pytest.raises(ArchiveLockedError, match=str(os.getppid())), writer_lock(home):
        pass
    for gone in ({**other, "boot": "before the restart"}, {**other, "pid": 2**22 + 1}):
        path.write_text(json.dumps(gone))
        with writer_lock(home):
            pass
    path.write_text(json.dumps({**gone, "host": "elsewhere"}))
    with pytest.raises(ArchiveLockedError, match="elsewhere"), writer_lock(home):
        pass


def test_an_import_needs_no_lock_of_the_disk_s(home, pile, monkeypatch):
    monkeypatch.setattr(fcntl, "flock", no_flock)
    with Archive(home) as archive:
        imported(archive, pile, workers=0)
        assert len(titles(archive, "")) == len(ARTICLES)


def test_a_lock_that_could_not_be_had_closes_nobody_s_file_later(home, pile, tmp_path, monkeypatch):
    gc.disable()
    try:
        with monkeypatch.context() as patched:
            patched.setattr(fcntl, "flock", no_flock)
            with Archive(home) as archive:
                imported(archive, pile, workers=0)
        files = [(tmp_path / f"{n}").open("w") for n in range(60)]
        gc.collect()
        for file in files:
            file.close()  # a number that is closed already is an error here
    finally:
        gc.enable()


# ---- updates, backups, dumps


def test_an_old_catalog_is_copied_before_it_is_brought_up_to_date(tmp_path):
    path = tmp_path / "catalog.db"
    _first_version(path)
    with Catalog(path, write=True) as catalog:
        assert catalog.health.check() == []
    with sqlite3.connect(tmp_path / "catalog.db.version-1") as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)
        assert copy.execute("SELECT id FROM article").fetchall() == [("abc",)]
    copy.close()
    assert list(tmp_path.glob("*.tmp*")) == []


def test_a_backup_holds_all_and_is_made_while_another_writes(home, archive, tmp_path):
    worked_on(archive)
    before = state(archive)
    with writer_lock(home):
        assert back_up(home, tmp_path / "b.db") > 0
    there = Home(tmp_path / "there", tmp_path / "there" / "index")
    assert restore(there, tmp_path / "b.db") is None
    with Archive(there) as again:
        assert state(again) == before
        assert again.catalog.health.check() == []


def test_a_restore_is_seen_by_those_who_read_and_keeps_what_was_there(home, archive, tmp_path):
    back_up(home, tmp_path / "b.db")
    before = state(archive)
    worked_on(archive)
    after = state(archive)
    aside = restore(home, tmp_path / "b.db")
    archive.refresh()
    for _ in archive.sync():
        pass
    assert state(archive) == before
    back = Home(tmp_path / "back", tmp_path / "back" / "index")
    restore(back, aside)
    with Archive(back) as again:
        assert state(again) == after


@pytest.mark.parametrize("damage", ["cut", "text", "missing"])
def test_what_is_no_whole_backup_changes_nothing(home, archive, tmp_path, damage):
    path = tmp_path / "b.db"
    back_up(home, path)
    before = state(archive)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:20_000])
    elif damage == "text":
        path.write_text("not a backup" * 1000)
    else:
        path.unlink()
    with pytest.raises(DamagedError, match="not a whole backup"):
        restore(home, path)
    assert state(archive) == before


def test_a_catalog_beyond_reading_is_kept_aside_by_a_restore(home, archive, tmp_path):
    back_up(home, tmp_path / "b.db")
    before = state(archive)
    archive.close()
    home.catalog.write_bytes(b"not a database " * 1000)
    aside = restore(home, tmp_path / "b.db")
    assert aside.read_bytes().startswith(b"not a database")
    with Archive(home) as again:
        assert state(again) == before


def test_a_dump_is_taken_over_by_another_archive_with_the_same_articles(archive, pile, tmp_path):
    worked_on(archive)
    lines = [line.encode() for line in dump(archive)]
    with Archive(Home(tmp_path / "b", tmp_path / "b" / "index")) as other:
        imported(other, pile)
        assert load(other, lines) == (4, 0)
        assert [line.encode() for line in dump(other)] == lines
        assert len(titles(other, "tag:boats is:read")) == 1
    with Archive(Home(tmp_path / "c", tmp_path / "c" / "index")) as empty:
        assert load(empty, lines) == (1, 3)


def test_taking_over_a_dump_is_one_change_that_can_be_undone(archive, pile, tmp_path):
    worked_on(archive)
    lines = [line.encode() for line in dump(archive)]
    with Archive(Home(tmp_path / "b", tmp_path / "b" / "index")) as other:
        imported(other, pile)
        first, second = public_ids(other)[:2]
        other.catalog.marks.flag([other.catalog.find(first)], starred=True, tag="mine")
        other.catalog.saved.save("Quay", "mine first")
        correct_language(other, second, "pl")
        other.catalog.sites.set_cleaned("Gull", clean=False)
        before = [line.encode() for line in dump(other)]
        load(other, lines)
        assert [line.encode() for line in dump(other)] != before
        what, _touched = other.catalog.undo.last()
        assert what == "load"
        assert [line.encode() for line in dump(other)] == before
        assert other.catalog.health.check() == []


def test_what_is_decided_about_a_source_can_be_undone(archive):
    archive.catalog.sites.set_cleaned("Gull", clean=False)
    assert archive.catalog.undo.last() == ("source", [])
    assert archive.catalog.sites.uncleaned() == frozenset()


@pytest.mark.parametrize(
    "line",
    [b"[]", b"{", b'{"article": "x"}', b'{"saved": "x"}', b'{"source": "x"}', b"\xff", b"[" * 9000,
     b'{"article": "x", "sha256": 1, "kept": 3}'],
)  # fmt: skip
def test_a_dump_with_a_wrong_line_changes_nothing(archive, line):
    good = [json.dumps({"is": "newsreader state", "format": 1}).encode()]
    good.append(json.dumps({"saved": "Sea", "query": "sea"}).encode())
    if line.startswith(b'{"article"') and b"kept" in line:
        line = line.replace(b'"x"', json.dumps(public_ids(archive)[0]).encode())
    with pytest.raises(ArchiveError, match="line 3"):
        load(archive, [*good, line])
    assert archive.catalog.saved.all() == []


# ---- damaged bits


def flipped(data, chance):
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def readable(catalog, keys):
    """Each article, list line and mark; None where the catalog says that it is damaged."""
    found = []
    for key in keys:
        try:
            kept = catalog.get(key)
            found.append((kept.id, kept.sha256, kept.article.cleaned, kept.article.language))
        except DamagedError:
            found.append(None)
    lines = [line if line.id[:4] != "key-" else None for line, _ in catalog.lines(keys)]
    return found + lines


def test_a_flipped_bit_in_the_catalog_is_said_and_the_rest_is_read(home, archive, tmp_path):
    worked_on(archive)
    keys = list(archive.catalog.keys())
    archive.close()
    whole = home.catalog.read_bytes()
    with Catalog(home.catalog, write=False) as catalog:
        right = readable(catalog, keys)
    chance, path, noticed = random.Random(7), tmp_path / "c.db", 0
    for _ in range(int(os.environ.get("NEWSREADER_FLIPS", "100"))):
        path.write_bytes(flipped(whole, chance))
        try:
            with Catalog(path, write=False) as catalog:
                said = catalog.health.check()
                found = readable(catalog, keys)
        except ArchiveError:
            noticed += 1
            continue
        noticed += bool(said)
        assert all(a in (b, None) for a, b in zip(found, right, strict=True))
        assert said or found == right
    assert noticed


def damage(path, table, change):
    """Change a row behind the catalog's back, as a disk that forgets would."""
    with sqlite3.connect(path) as db:
        db.execute(f"UPDATE {table} SET {change} WHERE key = 1")
    db.close()


@pytest.mark.parametrize(
    ("table", "change"),
    [("article", "title = 'Light ferry returns to the strait'"), ("article", "words = words + 64"),
     ("content", "encoding = 'utf-9'"), ("guard", "sum = sum + 1 - 2 * (sum % 2)")],
)  # fmt: skip
def test_doctor_puts_a_flipped_bit_back(home, archive, table, change):
    before = state(archive)
    archive.close()
    damage(home.catalog, table, change)
    with Archive(home) as again:
        assert again.catalog.health.check() != []
        assert again.catalog.health.repair() == []
        assert state(again) == before


def test_doctor_leaves_alone_what_it_cannot_know(home, archive):
    archive.close()
    damage(home.catalog, "article", "lede = 'Something else altogether'")
    with Archive(home) as again:
        (problem,) = again.catalog.health.repair()
        assert (problem.part, problem.row) == ("article", "1")
        with pytest.raises(DamagedError, match="damaged"):
            again.catalog.get(1)
        assert again.catalog.get(2)
        assert "(damaged" in again.catalog.lines([1, 2])[0][0].lede
        page, _ = again.search(Query(""))
        assert page.total == len(ARTICLES)


def test_a_damaged_flag_counts_as_not_there_until_doctor_puts_it_back(home, archive):
    archive.catalog.marks.flag([1, 2], starred=True)
    archive.close()
    with sqlite3.connect(home.catalog) as db:  # only `again` can still tell
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET sql = replace(sql, ') STORED', '+ 1) STORED')"
                   " WHERE name = 'flag'")  # fmt: skip
    db.close()
    with sqlite3.connect(home.catalog) as db:
        db.execute("UPDATE flag SET read = read WHERE key = 1")
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET sql = replace(sql, '+ 1) STORED', ') STORED')"
                   " WHERE name = 'flag'")  # fmt: skip
    db.close()
    with Archive(home) as again:
        assert again.catalog.health.marks() == ["flag"]
        assert len(titles(again, "is:starred")) == 1
        assert again.catalog.health.repair() == []
        assert len(titles(again, "is:starred")) == 2


def test_a_flipped_bit_in_the_index_is_noticed_or_changes_no_answer(home, archive):
    asked = ("ferry", "пором OR мост", "rep*", '"night ferry"', "lang:sr", "date:2026-02", "")
    right = [titles(archive, text) for text in asked]
    archive.close()
    files = {path: path.read_bytes() for path in sorted(home.index.iterdir())}
    chance = random.Random(3)
    changed = [path for path in files if files[path]]
    for _ in range(int(os.environ.get("NEWSREADER_FLIPS", "30"))):
        path = chance.choice(changed)
        shutil.rmtree(home.index)
        home.index.mkdir()
        for other, data in files.items():
            other.write_bytes(flipped(data, chance) if other == path else data)
        with Archive(home) as again:
            assert [titles(again, text) for text in asked] == right
            assert again.fulltext.verify()


# ---- disks and folders

CROWD = """
import os, sys, traceback
from pathlib import Path
from index.archive import Archive
from index.model import Query
from index.places import Home
home = Home(Path(sys.argv[1]), Path(sys.argv[1]) / "index")
def look():
    least = 0
    for _ in range(10):
        with Archive(home) as archive:
            page, _ = archive.search(Query("barge"), limit=5)
            assert least <= page.total <= 300, (least, page.total)
            least = page.total
            assert len(page.rows) == min(5, page.total)
for _ in range(8):
    if os.fork() == 0:
        try:
            look()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
sys.exit(sum(os.wait()[1] != 0 for _ in range(8)))
"""


@pytest.mark.slow
def test_eight_readers_read_while_one_writes(home, archive, tmp_path):
    path = tmp_path / "more.jsonl"
    path.write_text("\n".join(json.dumps({"text": f"Barge {n} is moored."}) for n in range(300)))
    readers = subprocess.Popen([sys.executable, "-c", CROWD, str(home.folder)])
    imported(archive, path, workers=0)
    assert readers.wait(120) == 0
    assert len(titles(archive, "barge")) == 100
    assert archive.catalog.health.check() == []


def test_a_vanished_folder_is_said(home, archive, pile):
    archive.close()
    shutil.rmtree(home.folder)
    home.folder.write_text("a file where the folder was")
    with pytest.raises(ArchiveError, match="cannot be made"):
        Archive(home)


def test_a_clock_that_goes_back_loses_nothing(home, archive, pile, monkeypatch):
    monkeypatch.setattr("index.catalog.now", lambda: "1999-01-01T00:00:00+00:00")
    monkeypatch.setattr("index.catalog.undo.now", lambda: "1999-01-01T00:00:00+00:00")
    pile.write_text(json.dumps({"id": "new", "text": "The clock tower runs backwards."}))
    assert [item.status for item in imported(archive, pile)] == ["added"]
    archive.catalog.marks.flag([1], starred=True)
    archive.catalog.marks.flag([1], read=True)
    assert archive.catalog.undo.last()[0] == "read"
    assert archive.catalog.undo.last()[0] == "starred"
    assert titles(archive, "backwards") == ["The clock tower runs backwards."]


def _mounted(folder, *options):
    """Whether a disk of our own could be mounted at `folder`."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)], capture_output=True, check=False
    )
    return done.returncode == 0


@pytest.fixture
def small_disk(tmp_path):
    """A disk of a few megabytes; skips where none may be mounted."""
    folder = tmp_path / "disk"
    if shutil.which("mount") is None or not _mounted(folder, "-o", "size=1536k"):
        pytest.skip("no disk may be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_read_only_disk_is_read(small_disk, pile):
    home = Home(small_disk / "a", small_disk / "a" / "index")
    with Archive(home) as archive:
        imported(archive, pile, workers=0)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with Archive(home) as archive:
        assert titles(archive, "ferry") == ["Night ferry returns to the strait"]
        with pytest.raises(ArchiveError, match="cannot be written"):
            imported(archive, pile)
        with pytest.raises(ArchiveError, match="cannot be written"):
            archive.catalog.marks.flag([1], read=True)


def test_what_a_wal_still_holds_is_read_on_a_read_only_disk(small_disk, pile):
    home = Home(small_disk / "a", small_disk / "a" / "index")
    Archive(home).close()
    code = (
        "import os, sys; from pathlib import Path; from index.catalog import Catalog\n"
        "catalog = Catalog(Path(sys.argv[1]), write=True); catalog.saved.save('Quay', 'ferry')\n"
        "os._exit(0)"  # nothing is tidied up
    )
    subprocess.run([sys.executable, "-c", code, str(home.catalog)], check=True)
    for side in home.folder.glob("*-shm"):
        side.unlink()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with Archive(home) as archive:
        assert [one.name for one in archive.catalog.saved.all()] == ["Quay"]


@pytest.mark.parametrize("kilobytes", [44, 96, 200, 420])
def test_a_full_disk_is_said_and_a_second_run_completes(small_disk, tmp_path, kilobytes):
    path, home = tmp_path / "many.jsonl", Home(small_disk / "a", small_disk / "a" / "index")
    chance = random.Random(5)
    lines = [" ".join(f"word{chance.randrange(900)}" for _ in range(150)) for _ in range(150)]
    path.write_text("\n".join(json.dumps({"text": line}) for line in lines))
    subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", str(small_disk)], check=True)
    said = r"disk that holds .*disk.* is full \(0\.\d MB free\)"
    with pytest.raises(ArchiveError, match=said), Archive(home) as archive:
        imported(archive, path, workers=0)
    subprocess.run(["mount", "-o", "remount,size=9m", str(small_disk)], check=True)
    with Archive(home) as archive:
        imported(archive, path, workers=0)
        assert archive.catalog.count() == archive.fulltext.count == 150
        assert archive.catalog.health.check() == []


def test_a_damaged_index_is_made_again_before_the_command_line_answers(home, archive, tmp_path):
    path = tmp_path / "many.jsonl"
    path.write_text("\n".join(json.dumps({"text": f"Barge {n} is moored."}) for n in range(300)))
    imported(archive, path, workers=0)
    archive.close()
    (segment, *_) = home.index.glob("*.seg")
    segment.write_bytes(segment.read_bytes()[:-100])
    command = [sys.executable, "-P", "-m", "tui", "--archive", str(home.folder)]
    done = subprocess.run(
        [*command, "search", "barge", "--json"], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["total"] == 300
