"""What a team planned around some time, in instants: shifts, rotations and calendars, overrides and leave.

All of it is written in wall time and becomes instants here, one occurrence at a time (`wall`): on the days on which
clocks change, what meets on the wall overlaps, and there is never a hole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from switchboard.domain.wall import day_begins, earlier, later, occurrences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from switchboard.config import AutomationConfig, Leave, Override, RotationConfig, ShiftConfig

# Further than any two readings of a wall time are apart.
_NEAR = timedelta(days=2)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One entry of a calendar: *staff_ids* are on duty from *start* until before *end*, both aware, in UTC."""

    start: datetime
    end: datetime
    staff_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A stretch with the same *staff_ids* on duty, the primary first, until before *end*, in UTC; nobody is a gap."""

    start: datetime
    end: datetime
    staff_ids: tuple[str, ...]


_Dated = TypeVar("_Dated", "Leave", "Override")

Calendars: TypeAlias = Mapping[str, Sequence[Span]]
"""The expanded entries of each calendar source, by its id."""

NO_CALENDARS: Calendars = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What bears on a team's duty around some time; each part is in the order of the config."""

    shifts: tuple[Turn, ...]
    overrides: tuple[tuple[Turn, str | None], ...]
    """Whoever is there instead, and for whom; None is for everybody."""
    leave: tuple[Turn, ...]
    staff: AbstractSet[str]

    def at(self, now: datetime) -> tuple[str, ...]:
        """Return who is on duty, the primary first."""
        away = self.away(now)
        return tuple(staff_id for staff_id in self.meant(now) if staff_id in self.staff and staff_id not in away)

    def meant(self, now: datetime) -> tuple[str, ...]:
        """Return who should be on duty, there or not: of two overrides for the same, the later in the list counts."""
        order: Sequence[str] = _active(self.shifts, now)
        swaps: dict[str, tuple[str, ...]] = {}
        for turn, instead_of in self.overrides:
            if not turn.start <= now < turn.end:
                continue
            if instead_of is None:
                order = turn.staff_ids
            else:
                swaps[instead_of] = turn.staff_ids
        if swaps:
            order = [stand_in for staff_id in order for stand_in in _stand_ins(staff_id, swaps)]
        return tuple(dict.fromkeys(order))

    def away(self, now: datetime) -> frozenset[str]:
        """Return who is on leave, of those whom the plan names."""
        return frozenset(_active(self.leave, now))

    def pieces(
        self, start: datetime, end: datetime, more: Iterable[datetime] = ()
    ) -> Iterator[tuple[datetime, datetime]]:
        """Yield the stretches from *start* until before *end* within which nothing changes, cut at *more* as well."""
        parts = (*self.shifts, *(turn for turn, _ in self.overrides), *self.leave)
        changes = {*more, *(moment for part in parts for moment in (part.start, part.end))}
        cuts = {moment for moment in changes if start < moment < end}
        yield from pairwise(sorted({start, *cuts, end}) if start < end else ())


def plan(config: AutomationConfig, team_id: str, start: datetime, end: datetime, calendars: Calendars) -> Plan:
    """Return what bears on the duty of the team from *start* to *end*; the two may be the same moment."""
    zone = ZoneInfo(config.zone_of(team_id))
    holidays = {holiday.day for holiday in config.holidays}
    shifts = tuple(
        turn
        for shift in config.teams[team_id].rota
        for turn in _shift_turns(shift, zone, holidays, (start, end), calendars)
    )
    overrides = tuple(_overrides(config.teams[team_id].overrides, zone, start, end))
    named = {staff_id for turn in (*shifts, *(turn for turn, _ in overrides)) for staff_id in turn.staff_ids}
    leave = tuple(
        turn for staff_id in named & config.staff.keys() for turn in leave_of(config, staff_id, zone, start, end)
    )
    return Plan(shifts=shifts, overrides=overrides, leave=leave, staff=config.staff.keys())


