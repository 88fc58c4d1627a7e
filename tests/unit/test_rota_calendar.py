"""Calendars as others export them, and who is on duty by them. All people are invented."""

from __future__ import annotations

import random
import re
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from switchboard.adapters import calendars
from switchboard.domain.rota import Span, duty
from switchboard.domain.rota_calendar import (
    Entries,
    Entry,
    People,
    StoredCalendar,
    basis_of,
    sentences,
    trouble,
    understood,
    zone_of,
)
from tests.fakes.hospital import config

if TYPE_CHECKING:
    from switchboard.config import AutomationConfig

SAMPLES = Path(__file__).parent / "samples"
SPOILT = [
    b"RRULE:FREQ=WEEKLY;INTERVAL=0",
    b"RRULE:FREQ=DAILY;COUNT=-1",
    b"RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    b"DTSTART:99991231T235959Z",
    b"DTSTART:00010101T000000Z",
    b"DTSTART;TZID=../../etc/passwd:20261124T080000",
    b"DURATION:P99999999D",
    b"DURATION:-PT1H",
    b"DTEND:20261123",
    b"RECURRENCE-ID;RANGE=THISANDFUTURE:20261124T200000",
    b"RDATE;VALUE=PERIOD:20261124T200000Z/PT1H",
    b"EXDATE:x",
    b"TZOFFSETTO:+9999",
    b"SEQUENCE:x",
    b'ATTENDEE;CN="x:mailto:y',
    b"BEGIN:VEVENT",
    b"END:VEVENT",
    b"\xff\xfe\x00",
    b"",
]
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NEW_YORK = "America/New_York"
STAFF = {
    "maria": {"name": "María López", "phone": "+12025550101", "email": "maria@example.org"},
    "james": {"name": "James Okafor", "phone": "+12025550102", "email": "james@example.org"},
    "chen": {"name": "Wei Chen", "phone": "+12025550103", "email": "chen@example.org", "alert_by": ["sms"]},
}
ROTA = {"social": {"rota": [{"calendar": "rota"}]}}
FEED = {"url": "https://calendar.example.org/rota.ics"}


def hospital(teams: Any = None, **source: Any) -> AutomationConfig:
    return config(staff=STAFF, calendars={"rota": FEED | source}, teams=teams or ROTA)


