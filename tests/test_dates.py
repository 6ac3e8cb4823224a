"""What people type as dates, and the days it stands for."""

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dates import DateRange, parse_range, today
from index.errors import QueryError

TODAY = date(2026, 2, 20)  # a Friday
RANGES = Path(__file__).parents[2] / "shared/packs/queries/dev/ranges.jsonl"


def days(text: str, locale: str = "en") -> str:
    """The range as A..B, with nothing where it is open."""
    found = parse_range(text, locale, TODAY)
    return f"{found.start or ''}..{found.end or ''}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023", "2023-01-01..2023-12-31"),
        ("2024-02", "2024-02-01..2024-02-29"),
        ("2026-W01", "2025-12-29..2026-01-04"),
        ("2025-Q4", "2025-10-01..2025-12-31"),
        ("20260105", "2026-01-05..2026-01-05"),
        ("..2025-03", "..2025-03-31"),
        ("2025-11..", "2025-11-01.."),
        ("2025-11 .. 2026-01-03", "2025-11-01..2026-01-03"),
        ("٢٠٢٦-٠١", "2026-01-01..2026-01-31"),
    ],
)
@pytest.mark.parametrize("locale", ["en", "uk", "ar", "zh", "xx", "C"])
def test_iso_means_the_same_in_each_locale(text, expected, locale):
    assert days(text, locale) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yesterday", "2026-02-19..2026-02-19"),
        ("the day before yesterday", "2026-02-18..2026-02-18"),
        ("last month", "2026-01-01..2026-01-31"),
        ("past two weeks", "2026-02-07..2026-02-20"),
        ("last quarter", "2025-10-01..2025-12-31"),
        ("first half of 2025", "2025-01-01..2025-06-30"),
        ("third quarter 2024", "2024-07-01..2024-09-30"),
        ("week 7", "2026-02-09..2026-02-15"),
        ("last weekend", "2026-02-14..2026-02-15"),
        ("a week ago", "2026-02-13..2026-02-13"),
        ("Wed", "2026-02-18..2026-02-18"),
        ("last Friday", "2026-02-13..2026-02-13"),
        ("last January", "2026-01-01..2026-01-31"),
        ("last February", "2025-02-01..2025-02-28"),
        ("Monday last week", "2026-02-09..2026-02-09"),
        ("25 December", "2025-12-25..2025-12-25"),
        ("29 February", "2024-02-29..2024-02-29"),
        ("Tuesday, 3 February 2026", "2026-02-03..2026-02-03"),
        ("the 2nd of March 2025", "2025-03-02..2025-03-02"),
        ("25 December to 5 January", "2025-12-25..2026-01-05"),
        ("28 December 2024 - 3 January 2025", "2024-12-28..2025-01-03"),
        ("January–March 2025", "2025-01-01..2025-03-31"),
        ("3-9 Feb", "2026-02-03..2026-02-09"),
        ("2023-2024", "2023-01-01..2024-12-31"),
        ("between 3 and 9 November 2025", "2025-11-03..2025-11-09"),
        ("Thursday to Saturday", "2026-02-12..2026-02-14"),
        ("since 2 weeks ago", "2026-02-06.."),
        ("after March 2025", "2025-04-01.."),
        ("until yesterday", "..2026-02-19"),
    ],
)
@pytest.mark.parametrize("locale", ["en", "uk"])
def test_english_is_understood_in_each_locale(text, expected, locale):
    assert days(text, locale) == expected


