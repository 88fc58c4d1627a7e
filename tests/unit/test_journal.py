"""What comes next for a hold outside, at the edges of each time and count."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from switchboard.domain.journal import (
    EARLIEST,
    LATE,
    MOST_ATTEMPTS,
    SETTLE,
    TOO_LATE,
    Act,
    is_paused,
    is_twin,
    made_anew,
    never_reached,
    next_move,
    touched,
    went_out,
)
from switchboard.domain.outside import Abilities, Outside, Pausing, Step
from switchboard.domain.post import Hold, HoldState, Post, PostState
from tests.fakes.hospital import NOON

DUE = NOON + timedelta(hours=6)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
NATIVE = Abilities(pausing=(Pausing.NATIVE,))


def post(number: int = 1, *, profile: str = "page", **changes: Any) -> Post:
    given: dict[str, Any] = {
        "post_id": f"s:x{number}",
        "channel": "facebook",
        "text": "The fair is on Saturday.",
        "publish_at": DUE,
        "outside": Outside(scheduler="s", external_id=f"x{number}", profile=profile),
    }
    return Post(**(given | changes))


def hold(**changes: Any) -> Hold:
    given: dict[str, Any] = {
        "hold_id": "s:x1-1",
        "post_id": "s:x1",
        "channel": "facebook",
        "rule": "event_over",
        "reason": "Over.",
        "evidence": (),
        "snapshot": post(),
        "held_at": NOON,
        "held_by": "pause_stale_posts",
        "step": Step.PAUSING,
        "how": Pausing.NATIVE,
    }
    return Hold(**(given | changes))


def resuming(how: Pausing = Pausing.NATIVE, **changes: Any) -> Hold:
    return hold(step=Step.RESUMING, how=how, resume_at=DUE, released_by="maria", released_at=NOON, **changes)


# --- which post is ours


def test_of_twins_that_went_out_only_one_more_than_they_were_is_ours() -> None:
    out = [post(number, state=PostState.PUBLISHED) for number in (7, 8)]

    assert went_out(hold(), out[:1]) == out[0]
    assert went_out(hold(twins=("x7",)), out[:1]) is None
    assert went_out(hold(twins=("x7",)), out) == out[1]
    assert went_out(hold(), [post(7)]) is None


@pytest.mark.parametrize(
    ("after", "found"), [(-MINUTE, True), (-MINUTE - SECOND, False), (LATE - SECOND, True), (LATE, False)]
)
def test_what_went_out_long_after_its_time_is_another(after: timedelta, *, found: bool) -> None:
    out = post(7, state=PostState.PUBLISHED, publish_at=DUE + after)
    assert (went_out(hold(), [out]) is not None) is found


def test_what_belongs_to_another_hold_or_stood_there_or_is_for_another_account_was_not_made_anew() -> None:
    there = [post(7), post(8)]
    ours = resuming(Pausing.RECREATE)

    assert made_anew(ours, there) == there[0]
    assert made_anew(ours, there, taken={"x7"}) == there[1]
    assert made_anew(replace(ours, twins=("x7", "x8")), there) is None
    assert made_anew(ours, [post(1)]) is None  # the one that was deleted
    assert made_anew(ours, [post(7, profile="other")]) is None
    assert made_anew(ours, [post(7, text="The  fair is on\nSaturday.")]) is not None
    assert made_anew(ours, [post(7, text="Another.")]) is None
    assert made_anew(ours, [post(7, publish_at=DUE + MINUTE)]) is not None
    assert made_anew(ours, [post(7, publish_at=DUE + MINUTE + SECOND)]) is None


@pytest.mark.parametrize(
    ("ahead", "away", "paused"),
    [
        (timedelta(days=365), timedelta(days=20), True),
        (timedelta(days=365), timedelta(days=20, seconds=1), False),
        (timedelta(days=10), timedelta(days=1), True),
        (timedelta(days=10), timedelta(days=1, seconds=1), False),
        (timedelta(minutes=5), MINUTE, True),
        (timedelta(minutes=5), MINUTE + SECOND, False),
    ],
)
def test_a_full_day_may_move_what_is_parked_by_a_tenth_of_its_way(
    ahead: timedelta, away: timedelta, *, paused: bool
) -> None:
    parked = hold(how=Pausing.RESCHEDULE, parked_until=NOON + ahead)
    for seen in (post(publish_at=NOON + ahead + away), post(publish_at=NOON + ahead - away)):
        assert is_paused(parked, seen, NOON) is paused


# --- pausing


def test_what_nobody_touched_and_is_gone_was_deleted_there() -> None:
    anew = hold(how=Pausing.RECREATE)

    untouched = next_move(anew, None, now=NOON, abilities=NATIVE)
    tried = next_move(replace(anew, attempts=1), None, now=NOON, abilities=NATIVE)

    assert (untouched.hold_state, untouched.by) == (HoldState.DISCARDED, "somebody in s")
    assert (tried.hold_state, tried.step) == (HoldState.HELD, Step.PAUSED)


def test_the_snapshot_is_renewed_until_it_is_paused_and_keeps_whose_it_is() -> None:
    mine = hold(snapshot=post(owner="maria", version=3))
    newer = post(text="The fair is on Sunday.")

    first = touched(mine, newer, now=NOON)
    assert (first.snapshot.text, first.snapshot.owner, first.snapshot.version) == (newer.text, "maria", 3)
    assert (first.attempts, first.attempted_at) == (1, NOON)
    assert touched(mine, replace(newer, state=PostState.DRAFT), now=NOON).snapshot == mine.snapshot
    assert touched(replace(mine, step=Step.RESUMING), newer, now=NOON).snapshot == mine.snapshot


@pytest.mark.parametrize(("before", "reached"), [(TOO_LATE, True), (TOO_LATE - SECOND, False)])
def test_who_could_not_be_asked_until_it_is_too_late(before: timedelta, *, reached: bool) -> None:
    assert (never_reached(hold(), now=DUE - before) is None) is reached
    assert never_reached(hold(attempts=1), now=DUE) is None
    assert never_reached(hold(step=Step.PAUSED), now=DUE) is None


@pytest.mark.parametrize("step", [Step.PAUSING, Step.PARKING, Step.RESUMING, Step.DISCARDING])
@pytest.mark.parametrize("how", list(Pausing))
def test_whoever_may_be_at_it_still_is_not_doubled(step: Step, how: Pausing) -> None:
    parked = NOON + timedelta(days=9)
    begun = hold(step=step, how=how, attempts=1, attempted_at=NOON, parked_until=parked, resume_at=DUE)
    shown = {
        Step.PAUSING: post(),
        Step.PARKING: post(publish_at=parked + timedelta(days=2)),
        Step.RESUMING: None if how is Pausing.RECREATE else post(publish_at=parked),
        Step.DISCARDING: post(publish_at=parked),
    }[step]
    if how is Pausing.NATIVE and step is Step.DISCARDING:
        pytest.skip("nothing is touched: it stays a draft")

    moves = [next_move(begun, shown, now=NOON + after, abilities=NATIVE) for after in (SETTLE - SECOND, SETTLE)]

    assert [move.act for move in moves] == [Act.NOTHING, Act.TOUCH]


def test_after_so_many_attempts_a_person_is_asked() -> None:
    for attempts, act in ((MOST_ATTEMPTS - 1, Act.TOUCH), (MOST_ATTEMPTS, Act.RECORD)):
        assert next_move(hold(attempts=attempts), post(), now=NOON, abilities=NATIVE).act is act
        back = resuming(attempts=attempts)
        move = next_move(back, post(state=PostState.DRAFT), now=NOON, abilities=NATIVE)
        assert move.act is act
    assert move.post_state is PostState.DRAFT


# --- parked


@pytest.mark.parametrize(("after", "state"), [(-SECOND, HoldState.RESUMED), (timedelta(), HoldState.NOT_HELD)])
def test_what_went_out_before_the_time_it_was_moved_to_was_published_by_somebody(
    after: timedelta, state: HoldState
) -> None:
    parked = hold(step=Step.PAUSED, how=Pausing.RESCHEDULE, parked_until=NOON)
    move = next_move(parked, post(state=PostState.PUBLISHED), now=NOON + after, abilities=NATIVE)
    assert move.hold_state is state


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (timedelta(), HoldState.NOT_HELD),
        (timedelta(seconds=60), HoldState.NOT_HELD),
        (timedelta(seconds=61), HoldState.RESUMED),
        (timedelta(hours=-2), HoldState.RESUMED),
    ],
)
def test_a_draft_that_went_out_at_its_very_time_is_told_to_a_person(at: timedelta, state: HoldState) -> None:
    paused = hold(step=Step.PAUSED, how=Pausing.NATIVE)
    out = post(state=PostState.PUBLISHED, publish_at=DUE + at)

    move = next_move(paused, out, now=DUE + timedelta(minutes=5), abilities=NATIVE)

    assert (move.hold_state, move.post_state) == (state, PostState.PUBLISHED)


def test_what_was_not_moved_anew_yet_is_not_taken_for_moved() -> None:
    parked = NOON + timedelta(days=2)
    near = hold(step=Step.PARKING, how=Pausing.RESCHEDULE, parked_until=parked)
    assert next_move(near, post(publish_at=parked), now=NOON, abilities=NATIVE).act is Act.TOUCH
    tried = replace(near, attempts=1, attempted_at=NOON)
    assert next_move(tried, post(publish_at=parked), now=NOON, abilities=NATIVE).step is Step.PAUSED


# --- giving back


@pytest.mark.parametrize("minimum", [timedelta(minutes=1), timedelta(minutes=40)])
def test_a_post_is_given_back_only_that_far_ahead(minimum: timedelta) -> None:
    abilities = Abilities(pausing=(Pausing.NATIVE,), minimum_ahead=minimum)
    draft = post(state=PostState.DRAFT)

    def act(now: datetime) -> Act:
        return next_move(resuming(), draft, now=now, abilities=abilities).act

    limit = DUE - max(minimum, EARLIEST)
    assert act(limit) is Act.TOUCH
    assert act(limit + SECOND) is Act.RECORD


def test_what_may_have_gone_out_says_so_and_what_never_was_tried_does_not() -> None:
    for attempts, words in ((1, "may have gone out"), (0, "too near")):
        tried = resuming(Pausing.RECREATE, attempts=attempts)
        move = next_move(tried, None, now=DUE, abilities=NATIVE)
        assert words in move.reason
        assert (move.step, move.post_state) == (Step.PAUSED, PostState.DRAFT)


def test_a_state_that_is_not_known_is_waited_for_until_its_time_comes_near() -> None:
    strange = post(state=PostState.UNKNOWN)
    pausing = hold(step=Step.PAUSING, how=Pausing.NATIVE, attempts=1)

    early = next_move(pausing, strange, now=NOON, abilities=NATIVE)
    late = next_move(pausing, strange, now=DUE - NATIVE.too_late + SECOND, abilities=NATIVE)

    assert early.act is Act.NOTHING
    assert (late.act, late.hold_state) == (Act.RECORD, HoldState.NOT_HELD)
    assert "look at it there" in late.reason


# --- what is there ends it, or sets it going again


PARKED = NOON + timedelta(days=9)
GONE = "It is not there any more; what it said is kept here."


@pytest.mark.parametrize(
    ("begun", "seen", "hold_state", "post_state", "said"),
    [
        # pausing
        (hold(attempts=1), None, HoldState.DISCARDED, PostState.DISCARDED, GONE),
        (hold(), post(state=PostState.PUBLISHED), HoldState.NOT_HELD, PostState.PUBLISHED, "before it could be paused"),
        (hold(), post(state=PostState.FAILED), HoldState.DISCARDED, PostState.DISCARDED, "took it out of the calendar"),
        (hold(), post(publish_at=NOON + TOO_LATE - SECOND), HoldState.NOT_HELD, PostState.SCHEDULED, "less than 5 min"),
        # moving it again
        (hold(step=Step.PARKING), None, HoldState.DISCARDED, PostState.DISCARDED, GONE),
        (
            hold(step=Step.PARKING),
            post(state=PostState.PUBLISHED),
            HoldState.NOT_HELD,
            PostState.PUBLISHED,
            "went out from",
        ),
        # paused
        (hold(step=Step.PAUSED), None, HoldState.DISCARDED, PostState.DISCARDED, GONE),
        (
            hold(step=Step.PAUSED, how=Pausing.RECREATE),
            post(state=PostState.PUBLISHED),
            HoldState.NOT_HELD,
            PostState.PUBLISHED,
            "although it had been deleted",
        ),
        (hold(step=Step.PAUSED), post(), HoldState.RESUMED, PostState.SCHEDULED, "scheduled it again there"),
        # giving back
        (hold(step=Step.RESUMING, attempts=1), None, HoldState.DISCARDED, PostState.DISCARDED, GONE),
        (
            hold(step=Step.RESUMING),
            post(state=PostState.PUBLISHED),
            HoldState.RESUMED,
            PostState.PUBLISHED,
            "published",
        ),
        # discarding
        (
            hold(step=Step.DISCARDING, how=Pausing.RESCHEDULE),
            post(state=PostState.PUBLISHED),
            HoldState.NOT_HELD,
            PostState.PUBLISHED,
            "before it could be discarded",
        ),
        (
            hold(step=Step.DISCARDING, how=Pausing.RESCHEDULE),
            None,
            HoldState.DISCARDED,
            PostState.DISCARDED,
            "It is discarded.",
        ),
    ],
)
def test_what_is_seen_there_is_written_down(
    begun: Hold, seen: Post | None, hold_state: HoldState, post_state: PostState, said: str
) -> None:
    move = next_move(begun, seen, now=NOON, abilities=NATIVE)

    assert (move.act, move.hold_state, move.post_state) == (Act.RECORD, hold_state, post_state)
    assert said in move.reason


def test_what_was_deleted_and_is_there_again_is_paused_again() -> None:
    deleted = hold(step=Step.PAUSED, how=Pausing.RECREATE)

    move = next_move(deleted, post(), now=NOON, abilities=NATIVE)

    assert (move.act, move.step, move.hold_state) == (Act.RECORD, Step.PAUSING, HoldState.HELD)
    assert next_move(deleted, None, now=NOON, abilities=NATIVE).act is Act.NOTHING


@pytest.mark.parametrize(("left", "act"), [(TOO_LATE, Act.TOUCH), (TOO_LATE - SECOND, Act.RECORD)])
def test_the_last_moment_to_pause(left: timedelta, act: Act) -> None:
    soon = post(publish_at=NOON + left)
    assert next_move(hold(snapshot=soon), soon, now=NOON, abilities=NATIVE).act is act


@pytest.mark.parametrize(("left", "act"), [(TOO_LATE, Act.NOTHING), (TOO_LATE - SECOND, Act.RECORD)])
def test_the_last_moment_for_a_state_that_is_not_known(left: timedelta, act: Act) -> None:
    strange = post(state=PostState.UNKNOWN, publish_at=NOON + left)
    assert next_move(hold(snapshot=strange), strange, now=NOON, abilities=NATIVE).act is act


@pytest.mark.parametrize(("attempts", "act"), [(MOST_ATTEMPTS - 1, Act.TOUCH), (MOST_ATTEMPTS, Act.RECORD)])
def test_what_stays_where_it_is_is_moved_or_deleted_so_often(attempts: int, act: Act) -> None:
    long_ago = NOON - SETTLE
    for step in (Step.PARKING, Step.DISCARDING):
        begun = hold(
            step=step, how=Pausing.RESCHEDULE, attempts=attempts, attempted_at=long_ago, parked_until=PARKED
        )  # fmt: skip
        there = post(publish_at=NOON + timedelta(days=3))

        move = next_move(begun, there, now=NOON, abilities=NATIVE)

        assert move.act is act
        if act is Act.RECORD:
            assert (move.asks, move.step, move.hold_state) == (True, Step.PAUSED, HoldState.HELD)


def test_a_post_that_is_in_no_scheduler_has_no_twin_there() -> None:
    ours = replace(post(), outside=None)
    assert made_anew(hold(snapshot=ours, resume_at=DUE), [post(2)]) is None
    assert made_anew(hold(), [post(2)]) is None
    assert not is_twin(ours, post())
    assert not is_twin(post(), ours)


@pytest.mark.parametrize("step", [Step.RESUMED, Step.DISCARDED])
def test_what_is_done_is_left_alone(step: Step) -> None:
    assert next_move(hold(step=step), post(), now=NOON, abilities=NATIVE).act is Act.NOTHING


@pytest.mark.parametrize(("after", "act"), [(SETTLE - SECOND, Act.NOTHING), (SETTLE, Act.RECORD)])
def test_what_was_just_given_back_may_not_be_shown_yet(after: timedelta, act: Act) -> None:
    tried = resuming(attempts=1, attempted_at=NOON)
    assert next_move(tried, None, now=NOON + after, abilities=NATIVE).act is act


@pytest.mark.parametrize(
    ("left", "act"), [(timedelta(days=5), Act.RECORD), (timedelta(days=5, seconds=1), Act.NOTHING)]
)
def test_it_is_moved_again_so_long_before_the_time_comes(left: timedelta, act: Act) -> None:
    abilities = Abilities(pausing=(Pausing.RESCHEDULE,), parked_again=timedelta(days=5))
    parked = hold(step=Step.PAUSED, how=Pausing.RESCHEDULE, parked_until=NOON + left)

    move = next_move(parked, post(publish_at=NOON + left), now=NOON, abilities=abilities)

    assert move.act is act
    if act is Act.RECORD:
        assert move.step is Step.PARKING


def test_a_move_that_was_shifted_by_a_tenth_of_its_way_is_done() -> None:
    begun = hold(step=Step.PARKING, how=Pausing.RESCHEDULE, parked_until=PARKED, attempts=1, attempted_at=NOON)
    tenth = (PARKED - NOON) / 10
    for off, act in ((tenth, Act.RECORD), (tenth + SECOND, Act.NOTHING)):
        assert next_move(begun, post(publish_at=PARKED + off), now=NOON, abilities=NATIVE).act is act
