"""The development packs of cleaning as labelled documents, for training and for benchmarks."""

import gzip
import hashlib
import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from index.clean import dom  # noqa: E402
from index.clean.blocks import Piece, flat_pieces  # noqa: E402
from index.clean.dating import find_dates  # noqa: E402
from index.clean.features import Figures, figures  # noqa: E402
from index.clean.heads import read_heads  # noqa: E402
from index.clean.listings import flat_table  # noqa: E402
from index.clean.page import Page, read_page  # noqa: E402
from index.clean.wording import tokens  # noqa: E402
from index.model import Label  # noqa: E402

SHARED = ROOT.parent / "shared"
PACK = SHARED / "packs" / "cleaning"
SEEDS = SHARED / "seeds"
FOLDS = 4
UNKNOWN = "?"
JUNK = "junk"
"""Not body, but nobody said what."""


@dataclass(slots=True)
class Labelled:
    """A document's blocks with, for each, a label, `JUNK` or `UNKNOWN`."""

    id: str
    site: str
    weight: float
    labels: list[str]
    figures: Figures
    table: np.ndarray
    guess: np.ndarray = field(default_factory=lambda: np.zeros(0))


def scorer(name: str) -> ModuleType:
    """The pack's own scorer, run from where it lies."""
    spec = importlib.util.spec_from_file_location(name, PACK / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(name: str) -> list[dict]:
    """The objects of a pack's JSONL file."""
    path = PACK / name
    opener = gzip.open if name.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def fold(site: str, folds: int = FOLDS, salt: str = "") -> int:
    """Which part a site falls in: no site is in two."""
    return int(hashlib.md5((salt + site).encode()).hexdigest(), 16) % folds


def page_source(path: str) -> str:
    with gzip.open(PACK / path, "rt", encoding="utf-8", errors="replace") as file:
        return file.read()


def flat_documents() -> Iterator[Labelled]:
    """labels.jsonl with all labels, and flat.jsonl.gz with body, junk, title, byline and date."""
    for gold in rows("labels.jsonl"):
        named = {
            line["n"]: UNKNOWN if line.get("dup") or line.get("either") else line["label"]
            for line in gold["lines"]
        }
        pieces = flat_pieces(gold["text"])
        found = ["date" if piece.date else named.get(piece.n, UNKNOWN) for piece in pieces]
        yield _flat(gold, pieces, found, 1.0)
    for gold in rows("flat.jsonl.gz"):
        filled = [n for n, line in enumerate(gold["text"].split("\n"), 1) if line.strip()]
        marks = dict(zip(filled, gold["line_labels"], strict=True))
        pieces = flat_pieces(gold["text"])
        names = {"B": "body", "x": JUNK, "?": UNKNOWN}
        found = ["date" if piece.date else names[marks[piece.n]] for piece in pieces]
        if pieces:
            yield _flat(gold, pieces, name_own(gold, pieces, found), _trust(gold))


def _flat(gold: dict, pieces: list[Piece], found: list[str], weight: float) -> Labelled:
    counted = figures(pieces)
    table = flat_table(counted)
    return Labelled(gold["id"], gold["site"], weight, found, counted, table)


def _trust(gold: dict) -> float:
    return 1.0 if gold["quality"] == "A" else 0.6


def name_own(gold: dict, pieces: list[Piece], found: list[str]) -> list[str]:
    """`found` with the lines named that hold the gold title, author or date."""
    title = tokens(gold.get("gold_title") or "")
    author = tokens(str(gold.get("gold_author") or ""))
    day = (gold.get("gold_date") or "")[:10]
    first = next((row for row, label in enumerate(found) if label == "body"), len(found))
    done = list(found)
    for row, piece in enumerate(pieces):
        words = tokens(piece.text)
        if found[row] != JUNK or len(words) > 40:
            continue
        if title and words == title:
            done[row] = "title"
        elif len(words) <= 12 and author and _holds(words, author[:4]):
            done[row] = "byline"
        elif len(words) <= 12 and row <= first + 3 and day and _dated(piece.text, day):
            done[row] = "date"
    return done


def _holds(words: list[str], part: list[str]) -> bool:
    return any(words[at : at + len(part)] == part for at in range(len(words)))


def _dated(text: str, day: str) -> bool:
    return any(one.iso == day for one in find_dates(text))


def html_documents() -> Iterator[Labelled]:
    """html.jsonl by its gold bodies, and the pages of labels.jsonl by their labelled lines."""
    score = scorer("score")
    pages = {gold["id"]: gold["html_path"] for gold in rows("html.jsonl")}
    for gold in rows("html.jsonl"):
        page = read_page(page_source(gold["html_path"]))
        if page.pieces:
            found = by_gold_body(score, gold["gold_body"], page.pieces)
            yield _page(gold, page, name_own(gold, page.pieces, found), _trust(gold))
    for name, key in (("segments.jsonl", "html_path"), ("dates.jsonl", "html_path")):
        pages |= {gold["id"]: gold[key] for gold in rows(name)}
    for gold in rows("labels.jsonl"):
        path = pages.get(gold["doc"])
        page = read_page(page_source(path)) if path else None
        if page and page.pieces:
            yield _page(gold, page, by_labelled_lines(gold, page.pieces), 1.0)


def _page(gold: dict, page: Page, found: list[str], weight: float) -> Labelled:
    counted = figures(page.pieces)
    told = read_heads(page, page.root, None)[1] if page.pieces[0].place else dom.Told()
    table = dom.dom_table(page.pieces, counted, told)
    return Labelled(gold["id"], gold["site"], weight, found, counted, table)


def by_gold_body(score: ModuleType, body: str, pieces: list[Piece]) -> list[str]:
    """Body where most word quadruples of a block are the gold body's, or it is a line of it.

    Blocks too short for any are body where they go on with the gold body as they do with their
    neighbours. What says the gold body once more is junk.
    """
    lines = [score.tokens(line) for line in body.split("\n")]
    whole = {tuple(line) for line in lines if line}
    quads = score.bag([word for line in lines for word in line])
    found = []
    held: dict[int, Counter] = {}
    said = [score.tokens(piece.text) for piece in pieces]
    for row, (piece, words) in enumerate(zip(pieces, said, strict=True)):
        if piece.date:
            found.append("date")
        elif len(words) < 4:
            goes_on = words and _goes_on(said, row, quads)
            found.append("body" if goes_on else "short" if tuple(words) in whole else JUNK)
        else:
            own = score.bag(words)
            share = sum(count for quad, count in own.items() if quad in quads) / sum(own.values())
            found.append("body" if share >= 0.7 else JUNK if share < 0.3 else UNKNOWN)
            if found[-1] == "body" and len(words) >= _COPIED:
                held[row] = own
    for row in _copies(held, quads):
        found[row] = JUNK
    for row, label in enumerate(found):
        if label == "short":
            near = found[max(0, row - 3) : row] + found[row + 1 : row + 4]
            found[row] = "body" if "body" in near else JUNK
    return found


def _goes_on(said: list[list[str]], row: int, quads: Counter) -> bool:
    """Whether the gold body holds the words of a short block right after, or before, others."""
    words = said[row]
    before = [word for line in said[max(row - 3, 0) : row] for word in line][-3:]
    after = [word for line in said[row + 1 : row + 4] for word in line][:3]
    sides = [before + words] if len(before) == 3 else []
    sides += [words + after] if len(after) == 3 else []
    return any(_all_held(side, quads) for side in sides)


def _all_held(words: list[str], quads: Counter) -> bool:
    return all(tuple(words[at : at + 4]) in quads for at in range(len(words) - 3))


_COPIED = 12
"""Words of a block from which it may be a copy."""
_PARAGRAPH = 100
"""Word quadruples of a block that count for its stretch."""
_STRETCH = 6
"""Blocks from one body block to the next in the same stretch of the text."""


def _copies(held: dict[int, Counter], gold: Counter) -> Iterator[int]:
    """The blocks, of those that hold gold word quadruples, that say again what others have said.

    Of two stretches of a page that say the same the longer one counts, of equals the first; one
    block that holds all of a page's text is short.
    """
    stretches: list[list[int]] = []
    for row in held:
        if not stretches or row - stretches[-1][-1] > _STRETCH:
            stretches.append([])
        stretches[-1].append(row)
    stretches.sort(key=lambda rows: -sum(min(held[row].total(), _PARAGRAPH) for row in rows))
    left = gold.copy()
    for row in (row for rows in stretches for row in rows):
        own = held[row]
        new = sum(min(count, left[quad]) for quad, count in own.items() if left[quad] > 0)
        if new < 0.3 * own.total():
            yield row
        left.subtract(own)


def by_labelled_lines(gold: dict, pieces: list[Piece]) -> list[str]:
    """The label of the line that says the same as a block, where all such lines agree."""
    said: dict[tuple[str, ...], set[str]] = {}
    text = gold["text"].split("\n")
    for line in gold["lines"]:
        label = UNKNOWN if line.get("dup") or line.get("either") else line["label"]
        said.setdefault(tuple(tokens(text[line["n"] - 1])), set()).add(label)
    found = []
    for piece in pieces:
        names = said.get(tuple(tokens(piece.text)), {UNKNOWN})
        found.append(next(iter(names)) if len(names) == 1 else UNKNOWN)
    return found


@dataclass(slots=True)
class Told:
    """A page with no gold body: what a teacher's chances make of its blocks is trained on.

    `votes` is, for each block, the share of its word quadruples that trafilatura kept (negative
    for blocks too short to have any) and what the pack's snippets say: 1 body, 0 junk, else -1.
    """

    id: str
    site: str
    page: Page
    figures: Figures
    table: np.ndarray
    votes: np.ndarray


TOLD_WEIGHT = 0.5
FULL, MAIN, PARAGRAPHS = "full", "main", "para"
_PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "li", "blockquote", "figcaption", "time"))
_AFTER = 60
"""Blocks after the article that the text of its element takes with it."""


