"""How well languages, inflections, names and dates are understood: one JSON line a figure.

    ./dev bench languages [lid] [real] [inflection] [names] [gold] [speed] [ranges]

The packs are read from ../shared/packs; nothing is printed of their texts. `floor` and `goal` are
those of the issue that asked for them, where it names any.
"""

import json
import lzma
import sys
import time
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

from index.dates import parse_range
from index.errors import QueryError
from index.language import detect
from index.search.analysis import word_keys
from index.text.aliases import other_names
from index.text.fold import fold
from index.text.names import name_keys, query_name_keys
from index.text.stems import keys, query_keys
from index.text.words import words

ROOT = Path(__file__).parents[2]

PACK = ROOT.parent / "shared/packs/languages"
QUERIES = ROOT.parent / "shared/packs/queries/dev"
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
        if want in ("sr", "hr", "bs"):
            found[row["len"], "bcs_seen"].append(want == got)
        found[row["len"], "und"].append(got == "und")
        if probability >= SURE:
            sure.append(want == got)
    bars = {("headline", "core"): (0.975, 0.985), ("paragraph", "core"): (0.999, 1.0)}
    for key, hits in sorted(found.items()):
        say(f"lid.{'.'.join(key)}", share(hits), len(hits), *bars.get(key, (None, None)))
    say("lid.wrong_when_sure", sure.count(False), len(sure), 0, 0)
    say("lid.note: bcs_seen is trained on; for the rest see tools/train_language.py", 0)


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
    forms, lemmas = defaultdict(lambda: defaultdict(set)), defaultdict(lambda: defaultdict(set))
    for row in rows(PACK / "inflection.jsonl.xz"):
        for form in map(str.lower, row["forms"]):
            forms[row["lang"]][row["lemma"], row["pos"]].add(form)
            lemmas[row["lang"]][form].add(row["lemma"])
    for language in forms:
        key = {
            form: (keys(form, fold(form), language) or (fold(form),))[0]
            for form in lemmas[language]
        }
        together = [
            key[a] == key[b]
            for group in forms[language].values()
            for a in group
            for b in group
            if a < b
        ]
        met = defaultdict(list)
        for form, own in key.items():
            met[own].append(form)
        right = [
            bool(lemmas[language][a] & lemmas[language][b])
            for group in met.values()
            for at, a in enumerate(group[:60])
            for b in group[at + 1 : 60]
        ]
        floor_r, floor_p, goal_r, goal_p = bars.get(language, (None,) * 4)
        say(f"inflection.{language}.recall", share(together), len(together), floor_r, goal_r)
        say(f"inflection.{language}.precision", share(right), len(right), floor_p, goal_p)


class Index:
    """A small search engine over the product's keys, to measure them without the real one."""

    def __init__(self, documents, languages):
        self.postings = defaultdict(set)
        self.languages = languages
        for identifier, language, text in documents:
            for word in words(text):
                surface = text[word.start : word.end]
                self.postings["", word.text].add(identifier)
                forms, sounds = word_keys(surface, word.text, language)
                for key in (*forms, *sounds):
                    self.postings[key].add(identifier)
                for form in (*forms, *sounds):
                    for sound in sounds:
                        self.postings[form, sound].add(identifier)

    def _any(self, asked):
        return set().union(*(self.postings.get(key, ()) for key in asked))

    def named(self, name):
        """Documents with every word of another name, in its own language."""
        found = None
        for word in words(name.text):
            surface = name.text[word.start : word.end]
            forms, sounds = keys(surface, word.text, name.language), name_keys(surface)
            if sounds:  # Данія is not дані: a name is written as one
                forms = [(form, sound) for form in forms for sound in sounds]
            here = self._any(forms)
            here |= self.postings.get(("", word.text), set())
            found = here if found is None else found & here
        return found or set()

    def search(self, query, *, aliases=True):
        """Documents with every word of the query, or any of the names it has otherwise."""
        found = None
        for word in words(query):
            surface = query[word.start : word.end]
            here = self._any(
                [
                    ("", word.text),
                    *query_name_keys(surface),
                    *query_keys(surface, word.text, self.languages),
                ]
            )
            found = here if found is None else found & here
        found = set(found or ())
        for name in other_names(query, self.languages) if aliases else ():
            found |= self.named(name)
        return found


def names():
    """Entities asked for in Latin letters, in annotated Ukrainian, Russian, Bulgarian articles."""
    gold = rows(PACK / "names.jsonl.xz")
    documents = []
    for row in rows(PACK / "names_docs.jsonl.xz"):
        language = row.get("lang") or row["id"].split("/")[1]
        if language in ("uk", "ru", "bg"):
            documents.append((row["id"], language, f"{row.get('title') or ''}\n{row['text']}"))
    index = Index(documents, ("uk", "ru", "bg"))
    recall, precision = [], []
    for entity in gold:
        want = {one for language in ("uk", "ru", "bg") for one in entity["docs"].get(language, ())}
        latin = {one for language in ("cs", "pl", "sl") for one in entity["docs"].get(language, ())}
        plain = entity["name"].replace(" ", "").replace(".", "")
        if (
            len(want) < 3
            or len(latin) < 3
            or entity["type"] not in ("PER", "LOC", "ORG")
            or not plain.isascii()
            or not plain.isalpha()
        ):
            continue
        found = index.search(entity["name"])
        recall.append(len(found & want) / len(want))
        if found:
            precision.append(len(found & want) / len(found))
    say("names.recall", share(recall), len(recall), 0.53, 0.70)
    say("names.precision", share(precision), len(precision), 0.88, 0.90)


def gold():
    """The names of packs/queries: by whether a transliteration can bridge a pair of languages."""
    entities = {row["id"]: row for row in rows(QUERIES / "names.jsonl")}
    documents = {row["id"]: row for row in rows(QUERIES / "names_docs.jsonl")}
    index = Index(
        [
            (row["id"], row["language"], f"{row['title']}\n{row['text']}")
            for row in documents.values()
        ],
        ("en", "uk", "ru", "sr", "sr_Latn", "bg", "el", "ar"),
    )
    found, lures, queries = defaultdict(list), 0, rows(QUERIES / "names_queries.jsonl")
    precision = []
    for query in queries:
        answer, want = index.search(query["query"]), set(query["relevant"])
        lures += sum(not documents[one]["entities"] for one in answer)
        if answer:
            precision.append(len(answer & want) / len(answer))
        for one in want:
            pair = query["language"], documents[one]["language"]
            pairs = entities[query["entity"]]["pairs"]
            kind = (
                "same"
                if pair[0] == pair[1]
                else (pairs.get("-".join(pair)) or pairs.get("-".join(reversed(pair))))
            )
            found[kind].append(one in answer)
    bars = {"transliteration": (0.85, 0.95), "alias": (0.60, 0.85)}
    for kind, hits in found.items():
        say(f"gold.names.{kind}", share(hits), len(hits), *bars.get(kind, (None, None)))
    say("gold.names.precision", share(precision), len(precision))
    say("gold.names.lookalikes_a_query", lures / len(queries), len(queries), 0.3, 0.1)


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


ALL = {each.__name__: each for each in (ranges, lid, real, inflection, names, gold, speed)}


def main():
    if not PACK.is_dir():
        sys.exit("needs ../shared/packs/languages")
    for name in sys.argv[1:] or ALL:
        ALL[name]()


if __name__ == "__main__":
    main()
