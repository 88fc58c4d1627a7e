# ruff: noqa: RUF001 - people write curly quotes
from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.domain.named_days import (
    FORGOTTEN_DAYS,
    HOLIDAYS,
    OBSERVANCES,
    easter,
    named_day,
    nth_weekday,
    plain_name,
)


@pytest.mark.parametrize(
    ("name", "today", "meant"),
    [
        ("labor day", "2026-09-08", "2026-09-07"),
        ("labor day", "2026-03-01", "2026-09-07"),
        ("thanksgiving", "2026-11-30", "2026-11-26"),
        ("thanksgiving", "2024-11-01", "2024-11-28"),
        ("black friday", "2024-12-02", "2024-11-29"),
        ("giving tuesday", "2026-11-30", "2026-12-01"),
        ("memorial day", "2026-05-20", "2026-05-25"),
        ("mother's day", "2026-05-11", "2026-05-10"),
        ("Mothers Day", "2026-05-11", "2026-05-10"),
        ("father’s day", "2026-06-01", "2026-06-21"),
        ("martin luther king jr. day", "2026-12-30", "2027-01-18"),
        ("new year's day", "2026-12-31", "2027-01-01"),
        ("new year's eve", "2027-01-02", "2026-12-31"),
        ("christmas day", "2027-01-02", "2026-12-25"),
        ("christmas day", "2027-06-02", "2027-12-25"),
        ("good friday", "2026-04-01", "2026-04-03"),
        ("día de acción de gracias", "2026-11-20", "2026-11-26"),
        ("great american smokeout", "2026-11-23", "2026-11-19"),
        ("national wear red day", "2026-02-01", "2026-02-06"),
    ],
)
def test_a_name_means_the_day_that_a_reader_thinks_of(name: str, today: str, meant: str) -> None:
    assert named_day(plain_name(name), date.fromisoformat(today)) == date.fromisoformat(meant)


@pytest.mark.parametrize(
    "day", ["2019-04-21", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2038-04-25", "1818-03-22"]
)
def test_easter_is_where_the_church_has_it(day: str) -> None:
    assert easter(int(day[:4])) == date.fromisoformat(day)


def test_the_last_weekday_of_a_month_and_the_fifth_that_is_not_there() -> None:
    assert nth_weekday(2026, 12, 3, -1) == date(2026, 12, 31)
    assert nth_weekday(2026, 2, 0, 5) is None


@given(st.sampled_from(sorted({**HOLIDAYS, **OBSERVANCES})), st.dates(date(1980, 1, 1), date(2200, 1, 1)))
def test_a_name_always_means_a_day_that_is_coming_or_not_long_past(name: str, today: date) -> None:
    found = named_day(plain_name(name), today)

    assert timedelta(days=-FORGOTTEN_DAYS) <= found - today <= timedelta(days=366)
