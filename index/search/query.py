"""The query language: text a person types, also half-typed, into a tree of what it asks."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import regex

from index.errors import QueryError
from index.model import Query
from index.search import tree
from index.search.analysis import fold_pattern, is_dense, is_lone_character, query_terms
from index.search.fields import FIELDS, FILTERS, TEXT_FIELDS, is_exact, meaning, unknown_field
from index.search.lexer import LISTED, Kind, Token, Value, tokens
from index.search.plain import Item, items, lone_word
from index.search.tree import Flagged, Node, Tagged, conjunction, disjunction, negation
from index.text.safe import safe_line
from index.text.words import words as words_of

DEEPEST = 60
"""Levels of parentheses that matter (those around a single thing do not)."""
MOST_TERMS = 512
"""Words a query may hold."""
MOST_NEAR = 32
"""Words of a phrase in which others may lie between: each place of each is gone through."""
MOST_LOOSE = 8
"""Misspelt words and patterns it may hold: all words there are have to be looked through for each.

One that begins with a star counts as four, one misspelt twice and a phrase with gaps as two.
"""
MOST_BEGUN = 64
"""Words it may hold of which there is but the beginning."""
MOST_TOKENS = 8192
"""Words, operators and parentheses, also empty ones, that are read before it is refused."""
_FUZZY = regex.compile(r"~(\d{0,9})$")


class Filter(NamedTuple):
    """A part of the query that only narrows: without query[start:end] it asks the same, wider."""

    field: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query as understood. `understood` is a query again, with dates worked out."""

    text: str
    tree: Node
    filters: tuple[Filter, ...] = ()
    exact_script: bool = False
    """Whether names are only asked for as they are spelt: `script:exact`."""

    @property
    def understood(self) -> str:
        """The query in words, as read: parsing it gives the same tree."""
        said = tree.in_words(self.tree)
        return safe_line(f"{said} script:exact".strip() if self.exact_script else said)

    @property
    def has_words(self) -> bool:
        """Whether something in it ranks: words of title or body that an article should have."""
        return _has_words(self.tree)

    @property
    def id_sets(self) -> tuple[Flagged | Tagged, ...]:
        """The sets of articles that only the catalog knows."""
        found = [leaf for leaf in tree.leaves(self.tree) if isinstance(leaf, Flagged | Tagged)]
        return tuple(dict.fromkeys(found))


def _has_words(node: Node) -> bool:
    kind = type(node)
    if kind is tree.Word or kind is tree.Phrase:
        return node.field not in FILTERS  # type: ignore[union-attr]
    if kind is tree.And or kind is tree.Or:
        return any(map(_has_words, node.parts))  # type: ignore[union-attr]
    if kind is tree.Widened:
        return _has_words(node.asked) or any(map(_has_words, node.more))  # type: ignore[union-attr]
    return isinstance(node, tree.TextNode) and node.field not in FILTERS


def parse(text: str, *, today: date, locale: str = "en") -> ParsedQuery:
    """What `text` asks. Unfinished parts are left out: half a query searches too.

    `locale` and `today` are for dates. Raises QueryError for an unknown field, language, flag or
    date, and for more parentheses or words than anyone means.
    """
    alone = lone_word(text)
    if alone is not None:
        return ParsedQuery(text, tree.Word(alone, "", text))
    plain = items(text)
    if plain is not None:
        return _plain(text, *plain, today, locale)
    return _Parser(text, today, locale).parse()


def _plain(text: str, plain: list[Item], either: bool, today: date, locale: str) -> ParsedQuery:
    """The query of items that are all to be found, or any of them."""
    nodes: list[Node] = []
    filters: list[Filter] = []
    for words, raw, starred, field, value in plain:
        if value is not None:
            node = meaning(field, value, today=today, locale=locale)
            if node is not None:
                start = value.start - len(field) - 1
                filters.append(Filter(field, text[start : value.end], start, value.end))
                nodes.append(node)
        elif starred:
            said = "" if words[0].isascii() else _starred_surface(words[0], raw[:-1])
            nodes.append(tree.Prefix(words[0], "", said))
        elif len(words) == 1:
            nodes.append(tree.Word(words[0], "", raw))
        else:
            nodes.append(tree.Phrase(words, "", 0, raw))
    joined = disjunction if either else conjunction
    return ParsedQuery(text, nodes[0] if len(nodes) == 1 else joined(nodes), tuple(filters))


def with_options(
    parsed: ParsedQuery, asked: Query, *, today: date, locale: str = "en"
) -> ParsedQuery:
    """`parsed` narrowed by the filters beside the text of `asked`: languages, days, source.

    Raises QueryError at 0..0 for one that means nothing, since it is not in the text.
    """
    parser = _Parser("", today, locale)
    parts = [
        parser.filtering("lang", [_option(language) for language in asked.languages]),
        parser.filtering("after", [_option(asked.after or "")]),
        parser.filtering("before", [_option(asked.before or "")]),
        parser.filtering("source", [_option(asked.source or "")]),
    ]
    narrowed = conjunction([parsed.tree, *(part for part in parts if part is not None)])
    return replace(parsed, tree=narrowed)


