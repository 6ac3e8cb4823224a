"""Lines hold all of a text but spaces, and none is wider than asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, split_graphemes

from index.text.safe import safe_line
from tui.text.bidi import is_right_to_left
from tui.text.wrap import cells, cut, wrap

WORDS = st.text(
    alphabet=st.sampled_from(
        "aé жїЖ שלם سلام\u0651 北京、。「」 ฉันกิน हिन्दी 한국 😀👨\u200d👩 e\u0301 ,.-—«»ー々"
    )
)


@given(WORDS | st.text().map(safe_line), st.integers(2, 90))
def test_nothing_but_spaces_is_lost_between_lines(text, width):
    lines = wrap(text, width)
    assert [a for a, _ in lines] == sorted(a for a, _ in lines)
    at = 0
    for start, end in lines:
        assert at <= start <= end
        assert not text[at:start].strip(" ")
        at = end
    assert not text[at:].strip(" ")


@given(WORDS | st.text().map(safe_line), st.integers(2, 90))
def test_no_line_is_wider_than_asked(text, width):
    for start, end in wrap(text, width):
        line = text[start:end]
        assert cell_len(line) <= width or len(split_graphemes(line)[0]) == 1


@given(WORDS, st.integers(0, 60))
def test_a_cut_text_fits_and_is_whole_where_it_can_be(text, width):
    assert cells(cut(text, width)) <= width
    if cells(text) <= width:
        assert cut(text, width) == text


@given(st.text(alphabet="abcdef жзи", min_size=1), st.integers(2, 40))
def test_the_fast_way_breaks_where_the_slow_one_does(text, width):
    from tui.text.wrap import _wrap_graphemes

    if text.strip(" "):
        assert wrap(text, width) == _wrap_graphemes(text, width)


def shown(text, width):
    return [text[a:b] for a, b in wrap(text, width)]


def test_words_stay_whole_and_long_ones_are_broken():
    assert shown("one two three", 8) == ["one two", "three"]
    assert shown("a unbreakable b", 5) == ["a", "unbre", "akabl", "e b"]


def test_chinese_breaks_anywhere_but_before_its_full_stop():
    assert shown("北京上海广州。深圳", 12) == ["北京上海广", "州。深圳"]
    assert shown("北京abc上海广州", 8) == ["北京abc", "上海广州"]


@pytest.mark.parametrize(
    ("text", "rtl"),
    [
        ("שלום", True),
        ("12 سلام", True),
        ("NATO في", False),
        ("hello", False),
        ("", False),
        ("«123»", False),
    ],
)
def test_the_first_letter_tells_the_direction(text, rtl):
    assert is_right_to_left(text) is rtl
