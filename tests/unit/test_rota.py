"""Who is on duty: weekly hours, rotations, calendars, swaps, leave and holidays, also when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchboard.config import AutomationConfig
from switchboard.domain.rota import WEEKDAYS, Gap, Span, Turn, coverage, duty, members, on_leave, turns
from switchboard.domain.rota_gaps import gaps
from tests.fakes.hospital import DOCUMENT

NEW_YORK = "America/New_York"
WORKDAYS = list(WEEKDAYS[:5])
PEOPLE = ("maria", "james", "chen", "priya", "tom")
OFFICE = [
    {"days": WORKDAYS, "start": "08:00", "end": "18:00", "on": ["maria", "james"]},
    {"days": WORKDAYS, "start": "18:00", "end": "08:00", "on": ["tom"]},
    {"days": ["sat", "sun"], "start": "08:00", "end": "08:00", "on": ["chen"]},
]
ROTATION = {"members": ["maria", "james", "chen"], "since": "2026-10-05T08:00"}


def hospital(
    rota: list[Any], zone: str = NEW_YORK, *, overrides: Any = (), leave: Any = None, **changes: Any
) -> AutomationConfig:
    """Return a config with one team; it need not cover the week."""
    staff = {
        one: {
            "name": one.title(),
            "email": f"{one}@example.org",
            "leave": [{"start": first, "end": last} for first, last in (leave or {}).get(one, ())],
        }
        for one in PEOPLE
    }
    team = {"zone": zone, "rota": rota, "overrides": list(overrides)}
    return AutomationConfig.model_validate(DOCUMENT | {"staff": staff, "teams": {"social": team}} | changes)


def at(text: str, zone: str = NEW_YORK, fold: int = 0) -> datetime:
    """Return the instant of a wall time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def on(config: AutomationConfig, text: str, zone: str = NEW_YORK) -> tuple[str, ...]:
    return duty(config, "social", at(text, zone))


# --- weekly hours --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-10-13T07:59", ("tom",)),
        ("2026-10-13T08:00", ("maria", "james")),
        ("2026-10-13T17:59", ("maria", "james")),
        ("2026-10-13T18:00", ("tom",)),
        ("2026-10-14T00:00", ("tom",)),  # Tuesday's night goes on
        ("2026-10-17T07:59", ("tom",)),  # Friday's night ends on Saturday
        ("2026-10-17T08:00", ("chen",)),
        ("2026-10-19T00:00", ("chen",)),  # Sunday's shift ends on Monday, over the end of the week
        ("2026-10-19T07:59", ("chen",)),
        ("2026-10-19T08:00", ("maria", "james")),
        ("2027-12-31T23:59", ("tom",)),
        ("2028-01-01T00:00", ("tom",)),
        ("2028-02-28T23:00", ("tom",)),
        ("2028-02-29T12:00", ("maria", "james")),
        ("2028-03-01T07:00", ("tom",)),  # the night of 29 February, a Tuesday
    ],
)
def test_a_shift_covers_its_start_and_not_its_end(moment: str, expected: tuple[str, ...]) -> None:
    assert on(hospital(OFFICE), moment) == expected


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Auckland", "Pacific/Pago_Pago"])
def test_the_year_begins_where_the_team_is(zone: str) -> None:
    feast = [{"day": "2027-01-01", "name": "New Year"}]
    config = hospital(
        [{"on": ["maria"], "holidays": "never"}, {"on": ["tom"], "holidays": "only"}], zone, holidays=feast
    )

    assert [on(config, moment, zone) for moment in ("2026-12-31T23:59", "2027-01-01T00:00", "2027-01-01T23:59")] == [
        ("maria",),
        ("tom",),
        ("tom",),
    ]
    assert on(config, "2027-01-02T00:00", zone) == ("maria",)


def test_shifts_that_overlap_add_up_in_their_order_and_name_each_once() -> None:
    config = hospital([{"on": ["maria", "james"]}, {"start": "08:00", "end": "18:00", "on": ["tom", "maria"]}])

    assert on(config, "2026-10-13T09:00") == ("maria", "james", "tom")
    assert on(config, "2026-10-13T07:00") == ("maria", "james")
    assert members(config, "social") == ("maria", "james", "tom")


