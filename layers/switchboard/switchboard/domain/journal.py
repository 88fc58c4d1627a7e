"""What comes next for a post that is paused, or given back, in a scheduler outside.

The journal says what was begun, the scheduler what is there now. `next_move` compares the two, so that whoever finds a
hold half-way, after a crash or beside another process, goes on from what is really there. A person's change in the
scheduler is the last word: it ends the hold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from switchboard.domain.outside import Abilities, Pausing, Step
from switchboard.domain.post import Hold, HoldState, Post, PostState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

SETTLE = timedelta(minutes=2)
"""So long a request may still be under way; a call to a scheduler is over well before."""
LATE = timedelta(minutes=15)
"""So late a scheduler may publish."""
SAME_TIME = timedelta(seconds=60)
"""A scheduler that rounds to minutes keeps the time that it was given."""
TOO_LATE = timedelta(minutes=5)
"""So near its time nothing is paused any more."""
MOST_ATTEMPTS = 5
EARLIEST = timedelta(minutes=15)
"""So far ahead a post must be due to be given back, whatever less the scheduler would take."""
MOVED_AT_MOST = timedelta(days=20)
"""So far from the day that was asked for, a scheduler whose days are full may move a post."""


class Act(StrEnum):
    """What to do: nothing, change something in the scheduler, or write down what is so already."""

    NOTHING = "nothing"
    TOUCH = "touch"
    RECORD = "record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What comes next for one hold, and why. The other fields are what `Act.RECORD` writes down.

    *hold_state* is HELD while a person still has to decide, and *asks* says that the owner must be told why. *due_at*
    and *external_id* are None where they stay.
    """

    act: Act
    reason: str
    step: Step | None = None
    hold_state: HoldState = HoldState.HELD
    post_state: PostState = PostState.HELD
    due_at: datetime | None = None
    external_id: str | None = None
    by: str = ""
    asks: bool = False


def next_move(hold: Hold, seen: Post | None, *, now: datetime, abilities: Abilities, found: Post | None = None) -> Move:
    """Return what comes next for *hold*, whose post stands in its scheduler as *seen*: None when it is not there.

    *found* is what `made_anew` or `went_out` picked among the posts that stand there under other ids. Some schedulers
    forget a post as soon as it is out: what is not there any more is looked for when its time has passed.
    """
    step = hold.step or Step.PAUSED
    match step:
        case Step.PAUSING:
            return _pausing(hold, seen, now, abilities, found)
        case Step.PARKING:
            return _parking(hold, seen, now)
        case Step.PAUSED:
            return _paused(hold, seen, now, abilities)
        case Step.RESUMING:
            if hold.how is Pausing.RECREATE:
                return _made_anew(hold, found, now, abilities)
            return _resuming(hold, seen or found, now, abilities)
        case Step.DISCARDING:
            return _discarding(hold, seen, now)
        case Step.RESUMED | Step.DISCARDED:
            return Move(act=Act.NOTHING, reason="It is done.")
        case _:
            assert_never(step)


def never_reached(hold: Hold, *, now: datetime) -> Move | None:
    """Return that *hold* came too late, when its scheduler could not be asked until then and was never touched."""
    if hold.step is not Step.PAUSING or hold.attempts or hold.snapshot.publish_at - now >= TOO_LATE:
        return None
    return _escaped(f"{_scheduler(hold)} could not be asked in time: look there now.", PostState.SCHEDULED)


def touched(hold: Hold, seen: Post | None, *, now: datetime) -> Hold:
    """Return the journal as it must be stored before the scheduler is touched for *hold*.

    While a post is being paused, the snapshot is as new as can be: somebody may have changed it since it was judged.
    """
    snapshot = hold.snapshot
    if hold.step is Step.PAUSING and seen is not None and seen.state is PostState.SCHEDULED:
        snapshot = replace(seen, post_id=snapshot.post_id, owner=snapshot.owner, version=snapshot.version)
    return replace(hold, snapshot=snapshot, attempted_at=now, attempts=hold.attempts + 1, problem="")


