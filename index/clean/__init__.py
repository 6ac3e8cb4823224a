"""Cleaning: what of a document is the article, and why the rest is not."""

from collections.abc import Container

from index.clean import reasons
from index.clean.attribution import attribution
from index.clean.blocks import Piece, flat_pieces
from index.clean.features import figures
from index.clean.metadata import byline_of, clean_field, date_of, same_text, title_of
from index.clean.verdicts import Verdict, judge, judge_page
from index.clean.voice import voice
from index.model import Block, Cleaned, Document, Label

_MOST = 20_000
"""Blocks of a document that are judged; a longer one is kept as it is."""


def clean(document: Document, memory: Container[int] | None = None) -> Cleaned:
    """The blocks of `document` in their order, each with its label, and what they tell.

    `memory` holds the `index.clean.memory.line_key` of lines known to stand on many pages of
    the document's source. Never raises for any content; where in doubt, text is kept as body.
    """
    unsure = ""
    heard = None
    if document.is_html:
        from index.clean.page import read_page  # noqa: PLC0415 - lxml is heavy

        page = read_page(document.content)
        pieces, unsure = page.pieces, page.unsure
        if page.root is not None and len(pieces) <= _MOST:
            heard = voice(page.root, [piece.text for piece in pieces])
    else:
        pieces = flat_pieces(document.content)
    if not pieces:
        return _cleaned(document, [], [], "")
    if len(pieces) > _MOST:
        verdicts, unsure = [Verdict(Label.BODY)] * len(pieces), reasons.TOO_LONG
    elif _is_feed_item(document, pieces):
        verdicts = [Verdict(Label.BODY)] * len(pieces)
    elif heard is not None:
        verdicts = judge_page(figures(pieces), heard)
    else:
        verdicts = judge(figures(pieces))
    verdicts = _titled(document, pieces, verdicts)
    verdicts = [
        Verdict(Label.DATE, reasons.DATE) if piece.date else verdict
        for piece, verdict in zip(pieces, verdicts, strict=True)
    ]
    if not any(verdict.label is Label.BODY for verdict in verdicts):
        verdicts = _kept(verdicts)
        unsure = unsure or reasons.NO_PROSE
    return _cleaned(document, pieces, verdicts, unsure)


def _is_feed_item(document: Document, pieces: list[Piece]) -> bool:
    """A headline that came beside a few lines of text: what feeds give is all article."""
    return bool(document.stated.title) and not document.is_html and len(pieces) <= 3


def _titled(document: Document, pieces: list[Piece], verdicts: list[Verdict]) -> list[Verdict]:
    """The line that repeats the title which came with the document is labelled so."""
    title = clean_field(document.stated.title)
    if title is None:
        return verdicts
    for row, piece in enumerate(pieces[:10]):
        if same_text(piece.text, title) and len(pieces) > 1:
            done = list(verdicts)
            done[row] = Verdict(Label.TITLE, reasons.REPEATED_TITLE)
            return done
    return verdicts


def _kept(verdicts: list[Verdict]) -> list[Verdict]:
    """Everything as body, save what names the article itself."""
    own = (Label.TITLE, Label.DATE)
    if all(verdict.label in own for verdict in verdicts):
        return [Verdict(Label.BODY)] * len(verdicts)
    return [verdict if verdict.label in own else Verdict(Label.BODY) for verdict in verdicts]


def _cleaned(
    document: Document, pieces: list[Piece], verdicts: list[Verdict], unsure: str
) -> Cleaned:
    blocks = tuple(
        Block(piece.n, piece.text, verdict.label, verdict.reason)
        for piece, verdict in zip(pieces, verdicts, strict=True)
    )
    dated = date_of(document, pieces, verdicts)
    return Cleaned(
        blocks=blocks,
        title=title_of(document.stated, pieces, verdicts),
        byline=byline_of(document.stated, pieces, verdicts),
        date=dated.iso if dated else None,
        date_from=dated.origin if dated else None,
        attribution=attribution(
            [block.text for block in blocks if block.label is Label.ATTRIBUTION],
            [block.text for block in blocks if block.label is Label.BODY],
        ),
        unsure=unsure,
    )
