"""How a line is known again: what recurs on many pages of a source is its template."""

from hashlib import blake2b

from index.clean.wording import tokens


def line_key(line: str) -> int:
    """A 63-bit number, the same for lines of the same words, whatever their case and digits."""
    words = "\x1f".join("0" if word.isdecimal() else word for word in tokens(line))
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), "big") >> 1