@pytest.mark.parametrize(
    ("locale", "text", "expected"),
    [
        ("uk", "у грудні", "2025-12-01..2025-12-31"),
        ("uk", "минулої середи", "2026-02-18..2026-02-18"),
        ("uk", "з п’ятого січня по десяте лютого", "2026-01-05..2026-02-10"),
        ("uk", "протягом трьох місяців", "2025-11-21..2026-02-20"),
        ("uk", "між 3 та 9 листопада 2025 року", "2025-11-03..2025-11-09"),
        ("uk", "II квартал 2025 р.", "2025-04-01..2025-06-30"),
        ("uk", "позаминулого тижня", "2026-02-02..2026-02-08"),
        ("uk", "пʼятниця, 6 лютого", "2026-02-06..2026-02-06"),
        ("uk", "півтора", None),
        ("ru", "в марте 2025 г.", "2025-03-01..2025-03-31"),
        ("ru", "неделю назад", "2026-02-13..2026-02-13"),
        ("ru", "за последние пять дней", "2026-02-16..2026-02-20"),
        ("ru", "от 3 до 9 ноября 2025 года", "2025-11-03..2025-11-09"),
        ("ru", "до 10 февраля", "..2026-02-10"),
        ("ru", "после марта 2025", "2025-04-01.."),
        ("sr", "у јануару", "2026-01-01..2026-01-31"),
        ("sr", "прошлог петка", "2026-02-13..2026-02-13"),
        ("sr", "prošlog petka", "2026-02-13..2026-02-13"),
        ("sr_Latn", "u poslednjih pet dana", "2026-02-16..2026-02-20"),
        ("sr_Latn", "posle 10. februara 2026.", "2026-02-11.."),
        ("sr_Latn", "između 3. i 9. novembra 2025.", "2025-11-03..2025-11-09"),
        ("de", "in den letzten drei Wochen", "2026-01-31..2026-02-20"),
        ("de", "vor einer Woche", "2026-02-13..2026-02-13"),
        ("de", "ab März 2025", "2025-03-01.."),
        ("de", "zwischen dem 3. und 9. November 2025", "2025-11-03..2025-11-09"),
        ("de", "KW 7", "2026-02-09..2026-02-15"),
        ("fr", "au cours des trois derniers mois", "2025-11-21..2026-02-20"),
        ("fr", "le mois dernier", "2026-01-01..2026-01-31"),
        ("fr", "d'avril à juin 2025", "2025-04-01..2025-06-30"),
        ("fr", "aujourd’hui", "2026-02-20..2026-02-20"),
        ("fr", "après le 10 février", "2026-02-11.."),
        ("es", "hace una semana", "2026-02-13..2026-02-13"),
        ("es", "entre el 3 y el 9 de noviembre de 2025", "2025-11-03..2025-11-09"),
        ("es", "primer trimestre de 2025", "2025-01-01..2025-03-31"),
        ("es", "el miércoles pasado", "2026-02-18..2026-02-18"),
        ("pl", "w grudniu", "2025-12-01..2025-12-31"),
        ("pl", "w zeszłą środę", "2026-02-18..2026-02-18"),
        ("pl", "w ciągu ostatnich pięciu dni", "2026-02-16..2026-02-20"),
        ("pl", "po 10 lutego", "2026-02-11.."),
        ("pl", "między 3 a 9 listopada 2025", "2025-11-03..2025-11-09"),
        ("ar", "١٢ فبراير ٢٠٢٦", "2026-02-12..2026-02-12"),
        ("ar", "من يناير إلى مارس 2025", "2025-01-01..2025-03-31"),
        ("ar", "قبل أسبوعين", "2026-02-06..2026-02-06"),
        ("ar", "بين يناير ومارس 2025", "2025-01-01..2025-03-31"),
        ("ar", "الربع الثاني 2025", "2025-04-01..2025-06-30"),
        ("zh", "二〇二五年十二月", "2025-12-01..2025-12-31"),
        ("zh", "上周一", "2026-02-09..2026-02-09"),
        ("zh", "过去两周", "2026-02-07..2026-02-20"),
        ("zh", "2025年3月以后", "2025-04-01.."),
        ("zh", "从1月3日到2月9日", "2026-01-03..2026-02-09"),
        ("tr", "son üç ay", "2025-11-21..2026-02-20"),
        ("tr", "geçen çarşamba", "2026-02-18..2026-02-18"),
        ("tr", "3 Ocak'tan 9 Şubat'a kadar", "2026-01-03..2026-02-09"),
        ("tr", "Mart 2025'ten sonra", "2025-04-01.."),
        ("en", "a month ago", "2026-01-20..2026-01-20"),
        ("pl", "tydzień temu", "2026-02-13..2026-02-13"),
        ("fr", "ces 7 derniers jours", "2026-02-14..2026-02-20"),
        ("ar", "من 1 فبراير", "2026-02-01.."),
        ("zh", "2025年以来", "2025-01-01.."),
        ("zh", "2025年11月3日至9日", "2025-11-03..2025-11-09"),
        ("zh", "上周日", "2026-02-15..2026-02-15"),
        ("tr", "dünden beri", "2026-02-19.."),
        ("tr", "Mart'a kadar", "..2025-03-31"),
        ("tr", "OCAKTA", "2026-01-01..2026-01-31"),
    ],
)  # fmt: skip
def test_each_language_says_dates_in_its_own_words(locale, text, expected):
    if expected is None:
        with pytest.raises(QueryError):
            days(text, locale)
    else:
        assert days(text, locale) == expected


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("en_GB", "2026-04-03"), ("en", "2026-03-04"), ("de", "2026-04-03"), ("fr-CA", None)],
)
def test_numbers_are_read_in_the_order_of_the_locale(locale, expected):
    if expected is None:
        assert days("2026-03-04", locale) == "2026-03-04..2026-03-04"
    else:
        assert days("3/4/2026", locale) == f"{expected}..{expected}"


