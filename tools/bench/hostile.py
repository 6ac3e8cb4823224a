"""Queries that nobody types, each to be answered or refused within 100 ms, and what they cost."""

import random
import re
import resource
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import islice, pairwise
from pathlib import Path

from making import stored

from index.errors import QueryError
from index.search.expand import expand
from index.search.fulltext import FullText
from index.search.query import parse

_READ = 3000
"""Articles from which the words are taken."""


def queries(path: Path) -> dict[str, str]:
    """Hostile queries of the words of these articles, by name."""
    chance = random.Random(5)
    texts = [re.findall(r"\w+", entry.body.lower()) for entry in islice(stored(path), _READ)]
    held = Counter(word for text in texts for word in sorted(set(text)))
    common = [word for word, _ in held.most_common(2000)]
    seldom = sorted(word for word, count in held.items() if 3 < count < 40)
    chance.shuffle(seldom)
    side_by_side = sorted({f'"{one} {other}"' for text in texts for one, other in pairwise(text)})
    chance.shuffle(side_by_side)
    begun = [sorted({word[:size] for word in common}) for size in range(4)]

    def either(words: list[str], shape: str = "{}") -> str:
        return " OR ".join([shape.format(word) for word in words])

    gaps = [f'"{one} {other}"~99' for one, other in pairwise(common[:260])]
    groups = [common[at : at + 3] for at in range(0, 480, 3)]
    return {
        "100,000 characters": "x" * 100_000,
        "20,000 words": "boat " * 20_000,
        "500 words": " ".join(common[:500]),
        "30 common words": " ".join(common[:30]),
        "10,000 (": "(" * 10_000,
        "4,000 (a)": "(" * 4000 + "a" + ")" * 4000,
        "*": "*",
        "~9": f"{common[0]}~9",
        "NUL": "\0" * 1000 + common[0],
        "unpaired surrogates": "\ud800" * 1000 + common[1],
        "50,000 marks": "a" + "\u0301" * 50_000,
        "50,000 quotes": '"' * 50_000,
        "20,000 OR": "OR " * 20_000,
        "500 words OR": either(common[:500]),
        "500 seldom words OR": either(seldom[:500]),
        "500 title: OR": either(common[:500], "title:{}"),
        "500 body: OR": either(common[:500], "body:{}"),
        "500 source: OR": either(common[:500], "source:{}"),
        "500 -": either(common[:500], "-{}").replace(" OR ", " "),
        "500 - OR": either(common[:500], "-{}"),
        "250 phrases OR": either(side_by_side[:250]),
        "250 phrases": " ".join(side_by_side[:250]),
        "80 groups OR": either([f"({one} {two} -{three})" for one, two, three in groups[::2]]),
        "160 groups OR": either([f"({one} {two} -{three})" for one, two, three in groups]),
        "500 xy* OR": either((begun[2] * 500)[:500], "{}*"),
        "all xy* OR": either(begun[2][:64], "{}*"),
        "64 xyz* OR": either(begun[3][:64], "{}*"),
        "500 body:xy* OR": either((begun[2] * 500)[:500], "body:{}*"),
        "all body:xy* OR": either(begun[2][:64], "body:{}*"),
        "64 body:xyz* OR": either(begun[3][:64], "body:{}*"),
        "body:x*": f"body:{common[0][0]}*",
        "*a*": "*a*",
        "body:*a*": "body:*a*",
        "*a* OR *e*": "*a* OR *e*",
        "8 x*y OR": either([f"{word[0]}*{word[-1]}" for word in seldom[:8]]),
        "8 ~ OR": either(seldom[:8], "{}~"),
        "8 ~2 OR": either(seldom[:8], "{}~2"),
        "4 ~2 OR": either(seldom[:4], "{}~2"),
        "4 short ~2 OR": either([word[:4] for word in seldom[:4]], "{}~2"),
        "a phrase of 500": '"' + " ".join(common[:500]) + '"',
        "32 with gaps": '"' + " ".join(common[:32]) + '"~99',
        "one word 32 times with gaps": '"' + " ".join(common[:1] * 32) + '"~99',
        "4 with gaps OR": either(gaps[40:44]),
        "250 with gaps OR": either(gaps[:250]),
        "500 months OR": either([f"date:{1970 + n % 50}-{1 + n // 50:02d}" for n in range(500)]),
        "500 languages": "lang:" + ",".join(["en", "uk", "de", "fr"] * 125),
        "500 unknown fields": " ".join(f"f{at}:x" for at in range(500)),
    }


def costs(folder: Path, path: Path, today: date, *, keys: bool) -> Iterator[dict[str, object]]:
    """What each costs, its text read and facets counted too: the least of three, and the first.

    The first is asked of an index just opened, which has nothing worked out yet.
    """
    for name, text in queries(path).items():
        index = FullText(folder)
        took = []
        for _ in range(3):
            index._answers.clear()
            index._view._terms.clear()
            index._view._kept.clear()
            begun = time.process_time()
            answer = _asked(index, text, today, keys=keys)
            took.append((time.process_time() - begun) * 1000)
        first, least = round(took[0], 1), round(min(took), 1)
        yield {"figure": "hostile", "query": name, "ms": least, "first_ms": first, "is": answer}
        index.close()
    peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)
    yield {"figure": "hostile", "peak_mb": peak}


def _asked(index: FullText, text: str, today: date, *, keys: bool) -> object:
    try:
        parsed = parse(text, today=today)
        parsed = expand(parsed, index.languages) if keys else parsed
        _ = parsed.understood
        return index.search(parsed, limit=50).total
    except QueryError as error:
        return str(error)
