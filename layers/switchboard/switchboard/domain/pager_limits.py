"""How often one person is reached: the limits with which carriers leave a sender alone.

Any message once a minute; alerts 5 in 15 minutes, 11 an hour, 21 in three hours; notices that need no action
(reminders) 3 in 20 minutes and 8 in two hours. Some of each limit is kept free for what is urgent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from switchboard.domain.pager import Kind, Sent

if TYPE_CHECKING:
    from switchboard.domain.pager import Pager

_MEMORY = timedelta(hours=3)
_DIGEST_EVERY = timedelta(hours=2)
_GAP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most *count* within *per*; *reserve* of them for what is urgent."""

    count: int
    per: timedelta
    reserve: int = 0


ALERTS = (
    Limit(5, timedelta(minutes=15), reserve=1),
    Limit(11, timedelta(hours=1), reserve=2),
    Limit(21, timedelta(hours=3), reserve=4),
)
NOTICES = (Limit(1, timedelta(minutes=3)), Limit(3, timedelta(minutes=20)), Limit(8, timedelta(hours=2)))


class Allowance(Protocol):
    """What the config allows: `config.Sms`."""

    @property
    def daily_per_person(self) -> int: ...  # noqa: D102
    @property
    def bundle_at_most(self) -> timedelta: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """When the next message of a kind may leave, and which limit says so; at once when nothing does."""

    at: datetime
    reason: str


def slot(pager: Pager, contact: str, kind: Kind, allowed: Allowance, *, now: datetime, emergency: bool = False) -> Slot:
    """Return when a message of *kind* may leave by *contact*.

    Urgent alerts may use all of a limit at once; others leave the reserve and are spread evenly over what the shorter
    limit leaves of the longer one. After the day's cap a person gets one summary every two hours, and emergencies.
    """
    mine = [one for one in pager.sent if one.contact == contact]
    found = Slot(at=now, reason="")
    if mine:
        found = _later(found, max(one.at for one in mine) + _GAP, "one message a minute")
    alike = sorted(one.at for one in mine if (one.kind is Kind.NOTICE) == (kind is Kind.NOTICE))
    shorter: Limit | None = None
    for limit in NOTICES if kind is Kind.NOTICE else ALERTS:
        found = _later(found, _free_at(alike, limit, kind, now), f"{limit.count} in {_words(limit.per)}")
        if shorter is not None and kind is not Kind.URGENT:
            found = _later(found, _spread(alike, shorter, limit, now), f"{limit.count} in {_words(limit.per)}, evenly")
        shorter = limit
    if _texts_of(pager, now) >= allowed.daily_per_person and contact == "sms" and not emergency:
        last = max((one.at for one in mine), default=now - _DIGEST_EVERY)
        found = _later(found, last + _DIGEST_EVERY, f"{allowed.daily_per_person} texts a day")
    return found


def sending(pager: Pager, contact: str, kind: Kind, *, now: datetime) -> Pager:
    """Return the pager with one more message, noted before it leaves."""
    recent = tuple(one for one in pager.sent if one.at > now - _MEMORY)
    day = f"{now.astimezone(UTC):%Y-%m-%d}"
    return replace(
        pager,
        sent=(*recent, Sent(contact=contact, kind=kind, at=now)),
        day=day,
        day_count=(pager.day_count if pager.day == day else 0) + (contact == "sms"),
        last_rung_at=now if kind in (Kind.URGENT, Kind.ALERT) else pager.last_rung_at,
        version=pager.version + 1,
    )


def _free_at(moments: list[datetime], limit: Limit, kind: Kind, now: datetime) -> datetime:
    count = limit.count - (0 if kind is Kind.URGENT else limit.reserve)
    recent = [at for at in moments if at > now - limit.per]
    return now if len(recent) < count else recent[-count] + limit.per


def _spread(moments: list[datetime], shorter: Limit, limit: Limit, now: datetime) -> datetime:
    """Return when the next one may leave if, beyond the shorter limit's count, they are spread evenly."""
    burst = shorter.count - shorter.reserve
    count = limit.count - limit.reserve
    recent = [at for at in moments if at > now - limit.per]
    return now if len(recent) < burst else recent[-1] + (limit.per - shorter.per) / (count - burst)


def _later(found: Slot, at: datetime, reason: str) -> Slot:
    return Slot(at=at, reason=reason) if at > found.at else found


def _texts_of(pager: Pager, now: datetime) -> int:
    return pager.day_count if pager.day == f"{now.astimezone(UTC):%Y-%m-%d}" else 0


def _words(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    return f"{minutes} minutes" if minutes % 60 else f"{minutes // 60} hours"
