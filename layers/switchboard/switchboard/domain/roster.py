"""Who can be rung now: the rota, and what is known of the people in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from switchboard.domain.rota import duty, members, on_leave
from switchboard.domain.vocabulary import Urgency

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from switchboard.config import AutomationConfig, StaffMember
    from switchboard.domain.pager import Pager
    from switchboard.domain.rota import Calendars, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The config, what the rota's *calendars* say, and the *pagers* of whoever may be rung; one left out is fresh."""

    config: AutomationConfig
    calendars: Calendars = field(default_factory=dict[str, "Sequence[Span]"])
    pagers: Mapping[str, Pager] = field(default_factory=dict[str, "Pager"])

    def on_duty(self, team: str, now: datetime) -> tuple[str, ...]:
        """Return who is on duty in *team*, the primary first, whether they can be rung or not."""
        return duty(self.config, team, now, self.calendars) if team in self.config.teams else ()

    def everybody(self, team: str) -> tuple[str, ...]:
        """Return everybody whom the rota of *team* names."""
        return members(self.config, team, self.calendars) if team in self.config.teams else ()

    def reachable(self, team: str, urgency: Urgency, now: datetime) -> tuple[str, ...]:
        """Return whom a question of *urgency* may ring, in order: who is on duty, then the others of the team."""
        return self.only_reachable((*self.on_duty(team, now), *self.everybody(team)), team, urgency, now)

    def only_reachable(self, staff_ids: Iterable[str], team: str, urgency: Urgency, now: datetime) -> tuple[str, ...]:
        """Return those of *staff_ids* who can be rung for *team*, each once."""
        return tuple(one for one in dict.fromkeys(staff_ids) if not self.why_not(one, team, urgency, now))

    def least_recently_rung(self, staff_ids: Iterable[str]) -> str:
        """Return whose phone has rested longest; who never rang comes first, and among equals the first."""

        def last(staff_id: str) -> float:
            pager = self.pagers.get(staff_id)
            return pager.last_rung_at.timestamp() if pager and pager.last_rung_at else 0.0

        return min(staff_ids, key=last)

    def why_not(self, staff_id: str, team: str, urgency: Urgency, now: datetime) -> str:
        """Return why *staff_id* cannot be rung now for *team*, or "" when they can."""
        member = self.config.staff.get(staff_id)
        if member is None:
            return "not in the config any more"
        pager = self.pagers.get(staff_id)
        if pager is not None and pager.away(now):
            return "away, by their own text"
        if on_leave(self.config, team, staff_id, now):
            return "on leave"
        if urgency is not Urgency.EMERGENCY and self.is_quiet(staff_id, now):
            return "quiet hours"
        if pager is not None and not live_contacts(member, pager):
            return "no contact works"
        return ""

    def quiet_until(self, staff_id: str, now: datetime) -> datetime | None:
        """Return when the quiet hours of *staff_id* end, or None when *now* is not in them."""
        member = self.config.staff.get(staff_id)
        if member is None or member.quiet is None or not self.is_quiet(staff_id, now):
            return None
        local = now.astimezone(ZoneInfo(self.config.zone))
        hour, minute = map(int, member.quiet.end.split(":"))
        ends = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0) + timedelta(hours=hour, minutes=minute)
        return (ends if ends > local else ends + timedelta(days=1)).astimezone(UTC)

    def is_quiet(self, staff_id: str, now: datetime) -> bool:
        """Whether *now* is in the quiet hours of *staff_id*."""
        member = self.config.staff.get(staff_id)
        if member is None or member.quiet is None:
            return False
        clock = f"{now.astimezone(ZoneInfo(self.config.zone)):%H:%M}"
        start, end = member.quiet.start, member.quiet.end
        return start <= clock < end if start < end else clock >= start or clock < end


def live_contacts(member: StaffMember, pager: Pager) -> tuple[str, ...]:
    """Return the contacts of *member* that are not known to be dead, in their order."""
    return tuple(contact for contact in member.alert_by if not pager.is_dead(contact, address_of(member, contact)))


def address_of(member: StaffMember, contact: str) -> str:
    """Return where *contact* leads: a phone, an email address, or the contact's own name when a secret says it."""
    match contact:
        case "sms":
            return member.phone or ""
        case "email":
            return member.email or ""
        case _:
            return contact