def _option(text: str) -> Value:
    return Value(text, f'"{text.replace(chr(34), " ")}"', 0, 0)


@dataclass(slots=True)
class _Group:
    """A parenthesis being read: alternatives, each a list of parts that must all be found."""

    start: int
    field: str = ""
    alternatives: list[list[Node]] = dataclasses.field(default_factory=lambda: [[]])
    negate: bool = False
    negate_at: int = 0
    depth: int = 0

    def add(self, node: Node, depth: int = 0) -> None:
        self.alternatives[-1].append(negation(node) if self.negate else node)
        self.negate = False
        self.depth = max(self.depth, depth)

    def alternative(self) -> None:
        self.negate = False
        if self.alternatives[-1]:
            self.alternatives.append([])

    def node(self) -> Node | None:
        found = [conjunction(parts) for parts in self.alternatives if parts]
        return disjunction(found) if found else None


class _Parser:
    """Reads tokens once from left to right, with its own stack: no nesting can break it."""

    def __init__(self, text: str, today: date, locale: str) -> None:
        self.text = text
        self.today = today
        self.locale = locale
        self.terms = 0
        self.loose = 0
        self.begun = 0
        self.filters: list[Filter] = []
        self.exact_script = False

    def parse(self) -> ParsedQuery:
        groups = [_Group(0)]
        for count, token in enumerate(tokens(self.text, FIELDS)):
            if count == MOST_TOKENS:
                raise _too_many(token.start, token.end, MOST_TOKENS)
            self._take(token, groups)
        while len(groups) > 1:
            self._close(groups)
        top = groups[0]
        # A filter beside an OR narrows only one side of it: taking it away is not asking wider.
        alone = sum(1 for parts in top.alternatives if parts) == 1
        return ParsedQuery(
            self.text,
            top.node() or tree.Every(),
            tuple(self.filters) if alone else (),
            self.exact_script,
        )

    def _take(self, token: Token, groups: list[_Group]) -> None:
        group = groups[-1]
        match token.kind:
            case Kind.OPEN:
                groups.append(_Group(token.start, group.field))
            case Kind.FIELD_GROUP:
                if token.field not in FIELDS:
                    raise unknown_field(token.field, token.start, token.end)
                groups.append(_Group(token.start, token.field))
            case Kind.CLOSE:
                if len(groups) > 1:
                    self._close(groups)
            case Kind.AND:
                group.negate = False
            case Kind.OR:
                group.alternative()
            case Kind.NOT:
                group.negate_at = group.negate_at if group.negate else token.start
                group.negate = not group.negate
            case Kind.TEXT | Kind.FIELD:
                self._operand(token, group, outermost=len(groups) == 1)

    def _operand(self, token: Token, group: _Group, *, outermost: bool) -> None:
        name = token.field or group.field
        if name and name not in FIELDS:
            raise unknown_field(name, token.start, token.end)
        values = token.values
        if not token.field and name in LISTED and not values[0].quoted:
            values = tuple(_listed(values[0]))
        if name == "script":
            if any(map(is_exact, values)):
                self.exact_script = True
                self.filters.append(self._filter(name, token, group))
            return
        node = self.filtering(name, values)
        if node is None:
            # Nothing to look for (yet): a NOT before it goes too.
            group.negate = False
            return
        if outermost and name in FILTERS:
            self.filters.append(self._filter(name, token, group))
        group.add(node)

    def _filter(self, name: str, token: Token, group: _Group) -> Filter:
        start = group.negate_at if group.negate else token.start
        return Filter(name, self.text[start : token.end], start, token.end)

    def _close(self, groups: list[_Group]) -> None:
        done = groups.pop()
        node = done.node()
        if node is None:
            groups[-1].negate = False
            return
        composite = isinstance(node, tree.And | tree.Or | tree.Not)
        depth = done.depth + 1 if composite else done.depth
        if depth > DEEPEST:
            raise QueryError(
                "The parentheses go deeper than {most} levels.",
                at=done.start,
                end=done.start + 1,
                most=DEEPEST,
            )
        groups[-1].add(node, depth)

    def filtering(self, name: str, values: "list[Value] | tuple[Value, ...]") -> Node | None:
        """Any of `values` in the field `name`; None where none says anything."""
        if len(values) > MOST_TERMS and sum(bool(value.text) for value in values) > MOST_TERMS:
            raise _too_many(values[0].start, values[-1].end, MOST_TERMS)
        found = [
            self._words(name, value)
            if name not in FIELDS - TEXT_FIELDS and not _is_unknown_source(name, value)
            else meaning(name, value, today=self.today, locale=self.locale)
            for value in values
        ]
        nodes = [node for node in found if node is not None]
        self.terms += sum(len(node.words) if isinstance(node, tree.Phrase) else 1 for node in nodes)
        if self.terms > MOST_TERMS:
            raise _too_many(values[0].start, values[-1].end, MOST_TERMS)
        self.loose += sum(map(_looseness, nodes))
        self.begun += sum(map(_beginnings, nodes))
        if self.loose > MOST_LOOSE or self.begun > MOST_BEGUN:
            raise QueryError(
                "The query has too many words with * or ~: try fewer of them.",
                at=values[0].start,
                end=values[-1].end,
            )
        return disjunction(nodes) if nodes else None

    def _words(self, name: str, value: Value) -> Node | None:
        if not value.text:
            return None
        if value.quoted:
            return _in_order(query_terms(value.text), name, value)
        if fuzzy := _FUZZY.search(value.text):
            return _fuzzy(value.text[: fuzzy.start()], fuzzy[1], name, value)
        if "*" in value.text:
            return _starred(name, value)
        return _in_order(query_terms(value.text), name, value)


