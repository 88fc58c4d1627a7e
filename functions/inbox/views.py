"""What the pages show of a question: plain values, worded and ordered, for the templates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from functions.inbox import duty, ringing, words
from switchboard.domain.escalation import BY_US
from switchboard.domain.handling import LONGEST, holder, why_unanswerable
from switchboard.domain.question import QuestionState
from switchboard.domain.vocabulary import Urgency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from switchboard.config import AutomationConfig
    from switchboard.domain.message import Message
    from switchboard.domain.question import Answer, Conversation, Question
    from switchboard.domain.roster import Roster

_ORDER = tuple(Urgency)
_LATEST = datetime.max.replace(tzinfo=UTC)
_PRIVATE = {"direct_message", "form"}
_REOPENABLE = {QuestionState.ANSWERED_ELSEWHERE, QuestionState.CLOSED, QuestionState.NO_ANSWER_NEEDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message or answer of the conversation."""

    ours: bool
    who: str
    at: datetime
    clock: str
    text: str
    gone: bool = False
    edited: bool = False
    attachments: str = ""
    permalink: str = ""
    delivery: str = ""
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A question in the list, and the head of its own page."""

    question_id: str
    ref: str
    channel: str
    platform: str
    urgency: str
    urgency_words: str
    category: str
    reason: str
    status: str
    mine: bool
    unfinished: bool
    answer_by: str
    late: bool
    ringing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question's own page: what may be done, and *shut*: why it cannot be answered here.

    *alarms* are said loudly; *reply_by* is until when the platform takes an answer; *done* is what the visitor just
    did; *passes_to* is who is rung if they pass it on.
    """

    card: Card
    alarms: tuple[str, ...]
    reply_by: str
    done: str
    lines: tuple[Line, ...]
    history: tuple[tuple[str, str], ...]
    claim: str
    passes_to: str
    may_act: bool
    may_answer: bool
    shut: str
    longest: int
    readers: str
    in_reply_to: str
    others: tuple[tuple[str, tuple[duty.Choice, ...]], ...]
    close_reasons: tuple[tuple[str, str], ...]
    zone: str


def names_of(config: AutomationConfig) -> dict[str, str]:
    """Return the staff's names by id."""
    return {staff_id: member.name for staff_id, member in config.staff.items()}


def zone_of(question: Question, config: AutomationConfig) -> str:
    """Return the zone in which alerts and pages tell this question's times: its team's."""
    return config.zone_of(question.team) if question.team in config.teams else config.zone


def in_order(questions: Sequence[Question], staff_id: str) -> list[Question]:
    """Return *questions*: emergencies that nobody has, those of *staff_id*, then by urgency, then by deadline."""
    return sorted(
        questions,
        key=lambda question: (
            question.urgency is not Urgency.EMERGENCY or bool(question.owner),
            staff_id not in (question.owner, question.handed_to),
            _ORDER.index(question.urgency),
            question.answer_by or _LATEST,
        ),
    )


def counted(cards: Sequence[Card], waiting: int) -> str:
    """Return how many questions wait, and how many of *cards* are emergencies, overdue, or one's own."""
    parts = [
        (sum(card.urgency == "emergency" for card in cards), "emergency", "emergencies"),
        (sum(card.late for card in cards), "overdue", "overdue"),
        (sum(card.mine for card in cards), "yours", "yours"),
    ]
    told = ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in parts if count)
    return f"{waiting} {'question waits' if waiting == 1 else 'questions wait'}" + (f": {told}." if told else ".")


def card(question: Question, roster: Roster, staff_id: str, *, now: datetime) -> Card:
    """Return *question* as *staff_id* sees it at *now*."""
    config = roster.config
    zone, names = zone_of(question, config), names_of(config)
    call = ringing.next_call_of(question, roster, now=now) if question.state is QuestionState.OPEN else None
    answer_by = question.answer_by if question.unfinished else None
    return Card(
        question_id=question.question_id,
        ref=question.ref,
        channel=question.channel,
        platform=words.platform(question.platform),
        urgency=question.urgency.value,
        urgency_words=words.plain(question.urgency.value),
        category=words.plain(question.category.value),
        reason=question.reason,
        status=_status(question, names, staff_id, zone, now),
        mine=holder(question, now) == staff_id,
        unfinished=question.unfinished,
        answer_by=words.deadline(answer_by, now, zone) if answer_by else "",
        late=answer_by is not None and answer_by <= now,
        ringing=ringing.next_said(question, call, names, staff_id, zone, now),
    )


def view(conversation: Conversation, question: Question, roster: Roster, me: str, *, now: datetime) -> QuestionView:
    """Return the page of *question*, which is the one of *conversation*, as *me* sees it at *now*."""
    config = roster.config
    zone, names = zone_of(question, config), names_of(config)
    alive = [message.message_id for message in conversation.theirs if message.change != "removed"]
    free = holder(question, now) in ("", me)
    may_act = question.unfinished and free and question.state is not QuestionState.ANSWERING
    shut = why_unanswerable(question.platform) or ("" if alive else "The author has removed everything they wrote.")
    lines = [
        *(_message(message, now, zone) for message in conversation.messages),
        *(_answer(answer, names, now, zone) for answer in conversation.answers),
    ]
    call = ringing.next_call(conversation, roster, now=now)
    told = ringing.said(conversation, call, names, me, zone, now)
    passes_to = ringing.after_passing_on(conversation, roster, me, now=now) if may_act else ()
    return QuestionView(
        card=replace(card(question, roster, me, now=now), ringing=told),
        alarms=_alarms(question, zone, now),
        reply_by=_reply_by(question, zone, now),
        done=_done(conversation, question, me, zone, now),
        lines=tuple(sorted(lines, key=attrgetter("at"))),
        history=_history(conversation, roster, zone, now),
        claim=_claim(question, me, now),
        passes_to=ringing.people(passes_to, names, me) if passes_to else "",
        may_act=may_act,
        may_answer=may_act and not shut,
        shut=shut if may_act else "",
        longest=LONGEST.get(question.platform, 0),
        readers="they" if question.kind in _PRIVATE else "everybody",
        in_reply_to=alive[-1] if alive else "",
        others=duty.choices(question, roster, me, now=now),
        close_reasons=tuple(words.CLOSE_REASONS.items()),
        zone=zone,
    )


