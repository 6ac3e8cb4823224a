"""A typed word finds its other forms, its name in other scripts, and other names of the thing."""

import json

import pytest

import assets
from index.errors import QueryError
from index.model import Entry, Query
from index.search.echo import echo
from index.search.expand import expand
from index.search.fulltext import FullText
from index.search.highlight import highlight
from index.search.query import parse
from index.text.fold import fold
from index.text.stems import keys, query_keys
from tests.search_model import TODAY

ARTICLES = {
    "uk-form": ("uk", "Порт", "Рада скасувала дві санкції проти порту."),
    "uk-same": ("uk", "Порт", "Список санкцій знову став довшим."),
    "uk-name": ("uk", "Візит", "Посол прибув до Осло. Він говорив із Трампом про рибу."),
    "uk-un": ("uk", "Візит", "Делегація ООН оглянула міст у Данії."),
    "uk-data": ("uk", "Погода", "Станція надіслала дані про вітер."),
    "en-name": ("en", "Visit", "Trump went to Oslo and to Denmark by boat."),
    "en-un": ("en", "Visit", "The United Nations counted the boats in the harbour."),
    "en-apart": ("en", "Visit", "Two nations stay united on the price of fish."),
    "sr": ("sr", "Зграда", "Општина је обновила школу на брду."),
    "sr-latn": ("sr_Latn", "Zgrada", "Grad gradi novu školu pored reke."),
    "de": ("de", "Reise", "Der Bundespräsident besuchte den Hafen."),
    "ar": ("ar", "زيارة", "وصل السفير إلى أوسلو أمس."),
}
NAMES = list(ARTICLES)
LANGUAGES = tuple(dict.fromkeys(language for language, _, _ in ARTICLES.values()))


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    made = FullText(tmp_path_factory.mktemp("index"))
    made.rebuild()
    made.put(
        Entry(key, title, body, "", "", language, None)
        for key, (language, title, body) in enumerate(ARTICLES.values())
    )
    yield made
    made.close()


def asked(text):
    return expand(parse(text, today=TODAY), LANGUAGES)


def found(index, text):
    return [NAMES[key] for key in index.search(asked(text)).keys]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("санкція", {"uk-form", "uk-same"}),
        ("title:санкція", set()),
        ("body:санкціями", {"uk-form", "uk-same"}),
        ("boat", {"en-name", "en-un"}),
        ("Präsident", {"de"}),
        ("Oslo", {"uk-name", "en-name", "ar"}),
        ("осло", {"uk-name", "en-name", "ar"}),
        ("أوسلو", {"uk-name", "en-name", "ar"}),
        ("Trump", {"uk-name", "en-name"}),
        ("школа", {"sr", "sr-latn"}),
        ("škola", {"sr", "sr-latn"}),
        ("skola", {"sr", "sr-latn"}),
        ("UN", {"uk-un", "en-un"}),
        ("ООН", {"uk-un", "en-un"}),
        ("United Nations", {"uk-un", "en-un", "en-apart"}),
        ("Denmark", {"uk-un", "en-name"}),
        ("Trump -boats", {"uk-name"}),
        ("Oslo lang:uk", {"uk-name"}),
        ("Trump OR Denmark", {"uk-name", "en-name", "uk-un"}),
    ],
)
def test_a_word_finds_its_forms_scripts_and_other_names(index, query, expected):
    assert set(found(index, query)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"санкції"', {"uk-form"}),
        ('"United Nations"', {"en-un"}),
        ('"Oslo"', {"en-name"}),
        ("Oslo script:exact", {"en-name"}),
        ("UN script:exact", set()),
        ("санкція script:exact", {"uk-form", "uk-same"}),
        ("санкція*", set()),
        ("source:Осло", set()),
    ],
)
def test_quotes_ask_for_the_very_form_and_script_exact_for_the_very_name(index, query, expected):
    assert set(found(index, query)) == expected


def test_an_acronym_among_other_names_must_stand_in_capitals(tmp_path):
    bodies = {
        "us": ("en", "The boat gave us fish, and it was sad."),
        "US": ("en", "A boat of the US gave them fish."),
        "sad": ("sr_Latn", "Brod je sad u luci."),
        "SAD": ("sr_Latn", "Brod iz SAD je u luci."),
        "САД": ("sr", "Брод из САД је у луци."),
    }
    index = FullText(tmp_path / "index")
    index.rebuild()
    index.put(
        Entry(key, "", text, "", "", language, None)
        for key, (language, text) in enumerate(bodies.values())
    )
    hits = index.search(expand(parse("США", today=TODAY), LANGUAGES))
    assert {list(bodies)[key] for key in hits.keys} == {"US", "SAD", "САД"}
    marked = highlight(asked("США"), "The US gave us fish.", language="en")
    assert marked == ((4, 6),)
    index.close()


def test_a_script_can_only_be_exact():
    with pytest.raises(QueryError) as refused:
        parse("Oslo script:latin", today=TODAY)
    assert (refused.value.at, refused.value.end) == (12, 17)
    assert parse("Oslo script:", today=TODAY).exact_script is False
    parsed = parse("Oslo script:exact", today=TODAY)
    assert [one.text for one in parsed.filters] == ["script:exact"]
    assert parse(parsed.understood, today=TODAY).exact_script


