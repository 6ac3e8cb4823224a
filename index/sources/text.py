"""Plain text: a file is an article."""

from index.errors import SourceError
from index.model import Document, Form, Stated
from index.sources.decode import decode, looks_binary
from index.sources.limits import refused


def document(
    data: bytes, origin: str, identity: str, stated: Stated, encoding: str = ""
) -> Document | SourceError:
    """The plain text `data` as a document; a SourceError where it is binary or blank."""
    if looks_binary(data):
        return SourceError(origin, "is not text")
    decoded = decode(data, encoding)
    if not decoded.text.strip("\ufeff \t\r\n\x0b\x0c\u00a0"):
        return SourceError(origin, "has no text in it")
    too_much = refused(decoded.text, origin, is_html=False)
    if too_much is not None:
        return too_much
    problems = (decoded.problem,) if decoded.problem else ()
    return Document(
        origin, identity, decoded.text, False, Form.TEXT, decoded.encoding, data, stated, problems
    )
