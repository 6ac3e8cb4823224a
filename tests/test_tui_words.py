"""What the interface says: catalogs, dates and names, keys, filters in the query, looks, state."""

import io
import json
import string

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from textual.color import Color

import assets
from index.model import Row
from tools.messages import catalog, in_latin
from tui import formats, i18n, keys, query_text, state
from tui.state import View
from tui.text.bars import bar, bins, upright
from tui.themes import CONTRAST, INK, PAPER, THEMES, TOKENS


@pytest.fixture(autouse=True)
def english():
    i18n.set_locale("en")
    yield
    i18n.set_locale("en")


def of_locale(code):
    path = assets.LOCALE / code / "LC_MESSAGES" / "newsreader.po"
    return read_po(io.BytesIO(path.read_bytes()), locale=code)


_LATIN_CATALOG = of_locale("sr_Latn")


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", i18n.locales())
def test_the_catalog_says_all_there_is_to_say_with_the_same_values(code):
    translated = of_locale(code)
    for message in catalog():
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        found = translated.get(message.id)
        assert found is not None and not found.fuzzy, f"{code} lacks {message.id!r}"
        strings = found.string if isinstance(found.string, tuple) else (found.string,)
        for text in strings:
            assert text, f"{code} lacks {message.id!r}"
            assert fields(text) <= fields(ids[-1]), message.id
            assert len(strings) > 1 or fields(text) == fields(ids[0]), message.id


def test_eight_languages_are_spoken():
    assert set(i18n.locales()) == {"de", "en", "es", "fr", "pl", "sr", "sr_Latn", "uk"}


def test_serbian_in_latin_letters_is_serbian():
    for message in of_locale("sr"):
        if message.id:
            latin = of_latin(message.id)
            strings = message.string if isinstance(message.string, tuple) else [message.string]
            assert list(latin) == [in_latin(text) for text in strings]
    assert in_latin("Његов џеп, Љиља") == "Njegov džep, Ljilja"


def of_latin(id_):
    found = _LATIN_CATALOG.get(id_).string
    return found if isinstance(found, tuple) else [found]


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("uk_UA.UTF-8", "uk_UA"),
        ("uk", "uk"),
        ("en-GB", "en_GB"),
        ("xx", "en"),
        ("de_DE", "de_DE"),
        ("sr_RS.UTF-8@latin", "sr_Latn_RS"),
        ("pt", "en"),
        ("", "en"),
    ],
)
def test_the_locale_in_force_has_a_catalog(asked, spoken):
    assert i18n.set_locale(asked) == spoken


@pytest.mark.parametrize(
    ("environment", "locale"),
    [({"LANG": "uk_UA.UTF-8"}, "uk_UA"), ({"LC_ALL": "C", "LANG": "uk_UA"}, "en"), ({}, "en")],
)
def test_the_environment_names_the_locale(environment, locale):
    assert i18n.locale_of(environment) == locale


@pytest.mark.parametrize(
    ("n", "said"), [(1, "1 рядок"), (3, "3 рядки"), (5, "5 рядків"), (21, "21 рядок")]
)
def test_ukrainian_counts_in_three_forms(n, said):
    i18n.set_locale("uk")
    text = i18n.ngettext("{n} line cut: {what}", "{n} lines cut: {what}", n)
    assert said in text.format(n=n, what="")


def test_the_year_is_left_out_only_when_it_is_this_one():
    assert formats.day("2026-02-19") == "Feb 19"
    assert formats.day("2025-02-19") == "Feb 19, 2025"
    assert formats.day(None) == "undated"
    i18n.set_locale("uk")
    assert formats.day("2025-02-19", full=True) == "19 лютого 2025 р."


def test_names_of_languages_are_in_the_readers_language():
    assert formats.language("uk") == "Ukrainian"
    assert formats.language("sr_Latn") == "Serbian (Latin)"
    assert formats.language("und") == "language not known"
    i18n.set_locale("uk")
    assert formats.language("zh") == "китайська"


@pytest.mark.parametrize("odd", ["2026-13-45", "", "0000-00-00", "xx", "not a date \x1b[2J"])
def test_an_odd_date_or_language_is_shown_as_it_is_without_controls(odd):
    assert "\x1b" not in formats.day(odd) + formats.language(odd) + formats.month(odd)


