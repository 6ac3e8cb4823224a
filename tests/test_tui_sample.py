"""The reader over the real engine and the sample archive."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import assets
from tests.tui_pilot import opened, screen, search, until


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """An archive of the sample, imported from a folder called crawl."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copytree(assets.SAMPLE, folder / "crawl")
    line = [sys.executable, "-m", "tui", "--archive", "archive", "import", "crawl"]
    root = str(Path(__file__).parent.parent)
    subprocess.run(
        line, cwd=folder, check=True, capture_output=True, env={"PYTHONPATH": root, "LC_ALL": "C"}
    )
    return folder / "archive"


@pytest.fixture
def archive(imported, tmp_path):
    return shutil.copytree(imported, tmp_path / "archive")


def engine(archive, locale="en"):
    return [sys.executable, "-m", "tui", "--archive", str(archive), "--locale", locale, "engine"]


@pytest.mark.parametrize("query", ["пором", "渡轮", "العبارة", "ferry", "трајект", "γλάροι"])
async def test_words_of_any_script_find_and_mark_their_article(archive, query):
    async with opened((120, 40), engine=engine(archive)) as (app, pilot):
        await search(pilot, query)
        await pilot.press("enter")
        await until(pilot, lambda: app.main.reader.hits >= 1)
        await pilot.press("n")
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        marked = [segment.text for strip in strips for segment in strip if segment.style.reverse]
        assert marked and marked[0].casefold()[:3] == query[:3]


async def test_each_language_of_the_sample_can_be_filtered_by(archive):
    async with opened((80, 40), engine=engine(archive)) as (app, pilot):
        await pilot.press("L")
        await until(pilot, lambda: len(app.screen.query_one("#choices").choices) >= 20)
        choices = app.screen.query_one("#choices").choices
        assert sum(int(choice.detail) for choice in choices) == 25
        assert {"Ukrainian", "Arabic", "Chinese", "Serbian (Latin)"} <= {c.label for c in choices}


async def test_typed_dates_are_understood_and_wrong_ones_explained(archive):
    async with opened(engine=engine(archive)) as (app, pilot):
        await pilot.press("D")
        await until(pilot, lambda: "any time" in screen(app))
        app.screen.query_one("#typed").value = "february 2026"
        await until(pilot, lambda: "any time" not in screen(app))
        assert app.screen.query_one("#choices").choice.detail == "8"
        app.screen.query_one("#typed").value = "the day of the gulls"
        await until(pilot, lambda: app.screen.query_one("#choices").choices[0].error)
        await pilot.press("enter")
        assert app.screen is not app.main


async def test_marks_are_kept_by_the_archive(archive):
    async with opened(engine=engine(archive)) as (app, pilot):
        starred = app.main.list.row.id
        await pilot.press("asterisk")
        await until(pilot, lambda: app.main.list.row.starred)
        await app.workers.wait_for_complete()
    async with opened(engine=engine(archive)) as (app, pilot):
        await search(pilot, "is:starred")
        assert [row.id for row in app.main.list.results.first_rows()] == [starred]


async def test_a_wrong_query_is_explained_by_the_engine_in_the_readers_language(archive):
    async with opened(engine=engine(archive, "uk"), locale="uk") as (app, pilot):
        app.main.line.value = "lanf:uk"
        await until(pilot, lambda: "Немає поля «lanf:»." in screen(app))
        assert "lang:" in screen(app)