def ics(*events: str, head: str = "") -> bytes:
    body = "".join(
        f"BEGIN:VEVENT\nUID:{number}@example.org\n{event}\nEND:VEVENT\n" for number, event in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Mercy//EN\n{head}{body}END:VCALENDAR\n".encode()


def read(text: bytes, *, zone: str = NEW_YORK, start: datetime = NOW - DAY, days: int = 36) -> Entries:
    return calendars.entries(text, zone=zone, start=start, end=start + days * DAY)


def times(text: bytes, **how: Any) -> list[tuple[str, str]]:
    """The beginning and end of each entry, in UTC."""
    found = sorted(read(text, **how).entries, key=lambda entry: entry.start)
    return [(f"{entry.start:%m-%d %H:%M}", f"{entry.end:%m-%d %H:%M}") for entry in found]


def spans_of(sample: str, **source: Any) -> StoredCalendar:
    found = read((SAMPLES / f"{sample}.ics").read_bytes())
    return understood("rota", found, People(hospital(**source), "rota"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(NEW_YORK)).astimezone(UTC)


# --- what others export ----------------------------------------------------------------------------------------------


def test_a_pagerduty_schedule_says_who_is_on_call_and_the_stranger_in_it_is_counted() -> None:
    found = spans_of("pagerduty")

    assert found.spans == (
        Span(start=at("2026-11-23T08:00"), end=at("2026-11-24T08:00"), staff_ids=("maria",)),
        Span(start=at("2026-11-24T08:00"), end=at("2026-11-25T08:00"), staff_ids=("james",)),
    )
    assert (found.unknown, found.unknown_at) == (1, at("2026-11-25T08:00"))


def test_whom_the_config_names_for_a_stranger_is_no_stranger() -> None:
    found = spans_of("pagerduty", people={"Robin Sample": "chen"})

    assert found.spans[-1].staff_ids == ("chen",)
    assert found.unknown == 0


def test_google_nights_with_a_swap_a_cancelled_one_an_exception_and_a_weekend_of_whole_days() -> None:
    found = spans_of("google")

    nights = {span.start: (span.end, span.staff_ids) for span in found.spans}
    assert nights[at("2026-11-23T20:00")] == (at("2026-11-24T08:00"), ("james",))
    assert nights[at("2026-11-24T21:00")] == (at("2026-11-25T09:00"), ("maria",))
    assert nights[at("2026-11-27T20:00")] == (at("2026-11-28T08:00"), ("james",))
    assert nights[at("2026-11-28T00:00")] == (at("2026-11-30T00:00"), ("maria",))
    assert nights[at("2026-11-30T20:00")] == (at("2026-12-01T08:00"), ("james",))
    gone = ["2026-11-24T20:00", "2026-11-25T20:00", "2026-11-26T20:00", "2026-12-01T20:00"]
    assert not [day for day in gone if at(day) in nights]
    assert (found.unknown, found.unreadable) == (0, 0)


def test_the_room_and_whoever_declined_are_not_rung() -> None:
    assert all("chen" not in span.staff_ids for span in spans_of("google").spans)


def test_outlook_with_its_own_zones_two_in_the_title_and_one_who_only_organised() -> None:
    found = spans_of("outlook")

    assert Span(start=at("2026-11-23T08:00"), end=at("2026-11-23T18:00"), staff_ids=("james", "maria")) in found.spans
    agency = Span(
        start=datetime(2026, 11, 24, 0, 0, tzinfo=UTC),
        end=datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
        staff_ids=("chen",),
    )
    assert agency in found.spans
    assert (found.unknown, found.unreadable) == (0, 0)


# --- times -----------------------------------------------------------------------------------------------------------


def test_a_night_keeps_its_hours_on_the_wall_when_clocks_change() -> None:
    night = ics(f"DTSTART;TZID={NEW_YORK}:20261030T200000\nDURATION:PT12H\nRRULE:FREQ=DAILY;COUNT=3")

    assert times(night, start=datetime(2026, 10, 30, tzinfo=UTC), days=5) == [
        ("10-31 00:00", "10-31 12:00"),
        ("11-01 00:00", "11-01 13:00"),
        ("11-02 01:00", "11-02 13:00"),
    ]


def test_an_hour_that_comes_twice_belongs_to_both_sides_and_one_that_never_comes_leaves_no_hole() -> None:
    def handed_over(day: str, clock: str) -> list[Entry]:
        first = f"DTSTART;TZID={NEW_YORK}:{day}T000000\nDTEND;TZID={NEW_YORK}:{day}T{clock}"
        second = f"DTSTART;TZID={NEW_YORK}:{day}T{clock}\nDTEND;TZID={NEW_YORK}:{day}T080000"
        begin = datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC)
        return sorted(read(ics(first, second), start=begin, days=2).entries, key=lambda entry: entry.start)

    for day, clock in (("20261101", "013000"), ("20270314", "023000")):
        before, after = handed_over(day, clock)
        assert after.start <= before.end
        assert before.end - after.start <= HOUR


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Pacific/Auckland", ("12-31 11:00", "01-01 11:00")),
        ("Pacific/Kiritimati", ("12-31 10:00", "01-01 10:00")),
        ("America/New_York", ("01-01 05:00", "01-02 05:00")),
    ],
)
def test_new_years_day_is_the_whole_day_of_the_zone(zone: str, expected: tuple[str, str]) -> None:
    day = ics("DTSTART;VALUE=DATE:20270101\nDTEND;VALUE=DATE:20270102")

    assert times(day, zone=zone, start=datetime(2026, 12, 30, tzinfo=UTC), days=5) == [expected]


def test_a_whole_day_without_an_end_is_one_day_of_23_hours_when_clocks_go_forward() -> None:
    day = ics("DTSTART;VALUE=DATE:20270314")

    assert times(day, start=datetime(2027, 3, 13, tzinfo=UTC), days=5) == [("03-14 05:00", "03-15 04:00")]


