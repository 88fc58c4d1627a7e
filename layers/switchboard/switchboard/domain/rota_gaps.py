"""The holes of a rota's week: what the check of the config names before anybody waits in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from switchboard.domain.wall import MINUTES_A_DAY, WEEKDAYS, WeeklyHours, length_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_WEEK = 7 * MINUTES_A_DAY
_NO_DAY: frozenset[int] = frozenset()
_EVERY_DAY = frozenset(range(7))


class Shift(WeeklyHours, Protocol):
    """Weekly hours in which somebody is on duty, *holidays* `also`, `only` or `never`."""

    @property
    def holidays(self) -> str: ...  # noqa: D102


def gaps(rota: Sequence[Shift]) -> list[str]:
    """Return every stretch of an ordinary week for which nobody is on duty, as "sat 18:00 to mon 08:00"."""
    return _named(_covered(rota, _NO_DAY))


def holiday_gaps(rota: Sequence[Shift]) -> list[str]:
    """Return every stretch that has nobody on duty only because it, or the day before it, is a holiday."""
    if all(shift.holidays == "also" for shift in rota):
        return []
    ordinary = _covered(rota, _NO_DAY)
    kinds = [_covered(rota, days) for days in (_EVERY_DAY, *({day} for day in range(7)))]
    holes = bytearray(not all(minutes) for minutes in zip(*kinds, strict=True))
    return _named(bytearray(not (hole and usual) for hole, usual in zip(holes, ordinary, strict=True)))


def _covered(rota: Sequence[Shift], holidays: Collection[int]) -> bytearray:
    """Return for each minute of the week whether anybody is on duty when these days of it are holidays."""
    covered = bytearray(_WEEK)
    for shift in rota:
        since, length = length_of(shift)
        for day in map(WEEKDAYS.index, shift.days):
            if shift.holidays != ("never" if day in holidays else "only"):
                begin = day * MINUTES_A_DAY + since
                covered[begin : min(begin + length, _WEEK)] = b"\x01" * (min(begin + length, _WEEK) - begin)
                covered[: max(begin + length - _WEEK, 0)] = b"\x01" * max(begin + length - _WEEK, 0)
    return covered


def _named(covered: bytearray) -> list[str]:
    if not any(covered):
        return ["mon 00:00 to mon 00:00"]
    starts = [minute for minute in range(_WEEK) if not covered[minute] and covered[minute - 1]]
    return [f"{_clock(start)} to {_clock(_next_covered(covered, start))}" for start in starts]


def _next_covered(covered: bytearray, start: int) -> int:
    return next(minute % _WEEK for minute in range(start, start + _WEEK) if covered[minute % _WEEK])


def _clock(minute: int) -> str:
    day, rest = divmod(minute, MINUTES_A_DAY)
    return f"{WEEKDAYS[day]} {rest // 60:02}:{rest % 60:02}"
