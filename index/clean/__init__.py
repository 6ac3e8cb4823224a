"""Cleaning: what of a document is the article, and why the rest is not."""

from collections.abc import Container

from index.clean import reasons
from index.clean.attribution import attribution
from index.clean.blocks import Piece, flat_pieces
from index.clean.features import figures
from index.clean.listings import flat_table
from index.clean.metadata import (
    Witnesses,
    byline_of,
    clean_field,
    date_of,
    same_text,
    section_of,
    title_of,
)
from index.clean.score import weights
from index.clean.styles import style_of
from index.clean.verdicts import Judgement, Verdict, judge, keep_all
from index.model import Block, Cleaned, Document, Label

_MOST = 20_000
"""Blocks of a document that are judged; a longer one is kept as it is."""
_FEED_LINES = 3
_NEAR_TOP = 12
"""Blocks in which a repeated title is looked for."""
# Members of an enumeration are slow to look up, and these are asked for of every block.
_BODY, _TITLE, _DATE, _ATTRIBUTION = Label.BODY, Label.TITLE, Label.DATE, Label.ATTRIBUTION


def clean(document: Document, memory: Container[int] | None = None) -> Cleaned:
    """The blocks of `document` in their order, each with its label, and what they tell.

    `memory` holds the `index.clean.memory.line_key` of lines known to stand on many pages of
    the document's source. Never raises for any content; where in doubt, text is kept as body.
    """
    if document.is_html:
        pieces, judgement, witnesses = _page(document, memory)
    else:
        pieces = flat_pieces(document.content)
        judgement, witnesses = _flat(document, pieces, memory), Witnesses()
    if not pieces:
        unsure = reasons.NO_PROSE if document.content.strip() else ""
        return _cleaned(document, witnesses, [], Judgement([], unsure))
    verdicts = _own_lines(document, witnesses, pieces, judgement.verdicts)
    unsure = judgement.unsure
    if not any(verdict.label is _BODY for verdict in verdicts):
        verdicts, unsure = keep_all(verdicts), unsure or reasons.NO_PROSE
    return _cleaned(document, witnesses, pieces, Judgement(verdicts, unsure, judgement.said))


def _flat(document: Document, pieces: list[Piece], memory: Container[int] | None) -> Judgement:
    feed_item = bool(document.stated.title) and len(pieces) <= _FEED_LINES
    if not pieces or feed_item:
        return Judgement([Verdict(_BODY)] * len(pieces))
    if len(pieces) > _MOST:
        return Judgement([Verdict(_BODY)] * len(pieces), reasons.TOO_LONG)
    counted = figures(pieces)
    return judge(weights("flat"), pieces, counted, flat_table(counted), memory)


def _page(
    document: Document, memory: Container[int] | None
) -> tuple[list[Piece], Judgement, Witnesses]:
    # lxml and all that reads pages are heavy, and most documents are flat text.
    from index.clean.dom import Told, dom_table  # noqa: PLC0415
    from index.clean.heads import read_heads  # noqa: PLC0415
    from index.clean.page import read_page  # noqa: PLC0415

    page = read_page(document.content)
    heard, told = Witnesses(), Told()
    if page.root is not None:
        heard, told = read_heads(page, page.root, document.stated.url)
    if not page.pieces or page.pieces[0].place is None:
        judgement = _flat(document, page.pieces, memory)
        return page.pieces, judgement._replace(unsure=page.unsure), heard
    if len(page.pieces) > _MOST:
        verdicts = [Verdict(_BODY)] * len(page.pieces)
        return page.pieces, Judgement(verdicts, reasons.TOO_LONG), heard
    counted = figures(page.pieces)
    table = dom_table(page.pieces, counted, told)
    return page.pieces, judge(weights("html"), page.pieces, counted, table, memory), heard


def _own_lines(
    document: Document, witnesses: Witnesses, pieces: list[Piece], verdicts: list[Verdict]
) -> list[Verdict]:
    """Glued dates, and the line that repeats the title which came with the document, are named."""
    done = [
        Verdict(_DATE, reasons.DATE) if date else verdict
        for (_, _, date, _), verdict in zip(pieces, verdicts, strict=True)
    ]
    title = clean_field(document.stated.title) or witnesses.title
    if title is None or len(pieces) < 2:
        return done
    if witnesses.title and any(verdict.label is _TITLE for verdict in done):
        return done
    for row, piece in enumerate(pieces[:_NEAR_TOP]):
        if same_text(piece.text, title):
            done[row] = Verdict(_TITLE, reasons.REPEATED_TITLE)
            break
    return done


def _cleaned(
    document: Document, witnesses: Witnesses, pieces: list[Piece], judgement: Judgement
) -> Cleaned:
    verdicts = judgement.verdicts
    rows = [row for row, (label, _) in enumerate(verdicts) if label is _BODY]
    styles = [""] * len(pieces)
    for row in rows:
        styles[row] = style_of(pieces[row], inside=rows[0] < row < rows[-1])
    # As Block(...) does, in half the time.
    make = tuple.__new__
    blocks = tuple(
        [
            make(Block, (n, text, label, reason, style))
            for (n, text, _, _), (label, reason), style in zip(
                pieces, verdicts, styles, strict=True
            )
        ]
    )
    dated = date_of(document.stated, witnesses, pieces, verdicts)
    title = title_of(document.stated, witnesses, pieces, verdicts)
    byline = byline_of(document.stated, witnesses, pieces, verdicts)
    return Cleaned(
        blocks=blocks,
        title=title.text if title else None,
        title_from=title.origin if title else None,
        byline=byline.text if byline else None,
        byline_from=byline.origin if byline else None,
        section=section_of(witnesses, pieces, verdicts),
        date=dated.iso if dated else None,
        date_from=dated.origin if dated else None,
        attribution=attribution(
            [block.text for block in blocks if block.label is _ATTRIBUTION],
            [pieces[row].text for row in rows if row < _MOST],
            judgement.said,
        ),
        unsure=judgement.unsure,
    )