def told_pages() -> Iterator[Told]:
    """The pages of segments.jsonl and dates.jsonl that nobody labelled by hand."""
    import trafilatura

    score = scorer("score")
    by_hand = {gold["doc"] for gold in rows("labels.jsonl")}
    for gold in (*rows("segments.jsonl"), *rows("dates.jsonl")):
        source = page_source(gold["html_path"])
        page = read_page(source)
        if gold["id"] in by_hand or len(page.pieces) < 10 or not page.pieces[0].place:
            continue
        kept = set(score.bag(score.tokens(trafilatura.extract(source) or "")))
        counted = figures(page.pieces)
        table = dom.dom_table(page.pieces, counted, read_heads(page, page.root, None)[1])
        votes = np.array([_votes(score, gold, kept, piece.text) for piece in page.pieces])
        yield Told(gold["id"], gold["site"], page, counted, table, votes)


def _votes(score: ModuleType, gold: dict, kept: set, text: str) -> tuple[float, float]:
    words = score.tokens(text)
    own = score.bag(words)
    share = sum(quad in kept for quad in own) / len(own) if len(words) >= 4 else -1.0
    folded = score.fold(text)
    snippet = -1.0
    for key, said in (("without", 0.0), ("with", 1.0)):
        if any(len(part) > 3 and score.fold(part) in folded for part in gold.get(key, ())):
            snippet = said
    return share, snippet


