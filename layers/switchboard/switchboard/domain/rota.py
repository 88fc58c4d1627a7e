"""Who is on duty: at a given moment, turn by turn, and when nobody would be rung.

What a team planned becomes instants in `rota_plan`; here it is asked. Quiet hours are not looked at: they are about a
text to somebody, not about whose duty it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from switchboard.domain.rota_plan import NO_CALENDARS, Calendars, Span, Turn, begins_on, leave_of, plan
from switchboard.domain.wall import WEEKDAYS, occurrences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from switchboard.config import AutomationConfig, ShiftConfig
    from switchboard.domain.rota_plan import Plan

__all__ = [
    "NO_CALENDARS",
    "WEEKDAYS",
    "Calendars",
    "Gap",
    "Span",
    "Turn",
    "coverage",
    "duty",
    "members",
    "on_leave",
    "turns",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch for which nobody of a team would be rung, but the last resort. *reason* says why."""

    team_id: str
    start: datetime
    end: datetime
    reason: str


def duty(config: AutomationConfig, team_id: str, now: datetime, calendars: Calendars = NO_CALENDARS) -> tuple[str, ...]:
    """Return the staff ids on duty for the team at *now*, the primary first, each once; of an unknown team, nobody."""
    return plan(config, team_id, now, now, calendars).at(now) if team_id in config.teams else ()


def members(config: AutomationConfig, team_id: str, calendars: Calendars = NO_CALENDARS) -> tuple[str, ...]:
    """Return everybody whom the team's rota names, on duty or not, each once, in its order."""
    rota = config.teams[team_id].rota if team_id in config.teams else ()
    named = dict.fromkeys(staff_id for shift in rota for staff_id in _named(config, shift, calendars))
    return tuple(staff_id for staff_id in named if staff_id in config.staff)


def on_leave(config: AutomationConfig, team_id: str, staff_id: str, now: datetime) -> bool:
    """Return whether *staff_id* is on leave at *now*, by the calendar days of the team; of nobody known, false."""
    return staff_id in config.staff and any(
        turn.start <= now < turn.end for turn in leave_of(config, staff_id, ZoneInfo(config.zone_of(team_id)), now, now)
    )


def turns(
    config: AutomationConfig, team_id: str, start: datetime, end: datetime, calendars: Calendars = NO_CALENDARS
) -> tuple[Turn, ...]:
    """Return who is on duty from *start* until before *end*, in the longest stretches with the same people in order."""
    if team_id not in config.teams:
        return (Turn(start=start, end=end, staff_ids=()),) if start < end else ()
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    found: list[Turn] = []
    planned = plan(config, team_id, start, end, calendars)
    for begin, finish in planned.pieces(start, end):
        staff_ids = planned.at(begin)
        goes_on = bool(found) and found[-1].staff_ids == staff_ids
        found.append(Turn(start=found.pop().start if goes_on else begin, end=finish, staff_ids=staff_ids))
    return tuple(found)


def coverage(
    config: AutomationConfig, start: datetime, end: datetime, calendars: Calendars = NO_CALENDARS
) -> tuple[Gap, ...]:
    """Return every stretch from *start* until before *end* for which nobody of a team would be rung, team by team."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    found: list[Gap] = []
    for team_id in config.teams:
        planned = plan(config, team_id, start, end, calendars)
        zone = ZoneInfo(config.zone_of(team_id))
        hours = [span for shift in config.teams[team_id].rota for span in occurrences(shift, zone, start, end)]
        for begin, finish in planned.pieces(start, end, (moment for span in hours for moment in span[2:])):
            if any(_reachable(config, staff_id) for staff_id in planned.at(begin)):
                continue
            reason = _why(config, team_id, planned, begin, calendars)
            last = found[-1] if found else None
            goes_on = last is not None and (last.team_id, last.end, last.reason) == (team_id, begin, reason)
            since = found.pop().start if goes_on else begin
            found.append(Gap(team_id=team_id, start=since, end=finish, reason=reason))
    return tuple(found)


def _named(config: AutomationConfig, shift: ShiftConfig, calendars: Calendars) -> Sequence[str]:
    if shift.rotation:
        return shift.rotation.members
    if not shift.calendar:
        return shift.on
    noted = [staff_id for span in calendars.get(shift.calendar, ()) for staff_id in span.staff_ids]
    source = config.calendars.get(shift.calendar)
    return [*noted, *(source.people.values() if source else ())]


def _reachable(config: AutomationConfig, staff_id: str) -> bool:
    member = config.staff[staff_id]
    needs = {"sms": member.phone, "email": member.email}
    return any(needs.get(contact, "of the team's own") for contact in member.alert_by)


def _why(config: AutomationConfig, team_id: str, planned: Plan, at: datetime, calendars: Calendars) -> str:
    """Return why nobody can be rung, as a sentence with ids and no names."""
    meant, away = planned.meant(at), planned.away(at)
    there = [staff_id for staff_id in meant if staff_id in config.staff and staff_id not in away]
    if there:
        return f"Nobody on duty has a contact: {', '.join(there)}."
    if away & set(meant):
        return f"On leave: {', '.join(staff_id for staff_id in meant if staff_id in away)}."
    if meant:
        return f"Nobody on duty is in the config: {', '.join(meant)}."
    zone = ZoneInfo(config.zone_of(team_id))
    holidays = {holiday.day: holiday.name for holiday in config.holidays}
    reason = "No shift covers it."
    for shift in config.teams[team_id].rota:
        for begin, *_ in occurrences(shift, zone, at, at):
            if begins_on(begin.date(), shift, holidays.keys()):
                known = shift.calendar in calendars
                return f"Calendar {shift.calendar} {'names nobody' if known else 'was never read'}."
            if day := holidays.get(begin.date().isoformat()):
                reason = f"No shift begins on {day}."
    return reason


# --- by weekly hours alone -----------------------------------------------------------------------------------------
