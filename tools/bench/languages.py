"""How well languages, inflections, names and dates are understood: one JSON line a figure.

    ./dev bench languages [FIGURE ...]     of ranges lid close real inflection html_dates speed
                                           seeds names cjk stories gold; all without any

The packs are read from ../shared/packs; nothing is printed of their texts. `floor` and `goal` are
those of the issue that asked for them, where it names any.
"""

import json
import lzma
import re
import sys
import tarfile
import tempfile
import time
from collections import Counter, defaultdict
from datetime import date
from functools import partial
from pathlib import Path

from language_search import PACK, cjk, gold, names, score, seeds, stories

from index.clean import clean
from index.dates import parse_range
from index.errors import QueryError
from index.language import detect
from index.model import Document
from index.sources import read
from index.text.fold import fold
from index.text.names import name_keys
from index.text.stems import keys
from index.text.words import words
from tools import train_language

QUERIES = PACK.parent / "queries/dev"
TODAY = date(2026, 2, 20)
_CODES = """ar az be bg bs ca cs da de el en es et fa fi fr he hi hr hu hy id is it ja ka kk ko ky
lt lv mk ms nb nl nn no pl pt ro ru sk sl sq sr sv tr uk vi zh"""
CORE = frozenset(_CODES.split())
CLOSE = {"sr": "hbs", "hr": "hbs", "bs": "hbs", "nn": "nb", "no": "nb"}
SURE = 0.9


def say(name, value, of=None, floor=None, goal=None):
    line = {"name": name, "value": round(value, 4), "of": of, "floor": floor, "goal": goal}
    print(json.dumps({key: one for key, one in line.items() if one is not None}), flush=True)


def rows(path):
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def share(hits):
    return sum(hits) / len(hits) if hits else 0.0


def base(language):
    return language.split("_")[0]


def lid():
    """Language of headlines, paragraphs, articles; coarse takes sr, hr, bs and nb, nn as one."""
    found = defaultdict(list)
    sure = []
    pack = rows(PACK / "lid.jsonl.xz")
    for row in pack:
        language, probability = detect(row["text"])
        want, got = base(row["lang"]), base(language)
        same = CLOSE.get(want, want) == CLOSE.get(got, got)
        found[row["len"], "all"].append(same)
        if want in CORE:
            found[row["len"], "core"].append(same)
        found[row["len"], "und"].append(got == "und")
        if probability >= SURE:
            sure.append(want == got)
    bars = {("headline", "core"): (0.975, 0.985), ("paragraph", "core"): (0.999, 1.0)}
    for key, hits in sorted(found.items()):
        say(f"lid.{'.'.join(key)}", share(hits), len(hits), *bars.get(key, (None, None)))
    say("lid.wrong_when_sure", sure.count(False), len(sure), 0, 0)


def close():
    """Serbian, Croatian, Bosnian, and Indonesian, Malay, by models that never saw the document."""
    bars = {("bcs", "paragraph"): (0.83, 0.88), ("bcs", "article"): (0.97, 0.98)}
    for name, languages in train_language.GROUPS.items():
        answers = train_language.validate(train_language.load(PACK, languages), name, languages)
        scale = train_language.calibrate(answers)
        found, sure = defaultdict(list), []
        for length, want, probabilities in answers:
            got, probability = train_language.sharpened(probabilities, scale)
            found[length].append(got == want)
            if probability >= SURE:
                sure.append(got == want)
        for length, hits in found.items():
            bar = bars.get((name, length), (None, None))
            say(f"close.{name}.{length}", share(hits), len(hits), *bar)
        say(f"close.{name}.wrong_when_sure", sure.count(False), len(sure), 0, 0)


def real():
    """Languages of real items, by the pack's own label, from title and text."""
    found, sure, wrong = defaultdict(list), [], Counter()
    with lzma.open(PACK / "search.jsonl.xz", "rt", encoding="utf-8") as file:
        for number, line in enumerate(file):
            if number % 12:
                continue
            row = json.loads(line)
            language, probability = detect(f"{row.get('title') or ''}\n{row.get('text') or ''}")
            want, got = base(row.get("lang") or row.get("language")), base(language)
            right = CLOSE.get(want, want) == CLOSE.get(got, got)
            found[want].append(right)
            if probability >= SURE:
                sure.append(right)
            if not right:
                wrong[f"{want}>{got}"] += 1
    say(
        "real.right",
        share([hit for hits in found.values() for hit in hits]),
        sum(map(len, found.values())),
    )
    say("real.wrong_when_sure", sure.count(False), len(sure))
    print(json.dumps({"name": "real.confused", "value": dict(wrong.most_common(12))}))


