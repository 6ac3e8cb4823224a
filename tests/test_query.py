"""The query language: what is asked, also half-typed, and what is refused."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import QueryError
from index.model import Query
from index.search import query, tree
from index.search.highlight import highlight
from index.search.query import MOST_BEGUN, MOST_LOOSE, MOST_NEAR, MOST_TERMS, parse, with_options
from index.search.spelling import edits_within
from index.search.tree import And, Dated, Every, Fuzzy, Language, Not, Or, Phrase, Prefix, Word

TODAY = date(2026, 2, 20)
GOLD = Path(__file__).parents[2] / "shared" / "packs" / "queries" / "dev" / "queries.jsonl"
a, b, c = Word("a"), Word("b"), Word("c")


def asked(text):
    return parse(text, today=TODAY).tree


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a b", And((a, b))),
        ("a AND b", And((a, b))),
        ("a b OR c", Or((And((a, b)), c))),
        ("a (b OR c)", And((a, Or((b, c))))),
        ("a -b", And((a, Not(b)))),
        ("a NOT (b OR c)", And((a, Not(Or((b, c)))))),
        ("NOT -a", a),
        ("a a", a),
        ("and or not", And((Word("and"), Word("or"), Word("not")))),
        ("B* Ábc", And((Prefix("b"), Word("abc")))),
        ("well-known", Phrase(("well", "known"))),
        ("a -well-known", And((a, Not(Phrase(("well", "known")))))),
        ('"a b"~2', Phrase(("a", "b"), slop=2)),
        ("abc~ abcd~2 abcde~9", And((Fuzzy("abc"), Fuzzy("abcd", 2), Fuzzy("abcde", 2)))),
        ("f*y", tree.Wildcard("f*y")),
        ("об'єкт*", Prefix("обєкт")),
        ("火", Prefix("火")),
        ("火山岩", Phrase(("火山", "山岩"))),
        ("title:(a OR b)", Or((Word("a", "title"), Word("b", "title")))),
        ('title:"a b"', Phrase(("a", "b"), "title")),
        ("LANG:UK,sr-latn", Or((Language("uk"), Language("sr_Latn")))),
        ('source:"x y",z', Or((Phrase(("x", "y"), "source"), Word("z", "source")))),
        ("lang:(uk,en OR el)", Or((Language("uk"), Language("en"), Language("el")))),
        ("source:unknown", tree.Unsourced()),
        ("date:2025-06", Dated(date(2025, 6, 1), date(2025, 6, 30))),
        ("date:undated", tree.Undated()),
        ("after:2025", Dated(date(2026, 1, 1), None)),
        ("before:2025-06", Dated(None, date(2025, 5, 31))),
        ("is:read tag:later", And((tree.Flagged("read"), tree.Tagged("later")))),
        ("12:30", Phrase(("12", "30"))),
        ("https://a.b", Phrase(("https", "a", "b"))),
        ("a\u200bb \x00 \ud800", Word("ab")),
    ],
)
def test_queries_mean(text, meant):
    assert asked(text) == meant


@pytest.mark.parametrize(
    "unfinished",
    [
        *("a OR", "a AND", "a NOT", "a -", "a :", "(a", "a)", "a (", "a title:", "a date:", "OR a"),
        *('a ""', 'a -"', '"a', "a -- ", "a lang:", 'a source:"', "a *", "a ~", "a (-", "a OR ("),
    ],
)
def test_what_is_unfinished_is_left_out(unfinished):
    assert asked(unfinished) == a


@pytest.mark.parametrize("nothing", ["", " ", "OR OR", "-", "()", "((", '"', "***", "…", "\x00"])
def test_a_query_that_asks_nothing_finds_everything(nothing):
    assert asked(nothing) == Every()


@pytest.mark.parametrize(
    ("text", "wrong", "suggestion"),
    [
        ("x colour:red", "colour:red", None),
        ("x auhtor:ann y", "auhtor:ann", "author"),
        ("x language:(uk)", "language:(", "lang"),
        ("lang:en,qqq", "qqq", None),
        ("lang:ukrainian", "ukrainian", "uk"),
        ("a lang:sr_Xxxx", "sr_Xxxx", None),
        ("is:starrd", "starrd", "starred"),
        ("a date:2026-13 b", "2026-13", None),
        ('date:"2026-13"', "2026-13", None),
    ],
)
def test_what_does_not_exist_is_refused_where_it_stands(text, wrong, suggestion):
    with pytest.raises(QueryError) as refused:
        asked(text)
    error = refused.value
    assert text[error.at : error.end] == wrong
    assert error.values.get("suggestion") == suggestion
    if suggestion:
        assert suggestion in str(error)


def test_a_phrase_with_gaps_has_few_words():
    with pytest.raises(QueryError) as caught:
        parse('sea "' + "x " * (MOST_NEAR + 1) + '"~2', today=TODAY)
    assert caught.value.at == len("sea ")
    for allowed in ('"' + "x " * MOST_NEAR + '"~2', '"' + "x " * (MOST_NEAR + 1) + '"'):
        assert isinstance(parse(allowed, today=TODAY).tree, tree.Phrase)


@pytest.mark.parametrize(
    "hostile",
    [
        "(" * 10_000 + "a" + ")" * 10_000,
        "-(" * 10_000 + "a",
        "a OR (b " * 10_000,
        "a (b OR -(" * 10_000 + "c",
        "a " * 50_000,
        " ".join(f"w{n}" for n in range(MOST_TERMS + 1)),
        "x" * 100_000,
        '"' * 100_000,
        "-" * 100_000 + "a",
        "title:" * 20_000,
        "*" * 50_000 + "a" + "*" * 50_000,
        "a~" * 50_000,
        "\ud800\x00\x1b" * 30_000,
        "lang:" + "en," * 30_000,
        "~" + "9" * 5_000,
        '"' + "x " * 500 + '"~9',
    ],
)
def test_monstrous_queries_get_an_answer_or_a_clear_error_at_once(hostile):
    try:
        parsed = parse(hostile, today=TODAY)
        assert parse(parsed.understood, today=TODAY).tree == parsed.tree
    except QueryError as error:
        assert 0 <= error.at <= error.end <= len(hostile)


PIECES = st.sampled_from(
    [
        *("ferry", "-", "OR", "(", ")", '"', "a-b", "title:", "lang:uk", "date:2024..", "is:read"),
        *(" ", "x*", "y~", "¾~", "NOT ", "火山", "об'єкт", "tag:z", "source:q,r", "author:("),
        *(",", "a*b", "¾-½*", "2/050-1*"),
    ]
)


@given(st.lists(PIECES, max_size=12).map(" ".join) | st.lists(PIECES, max_size=9).map("".join))
def test_the_echo_of_a_query_is_the_same_query(text):
    try:
        parsed = parse(text, today=TODAY)
    except QueryError as error:
        assert 0 <= error.at < error.end <= len(text)
        return
    assert parse(parsed.understood, today=TODAY).tree == parsed.tree


@given(st.text())
def test_any_text_is_a_query_or_a_query_error(text):
    try:
        parsed = parse(text, today=TODAY)
    except QueryError as error:
        assert str(error)
    else:
        parsed.understood.encode()


def test_filters_can_be_taken_out_of_the_text():
    text = 'a lang:uk,en -source:"x y" (is:read b) title:c'
    parsed = parse(text, today=TODAY)
    assert [f.text for f in parsed.filters] == ["lang:uk,en", '-source:"x y"']
    for f in parsed.filters:
        assert text[f.start : f.end] == f.text
        wider = parse(text[: f.start] + text[f.end :], today=TODAY)
        assert set(wider.tree.parts) < set(parsed.tree.parts)


def test_a_filter_beside_an_or_is_no_filter_of_the_whole():
    assert parse("lang:uk OR a", today=TODAY).filters == ()
    assert [f.text for f in parse("lang:uk OR", today=TODAY).filters] == ["lang:uk"]


@pytest.mark.parametrize(
    ("text", "ranks"),
    [("a", True), ("title:a lang:uk", True), ("-a", False), ("source:a", False), ("", False)],
)
def test_only_words_of_title_and_body_rank(text, ranks):
    assert parse(text, today=TODAY).has_words is ranks


def test_what_only_the_catalog_knows_is_listed():
    parsed = parse("a is:read -(tag:x OR is:read)", today=TODAY)
    assert parsed.id_sets == (tree.Flagged("read"), tree.Tagged("x"))


def test_options_narrow_the_query():
    parsed = parse("a OR b", today=TODAY)
    asked_for = Query("a OR b", ("uk", "SR-latn"), after="2024", before="2025-06-01", source="X Y")
    assert with_options(parsed, asked_for, today=TODAY).tree == And(
        (
            Or((a, b)),
            Or((Language("uk"), Language("sr_Latn"))),
            Dated(date(2025, 1, 1), None),
            Dated(None, date(2025, 5, 31)),
            Phrase(("x", "y"), "source"),
        )
    )
    assert with_options(parsed, Query(), today=TODAY) == parsed
    with pytest.raises(QueryError):
        with_options(parsed, Query(languages=("klingonian",)), today=TODAY)


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("ferry", "A Ferry, two ferries.", ["Ferry"]),
        ("ferr*", "A Ferry, two ferries.", ["Ferry", "ferries"]),
        (
            '"old bridge"',
            "The old bridge; an old, bridge. Bridge old",
            ["old bridge", "old, bridge"],
        ),
        ('"old bridge"~1', "old stone bridge", ["old stone bridge"]),
        ("f*y", "ferry fry fryer", ["ferry", "fry"]),
        ("fery~", "ferry fery very", ["ferry", "fery", "very"]),
        ("обʼєкт", "Цей об'єкт і той об’єкт", ["об'єкт", "об’єкт"]),
        ("cafe", "Zum CAFÉ!", ["CAFÉ"]),
        ("火山岩", "有火山岩的岛", ["火山岩"]),
        ("1500", "about 1 500 and 1,500", ["1 500", "1,500"]),
        ("a -b", "b a b", ["a"]),
        ("lang:uk", "lang uk", []),
        ("a OR (b c)", "c b a", ["c", "b", "a"]),
    ],
)
def test_highlights_mark_what_was_asked(query, text, marked):
    spans = highlight(parse(query, today=TODAY), text)
    assert [text[start:end] for start, end in spans] == marked


def test_highlights_keep_to_the_field_that_was_asked():
    parsed = parse("title:a b", today=TODAY)
    assert highlight(parsed, "a b", field="body") == ((2, 3),)
    assert highlight(parsed, "a b", field="title") == ((0, 1), (2, 3))


@given(st.lists(PIECES, max_size=6).map(" ".join), st.text(max_size=60))
def test_highlights_lie_in_the_text_and_apart(query, text):
    try:
        parsed = parse(query, today=TODAY)
    except QueryError:
        return
    end = 0
    for span in highlight(parsed, text):
        assert end <= span[0] < span[1] <= len(text)
        end = span[1]


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_one_edit_is_whatever_one_edit_reaches(one, other):
    assert edits_within(one, other, 0) is (one == other)
    assert edits_within(one, other, 1) is (other == one or other in set(_edited(one)))


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_two_edits_lie_between_two_without_swaps_and_any_two(one, other):
    once = {one, *_edited(one)}
    near = edits_within(one, other, 2)
    assert not near or any(other == word or other in set(_edited(word)) for word in once)
    plain = {one, *_edited(one, swaps=False)}
    if any(other in set(_edited(word, swaps=False)) for word in plain):
        assert near


def test_a_swap_of_neighbours_is_one_edit():
    assert edits_within("teh", "the", 1)
    assert not edits_within("eth", "the", 1)


def _edited(word, *, swaps=True):
    for at in range(len(word) + 1):
        yield from (word[:at] + letter + word[at:] for letter in "abc")
        if at < len(word):
            yield word[:at] + word[at + 1 :]
            yield from (word[:at] + letter + word[at + 1 :] for letter in "abc")
        if swaps and at + 1 < len(word):
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]


PIECES = st.sampled_from(
    [
        *(
            "boat",
            "Élysée",
            "Київ",
            "straße",
            "naïveЖ",
            "or",
            "AND",
            "NOT",
            "boat*",
            "ö*",
            "a" * 70,
        ),
        *('"the boat"', '"Boat"', '"boat OR sea"', '"боти', "lang:uk", "lang:xx", "date:2024-02"),
        *("date:2024-02..2023", "date:undated", "after:2020", "before:2020-01-02", "is:read"),
        *("lang:", "date:7d", "is:red", "title:boat", "-boat", "x2", "(boat", "boat boat", "火山"),
    ]
)


@given(st.lists(PIECES, min_size=1, max_size=5), st.sampled_from([" ", "  "]))
def test_what_is_read_at_once_means_what_it_means_read_word_by_word(pieces, space):
    text = space.join(pieces)

    def understood(ask):
        try:
            parsed = ask()
        except QueryError as error:
            return str(error), error.at, error.end
        return parsed.tree, parsed.understood, parsed.filters, parsed.exact_script

    at_once = understood(lambda: parse(text, today=TODAY))
    assert at_once == understood(lambda: query._Parser(text, TODAY, "en").parse())


@pytest.mark.skipif(not GOLD.exists(), reason="needs ../shared/packs/queries")
def test_the_gold_queries_are_understood_or_refused_as_they_should_be():
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        try:
            parse(item["query"], today=TODAY)
        except QueryError as error:
            if not item.get("survive"):
                assert item.get("error"), item
                assert item["at"] <= error.at <= item["at_end"]
        else:
            assert not item.get("error"), item


@pytest.mark.parametrize(
    ("text", "is_enough"),
    [
        (" OR ".join(f"w{n}~" for n in range(MOST_LOOSE)), True),
        (" OR ".join(f"w{n}~" for n in range(MOST_LOOSE + 1)), False),
        ("*ab* *cd", True),
        ("*ab* *cd ef~", False),
        ("title:(a*b c*d ef~) " * 3, False),
        (" OR ".join(f"word{n}~2" for n in range(MOST_LOOSE // 2)), True),
        (" OR ".join(f"word{n}~2" for n in range(MOST_LOOSE // 2 + 1)), False),
        (" OR ".join(f'"w{n} x"~3' for n in range(MOST_LOOSE // 2)), True),
        (" OR ".join(f'"w{n} x"~3' for n in range(MOST_LOOSE // 2 + 1)), False),
        (" OR ".join(f"w{n}*" for n in range(MOST_BEGUN)), True),
        (" OR ".join(f"body:w{n}*" for n in range(MOST_BEGUN + 1)), False),
    ],
)
def test_all_words_there_are_are_looked_through_a_few_times_at_most(text, is_enough):
    if is_enough:
        asked(text)
    else:
        with pytest.raises(QueryError, match="too many words"):
            asked(text)


def test_many_words_in_quotes_are_read_in_one_way_only():
    # Were each word tried in two ways, these would be 2**30 readings.
    assert asked('"' + "word " * 30 + 'end"~3').slop == 3
