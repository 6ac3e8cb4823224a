"""What a query asks, as a tree of small frozen nodes; each can say itself in the query language."""

import dataclasses
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Every:
    """All articles."""


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word. `field` is "" (title and body), title, body, source or author."""

    text: str
    field: str = ""
    shown: str = dataclasses.field(default="", compare=False)
    """The word as it was typed, for the echo."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded words in order; up to `slop` others may lie between each two of them."""

    words: tuple[str, ...]
    field: str = ""
    slop: int = 0
    shown: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin with the folded `text`. With `typed`, the word itself comes first."""

    text: str
    field: str = ""
    shown: str = dataclasses.field(default="", compare=False)
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Words like the folded `pattern`, where * stands for any characters."""

    pattern: str
    field: str = ""
    shown: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words at most `distance` insertions, deletions, substitutions or swaps from `text`."""

    text: str
    distance: int = 1
    field: str = ""
    shown: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Keyed:
    """Articles with a word that has any of `keys` and, where `also` names some, any of those."""

    keys: tuple[str, ...]
    also: tuple[str, ...] = ()
    field: str = ""
    shown: str = dataclasses.field(default="", compare=False)
    of_name: bool = False
    """Whether it is another spelling or name, not only another form: worth less."""

    def fits(self, keys: Set[str]) -> bool:
        """Whether a word with `keys` is one of those."""
        return not keys.isdisjoint(self.keys) and not (self.also and keys.isdisjoint(self.also))


@dataclass(frozen=True, slots=True)
class Widened:
    """What is asked for in words or, worth less, in any of the ways `more`."""

    asked: "Node"
    more: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Language:
    """Articles in exactly this Babel locale."""

    code: str


@dataclass(frozen=True, slots=True)
class Dated:
    """Articles dated from `start` to `end`, both inclusive; None is open."""

    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class Undated:
    """Articles without a date."""


@dataclass(frozen=True, slots=True)
class Unsourced:
    """Articles of which no source is known."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """Articles the catalog has flagged: read, unread or starred."""

    flag: str


@dataclass(frozen=True, slots=True)
class Tagged:
    """Articles the catalog has tagged."""

    tag: str


@dataclass(frozen=True, slots=True)
class And:
    """Articles that all of the parts find."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """Articles that any of the parts finds."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """Articles that the part does not find."""

    part: "Node"


TextNode = Word | Phrase | Prefix | Wildcard | Fuzzy | Keyed
FilterNode = Language | Dated | Undated | Unsourced | Flagged | Tagged
Node = Every | TextNode | FilterNode | Widened | And | Or | Not


def nodes(node: Node) -> Iterator[Node]:
    """The node and all below it, in order."""
    yield node
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from nodes(part)
        case Not(part):
            yield from nodes(part)
        case Widened(asked, more):
            for part in (asked, *more):
                yield from nodes(part)


def leaves(node: Node, *, positive: bool = False) -> Iterator[TextNode | FilterNode | Every]:
    """The nodes that have no parts, in order; with `positive`, none that a Not encloses."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part, positive=positive)
        case Not(part):
            if not positive:
                yield from leaves(part)
        case Widened(asked, more):
            for part in (asked, *more):
                yield from leaves(part, positive=positive)
        case _:
            yield node


def conjunction(parts: tuple[Node, ...] | list[Node]) -> Node:
    """All of `parts`, as flat as can be: a lone part stands for itself, none is everything."""
    flat: list[Node] = []
    for part in parts:
        if isinstance(part, And):
            flat.extend(part.parts)
        elif not isinstance(part, Every):
            flat.append(part)
    if len(set(map(type, flat))) < len(flat):  # else no two can be the same
        flat = list(dict.fromkeys(flat))
    if not flat:
        return Every()
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def disjunction(parts: tuple[Node, ...] | list[Node]) -> Node:
    """Any of `parts` (at least one), as flat as can be."""
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Or) else (part,))
    flat = list(dict.fromkeys(flat))
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def negation(part: Node) -> Node:
    """Not `part`; two negations are none."""
    return part.part if isinstance(part, Not) else Not(part)