def _shift_turns(
    shift: ShiftConfig,
    zone: ZoneInfo,
    holidays: AbstractSet[str],
    within: tuple[datetime, datetime],
    calendars: Calendars,
) -> Iterator[Turn]:
    """Yield whom the *shift* has on duty, each time that it reaches *within*."""
    for begin, finish, start, end in occurrences(shift, zone, *within):
        if not begins_on(begin.date(), shift, holidays):
            continue
        if shift.rotation:
            parts = _rotated(shift.rotation, zone, begin, finish)
        elif shift.calendar:
            parts = _noted(calendars.get(shift.calendar, ()), *within)
        else:
            parts = iter((Turn(start=start, end=end, staff_ids=shift.on),))
        for part in parts:
            opens, closes = max(start, part.start), min(end, part.end)
            if opens < closes and opens <= within[1] and closes > within[0]:
                yield Turn(start=opens, end=closes, staff_ids=part.staff_ids)


def begins_on(day: date, shift: ShiftConfig, holidays: AbstractSet[str]) -> bool:
    """Return whether the *shift* begins on the *day* as far as *holidays* (2026-12-25) decide it."""
    return shift.holidays == "also" or (shift.holidays == "only") == (day.isoformat() in holidays)


def _rotated(rotation: RotationConfig, zone: ZoneInfo, begin: datetime, finish: datetime) -> Iterator[Turn]:
    """Yield the turns from *begin* to *finish*, in wall time: whose turn it is, then whoever comes next."""
    since, count = datetime.fromisoformat(rotation.since), len(rotation.members)
    first, last = ((wall - since) // rotation.every for wall in (begin, finish - _TICK))
    for number in range(first, last + 1):
        wall, place = since + number * rotation.every, number % count
        yield Turn(
            start=earlier(wall, zone),
            end=later(wall + rotation.every, zone),
            staff_ids=rotation.members[place:] + rotation.members[:place],
        )


def _noted(spans: Sequence[Span], start: datetime, end: datetime) -> Iterator[Turn]:
    for span in spans:
        if span.start <= end and span.end > start:
            yield Turn(start=span.start, end=span.end, staff_ids=span.staff_ids)


def leave_of(config: AutomationConfig, staff_id: str, zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[Turn]:
    """Yield the leave of *staff_id*, in whole days of *zone*, that may reach into *start* to *end*."""
    for leave in _near(config.staff[staff_id].leave, zone, start, end):
        first, last = date.fromisoformat(leave.start), date.fromisoformat(leave.end)
        after = last if last == date.max else last + timedelta(days=1)
        yield Turn(start=day_begins(first, zone), end=day_begins(after, zone), staff_ids=(staff_id,))


def _overrides(
    overrides: Sequence[Override], zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[tuple[Turn, str | None]]:
    for override in _near(overrides, zone, start, end):
        first, last = datetime.fromisoformat(override.start), datetime.fromisoformat(override.end)
        yield Turn(start=earlier(first, zone), end=later(last, zone), staff_ids=override.on), override.instead_of


def _near(written: Sequence[_Dated], zone: ZoneInfo, start: datetime, end: datetime) -> list[_Dated]:
    """Return what may reach into *start* to *end*, told by its days as they are written; a list may be years long."""
    if not written:
        return []
    first, last = (
        (moment.astimezone(zone) + apart).date().isoformat() for moment, apart in ((start, -_NEAR), (end, _NEAR))
    )
    return [one for one in written if one.end >= first and one.start <= last]


def _active(turns: Iterable[Turn], now: datetime) -> list[str]:
    return [staff_id for turn in turns if turn.start <= now < turn.end for staff_id in turn.staff_ids]


def _stand_ins(staff_id: str, swaps: Mapping[str, tuple[str, ...]]) -> Sequence[str]:
    """Return who is there for *staff_id*: the last who took over; people who swap among themselves do it once."""
    if staff_id not in swaps:
        return (staff_id,)
    reached: dict[str, None] = {}
    waiting = [*swaps[staff_id]]
    while waiting:
        taker = waiting.pop(0)
        if taker == staff_id:
            return swaps[staff_id]
        if taker not in reached:
            reached[taker] = None
            waiting += swaps.get(taker, ())
    return [stand_in for taker in swaps[staff_id] for stand_in in _stand_ins(taker, swaps)]
