"""What the keys of forms and names cost: ./dev bench keys --size N [--real] [--rounds R].

Builds the same articles with keys and without, in one run, and asks the classes of `bench search`
of both: with keys the words are widened as the reader's are. Prints one JSON line a figure;
`times` is with keys against without. CPU time, each way of asking in turn, so that both meet the
same noise. What a machine does once, compiling the dictionaries of the articles' languages, is
done before and said apart (`first_s`).
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path

from corpus import articles
from making import FIELDS, real_articles, size_of, stored, words_alone
from search import ASKED, TODAY, percentile, queries, say

from index.model import Entry
from index.search.expand import expand
from index.search.fulltext import FullText
from index.search.query import parse

BATCH = 5_000
REAL = 79_667
FLOORS = {"build": 1.8, "size": 1.6}
CLASS_FLOOR = 1.5


def write(path: Path, size: int, *, real: bool) -> None:
    made = real_articles(REAL) if real else articles(size)
    every = max(REAL // size, 1) if real else 1
    with path.open("w", encoding="utf-8") as lines:
        for number, entry in enumerate(made):
            if number % every == 0:
                fields = [getattr(entry, name) for name in FIELDS]
                lines.write(json.dumps(fields, ensure_ascii=False) + "\n")


def put(folder: Path, entries: Iterable[Entry]) -> FullText:
    index = FullText(folder)
    index.rebuild()
    batch: list[Entry] = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == BATCH:
            index.put(batch)
            batch = []
    index.put(batch)
    index.optimize()
    return index


def first_of_each_language(path: Path) -> list[Entry]:
    """An article of each language: putting them makes all dictionaries ready."""
    return list({entry.language: entry for entry in stored(path)}.values())


def built(folder: Path, path: Path, *, keyed: bool) -> tuple[FullText, float]:
    """The index of the articles, and the seconds of CPU it took."""
    with nullcontext() if keyed else words_alone():
        begun = time.process_time()
        index = put(folder, stored(path))
        return index, time.process_time() - begun


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--size", type=int, default=20_000)
    asked.add_argument("--real", action="store_true", help="real articles of ../shared")
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--only", default="", help="build, or classes parted by commas")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        path = folder / "articles.jsonl"
        write(path, options.size, real=options.real)
        begun = time.process_time()
        put(folder / "first", first_of_each_language(path))
        say(figure="dictionaries", first_s=round(time.process_time() - begun, 1))
        plain, plain_s = built(folder / "plain", path, keyed=False)
        keyed, keyed_s = built(folder / "keyed", path, keyed=True)
        say(figure="build", plain_s=round(plain_s, 1), keyed_s=round(keyed_s, 1),
            times=round(keyed_s / plain_s, 2), floor=FLOORS["build"])  # fmt: skip
        sizes = size_of(folder / "plain"), size_of(folder / "keyed")
        say(figure="size", plain_mb=round(sizes[0], 1), keyed_mb=round(sizes[1], 1),
            times=round(sizes[1] / sizes[0], 2), floor=FLOORS["size"])  # fmt: skip
        only = {name for name in options.only.split(",") if name}
        compare(plain, keyed, path, options.rounds, only)


def timed(
    index: FullText, kind: str, item: tuple[str, ...], languages: tuple[str, ...]
) -> tuple[float, int]:
    """Milliseconds of CPU of a query, widened if there are languages, and how many it finds."""
    text, choice = ASKED[kind](*item)
    index._answers.clear()
    index._view._terms.clear()
    index._view._kept.clear()
    begun = time.process_time()
    parsed = parse(text, today=TODAY)
    if languages:
        parsed = expand(parsed, languages)
    total = index.search(parsed, limit=50, **choice).total
    return (time.process_time() - begun) * 1000, total


def compare(plain: FullText, keyed: FullText, path: Path, rounds: int, only: set[str]) -> None:
    languages = keyed.languages
    for kind, items in queries(path).items():
        if only and kind not in only:
            continue
        took: dict[str, list[float]] = {"plain": [], "keyed": [], "cold": []}
        more = 0
        for item in items:
            few = timed(plain, kind, item, ())[1]
            first, many = timed(keyed, kind, item, languages)
            took["cold"].append(first)
            more += many > few
            for _ in range(rounds):
                took["plain"].append(timed(plain, kind, item, ())[0])
                took["keyed"].append(timed(keyed, kind, item, languages)[0])
        medians = {name: statistics.median(times) for name, times in took.items()}
        say(figure=kind, **{f"{name}_ms": round(one, 3) for name, one in medians.items()},
            p95_ms=round(percentile(took["keyed"], 0.95), 3),
            times=round(medians["keyed"] / medians["plain"], 2), floor=CLASS_FLOOR,
            found_more=f"{more}/{len(items)}")  # fmt: skip


if __name__ == "__main__":
    main()