def test_a_leap_day_comes_every_fourth_year() -> None:
    birthday = ics("DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY")

    assert times(birthday, zone="UTC", start=datetime(2028, 2, 27, tzinfo=UTC), days=5) == [
        ("02-29 00:00", "03-01 00:00")
    ]
    assert times(birthday, zone="UTC", start=datetime(2027, 2, 1, tzinfo=UTC), days=60) == []


def test_a_time_without_a_zone_is_that_of_the_calendar_or_else_of_the_team() -> None:
    floating = "DTSTART:20261124T080000\nDTEND:20261124T180000"

    assert times(ics(floating)) == [("11-24 13:00", "11-24 23:00")]
    assert times(ics(floating, head="X-WR-TIMEZONE:Europe/Berlin\n")) == [("11-24 07:00", "11-24 17:00")]
    assert times(ics(floating, head="X-WR-TIMEZONE:Mars/Olympus\n")) == [("11-24 13:00", "11-24 23:00")]


def test_a_windows_zone_without_its_definition_is_known() -> None:
    event = "DTSTART;TZID=Eastern Standard Time:20261124T080000\nDTEND;TZID=Eastern Standard Time:20261124T180000"

    assert times(ics(event)) == [("11-24 13:00", "11-24 23:00")]


def zone_of_its_own(tzid: str, offset: str) -> str:
    standard = f"DTSTART:16010101T000000\nTZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}"
    return f"BEGIN:VTIMEZONE\nTZID:{tzid}\nBEGIN:STANDARD\n{standard}\nEND:STANDARD\nEND:VTIMEZONE\n"


@pytest.mark.parametrize(
    "tzid", ["Customized Time Zone", "tzone://Microsoft/Custom", "(UTC-05:00) Eastern Time (US & Canada)"]
)
def test_two_calendars_may_each_define_a_zone_of_the_same_name(tzid: str) -> None:
    event = f'DTSTART;TZID="{tzid}":20261124T080000\nDURATION:PT1H'

    found = [times(ics(event, head=zone_of_its_own(tzid, offset))) for offset in ("+0530", "-0800", "+0530")]

    assert found == [
        [("11-24 02:30", "11-24 03:30")],
        [("11-24 16:00", "11-24 17:00")],
        [("11-24 02:30", "11-24 03:30")],
    ]


def test_a_zone_that_nobody_knows_is_no_guess() -> None:
    found = read(ics("DTSTART;TZID=Mars/Olympus:20261124T080000\nDURATION:PT1H"))

    assert (found.entries, found.unreadable) == ((), 1)


def test_dates_can_be_added_and_taken_away() -> None:
    event = (
        "DTSTART:20261123T080000Z\nDURATION:PT8H\nRRULE:FREQ=DAILY;COUNT=4\n"
        "EXDATE:20261124T080000Z,20261125T080000Z\nRDATE:20261201T080000Z"
    )

    assert [begin for begin, _ in times(ics(event))] == ["11-23 08:00", "11-26 08:00", "12-01 08:00"]


def test_what_began_before_and_goes_on_counts_and_what_is_over_or_far_off_does_not() -> None:
    def event(start: str, end: str) -> str:
        return f"DTSTART:{start}T000000Z\nDTEND:{end}T000000Z"

    long = ics(event("20260901", "20270301"), event("20261101", "20261122"), event("20270201", "20270202"))

    assert times(long) == [("09-01 00:00", "03-01 00:00")]


@pytest.mark.parametrize(
    ("begins", "until"),
    [
        (f";TZID={NEW_YORK}:20261123T200000", "20261125"),
        (f";TZID={NEW_YORK}:20261123T200000", "20261126T045959Z"),
        (":20261123T200000", "20261125"),
        (":20261123T200000Z", "20261125"),
        (";VALUE=DATE:20261123", "20261125"),
        (";VALUE=DATE:20261123", "20261125T000000Z"),
    ],
)
def test_a_rule_that_ends_on_a_day_ends_with_it(begins: str, until: str) -> None:
    assert len(times(ics(f"DTSTART{begins}\nDURATION:P1D\nRRULE:FREQ=DAILY;UNTIL={until}"))) == 3


