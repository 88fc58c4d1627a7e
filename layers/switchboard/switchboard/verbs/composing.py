"""Posts of our own queue: written, edited, approved or refused by people, and the posts of a series made in time.

Every write is conditional on what was read, and leaves its line in the audit trail. Whoever acts on a page that is out
of date is told so, and nothing is done.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from switchboard.domain.approval import approvers_of, may_approve, needs_approval
from switchboard.domain.composing import Problem, edited
from switchboard.domain.composing import compose as filled_in
from switchboard.domain.delivery import hold_of, in_state
from switchboard.domain.post import Hold, HoldState, Post, PostState
from switchboard.domain.recurrence import is_over, occurrences
from switchboard.errors import Conflict, Rejected

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.ports import PostStore

BY = "switchboard"
NOT_APPROVED = "not_approved"
REFUSED = "refused_by_approver"
LONGEST_WHY = 500
_EDITABLE = (PostState.DRAFT, PostState.TO_APPROVE, PostState.SCHEDULED, PostState.HELD, PostState.FAILED)
_COMING = (PostState.SCHEDULED, PostState.TO_APPROVE)
_PLANNED = (*_COMING, PostState.DRAFT, PostState.HELD, PostState.DISCARDED, PostState.FAILED, PostState.PUBLISHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The post as it is stored now; None exactly when there are *problems* in what was filled in."""

    post: Post | None
    problems: tuple[Problem, ...] = ()


def compose(
    fields: Mapping[str, Any],
    *,
    post_id: str,
    by: str,
    posts: PostStore,
    config: AutomationConfig,
    now: datetime,
    as_draft: bool = False,
) -> Written:
    """Add the post that *fields* describe (see `domain.composing`), or the series with its first posts.

    *post_id* is the form's own: sending it twice is one post. *as_draft* keeps it from going out.
    """
    asked = filled_in(fields, post_id=post_id, author=by, config=config, now=now)
    if asked.post is None:
        return Written(post=None, problems=asked.problems)
    post = replace(asked.post, state=PostState.DRAFT) if as_draft else asked.post
    if not _add(post, event="composed", by=by, posts=posts, now=now):
        return Written(post=_load(post_id, posts)[0])
    if post.state is PostState.SERIES:
        _extend(post, set(), posts=posts, config=config, now=now)
    return Written(post=_load(post_id, posts)[0])


def edit(
    post_id: str,
    fields: Mapping[str, Any],
    *,
    by: str,
    seen: int,
    posts: PostStore,
    config: AutomationConfig,
    now: datetime,
) -> Written:
    """Give the post other words or another time; it goes out then, or waits for approval anew.

    What holds it is released. *seen* is the version that *by* had before them. Raises Rejected when it cannot be
    edited, or was changed meanwhile.
    """
    post, holds = _seen(post_id, seen, posts)
    if post.outside is not None or post.state not in _EDITABLE or post.post_id == post.series_id:
        raise Rejected(f"It is {_words(post.state)} and cannot be edited.", status=409, reason="not_editable")
    asked = edited(post, fields, by=by, config=config, now=now)
    if asked.post is None:
        return Written(post=None, problems=asked.problems)
    held = _open_hold(holds)
    after = replace(asked.post, kept_by=by if held is not None else post.kept_by, version=post.version + 1)
    released = None
    if held is not None:
        released = replace(held, state=HoldState.RESUMED, released_at=now, released_by=by)
    _commit(after, released, event="edited", by=by, posts=posts, now=now)
    return Written(post=after)


def approve(post_id: str, *, by: str, seen: int, posts: PostStore, config: AutomationConfig, now: datetime) -> Post:
    """Let the post go out at its time, or all posts of the series that say what it says.

    Raises Rejected when *by* may not approve it, it does not wait for approval, or was changed since it was *seen*.
    """
    post, _ = _seen(post_id, seen, posts)
    _must_wait_for(post, by, config)
    if post.state is PostState.TO_APPROVE and post.publish_at <= now:
        raise Rejected("Its time has passed. Edit it and choose another.", status=409, reason="too_late")
    after = _approved(post, by, now)
    _commit(after, None, event="approved", by=by, posts=posts, now=now)
    for other in _of_series(after, [PostState.TO_APPROVE], posts, now):
        if _says(other) == _says(after):
            _try(_approved(other, by, now), event="approved", by=by, posts=posts, now=now)
    return after


