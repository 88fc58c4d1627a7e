"""How a held post comes back: never at once, and as a draft when its time has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from switchboard.domain.post import Hold, Post, PostState

if TYPE_CHECKING:
    from datetime import datetime

EARLIEST_RESUME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """How a held post comes back: scheduled as it was, or as a draft for a person, and why."""

    post_id: str
    state: PostState
    reason: str


def resume(held: Post | Hold, *, now: datetime, minimum_ahead: timedelta = EARLIEST_RESUME) -> Resumption:
    """Decide how a held post comes back: a post whose time has come or is too near never goes out at once."""
    post = held.snapshot if isinstance(held, Hold) else held
    if post.publish_at >= now + minimum_ahead:
        return Resumption(post_id=post.post_id, state=PostState.SCHEDULED, reason="It goes out at the time it had.")
    minutes = int(minimum_ahead.total_seconds() // 60)
    if post.publish_at <= now:
        reason = "Its time has passed while it was held; it is a draft now: choose a new time."
    else:
        reason = f"It is due in less than {minutes} minutes; it is a draft now: choose a new time."
    return Resumption(post_id=post.post_id, state=PostState.DRAFT, reason=reason)
