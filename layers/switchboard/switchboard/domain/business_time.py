"""Business time: how much of it passes between two moments, and when a wait that counts only it is over.

What passes is real time within weekly hours, on days that are no holidays. Hours are written in wall time and mean
instants as shifts do (`wall`); on the day the clocks go back, a night's hours are an hour longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from switchboard.domain.wall import WeeklyHours, occurrences

if TYPE_CHECKING:
    from switchboard.config import AutomationConfig

HORIZON = timedelta(days=730)
"""So far ahead open time is looked for; what is left then passes in wall time."""

_STRIDE = timedelta(days=7)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessTime:
    """Weekly *hours* in *zone* (IANA), but for those that begin on *holidays*; no hours at all means every minute."""

    hours: tuple[WeeklyHours, ...]
    holidays: frozenset[date]
    zone: str


def of(config: AutomationConfig, team_id: str) -> BusinessTime:
    """Return the business time of the team: its own hours or else the hospital's, in its own zone."""
    team = config.teams.get(team_id)
    return BusinessTime(
        hours=(team.business_hours if team else ()) or config.business_hours,
        holidays=frozenset(date.fromisoformat(holiday.day) for holiday in config.holidays),
        zone=config.zone_of(team_id),
    )


def is_open(bt: BusinessTime, now: datetime) -> bool:
    """Return whether *now* is in business hours."""
    return not bt.hours or bool(_open(bt, now, now + _TICK))


def after(bt: BusinessTime, start: datetime, length: timedelta) -> datetime:
    """Return the first moment at which *length* of open time has passed since *start*.

    When it has not within `HORIZON`, the rest passes in wall time; all of it, if it is never open.
    """
    start = start.astimezone(UTC)
    if not bt.hours or length <= timedelta(0):
        return start + max(length, timedelta(0))
    left, since = length, start
    while since < start + HORIZON:
        for opens, closes in _open(bt, since, since + _STRIDE):
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        since += _STRIDE
    return start + length if left == length else since + left


def passed_at(
    config: AutomationConfig, team_id: str, start: datetime, length: timedelta, *, business: bool
) -> datetime:
    """Return when *length* has passed since *start*: in the team's *business* time, or else on the wall."""
    return after(of(config, team_id), start, length) if business else start + length


def _open(bt: BusinessTime, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Return the open stretches between the two moments, merged and in order, in UTC."""
    zone = ZoneInfo(bt.zone)
    found = sorted(
        (opens, closes)
        for hours in bt.hours
        for begin, _, opens, closes in occurrences(hours, zone, start, end)
        if begin.date() not in bt.holidays
    )
    merged: list[tuple[datetime, datetime]] = []
    for opens, closes in found:
        since, until = max(opens, start), min(closes, end)
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(until, merged[-1][1]))
        elif since < until:
            merged.append((since, until))
    return merged
