"""Measure cleaning over the development packs, beside other tools: one JSON line a figure.

    ./dev bench cleaning [--set seeds,labels,flat,html,segments,dates] [--folds DIR] [--every N]
                         [--memory] [--sweep] [--peers] [--by lang,source,style] [--worst N]

Flat texts are cleaned as an import cleans them, some at once: `ms` is the CPU of all by documents,
median and p95 are those of such chunks. `alone_ms` and what comes after it is each by itself, and
`differ` counts those that come out otherwise. Pages cost the same in company. Now and then a page
of a fixed few is read by readability-lxml: `control_ms` is its CPU, and tells a slow machine from
slow code.

The weights shipped were trained on these very pages. --folds DIR (written by
`tools/train_cleaning.py --folds DIR`) cleans each page with weights that never saw its site.
--memory cleans each page as the reader does once the pages of its site are imported: what stands on
three of them is known. --sweep lowers or raises all chances of body alike, and reads off the recall
at a precision of .93. --peers runs trafilatura, readability-lxml and keep-everything over the same
documents.
"""

import argparse
import contextlib
import json
import os
import sys
import tempfile
import time
import tracemalloc
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from statistics import median

# As the reader and the importer do: on small matrices a second thread only waits, and that is CPU.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1]))

import cleaning_packs as packs
import numpy as np

import assets
from index.catalog.sites import least_documents
from index.clean import clean, clean_all
from index.clean.memory import line_key
from index.clean.score import weights
from index.clean.whole import keep_everything as keep_everything_of
from index.ingest import CHUNK, keep_memory
from index.model import Document, Form, Stated

LEANS = (1.0, 0.5, 0.0, -0.5, -1.0, -1.5, -2.0)
PRECISION = 0.93
SAMPLED = 40
"""Documents of a set whose use of memory is looked at."""
CONTROLS = 40
"""Pages that the control reads between the chunks."""
WARMING = 16
"""Of so many documents one is cleaned before time is taken."""
SETS = ("seeds", "labels", "flat", "html", "segments", "dates")


def say(name, **figures):
    shown = {
        key: round(value, 4) if isinstance(value, float) else value
        for key, value in figures.items()
        if value is not None
    }
    print(json.dumps({"figure": name, **shown}, ensure_ascii=False), flush=True)


def document(gold, source=None):
    html = source is not None
    form = Form.HTML if html else Form.TEXT
    content = source if html else gold["text"]
    stated = Stated(url=gold.get("url")) if html else Stated()
    return Document(gold["id"], gold["id"], content, html, form, "utf-8", b"", stated)


def as_prediction(name, cleaned):
    return {
        "id": name,
        "title": cleaned.title,
        "date": cleaned.date,
        "author": cleaned.byline,
        "attribution": list(cleaned.attribution),
        "body": "\n".join(cleaned.body),
        "blocks": [{"n": block.n, "label": str(block.label)} for block in cleaned.blocks],
        "unsure": cleaned.unsure,
    }


def templates(golds, sources):
    """By site the keys of the lines that the catalog would hold for its template.

    The styles of one flattened page are one document.
    """
    documents, counts = defaultdict(set), defaultdict(Counter)
    lines = defaultdict(set)
    for gold in golds:
        cleaned = keep_everything_of(document(gold, sources.get(gold["id"])))
        page = (gold.get("site") or "", gold.get("doc") or gold["id"])
        documents[page[0]].add(page)
        lines[page] |= {line_key(block.text) for block in cleaned.blocks}
    for (site, _), keys in lines.items():
        counts[site].update(keys)
    found = {}
    for site, counted in counts.items():
        least = least_documents(len(documents[site]))
        found[site] = frozenset(key for key, count in counted.items() if count >= least)
    return found


def leaning(path, lean, folder):
    """The weights at `path` with the log-odds of body raised by `lean`, as a file in `folder`."""
    arrays = dict(np.load(path))
    for name in ("flat", "html"):
        arrays[f"{name}_second_bias"] = arrays[f"{name}_second_bias"] + lean
    leaned = Path(folder) / path.name
    np.savez(leaned, **arrays)
    return leaned


class Control:
    """The pace of the machine: what one and the same work by others takes during a run."""

    def __init__(self):
        rows = packs.rows("html.jsonl")
        every = len(rows) // CONTROLS
        self.pages = [packs.page_source(row["html_path"]) for row in rows[::every][:CONTROLS]]
        self.took = []
        by_readability(self.pages[0], html=True)

    def run(self, share):
        """Read as many more pages as make up this share of them."""
        while len(self.took) < round(share * len(self.pages)):
            page = self.pages[len(self.took)]
            start = time.process_time()
            with contextlib.suppress(Exception):  # as a peer, it may fall over
                by_readability(page, html=True)
            self.took.append(time.process_time() - start)

    def cost(self):
        return {"control_ms": 1000 * float(np.mean(self.took))} if self.took else {}


