"""Dates as newspapers print them, and where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.clean.dating import find_dates, labelled_date, leading_date
from index.clean.metadata import read_date, url_date


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("2024-03-04", "2024-03-04"),
        ("Published: March 4, 2024 at 10:15", "2024-03-04"),
        ("4 March 2024", "2024-03-04"),
        ("4th of March 2024", "2024-03-04"),
        ("Publiziert4. März 2024, 12:17", "2024-03-04"),
        ("4 березня 2024, 18:06", "2024-03-04"),
        ("4 марта 2024 г.", "2024-03-04"),
        ("4 de marzo de 2024", "2024-03-04"),
        ("Publié le 4 mars 2024 à 08:01", "2024-03-04"),
        ("4 marca 2024", "2024-03-04"),
        ("4 listopada 2024", "2024-11-04"),
        ("2024. március 4.", "2024-03-04"),
        ("4 Mart 2024 Pazartesi", "2024-03-04"),
        ("2024年3月4日", "2024-03-04"),
        ("2024년 3월 4일", "2024-03-04"),
        ("٤ مارس ٢٠٢٤", "2024-03-04"),
        ("۱۴ اسفند ۱۴۰۲", "2024-03-04"),
        ("04.03.2024 10:00", "2024-03-04"),
        ("25/03/2024", "2024-03-25"),
        ("3/25/2024", "2024-03-25"),
    ],
)
def test_dates_are_read_in_many_languages(line, iso):
    assert [found.iso for found in find_dates(line)] == [iso]


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("Datum 28.04.2023", "2023-04-28"),
        ("Published: March 4, 2024, 10:15", "2024-03-04"),
        ("Опубліковано 4 березня 2024", "2024-03-04"),
        ("28.04.2023", None),
        ("Dredging 28.04.2023", None),
        ("Date 28.04.2023 in the harbour", None),
        ("Date 3/4/2024", None),
        ("Date", None),
    ],
)
def test_a_label_and_a_date_alone_on_a_line_are_a_date(line, iso):
    assert labelled_date(line) == iso


def test_a_date_whose_day_and_month_may_swap_is_not_sure():
    assert not find_dates("3/4/2024")[0].sure
    assert find_dates("4/4/2024")[0].sure
    assert read_date("3/4/2024") is None


@pytest.mark.parametrize(
    "line", ["31 February 2024", "2024-13-01", "99.99.2024", "in 2024", "1:2:3"]
)
def test_days_that_no_calendar_has_are_no_dates(line):
    assert find_dates(line) == []


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024-03-04T10:11:12+02:00", "2024-03-04T10:11:12+02:00"),
        ("2024-03-04T10:11:12.345Z", "2024-03-04T10:11:12Z"),
        ("2024-03-04 10:11", "2024-03-04T10:11"),
        ("Mon, 04 Mar 2024 10:11:12 GMT", "2024-03-04"),
        ("0000-00-00", None),
        (None, None),
    ],
)
def test_metadata_dates_keep_their_time_and_zone(text, iso):
    assert read_date(text) == iso


@pytest.mark.parametrize(
    ("url", "iso"),
    [
        ("https://wexley.example/2024/03/04/harbour", "2024-03-04"),
        ("https://wexley.example/news/2024-3-4-harbour", "2024-03-04"),
        ("https://wexley.example/a/20240304-harbour.html", "2024-03-04"),
        ("https://wexley.example/2024/45/04/harbour", None),
        ("https://wexley.example/?d=2024/03/04", None),
        ("http://[broken", None),
        (None, None),
    ],
)
def test_a_day_in_the_path_of_a_url_is_a_date(url, iso):
    assert url_date(url) == iso


@pytest.mark.parametrize(
    ("line", "first", "iso"),
    [
        ("date 2024-03-04 The harbour of Wexley will be dredged.", False, "2024-03-04"),
        ("Дата: 04.03.2024 Гавань міста знову поглиблять навесні.", False, "2024-03-04"),
        ("2024-03-04 The harbour of Wexley will be dredged.", True, "2024-03-04"),
        ("2024-03-04 The harbour of Wexley will be dredged.", False, None),
        ("2024-03-04 was the day on which the harbour opened.", True, None),
        ("Wexley 2024-03-04 The harbour of the town will be dredged.", True, None),
    ],
)
def test_a_glued_date_is_told_from_a_sentence_about_a_date(line, first, iso):
    found = leading_date(line, first=first)
    assert (found[0] if found else None) == iso


@given(st.text(max_size=200))
def test_any_line_has_dates_within_it(line):
    for found in find_dates(line):
        assert 0 <= found.start < found.end <= len(line)
