"""Attending to a question: take in what was said, then ring whoever is next. The stream and the sweep both do this.

A second run is harmless: every action raises the question's version by a conditional write, and the intent to ring is
stored before a phone rings. Whatever fails half-way keeps a next action, and the sweep goes on from there.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from switchboard.domain.alert_text import email, sms
from switchboard.domain.escalation import SETTLE, Ring, alerts_of, next_ring
from switchboard.domain.intake import take_in
from switchboard.domain.question import AlertState, Change, QuestionState
from switchboard.domain.session import LINK_LIFETIME, LinkToken, digest_of
from switchboard.errors import Conflict, Misconfigured, OutcomeUnknown, Rejected, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.question import Alert, Question
    from switchboard.ports import AutomationSource, Mail, Metrics, QuestionStore, Sessions, Texts

ATTEMPTS = 20
"""So often one run decides anew, for a lost fence or for one thing after another, before it leaves the rest to the sweep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switchroom:
    """The ports that attending needs, wired once."""

    questions: QuestionStore
    sessions: Sessions
    texts: Texts
    mail: Mail
    automation: AutomationSource
    metrics: Metrics
    base_url: str
    new_token: Callable[[], str] = lambda: secrets.token_urlsafe(16)


def attend(question_id: str, room: Switchroom, *, now: datetime) -> int:
    """Take in what is pending and ring whoever is due, until nothing is; return how many alerts were sent.

    Raises Unavailable when the store does not answer: nothing is lost, the next action stands. Safe to repeat.
    """
    config = room.automation.current()
    sent = 0
    for _ in range(ATTEMPTS):
        conversation = room.questions.load(question_id)
        action = take_in(conversation, config, now=now) or next_ring(conversation, config, now=now)
        try:
            match action:
                case None:
                    return sent
                case Ring():
                    sent += _ring(action, room, config, now)
                case Change():
                    room.questions.commit(action)
                    _count(action, room.metrics)
        except Conflict:
            continue
    return sent


def _ring(ring: Ring, room: Switchroom, config: AutomationConfig, now: datetime) -> int:
    """Store the intent, ring everybody, store the outcome; return how many were reached."""
    links = {staff_id: _link(ring.change.question, staff_id, room, now) for staff_id in ring.staff_ids}
    alerts = alerts_of(ring, config, now=now)
    room.questions.commit(replace(ring.change, alerts=(*ring.change.alerts, *alerts)))
    outcomes = [
        outcome
        for alert in alerts
        for outcome in _reach(alert, ring, links[alert.staff_id], room, config, now)
    ]
    _record(outcomes, ring, room, now)
    for outcome in outcomes:
        room.metrics.count("Alert", contact=outcome.contact, state=outcome.state.value)
    return sum(outcome.state is AlertState.SENT for outcome in outcomes)


def _reach(
    first: Alert, ring: Ring, link: str, room: Switchroom, config: AutomationConfig, now: datetime
) -> list[Alert]:
    """Try the staff member's contacts in order until one takes the alert, or may have taken it."""
    tried: list[Alert] = []
    for contact in config.staff[first.staff_id].alert_by:
        tried.append(_send(replace(first, contact=contact), ring, link, room, config, now))
        if tried[-1].state is not AlertState.FAILED:
            break
    return tried


def _send(
    alert: Alert, ring: Ring, link: str, room: Switchroom, config: AutomationConfig, now: datetime
) -> Alert:
    member = config.staff[alert.staff_id]
    question = ring.change.question
    words = {
        "organisation": config.organisation,
        "link": link,
        "zone": config.zone_of(question.team) if question.team in config.teams else config.zone,
    }
    claim_by = now + ring.wait
    try:
        if alert.contact == "sms":
            provider_id = room.texts.send(member.phone or "", sms(question, claim_by=claim_by, **words))
        else:
            provider_id = room.mail.send(member.email or "", *email(question, claim_by=claim_by, **words))
    except (Rejected, Unavailable, Misconfigured) as error:
        return replace(alert, state=AlertState.FAILED, failure=type(error).__name__)
    except OutcomeUnknown as error:
        return replace(alert, state=AlertState.UNKNOWN, failure=type(error).__name__)
    return replace(alert, state=AlertState.SENT, provider_id=provider_id)


def _record(outcomes: list[Alert], ring: Ring, room: Switchroom, now: datetime) -> None:
    """Store what became of the alerts; the wait for a claim begins, or the next step comes at once if nobody could be
    reached: but only once around, then it rests for a minute.

    Somebody may have claimed the question meanwhile: then only the alerts are written.
    """
    reached = any(outcome.state is not AlertState.FAILED for outcome in outcomes)
    ringing = ring.change.question
    for _ in range(ATTEMPTS):
        question = room.questions.load(ringing.question_id).question or ringing
        after = replace(question, version=question.version + 1)
        if question.step == ringing.step and question.next_action_at == ringing.next_action_at:
            again = timedelta(0) if question.position < len(question.steps) else SETTLE
            after = replace(after, next_action_at=now + (ring.wait if reached else again))
        try:
            room.questions.commit(Change(question=after, alerts=tuple(outcomes)))
        except Conflict:
            continue
        return


def _link(question: Question, staff_id: str, room: Switchroom, now: datetime) -> str:
    token = room.new_token()
    room.sessions.put_token(
        LinkToken(
            digest=digest_of(token),
            question_id=question.question_id,
            staff_id=staff_id,
            expires_at=now + LINK_LIFETIME,
        )
    )
    return f"{room.base_url}/c/{token}"


def _count(change: Change, metrics: Metrics) -> None:
    for event in change.events:
        if event.kind in {"opened", "reopened", "no_answer_needed", "removed_by_author"}:
            metrics.count("Question", event=event.kind)
    if change.question.state is QuestionState.OPEN and any(event.kind == "opened" for event in change.events):
        metrics.count("Opened", urgency=change.question.urgency.value)
