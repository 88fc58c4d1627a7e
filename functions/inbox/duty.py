"""Who is on duty, who can be rung, and how it stands with the visitor's own alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from functions.inbox import absence, words
from switchboard.domain.roster import address_of, live_contacts
from switchboard.domain.rota import turns
from switchboard.domain.vocabulary import Urgency

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.domain.question import Question
    from switchboard.domain.roster import Roster

_AHEAD = timedelta(days=8)
"""So far the next turn is looked for: a week's rotation changes within it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """One team: who is on duty *now*, each with why they cannot be rung, and who takes over when."""

    team: str
    now: tuple[tuple[str, str], ...]
    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """The visitor's own alerts: *away* until when, *dead* contacts each with its remedy, how many are *held* back."""

    away: str
    last_resort: bool
    choices: tuple[tuple[str, str], ...]
    dead: tuple[tuple[str, str], ...]
    unreachable: bool
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Somebody to whom a question may be handed over; *why_not* says why they cannot be rung now."""

    staff_id: str
    name: str
    why_not: str


def on_duty(roster: Roster, me: str, *, now: datetime) -> tuple[OnDuty, ...]:
    """Return every team with who is on duty now and who is next, the visitor as "You"; *me*'s teams come first."""
    ours = sorted(roster.config.teams, key=lambda team: me not in roster.everybody(team))
    return tuple(_team(roster, team, me, now) for team in ours)


def mine(roster: Roster, me: str, *, now: datetime) -> Mine:
    """Return how it stands with the alerts of *me*."""
    config = roster.config
    pager, member = roster.pagers.get(me), config.staff[me]
    dead = tuple(
        words.dead(mark, member.alert_by)
        for mark in (pager.dead if pager else ())
        if pager and mark.contact in member.alert_by and pager.is_dead(mark.contact, address_of(member, mark.contact))
    )
    until = pager.away_until if pager and pager.away(now) else None
    return Mine(
        away=words.clock(until, now, config.zone) if until else "",
        last_resort=config.last_resort == me,
        choices=absence.choices(now, config.zone),
        dead=dead,
        unreachable=pager is not None and not live_contacts(member, pager),
        held=len({held.question_id for held in pager.held}) + pager.held_more if pager else 0,
    )


def choices(
    question: Question, roster: Roster, me: str, *, now: datetime
) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """Return to whom *me* may hand *question* over, in groups: on duty, others who can be rung, and who cannot."""
    duty, team = roster.on_duty(question.team, now), roster.everybody(question.team)
    known = (one for one in dict.fromkeys((*duty, *team, *roster.config.staff)) if one in roster.config.staff)
    found = [
        Choice(
            staff_id=one,
            name=roster.config.staff[one].name,
            why_not=why_not(one, roster, question.team, question.urgency, now),
        )
        for one in known
        if one != me
    ]
    groups = (
        ("On duty now", [one for one in found if not one.why_not and one.staff_id in duty]),
        ("Others", [one for one in found if not one.why_not and one.staff_id not in duty]),
        ("Not to be rung now: the next person is rung instead", [one for one in found if one.why_not]),
    )
    return tuple((label, tuple(group)) for label, group in groups if group)


def why_not(staff_id: str, roster: Roster, team: str, urgency: Urgency, now: datetime) -> str:
    """Return why *staff_id* cannot be rung now, with until when if they are away; "" when they can."""
    why = roster.why_not(staff_id, team, urgency, now)
    pager = roster.pagers.get(staff_id)
    if pager is not None and pager.away_until is not None and pager.away(now) and staff_id in roster.config.staff:
        return f"away until {words.clock(pager.away_until, now, roster.config.zone)}"
    return why


def _team(roster: Roster, team: str, me: str, now: datetime) -> OnDuty:
    zone = roster.config.zone_of(team)
    spans = turns(roster.config, team, now, now + _AHEAD, roster.calendars)
    then = spans[1] if len(spans) > 1 else None
    return OnDuty(
        team=words.plain(team.replace("-", " ")),
        now=tuple(
            (_name(one, roster, me), why_not(one, roster, team, Urgency.NORMAL, now))
            for one in roster.on_duty(team, now)
        ),
        then=f"{_names(then.staff_ids, roster, me)}, from {words.clock(then.start, now, zone)}" if then else "",
    )


def _names(staff_ids: tuple[str, ...], roster: Roster, me: str) -> str:
    return ", then ".join(_name(one, roster, me) for one in staff_ids) or "Nobody"


def _name(staff_id: str, roster: Roster, me: str) -> str:
    return "You" if staff_id == me else words.person(staff_id, {one: m.name for one, m in roster.config.staff.items()})
