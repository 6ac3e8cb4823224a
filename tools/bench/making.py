"""The articles of a run of `bench search`, and indexes of them made by several processes."""

import contextlib
import itertools
import json
import lzma
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from corpus import articles

from index.model import Entry
from index.search import vocabulary
from index.search.analysis import HashedKeys
from index.search.fulltext import FullText
from index.search.portions import Portions
from index.search.segment import FULL
from index.text.strings import paired

REAL = Path(__file__).parents[3] / "shared" / "packs" / "languages" / "search.jsonl.xz"
EPOCH = date(1970, 1, 1)
FIELDS = ("key", "title", "body", "source", "author", "language", "day")


@contextlib.contextmanager
def words_alone() -> Iterator[None]:
    """Index words only as they are written meanwhile: without forms, names and scripts."""
    kept = vocabulary.all_keys, vocabulary.names_among
    vocabulary.all_keys = lambda *_: HashedKeys(paired([]), paired([]))
    vocabulary.names_among = lambda surfaces, *_: [False] * len(surfaces)
    try:
        yield
    finally:
        vocabulary.all_keys, vocabulary.names_among = kept


def written(folder: Path, size: int, *, real: bool) -> Path:
    """The articles of a run, in a file that is written if it is not there. Exits for others."""
    folder.mkdir(parents=True, exist_ok=True)
    path, said = folder / "articles.jsonl", folder / "articles.json"
    meant = {"size": size, "real": real}
    if path.exists():
        if json.loads(said.read_text(encoding="ascii")) != meant:
            raise SystemExit(f"{path} holds other articles: {said.read_text(encoding='ascii')}")
        return path
    with path.open("w", encoding="utf-8") as lines:
        for entry in real_articles(size) if real else articles(size):
            fields = [getattr(entry, name) for name in FIELDS]
            lines.write(json.dumps(fields, ensure_ascii=False) + "\n")
    said.write_text(json.dumps(meant), encoding="ascii")
    return path


def real_articles(size: int) -> Iterator[Entry]:
    """Real items, as often as are asked for."""
    key = 0
    while key < size:
        with lzma.open(REAL, "rt", encoding="utf-8") as lines:
            for line in lines:
                item = json.loads(line)
                day = item.get("date")
                key += 1
                yield Entry(
                    key,
                    item.get("title") or "",
                    item.get("text") or "",
                    item.get("source") or "",
                    item.get("author") or "",
                    item.get("language") or item.get("lang") or "und",
                    (date.fromisoformat(day[:10]) - EPOCH).days if day else None,
                )
                if key == size:
                    return


def stored(path: Path, begin: int = 0, end: int | None = None) -> Iterator[Entry]:
    """The articles of this run, or some of them, each read from disk when it is wanted."""
    with path.open(encoding="utf-8") as lines:
        for line in itertools.islice(lines, begin, end):
            yield Entry(*json.loads(line))


def size_of(folder: Path) -> float:
    """Megabytes of all files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def built_by(workers: int, folder: Path, path: Path, size: int) -> dict[str, object]:
    """Have an index made by several processes, as `index.indexing` has it, and say how long."""
    before = time.perf_counter()
    index = FullText(folder)
    index.rebuild()
    # Each process takes every so many-th portion, and knows the words of one for the next.
    size_of_portion = min(FULL, -(-size // workers))
    begins = range(0, size, size_of_portion)
    context = get_context("fork")
    made = context.Queue()

    def work(mine: range) -> None:
        portions = Portions(folder)
        for begin in mine:
            end = min(begin + size_of_portion, size)
            made.put((begin, end, portions.make(stored(path, begin, end)), time.process_time()))

    processes = [context.Process(target=work, args=(begins[n::workers],)) for n in range(workers)]
    for process in processes:
        process.start()
    cpu: dict[int, float] = {}
    for _ in begins:
        begin, end, paths, used = made.get()
        cpu[begins.index(begin) % workers] = used
        index.adopt(paths, range(begin + 1, end + 1))
    for process in processes:
        process.join()
    index.optimize()
    index.close()
    return {
        "figure": "build",
        "workers": workers,
        "articles_a_second": round(size / (time.perf_counter() - before)),
        "articles_a_cpu_second_with_reading": round(size / sum(cpu.values())),
        "mb": round(size_of(folder), 1),
    }


def two_against_one(path: Path, size: int) -> dict[str, object]:
    """How much faster two processes make segments than one: wall time, articles already read."""
    each = min(size, 40_000) // 2
    halves = [list(stored(path, begin, begin + each)) for begin in (0, each)]
    context = get_context("fork")
    walls = []
    with tempfile.TemporaryDirectory() as temporary:
        for together in (False, True):
            begun = time.perf_counter()
            workers = []
            for number, half in enumerate(halves):
                where = Path(temporary) / f"{together}{number}"
                workers.append(context.Process(target=_make, args=(where, half)))
                workers[-1].start()
                if not together:
                    workers[-1].join()
            for worker in workers:
                worker.join()
            walls.append(time.perf_counter() - begun)
    times = round(walls[0] / walls[1], 2)
    return {"figure": "two processes", "times_one": times, "articles": 2 * each}


def _make(folder: Path, entries: list[Entry]) -> None:
    Portions(folder).make(entries)


def linked(index: Path, folder: Path) -> Path:
    """Another index of the same segments, which are not copied: it may be written to."""
    for path in index.iterdir():
        if path.suffix == ".seg":
            (folder / path.name).symlink_to(path.resolve())
        elif path.is_file():
            shutil.copy(path, folder)
    return folder
