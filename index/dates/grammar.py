"""Ranges of days said in words: what may follow what, and which days that makes.

The text becomes a lattice of words with their meanings; the rules below are tried over it in
order, and the first that reads the whole text wins.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from index.dates.iso import BACKWARDS
from index.dates.lattice import IMPOSSIBLE, Lattice, lattice
from index.dates.moment import Moment, between
from index.dates.rules import DAY_KINDS, SPANS, Today
from index.dates.span import DAY, DateRange
from index.dates.words import lexicon
from index.errors import QueryError

EMPTY = "A date is missing here"
UNFINISHED = "This is not a whole date: {text}"


_SKIPPED = ("of", "slash")


def _days(now: Today, moment: Moment) -> DateRange:
    return moment.days(now.day)


def _since(now: Today, moment: Moment) -> DateRange:
    return DateRange(moment.days(now.day).start, None)


def _until(now: Today, moment: Moment) -> DateRange:
    return DateRange(None, moment.days(now.day).end)


def _before(now: Today, moment: Moment) -> DateRange:
    start = moment.days(now.day).start
    if start is None:
        raise ValueError(moment)
    return DateRange(None, start - DAY)


def _after(now: Today, moment: Moment) -> DateRange:
    end = moment.days(now.day).end
    if end is None:
        raise ValueError(moment)
    return DateRange(end + DAY, None)


def _by(now: Today, moment: Moment) -> DateRange:
    return _until(now, moment) if moment.is_day else _before(now, moment)


def _between(now: Today, first: Moment, last: Moment) -> DateRange:
    return between(first, last, now.day)


def _within(now: Today, first: Moment, last: Moment) -> DateRange:
    """After one and before the other: neither is meant."""
    return DateRange(_after(now, first).start, _before(now, last).end)


def _after_to(now: Today, first: Moment, last: Moment) -> DateRange:
    return DateRange(_after(now, first).start, _until(now, last).end)


def _since_to(now: Today, first: Moment, last: Moment) -> DateRange:
    return DateRange(_since(now, first).start, _before(now, last).end)


# `span` is a date by itself; `part` may also be a bare number, the day of the other's month.
_RANGES: tuple[tuple[tuple[str, ...], Callable[..., DateRange]], ...] = tuple(
    (tuple(pattern.replace("CLOSED?", "between_post?|until_post?").split()), build)
    for pattern, build in (
        ("span", _days),
        ("over span", _days),
        ("since span since_post?", _since),
        ("span since_post", _since),
        ("until span until_post?", _until),
        ("span until_post", _until),
        ("by span", _by),
        ("before span before_post?", _before),
        ("span before_post", _before),
        ("after span after_post?", _after),
        ("span after_post", _after),
        ("since|from|between part to|until|by|dash|dots|from_post part CLOSED?", _between),
        ("between|from part and part between_post?", _between),
        ("part and part between_post", _between),
        ("part to|dash|dots|from_post part CLOSED?", _between),
        ("span until|by span", _between),
        ("after span before span", _within),
        ("after span to|until|by span", _after_to),
        ("since|from span before span", _since_to),
        ("span dots", _since),
        ("dots span", _until),
    )
)


@dataclass(slots=True)
class _Reader:
    """Tries the rules over one lattice."""

    text: str
    lattice: Lattice
    now: Today
    impossible: QueryError | None = None
    spans: dict[int, list[tuple[Moment, int]]] = field(default_factory=dict)

    def read(self) -> DateRange | None:
        """The days of the first rule that reads the whole text and makes sense."""
        for pattern, build in _RANGES:
            for values, at in self.match(pattern, 0):
                if not any(self._skip(at, len(self.lattice.tokens))):
                    continue
                moments = [value for value in values if isinstance(value, Moment)]
                try:
                    found = build(self.now, *moments)
                except (ValueError, OverflowError):
                    self._refuse(moments[0].at, moments[-1].end)
                    continue
                if found.start and found.end and found.start > found.end:
                    self._refuse(moments[0].at, moments[-1].end, BACKWARDS)
                    continue
                return found
        return None

    def match(self, pattern: tuple[str, ...], at: int) -> Iterator[tuple[list[Any], int]]:
        """The ways to read `pattern` from word `at`: values of its elements, and where it ends."""
        if not pattern:
            yield [], at
            return
        first, rest = pattern[0], pattern[1:]
        optional = first.endswith("?")
        kinds = tuple(kind.rstrip("?") for kind in first.split("|"))
        for value, end in self._element(kinds, at):
            for values, last in self.match(rest, end):
                yield [value, *values], last
        if optional:
            for values, last in self.match(rest, at):
                yield [None, *values], last

    def _element(self, kinds: tuple[str, ...], at: int) -> Iterator[tuple[Any, int]]:
        if kinds in (("span",), ("part",)):
            yield from self._moments(at)
            if kinds == ("part",):
                yield from self._bare(at)
            return
        for start in self._starts(at):
            for edge in self.lattice.edges[start]:
                if edge.kind in kinds:
                    yield edge.value, edge.end

    def _starts(self, at: int) -> list[int]:
        """Where a word may be looked for: here, or behind words that say nothing."""
        found, todo = [], [at]
        while todo:
            start = todo.pop()
            if start >= len(self.lattice.tokens) or start in found:
                continue
            found.append(start)
            todo.extend(edge.end for edge in self.lattice.edges[start] if edge.kind in _SKIPPED)
        return found

    def _skip(self, at: int, end: int) -> Iterator[bool]:
        """True where nothing but words that say nothing lies between `at` and `end`."""
        todo, seen = [at], set()
        while todo:
            start = todo.pop()
            if start == end:
                yield True
                return
            if start in seen or start > end:
                continue
            seen.add(start)
            todo.extend(edge.end for edge in self.lattice.edges[start] if edge.kind in _SKIPPED)

    def _bare(self, at: int) -> Iterator[tuple[Moment, int]]:
        for values, end in self.match((DAY_KINDS,), at):
            if 1 <= values[0] <= 31:
                yield self._placed(Moment(day=values[0]), at, end), end

    def _moments(self, at: int) -> list[tuple[Moment, int]]:
        if at not in self.spans:
            self.spans[at] = list(self._read_moments(at))
        return self.spans[at]

    def _read_moments(self, at: int) -> Iterator[tuple[Moment, int]]:
        for pattern, build in SPANS:
            for values, end in self.match(pattern, at):
                if isinstance(values[0], QueryError):
                    self.impossible = self.impossible or values[0]
                    continue
                try:
                    moment = build(self.now, *values)
                except (ValueError, OverflowError):
                    continue
                yield self._placed(moment, at, end), end

    def _placed(self, moment: Moment, at: int, end: int) -> Moment:
        tokens = self.lattice.tokens
        return replace(moment, at=tokens[at].start, end=tokens[end - 1].end)

    def _refuse(self, at: int, end: int, template: str = IMPOSSIBLE) -> None:
        if self.impossible is None:
            self.impossible = QueryError(template, at=at, end=end, text=self.text[at:end])


def parse_words(text: str, locale: str, today: date) -> DateRange:
    """The days that `text` stands for in `locale`; see `index.dates.parse_range`."""
    if not text.strip():
        raise QueryError(EMPTY, at=0, end=len(text))
    words = lexicon(locale)
    try:
        found = lattice(text, words)
    except QueryError:
        from index.dates.single import parse_single  # noqa: PLC0415  (loads dateparser)

        day = parse_single(text, words.language)
        if day is None:
            raise
        return DateRange(day, day)
    reader = _Reader(text, found, Today(today, words.week))
    days = reader.read()
    if days is not None:
        return days
    if reader.impossible is not None:
        raise reader.impossible
    at = len(text) - len(text.lstrip())
    raise QueryError(UNFINISHED, at=at, end=len(text.rstrip()), text=text.strip())
