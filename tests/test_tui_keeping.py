"""What a person keeps: marks on many articles, tags, saved and earlier searches, places, counts."""

import pytest

from tests.test_tui_reader import read
from tests.tui_pilot import opened, screen, search, type_, until
from tui.screens.outside import plain
from tui.widgets.search_line import SearchLine


def foot(app):
    """The line below: which keys there are, or what was said."""
    return screen(app).split("\n")[-1]


async def answered(pilot, text):
    await until(pilot, lambda: pilot.app.main._answer.text == text)
    await pilot.pause()


# ---- many at once


async def test_marked_articles_are_starred_together_and_taken_back_together():
    async with opened() as (app, pilot):
        await pilot.press("space", "j", "space")
        assert "2 marked · Esc: none" in foot(app)
        assert screen(app).count("✓") == 2
        await pilot.press("asterisk")
        await until(pilot, lambda: "2 articles starred · u takes it back" in foot(app))
        await until(pilot, lambda: screen(app).count("★") == 2)
        assert "✓" not in screen(app)
        await pilot.press("u")
        await until(pilot, lambda: "★" not in screen(app))
        assert "undone: the star (2 articles)" in foot(app)


async def test_a_range_is_marked_from_where_it_began_to_the_cursor():
    async with opened(articles=1000) as (app, pilot):
        await pilot.press("j", "v", "pagedown", "pagedown")
        assert "13 marked" in foot(app)
        await pilot.press("v")
        await until(pilot, lambda: app.main.list.picks == 13)
        await pilot.press("k", "space")  # the marks stay where they were made; one is taken off
        assert "12 marked" in foot(app)
        await pilot.press("escape")
        assert "marked" not in foot(app)


async def test_a_range_may_span_rows_that_were_never_in_sight():
    async with opened(articles=1000) as (app, pilot):
        await pilot.press("v", "G", "v")
        await until(pilot, lambda: app.main.list.picks == 1000)
        await pilot.press("m")
        await until(pilot, lambda: "1,000 articles marked as read" in foot(app))


async def test_all_that_was_found_is_marked_but_for_those_taken_out():
    async with opened(articles=1_000_000) as (app, pilot):
        await search(pilot, "lang:en")
        await pilot.press("a", "space")
        assert "124 marked" in foot(app)
        await pilot.press("m")
        await until(pilot, lambda: "124 articles marked as read" in foot(app))
        await until(pilot, lambda: app.main.list.results.row(1).read)
        assert not app.main.list.results.row(0).read


async def test_marks_are_gone_with_another_search_and_stay_with_the_same():
    async with opened() as (app, pilot):
        await pilot.press("space")
        app.main._ask(keep=True)
        await pilot.pause()
        assert app.main.list.picks == 1
        await search(pilot, "ferry")
        assert app.main.list.picks == 0


async def test_the_cursor_stays_on_its_article_beyond_the_first_page():
    async with opened(articles=1000) as (app, pilot):
        app.main.list.move_to(700)
        await until(pilot, lambda: app.main.list.row is not None)
        row = app.main.list.row
        await pilot.press("asterisk", "u")
        await until(pilot, lambda: "undone" in foot(app))
        await until(pilot, lambda: app.main._answer.place == 700)
        await pilot.pause()
        assert app.main.list.cursor == 700
        assert app.main.list.row.id == row.id


async def test_an_article_that_leaves_the_list_leaves_the_cursor_at_its_place():
    async with opened() as (app, pilot):
        await search(pilot, "is:unread")
        app.main.list.move_to(5)
        await pilot.press("space", "k", "m")
        await until(pilot, lambda: app.main.list.results.total == 99)
        await until(pilot, lambda: app.main.list.row is not None)
        assert app.main.list.cursor == 5


async def test_articles_are_written_to_a_file_that_is_asked_for():
    async with opened() as (app, pilot):
        await pilot.press("space", "space", "e")
        await until(pilot, lambda: "Write 2 articles to a file" in screen(app))
        app.screen.query_one("#typed").value = "out.exe"
        await until(pilot, lambda: "called .jsonl, .csv, .md or .txt" in screen(app))
        app.screen.query_one("#typed").value = "out.md"
        await until(pilot, lambda: "▌  out.md" in screen(app))
        await pilot.press("enter")
        await until(pilot, lambda: "2 articles written to out.md" in foot(app))


