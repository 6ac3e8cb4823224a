"""The plain reader: lines in, lines out, for screen readers, braille and simple terminals.

Nothing is drawn and nothing redrawn: what is asked is answered below, in whole sentences and
paragraphs, which are not broken into lines. The letters are those of the reader's keys.
"""

import asyncio
import contextlib
import gc
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from index.errors import NewsreaderError
from index.model import Label, Row
from index.text.safe import safe_line
from tui import formats, undoing
from tui.answers import Answer, Event, Lost, Progress, Reading, Ready, Restarted
from tui.client import Engine, EngineLostError
from tui.i18n import N_, _, ngettext, say
from tui.widgets.article_page import about, remarks

if TYPE_CHECKING:
    import subprocess

_ROWS = 10  # articles told at a time
_PARAGRAPHS = 6  # paragraphs told at a time
_PROGRESS = 5.0  # seconds between two words about an import
_SORTS = {
    "relevance": N_("by relevance"),
    "newest": N_("newest first"),
    "oldest": N_("oldest first"),
}

_HELP = (
    N_("a number: read that article"),
    N_("/ and words: search; filters such as lang:uk or date:7d are typed among them"),
    N_("Enter: go on, in the list or in the article"),
    N_("n, p: next article, previous article"),
    N_("l: the list again from its beginning"),
    N_("f: how many articles by language, month and source"),
    N_("s: sort by relevance, newest, oldest"),
    N_("c: what was cut from the article, and why"),
    N_("o: the original, as it came in"),
    N_("*: star, or take the star off; m: mark as read, or as unread; u: undo"),
    N_("i and a path: import a file or folder; Ctrl-C stops it"),
    N_("?: these lines; q: quit"),
)


def run(engine: "subprocess.Popen[bytes]", *, command: Sequence[str], paths: Sequence[str]) -> int:
    """Read in lines from the archive that `engine` serves; return the exit code."""
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401, PLC0415 - editing and recalling lines

    gc.enable()
    with asyncio.Runner() as runner:
        reader = PlainReader(Engine(engine, command), _tell)
        try:
            runner.run(reader.open())
            for path in paths:
                _run(runner, reader.do(f"i {path}"))
            while reader.goes_on:
                try:
                    line = input("newsreader> ")
                except KeyboardInterrupt:
                    _tell("")
                    continue
                except EOFError:
                    break
                _run(runner, reader.do(safe_line(line)))
        finally:
            with contextlib.suppress(KeyboardInterrupt):
                runner.run(reader.close())
    return reader.code


def _run(runner: asyncio.Runner, doing: Awaitable[None]) -> None:
    async def whole() -> None:
        await doing

    try:
        runner.run(whole())
    except KeyboardInterrupt:
        _tell(_("stopped"))


def _tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this is what the plain reader does


