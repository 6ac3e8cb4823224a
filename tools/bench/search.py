"""Search against its peers in one run: ./dev bench search --size N [--real] [--only a,b].

The same articles go into newsreader, stock Whoosh (up to 20,000), SQLite FTS5, tantivy and, where
Debian's python3-xapian is there, Xapian. Prints one JSON line a figure: build rate, size, time to
open, memory, and for each class of queries the median and 95th percentile in milliseconds of CPU
and how many times newsreader's median that is. What is timed is the same for all: the text of a
query is read (where an engine's own language can say it, else its query is put together), all hits
are counted and the first 50 keys are listed; warm, each query once before. Answers are not kept.

With --folder all that was built is kept, and what is there is used: `--ours INDEX` takes another
index of the same articles, `--only none` leaves all peers out, `--classes a,b` asks only those.
With --bad nothing is compared: it prints what queries cost that nobody types (see `hostile`).
Without --keys the articles are indexed, and asked for, by the words as they are written, as the
peers do it; with it newsreader also indexes forms, names and scripts, and queries ask for them.
"""

import argparse
import contextlib
import json
import random
import re
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hostile import costs
from making import (
    built_by,
    linked,
    size_of,
    stored,
    two_against_one,
    words_alone,
    written,
)
from peers import PEERS

from index.model import Entry
from index.search.expand import expand
from index.search.fulltext import FullText
from index.search.query import parse
from index.search.segment import FULL
from index.search.typing import open_last_word

TODAY = date(2026, 2, 20)
EPOCH = date(1970, 1, 1)
QUERIES = 20
TYPED = 200


