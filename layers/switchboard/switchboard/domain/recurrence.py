"""A series of posts: what is said again every so many days, at the same time on the wall, until its end.

The series itself never goes out. Its occurrences are posts of their own, each named after the day for which it was
planned, so that making them again makes none twice, and what becomes of one does not touch the others.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from switchboard.domain.post import Post, PostState
from switchboard.domain.wall import earlier

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

HORIZON = timedelta(days=30)
"""So far ahead the posts of a series exist; of one that comes more rarely at least the next."""
MOST = 52
"""So many posts a series has at most."""
LONGEST_INTERVAL = 182
"""Days: twice a year. What comes more rarely is written anew."""


def occurrence_id(series_id: str, day: date) -> str:
    """Return the id of the post that *series_id* has on *day*."""
    return f"{series_id}#{day.isoformat()}"


def times(series: Post, *, zone: str) -> Iterator[tuple[date, datetime]]:
    """Yield each day of *series* in *zone* and when its post goes out (UTC), in order, until its end.

    The time is that of the first on the wall. Where clocks leave it out, it is the earlier reading.
    """
    if series.repeat_every is None or series.repeat_until is None:
        return
    place = ZoneInfo(zone)
    first = series.publish_at.astimezone(place).replace(tzinfo=None)
    for number in range(MOST):
        wall = first + timedelta(days=number * series.repeat_every)
        due = series.publish_at if number == 0 else earlier(wall, place)
        if due > series.repeat_until:
            return
        yield wall.date(), due


def ends_with(first: datetime, *, every: int, count: int, zone: str) -> datetime:
    """Return when the last of *count* posts goes out, the first of them at *first*, each *every* days."""
    place = ZoneInfo(zone)
    wall = first.astimezone(place).replace(tzinfo=None) + timedelta(days=(count - 1) * every)
    return max(earlier(wall, place), first).astimezone(UTC)


def occurrences(series: Post, *, zone: str, now: datetime, needs_approval: bool = False) -> list[Post]:
    """Return the posts of *series* that shall exist at *now*: those of the coming `HORIZON`, and always the next.

    One whose time has passed is not made any more. *needs_approval* says that they wait for it if the series has none.
    """
    state = PostState.TO_APPROVE if needs_approval and series.approved_by is None else PostState.SCHEDULED
    found: list[Post] = []
    for day, due in times(series, zone=zone):
        if due <= now:
            continue
        if found and due > now + HORIZON:
            break
        found.append(
            replace(
                series,
                post_id=occurrence_id(series.series_id or series.post_id, day),
                state=state,
                publish_at=due,
                version=0,
            )
        )
    return found


def is_over(series: Post, *, now: datetime) -> bool:
    """Return whether nothing of *series* is to come."""
    return series.repeat_until is None or series.repeat_until <= now


def in_words(series: Post) -> str:
    """Return how often it comes: "every day", "every 2 weeks"."""
    days = series.repeat_every or 1
    number, unit = (days // 7, "week") if days % 7 == 0 else (days, "day")
    return f"every {unit}" if number == 1 else f"every {number} {unit}s"
