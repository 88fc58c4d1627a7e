"""Taking messages in: what new messages, edits and removals make of a question.

The outcome depends on what is stored, never on the order in which it came: an edit that overtook its message makes
the same question as one that came after it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from switchboard.domain.question import Change, Event, Question, QuestionState
from switchboard.domain.routing import route
from switchboard.domain.triage import triage
from switchboard.domain.vocabulary import Urgency

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.message import Message
    from switchboard.domain.question import Conversation
    from switchboard.domain.triage import Triage

BY_US = "switchboard"
AT_ONCE = 25
"""How many pending messages are taken in by one change (DynamoDB writes 100 items at once, and each message may need
three); what is left is due at once and comes next."""

_ORDER = tuple(Urgency)


def take_in(conversation: Conversation, config: AutomationConfig, *, now: datetime) -> Change | None:
    """Return what the pending messages change, or None when there are none.

    A message that needs an answer opens the question, or opens it again; one for a question that somebody has
    claimed leaves the claim and rings its owner; a more urgent one routes the question anew.
    """
    pending = conversation.pending[:AT_ONCE]
    if not pending:
        return None
    known = {message.message_id: message for message in conversation.messages}
    read = dict(known)
    for message in sorted(pending, key=_sequence):
        read[message.message_id] = _as_it_reads(read.get(message.message_id), message)
    changed = [message for message_id, message in read.items() if known.get(message_id) != message]
    question, kinds = _question_after(conversation.question, changed, list(read.values()), config, now)
    return Change(
        question=question,
        messages=tuple(changed),
        settled=tuple(message for message in pending if message.change != "new"),
        events=tuple(
            Event(question_id=conversation.question_id, kind=kind, by=BY_US, at=now, detail=detail)
            for kind, detail in kinds
        ),
    )


def _sequence(message: Message) -> tuple[bool, datetime]:
    return message.change != "new", message.changed_at or message.sent_at


def _as_it_reads(before: Message | None, message: Message) -> Message:
    """Return the message as it reads after one more of new, edited and removed; a removal is final."""
    if message.change == "removed":
        return replace(message, text="", author_name="", attachments=(), sent_at=(before or message).sent_at)
    if before is None:
        return message
    if before.change == "removed" or message.change == "new":
        return before
    if before.changed_at and message.changed_at and before.changed_at >= message.changed_at:
        return before
    return replace(message, sent_at=before.sent_at, author_name=message.author_name or before.author_name)


def _question_after(
    question: Question | None,
    changed: Sequence[Message],
    everything: Sequence[Message],
    config: AutomationConfig,
    now: datetime,
) -> tuple[Question, list[tuple[str, str]]]:
    alive = [message for message in changed if message.change != "removed"]
    if question is None:
        question, events = _new(everything, now), []
    else:
        events = [("message_taken_in", message.message_id) for message in changed]
    question = replace(
        question,
        version=question.version + 1,
        last_message_at=_latest(everything),
        expires_at=_longest_kept(question, everything),
    )
    if question.unfinished and all(message.change == "removed" for message in everything):
        closed = replace(
            question,
            state=QuestionState.CLOSED,
            handed_to="",
            claimed_until=None,
            unseen=False,
            next_action_at=None,
        )
        return closed, [*events, ("removed_by_author", "")]
    if not alive:
        return question, events
    verdict = _most_urgent(alive)
    if not verdict.needs_answer:
        if question.version == 1:
            question = replace(question, category=verdict.category, urgency=verdict.urgency, reason=verdict.reason)
            events = [*events, ("no_answer_needed", verdict.reason)]
        return question, events
    if question.unfinished:
        return _more(question, verdict, config, now, events)
    opened = _routed(replace(question, opened_at=now), verdict, config, now)
    return opened, [*events, ("opened" if question.version == 1 else "reopened", opened.reason)]


def _new(messages: Sequence[Message], now: datetime) -> Question:
    first = messages[0]
    return Question(
        question_id=first.question_id,
        channel=first.channel,
        platform=first.platform,
        kind=first.kind,
        thread_id=first.thread_id,
        author_id=first.author_id,
        state=QuestionState.NO_ANSWER_NEEDED,
        opened_at=now,
        last_message_at=now,
        expires_at=first.expires_at,
    )


def _more(
    question: Question, verdict: Triage, config: AutomationConfig, now: datetime, events: list[tuple[str, str]]
) -> tuple[Question, list[tuple[str, str]]]:
    """Return what one more message makes of an unfinished question: its owner is rung, or whoever is next.

    A claim lasts no longer than one of the new urgency would: an emergency does not wait a day for its owner.
    """
    if _ORDER.index(verdict.urgency) < _ORDER.index(question.urgency):
        rerouted = _routed(question, verdict, config, now)
        if question.state is not QuestionState.OPEN:
            until = now + config.claims.lasting(verdict.urgency)
            until = min(question.claimed_until or until, until)
            rerouted = replace(rerouted, state=question.state, unseen=True, owner=question.owner, claimed_until=until)
        return rerouted, [*events, ("more_urgent", rerouted.reason)]
    if question.state is QuestionState.OPEN:
        return question, events
    return replace(question, unseen=True, next_action_at=now), events


def _routed(question: Question, verdict: Triage, config: AutomationConfig, now: datetime) -> Question:
    routed = route(
        config,
        channel=question.channel,
        platform=question.platform,
        category=verdict.category,
        urgency=verdict.urgency,
        language=verdict.language,
    )
    return replace(
        question,
        state=QuestionState.OPEN,
        category=verdict.category,
        urgency=verdict.urgency,
        language=verdict.language,
        reason=f"{verdict.reason} {routed.reason}",
        team=routed.team,
        steps=routed.steps,
        position=0,
        owner="",
        answer_by=now + routed.answer_within,
        next_action_at=now,
    )


def _most_urgent(messages: Iterable[Message]) -> Triage:
    verdicts = [triage(message.text, kind=message.kind) for message in messages]
    return min(verdicts, key=lambda verdict: (not verdict.needs_answer, _ORDER.index(verdict.urgency)))


def _latest(messages: Iterable[Message]) -> datetime:
    return max(message.sent_at for message in messages)


def _longest_kept(question: Question, messages: Iterable[Message]) -> datetime | None:
    """Return when the newest of the conversation expires: till then its question and its trail are kept too."""
    moments = [moment for moment in (question.expires_at, *(m.expires_at for m in messages)) if moment is not None]
    return max(moments, default=None)
