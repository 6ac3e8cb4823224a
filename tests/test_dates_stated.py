"""Dates as the fields of documents state them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import day_number, normalise_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-19", "2026-02-19"),
        (" 2026-02-19 ", "2026-02-19"),
        ("2026-02-19T23:30:00Z", "2026-02-19"),
        ("2026-02-19T23:30:00-05:00", "2026-02-19"),
        ("2026-02-19 08:01:02.345 +0200", "2026-02-19"),
        ("2026/02/19", "2026-02-19"),
        ("2026/2/9 11:05", "2026-02-09"),
        ("2026.02.19", "2026-02-19"),
        ("20260219", "2026-02-19"),
        ("20260219T101112Z", "2026-02-19"),
        ("Thu, 19 Feb 2026 23:45:00 +0300", "2026-02-19"),
        ("19 Feb 2026 23:45:00 GMT", "2026-02-19"),
        ("1771500000", "2026-02-19"),
        ("1771500000000", "2026-02-19"),
        ("1771500000.25", "2026-02-19"),
    ],
)
def test_a_date_is_kept_in_the_zone_it_was_stated_in(text, expected):
    assert normalise_date(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "02/03/2026", "19.02.2026", "2026", "2026-02", "2026-02-30", "20261301", "yesterday",
     "February", "0", "12345", "99 Foo 2026", "2026-02-19 and more", "9" * 400, "31 Feb 2026"],
)  # fmt: skip
def test_what_is_unclear_is_no_date(text):
    assert normalise_date(text) is None


def test_days_are_counted_from_1970():
    assert day_number("1970-01-01") == 0
    assert day_number("1969-12-31") == -1
    assert day_number("2026-02-20T10:00:00") == 20504
    assert day_number("someday") is None


@given(st.text(max_size=70))
def test_any_field_gives_a_date_or_none(text):
    found = normalise_date(text)
    assert found is None or day_number(found) is not None