def key_of(word, language):
    """What the pack's score.py asks for: the key under which a form is found first."""
    return (keys(word, fold(word), language) or (fold(word),))[0]


def inflection():
    """Pairs of forms of one lemma that share a key, and the share of such pairs that should."""
    bars = {
        "uk": (0.93, 0.88, 0.96, 0.92),
        "sr_Latn": (0.93, 0.88, 0.96, 0.92),
        "pl": (0.93, 0.88, 0.96, 0.92),
        "ru": (0.93, 0.80, 0.95, 0.90),
        "de": (0.93, 0.67, 0.95, 0.80),
        "fi": (0.77, 0.86, 0.88, 0.90),
    }
    pattern = re.compile(r"(\w+) recall ([\d.]+) propn [\d.]+ precision ([\d.]+) pairs (\d+)")
    for line in score("inflection", PACK, "languages:key_of"):
        language, recall, precision, pairs = pattern.fullmatch(line).groups()
        floor_r, floor_p, goal_r, goal_p = bars.get(language, (None,) * 4)
        say(f"inflection.{language}.recall", float(recall), int(pairs), floor_r, goal_r)
        say(f"inflection.{language}.precision", float(precision), int(pairs), floor_p, goal_p)


def html_dates():
    """The dates of real pages, as cleaning finds them; scored by the pack's score.py."""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(PACK / "html_dates.tar") as tar:
            tar.extractall(folder, filter="data")
        told = Path(folder) / "dates.tsv"
        start = time.process_time()
        found = [
            (Path(document.origin.partition("#")[0]).name, clean(document).date or "")
            for document in read([folder])
            if isinstance(document, Document)
        ]
        spent = time.process_time() - start
        told.write_text("".join(f"{name}\t{day}\n" for name, day in found), encoding="utf-8")
        printed = score("dates", PACK, told)[0]
    exact, missing, count = re.fullmatch(r"exact ([\d.]+) missing (\d+) of (\d+)", printed).groups()
    say("html_dates.exact", float(exact), int(count))
    say("html_dates.missing", int(missing) / int(count), int(count))
    say("html_dates.pages_a_cpu_second", len(found) / spent, len(found))


def ranges():
    """Date ranges as people type them."""
    found = defaultdict(list)
    for row in rows(QUERIES / "ranges.jsonl"):
        try:
            days = parse_range(row["text"], row["locale"], TODAY)
            answer = tuple(day and day.isoformat() for day in (days.start, days.end))
        except QueryError:
            answer = "refused"
        readings = [
            (one["start"], one["end"]) for one in [row, *row.get("also", [])] if "start" in one
        ] or ["refused"]
        found["all"].append(answer in readings)
        found[row["kind"] if row.get("error") else "valid"].append(answer in readings)
    for kind, hits in found.items():
        bars = (0.97, 1.0) if kind == "all" else (None, None)
        say(f"ranges.{kind}", share(hits), len(hits), *bars)


def speed():
    """Documents a second for the language, words a second for keys, with caches warm and cold."""
    texts = [row["text"] for row in rows(PACK / "lid.jsonl.xz") if row["len"] == "article"][:1500]
    detect(texts[0])
    start = time.perf_counter()
    for text in texts:
        detect(text)
    say("speed.detect_a_second", len(texts) / (time.perf_counter() - start))
    seen = 0
    keys("warm", "warm", "uk")
    start = time.perf_counter()
    for row in rows(PACK / "names_docs.jsonl.xz")[:800]:
        language = row.get("lang") or row["id"].split("/")[1]
        for word in words(row["text"]):
            surface = row["text"][word.start : word.end]
            keys(surface, word.text, language)
            name_keys(surface, language)
            seen += 1
    say("speed.words_with_keys_a_second", seen / (time.perf_counter() - start), seen)


HERE = (ranges, lid, close, real, inflection, html_dates, speed)
ALL = {each.__name__: each for each in HERE} | {
    each.__name__: partial(each, say) for each in (seeds, names, cjk, stories, gold)
}


def main():
    if not PACK.is_dir():
        sys.exit("needs ../shared/packs/languages")
    for name in sys.argv[1:] or ALL:
        ALL[name]()


if __name__ == "__main__":
    main()
