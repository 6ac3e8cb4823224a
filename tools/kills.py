"""Kill newsreader anywhere, and see that nothing was lost, doubled or damaged.

    python -m tools.kills events [OPERATION …]   SIGKILL at every system call that changes a file
                                                 (needs strace, and the right to trace)
    python -m tools.kills hooks [OPERATION …]    the same at every file event that Python sees
    python -m tools.kills random [N]             SIGKILL at N random times of imports and marking

Prints one JSON line an operation; the exit code is 1 where a difference was found. 500 random
kills take some minutes: how many are done is told on the way.
"""

import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from index.archive import Archive
from index.catalog import Catalog
from index.model import Query
from index.places import Home, writer_lock
from index.safekeeping import back_up, dump, load, restore

ROOT = Path(__file__).parent.parent
CALLS = ("pwrite64", "write", "fdatasync", "fsync", "rename", "unlink", "ftruncate", "openat")
_WORDS = [
    "harbour",
    "ferry",
    "lighthouse",
    "ledger",
    "engine",
    "repair",
    "winter",
    "copper",
    "roof",
    "tide",
    "barge",
    "quay",
]
TRACKED = (1, 2, 3)


def home_of(folder: Path) -> Home:
    return Home(folder, folder / "index")


def pile(path: Path, first: int, count: int) -> Path:
    """A JSONL file of `count` invented articles, numbered from `first`."""
    lines = []
    for n in range(first, first + count):
        chosen = random.Random(n)
        text = ". ".join(" ".join(chosen.choices(_WORDS, k=8)).capitalize() for _ in range(4))
        fields = {"id": f"i{n}", "title": f"Report {n}", "date": f"2026-02-{n % 28 + 1:02}"}
        lines.append(json.dumps({**fields, "language": "en", "text": f"{text}."}))
    path.write_text("\n".join(lines))
    return path


def take(home: Home, path: Path) -> None:
    with Archive(home) as archive:
        for _ in archive.importing([str(path)], workers=0):
            pass


# ---- operations: how each begins, and what it does


def begin_import(folder: Path) -> None:
    take(home_of(folder), pile(folder.parent / "first.jsonl", 0, 6))


def _import(folder: Path) -> None:
    take(home_of(folder), pile(folder.parent / f"{folder.name}.jsonl", 4, 10))


def _begin_sync(folder: Path) -> None:
    begin_import(folder)
    with Catalog(home_of(folder).catalog, write=True) as catalog:
        catalog.unsettle()


def _sync(folder: Path) -> None:
    with Archive(home_of(folder)) as archive:
        for _ in archive.sync():
            pass


def _begin_merge(folder: Path) -> None:
    for n in range(3):
        take(home_of(folder), pile(folder.parent / "first.jsonl", 3 * n, 3))


def _merge(folder: Path) -> None:
    home = home_of(folder)
    with Archive(home) as archive, writer_lock(home):
        archive.fulltext.optimize()


def _flag(folder: Path) -> None:
    with Archive(home_of(folder)) as archive:
        archive.catalog.marks.flag(TRACKED, starred=True, tag="sea")
        archive.catalog.marks.flag([2], read=True)
        archive.catalog.saved.save("Quay", "ferry", "newest")


def _rebuild(folder: Path) -> None:
    with Archive(home_of(folder)) as archive:
        for _ in archive.rebuild():
            pass


def _begin_restore(folder: Path) -> None:
    begin_import(folder)
    back_up(home_of(folder), folder / "backup.db")
    take(home_of(folder), pile(folder.parent / "second.jsonl", 6, 3))


def _restore(folder: Path) -> None:
    restore(home_of(folder), folder / "backup.db")
    _sync(folder)


def _load(folder: Path) -> None:
    with Archive(home_of(folder)) as archive:
        public = [line.id for line, _ in archive.catalog.lines(list(archive.catalog.keys()))]
        said = [{"is": "newsreader state", "format": 1}]
        said += [{"article": name, "sha256": "", "starred": True, "tags": ["a"]} for name in public]
        load(archive, [json.dumps(line).encode() for line in said])


def _begin_reclean(folder: Path) -> None:
    """Articles whose cutting was never worked out: cleaning them again changes all."""
    home, path = home_of(folder), pile(folder.parent / "raw.jsonl", 0, 5)
    with Archive(home) as archive:
        for _ in archive.importing([str(path)], cleaning=False, workers=0):
            pass
        archive.catalog.marks.flag(TRACKED, starred=True)


def _reclean(folder: Path) -> None:
    with Archive(home_of(folder)) as archive:
        for _ in archive.recleaning(list(archive.catalog.keys()), {}, workers=0):
            pass