def test_the_word_itself_comes_before_its_forms_and_those_before_other_spellings(tmp_path):
    index = FullText(tmp_path / "index")
    index.rebuild()
    bodies = [("en", "Осло"), ("uk", "Осло"), ("en", "Oslo"), ("en", "Oslos")]
    index.put(
        Entry(key, "", f"{word} lies by the sea", "", "", language, None)
        for key, (language, word) in enumerate(bodies)
    )
    order = [
        bodies[key][1]
        for key in index.search(expand(parse("Oslo", today=TODAY), ("en", "uk"))).keys
    ]
    assert order == ["Oslo", "Oslos", "Осло", "Осло"]
    index.close()


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """An index of the sample's articles in the languages of this module, and their texts."""
    texts = {}
    for line in (assets.SAMPLE / "articles.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        language = article["id"].partition("-")[2].replace("sr-latn", "sr_Latn")
        if language in LANGUAGES:
            texts[len(texts)] = (language, article["text"])
    made = FullText(tmp_path_factory.mktemp("sample"))
    made.rebuild()
    made.put(
        Entry(key, "", text, "", "", language, None) for key, (language, text) in texts.items()
    )
    yield made, texts
    made.close()


def kinds_of(query, sample):
    """For each article found, in order: as typed (0), in another form (1), in another script (2).

    Judged by the words that the highlighter marks, by the best of an article.
    """
    index, texts = sample
    parsed = asked(query)
    kinds = []
    for key in index.search(parsed).keys:
        language, text = texts[key]
        marked = [text[start:end] for start, end in highlight(parsed, text, language=language)]
        forms = set(query_keys(query, fold(query), LANGUAGES))
        kinds.append(
            min(
                0 if fold(word) == fold(query) else
                1 if forms & set(keys(word, fold(word), language)) else 2
                for word in marked
            )
        )  # fmt: skip
    return kinds


SAMPLE_QUERIES = ["Oster", "Остера", "Остер", "Lind", "Бранд", "gulls", "gull", "bridges", "tram"]


@pytest.mark.parametrize("query", SAMPLE_QUERIES)
def test_over_the_sample_what_was_typed_ranks_above_its_forms_and_those_above_names(query, sample):
    kinds = kinds_of(query, sample)
    assert kinds
    assert kinds == sorted(kinds)


def test_over_the_sample_all_three_kinds_of_finding_are_met(sample):
    assert {kind for query in SAMPLE_QUERIES for kind in kinds_of(query, sample)} == {0, 1, 2}
    assert set(kinds_of("Остер", sample)) == {1, 2}


@pytest.mark.parametrize(
    ("query", "language", "text", "marked"),
    [
        ("Kosovo", "uk", "Міст у Косові знову відкрили, каже рада Косова.", ["Косові", "Косова"]),
        ("Косово", "en", "The bridge in Kosovo opened; kosher fish is sold.", ["Kosovo"]),
        ("NATO", "uk", "Рада НАТО зібралася на натовп.", ["НАТО"]),
        ("Ukraine", "sr", "Брод из Украјине стигао је у луку.", ["Украјине"]),
        ('"Kosovo"', "uk", "Міст у Косові, по-їхньому Kosovo.", ["Kosovo"]),
    ],
)
def test_what_is_marked_is_the_very_word_that_matched(query, language, text, marked):
    spans = highlight(asked(query), text, language=language)
    assert [text[start:end] for start, end in spans] == marked


@pytest.mark.parametrize(
    ("query", "name", "marked"),
    [
        ("санкція", "uk-form", ["санкції"]),
        ("Oslo Trump", "uk-name", ["Осло", "Трампом"]),
        ("Denmark", "uk-un", ["Данії"]),
        ("Denmark", "uk-data", []),
        ("UN", "en-un", ["United Nations"]),
        ("skola", "sr", ["школу"]),
        ('"Oslo"', "uk-name", []),
        ("Oslo script:exact", "uk-name", []),
    ],
)
def test_what_matched_is_marked_where_it_stands(query, name, marked):
    language, _, body = ARTICLES[name]
    spans = highlight(asked(query), body, language=language)
    assert [body[start:end] for start, end in spans] == marked


def test_what_was_understood_names_what_was_found():
    parsed = asked("санкція Oslo lang:uk")
    assert parsed.understood == "санкція Oslo lang:uk"
    hits = [("санкцій", "uk"), ("санкції", "uk"), ("санкцій", "uk"), ("Осло", "uk")]
    assert echo(parsed, hits) == "санкція, санкцій, санкції · Oslo, Осло lang:uk"
    assert echo(asked("ООН"), [("United Nations", "en")]) == "ООН, United Nations"
    assert echo(parsed, []) == "санкція Oslo lang:uk"


def test_an_archive_widens_what_is_typed_but_not_the_word_being_typed(archive):
    whole, _ = archive.search(Query("протокою"))
    assert [row.id for row in whole.rows] and "протоки" in whole.query
    typing, _ = archive.search(Query("протокою", typing=True))
    assert typing.total == 0


@pytest.mark.parametrize(
    "query", ["Oslo " * 200, "а̀" * 99, "x" * 5000, "نن" * 300, "\u0378 \ue000"]
)
def test_odd_queries_are_widened_too(index, query):
    assert index.search(asked(query)).total >= 0


def test_merging_keeps_the_keys(tmp_path):
    index = FullText(tmp_path / "index")
    index.rebuild()
    for key in range(40):
        index.put([Entry(key, "Осло", "Осло " * 70, "", "", "uk", None)])
    before = index.search(asked("title:Oslo")).scores
    index.optimize()
    hits = index.search(asked("title:Oslo"))
    assert (hits.total, hits.scores) == (40, before)
    index.delete(range(30))
    index.optimize()
    assert index.search(asked("body:Oslo")).total == 10
    index.close()
