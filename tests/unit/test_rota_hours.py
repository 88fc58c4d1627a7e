"""Who is on duty by weekly hours alone: around the clock, over midnight, and on days that have no 24 hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from switchboard.domain.rota import WEEKDAYS, everyone, on_duty

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
