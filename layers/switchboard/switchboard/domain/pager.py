"""One person's pager: what reached them when, what is held back, reply codes, dead contacts, whether they are away.

`pager_limits` says when the next message may leave, `pager_held` what is told together, `pager_codes` which number
names which question.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from switchboard.domain.vocabulary import Urgency

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

PREFIX = "pager#"


_MOST_HEARD = 20


class Kind(StrEnum):
    """What is sent: `urgent` alerts may use all of a limit, other `alert`s leave some of it, a `notice` waits."""

    URGENT = "urgent"
    ALERT = "alert"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One message that left, or may have left."""

    contact: str
    kind: Kind
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One alert that a limit holds back; *step* is that of its question at which it was last held back."""

    contact: str
    question_id: str
    urgency: Urgency
    since: datetime
    step: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The number by which this person's texts name a question; it was given, or told again, *at*."""

    number: int
    question_id: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """A contact that does not work: *digest* is the SHA-256 of the address, so that a new one is alive."""

    contact: str
    digest: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """What is remembered of one staff member; *version* is the fence of every change.

    *sent* reaches three hours back, *day* and *day_count* count the texts of one UTC day; *held_more* counts alerts
    that were held back beyond what `pager_held` remembers. *passive* counts the replies in a row that answered no
    command, *heard* names the latest texts that came in. *next_action_at* is set as long as something is held back
    (promise 3).
    """

    staff_id: str
    sent: tuple[Sent, ...] = ()
    day: str = ""
    day_count: int = 0
    held: tuple[Held, ...] = ()
    held_more: int = 0
    codes: tuple[Code, ...] = ()
    dead: tuple[Dead, ...] = ()
    away_until: datetime | None = None
    last_rung_at: datetime | None = None
    passive: int = 0
    heard: tuple[str, ...] = ()
    next_action_at: datetime | None = None
    pause_code: str = ""
    pause_reason: str = ""
    pause_until: datetime | None = None
    version: int = 0

    def away(self, now: datetime) -> bool:
        """Whether they texted that they are away."""
        return self.away_until is not None and self.away_until > now

    def is_dead(self, contact: str, address: str) -> bool:
        """Whether *address* was found not to work."""
        return any(one.contact == contact and one.digest == digest_of(address) for one in self.dead)


def kind_of(urgency: Urgency) -> Kind:
    """Return how an alert of *urgency* is counted."""
    return Kind.URGENT if urgency in (Urgency.EMERGENCY, Urgency.URGENT) else Kind.ALERT


def mark_dead(pager: Pager, contact: str, address: str, *, reason: str, now: datetime) -> Pager | None:
    """Return the pager with *address* marked as not working, or None when it is marked already."""
    if pager.is_dead(contact, address):
        return None
    others = tuple(one for one in pager.dead if one.contact != contact)
    mark = Dead(contact=contact, digest=digest_of(address), reason=reason, at=now)
    return replace(pager, dead=(*others, mark), version=pager.version + 1)


def revive(pager: Pager, contact: str) -> Pager | None:
    """Return the pager with *contact* alive again: something came from it; None when it was not dead."""
    others = tuple(one for one in pager.dead if one.contact != contact)
    return None if others == pager.dead else replace(pager, dead=others, version=pager.version + 1)


def hear(pager: Pager, text_id: str) -> Pager | None:
    """Return the pager that remembers the incoming text *text_id*, or None when it does already."""
    if text_id in pager.heard:
        return None
    return replace(pager, heard=(*pager.heard, text_id)[-_MOST_HEARD:], version=pager.version + 1)


def digest_of(address: str) -> str:
    """Return the SHA-256 under which an address is remembered."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def fresh(staff_ids: Iterable[str]) -> dict[str, Pager]:
    """Return a pager without a past for each of *staff_ids*."""
    return {staff_id: Pager(staff_id=staff_id) for staff_id in staff_ids}
