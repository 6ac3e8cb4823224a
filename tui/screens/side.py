"""The side pane and what it leads to: counts as filters, saved searches, the searches before."""

from collections.abc import Callable

from textual import on, work

from index.errors import NewsreaderError
from tui.answers import Answer, SavedSearch
from tui.client import Engine
from tui.i18n import _
from tui.screens.typing import TypingScreen
from tui.state import View
from tui.widgets.facets import Facets
from tui.widgets.results import Results

Then = Callable[[str, str], None]
"""What is done with the name there was and the one that was typed."""


class SideScreen(TypingScreen):
    """Shows counts and saved searches beside the list, or in its place, and obeys them."""

    def __init__(self, engine: Engine, view: View) -> None:
        super().__init__(engine, view)
        self._saved: tuple[SavedSearch, ...] = ()
        self._saved_at = -1  # how many articles there were when they were counted

    def _take(self, answer: Answer, results: Results, keep: bool) -> None:
        super()._take(answer, results, keep)
        if self._showing_side and self._saved_at != self._articles:
            self._count_saved()

    def action_side(self) -> None:
        """To the counts: beside the list where there is room, else in its place."""
        self._show_reading(False)
        self.set_class(not self.is_broad, "-side")
        self.set_focus(self.facets)
        if self._answer is not None:
            self._widen(self._answer)
        self._count_saved()
        self.call_after_refresh(self._join_rules)

    @on(Facets.Left)
    def _leave_side(self) -> None:
        self.remove_class("-side")
        self._focus_list()
        self.call_after_refresh(self._join_rules)

    @on(Facets.Stands)
    def _stands(self) -> None:
        self._say_place()

    # ---- saved searches

    @work(exclusive=True, group="saved")
    async def _count_saved(self) -> None:
        try:
            self._show_saved(await self._engine.saved())
        except NewsreaderError:
            return  # it is asked again with the next answer

    def _show_saved(self, searches: tuple[SavedSearch, ...]) -> None:
        self._saved, self._saved_at = searches, self._articles
        self.facets.show_saved(searches)
        self._say_place()

    @on(Facets.Called)
    async def _called(self, event: Facets.Called) -> None:
        match event.action:
            case "run":
                self.run_saved(event.search)
            case "rename":
                await self._ask_name(_("Rename"), event.search.name, self._rename)
            case "remove":
                self._change_saved("remove", _("search removed"), name=event.search.name)

    def run_saved(self, search: SavedSearch) -> None:
        """Search for what was saved, in its order."""
        self._sort = search.sort
        self._set_text(search.query)
        self._remember(search.query)

    def _rename(self, name: str, to: str) -> None:
        self._change_saved("rename", _("search renamed"), name=name, to=to)

    async def action_save(self) -> None:
        """Save this search under a name."""
        if not self.text.strip():
            self._say(_("there is nothing to save: search for something first"))
            return
        await self._ask_name(_("Save this search as"), "", self._save)

    def _save(self, _was: str, name: str) -> None:
        said = _("saved as {name}").format(name=name)
        self._change_saved("save", said, name=name, query=self.text.strip(), sort=self._sort)

    async def _ask_name(self, title: str, name: str, then: Then) -> None:
        from tui.screens.panels import name_panel  # noqa: PLC0415 - after the first frame

        def named(values: tuple[str, ...] | None) -> None:
            if values:
                then(name, values[0])

        taken = [search.name for search in self._saved]
        await self.app.push_screen(name_panel(title, name or self.text.strip(), taken), named)

    @work(group="saving")
    async def _change_saved(self, action: str, said: str, **more: str) -> None:
        try:
            searches = await self._engine.saved(action, **more)
        except NewsreaderError as error:
            self._complain(error)
            return
        self._show_saved(searches)
        self._say_done(said)

    # ---- the searches before

    async def action_history(self) -> None:
        """Choose one of the earlier searches."""
        from tui.screens.panels import history_panel  # noqa: PLC0415 - after the first frame

        def chosen(values: tuple[str, ...] | None) -> None:
            if values:
                self._set_text(values[0])

        await self.app.push_screen(history_panel(self._history), chosen)
