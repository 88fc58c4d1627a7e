"""What stands in the schedulers outside, in one list: scheduled, and as far as it is told published."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from switchboard.domain.journal import says_the_same
from switchboard.domain.outside import Step
from switchboard.domain.post import HoldState, PostState
from switchboard.errors import SwitchboardError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from switchboard.domain.post import Hold, Post
    from switchboard.ports import PostStore, Schedulers

AT_ONCE = 16
"""So many schedulers are asked at the same time."""
WITHIN = 45.0
"""Seconds; a list of many pages takes some."""
_REMEMBERED = (PostState.SCHEDULED, PostState.PUBLISHED, PostState.DISCARDED)
_WAITING = (PostState.HELD, PostState.DRAFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideCalendar:
    """What the schedulers show.

    *posts* bear the ids under which we know them, and who gave them back. *left* are the ids of scheduled posts that
    are not to be held: one that could not be paused at this very time, which a person was told of, and one that is just
    being given back. *unread* maps a scheduler that could not be read to a sentence on why.
    """

    posts: Sequence[Post]
    left: frozenset[str] = frozenset()
    unread: Mapping[str, str] = field(default_factory=dict[str, str])


def read_outside(
    schedulers: Schedulers, posts: PostStore, *, start: datetime, end: datetime, within: float = WITHIN
) -> OutsideCalendar:
    """Ask every scheduler for its posts in [*start*, *end*).

    One that does not answer, or not *within* so many seconds, does not keep the others.
    """
    names = schedulers.names()
    if not names:
        return OutsideCalendar(posts=())

    def ask(name: str) -> Sequence[Post] | str:
        return _ask(schedulers, name, start, end)

    pool = ThreadPoolExecutor(max_workers=AT_ONCE)
    asked = {name: pool.submit(ask, name) for name in names}
    wait(asked.values(), timeout=within)
    pool.shutdown(wait=False, cancel_futures=True)
    answers = {
        name: answer.result() if answer.done() and not answer.cancelled() else f"{name} did not answer in time."
        for name, answer in asked.items()
    }
    unread = {name: answer for name, answer in answers.items() if isinstance(answer, str)}
    shown = [post for answer in answers.values() if not isinstance(answer, str) for post in answer]
    known = _known(posts, start)
    coming = [one for one in posts.moving() if one.step is Step.RESUMING] if known else []
    named = [_as_known(post, known) for post in shown]
    left = {post.post_id for post in named if _is_left(post, known, coming)}
    return OutsideCalendar(posts=named, left=frozenset(left), unread=unread)


def _ask(schedulers: Schedulers, name: str, start: datetime, end: datetime) -> Sequence[Post] | str:
    try:
        return schedulers.of(name).posts(start=start, end=end)
    except SwitchboardError as error:
        return f"{name} could not be read: {error}"
    except Exception as error:  # noqa: BLE001 - what one scheduler answers must not keep the others from being paused
        return f"{name} gave an answer that is not understood ({type(error).__name__})."


def _known(posts: PostStore, since: datetime) -> dict[tuple[str, str], Post]:
    # A post that waits for a person stays known, however long ago its time was.
    rows = [*posts.outside(_REMEMBERED, since=since), *posts.outside(_WAITING)]
    return {(row.outside.scheduler, row.outside.external_id): row for row in rows if row.outside is not None}


def _as_known(post: Post, known: Mapping[tuple[str, str], Post]) -> Post:
    row = known.get((post.outside.scheduler, post.outside.external_id)) if post.outside is not None else None
    if row is None:
        return post
    return replace(post, post_id=row.post_id, kept_by=row.kept_by, owner=row.owner, version=row.version)


def _is_left(post: Post, known: Mapping[tuple[str, str], Post], coming: Sequence[Hold]) -> bool:
    if post.state is not PostState.SCHEDULED or post.outside is None:
        return False
    row = known.get((post.outside.scheduler, post.outside.external_id))
    if row is not None and row.kept_by is None and row.state in (PostState.SCHEDULED, PostState.HELD, PostState.DRAFT):
        return row.state is not PostState.SCHEDULED or row.publish_at == post.publish_at
    return any(says_the_same(post, one.snapshot) and one.state is HoldState.HELD for one in coming)