def _looseness(node: Node) -> int:
    """How many words with stars or misspellings `node` counts for."""
    if isinstance(node, tree.And):
        return sum(map(_looseness, node.parts))
    if isinstance(node, tree.Wildcard):
        return 4 if node.pattern.startswith("*") else 1
    if isinstance(node, tree.Phrase):
        return 2 if node.slop else 0
    return node.distance if isinstance(node, tree.Fuzzy) else 0


def _beginnings(node: Node) -> int:
    """How many beginnings of words `node` has; lone characters of dense scripts are none."""
    if isinstance(node, tree.And):
        return sum(map(_beginnings, node.parts))
    return isinstance(node, tree.Prefix) and not is_lone_character(node.text)


def _too_many(at: int, end: int, most: int) -> QueryError:
    return QueryError("The query has more than {most} words.", at=at, end=end, most=most)


def _listed(value: Value) -> Iterator[Value]:
    """The parts of a bare word between its commas."""
    at = value.start
    for part in value.text.split(","):
        yield Value(part, part, at, at + len(part))
        at += len(part) + 1


def _is_unknown_source(name: str, value: Value) -> bool:
    return name == "source" and value.text.strip().casefold() == "unknown"


def _in_order(terms: tuple[str, ...], name: str, value: Value) -> Node | None:
    if not terms:
        return None
    if value.slop and len(terms) > MOST_NEAR:
        raise _too_many(value.start, value.end, MOST_NEAR)
    if len(terms) > 1:
        return tree.Phrase(terms, name, value.slop, value.raw)
    return _word(terms[0], name, value.raw)


def _word(term: str, name: str, shown: str = "") -> Node:
    """The word `term`: a lone character of a script in pairs begins the pairs it stands in."""
    if is_lone_character(term):
        return tree.Prefix(term, name, shown)
    return tree.Word(term, name, shown)


def _surface(term: str, surface: str) -> str:
    """How to say `term` in a query: as it was typed, where its folding would be read otherwise."""
    return "" if query_terms(term) == (term,) else surface  # ¾ folds to 3⁄4, which is two words


def _starred_surface(term: str, surface: str) -> str:
    """The same for all words that begin with `term`."""
    said = _surface(term, surface)
    return said and f"{said}*"


def _fuzzy(text: str, distance: str, name: str, value: Value) -> Node | None:
    # More than two edits from a word is any word.
    edits = min(int(distance or 1), 2)
    nodes: list[Node] = []
    line = safe_line(text)
    for term, start, end in words_of(line):
        surface = _surface(term, line[start:end])
        if is_dense(term) or edits == 0 or len(term) <= edits:
            nodes.append(_word(term, name, surface))
        else:
            nodes.append(tree.Fuzzy(term, edits, name, surface and f"{surface}~{edits}"))
    return conjunction(nodes) if nodes else None


def _starred(name: str, value: Value) -> Node | None:
    pattern = fold_pattern(value.text)
    if pattern is not None and "*" in pattern.rstrip("*") and pattern.strip("*"):
        return tree.Wildcard(pattern, name, value.raw)
    line = safe_line(value.text)
    found = words_of(line)
    terms = tuple(word.text for word in found)
    if not terms or not value.text.endswith("*"):
        return _in_order(terms, name, value)
    *before, last = terms
    # Pairs of characters overlap: one more character would make another pair.
    if is_dense(last) and not is_lone_character(last):
        return _in_order(terms, name, value)
    said = _starred_surface(last, line[found[-1].start : found[-1].end])
    parts: list[Node] = [tree.Prefix(last, name, said)]
    if before[1:]:
        odd = any(query_terms(term) != (term,) for term in before)
        shown = f'"{line[: found[-2].end]}"' if odd else ""
        parts.insert(0, tree.Phrase(tuple(before), name, 0, shown))
    elif before:
        parts.insert(0, _word(before[0], name, _surface(before[0], line[: found[0].end])))
    return conjunction(parts)
