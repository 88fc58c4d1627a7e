"""Moments, lengths and counts as a person reads them in a reason: "Sat 10 Oct 2026, 13:00", "5 hours", "12th"."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from switchboard.domain.calendar_words import SHORT_MONTHS, SHORT_WEEKDAYS

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


def moment_text(moment: datetime, wall: ZoneInfo) -> str:
    """Return "Sat 10 Oct 2026, 13:00", as the clock on *wall* has it."""
    local = moment.astimezone(wall)
    return f"{day_text(moment, wall)}, {local:%H:%M}"


def day_text(moment: datetime, wall: ZoneInfo) -> str:
    """Return "Sat 10 Oct 2026"."""
    local = moment.astimezone(wall)
    return f"{SHORT_WEEKDAYS[local.weekday()]} {local.day} {SHORT_MONTHS[local.month - 1]} {local.year}"


def length_text(length: timedelta) -> str:
    """Return whole days, hours or minutes, whichever a person would say; never less than a minute."""
    if length >= timedelta(days=2):
        return count_text(round(length / timedelta(days=1)), "day")
    if length >= timedelta(hours=1):
        return count_text(round(length / timedelta(hours=1)), "hour")
    return count_text(max(1, round(length / timedelta(minutes=1))), "minute")


def count_text(number: int, what: str) -> str:
    """Return "1 question" or "3 questions"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def ordinal(number: int) -> str:
    """Return "1st", "12th", "23rd"."""
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
