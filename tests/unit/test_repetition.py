from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from switchboard.domain.post import Post, PostState
from switchboard.domain.repetition import ALIKE, likeness, repetitions, shape_of

START = datetime(2026, 10, 1, 14, tzinfo=UTC)
WINDOW = timedelta(days=14)
FAIR = "Visit the Mercy health fair in Riverside Park, free screenings for the whole family"


def post(number: int, text: str = FAIR, *, days: float = 0, channel: str = "a") -> Post:
    return Post(post_id=f"p{number}", channel=channel, text=text, publish_at=START + timedelta(days=days))


def count(*posts: Post) -> dict[str, int]:
    found = repetitions(posts, within={}, default=WINDOW)
    return {post_id: said.count for post_id, said in found.items()}


@pytest.mark.parametrize(
    "copy",
    [
        FAIR.upper(),
        f"{FAIR}!!! 🎉🎉",
        f"{FAIR} https://example.org/fair?utm=2",
        f"{FAIR} #HealthFair @mercy",
        f"Oct 10: {FAIR}. Only 3 days left!",
        f"Reminder: {FAIR}",
    ],
)
def test_what_differs_only_in_trimmings_is_the_same_message(copy: str) -> None:
    assert likeness(shape_of(FAIR), shape_of(copy)) >= ALIKE


@pytest.mark.parametrize(
    "other",
    [
        "Meet the new pediatrician at Mercy, she loves free screenings for the whole family",
        "Visit the Mercy blood drive in Lincoln School, donors get a free lunch and our thanks",
        "",
        "🎉",
    ],
)
def test_another_message_is_no_copy(other: str) -> None:
    assert likeness(shape_of(FAIR), shape_of(other)) < ALIKE


def test_the_twelfth_day_is_counted_as_the_twelfth_time() -> None:
    daily = [post(day, days=day) for day in range(12)]

    found = repetitions(daily, within={}, default=WINDOW)["p11"]

    assert found.count == 12
    assert found.first_at == START
    assert found.before_at == START + timedelta(days=10)


def test_the_same_text_on_three_channels_within_a_day_is_one_occasion() -> None:
    posts = [post(number, channel=f"c{number}", days=number / 10) for number in range(3)]

    assert count(*posts) == {"p0": 1, "p1": 1, "p2": 1}


def test_the_same_text_twice_a_day_on_one_channel_is_two_occasions() -> None:
    assert count(post(0), post(1, days=0.3))["p1"] == 2


def test_a_weekly_message_is_said_twice_in_two_weeks() -> None:
    posts = [post(week, days=7 * week) for week in range(6)]

    assert max(count(*posts).values()) == 2


def test_drafts_and_discarded_copies_do_not_count() -> None:
    posts = [
        replace(post(0), state=PostState.DRAFT),
        replace(post(1, days=1), state=PostState.DISCARDED),
        post(2, days=2),
    ]

    assert count(*posts) == {"p2": 1}


def test_held_copies_count_so_that_the_next_run_judges_alike() -> None:
    scheduled = [post(day, days=day) for day in range(5)]
    after_a_run = [replace(one, state=PostState.HELD) if day in {2, 3} else one for day, one in enumerate(scheduled)]

    assert count(*after_a_run)["p4"] == count(*scheduled)["p4"]


def test_short_texts_are_copies_only_when_they_are_the_same() -> None:
    same = count(post(0, "Happy Friday!"), post(1, "happy  friday!", days=1))
    other = count(post(0, "Happy Friday!"), post(1, "Happy Monday!", days=1))

    assert (same["p1"], other["p1"]) == (2, 1)


def test_the_order_in_which_posts_are_given_does_not_matter() -> None:
    posts = [post(day, days=day) for day in range(5)]

    assert count(*reversed(posts)) == count(*posts)


def test_a_window_of_its_own_holds_for_its_channel() -> None:
    posts = [post(day, days=day) for day in range(5)]

    found = repetitions(posts, within={"a": timedelta(days=2)}, default=WINDOW)

    assert found["p4"].count == 2
