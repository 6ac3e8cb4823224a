"""What goes out of the reader, on request only: browser, clipboard, commands; and corrections."""

import asyncio
import shlex
from urllib.parse import urlsplit

from textual import work

from index.errors import NewsreaderError
from index.model import Label
from tui import formats
from tui.answers import Reading
from tui.client import Engine
from tui.i18n import _
from tui.screens.marking import MarkingScreen
from tui.state import View

_LARGEST_COPY = 256 * 1024
"""Bytes handed to the terminal's clipboard at most: more than that few terminals take."""


class OutsideScreen(MarkingScreen):
    """Opens addresses, copies, pipes; shows and corrects what is known of an article."""

    def __init__(self, engine: Engine, view: View) -> None:
        super().__init__(engine, view)
        self._commands: list[str] = list(view.commands)

    async def _reading_here(self) -> Reading | None:
        """The article that is shown, else the one under the cursor."""
        shown, row = self.reader.reading, self.list.row
        if shown is not None and self._showing_article and (row is None or row.id == shown.id):
            return shown
        if row is None:
            return None
        try:
            return await self._engine.show(row.id, self.text)
        except NewsreaderError as error:
            self._complain(error)
            return None

    @work(group="outside")
    async def action_browse(self) -> None:
        """Open the article's address in the browser."""
        reading = await self._reading_here()
        if reading is None:
            return
        if reading.url is None or urlsplit(reading.url).scheme not in {"http", "https"}:
            self._say(_("this article has no address"))
            return
        import webbrowser  # noqa: PLC0415 - only who asks for it pays for it

        opened = await asyncio.to_thread(webbrowser.open, reading.url)
        host = urlsplit(reading.url).hostname or ""
        said = _("opened in the browser: {host}") if opened else _("no browser was found")
        self._say(said.format(host=host), warning=not opened)

    @work(group="outside")
    async def action_copy_link(self) -> None:
        """Copy the article's address through the terminal."""
        reading = await self._reading_here()
        if reading is None:
            return
        if reading.url is None:
            self._say(_("this article has no address"))
        elif self._copy(reading.url):
            self._say(_("address copied, if the terminal allows it"))

    @work(group="outside")
    async def action_copy_article(self) -> None:
        """Copy the article's text through the terminal."""
        reading = await self._reading_here()
        if reading is not None and self._copy(plain(reading)):
            self._say(_("text copied, if the terminal allows it"))

    def _copy(self, text: str) -> bool:
        """Hand `text` to the terminal's clipboard (OSC 52); whether it is not too long."""
        size = len(text.encode())
        if size > _LARGEST_COPY:
            said = _("too long for the clipboard ({n} bytes); e writes it to a file")
            self._say(formats.fill(said, n=size), warning=True)
            return False
        self.app.copy_to_clipboard(text)
        return True

    @work(group="outside")
    async def action_pipe(self) -> None:
        """Pipe the article's text to a command, and show what that says."""
        reading = await self._reading_here()
        if reading is None:
            return

        def chosen(values: tuple[str, ...] | None) -> None:
            if values:
                self._pipe(values[0], plain(reading))

        from tui.screens.panels import pipe_panel  # noqa: PLC0415 - after the first frame

        await self.app.push_screen(pipe_panel(self._commands), chosen)

    def _pipe(self, command: str, text: str) -> None:
        try:
            arguments = shlex.split(command)
        except ValueError:
            self._say(_("a quotation mark is missing in the command"), warning=True)
            return
        from tui.pipe import NotRunError, pipe  # noqa: PLC0415 - only who asks for it pays for it

        self._commands = [*(one for one in self._commands if one != command), command][-50:]
        try:
            code = pipe(self.app, arguments, text)
        except NotRunError as error:
            self._complain(error)
            return
        if code:
            self._say(_("the command ended with {code}").format(code=code), warning=True)

    # ---- what is known, and what is corrected

    @work(group="outside")
    async def action_about(self) -> None:
        """All that is known of the article, and from where."""
        reading = await self._reading_here()
        if reading is not None:
            from tui.screens.about import About  # noqa: PLC0415 - after the first frame

            await self.app.push_screen(About(reading))

    @work(group="outside")
    async def action_correct_language(self) -> None:
        """Say which language the article is in."""
        reading = await self._reading_here()
        if reading is None:
            return
        try:
            counts = await self._engine.languages()
        except NewsreaderError as error:
            self._complain(error)
            return

        def chosen(values: tuple[str, ...] | None) -> None:
            if values:
                self._correct(reading.id, None if values[0] == "auto" else values[0])

        from tui.screens.panels import language_panel  # noqa: PLC0415 - after the first frame

        by_reader = reading.language_by == "reader"
        await self.app.push_screen(
            language_panel(counts, reading.language, by_reader=by_reader), chosen
        )

    @work(group="outside")
    async def _correct(self, article: str, language: str | None) -> None:
        try:
            now = await self._engine.language(article, language)
        except NewsreaderError as error:
            self._complain(error)
            return
        self._say_done(formats.language(now))
        self._ask(keep=True)

    def action_next_cut(self) -> None:
        """The next cut."""
        self._go_to_cut(1)

    def action_previous_cut(self) -> None:
        """The previous cut."""
        self._go_to_cut(-1)

    def _go_to_cut(self, step: int) -> None:
        if not self.reader.go_to_cut(step):
            self._say(_("nothing was cut from this article"))

    @work(group="outside")
    async def action_keep(self) -> None:
        """Keep the chosen cut in the article for good."""
        reading = self.reader.reading
        if reading is None or not self._showing_article:
            return
        if self.reader.cut < 0:
            if self.reader.go_to_cut(1):
                self._say(_("+ again keeps it; the keys of braces choose another cut"))
            else:
                self._say(_("nothing was cut from this article"))
            return
        try:
            await self._engine.keep(reading.id, self.reader.cut, kept=True)
        except NewsreaderError as error:
            self._complain(error)
            return
        self.reader.cut = -1
        self._say_done(_("kept in the article"))
        self._ask(keep=True)


def plain(reading: Reading) -> str:
    """The article as plain text: title, what is known, paragraphs, address."""
    body = [block.text for block in reading.blocks if block.label is Label.BODY]
    about = [reading.byline, reading.source, reading.date]
    head = [reading.title or "", " · ".join(part for part in about if part)]
    parts = [*head, *body, reading.url or ""]
    return "\n\n".join(part for part in parts if part) + "\n"
