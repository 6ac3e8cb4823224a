"""Figures of searches in many languages, through the product's own index, parser and expansion."""

import json
import lzma
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from index.archive import Archive
from index.model import Entry, Query
from index.places import Home
from index.search.expand import expand
from index.search.fulltext import FullText
from index.search.query import parse
from index.text.lemmas import prepare
from index.text.stems import missing_dictionaries

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared"
PACK = SHARED / "packs/languages"
GOLD = SHARED / "packs/queries/score_gold.py"
TODAY = date(2026, 2, 20)
MOST = 10_000
CYRILLIC = ("uk", "ru", "bg")


def rows(name):
    with lzma.open(PACK / name, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def score(*arguments):
    """The lines that the pack's own score.py prints."""
    command = [sys.executable, str(PACK / "score.py"), *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=HERE)
    return done.stdout.splitlines()


@contextmanager
def indexed(documents):
    """What finds the names of `documents` [(name, language, title, text)] that a text asks for."""
    with tempfile.TemporaryDirectory() as folder:
        index = FullText(Path(folder) / "index")
        index.rebuild()
        prepare(missing_dictionaries({language for _, language, _, _ in documents}))
        index.put(
            Entry(key, title, text, "", "", language, None)
            for key, (_, language, title, text) in enumerate(documents)
        )

        def find(text):
            asked = expand(parse(text, today=TODAY), index.languages)
            keys = index.search(asked, limit=MOST, facets=False).keys
            return [documents[key][0] for key in keys]

        yield find
        index.close()


def seeds(say):
    """The 21 queries over the five seeds, imported as a reader imports them."""
    asked = json.loads((SHARED / "seeds/queries.json").read_text(encoding="utf-8"))["queries"]
    recall, precision = [], []
    with tempfile.TemporaryDirectory() as folder, Archive(Home.find(folder)) as archive:
        for _ in archive.importing(sorted(map(str, (SHARED / "seeds").glob("0*.txt"))), workers=1):
            pass
        archive.prepare()
        archive.refresh()
        for query in asked:
            page, _ = archive.search(Query(query["query"]), limit=10, snippets=False)
            found = {archive.get(row.id).article.document.origin for row in page.rows}
            found = {Path(origin).name[:3] for origin in found}
            want = set(query["files"])
            recall.append(len(found & want) / len(want))
            precision.append(len(found & want) / len(found) if found else 1.0)
    say("seeds.recall", mean(recall), len(recall), 0.95, 1.0)
    say("seeds.precision", mean(precision), len(precision), 0.98, 1.0)


def mean(values):
    return sum(values) / len(values) if values else 0.0


def names(say):
    """Entities of BSNLP asked for by their English names, scored by the pack's score.py."""
    documents = [
        (row["id"], row["lang"], row.get("title") or "", row["text"])
        for row in rows("names_docs.jsonl.xz")
        if row["lang"] in CYRILLIC
    ]
    with indexed(documents) as find, tempfile.NamedTemporaryFile("w", suffix=".jsonl") as run:
        for entity in rows("names.jsonl.xz"):
            if wanted := re.sub(r'["()*~:]', " ", entity["name"]).strip():
                run.write(json.dumps({"id": entity["id"], "docs": find(wanted)}) + "\n")
        run.flush()
        printed = score("names", PACK, run.name)
    pattern = re.compile(r"(\w+) n (\d+) macro recall ([\d.]+) precision ([\d.]+)")
    bars = {"all": ((0.53, 0.70), (0.88, 0.90))}
    for line in printed:
        kind, count, recall, precision = pattern.fullmatch(line).groups()
        for figure, value, bar in zip(
            ("recall", "precision"), (recall, precision), bars.get(kind, ((), ())), strict=True
        ):
            say(f"names.{kind}.{figure}", float(value), int(count), *bar)


def cjk(say):
    """Words of two characters: what stands in a text is found, and nothing else is."""
    documents = [
        (row["id"], "zh", row.get("title") or "", row.get("text") or "")
        for row in rows("search.jsonl.xz")
        if (row.get("lang") or row.get("language")) == "zh"
    ][:6000]
    pairs = Counter(
        pair
        for _, _, title, _ in documents
        for run in re.findall(r"[\u4e00-\u9fff]{2,}", title)
        for pair in {run[at : at + 2] for at in range(len(run) - 1)}
    )
    asked = random.Random(1).sample(sorted(pair for pair in pairs if pairs[pair] > 4), 200)
    recall, precision = [], []
    with indexed(documents) as find:
        for word in asked:
            want = {name for name, _, title, text in documents if word in title or word in text}
            found = set(find(word))
            recall.append(len(found & want) / len(want))
            precision.append(len(found & want) / len(found) if found else 0.0)
    say("cjk.recall", mean(recall), len(recall), 1.0, 1.0)
    say("cjk.precision", mean(precision), len(precision), 0.99, 0.99)


# Names in an English text stand with a capital within a sentence.
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")
_RARE = 2


def stories(say):
    """Names in English stories, asked for in the translations of all of them.

    A translation should be found where its English original has the name. Translators also leave
    names out, and say more than one original, so that neither figure can reach 1.
    """
    texts = rows("stories.jsonl.xz")
    documents = [(row["id"], row["lang"], row["title"], row["text"]) for row in texts]
    languages = {row["id"]: row["lang"] for row in texts}
    of_story = defaultdict(dict)
    for row in texts:
        of_story[row["story"]][row["lang"]] = row["id"]
    named = defaultdict(set)
    for row in texts:
        if row["lang"] == "en":
            for name in set(_NAME.findall(row["text"])):
                named[name].add(row["story"])
    lower = {word for row in texts if row["lang"] == "en" for word in row["text"].split()}
    asked = [
        name for name in sorted(named) if len(named[name]) <= _RARE and name.lower() not in lower
    ]
    asked = random.Random(1).sample(asked, min(200, len(asked)))
    hits, right = defaultdict(list), []
    with indexed(documents) as find:
        for name in asked:
            want = {one for story in named[name] for one in of_story[story].values()}
            found = set(find(name))
            if found:
                right.append(len(found & want) / len(found))
            for one in want:
                hits[languages[one]].append(one in found)
    say("stories.recall", mean([hit for all_ in hits.values() for hit in all_]), len(asked))
    for language, found in sorted(hits.items()):
        say(f"stories.recall.{language}", mean(found), len(found))
    say("stories.precision", mean(right), len(right))


_BARS = {
    "ranges.dev.exact": (0.97, 1.0),
    "ranges.dev.invalid_refused": (0.97, 1.0),
    "names.dev.recall.transliteration": (0.85, 0.95),
    "names.dev.recall.alias": (0.60, 0.85),
    "names.dev.lookalikes_returned_per_query": (0.3, 0.1),
    "queries.dev.core": (0.97, 1.0),
    "queries.dev.all": (0.94, 0.99),
}


def gold(say):
    """packs/queries through its score_gold.py, which asks the program itself as a black box."""
    command = [sys.executable, str(GOLD), "--half", "dev", "--failures", "0", "--"]
    command.append(str(Path(sys.executable).with_name("newsreader")))
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    line_of = re.compile(r"(\S+) ([\d.]+)(?: \([\d.]+/(\d+)\))?")
    for line in done.stdout.splitlines():
        told = line_of.fullmatch(line)
        if told and (told[1] in _BARS or (".kind." not in told[1] and ".locale." not in told[1])):
            count = int(told[3]) if told[3] else None
            say(f"gold.{told[1]}", float(told[2]), count, *_BARS.get(told[1], (None, None)))