def same_uid(*events: str) -> bytes:
    return re.sub(rb"UID:\d+@", b"UID:1@", ics(*events))


def test_events_that_bear_the_same_uid_hide_none_but_their_own_older_versions() -> None:
    first, second = "DTSTART:20261124T080000Z\nDURATION:PT1H", "DTSTART:20261125T080000Z\nDURATION:PT1H"

    assert [begin for begin, _ in times(same_uid(first, second))] == ["11-24 08:00", "11-25 08:00"]
    assert [begin for begin, _ in times(same_uid(f"{first}\nSEQUENCE:1", f"{second}\nSEQUENCE:2"))] == ["11-25 08:00"]
    weekly = f"{first}\nRRULE:FREQ=DAILY;COUNT=3"
    moved = "RECURRENCE-ID:20261126T080000Z\nDTSTART:20261126T100000Z\nDURATION:PT1H"
    assert [begin for begin, _ in times(same_uid(moved, second, weekly))] == [
        "11-24 08:00",
        "11-25 08:00",
        "11-25 08:00",
        "11-26 10:00",
    ]


def test_several_calendars_in_one_file_are_read_each_in_its_zone() -> None:
    day = "DTSTART;VALUE=DATE:20261124"

    assert times(ics(day, head="X-WR-TIMEZONE:Europe/Berlin\n") + ics(day)) == [
        ("11-23 23:00", "11-24 23:00"),
        ("11-24 05:00", "11-25 05:00"),
    ]


def test_a_cancelled_calendar_is_empty() -> None:
    assert times(ics("DTSTART:20261124T080000Z\nDTEND:20261124T180000Z", head="METHOD:CANCEL\n")) == []


def test_an_event_without_a_length_is_nobodys_duty() -> None:
    assert times(ics("DTSTART:20261124T080000Z")) == []


# --- files that are wrong, and files that are hostile ----------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"<html>Sign in</html>",
        b"\xff\xfe\x00",
        b"\x81\x8d",
        b"BEGIN:VEVENT\nEND:VEVENT\n",
        b"BEGIN:VCALENDAR\n",
        b"END:VCALENDAR\n",
        b"BEGIN:VCALENDAR\nEND:VEVENT\nEND:VCALENDAR",
        b"\0" * 100,
    ],
)
def test_what_is_no_calendar_is_refused_with_a_remedy(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"iCalendar") as refused:
        read(text)

    assert ".ics" in str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_what_windows_saved_is_read_as_well(encoding: str) -> None:
    text = ics("DTSTART:20261124T080000Z\nDURATION:PT8H\nSUMMARY:María López").decode().encode(encoding)

    assert [entry.summary for entry in read(text).entries] == ["María López"]


def test_an_event_that_makes_no_sense_hides_no_other() -> None:
    good = "DTSTART:20261124T080000Z\nDTEND:20261124T180000Z"
    bad = ["DTSTART:tomorrow", "SUMMARY:no time", f"{good}\nRRULE:FREQ=SOMETIMES", f"{good}\nRRULE:FREQ=DAILY;UNTIL=x"]

    found = read(ics(*bad, good))

    assert len([entry for entry in found.entries if entry.start == datetime(2026, 11, 24, 8, tzinfo=UTC)]) >= 1
    assert found.unreadable >= 2


def test_a_file_that_is_too_large_or_has_too_many_events_is_refused() -> None:
    with pytest.raises(ValueError, match="larger than 5 MB"):
        read(b" " * (calendars.LARGEST + 1))
    with pytest.raises(ValueError, match="more than 10000 events"):
        read(b"BEGIN:VEVENT\n" * 10_001)


