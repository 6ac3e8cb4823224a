"""Under which keys inflected words and names of other scripts meet."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import NewsreaderError
from index.search.analysis import all_keys, word_keys
from index.text import lemmas
from index.text.aliases import other_names
from index.text.fold import fold
from index.text.names import name_keys, query_name_keys
from index.text.stems import has_keys, keys, parts, query_keys
from index.text.strings import hashed


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory):
    """Dictionaries are written to a cache of our own, once for all tests of this module."""
    folder = tmp_path_factory.mktemp("cache")
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(folder)
    lemmas._opened.clear()
    yield folder
    if before is None:
        del os.environ["XDG_CACHE_HOME"]
    else:
        os.environ["XDG_CACHE_HOME"] = before
    lemmas._opened.clear()


def of(word: str, language: str) -> set[str]:
    return set(keys(word, fold(word), language))


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("uk", "санкції", "санкцій"),
        ("uk", "Косово", "Косові"),
        ("uk", "обʼєкт", "об’єктів"),
        ("sr", "кућа", "кућама"),
        ("sr", "Београд", "Београду"),
        ("bg", "градът", "градове"),
        ("bg", "гласувам", "гласуването"),  # by way of гласуване, which has a lemma of its own
        ("fi", "julkaista", "julkaistulla"),
        ("pl", "nowy", "najnowszego"),  # a superlative that no dictionary has
        ("en", "house", "houses"),
        ("en", "SANCTIONS", "sanction"),
    ],
)
def test_the_forms_of_a_word_share_a_key(language, one, other):
    assert of(one, language) & of(other, language)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("uk", "санкція", "салон"),
        ("en", "house", "horse"),
        ("sr", "кућа", "кука"),
        ("pl", "jazda", "najazd"),  # ride, raid: no superlative
    ],
)
def test_other_words_do_not(language, one, other):
    assert not of(one, language) & of(other, language)


def test_serbian_croatian_and_bosnian_share_keys_in_both_scripts():
    assert of("кућама", "sr") == of("kućama", "sr_Latn") == of("kućama", "hr") == of("kućama", "bs")


def test_keys_of_different_languages_never_meet():
    assert not of("авто", "uk") & of("авто", "bg")


def test_a_language_without_means_has_no_keys():
    assert not has_keys("und")
    assert keys("word", "word", "und") == ()
    assert keys("2026", "2026", "en") == ()


def test_a_compound_is_found_by_its_last_word():
    assert set(parts("Haustürschlüssel", "de")) & of("Schlüssel", "de")
    assert parts("Schlüssel", "de") == ()
    assert parts("keyboard", "en") == ()


def test_a_query_is_analysed_in_the_languages_whose_dictionary_knows_it():
    asked = query_keys("санкцій", fold("санкцій"), ["uk", "bg", "en"])
    assert asked == keys("санкцій", fold("санкцій"), "uk")
    assert query_keys("die", "die", ["uk", "bg"]) == ()


def test_a_word_that_no_dictionary_knows_is_asked_in_each_language_of_its_script():
    found = query_keys("Зюзюкіну", fold("Зюзюкіну"), ["uk", "bg", "en"])
    assert {key.split(":")[0] for key in found} == {"uk", "bg"}


NAMES = [
    ("Zelensky", "Зеленського", "Зеленским", "Зеленски", "Ζελένσκι", "زيلينسكي"),
    ("Macron", "Макрона", "Макроном", "Макрон", "Μακρόν", "ماكرون"),
    ("Kharkiv", "Харкова", "Харковом", "Харків", "Χάρκοβο", "خاركيف"),
    ("Washington", "Вашингтоні", "Вашингтоном", "Vašingtonu", "Ουάσινγκτον", "واشنطن"),
]


@pytest.mark.parametrize("spelt", NAMES[:3])
def test_a_name_is_found_in_the_spelling_of_any_script(spelt):
    for asked in spelt:
        for written in spelt:
            assert set(query_name_keys(asked)) & set(name_keys(written)), (asked, written)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Williamson", "Уильямсон"),  # English w
        ("Williamson", "Вільямсоном"),
        ("Dawson", "Доусона"),
        ("Mike", "Майку"),  # English i before a silent e
        ("Musk", "Маском"),  # English u
        ("Farage", "Фаражу"),
        ("Nigel", "Найджел"),  # g before e and i
        ("Facebook", "Фейсбук"),  # and c
        ("Recife", "Ресифе"),
        ("Christina", "Кристина"),
        ("Schinas", "Схинас"),
        ("Navrocki", "Навроцького"),
        ("Mehren", "Мерен"),
        ("Vitaly", "Виталия"),  # -y, -iy, -ei are one
        ("Sergei", "Сергію"),
        ("Natalia", "Наталья"),
        ("Syria", "Сирией"),
        ("Chechnya", "Чечні"),
        ("Strasbourg", "Страсбурзі"),  # г becomes з, к becomes ц before -і
        ("Afrika", "Африці"),
        ("RIA", "РИА"),  # too few consonants for anything but the whole
        ("Asia", "Азією"),
    ],
)
def test_a_name_is_found_as_it_is_heard(one, other):
    assert set(query_name_keys(one)) & set(name_keys(other))
    assert set(query_name_keys(other)) & set(name_keys(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Харків", "Харитон"),
        ("Macron", "Macroeconomics"),
        ("Milan", "Милиця"),
        ("Paris", "Порох"),
        ("Davos", "Дэвис"),  # the same consonants, other vowels
        ("Beijing", "Boeing"),
        ("Morocco", "Марица"),
        ("China", "Кения"),  # ч is not к
        ("City", "Китай"),  # c before i is not к
        ("Syria", "Шери"),  # a stem in -i and one in -r
        ("Georgia", "Георги"),
        ("RIA", "РЕО"),
    ],
)
def test_names_that_are_only_like_each_other_are_told_apart(one, other):
    assert not set(query_name_keys(one)) & set(name_keys(other))
    assert not set(query_name_keys(other)) & set(name_keys(one))


def test_georgian_armenian_and_hebrew_names_have_keys_too():
    assert set(query_name_keys("Saakashvili")) & set(name_keys("სააკაშვილი"))
    assert set(query_name_keys("Yerevan")) & set(name_keys("Երևան"))
    assert set(query_name_keys("Netanyahu")) & set(name_keys("נתניהו"))


def test_only_capitalised_words_of_a_document_are_names():
    assert name_keys("bridge") == ()
    assert name_keys("мосту") == ()
    assert name_keys("2026") == ()
    assert name_keys("Ab") == ()
    assert query_name_keys("zelensky") == query_name_keys("Zelensky")


def test_a_word_of_mixed_scripts_is_no_name():
    assert name_keys("Pаris") == ()  # the а is Cyrillic


def texts(name: str, languages: list[str], *tables: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for language, text in other_names(name, languages, tables):
        found.setdefault(language, set()).add(text)
    return found


def test_acronyms_and_countries_have_other_names():
    assert "ООН" in texts("UN", ["uk"])["uk"]
    assert "UN" in texts("ООН", ["uk"])["en"]
    assert "SAD" in texts("США", ["uk", "sr_Latn"])["sr_Latn"]
    assert "Ελλάδα" in texts("Греція", ["uk", "el"])["el"]
    assert "Brisel" in texts("Brussels", ["sr_Latn"])["sr_Latn"]


def test_an_inflected_name_has_them_too():
    assert "Greece" in texts("Грецією", ["uk"])["en"]
    assert "White House" in texts("Білому домі", ["uk"])["en"]


def test_what_is_no_name_has_none():
    assert other_names("bridge", ["uk"]) == ()
    assert other_names("", ["uk"]) == ()
    assert other_names("a b c d e f g", ["uk"]) == ()


def test_users_add_names_of_their_own(tmp_path):
    table = tmp_path / "names.toml"
    table.write_text('[[name]]\nen = ["Bluebridge"]\nuk = ["Синій міст"]\n', encoding="utf-8")
    assert texts("Bluebridge", ["uk"], table)["uk"] == {"Синій міст"}
    assert texts("Синього мосту", ["uk"], table)["en"] == {"Bluebridge"}


@pytest.mark.parametrize("content", ["name = 3", "[[name]]\nen = 1", "not toml", "[[x]]", "\xff"])
def test_a_broken_table_of_names_is_a_clear_error(tmp_path, content):
    table = tmp_path / "names.toml"
    table.write_bytes(content.encode("latin-1"))
    with pytest.raises(NewsreaderError, match=r"names\.toml cannot be read"):
        other_names("UN", ["uk"], (table,))


def test_lemmas_are_the_same_from_a_new_cache_an_old_one_and_none(cache, monkeypatch, tmp_path):
    words = ["houses", "went", "better", "zzzzz", "mice"]
    new = [lemmas.lemma(word, "en") for word in words]
    assert new[0] == "house"
    assert list((cache / "newsreader" / "lemmas").glob("en-*.forms"))
    lemmas._opened.clear()
    assert [lemmas.lemma(word, "en") for word in words] == new
    blocked = tmp_path / "file"
    blocked.write_text("no folder can be made here", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    lemmas._opened.clear()
    assert [lemmas.lemma(word, "en") for word in words] == new
    monkeypatch.undo()
    lemmas._opened.clear()


def test_a_damaged_cache_is_made_anew(cache):
    lemmas.lemma("houses", "en")
    lemmas._opened.clear()
    (path,) = (cache / "newsreader" / "lemmas").glob("en-*.forms")
    path.write_bytes(path.read_bytes()[:1000])
    assert lemmas.lemma("cities", "en") == "city"
    assert path.stat().st_size > 1000


@given(st.text(max_size=80), st.sampled_from(["uk", "sr", "en", "und", "zh", "xx"]))
@settings(deadline=None, max_examples=80)
def test_any_word_has_keys_or_none(word, language):
    for key in (*keys(word, fold(word), language), *name_keys(word), *query_name_keys(word)):
        assert key
    assert len(name_keys(word)) <= 40


def test_a_word_of_a_million_letters_takes_no_time():
    word = "А" + "а" * 1_000_000
    assert keys(word, fold(word), "uk") == ()
    assert len(name_keys(word)) < 10


WORDS = st.one_of(
    st.sampled_from(
        ["31st", "3M", "iPhone", "NATO", "EU", "Nearly", "ΑΣ", "İstanbul", "תל", "والقدس"]
    ),
    st.sampled_from(["Bundeskanzlerin", "bundestagswahlkampf", "Sicherheitsberater", "ЉУБАВ"]),
    st.text("abeinorstzЉАаевийкоСѕ1", min_size=1, max_size=12),
    st.text("abeinorstz", min_size=3, max_size=12).map(str.capitalize),
    st.text("авеийкост", min_size=3, max_size=12).map(str.capitalize),
)


@given(st.lists(WORDS, max_size=12), st.sampled_from(["uk", "sr", "en", "de", "und"]))
@settings(deadline=None, max_examples=60)
def test_a_word_has_the_same_keys_alone_as_among_many(words, language):
    terms = [fold(word) for word in words]
    alone = [word_keys(*pair, language) for pair in zip(words, terms, strict=True)]
    among = all_keys(words, terms, language)
    for many, one in zip(among, zip(*alone, strict=True), strict=True) if words else ():
        found = set(zip(many.places.tolist(), many.hashes.tolist(), strict=True))
        assert found == {(at, hashed(key)) for at, keys in enumerate(one) for key in keys}