def refuse(
    post_id: str, *, by: str, seen: int, why: str, posts: PostStore, config: AutomationConfig, now: datetime
) -> Post:
    """Give the post back to whoever wrote it as a draft, with a word *why*; a series ends. Raises as `approve` does."""
    post, _ = _seen(post_id, seen, posts)
    _must_wait_for(post, by, config)
    said = " ".join(why.split())[:LONGEST_WHY]
    if not said:
        raise Rejected("Say why, so that whoever wrote it knows what to change.", reason="no_reason")
    held = hold_of(post, rule=REFUSED, reason=f"It was not approved: {said}", by=by, now=now)
    after = in_state(post, PostState.DRAFT)
    _commit(after, held, event="refused", by=by, posts=posts, now=now)
    _end_coming(post, by=by, posts=posts, now=now)
    return after


def withdraw(post_id: str, *, by: str, seen: int, posts: PostStore, now: datetime) -> Post:
    """Discard a post that nothing holds, or end a series with all that is to come of it.

    Raises Rejected when it is out already, or was changed since it was *seen*.
    """
    post, holds = _seen(post_id, seen, posts)
    if post.outside is not None or post.state not in (*_EDITABLE, PostState.SERIES):
        raise Rejected(f"It is {_words(post.state)} and cannot be discarded.", status=409, reason="not_discardable")
    held = _open_hold(holds)
    done = replace(held, state=HoldState.DISCARDED, released_at=now, released_by=by) if held is not None else None
    after = in_state(post, PostState.DISCARDED)
    _commit(after, done, event="discarded", by=by, posts=posts, now=now)
    _end_coming(post, by=by, posts=posts, now=now)
    return after


def extend_series(*, posts: PostStore, config: AutomationConfig, now: datetime) -> int:
    """Make the posts of every series that shall exist by now; return how many were made. Safe to repeat.

    A series that is over is put away. What was discarded or held of it is not made again, and stops nothing.
    """
    all_series = posts.in_state([PostState.SERIES])
    # What has no version yet was left half-way: it is brought to its end.
    there = posts.in_state(_PLANNED, since=now) if all_series else []
    planned = {post.post_id for post in there if post.version}
    made = 0
    for series in all_series:
        if is_over(series, now=now):
            _try(in_state(series, PostState.DISCARDED), event="series_over", by=BY, posts=posts, now=now)
        else:
            made += _extend(series, planned, posts=posts, config=config, now=now)
    return made


def return_unapproved(*, posts: PostStore, now: datetime) -> int:
    """Make drafts of the posts whose time came before anybody approved them; return how many. Safe to repeat."""
    late = [post for post in posts.in_state([PostState.TO_APPROVE]) if post.publish_at <= now]
    returned = 0
    for post in late:
        held = hold_of(post, rule=NOT_APPROVED, reason="Nobody approved it before its time came.", by=BY, now=now)
        returned += _try(in_state(post, PostState.DRAFT), held, event=NOT_APPROVED, by=BY, posts=posts, now=now)
    return returned


# --- series ------------------------------------------------------------------------------------------------------


def _extend(
    series: Post, planned: Collection[str], *, posts: PostStore, config: AutomationConfig, now: datetime
) -> int:
    wanted = occurrences(series, zone=config.zone, now=now, needs_approval=needs_approval(series, config))
    made = [
        post for post in wanted if post.post_id not in planned and _add(post, event="planned", posts=posts, now=now)
    ]
    if made and _load(series.post_id, posts)[0].state is not PostState.SERIES:
        # Somebody ended it meanwhile, and could not see these.
        _end_coming(series, by=BY, posts=posts, now=now)
    return len(made)