class PlainReader:
    """Does one line after the other; `tell` gets each line of the answer."""

    def __init__(self, engine: Engine, tell: Callable[[str], None]) -> None:
        self.goes_on, self.code = True, 0
        self._engine, self._tell = engine, tell
        self._ready, self._alive = asyncio.Event(), asyncio.Event()
        self._query = self._sort = ""
        self._answer: Answer | None = None
        self._rows: dict[int, Row] = {}
        self._told = 0  # articles of the list told so far
        self._number = 0  # of the article that is read, from 1; 0: none
        self._reading: Reading | None = None
        self._rest: list[str] = []
        self._next_word = 0.0
        self._does: dict[str, Callable[[], Awaitable[None]]] = {
            "": self._go_on,
            "n": lambda: self._read(self._number + 1),
            "p": lambda: self._read(self._number - 1),
            "l": self._list_again,
            "f": self._facets,
            "s": self._sort_otherwise,
            "c": self._cuts,
            "o": self._original,
            "*": self._star,
            "m": self._unread,
            "u": self._undo,
            "z": self._undo,
            "?": self._help,
            "h": self._help,
            "q": self._quit,
        }

    async def open(self) -> None:
        """Start, say how many articles there are, and tell the first."""
        await self._engine.open(self._heard)
        await self._ready.wait()
        if self.goes_on:
            self._tell(_("newsreader, plain. ? tells what can be typed."))
            await self.do("/")

    async def close(self) -> None:
        """End the engine."""
        await self._engine.close()

    async def do(self, line: str) -> None:
        """Do what a line says."""
        line = line.strip()
        self._alive.clear()
        try:
            if line in self._does:
                await self._does[line]()
            elif line.startswith("/"):
                await self._list_again(line[1:].strip())
            elif line.isdecimal():
                await self._read(int(line))
            elif line.startswith("i "):
                await self._import(line[2:].strip())
            else:
                said = _("{line} is nothing to do here. /{line} searches for it; ? tells the rest.")
                self._tell(said.format(line=line))
        except EngineLostError:
            await self._alive.wait()  # it is started again, or given up: that is told
        except NewsreaderError as error:
            self._tell(say(error.template, error.values))

    # ---- the list

    async def _list_again(self, query: str | None = None) -> None:
        query = self._query if query is None else query
        answer = await self._engine.search(query, sort=self._sort)
        self._query = query
        self._answer, self._told, self._number, self._reading = answer, 0, 0, None
        self._rows = dict(enumerate(answer.rows, start=1))
        said = ngettext("{n} article", "{n} articles", answer.total)
        found = formats.fill(said, n=answer.total)
        self._tell(" · ".join(part for part in (answer.understood, found) if part))
        await self._tell_rows()

    async def _tell_rows(self) -> None:
        assert self._answer is not None
        total = self._answer.total
        last = min(self._told + _ROWS, total)
        for number in range(self._told + 1, last + 1):
            row = await self._row(number)
            if row is not None:
                self._tell(f"{number}. {_row_line(row)}")
        self._told = last
        if last < total:
            said = ngettext("{n} more; Enter goes on", "{n} more; Enter goes on", total - last)
            self._tell(formats.fill(said, n=total - last))

    async def _row(self, number: int) -> Row | None:
        if number not in self._rows and self._answer is not None and number <= self._answer.total:
            more = await self._engine.rows(self._query, sort=self._sort, offset=number - 1)
            self._rows.update(enumerate(more.rows, start=number))
        return self._rows.get(number)

    async def _sort_otherwise(self) -> None:
        now = self._answer.sort if self._answer is not None else "newest"
        orders = list(_SORTS)
        self._sort = orders[(orders.index(now) + 1) % len(orders)] if now in orders else "newest"
        self._tell(_(_SORTS[self._sort]))
        await self._list_again()

    async def _facets(self) -> None:
        from tui.widgets.facets import TITLES, facet_name, ordered  # noqa: PLC0415 - Textual's cost

        _total, facets = await self._engine.facets(self._query)
        for facet, title in TITLES.items():
            self._tell(_(title))
            for value, count in ordered(facet, facets.get(facet, {}))[:20]:
                self._tell(f"  {facet_name(facet, value)}: {formats.number(count)}")

    async def _go_on(self) -> None:
        if self._reading is not None:
            self._tell_paragraphs()
        elif self._answer is not None and self._told < self._answer.total:
            await self._tell_rows()
        else:
            self._tell(_("this is the end of the list"))

    # ---- the article

    async def _read(self, number: int) -> None:
        row = await self._row(number) if number > 0 else None
        if row is None:
            said = _("there is no article {n} in the list")
            self._tell(formats.fill(said, n=number))
            return
        self._number = number
        reading = self._reading = await self._engine.show(row.id, self._query)
        if reading.title:
            self._tell(reading.title)
        for line in about(reading):
            self._tell(", ".join(line))
        for remark in remarks(reading):
            self._tell(remark)
        if reading.hits:
            said = ngettext("{n} hit", "{n} hits", len(reading.hits))
            self._tell(formats.fill(said, n=len(reading.hits)))
        self._rest = [
            block.text
            for block in reading.blocks
            if block.label is Label.BODY and block.text != reading.title
        ]
        self._tell_paragraphs()
        if not row.read:
            await self._engine.flag({"articles": [row.id]}, read=True)

    def _tell_paragraphs(self) -> None:
        for text in self._rest[:_PARAGRAPHS]:
            self._tell(f"\n{text}")
        self._rest = self._rest[_PARAGRAPHS:]
        said = _("Enter goes on.") if self._rest else _("this is the end of the article")
        self._tell(f"\n{said}")

    async def _cuts(self) -> None:
        if self._reading is None:
            self._tell(_("read an article first: type its number"))
            return
        cut = [block for block in self._reading.blocks if block.label is not Label.BODY]
        if not cut:
            self._tell(_("nothing was cut from this article"))
        for block in cut:
            reason = f"{_(block.reason)}: " if block.reason else ""
            self._tell(f"{reason}{block.text}")

    async def _original(self) -> None:
        if self._reading is None:
            self._tell(_("read an article first: type its number"))
            return
        original = await self._engine.original(self._reading.id)
        self._rest = [line for line in original.split("\n") if line.strip()]
        self._tell_paragraphs()

    # ---- marks

    async def _star(self) -> None:
        row = await self._row(self._number)
        if row is None:
            self._tell(_("read an article first: type its number"))
            return
        await self._engine.flag({"articles": [row.id]}, starred=not row.starred)
        self._tell(_("star taken off") if row.starred else _("starred"))
        await self._renew(row)

    async def _unread(self) -> None:
        row = await self._row(self._number)
        if row is None:
            self._tell(_("read an article first: type its number"))
            return
        reading = await self._engine.show(row.id, "")
        await self._engine.flag({"articles": [row.id]}, read=not reading.read)
        self._tell(_("marked as unread") if reading.read else _("marked as read"))

    async def _renew(self, row: Row) -> None:
        more = await self._engine.rows(self._query, sort=self._sort, offset=self._number - 1)
        if more.rows and more.rows[0].id == row.id:
            self._rows[self._number] = more.rows[0]

    async def _undo(self) -> None:
        undone, changed = await self._engine.undo()
        self._tell(
            _("there is nothing to undo") if undone is None else undoing.said(undone, changed)
        )
        self._rows.clear()

    # ---- the rest

    async def _import(self, path: str) -> None:
        try:
            counts, refused = await self._engine.import_paths([path])
        except asyncio.CancelledError:
            await self._engine.stop()
            raise
        for item in refused:
            self._tell(f"{item.origin}: {_(item.reason)}")
        said = _("{added} added, {updated} updated, {unchanged} unchanged, {refused} refused")
        names = ("added", "updated", "unchanged", "refused")
        self._tell(formats.fill(said, **{name: int(counts.get(name) or 0) for name in names}))
        await self._list_again()

    async def _help(self) -> None:
        for line in _HELP:
            self._tell(_(line))

    async def _quit(self) -> None:
        self.goes_on = False

    def _heard(self, event: Event) -> None:
        match event:
            case Ready():
                self._ready.set()
            case Restarted():
                self._alive.set()
                self._tell(_("search stopped and was started again"))
            case Lost(reason):
                self._tell(" ".join([_("Search does not start."), reason]))
                self.goes_on, self.code = False, 3
                self._ready.set()
                self._alive.set()
            case Progress(done=done, of=of):
                now = asyncio.get_running_loop().time()
                if now >= self._next_word:
                    self._next_word = now + _PROGRESS
                    far = _("{n} of about {all}") if of else "{n}"
                    self._tell(formats.fill(far, n=done, all=of or 0))


def _row_line(row: Row) -> str:
    """A row as one line: marks in words, then title, date, source, language."""
    marks = [_("starred")] if row.starred else []
    marks += [_("read")] if row.read else []
    known = [formats.day(row.date), row.source or "", formats.language(row.language), *marks]
    title = row.title or row.lede
    stop = "" if title[-1:] in ".!?…。！？" else "."
    return f"{title}{stop} {', '.join(part for part in known if part)}"
