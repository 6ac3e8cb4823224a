"""What a search has found so far: the pages of rows that have been fetched, and where they lie."""

from collections import OrderedDict
from dataclasses import replace

from index.model import Row
from tui.client import PAGE

_KEPT = 64  # pages


class Results:
    """Rows of one answer by their number. Pages long not looked at are forgotten."""

    def __init__(self, total: int = 0, rows: tuple[Row, ...] = ()) -> None:
        self.total = total
        self._pages: OrderedDict[int, tuple[Row, ...]] = OrderedDict()
        self._asked: set[int] = set()
        if rows:
            self.put(0, rows)

    def row(self, number: int) -> Row | None:
        """Row `number`, or None where its page has not come (or there is no such row)."""
        page, place = divmod(number, PAGE)
        rows = self._pages.get(page)
        return rows[place] if rows is not None and place < len(rows) else None

    def put(self, page: int, rows: tuple[Row, ...]) -> None:
        """Take a page that has come."""
        self._asked.discard(page)
        self._pages[page] = rows
        self._pages.move_to_end(page)
        while len(self._pages) > _KEPT:
            self._pages.popitem(last=False)

    def wanted(self, first: int, last: int) -> list[int]:
        """The pages of rows `first`..`last` not yet here nor asked for; now they are asked for."""
        last = min(last, self.total - 1)
        pages = [
            page
            for page in range(max(0, first) // PAGE, last // PAGE + 1)
            if page not in self._pages and page not in self._asked
        ]
        self._asked.update(pages)
        return pages

    def not_coming(self, page: int) -> None:
        """The page asked for will not come: it may be asked for again."""
        self._asked.discard(page)

    def find(self, article: str) -> int | None:
        """The number of the row of `article` among those here."""
        for page, rows in self._pages.items():
            for place, row in enumerate(rows):
                if row.id == article:
                    return page * PAGE + place
        return None

    def get(self, article: str) -> Row | None:
        """The row of `article`, if it is here."""
        number = self.find(article)
        return None if number is None else self.row(number)

    def flag(self, article: str, *, read: bool | None = None, starred: bool | None = None) -> None:
        """Set the flags of an article's row, if it is here."""
        number = self.find(article)
        if number is None:
            return
        page, place = divmod(number, PAGE)
        rows = list(self._pages[page])
        row = rows[place]
        rows[place] = replace(
            row,
            read=row.read if read is None else read,
            starred=row.starred if starred is None else starred,
        )
        self._pages[page] = tuple(rows)

    def first_rows(self) -> tuple[Row, ...]:
        """The rows of the first page."""
        return self._pages.get(0, ())
