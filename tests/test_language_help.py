"""What helps to ask and to correct: languages put right, words completed, spellings suggested."""

import json

import pytest

from index.archive import Archive
from index.completing import complete
from index.correcting import correct_language
from index.errors import NewsreaderError, NotFoundError
from index.model import Query
from index.places import Home
from index.suggesting import instead

ITEMS = [
    (
        "bridge",
        "en",
        "The old bridge over the river was closed. Ships wait in the harbour of Oslo.",
    ),
    ("mist", "uk", "Старий міст через річку закрили на ремонт. Кораблі чекають у гавані."),
    ("schiff", "de", "Das Schiff wartet im Hafen, denn die Brücke bleibt gesperrt."),
    ("market", "en", "The market opened again and the harbour was full of boats at noon."),
]

TIDE = "Приплив піднявся вище причалу, і пором не відійшов."


@pytest.fixture
def archive(tmp_path):
    dump = tmp_path / "items.jsonl"
    lines = [
        json.dumps({"id": name, "language": language, "text": text, "source": f"{name} post"})
        for name, language, text in ITEMS
    ]
    dump.write_text("\n".join(lines), encoding="utf-8")
    with Archive(Home.find(str(tmp_path / "archive"))) as made:
        for _ in made.importing([str(dump)], workers=1):
            pass
        made.dump = dump
        yield made


def found(archive, text, **more):
    return [row.language for row in archive.search(Query(text, **more))[0].rows]


def of_bridge(archive):
    (row,) = archive.search(Query("river"))[0].rows
    return row.id


def test_a_corrected_language_counts_at_once_and_survives_another_import(archive):
    name = of_bridge(archive)
    assert correct_language(archive, name, "Polish") == ("pl", True)
    assert found(archive, "lang:pl") == ["pl"]
    assert correct_language(archive, name, "pl") == ("pl", False)
    text = archive.dump.read_text(encoding="utf-8").replace("was closed", "is closed now")
    archive.dump.write_text(text, encoding="utf-8")
    for _ in archive.importing([str(archive.dump)], workers=1):
        pass
    assert found(archive, "lang:pl river closed now") == ["pl"]


def test_a_corrected_language_can_be_undone_and_made_as_detected(archive):
    name = of_bridge(archive)
    correct_language(archive, name, "sr_Latn")
    assert archive.catalog.undo.last()[0] == "language"
    archive.catch_up()
    assert found(archive, "river") == ["en"]
    assert found(archive, "lang:sr_Latn") == []
    correct_language(archive, name, "sr_Latn")
    assert correct_language(archive, name, None) == ("en", True)
    assert found(archive, "lang:en river") == ["en"]


def test_the_words_of_a_corrected_article_are_understood_in_its_new_language(archive):
    (row,) = archive.search(Query("гавані"))[0].rows
    assert found(archive, "гавань") == ["uk"]
    correct_language(archive, row.id, "zh")
    assert found(archive, "гавань") == []
    assert found(archive, "гавані") == ["zh"]


def test_an_unknown_language_or_article_is_a_clear_error(archive):
    with pytest.raises(NewsreaderError, match="Did you mean “uk”"):
        correct_language(archive, of_bridge(archive), "ukranian")
    with pytest.raises(NotFoundError):
        correct_language(archive, "nothing", "uk")


def test_a_misspelt_word_is_offered_as_the_archive_spells_it(archive):
    helped = instead(archive, Query("harbuor bridge"), "en")
    assert helped["suggest"] == [{"query": "harbour bridge", "total": 1}]
    assert instead(archive, Query("xqzzvw"), "en") == {"suggest": [], "without": []}


def test_the_filter_that_is_in_the_way_is_named_with_what_would_be_found(archive):
    helped = instead(archive, Query("harbour lang:de date:undated"), "en")
    assert helped["without"] == [
        {"query": "harbour date:undated", "removed": "lang:de", "total": 2}
    ]


@pytest.mark.parametrize(
    ("text", "inserts"),
    [
        ("harb", ["harbour"]),
        ("lang:укр", ["uk"]),
        ("lang:en,Germ", ["de"]),
        ("lang:Deut", ["de"]),
        ("title:zzz", []),
        ("body:riv", ["river"]),
        ('"over the riv', ["river"]),
        ("-harb", ["harbour"]),
    ],
)
def test_a_word_at_the_cursor_is_completed_from_what_there_is(archive, text, inserts):
    answer = complete(archive, text, len(text), "uk")
    assert [item["insert"] for item in answer["items"]] == inserts
    kept = text[: answer["start"]]
    assert text.startswith(kept)
    assert answer["end"] == len(text)


def offered(archive, text):
    items = complete(archive, text, len(text), "en")["items"]
    return [(item["insert"], item.get("articles")) for item in items]


def test_what_stands_in_most_articles_is_offered_first(archive, tmp_path):
    assert offered(archive, "h")[0] == ("harbour", 2)
    assert offered(archive, "lang:") == [("en", 2), ("de", 1), ("uk", 1)]
    more = [
        {"id": f"late {number}", "language": "uk", "text": TIDE, "source": "mist post"}
        for number in range(2)
    ]
    dump = tmp_path / "more.jsonl"
    dump.write_text("\n".join(map(json.dumps, more)), encoding="utf-8")
    for _ in archive.importing([str(dump)], workers=1):
        pass
    assert offered(archive, "lang:") == [("uk", 3), ("en", 2), ("de", 1)]
    assert offered(archive, "source:post")[0] == ('"mist post"', 3)
    assert offered(archive, "при")[0] == ("приплив", 2)


def test_tags_of_most_articles_are_offered_first(archive):
    names = [row.id for row in archive.search(Query("lang:en OR lang:uk"))[0].rows]
    keys = [archive.catalog.find(name) for name in names]
    archive.catalog.marks.flag(keys[:1], tag="few")
    archive.catalog.marks.flag(keys, tag="forty")
    assert offered(archive, "tag:f") == [("forty", 3), ("few", 1)]


def test_fields_come_before_words_and_those_asked_for_most_before_others(archive):
    assert [insert for insert, _ in offered(archive, "s")][:2] == ["source:", "script:"]
    assert [insert for insert, _ in offered(archive, "b")][:2] == ["before:", "body:"]
    assert offered(archive, '"bo') == [("boats", 1)]


def test_languages_are_offered_by_their_name_in_the_language_of_the_interface(archive):
    (item,) = complete(archive, "lang:u", 6, "de")["items"]
    assert item == {"insert": "uk", "label": "Ukrainisch", "articles": 1}


def test_the_readers_own_names_are_found_too_and_a_bad_table_is_a_clear_error(archive, tmp_path):
    table = tmp_path / "own.toml"
    table.write_text('[[name]]\nen = ["Springfield"]\nuk = ["міст"]\n', encoding="utf-8")
    home = archive.home
    with Archive(home, (table,)) as mine:
        assert found(mine, "Springfield") == ["uk"]
    assert found(archive, "Springfield") == []
    table.write_text("[[name]]\nuk = 3\n", encoding="utf-8")
    with (
        Archive(home, (table, tmp_path / "none.toml")) as mine,
        pytest.raises(NewsreaderError, match="cannot be read"),
    ):
        found(mine, "Springfields")