def _alarms(question: Question, zone: str, now: datetime) -> tuple[str, ...]:
    """Return what is over: our own deadline, and the platform's."""
    if not question.unfinished:
        return ()
    said: list[str] = []
    if question.reply_by and question.reply_by <= now:
        over = words.clock(question.reply_by, now, zone)
        where = words.platform(question.platform)
        said.append(f"{where} takes no answer any more, since {over}. Reach them another way, or look there.")
    elif question.answer_by and question.answer_by <= now:
        due = words.clock(question.answer_by, now, zone)
        said.append(f"Overdue: it should have been answered by {due}, {words.span(now - question.answer_by)} ago.")
    return tuple(said)


def _reply_by(question: Question, zone: str, now: datetime) -> str:
    if question.reply_by is None or question.reply_by <= now or not question.unfinished:
        return ""
    return f"{words.platform(question.platform)} takes an answer until {words.deadline(question.reply_by, now, zone)}"


def _done(conversation: Conversation, question: Question, me: str, zone: str, now: datetime) -> str:
    """Return what *me* did with an open question last, if nobody did anything since but ringing."""
    if question.state is not QuestionState.OPEN:
        return ""
    mine = next((event for event in reversed(conversation.events) if event.by != BY_US), None)
    if mine is None or mine.by != me or mine.kind != "passed_on":
        return ""
    return f"You passed it on at {words.clock(mine.at, now, zone)}. The next person is rung at once."


def _history(conversation: Conversation, roster: Roster, zone: str, now: datetime) -> tuple[tuple[str, str], ...]:
    """Return the audit trail and what became of each alert, in the order in which it happened."""
    names = names_of(roster.config)
    told = [(event.at, words.happened(event, names)) for event in conversation.events]
    told += [(alert.at, ringing.alert_said(alert, roster, names)) for alert in conversation.alerts]
    return tuple((words.clock(at, now, zone), what) for at, what in sorted(told, key=itemgetter(0)))


def _status(question: Question, names: dict[str, str], me: str, zone: str, now: datetime) -> str:
    who = "you" if question.owner == me else words.person(question.owner, names)
    by = holder(question, now)
    until = f", until {words.clock(question.claimed_until, now, zone)}" if question.claimed_until else ""
    match question.state:
        case QuestionState.ANSWERED:
            return f"Answered by {who}" if question.owner else "Answered"
        case QuestionState.ANSWERED_ELSEWHERE:
            return f"Answered on {words.platform(question.platform)} itself"
        case QuestionState.CLOSED | QuestionState.NO_ANSWER_NEEDED:
            return "Closed" if question.state is QuestionState.CLOSED else "Needs no answer"
        case QuestionState.ANSWERING:
            return "Your answer is on its way" if by == me else f"The answer of {who} is on its way"
        case _ if by == me:
            return f"You have it{until}"
        case _ if by:
            return f"{who} has it{until}"
        case _ if question.handed_to:
            to = "you" if question.handed_to == me else words.person(question.handed_to, names)
            return f"Handed over to {to}; not claimed yet"
        case _:
            return "Nobody has it yet"


def _claim(question: Question, me: str, now: datetime) -> str:
    """Return what the button says with which *me* may claim, or ""."""
    if question.state in _REOPENABLE:
        return "Open it again and claim it"
    if question.state in (QuestionState.ANSWERED, QuestionState.ANSWERING):
        return ""
    return {"": "Claim it", me: "Keep it longer"}.get(holder(question, now), "")


def _message(message: Message, now: datetime, zone: str) -> Line:
    gone = message.change == "removed"
    return Line(
        ours=message.by_us,
        who=_who(message, gone=gone),
        at=message.sent_at,
        clock=words.clock(message.sent_at, now, zone),
        text="" if gone else message.text,
        gone=gone,
        edited=message.change == "edited",
        attachments="" if gone else words.attachments(message.attachments),
        permalink=message.permalink if message.permalink.startswith("https://") and not gone else "",
    )


def _who(message: Message, *, gone: bool) -> str:
    if message.by_us:
        return f"We, on {words.platform(message.platform)} itself"
    return "The author" if gone else message.author_name or "Name not given"


def _answer(answer: Answer, names: dict[str, str], now: datetime, zone: str) -> Line:
    return Line(
        ours=True,
        who=words.person(answer.staff_id, names),
        at=answer.created_at,
        clock=words.clock(answer.created_at, now, zone),
        text=answer.text,
        delivery=words.delivery(answer, now, zone),
        failed=answer.state.value == "failed",
    )
