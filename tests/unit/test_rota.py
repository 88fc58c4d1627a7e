"""Who is on duty: around the clock, over midnight, and on the two days of the year that have no 24 hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.domain.rota import WEEKDAYS, everyone, gaps, on_duty

WORKDAYS = WEEKDAYS[:5]


@dataclass(frozen=True)
class Hours:
    on: tuple[str, ...]
    start: str = "00:00"
    end: str = "24:00"
    days: tuple[str, ...] = WEEKDAYS


ALWAYS = (Hours(("maria",)),)
OFFICE = (
    Hours(("maria", "james"), "08:00", "18:00", WORKDAYS),
    Hours(("tom",), "18:00", "08:00", WORKDAYS),
    Hours(("ruth",), "08:00", "08:00", ("sat", "sun")),
)


def local(zone: str, text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-10-13T07:59", ("tom",)),
        ("2026-10-13T08:00", ("maria", "james")),
        ("2026-10-13T17:59", ("maria", "james")),
        ("2026-10-13T18:00", ("tom",)),
        ("2026-10-14T00:00", ("tom",)),  # Tuesday's night goes on
        ("2026-10-17T07:59", ("tom",)),  # Friday's night ends on Saturday
        ("2026-10-17T08:00", ("ruth",)),
        ("2026-10-18T23:59", ("ruth",)),
        ("2026-10-19T00:00", ("ruth",)),  # Sunday's shift ends on Monday, over the end of the week
        ("2026-10-19T07:59", ("ruth",)),
        ("2026-10-19T08:00", ("maria", "james")),
    ],
)
def test_a_shift_covers_its_start_and_not_its_end(moment: str, expected: tuple[str, ...]) -> None:
    assert on_duty(OFFICE, "America/New_York", local("America/New_York", moment)) == expected


def test_the_same_moment_is_another_hour_in_another_zone() -> None:
    now = datetime(2026, 10, 13, 12, 0, tzinfo=UTC)

    assert on_duty(OFFICE, "America/New_York", now) == ("maria", "james")  # 08:00
    assert on_duty(OFFICE, "Europe/Berlin", now) == ("maria", "james")  # 14:00
    assert on_duty(OFFICE, "Australia/Lord_Howe", now) == ("tom",)  # 23:00


def test_shifts_that_overlap_add_up_in_their_order_and_name_each_once() -> None:
    rota = (Hours(("maria", "james")), Hours(("tom", "maria"), "08:00", "18:00"))

    assert on_duty(rota, "UTC", datetime(2026, 10, 13, 9, 0, tzinfo=UTC)) == ("maria", "james", "tom")
    assert on_duty(rota, "UTC", datetime(2026, 10, 13, 7, 0, tzinfo=UTC)) == ("maria", "james")
    assert everyone(rota) == ("maria", "james", "tom")


# Clocks go forward and back: New York by an hour at 2, Berlin at 2 and 3, Lord Howe by half an hour at 2.
CHANGES = [
    ("America/New_York", "2026-03-08", 23.0),
    ("America/New_York", "2026-11-01", 25.0),
    ("Europe/Berlin", "2026-03-29", 23.0),
    ("Europe/Berlin", "2026-10-25", 25.0),
    ("Australia/Lord_Howe", "2026-10-04", 23.5),
    ("Australia/Lord_Howe", "2026-04-05", 24.5),
]


@pytest.mark.parametrize(("zone", "day", "hours"), CHANGES)
def test_somebody_is_on_duty_at_every_minute_of_a_day_on_which_clocks_change(zone: str, day: str, hours: float) -> None:
    begin = local(zone, f"{day}T00:00")
    end = local(zone, f"{(datetime.fromisoformat(day) + timedelta(days=1)).date()}T00:00")
    minutes = int((end - begin) / timedelta(minutes=1))

    assert minutes == hours * 60
    for rota in (ALWAYS, OFFICE):
        assert all(on_duty(rota, zone, begin + timedelta(minutes=minute)) for minute in range(minutes))


@pytest.mark.parametrize(("zone", "day", "hours"), CHANGES)
def test_a_shift_at_night_keeps_its_wall_time_when_clocks_change(zone: str, day: str, hours: float) -> None:
    rota = (Hours(("night",), "22:00", "06:00"), Hours(("day",), "06:00", "22:00"))
    begin = local(zone, f"{day}T00:00")

    at_night = [on_duty(rota, zone, begin + timedelta(minutes=minute)) for minute in range(int(hours * 60))]

    assert at_night.count(("night",)) == (hours - 16) * 60  # the night takes the hour that is lost or won
    assert at_night.count(("day",)) == 16 * 60


@pytest.mark.parametrize(("zone", "day", "hours"), [change for change in CHANGES if change[2] > 24])
def test_the_hour_that_comes_twice_is_covered_twice_by_the_same_person(zone: str, day: str, hours: float) -> None:
    wall = f"{day}T01:45" if zone != "Europe/Berlin" else f"{day}T02:30"
    rota = (Hours(("early",), "00:00", "03:00"), Hours(("late",), "03:00", "24:00"))
    first, second = local(zone, wall), local(zone, wall, fold=1)

    assert first != second
    assert on_duty(rota, zone, first) == on_duty(rota, zone, second) == ("early",)


def test_the_hour_that_is_missing_asks_nobody() -> None:
    rota = (Hours(("lost",), "02:00", "03:00"), Hours(("rest",), "03:00", "02:00"))
    begin = local("America/New_York", "2026-03-08T00:00")

    asked = {on_duty(rota, "America/New_York", begin + timedelta(minutes=minute)) for minute in range(23 * 60)}

    assert asked == {("rest",)}


def test_a_rota_around_the_clock_has_no_gap() -> None:
    assert gaps(ALWAYS) == []
    assert gaps(OFFICE) == []


A_MINUTE_BEFORE_MIDNIGHT = [
    f"{day} 23:59 to {after} 00:00" for day, after in zip(WEEKDAYS, (*WEEKDAYS[1:], "mon"), strict=True)
]


@pytest.mark.parametrize(
    ("rota", "expected"),
    [
        ((Hours(("m",), "00:00", "23:59"),), A_MINUTE_BEFORE_MIDNIGHT),
        ((Hours(("m",), days=WORKDAYS),), ["sat 00:00 to mon 00:00"]),
        ((Hours(("m",), days=WEEKDAYS[1:]),), ["mon 00:00 to tue 00:00"]),
        ((Hours(("m",), "08:00", "08:00", ("sun",)),), ["mon 08:00 to sun 08:00"]),
        (
            (Hours(("m",), days=("wed",)), Hours(("m",), "12:00", "12:00", ("fri",))),
            ["thu 00:00 to fri 12:00", "sat 12:00 to wed 00:00"],
        ),
        ((), ["mon 00:00 to mon 00:00"]),
    ],
)
def test_every_gap_is_named_once_also_over_the_end_of_the_week(rota: tuple[Hours, ...], expected: list[str]) -> None:
    assert gaps(rota) == expected


def test_a_gap_of_a_minute_is_a_gap() -> None:
    rota = (Hours(("m",), "00:00", "12:00"), Hours(("m",), "12:01", "24:00"))

    assert len(gaps(rota)) == 7


CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
SHIFTS = st.builds(
    Hours,
    on=st.just(("m",)),
    start=CLOCKS,
    end=CLOCKS,
    days=st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True).map(tuple),
)


@given(rota=st.lists(SHIFTS, max_size=4), minute=st.integers(0, 7 * 24 * 60 - 1))
def test_nobody_is_on_duty_exactly_in_the_gaps(rota: list[Hours], minute: int) -> None:
    monday = datetime(2026, 10, 12, tzinfo=UTC)
    here = f"{WEEKDAYS[minute // 1440]} {minute % 1440 // 60:02}:{minute % 60:02}"

    empty = on_duty(rota, "UTC", monday + timedelta(minutes=minute)) == ()

    def within(gap: str) -> bool:
        start, end = (
            WEEKDAYS.index(part[:3]) * 1440 + int(part[4:6]) * 60 + int(part[7:]) for part in gap.split(" to ")
        )
        return start <= minute < end if start < end else minute >= start or minute < end

    assert empty == any(within(gap) for gap in gaps(rota)), here
