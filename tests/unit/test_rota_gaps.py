"""The holes of a rota's week, and those that only a holiday tears."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.config import AutomationConfig
from switchboard.domain.rota import WEEKDAYS, duty
from switchboard.domain.rota_gaps import gaps, holiday_gaps
from tests.fakes.hospital import DOCUMENT

WORKDAYS = WEEKDAYS[:5]


@dataclass(frozen=True)
class Hours:
    start: str = "00:00"
    end: str = "24:00"
    days: tuple[str, ...] = WEEKDAYS
    holidays: str = "also"


ALWAYS = (Hours(),)
OFFICE = (Hours("08:00", "18:00", WORKDAYS), Hours("18:00", "08:00", WORKDAYS), Hours("08:00", "08:00", ("sat", "sun")))


def test_a_rota_around_the_clock_has_no_gap() -> None:
    assert gaps(ALWAYS) == []
    assert gaps(OFFICE) == []


A_MINUTE_BEFORE_MIDNIGHT = [
    f"{day} 23:59 to {after} 00:00" for day, after in zip(WEEKDAYS, (*WEEKDAYS[1:], "mon"), strict=True)
]


@pytest.mark.parametrize(
    ("rota", "expected"),
    [
        ((Hours("00:00", "23:59"),), A_MINUTE_BEFORE_MIDNIGHT),
        ((Hours(days=WORKDAYS),), ["sat 00:00 to mon 00:00"]),
        ((Hours(days=WEEKDAYS[1:]),), ["mon 00:00 to tue 00:00"]),
        ((Hours("08:00", "08:00", ("sun",)),), ["mon 08:00 to sun 08:00"]),
        (
            (Hours(days=("wed",)), Hours("12:00", "12:00", ("fri",))),
            ["thu 00:00 to fri 12:00", "sat 12:00 to wed 00:00"],
        ),
        ((), ["mon 00:00 to mon 00:00"]),
    ],
)
def test_every_gap_is_named_once_also_over_the_end_of_the_week(rota: tuple[Hours, ...], expected: list[str]) -> None:
    assert gaps(rota) == expected


def test_a_gap_of_a_minute_is_a_gap() -> None:
    rota = (Hours("00:00", "12:00"), Hours("12:01", "24:00"))

    assert len(gaps(rota)) == 7


CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
SHIFTS = st.builds(
    Hours,
    start=CLOCKS,
    end=CLOCKS,
    days=st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True).map(tuple),
    holidays=st.sampled_from(["also", "only", "never"]),
)


def within(gap: str, minute: int) -> bool:
    start, end = (WEEKDAYS.index(part[:3]) * 1440 + int(part[4:6]) * 60 + int(part[7:]) for part in gap.split(" to "))
    return start <= minute < end if start < end else minute >= start or minute < end


def hospital(rota: list[Hours], holidays: list[str]) -> AutomationConfig:
    shifts = [{**asdict(shift), "on": ["maria"]} for shift in rota]
    days = [{"day": day, "name": "Feast"} for day in holidays]
    teams = {"social": {"zone": "UTC", "rota": shifts}}
    return AutomationConfig.model_validate(DOCUMENT | {"teams": teams, "holidays": days})


@given(rota=st.lists(SHIFTS, min_size=1, max_size=4), minute=st.integers(0, 7 * 24 * 60 - 1))
def test_nobody_is_on_duty_exactly_in_the_gaps(rota: list[Hours], minute: int) -> None:
    now = datetime(2026, 10, 12, tzinfo=UTC) + timedelta(minutes=minute)

    empty = duty(hospital(rota, []), "social", now) == ()

    assert empty == any(within(gap, minute) for gap in gaps(rota)), now


@given(
    rota=st.lists(SHIFTS, min_size=1, max_size=4),
    minute=st.integers(0, 7 * 24 * 60 - 1),
    feasts=st.sets(st.integers(-1, 6)),
)
def test_whoever_is_missing_on_holidays_is_missing_in_a_gap_or_in_one_of_holidays(
    rota: list[Hours], minute: int, feasts: set[int]
) -> None:
    monday = datetime(2026, 10, 12, tzinfo=UTC)
    holidays = [(monday + timedelta(days=day)).date().isoformat() for day in feasts]

    if duty(hospital(rota, holidays), "social", monday + timedelta(minutes=minute)) == ():
        assert any(within(gap, minute) for gap in (*gaps(rota), *holiday_gaps(rota)))


@pytest.mark.parametrize(
    ("rota", "expected"),
    [
        (OFFICE, []),
        ((Hours(holidays="never"), Hours(holidays="only")), []),
        ((Hours(holidays="never"), Hours(days=WORKDAYS, holidays="only")), ["sat 00:00 to mon 00:00"]),
        ((Hours(holidays="never"),), ["mon 00:00 to mon 00:00"]),
        ((Hours("08:00", "18:00", ("mon",), "never"), Hours("18:00", "18:00")), []),
        ((Hours(days=WEEKDAYS[1:]), Hours(days=("mon",), holidays="never")), ["mon 00:00 to tue 00:00"]),
        # The night before a holiday ends at eight; the day of a holiday begins at nine.
        (
            (
                Hours("08:00", "08:00", ("mon",), "never"),
                Hours("09:00", "08:00", ("mon",), "only"),
                Hours("08:00", "08:00", WEEKDAYS[1:]),
            ),
            ["mon 08:00 to mon 09:00"],
        ),
        # What holidays begin reaches into the day after: a hole only where two of them meet.
        ((Hours("00:00", "12:00", holidays="never"), Hours("12:00", "24:00"), Hours("12:00", "12:00", holidays="only")),
         [f"{day} 00:00 to {day} 12:00" for day in WEEKDAYS]),
    ],
)  # fmt: skip
def test_a_gap_that_only_a_holiday_tears_is_named(rota: tuple[Hours, ...], expected: list[str]) -> None:
    assert holiday_gaps(rota) == expected


def test_a_shift_for_holidays_only_covers_no_ordinary_day() -> None:
    assert gaps((Hours(holidays="only"),)) == ["mon 00:00 to mon 00:00"]
    assert holiday_gaps((Hours(holidays="only"),)) == []