def _begin_migrate(folder: Path) -> None:
    """A catalog as version 1 would have it: of this version, less what came with the second."""
    folder.mkdir(parents=True)
    script = (ROOT / "tests" / "catalog_1.sql").read_text(encoding="utf-8")
    new = folder.with_name("new")
    begin_import(new)
    import sqlite3

    db = sqlite3.connect(home_of(folder).catalog, isolation_level=None)
    db.executescript(script)
    db.execute("ATTACH ? AS new", (str(home_of(new).catalog),))
    db.execute("DELETE FROM clock")
    for table in ("article", "content", "identity", "clock", "import"):
        names = ", ".join(row[1] for row in db.execute(f"PRAGMA main.table_info({table})"))
        db.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM new.{table}")
    db.execute("INSERT INTO flag VALUES (1, 0, 1), (2, 1, 0)")
    db.execute("INSERT INTO tag VALUES (1, 'sea')")
    db.execute("PRAGMA user_version = 1")
    db.close()
    shutil.copytree(home_of(new).index, home_of(folder).index)


OPERATIONS: dict[str, tuple[Callable[[Path], None], Callable[[Path], None]]] = {
    "import": (begin_import, _import),
    "sync": (_begin_sync, _sync),
    "merge": (_begin_merge, _merge),
    "flag": (begin_import, _flag),
    "migrate": (_begin_migrate, _sync),
    "rebuild": (begin_import, _rebuild),
    "restore": (_begin_restore, _restore),
    "load": (begin_import, _load),
    "reclean": (_begin_reclean, _reclean),
}


def seen(folder: Path) -> object:
    """All that can be seen of an archive: articles, marks, what searches find, what doctor says."""
    with Archive(home_of(folder)) as archive:
        for _ in archive.sync():
            pass
        keys = list(archive.catalog.keys())
        kept = [archive.catalog.get(key) for key in keys]
        found = []
        for text in ("", "ferry", "is:starred", "tag:sea", "lighthouse -tide"):
            page, _ = archive.search(Query(text), limit=100)
            found.append((page.total, [(row.id, row.starred, row.tags) for row in page.rows]))
        return {
            "articles": [(one.id, one.sha256, one.article.cleaned, one.flags) for one in kept],
            "dump": list(dump(archive)),
            "found": found,
            "doctor": [problem.template for problem in archive.catalog.health.check()],
            "index": (archive.fulltext.verify(), archive.fulltext.count),
        }


# ---- killing


def _with_hook(step: int) -> None:
    """Let this process die at its `step`-th change of a file."""
    left = step

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        changes = event in {"os.rename", "os.remove", "os.mkdir", "os.truncate", "sqlite3.connect"}
        if event == "open":
            flags = arguments[2]
            changes = isinstance(flags, int) and bool(flags & 3)
        if changes:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def by_hook(act: Callable[[], None], step: int) -> bool:
    """Do `act` in a process that dies at its `step`-th file event; whether it got that far."""
    child = os.fork()
    if child == 0:
        _with_hook(step)
        _quietly(act)
    return os.waitpid(child, 0)[1] != 0


def by_call(act: Callable[[], None], call: str, step: int) -> bool:
    """Do `act` in a process that dies at its `step`-th system call `call`; whether it did."""
    ready, go = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(go)
        os.read(ready, 1)
        _quietly(act)
    os.close(ready)
    how = ["-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={step}"]
    tracer = subprocess.Popen(
        ["strace", "-q", "-o", os.devnull, "-p", str(child), *how], stderr=subprocess.DEVNULL
    )
    status = Path(f"/proc/{child}/status")
    while "TracerPid:\t0" in status.read_text():
        if tracer.poll() is not None:
            raise SystemExit("strace may not trace here")
        time.sleep(0.002)
    os.write(go, b"!")
    os.close(go)
    ended = os.waitpid(child, 0)[1]
    tracer.wait()
    return ended != 0


def _quietly(act: Callable[[], None]) -> None:
    """Do `act` as all that this process has still to do."""
    try:
        act()
    except BaseException:  # noqa: BLE001 - whatever it is, the parent looks at what is left
        import traceback

        traceback.print_exc()
        os._exit(0)  # a failure is no kill: what it leaves is looked at all the same
    os._exit(0)


def each_event(name: str, scratch: Path, *, calls: bool, stride: int = 1) -> dict[str, object]:
    """Kill `name` at each `stride`-th of its events; what was seen otherwise than undisturbed."""
    begin, act = OPERATIONS[name]
    base = scratch / "base"
    begin(base)
    whole = scratch / "whole"
    shutil.copytree(base, whole)
    act(whole)
    before, right = seen(base) if name != "migrate" else None, seen(whole)
    kills, wrong = 0, []
    for call in CALLS if calls else ("",):
        for step in itertools.count(1, stride):
            folder = scratch / "killed"
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(base, folder)
            if calls:
                died = by_call(lambda folder=folder: act(folder), call, step)
            else:
                died = by_hook(lambda folder=folder: act(folder), step)
            if not died:
                break
            kills += 1
            wrong += [f"{call} {step}: {said}" for said in differences(folder, act, before, right)]
    return {"operation": name, "kills": kills, "differences": wrong}