class Newsreader:
    name = "newsreader"
    keys = False
    """Whether forms, names and scripts are indexed and asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, entries: Iterator[Entry]) -> None:
        index = FullText(self.folder)
        index.rebuild()
        batch: list[Entry] = []
        for entry in entries:
            batch.append(entry)
            if len(batch) == FULL:
                index.put(batch, tidy=False)
                batch = []
        index.put(batch, tidy=False)
        index.optimize()
        index.close()

    def open(self) -> None:
        self.index = FullText(self.folder)
        assert not self.index.needs_rebuild

    def forget(self) -> None:
        """Forget what was found before and where its words stand: that is not what is measured."""
        self.index._answers.clear()
        self.index._view._terms.clear()
        self.index._view._kept.clear()

    def run(self, kind: str, asked: tuple[str, ...]) -> int:
        text, options = ASKED[kind](*asked)
        parsed = parse(text, today=TODAY)
        if self.keys:
            parsed = expand(parsed, self.index.languages)
        return self.index.search(parsed, limit=50, **options).total


def _month(day: str) -> str:
    start = date.fromisoformat(day)
    return f"{start}..{start + timedelta(days=730)}"


ASKED: dict[str, Callable[..., tuple[str, dict[str, object]]]] = {
    "rare": lambda word: (word, {"facets": False}),
    "medium": lambda word: (word, {"facets": False}),
    "common": lambda word: (word, {"facets": False}),
    "and": lambda *words: (" ".join(words), {"facets": False}),
    "or": lambda *words: (" OR ".join(words), {"facets": False}),
    "phrase": lambda *words: (f'"{" ".join(words)}"', {"facets": False}),
    "prefix": lambda word: (f"{word}*", {"facets": False}),
    "prefix2": lambda word: (f"{word}*", {"facets": False}),
    "prefix1": lambda word: (f"{word}*", {"facets": False}),
    "fuzzy": lambda word: (f"{word}~", {"facets": False}),
    "filter": lambda word, language, day: (
        f"{word} lang:{language} date:{_month(day)}",
        {"facets": False},
    ),
    "date": lambda word: (word, {"facets": False, "sort": "newest"}),
    "facets": lambda word: (word, {"facets": True}),
    "all": lambda: ("", {"facets": True}),
}


def queries(path: Path) -> dict[str, list[tuple[str, ...]]]:
    """Queries of each class, drawn by how many of the first articles hold the words."""
    chance = random.Random(7)
    texts: list[tuple[Entry, list[str]]] = []
    holders: Counter[str] = Counter()
    for entry in stored(path):
        words = re.findall(r"\w+", f"{entry.title} {entry.body}".lower())
        texts.append((entry, words))
        holders.update(set(words))
        if len(texts) == 5000:
            break
    count = len(texts)
    words = sorted(word for word in holders if word.isalpha() and word.isascii() | (len(word) > 3))

    def between(low: float, high: float, longer: int = 1) -> list[str]:
        found = [w for w in words if low * count <= holders[w] < high * count and len(w) > longer]
        return chance.sample(found, min(QUERIES, len(found)))

    def together(fits: Callable[[list[str]], tuple[str, ...] | None]) -> list[tuple[str, ...]]:
        found: list[tuple[str, ...]] = []
        for _ in range(200_000):
            got = fits(chance.choice(texts)[1])
            if got:
                found.append(got)
            if len(found) == QUERIES:
                break
        return found

    def pair(text: list[str]) -> tuple[str, ...] | None:
        one, other = chance.choice(text), chance.choice(text)
        common, rarer = holders[one] / count, holders[other] / count
        return (
            (one, other) if 0.02 < common < 0.45 and 0.005 < rarer < 0.2 and one != other else None
        )

    def side_by_side(text: list[str]) -> tuple[str, ...] | None:
        at = chance.randrange(len(text) - 1) if len(text) > 1 else 0
        got = tuple(text[at : at + 2])
        fits = len(set(got)) == 2 and all(0.002 < holders[w] / count < 0.3 for w in got)
        return got if fits else None

    def misspelt(word: str) -> str:
        at = chance.randrange(1, len(word))
        return word[:at] + chance.choice("aeiorтна") + word[at + 1 :]

    common = between(0.2, 1.0)
    dated = [entry for entry, _ in texts if entry.day is not None]
    filtered = []
    for word in between(0.01, 0.3):
        entry = chance.choice(dated)
        day = (EPOCH + timedelta(days=entry.day or 0)).isoformat()
        filtered.append((word, entry.language, day))
    long = between(0.003, 0.02, longer=5)
    return {
        "rare": [(w,) for w in between(2 / count, 0.002, longer=4)],
        "medium": [(w,) for w in between(0.004, 0.012)],
        "common": [(w,) for w in common],
        "and": together(pair),
        "or": [tuple(chance.sample(between(0.1, 1.0), 2)) for _ in range(QUERIES)],
        "phrase": together(side_by_side),
        "prefix": [(w[:3],) for w in long],
        "prefix2": [(w[:2],) for w in long],
        "prefix1": [(w[:1],) for w in long],
        "fuzzy": [(misspelt(w),) for w in between(0.003, 0.02, longer=4)],
        "filter": filtered,
        "date": [(w,) for w in common],
        "facets": [(w,) for w in common],
        "all": [()],
    }


def measured(
    run: Callable[[], object], rounds: int, before: Callable[[], None] = lambda: None
) -> list[float]:
    """Milliseconds of CPU of each of some rounds, and what is to be done before each of them."""
    took = []
    for _ in range(rounds):
        before()
        begun = time.process_time()
        run()
        took.append((time.process_time() - begun) * 1000)
    return took


def say(**figure: object) -> None:
    print(json.dumps(figure), flush=True)


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def typed(engine: Newsreader, path: Path) -> None:
    """Every beginning of queries typed letter by letter, as the reader sends them."""
    chance = random.Random(11)
    entries = [entry for entry, _ in zip(stored(path), range(3000), strict=False)]
    took = []
    for _ in range(TYPED):
        words = re.findall(r"\w+", chance.choice(entries).title)
        text = " ".join(chance.sample(words, min(len(words), chance.randint(1, 3))))
        for end in range(1, len(text) + 1):
            took += measured(lambda text=text[:end]: typed_so_far(engine, text), 1)
    p = {f"p{round(share * 100)}": round(percentile(took, share), 3) for share in (0.5, 0.95, 0.99)}
    say(figure="typed", keys=len(took), **p, max=round(max(took), 3))


def typed_so_far(engine: Newsreader, text: str) -> None:
    """What the engine does at a key: the last word stands for all that begin so; facets too."""
    parsed = open_last_word(parse(text, today=TODAY))
    engine.index.search(expand(parsed, engine.index.languages) if engine.keys else parsed)


def small_commits(engine: Newsreader, path: Path) -> None:
    """Twenty new articles put into an index like this until they can be found."""
    entries = [entry for entry, _ in zip(stored(path), range(220), strict=False)]
    fresh = [replace(entry, key=10**9 + entry.key) for entry in entries]
    took, cpu = [], []
    with tempfile.TemporaryDirectory(dir=engine.folder.parent) as temporary:
        index = FullText(linked(engine.folder, Path(temporary)))
        for begin in range(0, 220, 20):
            begun, worked = time.perf_counter(), time.process_time()
            index.put(fresh[begin : begin + 20], tidy=False)
            index.search(parse("date:2016", today=TODAY))
            took.append((time.perf_counter() - begun) * 1000)
            cpu.append((time.process_time() - worked) * 1000)
        index.close()
    say(
        figure="20 new articles",
        wall_ms_first=round(took[0], 1),
        wall_ms=round(statistics.median(took[1:]), 1),
        max=round(max(took[1:]), 1),
        cpu_ms=round(statistics.median(cpu[1:]), 1),
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--size", type=int, default=20_000)
    asked.add_argument("--real", action="store_true", help="real articles of ../shared")
    asked.add_argument("--only", default="", help="these peers alone, parted by commas")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--folder", type=Path, help="keep everything there, and use what is there")
    asked.add_argument("--keys", action="store_true", help="with forms, names and scripts")
    asked.add_argument("--two", action="store_true", help="also build with one and two processes")
    asked.add_argument("--workers", type=int, default=1, help="build newsreader's with so many")
    asked.add_argument("--ours", type=Path, help="newsreader's index, built before of the same")
    asked.add_argument("--classes", default="", help="these classes alone, parted by commas")
    asked.add_argument("--bad", action="store_true", help="what hostile queries cost, nothing else")
    options = asked.parse_args()
    if options.keys:
        Newsreader.name, Newsreader.keys = "newsreader with keys", True
    indexed = contextlib.nullcontext() if options.keys else words_alone()
    with indexed, tempfile.TemporaryDirectory() as temporary:
        compare(options, options.folder or Path(temporary))


def compare(options: argparse.Namespace, folder: Path) -> None:
    path = written(folder, options.size, real=options.real)
    if options.bad:
        engine = Newsreader(options.ours or folder / Newsreader.name)
        build(engine, engine.folder, path, options.size)
        for figure in costs(engine.folder, path, TODAY, keys=options.keys):
            say(**figure)
        return
    asked = queries(path)
    if options.classes:
        asked = {name: asked[name] for name in asked if name in options.classes.split(",")}
    comparison = Comparison(asked, options.rounds)
    only = {name for name in options.only.split(",") if name}
    engines: list[Any] = []
    for kind in (Newsreader, *PEERS):
        ours = kind is Newsreader
        if not ours:
            if only and kind.name not in only:
                continue
            if options.size > kind.most or not kind.is_there():
                say(figure="left out", engine=kind.name)
                continue
        where = options.ours if ours and options.ours else folder / kind.name
        engine = kind(where)
        if ours and options.workers > 1 and not where.exists():
            say(**built_by(options.workers, where, path, options.size))
        build(engine, where, path, options.size)
        begun, cpu = time.perf_counter(), time.process_time()
        engine.open()
        say(
            figure="open",
            engine=kind.name,
            ms=round((time.perf_counter() - begun) * 1000, 1),
            cpu_ms=round((time.process_time() - cpu) * 1000, 1),
        )
        if ours and engine.index.count != options.size:
            raise SystemExit(f"{where} holds {engine.index.count} articles, not {options.size}")
        engines.append(engine)
    comparison.ask(engines)
    if not options.classes:
        typed(engines[0], path)
        small_commits(engines[0], path)
    if options.two:
        say(**two_against_one(path, options.size))


def build(engine: object, folder: Path, path: Path, size: int) -> None:
    if folder.exists():
        return
    begun, before = time.process_time(), time.perf_counter()
    for _ in stored(path):
        pass
    reading = time.process_time() - begun
    begun = time.process_time()
    engine.build(stored(path))
    took = time.process_time() - begun - reading
    say(
        figure="build",
        engine=engine.name,
        articles_a_cpu_second=round(size / took),
        wall_s=round(time.perf_counter() - before, 1),
        mb=round(size_of(folder), 1),
        peak_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3),
    )


class Comparison:
    """Asks every engine the same and says how each compares with newsreader, which comes first."""

    def __init__(self, asked: dict[str, list[tuple[str, ...]]], rounds: int) -> None:
        self.asked = asked
        self.rounds = rounds
        self.ours: dict[str, float] = {}
        self.totals: dict[tuple[str, tuple[str, ...]], int] = {}

    def ask(self, engines: "list[Any]") -> None:
        """Ask class by class, one engine after the other: machines change their pace in a run."""
        for name, items in self.asked.items():
            for engine in engines:
                with contextlib.suppress(NotImplementedError):
                    self._ask(engine, name, items)

    def _ask(self, engine, name: str, items: list[tuple[str, ...]]) -> None:
        took = []
        differ = 0
        forget = engine.forget if isinstance(engine, Newsreader) else lambda: None
        for item in items:
            total = engine.run(name, item)
            differ += self.totals.setdefault((name, item), total) != total
            took += measured(lambda item=item: engine.run(name, item), self.rounds, forget)
        median = statistics.median(took)
        say(
            figure=name,
            engine=engine.name,
            median_ms=round(median, 3),
            p95_ms=round(percentile(took, 0.95), 3),
            times_ours=round(median / self.ours.setdefault(name, median), 2),
            totals_that_differ=f"{differ}/{len(items)}",
        )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main()