def _end_coming(series: Post, *, by: str, posts: PostStore, now: datetime) -> None:
    for post in _of_series(series, _COMING, posts, now):
        _try(in_state(post, PostState.DISCARDED), event="discarded", by=by, posts=posts, now=now)


def _of_series(
    series: Post, states: tuple[PostState, ...] | list[PostState], posts: PostStore, now: datetime
) -> list[Post]:
    """Return what is to come of *series*; nothing when it is a single post, be it of a series."""
    if series.post_id != series.series_id:
        return []
    return [post for post in posts.in_state(states, since=now) if post.series_id == series.series_id]


# --- reading and writing -----------------------------------------------------------------------------------------


def _load(post_id: str, posts: PostStore) -> tuple[Post, tuple[Hold, ...]]:
    found = posts.load(post_id)
    if found is None:
        raise Rejected("There is no such post.", status=404, reason="no_such_post")
    return found


def _seen(post_id: str, seen: int, posts: PostStore) -> tuple[Post, tuple[Hold, ...]]:
    post, holds = _load(post_id, posts)
    if post.version != seen:
        raise _CHANGED
    return post, holds


def _add(post: Post, *, event: str, by: str = BY, posts: PostStore, now: datetime) -> bool:
    """Add *post* with its line in the audit trail; return False when it was there.

    It is a draft until the line is written, so that nothing goes out of which nobody knows who wrote it.
    """
    first = replace(post, state=PostState.DRAFT, version=0)
    if not posts.put(first):
        there = _load(post.post_id, posts)[0]
        if there.version:
            return False
    return _try(replace(post, version=1), event=event, by=by, posts=posts, now=now)


def _commit(post: Post, hold: Hold | None, *, event: str, by: str, posts: PostStore, now: datetime) -> None:
    try:
        posts.commit(post, hold, event=event, by=by, now=now)
    except Conflict:
        raise _CHANGED from None


def _try(post: Post, hold: Hold | None = None, *, event: str, by: str, posts: PostStore, now: datetime) -> bool:
    """Write it unless somebody else was quicker; return whether it was written."""
    try:
        posts.commit(post, hold, event=event, by=by, now=now)
    except Conflict:
        return False
    return True


def _open_hold(holds: tuple[Hold, ...]) -> Hold | None:
    return next((one for one in reversed(holds) if one.state is HoldState.HELD), None)


# --- approving ---------------------------------------------------------------------------------------------------


def _must_wait_for(post: Post, by: str, config: AutomationConfig) -> None:
    """Raise Rejected unless *post* waits for approval that *by* may give."""
    waits = post.state is PostState.TO_APPROVE or (post.state is PostState.SERIES and post.approved_by is None)
    if not waits or not needs_approval(post, config):
        raise Rejected("It does not wait for approval.", status=409, reason="not_to_approve")
    if may_approve(post, by, config):
        return
    if by == post.author:
        raise Rejected("You wrote it: somebody else must approve it.", status=403, reason="own_post")
    names = [config.staff[one].name for one in approvers_of(post, config)]
    who = f" Ask {' or '.join(names)}." if names else " Ask an admin: nobody else may."
    raise Rejected(f"You may not approve {post.category} posts.{who}", status=403, reason="no_approver")


def _approved(post: Post, by: str, now: datetime) -> Post:
    state = PostState.SERIES if post.state is PostState.SERIES else PostState.SCHEDULED
    return replace(in_state(post, state), approved_by=by, approved_at=now, reviewed_at=now)


def _says(post: Post) -> tuple[str | None, ...]:
    return post.author, post.category, post.channel, post.text, post.image_url, post.image_alt


def _words(state: PostState) -> str:
    return state.value.replace("_", " ")


_CHANGED = Rejected(
    "Somebody changed it at the same moment. Nothing was done. Look at it below, then try again.",
    status=409,
    reason="changed",
)
