"""Words that nobody should write: the index takes them, and the plain ones beside are found."""

import time

import pytest

from index.errors import QueryError
from index.language import detect
from index.model import Entry
from index.search.echo import echo
from index.search.expand import expand
from index.search.highlight import highlight
from index.search.query import parse
from index.text.names import name_keys, query_name_keys
from tests.search_model import TODAY

SPOOFED = {
    "a Cyrillic letter in a Latin word": "Pаypal",
    "Latin letters in a Cyrillic word": "Кoсoво",
    "a Greek letter in a Latin word": "Brusselѕ Οslo",
    "letters of mathematics": "\U0001d40e\U0001d42c\U0001d425\U0001d428",
    "each letter of another script": "aбγدהაկ中ก",
}
STRANGE = {
    "unassigned": "\u0378\u0379\u05ff\U000323b0\U000e0fff",
    "private": "\ue000\uf8ff\U000f0000\U0010ffff",
    "noncharacters": "\ufdd0\ufffe\U0001ffff",
    "marks alone": "\u0301\u0308\u064b\u05b0\u0e31" * 40,
    "joiners alone": "\u200d\u200c\u2060\ufeff" * 40,
}
LETTERS = {"uk": "ж", "de": "ß", "hi": "की", "zh": "港"}
UNKNOWN = ["", "xx", "und", "zz_ZZ", "uk_Latn_XX", "not a language", "x" * 2000, "укр", "\u0378"]
PLAIN = "harbour"
MILLION = 1_000_000
MOST_TYPED = 60


def put(index, text, language="en", key=0, title=""):
    index.put([Entry(key, title, text, "", "", language, None)])


def total(index, text, languages=("en", "uk")):
    return index.search(expand(parse(text, today=TODAY), languages)).total


@pytest.mark.parametrize("word", [*SPOOFED.values(), *STRANGE.values()], ids=[*SPOOFED, *STRANGE])
def test_the_plain_word_beside_a_strange_one_is_found(index, word):
    text = f"The {PLAIN} {word} was closed, {word}{PLAIN} or {word.title()}."
    put(index, text, title=word)
    assert total(index, PLAIN) == 1
    assert total(index, f"{PLAIN} closed") == 1
    for language in ("en", "uk", "und"):
        parsed = expand(parse(f"{PLAIN} {word}", today=TODAY), (language,))
        assert (4, 11) in highlight(parsed, text, language=language)
        assert PLAIN in echo(parsed, [(word, language)])
        assert detect(text)[0]


@pytest.mark.parametrize("word", SPOOFED.values(), ids=SPOOFED)
def test_a_word_of_several_scripts_is_found_as_it_is_and_passes_for_no_name(index, word):
    put(index, f"The {PLAIN} of {word} was closed.")
    assert total(index, word) == 1
    assert total(index, "Paypal OR Косово") == 0


def test_a_word_that_only_looks_like_a_name_has_not_its_keys():
    assert set(query_name_keys("Paypal")).isdisjoint(name_keys("Pаypal"))  # the а is Cyrillic
    assert set(query_name_keys("Косово")).isdisjoint(name_keys("Кoсoво"))  # each o is Latin


@pytest.mark.parametrize("language", LETTERS)
def test_a_word_of_a_million_letters_costs_about_what_as_many_letters_of_words_cost(
    index, language
):
    put(index, f"The {PLAIN} was open.", language)
    one = LETTERS[language]
    word = (one * MILLION)[:MILLION]
    words = " ".join([one * 4 + "har"] * (MILLION // 8))
    usual = taken(lambda: put(index, f"{words} was closed.", language, key=1))
    spent = taken(lambda: put(index, f"The {PLAIN} {word} was closed.", language, key=2))
    assert spent < 5 * usual + 1
    assert total(index, PLAIN, (language,)) == 2
    assert total(index, f"{PLAIN} closed", (language,)) == 1
    asked = taken(lambda: total(index, f"{PLAIN} {word[:MOST_TYPED]}", (language,)))
    assert asked < 5 * usual + 1


def taken(work):
    """Seconds of CPU."""
    start = time.process_time()
    work()
    return time.process_time() - start


def test_a_query_of_a_million_letters_is_one_word_or_a_clear_error(index):
    put(index, f"The {PLAIN} was closed.")
    assert total(index, f"{PLAIN} -{'ж' * MILLION}") == 1
    with pytest.raises(QueryError, match="512 words"):
        parse(f"{PLAIN} " + "港 " * 2000, today=TODAY)


@pytest.mark.parametrize("language", UNKNOWN)
def test_articles_in_unknown_languages_are_found_by_their_words(index, language):
    put(index, f"The {PLAIN} in Oslo was closed. Гавань в Осло.", language)
    for asked in (PLAIN, "гавань", "Oslo", f'"the {PLAIN}"', "ОСЛО", "harb*", "harbor~"):
        assert total(index, asked, (language, "en")) == 1
        assert total(index, asked, ()) == 1
