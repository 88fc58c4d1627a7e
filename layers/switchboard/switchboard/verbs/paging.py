"""Reaching one person by one contact, within the limits of their pager; and telling them what was held back.

What is about to leave is noted in the pager before it leaves: whoever dies in between leaves a slot unused, and no
phone gets more than its limit. What a limit holds back stands in the pager with a next action, and the sweep tells it.
When the pagers cannot be read, people are rung without limits: an unanswered question is worse than a text too many.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from switchboard.domain import pager_codes, pager_held, pager_limits
from switchboard.domain.alert_text import Said, Waiting, reminder, ring, summary
from switchboard.domain.claims import Reminder
from switchboard.domain.pager import Held, Kind, Pager, kind_of
from switchboard.domain.question import AlertState, QuestionState
from switchboard.domain.roster import Roster, live_contacts
from switchboard.domain.session import LINK_LIFETIME, LinkToken, digest_of
from switchboard.domain.vocabulary import Urgency
from switchboard.errors import Conflict, SwitchboardError, Unavailable
from switchboard.verbs.reaching import Outcome, Reaching

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.alert_text import Wording
    from switchboard.domain.question import Question
    from switchboard.verbs.switchroom import Switchroom

_MINUTE = timedelta(minutes=1)
ATTEMPTS = 20
"""So often a lost fence is tried anew."""

MOST_CODED = 20
"""So many of the questions in a summary get codes, the most urgent first; the others are in the inbox."""

_UNLIMITED = frozenset({"pagerduty"})
OVER_BUDGET = "over_budget"
_NOT_HELD = "pager_busy"


class _NotHeldError(Exception):
    """The limits hold an alert back, and the pager could not be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Why somebody is rung: for *question*, with *link*, until *claim_by*; with a *reminder* as its owner."""

    question: Question
    link: str
    claim_by: datetime
    reminder: Reminder | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """The ports, the config and the moment of one run."""

    room: Switchroom
    config: AutomationConfig
    now: datetime

    def alert(self, staff_id: str, contact: str, call: Call) -> Outcome:
        """Ring *staff_id* by *contact*, or hold it back when the limits say so. Raises nothing of ours.

        If the limits say so and that cannot be noted, because many write the pager at once, the alert has failed:
        another contact or person is rung. Otherwise a storm would flood the phone as soon as its pager is busy.
        """
        if contact in _UNLIMITED:
            return self._reaching.send(staff_id, contact, self._wording(call, None), call.question, call.link)
        if contact == "sms" and self._over_budget(staff_id, call):
            return Outcome(AlertState.FAILED, failure=OVER_BUDGET)
        full = False
        for _ in range(ATTEMPTS):
            try:
                outcome = self._within_limits(staff_id, contact, call)
            except _NotHeldError:
                full = True
            except Conflict:
                full = False
            except Unavailable:
                break
            else:
                if outcome is not None:
                    return outcome
        if full:
            return Outcome(AlertState.FAILED, failure=_NOT_HELD)
        return self._reaching.send(staff_id, contact, self._wording(call, None), call.question, call.link)

    def tell_held(self, staff_id: str) -> int:
        """Tell *staff_id* what was held back, if it is due; return how many messages left.

        What was claimed or finished meanwhile is left out, and one question alone is told as such.
        """
        told = 0
        for _ in range(ATTEMPTS):
            pager = self._pager(staff_id)
            if pager.next_action_at is None or pager.next_action_at > self.now:
                return told
            if member := self.config.staff.get(staff_id):
                pager = pager_held.moved(pager, live_contacts(member, pager))
            contact = pager_held.next_contact(pager, self.config.sms, now=self.now)
            quiet = self._quiet_until(pager)
            try:
                if member is None:
                    self.room.pagers.save(replace(pager, held=(), next_action_at=None, version=pager.version + 1))
                elif quiet is not None:
                    self.room.pagers.save(replace(pager, next_action_at=quiet, version=pager.version + 1))
                elif contact is None:
                    later = pager_held.due_at(pager, self.config.sms, now=self.now)
                    self.room.pagers.save(replace(pager, next_action_at=later, version=pager.version + 1))
                else:
                    told += self._tell(pager, contact)
            except Conflict:
                continue
        return told

    def _quiet_until(self, pager: Pager) -> datetime | None:
        """Return until when what is held back waits: quiet hours, unless it is grave or nobody else can be rung."""
        grave = any(held.urgency is Urgency.EMERGENCY for held in pager.held)
        if grave or pager.staff_id == self.config.last_resort:
            return None
        return Roster(config=self.config).quiet_until(pager.staff_id, self.now)

    # --- one alert

    def _within_limits(self, staff_id: str, contact: str, call: Call) -> Outcome | None:
        question = call.question
        pager = self._pager(staff_id)
        kind = Kind.NOTICE if call.reminder else kind_of(question.urgency)
        emergency = question.urgency is Urgency.EMERGENCY
        free = pager_limits.slot(pager, contact, kind, self.config.sms, now=self.now, emergency=emergency)
        if free.at > self.now or pager_held.must_join(pager, contact, kind) or self._crowded(contact, kind):
            held = Held(
                contact=contact,
                question_id=question.question_id,
                urgency=question.urgency,
                since=self.now,
                step=question.step,
            )
            try:
                self.room.pagers.save(pager_held.hold(pager, held, self.config.sms, now=self.now))
            except (Conflict, Unavailable) as error:
                raise _NotHeldError from error
            self._tell_at_once(staff_id)
            return Outcome(AlertState.HELD, failure=free.reason)
        coded, code = self._coded(
            pager_held.without(pager, contact, question.question_id), contact, [question.question_id]
        )
        self.room.pagers.save(
            replace(pager_limits.sending(coded, contact, kind, now=self.now), version=pager.version + 1)
        )
        return self._reaching.send(staff_id, contact, self._wording(call, code), question, call.link)

    def _tell_at_once(self, staff_id: str) -> None:
        """Tell what is held back if it may leave now: whoever joined those who wait does not wait for the sweep."""
        with suppress(SwitchboardError):  # it stands in the pager, and the sweep tells it
            self.tell_held(staff_id)

    def _wording(self, call: Call, code: int | None) -> Wording:
        said = self._said(call.link, call.claim_by, self.config.zone_of(call.question.team), code)
        if call.reminder is not None:
            return reminder(call.question, said, deadline=call.reminder.of == "deadline")
        return ring(call.question, said)

    def _said(self, link: str, claim_by: datetime, zone: str, code: int | None) -> Said:
        return Said(organisation=self.config.organisation, link=link, claim_by=claim_by, zone=zone, code=code)

    def _coded(self, pager: Pager, contact: str, question_ids: list[str]) -> tuple[Pager, int | None]:
        """Return the pager with a code for each of *question_ids*, and that of the first; None where none is used."""
        if contact != "sms" or not self.room.two_way:
            return pager, None
        heads = self.room.questions.heads(code.question_id for code in pager.codes)
        unfinished = {head.question_id for head in heads if head.unfinished} | set(question_ids)
        taken = numbers_of_others(self.room, self.config, pager.staff_id)
        codes: list[int | None] = []
        for question_id in question_ids:
            pager, code = pager_codes.with_code(pager, question_id, unfinished, now=self.now, taken=taken)
            codes.append(code)
        return pager, codes[0]

    # --- what was held back

    def _tell(self, pager: Pager, contact: str) -> int:
        mine = [held for held in pager.held if held.contact == contact]
        heads = {head.question_id: head for head in self.room.questions.heads(held.question_id for held in mine)}
        waiting = [held for held in mine if _still_waits(heads.get(held.question_id), pager.staff_id)]
        cleared = pager_held.told(pager, contact, self.config.sms, now=self.now)
        if not waiting:
            self.room.pagers.save(cleared)
            return 0
        kind = pager_held.kind_held(pager, contact, self.config.sms, now=self.now)
        if self._crowded(contact, kind):
            self.room.pagers.save(replace(pager, next_action_at=self.now + _MINUTE, version=pager.version + 1))
            return 0
        first = heads[most_urgent(waiting)[0]]
        alone = len(waiting) == 1 and not pager.held_more
        coded, code = self._coded(cleared, contact, most_urgent(waiting))
        noted = pager_limits.sending(coded, contact, kind, now=self.now)
        later = pager_held.due_at(noted, self.config.sms, now=self.now)
        link = make_link(self.room, first.question_id if alone else "", pager.staff_id, now=self.now)
        if alone:
            wording = self._wording(_call_of(first, pager.staff_id, link, self.now), code)
        else:
            wording = self._summary(waiting, pager.held_more, link)
        self.room.pagers.save(replace(noted, next_action_at=later, version=pager.version + 1))
        about = replace(first, step=waiting[0].step or first.step) if alone else None
        outcome = self._reaching.send(pager.staff_id, contact, wording, about, link)
        self.room.metrics.count("AlertsBundled", len(waiting) + pager.held_more, contact=contact)
        if outcome.state is AlertState.FAILED:
            self._hold_again(pager, contact, waiting)
            return 0
        return 1

    def _summary(self, waiting: list[Held], more: int, link: str) -> Wording:
        counts = Waiting(
            count=len(waiting) + more,
            emergencies=sum(held.urgency is Urgency.EMERGENCY for held in waiting),
            urgent=sum(held.urgency is Urgency.URGENT for held in waiting),
            since=min(held.since for held in waiting),
        )
        code = 0 if self.room.two_way else None
        return summary(counts, self._said(link, self.now, self.config.zone, code), now=self.now)

    def _hold_again(self, before: Pager, contact: str, waiting: list[Held]) -> None:
        """Keep for the next minute, or for the next contact that works, what could not be told now."""
        for _ in range(ATTEMPTS):
            pager = self._pager(before.staff_id)
            contacts = live_contacts(self.config.staff[before.staff_id], pager)
            by = contact if contact in contacts else next(iter(contacts), contact)
            again = (replace(held, contact=by) for held in waiting)
            after = pager_held.hold_again(pager, again, before.held_more, at=self.now + _MINUTE)
            try:
                self.room.pagers.save(after)
            except Conflict:
                continue
            return

    # --- what texts cost

    def _over_budget(self, staff_id: str, call: Call) -> bool:
        """Whether the month's money is spent, and this person can be reached otherwise; urgent texts go on."""
        if kind_of(call.question.urgency) is Kind.URGENT or not self._reaching.costs.over_budget():
            return False
        member = self.config.staff[staff_id]
        try:
            contacts = live_contacts(member, self._pager(staff_id))
        except Unavailable:
            contacts = member.alert_by
        return any(contact != "sms" for contact in contacts)

    def _crowded(self, contact: str, kind: Kind) -> bool:
        """Whether this minute has no text left for *kind*; what is urgent goes on."""
        return contact == "sms" and kind is not Kind.URGENT and self._reaching.costs.crowded()

    @property
    def _reaching(self) -> Reaching:
        return Reaching(room=self.room, config=self.config, now=self.now)

    def _pager(self, staff_id: str) -> Pager:
        return self.room.pagers.load([staff_id])[staff_id]


