"""Giving a held post back to the calendar. It never goes out at once: if its time has come, it is a draft."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from switchboard.domain.post import HoldState, PostState
from switchboard.domain.staleness import resume
from switchboard.errors import Rejected

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.domain.staleness import Resumption
    from switchboard.ports import PostStore

WITH_A_PERSON = (PostState.HELD, PostState.DRAFT, PostState.FAILED, PostState.UNKNOWN)
"""What waits for a person; a post on its way, or out, is left alone whatever hold was forgotten on it."""


def resume_post(post_id: str, *, by: str, now: datetime, posts: PostStore) -> Resumption:
    """Release the post's hold as *by*; return how it comes back. What a person resumed is not held again.

    Raises Rejected when nothing holds it, and Conflict when somebody else was quicker: then look again.
    """
    found = posts.load(post_id)
    if found is None:
        raise Rejected(f"There is no post {post_id}.", status=404, reason="no_such_post")
    post, holds = found
    hold = next((hold for hold in reversed(holds) if hold.state is HoldState.HELD), None)
    if hold is None or post.state not in WITH_A_PERSON:
        raise Rejected(f"Post {post_id} is {post.state}; there is nothing to resume.", status=409, reason="not_held")
    decided = resume(post, now=now)
    # What was tried before it was held keeps its attempts: it is looked up before it goes out.
    back = replace(post, state=decided.state, kept_by=by, version=post.version + 1)
    released = replace(hold, state=HoldState.RESUMED, released_at=now, released_by=by)
    posts.commit(back, released, event="resumed", by=by, now=now)
    return decided
