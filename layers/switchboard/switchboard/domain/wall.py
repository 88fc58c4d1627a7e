"""Wall time: what people plan, as a time of day in a zone, and the instants that it means.

On the two days of a year on which clocks change, a wall time may come twice or never. Whatever begins then begins at
the earlier of its two readings, and whatever ends then ends at the later: what meets on the wall may overlap in fact,
and there is never a hole between.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY = 24 * 60

_DAY = timedelta(days=1)
# The most that two readings of a wall time were ever apart: Samoa had no 30 December 2011.
_APART = timedelta(days=1)


class WeeklyHours(Protocol):
    """Hours that begin on each of *days*, from *start* to *end* (HH:MM); an end at or before it is on the next day."""

    @property
    def days(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def start(self) -> str: ...  # noqa: D102
    @property
    def end(self) -> str: ...  # noqa: D102


def earlier(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the earlier instant (UTC) that the naive *wall* can mean in *zone*."""
    return min(_reading(wall, zone, 0), _reading(wall, zone, 1))


def later(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the later instant (UTC) that the naive *wall* can mean in *zone*."""
    return max(_reading(wall, zone, 0), _reading(wall, zone, 1))


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant (UTC) of *day* in *zone*; of a day that was left out, that of the next one."""
    return _reading(datetime.combine(day, time()), zone, 0)


def is_real(wall: datetime, zone: ZoneInfo) -> bool:
    """Return whether the naive *wall* is ever shown by a clock in *zone*."""
    return earlier(wall, zone).astimezone(zone).replace(tzinfo=None) == wall


def length_of(hours: WeeklyHours) -> tuple[int, int]:
    """Return when *hours* begin, in minutes since midnight, and how long they are: a minute to a whole day."""
    start, end = _minute_of(hours.start), _minute_of(hours.end)
    return start, end - start if end > start else end - start + MINUTES_A_DAY


def occurrences(
    hours: WeeklyHours, zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime, datetime, datetime]]:
    """Yield each time of the *hours* that reaches into *start* to *end*, in order.

    Each is the naive wall times of its beginning and end, then the instants (UTC) of the two.
    """
    first, last = (moment.astimezone(zone).replace(tzinfo=None) for moment in (start, end))
    since, minutes = length_of(hours)
    length = timedelta(minutes=minutes)
    begin = datetime.combine(first.date() - 2 * _DAY, time()) + timedelta(minutes=since)
    while begin <= last + _APART:
        finish = begin + length
        if finish >= first - _APART and WEEKDAYS[begin.weekday()] in hours.days:
            opens, closes = earlier(begin, zone), later(finish, zone)
            if opens <= end and closes > start:
                yield begin, finish, opens, closes
        begin += _DAY


def _reading(wall: datetime, zone: ZoneInfo, fold: int) -> datetime:
    try:
        return wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    except OverflowError:  # the first or last day that there is: "for ever"
        return wall.replace(tzinfo=UTC)


def _minute_of(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)