def test_who_has_left_the_config_is_not_on_duty() -> None:
    config = hospital([{"on": ["bob", "maria"]}])

    assert on(config, "2026-10-13T09:00") == ("maria",)
    assert members(config, "social") == ("maria",)


def test_a_team_that_is_gone_has_nobody() -> None:
    config, start, end = hospital(OFFICE), at("2026-10-13T00:00"), at("2026-10-14T00:00")

    assert duty(config, "nurses", start) == ()
    assert members(config, "nurses") == ()
    assert turns(config, "nurses", start, end) == (Turn(start=start, end=end, staff_ids=()),)


# --- rotations -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-10-05T08:00", ("maria", "james", "chen")),
        ("2026-10-12T07:59", ("maria", "james", "chen")),
        ("2026-10-12T08:00", ("james", "chen", "maria")),
        ("2026-10-19T08:00", ("chen", "maria", "james")),
        ("2026-10-26T08:00", ("maria", "james", "chen")),
        ("2026-10-05T07:59", ("chen", "maria", "james")),  # before it began it counts backwards
        ("2026-11-02T07:59", ("maria", "james", "chen")),  # clocks went back: still at eight
        ("2026-11-02T08:00", ("james", "chen", "maria")),
        ("2031-10-06T08:00", ("maria", "james", "chen")),  # 261 weeks later
    ],
)
def test_turns_change_at_the_hour_on_the_wall_and_the_next_is_secondary(moment: str, expected: tuple[str, ...]) -> None:
    assert on(hospital([{"rotation": ROTATION}]), moment) == expected


def test_a_daily_turn_changes_each_day_and_only_within_the_hours_of_its_shift() -> None:
    daily = {"members": ["maria", "james"], "since": "2026-10-12T00:00", "every": "1d"}
    config = hospital([{"days": WORKDAYS, "start": "22:00", "end": "06:00", "rotation": daily}])

    assert on(config, "2026-10-12T23:00") == ("maria", "james")
    assert on(config, "2026-10-13T05:00") == ("james", "maria")  # the turn changes at midnight, not with the shift
    assert on(config, "2026-10-13T06:00") == ()
    assert members(config, "social") == ("maria", "james")


def test_whoever_stands_twice_in_a_rotation_has_two_turns_and_is_rung_once() -> None:
    rotation = {"members": ["maria", "james", "maria"], "since": "2026-10-12T00:00", "every": "1d"}
    config = hospital([{"rotation": rotation}])

    assert [on(config, f"2026-10-{day}T12:00") for day in (12, 13, 14)] == [
        ("maria", "james"),
        ("james", "maria"),
        ("maria", "james"),
    ]


def test_at_a_handoff_in_the_hour_that_comes_twice_both_are_there() -> None:
    rotation = {"members": ["maria", "james", "chen"], "since": "2026-10-25T01:30"}
    config = hospital([{"rotation": rotation}])

    found = turns(config, "social", at("2026-11-01T00:00"), at("2026-11-02T00:00"))

    assert [turn.staff_ids[:2] for turn in found] == [("maria", "james"), ("james", "chen")]
    assert found[0].end == at("2026-11-01T01:30", fold=1)


# --- calendars -----------------------------------------------------------------------------------------------------


