"""Marking: stars, read and unread, tags, copies in files; one article or many; taking it back."""

from collections.abc import Callable, Mapping, Sequence

from textual import on, work

from index.errors import NewsreaderError
from index.model import Row
from tui import formats, undoing
from tui.i18n import _, ngettext
from tui.screens.reading import ReadingScreen
from tui.widgets.article_list import ArticleList

Counted = Callable[[int], str]
"""What was done with so many articles, with a place for the number."""
_LARGEST_RANGE = 10_000


class MarkingScreen(ReadingScreen):
    """Does things with the article under the cursor, or with all that are marked."""

    def _mark_read(self, row: Row) -> None:
        if not row.read:
            self._flag(row.id, read=True)

    @work(group="flags")
    async def _flag(
        self, article: str, *, read: bool | None = None, starred: bool | None = None
    ) -> None:
        """Mark one article: seen at once, taken back where the engine refuses."""
        self.list.flag(article, read=read, starred=starred)
        flags = {"read": read, "starred": starred}
        set_ = {name: value for name, value in flags.items() if value is not None}
        try:
            await self._engine.flag({"articles": [article]}, **set_)
        except NewsreaderError as error:
            back = {name: not value for name, value in set_.items()}
            self.list.flag(article, **back)
            self._complain(error)

    @work(group="flags")
    async def _flag_many(self, said: "Counted", **flags: object) -> None:
        """Change the flags of all that are marked; say with `said` how many there were."""
        articles, count = await self._picked()
        if not count:
            return
        self.list.unpick()
        try:
            changed = await self._engine.flag(articles, **flags)
        except NewsreaderError as error:
            self._complain(error)
            return
        self._say_done(formats.fill(said(changed), n=changed))
        self._ask(keep=True)

    async def _picked(self) -> tuple[Mapping[str, object], int]:
        """The articles marked, as the engine is told of them, and how many they are."""
        await self._end_range()
        picked = self.list.picked
        return picked.request(self.text), picked.count(self.list.results.total)

    async def _end_range(self) -> None:
        """Mark the rows from where it began to the cursor; those not here are fetched."""
        began, self.list.began = self.list.began, None
        if began is None or self._answer is None:
            return
        first, last = sorted((began, self.list.cursor))
        if last - first >= _LARGEST_RANGE:
            said = _("a range takes at most {n} articles; a marks all that was found")
            self._say(formats.fill(said, n=_LARGEST_RANGE), warning=True)
            return
        rows: Sequence[Row | None] = [
            self.list.results.row(number) for number in range(first, last + 1)
        ]
        if None in rows:
            rows = await self._engine.stretch(
                self._answer.text, sort=self._sort, first=first, count=last - first + 1
            )
        for row in rows:
            if row is not None and not self.list.picked.holds(row.id):
                self.list.picked.toggle(row.id)
        self.list.refresh()
        self._say_place()

    @on(ArticleList.Marked)
    def _marked(self) -> None:
        self._say_place()

    @work(group="flags")
    async def action_pick_range(self) -> None:
        """Begin to mark a range at the cursor; end it there."""
        if self.list.began is None:
            if self.list.row is not None:
                self.list.began = self.list.cursor
                self.list.refresh()
                self._say_place()
            return
        try:
            await self._end_range()
        except NewsreaderError as error:
            self._complain(error)

    def action_pick_all(self) -> None:
        """Mark all that was found, or nothing."""
        self.list.began = None
        self.list.picked.toggle_all()
        self.list.refresh()
        self._say_place()

    # ---- what is done with them

    def action_star(self) -> None:
        """Star the article, or take the star off."""
        row = self.list.row
        if row is None:
            return
        if self._picks:
            self._flag_many(_unstarred if row.starred else _starred, starred=not row.starred)
        else:
            self._flag(row.id, starred=not row.starred)
            self._say(_("star taken off") if row.starred else _("starred"))

    def action_unread(self) -> None:
        """Mark as read, or as unread."""
        row = self.list.row
        if row is None:
            return
        if self._picks:
            self._flag_many(_unread if row.read else _read, read=not row.read)
        else:
            self._flag(row.id, read=not row.read)
            self._say(_("marked as unread") if row.read else _("marked as read"))

    @work(group="tags")
    async def action_tag(self) -> None:
        """Put tags on, or take them off."""
        articles, count, common = await self._chosen()
        if not count:
            return
        try:
            tags = await self._engine.tags()
        except NewsreaderError as error:
            self._complain(error)
            return

        def chosen(names: tuple[str, ...] | None) -> None:
            if names is not None and set(names) != set(common):
                self._set_tags(articles, set(names) - set(common), set(common) - set(names))

        from tui.screens.panels import tags_panel  # noqa: PLC0415 - after the first frame

        await self.app.push_screen(tags_panel(tags, common, count), chosen)

    @work(group="tags")
    async def _set_tags(self, articles: Mapping[str, object], on: set[str], off: set[str]) -> None:
        self.list.unpick()
        try:
            changed = await self._engine.flag(articles, tag=sorted(on), untag=sorted(off))
        except NewsreaderError as error:
            self._complain(error)
            return
        names = [f"+{name}" for name in sorted(on)] + [f"−{name}" for name in sorted(off)]
        said = ngettext("{tags} on {n} article", "{tags} on {n} articles", changed)
        text = formats.fill(said, tags=" ".join(names), n=changed)
        self._say_done(text)
        self._ask(keep=True)

    async def _chosen(self) -> tuple[Mapping[str, object], int, list[str]]:
        """The articles marked, else the one under the cursor; how many; the tags they all carry."""
        if not self._picks:
            row = self.list.row
            if row is None:
                return {}, 0, []
            return {"articles": [row.id]}, 1, list(row.tags)
        articles, count = await self._picked()
        picked = self.list.picked
        if picked.whole:
            counts = self._answer.facets.get("tag", {}) if self._answer is not None else {}
            total = self.list.results.total
            return articles, count, [name for name, n in counts.items() if n == total]
        rows = [self.list.results.get(name) for name in picked.ids]
        if None in rows:
            return articles, count, []
        carried = [set(row.tags) for row in rows if row is not None]
        return articles, count, sorted(set.intersection(*carried)) if carried else []

    @work(group="export")
    async def action_export(self) -> None:
        """Write articles to a file."""
        articles, count, _tags = await self._chosen()
        if not count:
            return

        def chosen(names: tuple[str, ...] | None) -> None:
            if names:
                self._export(articles, names[0])

        from tui.screens.panels import export_panel  # noqa: PLC0415 - after the first frame

        await self.app.push_screen(export_panel(count, "articles.md"), chosen)

    @work(group="export")
    async def _export(self, articles: Mapping[str, object], path: str) -> None:
        try:
            written, where = await self._engine.export(articles, path)
        except NewsreaderError as error:
            self._complain(error)
            return
        self.list.unpick()
        said = ngettext("{n} article written to {path}", "{n} articles written to {path}", written)
        self._say(formats.fill(said, n=written, path=where))

    @work(group="flags")
    async def action_undo(self) -> None:
        """Take back the last change."""
        try:
            undone, changed = await self._engine.undo()
        except NewsreaderError as error:
            self._complain(error)
            return
        if undone is None:
            self._say(_("there is nothing to undo"))
            return
        self._say(undoing.said(undone, changed))
        self._count_saved()
        self._ask(keep=True)


def _read(n: int) -> str:
    return ngettext("{n} article marked as read", "{n} articles marked as read", n)


def _unread(n: int) -> str:
    return ngettext("{n} article marked as unread", "{n} articles marked as unread", n)


def _starred(n: int) -> str:
    return ngettext("{n} article starred", "{n} articles starred", n)


def _unstarred(n: int) -> str:
    return ngettext("star taken off {n} article", "star taken off {n} articles", n)