def test_the_week_begins_as_in_the_territory():
    assert days("this week", "de") == "2026-02-16..2026-02-22"
    assert days("this week", "en_US") == "2026-02-15..2026-02-21"
    assert days("this week", "ar_EG") == "2026-02-14..2026-02-20"


@pytest.mark.parametrize(
    ("text", "locale", "wrong"),
    [
        ("2026-02-30", "en", "2026-02-30"),
        ("2026-01..2026-13", "en", "2026-13"),
        ("since 31 June 2025", "en", "31 June 2025"),
        ("from 3 to Smarch", "en", "Smarch"),
        ("  nonsense ", "en", "nonsense"),
        ("  since ", "en", "since"),
        ("9 March to 3 March 2025", "en", "9 March to 3 March 2025"),
        ("Monday, 3 February 2026", "en", "Monday, 3 February 2026"),
        ("30 лютого", "uk", "30 лютого"),
        ("0d", "en", "0d"),
        ("99999y", "en", "99999y"),
        ("Q7 2025", "en", "Q"),
        ("7/25/2025", "de", "7/25/2025"),
        ("2025年0月", "zh", None),
        ("2025年13月1日", "zh", None),
        ("31. апреля 2026", "ru", "31. апреля 2026"),
        ("from 10 to 5 February 2026", "en", "10 to 5 February 2026"),
        ("2026-01-31..2026-01-01", "en", "2026-01-31..2026-01-01"),
    ],
)
def test_what_is_impossible_is_refused_with_its_place(text, locale, wrong):
    with pytest.raises(QueryError) as refused:
        parse_range(text, locale, TODAY)
    if wrong is not None:
        assert text[refused.value.at : refused.value.end] == wrong


def test_a_misspelt_word_is_answered_with_a_suggestion():
    with pytest.raises(QueryError, match="did you mean “yesterday”"):
        parse_range("yesterdey", "en", TODAY)
    with pytest.raises(QueryError, match="did you mean “вівторок”"):
        parse_range("вівторокк", "uk", TODAY)


def test_a_date_our_own_grammar_does_not_know_may_still_be_one_day():
    assert days("12 februari 2026", "nl") == "2026-02-12..2026-02-12"
    assert days("12 Feabhra 2026", "ga") == "2026-02-12..2026-02-12"
    with pytest.raises(QueryError):
        parse_range("12 gewoonweg 2026", "nl", TODAY)


def test_today_can_be_set_from_outside(monkeypatch):
    monkeypatch.setenv("NEWSREADER_TODAY", "2024-03-01")
    assert today() == date(2024, 3, 1)
    monkeypatch.setenv("NEWSREADER_TODAY", "soon")
    assert abs(today() - date.today()) <= timedelta(days=1)  # noqa: DTZ011


@settings(deadline=None)  # the first text of a locale loads its words
@given(st.text(max_size=40), st.sampled_from(["en", "uk", "zh", "ar", "tr", "nonsense"]))
def test_any_text_is_a_range_or_a_clear_error(text, locale):
    try:
        found = parse_range(text, locale, TODAY)
    except QueryError as error:
        assert 0 <= error.at <= error.end <= len(text)
        assert str(error)
    else:
        assert isinstance(found, DateRange)
        assert found.start or found.end
        assert not (found.start and found.end) or found.start <= found.end


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_two_dates_make_the_range_between_them(first, last):
    first, last = sorted((first, last))
    assert parse_range(f"{first}..{last}", "en", TODAY) == DateRange(first, last)


@pytest.mark.skipif(not RANGES.is_file(), reason="needs ../shared/packs/queries")
def test_the_strings_of_the_development_pack_are_all_read_right():
    wrong = []
    for line in RANGES.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        accepted = [
            f"{reading['start'] or ''}..{reading['end'] or ''}"
            for reading in [item, *item.get("also", [])]
            if "start" in reading
        ]
        try:
            answer = days(item["text"], item["locale"])
        except QueryError:
            answer = "refused"
        if answer not in (accepted or ["refused"]):
            wrong.append((item["text"], item["locale"], answer))
    assert wrong == []


def test_dates_need_no_heavy_library_until_words_are_typed():
    program = (
        "import sys, datetime; import index.dates as d;"
        "d.parse_range('2026-01..2026-03', 'uk', datetime.date(2026, 2, 20));"
        "print(sorted({'babel', 'dateparser', 'regex', 'email'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert answer.stdout.split() == [b"[]"]
