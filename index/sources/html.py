"""HTML pages: a page is an article; taking it apart is the cleaner's work."""

from index.errors import SourceError
from index.model import Document, Form, Stated
from index.sources.decode import decode, looks_binary


def document(
    data: bytes, origin: str, identity: str, stated: Stated, encoding: str = ""
) -> Document | SourceError:
    """The page `data` as a document; a SourceError where it is binary or empty."""
    if looks_binary(data):
        return SourceError(origin, "is not text")
    decoded = decode(data, encoding, declared=True)
    if not decoded.text.strip():
        return SourceError(origin, "has no text in it")
    problems = [decoded.problem] if decoded.problem else []
    tail = decoded.text[-2048:].lower()
    if "<html" in decoded.text[:4096].lower() and "</html" not in tail and "</body" not in tail:
        problems.append("the page breaks off before its end")
    kept = tuple(problems)
    return Document(
        origin, identity, decoded.text, True, Form.HTML, decoded.encoding, data, stated, kept
    )
