"""Lines hold all of a text but spaces, and none is wider than asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, split_graphemes

from index.text.safe import safe_line
from tui.text import bidi
from tui.text.bidi import is_right_to_left
from tui.text.wrap import cells, cut, wrap, wrap_on

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


def drawn(text, right):
    order = bidi.visual(text, right=right)
    return "".join(bidi.mirrored(text[a:b]) if turned else text[a:b] for a, b, turned in order)


@pytest.mark.parametrize(
    ("text", "right", "seen"),
    [
        ("plain text", False, "plain text"),
        ("אבג", True, "גבא"),
        ("אבג 123", True, "123 גבא"),
        ("car (אבג) car", False, "car (גבא) car"),
        ("אבג abc דהו", True, "והד abc גבא"),
        ("abc אבג דהו def", False, "abc והד גבא def"),
        ("العبارة 12:30", True, "12:30 ةرابعلا"),
        ("(אבג)", True, "(גבא)"),
        ("אב abc (def) גד", True, "דג abc (def) בא"),
        ("אב (ג d) e", False, "בא (ג d) e"),
        ("אב [(ג] d) e", False, "[ג)] בא d) e"),
        ("a אב, 5% גד b", False, "a דג 5% ,בא b"),
        ("שָׁלוֹם", True, "םוֹלשָׁ"),
        ("", True, ""),
    ],
)
def test_right_to_left_text_is_put_in_the_order_of_drawing(text, right, seen):
    assert drawn(text, right) == seen


@given(st.text(alphabet="ab1 ,.אבگا٣()\u0301", max_size=20), st.booleans())
def test_putting_in_order_loses_and_adds_nothing(text, right):
    order = bidi.visual(text, right=right)
    assert sorted(index for a, b, _turned in order for index in range(a, b)) == [*range(len(text))]


def test_a_line_that_is_put_in_order_keeps_its_styles_and_fits():
    from tui.widgets.lines import in_order

    pieces = [("אבג ", "ink"), ("דהו", "hit"), (" זחט", "ink")]
    assert in_order(pieces, right=True) == [("טחז ", "ink"), ("והד", "hit"), (" גבא", "ink")]
    assert in_order(pieces, right=True, room=6) == [("…", "ink"), ("ד", "hit"), (" גבא", "ink")]


@given(
    text=st.text(alphabet="abc де  渡e\u0301ش", max_size=400),
    width=st.integers(3, 20),
    most=st.integers(1, 6),
)
def test_a_text_broken_in_portions_has_the_lines_it_has_at_once(text, width, most):
    lines, at = [], 0
    while at is not None:
        more, at = wrap_on(text, width, at, most)
        lines += more
    assert lines == wrap(text, width)
