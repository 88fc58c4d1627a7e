"""Holding a post, wherever it waits, and bringing what is under way in a scheduler outside to its end.

In our own queue a hold is one write. Outside, the snapshot is stored first; then `settle` goes on from what the journal
says and what the scheduler shows, one step at a time, and reads back after each change. Safe to repeat, and safe to run
twice at once: only who stores an attempt touches the scheduler.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from switchboard.domain.delivery import hold_of, in_state
from switchboard.domain.journal import Act, Move, is_twin, made_anew, never_reached, next_move, touched, went_out
from switchboard.domain.outside import Pausing, Step
from switchboard.domain.post import Hold, HoldState, Post, PostState
from switchboard.errors import Conflict, Misconfigured, OutcomeUnknown, Rejected, SwitchboardError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from switchboard.domain.outside import Outside
    from switchboard.ports import Metrics, PostStore, Scheduler, Schedulers
    from switchboard.verbs.media_copies import MediaCopies

BY = "switchboard"
MOST_MOVES = 6
"""So many steps one call takes for one post at most; what is left is for the next run."""
LOOKED_AROUND = timedelta(minutes=2)
TOLD_AGAIN = timedelta(days=1)
_DONE = (HoldState.RESUMED, HoldState.DISCARDED, HoldState.NOT_HELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingRoom:
    """All that holding and giving back needs."""

    posts: PostStore
    schedulers: Schedulers
    media: MediaCopies
    metrics: Metrics
    clock: Callable[[], datetime]


def hold(
    room: HoldingRoom, post: Post, *, rule: str, reason: str, evidence: Sequence[str] = (), by: str = BY
) -> Hold | None:
    """Hold *post*, and return its hold as it stands then; None when somebody else was quicker.

    In our own queue it is held when this returns. Outside it is held when the hold's step is PAUSED; with the state
    NOT_HELD it could not be paused and a person must be told, with the step PAUSING it is still under way. Raises as
    the scheduler does; what was begun is brought to its end by the next `settle`.
    """
    now = room.clock()
    held = hold_of(post, rule=rule, reason=reason, evidence=tuple(evidence), by=by, now=now)
    try:
        if post.outside is None:
            room.posts.commit(in_state(post, PostState.HELD), held, event="held", by=by, now=now)
            _count(room, held)
            return held
        begun = _begin(room, post, post.outside, held, by)
    except Conflict:
        return None
    if begun.state is not HoldState.HELD:
        return begun
    return settle(room, post.post_id)


def settle(room: HoldingRoom, post_id: str) -> Hold | None:
    """Bring the latest hold of *post_id* as far as it comes now, and return it; None when there is none.

    Raises as its scheduler does, with nothing left undone that the next call would not do; Rejected when it does not
    show this one post.
    """
    for _ in range(MOST_MOVES):
        found = room.posts.load(post_id)
        if found is None or not found[1]:
            return None
        post, latest = found[0], found[1][-1]
        if latest.state is not HoldState.HELD or post.outside is None:
            return latest
        scheduler, seen = _seen(room, post, latest, post.outside)
        around = _look_around(room, scheduler, latest, seen)
        move = next_move(latest, seen, now=room.clock(), abilities=scheduler.abilities, found=around)
        if move.act is Act.NOTHING:
            return latest
        try:
            if move.act is Act.TOUCH:
                if not _touch(room, scheduler, post, latest, seen):
                    return latest
                continue
            after = _record(room, post, latest, move)
            if after.step is None or not after.step.is_under_way:
                return after
        except Conflict:
            continue
    found = room.posts.load(post_id)
    return found[1][-1] if found is not None and found[1] else None


# --- beginning ---------------------------------------------------------------------------------------------------


def _begin(room: HoldingRoom, post: Post, outside: Outside, held: Hold, by: str) -> Hold:
    """Store the snapshot and the intent; nothing was touched yet."""
    stored = room.posts.load(post.post_id)
    version = 0 if stored is None else stored[0].version
    if stored is not None and any(one.state is HoldState.HELD for one in stored[1]):
        raise Conflict("it is held already")
    abilities = room.schedulers.of(outside.scheduler).abilities
    why_not = _why_not(post, outside, abilities.pausing, abilities.too_late, held.held_at)
    row = replace(post, state=PostState.SCHEDULED if why_not else PostState.HELD, version=version + 1)
    begun = replace(held, hold_id=f"{post.post_id}-{version + 1}", snapshot=replace(post, version=version))
    if why_not:
        begun = replace(begun, state=HoldState.NOT_HELD, problem=why_not, released_at=held.held_at)
    else:
        begun = replace(begun, step=Step.PAUSING, how=abilities.pausing[0])
    room.posts.commit(row, begun, event="not_held" if why_not else "pausing", by=by, now=held.held_at)
    _count(room, begun)
    return begun


def _why_not(post: Post, outside: Outside, ways: Collection[Pausing], too_late: timedelta, now: datetime) -> str:
    if not ways:
        return f"{outside.scheduler} can only be read: pause it there by hand."
    if outside.cannot_pause:
        return outside.cannot_pause
    if post.publish_at - now < too_late:
        return f"Too late: it is due in less than {int(too_late.total_seconds() // 60)} minutes."
    return ""


# --- one step ----------------------------------------------------------------------------------------------------


def _seen(room: HoldingRoom, post: Post, latest: Hold, outside: Outside) -> tuple[Scheduler, Post | None]:
    """Return the scheduler and what it shows; who cannot be asked until it is too late is written down as not held."""
    try:
        scheduler = room.schedulers.of(outside.scheduler)
        return scheduler, scheduler.read(outside.external_id)
    except SwitchboardError:
        missed = never_reached(latest, now=room.clock())
        if missed is not None:
            _record(room, post, latest, missed)
        raise


def _look_around(room: HoldingRoom, scheduler: Scheduler, held: Hold, seen: Post | None) -> Post | None:
    """Return the post of *held* where it stands under another id, if that must be known now."""
    if seen is not None:
        return None
    if held.step is Step.RESUMING and held.how is Pausing.RECREATE:
        if not held.attempts or held.resume_at is None:
            return None
        there = scheduler.posts(start=held.resume_at - LOOKED_AROUND, end=held.resume_at + LOOKED_AROUND)
        return made_anew(held, there, taken=_taken(room, held))
    due = held.resume_at if held.step is Step.RESUMING else held.snapshot.publish_at
    if held.step not in (Step.PAUSING, Step.RESUMING) or due is None or room.clock() < due:
        return None
    if not scheduler.abilities.renames_published:
        return None
    return went_out(held, scheduler.posts(start=due - LOOKED_AROUND, end=due + timedelta(minutes=20)))


def _taken(room: HoldingRoom, held: Hold) -> set[str]:
    states = (PostState.SCHEDULED, PostState.PUBLISHED, PostState.HELD, PostState.DRAFT)
    rows = room.posts.outside(states, since=room.clock() - timedelta(days=2))
    return {row.outside.external_id for row in rows if row.outside is not None and row.post_id != held.post_id}


def _touch(room: HoldingRoom, scheduler: Scheduler, post: Post, held: Hold, seen: Post | None) -> bool:
    """Store the attempt, then change the scheduler; what came of it is read back by the caller.

    Returns False when the scheduler was left alone and the next run has to try.
    """
    now = room.clock()
    anew = held.step is Step.RESUMING and held.how is Pausing.RECREATE
    trying = _intent(scheduler, held, seen, now, anew=anew)
    if held.step is Step.PAUSING and held.how is Pausing.RECREATE and scheduler.abilities.loses_media:
        try:
            trying = _with_media(room, scheduler, trying)
        except Rejected as refusal:
            _refused(room, scheduler, post, trying, str(refusal))
            return True
        except Unavailable:
            return False  # whoever has the media is not the scheduler: its other posts need not wait
    row = replace(post, version=post.version + 1)
    room.posts.commit(row, trying, event=f"{trying.step}_tried", by=BY, now=now)
    if anew and _twin_is_made(room, trying):
        # Two that are the same in all are made one after the other: else each could be taken for the other.
        undone = replace(trying, attempted_at=held.attempted_at, attempts=held.attempts, twins=held.twins)
        room.posts.commit(replace(row, version=row.version + 1), undone, event="not_yet", by=BY, now=room.clock())
        return False
    try:
        made = _change(room, scheduler, trying, row)
    except OutcomeUnknown:
        return True
    except Rejected as refusal:
        parking = held.step is Step.PARKING
        stays = replace(trying, parked_until=held.parked_until) if parking else trying
        _refused(room, scheduler, row, stays, str(refusal))
        return not parking
    except (Unavailable, Misconfigured) as error:
        # Nothing was done: another process need not wait for this one.
        problem = str(error) if isinstance(error, Misconfigured) else "The scheduler did not answer."
        undone = replace(trying, attempted_at=None, attempts=held.attempts, problem=problem)
        room.posts.commit(replace(row, version=row.version + 1), undone, event="not_yet", by=BY, now=room.clock())
        raise
    if made and row.outside is not None:
        # The new id is written down at once: from here on it is read back like any other.
        moved = replace(row, outside=replace(row.outside, external_id=made), version=row.version + 1)
        known = replace(trying, how=Pausing.NATIVE, parked_until=None)
        room.posts.commit(moved, known, event="made_anew", by=BY, now=room.clock())
    return True


def _intent(scheduler: Scheduler, held: Hold, seen: Post | None, now: datetime, *, anew: bool) -> Hold:
    """Return what is to be tried, with all that is needed to know later whether it was done."""
    trying = touched(held, seen, now=now)
    if held.step in (Step.PAUSING, Step.PARKING) and held.how is Pausing.RESCHEDULE:
        trying = replace(trying, parked_until=_parked_until(now, scheduler))
    if not held.attempts and (anew or scheduler.abilities.renames_published):
        trying = replace(trying, twins=_twins(scheduler, trying))
    return trying


def _with_media(room: HoldingRoom, scheduler: Scheduler, trying: Hold) -> Hold:
    """Copy the media that a delete would lose, before it is deleted."""
    outside = trying.snapshot.outside
    if outside is None or not outside.media or all(one.kept_as for one in outside.media):
        return trying
    kept = room.media.make(trying.post_id, scheduler.media_of(trying.snapshot))
    return replace(trying, snapshot=replace(trying.snapshot, outside=replace(outside, media=kept)))


def _twin_is_made(room: HoldingRoom, trying: Hold) -> bool:
    """Whether another hold, of a post that is the same in all, is just being made anew."""
    return any(
        other.post_id != trying.post_id
        and other.step is Step.RESUMING
        and other.attempts > 0
        and other.resume_at == trying.resume_at
        and is_twin(other.snapshot, trying.snapshot)
        for other in room.posts.moving()
    )


def _change(room: HoldingRoom, scheduler: Scheduler, trying: Hold, row: Post) -> str:
    """Change the scheduler; return the id under which the post was made anew, "" when it keeps its own."""
    snapshot, how = trying.snapshot, trying.how or Pausing.NATIVE
    outside = row.outside or snapshot.outside
    if outside is None:
        return ""
    there = replace(snapshot, outside=replace(snapshot.outside or outside, external_id=outside.external_id))
    match trying.step:
        case Step.PAUSING | Step.PARKING:
            scheduler.pause(there, how, parked_until=trying.parked_until or snapshot.publish_at)
        case Step.RESUMING:
            anew = how is Pausing.RECREATE
            copied = there.outside.media if anew and there.outside is not None else ()
            with room.media.of(copied) as media:
                made = scheduler.resume(there, how, due_at=trying.resume_at or snapshot.publish_at, media=media)
            return made if anew else ""
        case Step.DISCARDING:
            scheduler.remove(outside.external_id)
        case Step.PAUSED | Step.RESUMED | Step.DISCARDED | None:
            pass
    return ""


def _refused(room: HoldingRoom, scheduler: Scheduler, row: Post, trying: Hold, why: str) -> None:
    """Go on by the next way to pause that is open, or write down that there is none."""
    now = room.clock()
    after = replace(row, version=row.version + 1)
    if trying.step is Step.PAUSING:
        ways = scheduler.abilities.pausing
        rest = ways[ways.index(trying.how) + 1 :] if trying.how in ways else ()
        if rest:
            other = replace(trying, how=rest[0], attempted_at=None, parked_until=None, problem=why)
            room.posts.commit(after, other, event="refused", by=BY, now=now)
            return
        lost = replace(trying, state=HoldState.NOT_HELD, problem=why, released_at=now, attempted_at=None)
        room.posts.commit(replace(after, state=PostState.SCHEDULED), lost, event="not_held", by=BY, now=now)
        _count(room, lost)
        return
    back = _with_a_person(replace(trying, step=Step.PAUSED, problem=why, attempted_at=None, attempts=0))
    if trying.step is Step.PARKING:
        room.posts.commit(after, _told_daily(back, trying, now), event="refused", by=BY, now=now)
        return
    room.posts.commit(replace(after, state=PostState.DRAFT), back, event="refused", by=BY, now=now)


def _with_a_person(held: Hold) -> Hold:
    """Return *held* as it waits for a person anew: what one wanted did not come about, and the owner is to be told."""
    return replace(held, resume_at=None, released_at=None, released_by=None, told_at=None)


def _told_daily(back: Hold, before: Hold, now: datetime) -> Hold:
    """Return *back* told already where it was told within a day: what is tried until it succeeds says so daily."""
    if before.told_at is not None and now - before.told_at < TOLD_AGAIN:
        return replace(back, told_at=before.told_at)
    return back


def _record(room: HoldingRoom, post: Post, held: Hold, move: Move) -> Hold:
    """Write down what is so, and return it."""
    now = room.clock()
    outside = post.outside
    if outside is not None and move.external_id is not None:
        outside = replace(outside, external_id=move.external_id)
    row = replace(post, state=move.post_state, outside=outside, version=post.version + 1)
    after = replace(held, step=move.step, state=move.hold_state, attempted_at=None, attempts=0, problem="")
    if move.hold_state in _DONE:
        after = replace(after, released_at=held.released_at or now, released_by=held.released_by or move.by or BY)
        row = replace(row, publish_at=move.due_at or post.publish_at)
    if move.hold_state is HoldState.RESUMED:
        row = replace(row, kept_by=after.released_by)
    if move.hold_state is HoldState.NOT_HELD or move.asks:
        after = replace(after, problem=move.reason)
    if move.step is Step.PAUSED and move.due_at is not None:
        after = replace(after, parked_until=move.due_at)
    if move.hold_state is HoldState.NOT_HELD:
        after = replace(after, told_at=None)
    if move.asks:
        after = _with_a_person(after)
        if held.step is Step.PARKING:
            after = _told_daily(after, held, now)
    kind = move.hold_state if move.hold_state in _DONE else (move.step or "")
    room.posts.commit(row, after, event=str(kind), by=move.by or BY, now=now)
    _count(room, after)
    return after


# --- what a step needs -------------------------------------------------------------------------------------------


def _parked_until(now: datetime, scheduler: Scheduler) -> datetime:
    return (now + scheduler.abilities.parks_until).replace(second=0, microsecond=0)


def _twins(scheduler: Scheduler, held: Hold) -> tuple[str, ...]:
    """Return the ids of what says the same at that time already: none of them is the post itself, whatever its id."""
    wanted = held.snapshot
    due = held.resume_at if held.step is Step.RESUMING else wanted.publish_at
    if due is None or held.step not in (Step.PAUSING, Step.RESUMING):
        return ()
    there = scheduler.posts(start=due - LOOKED_AROUND, end=due + LOOKED_AROUND)
    own = wanted.outside.external_id if wanted.outside is not None else ""
    return tuple(
        post.outside.external_id
        for post in there
        if post.outside is not None and post.outside.external_id != own and is_twin(post, wanted)
    )


def _count(room: HoldingRoom, held: Hold) -> None:
    if held.state is HoldState.NOT_HELD:
        room.metrics.count("PostsNotHeld", channel=held.channel, rule=held.rule)
    elif held.step in (None, Step.PAUSED) and held.state is HoldState.HELD:
        room.metrics.count("PostsHeld", channel=held.channel, rule=held.rule)