def test_a_calendar_names_who_is_on_duty_within_the_hours_of_its_shift() -> None:
    config = hospital(
        [{"start": "08:00", "end": "18:00", "calendar": "clinic"}],
        calendars={"clinic": {"people": {"Dr Tom": "tom"}}},
    )
    calendars = {
        "clinic": (
            Span(start=at("2026-10-13T06:00"), end=at("2026-10-13T12:00"), staff_ids=("maria", "bob")),
            Span(start=at("2026-10-13T11:00"), end=at("2026-10-14T09:00"), staff_ids=("james",)),
        )
    }

    found = turns(config, "social", at("2026-10-13T00:00"), at("2026-10-14T10:00"), calendars)

    assert [(turn.start, turn.staff_ids) for turn in found] == [
        (at("2026-10-13T00:00"), ()),
        (at("2026-10-13T08:00"), ("maria",)),
        (at("2026-10-13T11:00"), ("maria", "james")),
        (at("2026-10-13T12:00"), ("james",)),
        (at("2026-10-13T18:00"), ()),
        (at("2026-10-14T08:00"), ("james",)),
        (at("2026-10-14T09:00"), ()),
    ]
    assert members(config, "social", calendars) == ("maria", "james", "tom")
    assert duty(config, "social", at("2026-10-13T09:00")) == ()


# --- holidays, overrides and leave ---------------------------------------------------------------------------------


def test_a_holiday_is_judged_on_the_day_on_which_the_shift_begins() -> None:
    rota = [
        {"start": "08:00", "end": "20:00", "on": ["maria"], "holidays": "never"},
        {"start": "20:00", "end": "08:00", "on": ["tom"]},
        {"start": "08:00", "end": "20:00", "on": ["chen"], "holidays": "only"},
        {"start": "20:00", "end": "08:00", "on": ["priya"], "holidays": "only"},
    ]
    config = hospital(rota, holidays=[{"day": "2026-12-25", "name": "Christmas Day"}])

    assert on(config, "2026-12-24T12:00") == ("maria",)
    assert on(config, "2026-12-25T07:59") == ("tom",)
    assert on(config, "2026-12-25T12:00") == ("chen",)
    assert on(config, "2026-12-25T23:00") == ("tom", "priya")
    assert on(config, "2026-12-26T07:00") == ("tom", "priya")
    assert on(config, "2026-12-26T08:00") == ("maria",)


def override(first: str, last: str, people: list[str], instead_of: str | None = None) -> dict[str, Any]:
    return {"start": first, "end": last, "on": people, "instead_of": instead_of}


def test_an_override_replaces_everybody_from_its_start_until_before_its_end() -> None:
    config = hospital(OFFICE, overrides=[override("2026-10-13T10:00", "2026-10-13T12:00", ["priya", "tom"])])

    assert on(config, "2026-10-13T09:59") == ("maria", "james")
    assert on(config, "2026-10-13T10:00") == ("priya", "tom")
    assert on(config, "2026-10-13T12:00") == ("maria", "james")
    assert members(config, "social") == ("maria", "james", "tom", "chen")


def test_an_override_fills_a_hole() -> None:
    config = hospital(OFFICE[:1], overrides=[override("2026-10-13T18:00", "2026-10-13T20:00", ["priya"])])

    assert on(config, "2026-10-13T19:00") == ("priya",)


def test_a_swap_takes_the_place_of_one_and_only_where_they_are_on_duty() -> None:
    config = hospital(OFFICE, overrides=[override("2026-10-13T00:00", "2026-10-14T00:00", ["priya"], "maria")])

    assert on(config, "2026-10-13T12:00") == ("priya", "james")
    assert on(config, "2026-10-13T20:00") == ("tom",)


@pytest.mark.parametrize(
    ("swaps", "expected"),
    [
        ([(["james"], "maria"), (["maria"], "james")], ("james", "maria", "chen")),  # two who swap
        ([(["james"], "maria"), (["chen"], "james"), (["maria"], "chen")], ("james", "chen", "maria")),
        ([(["tom"], "maria"), (["priya"], "tom")], ("priya", "james", "chen")),  # the stand-in finds another
        ([(["priya"], "tom"), (["tom"], "maria")], ("priya", "james", "chen")),  # in whatever order it is written
        ([(["james"], "maria"), (["tom"], "james")], ("tom", "chen")),
        ([(["tom"], "maria"), (["priya"], "maria")], ("priya", "james", "chen")),  # the later counts
        ([(["maria", "tom"], "maria")], ("maria", "tom", "james", "chen")),  # one joins
        ([(["tom"], "priya")], ("maria", "james", "chen")),  # for somebody who is not on duty
        ([(["tom"], None), (["priya"], "tom")], ("priya",)),
        ([(["priya"], "tom"), (["tom"], None)], ("priya",)),
        ([(["tom"], None), (["priya"], None)], ("priya",)),
        ([(["bob"], "maria")], ("james", "chen")),
    ],
)
def test_overrides_that_meet(swaps: list[tuple[list[str], str | None]], expected: tuple[str, ...]) -> None:
    written = [override("2026-10-13T00:00", "2026-10-14T00:00", people, who) for people, who in swaps]
    config = hospital([{"on": ["maria", "james", "chen"]}], overrides=written)

    assert on(config, "2026-10-13T12:00") == expected


