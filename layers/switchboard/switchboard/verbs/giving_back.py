"""What a person does with a post: give it back, choose another time or other words, discard it, or hold it by hand.

A post never goes out at once: if its time has come, it is a draft. What a person gave back is not held again but by a
crisis. Outside, only the intent is written here; `holding.settle` carries it out and reads back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from switchboard.domain.delivery import hold_of, in_state
from switchboard.domain.outside import Pausing, Step
from switchboard.domain.post import Hold, HoldState, Post, PostState
from switchboard.domain.resumption import resume as when
from switchboard.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from switchboard.ports import PostStore

APART = timedelta(minutes=30)
"""So far apart posts of one channel go out that were given back: nothing floods."""
WITH_A_PERSON = (PostState.HELD, PostState.DRAFT, PostState.FAILED, PostState.UNKNOWN)
"""What waits for a person; a post on its way, or out, is left alone whatever hold was forgotten on it."""
BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack:
    """What became of a post: its *state*, when it goes out if it does, and why, in a sentence."""

    post_id: str
    state: PostState
    reason: str
    publish_at: datetime | None = None


def resume(
    post_id: str, *, by: str, now: datetime, posts: PostStore, at: datetime | None = None, text: str | None = None
) -> GivenBack:
    """Release the post's hold as *by*, for its own time or for *at*, with *text* in place of its words.

    Raises Rejected when nothing holds it or the time cannot be, and Conflict when somebody else was quicker: then look
    again.
    """
    post, held = _held(post_id, posts)
    if held.step is not None and held.step.is_under_way:
        raise Rejected(f"Post {post_id} is on its way: try again in a minute.", status=409, reason="under_way")
    wanted = replace(held.snapshot, text=held.snapshot.text if text is None else text)
    if at is not None:
        wanted = replace(wanted, publish_at=at)
    decided = when(wanted, now=now)
    if decided.state is not PostState.SCHEDULED:
        return _as_draft(post, held, wanted, decided.reason, by=by, now=now, posts=posts)
    due = _free_slot(post, wanted.publish_at, posts)
    reason = decided.reason
    if at is not None:
        reason = "It goes out at the time that was chosen."
    if due != wanted.publish_at:
        minutes = int(APART.total_seconds() // 60)
        reason = f"It goes out later than it would have, {minutes} minutes from the next one that was given back."
    _give(post, held, replace(wanted, publish_at=due), by=by, now=now, posts=posts)
    return GivenBack(post_id=post_id, state=PostState.SCHEDULED, reason=reason, publish_at=due)


def discard(post_id: str, *, by: str, now: datetime, posts: PostStore) -> GivenBack:
    """Take a held post or a draft out for good; what it said is kept with its hold. Raises as `resume` does."""
    post, held = _held(post_id, posts)
    if held.step is not None and held.step.is_under_way:
        raise Rejected(f"Post {post_id} is on its way: try again in a minute.", status=409, reason="under_way")
    row = replace(post, state=PostState.DISCARDED, version=post.version + 1)
    if post.outside is not None and held.how is Pausing.RESCHEDULE:
        # It stands far ahead in the scheduler, and would go out then.
        under_way = replace(held, step=Step.DISCARDING, released_at=now, released_by=by, attempts=0, attempted_at=None)
        posts.commit(replace(row, state=PostState.HELD), under_way, event="discarding", by=by, now=now)
    else:
        step = None if held.step is None else Step.DISCARDED
        done = replace(held, state=HoldState.DISCARDED, step=step, released_at=now, released_by=by)
        posts.commit(row, done, event="discarded", by=by, now=now)
    where = "" if post.outside is None or held.how is not Pausing.NATIVE else " It stays a draft in the scheduler."
    return GivenBack(post_id=post_id, state=PostState.DISCARDED, reason=f"It will not go out.{where}")


def pause_by_hand(post_id: str, *, by: str, why: str, now: datetime, posts: PostStore) -> GivenBack:
    """Hold a scheduled post of our own queue because a person says so. Raises Rejected when it is not scheduled."""
    found = posts.load(post_id)
    if found is None:
        raise Rejected(f"There is no post {post_id}.", status=404, reason="no_such_post")
    post = found[0]
    if post.outside is not None or post.state is not PostState.SCHEDULED:
        raise Rejected(
            f"Post {post_id} is {post.state}; only scheduled posts can be held.", status=409, reason="not_due"
        )
    held = hold_of(post, rule=BY_HAND, reason=why, by=by, now=now)
    posts.commit(in_state(post, PostState.HELD), held, event="held", by=by, now=now)
    return GivenBack(post_id=post_id, state=PostState.HELD, reason=why)


def _held(post_id: str, posts: PostStore) -> tuple[Post, Hold]:
    found = posts.load(post_id)
    if found is None:
        raise Rejected(f"There is no post {post_id}.", status=404, reason="no_such_post")
    post, holds = found
    held = next((one for one in reversed(holds) if one.state is HoldState.HELD), None)
    if held is None or post.state not in WITH_A_PERSON:
        raise Rejected(f"Post {post_id} is {post.state}; there is nothing to resume.", status=409, reason="not_held")
    return post, held


def _give(post: Post, held: Hold, wanted: Post, *, by: str, now: datetime, posts: PostStore) -> None:
    if post.outside is None:
        # What was tried before it was held keeps its attempts: it is looked up before it goes out.
        back = replace(
            post,
            state=PostState.SCHEDULED,
            text=wanted.text,
            publish_at=wanted.publish_at,
            kept_by=by,
            # An approval is of the words that were approved.
            approved_by=post.approved_by if wanted.text == post.text else None,
            version=post.version + 1,
        )
        released = replace(held, state=HoldState.RESUMED, released_at=now, released_by=by)
        posts.commit(back, released, event="resumed", by=by, now=now)
        return
    row = replace(post, text=wanted.text, publish_at=wanted.publish_at, state=PostState.HELD, version=post.version + 1)
    under_way = replace(
        held,
        snapshot=replace(held.snapshot, text=wanted.text),
        step=Step.RESUMING,
        resume_at=wanted.publish_at,
        released_at=now,
        released_by=by,
        attempts=0,
        attempted_at=None,
        twins=(),
        problem="",
    )
    posts.commit(row, under_way, event="resuming", by=by, now=now)


def _as_draft(
    post: Post, held: Hold, wanted: Post, reason: str, *, by: str, now: datetime, posts: PostStore
) -> GivenBack:
    """Keep the post as a draft: in our own queue its hold is released, outside it goes on saying where the post is."""
    draft = replace(post, state=PostState.DRAFT, text=wanted.text, version=post.version + 1)
    if post.outside is None:
        released = replace(held, state=HoldState.RESUMED, released_at=now, released_by=by)
        posts.commit(replace(draft, kept_by=by), released, event="resumed", by=by, now=now)
    else:
        kept = replace(held, snapshot=replace(held.snapshot, text=wanted.text), problem=reason)
        posts.commit(draft, kept, event="resumed", by=by, now=now)
    return GivenBack(post_id=post.post_id, state=PostState.DRAFT, reason=reason)


def _free_slot(post: Post, wanted: datetime, posts: PostStore) -> datetime:
    """Return the first time from *wanted* on at which no other post of the channel goes out that was given back."""
    taken = sorted(_given_back_times(post, wanted, posts))
    slot = wanted
    for other in taken:
        if abs(other - slot) < APART:
            slot = other + APART
    return slot


def _given_back_times(post: Post, wanted: datetime, posts: PostStore) -> Sequence[datetime]:
    since = wanted - APART
    own = posts.in_state([PostState.SCHEDULED], since=since)
    outside = posts.outside([PostState.SCHEDULED, PostState.HELD], since=since)
    others = [other for other in [*own, *outside] if other.post_id != post.post_id and other.channel == post.channel]
    coming = {hold.post_id for hold in posts.moving() if hold.step is Step.RESUMING}
    return [other.publish_at for other in others if other.kept_by is not None or other.post_id in coming]
