"""Typing a query: earlier searches come back, fields and names complete themselves."""

import re

from textual import on, work
from textual.widgets import Input

from index.errors import NewsreaderError
from tui.client import Engine, Superseded
from tui.screens.finding import FindingScreen
from tui.state import View
from tui.widgets.completions import Completions
from tui.widgets.search_line import SearchLine

_FIELDS = ("lang", "date", "after", "before", "source", "author", "title", "body", "is", "tag")
_WORD = re.compile(r'(?:[^\s"()]|"[^"]*(?:"|$))+')


class TypingScreen(FindingScreen):
    """Recalls searches, and asks the engine what a word may become."""

    def __init__(self, engine: Engine, view: View) -> None:
        super().__init__(engine, view)
        self._recalled = 0  # how many searches back one has gone
        self._draft = ""
        self._put_in: str | None = None  # the line as a completion left it
        self._before: tuple[str, int] = ("", 0)  # the line, and the cursor in it, before that
        self._asked: str | None = None  # the line whose completions are on their way
        self._is_tabbed = False  # Tab was pressed meanwhile

    @on(SearchLine.Recalled)
    def _recall(self, event: SearchLine.Recalled) -> None:
        """Take back an earlier or later search; beyond the latest is what was being typed."""
        wanted = self._recalled + event.step
        if self._recalled and self.text != self._recalled_text:
            wanted = max(0, event.step)  # it was changed since: go on from here
        if wanted < 0:
            self.line.action_leave()
            return
        if wanted > len(self._history):
            return
        if not self._recalled:
            self._draft = self.text
        self._recalled = wanted
        self._set_text(self._recalled_text)

    @property
    def _recalled_text(self) -> str:
        return self._history[-self._recalled] if self._recalled else self._draft

    def _remember(self, text: str) -> None:
        self._recalled = 0
        super()._remember(text)

    # ---- completion

    @on(Input.Changed, "#search")
    def _offer_completions(self) -> None:
        if self.text == self._put_in:
            return
        self._put_in, self._is_tabbed = None, False
        if self._typed_word_wants_help():
            self._complete(self.text, self.line.cursor_position)
        else:
            self._drop_completions()

    def _drop_completions(self) -> None:
        self.workers.cancel_group(self, "complete")
        self._asked, self._is_tabbed = None, False
        self.completions.show(None)

    def _typed_word_wants_help(self) -> bool:
        """Whether a field, or the value of one, is being typed: words find what they find."""
        if self.focused is not self.line:
            return False
        at = self.line.cursor_position
        words = [one[0] for one in _WORD.finditer(self.text, 0, at) if one.end() == at]
        word = words[-1].lstrip("-").casefold() if words else ""
        field, colon, _value = word.partition(":")
        if colon:
            return field.isalpha()
        return len(word) > 1 and any(name.startswith(word) for name in _FIELDS)

    @work(exclusive=True, group="complete")
    async def _complete(self, text: str, at: int) -> None:
        self._asked = text
        try:
            completion = await self._engine.complete(text, at)
        except (NewsreaderError, Superseded):
            self._drop_completions()
            return
        self._asked = None
        if self.text == text and self.focused is self.line:
            fits = completion.start <= at <= completion.end <= len(text)
            column = self.line.region.x + completion.start - 1
            self.completions.show(completion if fits else None, column)
            if self._is_tabbed and self.completions.count:
                self._is_tabbed = False
                self._take_completion(0)

    @on(SearchLine.Completed)
    def _tab(self) -> None:
        """Take the first completion; again: the next. Without one, to the list."""
        if self._asked == self.text:  # they are on their way
            self._is_tabbed = True
            return
        if not self.completions.count:
            self.line.action_leave()
            return
        self._take_completion((self.completions.taken + 1) % self.completions.count)

    @on(Completions.Clicked)
    def _clicked_completion(self, event: Completions.Clicked) -> None:
        self._take_completion(event.number)
        self.set_focus(self.line)

    def _take_completion(self, number: int) -> None:
        completion = self.completions.completion
        if completion is None:
            return
        if self._put_in is None or self._put_in != self.text:
            self._before = (self.text, self.line.cursor_position)
        text = self._before[0]
        insert = completion.items[number][0]
        self._put_in = text[: completion.start] + insert + text[completion.end :]
        self.line.value = self._put_in
        self.line.cursor_position = completion.start + len(insert)
        self.completions.take(number)

    @on(SearchLine.Left)
    def _hide_completions(self) -> None:
        self._drop_completions()

    def on_descendant_blur(self) -> None:
        """Completions belong to the line."""
        if self.focused is not self.line:
            self.completions.show(None)
