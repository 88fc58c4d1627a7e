# ruff: noqa: RUF001 - posts are written with dashes
from __future__ import annotations

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchboard.domain.date_senses import Sense
from switchboard.domain.event_dates import Mention, mentions
from switchboard.domain.wall_time import hours_in

ZONE = "America/New_York"
OCT_20 = datetime(2026, 10, 20, 14, tzinfo=UTC)
WORDS = [
    "Oct 12", "10/12", "March 3 and 10", "12 de octubre", "–", "to", "9am", "1 p.m.", "today", "this Saturday", "May",
    "2026", "until", "since", "thank you", "\n", "31", "29", "Feb", "0", "/", "noon", "mañana", "el", "de", "y",
    ",", "$", "@", "http://", "on the 12th", "join us Saturday", "closed on Labor Day", "in October", "this summer",
    "second Tuesday of", "last Friday in", "week of", "weekend", "el día 5", "hasta el viernes", "Navidad", "through",
    ", who came", ", which drew 500,", "we planted a tree", "and we", "our new wing opened", "(", ")", "; ", " – ",
]  # fmt: skip


def one(text: str, at: datetime = OCT_20, created_at: datetime | None = None) -> Mention:
    (found,) = mentions(text, publish_at=at, created_at=created_at, zone=ZONE)
    return found


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Mon, Oct 12", "2026-10-12", "2026-10-12"),
        ("Sat, Oct 12", "2026-10-12", "2026-10-12"),  # a Monday: the weekday is a slip
        ("October 12th, 2026", "2026-10-12", "2026-10-12"),
        ("Flu clinic 10/12", "2026-10-12", "2026-10-12"),
        ("Flu clinic 10/12/26", "2026-10-12", "2026-10-12"),
        ("12 de octubre", "2026-10-12", "2026-10-12"),
        ("Oct 12-14", "2026-10-12", "2026-10-14"),
        ("Oct 30 – Nov 2", "2026-10-30", "2026-11-02"),
        ("Nov 1 – Jan 15", "2026-11-01", "2027-01-15"),
        ("Dec 30 – Jan 2, 2027", "2026-12-30", "2027-01-02"),
        ("March 3 and 10, 2027", "2027-03-03", "2027-03-10"),
        ("del 30 de octubre al 2 de noviembre", "2026-10-30", "2026-11-02"),
        ("1/5 at 9am", "2027-01-05", "2027-01-05"),
        ("Jan 5", "2027-01-05", "2027-01-05"),
        ("May 1", "2026-05-01", "2026-05-01"),
        ("Oct 12, 25 Main Street", "2026-10-12", "2026-10-12"),
        ("the week of Oct 12", "2026-10-12", "2026-10-18"),
        ("second Tuesday of November", "2026-11-10", "2026-11-10"),
        ("the last Friday in October", "2026-10-30", "2026-10-30"),
        ("first Monday of January", "2027-01-04", "2027-01-04"),
        ("Join us on the 12th.", "2026-10-12", "2026-10-12"),
        ("Join us on the 9th.", "2026-11-09", "2026-11-09"),
        ("Los esperamos el día 28.", "2026-10-28", "2026-10-28"),
        ("Join us in October for free screenings", "2026-10-01", "2026-10-31"),
        ("Join us in March for free screenings", "2027-03-01", "2027-03-31"),
        ("Get your physical this summer", "2026-06-23", "2026-09-22"),
        ("Closed on Columbus Day", "2026-10-12", "2026-10-12"),
        ("Open through Labor Day weekend", "2026-09-07", "2026-09-07"),
        ("Cerrado en Navidad", "2026-12-25", "2026-12-25"),
        ("It is World Mental Health Day", "2026-10-10", "2026-10-10"),
    ],
)
def test_a_date_is_read_as_a_person_would_in_october_2026(text: str, first: str, last: str) -> None:
    found = one(text)

    assert (found.first_day, found.last_day) == (date.fromisoformat(first), date.fromisoformat(last))


def test_it_is_over_when_its_hours_are_over_on_the_wall() -> None:
    found = one("Sat, Oct 24, 9am–1pm")

    assert found.ends_at.astimezone(ZoneInfo(ZONE)) == datetime(2026, 10, 24, 13, tzinfo=ZoneInfo(ZONE))
    assert found.text == "Sat, Oct 24, 9am–1pm"


def test_an_evening_that_runs_past_midnight_ends_on_the_next_day() -> None:
    found = one("Gala: Oct 24, 8pm–1am")

    assert found.ends_at.astimezone(ZoneInfo(ZONE)) == datetime(2026, 10, 25, 1, tzinfo=ZoneInfo(ZONE))


def test_tomorrow_is_the_day_after_it_is_published_however_early_it_was_written() -> None:
    found = one("Join us tomorrow!", created_at=datetime(2026, 8, 1, tzinfo=UTC))

    assert found.last_day == date(2026, 10, 21)


