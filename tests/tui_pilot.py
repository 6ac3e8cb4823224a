"""For tests of the reader: an application on a scripted engine, and waiting for what it shows."""

import asyncio
import contextlib
import sys
from pathlib import Path

from tui import i18n
from tui.app import Newsreader
from tui.client import Engine
from tui.start import start_engine
from tui.state import View

ENGINE = Path(__file__).parent / "scripted_engine.py"
_LONG = 20.0


def command(articles=100):
    return [sys.executable, str(ENGINE), "--articles", str(articles)]


@contextlib.asynccontextmanager
async def opened(
    size=(80, 24),
    *,
    articles=100,
    view=None,
    locale="en",
    look=None,
    engine=None,
    paths=(),
    ready=True,
):
    """The reader at `size`, its first answer shown."""
    i18n.set_locale(locale)
    line = engine or command(articles)
    app = Newsreader(Engine(start_engine(line), line), view or View(), look=look, paths=paths)
    try:
        async with app.run_test(size=size) as pilot:
            if ready:
                await until(pilot, lambda: app.main._answer is not None)
            yield app, pilot
    finally:
        i18n.set_locale("en")


async def until(pilot, holds):
    """Wait until `holds()`; fails after long."""
    loop = asyncio.get_running_loop()
    end = loop.time() + _LONG
    while not holds():
        assert loop.time() < end, f"never came:\n{screen(pilot.app)}"
        await pilot.pause()


async def type_(pilot, text):
    """Type `text` where one types, all at once: each key pressed costs a tenth of a second."""
    pilot.app.focused.insert_text_at_cursor(text)
    await pilot.pause()


async def search(pilot, text):
    """Search for `text` and wait for its answer; the keys go to the list."""
    main = pilot.app.main
    main.line.value = text
    await until(pilot, lambda: main._answer is not None and main._answer.text == text)
    main._to_list()
    await pilot.pause()


def screen(app):
    """What is on the screen, as text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


def styled(app, text):
    """The style of the first place on the screen where `text` stands in one piece."""
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            if text in segment.text:
                return segment.style
    raise AssertionError(f"{text!r} is not on the screen:\n{screen(app)}")
