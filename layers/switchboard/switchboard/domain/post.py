"""An automatic post, and the hold that says why it waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from switchboard.domain.outside import Outside, Pausing, Step  # noqa: TC001 - records are decoded by these types

if TYPE_CHECKING:
    from collections.abc import Mapping


class PostState(StrEnum):
    """Where a post stands; `unknown` means that it may have been published.

    A `series` never goes out itself: it is what the posts of a repeated one are made from, `publish_at` its beginning.
    """

    DRAFT = "draft"
    TO_APPROVE = "to_approve"
    SCHEDULED = "scheduled"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    HELD = "held"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DISCARDED = "discarded"
    SERIES = "series"


class HoldState(StrEnum):
    """What became of a hold; `not_held` says that the post could not be paused, and a person was told."""

    HELD = "held"
    RESUMED = "resumed"
    DISCARDED = "discarded"
    NOT_HELD = "not_held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post of our own queue, or a snapshot of one that waits in a scheduler outside.

    *publish_at* and every other time is aware UTC. *kept_by* is the person who resumed it: what a person resumed is
    left alone. *version* is the fence: each action raises it by a conditional write. *outside* is None in our own
    queue. *category* names the approval that it needs, *approved_by* who gave it, *author* who wrote it.
    *series_id* is shared by the occurrences of one repeated post, which comes every *repeat_every* days until
    *repeat_until*. *image_url* is public, *image_alt* what the picture shows. *review_by* is when a person must have
    looked at it again.
    """

    post_id: str
    channel: str
    text: str
    publish_at: datetime
    state: PostState = PostState.SCHEDULED
    event_ends_at: datetime | None = None
    reviewed_at: datetime | None = None
    created_at: datetime | None = None
    owner: str | None = None
    campaign: str | None = None
    platform_post_id: str | None = None
    published_at: datetime | None = None
    attempt_started_at: datetime | None = None
    attempts: int = 0
    kept_by: str | None = None
    author: str | None = None
    category: str | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    review_by: datetime | None = None
    image_url: str | None = None
    image_alt: str | None = None
    series_id: str | None = None
    repeat_every: int | None = None
    repeat_until: datetime | None = None
    outside: Outside | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why one post was paused, and the *snapshot* from which it can be restored.

    *held_by* is "pause_stale_posts" or the id of a staff member; *reason* and *evidence* are for a person.

    The rest is the journal of a post outside; in our own queue a hold is one write and *step* stays None. *how* is the
    way it is paused, chosen before the scheduler is touched. *attempted_at* is when the scheduler was last touched for
    this step, the *attempts*-th time: for a while another process may still be at it. *parked_until* is the time to
    which it is moved, *resume_at* the time that it shall have. *twins* are the ids of posts that say the same at that
    time and were there before it was made anew: none of them is taken for it. *problem* is a sentence on what went
    wrong last. *told_at* is when the owner was told.
    """

    hold_id: str
    post_id: str
    channel: str
    rule: str
    reason: str
    evidence: tuple[str, ...]
    snapshot: Post
    held_at: datetime
    held_by: str
    state: HoldState = HoldState.HELD
    released_at: datetime | None = None
    released_by: str | None = None
    step: Step | None = None
    how: Pausing | None = None
    attempted_at: datetime | None = None
    attempts: int = 0
    parked_until: datetime | None = None
    resume_at: datetime | None = None
    twins: tuple[str, ...] = ()
    problem: str = ""
    told_at: datetime | None = None


def post_from_json(fields: Mapping[str, Any], *, zone: str = "UTC", publish_at: datetime | None = None) -> Post:
    """Return the post that one JSON object describes; unknown keys are passed over.

    A time without an offset is wall time in *zone*; a date alone is its first minute, for `event_ends_at` its last.
    *publish_at* stands in where the object has none. Raises ValueError that names the field and the remedy.
    """
    post_id = fields.get("post_id", fields.get("id"))
    if not isinstance(post_id, (str, int)) or isinstance(post_id, bool) or post_id == "":
        raise ValueError('id: missing; give each post a text or a number of its own, such as "id": "p-17"')
    text = fields.get("text")
    if not isinstance(text, str):
        remedy = f'text: missing or not a text in post {post_id}; give it as "text": "Flu clinic, Oct 12"'
        raise ValueError(remedy)  # noqa: TRY004 - the caller shows every ValueError the same way
    due = _moment(fields, "publish_at", zone) or publish_at
    if due is None:
        raise ValueError(f'publish_at: missing in post {post_id}; give it as "2026-10-12T14:00:00Z"')
    return Post(
        post_id=str(post_id),
        channel=_word(fields, "channel") or "",
        text=text,
        publish_at=due,
        state=_state(fields),
        event_ends_at=_moment(fields, "event_ends_at", zone, at_end=True),
        reviewed_at=_moment(fields, "reviewed_at", zone),
        created_at=_moment(fields, "created_at", zone),
        owner=_word(fields, "owner"),
        author=_word(fields, "author"),
        category=_word(fields, "category"),
        review_by=_moment(fields, "review_by", zone, at_end=True),
        image_url=_word(fields, "image_url"),
        image_alt=_word(fields, "image_alt"),
        campaign=_word(fields, "campaign"),
        platform_post_id=_word(fields, "platform_post_id"),
        published_at=_moment(fields, "published_at", zone),
        kept_by=_word(fields, "kept_by"),
    )


def _word(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"{name}: is not a text; put it in quotes or leave it out")


def _state(fields: Mapping[str, Any]) -> PostState:
    value = fields.get("state")
    if value is None:
        return PostState.SCHEDULED
    known = [state.value for state in PostState]
    if isinstance(value, str) and value.lower() in known:
        return PostState(value.lower())
    raise ValueError(f"state: is not one of {', '.join(known)}; leave it out for scheduled")


def _moment(fields: Mapping[str, Any], name: str, zone: str, *, at_end: bool = False) -> datetime | None:
    value = fields.get(name)
    if value is None or value == "":
        return None
    remedy = f'{name}: is not a time; give it as "2026-10-12T14:00:00Z" (ISO 8601)'
    if not isinstance(value, str):
        raise ValueError(remedy)  # noqa: TRY004 - the caller shows every ValueError the same way
    try:
        if len(value) == len("2026-10-12"):
            day = date.fromisoformat(value) + (timedelta(days=1) if at_end else timedelta())
            found = datetime.combine(day, time(), tzinfo=ZoneInfo(zone))
        else:
            found = datetime.fromisoformat(value)
        if found.tzinfo is None:
            found = found.replace(tzinfo=ZoneInfo(zone))
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        raise ValueError(remedy) from exc
