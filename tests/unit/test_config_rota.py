"""What the check of the config says of rotations, swaps, holidays and calendars."""

from __future__ import annotations

from typing import Any

import pytest

from switchboard.config import check
from tests.fakes.hospital import DOCUMENT

TURNS = {"members": ["maria", "james"], "since": "2026-10-05T08:00"}
WHOLE_WEEK = [{"on": ["maria", "james"]}]


def said_of(rota: list[Any], overrides: Any = (), zone: str = "America/New_York", **changes: Any) -> list[str]:
    """Return the problems of a config with one team."""
    team = {"zone": zone, "rota": rota, "overrides": list(overrides)}
    _, problems = check(DOCUMENT | {"teams": {"social": team}} | changes)
    return [f"{problem.path}: {problem.message}; {problem.remedy}" for problem in problems]


def override(**changes: Any) -> dict[str, Any]:
    return {"start": "2026-12-24T08:00", "end": "2026-12-24T20:00", "on": ["chen"], **changes}


def test_a_rotation_around_the_clock_is_a_whole_rota() -> None:
    assert said_of([{"rotation": TURNS}]) == []


def test_a_rotation_has_gaps_where_its_shift_has() -> None:
    found = said_of([{"end": "23:00", "days": ["mon"], "rotation": TURNS}, {"days": ["tue"], "on": ["maria"]}])

    assert [line.split(";")[0] for line in found] == [
        "teams.social.rota: nobody is on duty from mon 23:00 to tue 00:00",
        "teams.social.rota: nobody is on duty from wed 00:00 to mon 00:00",
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"members": ["maria", "bob"]}, ".members.1: there is no staff member 'bob'; add it, or use one of: chen, jam"),
        ({"every": "36h"}, ".every: is not a number of whole days; write 1d, 7d or 14d"),
        ({"every": "999d"}, ".every: is longer than a year; write 1d, 7d or 14d"),
        ({"since": "2026-03-08T02:30"}, ".since: is a time that clocks in America/New_York leave out: they go forward"),
        ({"since": "2026-02-29T08:00"}, '.since: is not a time of the calendar; write it as "2026-12-24T08:00", in qu'),
        ({"since": "2026-10-05 08:00"}, '.since: is not a time on a day; write it as "2026-12-24T08:00", in quotes, i'),
        ({"since": "2026-10-05T08:00Z"}, '.since: is not a time on a day; write it as "2026-12-24T08:00", in quotes,'),
        ({"members": []}, ".members: is empty; add at least one"),
    ],
)
def test_a_rotation_that_cannot_turn_says_where_and_what_to_do(change: Any, expected: str) -> None:
    (said,) = said_of([{"rotation": TURNS | change}])

    assert said.startswith(f"teams.social.rota.0.rotation{expected}")


def test_a_time_is_looked_for_on_the_clock_of_the_team() -> None:
    rota = [{"rotation": TURNS | {"since": "2026-03-08T02:30"}}]

    assert said_of(rota, zone="Europe/Berlin") == []


def test_a_shift_by_calendar_covers_its_hours() -> None:
    by_day = {"start": "08:00", "end": "20:00", "calendar": "clinic"}

    assert said_of([by_day, {"start": "20:00", "end": "08:00", "on": ["maria"]}], calendars={"clinic": {}}) == []
    assert len(said_of([by_day], calendars={"clinic": {}})) == 7


@pytest.mark.parametrize(
    ("calendar", "expected"),
    [
        ({"people": {"Dr Chen": "cheng"}}, ".people.Dr Chen: there is no staff member 'cheng' (did you mean 'chen'?)"),
        (
            {"stale_after": "1h"},
            ".stale_after: is over before a calendar is read again, which is once an hour; write 2h",
        ),
        ({"url": "webcal://example.org/a"}, ".url: is not an https address; write it as https://calendar.example.org/"),
    ],
)
def test_a_calendar_that_cannot_serve_says_why(calendar: Any, expected: str) -> None:
    (said,) = said_of([{"calendar": "clinic"}], calendars={"clinic": calendar})

    assert said.startswith(f"calendars.clinic{expected}")