@pytest.mark.parametrize("often", ["SECONDLY", "MINUTELY", "secondly;COUNT=5"])
def test_what_repeats_every_second_is_passed_over(often: str) -> None:
    begun = time.monotonic()

    found = read(ics(f"DTSTART:20200101T000000Z\nDURATION:PT1S\nRRULE:FREQ={often}"))

    assert (found.entries, found.unreadable) == ((), 1)
    assert time.monotonic() - begun < 2


def test_a_calendar_with_far_too_many_entries_is_refused() -> None:
    hourly = "DTSTART:20261101T000000Z\nDURATION:PT1H\nRRULE:FREQ=HOURLY"

    with pytest.raises(ValueError, match="more than 5000 entries"):
        read(ics(*[hourly] * 10))


def test_a_rule_that_never_comes_true_is_given_up() -> None:
    never = ics("DTSTART:20260101T000000Z\nDURATION:PT1H\nRRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30")
    begun = time.monotonic()

    with pytest.raises(ValueError, match="takes too long"):
        calendars.entries(never, zone="UTC", start=NOW, end=NOW + DAY, seconds=0.3)

    assert time.monotonic() - begun < 2


def test_whatever_is_in_a_file_is_read_or_refused_and_never_crashes() -> None:
    chance = random.Random(1)  # noqa: S311 - so that it can be repeated
    samples = [path.read_bytes() for path in sorted(SAMPLES.glob("*.ics"))]
    read_or_refused = 0
    for _ in range(60):
        lines = chance.choice(samples).split(b"\r\n")
        for _ in range(chance.randint(1, 3)):
            number = chance.randrange(len(lines))
            lines[number : number + chance.randint(0, 1)] = [chance.choice(SPOILT)]
        with suppress(ValueError):
            calendars.entries(b"\r\n".join(lines), zone="UTC", start=NOW, end=NOW + 30 * DAY, seconds=2)
        read_or_refused += 1

    assert read_or_refused == 60


# --- who is meant ----------------------------------------------------------------------------------------------------


def meant(entry: dict[str, Any], **source: Any) -> tuple[str, ...]:
    found = Entries(entries=(Entry(start=NOW, end=NOW + HOUR, **entry),), until=NOW + DAY)
    spans = understood("rota", found, People(hospital(**source), "rota")).spans
    return spans[0].staff_ids if spans else ()


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("Maria", ("maria",)),
        ("on call: MARIA LOPEZ", ("maria",)),
        ("maría lópez's week", ("maria",)),
        ("James/Maria", ("james", "maria")),
        ("[L1] james@example.org", ("james",)),
        ("Wei  Chen", ("chen",)),
        ("Marian, Jameson, Chenille", ()),
        ("maria@elsewhere.example.com", ()),
        ("james@example.org.evil.example.com", ()),
        ("", ()),
    ],
)
def test_people_are_recognised_by_whole_words(summary: str, expected: tuple[str, ...]) -> None:
    assert meant({"summary": summary}) == expected


def test_whom_it_invites_counts_before_the_title_and_the_title_before_the_rest() -> None:
    assert meant({"invited": ("james@example.org",), "summary": "Maria"}) == ("james",)
    assert meant({"invited": ("x@example.net",), "summary": "Maria", "description": "Wei Chen"}) == ("maria",)
    assert meant({"description": "Wei Chen", "organizer": "james@example.org"}) == ("chen",)
    assert meant({"organizer": "james@example.org James Okafor"}) == ("james",)


def test_of_several_who_are_invited_the_one_in_the_title_is_primary() -> None:
    invited = ("james@example.org", "maria@example.org", "chen@example.org")

    assert meant({"invited": invited, "summary": "Social"}) == ("james", "maria", "chen")
    assert meant({"invited": invited, "summary": "Maria leads"}) == ("maria", "james", "chen")


def test_a_word_of_the_config_stands_for_somebody() -> None:
    assert meant({"summary": "Switchboard desk"}, people={"switchboard desk": "james"}) == ("james",)
    assert meant({"invited": ("desk@example.net",)}, people={"desk@example.net": "james"}) == ("james",)


