"""Plain text: a file is an article."""

from hashlib import sha256

from index.errors import SourceError
from index.model import Document, Form, Stated
from index.sources.decode import decode, looks_binary
from index.sources.files import Stream


def read(stream: Stream) -> Document | SourceError:
    """The article in `stream`, or why there is none."""
    data = stream.whole()
    identity = stream.identity if stream.path else f"sha256:{sha256(data).hexdigest()}"
    return document(data, stream.origin, identity, Stated())


def document(
    data: bytes, origin: str, identity: str, stated: Stated, encoding: str = ""
) -> Document | SourceError:
    """The plain text `data` as a document; a SourceError where it is binary or blank."""
    if looks_binary(data):
        return SourceError(origin, "is not text")
    decoded = decode(data, encoding)
    if not decoded.text.strip("\ufeff \t\r\n\x0b\x0c\u00a0"):
        return SourceError(origin, "has no text in it")
    problems = (decoded.problem,) if decoded.problem else ()
    return Document(
        origin, identity, decoded.text, False, Form.TEXT, decoded.encoding, data, stated, problems
    )
