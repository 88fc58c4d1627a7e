"""When a channel is asked, how far back, what is remembered of it, and when silence is a fault."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from switchboard.domain import polling
from switchboard.domain.polling import DEAD_WAIT, GRACE, JITTER, LOOK_BACK, OVERLAP, Next, first_seen
from tests.fakes.hospital import NOON, message

if TYPE_CHECKING:
    from datetime import datetime

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
NEW = first_seen("mastodon", now=NOON)
CAUGHT_UP = replace(NEW, caught_up_to=NOON + HOUR, version=3)
BACKLOG = replace(CAUGHT_UP, older_than="m7", down_to=NOON - HOUR)
LATER = NOON + 2 * HOUR


def test_a_channel_is_asked_at_once_and_then_by_the_run_that_is_nearest_to_its_time() -> None:
    asked = polling.looked(NEW, every=2 * MINUTE, now=NOON)

    assert polling.is_due(NEW, now=NOON)
    assert not polling.is_due(asked, now=NOON + MINUTE)
    assert polling.is_due(asked, now=NOON + 2 * MINUTE - timedelta(seconds=5))
    assert JITTER < MINUTE, "or it would be asked every minute, whatever the config says"


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (NEW, NOON - LOOK_BACK),
        (CAUGHT_UP, NOON + HOUR - OVERLAP),
        (BACKLOG, NOON + HOUR),
        (replace(NEW, caught_up_to=NOON - LOOK_BACK + MINUTE), NOON - LOOK_BACK),
    ],
)
def test_how_far_back_the_newest_part_goes(state: polling.PollState, expected: datetime) -> None:
    assert polling.horizon(state) == expected


@pytest.mark.parametrize(
    ("older", "reaches_to", "budget_left", "expected"),
    [
        ("m1", NOON + MINUTE, True, Next.ON),
        ("m1", None, True, Next.ON),
        ("m1", NOON + MINUTE, False, Next.LATER),
        ("m1", None, False, Next.LATER),
        ("m1", NOON, True, Next.DONE),
        ("m1", NOON, False, Next.DONE),
        ("", NOON + MINUTE, True, Next.DONE),
        ("", None, False, Next.DONE),
    ],
)
def test_a_look_goes_on_until_it_reaches_what_was_seen(
    older: str, reaches_to: datetime | None, *, budget_left: bool, expected: Next
) -> None:
    found = polling.after_page(older=older, reaches_to=reaches_to, down_to=NOON, budget_left=budget_left)

    assert found is expected


def test_what_the_newest_part_did_not_reach_is_a_backlog() -> None:
    first = polling.newest_seen(CAUGHT_UP, older="m9", now=LATER)
    done = polling.newest_seen(CAUGHT_UP, older="", now=LATER)

    assert (first.caught_up_to, first.older_than, first.down_to) == (LATER, "m9", NOON + HOUR - OVERLAP)
    assert (done.caught_up_to, done.older_than, done.down_to) == (LATER, "", None)


def test_a_new_backlog_goes_on_into_the_old_one_and_none_is_forgotten() -> None:
    merged = polling.newest_seen(BACKLOG, older="m9", now=LATER)
    kept = polling.newest_seen(BACKLOG, older="", now=LATER)

    assert (merged.older_than, merged.down_to) == ("m9", NOON - HOUR)
    assert (kept.older_than, kept.down_to) == ("m7", NOON - HOUR)


def test_a_backlog_is_worked_off_page_by_page() -> None:
    on = polling.backlog_seen(BACKLOG, older="m5")
    done = polling.backlog_seen(on, older="")

    assert (on.older_than, on.down_to) == ("m5", NOON - HOUR)
    assert (done.older_than, done.down_to) == ("", None)


def test_without_its_mark_the_next_look_goes_down_to_the_end_of_the_backlog() -> None:
    given_up = polling.mark_refused(polling.newest_seen(BACKLOG, older="", now=LATER))

    assert given_up.older_than == ""
    assert polling.horizon(given_up) <= NOON - HOUR
    assert polling.mark_refused(CAUGHT_UP) == CAUGHT_UP


@pytest.mark.parametrize(
    ("failures", "retry_after", "minutes"),
    [(0, None, 1), (1, None, 2), (2, None, 4), (3, None, 8), (4, None, 15), (40, None, 15), (0, 90, 1.5), (4, 90, 15)],
)
def test_how_long_a_platform_is_left_alone(failures: int, retry_after: float | None, minutes: float) -> None:
    state = polling.failed(replace(CAUGHT_UP, failures=failures), retry_after=retry_after, now=LATER)

    assert state.next_poll_at == LATER + minutes * MINUTE
    assert (state.failures, state.version) == (failures + 1, 4)
    assert state.caught_up_to == CAUGHT_UP.caught_up_to


def test_a_dead_token_is_dead_since_the_first_time_and_alive_after_a_look() -> None:
    once = polling.dead(CAUGHT_UP, now=LATER)
    twice = polling.dead(once, now=LATER + HOUR)
    between = polling.failed(twice, retry_after=None, now=LATER + HOUR)
    alive = polling.looked(between, every=MINUTE, now=LATER + 2 * HOUR)

    assert (once.dead_since, twice.dead_since, between.dead_since) == (LATER, LATER, LATER)
    assert twice.next_poll_at == LATER + HOUR + DEAD_WAIT
    assert (alive.dead_since, alive.failures) == (None, 0)


def test_what_is_older_than_the_first_look_is_not_taken_in_unless_it_was_changed_since() -> None:
    old = message(1, sent_at=NOON - 2 * LOOK_BACK)
    edited = replace(old, change="edited", changed_at=NOON)
    edge = message(2, sent_at=NOON - LOOK_BACK)

    assert polling.taken([old, edited, edge], NEW) == [edited, edge]


@pytest.mark.parametrize(
    ("changes", "missed"),
    [
        ({"sent_at": LATER - GRACE}, True),
        ({"sent_at": LATER - GRACE + timedelta(seconds=1)}, False),
        ({"sent_at": NOON}, True),
        ({"sent_at": NOON - MINUTE}, False),
        ({"sent_at": NOON + MINUTE, "by_us": True}, False),
        ({"sent_at": NOON - HOUR, "change": "edited", "changed_at": NOON + MINUTE}, True),
    ],
)
def test_what_a_webhook_should_have_brought(changes: dict[str, Any], *, missed: bool) -> None:
    assert polling.is_missed(message(1, **changes), NEW, now=LATER) is missed


def test_what_was_missed_is_counted_up() -> None:
    state = polling.with_missed(polling.with_missed(NEW, 2, now=NOON), 3, now=LATER)

    assert (state.missed, state.last_missed_at) == (5, LATER)
    assert polling.with_missed(state, 0, now=LATER + HOUR) == state


@pytest.mark.parametrize(
    ("heard_at", "hours", "silent"),
    [
        (None, 48, False),
        (None, 49, True),
        (NOON + HOUR, 49, False),
        (NOON + HOUR, 50, True),
        (NOON - 100 * HOUR, 48, False),
    ],
)
def test_a_channel_is_silent_when_nothing_came_for_too_long(
    heard_at: datetime | None, hours: int, *, silent: bool
) -> None:
    found = polling.is_silent(NEW, heard_at, timedelta(days=2), now=NOON + hours * HOUR)

    assert found is silent
