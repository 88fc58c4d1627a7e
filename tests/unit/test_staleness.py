# ruff: noqa: RUF001 - posts are written with dashes
from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchboard.domain.post import Hold, Post, PostState, post_from_json
from switchboard.domain.staleness import Rule, Thresholds, Waiting, judge, judge_all, resume

NOW = datetime(2026, 10, 13, 14, tzinfo=UTC)
FAIR = "Free flu clinic Sat, Oct 10, 9am–1pm in the main lobby."
CALM = "Our nurses are here for you and your family, day and night."
WAITING = Waiting(open_questions=6, oldest_since=NOW - timedelta(hours=5))


def post(text: str = CALM, **fields: object) -> Post:
    known = Post(post_id="p1", channel="mercy-facebook", text=text, publish_at=NOW + timedelta(hours=1))
    return replace(known, **fields)  # type: ignore[arg-type]


def test_the_reason_says_when_the_event_ended_and_when_the_post_would_go_out() -> None:
    decision = judge(post(FAIR), now=NOW)

    assert decision.rule is Rule.EVENT_OVER
    assert decision.reason == (
        "The event in this post ended on Sat 10 Oct 2026, 13:00; it would go out on Tue 13 Oct 2026, 11:00."
    )
    assert decision.evidence == ("Sat, Oct 10, 9am–1pm",)


def test_an_end_given_in_a_field_needs_no_date_in_the_text() -> None:
    assert judge(post(event_ends_at=NOW), now=NOW).rule is Rule.EVENT_OVER
    assert not judge(post(event_ends_at=NOW + timedelta(days=1)), now=NOW).hold


def test_a_post_that_is_late_is_judged_by_the_time_at_which_it_would_appear_now() -> None:
    late = post("Join us tomorrow for car seat checks!", publish_at=NOW - timedelta(days=3))

    assert judge(late, now=NOW).rule is Rule.EVENT_OVER


def test_a_thank_you_is_not_stale_although_the_event_is_over() -> None:
    thanks = post("Thank you to everyone who came to our flu clinic on Oct 10!", event_ends_at=NOW - timedelta(days=2))

    assert not judge(thanks, now=NOW).hold


def test_the_third_copy_within_two_weeks_is_held_and_the_reason_counts() -> None:
    earlier = [
        post(post_id=f"e{day}", publish_at=NOW - timedelta(days=day), state=PostState.PUBLISHED) for day in range(1, 12)
    ]

    decision = judge(post(), now=NOW, others=earlier)

    assert decision.rule is Rule.REPEATED
    assert decision.reason.startswith("The same message for the 12th time in 12 days, about every")


def test_people_who_wait_hold_what_goes_out_soon_and_nothing_later() -> None:
    soon, later = post(), post(publish_at=NOW + timedelta(days=5))

    assert judge(soon, now=NOW, waiting=WAITING).rule is Rule.PEOPLE_WAITING
    assert not judge(later, now=NOW, waiting=WAITING).hold


def test_one_person_who_waits_too_long_is_enough() -> None:
    long = Waiting(open_questions=1, oldest_since=NOW - timedelta(hours=4))
    short = Waiting(open_questions=1, oldest_since=NOW - timedelta(hours=1))

    assert judge(post(), now=NOW, waiting=long).rule is Rule.PEOPLE_WAITING
    assert not judge(post(), now=NOW, waiting=short).hold


def test_what_nobody_has_looked_at_for_a_quarter_is_held() -> None:
    old, fresh = NOW - timedelta(days=100), NOW - timedelta(days=10)

    assert judge(post(created_at=old), now=NOW).rule is Rule.NOT_REVIEWED
    assert not judge(post(created_at=old, reviewed_at=fresh), now=NOW).hold


def test_the_first_rule_decides_and_the_others_stand_in_the_evidence() -> None:
    decision = judge(post(FAIR, created_at=NOW - timedelta(days=100)), now=NOW, waiting=WAITING)

    assert decision.rule is Rule.EVENT_OVER
    assert sum(line.startswith("Also: ") for line in decision.evidence) == 2