def test_leave_is_whole_days_both_ends_included_where_the_team_is() -> None:
    config = hospital([{"on": ["maria", "james"]}], "Asia/Tokyo", leave={"maria": [("2026-10-13", "2026-10-14")]})

    assert on(config, "2026-10-12T23:59", "Asia/Tokyo") == ("maria", "james")
    assert on(config, "2026-10-13T00:00", "Asia/Tokyo") == ("james",)
    assert on(config, "2026-10-14T23:59", "Asia/Tokyo") == ("james",)
    assert on(config, "2026-10-15T00:00", "Asia/Tokyo") == ("maria", "james")


def test_whoever_is_not_in_the_config_or_has_no_team_is_not_on_leave() -> None:
    config = hospital([{"on": ["maria"]}], leave={"maria": [("2026-10-13", "2026-10-14")]})
    now = at("2026-10-13T23:00", "Asia/Tokyo")

    assert not on_leave(config, "social", "bob", now)
    assert on_leave(config, "social", "maria", now)
    assert on_leave(config, "gone", "maria", now)  # by the hospital's clock


def test_who_is_on_leave_is_not_there_for_anybody_else() -> None:
    config = hospital(
        [{"on": ["maria", "james"]}],
        overrides=[override("2026-10-13T00:00", "2026-10-14T00:00", ["tom"], "maria")],
        leave={"tom": [("2026-10-13", "2026-10-13")]},
    )

    assert on(config, "2026-10-13T12:00") == ("james",)


def test_leave_and_overrides_without_an_end_in_sight_are_no_error() -> None:
    config = hospital(
        [{"on": ["maria", "james"]}],
        overrides=[override("0001-01-01T00:00", "9999-12-31T23:59", ["tom"], "james")],
        leave={"maria": [("0001-01-01", "9999-12-31")]},
    )

    assert on(config, "2026-10-13T12:00") == ("tom",)
    assert on(config, "2026-10-13T12:00", "Pacific/Kiritimati") == ("tom",)


# --- days on which clocks change -----------------------------------------------------------------------------------

# The zone, a day whose clocks change, and how many hours it has.
CHANGES = [
    (NEW_YORK, "2026-03-08", 23.0),
    (NEW_YORK, "2026-11-01", 25.0),
    ("Europe/Berlin", "2026-03-29", 23.0),
    ("Europe/Berlin", "2026-10-25", 25.0),
    ("Australia/Sydney", "2026-10-04", 23.0),
    ("Australia/Sydney", "2026-04-05", 25.0),
    ("Pacific/Auckland", "2026-09-27", 23.0),
    ("Pacific/Auckland", "2026-04-05", 25.0),
    ("Pacific/Chatham", "2026-09-27", 23.0),  # at 02:45
    ("Pacific/Chatham", "2026-04-05", 25.0),
    ("Australia/Lord_Howe", "2026-10-04", 23.5),
    ("Australia/Lord_Howe", "2026-04-05", 24.5),
    ("Africa/Casablanca", "2026-02-15", 25.0),  # back for Ramadan
    ("Africa/Casablanca", "2026-03-22", 23.0),
    ("America/Havana", "2026-03-08", 23.0),  # there is no midnight
    ("America/Havana", "2026-11-01", 25.0),
    ("Asia/Beirut", "2026-03-29", 23.0),  # there is no midnight
    ("Asia/Beirut", "2026-10-24", 25.0),
    ("America/St_Johns", "2010-11-07", 25.0),  # a minute after midnight, back to the day before
    ("Pacific/Apia", "2011-12-29", 24.0),  # 30 December was left out
]


