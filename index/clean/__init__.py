"""Cleaning: what of a document is the article, and why the rest is not."""

import gc
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

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
from index.clean.styles import styles_of
from index.clean.verdicts import Judgement, Verdict, judge, keep_all
from index.model import Block, Cleaned, Document, Label

_MOST = 20_000
"""Blocks of a document that are judged; a longer one is kept as it is."""
_TOGETHER, _LINE = 300_000, 50
"""Characters of flat texts that are judged at once, and those that a line counts for at least: what
is known of each takes memory."""
_FEED_LINES = 3
_NEAR_TOP = 12
"""Blocks in which a repeated title is looked for."""
# Members of an enumeration are slow to look up, and these are asked for of every block.
_BODY, _TITLE, _DATE, _ATTRIBUTION = Label.BODY, Label.TITLE, Label.DATE, Label.ATTRIBUTION


class _Read(NamedTuple):
    """A document that was read and is to be judged; `place` is its own among those asked for."""

    place: int
    document: Document
    memory: Container[int] | None
    pieces: list[Piece]
    witnesses: Witnesses = Witnesses()
    unsure: str | None = None
    """What is doubted of it, whatever is found."""


def clean(document: Document, memory: Container[int] | None = None) -> Cleaned:
    """The blocks of `document` in their order, each with its label, and what they tell.

    `memory` holds the `index.clean.memory.line_key` of lines known to stand on many pages of
    the document's source. Never raises for any content; where in doubt, text is kept as body.
    """
    return clean_all([(document, memory)])[0]


def clean_all(asked: Iterable[tuple[Document, Container[int] | None]]) -> list[Cleaned]:
    """As `clean` does with each (document, memory), in their order, at less cost for flat texts.

    Texts of some hundred thousand characters are judged at once. What comes out is the same.
    """
    with _uncollected():
        return _each(asked)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for cycles of garbage: here are none, and it goes over all blocks."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _each(asked: Iterable[tuple[Document, Container[int] | None]]) -> list[Cleaned]:
    found: dict[int, Cleaned] = {}
    waiting: list[_Read] = []
    size = 0
    for place, (document, memory) in enumerate(asked):
        if document.is_html:
            read, judgement = _page(place, document, memory)
        else:
            read = _Read(place, document, memory, flat_pieces(document.content))
            judgement = _unjudged(read)
        if judgement is not None:
            found[place] = _finished(read, judgement)
            continue
        length = max(len(document.content), _LINE * len(read.pieces))
        if waiting and size + length > _TOGETHER:
            found |= _together(waiting)
            waiting, size = [], 0
        waiting.append(read)
        size += length
    if waiting:
        found |= _together(waiting)
    return [found[place] for place in range(len(found))]


def _together(texts: list[_Read]) -> dict[int, Cleaned]:
    """What comes of flat texts, by their places."""
    pieces = [piece for text in texts for piece in text.pieces]
    counted = figures(pieces, [len(text.pieces) for text in texts])
    memories = [text.memory for text in texts]
    judgements = judge(weights("flat"), pieces, counted, flat_table(counted), memories)
    return {
        text.place: _finished(text, judgement)
        for text, judgement in zip(texts, judgements, strict=True)
    }


def _finished(read: _Read, judgement: Judgement) -> Cleaned:
    document, witnesses, pieces = read.document, read.witnesses, read.pieces
    if not pieces:
        unsure = reasons.NO_PROSE if document.content.strip() else ""
        return _cleaned(document, witnesses, [], Judgement([], unsure))
    verdicts = _own_lines(document, witnesses, pieces, judgement.verdicts)
    unsure = judgement.unsure if read.unsure is None else read.unsure
    if not any(verdict.label is _BODY for verdict in verdicts):
        verdicts, unsure = keep_all(verdicts), unsure or reasons.NO_PROSE
    return _cleaned(document, witnesses, pieces, Judgement(verdicts, unsure, judgement.said))


def _unjudged(read: _Read) -> Judgement | None:
    """The verdicts over a flat text that nobody has to judge; None for all others."""
    pieces = read.pieces
    feed_item = bool(read.document.stated.title) and len(pieces) <= _FEED_LINES
    if not pieces or feed_item:
        return Judgement([Verdict(_BODY)] * len(pieces))
    if len(pieces) > _MOST:
        return Judgement([Verdict(_BODY)] * len(pieces), reasons.TOO_LONG)
    return None


def _page(
    place: int, document: Document, memory: Container[int] | None
) -> tuple[_Read, Judgement | None]:
    """A page and the verdicts over it; None where it was read without its structure."""
    # lxml and all that reads pages are heavy, and most documents are flat text.
    from index.clean.dom import Told, dom_table  # noqa: PLC0415
    from index.clean.heads import read_heads  # noqa: PLC0415
    from index.clean.page import read_page  # noqa: PLC0415

    page = read_page(document.content)
    heard, told = Witnesses(), Told()
    if page.root is not None:
        heard, told = read_heads(page, page.root, document.stated.url)
    read = _Read(place, document, memory, page.pieces, heard)
    if not page.pieces or page.pieces[0].place is None:
        read = read._replace(unsure=page.unsure)
        return read, _unjudged(read)
    if len(page.pieces) > _MOST:
        verdicts = [Verdict(_BODY)] * len(page.pieces)
        return read, Judgement(verdicts, reasons.TOO_LONG)
    counted = figures(page.pieces)
    table = dom_table(page.pieces, counted, told)
    return read, judge(weights("html"), page.pieces, counted, table, [memory])[0]


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
    styles = styles_of(pieces, rows)
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
            [
                piece.text
                for piece, (label, _) in zip(pieces, verdicts, strict=True)
                if label is _ATTRIBUTION
            ],
            [pieces[row].text for row in rows if row < _MOST],
            judgement.said,
        ),
        unsure=judgement.unsure,
    )
