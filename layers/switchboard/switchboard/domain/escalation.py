"""When a question is late, and who is rung next.

The steps of the policy were copied when the question opened, so an edit of the config does not disturb what runs.
After the last step the first one comes again: a question rings until somebody claims it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from switchboard.domain.platform import PLATFORMS
from switchboard.domain.question import Alert, AlertState, AnswerState, Change, Event, Question, QuestionState
from switchboard.domain.rota import everyone, on_duty

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.message import Message
    from switchboard.domain.question import Conversation

BY_US = "switchboard"

SETTLE = timedelta(seconds=60)
"""So long an alert has time to tell its outcome; then it counts as unknown, and the next step rings."""

MOST_AT_ONCE = 30
"""So many people are rung in one round: their alerts, by both contacts, and those of a round that was lost must be
written in one transaction, which takes 100 items."""

KEPT_BEYOND = timedelta(hours=1)
_MOST_KEPT = 20

UNDELIVERED_AFTER = timedelta(minutes=10)
"""So long an answer may be under way before its owner is rung again, if nothing is known of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Ring *staff_ids* for the question as it stands in *change*, which is to be written before anybody is rung."""

    change: Change
    staff_ids: tuple[str, ...]
    wait: timedelta
    reason: str


def next_ring(conversation: Conversation, config: AutomationConfig, *, now: datetime) -> Ring | Change | None:
    """Return whom to ring now; or a change that rings nobody; or None when nothing is due.

    The alerts stand in the change as `sending`: the intent is stored before the phone rings, so that a step is never
    rung twice. One whose outcome was not told within `SETTLE` counts as rung, and the next step comes at once.
    """
    question = conversation.question
    if question is None or question.next_action_at is None or question.next_action_at > now:
        return None
    match question.state:
        case QuestionState.CLAIMED | QuestionState.ANSWERING if question.unseen and (
            wait := _wait_of_owner(conversation, question, config, now)
        ):
            return _ring(conversation, replace(question, unseen=False), (question.owner,), wait, "news", now)
        case QuestionState.ANSWERING if _under_way(conversation, now):
            return _later(conversation, question, now + UNDELIVERED_AFTER)
        case QuestionState.CLAIMED if (held := _held_until(question, config)) and held > now:
            return _later(conversation, question, held)
        case QuestionState.CLAIMED | QuestionState.ANSWERING:
            return _next_step(conversation, _open_again(question), config, "claim_expired", now)
        case QuestionState.OPEN:
            return _next_step(conversation, question, config, "rung", now)
        case (
            QuestionState.ANSWERED
            | QuestionState.ANSWERED_ELSEWHERE
            | QuestionState.CLOSED
            | QuestionState.NO_ANSWER_NEEDED
        ):
            return None


def recipients(alert: str, question: Question, config: AutomationConfig, *, now: datetime) -> tuple[str, ...]:
    """Return the staff ids that a step's *alert* means at *now*; never nobody.

    The secondary is the next person of the rota when only one is on duty; who has left the config is passed over;
    when nobody is left, the last resort is rung.
    """
    team = config.teams.get(question.team)
    rota = team.rota if team else ()
    duty = on_duty(rota, config.zone_of(question.team), now)
    known = [staff_id for staff_id in duty if staff_id in config.staff]
    others = [staff_id for staff_id in everyone(rota) if staff_id in config.staff and staff_id not in known]
    match alert:
        case "everyone":
            found = known[:MOST_AT_ONCE]
        case "primary":
            found = known[:1]
        case "secondary":
            found = [*known, *others][1:2]
        case staff_id:
            found = [staff_id] if staff_id in config.staff else []
    return tuple(found) or (config.last_resort,)


def kept(conversation: Conversation, until: datetime) -> tuple[Message, ...]:
    """Return the newest messages, those that would expire by *until* or soon after, with a later expiry.

    What waits for a person never expires, unless its platform forbids to keep it: it is kept until somebody looks
    again, and then once more.
    """
    beyond = until + KEPT_BEYOND
    return tuple(
        replace(message, expires_at=beyond)
        for message in conversation.messages[-_MOST_KEPT:]
        if message.expires_at is not None and message.expires_at < beyond and not _limited(message.platform)
    )


def _limited(platform: str) -> bool:
    return platform in PLATFORMS and PLATFORMS[platform].kept_at_most is not None


def _held_until(question: Question, config: AutomationConfig) -> datetime | None:
    """Return until when the claim binds; one of somebody who has left binds nobody."""
    return question.claimed_until if question.owner in config.staff else None


def _wait_of_owner(
    conversation: Conversation, question: Question, config: AutomationConfig, now: datetime
) -> timedelta | None:
    """Return how long its owner, told of news, still has the question; None when they have it no more."""
    if question.owner not in config.staff:
        return None
    soon = now + UNDELIVERED_AFTER
    until = question.claimed_until or soon
    if question.state is QuestionState.ANSWERING and _under_way(conversation, now):
        until = max(until, soon)
    return until - now if until > now else None


def _under_way(conversation: Conversation, now: datetime) -> bool:
    return any(
        answer.state in (AnswerState.PENDING, AnswerState.SENDING) and now - answer.created_at < timedelta(hours=24)
        for answer in conversation.answers
    )


def _later(conversation: Conversation, question: Question, moment: datetime) -> Change:
    later = replace(question, next_action_at=moment, version=question.version + 1)
    return Change(question=later, messages=kept(conversation, moment))


def _open_again(question: Question) -> Question:
    return replace(
        question, state=QuestionState.OPEN, owner="", handed_to="", claimed_until=None, unseen=False, position=0
    )


def _next_step(
    conversation: Conversation, question: Question, config: AutomationConfig, kind: str, now: datetime
) -> Ring:
    if question.handed_to in config.staff:
        taken = replace(question, handed_to="", position=0)
        return _ring(conversation, taken, (question.handed_to,), question.steps[0].wait, "rung_by_hand_over", now)
    step = question.steps[question.position % len(question.steps)]
    staff_ids = recipients(step.alert, question, config, now=now)
    taken = replace(question, handed_to="", position=question.position + 1)
    return _ring(conversation, taken, staff_ids, step.wait, kind, now)


def _ring(
    conversation: Conversation,
    question: Question,
    staff_ids: tuple[str, ...],
    wait: timedelta,
    kind: str,
    now: datetime,
) -> Ring:
    step = question.step + 1
    lost = [alert for alert in conversation.alerts if alert.state is AlertState.SENDING]
    alerts = [replace(alert, state=AlertState.UNKNOWN) for alert in lost]
    question = replace(question, step=step, version=question.version + 1, next_action_at=now + SETTLE)
    event = Event(
        question_id=question.question_id, kind=kind, by=BY_US, at=now, detail=f"step {step}: {', '.join(staff_ids)}"
    )
    return Ring(
        change=Change(
            question=question, messages=kept(conversation, now + wait), alerts=tuple(alerts), events=(event,)
        ),
        staff_ids=staff_ids,
        wait=wait,
        reason=f"step {step}: {', '.join(staff_ids)}, then {wait} for a claim",
    )


def alerts_of(ring: Ring, config: AutomationConfig, *, now: datetime) -> tuple[Alert, ...]:
    """Return the alerts to store before the first contact of everybody in *ring* is tried."""
    return tuple(
        Alert(
            question_id=ring.change.question.question_id,
            step=ring.change.question.step,
            staff_id=staff_id,
            contact=config.staff[staff_id].alert_by[0],
            state=AlertState.SENDING,
            at=now,
        )
        for staff_id in ring.staff_ids
    )
