"""The crisis switch by text: the first asks for a code, the second turns it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from switchboard.domain.crisis import end_of
from switchboard.domain.texting import one_segment
from switchboard.errors import Conflict
from switchboard.verbs.crisis import may_switch, start_crisis
from switchboard.verbs.tell_admins import tell_admins

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.pager import Pager
    from switchboard.ports import CrisisStore, Mail

    Change = Callable[[Callable[[Pager], Pager | None]], Pager | None]

LASTS = timedelta(minutes=10)
"""So long a code is good for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisByText:
    """One staff member at their phone, and the switch."""

    staff_id: str
    crises: CrisisStore
    config: AutomationConfig
    mail: Mail
    now: datetime


def ask_to_pause(why: str, pager: Pager, switch: CrisisByText, change: Change) -> str:
    """Give this phone a code to confirm by, and return the reply. Somebody who may not turn the switch gets none."""
    if not may_switch(switch.staff_id, switch.config):
        return _refused(why, pager, switch, change)
    code = f"{secrets.randbelow(9000) + 1000}"

    def asked(pager: Pager) -> Pager:
        until = switch.now + LASTS
        return replace(pager, pause_code=code, pause_reason=why, pause_until=until, version=pager.version + 1)

    change(asked)
    organisation = switch.config.organisation
    return one_segment(
        f"Stop ALL automatic posts of {organisation} for 24 hours? Text CONFIRM {code} within 10 minutes.",
        f"Stop ALL automatic posts? Text CONFIRM {code} within 10 minutes.",
    )


def _refused(why: str, pager: Pager, switch: CrisisByText, change: Change) -> str:
    """Tell the admins that somebody asked who may not, once in a while."""
    if pager.pause_until is None or pager.pause_until < switch.now:
        until = switch.now + LASTS
        change(lambda pager: replace(pager, pause_code="", pause_until=until, version=pager.version + 1))
        lines = [f"{switch.staff_id} texted PAUSE ALL, and may not turn that switch. Reason given: {why or 'none'}."]
        tell_admins("somebody asked to stop all posts", lines, config=switch.config, mail=switch.mail)
    return "Only the admins can stop all posts. They were told that you asked."


def confirm_pause(code: str, pager: Pager, switch: CrisisByText, change: Change) -> str:
    """Start the crisis if *code* is the one that this phone was given; return the reply. A code works once."""
    known, until = pager.pause_code, pager.pause_until

    def used(now: Pager) -> Pager | None:
        if not known or now.pause_code != known:
            return None
        return replace(now, pause_code="", pause_reason="", pause_until=None, version=now.version + 1)

    if not known or until is None or until < switch.now or not secrets.compare_digest(known, code):
        change(used)  # a code is not there to be guessed
        return "That code is not good, or not any more. Text PAUSE ALL and why to get another. Nothing was stopped."
    if not may_switch(switch.staff_id, switch.config):
        return "Only the admins can stop all posts. Nothing was stopped."

    try:
        done = start_crisis(
            reason=pager.pause_reason,
            by=switch.staff_id,
            via="sms",
            crises=switch.crises,
            config=switch.config,
            mail=switch.mail,
            now=switch.now,
        )
    except Conflict:
        return "Others turn the switch right now. Text the same again in a minute."
    change(used)
    if done.crisis is None:
        return "Nothing was stopped. Text PAUSE ALL again."
    ends = end_of(done.crisis, switch.config.zone)
    return one_segment(
        f"All automatic posts are stopped until {ends}. Look in the inbox, under Posts, at what could not be paused.",
        f"All automatic posts are stopped until {ends}. See the inbox.",
    )
