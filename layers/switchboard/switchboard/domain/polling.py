"""When a channel is asked what it was told, how far back the look goes, and when silence is a fault.

The newest comes first: a page at a time, down to where the last look began. When the budget ends before that, the rest
is a backlog, and the next look goes on with it after it has seen what is newest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from switchboard.domain.message import Message

LOOK_BACK = timedelta(hours=24)
"""So far back the first look goes: nobody is rung for last year's comments."""
OVERLAP = timedelta(minutes=10)
"""So much of what was seen is looked at again: platforms show some things late, and storing again is harmless."""
GRACE = timedelta(minutes=5)
"""What is younger may still come by the webhook; only what is older was missed by it."""
MOST_PAGES = 8
"""So many pages are asked for in one look at a channel."""
JITTER = timedelta(seconds=30)
"""Half of the timer's minute: the run that comes so much early is the one that was meant."""
DEAD_WAIT = timedelta(minutes=15)
"""So long to wait when a person must mend something, a token for instance."""
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))


@dataclass(frozen=True, slots=True, kw_only=True)
class PollState:
    """What is known of a channel. *version* is the fence.

    *since* is where the first look began: what is older is never taken in. *caught_up_to* is when the last look began
    that saw the newest; *older_than* and *down_to* are the backlog: the mark to go on with, and how far. *polled_at* is
    when the last look began that was not cut short. *dead_since* says that a person must mend something. *missed*
    counts what the webhook did not bring.
    """

    channel: str
    watched_since: datetime
    since: datetime
    caught_up_to: datetime | None = None
    older_than: str = ""
    down_to: datetime | None = None
    polled_at: datetime | None = None
    next_poll_at: datetime | None = None
    failures: int = 0
    dead_since: datetime | None = None
    missed: int = 0
    last_missed_at: datetime | None = None
    version: int = 0


class Next(StrEnum):
    """What to do after a page."""

    ON = "on"
    DONE = "done"
    LATER = "later"


def first_seen(channel: str, *, now: datetime) -> PollState:
    """Return the state of a channel that was never looked at."""
    return PollState(channel=channel, watched_since=now, since=now - LOOK_BACK)


def is_due(state: PollState, *, now: datetime) -> bool:
    """Whether the channel is to be asked now."""
    return state.next_poll_at is None or state.next_poll_at <= now


def horizon(state: PollState) -> datetime:
    """Return how far back the newest part of a look goes; while there is a backlog it leaves time for that."""
    if state.caught_up_to is None:
        return state.since
    return max(state.since, state.caught_up_to - (timedelta(0) if state.older_than else OVERLAP))


def after_page(*, older: str, reaches_to: datetime | None, down_to: datetime, budget_left: bool) -> Next:
    """Return whether to ask for the next page: until *down_to* is reached, there is none, or the budget is spent."""
    if not older or (reaches_to is not None and reaches_to <= down_to):
        return Next.DONE
    return Next.ON if budget_left else Next.LATER


def newest_seen(before: PollState, *, older: str, now: datetime) -> PollState:
    """Return what is known if the look ends after this page of its newest part; *older* is "" when that part is done.

    What was not reached is a backlog from the mark *older* on; it goes on into the one that was left *before*.
    """
    if not older:
        return replace(before, caught_up_to=now)
    down_to = horizon(before)
    return replace(before, caught_up_to=now, older_than=older, down_to=min(down_to, before.down_to or down_to))


def backlog_seen(state: PollState, *, older: str) -> PollState:
    """Return what is known after a page of the backlog, which goes on at the mark *older*, or is done with ""."""
    return replace(state, older_than=older, down_to=state.down_to if older else None)


def mark_refused(state: PollState) -> PollState:
    """Return what is known when the platform takes the backlog's mark no more: the next look goes down to its end."""
    if state.down_to is None:
        return state
    return replace(state, caught_up_to=state.down_to, older_than="", down_to=None)


def looked(state: PollState, *, every: timedelta, now: datetime) -> PollState:
    """Return the state after a look that did all it could."""
    return replace(
        state,
        polled_at=now,
        next_poll_at=now + every - JITTER,
        failures=0,
        dead_since=None,
        version=state.version + 1,
    )


def failed(state: PollState, *, retry_after: float | None, now: datetime) -> PollState:
    """Return the state after a look that was cut short: the platform did not answer, or asks to wait (seconds)."""
    wait = _WAITS[min(state.failures, len(_WAITS) - 1)]
    if retry_after is not None:
        wait = max(wait, timedelta(seconds=retry_after))
    return replace(state, failures=state.failures + 1, next_poll_at=now + wait, version=state.version + 1)


def dead(state: PollState, *, now: datetime) -> PollState:
    """Return the state of a channel that a person must mend; it is tried again quietly."""
    return replace(state, dead_since=state.dead_since or now, next_poll_at=now + DEAD_WAIT, version=state.version + 1)


def with_missed(state: PollState, missed: int, *, now: datetime) -> PollState:
    """Return the state that counts *missed* more messages which the webhook did not bring."""
    return replace(state, missed=state.missed + missed, last_missed_at=now) if missed else state


def taken(messages: Iterable[Message], state: PollState) -> list[Message]:
    """Return those that are not older than the first look."""
    return [message for message in messages if (message.changed_at or message.sent_at) >= state.since]


def is_missed(message: Message, state: PollState, *, now: datetime) -> bool:
    """Whether the webhook should have brought *message* by now, if it turns out to be new."""
    said_at = message.changed_at or message.sent_at
    return not message.by_us and state.watched_since <= said_at <= now - GRACE


def is_silent(state: PollState, heard_at: datetime | None, quiet_after: timedelta, *, now: datetime) -> bool:
    """Whether the channel has been quiet for longer than its hospital expects."""
    return now - max(heard_at or state.watched_since, state.watched_since) > quiet_after
