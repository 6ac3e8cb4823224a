"""What every string goes through: safety, folding, words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import safe
from index.text.fold import fold
from index.text.safe import safe_line, safe_text, safe_url
from index.text.words import words


@pytest.mark.parametrize(
    ("hostile", "inert"),
    [
        ("a\x1b[2Jb", "ab"),
        ("a\x1b]52;c;ZXZpbA==\x07b", "ab"),
        ("a\x1b]0;title\x1b\\b", "ab"),
        ("a\x9b31mb\x9d0;t\x9cc", "abc"),
        ("a\x1bPq#0\x1b\\b", "ab"),
        ("a\x1b", "a"),
        ("abc\u202edcba\u202c", "abcdcba"),
        ("a\u2066b\u2069", "ab"),
        ("a\x00b\x07c\x08d\x7fe", "abcde"),
        ("a\tb\rc\u00a0\u3000d", "a b c d"),
        ("a\ud800b\ufeffc\U000e0041d", "abcd"),
        ("[bold]x[/bold] [@click=app.quit]y", "[bold]x[/bold] [@click=app.quit]y"),
    ],
)
def test_what_a_terminal_would_obey_is_gone(hostile, inert):
    assert safe_line(hostile) == inert


def test_combining_marks_do_not_pile_up():
    assert len(unicodedata.normalize("NFD", safe_line("a" + "\u0301\u0302\u0303" * 50))) <= 6


def test_what_is_taken_as_it_is_needs_nothing_done_to_it_whatever_stands_beside_it():
    pairs = (unicodedata.decomposition(chr(point)).split() for point in range(0x110000))
    joining = {int(pair[1], 16) for pair in pairs if len(pair) == 2 and pair[0][0] != "<"}
    taken = [char for char in map(chr, range(0x110000)) if safe._PLAIN.fullmatch(char)]
    assert len(taken) > 30_000
    for char in taken:
        assert not safe.NEVER.match(char), hex(ord(char))
        assert char == " " or not safe._SPACES.match(char), hex(ord(char))
        assert unicodedata.is_normalized("NFC", char), hex(ord(char))
        assert ord(char) not in joining, hex(ord(char))
        assert not unicodedata.combining(char), hex(ord(char))


@given(st.text())
def test_safe_text_is_idempotent_and_holds_no_controls(text):
    once = safe_text(text)
    assert safe_text(once) == once
    assert all(c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"} for c in once)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P"])))
def test_letters_numbers_and_punctuation_stay(text):
    assert len(safe_line(text)) >= len(unicodedata.normalize("NFC", text).replace("\u180e", ""))


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_pass(url, kept):
    assert safe_url(url) == kept


@pytest.mark.parametrize(
    "equal",
    [
        ["ФЕРІ", "фері"],
        ["об'єкт", "об’єкт", "обʼєкт", "ОБ`ЄКТ"],
        ["ёлка", "елка", "ЁЛКА"],
        ["Straße", "STRASSE"],
        ["Αθήνα", "ΑΘΗΝΑ", "αθηνα"],
        ["İstanbul", "istanbul", "ISTANBUL"],
        ["Łódź", "lodz"],
        ["كِتَاب", "كتاب"],
        ["ｆｅｒｒｙ", "ferry"],
        ["за́мок", "замок"],
    ],
)
def test_spellings_of_one_word_fold_together(equal):
    assert len({fold(word) for word in equal}) == 1


@pytest.mark.parametrize(("one", "other"), [("зайка", "заика"), ("їх", "іх"), ("हिन्दी", "हन्द")])
def test_different_letters_stay_different(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Новий об’єкт", ["новий", "обєкт"]),
        ("l’école", ["l", "ecole"]),
        ("4,500 and 4 500", ["4500", "and", "4500"]),
        ("in 2024 500 people", ["in", "2024", "500", "people"]),
        ("well-known", ["well", "known"]),
        ("地铁线", ["地铁", "铁线"]),
        ("हिन्दी पुस्तक", ["हिन्दी", "पुस्तक"]),
        ("", []),
    ],
)
def test_words(text, expected):
    assert [word.text for word in words(text)] == expected


@given(st.text())
def test_words_lie_in_the_text_in_order(text):
    found = words(text)
    assert all(0 <= word.start < word.end <= len(text) and word.text for word in found)
    assert [word.start for word in found] == sorted(word.start for word in found)
