"""Contacts that do not work: marked once in the pager, and told to the admins once."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from switchboard.domain import pager as pagers
from switchboard.errors import Conflict, Unavailable
from switchboard.verbs.tell_admins import tell_admins

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.pager import Pager
    from switchboard.ports import Mail, Metrics, Pagers

_ATTEMPTS = 20
_OPTED_OUT = "opted_out"
_CHATS_REST = timedelta(days=1)


def mark_dead(store: Pagers, staff_id: str, contact: str, address: str, *, reason: str, now: datetime) -> bool:
    """Mark *address* as not working; return whether it was not marked before. Raises Unavailable."""
    for _ in range(_ATTEMPTS):
        marked = pagers.mark_dead(_pager(store, staff_id), contact, address, reason=reason, now=now)
        if marked is None:
            return False
        try:
            store.save(marked)
        except Conflict:
            continue
        return True
    raise Unavailable("the pager is changed all the time")


def dead_contact(staff_id: str, contact: str, reason: str) -> tuple[str, list[str]]:
    """Return subject and lines that tell the admins of a contact that does not work."""
    words = reason.replace("_", " ")
    lines = [
        f"The {contact} of {staff_id} does not work any more ({words}). Their other contacts are used, and whoever",
        "is next is rung, but please mend it: see `staff` in the automation config.",
    ]
    if contact == "sms" and reason == _OPTED_OUT:
        lines.append("A phone that was opted out must text START to the number that alerts come from.")
    return f"{staff_id} cannot be reached by {contact}", lines


def check_phones(
    opted_out: Collection[str],
    *,
    store: Pagers,
    config: AutomationConfig,
    mail: Mail,
    metrics: Metrics,
    now: datetime,
) -> int:
    """Mark the phones that the provider's opt-out list names, and take the mark from those it does not name any more.

    A provider may drop texts to such a phone without an error, so the list is looked at. Returns how many phones were
    newly found, each of which the admins are told.
    """
    found = 0
    for staff_id, member in config.staff.items():
        if member.phone is None:
            continue
        if member.phone in opted_out:
            if mark_dead(store, staff_id, "sms", member.phone, reason=_OPTED_OUT, now=now):
                found += 1
                metrics.count("ContactDead", contact="sms")
                tell_admins(*dead_contact(staff_id, "sms", _OPTED_OUT), config=config, mail=mail)
        else:
            _revive(store, staff_id)
    return found


def try_chats_again(*, store: Pagers, config: AutomationConfig, now: datetime) -> None:
    """Take the mark from chats that did not work a day ago: their address is a secret, so nobody sees it mended."""
    for pager in store.load(config.staff).values():
        for dead in pager.dead:
            if dead.contact not in ("sms", "email") and dead.at + _CHATS_REST <= now:
                _save_revived(store, pager, dead.contact)


def _revive(store: Pagers, staff_id: str) -> None:
    pager = _pager(store, staff_id)
    if any(dead.contact == "sms" and dead.reason == _OPTED_OUT for dead in pager.dead):
        _save_revived(store, pager, "sms")


def _save_revived(store: Pagers, pager: Pager, contact: str) -> None:
    alive = pagers.revive(pager, contact)
    if alive is not None:
        with suppress(Conflict):  # the next look does it
            store.save(alive)


def _pager(store: Pagers, staff_id: str) -> Pager:
    return store.load([staff_id])[staff_id]
