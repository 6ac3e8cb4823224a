"""What each block is, and why it is cut."""

from typing import NamedTuple

from index.clean import reasons
from index.clean.features import NAMES, Figures
from index.clean.lexicon import CATEGORIES
from index.model import Label


class Verdict(NamedTuple):
    """The label of a block and, unless it is body, the reason."""

    label: Label
    reason: str = ""


_BY_CATEGORY = {
    "related": Verdict(Label.MARKER, reasons.HEADING),
    "teaser": Verdict(Label.RELATED, reasons.TEASER),
    "comment": Verdict(Label.COMMENT, reasons.COMMENT),
    "share": Verdict(Label.SHARE, reasons.SHARE),
    "newsletter": Verdict(Label.NAV, reasons.NEWSLETTER),
    "nav": Verdict(Label.NAV, reasons.NAV),
    "legal": Verdict(Label.LEGAL, reasons.LEGAL),
    "cookie": Verdict(Label.LEGAL, reasons.COOKIE),
    "bio": Verdict(Label.BIO, reasons.BIO),
    "byline": Verdict(Label.BYLINE, reasons.BYLINE),
    "date": Verdict(Label.DATE, reasons.DATE),
    "credit": Verdict(Label.CAPTION, reasons.CREDIT),
    "source": Verdict(Label.ATTRIBUTION, reasons.SOURCE),
    "top": Verdict(Label.MARKER, reasons.NAV),
    "end": Verdict(Label.MARKER, reasons.END),
    "section": Verdict(Label.SECTION, reasons.SECTION),
}
_LONGEST = {"comment": 24, "legal": 24, "cookie": 30, "bio": 40, "teaser": 24, "source": 24}
_ROOMS = {"related": Label.RELATED, "comment": Label.COMMENT}


def by_phrase(figures: Figures, row: int) -> str | None:
    """The category a phrase gives the line, if it is short enough to be nothing else."""
    found = figures.hits[row]
    size = figures.words.counts[row]
    if not found:
        return None
    best = min(found, key=lambda hit: (not hit.whole, -hit.size, hit.start))
    category = CATEGORIES[best.category]
    longest = _LONGEST.get(category, 6)
    if best.whole or size <= longest:
        return category
    return None


def judge_page(figures: Figures, voice: list[float]) -> list[Verdict]:
    """A verdict for every block of a page, by what trafilatura keeps of it."""
    rules = judge(figures)
    verdicts = []
    for row, (rule, heard) in enumerate(zip(rules, voice, strict=True)):
        if heard > 0.5:
            own = rule.label in (Label.TITLE, Label.DATE)
            verdicts.append(rule if own else Verdict(Label.BODY))
        elif rule.label is Label.BODY:
            kind = by_phrase(figures, row)
            related = Verdict(Label.RELATED, reasons.TEASER)
            verdicts.append(_BY_CATEGORY[kind] if kind else related)
        else:
            verdicts.append(rule)
    return verdicts


def judge(figures: Figures) -> list[Verdict]:
    """A verdict for every block, by rules."""
    column = {name: index for index, name in enumerate(NAMES)}
    table = figures.table
    counts = figures.words.counts.tolist()
    stops = table[:, column["ends_stop"]] > 0
    dots = table[:, column["ends_dots"]] > 0
    shared = table[:, column["core_words"]]
    total = len(counts)
    prose = [counts[row] >= 8 and (bool(stops[row]) or counts[row] >= 25) for row in range(total)]
    kinds = [by_phrase(figures, row) for row in range(total)]
    core = [row for row in range(total) if prose[row] and kinds[row] is None]
    first = core[0] if core else 0
    verdicts: list[Verdict] = []
    room: Label | None = None
    for row in range(total):
        kind = kinds[row]
        after = row >= first
        solid = prose[row] and not dots[row] and shared[row] > 0.35
        if room is not None and solid and row + 1 < total and prose[row + 1]:
            room = None
        if kind is not None and not (kind in ("section", "byline", "date", "nav") and room):
            verdicts.append(_BY_CATEGORY[kind])
            if kind in _ROOMS and after:
                room = _ROOMS[kind]
        elif room is not None:
            verdicts.append(Verdict(room, reasons.USUAL[room]))
        elif figures.dated[row] and counts[row] < 10 and not prose[row]:
            verdicts.append(_BY_CATEGORY["date"])
        elif after or not core:
            verdicts.append(Verdict(Label.BODY))
        else:
            verdicts.append(Verdict(Label.TITLE, reasons.TITLE))
    return _tail(figures, verdicts, prose)


def _tail(figures: Figures, verdicts: list[Verdict], prose: list[bool]) -> list[Verdict]:
    """Short lines between the last sentence and the first cut are no body: a signature, mostly."""
    kept = [row for row, verdict in enumerate(verdicts) if verdict.label is Label.BODY]
    last = max((row for row in kept if prose[row]), default=None)
    if last is not None:
        capitals = figures.table[:, NAMES.index("capitals")]
        for row in kept:
            if row > last and figures.words.counts[row] <= 4 and capitals[row] > 0.9:
                verdicts[row] = _BY_CATEGORY["byline"]
    titles = [row for row, verdict in enumerate(verdicts) if verdict.label is Label.TITLE]
    if titles:
        best = max(titles, key=lambda row: figures.words.counts[row])
        for row in titles:
            if row != best:
                verdicts[row] = _BY_CATEGORY["section"]
    return verdicts
