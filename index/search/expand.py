"""What else a typed word finds: its other forms, its name in other scripts, other names of it."""

import itertools
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from index.search import tree
from index.search.analysis import AS_NAME, is_dense
from index.search.query import ParsedQuery
from index.text.aliases import LONGEST, Name, other_names
from index.text.names import name_keys, query_name_keys
from index.text.safe import safe_line
from index.text.stems import is_word, keys, query_keys
from index.text.words import words

_MOST_RUNS = 24
"""Words of a query beyond which runs of them are not looked up as names: nobody types so many."""
_MOST_WORDS = 64
"""Words of a query beyond which none is widened: each form of each has to be looked up."""

_SHORT = 3
"""Letters of a term that is most likely a word of some language."""
_SERBIAN = frozenset({"sr", "hr", "bs"})
_WITHOUT_MARKS = frozenset("cszd")


def expand(
    parsed: ParsedQuery, languages: tuple[str, ...], tables: tuple[Path, ...] = ()
) -> ParsedQuery:
    """`parsed`, where words also find what they mean in articles in `languages`.

    Words in quotes, of source and author, and those not finished (prefixes, patterns) stay as they
    are, and so does a query of more words than anyone types. `script:exact` leaves only the forms
    of a word. `tables` are the user's names.
    """
    if _has_many_words(parsed.tree):
        return parsed
    widened = _Expansion(languages, tables, not parsed.exact_script).node(parsed.tree)
    return ParsedQuery(parsed.text, widened, parsed.filters, parsed.exact_script)


def _has_many_words(node: tree.Node) -> bool:
    kind = type(node)
    if kind is not tree.And and kind is not tree.Or:
        return False
    most = itertools.islice(tree.leaves(node), _MOST_WORDS + 1)
    return sum(isinstance(leaf, tree.Word | tree.Phrase) for leaf in most) > _MOST_WORDS


class _Typed(NamedTuple):
    """A part of a query that may mean more: its text as typed, and its words."""

    node: tree.Word | tree.Phrase
    surface: str


def _typed(node: tree.Node) -> _Typed | None:
    if not isinstance(node, tree.Word | tree.Phrase) or node.field in ("source", "author"):
        return None
    return _read(node, node.shown)


@lru_cache(maxsize=1024)
def _read(node: tree.Word | tree.Phrase, shown: str) -> _Typed | None:
    shown = unicodedata.normalize("NFC", safe_line(shown))
    if '"' in shown:
        return None
    asked = (node.text,) if isinstance(node, tree.Word) else node.words
    found = words(shown)
    if tuple(word.text for word in found) != asked:
        return _Typed(node, node.text) if isinstance(node, tree.Word) else None
    return _Typed(node, shown[found[0].start : found[-1].end])