def made_anew(hold: Hold, there: Iterable[Post], *, taken: Collection[str] = ()) -> Post | None:
    """Return which of the posts *there* is the one that was made anew for *hold*, or None.

    It says the same, for the same account and time. What stood there before, and what *taken* names because it belongs
    to another hold, is none.
    """
    wanted, due = hold.snapshot, hold.resume_at
    if wanted.outside is None or due is None:
        return None
    others = {*hold.twins, *taken, wanted.outside.external_id}
    for post in there:
        if post.outside is None or post.outside.external_id in others:
            continue
        if is_twin(post, wanted) and _at(post, due):
            return post
    return None


def went_out(hold: Hold, there: Iterable[Post]) -> Post | None:
    """Return the post of *hold* among the posts *there* if it is out under another id, or None.

    Its twins went out as well: only one more than they are is ours.
    """
    wanted = hold.snapshot
    due = hold.resume_at if hold.step is Step.RESUMING else wanted.publish_at
    if due is None:
        return None
    out = [
        post
        for post in there
        if post.state is PostState.PUBLISHED and is_twin(post, wanted) and -SAME_TIME <= post.publish_at - due < LATE
    ]
    return out[-1] if len(out) > len(hold.twins) else None


def is_twin(one: Post, two: Post) -> bool:
    """Whether both say the same for the same account."""
    if one.outside is None or two.outside is None:
        return False
    return one.outside.profile == two.outside.profile and says_the_same(one, two)


def says_the_same(one: Post, two: Post) -> bool:
    """Whether the words are the same but for white space, which schedulers trim."""
    return one.text.split() == two.text.split()


# --- pausing -----------------------------------------------------------------------------------------------------


def _pausing(hold: Hold, seen: Post | None, now: datetime, abilities: Abilities, found: Post | None) -> Move:
    seen = seen or found
    if seen is None and not hold.attempts:
        return _deleted_there(hold)  # not by us: the scheduler was not touched yet
    if is_paused(hold, seen, now):
        at = seen.publish_at if seen is not None and hold.how is Pausing.RESCHEDULE else None
        return Move(act=Act.RECORD, step=Step.PAUSED, due_at=at, reason="It is paused; that was read back.")
    if seen is None:
        return _deleted_there(hold)
    if seen.state is PostState.PUBLISHED:
        return _escaped("It went out before it could be paused.", PostState.PUBLISHED)
    if seen.state is PostState.UNKNOWN:
        return _strange(hold, now, abilities)
    if seen.state is not PostState.SCHEDULED:
        return _ended_there(hold, seen, HoldState.DISCARDED, "Somebody took it out of the calendar there.")
    return _to_pause(hold, seen, now, abilities)


def _strange(hold: Hold, now: datetime, abilities: Abilities) -> Move:
    """Wait for a state that is known, until its time comes near: then a person has to look."""
    if hold.snapshot.publish_at - now < abilities.too_late:
        return _escaped("Its scheduler tells a state that is not known: look at it there.", PostState.UNKNOWN)
    return Move(act=Act.NOTHING, reason="The scheduler tells a state that is not known.")


