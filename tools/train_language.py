"""Train the weights in assets/close_languages.json.xz and print how well they do.

    .venv/bin/python tools/train_language.py ../shared/packs/languages [--write]

The texts are NTREX-128 (CC BY-SA 4.0, professional translations of news) as the development pack
holds them; words that grammars name as telling are in language_markers.toml beside this file.
What is printed is cross-validated by document: no document is both trained on and asked.
"""

import argparse
import json
import lzma
import math
import random
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

import assets
from index.language.close import Model, features

GROUPS = {"bcs": ("sr", "hr", "bs"), "malay": ("id", "ms")}
FOLDS = 6
SMOOTHING = 0.2
LEAST = 2
WORDS_COUNT = 2.0
MARKERS_COUNT = 15.0
MARKER_TEXTS = 2
MARKER_DOUBT = 0.1
KEPT = 28_000
STEPS = 100
SURE = 0.9
LABELS = {"sr_Latn": "sr"}


def load(pack: Path, languages):
    """Rows of the pack in Latin letters: (language, length, document, text)."""
    rows = []
    with lzma.open(pack / "lid.jsonl.xz", "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            language = LABELS.get(row["lang"], row["lang"])
            if language in languages and row["lang"] != "sr_Cyrl":
                rows.append((language, row["len"], row["doc"], row["text"]))
    return rows


def marks(texts, name, languages):
    """Weights of the words that grammars name, each as far as `texts` [(language, features)] agree.

    A language that should have a word is taken to have it in MARKER_TEXTS texts more than were
    seen: an unseen word tells what the grammar says, a seen one what both say.
    """
    path = Path(__file__).parent / "language_markers.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"))[name]
    stems = {one: set() for one in languages}
    for who, listed in table.items():
        for language in who.split("_"):
            stems[language].update(listed.split())
    found = {}
    for stem in set().union(*stems.values()):
        own = [stem in stems[language] for language in languages]
        if all(own):
            continue
        feature = ("^" + stem[:9]) if len(stem) >= 4 else "=" + stem
        seen = Counter(language for language, counted in texts if feature in counted)
        logs = [
            math.log(seen[language] + MARKER_TEXTS * has + MARKER_DOUBT)
            for language, has in zip(languages, own, strict=True)
        ]
        mean = sum(logs) / len(logs)
        found[feature] = [MARKERS_COUNT * (log - mean) for log in logs]
    return found


def train(texts, name, languages, scale=1.0):
    """Log-odds of features in `texts` [(language, text)], as whole hundredths."""
    counts = {language: Counter() for language in languages}
    counted = [(language, features(text)) for language, text in texts]
    for language, found in counted:
        counts[language].update(found)
    sizes = {language: sum(counts[language].values()) for language in languages}
    total = sum(counts.values(), Counter())
    weights = {}
    for feature, often in total.items():
        if often < LEAST:
            continue
        logs = [
            math.log((counts[one][feature] + SMOOTHING * (often / len(languages) + 1)) / sizes[one])
            for one in languages
        ]
        mean = sum(logs) / len(logs)
        factor = WORDS_COUNT if feature[0] in "=^" else 1.0
        weights[feature] = [(log - mean) * factor for log in logs]
    value = {f: max(map(abs, w)) * math.sqrt(total[f]) for f, w in weights.items()}
    weights = {f: weights[f] for f in sorted(value, key=value.get, reverse=True)[:KEPT]}
    for feature, mark in marks(counted, name, languages).items():
        old = weights.get(feature, [0.0] * len(languages))
        weights[feature] = [a + b for a, b in zip(old, mark, strict=True)]
    return Model(
        tuple(languages),
        scale,
        {f: tuple(round(x, 2) for x in w) for f, w in sorted(weights.items())},
    )


def training(rows, without=()):
    """Each document's longest text."""
    best = {}
    for language, _, document, text in rows:
        key = language, document
        if document not in without and len(text) > len(best.get(key, "")):
            best[key] = text
    return [(language, text) for (language, _), text in best.items()]


def validate(rows, name, languages):
    """(length, right, probability at scale 1 → all of them) for each row, never trained on."""
    documents = sorted({row[2] for row in rows})
    random.Random(1).shuffle(documents)
    answers = []
    for fold in range(FOLDS):
        held = set(documents[fold::FOLDS])
        model = train(training(rows, held), name, languages)
        answers.extend(
            (length, language, model.probabilities(text))
            for language, length, document, text in rows
            if document in held
        )
    return answers


def sharpened(probabilities, scale):
    powers = {language: p**scale for language, p in probabilities.items()}
    best = max(powers, key=powers.get)
    return best, powers[best] / sum(powers.values())


def calibrate(answers):
    """The largest scale at which no wrong answer is surer than SURE, with a fifth to spare."""
    best = 0.01
    for step in range(1, STEPS):
        scale = step / 20
        wrong = [
            sure
            for _, language, probabilities in answers
            for found, sure in [sharpened(probabilities, scale)]
            if found != language
        ]
        if max(wrong, default=0) >= SURE:
            break
        best = scale
    return round(best * 0.8, 3)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pack", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    groups = []
    for name, languages in GROUPS.items():
        rows = load(options.pack, languages)
        answers = validate(rows, name, languages)
        scale = calibrate(answers)
        right = defaultdict(list)
        sure = []
        for length, language, probabilities in answers:
            found, probability = sharpened(probabilities, scale)
            right[length].append(found == language)
            if probability >= SURE:
                sure.append(found == language)
        for length, hits in right.items():
            print(
                json.dumps(
                    {
                        "name": f"{name}.{length}",
                        "value": round(sum(hits) / len(hits), 4),
                        "of": len(hits),
                    }
                )
            )
        print(
            json.dumps(
                {
                    "name": f"{name}.sure",
                    "of": len(sure),
                    "wrong": sure.count(False),
                    "scale": scale,
                }
            )
        )
        model = train(training(rows), name, languages, scale)
        groups.append({"languages": languages, "scale": scale, "weights": model.weights})
    if options.write:
        with lzma.open(assets.CLOSE_LANGUAGES, "wt", encoding="utf-8", preset=9) as file:
            json.dump(groups, file, ensure_ascii=False, separators=(",", ":"))
        print(json.dumps({"name": "bytes", "value": assets.CLOSE_LANGUAGES.stat().st_size}))


if __name__ == "__main__":
    main()