def test_what_a_person_resumed_is_left_alone() -> None:
    decision = judge(post(FAIR, kept_by="ana"), now=NOW, waiting=WAITING)

    assert not decision.hold
    assert "ana" in decision.reason


@pytest.mark.parametrize("state", [state for state in PostState if state is not PostState.SCHEDULED])
def test_only_what_is_scheduled_is_held(state: PostState) -> None:
    assert not judge(post(FAIR, state=state), now=NOW).hold


def test_a_post_due_in_a_minute_is_still_judged() -> None:
    assert judge(post(FAIR, publish_at=NOW + timedelta(minutes=1)), now=NOW).hold


def test_judging_all_says_of_each_what_judging_one_says() -> None:
    posts = [post(post_id=f"p{day}", publish_at=NOW + timedelta(days=day)) for day in range(5)]
    posts.append(post(FAIR, post_id="fair"))

    together = judge_all(posts, now=NOW, waiting={"mercy-facebook": WAITING})

    assert together == [judge(one, now=NOW, others=posts, waiting=WAITING) for one in posts]


def test_a_channel_has_thresholds_of_its_own() -> None:
    posts = [post(post_id=f"p{day}", publish_at=NOW + timedelta(days=day)) for day in range(5)]
    patient = Thresholds(repeat_count=10)

    held = judge_all(posts, now=NOW, thresholds_by_channel={"mercy-facebook": patient})

    assert not any(decision.hold for decision in held)


def test_a_post_whose_time_has_passed_comes_back_as_a_draft() -> None:
    passed, near, far = (post(publish_at=NOW + timedelta(minutes=minutes)) for minutes in (-5, 14, 15))

    assert [resume(one, now=NOW).state for one in (passed, near, far)] == ["draft", "draft", "scheduled"]


def test_a_hold_is_resumed_from_its_snapshot() -> None:
    hold = Hold(
        hold_id="h", post_id="p1", channel="c", rule="event_over", reason="", evidence=(), snapshot=post(), held_at=NOW,
        held_by="pause_stale_posts",
    )  # fmt: skip

    assert resume(hold, now=NOW).state is PostState.SCHEDULED


def test_ten_thousand_posts_are_judged_within_seconds() -> None:
    posts = [
        Post(
            post_id=str(number),
            channel=f"c{number % 200}",
            text=f"{FAIR} Ask for {'abcdefghij'[number % 10] * 5} at desk {number}.",
            publish_at=NOW + timedelta(minutes=number),
        )
        for number in range(10_000)
    ]
    begin = time.process_time()

    judge_all(posts, now=NOW)

    assert time.process_time() - begin < 60


@given(text=st.text(max_size=200), offset=st.timedeltas(timedelta(days=-400), timedelta(days=400)))
@settings(max_examples=150, deadline=None)
def test_no_text_makes_judging_raise(text: str, offset: timedelta) -> None:
    decision = judge(post(text, publish_at=NOW + offset, created_at=NOW), now=NOW, waiting=WAITING)

    assert decision.reason


def test_a_post_is_read_from_json_and_unknown_keys_are_passed_over() -> None:
    read = post_from_json(
        {"id": 7, "text": "Hi", "publish_at": "2026-10-12T10:00", "event_ends_at": "2026-10-12", "likes": 3},
        zone="America/New_York",
    )

    assert (read.post_id, read.channel) == ("7", "")
    assert read.publish_at == datetime(2026, 10, 12, 14, tzinfo=UTC)
    assert read.event_ends_at == datetime(2026, 10, 13, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"text": "Hi"}, "id: missing"),
        ({"id": "a"}, "text: missing"),
        ({"id": "a", "text": "Hi"}, "publish_at: missing"),
        ({"id": "a", "text": "Hi", "publish_at": "soon"}, "publish_at: is not a time"),
        ({"id": "a", "text": "Hi", "publish_at": 17}, "publish_at: is not a time"),
        ({"id": "a", "text": "Hi", "publish_at": "2026-10-12", "state": "gone"}, "state: is not one of"),
        ({"id": "a", "text": "Hi", "publish_at": "2026-10-12", "channel": 3}, "channel: is not a text"),
    ],
)
def test_a_field_that_is_wrong_is_named_with_the_remedy(fields: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        post_from_json(fields)
