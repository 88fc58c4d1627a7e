"""The rota as a picture, before it is drawn: a row for each person, and what nobody covers.

Every moment is an instant (UTC); days are those of the team's zone, so one of them may have 23 or 25 hours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from switchboard.domain.rota import coverage, duty, members, turns
from switchboard.domain.wall import day_begins

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from switchboard.config import AutomationConfig
    from switchboard.domain.rota import Calendars, Gap, Turn

PRIMARY, SECONDARY = 0, 1
_ORDINARY = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Somebody's duty without a break: *rank* 0 is primary, 1 secondary, and so on."""

    start: datetime
    end: datetime
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person of a team, with their duty in order."""

    staff_id: str
    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of the team's zone; *holiday* is its name, if it is one."""

    day: date
    start: datetime
    end: datetime
    holiday: str = ""

    @property
    def is_weekend(self) -> bool:
        """Whether it is a Saturday or a Sunday."""
        return self.day.isoweekday() >= 6  # noqa: PLR2004 - Saturday

    @property
    def odd_hours(self) -> int:
        """How many hours it has when clocks change on it, else 0."""
        lasts = self.end - self.start
        return 0 if lasts == _ORDINARY else round(lasts / timedelta(hours=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A team's rota over some days. *on_duty* are the names of who has duty *now*, the primary first."""

    team_id: str
    zone: str
    now: datetime
    on_duty: tuple[str, ...]
    days: tuple[Day, ...]
    rows: tuple[Row, ...]
    turns: tuple[Turn, ...]
    gaps: tuple[Gap, ...]

    @property
    def start(self) -> datetime:
        """When the first day begins."""
        return self.days[0].start

    @property
    def end(self) -> datetime:
        """When the last day ends."""
        return self.days[-1].end


def charts(
    config: AutomationConfig, team_ids: Iterable[str], now: datetime, days: int, calendars: Calendars
) -> list[Chart]:
    """Return a chart for each team, of *days* days from the day of *now* on, in the team's zone."""
    shown = {team_id: _days(config, team_id, now, days) for team_id in team_ids}
    if not shown:
        return []
    first, last = min(found[0].start for found in shown.values()), max(found[-1].end for found in shown.values())
    gaps = coverage(config, first, last, calendars)
    return [_chart(config, team_id, found, gaps, now, calendars) for team_id, found in shown.items()]


def _chart(
    config: AutomationConfig,
    team_id: str,
    days: tuple[Day, ...],
    gaps: Sequence[Gap],
    now: datetime,
    calendars: Calendars,
) -> Chart:
    start, end = days[0].start, days[-1].end
    found = turns(config, team_id, start, end, calendars)
    staff_ids = dict.fromkeys(
        (*members(config, team_id, calendars), *(staff_id for turn in found for staff_id in turn.staff_ids))
    )
    return Chart(
        team_id=team_id,
        zone=config.zone_of(team_id),
        now=now,
        on_duty=tuple(_name(config, staff_id) for staff_id in duty(config, team_id, now, calendars)),
        days=days,
        rows=tuple(
            Row(staff_id=staff_id, name=_name(config, staff_id), bars=_bars(staff_id, found)) for staff_id in staff_ids
        ),
        turns=found,
        gaps=tuple(_within(gap, start, end) for gap in gaps if gap.team_id == team_id and _meets(gap, start, end)),
    )


def _days(config: AutomationConfig, team_id: str, now: datetime, count: int) -> tuple[Day, ...]:
    zone = ZoneInfo(config.zone_of(team_id))
    first = now.astimezone(zone).date()
    names = {holiday.day: holiday.name for holiday in config.holidays}
    dates = [first + timedelta(days=number) for number in range(count + 1)]
    starts = [day_begins(day, zone) for day in dates]
    return tuple(
        Day(day=day, start=start, end=end, holiday=names.get(day.isoformat(), ""))
        for day, start, end in zip(dates, starts, starts[1:], strict=False)
        if start < end  # a day that was left out, on the date line
    )


def _bars(staff_id: str, found: Iterable[Turn]) -> tuple[Bar, ...]:
    bars: list[Bar] = []
    for turn in found:
        if staff_id not in turn.staff_ids:
            continue
        rank = turn.staff_ids.index(staff_id)
        goes_on = bool(bars) and bars[-1].end == turn.start and bars[-1].rank == rank
        bars.append(Bar(start=bars.pop().start if goes_on else turn.start, end=turn.end, rank=rank))
    return tuple(bars)


def _meets(gap: Gap, start: datetime, end: datetime) -> bool:
    return gap.start < end and gap.end > start


def _within(gap: Gap, start: datetime, end: datetime) -> Gap:
    return replace(gap, start=max(gap.start, start), end=min(gap.end, end))


def _name(config: AutomationConfig, staff_id: str) -> str:
    return config.staff[staff_id].name if staff_id in config.staff else staff_id
