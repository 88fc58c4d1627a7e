"""What the pages show of a question: plain values, worded and ordered, for the templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from typing import TYPE_CHECKING

from functions.inbox import words
from switchboard.domain.handling import LONGEST, holder, why_unanswerable
from switchboard.domain.question import QuestionState
from switchboard.domain.vocabulary import Urgency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from switchboard.config import AutomationConfig
    from switchboard.domain.message import Message
    from switchboard.domain.question import Answer, Conversation, Question

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


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question's own page: what may be done, and *shut*: why it cannot be answered here."""

    card: Card
    lines: tuple[Line, ...]
    history: tuple[tuple[str, str], ...]
    claim: str
    may_act: bool
    may_answer: bool
    shut: str
    longest: int
    readers: str
    in_reply_to: str
    others: tuple[tuple[str, str], ...]
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


def card(question: Question, config: AutomationConfig, staff_id: str, *, now: datetime) -> Card:
    """Return *question* as *staff_id* sees it at *now*."""
    zone = zone_of(question, config)
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
        status=_status(question, names_of(config), staff_id, zone, now),
        mine=holder(question, now) == staff_id,
        unfinished=question.unfinished,
        answer_by=words.deadline(answer_by, now, zone) if answer_by else "",
        late=answer_by is not None and answer_by <= now,
    )


def view(
    conversation: Conversation, question: Question, config: AutomationConfig, me: str, *, now: datetime
) -> QuestionView:
    """Return the page of *question*, which is the one of *conversation*, as *me* sees it at *now*."""
    zone, names = zone_of(question, config), names_of(config)
    alive = [message.message_id for message in conversation.theirs if message.change != "removed"]
    free = holder(question, now) in ("", me)
    may_act = question.unfinished and free and question.state is not QuestionState.ANSWERING
    shut = why_unanswerable(question.platform) or ("" if alive else "The author has removed everything they wrote.")
    lines = [
        *(_message(message, now, zone) for message in conversation.messages),
        *(_answer(answer, names, now, zone) for answer in conversation.answers),
    ]
    return QuestionView(
        card=card(question, config, me, now=now),
        lines=tuple(sorted(lines, key=attrgetter("at"))),
        history=tuple(
            (words.clock(event.at, now, zone), words.happened(event, names)) for event in conversation.events
        ),
        claim=_claim(question, me, now),
        may_act=may_act,
        may_answer=may_act and not shut,
        shut=shut if may_act else "",
        longest=LONGEST.get(question.platform, 0),
        readers="they" if question.kind in _PRIVATE else "everybody",
        in_reply_to=alive[-1] if alive else "",
        others=tuple((staff_id, name) for staff_id, name in names.items() if staff_id != me),
        close_reasons=tuple(words.CLOSE_REASONS.items()),
        zone=zone,
    )


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