def taught(told: Told, chance: np.ndarray) -> list[str]:
    """What each block is where snippet, teacher or both teacher and trafilatura say so."""
    found = []
    for piece, (share, snippet), sure in zip(
        told.page.pieces, told.votes.tolist(), chance.tolist(), strict=True
    ):
        body = sure > 0.93 or (share > 0.7 and sure > 0.5) or (share < 0 and sure > 0.7)
        junk = sure < 0.03 or (0 <= share < 0.3 and sure < 0.5) or (share < 0 and sure < 0.2)
        if piece.date:
            found.append("date")
        elif snippet >= 0:
            found.append("body" if snippet else JUNK)
        else:
            found.append("body" if body else JUNK if junk else UNKNOWN)
    return found


def told_html(told: Told, labels: list[str]) -> Labelled:
    """A told page as the page it is."""
    return Labelled(told.id, told.site, TOLD_WEIGHT, labels, told.figures, told.table)


def told_flat(told: Told, labels: list[str]) -> Iterator[Labelled]:
    """A told page as the flat texts that crude crawlers make of it."""
    bodies = [row for row, label in enumerate(labels) if label == "body"]
    if len(bodies) < 2:
        return
    pieces = told.page.pieces
    places = [piece.place for piece in pieces]
    heading = next((row for row, place in enumerate(places) if place and place.level == 1), None)
    begins = heading if heading is not None and heading < bodies[0] else max(bodies[0] - 4, 0)
    styles = {
        FULL: range(len(pieces)),
        MAIN: range(begins, min(len(pieces), bodies[-1] + _AFTER)),
        PARAGRAPHS: [
            row
            for row, place in enumerate(places)
            if row >= begins and place and place.tag in _PARAGRAPHS
        ],
    }
    for style, chosen in styles.items():
        lines = flat_pieces("\n".join(pieces[row].text for row in chosen))
        if len(lines) == len(chosen) >= 8:
            counted = figures(lines)
            own = [labels[row] for row in chosen]
            table = flat_table(counted)
            yield Labelled(f"{told.id}@{style}", told.site, TOLD_WEIGHT, own, counted, table)


KNOWN = frozenset(str(label) for label in Label)