@pytest.mark.parametrize(
    ("rota", "expected"),
    [
        ([{"on": ["maria"], "holidays": "never"}, {"on": ["james"], "holidays": "only"}], []),
        ([{"on": ["maria"], "holidays": "never"}], ["nobody is on duty on holidays from mon 00:00 to mon 00:00"]),
        (
            [{"on": ["maria"], "holidays": "never"}, {"start": "08:00", "on": ["james"], "holidays": "only"}],
            [
                f"nobody is on duty on holidays from {day} 00:00 to {day} 08:00"
                for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
            ],
        ),
        ([{"on": ["maria"], "holidays": "only"}], ["nobody is on duty from mon 00:00 to mon 00:00"]),
    ],
)
def test_holidays_are_covered_as_well(rota: list[Any], expected: list[str]) -> None:
    assert [line.removeprefix("teams.social.rota: ").split(";")[0] for line in said_of(rota)] == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"on": ["bob"]}, ".on.0: there is no staff member 'bob'; add it, or use one of: chen, dora, "),
        ({"on": []}, ".on: is empty; add at least one"),
        ({"instead_of": "bob"}, ".instead_of: there is no staff member 'bob'; add it, or use one of: chen, d"),
        ({"instead_of": "dora"}, ".instead_of: dora is never on duty here, so nobody would be replaced; use one of: c"),
        ({"end": "2026-12-24T08:00"}, ": ends before it begins; mend its start or its end"),
        ({"end": "2026-12-23T20:00"}, ": ends before it begins; mend its start or its end"),
        ({"end": "2026-12-24"}, '.end: is not a time on a day; write it as "2026-12-24T08:00", in quotes'),
    ],
)
def test_an_override_that_means_nobody_says_so(change: Any, expected: str) -> None:
    staff = DOCUMENT["staff"] | {"dora": {"name": "Dora", "email": "dora@example.org"}}

    (said,) = said_of(WHOLE_WEEK, [override(**change)], staff=staff)

    assert said.startswith(f"teams.social.overrides.0{expected}")


@pytest.mark.parametrize("instead_of", ["maria", "james", "chen", None])
def test_whoever_a_shift_a_rotation_or_another_override_names_can_be_replaced(instead_of: str | None) -> None:
    rota = [{"rotation": TURNS | {"members": ["james"]}}, {"on": ["maria"]}]

    assert said_of(rota, [override(instead_of="maria"), override(on=["james"], instead_of=instead_of)]) == []


def test_a_calendar_may_name_anybody() -> None:
    assert said_of([{"calendar": "clinic"}], [override(instead_of="maria")], calendars={"clinic": {}}) == []


def test_leave_of_a_single_day_ends_on_the_day_on_which_it_begins() -> None:
    member = DOCUMENT["staff"]["maria"] | {"leave": [{"start": "2026-12-24", "end": "2026-12-24"}]}

    assert said_of(WHOLE_WEEK, staff=DOCUMENT["staff"] | {"maria": member}) == []


def test_a_service_alone_is_a_contact() -> None:
    member = {"name": "Dora", "alert_by": ["pagerduty"]}

    assert said_of(WHOLE_WEEK, staff=DOCUMENT["staff"] | {"dora": member}) == []


def test_a_clock_of_business_hours_has_those_of_the_hospital_or_of_the_team() -> None:
    routes = [DOCUMENT["routes"][0], DOCUMENT["routes"][1] | {"clock": "business"}]
    hours = [{"days": ["mon"], "start": "08:00", "end": "18:00"}]
    team = {"rota": WHOLE_WEEK, "business_hours": hours}

    assert said_of(WHOLE_WEEK, routes=routes, business_hours=hours) == []
    assert said_of(WHOLE_WEEK, routes=routes, teams={"social": team}) == []
    assert len(said_of(WHOLE_WEEK, routes=routes, teams={"social": team, "other": {"rota": WHOLE_WEEK}})) == 0
    assert len(said_of(WHOLE_WEEK, routes=routes)) == 1


def test_quiet_hours_of_the_last_resort_are_no_problem() -> None:
    member = DOCUMENT["staff"]["chen"] | {"quiet": {"start": "22:00", "end": "07:00"}}

    assert said_of(WHOLE_WEEK, staff=DOCUMENT["staff"] | {"chen": member}) == []
