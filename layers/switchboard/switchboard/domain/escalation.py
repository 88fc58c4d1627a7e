"""When a question is late, and who is rung next.

The steps of the policy were copied when the question opened, so an edit of the config does not disturb what runs.
After the last step the first one comes again: a question rings until somebody claims it. Whoever claimed it is reminded
before their claim ends and before the deadline; then it opens again and rings on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from switchboard.domain.business_time import passed_at
from switchboard.domain.claims import attention_at, due_reminder
from switchboard.domain.platform import PLATFORMS
from switchboard.domain.question import Alert, AlertState, AnswerState, Change, Event, Question, QuestionState
from switchboard.domain.roster import Roster, live_contacts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from switchboard.domain.claims import Reminder
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

HANDED_ALONE = 2
"""So many times whoever a question was handed to is rung alone; then the policy rings its people as well."""

UNDELIVERED_AFTER = timedelta(minutes=10)
"""So long an answer may be under way before its owner is rung again, if nothing is known of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Ring *staff_ids* for the question as it stands in *change*, which is to be written before anybody is rung.

    They have until *claim_by*; *then* is when the question wants attention again. With a *reminder* it is its owner
    who is rung.
    """

    change: Change
    staff_ids: tuple[str, ...]
    claim_by: datetime
    then: datetime
    reason: str
    reminder: Reminder | None = None


def next_ring(conversation: Conversation, roster: Roster, *, now: datetime) -> Ring | Change | None:
    """Return whom to ring now; or a change that rings nobody; or None when nothing is due.

    The alerts stand in the change as `sending`: the intent is stored before the phone rings, so that a step is never
    rung twice. One whose outcome was not told within `SETTLE` counts as rung, and the next step comes at once.
    """
    question = conversation.question
    if question is None or question.next_action_at is None or question.next_action_at > now:
        return None
    match question.state:
        case QuestionState.CLAIMED | QuestionState.ANSWERING if question.unseen and (
            until := _owner_has_until(conversation, question, roster, now)
        ):
            return _news(conversation, question, until, now)
        case QuestionState.ANSWERING if _under_way(conversation, now):
            return _later(conversation, question, now + UNDELIVERED_AFTER)
        case QuestionState.CLAIMED if (held := _held_until(question, roster)) and held > now:
            if due := due_reminder(question, now=now):
                return _remind(conversation, *due, now)
            return _later(conversation, question, attention_at(question, now=now) or held)
        case QuestionState.CLAIMED | QuestionState.ANSWERING:
            return _next_step(conversation, _open_again(question), roster, "claim_expired", now)
        case QuestionState.OPEN:
            return _next_step(conversation, question, roster, "rung", now)
        case (
            QuestionState.ANSWERED
            | QuestionState.ANSWERED_ELSEWHERE
            | QuestionState.CLOSED
            | QuestionState.NO_ANSWER_NEEDED
        ):
            return None


def concerned(question: Question, roster: Roster) -> tuple[str, ...]:
    """Return everybody whose pager the next ring of *question* may depend on."""
    config = roster.config
    named = (step.alert for step in question.steps)
    team = roster.everybody(question.team)
    ids = dict.fromkeys((*team, *named, question.owner, question.handed_to, config.last_resort))
    return tuple(staff_id for staff_id in ids if staff_id in config.staff)


def recipients(
    alert: str, question: Question, roster: Roster, *, now: datetime, passed_by: str = ""
) -> tuple[str, ...]:
    """Return the staff ids that a step's *alert* means at *now*; never nobody.

    Whoever cannot be rung (away, on leave, in quiet hours, no contact works) is passed over, and the next person of the
    rota takes their place, as for *passed_by*, who just passed it on; when nobody is left the last resort is rung,
    whatever the hour.
    """
    urgency = question.urgency
    able = tuple(one for one in roster.reachable(question.team, urgency, now) if one != passed_by)
    on_duty = roster.on_duty(question.team, now)
    duty = [staff_id for staff_id in able if staff_id in on_duty]
    match alert:
        case "everyone":
            found = (duty or able[:1])[:MOST_AT_ONCE]
        case "primary":
            found = able[:1]
        case "secondary":
            found = able[1:2] or able[:1]
        case "round_robin":
            found = [roster.least_recently_rung(duty or able)] if able else []
        case staff_id:
            named = (staff_id,) if staff_id != passed_by else ()
            found = roster.only_reachable(named, question.team, urgency, now) or able[:1]
    return tuple(found) or (roster.config.last_resort,)


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


def _held_until(question: Question, roster: Roster) -> datetime | None:
    """Return until when the claim binds; one of somebody who has left binds nobody."""
    return question.claimed_until if question.owner in roster.config.staff else None


def _owner_has_until(conversation: Conversation, question: Question, roster: Roster, now: datetime) -> datetime | None:
    """Return until when its owner, told of news, still has the question; None when they have it no more."""
    if question.owner not in roster.config.staff:
        return None
    soon = now + UNDELIVERED_AFTER
    until = question.claimed_until or soon
    if question.state is QuestionState.ANSWERING and _under_way(conversation, now):
        until = max(until, soon)
    return until if until > now else None


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
        question,
        state=QuestionState.OPEN,
        owner="",
        handed_to="",
        claimed_until=None,
        remind_at=None,
        unseen=False,
        position=0,
    )


def _news(conversation: Conversation, question: Question, until: datetime, now: datetime) -> Ring:
    seen = replace(question, unseen=False)
    then = attention_at(seen, now=now) if seen.state is QuestionState.CLAIMED else until
    return _ring(conversation, seen, (question.owner,), "news", now, claim_by=until, then=then or until)


def _remind(conversation: Conversation, reminder: Reminder, noted: Question, now: datetime) -> Ring:
    then = attention_at(noted, now=now) or reminder.by
    ring = _ring(
        conversation, noted, (noted.owner,), f"reminded_of_{reminder.of}", now, claim_by=reminder.by, then=then
    )
    return replace(ring, reminder=reminder)


def _next_step(conversation: Conversation, question: Question, roster: Roster, kind: str, now: datetime) -> Ring:
    handed = question.handed_to
    if handed and roster.why_not(handed, question.team, question.urgency, now):
        question = replace(question, handed_to="", position=0)
        handed = ""
    round_, number = divmod(max(question.position - (HANDED_ALONE if handed else 0), 0), len(question.steps))
    step = question.steps[number]
    if handed and question.position < HANDED_ALONE:
        staff_ids: tuple[str, ...] = (handed,)
    else:
        passed_by = _passed_by(conversation)
        called = recipients(step.alert, question, roster, now=now, passed_by=passed_by)
        last = (roster.config.last_resort,) if number == 0 and round_ >= question.last_resort_after else ()
        everybody = _each_once(((handed,) if handed else ()), called, last)
        staff_ids = tuple(one for one in everybody if one != passed_by) or everybody
    taken = replace(question, position=question.position + 1)
    claim_by = passed_at(roster.config, question.team, now, step.wait, business=step.business)
    kind = "rung_by_hand_over" if handed else kind
    return _ring(conversation, taken, staff_ids, kind, now, claim_by=claim_by, then=claim_by)


def _passed_by(conversation: Conversation) -> str:
    """Return who passed the question on since it last rang, or ""."""
    last = max(reversed(conversation.events), key=lambda event: event.at, default=None)
    return last.by if last is not None and last.kind == "passed_on" else ""


def _each_once(*groups: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(staff_id for group in groups for staff_id in group))


def _ring(
    conversation: Conversation,
    question: Question,
    staff_ids: tuple[str, ...],
    kind: str,
    now: datetime,
    *,
    claim_by: datetime,
    then: datetime,
) -> Ring:
    step = question.step + 1
    lost = [alert for alert in conversation.alerts if alert.state is AlertState.SENDING]
    alerts = [replace(alert, state=AlertState.UNKNOWN) for alert in lost]
    question = replace(question, step=step, version=question.version + 1, next_action_at=now + SETTLE)
    detail = f"step {step}: {', '.join(staff_ids)}"
    event = Event(question_id=question.question_id, kind=kind, by=BY_US, at=now, detail=detail)
    return Ring(
        change=Change(question=question, messages=kept(conversation, then), alerts=tuple(alerts), events=(event,)),
        staff_ids=staff_ids,
        claim_by=claim_by,
        then=then,
        reason=f"{detail}, then until {claim_by:%Y-%m-%d %H:%M} UTC for a claim",
    )


def alerts_of(ring: Ring, roster: Roster, *, now: datetime) -> tuple[Alert, ...]:
    """Return the alerts to store before the first living contact of everybody in *ring* is tried."""
    return tuple(
        Alert(
            question_id=ring.change.question.question_id,
            step=ring.change.question.step,
            staff_id=staff_id,
            contact=contacts_of(staff_id, roster)[0],
            state=AlertState.SENDING,
            at=now,
        )
        for staff_id in ring.staff_ids
    )


def contacts_of(staff_id: str, roster: Roster) -> tuple[str, ...]:
    """Return the contacts to try for *staff_id*, in order: the living ones, or all when none is known to live."""
    member = roster.config.staff[staff_id]
    pager = roster.pagers.get(staff_id)
    return (live_contacts(member, pager) if pager else ()) or member.alert_by
