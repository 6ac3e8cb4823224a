"""HTML pages: a page is an article; taking it apart is the cleaner's work."""

import re

from index.errors import SourceError
from index.model import Document, Form, Stated
from index.sources.decode import decode, looks_binary
from index.sources.limits import refused

_MOST_ATTRIBUTES = 4_000
"""Attributes of one tag: the parser compares each with all before it."""
_LONG_TAG = re.compile(r"<[A-Za-z][^>]{12000,}")
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_HEAD = 4096
ENTITIES = "it declares entities of its own, which are not expanded"


def document(
    data: bytes, origin: str, identity: str, stated: Stated, encoding: str = ""
) -> Document | SourceError:
    """The page `data` as a document; a SourceError where it is binary or empty."""
    if looks_binary(data):
        return SourceError(origin, "is not text")
    decoded = decode(data, encoding, declared=True)
    if not decoded.text.strip():
        return SourceError(origin, "has no text in it")
    too_much = refused(decoded.text, origin, is_html=True)
    if too_much is not None:
        return too_much
    if _is_overloaded(decoded.text):
        return SourceError(origin, "has a tag with more than {n} attributes", n=_MOST_ATTRIBUTES)
    problems = [decoded.problem] if decoded.problem else []
    tail = decoded.text[-2048:].lower()
    if "<html" in decoded.text[:4096].lower() and "</html" not in tail and "</body" not in tail:
        problems.append("the page breaks off before its end")
    if "<!entity" in decoded.text[:_HEAD].lower():
        problems.append(ENTITIES)
    kept = tuple(problems)
    return Document(
        origin, identity, decoded.text, True, Form.HTML, decoded.encoding, data, stated, kept
    )


def _is_overloaded(text: str) -> bool:
    """Whether a tag has so many attributes that taking the page apart would take minutes."""
    return any(
        len(_QUOTED.sub("", tag[0]).split(None, _MOST_ATTRIBUTES + 1)) > _MOST_ATTRIBUTES
        for tag in _LONG_TAG.finditer(text)
    )
