"""Moments, lengths and counts as a person reads them in the reason of a hold."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from switchboard.domain.calendar_words import SHORT_MONTHS, SHORT_WEEKDAYS

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


def moment(at: datetime, wall: ZoneInfo) -> str:
    """Return `Mon 12 Oct 2026, 09:00` on the wall."""
    return f"{day(at, wall)}, {at.astimezone(wall):%H:%M}"


def day(at: datetime, wall: ZoneInfo) -> str:
    """Return `Mon 12 Oct 2026` on the wall."""
    local = at.astimezone(wall)
    return f"{SHORT_WEEKDAYS[local.weekday()]} {local.day} {SHORT_MONTHS[local.month - 1]} {local.year}"


def length(of: timedelta) -> str:
    """Return `3 days`, `5 hours` or `20 minutes`."""
    if of >= timedelta(days=2):
        return count(round(of / timedelta(days=1)), "day")
    if of >= timedelta(hours=1):
        return count(round(of / timedelta(hours=1)), "hour")
    return count(max(1, round(of / timedelta(minutes=1))), "minute")


def count(number: int, what: str) -> str:
    """Return `1 day` or `3 days`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def ordinal(number: int) -> str:
    """Return `1st`, `2nd`, `11th`."""
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
