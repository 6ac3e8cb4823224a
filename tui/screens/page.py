"""The parts of the reader's page: where they stand, which has the keys, what the foot says."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from index.errors import NewsreaderError
from tui import formats, keys
from tui.client import Engine
from tui.i18n import _, ngettext, say
from tui.state import View
from tui.widgets.article_list import ArticleList
from tui.widgets.completions import Completions
from tui.widgets.facets import Facets
from tui.widgets.foot import Foot
from tui.widgets.notice import Notice
from tui.widgets.prompt import Prompt
from tui.widgets.reader import Reader
from tui.widgets.rule import Rule, Upright
from tui.widgets.search_line import SearchLine, Understood

if TYPE_CHECKING:
    from textual.widget import Widget


_LEFT_TO_SIDE = keys.left_to_side()


class PageScreen(Screen[None]):
    """Search line, list, article, facets and foot, laid out; subclasses fill them."""

    AUTO_FOCUS = "#list"

    @dataclass
    class Stands(Message):
        """All parts have found their places."""

    def __init__(self, engine: Engine, view: View) -> None:
        super().__init__()
        self.line = SearchLine(value=view.text, id="search")
        self.understood = Understood(id="understood")
        self.list = ArticleList(id="list")
        self.notice = Notice(id="notice")
        self.reader = Reader(id="reader")
        self.facets = Facets(id="facets")
        self.completions = Completions(id="completions")
        self.foot = Foot(id="foot")
        self._engine = engine

    def compose(self) -> ComposeResult:
        """The parts of the page, from the top."""
        with Horizontal(id="top"):
            yield Prompt()
            yield self.line
        yield self.understood
        yield Rule(id="rule-top")
        with Horizontal(id="panes"):
            yield self.list
            yield self.notice
            yield Upright(id="upright")
            yield self.reader
            yield Upright(id="upright-2")
            yield self.facets
        yield Rule(id="rule-foot")
        yield self.foot
        yield self.completions

    @property
    def text(self) -> str:
        """The query as it stands in the search line."""
        return self.line.value

    @property
    def is_wide(self) -> bool:
        """Whether list and article stand side by side."""
        return self.size.width >= 100

    @property
    def _showing_article(self) -> bool:
        return self.is_wide or self.has_class("-reading")

    def _show_reading(self, reading: bool) -> None:
        self.set_class(reading, "-reading")
        if reading:
            self.remove_class("-side")

    @property
    def is_broad(self) -> bool:
        """Whether the counts stand beside list and article."""
        return self.size.width >= 170

    @property
    def _showing_side(self) -> bool:
        return self.is_broad or self.has_class("-side")

    def _focus_list(self) -> None:
        """Give the keys to the list, or to what stands in its place."""
        self.set_focus(self.notice if self.has_class("-nothing") else self.list)

    def on_resize(self) -> None:
        """Let the rules meet where the panes now are."""
        self.call_after_refresh(self._join_rules)

    def _join_rules(self) -> None:
        columns = [
            upright.region.x
            for upright in self.query(Upright)
            if upright.display and upright.region.width
        ]
        self.query_one("#rule-top", Rule).join(dict.fromkeys(columns, "┬"))
        self.query_one("#rule-foot", Rule).join(dict.fromkeys(columns, "┴"))
        self.post_message(self.Stands())

    def on_descendant_focus(self) -> None:
        """Other keys for another place."""
        self._say_place()

    @property
    def _place(self) -> str:
        if isinstance(self.focused, SearchLine):
            return "search"
        if self.focused is self.facets:
            return "side"
        return "reader" if self.focused is self.reader else "list"

    def _say_place(self) -> None:
        """Say in the foot where one is: hit and share of the article, or row of the list."""
        place = self._place
        if place == "reader":
            right = formats.percent(self.reader.share)
            if self.reader.hits:
                hits = self.reader.hits
                reading = self.reader.reading
                more = "" if reading is None or reading.hits_complete else "+"
                said = _("hit {n} of {all}")
                if self.reader.hit < 0:
                    said = ngettext("{all} hit", "{all} hits", hits)
                count = formats.fill(said, n=self.reader.hit + 1, all=formats.number(hits) + more)
                right = f"{count} · {right}"
        else:
            total = self.list.results.total
            at = min(self.list.cursor + 1, total)
            right = f"{formats.number(at)}/{formats.number(total)}"
        if place == "reader" and self.reader.cuts and not self.reader.original:
            place = "cuts"
        elif place == "side":
            place = self.facets.place
        elif place == "list" and self.has_class("-nothing"):
            place, right = "nothing", ""
        elif place == "list" and (picks := self._picks):
            place = "picked"
            said = formats.fill(ngettext("{n} marked", "{n} marked", picks), n=picks)
            right = " · ".join((said, _("Esc: none")))
        elif place == "list" and self.line.value.strip():
            place = "asked"  # a search that may be kept
        self.foot.show_place(place, right)

    @property
    def _picks(self) -> int:
        """How many articles are marked, with those between where it began and the cursor."""
        began = self.list.began
        span = 0 if began is None else abs(self.list.cursor - began) + 1
        return self.list.picks + span

    def _say(self, word: str, *, warning: bool = False) -> None:
        self.foot.say(word, warning=warning)

    def _say_done(self, word: str) -> None:
        """Say what was done, and how it is taken back."""
        self._say(" · ".join((word, _("u takes it back"))))

    def _complain(self, error: NewsreaderError) -> None:
        self._say(say(error.template, error.values), warning=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While one types, letters are letters."""
        if isinstance(self.focused, Input):
            return action == "commands"
        return self.focused is not self.facets or action not in _LEFT_TO_SIDE

    def action_other_pane(self) -> None:
        """The next pane in sight."""
        panes: list[Widget] = [self.notice if self.has_class("-nothing") else self.list]
        if self.has_class("-side") and not self.is_broad:
            panes = []
        if self._showing_article:
            panes.append(self.reader)
        if self._showing_side:
            panes.append(self.facets)
        focused = [pane.has_focus for pane in panes]
        at = focused.index(True) if True in focused else -1
        self.set_focus(panes[(at + 1) % len(panes)])

    async def action_help(self) -> None:
        """The keys of this place."""
        from tui.screens.help import Help  # noqa: PLC0415 - after the first frame

        await self.app.push_screen(Help(self._place))