def ours(golds, sources, asked, lean=0.0, control=None):
    """(predictions by id, what they `cost`), with `control` between them."""
    found, took, alone, differ = {}, [], [], 0
    size = 1 if sources else CHUNK
    folds, shipped = asked.folds, assets.CLEANING
    known = templates(golds, sources) if asked.memory else {}
    with tempfile.TemporaryDirectory() as folder:
        for part in range(packs.FOLDS) if folds else [None]:
            some = [
                gold for gold in golds if part is None or packs.fold(gold.get("site") or "") == part
            ]
            path = shipped if part is None else folds / f"fold-{part}.npz"
            assets.CLEANING = leaning(path, lean, folder) if lean else path
            weights.cache_clear()
            every = [
                (document(gold, sources.get(gold["id"])), known.get(gold.get("site") or ""))
                for gold in some
            ]
            # The styles of one page stand side by side: no chunk is to hold them together.
            every = [every[row] for row in np.random.default_rng(1).permutation(len(every))]
            # What is made once, such as patterns, is no cost of a document.
            for one in every[::WARMING]:
                clean(*one)
            for begin in range(0, len(every), size):
                chunk = every[begin : begin + size]
                if control is not None:
                    control.run((begin + len(chunk)) / len(every))
                start = time.process_time()
                done = clean_all(chunk)
                took.append(((time.process_time() - start) / len(chunk), len(chunk)))
                found |= {
                    one.identity: as_prediction(one.identity, cleaned)
                    for (one, _), cleaned in zip(chunk, done, strict=True)
                }
                if size == 1 or lean:
                    continue
                for one, cleaned in zip(chunk, done, strict=True):
                    start = time.process_time()
                    same = clean(*one)
                    alone.append((time.process_time() - start, 1))
                    differ += same != cleaned
    assets.CLEANING = shipped
    weights.cache_clear()
    spent = cost(took) | (control.cost() if control is not None else {})
    if not alone:
        return found, spent
    by_itself = {f"alone_{name}": figure for name, figure in cost(alone).items()}
    return found, {**spent, **by_itself, "differ": differ}


def bench_sweep(name, golds, sources, asked):
    """Precision and recall of the body as all chances are leaned, and recall at `PRECISION`."""
    score = packs.scorer("score")
    points = []
    for lean in LEANS:
        found, _ = ours(golds, sources, asked, lean)
        figures = score.table([score.one(gold, found[gold["id"]]) for gold in golds], 0)
        points.append((figures["P"], figures["R"]))
        say(f"{name} sweep", lean=lean, P=figures["P"], R=figures["R"], F1=figures["F1"])
    for (precise, recall), (sharper, lower) in pairwise(points):
        if precise <= PRECISION <= sharper:
            share = (PRECISION - precise) / max(sharper - precise, 1e-9)
            say(f"{name} recall at precision {PRECISION}", R=recall + share * (lower - recall))
            return
    say(f"{name} recall at precision {PRECISION}", R=None, note="not within the sweep")


