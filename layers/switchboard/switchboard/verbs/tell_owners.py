"""Telling the owners of held posts, once, with the reason and a link: each gets one email for all that is new."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from switchboard.domain.outside import Step
from switchboard.domain.post import HoldState
from switchboard.errors import SwitchboardError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.post import Hold
    from switchboard.ports import Mail, PostStore

BY = "switchboard"


def tell_owners(
    holds: Iterable[Hold], *, posts: PostStore, config: AutomationConfig, mail: Mail, base_url: str, now: datetime
) -> int:
    """Tell the owner of each of *holds* that nobody was told of yet; return how many posts were told.

    The owner is the post's, else the scheduler's, else the admins. It is written down after the email has left: a crash
    in between tells it twice rather than never. Somebody without an email does not keep the others from being told.
    """
    news: defaultdict[tuple[str, ...], list[Hold]] = defaultdict(list)
    for hold in holds:
        if hold.told_at is None and _is_settled(hold):
            news[_whom(hold, config)].append(hold)
    told = 0
    for people, theirs in news.items():
        if _send(people, theirs, config, mail, base_url):
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
    return tuple(config.admins) or (config.last_resort,)


def _send(people: Sequence[str], holds: Sequence[Hold], config: AutomationConfig, mail: Mail, base_url: str) -> bool:
    """Email *people*; return whether one of them was reached."""
    subject, text = words(holds, config, base_url)
    reached = False
    for staff_id in people:
        member = config.staff.get(staff_id)
        if member is None or not member.email:
            continue
        try:
            mail.send(member.email, subject, text)
        except SwitchboardError:
            continue
        reached = True
    return reached


def words(holds: Sequence[Hold], config: AutomationConfig, base_url: str) -> tuple[str, str]:
    """Return subject and text of the email on *holds*: where and when each would have gone out, why not, and a link."""
    escaped = [hold for hold in holds if hold.state is HoldState.NOT_HELD]
    held = [hold for hold in holds if hold.state is not HoldState.NOT_HELD]
    subject = _subject(len(held), len(escaped))
    parts: list[str] = []
    if escaped:
        parts += ["Could NOT be paused; look at it now:", "", *(_lines(hold, config, base_url) for hold in escaped)]
    if held:
        parts += ["Held, and waiting for you:", "", *(_lines(hold, config, base_url) for hold in held)]
    parts.append("Nothing of this goes out by itself. Give it back, choose another time, or discard it.")
    return f"{config.organisation}: {subject}", "\n".join(parts)


def _subject(held: int, escaped: int) -> str:
    if escaped:
        return "a post could not be paused" if escaped == 1 else f"{escaped} posts could not be paused"
    return "a post is held" if held == 1 else f"{held} posts are held"


def _lines(hold: Hold, config: AutomationConfig, base_url: str) -> str:
    local = hold.snapshot.publish_at.astimezone(ZoneInfo(config.zone))
    outside = f" ({hold.snapshot.outside.scheduler})" if hold.snapshot.outside is not None else ""
    lines = [f"- {hold.channel}{outside}, {local:%a} {local.day} {local:%b, %H:%M}: {hold.reason}"]
    lines += [f"    {line}" for line in hold.evidence]
    if hold.problem:
        lines.append(f"    {hold.problem}")
    lines.append(f"    {base_url}/inbox/posts/{quote(hold.post_id, safe='')}")
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
