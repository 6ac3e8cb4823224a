"""Languages: which one a text is in, and the names we give them (Babel locale identifiers)."""

from index.language.codes import display_names, is_usual, known, normalise, suggest
from index.language.detect import detect

__all__ = ["detect", "display_names", "is_usual", "known", "normalise", "suggest"]
