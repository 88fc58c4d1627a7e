"""Attending to a question: take in what was said, then ring whoever is next. The stream and the sweep both do this.

A second run is harmless: every action raises the question's version by a conditional write, and the intent to ring is
stored before a phone rings. Whatever fails half-way keeps a next action, and the sweep goes on from there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from switchboard.domain.escalation import SETTLE, Ring, alerts_of, concerned, contacts_of, next_ring
from switchboard.domain.filing import belongs, misplaced, names
from switchboard.domain.intake import take_in
from switchboard.domain.message import question_id_of
from switchboard.domain.pager import Kind, kind_of
from switchboard.domain.question import AlertState, Change, QuestionState
from switchboard.domain.roster import Roster
from switchboard.domain.vocabulary import Urgency
from switchboard.errors import Conflict, Unavailable
from switchboard.verbs.paging import OVER_BUDGET, Call, Paging, make_link

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.question import Alert, Conversation
    from switchboard.ports import Metrics, QuestionStore
    from switchboard.verbs.switchroom import Switchroom

ATTEMPTS = 20
"""So often one run decides anew before it leaves the rest to the sweep."""


HURRY = timedelta(minutes=1)
"""If everybody's limits hold an urgent alert back, the next step comes after this time, the first time round."""

MOST_WRITTEN = 90
"""So many alerts are written at once (DynamoDB writes 100 items)."""

QUIET = "quiet_hours"
NOT_TRIED = frozenset({QUIET, OVER_BUDGET})


def attend(question_id: str, room: Switchroom, *, now: datetime) -> int:
    """Take in what is pending and ring whoever is due, until nothing is; return how many alerts were sent.

    Raises Unavailable when the store does not answer: nothing is lost, the next action stands. Safe to repeat.
    """
    config = room.automation.current()
    sent = 0
    roster = Roster(config=config)
    for _ in range(ATTEMPTS):
        conversation = room.questions.load(question_id)
        if moved := _refile(conversation, room.questions):
            sent += sum(attend(other, room, now=now) for other in moved)
            continue
        roster = roster_of(conversation, config, room, now=now)
        action = take_in(conversation, config, now=now, roster=roster) or next_ring(conversation, roster, now=now)
        try:
            match action:
                case None:
                    return sent
                case Ring():
                    sent += _Round(ring=action, room=room, roster=roster, now=now).go()
                case Change():
                    room.questions.commit(action)
                    _count(action, room.metrics)
        except Conflict:
            continue
    return sent


