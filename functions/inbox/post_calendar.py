"""The page of all posts: what is held first, what waits for approval, the coming two weeks, drafts and series."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from functions.inbox.post_views import Card, card, held_card
from switchboard.domain.approval import may_go_out
from switchboard.domain.post import HoldState, PostState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.post import Hold
    from switchboard.ports import PostStore

DAYS = 14
MOST_A_DAY = 12
MOST_LOOKED_AT = 50
"""So many posts outside are looked at one by one, for those that could not be paused."""
_COMING = (PostState.SCHEDULED, PostState.TO_APPROVE, PostState.PUBLISHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of the calendar; *more* posts than are shown."""

    name: str
    iso: str
    today: bool
    posts: tuple[Card, ...]
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """All that the page of posts shows, in this order."""

    held: tuple[Card, ...]
    to_approve: tuple[Card, ...]
    days: tuple[Day, ...]
    drafts: tuple[Card, ...]
    series: tuple[Card, ...]


def calendar(posts: PostStore, config: AutomationConfig, *, now: datetime) -> Calendar:
    """Return what is held first, then what waits for approval, the next two weeks, drafts and series."""
    held = [*_not_held(posts, now), *posts.holds()]
    ids = {hold.post_id for hold in held}
    waiting = posts.in_state([PostState.TO_APPROVE])
    all_series = posts.in_state([PostState.SERIES])
    asked = [one for one in all_series if not may_go_out(one, config)]
    whole = {one.post_id: one.text for one in asked}
    single = [one for one in waiting if whole.get(one.series_id or "") != one.text]
    drafts = posts.in_state([PostState.DRAFT, PostState.FAILED, PostState.UNKNOWN])
    held.sort(key=lambda hold: (hold.state is not HoldState.NOT_HELD, hold.snapshot.publish_at))
    return Calendar(
        held=tuple(held_card(hold, config, now=now) for hold in held),
        to_approve=tuple(card(one, config, now=now) for one in [*asked, *single]),
        days=_days(posts, held, config, now),
        drafts=tuple(card(one, config, now=now) for one in drafts if one.post_id not in ids),
        series=tuple(card(one, config, now=now) for one in all_series),
    )


def _not_held(posts: PostStore, now: datetime) -> list[Hold]:
    """Return the holds of posts outside that could not be paused, and are still to come."""
    found: list[Hold] = []
    rows = [row for row in posts.outside([PostState.SCHEDULED], since=now) if row.kept_by is None]
    for row in rows[:MOST_LOOKED_AT]:
        loaded = posts.load(row.post_id)
        if loaded is not None and loaded[1] and loaded[1][-1].state is HoldState.NOT_HELD:
            found.append(loaded[1][-1])
    return found


def _days(posts: PostStore, held: Sequence[Hold], config: AutomationConfig, now: datetime) -> tuple[Day, ...]:
    place = ZoneInfo(config.zone)
    today = now.astimezone(place).date()
    by_day: defaultdict[date, dict[str, tuple[datetime, Card]]] = defaultdict(dict)
    last = today + timedelta(days=DAYS)
    rows = [*posts.in_state(_COMING, since=now - timedelta(hours=1)), *posts.outside([PostState.SCHEDULED], since=now)]
    shown = [(post.post_id, post.publish_at, card(post, config, now=now)) for post in rows]
    shown += [(one.post_id, one.snapshot.publish_at, held_card(one, config, now=now)) for one in held]
    for post_id, due, found in shown:
        day = due.astimezone(place).date()
        if today <= day < last:
            by_day[day][post_id] = due, found
    return tuple(_a_day(today + timedelta(days=number), today, by_day) for number in range(DAYS))


def _a_day(day: date, today: date, by_day: dict[date, dict[str, tuple[datetime, Card]]]) -> Day:
    cards = [one for _, one in sorted(by_day.get(day, {}).values(), key=lambda found: (found[0], found[1].link))]
    return Day(
        name="Today" if day == today else f"{day:%a} {day.day} {day:%b}",
        iso=day.isoformat(),
        today=day == today,
        posts=tuple(cards[:MOST_A_DAY]),
        more=max(len(cards) - MOST_A_DAY, 0),
    )