@pytest.mark.parametrize(("zone", "day", "hours"), CHANGES)
def test_the_days_of_these_tests_are_those_on_which_clocks_change(zone: str, day: str, hours: float) -> None:
    after = (datetime.fromisoformat(day) + timedelta(days=1)).date()

    assert (at(f"{after}T00:00", zone) - at(f"{day}T00:00", zone)) / timedelta(hours=1) == hours


@pytest.mark.parametrize(
    ("zone", "wall"),
    [
        (NEW_YORK, "2026-11-01T01:30"),
        (NEW_YORK, "2026-03-08T02:30"),
        ("Australia/Lord_Howe", "2026-04-05T01:45"),
        ("Australia/Lord_Howe", "2026-10-04T02:15"),
        ("America/Havana", "2026-03-08T00:00"),
    ],
)
def test_shifts_that_meet_where_clocks_change_overlap(zone: str, wall: str) -> None:
    clock = wall[11:]
    day = datetime.fromisoformat(wall)
    ends = [{"days": [WEEKDAYS[(day - timedelta(days=1)).weekday()]], "start": clock, "end": clock, "on": ["maria"]}]
    begins = [{"days": [WEEKDAYS[day.weekday()]], "start": clock, "end": clock, "on": ["james"]}]
    first, second = sorted([at(wall, zone, 0), at(wall, zone, 1)])

    found = turns(hospital(ends + begins, zone), "social", first - timedelta(hours=2), second + timedelta(hours=2))

    assert [(turn.start, turn.staff_ids) for turn in found] == [
        (first - timedelta(hours=2), ("maria",)),
        (first, ("maria", "james")),
        (second, ("james",)),
    ]


def test_a_shift_into_a_day_that_was_left_out_ends_on_the_day_after() -> None:
    config = hospital([{"days": ["thu"], "start": "12:00", "end": "12:00", "on": ["maria"]}], "Pacific/Apia")

    assert on(config, "2011-12-31T11:59", "Pacific/Apia") == ("maria",)
    assert on(config, "2011-12-31T12:00", "Pacific/Apia") == ()


@pytest.mark.parametrize("wall", ["2026-11-01T01:30", "2026-03-08T02:30"])
def test_an_override_that_begins_or_ends_where_clocks_change_is_as_long_as_it_can_be(wall: str) -> None:
    first, second = sorted([at(wall, fold=0), at(wall, fold=1)])
    day = wall[:10]
    begins = hospital([{"on": ["maria"]}], overrides=[override(wall, f"{day}T20:00", ["tom"], "maria")])
    ends = hospital([{"on": ["maria"]}], overrides=[override(f"{day}T00:00", wall, ["tom"])])

    tick = timedelta(seconds=1)
    assert [duty(begins, "social", now) for now in (first - tick, first)] == [("maria",), ("tom",)]
    assert [duty(ends, "social", now) for now in (second - tick, second)] == [("tom",), ("maria",)]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-08", 23), ("2026-11-01", 25)])
def test_leave_is_the_whole_day_where_there_is_no_midnight_or_two(day: str, hours: int) -> None:
    config = hospital([{"on": ["maria", "tom"]}], "America/Havana", leave={"maria": [(day, day)]})
    start = at(f"{day}T12:00", "America/Havana") - timedelta(days=2)

    found = turns(config, "social", start, start + timedelta(days=4))

    assert [(turn.staff_ids, turn.end - turn.start) for turn in found][1] == (("tom",), timedelta(hours=hours))
    assert found[1].start.astimezone(ZoneInfo("America/Havana")).date().isoformat() == day
    for moment, expected in ((found[1].start - timedelta(seconds=1), False), (found[1].start, True), (start, False)):
        assert on_leave(config, "social", "maria", moment) is expected


