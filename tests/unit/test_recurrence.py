"""The posts of a series: the same time on the wall across the clocks' change, none twice, and an end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from switchboard.domain.post import Post, PostState
from switchboard.domain.recurrence import HORIZON, ends_with, in_words, is_over, occurrences, times

NEW_YORK = "America/New_York"
PLACE = ZoneInfo(NEW_YORK)


def at(day: str, hour: str = "09:00") -> datetime:
    """Return *hour* of *day* on Mercy's wall."""
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=PLACE).astimezone(UTC)


def series(first: datetime, until: datetime, every: int = 7) -> Post:
    return Post(
        post_id="flu-x1",
        series_id="flu-x1",
        channel="facebook",
        text="Walk-in flu shots today.",
        publish_at=first,
        state=PostState.SERIES,
        repeat_every=every,
        repeat_until=until,
        owner="maria",
        campaign="flu",
        version=4,
    )


def test_an_occurrence_has_the_fields_of_its_series_and_the_name_of_its_day() -> None:
    found = occurrences(series(at("2026-12-01"), at("2026-12-20")), zone=NEW_YORK, now=at("2026-11-20"))

    assert [post.post_id for post in found] == ["flu-x1#2026-12-01", "flu-x1#2026-12-08", "flu-x1#2026-12-15"]
    assert {(post.owner, post.campaign, post.series_id, post.version) for post in found} == {
        ("maria", "flu", "flu-x1", 0)
    }
    assert {post.state for post in found} == {PostState.SCHEDULED}


@pytest.mark.parametrize("first", ["2026-10-20", "2027-03-02"])
def test_it_stays_at_nine_on_the_wall_when_the_clocks_change(first: str) -> None:
    start = at(first)
    found = [due for _, due in times(series(start, start + timedelta(days=60)), zone=NEW_YORK)]

    assert {due.astimezone(PLACE).strftime("%H:%M") for due in found} == {"09:00"}
    assert len({due.hour for due in found}) == 2


def test_an_hour_that_the_clocks_leave_out_loses_no_day_and_one_that_comes_twice_doubles_none() -> None:
    spring = list(times(series(at("2027-03-07", "02:30"), at("2027-03-31"), 1), zone=NEW_YORK))
    autumn = list(times(series(at("2026-10-25", "01:30"), at("2026-11-05"), 1), zone=NEW_YORK))

    for found in (spring, autumn):
        days = [day for day, _ in found]
        assert days == [days[0] + timedelta(days=number) for number in range(len(days))]
        assert all(earlier < later for (_, earlier), (_, later) in pairwise(found))


def test_only_the_coming_thirty_days_exist_and_always_the_next() -> None:
    now = at("2026-12-01", "08:00")
    weekly = occurrences(series(at("2026-12-01"), at("2027-06-01")), zone=NEW_YORK, now=now)
    quarterly = occurrences(series(at("2026-10-01"), at("2027-06-01"), 91), zone=NEW_YORK, now=now)

    assert len(weekly) == 5
    assert weekly[-1].publish_at <= now + HORIZON
    assert [post.publish_at for post in quarterly] == [at("2026-12-31")]


def test_what_has_passed_is_not_made_and_the_end_is_the_end() -> None:
    weekly = series(at("2026-12-01"), at("2026-12-15"))

    assert [day for day, _ in times(weekly, zone=NEW_YORK)] == [date(2026, 12, day) for day in (1, 8, 15)]
    assert [post.post_id for post in occurrences(weekly, zone=NEW_YORK, now=at("2026-12-08"))] == ["flu-x1#2026-12-15"]
    assert occurrences(weekly, zone=NEW_YORK, now=at("2026-12-15")) == []
    assert is_over(weekly, now=at("2026-12-15"))
    assert not is_over(weekly, now=at("2026-12-14"))


def test_a_count_is_turned_into_the_time_of_the_last_one() -> None:
    last = ends_with(at("2026-10-20"), every=7, count=4, zone=NEW_YORK)

    assert last == at("2026-11-10")
    assert len(list(times(series(at("2026-10-20"), last), zone=NEW_YORK))) == 4


def test_a_series_never_has_more_than_fifty_two_posts() -> None:
    assert len(list(times(series(at("2026-01-01"), at("2030-01-01"), 1), zone=NEW_YORK))) == 52


def test_its_posts_wait_for_approval_until_the_series_is_approved() -> None:
    asked = series(at("2026-12-01"), at("2026-12-20"))
    now = at("2026-11-30")

    waiting = occurrences(asked, zone=NEW_YORK, now=now, needs_approval=True)
    approved = occurrences(replace(asked, approved_by="james"), zone=NEW_YORK, now=now, needs_approval=True)

    assert {post.state for post in waiting} == {PostState.TO_APPROVE}
    assert {post.state for post in approved} == {PostState.SCHEDULED}


def test_how_often_is_said_in_words() -> None:
    start, end = at("2026-12-01"), at("2027-12-01")

    assert [in_words(series(start, end, days)) for days in (1, 3, 7, 14)] == [
        "every day",
        "every 3 days",
        "every week",
        "every 2 weeks",
    ]
