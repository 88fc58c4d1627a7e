"""Telling the owners of held posts, once, with the reason and a link: each gets one email for all that is new."""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from switchboard.domain.outside import Step
from switchboard.domain.post import HoldState
from switchboard.domain.session import LinkToken, digest_of
from switchboard.errors import Rejected, SwitchboardError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.post import Hold
    from switchboard.ports import Mail, PostStore, Sessions

BY = "switchboard"
LINK_LASTS = timedelta(hours=24)
"""So long the link of an email opens the page, once: a held post can wait for the morning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """How owners are reached: by email, with one-time links to *base_url* that *sessions* knows."""

    mail: Mail
    sessions: Sessions
    base_url: str


def tell_owners(
    holds: Iterable[Hold], *, posts: PostStore, config: AutomationConfig, letters: Letters, now: datetime
) -> int:
    """Tell the owner of each of *holds* that nobody was told of yet; return how many posts were told.

    The owner is the post's, else the scheduler's, else the admins. It is written down after the email has left: a crash
    in between tells it twice rather than never. Somebody without an email does not keep the others from being told.
    """
    news: defaultdict[tuple[str, ...], list[Hold]] = defaultdict(list)
    for hold in holds:
        if hold.told_at is None and _is_settled(hold) and not _was_told(hold, posts):
            news[_whom(hold, config)].append(hold)
    told = 0
    for people, theirs in news.items():
        reached = _send(people, theirs, config, letters, now)
        if reached is None:
            reached = _send(_admins(config, people), theirs, config, letters, now)
        if reached:
            told += sum(_remember(hold, posts, now) for hold in theirs)
    return told


def _is_settled(hold: Hold) -> bool:
    if hold.held_by in ("", BY) or hold.rule != "by_hand":
        return hold.state is HoldState.NOT_HELD or (hold.state is HoldState.HELD and hold.step in (None, Step.PAUSED))
    return hold.state is HoldState.NOT_HELD


def _whom(hold: Hold, config: AutomationConfig) -> tuple[str, ...]:
    outside = hold.snapshot.outside
    scheduler = config.schedulers.get(outside.scheduler) if outside is not None else None
    owner = hold.snapshot.owner or (scheduler.owner if scheduler is not None else None)
    if owner is not None and owner in config.staff and config.staff[owner].email:
        return (owner,)
    return _admins(config)


def _admins(config: AutomationConfig, besides: Sequence[str] = ()) -> tuple[str, ...]:
    """Return who is told where nobody else can be, other than who was tried."""
    return tuple(one for one in config.admins or (config.last_resort,) if one not in besides)


def _was_told(hold: Hold, posts: PostStore) -> bool:
    """Whether somebody was told of it, or it went on, since the list of *hold* was read, which may lag behind."""
    found = posts.load(hold.post_id)
    latest = next((one for one in found[1] if one.hold_id == hold.hold_id), None) if found is not None else None
    return latest is None or latest.told_at is not None or latest.state is not hold.state


def _link(post_id: str, staff_id: str, letters: Letters, now: datetime) -> str:
    """Store a token for *staff_id* and return its link to the page of the post."""
    token = secrets.token_urlsafe(32)
    page = f"posts/{quote(post_id, safe='')}"
    letters.sessions.put_token(
        LinkToken(digest=digest_of(token), question_id=page, staff_id=staff_id, expires_at=now + LINK_LASTS)
    )
    return f"{letters.base_url}/c/{token}"


def _send(
    people: Sequence[str], holds: Sequence[Hold], config: AutomationConfig, letters: Letters, now: datetime
) -> bool | None:
    """Email *people*; return whether one of them was reached, None when none of them ever can be."""
    reached: bool | None = None
    for staff_id in people:
        member = config.staff.get(staff_id)
        if member is None or not member.email:
            continue
        try:
            subject, text = words(
                holds, config, {one.hold_id: _link(one.post_id, staff_id, letters, now) for one in holds}
            )
            letters.mail.send(member.email, subject, text)
        except Rejected:
            continue
        except SwitchboardError:
            reached = reached or False
            continue
        reached = True
    return reached


def words(holds: Sequence[Hold], config: AutomationConfig, links: Mapping[str, str]) -> tuple[str, str]:
    """Return subject and text of the email on *holds*: where and when each would have gone out, why not, and a link.

    *links* goes by hold id.
    """
    escaped = [hold for hold in holds if hold.state is HoldState.NOT_HELD]
    held = [hold for hold in holds if hold.state is not HoldState.NOT_HELD]
    subject = _subject(len(held), len(escaped))
    parts: list[str] = []
    if escaped:
        parts += ["Could NOT be paused; look at it now:", "", *(_lines(hold, config, links) for hold in escaped)]
    if held:
        parts += ["Held, and waiting for you:", "", *(_lines(hold, config, links) for hold in held)]
        parts.append("What is held does not go out by itself. Give it back, choose another time, or discard it.")
    return f"{config.organisation}: {subject}", "\n".join(parts)


def _subject(held: int, escaped: int) -> str:
    if escaped:
        return "a post could not be paused" if escaped == 1 else f"{escaped} posts could not be paused"
    return "a post is held" if held == 1 else f"{held} posts are held"


def _lines(hold: Hold, config: AutomationConfig, links: Mapping[str, str]) -> str:
    local = hold.snapshot.publish_at.astimezone(ZoneInfo(config.zone))
    outside = f" ({hold.snapshot.outside.scheduler})" if hold.snapshot.outside is not None else ""
    lines = [f"- {hold.channel}{outside}, {local:%a} {local.day} {local:%b, %H:%M}: {hold.reason}"]
    lines += [f"    {line}" for line in hold.evidence]
    if hold.problem:
        lines.append(f"    {hold.problem}")
    lines.append(f"    {links[hold.hold_id]}")
    return "\n".join([*lines, ""])


def _remember(hold: Hold, posts: PostStore, now: datetime) -> int:
    """Write down that it was told; who changed the post meanwhile has done more than that."""
    found = posts.load(hold.post_id)
    if found is None:
        return 0
    post, holds = found
    latest = next((one for one in holds if one.hold_id == hold.hold_id), hold)
    try:
        posts.commit(
            replace(post, version=post.version + 1), replace(latest, told_at=now), event="told", by=BY, now=now
        )
    except SwitchboardError:
        return 0
    return 1