def _to_pause(hold: Hold, seen: Post, now: datetime, abilities: Abilities) -> Move:
    if _may_be_under_way(hold, now):
        return Move(act=Act.NOTHING, reason="Another process may still be pausing it.")
    if seen.publish_at - now < abilities.too_late:
        minutes = int(abilities.too_late.total_seconds() // 60)
        return _escaped(f"Too late: it is due in less than {minutes} minutes.", PostState.SCHEDULED)
    if hold.attempts >= MOST_ATTEMPTS:
        return _escaped("The scheduler says yes, and it stays scheduled: pause it there by hand.", PostState.SCHEDULED)
    return Move(act=Act.TOUCH, reason="It is scheduled.")


def _parking(hold: Hold, seen: Post | None, now: datetime) -> Move:
    if seen is None:
        return _deleted_there(hold)
    if seen.state is PostState.PUBLISHED:
        return _escaped("It went out from the time to which it had been moved.", PostState.PUBLISHED)
    parked = hold.parked_until if hold.attempts else None
    if parked is not None and abs(seen.publish_at - parked) <= _tolerance(hold, now):
        return Move(act=Act.RECORD, step=Step.PAUSED, due_at=seen.publish_at, reason="It is moved far ahead anew.")
    if _may_be_under_way(hold, now):
        return Move(act=Act.NOTHING, reason="Another process may still be moving it.")
    if hold.attempts >= MOST_ATTEMPTS:
        why = "The scheduler says yes, and does not move it: take it out of the calendar there by hand."
        return replace(_with_a_person(why), due_at=seen.publish_at)
    return Move(act=Act.TOUCH, reason="The time to which it was moved comes near.")


def _paused(hold: Hold, seen: Post | None, now: datetime, abilities: Abilities) -> Move:
    if hold.how is Pausing.RECREATE:
        return _deleted(seen)
    if seen is None:
        return _deleted_there(hold)
    if seen.state is PostState.PUBLISHED:
        if hold.parked_until is not None and now >= hold.parked_until:
            return _escaped("It went out from the time to which it had been moved.", PostState.PUBLISHED)
        if hold.how is Pausing.NATIVE and _at(seen, hold.snapshot.publish_at):
            return _escaped(
                "It went out at its time although it was paused: by somebody there, or by the scheduler itself.",
                PostState.PUBLISHED,
            )
        return _ended_there(hold, seen, HoldState.RESUMED, "Somebody published it there.")
    if seen.state is PostState.SCHEDULED:
        if hold.how is not Pausing.RESCHEDULE or hold.parked_until is None or not _at(seen, hold.parked_until):
            return _ended_there(hold, seen, HoldState.RESUMED, "Somebody scheduled it again there.")
        if hold.parked_until - now <= abilities.parked_again:
            return Move(act=Act.RECORD, step=Step.PARKING, reason="The time to which it was moved comes near.")
    return Move(act=Act.NOTHING, reason="It is paused.")


def _deleted(seen: Post | None) -> Move:
    if seen is None:
        return Move(act=Act.NOTHING, reason="It is paused.")
    if seen.state is PostState.PUBLISHED:
        return _escaped("It went out although it had been deleted there.", PostState.PUBLISHED)
    return Move(act=Act.RECORD, step=Step.PAUSING, reason="It is there again although it had been deleted.")


def is_paused(hold: Hold, seen: Post | None, now: datetime) -> bool:
    """Whether *seen* is what the way of *hold* makes of a post: a draft, one far ahead, or none."""
    match hold.how:
        case Pausing.RECREATE:
            return seen is None
        case Pausing.RESCHEDULE:
            if seen is None or hold.parked_until is None or seen.state is not PostState.SCHEDULED:
                return False
            return abs(seen.publish_at - hold.parked_until) <= _tolerance(hold, now)
        case Pausing.NATIVE | None:
            return seen is not None and seen.state is PostState.DRAFT
        case _:
            assert_never(hold.how)


# --- giving back -------------------------------------------------------------------------------------------------


def _resuming(hold: Hold, seen: Post | None, now: datetime, abilities: Abilities) -> Move:
    if seen is None:
        if _may_be_under_way(hold, now):
            return Move(act=Act.NOTHING, reason="It may not be shown yet.")
        return _deleted_there(hold)
    if seen.state is PostState.PUBLISHED:
        return _given_back(hold, seen, "It is published.")
    parked = hold.parked_until
    if seen.state is PostState.SCHEDULED and not (parked is not None and _at(seen, parked)):
        return _given_back(hold, seen, "It is scheduled again; that was read back.")
    if _may_be_under_way(hold, now):
        return Move(act=Act.NOTHING, reason="Another process may still be giving it back.")
    return _touch_if_in_time(hold, now, abilities)


def _made_anew(hold: Hold, found: Post | None, now: datetime, abilities: Abilities) -> Move:
    if found is not None and found.outside is not None:
        return replace(
            _given_back(hold, found, "It is scheduled again, made anew."), external_id=found.outside.external_id
        )
    if _may_be_under_way(hold, now):
        return Move(act=Act.NOTHING, reason="Another process may still be making it anew.")
    if hold.attempts and hold.resume_at is not None and hold.resume_at <= now:
        return _as_draft("It may have gone out: look there before you choose a new time.")
    return _touch_if_in_time(hold, now, abilities)


def _touch_if_in_time(hold: Hold, now: datetime, abilities: Abilities) -> Move:
    due = hold.resume_at
    if due is None or due - now < max(EARLIEST, abilities.minimum_ahead):
        return _as_draft("Its time has come too near; it is a draft now: choose a new time.")
    if hold.attempts >= MOST_ATTEMPTS:
        return _as_draft("The scheduler does not take it back: schedule it there by hand, or choose a new time.")
    return Move(act=Act.TOUCH, reason="A person gave it back.")


def _discarding(hold: Hold, seen: Post | None, now: datetime) -> Move:
    gone = seen is None or hold.how is Pausing.NATIVE
    if gone:
        return Move(
            act=Act.RECORD,
            step=Step.DISCARDED,
            hold_state=HoldState.DISCARDED,
            post_state=PostState.DISCARDED,
            reason="It is discarded.",
        )
    if seen is not None and seen.state is PostState.PUBLISHED:
        return _escaped("It went out before it could be discarded.", PostState.PUBLISHED)
    if _may_be_under_way(hold, now):
        return Move(act=Act.NOTHING, reason="Another process may still be deleting it.")
    if hold.attempts >= MOST_ATTEMPTS:
        return _as_draft("The scheduler says yes, and it is still there: delete it there by hand.")
    return Move(act=Act.TOUCH, reason="A person discarded it.")


# --- what is written down ----------------------------------------------------------------------------------------


def somebody_at(scheduler: str) -> str:
    """Return how a person is called who did it in the scheduler itself."""
    return f"somebody in {scheduler}"


def _deleted_there(hold: Hold) -> Move:
    return Move(
        act=Act.RECORD,
        step=Step.DISCARDED,
        hold_state=HoldState.DISCARDED,
        post_state=PostState.DISCARDED,
        by=somebody_at(_scheduler(hold)),
        reason="It is not there any more; what it said is kept here.",
    )


def _ended_there(hold: Hold, seen: Post, state: HoldState, reason: str) -> Move:
    return Move(
        act=Act.RECORD,
        step=Step.RESUMED if state is HoldState.RESUMED else Step.DISCARDED,
        hold_state=state,
        post_state=seen.state if state is HoldState.RESUMED else PostState.DISCARDED,
        due_at=seen.publish_at,
        by=somebody_at(_scheduler(hold)),
        reason=reason,
    )


def _given_back(hold: Hold, seen: Post, reason: str) -> Move:
    return Move(
        act=Act.RECORD,
        step=Step.RESUMED,
        hold_state=HoldState.RESUMED,
        post_state=seen.state,
        due_at=seen.publish_at,
        by=hold.released_by or somebody_at(_scheduler(hold)),
        reason=reason,
    )


def _escaped(reason: str, post_state: PostState) -> Move:
    return Move(act=Act.RECORD, step=Step.PAUSING, hold_state=HoldState.NOT_HELD, post_state=post_state, reason=reason)


def _with_a_person(reason: str) -> Move:
    return Move(act=Act.RECORD, step=Step.PAUSED, asks=True, reason=reason)


def _as_draft(reason: str) -> Move:
    return replace(_with_a_person(reason), post_state=PostState.DRAFT)


def _scheduler(hold: Hold) -> str:
    return hold.snapshot.outside.scheduler if hold.snapshot.outside else "the scheduler"


def _may_be_under_way(hold: Hold, now: datetime) -> bool:
    return hold.attempted_at is not None and now - hold.attempted_at < SETTLE


def _at(post: Post, moment: datetime) -> bool:
    return abs(post.publish_at - moment) <= SAME_TIME


def _tolerance(hold: Hold, now: datetime) -> timedelta:
    """Return how far from `parked_until` a post may stand: less than what a person would choose for a nearer time."""
    if hold.parked_until is None:
        return timedelta()
    return min(MOVED_AT_MOST, max(SAME_TIME, (hold.parked_until - now) / 10))