def roster_of(conversation: Conversation, config: AutomationConfig, room: Switchroom, *, now: datetime) -> Roster:
    """Return what the next ring of *conversation* depends on; what cannot be read is left out, and it rings anyway."""
    try:
        roster = Roster(config=config, calendars=room.calendars.current(config.calendars) if config.calendars else {})
    except Unavailable:
        roster = Roster(config=config)
    question = conversation.question
    if question is None or question.next_action_at is None or question.next_action_at > now:
        return roster
    try:
        return replace(roster, pagers=room.pagers.load(concerned(question, roster)))
    except Unavailable:
        return roster


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
    roster: Roster
    now: datetime

    def go(self) -> int:
        """Store the intent, ring everybody, store the outcome; return how many were reached."""
        change = self.ring.change
        question_id = change.question.question_id
        links = {one: make_link(self.room, question_id, one, now=self.now) for one in self.ring.staff_ids}
        alerts = alerts_of(self.ring, self.roster, now=self.now)
        self.room.questions.commit(replace(change, alerts=(*change.alerts, *alerts)))
        outcomes = [outcome for alert in alerts for outcome in self._reach(alert, links[alert.staff_id])]
        self._record(outcomes)
        for outcome in outcomes:
            self.room.metrics.count("Alert", contact=outcome.contact, state=outcome.state.value)
            if outcome.state is AlertState.FAILED and outcome.failure not in NOT_TRIED:
                self.room.metrics.count("AlertFailed", contact=outcome.contact)
        return sum(outcome.state is AlertState.SENT for outcome in outcomes)

    def _reach(self, first: Alert, link: str) -> list[Alert]:
        """Try the staff member's contacts in order until one takes the alert, or may have taken it.

        One that is held back goes out with the next text; if it is urgent, the other contacts are tried as well.
        """
        ring, question = self.ring, self.ring.change.question
        call = Call(question=question, link=link, claim_by=ring.claim_by, reminder=ring.reminder)
        paging = Paging(room=self.room, config=self.roster.config, now=self.now)
        contacts = self._contacts(first.staff_id)
        quiet = replace(first, state=AlertState.FAILED, failure=QUIET)
        tried: list[Alert] = [] if first.contact in contacts else [quiet]
        for contact in contacts:
            outcome = paging.alert(first.staff_id, contact, call)
            tried.append(
                replace(
                    first,
                    contact=contact,
                    state=outcome.state,
                    provider_id=outcome.provider_id,
                    failure=outcome.failure,
                )
            )
            waits = outcome.state is AlertState.HELD and kind_of(question.urgency) is Kind.URGENT
            if outcome.state is not AlertState.FAILED and not waits:
                break
        return tried

    def _contacts(self, staff_id: str) -> tuple[str, ...]:
        """Return the contacts to try; a reminder, unlike an alert, does not ring a phone in its quiet hours."""
        contacts = contacts_of(staff_id, self.roster)
        urgency = self.ring.change.question.urgency
        if self.ring.reminder is None or urgency is Urgency.EMERGENCY or not self.roster.is_quiet(staff_id, self.now):
            return contacts
        return tuple(contact for contact in contacts if contact == "email")

    def _record(self, outcomes: list[Alert]) -> None:
        """Store what became of the alerts; then the wait for a claim begins.

        If nobody could be reached the next step comes at once, but only once around: then it rests for a minute. If
        every alert is held back and the question is urgent, the next step comes after a minute, the first time round.
        Somebody may have claimed the question meanwhile: then only the alerts are written.
        """
        for beyond in range(MOST_WRITTEN, len(outcomes), MOST_WRITTEN):
            self._write(outcomes, tuple(outcomes[beyond : beyond + MOST_WRITTEN]))
        self._write(outcomes, tuple(outcomes[:MOST_WRITTEN]))

    def _write(self, outcomes: list[Alert], alerts: tuple[Alert, ...]) -> None:
        """Store *alerts*, some of the *outcomes*, and when the next step comes by all of them."""
        ringing = self.ring.change.question
        for _ in range(ATTEMPTS):
            question = self.room.questions.load(ringing.question_id).question or ringing
            after = replace(question, version=question.version + 1)
            if question.step == ringing.step and question.next_action_at == ringing.next_action_at:
                at = self._next_at(question.position, len(question.steps), outcomes)
                after = replace(after, next_action_at=at, unseen=question.unseen or self._missed(outcomes))
            try:
                self.room.questions.commit(Change(question=after, alerts=alerts))
            except Conflict:
                continue
            return

    def _missed(self, outcomes: list[Alert]) -> bool:
        """Whether the owner was to be told of news and could not be: then they are told again, as long as they own."""
        news = self.ring.reminder is None and self.ring.change.question.state is not QuestionState.OPEN
        return news and all(outcome.state is AlertState.FAILED for outcome in outcomes)

    def _next_at(self, position: int, steps: int, outcomes: list[Alert]) -> datetime:
        ring = self.ring
        reached = [outcome for outcome in outcomes if outcome.state is not AlertState.FAILED]
        if not reached and ring.reminder is None:
            return self.now + (timedelta(0) if position < steps and not self._missed(outcomes) else SETTLE)
        urgent = kind_of(ring.change.question.urgency) is Kind.URGENT and ring.reminder is None
        if urgent and position <= steps and all(outcome.state is AlertState.HELD for outcome in reached):
            return min(ring.then, self.now + HURRY)
        return ring.then


def _count(change: Change, metrics: Metrics) -> None:
    for event in change.events:
        if event.kind in {"opened", "reopened", "no_answer_needed", "removed_by_author", "answered_elsewhere"}:
            metrics.count("Question", event=event.kind)
    if change.question.state is QuestionState.OPEN and any(event.kind == "opened" for event in change.events):
        metrics.count("Opened", urgency=change.question.urgency.value)
