"""The reader as a person uses it, on a scripted engine: by what is shown and what is asked."""

import sys

import pytest

from tests.tui_pilot import opened, screen, search, styled, type_, until
from tui.answers import Reading
from tui.state import View
from tui.text.wrap import cells
from tui.widgets import foot
from tui.widgets.article_list import ArticleList
from tui.widgets.search_line import SearchLine


async def read(pilot):
    """Open the article under the cursor and wait until it is shown."""
    main = pilot.app.main
    row = main.list.row
    await pilot.press("enter")
    await until(pilot, lambda: main.reader.reading is not None and main.reader.reading.id == row.id)
    return main.reader


async def test_the_list_shows_title_date_language_and_the_first_sentence_of_an_untitled_article():
    async with opened() as (app, _):
        shown = screen(app)
        assert "Harbour master Ida Vell said the ferry would sail again." in shown
        assert "undated · harbour.example · English · 1 min" in shown
        assert "Feb 2 · Ukrainian · 2 min" in shown
        assert styled(app, "Пором на лінії 1").bold
        assert not styled(app, "Harbour master").bold


@pytest.mark.parametrize("at", [0, 10, 60, 140])
def test_the_hit_of_a_snippet_is_in_sight_wherever_it_is(at):
    from index.model import Row
    from tui.widgets.article_list import _found

    snippet = "word " * (at // 5) + "ferry" + " word" * 30
    start = snippet.index("ferry")
    row = Row("a", "T", "L", snippet, "en", None, None, 1.0, snippet_hits=((start, start + 5),))
    shown = "".join(text for text, _ in _found(row, 40))
    assert "ferry" in shown[:40]


async def test_results_follow_each_key_typed():
    async with opened() as (app, pilot):
        await pilot.press("slash", *"пором")
        await until(pilot, lambda: app.main._answer.text == "пором")
        await pilot.pause()
        assert "25 of 100" in screen(app)
        assert styled(app, "Пором").underline


async def test_a_search_overtaken_by_typing_leaves_no_trace():
    async with opened() as (app, pilot):
        app.main.line.value = "wait!"
        await until(pilot, lambda: app.main.list._dim)
        app.main.line.value = "渡轮"
        await until(pilot, lambda: app.main._answer.text == "渡轮")
        assert app.main.list.results.total == 25


async def test_old_rows_stay_until_the_new_ones_stand():
    async with opened() as (app, pilot):
        before = app.main.list.row
        app.main.line.value = "wait!"
        await until(pilot, lambda: app.main.list._dim)
        assert app.main.list.row == before
        assert "Harbour master Ida Vell" in screen(app)


async def test_the_cursor_stays_on_its_article_when_the_search_changes():
    async with opened() as (app, pilot):
        await pilot.press("j", "j", "j", "j")
        row = app.main.list.row
        await search(pilot, "ferry")
        assert app.main.list.row.id == row.id
        assert app.main.list.cursor == 1


async def test_a_cursor_nobody_placed_goes_to_the_best_hit():
    async with opened() as (app, pilot):
        await search(pilot, "渡轮")
        assert app.main.list.cursor == 0


async def test_an_error_is_said_in_place_and_the_wrong_part_is_marked():
    async with opened() as (app, pilot):
        await search(pilot, "ferry")
        app.main.line.value = "ferry wrong:x"
        await until(pilot, lambda: "There is no field “wrong:”." in screen(app))
        assert styled(app, "wrong:").reverse or styled(app, "wrong:").bgcolor
        assert app.main.list.results.total == 25  # what was found before stays


async def test_the_language_filter_writes_itself_into_the_query():
    async with opened() as (app, pilot):
        await pilot.press("L")
        await until(pilot, lambda: "Languages" in screen(app) and "Ukrainian" in screen(app))
        await type_(pilot, "українс")  # its own name finds it, too
        await until(pilot, lambda: "Arabic" not in screen(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.main._answer.text == "lang:uk")
        assert "Ukrainian ×" in screen(app)
        assert app.main.list.results.total == 25


async def test_several_languages_can_be_marked():
    async with opened() as (app, pilot):
        await pilot.press("L")
        await until(pilot, lambda: "Ukrainian" in screen(app))
        await pilot.press("space", "space", "enter")
        await until(pilot, lambda: app.main._answer.text == "lang:ar,zh")
        assert app.main.list.results.total == 50


async def test_clicking_a_chip_takes_its_filter_off():
    async with opened() as (app, pilot):
        await search(pilot, "lang:uk пором")
        start, _end, _filter = app.main.query_one("#understood")._chips[0]
        await pilot.click("#understood", offset=(start, 0))
        await until(pilot, lambda: app.main._answer.text == "пором")


async def test_the_date_filter_counts_presets_and_says_what_a_typed_range_finds():
    async with opened() as (app, pilot):
        await pilot.press("D")
        await until(pilot, lambda: "this year (2026)" in screen(app))
        assert "80" in next(line for line in screen(app).split("\n") if "this year" in line)
        await type_(pilot, "2026-02")
        await until(pilot, lambda: "any time" not in screen(app))
        assert "40" in screen(app)
        await pilot.press("enter")
        await until(pilot, lambda: app.main._answer.text == "date:2026-02")


async def test_filters_are_taken_off_together_and_words_stay():
    async with opened() as (app, pilot):
        await search(pilot, "ferry lang:en date:2026")
        await pilot.press("x")
        await until(pilot, lambda: app.main._answer.text == "ferry")


async def test_the_order_is_changed_by_key():
    async with opened() as (app, pilot):
        await pilot.press("s")
        await until(pilot, lambda: "oldest first" in screen(app))
        assert app.main.list.results.row(0).id == "a0000099"


async def test_nothing_found_is_said_with_what_each_filter_hides():
    async with opened() as (app, pilot):
        await search(pilot, "ferry lang:uk")
        await until(pilot, lambda: "remove lang:uk: 25 articles" in screen(app))
        assert "Nothing was found." in screen(app)
        await pilot.press("x")
        await until(pilot, lambda: "Harbour master" in screen(app))


async def test_one_pane_opens_and_goes_back():
    async with opened() as (app, pilot):
        await read(pilot)
        assert not app.main.list.display
        await pilot.press("escape")
        assert app.main.list.display and not app.main.reader.display


async def test_two_panes_stand_side_by_side_and_the_article_follows_the_cursor():
    async with opened((120, 40)) as (app, pilot):
        await pilot.press("j")
        await until(pilot, lambda: app.main.reader.reading is not None)
        await until(pilot, lambda: app.main.reader.reading.id == app.main.list.row.id)
        assert app.main.list.region.right < app.main.reader.region.x


async def test_facets_stand_on_a_broad_screen_and_set_filters():
    async with opened((200, 60)) as (app, pilot):
        await until(pilot, lambda: "source not known" in screen(app))
        await pilot.press("tab", "tab", "enter")
        await until(pilot, lambda: app.main._answer.text == "lang:ar")


async def test_hits_are_walked_and_counted():
    async with opened() as (app, pilot):
        await search(pilot, "пором")
        reader = await read(pilot)
        assert reader.hits == 13
        await pilot.press("n", "n")
        assert reader.hit == 1
        assert "hit 2 of 13" in screen(app)
        await pilot.press("N", "N")
        assert reader.hit == 12


async def test_going_to_a_hit_brings_it_into_sight():
    async with opened((80, 12)) as (_, pilot):
        await search(pilot, "пором")
        reader = await read(pilot)
        await pilot.press("N")
        await pilot.pause()
        assert reader.scroll_offset.y > 0
        assert reader.hit == 12


@pytest.mark.parametrize(("width", "sides"), [(80, 2), (24, 0)])
async def test_the_line_of_cuts_wears_its_ornament_on_both_sides_or_not_at_all(width, sides):
    async with opened(size=(width, 24)) as (app, pilot):
        await read(pilot)
        (line,) = [line for line in screen(app).split("\n") if "1 line cut" in line]
        assert line.count("┄┄") == sides


async def test_cuts_are_shown_in_their_place_with_their_reason():
    async with opened((80, 40)) as (app, pilot):
        await pilot.press("j", "j", "j", "j")
        await read(pilot)
        assert "2 lines cut: comment form" in screen(app)
        assert "Leave a comment" not in screen(app)
        await pilot.press("c")
        shown = screen(app)
        assert shown.index("sail again") < shown.index("asks for a comment")
        assert shown.index("asks for a comment") < shown.index("Leave a comment")
        assert styled(app, "Leave a comment").italic
        await pilot.press("c")
        assert "Leave a comment" not in screen(app)


async def test_the_original_is_a_key_away():
    async with opened((80, 40)) as (app, pilot):
        await read(pilot)
        await pilot.press("o")
        await until(pilot, lambda: "The original, as it came in" in screen(app))
        assert "Leave a comment" in screen(app)
        await pilot.press("o")
        await until(pilot, lambda: "The original, as it came in" not in screen(app))


async def test_markup_and_escapes_in_an_article_are_only_text():
    async with opened((80, 40)) as (app, pilot):
        await read(pilot)
        await pilot.press("c")
        assert "[bold]Sign in[/nope] to post" in screen(app)


async def test_opening_marks_as_read_and_scrolling_past_does_not():
    async with opened() as (app, pilot):
        await pilot.press("j", "j", "k", "k")
        assert not app.main.list.row.read
        await read(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: app.main.list.row.read)
        assert "· read" in screen(app)


async def test_the_next_article_is_read_without_going_back():
    async with opened() as (app, pilot):
        reader = await read(pilot)
        await pilot.press("]")
        await until(pilot, lambda: reader.reading.id == "a0000001")
        assert app.main.list.cursor == 1
        assert app.main.list.row.read


async def test_a_star_is_set_shown_and_taken_back():
    async with opened() as (app, pilot):
        await pilot.press("asterisk")
        await until(pilot, lambda: app.main.list.row.starred)
        assert "★" in screen(app)
        await pilot.press("z")
        await until(pilot, lambda: "undone: the star" in screen(app))
        await until(pilot, lambda: not app.main.list.row.starred)


async def test_the_place_in_an_article_stays_when_the_window_changes():
    async with opened((80, 16)) as (_, pilot):
        reader = await read(pilot)
        await pilot.press("space")
        await pilot.pause()
        place = reader._place()
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert reader._place() == place
        await pilot.resize_terminal(20, 5)
        await pilot.resize_terminal(80, 16)
        await pilot.pause()
        assert reader._place() == place


async def test_any_size_is_drawn():
    async with opened((80, 24)) as (app, pilot):
        await search(pilot, "ferry")
        await read(pilot)
        await pilot.press("c")
        for size in [(20, 5), (60, 20), (99, 30), (100, 30), (169, 40), (250, 70), (20, 5)]:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            lines = screen(app).split("\n")
            assert len(lines) == size[1]
            assert all(cells(line) <= size[0] for line in lines)
            assert "ferry" in screen(app)


async def test_keys_work_on_a_ukrainian_and_a_greek_keyboard():
    async with opened() as (app, pilot):
        await pilot.press("о", "о")
        assert app.main.list.cursor == 2
        await pilot.press("κ")  # on the key of k
        assert app.main.list.cursor == 1
        await pilot.press("slash", "о")
        assert app.main.text == "о"  # where one types, a letter is a letter


async def test_only_rows_in_sight_are_fetched_out_of_a_million():
    async with opened(articles=1_000_000) as (app, pilot):
        await pilot.press("G")
        await until(pilot, lambda: app.main.list.row is not None)
        assert app.main.list.row.id == "a0999999"
        assert len(app.main.list.results._pages) <= 3


async def test_the_last_view_is_shown_before_the_engine_answers():
    async with opened() as (app, pilot):
        await search(pilot, "ferry")
        await pilot.press("j")
        view = app.main.view()
    silent = ["sh", "-c", "cat >/dev/null"]
    async with opened(view=view, engine=silent, ready=False) as (app, pilot):
        assert "The ferry on line 4" in screen(app)
        assert "25 of 100" in screen(app)
        assert app.main.list.cursor == 1
        assert isinstance(view, View)


async def test_a_dead_engine_is_started_again_and_one_goes_on():
    async with opened() as (app, pilot):
        row = app.main.list.row
        app.main.line.value = "die!"
        await until(pilot, lambda: "started again" in app.main.foot.word)
        assert app.main.list.row == row
        app.main.line.value = "ferry"
        await until(pilot, lambda: app.main._answer.text == "ferry")


async def test_an_engine_that_does_not_start_is_said_with_its_reason():
    dead = [sys.executable, "-c", "raise SystemExit('newsreader: the disk is full')"]
    async with opened(engine=dead, ready=False) as (app, pilot):
        await until(pilot, lambda: "Search does not start." in screen(app))
        assert "the disk is full" in screen(app)
        await pilot.press("slash", "a", "escape", "escape", "q")


async def test_a_control_key_of_another_layout_is_taken_by_its_place():
    async with opened() as (app, pilot):
        await pilot.press("ctrl+з")
        await until(pilot, lambda: "Commands" in screen(app))


async def test_an_empty_archive_offers_what_to_do_and_an_import_fills_it():
    async with opened(articles=0, ready=False) as (app, pilot):
        await until(pilot, lambda: "Open the sample articles" in screen(app))
        assert "newsreader import PATH…" in screen(app)
        await pilot.press("s")
        await until(pilot, lambda: app.main.list.results.total == 12)
        await until(pilot, lambda: "12 articles added · 1 refused" in screen(app))
        await pilot.press("R")
        await until(pilot, lambda: "crawl/broken.txt is not text" in screen(app))


async def test_paths_are_completed_and_imported(tmp_path):
    (tmp_path / "crawl").mkdir()
    async with opened() as (app, pilot):
        await pilot.press("i")
        await until(pilot, lambda: "Import" in screen(app))
        app.screen.query_one("#typed").value = f"{tmp_path}/cr"
        await until(pilot, lambda: "  crawl/" in screen(app))
        await pilot.press("tab")
        await until(pilot, lambda: "import this folder" in screen(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.main._articles == 112)


async def test_a_path_that_is_not_there_is_said(tmp_path):
    async with opened() as (app, pilot):
        await pilot.press("i")
        await until(pilot, lambda: "Import" in screen(app))
        app.screen.query_one("#typed").value = f"{tmp_path}/nothing"
        await until(pilot, lambda: "there is no such file or folder" in screen(app))
        await pilot.press("enter")
        assert app.screen is not app.main


async def test_the_palette_does_what_it_names():
    async with opened() as (app, pilot):
        await pilot.press("ctrl+p")
        await until(pilot, lambda: "Commands" in screen(app))
        await type_(pilot, "look: light")
        await until(pilot, lambda: "star" not in screen(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.theme == "paper")


async def test_the_language_of_the_interface_changes_at_once():
    async with opened() as (app, pilot):
        await pilot.press("ctrl+p")
        await until(pilot, lambda: "Commands" in screen(app))
        await type_(pilot, "українська")
        await until(pilot, lambda: "look:" not in screen(app))
        await pilot.press("enter")
        await until(pilot, lambda: "читати" in screen(app))
        assert "без дати" in screen(app)
        assert "спершу найновіші" in screen(app)


async def test_help_lists_the_keys_of_the_place_and_closes():
    async with opened((80, 60)) as (app, pilot):
        await pilot.press("question_mark")
        await until(pilot, lambda: "filter by language" in screen(app))
        assert "next hit" not in screen(app)
        await pilot.press("question_mark")
        assert "next hit" in screen(app)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.main)


async def test_a_megabyte_pasted_is_cut_to_a_query():
    from textual.events import Paste

    async with opened() as (app, pilot):
        await pilot.press("slash")
        app.main.line.post_message(Paste("ab\x1b[2J\n" * 200_000))
        await until(pilot, lambda: app.main.text != "")
        assert len(app.main.text) <= 2000
        assert "\x1b" not in app.main.text


async def test_escape_empties_the_search_line_then_leaves_it():
    async with opened() as (app, pilot):
        await pilot.press("slash")
        await type_(pilot, "ferry")
        await pilot.press("escape")
        assert app.main.text == ""
        assert isinstance(app.focused, SearchLine)
        await pilot.press("escape")
        assert isinstance(app.focused, ArticleList)


async def test_earlier_searches_come_back():
    async with opened() as (app, pilot):
        await search(pilot, "ferry")
        await search(pilot, "пором")
        await pilot.press("slash", "up", "up")
        assert app.main.text == "ferry"


async def test_no_color_takes_the_look_without_colours(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened() as (app, _):
        assert app.theme == "mono"
        assert styled(app, "Пором на лінії 1").bold


async def test_an_article_is_what_the_reader_decodes():
    async with opened() as (_app, pilot):
        reader = await read(pilot)
        assert isinstance(reader.reading, Reading)
        assert "[2J" not in repr(reader.reading)


async def test_a_warning_stands_behind_later_words_for_its_own_time_only(monkeypatch):
    async with opened() as (app, pilot):
        line = app.main.foot
        monkeypatch.setattr(foot, "_STAYS", 0.01)
        line.say("the archive is gone", warning=True)
        monkeypatch.setattr(foot, "_STAYS", 100)
        line.say("starred")
        assert "starred · the archive is gone" in screen(app)
        await until(pilot, lambda: line._warned is None)
        line.say("star taken off")
        assert line.word == "star taken off"