def bench_memory(name, golds, sources):
    """The most memory that cleaning one document takes beside what is there already."""
    peaks = []
    for gold in golds[:: max(len(golds) // SAMPLED, 1)]:
        one = document(gold, sources.get(gold["id"]))
        clean(one)
        tracemalloc.start()
        clean(one)
        peaks.append(tracemalloc.get_traced_memory()[1] / 1e6)
        tracemalloc.stop()
    say(f"{name} memory", documents=len(peaks), median_mb=median(peaks), most_mb=max(peaks))


def keep_everything(source, *, html):
    if not html:
        return {"body": source}
    import lxml.html

    return {"body": "\n".join(lxml.html.fromstring(source.encode()).itertext())}


def by_trafilatura(source, *, html):
    import trafilatura

    text = source if html else _wrapped(source)
    found = trafilatura.bare_extraction(text, include_comments=False, with_metadata=html)
    if found is None:
        return {"body": ""}
    one = found.as_dict()
    return {"body": one.get("text") or "", "title": one.get("title"), "date": one.get("date")}


def by_readability(source, *, html):
    import lxml.html
    from readability import Document as Readable

    readable = Readable(source if html else _wrapped(source))
    tree = lxml.html.fromstring(readable.summary() or "<p></p>")
    body = "\n".join(" ".join(part.split()) for part in tree.itertext() if part.strip())
    return {"body": body, "title": readable.short_title()}


def _wrapped(text):
    lines = (line for line in text.split("\n") if line.strip())
    paragraphs = "".join(
        f"<p>{line.replace('&', '&amp;').replace('<', '&lt;')}</p>" for line in lines
    )
    return f"<html><body><article>{paragraphs}</article></body></html>"


PEERS = {
    "keep everything": keep_everything,
    "trafilatura": by_trafilatura,
    "readability-lxml": by_readability,
}


def cost(took):
    """CPU milliseconds a document, of `took`: (seconds a document, documents) of each chunk."""
    each, size = np.array(took or [(0.0, 1)]).T
    middle, most = np.percentile(each * 1000, (50, 95)).tolist()
    return {"ms": float(each @ size / size.sum() * 1000), "median_ms": middle, "p95_ms": most}


def theirs(name, golds, sources):
    found, took = {}, []
    for gold in golds:
        source = sources.get(gold["id"])
        start = time.process_time()
        try:
            one = PEERS[name](gold["text"] if source is None else source, html=source is not None)
        except Exception as error:  # noqa: BLE001 - a peer that falls over has found nothing
            one = {"body": "", "failed": str(error)}
        took.append((time.process_time() - start, 1))
        found[gold["id"]] = {"id": gold["id"], **one}
    return found, cost(took)


def contenders(golds, sources, asked):
    yield "newsreader", *ours(golds, sources, asked, control=Control())
    for name in PEERS if asked.peers else ():
        yield name, *theirs(name, golds, sources)


def bench_bodies(name, golds, sources, asked):
    """The figures of the pack's score.py, for all and by group."""
    score = packs.scorer("score")
    for tool, found, spent in contenders(golds, sources, asked):
        scored = [(gold, score.one(gold, found.get(gold["id"]) or {})) for gold in golds]
        groups = defaultdict(list)
        for gold, one in scored:
            groups["all"].append(one)
            for key in ("quality", *(asked.by.split(",") if asked.by else ())):
                groups[f"{key}={gold.get(key)}"].append(one)
        for group, some in groups.items():
            if len(some) >= asked.least:
                figures = score.table(some, 0)
                figures.pop("+-")
                say(f"{name} {group}", tool=tool, **(spent if group == "all" else {}), **figures)
        if tool == "newsreader":
            for gold, one in sorted(scored, key=lambda pair: pair[1]["f"])[: asked.worst]:
                say("worst", id=gold["id"], f=one["f"], p=one["p"], r=one["r"])


def bench_labels(asked):
    lines = packs.scorer("score_lines")
    golds = packs.rows("labels.jsonl")[:: asked.every]
    found, spent = ours(golds, {}, asked)
    scored = lines.score(golds, list(found.values()))
    summary = lines.summary(scored)
    named = ("related", "nav", "comment", "marker", "share", "section")
    pairs = [
        pair for row in scored for pair in row["pairs"] if pair[0] in named and pair[1] != "body"
    ]
    say(
        "labels all",
        **spent,
        texts=summary["texts"],
        body_f1=summary["body_tokens"][2],
        body_p=summary["body_tokens"][0],
        body_r=summary["body_tokens"][1],
        all_kept=summary["all_kept"],
        clean=summary["clean"],
        accuracy=summary["accuracy"],
        macro_f1=summary["macro_f1"],
        reason=summary["reason"],
        right_label=sum(one == other for one, other in pairs) / max(len(pairs), 1),
    )
    for label, (precision, recall, f1, count) in summary["labels"].items():
        say(f"labels {label}", p=precision, r=recall, f1=f1, n=count)
    if asked.worst:
        confused = sorted(summary["confusion"].items(), key=lambda item: -item[1])
        for (gold, got), count in confused[: 3 * asked.worst]:
            if gold != got:
                say("confused", gold=gold, got=got, n=count)


def bench_seeds():
    gold = json.loads((packs.SEEDS / "gold.json").read_text(encoding="utf-8"))
    right = kept = cut = bodies = junk = 0
    wrong = []
    for file in gold["files"]:
        text = (packs.SEEDS / file["file"]).read_text(encoding="utf-8")
        cleaned = clean(document({"id": file["file"], "text": text}))
        labels = {block.n: str(block.label) for block in cleaned.blocks}
        for line in file["lines"]:
            got = labels.get(line["n"])
            right += got == line["label"]
            bodies += line["keep"]
            junk += not line["keep"]
            kept += line["keep"] and got == "body"
            cut += not line["keep"] and got != "body"
            if got != line["label"]:
                wrong.append(f"{file['file'][:3]}:{line['n']} {line['label']} got {got}")
        own = (cleaned.title, cleaned.byline, cleaned.date, sorted(cleaned.attribution))
        expected = (
            file["gold_title"],
            file["gold_byline"],
            file["gold_date"],
            sorted(file["gold_attribution"]),
        )  # fmt: skip
        if own != expected:
            wrong.append(f"{file['file'][:3]} {own}")
    say("seeds", body_kept=f"{kept}/{bodies}", junk_cut=f"{cut}/{junk}", labels=right, wrong=wrong)


def bench_segments(asked):
    score = packs.scorer("score")
    golds = packs.rows("segments.jsonl")[:: asked.every]
    sources = {gold["id"]: packs.page_source(gold["html_path"]) for gold in golds}
    for tool, found, spent in contenders(golds, sources, asked):
        right = wrong = missed = spared = 0
        for gold in golds:
            body = score.fold(found[gold["id"]].get("body"))
            kept = sum(score.fold(part) in body for part in gold["with"])
            extra = sum(score.fold(part) in body for part in gold["without"])
            right, missed = right + kept, missed + len(gold["with"]) - kept
            wrong, spared = wrong + extra, spared + len(gold["without"]) - extra
        precision, recall, f1 = score.prf(right, wrong, missed)
        accuracy = (right + spared) / max(right + wrong + missed + spared, 1)
        dated = [gold for gold in golds if gold.get("gold_date")]
        dates = score.mean(
            [(found[one["id"]].get("date") or "")[:10] == one["gold_date"][:10] for one in dated]
        )
        say(
            "segments all",
            tool=tool,
            p=precision,
            r=recall,
            f=f1,
            acc=accuracy,
            date=dates,
            **spent,
        )


def bench_dates(asked):
    golds = packs.rows("dates.jsonl")[:: asked.every]
    sources = {gold["id"]: packs.page_source(gold["html_path"]) for gold in golds}
    for tool, found, _ in contenders(golds, sources, asked):
        got = [
            ((found[gold["id"]].get("date") or "")[:10], gold["gold_date"][:10]) for gold in golds
        ]
        made = [day == gold for day, gold in got if day]
        right = sum(day == gold for day, gold in got) / len(got)
        say("dates all", tool=tool, acc=right, prec=sum(made) / max(len(made), 1), made=len(made))
        if tool == "newsreader" and asked.worst:
            for gold in golds:
                day = (found[gold["id"]].get("date") or "")[:10]
                if day != gold["gold_date"][:10]:
                    say("wrong date", id=gold["id"], gold=gold["gold_date"], got=day)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--set", default=",".join(SETS))
    options.add_argument("--folds", type=Path)
    options.add_argument("--only", type=int, help="only the pages of one part of --folds")
    options.add_argument("--every", type=int, default=1, help="take each Nth document only")
    options.add_argument("--memory", action="store_true")
    options.add_argument("--sweep", action="store_true")
    options.add_argument("--peers", action="store_true")
    options.add_argument("--by", default="")
    options.add_argument("--least", type=int, default=1, help="smallest group to report")
    options.add_argument("--worst", type=int, default=0)
    asked = options.parse_args()
    keep_memory()  # as the processes of an import do
    if not packs.PACK.exists():
        sys.exit("the packs are not here: this benchmark needs ../shared/packs/cleaning")
    for name in asked.set.split(","):
        if name == "seeds":
            bench_seeds()
        elif name == "labels":
            bench_labels(asked)
        elif name in ("flat", "html"):
            golds = packs.rows("flat.jsonl.gz" if name == "flat" else "html.jsonl")[:: asked.every]
            if asked.only is not None:
                golds = [gold for gold in golds if packs.fold(gold["site"]) == asked.only]
            sources = (
                {gold["id"]: packs.page_source(gold["html_path"]) for gold in golds}
                if name == "html"
                else {}
            )
            if asked.sweep:
                bench_sweep(name, golds, sources, asked)
            else:
                bench_bodies(name, golds, sources, asked)
                bench_memory(name, golds, sources)
        elif name == "segments":
            bench_segments(asked)
        elif name == "dates":
            bench_dates(asked)
        else:
            sys.exit(f"no set {name!r}: there are {', '.join(SETS)}")


if __name__ == "__main__":
    main()