def test_each_key_does_one_thing_in_a_place():
    for place in ("list", "reader", "side", "search", "panel", "single"):
        pressed = [key for entry in keys.keys_of(place) for key in entry.keys]
        assert len(pressed) == len(set(pressed)), place


def test_each_key_of_the_table_has_its_action():
    from tui.screens.choose import Choose
    from tui.screens.main import MainScreen
    from tui.widgets.article_list import ArticleList
    from tui.widgets.facets import Facets
    from tui.widgets.reader import Reader
    from tui.widgets.search_line import SearchLine

    homes = {
        "list": (ArticleList, MainScreen), "reader": (Reader, MainScreen),
        "search": (SearchLine,), "panel": (Choose,), "single": (Choose,),
        "side": (Facets, MainScreen),
    }  # fmt: skip
    for entry in keys.TABLE:
        for place in entry.places:
            assert any(hasattr(home, f"action_{entry.action}") for home in homes[place]), entry


def test_the_readme_table_names_each_key():
    table = keys.readme_table()
    for entry in keys.TABLE:
        assert entry.label in table
        assert f"`{entry.shown.split(' ')[0]}`" in table


@pytest.mark.parametrize(
    ("locale", "letter", "latin"),
    [("uk", "о", "j"), ("en", "О", "J"), ("uk", "х", "["), ("el", "ξ", "j"), ("en", "ח", "j"),
     ("ar", "ت", "j"), ("uk", "в", "d"), ("sr", "в", "v"), ("en", "і", "s")],
)  # fmt: skip
def test_letters_of_other_layouts_are_taken_by_their_key(locale, letter, latin):
    assert keys.layout(locale)[letter] == latin


def test_no_latin_key_is_changed():
    assert not any(char.isascii() for char in keys.layout("uk"))


@pytest.mark.parametrize(
    ("text", "field", "value", "after"),
    [
        ("НАТО", "lang", "uk", "НАТО lang:uk"),
        ("lang:en НАТО", "lang", "uk,sr", "lang:uk,sr НАТО"),
        ("a lang:en b", "lang", "", "a b"),
        ('"lang:en said" b', "lang", "uk", '"lang:en said" b lang:uk'),
        ("", "source", "Harbour Post", 'source:"Harbour Post"'),
        ('source:"Harbour Post" a', "source", "x", "source:x a"),
        ("mylang:en", "lang", "uk", "mylang:en lang:uk"),
        ("-lang:en a", "lang", "uk", "lang:uk a"),
    ],
)
def test_a_filter_takes_the_place_of_the_one_before(text, field, value, after):
    assert query_text.set_filter(text, field, value) == after


def test_one_date_filter_takes_the_place_of_all():
    text = query_text.set_filter("after:2025 a before:2026", "date", "7d", fields=query_text.DATES)
    assert text == "date:7d a"


@given(st.text(alphabet='ab: "-lngdte,()', max_size=30))
def test_taking_filters_off_twice_is_taking_them_off_once(text):
    once = query_text.without_filters(text)
    assert query_text.without_filters(once) == once


@given(st.text(alphabet='ab: "lng,', max_size=20))
def test_a_filter_that_is_set_is_found(text):
    if text.count('"') % 2 == 0:
        assert query_text.value_of(query_text.set_filter(text, "lang", "uk"), ("lang",)) == "uk"


def contrast(one, other):
    lights = sorted((Color.parse(one), Color.parse(other)), key=_light, reverse=True)
    return (_light(lights[0]) + 0.05) / (_light(lights[1]) + 0.05)


def _light(color):
    """Relative luminance, WCAG 2.2."""
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in color.normalized
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("tokens", [INK, PAPER, CONTRAST], ids=["ink", "paper", "contrast"])
@pytest.mark.parametrize("ground", ["paper", "cursor"])
def test_our_looks_can_be_read(tokens, ground):
    assert contrast(tokens["ink"], tokens[ground]) >= 7
    for token in ("muted", "accent", "hit", "star", "cut", "warn"):
        assert contrast(tokens[token], tokens[ground]) >= 4.5, token


def test_high_contrast_is_high():
    for token in ("ink", "muted", "accent", "hit", "star", "cut", "warn"):
        for ground in ("paper", "cursor"):
            assert contrast(CONTRAST[token], CONTRAST[ground]) >= 7, (token, ground)
    assert contrast(CONTRAST["rule"], CONTRAST["paper"]) >= 3