def test_the_hour_that_comes_twice_is_covered_twice_by_the_same_person() -> None:
    config = hospital([{"start": "00:00", "end": "03:00", "on": ["maria"]}, {"start": "03:00", "on": ["james"]}])

    assert duty(config, "social", at("2026-11-01T01:45")) == ("maria",)
    assert duty(config, "social", at("2026-11-01T01:45", fold=1)) == ("maria",)
    assert at("2026-11-01T01:45", fold=1) - at("2026-11-01T01:45") == timedelta(hours=1)


# --- properties ----------------------------------------------------------------------------------------------------

CLOCKS = st.one_of(
    st.sampled_from(["00:00", "01:00", "01:30", "02:00", "02:15", "02:30", "02:45", "03:00", "03:15"]),
    st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59)),
)
SOME = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3)


def rotations(day: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return rotations that began some days before or after *day*, often at a time that came twice or never."""
    begins = st.integers(-30, 30).map(lambda days: (datetime.fromisoformat(day) + timedelta(days=days)).date())
    since = st.builds("{}T{}".format, begins, CLOCKS)
    return st.fixed_dictionaries({"members": SOME, "since": since, "every": st.sampled_from(["1d", "2d", "7d"])})


@st.composite
def whole_weeks(draw: st.DrawFn, day: str) -> list[dict[str, Any]]:
    """Return a rota whose shifts follow one another around the clock, each by people or by a rotation."""
    clocks = sorted(draw(st.sets(CLOCKS, min_size=1, max_size=4)))
    rota: list[dict[str, Any]] = []
    for start, end in zip(clocks, [*clocks[1:], clocks[0]], strict=True):
        days = sorted(draw(st.sets(st.sampled_from(WEEKDAYS), max_size=6)))
        for part in (days, [one for one in WEEKDAYS if one not in days]):
            who = draw(
                st.one_of(SOME.map(lambda some: {"on": some}), rotations(day).map(lambda one: {"rotation": one}))
            )
            if part:
                rota.append({"days": part, "start": start, "end": end, **who})
    return rota


@settings(max_examples=150, deadline=None)
@given(data=st.data(), change=st.sampled_from(CHANGES))
def test_a_rota_that_covers_the_week_has_nobody_missing_when_clocks_change(data: st.DataObject, change: Any) -> None:
    zone, day, _ = change
    swaps = [
        override(f"{day}T{data.draw(CLOCKS)}", f"{day}T23:59", ["tom"], data.draw(st.sampled_from([None, "maria"])))
    ]
    config = hospital(data.draw(whole_weeks(day)), zone, overrides=data.draw(st.sampled_from([[], swaps])))
    assert gaps(config.teams["social"].rota) == []
    start, end = at(f"{day}T00:00", zone) - timedelta(days=3), at(f"{day}T00:00", zone) + timedelta(days=4)

    found = turns(config, "social", start, end)

    assert [turn for turn in found if not turn.staff_ids] == []
    assert coverage(config, start, end) == ()
    moment = data.draw(st.integers(0, int((end - start) / timedelta(minutes=1)) - 1)) * timedelta(minutes=1) + start
    assert duty(config, "social", moment)


@pytest.mark.parametrize(("zone", "day", "hours"), CHANGES)
def test_nobody_is_missing_at_any_minute_of_such_a_day(zone: str, day: str, hours: float) -> None:
    start = at(f"{day}T00:00", zone) - timedelta(hours=3)
    weekly = {"rotation": {"members": ["maria", "tom"], "since": f"{day}T02:15"}}
    for rota in ([{"on": ["maria"]}], OFFICE, [weekly], [{"start": "02:15", "end": "02:15", "on": ["maria"]}]):
        config = hospital(rota, zone)

        assert all(duty(config, "social", start + timedelta(minutes=minute)) for minute in range(0, 30 * 60, 5))


def expected_on(rota: list[dict[str, Any]], wall: datetime) -> set[str]:
    """Return whom the hours on the wall name at *wall*, reckoned without any instant."""
    found: set[str] = set()
    for shift in rota:
        start, end = shift["start"], shift["end"]
        clock = wall.strftime("%H:%M")
        today, before = (WEEKDAYS[(wall - timedelta(days=days)).weekday()] in shift["days"] for days in (0, 1))
        over_night = (today and clock >= start) or (before and clock < end)
        active = (today and start <= clock < end) if start < end else over_night
        if active and "on" in shift:
            found |= set(shift["on"])
        elif active:
            found.add(turn_of(shift["rotation"], wall))
    return found


def turn_of(rotation: dict[str, Any], wall: datetime) -> str:
    since = datetime.fromisoformat(rotation["since"])
    turn = (wall - since).total_seconds() // (int(rotation["every"][:-1]) * 86400)
    return str(rotation["members"][int(turn) % len(rotation["members"])])


@settings(max_examples=150, deadline=None)
@given(data=st.data(), change=st.sampled_from(CHANGES), minute=st.integers(-3 * 1440, 3 * 1440))
def test_whoever_the_clock_on_the_wall_names_is_on_duty(data: st.DataObject, change: Any, minute: int) -> None:
    zone, day, _ = change
    rota = data.draw(whole_weeks(day))
    now = at(f"{day}T02:00", zone) + timedelta(minutes=minute)
    wall = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)

    assert expected_on(rota, wall) <= set(duty(hospital(rota, zone), "social", now))


@settings(max_examples=100, deadline=None)
@given(data=st.data(), minute=st.integers(0, 14 * 1440))
def test_on_ordinary_days_it_is_those_whom_the_clock_names_and_no_others(data: st.DataObject, minute: int) -> None:
    rota = [
        {**shift, "on": ["maria"]} if "rotation" in shift else shift for shift in data.draw(whole_weeks("2026-06-01"))
    ]
    for shift in rota:
        shift.pop("rotation", None)
    now = at("2026-06-01T00:00") + timedelta(minutes=minute)

    found = duty(hospital(rota), "social", now)

    assert set(found) == expected_on(rota, now.astimezone(ZoneInfo(NEW_YORK)).replace(tzinfo=None))
    assert len(set(found)) == len(found)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), change=st.sampled_from(CHANGES))
def test_turns_agree_with_duty_at_every_boundary_and_in_between(data: st.DataObject, change: Any) -> None:
    zone, day, _ = change
    start = at(f"{day}T00:00", zone) - timedelta(days=2)
    end = start + timedelta(minutes=data.draw(st.integers(1, 5 * 1440)))
    moments = st.builds("{}T{}".format, st.just(day), CLOCKS)
    first, last = sorted([data.draw(moments), data.draw(moments)])
    who = data.draw(st.sampled_from([None, *PEOPLE]))
    rota = data.draw(whole_weeks(day))[: data.draw(st.integers(1, 8))]
    calendars = {"clinic": (Span(start=start, end=start + timedelta(hours=40), staff_ids=tuple(data.draw(SOME))),)}
    config = hospital(
        [*rota, {"start": "01:30", "end": "09:00", "calendar": "clinic", "holidays": "only"}],
        zone,
        overrides=[override(first, last, data.draw(SOME), who)],
        leave={"maria": [(day, day)], "tom": [(day, "2030-01-01")]},
        holidays=[{"day": day, "name": "Feast"}],
    )

    found = turns(config, "social", start, end, calendars)

    assert (found[0].start, found[-1].end) == (start, end)
    assert all(one.end == next_.start and one.staff_ids != next_.staff_ids for one, next_ in pairwise(found))
    for turn in found:
        inside = [turn.start, turn.start + (turn.end - turn.start) / 2, turn.end - timedelta(microseconds=1)]
        assert {duty(config, "social", moment, calendars) for moment in inside} == {turn.staff_ids}
    holes = [(gap.start, gap.end) for gap in coverage(config, start, end, calendars)]
    assert sum((b - a for a, b in holes), timedelta()) == sum(
        (turn.end - turn.start for turn in found if not turn.staff_ids), timedelta()
    )


def test_no_stretch_has_no_turns() -> None:
    now = at("2026-10-13T00:00")

    assert turns(hospital(OFFICE), "social", now, now) == ()
    assert coverage(hospital(OFFICE), now, now - timedelta(days=1)) == ()


def test_turns_are_told_in_utc_whatever_zone_they_are_asked_in() -> None:
    start = datetime(2026, 10, 31, 12, tzinfo=ZoneInfo(NEW_YORK))

    found = turns(hospital(OFFICE), "social", start, start + timedelta(days=1))  # 25 hours

    assert found[-1].end - found[0].start == timedelta(hours=25)
    assert {turn.start.tzinfo for turn in found} == {UTC}


# --- coverage ------------------------------------------------------------------------------------------------------


def reasons(config: AutomationConfig, calendars: Any = None) -> list[str]:
    found = coverage(config, at("2026-12-24T00:00"), at("2026-12-27T00:00"), calendars or {})
    assert all(gap.team_id == "social" for gap in found)
    return [
        f"{gap.start.astimezone(ZoneInfo(NEW_YORK)):%d %H:%M} to {gap.end.astimezone(ZoneInfo(NEW_YORK)):%d %H:%M} "
        f"{gap.reason}"
        for gap in found
    ]


def test_a_gap_says_why() -> None:
    day = {"start": "08:00", "end": "20:00", "on": ["maria"], "holidays": "never"}
    night = {"start": "20:00", "end": "08:00", "calendar": "clinic"}
    config = hospital(
        [day, night],
        calendars={"clinic": {}},
        holidays=[{"day": "2026-12-25", "name": "Christmas Day"}],
        leave={"maria": [("2026-12-26", "2026-12-26")]},
    )
    spans = [Span(start=at("2026-12-24T20:00"), end=at("2026-12-25T08:00"), staff_ids=("tom",))]

    assert reasons(config, {"clinic": spans}) == [
        "24 00:00 to 24 08:00 Calendar clinic names nobody.",
        "25 08:00 to 25 20:00 No shift begins on Christmas Day.",
        "25 20:00 to 26 08:00 Calendar clinic names nobody.",
        "26 08:00 to 26 20:00 On leave: maria.",
        "26 20:00 to 27 00:00 Calendar clinic names nobody.",
    ]
    assert reasons(config)[0] == "24 00:00 to 24 08:00 Calendar clinic was never read."


def test_a_gap_without_a_shift_and_one_with_people_who_are_gone() -> None:
    config = hospital([{"start": "08:00", "end": "20:00", "on": ["bob"]}])

    assert reasons(config)[:3] == [
        "24 00:00 to 24 08:00 No shift covers it.",
        "24 08:00 to 24 20:00 Nobody on duty is in the config: bob.",
        "24 20:00 to 25 08:00 No shift covers it.",
    ]


def test_who_is_on_duty_without_a_contact_is_a_gap_and_a_pager_is_a_contact() -> None:
    staff = {
        "maria": {"name": "Maria", "alert_by": ["sms"]},
        "james": {"name": "James", "alert_by": ["pagerduty"]},
    }
    rota = [{"start": "08:00", "end": "20:00", "on": ["maria"]}, {"start": "20:00", "end": "08:00", "on": ["james"]}]
    config = hospital(rota, staff=staff)

    assert reasons(config) == [
        f"{day} 08:00 to {day} 20:00 Nobody on duty has a contact: maria." for day in ("24", "25", "26")
    ]


def test_every_team_is_looked_at() -> None:
    rota = [{"days": WORKDAYS, "on": ["maria"]}]
    config = hospital([], teams={"social": {"rota": rota}, "clinical": {"zone": "Europe/Berlin", "rota": rota}})
    start, end = at("2026-10-16T00:00"), at("2026-10-19T12:00")

    assert coverage(config, start, end) == (
        Gap(
            team_id="social",
            start=at("2026-10-17T00:00"),
            end=at("2026-10-19T00:00"),
            reason="No shift covers it.",
        ),
        Gap(
            team_id="clinical",
            start=at("2026-10-17T00:00", "Europe/Berlin"),
            end=at("2026-10-19T00:00", "Europe/Berlin"),
            reason="No shift covers it.",
        ),
    )
