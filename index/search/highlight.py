"""Where the words of a query stand in a text, by the analysis the index uses."""

import regex

from index.search import tree
from index.search.analysis import read_keys, terms
from index.search.query import ParsedQuery
from index.search.spelling import edits_within
from index.text.fold import fold
from index.text.words import Word

Spans = tuple[tuple[int, int], ...]


def highlight(parsed: ParsedQuery, text: str, *, language: str = "und", field: str = "") -> Spans:
    """The [start, end) characters of `text` that `parsed` looks for, in order, none overlapping.

    `field` (title or body) says what `text` is, so that what is asked only of the other field is
    left alone; "" marks both. Words under a NOT are not looked for.
    """
    wanted = [
        leaf
        for leaf in dict.fromkeys(tree.leaves(parsed.tree, positive=True))
        if isinstance(leaf, tree.TextNode)
        and leaf.field in ("", "title", "body")
        and (not field or leaf.field in ("", field))
    ]
    if not wanted or not text:
        return ()
    found = terms(text)
    spans: list[tuple[int, int]] = []
    words = {leaf.text for leaf in wanted if isinstance(leaf, tree.Word)}
    prefixes = tuple(leaf.text for leaf in wanted if isinstance(leaf, tree.Prefix))
    spans.extend(
        (word.start, word.end)
        for word in found
        if word.text in words or (prefixes and word.text.startswith(prefixes))
    )
    keyed = [leaf for leaf in wanted if isinstance(leaf, tree.Keyed)]
    wanted_keys = frozenset(key for leaf in keyed for key in leaf.keys)
    for word in found if keyed else ():
        keys = read_keys(text[word.start : word.end], word.text, language)
        if not keys.isdisjoint(wanted_keys) and any(leaf.fits(keys) for leaf in keyed):
            spans.append((word.start, word.end))
    for leaf in wanted:
        match leaf:
            case tree.Phrase():
                spans.extend(_phrase(leaf, found))
            case tree.Wildcard(pattern):
                like = regex.compile(".*".join(map(regex.escape, pattern.split("*"))))
                spans.extend((w.start, w.end) for w in found if like.fullmatch(w.text))
            case tree.Fuzzy(asked, distance):
                spans.extend(
                    (w.start, w.end) for w in found if edits_within(asked, w.text, distance)
                )
    return _joined(spans)


def may_mention(parsed: ParsedQuery, text: str) -> bool:
    """Whether `text` can hold what `parsed` looks for: a quick look before `highlight`.

    False is certain, True is not.
    """
    folded = fold(text)
    for leaf in tree.leaves(parsed.tree, positive=True):
        match leaf:
            case tree.Word(text=word) | tree.Prefix(text=word):
                # Groups of digits are joined when words are read, so they need the long look.
                if word in folded or any(char.isdigit() for char in word):
                    return True
            case tree.Phrase(words=parts):
                if parts[0] in folded or any(char.isdigit() for char in parts[0]):
                    return True
            case tree.Fuzzy() | tree.Wildcard() | tree.Keyed():
                return True
    return False


def _phrase(phrase: tree.Phrase, found: list[Word]) -> list[tuple[int, int]]:
    """Each place where the phrase stands, from its first word to its last.

    With slop, up to so many other words may lie between each two of them.
    """
    places: dict[str, list[int]] = {}
    asked = set(phrase.words)
    for position, word in enumerate(found):
        if word.text in asked:
            places.setdefault(word.text, []).append(position)
    spans = []
    for first in places.get(phrase.words[0], ()):
        last = _last(phrase, places, first)
        if last is not None:
            spans.append((found[first].start, found[last].end))
    return spans


def _last(phrase: tree.Phrase, places: dict[str, list[int]], first: int) -> int | None:
    """The nearest position where the phrase that begins at `first` can end."""
    reached = {first}
    for word in phrase.words[1:]:
        reached = {
            place
            for place in places.get(word, ())
            if any(place - step in reached for step in range(1, phrase.slop + 2))
        }
    return min(reached, default=None)


def _joined(spans: list[tuple[int, int]]) -> Spans:
    """`spans` in order; those that overlap are one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(set(spans)):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
