"""Attending to a question: take in what was said, then ring whoever is next. The stream and the sweep both do this.

A second run is harmless: every action raises the question's version by a conditional write, and the intent to ring is
stored before a phone rings. Whatever fails half-way keeps a next action, and the sweep goes on from there.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from switchboard.domain.alert_text import Said, email, sms
from switchboard.domain.escalation import SETTLE, Ring, alerts_of, next_ring
from switchboard.domain.filing import belongs, misplaced, names
from switchboard.domain.intake import take_in
from switchboard.domain.message import question_id_of
from switchboard.domain.question import AlertState, Change, QuestionState
from switchboard.domain.session import LINK_LIFETIME, LinkToken, digest_of
from switchboard.errors import Conflict, Misconfigured, OutcomeUnknown, Rejected, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.question import Alert, Conversation
    from switchboard.ports import AutomationSource, Mail, Metrics, QuestionStore, Sessions, Texts

ATTEMPTS = 20
"""So often one run decides anew before it leaves the rest to the sweep."""


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
        if moved := _refile(conversation, room.questions):
            sent += sum(attend(other, room, now=now) for other in moved)
            continue
        action = take_in(conversation, config, now=now) or next_ring(conversation, config, now=now)
        try:
            match action:
                case None:
                    return sent
                case Ring():
                    sent += _Round(ring=action, room=room, config=config, now=now).go()
                case Change():
                    room.questions.commit(action)
                    _count(action, room.metrics)
        except Conflict:
            continue
    return sent


def _refile(conversation: Conversation, questions: QuestionStore) -> set[str]:
    """Move what belongs to other conversations; return their ids."""
    moved: set[str] = set()
    for message in misplaced(conversation):
        places = (questions.place_of(message.channel, name) for name in names(message))
        place = next((place for place in places if place is not None), None)
        if place is not None and belongs(message, place):
            questions.refile(message, place.thread_id)
            moved.add(question_id_of(message.channel, place.thread_id))
    return moved


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """Ringing everybody of one step, once."""

    ring: Ring
    room: Switchroom
    config: AutomationConfig
    now: datetime

    def go(self) -> int:
        """Store the intent, ring everybody, store the outcome; return how many were reached."""
        change = self.ring.change
        links = {staff_id: self._link(staff_id) for staff_id in self.ring.staff_ids}
        alerts = alerts_of(self.ring, self.config, now=self.now)
        self.room.questions.commit(replace(change, alerts=(*change.alerts, *alerts)))
        outcomes = [outcome for alert in alerts for outcome in self._reach(alert, links[alert.staff_id])]
        self._record(outcomes)
        for outcome in outcomes:
            self.room.metrics.count("Alert", contact=outcome.contact, state=outcome.state.value)
            if outcome.state is AlertState.FAILED:
                self.room.metrics.count("AlertFailed", contact=outcome.contact)
        return sum(outcome.state is AlertState.SENT for outcome in outcomes)

    def _link(self, staff_id: str) -> str:
        token = self.room.new_token()
        self.room.sessions.put_token(
            LinkToken(
                digest=digest_of(token),
                question_id=self.ring.change.question.question_id,
                staff_id=staff_id,
                expires_at=self.now + LINK_LIFETIME,
            )
        )
        return f"{self.room.base_url}/c/{token}"

    def _reach(self, first: Alert, link: str) -> list[Alert]:
        """Try the staff member's contacts in order until one takes the alert, or may have taken it."""
        tried: list[Alert] = []
        for contact in self.config.staff[first.staff_id].alert_by:
            tried.append(self._send(replace(first, contact=contact), link))
            if tried[-1].state is not AlertState.FAILED:
                break
        return tried

    def _send(self, alert: Alert, link: str) -> Alert:
        member = self.config.staff[alert.staff_id]
        question = self.ring.change.question
        said = Said(
            organisation=self.config.organisation,
            link=link,
            claim_by=self.now + self.ring.wait,
            zone=self.config.zone_of(question.team),
        )
        try:
            if alert.contact == "sms":
                provider_id = self.room.texts.send(member.phone or "", sms(question, said))
            else:
                provider_id = self.room.mail.send(member.email or "", *email(question, said))
        except (Rejected, Unavailable, Misconfigured) as error:
            return replace(alert, state=AlertState.FAILED, failure=type(error).__name__)
        except OutcomeUnknown as error:
            return replace(alert, state=AlertState.UNKNOWN, failure=type(error).__name__)
        return replace(alert, state=AlertState.SENT, provider_id=provider_id)

    def _record(self, outcomes: list[Alert]) -> None:
        """Store what became of the alerts; then the wait for a claim begins.

        If nobody could be reached the next step comes at once, but only once around: then it rests for a minute.
        Somebody may have claimed the question meanwhile: then only the alerts are written.
        """
        reached = any(outcome.state is not AlertState.FAILED for outcome in outcomes)
        ringing = self.ring.change.question
        for _ in range(ATTEMPTS):
            question = self.room.questions.load(ringing.question_id).question or ringing
            after = replace(question, version=question.version + 1)
            if question.step == ringing.step and question.next_action_at == ringing.next_action_at:
                again = timedelta(0) if question.position < len(question.steps) else SETTLE
                after = replace(after, next_action_at=self.now + (self.ring.wait if reached else again))
            try:
                self.room.questions.commit(Change(question=after, alerts=tuple(outcomes)))
            except Conflict:
                continue
            return


def _count(change: Change, metrics: Metrics) -> None:
    for event in change.events:
        if event.kind in {"opened", "reopened", "no_answer_needed", "removed_by_author", "answered_elsewhere"}:
            metrics.count("Question", event=event.kind)
    if change.question.state is QuestionState.OPEN and any(event.kind == "opened" for event in change.events):
        metrics.count("Opened", urgency=change.question.urgency.value)
