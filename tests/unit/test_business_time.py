"""Business time: only open hours count, on any clock, and never for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchboard.config import AutomationConfig
from switchboard.domain.business_time import HORIZON, BusinessTime, _open, after, is_open, of
from switchboard.domain.wall import WEEKDAYS
from tests.fakes.hospital import DOCUMENT

NEW_YORK = "America/New_York"
WORKDAYS = WEEKDAYS[:5]
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Hours:
    start: str = "00:00"
    end: str = "24:00"
    days: tuple[str, ...] = WEEKDAYS


def between(bt: BusinessTime, start: datetime, end: datetime) -> timedelta:
    """Return how much open time passes from *start* to *end*; none when the end is before the start."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if start >= end:
        return timedelta(0)
    if not bt.hours:
        return end - start
    return sum((closes - opens for opens, closes in _open(bt, start, end)), timedelta(0))


def business(*hours: Hours, holidays: tuple[str, ...] = (), zone: str = NEW_YORK) -> BusinessTime:
    return BusinessTime(hours=hours, holidays=frozenset(map(date.fromisoformat, holidays)), zone=zone)


OFFICE = business(Hours("08:00", "18:00", WORKDAYS))
LUNCH = business(Hours("08:00", "12:00", WORKDAYS), Hours("13:00", "17:00", WORKDAYS))
NIGHT = business(Hours("22:00", "06:00", ("fri", "sat")))
CLOSED = business(Hours("12:00", "12:01", ("mon",)), holidays=tuple(
    (date(2026, 1, 5) + timedelta(weeks=week)).isoformat() for week in range(260)
))  # fmt: skip


def at(text: str, zone: str = NEW_YORK, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("bt", "start", "hours", "expected"),
    [
        (OFFICE, "2026-10-13T09:00", 4, "2026-10-13T13:00"),
        (OFFICE, "2026-10-13T17:00", 4, "2026-10-14T11:00"),
        (OFFICE, "2026-10-16T17:00", 4, "2026-10-19T11:00"),  # over a weekend
        (OFFICE, "2026-10-17T12:00", 1, "2026-10-19T09:00"),
        (OFFICE, "2026-10-13T18:00", 1, "2026-10-14T09:00"),
        (OFFICE, "2026-10-13T08:00", 10, "2026-10-13T18:00"),  # the end of the day, not the next morning
        (OFFICE, "2026-10-13T03:00", 0, "2026-10-13T03:00"),
        (OFFICE, "2026-10-13T09:00", -3, "2026-10-13T09:00"),
        (OFFICE, "2026-10-12T08:00", 500, "2026-12-18T18:00"),  # fifty days of ten hours
        (LUNCH, "2026-10-13T11:00", 2, "2026-10-13T14:00"),
        (NIGHT, "2026-10-17T05:00", 2, "2026-10-17T23:00"),  # the tail of Friday's, then Saturday's
        (NIGHT, "2026-10-18T05:00", 2, "2026-10-23T23:00"),
        (business(), "2026-10-17T12:00", 30, "2026-10-18T18:00"),
        (business(Hours()), "2026-10-17T12:00", 30, "2026-10-18T18:00"),
        (business(Hours("08:00", "12:00"), Hours("10:00", "14:00")), "2026-10-13T09:00", 5, "2026-10-13T14:00"),
        (business(Hours("08:00", "18:00"), holidays=("2026-12-25",)), "2026-12-24T17:00", 2, "2026-12-26T09:00"),
        # What began before the holiday goes on into it; what begins on it does not begin.
        (business(Hours("22:00", "06:00"), holidays=("2026-12-25",)), "2026-12-24T23:00", 7, "2026-12-25T06:00"),
        (business(Hours("22:00", "06:00"), holidays=("2026-12-25",)), "2026-12-24T23:00", 8, "2026-12-26T23:00"),
        # Clocks go forward and back: what counts are real hours.
        (business(Hours("00:00", "06:00")), "2026-03-08T00:00", 5, "2026-03-08T06:00"),
        (business(Hours("00:00", "06:00")), "2026-11-01T00:00", 7, "2026-11-01T06:00"),
        (OFFICE, "2028-02-29T17:00", 2, "2028-03-01T09:00"),
    ],
)
def test_a_wait_is_over_when_so_much_open_time_has_passed(
    bt: BusinessTime, start: str, hours: int, expected: str
) -> None:
    assert after(bt, at(start), hours * HOUR) == at(expected)
    assert between(bt, at(start), at(expected)) == max(hours, 0) * HOUR


@pytest.mark.parametrize(
    ("bt", "now", "expected"),
    [
        (OFFICE, "2026-10-13T07:59", False),
        (OFFICE, "2026-10-13T08:00", True),
        (OFFICE, "2026-10-13T18:00", False),
        (OFFICE, "2026-10-17T12:00", False),
        (NIGHT, "2026-10-18T05:59", True),
        (NIGHT, "2026-10-18T06:00", False),
        (business(), "2026-10-18T06:00", True),
        (business(Hours(), holidays=("2026-10-18",)), "2026-10-18T06:00", False),
        (business(holidays=("2026-10-18",)), "2026-10-18T06:00", True),  # no hours: the clock on the wall
    ],
)
def test_hours_are_open_from_their_start_until_before_their_end(bt: BusinessTime, now: str, expected: bool) -> None:  # noqa: FBT001
    assert is_open(bt, at(now)) is expected


