"""How a body block is set: as a subhead, a quotation, an item of a list, or plain ("")."""

from index.clean.blocks import Piece
from index.clean.wording import tokens

_OPENING = '"“«„「『‘'
_CLOSING = '"”»“」』’'
_BULLETS = "•▪►◦●‣"
_STOPS = ".!?…。！？؟।։:;,"
_SUBHEAD_WORDS = 12


def styles_of(pieces: list[Piece], rows: list[int]) -> list[str]:
    """The style of each block, of which `rows` are body; "" for all others."""
    styles = [""] * len(pieces)
    for row in rows:
        _, text, _, place = pieces[row]
        # Most are sentences of flat text, and plain.
        if place is not None or not text[0].isalnum() or text[-1] not in _STOPS:
            styles[row] = style_of(pieces[row], inside=rows[0] < row < rows[-1])
    return styles


def style_of(piece: Piece, *, inside: bool) -> str:
    """The style of a body block; `inside` where longer body blocks stand before and after it."""
    place = piece.place
    if place is not None:
        if place.level > 0:
            return "subhead"
        if place.tag == "blockquote":
            return "quote"
        if place.tag == "li":
            return "item"
    text = piece.text
    if text[0].isalnum() and (text[-1] in _STOPS or not inside):
        return ""
    if text[0] in _BULLETS or text[:2] in ("- ", "* ", "– "):
        return "item"
    if inside and text[-1] not in _STOPS and len(tokens(text)) <= _SUBHEAD_WORDS:
        return "subhead"
    if text[0] in _OPENING and text[-1] in _CLOSING and inside and _one_quotation(text):
        return "quote"
    return ""


def _one_quotation(text: str) -> bool:
    """Whether the marks at both ends belong together: none closes in between."""
    inner = text[1:-1]
    return not any(mark in inner for mark in _OPENING + _CLOSING if mark not in "‘’")