def test_a_list_of_dates_stays_in_one_run_of_days() -> None:
    found = mentions(
        "Meetings: Jan 12, May 11 and Sept 14.", publish_at=datetime(2027, 10, 1, 14, tzinfo=UTC), zone=ZONE
    )
    assert [str(mention.first_day) for mention in found] == ["2027-01-12", "2027-05-11", "2027-09-14"]

    found = mentions("Meetings: Dec 7, Jan 4, Feb 1.", publish_at=datetime(2027, 11, 1, 14, tzinfo=UTC), zone=ZONE)
    assert [str(mention.first_day) for mention in found] == ["2027-12-07", "2028-01-04", "2028-02-01"]

    found = mentions("Feb 29, March 7 and Sept 14", publish_at=datetime(2028, 12, 1, 14, tzinfo=UTC), zone=ZONE)
    assert [str(mention.first_day) for mention in found] == ["2028-02-29", "2028-03-07", "2028-09-14"]


def test_today_is_today_whatever_date_stands_beside_it() -> None:
    today, written = mentions("Today, Oct 19: flu shots.", publish_at=OCT_20, zone=ZONE)
    assert (str(today.first_day), str(written.first_day)) == ("2026-10-20", "2026-10-19")


def test_two_dates_that_are_no_list_are_read_each_for_itself() -> None:
    found = mentions(
        "Save Jan 12! Photos from Sept 14 are here.", publish_at=datetime(2027, 10, 1, 14, tzinfo=UTC), zone=ZONE
    )
    assert [str(mention.first_day) for mention in found] == ["2028-01-12", "2027-09-14"]


def test_a_day_that_is_named_twice_has_the_hours_of_either_name() -> None:
    found = mentions("12 pm ET today, Oct 20. Zoom link in bio.", publish_at=OCT_20, zone=ZONE)
    assert {mention.ends_at for mention in found} == {datetime(2026, 10, 20, 19, tzinfo=UTC)}


def test_a_day_that_is_named_thrice_is_over_with_the_latest_of_its_hours() -> None:
    text = "Oct 20: fair, 9 am to 5 pm. Talk on Oct 20, 10 am to 11 am. See you Oct 20!"
    ends = [mention.ends_at for mention in mentions(text, publish_at=OCT_20, zone=ZONE)]
    assert [f"{at.astimezone(ZoneInfo(ZONE)):%H:%M}" for at in ends] == ["17:00", "11:00", "17:00"]


def test_a_night_ends_on_the_morning_of_the_later_day() -> None:
    for text, ends in (
        ("No water tonight, Aug. 17, from 10 p.m. to 4 a.m. on Aug. 18.", 8),
        ("The portal is down from 11 p.m. Monday, Aug. 17, to 4 a.m. Tuesday, Aug. 18.", 11),  # and some hours
    ):
        found = mentions(text, publish_at=datetime(2026, 8, 17, 14, tzinfo=UTC), zone=ZONE)
        assert max(one.ends_at for one in found) == datetime(2026, 8, 18, ends, tzinfo=UTC)
        assert {one.sense for one in found} == {Sense.EVENT}


def test_a_bare_time_of_an_evening_is_none_of_the_morning() -> None:
    assert one("Fireworks tonight at 9:30").ends_at == datetime(2026, 10, 21, 4, 30, tzinfo=UTC)
    assert one("Fireworks today at 9:30").ends_at == datetime(2026, 10, 20, 16, 30, tzinfo=UTC)


def test_dates_that_are_joined_are_for_the_same() -> None:
    def senses(text: str) -> list[Sense]:
        return [mention.sense for mention in mentions(text, publish_at=OCT_20, zone=ZONE)]

    assert senses("If you were seen between Oct 1 and Oct 10, look into your inbox.") == [Sense.RECAP] * 2
    assert senses("Thanks to all who came on Oct 3 and Oct 4") == [Sense.RECAP] * 2
    assert senses("We rolled out 900 kits on Oct 3.\nOct 24: next round, 9 am") == [Sense.RECAP, Sense.EVENT]


def test_this_month_above_several_days_only_leads_to_them_and_beside_one_it_stands() -> None:
    def said(text: str) -> list[str]:
        return [mention.text for mention in mentions(text, publish_at=OCT_20, zone=ZONE)]

    assert said("This October:\nOct 3, library\nOct 14, market") == ["Oct 3", "Oct 14"]
    assert said("This October we do flu shots. Come on Oct 3!") == ["This October", "Oct 3"]
    assert said("All October: flu shots. Oct 3, library. Oct 14, market.") == ["All October", "Oct 3", "Oct 14"]


def test_a_month_beside_its_days_only_leads_to_them() -> None:
    found = mentions("Join us in October: Oct 3 and Oct 10.", publish_at=OCT_20, zone=ZONE)
    assert [mention.text for mention in found] == ["Oct 3", "Oct 10"]
    assert [mention.text for mention in mentions("Join us in October!", publish_at=OCT_20, zone=ZONE)] == ["October"]


