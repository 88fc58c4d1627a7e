"""Starting and ending a crisis: who, why and until when are kept, and the admins are told once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchboard.domain.crisis import Crisis, end_of, ended, started
from switchboard.errors import Conflict, Rejected
from switchboard.verbs.tell_admins import tell_admins

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.crisis import Via
    from switchboard.ports import CrisisStore, Mail

ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Switched:
    """What became of the switch: the *crisis* as it is now, whether this call changed it, and a sentence on it."""

    crisis: Crisis | None
    changed: bool
    reason: str


def may_switch(staff_id: str, config: AutomationConfig) -> bool:
    """Whether *staff_id* may start and end a crisis: an admin, or the last resort where the config names none."""
    return staff_id in (config.admins or (config.last_resort,))


def start_crisis(
    *,
    reason: str,
    by: str,
    via: Via,
    until: datetime | None = None,
    crises: CrisisStore,
    config: AutomationConfig,
    mail: Mail,
    now: datetime,
) -> Switched:
    """Stop every automatic post from now on. Starting it again prolongs it; of two people at once one starts it.

    Raises Rejected when the end is not to come.
    """
    if until is not None and until <= now:
        raise Rejected("the end of the crisis is not to come; choose a later one", reason="ended_before")
    for _ in range(ATTEMPTS):
        before = crises.current()
        after = started(before, reason=reason, by=by, via=via, until=until, now=now)
        if after is None:
            return Switched(crisis=before, changed=False, reason="All automatic posts are stopped already.")
        try:
            crises.save(after)
        except Conflict:
            continue
        if before is None or not before.is_in_force(now):
            tell_admins("all automatic posts are stopped", _start_lines(after, config), config=config, mail=mail)
            return Switched(crisis=after, changed=True, reason="All automatic posts are stopped.")
        return Switched(crisis=after, changed=True, reason="All automatic posts stay stopped for longer.")
    raise Conflict("the crisis switch is turned by many at once")


def end_crisis(*, by: str, crises: CrisisStore, now: datetime) -> Switched:
    """End the crisis: nothing more is held for it, and what is held stays held until a person gives it back."""
    for _ in range(ATTEMPTS):
        before = crises.current()
        after = ended(before, by=by, now=now)
        if after is None:
            return Switched(crisis=before, changed=False, reason="No crisis is in force.")
        try:
            crises.save(after)
        except Conflict:
            continue
        return Switched(crisis=after, changed=True, reason="It is ended; what is held stays held.")
    raise Conflict("the crisis switch is turned by many at once")


def end_lines(crisis: Crisis) -> list[str]:
    """Return what the admins are told of its end."""
    return [
        f"{crisis.ended_by} ended it." if crisis.ended_by else "Its time is over.",
        "New automatic posts go out again.",
        "What was held for it stays held: give each post back, choose another time, or discard it in the inbox.",
    ]


def _start_lines(crisis: Crisis, config: AutomationConfig) -> list[str]:
    return [
        f"{crisis.started_by} stopped all automatic posts ({crisis.via}): {crisis.reason}",
        f"Until {end_of(crisis, config.zone)}. Within a minute everything that can be paused is.",
        "The inbox lists what could NOT be paused: look at it now, under Posts, Stop all posts.",
        "Nothing comes back by itself.",
    ]