def differences(
    folder: Path, act: Callable[[Path], None], before: object, right: object
) -> Iterator[str]:
    """What is wrong with an archive after a kill, as it is and after another run."""
    first = seen(folder)
    assert isinstance(first, dict)
    assert isinstance(right, dict)
    if first["doctor"] or not first["index"][0]:
        yield f"damaged: {first['doctor']}"
    if first["index"][1] != len(first["articles"]):
        yield "the index is not level"
    if isinstance(before, dict) and act.__name__ != "_restore":
        ids = {article[0] for article in first["articles"]}
        if not {article[0] for article in before["articles"]} <= ids:
            yield "an article is lost"
    act(folder)
    again = seen(folder)
    if again != right:
        yield "another run does not give the same"


# ---- at random times


def at_random(count: int, scratch: Path, seed: int = 1) -> dict[str, object]:
    """Kill imports with marking at `count` random times; what is lost, doubled or different.

    An archive lives through kills until an import comes through before its kill: after each, what
    was told of as kept is there.
    """
    chance, lost, kills, ran = random.Random(seed), [], 0, 0
    big = pile(scratch / "big.jsonl", 0, 400)
    whole = scratch / "whole"
    _at_work(whole, big, scratch / "told")
    right = seen(whole)
    took = _timed(scratch / "timed", big, scratch / "told")
    while kills < count:
        folder = scratch / "round"
        shutil.rmtree(folder, ignore_errors=True)
        died = True
        while died and kills < count:
            (scratch / "told").write_bytes(b"")
            died = _killed_after(chance.uniform(0, took), folder, big, scratch / "told")
            kills += died
            ran += not died
            lost += missing(folder, (scratch / "told").read_text())
        _at_work(folder, big, scratch / "told")
        if seen(folder) != right:
            lost.append(f"after {kills} kills: not the same as undisturbed")
        print(f"{kills} of {count} kills, {len(lost)} differences", file=sys.stderr, flush=True)
    return {"operation": "random", "kills": kills, "not reached": ran, "differences": lost}


def _at_work(folder: Path, big: Path, told: Path) -> None:
    """Import and mark, writing down in `told` each thing that is said to be kept."""
    with told.open("a") as file, Archive(home_of(folder)) as archive:
        for step in archive.importing([str(big)], workers=0):
            if not hasattr(step, "status") or step.id is None:
                continue
            file.write(f"kept {step.id}\n")
            file.flush()
            key = archive.catalog.find(step.id)
            if key % 10 == 0:
                archive.catalog.marks.flag([key], starred=True)
                file.write(f"starred {step.id}\n")
                file.flush()


def _timed(folder: Path, big: Path, told: Path) -> float:
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        _quietly(lambda: _at_work(folder, big, told))
    os.waitpid(child, 0)
    return time.monotonic() - began


def _killed_after(seconds: float, folder: Path, big: Path, told: Path) -> bool:
    child = os.fork()
    if child == 0:
        _quietly(lambda: _at_work(folder, big, told))
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1] != 0


def missing(folder: Path, told: str) -> Iterator[str]:
    """What was said to be kept and is not; what is there twice; what doctor says."""
    if not home_of(folder).catalog.exists():
        if told:
            yield "the catalog is gone"
        return
    with Archive(home_of(folder)) as archive:
        lines = [line for line, _ in archive.catalog.lines(list(archive.catalog.keys()))]
        ids = [line.id for line in lines]
        starred = {line.id for line in lines if line.starred}
        digests = [archive.catalog.get(line.key).sha256 for line in lines]
        if len(set(digests)) != len(digests) or len(set(ids)) != len(ids):
            yield "an article is there twice"
        for said in told.splitlines():
            kind, name = said.split()
            if name not in (ids if kind == "kept" else starred):
                yield f"lost: {said}"
        for problem in archive.catalog.health.check():
            yield problem.template


def main() -> int:
    how, *asked = sys.argv[1:] or ["hooks"]
    names = [name for name in asked if name in OPERATIONS] or list(OPERATIONS)
    failed = False
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    for name in ["random"] if how == "random" else names:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="kills-", dir=memory) as scratch:
            if how == "random":
                said = at_random(int(asked[0]) if asked else 500, Path(scratch))
            else:
                said = each_event(name, Path(scratch), calls=how == "events")
        print(json.dumps({**said, "seconds": round(time.monotonic() - began)}), flush=True)
        failed = failed or bool(said["differences"])
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