def test_each_look_can_be_set_and_chosen():
    from tui.screens.commands import looks_and_languages
    from tui.settings import THEMES as NAMES

    names = {theme.name for theme in THEMES}
    assert names == {*NAMES}
    assert names == {one.id[5:] for one in looks_and_languages() if one.id.startswith("look:")}


def test_the_looks_of_the_terminal_name_no_colour_of_ours():
    for theme in THEMES[3:]:
        assert all(theme.variables[token].startswith("ansi_") for token in TOKENS)
    assert {THEMES[4].variables[token] for token in TOKENS} == {"ansi_default"}


ROW = Row("a1", None, "Lede.", "", "uk", "2026-02-19", "x.example", 1.0, lede_hits=((0, 4),))


def test_a_view_is_kept(tmp_path):
    view = View("lang:uk", "newest", "uk", 3, 9, (ROW,), "a1", ("a", "b"))
    state.save(tmp_path / "new", view)
    assert state.load(tmp_path / "new") == view


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"rows": 3}', b"\xff\xfe", b"null"])
def test_a_damaged_view_is_an_empty_one(tmp_path, damage):
    (tmp_path / "view.json").write_bytes(damage)
    assert state.load(tmp_path) == View()


def test_a_view_written_by_another_hand_is_made_safe(tmp_path):
    state.save(tmp_path, View("a", rows=(ROW,)))
    kept = json.loads((tmp_path / "view.json").read_text())
    kept["rows"][0]["lede"] = "\x1b[2Jx"
    kept["formats"] = [["en", "long", "x", "\x1b]52;c;x\x07"], 3]
    (tmp_path / "view.json").write_text(json.dumps(kept))
    assert state.load(tmp_path).rows[0].lede == "x"
    assert "\x1b" not in json.dumps(formats.remember())


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path):
    (tmp_path / "file").write_text("")
    state.save(tmp_path / "file" / "below", View("a"))


def test_bars_show_shares_and_something_is_never_nothing():
    assert bar(1, 4) == "━━━━"
    assert bar(0.001, 4).strip() == "╸"
    assert bar(0, 4).strip() == ""


def test_bins_span_the_months_and_leave_gaps():
    found = bins({"2025-11": 1, "2026-02": 8, "undated": 5}, 12)
    assert [(one.first, one.count) for one in found] == [
        ("2025-11", 1), ("2025-12", 0), ("2026-01", 0), ("2026-02", 8),
    ]  # fmt: skip
    (first, last) = bins({"2025-11": 1, "2026-02": 8}, 2)
    assert (first.first, first.last, first.count) == ("2025-11", "2025-12", 1)
    assert (last.first, last.last, last.count) == ("2026-01", "2026-02", 8)
    assert bins({"undated": 3}, 9) == []


def test_upright_bars_grow_from_below_and_something_is_never_nothing():
    assert upright([0, 1, 16], 2) == ["  █", " ▁█"]


def test_lists_of_values_are_written_into_the_query_and_read_again():
    text = query_text.with_facet("ferry lang:en", "source", "Harbour Post", "B92", "A, B")
    assert text == 'ferry lang:en source:"Harbour Post",B92,"A, B"'
    assert query_text.values_of(text, ("source",)) == ("Harbour Post", "B92", "A, B")
    assert query_text.with_facet(text, "source") == "ferry lang:en"
    assert query_text.is_filtered(text, "source") and not query_text.is_filtered(text, "tag")


@pytest.mark.parametrize(
    ("value", "span"),
    [
        ("2026-02", ("2026-02", "2026-02")),
        ("2025", ("2025-01", "2025-12")),
        ("2025-11..2026-02", ("2025-11", "2026-02")),
        ("2024..2025-06", ("2024-01", "2025-06")),
        ("last week", None),
        ("undated", None),
    ],
)
def test_a_date_filter_of_months_is_found_again_in_the_histogram(value, span):
    assert query_text.months(value) == span


def test_the_words_of_the_interface_are_there_without_textual():
    import subprocess
    import sys

    code = (
        "import sys, tui.i18n, tui.formats; print('textual' in sys.modules, 'babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
