"""Text read in the wrong encoding is made right, and no other text is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.clean.blocks import flat_pieces
from index.clean.page import read_page
from index.text.mojibake import shown, unmangled

RIGHT = (
    "“The quay won’t close” — said Åse Brandt…",
    "Гавань Вексли углубят весной",
    "港口将于明年春天疏浚",
    "It isn’t 100\u00a0% of the café’s money",
)


@pytest.mark.parametrize("text", RIGHT)
def test_utf_8_read_as_latin_1_is_read_again(text):
    assert unmangled(text.encode().decode("latin-1")) == text


def test_utf_8_read_as_windows_1252_is_read_again_where_a_quote_or_dash_shows_it():
    assert unmangled("The harbour â€“ and Wexleyâ€™s cafÃ©") == "The harbour – and Wexley’s café"


@pytest.mark.parametrize("text", [*RIGHT, "Â£5 for Ã©clairs", "caf\xe9\x85\x94 don\x92t", ""])
def test_what_is_right_or_not_surely_wrong_stays(text):
    assert unmangled(text) == text


@given(st.text())
def test_nothing_of_a_text_is_lost_and_what_is_right_stays_right(text):
    once = unmangled(text)
    assert once.isascii() or not text.isascii()
    assert [char for char in once if char.isascii()] == [char for char in text if char.isascii()]


def test_controls_are_shown_as_browsers_show_them():
    assert shown("don\x92t \x80 5") == "don’t € 5"


@pytest.mark.parametrize("sign", ["&#146;", "\x92"])
def test_a_page_shows_a_control_as_the_quote_it_was_meant_to_be(sign):
    pieces = read_page(f"<p>The council won{sign}t pay</p>").pieces
    assert [piece.text for piece in pieces] == ["The council won’t pay"]


def test_between_mangled_quotes_no_word_is_taken_for_an_escape():
    said = "“The quay,” said Ole Brandt, “is open.”"
    mangled = f"{said}\n{said}".encode().decode("latin-1")
    assert [(piece.n, piece.text) for piece in flat_pieces(mangled)] == [(1, said), (2, said)]


def test_between_mangled_quotes_no_word_of_a_page_is_taken_for_an_escape():
    said = "“The quay,” said Ole Brandt, “is open.”"
    mangled = f"<p>{said}</p>".encode().decode("latin-1")
    assert [piece.text for piece in read_page(mangled).pieces] == [said]