# ---- tags


async def test_tags_are_put_on_found_by_and_taken_off():
    async with opened((200, 60)) as (app, pilot):
        await pilot.press("t")
        await until(pilot, lambda: "Tags of 1 article" in screen(app))
        await type_(pilot, "night boats")
        await until(pilot, lambda: "a new tag" in screen(app))
        await pilot.press("enter")
        await until(pilot, lambda: "+night boats on 1 article" in foot(app))
        await until(pilot, lambda: "#night boats" in screen(app))
        await until(pilot, lambda: "Tags" in screen(app))
        await pilot.press("t")
        await until(pilot, lambda: "✓ night boats" in screen(app))
        await pilot.press("space", "enter")
        await until(pilot, lambda: "−night boats on 1 article" in foot(app))
        await pilot.press("u")
        await until(pilot, lambda: "undone: taking a tag off" in foot(app))
        await until(pilot, lambda: "#night boats" in screen(app))


# ---- saved and earlier searches


async def test_a_search_is_saved_and_stands_at_the_side_with_its_count():
    async with opened((80, 40)) as (app, pilot):
        await search(pilot, "ferry")
        await pilot.press("F")
        await until(pilot, lambda: "Save this search as" in screen(app))
        await pilot.press("B", "o", "a", "t", "s", "enter")
        await until(pilot, lambda: "saved as Boats · u takes it back" in foot(app))
        await search(pilot, "")
        await pilot.press("f")
        await until(pilot, lambda: "Saved searches" in screen(app))
        line = next(line for line in screen(app).split("\n") if "Boats" in line)
        assert line.split() == ["Boats", "25"]
        await pilot.press("g", "enter")
        await answered(pilot, "ferry")


async def test_a_saved_search_is_renamed_removed_and_comes_back():
    async with opened((80, 40)) as (app, pilot):
        await search(pilot, "ferry")
        await pilot.press("F")
        await until(pilot, lambda: "Save this search as" in screen(app))
        await pilot.press("enter")
        await until(pilot, lambda: "saved as ferry" in foot(app))
        await pilot.press("f")
        await until(pilot, lambda: "Saved searches" in screen(app))
        await pilot.press("g", "e")
        await until(pilot, lambda: "Rename" in screen(app))
        await pilot.press("S", "h", "i", "p", "enter")
        await until(pilot, lambda: "search renamed" in foot(app))
        await until(pilot, lambda: " Ship " in screen(app))
        await pilot.press("g", "d")
        await until(pilot, lambda: "Saved searches" not in screen(app))
        await pilot.press("u")
        await until(pilot, lambda: "undone: removing the search" in foot(app))
        await until(pilot, lambda: " Ship " in screen(app))


async def test_an_empty_search_is_not_saved():
    async with opened() as (app, pilot):
        await pilot.press("F")
        await until(pilot, lambda: "there is nothing to save" in foot(app))


async def test_searches_come_back_and_go_forth_to_what_was_being_typed():
    async with opened() as (app, pilot):
        for text in ("ferry", "пором", "ferry"):  # a search comes once, where it was last
            await search(pilot, text)
        await search(pilot, "")
        await pilot.press("slash", "f", "up")
        assert app.main.text == "ferry"
        await pilot.press("up", "up")
        assert app.main.text == "пором"
        await pilot.press("down", "down")
        assert app.main.text == "f"
        await pilot.press("down")
        assert app.focused is app.main.list


async def test_earlier_searches_can_be_chosen_from_a_list():
    async with opened() as (app, pilot):
        await search(pilot, "ferry")
        await search(pilot, "渡轮")
        await pilot.press("H")
        await until(pilot, lambda: "Earlier searches" in screen(app))
        await pilot.press("f", "enter")
        await answered(pilot, "ferry")


# ---- counts at the side


async def test_counts_are_a_pane_on_one_key_where_there_is_no_room_for_three():
    async with opened((120, 40)) as (app, pilot):
        await pilot.press("f")
        await until(pilot, lambda: "Languages" in screen(app))
        assert not app.main.list.display and app.main.reader.display
        assert "filter" in foot(app)
        await pilot.press("escape")
        assert app.main.list.display and not app.main.facets.display
        assert app.focused is app.main.list


