"""`switchboard staff`: who can be rung now, by what, and why not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from switchboard_cli.stack import Endpoint, Region, Stack, StackName
from switchboard_cli.terminal import AsJson, print_json, print_table

if TYPE_CHECKING:
    from switchboard.config import StaffMember
    from switchboard.domain.pager import Pager
    from switchboard.domain.roster import Roster

_COLUMNS = ("staff_id", "on_duty", "reached_by", "not_rung", "held_back", "texts_today", "last_rung_at")


def staff(*, as_json: AsJson = False, stack: StackName = "", region: Region = "", endpoint_url: Endpoint = "") -> None:
    """List who is on duty, by which contacts each can be reached, and why somebody is not rung now.

    Shows ids, no phones and no addresses. Exits 0.
    """
    rows = staff_rows(Stack.find(stack, region, endpoint_url), now=datetime.now(UTC))
    if as_json:
        print_json(rows)
        return
    print_table(_COLUMNS, ([row[name] for name in _COLUMNS] for row in rows), empty="no staff in the config")


def staff_rows(stack: Stack, *, now: datetime) -> list[dict[str, Any]]:
    """Return one row a staff member of the config in force, whoever is on duty first."""
    from switchboard.adapters.pagers import DynamoPagers  # noqa: PLC0415 - starts slowly
    from switchboard.domain.roster import Roster  # noqa: PLC0415
    from switchboard_cli.rota_sources import planned  # noqa: PLC0415

    found = planned(None, (stack.name, stack.region, stack.endpoint_url), (), "")
    pagers = DynamoPagers(stack.client("dynamodb"), stack.tables["questions"]).load(found.config.staff)
    roster = Roster(config=found.config, calendars=found.calendars, pagers=pagers)
    rows = [_row(one, member, pagers[one], roster, now) for one, member in found.config.staff.items()]
    return sorted(rows, key=lambda row: not row["on_duty"])


def _row(staff_id: str, member: StaffMember, pager: Pager, roster: Roster, now: datetime) -> dict[str, Any]:
    from switchboard.domain.roster import live_contacts  # noqa: PLC0415 - starts slowly
    from switchboard.domain.vocabulary import Urgency  # noqa: PLC0415

    teams = [team for team in roster.config.teams if staff_id in roster.everybody(team)]
    on_duty = {
        team: roster.on_duty(team, now).index(staff_id) + 1 for team in teams if staff_id in roster.on_duty(team, now)
    }
    dead = {one.contact: one.reason for one in pager.dead if one.contact not in live_contacts(member, pager)}
    why_not = {team: why for team in teams or [""] if (why := roster.why_not(staff_id, team, Urgency.NORMAL, now))}
    return {
        "staff_id": staff_id,
        "on_duty": ", ".join(f"{team} ({place})" for team, place in on_duty.items()),
        "reached_by": ", ".join(live_contacts(member, pager)),
        "dead": dead,
        "not_rung": "; ".join(dict.fromkeys([*why_not.values(), *(f"{one}: {why}" for one, why in dead.items())])),
        "away_until": pager.away_until,
        "held_back": len(pager.held) + pager.held_more,
        "texts_today": pager.day_count if pager.day == f"{now:%Y-%m-%d}" else 0,
        "last_rung_at": pager.last_rung_at,
    }
