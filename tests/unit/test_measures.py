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
    given: dict[str, Any] = {"answered": dict[str, int](), "waiting": dict[str, int](), **more}
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
        found["facebook"].sentence == "1 post and 3 answers on facebook: 75 % of it was conversation; 2 questions wait."
    )


def test_what_had_been_said_before_is_counted_and_what_people_made_of_it() -> None:
    posts = [out(number, FAIR, days=13 - number, engagement=10 - number) for number in range(5)]
    posts += [out(9, "A new garden for our patients and their families.", days=1, engagement=50)]

    found = measured(posts)["facebook"]

    assert (found.broadcast, found.repeated, found.most_repeated_count) == (6, 4, 5)
    assert found.most_repeated == FAIR
    assert found.engaged_fresh == 30.0
    assert found.engaged_repeated == 7.5
    assert (found.most_repeated_first, found.most_repeated_last) == (NOON - 13 * DAY, NOON - 9 * DAY)
    assert "4 of 6 posts had been said before; one message went out 5 times within 4 days" in found.sentence
    assert "reactions to a post, at the median: a fresh one 30, a repeated one 7.5" in found.sentence


def test_what_was_said_before_the_time_counts_as_said_but_not_as_broadcast() -> None:
    found = measured([out(1, FAIR, days=30), out(2, FAIR, days=27)])["facebook"]

    assert (found.broadcast, found.repeated) == (1, 1)


def test_where_nothing_was_said_it_says_so() -> None:
    assert measured([])[ALL].sentence == f"Nothing was said on {ALL}."
    assert measured([])[ALL].conversation is None


def test_a_message_that_changes_its_day_is_one_and_is_told_as_it_was_last_said() -> None:
    posts = [out(number, f"{FAIR} Only {number} days left!", days=number) for number in (9, 6, 3)]

    found = measured(posts)["facebook"]

    assert (found.most_repeated_count, found.most_repeated) == (3, f"{FAIR} Only 3 days left!")


def test_posts_that_went_out_while_people_waited_are_counted_where_they_waited() -> None:
    posts = [out(1, "New hours.", days=3), out(2, "Roof garden.", days=1), out(3, "Menu.", days=1, channel="blog")]

    found = measured(posts, waiting={"facebook": 1}, waiting_since={"facebook": NOON - 2 * DAY})

    assert [found[name].over_waiting for name in (ALL, "facebook", "blog")] == [1, 1, 0]
    assert found["facebook"].sentence.endswith("; 1 question waits; 1 post went out while people waited.")
