"""Languages: which one a text is in, and the names we give them (Babel locale identifiers)."""

from index.language.codes import known, normalise, suggest
from index.language.detect import detect

__all__ = ["detect", "known", "normalise", "suggest"]
