"""Who is rung for a question, and when: what has rung, what rings next, and what became of each alert."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from functions.inbox import words
from switchboard.domain.escalation import Ring, next_ring
from switchboard.domain.handling import pass_on
from switchboard.domain.question import AlertState, Change, Conversation, QuestionState
from switchboard.domain.roster import address_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from switchboard.domain.question import Alert, Question
    from switchboard.domain.roster import Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class NextCall:
    """Whom the next ring of a question reaches, and when, as far as can be known now."""

    staff_ids: tuple[str, ...]
    at: datetime


def next_call(conversation: Conversation, roster: Roster, *, now: datetime) -> NextCall | None:
    """Return the next ring if nobody claims the question, or, once claimed, if the claim runs out; None without one."""
    question = conversation.question
    if question is None or not question.steps:
        return None
    match question.state:
        case QuestionState.OPEN:
            at = question.next_action_at
        case QuestionState.CLAIMED:
            at = question.claimed_until
        case _:
            return None
    if at is None:
        return None
    at = max(at, now)
    asked = replace(question, next_action_at=at, unseen=False)
    ring = next_ring(replace(conversation, question=asked), roster, now=at)
    return NextCall(staff_ids=ring.staff_ids, at=at) if isinstance(ring, Ring) else None


def next_call_of(question: Question, roster: Roster, *, now: datetime) -> NextCall | None:
    """Return the next ring of *question*, of whose conversation nothing else is known."""
    return next_call(Conversation(question_id=question.question_id, question=question), roster, now=now)


def after_passing_on(conversation: Conversation, roster: Roster, me: str, *, now: datetime) -> tuple[str, ...]:
    """Return who would be rung at once if *me* passed the question on."""
    passed = pass_on(conversation, me, now=now)
    if not isinstance(passed, Change):
        return ()
    call = next_call(replace(conversation, question=passed.question), roster, now=now)
    return call.staff_ids if call else ()


def said(
    conversation: Conversation, call: NextCall | None, names: Mapping[str, str], me: str, zone: str, now: datetime
) -> str:
    """Return who is being rung now, or who is rung next and when; "" when nobody will be."""
    question = conversation.question
    if question is None:
        return ""
    ringing = [alert.staff_id for alert in conversation.alerts if _rings(alert, question)]
    if question.state is QuestionState.OPEN and ringing:
        return f"Rings {people(ringing, names, me)} right now."
    return next_said(question, call, names, me, zone, now)


def next_said(
    question: Question, call: NextCall | None, names: Mapping[str, str], me: str, zone: str, now: datetime
) -> str:
    """Return who is rung next and when: "Rings James Okafor at 14:20, in 12 min."."""
    if call is None:
        return ""
    who = people(call.staff_ids, names, me)
    if question.state is QuestionState.CLAIMED and call.at > now:
        return f"If it is not answered by {words.clock(call.at, now, zone)}, {who} will be rung."
    if call.at <= now:
        return f"Rings {who} now."
    return f"Rings {who} at {words.deadline(call.at, now, zone)}."


def people(staff_ids: Sequence[str], names: Mapping[str, str], me: str) -> str:
    """Return them by name, *me* as "you": "Maria, you and 3 others"."""
    named = ["you" if one == me else words.person(one, names) for one in dict.fromkeys(staff_ids)]
    if len(named) > _MOST_NAMED:
        named = [*named[: _MOST_NAMED - 1], f"{len(named) - _MOST_NAMED + 1} others"]
    return " and ".join(filter(None, (", ".join(named[:-1]), *named[-1:])))


def alert_said(alert: Alert, roster: Roster, names: Mapping[str, str]) -> str:
    """Return what became of *alert*, and whether its contact is known not to work any more."""
    member, pager = roster.config.staff.get(alert.staff_id), roster.pagers.get(alert.staff_id)
    dead = member is not None and pager is not None and pager.is_dead(alert.contact, address_of(member, alert.contact))
    return words.alert(alert, names) + (" This contact does not work any more." if dead else "")


def _rings(alert: Alert, question: Question) -> bool:
    return alert.state is AlertState.SENDING and alert.step == question.step


_MOST_NAMED = 4
