"""One person's pager: what reached them when, what is held back, their reply codes, whether they are away.

The limits are those with which carriers leave a sender alone: any message once a minute; alerts 5 in 15 minutes, 11 an
hour, 21 in three hours; notices that need no action (reminders, summaries) 3 in 20 minutes and 8 in two hours. What
a limit holds back is told together in one text as soon as the next may leave. Some of each limit is kept free for what
is urgent, which never waits behind questions that are not.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from switchboard.domain.vocabulary import Urgency

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

PREFIX = "pager#"
MOST_HELD = 400
"""So many held alerts are remembered by their question; more are counted."""

MOST_CODES = 99
"""So many numbers a phone has at most; when all are in use a text names none, and its link claims."""

REST = timedelta(hours=72)
"""So long after a text the number in it means no other question: a text may take that long, and is read late."""

_REST_AT_LEAST = timedelta(hours=2)
_MOST_HEARD = 20
_ORDER = tuple(Urgency)
_MEMORY = timedelta(hours=3)
_DIGEST_EVERY = timedelta(hours=2)
_GAP = timedelta(minutes=1)


class Kind(StrEnum):
    """What is sent: `urgent` alerts may use all of a limit, other `alert`s leave some of it, a `notice` waits."""

    URGENT = "urgent"
    ALERT = "alert"
    NOTICE = "notice"
    REPLY = "reply"


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
    that were held back beyond `MOST_HELD`. *passive* counts the replies in a row that answered no command, *heard*
    names the latest texts that came in. *next_action_at* is set as long as something is held back (promise 3).
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
    version: int = 0

    def away(self, now: datetime) -> bool:
        """Whether they texted that they are away."""
        return self.away_until is not None and self.away_until > now

    def is_dead(self, contact: str, address: str) -> bool:
        """Whether *address* was found not to work."""
        return any(one.contact == contact and one.digest == digest_of(address) for one in self.dead)


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


def kind_of(urgency: Urgency) -> Kind:
    """Return how an alert of *urgency* is counted."""
    return Kind.URGENT if urgency in (Urgency.EMERGENCY, Urgency.URGENT) else Kind.ALERT


def slot(pager: Pager, contact: str, kind: Kind, allowed: Allowance, *, now: datetime, emergency: bool = False) -> Slot:
    """Return when a message of *kind* may leave by *contact*.

    Urgent alerts may use all of a limit at once; others leave the reserve and are spread evenly over what the shorter
    limit leaves of the longer one. After the day's cap a person gets one summary every two hours, and emergencies.
    """
    mine = [one for one in pager.sent if one.contact == contact and one.kind is not Kind.REPLY]
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
    texts = contact == "sms" and kind is not Kind.REPLY
    return replace(
        pager,
        sent=(*recent, Sent(contact=contact, kind=kind, at=now)),
        day=day,
        day_count=(pager.day_count if pager.day == day else 0) + texts,
        last_rung_at=now if kind in (Kind.URGENT, Kind.ALERT) else pager.last_rung_at,
        version=pager.version + 1,
    )


def must_join(pager: Pager, contact: str, kind: Kind) -> bool:
    """Whether an alert of *kind* is told together with those that wait, though *contact* might be used for it alone.

    Nothing overtakes what is as urgent: else questions that ring again would take every slot, and what waits would
    never be told. What is urgent overtakes what is not.
    """
    waiting = [kind_of(held.urgency) for held in pager.held if held.contact == contact]
    return Kind.URGENT in waiting if kind is Kind.URGENT else bool(waiting)


def hold(pager: Pager, held: Held, allowed: Allowance, *, now: datetime) -> Pager:
    """Return the pager with one more alert held back, due when the next message may leave.

    One that is held back already becomes as urgent as *held*, and waits since then.
    """
    same = [one for one in pager.held if _same(one, held)]
    full = not same and len(pager.held) >= MOST_HELD
    if full and kind_of(held.urgency) is Kind.URGENT and (roomier := _make_room(pager)):
        pager, full = roomier, False
    if same:
        graver = replace(same[0], urgency=min(same[0].urgency, held.urgency, key=_ORDER.index), step=held.step)
        waiting = tuple(graver if _same(one, held) else one for one in pager.held)
    else:
        waiting = pager.held if full else (*pager.held, held)
    after = replace(pager, held=waiting, held_more=pager.held_more + full, version=pager.version + 1)
    return replace(after, next_action_at=due_at(after, allowed, now=now))


def due_at(pager: Pager, allowed: Allowance, *, now: datetime) -> datetime | None:
    """Return when what is held back may be told, by the contact that may be used first; None when nothing is."""
    contacts = {held.contact for held in pager.held}
    return min((_due(pager, contact, allowed, now) for contact in contacts), default=None)


def moved(pager: Pager, live: Sequence[str]) -> Pager:
    """Return the pager in which what is held back for a contact that is not *live* is told by the first that is.

    The version is not raised.
    """
    if not live:
        return pager
    led = dict.fromkeys(held if held.contact in live else replace(held, contact=live[0]) for held in pager.held)
    first = {(held.contact, held.question_id): held for held in reversed(led)}
    return replace(pager, held=tuple(held for held in led if first[held.contact, held.question_id] is held))


def hold_again(pager: Pager, waiting: Iterable[Held], more: int, *, at: datetime) -> Pager:
    """Return the pager in which *waiting*, and *more* beside them, are held back again until *at*."""
    known = {(held.contact, held.question_id) for held in pager.held}
    again = [held for held in waiting if (held.contact, held.question_id) not in known]
    ranked = sorted((*again, *pager.held), key=lambda held: _ORDER.index(held.urgency))
    beyond = max(len(ranked) - MOST_HELD, 0)
    return replace(
        pager,
        held=tuple(ranked[:MOST_HELD]),
        held_more=pager.held_more + more + beyond,
        next_action_at=at,
        version=pager.version + 1,
    )


def without(pager: Pager, contact: str, question_id: str) -> Pager:
    """Return the pager in which *question_id* is not held back for *contact* any more: it is told by it now.

    What another contact holds back stays: an email does not stand in for an urgent text. The version is not raised.
    """
    gone = (contact, question_id)
    return replace(pager, held=tuple(held for held in pager.held if (held.contact, held.question_id) != gone))


def told(pager: Pager, contact: str, allowed: Allowance, *, now: datetime) -> Pager:
    """Return the pager with nothing held back for *contact*; to be saved together with `sending`."""
    rest = tuple(held for held in pager.held if held.contact != contact)
    after = replace(pager, held=rest, held_more=pager.held_more if rest else 0, version=pager.version + 1)
    return replace(after, next_action_at=due_at(after, allowed, now=now))


def next_contact(pager: Pager, allowed: Allowance, *, now: datetime) -> str | None:
    """Return the contact by which something that was held back may be told now, or None."""
    contacts = dict.fromkeys(held.contact for held in pager.held)
    return next((contact for contact in contacts if _due(pager, contact, allowed, now) <= now), None)


def kind_held(pager: Pager, contact: str, allowed: Allowance, *, now: datetime) -> Kind:
    """Return how the summary of what is held back for *contact* is counted: what waited too long is urgent too."""
    mine = [held for held in pager.held if held.contact == contact]
    grave = any(kind_of(held.urgency) is Kind.URGENT for held in mine)
    late = any(held.since + allowed.bundle_at_most <= now for held in mine)
    return Kind.URGENT if grave or late else Kind.ALERT


def with_code(
    pager: Pager, question_id: str, unfinished: Collection[str], *, now: datetime, taken: Collection[int] = ()
) -> tuple[Pager, int | None]:
    """Return the pager and the number of *question_id* in it, None when all are in use. The version is not raised.

    It is the same as long as the question is *unfinished*. A new question gets the smallest number that no unfinished
    one has, that was in no text for `REST`, and that is not *taken* by somebody else with the same phone: a late answer
    to an old text must not claim or close another question. When none is left, the one that rested longest.
    """
    known = next((code.number for code in pager.codes if code.question_id == question_id), None)
    number = known or _free_number(pager, unfinished, taken, now)
    if number is None:
        return pager, None
    others = tuple(code for code in pager.codes if code.number != number)
    return replace(pager, codes=(*others, Code(number=number, question_id=question_id, at=now))), number


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


def _due(pager: Pager, contact: str, allowed: Allowance, now: datetime) -> datetime:
    """Return when *contact* may be used for what is held back: as an alert, or as urgent once it waited too long."""
    mine = [held for held in pager.held if held.contact == contact]
    emergency = any(held.urgency is Urgency.EMERGENCY for held in mine)
    urgent = slot(pager, contact, Kind.URGENT, allowed, now=now, emergency=emergency).at
    if any(kind_of(held.urgency) is Kind.URGENT for held in mine):
        return urgent
    as_alert = slot(pager, contact, Kind.ALERT, allowed, now=now).at
    oldest = min(held.since for held in mine)
    return min(as_alert, max(urgent, oldest + allowed.bundle_at_most))


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


def _make_room(pager: Pager) -> Pager | None:
    """Return the pager with its latest ordinary held alert counted instead of remembered; None if it has none."""
    ordinary = [held for held in pager.held if kind_of(held.urgency) is Kind.ALERT]
    if not ordinary:
        return None
    rest = tuple(held for held in pager.held if held is not ordinary[-1])
    return replace(pager, held=rest, held_more=pager.held_more + 1)


def _same(one: Held, other: Held) -> bool:
    return (one.contact, one.question_id) == (other.contact, other.question_id)


def _free_number(pager: Pager, unfinished: Collection[str], taken: Collection[int], now: datetime) -> int | None:
    in_use = {code.number for code in pager.codes if code.question_id in unfinished} | set(taken)
    resting = {code.number: code.at for code in pager.codes if code.at and code.at + REST > now}
    for number in range(1, MOST_CODES + 1):
        if number not in in_use and number not in resting:
            return number
    rested = {number: at for number, at in resting.items() if number not in in_use and at + _REST_AT_LEAST <= now}
    return min(rested, key=rested.__getitem__, default=None)


def _words(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    return f"{minutes} minutes" if minutes % 60 else f"{minutes // 60} hours"


def fresh(staff_ids: Iterable[str]) -> dict[str, Pager]:
    """Return a pager without a past for each of *staff_ids*."""
    return {staff_id: Pager(staff_id=staff_id) for staff_id in staff_ids}
