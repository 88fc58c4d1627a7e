"""Broadcast against conversation, and what was said again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from switchboard.domain.measures import ALL, measure
from switchboard.domain.outside import Outside
from switchboard.domain.post import Post, PostState
from tests.fakes.hospital import NOON

DAY = timedelta(days=1)
FAIR = "Free blood pressure checks at our health fair for everybody who comes."


def out(number: int, text: str, *, days: int, engagement: int | None = None, channel: str = "facebook") -> Post:
    outside = Outside(scheduler="buffer", external_id=str(number), engagement=engagement)
    return Post(
        post_id=f"p{number}",
        channel=channel,
        text=text,
        publish_at=NOON - days * DAY,
        state=PostState.PUBLISHED,
        outside=outside,
    )


def measured(posts: list[Post], **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"answered": {}, "waiting": {}} | more
    found = measure(posts, since=NOON - 28 * DAY, now=NOON, within=14 * DAY, **given)
    return {one.channel: one for one in found}


def test_the_share_of_conversation_is_told_for_each_channel_and_for_all() -> None:
    found = measured(
        [out(1, "New hours of the cafeteria.", days=1), out(2, "Visit our roof garden.", days=2, channel="blog")],
        answered={"facebook": 3},
        waiting={"facebook": 2},
    )

    assert (found["facebook"].broadcast, found["facebook"].conversation, found["facebook"].waiting) == (1, 0.75, 2)
    assert (found["blog"].conversation, found[ALL].conversation) == (0.0, 0.6)
    assert (
        found["facebook"].sentence
        == "1 posts and 3 answers on facebook: 75 % of it was conversation; 2 questions wait."
    )


def test_what_had_been_said_before_is_counted_and_what_people_made_of_it() -> None:
    posts = [out(number, FAIR, days=13 - number, engagement=10 - number) for number in range(5)]
    posts += [out(9, "A new garden for our patients and their families.", days=1, engagement=50)]

    found = measured(posts)["facebook"]

    assert (found.broadcast, found.repeated, found.most_repeated_count) == (6, 4, 4)
    assert found.most_repeated == FAIR
    assert found.engaged_fresh == 30.0
    assert found.engaged_repeated == 7.5


def test_what_was_said_before_the_time_counts_as_said_but_not_as_broadcast() -> None:
    found = measured([out(1, FAIR, days=30), out(2, FAIR, days=27)])["facebook"]

    assert (found.broadcast, found.repeated) == (1, 1)


def test_where_nothing_was_said_it_says_so() -> None:
    assert measured([])[ALL].sentence == f"Nothing was said on {ALL}."
    assert measured([])[ALL].conversation is None
