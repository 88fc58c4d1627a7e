"""Two weeks of posts as a calendar: which stand on which day, which would be held and by which rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from switchboard.domain.post import PostState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from switchboard.domain.post import Post
    from switchboard.domain.staleness import Staleness

DAYS = 14
MOST = 9
"""So many posts of one day stand in it; the rest is counted."""
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One post on its day: *at* is its wall time, *rule* what would hold it and "" when nothing does."""

    post_id: str
    at: datetime
    channel: str
    text: str
    rule: str
    reason: str
    is_coming: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """One day with its first posts; *more* stand in it beside them, and *more_held* of those would be held."""

    day: date
    is_first: bool
    entries: tuple[Entry, ...] = ()
    more: int = 0
    more_held: int = 0

    @property
    def is_weekend(self) -> bool:
        """Whether it is a Saturday or a Sunday."""
        return self.day.weekday() >= _SATURDAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Two weeks on the wall of *zone*.

    *total* posts stand in them, *held* counts those that would be held by rule, the most first; *channels* are in order
    of their names. *elsewhere* counts posts before and after the two weeks.
    """

    days: tuple[CalendarDay, ...]
    zone: str
    total: int
    held: tuple[tuple[str, int], ...]
    channels: tuple[str, ...]
    elsewhere: int

    @property
    def sentence(self) -> str:
        """What the two weeks hold, for a person."""
        stale = sum(number for _, number in self.held)
        posts = "1 post" if self.total == 1 else f"{self.total} posts"
        beside = f" {self.elsewhere} more stand before or after." if self.elsewhere else ""
        return f"{posts} in two weeks, {stale} would be held.{beside}"


def two_weeks(judged: Sequence[tuple[Post, Staleness]], *, at: datetime, zone: str, most: int = MOST) -> Calendar:
    """Return the two weeks from the day of *at* on, with at most *most* posts a day."""
    wall = ZoneInfo(zone)
    first = at.astimezone(wall).date()
    entries = sorted(
        (_entry(post, found, wall) for post, found in judged), key=lambda one: (one.at, one.channel, one.post_id)
    )
    shown = [one for one in entries if first <= one.at.date() < first + timedelta(days=DAYS)]
    by_day: dict[date, list[Entry]] = {first + timedelta(days=number): [] for number in range(DAYS)}
    for one in shown:
        by_day[one.at.date()].append(one)
    held = Counter(one.rule for one in shown if one.rule)
    return Calendar(
        days=tuple(_day(day, there, most, is_first=day == first) for day, there in by_day.items()),
        zone=zone,
        total=len(shown),
        held=tuple(sorted(held.items(), key=lambda one: (-one[1], one[0]))),
        channels=tuple(sorted({one.channel for one in shown if one.channel})),
        elsewhere=len(entries) - len(shown),
    )


def _entry(post: Post, found: Staleness, wall: ZoneInfo) -> Entry:
    return Entry(
        post_id=post.post_id,
        at=post.publish_at.astimezone(wall),
        channel=post.channel,
        text=" ".join(post.text.split()),
        rule=str(found.rule) if found.hold and found.rule is not None else "",
        reason=found.reason,
        is_coming=post.state is PostState.SCHEDULED,
    )


def _day(day: date, entries: list[Entry], most: int, *, is_first: bool) -> CalendarDay:
    # One that is left is drawn as well: to count it takes the same room.
    room = most if len(entries) <= most else most - 1
    rest = entries[room:]
    return CalendarDay(
        day=day,
        is_first=is_first,
        entries=tuple(entries[:room]),
        more=len(rest),
        more_held=sum(bool(one.rule) for one in rest),
    )