_NOTHING: Mapping[Node, tuple[str, ...]] = {}


def in_words(node: Node, also: Mapping[Node, tuple[str, ...]] = _NOTHING) -> str:
    """`node` in the query language, dates worked out; parsing it gives the same tree.

    `also` are the other forms of widened words, to be said after them.
    """
    kind = type(node)
    if kind is Widened and not also:
        node = node.asked  # type: ignore[union-attr]
        kind = type(node)
    # By their types first, since nearly all are these, and what a query asks is told at each key.
    if kind is Word:
        said = node.shown or node.text  # type: ignore[union-attr]
        return _in_field(node.field, said) if node.field else said  # type: ignore[union-attr]
    if kind is And and not also:
        return " ".join([_within(part, also, Or) for part in node.parts])  # type: ignore[union-attr]
    if kind is Language:
        return f"lang:{node.code}"  # type: ignore[union-attr]
    if kind is Dated:
        return "date:" + _range_in_words(node.start, node.end)  # type: ignore[union-attr]
    match node:
        case Every():
            return ""
        case And(parts) if also and any(map(also.get, parts)):
            # місія, місії · НАТО, NATO lang:uk
            texts = [_within(part, also, Or) for part in parts if not _is_filter(part)]
            filters = [_within(part, also, Or) for part in parts if _is_filter(part)]
            return " ".join([" · ".join(texts), *filters])
        case And(parts):
            return " ".join([_within(part, also, Or) for part in parts])
        case Widened(asked):
            return ", ".join([in_words(asked, also), *also.get(node, ())])
        case Or(parts) if all(isinstance(part, Language) for part in parts):
            return "lang:" + ",".join(part.code for part in parts if isinstance(part, Language))
        case Or(parts):
            return " OR ".join([in_words(part, also) for part in parts])
        case Not(part):
            return "-" + _within(part, also, And, Or)
        case Undated():
            return "date:undated"
        case Unsourced():
            return "source:unknown"
        case Flagged(flag):
            return f"is:{flag}"
        case Tagged(tag):
            return f'tag:"{tag}"'
        case Phrase() | Prefix() | Wildcard() | Fuzzy() | Keyed():
            return _text_in_words(node)
    raise AssertionError(node)


def _is_filter(node: Node) -> bool:
    return all(
        isinstance(leaf, FilterNode) or getattr(leaf, "field", "") in ("source", "author")
        for leaf in leaves(node)
    )


def _within(node: Node, also: Mapping[Node, tuple[str, ...]], *looser: type) -> str:
    said = in_words(node, also)
    kind = type(node.asked if type(node) is Widened else node)
    return f"({said})" if kind in looser and " " in said else said


def _range_in_words(start: date | None, end: date | None) -> str:
    if start == end and start is not None:
        return start.isoformat()
    return f"{start.isoformat() if start else ''}..{end.isoformat() if end else ''}"


def _side_by_side(words: tuple[str, ...]) -> str:
    """The words of a phrase, so that two numbers are not read as one: 2/050, not 2 050."""
    said = words[0]
    for before, word in pairwise(words):
        said += ("/" if before[-1:].isdigit() and word[:1].isdigit() else " ") + word
    return said


def _text_in_words(node: Phrase | Prefix | Wildcard | Fuzzy | Keyed) -> str:
    said = node.shown
    if not said:
        match node:
            case Phrase(parts, _, slop):
                said = f'"{_side_by_side(parts)}"' + (f"~{slop}" if slop else "")
            case Keyed(keys):
                said = keys[0].strip("~^=").rpartition(":")[2]
            case Prefix(text):
                said = f"{text}*"
            case Wildcard(pattern):
                said = pattern
            case Fuzzy(text, distance):
                said = f"{text}~{distance}"
    return _in_field(node.field, said) if node.field else said


def _in_field(field: str, said: str) -> str:
    # What has two slashes behind its colon is an address, and no field.
    return f"{field}:({said})" if said.startswith("//") else f"{field}:{said}"
