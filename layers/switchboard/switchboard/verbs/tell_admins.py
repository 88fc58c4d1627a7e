"""Telling the admins by email what they must know: a dead contact, a gap in the rota, a repair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchboard.errors import SwitchboardError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from switchboard.config import AutomationConfig
    from switchboard.ports import Mail


def tell_admins(subject: str, lines: Sequence[str], *, config: AutomationConfig, mail: Mail) -> int:
    """Email every admin of the config, or the last resort when it names none; return how many were told.

    One whose mail fails does not keep the others from being told: what matters has an alarm of its own.
    """
    told = 0
    for staff_id in config.admins or (config.last_resort,):
        member = config.staff.get(staff_id)
        if member is None or not member.email:
            continue
        try:
            mail.send(member.email, f"{config.organisation}: {subject}", "\n".join(lines))
        except SwitchboardError:
            continue
        told += 1
    return told