async def test_values_are_set_added_and_taken_off_and_the_others_stay_in_sight():
    async with opened((80, 40)) as (app, pilot):
        await pilot.press("f", "enter")
        await answered(pilot, "lang:ar")
        await until(pilot, lambda: "Ukrainian" in screen(app))  # counted without its own filter
        await pilot.press("j", "j", "j", "space")
        await answered(pilot, "lang:ar,uk")
        assert screen(app).count("✓") == 2
        await pilot.press("x")
        await answered(pilot, "")
        assert app.main.facets.has_focus


async def test_a_range_is_set_in_the_histogram():
    async with opened((80, 40)) as (app, pilot):
        await pilot.press("f", "j", "j", "j", "j")
        assert "Jan 2026 · 40" in screen(app)
        assert "earlier" in foot(app)
        await pilot.press("right", "enter")
        await answered(pilot, "date:2026-02")
        await until(pilot, lambda: "Jan 2026" in screen(app))  # both months are still to be seen
        await pilot.press("left", "space", "right", "enter")
        await answered(pilot, "date:2026-01..2026-02")
        await pilot.press("x")
        await answered(pilot, "")


async def test_dragging_over_the_histogram_sets_the_range():
    async with opened((200, 60)) as (app, pilot):
        await until(pilot, lambda: "Jan 2026" in screen(app))
        facets = app.main.facets
        line = next(
            y for y, (n, _) in enumerate(facets._lines) if facets._entries[n].kind == "dates"
        )
        await pilot.mouse_down(facets, offset=(3, line))
        await pilot.hover(facets, offset=(7, line))
        await pilot.mouse_up(facets, offset=(7, line))
        await pilot.click(facets, offset=(7, line))
        await until(pilot, lambda: app.main.text.startswith("date:2026-"))


async def test_the_last_filter_is_taken_off_by_key():
    async with opened() as (_app, pilot):
        await search(pilot, "ferry lang:en date:2026")
        await pilot.press("backspace")
        await answered(pilot, "ferry lang:en")
        await pilot.press("backspace")
        await answered(pilot, "ferry")


# ---- while one types


async def test_fields_complete_themselves_and_tab_goes_through_them():
    async with opened() as (app, pilot):
        await pilot.press("slash", *"ferry la")
        await until(pilot, lambda: app.main.completions.display)
        assert "lang:uk" in screen(app)
        assert isinstance(app.focused, SearchLine)
        await pilot.press("tab")
        assert app.main.text == "ferry lang:"
        await pilot.press("tab", "tab")
        assert app.main.text == "ferry lang:en"
        await pilot.press("enter")
        assert not app.main.completions.display
        await answered(pilot, "ferry lang:en")


async def test_words_are_not_helped_with_and_no_key_is_taken():
    async with opened() as (app, pilot):
        await pilot.press("slash", *"ferry")
        await answered(pilot, "ferry")
        assert not app.main.completions.display
        await pilot.press("space", "i", "s", "colon")
        await until(pilot, lambda: app.main.completions.display)
        await pilot.press("down")  # goes to the list, as ever
        assert app.focused is not app.main.line and not app.main.completions.display


# ---- no hits


async def test_where_nothing_is_found_the_ways_out_can_be_chosen():
    async with opened() as (app, pilot):
        await search(pilot, "ferry lang:uk date:2026")
        await until(pilot, lambda: "remove lang:uk: " in screen(app))
        assert "take off all filters: 25 articles" in screen(app)
        await pilot.press("enter")
        await answered(pilot, "ferry date:2026")
        assert app.focused is app.main.list


# ---- reading


async def test_reading_goes_on_where_it_stopped_even_in_another_session():
    async with opened((80, 12)) as (app, pilot):
        reader = await read(pilot)
        await pilot.press("space", "escape")
        await pilot.press("j", "enter")
        await until(pilot, lambda: reader.reading.id == "a0000001")
        await until(pilot, lambda: "a0000000" in reader._told)
        place = reader._told["a0000000"]
        assert place[0] > 0
        app.main._readings.clear()  # as a new session begins
        reader._places.clear()
        await pilot.press("escape", "k", "enter")
        await until(pilot, lambda: reader.reading.id == "a0000000")
        assert reader.reading.place == place
        assert reader._place() == place