def test_of_entries_at_the_same_time_the_backup_is_rung_second() -> None:
    found = Entries(
        entries=(
            Entry(start=NOW, end=NOW + DAY, summary="Secondary: Maria"),
            Entry(start=NOW + HOUR, end=NOW + DAY, summary="Primary: James"),
        ),
        until=NOW + DAY,
    )
    hospital_ = hospital()
    spans = understood("rota", found, People(hospital_, "rota")).spans

    assert duty(hospital_, "social", NOW + 2 * HOUR, {"rota": spans}) == ("james", "maria")


def test_who_is_unknown_is_told_by_number_and_time_and_never_by_name() -> None:
    found = Entries(
        entries=(
            Entry(start=NOW, end=NOW + HOUR, summary="Robin Sample"),
            Entry(start=NOW + DAY, end=NOW + DAY + HOUR, invited=("robin@example.net Robin Sample",)),
            Entry(start=NOW, end=NOW + HOUR, invited=("maria@example.org", "robin@example.net Robin Sample")),
        ),
        until=NOW + DAY,
        unreadable=1,
    )
    told = sentences(understood("rota", found, People(hospital(), "rota")), NEW_YORK)

    assert "2 entries name nobody of the staff, the first on 2026-11-23 at 07:00 (America/New_York)" in told[0]
    assert "1 entry invites somebody who is not of the staff" in told[1]
    assert "1 event was passed over" in told[2]
    assert "obin" not in " ".join(told)


# --- whether it is to be relied on -----------------------------------------------------------------------------------


def stored(**changes: Any) -> StoredCalendar:
    on_duty = Span(start=NOW, end=NOW + 30 * DAY, staff_ids=("maria",))
    return StoredCalendar(**{"name": "rota", "read_at": NOW, "spans": (on_duty,)} | changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ""),
        ({"read_at": NOW - DAY}, ""),
        ({"read_at": NOW - DAY - HOUR}, "stale"),
        ({"read_at": None}, "never_read"),
        ({"spans": ()}, "empty"),
        ({"spans": (Span(start=NOW + 25 * HOUR, end=NOW + 30 * DAY, staff_ids=("maria",)),)}, "empty"),
        ({"spans": (Span(start=NOW - DAY, end=NOW, staff_ids=("maria",)),)}, "empty"),
        ({"spans": (Span(start=NOW, end=NOW + HOUR, staff_ids=("left",)),)}, "empty"),
        ({"spans": (Span(start=NOW + 23 * HOUR, end=NOW + DAY, staff_ids=("maria",)),)}, ""),
    ],
)
def test_a_calendar_is_not_relied_on_when_it_is_old_or_nobody_is_in_it(changes: dict[str, Any], expected: str) -> None:
    assert trouble(hospital(), stored(**changes), NOW) == expected


def test_a_calendar_of_the_weekend_may_be_empty_on_a_monday() -> None:
    weekend = {"social": {"rota": [{"on": ["maria"]}, {"days": ["sat", "sun"], "calendar": "rota"}]}}

    assert trouble(hospital(weekend), stored(spans=()), NOW) == ""
    assert trouble(hospital(weekend), stored(spans=(), read_at=NOW + 4 * DAY), NOW + 4 * DAY) == "empty"


def test_an_imported_file_grows_empty_but_not_old() -> None:
    assert trouble(hospital(url=""), stored(read_at=NOW - 20 * DAY), NOW) == ""
    assert trouble(hospital(url=""), stored(spans=()), NOW) == "empty"


def test_the_zone_of_a_calendar_is_that_of_the_team_which_goes_by_it() -> None:
    teams = {"other": {"rota": [{"on": ["maria"]}]}, "social": {"zone": "Pacific/Auckland", **ROTA["social"]}}

    assert zone_of(hospital(teams), "rota") == "Pacific/Auckland"
    assert zone_of(hospital(), "unused") == NEW_YORK


def test_what_the_spans_were_made_with_changes_with_the_people() -> None:
    assert basis_of(hospital(), "rota") == basis_of(hospital(), "rota")
    assert basis_of(hospital(), "rota") != basis_of(hospital(people={"desk": "james"}), "rota")
