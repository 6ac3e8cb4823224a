"""Search as one types: the word under the cursor is open, so it stands for all that begin so."""

from dataclasses import replace

import regex

from index.search import tree
from index.search.query import ParsedQuery
from index.text.fold import fold

_LAST_WORD = regex.compile(r"(?:^|[\s(\-])([\p{L}\p{M}\p{N}'’ʼ]+)$")


def open_last_word(parsed: ParsedQuery) -> ParsedQuery:
    """`parsed`, where a bare word at the very end also stands for the words that begin with it.

    A space, a quote, a star or an operator after the word closes it.
    """
    found = _LAST_WORD.search(parsed.text)
    if not found:
        return parsed
    last = fold(found[1])
    opened = _opened(parsed.tree, last)
    return parsed if opened is None else replace(parsed, tree=opened)


def _opened(node: tree.Node, last: str) -> tree.Node | None:
    """`node` with its last part, if that is the word `last`, open; None where it is not."""
    match node:
        case tree.Word(text=text, field=field, shown=shown) if text == last:
            return tree.Prefix(text, field, shown, typed=True)
        case tree.And(parts):
            part = _opened(parts[-1], last)
            return None if part is None else tree.And((*parts[:-1], part))
        case tree.Or(parts):
            part = _opened(parts[-1], last)
            return None if part is None else tree.disjunction([*parts[:-1], part])
        case tree.Not(part):
            inner = _opened(part, last)
            return None if inner is None else tree.negation(inner)
    return None
