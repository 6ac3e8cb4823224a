"""Terminal-safe text. Every string from outside passes here at import, and again at each door out.

No Textual widget protects the terminal: escape sequences, C1 controls and bidi overrides in an
article would be drawn as they are. What is removed carries no words; nothing else is changed, save
to Unicode normal form C. Both functions are idempotent.
"""

import re
import unicodedata
from functools import lru_cache

# Whole escape sequences go, not only their ESC, so that no "[2J" stays behind as litter.
# ECMA-48: CSI = ESC [ or U+009B; OSC, DCS, SOS, PM, APC end in BEL or ST.
_ESCAPES = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"
    "|(?:\x1b[\\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]{0,4096}(?:\x07|\x1b\\\\|\x9c)"
    "|\x1b[ -/]*[0-~]?"
)
_SPACES = re.compile(
    "[ \t\r\n\x0b\x0c\x1c-\x1f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"
)
# C0, DEL, C1; soft hyphen; bidi controls; zero-width space; invisible operators and deprecated
# format characters; BOM; interlinear annotation; variation selectors (their width differs between
# terminals); emoji skin tones (likewise); tags; noncharacters; lone surrogates; private use.
NEVER = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\ue000-\uf8ff"
    "\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
"""A character that no safe text holds."""
_PILES = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_PLAIN = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0373\u0375-\u0377\u037a-\u037d\u037f-\u0386"
    "\u0388-\u0482\u048a-\u052f\u0531-\u0556\u0559-\u058a\u05d0-\u05ea\u0621-\u063a\u0640-\u064a\u0660-\u066d\u0671-\u06d3"
    "\u06f0-\u06fc\u10d0-\u10ff\u2010-\u2015\u2018-\u2027\u2030-\u205e\u20a0-\u20bf\u2100-\u2125"
    "\u2190-\u2328\u232b-\u23ff\u2440-\u244a\u2460-\u27bf\u2900-\u2adb\u3001-\u3029\u3041-\u3096"
    "\u30a1-\u30fe\u3220-\u33ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff9f\U0001f300-\U0001f3fa"
    "\U0001f400-\U0001f64f\U0001f680-\U0001f6c5\U0001f900-\U0001f9ff]*"
)
"""Characters that are left as they are, whatever stands beside them."""
_PLAIN_TEXT = re.compile(_PLAIN.pattern.replace("[", "[\n", 1))
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile(" {2,}")


def safe_line(text: str) -> str:
    """`text` as one line without anything a terminal would obey; runs of white space are one space.

    At most four combining marks are kept on a (composed) letter.
    """
    if _PLAIN.fullmatch(text):
        return _BLANKS.sub(" ", text) if "  " in text else text
    spaced = _SPACES.sub(" ", text)
    if _PLAIN.fullmatch(spaced):
        return spaced
    if "\x1b" in text or _has_c1(text):
        text = _ESCAPES.sub("", text)
    text = _SPACES.sub(" ", text)
    text = NEVER.sub("", text)
    text = unicodedata.normalize("NFC", text)
    text = _PILES.sub(r"\1", text)
    return _BLANKS.sub(" ", text)


def safe_text(text: str) -> str:
    """`text` made safe line by line; every kind of line break becomes a newline."""
    return "\n".join(safe_lines(text))


def safe_lines(text: str) -> list[str]:
    """The lines of `text`, each made safe."""
    if _PLAIN_TEXT.fullmatch(text):
        return (_BLANKS.sub(" ", text) if "  " in text else text).split("\n")
    return [safe_line(line) for line in split_lines(text)]


def split_lines(text: str) -> list[str]:
    """The lines of `text` at any kind of line break, as editors and the cleaner count them."""
    return _BREAKS.split(text)


def safe_url(url: str | None) -> str | None:
    """`url` if it is http(s), made safe and without spaces; else None."""
    if not url:
        return None
    # What stood on both sides of a space may become one letter.
    cleaned = safe_line(safe_line(url).replace(" ", ""))
    return cleaned if re.match(r"https?://[^/]", cleaned, re.IGNORECASE) else None


@lru_cache(maxsize=1)
def _c1() -> re.Pattern[str]:
    return re.compile("[\x80-\x9f]")


def _has_c1(text: str) -> bool:
    return _c1().search(text) is not None