async def test_space_reads_on_to_the_next_article():
    async with opened((80, 24)) as (app, pilot):
        reader = await read(pilot)
        await pilot.press("G", "space")
        await until(pilot, lambda: reader.reading.id == "a0000001")
        assert app.main.list.cursor == 1


async def test_all_that_is_known_says_where_it_comes_from():
    async with opened((80, 40)) as (app, pilot):
        await pilot.press("j", "I")
        await until(pilot, lambda: "What is known of this article" in screen(app))
        assert "the text says so" in screen(app)
        assert "found in the text, 100% sure" in screen(app)
        assert "of the original bytes" in screen(app)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.main)


async def test_a_wrong_language_is_corrected_and_taken_back():
    async with opened() as (app, pilot):
        await pilot.press("w")
        await until(pilot, lambda: "The article's language" in screen(app))
        await type_(pilot, "icelandic")
        await until(pilot, lambda: "▌  Icelandic" in screen(app))
        await pilot.press("enter")
        await until(pilot, lambda: "Icelandic · u takes it back" in foot(app))
        await pilot.press("I")
        await until(pilot, lambda: "you said so" in screen(app))
        await pilot.press("escape", "u")
        await until(pilot, lambda: "undone: correcting the language" in foot(app))


async def test_a_cut_is_chosen_kept_and_taken_back():
    async with opened((80, 40)) as (app, pilot):
        reader = await read(pilot)
        await pilot.press("right_curly_bracket", "right_curly_bracket")
        assert "▌ Leave a comment" in screen(app)
        await pilot.press("plus")
        await until(pilot, lambda: "kept in the article" in foot(app))
        await until(pilot, lambda: reader.cut_lines == 2)
        await pilot.press("u")
        await until(pilot, lambda: "undone: keeping a cut" in foot(app))
        await until(pilot, lambda: reader.cut_lines == 3)


async def test_an_address_opens_in_the_browser_only_when_asked(tmp_path, monkeypatch):
    said = tmp_path / "said"
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho "$1" > {said}.part && mv {said}.part {said}\n')
    script.chmod(0o700)
    monkeypatch.setenv("BROWSER", str(script))
    import webbrowser

    monkeypatch.setattr(webbrowser, "_tryorder", None)
    monkeypatch.setattr(webbrowser, "_browsers", {})
    async with opened() as (app, pilot):
        await pilot.press("j", "O")
        await until(pilot, lambda: "this article has no address" in foot(app))
        assert not said.exists()
        await pilot.press("k", "O")
        await until(pilot, lambda: "opened in the browser: harbour.example" in foot(app))
        await until(pilot, said.exists)
        assert said.read_text() == "https://harbour.example/0\n"


async def test_the_text_copied_is_title_what_is_known_and_paragraphs():
    async with opened() as (app, pilot):
        await pilot.press("j", "j", "j", "j")
        reader = await read(pilot)
        text = plain(reader.reading)
        assert text.startswith("The ferry on line 4 waits for the winter timetable\n\nIda Vell")
        assert "Leave a comment" not in text
        await pilot.press("Y")
        await until(pilot, lambda: "text copied" in foot(app))
        assert app.clipboard == text
        await pilot.press("y")
        await until(pilot, lambda: "address copied" in foot(app))
        assert app.clipboard == "https://harbour.example/4"


@pytest.mark.parametrize("order", ["oldest first", "last added first", "longest first"])
async def test_the_palette_names_the_orders(order):
    async with opened() as (app, pilot):
        await pilot.press("colon")
        await until(pilot, lambda: "Commands" in screen(app))
        await type_(pilot, order)
        await until(pilot, lambda: f"▌  list: {order}" in screen(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.main._answer.sort in {"oldest", "added", "longest"})
        assert order in screen(app)


async def test_a_second_import_waits_for_the_first(tmp_path):
    async with opened() as (app, pilot):
        app.main.import_paths([str(tmp_path)])
        app.main.import_paths([str(tmp_path)])
        await until(pilot, lambda: app.main._articles == 124)
