"""Screens as text, each looked at once: a change of the page shows here.

A snapshot that is missing is written, and the test fails so that somebody looks at it.
"""

from pathlib import Path

import pytest

from tests.tui_pilot import opened, screen, search, until

SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.mark.parametrize(
    ("name", "size", "locale", "query", "steps"),
    [
        ("list-80-en", (80, 24), "en", "", []),
        ("list-80-uk", (80, 24), "uk", "", []),
        ("article-80-uk", (80, 24), "uk", "пором", ["enter"]),
        ("article-80-zh", (80, 24), "en", "渡轮", ["enter", "n"]),
        ("both-120-en", (120, 40), "en", "ferry lang:en", ["enter", "c"]),
        ("article-80-ar", (80, 24), "en", "lang:ar", ["enter"]),
        ("both-120-zh", (120, 40), "en", "渡轮", ["enter", "n"]),
        ("both-120-ar", (120, 40), "en", "lang:ar", ["enter"]),
        ("both-120-uk", (120, 40), "uk", "пором", ["enter", "c"]),
        ("broad-200-en", (200, 30), "en", "", []),
        ("narrow-60-en", (60, 20), "en", "ferry is:unread", []),
    ],
)
async def test_the_screen_is_as_it_was_looked_at(name, size, locale, query, steps):
    async with opened(size, locale=locale) as (app, pilot):
        if query:
            await search(pilot, query)
        row = app.main.list.row
        if steps:
            await pilot.press(steps[0])
            await until(pilot, lambda: app.main.list.row.read)
        if steps or app.main.is_wide:
            await until(pilot, lambda: app.main.reader.reading is not None)
            await until(pilot, lambda: app.main.reader.reading.id == row.id)
        await pilot.press(*steps[1:])
        await pilot.pause()
        shown = screen(app) + "\n"
    kept = SNAPSHOTS / f"{name}.txt"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(shown, encoding="utf-8")
        pytest.fail(f"{kept.name} is new: look at it, then run again")
    assert shown == kept.read_text(encoding="utf-8")
