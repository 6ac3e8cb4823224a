"""A document kept whole: every line is body. For `--no-clean`, and for when the cleaner fails."""

from index.clean.blocks import flat_pieces
from index.dates import normalise_date
from index.model import Block, Cleaned, Document, Label
from index.text.mojibake import unmangled
from index.text.safe import safe_line, split_lines


def keep_everything(document: Document, unsure: str = "") -> Cleaned:
    """All text of `document` as body; title, byline and date only as they were stated beside it."""
    if document.is_html:
        from index.clean.page import read_page  # noqa: PLC0415 - lxml is heavy

        pieces = [(piece.n, piece.text) for piece in read_page(document.content).pieces]
    else:
        pieces = [(piece.n, piece.text) for piece in flat_pieces(document.content)]
    if not pieces:
        lines = enumerate(split_lines(unmangled(document.content)), 1)
        pieces = [(n, safe_line(line).strip()) for n, line in lines if line.strip()]
    stated = document.stated
    date = normalise_date(stated.date) if stated.date else None
    return Cleaned(
        blocks=tuple(Block(n, text, Label.BODY) for n, text in pieces),
        title=safe_line(stated.title).strip() or None if stated.title else None,
        byline=safe_line(stated.author).strip() or None if stated.author else None,
        title_from="metadata" if stated.title and safe_line(stated.title).strip() else None,
        byline_from="metadata" if stated.author and safe_line(stated.author).strip() else None,
        date=date,
        date_from="metadata" if date else None,
        unsure=unsure,
    )