def test_hours_mean_the_clock_of_their_zone() -> None:
    sydney = business(Hours("08:00", "18:00"), holidays=("2026-10-14",), zone="Australia/Sydney")

    assert is_open(sydney, at("2026-10-13T12:00", "Australia/Sydney"))
    assert not is_open(sydney, at("2026-10-14T12:00", "Australia/Sydney"))
    assert not is_open(sydney, at("2026-10-13T12:00"))


def test_what_is_never_open_waits_as_the_clock_on_the_wall() -> None:
    start = at("2026-10-13T09:00")

    assert after(CLOSED, start, 4 * HOUR) == start + 4 * HOUR
    assert between(CLOSED, start, start + timedelta(days=365)) == timedelta(0)


def test_a_wait_longer_than_the_horizon_ends_all_the_same() -> None:
    rare = business(Hours("12:00", "12:01", ("mon",)))
    start = at("2026-10-13T09:00")

    assert start + HORIZON < after(rare, start, 4 * HOUR) < start + HORIZON + timedelta(days=8)


def test_moments_in_any_zone_count_real_time() -> None:
    zone = ZoneInfo(NEW_YORK)
    start, end = datetime(2026, 10, 31, 12, tzinfo=zone), datetime(2026, 11, 1, 12, tzinfo=zone)

    for bt in (business(), business(Hours())):
        assert between(bt, start, end) == 25 * HOUR
        assert after(bt, start, 25 * HOUR) == end


def test_a_team_has_its_own_hours_and_zone_or_the_hospitals() -> None:
    hours, own = {"start": "08:00", "end": "18:00", "days": list(WORKDAYS)}, {"start": "10:00", "end": "16:00"}
    team = DOCUMENT["teams"]["social"]
    config = AutomationConfig.model_validate(
        DOCUMENT
        | {
            "business_hours": [hours],
            "holidays": [{"day": "2026-12-25", "name": "Christmas Day"}],
            "teams": {"social": team, "west": {**team, "zone": "America/Los_Angeles", "business_hours": [own]}},
        }
    )

    assert between(of(config, "social"), at("2026-12-24T00:00"), at("2026-12-26T00:00")) == 10 * HOUR
    assert is_open(of(config, "west"), at("2026-12-26T18:59"))
    assert not is_open(of(config, "west"), at("2026-12-26T19:00"))
    assert of(config, "gone") == of(config, "social")
    assert of(AutomationConfig.model_validate(DOCUMENT), "social").hours == ()


# --- properties ----------------------------------------------------------------------------------------------------

ZONES = st.sampled_from([NEW_YORK, "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Auckland", "America/Havana"])
CLOCKS = st.one_of(
    st.sampled_from(["00:00", "01:30", "02:00", "02:15", "02:30", "03:00"]),
    st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59)),
)
HOURS = st.builds(
    Hours, start=CLOCKS, end=CLOCKS, days=st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True).map(tuple)
)
BUSINESS = st.builds(
    BusinessTime,
    hours=st.lists(HOURS, max_size=4).map(tuple),
    holidays=st.frozensets(st.dates(date(2026, 3, 1), date(2026, 4, 10)), max_size=5),
    zone=ZONES,
)
MOMENTS = st.integers(0, 40 * 1440).map(lambda minute: datetime(2026, 3, 1, tzinfo=UTC) + minute * MINUTE)
LENGTHS = st.integers(0, 60 * 60).map(lambda minutes: minutes * MINUTE)


@settings(max_examples=200, deadline=None)
@given(bt=BUSINESS, start=MOMENTS, length=LENGTHS)
def test_after_and_between_undo_each_other(bt: BusinessTime, start: datetime, length: timedelta) -> None:
    end = after(bt, start, length)

    assert end - start >= length
    if end < start + HORIZON:
        assert between(bt, start, end) == length
        assert length == timedelta(0) or between(bt, start, end - MINUTE) < length  # the first such moment


@settings(max_examples=200, deadline=None)
@given(bt=BUSINESS, moments=st.lists(MOMENTS, min_size=3, max_size=3).map(sorted))
def test_open_time_adds_up_and_is_never_longer_than_time(bt: BusinessTime, moments: list[datetime]) -> None:
    first, second, third = moments

    assert between(bt, first, third) == between(bt, first, second) + between(bt, second, third)
    assert timedelta(0) <= between(bt, first, second) <= second - first
    assert after(bt, first, between(bt, first, third)) <= third


@settings(max_examples=200, deadline=None)
@given(bt=BUSINESS, starts=st.tuples(MOMENTS, MOMENTS), lengths=st.tuples(LENGTHS, LENGTHS))
def test_a_later_start_or_a_longer_wait_never_ends_earlier(
    bt: BusinessTime, starts: tuple[datetime, datetime], lengths: tuple[timedelta, timedelta]
) -> None:
    ends = [after(bt, start, length) for start, length in zip(sorted(starts), sorted(lengths), strict=True)]

    assert ends == sorted(ends)


@settings(max_examples=100, deadline=None)
@given(bt=BUSINESS, start=MOMENTS)
def test_open_time_is_that_of_the_minutes_that_are_open(bt: BusinessTime, start: datetime) -> None:
    minutes = sum(is_open(bt, start + minute * MINUTE) for minute in range(600))

    assert between(bt, start, start + 600 * MINUTE) == minutes * MINUTE
