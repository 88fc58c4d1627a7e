"""Who is on duty at a given moment, by weekly hours in local wall time.

Membership is asked of the wall clock, never of a stored instant: on the day the clocks go forward the missing hour
asks nobody, on the day they go back both of its passes are covered by the same shift. There is never a hole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_WEEK = 7 * _DAY


class Shift(Protocol):
    """Weekly hours: *days* on which it begins, *start* and *end* as HH:MM, and the staff ids *on* duty."""

    @property
    def days(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def start(self) -> str: ...  # noqa: D102
    @property
    def end(self) -> str: ...  # noqa: D102
    @property
    def on(self) -> Sequence[str]: ...  # noqa: D102


def on_duty(rota: Sequence[Shift], zone: str, now: datetime) -> tuple[str, ...]:
    """Return the staff ids on duty at *now*, the primary first; each once, in the order of the shifts."""
    local = now.astimezone(ZoneInfo(zone))
    minute = local.weekday() * _DAY + local.hour * 60 + local.minute
    active = (shift for shift in rota if any(start <= minute < end for start, end in _minutes(shift)))
    return tuple(dict.fromkeys(staff_id for shift in active for staff_id in shift.on))


def everyone(rota: Sequence[Shift]) -> tuple[str, ...]:
    """Return all staff ids that the rota names, each once."""
    return tuple(dict.fromkeys(staff_id for shift in rota for staff_id in shift.on))


def gaps(rota: Sequence[Shift]) -> list[str]:
    """Return every stretch of the week for which nobody is on duty, as "sat 18:00 to mon 08:00"."""
    covered = bytearray(_WEEK)
    for shift in rota:
        for start, end in _minutes(shift):
            covered[start:end] = b"\x01" * (end - start)
    if not any(covered):
        return ["mon 00:00 to mon 00:00"]
    starts = [m for m in range(_WEEK) if not covered[m] and covered[m - 1]]
    return [f"{_clock(start)} to {_clock(_next_covered(covered, start))}" for start in starts]


def _minutes(shift: Shift) -> Iterator[tuple[int, int]]:
    """Yield the shift's half-open stretches in minutes of the week, split where the week ends."""
    start, end = _minute_of(shift.start), _minute_of(shift.end)
    length = end - start if end > start else end - start + _DAY
    for day in shift.days:
        begin = WEEKDAYS.index(day) * _DAY + start
        yield begin, min(begin + length, _WEEK)
        if begin + length > _WEEK:
            yield 0, begin + length - _WEEK


def _next_covered(covered: bytearray, start: int) -> int:
    return next(m % _WEEK for m in range(start, start + _WEEK) if covered[m % _WEEK])


def _minute_of(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _clock(minute: int) -> str:
    day, rest = divmod(minute, _DAY)
    return f"{WEEKDAYS[day]} {rest // 60:02}:{rest % 60:02}"