def test_a_copy_that_comes_round_means_the_year_in_which_it_was_written() -> None:
    found = one("Health fair Feb 3", created_at=datetime(2026, 1, 10, tzinfo=UTC))

    assert found.last_day == date(2026, 2, 3)


@pytest.mark.parametrize(
    ("text", "sense"),
    [
        ("Register by Oct 1", Sense.DEADLINE),
        ("Starting Oct 1", Sense.OPEN_ENDED),
        ("Class starts Oct 1 at 6 pm", Sense.EVENT),
        ("Thanks to all who came on Oct 1", Sense.RECAP),
        ("Moved to Oct 24", Sense.EVENT),
    ],
)
def test_the_words_before_a_date_say_what_it_is_for(text: str, sense: Sense) -> None:
    assert one(text).sense is sense


@pytest.mark.parametrize(
    "text",
    [
        "555-1212",
        "24/7",
        "1/2 price",
        "$10/12",
        "you may 5 times",
        "1200 May Street",
        "since 1952",
        "https://x.org/10/12",
        "sat We",
        "10/10 would come again",
        "on the 3rd floor",
        "on the 1st and 3rd Tuesday of the month",
        "open daily, even on Christmas",
        "every day except Thanksgiving",
        "the day after Thanksgiving",
        "Monday through Friday",
        "open on Saturday",
        "every Saturday",
        "Friday favorites",
        "Dr. Sun is in March Hall",
        "in October our van saw 412 women",
        "ten years ago first responders",
        "you may first call your nurse",
        "we march second in the parade",
    ],
)
def test_what_only_looks_like_a_date_is_left_alone(text: str) -> None:
    assert mentions(text, publish_at=OCT_20, zone=ZONE) == ()


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("9am–1pm", 540, 780),
        ("1-3 pm", 780, 900),
        ("9 to 11 a.m.", 540, 660),
        ("10:00 - 2:00", 600, 840),
        ("10 a.m. to noon", 600, 720),
        ("de 9 a 13 h", 540, 780),
        ("de 9 a. m. a 1 p. m.", 540, 780),
        ("6 de la tarde a 8 de la noche", 1080, 1200),
        ("8pm to midnight", 1200, 1440),
    ],
)
def test_hours_are_read_from_begin_to_end(text: str, begins: int, ends: int) -> None:
    (found,) = hours_in(text)

    assert (found.begins, found.ends, found.given) == (begins, ends, True)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Join us Saturday at 9 am", "2026-10-24"),
        ("Nominations close Tuesday", "2026-10-20"),
        ("Inscríbase hasta el viernes", "2026-10-23"),
    ],
)
def test_a_bare_weekday_is_the_coming_one_and_today_is_one_too(text: str, day: str) -> None:
    found = one(text)

    assert (found.first_day, found.is_relative) == (date.fromisoformat(day), True)


@pytest.mark.parametrize(
    "text",
    [
        "Closed on Valentines Day",
        "Closed on VALENTINE’S DAY",
        "Flu clinic APRİL 3",
        "Flu clinic aprıl 3",
        "fırst Friday in May",
    ],
)
def test_a_name_in_whatever_letters_does_not_make_it_raise(text: str) -> None:
    assert one(text).text


@given(text=st.text(max_size=300), at=st.datetimes(timezones=st.just(UTC)))
@settings(max_examples=150, deadline=None)
def test_no_text_and_no_time_makes_it_raise(text: str, at: datetime) -> None:
    mentions(text, publish_at=at, zone=ZONE)


@given(
    words=st.lists(st.sampled_from(WORDS), max_size=25),
    at=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds are naive
    created_at=st.none() | st.datetimes(timezones=st.just(UTC)),
)
@settings(max_examples=400, deadline=None)
def test_no_mixture_of_dates_makes_it_raise(words: list[str], at: datetime, created_at: datetime | None) -> None:
    for found in mentions(" ".join(words), publish_at=at, created_at=created_at, zone=ZONE):
        assert found.first_day <= found.last_day
        assert found.ends_at.tzinfo is UTC


@pytest.mark.parametrize(
    "piece",
    [
        "Oct 1 ",
        "1, ",
        "9-",
        "12 y ",
        "today ",
        "Oct 1 and ",
        "a.",
        "thank you ",
        "\n",
        "2 to ",
        "555-",
        "on the 1st ",
        "Saturday\n",
        "Labor Day and ",
        "Oct 1, who came, ",
        "our new wing opened Oct 1 ",
        "is on Oct 1 that we had ",
    ],
)
def test_no_text_is_slow_to_read(piece: str) -> None:
    begin = time.process_time()

    mentions(piece * 10_000, publish_at=OCT_20, zone=ZONE)

    assert time.process_time() - begin < 30
