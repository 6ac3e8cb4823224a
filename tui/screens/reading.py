"""Reading: the article beside or over the list, its hits and cuts, and what one marks."""

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import on, work

from index.errors import NewsreaderError
from index.model import Row
from tui.answers import Answer, AnswerError, Reading
from tui.client import Engine, EngineLostError
from tui.i18n import _
from tui.screens.side import SideScreen
from tui.state import View
from tui.widgets.article_list import ArticleList
from tui.widgets.reader import Reader
from tui.widgets.results import Results

if TYPE_CHECKING:
    from textual.timer import Timer

_RESTS = 0.08  # seconds the cursor rests, at most, before the article beside the list follows
_LEAST = 0.045  # at least
_MISSED = 1.4  # times the last steps' time after which a key held is taken to be let go
_PAUSES = 0.25  # seconds it does so while one types
_LOOKS_AHEAD = 0.12  # seconds an article stands before its neighbours are fetched
_KEPT = 24  # articles kept at hand


class ReadingScreen(SideScreen):
    """Fetches articles as the cursor comes to them, and keeps what a person did with them."""

    def __init__(self, engine: Engine, view: View) -> None:
        super().__init__(engine, view)
        self._moving: Timer | None = None
        self._moved_at = 0.0
        self._since = 0.0
        self._resting: Timer | None = None
        self._readings: dict[tuple[str, str], Reading] = {}

    def on_resize(self) -> None:
        """Where there is room for the article now, show it."""
        if self.is_wide and self.reader.reading is None:
            self.call_after_refresh(self._load_row)

    def _take(self, answer: Answer, results: Results, keep: bool) -> None:
        if keep:  # something has changed: what is at hand may be out of date
            self._readings.clear()
        super()._take(answer, results, keep)

    def shown(self) -> None:
        """An answer is on the screen: the article follows it."""
        if self.reader.reading is not None and self._showing_article:
            self._load(self.reader.reading.id)
        super().shown()

    @on(ArticleList.Moved)
    def _moved(self, event: ArticleList.Moved) -> None:
        """The article follows the cursor: at once after a rest, else when it rests again."""
        self._say_place()
        if not self._showing_article:
            return
        now = time.monotonic()
        before, since = self._since, now - self._moved_at
        self._moved_at, self._since = now, since
        if self._moving is not None:
            self._moving.stop()
        if event.row is None:
            if not self.list.results.total:
                self.reader.clear()
        elif self.focused is self.line:
            self._moving = self.set_timer(_PAUSES, self._load_row)
        elif since > 3 * _RESTS:
            self._load(event.row.id)
        else:
            rest = min(_RESTS, max(_LEAST, _MISSED * min(before, since)))
            self._moving = self.set_timer(rest, self._load_row)

    def _load_row(self) -> None:
        if self.list.row is not None:
            self._load(self.list.row.id)

    def _load(self, article: str) -> None:
        text = self._answer.text if self._answer is not None else ""
        at_hand = self._readings.get((article, text))
        if at_hand is not None:
            self.workers.cancel_group(self, "article")  # one still on its way is wanted no more
            self._show(at_hand)
        else:
            self._fetch_article(article, text)

    @work(exclusive=True, group="article")
    async def _fetch_article(self, article: str, text: str) -> None:
        try:
            reading = await self._engine.show(article, text)
        except EngineLostError:
            return
        except AnswerError as error:
            self._complain(error)
            return
        self._keep_at_hand(reading, text)
        self._show(reading)

    def _keep_at_hand(self, reading: Reading, text: str) -> None:
        self._readings[reading.id, text] = reading
        while len(self._readings) > _KEPT:
            self._readings.pop(next(iter(self._readings)))

    def _show(self, reading: Reading) -> None:
        if self.reader.reading is reading:
            return
        with self.app.batch_update():
            self.reader.show(reading)
        self._say_place()
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(_LOOKS_AHEAD, self._look_ahead)

    @work(exclusive=True, group="ahead")
    async def _look_ahead(self) -> None:
        """Have the neighbours of the article at hand, so that going to them takes no time."""
        text = self._answer.text if self._answer is not None else ""
        for step in (1, -1):
            row = self.list.results.row(max(0, self.list.cursor + step))
            if row is None or (row.id, text) in self._readings:
                continue
            try:
                reading = await self._engine.show(row.id, text)
            except (AnswerError, EngineLostError):
                return
            self._keep_at_hand(reading, text)
            self.reader.prepare(reading)

    @on(ArticleList.Opened)
    def _opened(self, event: ArticleList.Opened) -> None:
        self._show_reading(True)
        self.set_focus(self.reader)
        self._load(event.row.id)
        self._mark_read(event.row)

    def _mark_read(self, row: Row) -> None:
        """An article was opened."""

    def action_back(self) -> None:
        """From the article to the list; there take off marks, or hide a running import's line."""
        if self.focused is self.list:
            if self._picks:
                self.list.unpick()
            elif self.foot.progress is not None:
                self.foot.show_progress(None)
        self._show_reading(False)
        self._focus_list()

    @on(Reader.Finished)
    def _finished(self) -> None:
        """The end of the article was in sight, and a person wants to go on."""
        self.action_next_article()

    # ---- where reading stops

    @on(Reader.Paused)
    def _paused(self, event: Reader.Paused) -> None:
        self._keep_place(event.article, *event.place)

    @work(group="places")
    async def _keep_place(self, article: str, block: int, character: int) -> None:
        with suppress(NewsreaderError):  # it is no loss that anybody would have to hear of
            await self._engine.place(article, block, character)

    def _step(self, step: int) -> None:
        self.list.move_to(self.list.cursor + step)
        row = self.list.row
        if row is not None and (self.has_class("-reading") or self.focused is self.reader):
            self._load(row.id)
            self._mark_read(row)

    def action_next_article(self) -> None:
        """The next article of the list, read at once where one is reading."""
        self._step(1)

    def action_previous_article(self) -> None:
        """The previous one."""
        self._step(-1)

    def action_next_hit(self) -> None:
        """The next hit."""
        self._hit(1)

    def action_previous_hit(self) -> None:
        """The previous hit."""
        self._hit(-1)

    def _hit(self, step: int) -> None:
        if self.reader.hits:
            self.reader.go_to_hit(step)
        else:
            self._say(_("there are no hits in this article"))

    @on(Reader.HitShown)
    @on(Reader.Scrolled)
    def _reader_changed(self) -> None:
        self._say_place()

    def action_cuts(self) -> None:
        """What was cut, in its place."""
        if self.reader.reading is None or not self._showing_article:
            return
        if not self.reader.cut_lines and not self.reader.original:
            self._say(_("nothing was cut from this article"))
            return
        self.reader.toggle_cuts()

    def action_original(self) -> None:
        """The original, as it came in; then the article again."""
        reading = self.reader.reading
        if self.reader.original:
            self.reader.hide_original()
        elif reading is not None and self._showing_article:
            self._fetch_original(reading)

    @work(exclusive=True, group="original")
    async def _fetch_original(self, reading: Reading) -> None:
        try:
            original = await self._engine.original(reading.id)
        except EngineLostError:
            return
        except AnswerError as error:
            self._complain(error)
            return
        if self.reader.reading is reading:
            self.reader.show_original(original)

    def action_wider(self) -> None:
        """A wider column."""
        self.reader.set_measure(self.reader.measure + 4)

    def action_narrower(self) -> None:
        """A narrower column."""
        self.reader.set_measure(self.reader.measure - 4)