def make_link(room: Switchroom, question_id: str, staff_id: str, *, now: datetime) -> str:
    """Store a token for *staff_id* and return its link: to a question, or with "" to the inbox."""
    token = room.new_token()
    expires_at = now + LINK_LIFETIME
    room.sessions.put_token(
        LinkToken(digest=digest_of(token), question_id=question_id, staff_id=staff_id, expires_at=expires_at)
    )
    return f"{room.base_url}/c/{token}"


def numbers_of_others(room: Switchroom, config: AutomationConfig, staff_id: str) -> frozenset[int]:
    """Return the numbers that texts to the phone of *staff_id* may name as somebody else's who has the same phone."""
    phone = config.staff[staff_id].phone
    others = [one for one, member in config.staff.items() if phone and member.phone == phone and one != staff_id]
    found = room.pagers.load(others).values() if others else ()
    return frozenset(code.number for pager in found for code in pager.codes)


def most_urgent(waiting: Iterable[Held]) -> list[str]:
    """Return the questions that get a code of their own when they are told together."""
    order = tuple(Urgency)
    ranked = sorted(waiting, key=lambda held: (order.index(held.urgency), held.since))
    return [held.question_id for held in ranked[:MOST_CODED]]


def _still_waits(question: Question | None, staff_id: str) -> bool:
    if question is None or not question.unfinished:
        return False
    return question.state is QuestionState.OPEN or question.owner == staff_id


def _call_of(question: Question, staff_id: str, link: str, now: datetime) -> Call:
    """Return what is told of one question that was held back: to its owner, that it is theirs and waits."""
    if question.owner == staff_id and question.claimed_until is not None:
        until = question.claimed_until
        return Call(question=question, link=link, claim_by=until, reminder=Reminder(of="claim", by=until))
    return Call(question=question, link=link, claim_by=max(question.next_action_at or now, now))
