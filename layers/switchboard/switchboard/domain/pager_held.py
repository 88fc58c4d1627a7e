"""What a limit holds back: told together in one message as soon as the next may leave, the grave first.

What is urgent never waits behind what is not, and nothing overtakes what is as urgent and waits.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from switchboard.domain.pager import Kind, kind_of
from switchboard.domain.pager_limits import slot
from switchboard.domain.vocabulary import Urgency

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from switchboard.domain.pager import Held, Pager
    from switchboard.domain.pager_limits import Allowance

MOST_HELD = 400
"""So many held alerts are remembered by their question; more are counted."""

_ORDER = tuple(Urgency)


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


def _make_room(pager: Pager) -> Pager | None:
    """Return the pager with its latest ordinary held alert counted instead of remembered; None if it has none."""
    ordinary = [held for held in pager.held if kind_of(held.urgency) is Kind.ALERT]
    if not ordinary:
        return None
    rest = tuple(held for held in pager.held if held is not ordinary[-1])
    return replace(pager, held=rest, held_more=pager.held_more + 1)


def _same(one: Held, other: Held) -> bool:
    return (one.contact, one.question_id) == (other.contact, other.question_id)