@dataclass(frozen=True, slots=True)
class _Expansion:
    _languages: tuple[str, ...]
    _tables: tuple[Path, ...]
    _names: bool

    def node(self, node: tree.Node) -> tree.Node:
        """The node with its words widened."""
        kind = type(node)
        if kind is tree.Word:
            return _remembered(self, node, node.shown)  # type: ignore[union-attr]
        match node:
            case tree.And(parts):
                return tree.And(tuple(self._run(parts)))
            case tree.Or(parts):
                return tree.Or(tuple([self.node(part) for part in parts]))
            case tree.Not(part):
                return tree.Not(self.node(part))
        if isinstance(node, tree.FilterNode):
            return node
        return _remembered(self, node, getattr(node, "shown", ""))

    def leaf(self, node: tree.Node) -> tree.Node:
        """One word or phrase, widened."""
        typed = _typed(node)
        return node if typed is None else self._widened(typed, self._called([typed]))

    def _run(self, parts: tuple[tree.Node, ...]) -> list[tree.Node]:
        """Parts that must all be found; words side by side may be one name: United Nations."""
        typed = [_typed(part) for part in parts]
        if sum(one is not None for one in typed) < 2:
            return [self.node(part) for part in parts]
        longest = LONGEST if sum(one is not None for one in typed) <= _MOST_RUNS else 1
        found: list[tree.Node] = []
        at = 0
        while at < len(parts):
            for end in range(min(at + longest, len(parts)), at + 1, -1):
                run = [one for one in typed[at:end] if one is not None]
                alike = len(run) == end - at and len({one.node.field for one in run}) == 1
                names = self._called(run) if alike else ()
                if names:
                    each = [self._widened(one, ()) for one in run]
                    found.append(tree.Widened(tree.And(tuple(each)), names))
                    at = end
                    break
            else:
                found.append(self.node(parts[at]))
                at += 1
        return found

    def _widened(self, typed: _Typed, names: tuple[tree.Node, ...]) -> tree.Node:
        """One word or phrase, with its keys and the `names` of the same thing."""
        node, more = typed.node, list(names)
        if isinstance(node, tree.Word) and not is_dense(node.text):
            inflected = self._inflected(typed.surface, node.text)
            named = query_name_keys(typed.surface) if self._names else ()
            if named:
                more.insert(0, tree.Keyed(named, (), node.field, typed.surface, of_name=True))
            if inflected:
                more.insert(0, tree.Keyed(inflected, (), node.field, typed.surface))
        return tree.Widened(node, tuple(more)) if more else node

    def _inflected(self, surface: str, term: str) -> tuple[str, ...]:
        found = query_keys(surface, term, self._languages)
        if surface.isascii() and not _WITHOUT_MARKS.isdisjoint(term):
            # skola may stand for škola, which no dictionary knows by that spelling.
            serbian = [one for one in self._languages if one.partition("_")[0] in _SERBIAN]
            found = tuple(dict.fromkeys((*found, *query_keys(surface, term, serbian))))
        return found

    def _called(self, run: list[_Typed]) -> tuple[tree.Node, ...]:
        """Other names of what the words together name."""
        if not self._names or not run:
            return ()
        text = " ".join(one.surface for one in run)
        sounds = frozenset(query_name_keys(text)) if len(run) == 1 else frozenset()
        names = _named(text, self._languages, self._tables)
        found = [_name(name, run[0].node.field, sounds, self._languages) for name in names]
        return tuple(dict.fromkeys(found))


def forget() -> None:
    """Widen words anew: there are dictionaries that were not there before."""
    _remembered.cache_clear()


@lru_cache(maxsize=1024)
def _remembered(expansion: _Expansion, node: tree.Node, _shown: str) -> tree.Node:
    """A leaf widened: the words of a query are asked for again at each letter typed."""
    return expansion.leaf(node)


@lru_cache(maxsize=256)
def _named(text: str, languages: tuple[str, ...], tables: tuple[Path, ...]) -> tuple[Name, ...]:
    return other_names(text, languages, tables)


def _is_word(term: str, languages: tuple[str, ...]) -> bool:
    return len(term) <= _SHORT or is_word(term, languages)


def _name(name: Name, field: str, sounds: frozenset[str], languages: tuple[str, ...]) -> tree.Node:
    """Where a name is written: as it is, or each word in another form that sounds like a name."""
    found = words(name.text)
    phrase = tree.Phrase(tuple(word.text for word in found), field, shown=name.text)
    if found[1:] and all(is_dense(word.text) for word in found):
        return phrase
    if not found[1:] and name.text.isupper() and _is_word(found[0].text, languages):
        # In small letters US, САД and СТО are other words.
        return tree.Keyed((AS_NAME + found[0].text,), (), field, name.text, of_name=True)
    parts: list[tree.Node] = []
    for word in found:
        surface = name.text[word.start : word.end]
        exact = tree.Word(word.text, field, surface)
        inflected = keys(surface, word.text, name.language)
        sound = name_keys(surface, name.language)
        other = tree.Keyed(inflected, sound, field, surface, of_name=True)
        if not inflected or not sounds.isdisjoint(sound):
            # What sounds like the word asked for is found by that already.
            parts.append(exact)
        elif sound and found[1:]:
            # Words of a name may stand apart, but then must look like names: not nations united.
            parts.append(other)
        else:
            parts.append(tree.Or((exact, other)))
    return parts[0] if len(parts) == 1 else tree.Or((phrase, tree.And(tuple(parts))))
