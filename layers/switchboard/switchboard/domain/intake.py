"""Taking messages in: what new messages, edits and removals make of a question.

The outcome depends on what is stored, never on the order in which it came: an edit that overtook its message makes
the same question as one that came after it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from switchboard.domain.filing import ready
from switchboard.domain.platform import PLATFORMS
from switchboard.domain.question import AnswerState, Change, Event, Question, QuestionState
from switchboard.domain.roster import Roster
from switchboard.domain.routing import Asked, route
from switchboard.domain.triage import triage
from switchboard.domain.vocabulary import Urgency

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.message import Message
    from switchboard.domain.question import Answer, Conversation
    from switchboard.domain.triage import OwnRule, Triage

BY_US = "switchboard"
AT_ONCE = 20
"""How many pending messages are taken in by one change (DynamoDB writes 100 items at once, and each message may need
four); what is left is due at once and comes next."""

ECHO_SKEW = timedelta(minutes=2)
"""So much the platform's clock may be behind ours when it tells of our own answer."""

_ORDER = tuple(Urgency)


def take_in(
    conversation: Conversation, config: AutomationConfig, *, now: datetime, roster: Roster | None = None
) -> Change | None:
    """Return what the pending messages change, or None when there are none.

    A message that needs an answer opens the question, or opens it again; one for a question that somebody has
    claimed leaves the claim and rings its owner; a more urgent one routes the question anew. What our own account
    wrote in the platform's app answers it.
    """
    pending = ready(conversation, now=now)[:AT_ONCE]
    if not pending:
        return None
    echoes = [message for message in pending if is_echo(message, conversation.answers)]
    known = {message.message_id: message for message in conversation.messages}
    read = dict(known)
    for message in sorted(pending, key=_sequence):
        if message not in echoes:
            read[message.message_id] = _as_it_reads(read.get(message.message_id), message)
    changed = [message for message_id, message in read.items() if known.get(message_id) != message]
    roster = roster or Roster(config=config)
    question, kinds = _question_after(conversation.question, changed, list(read.values()) or echoes, roster, now)
    kinds += [("echo_of_answer", echo.message_id) for echo in echoes]
    return Change(
        question=question,
        messages=tuple(changed),
        settled=(*(message for message in pending if message.change != "new"), *echoes),
        filed=tuple(message for message in changed if message.message_id not in known),
        events=tuple(
            Event(question_id=conversation.question_id, kind=kind, by=BY_US, at=now, detail=detail)
            for kind, detail in kinds
        ),
    )


def is_echo(message: Message, answers: Iterable[Answer]) -> bool:
    """Whether *message* tells of one of our *answers*: by its id, or by its words while the id is not known yet."""
    if not message.by_us or message.change != "new":
        return False
    return any(
        answer.platform_id == message.message_id
        if answer.platform_id
        else answer.state is AnswerState.SENDING
        and answer.attempted_at is not None
        and message.sent_at >= answer.attempted_at - ECHO_SKEW
        and message.text.split() == answer.text.split()
        for answer in answers
    )


def _sequence(message: Message) -> tuple[bool, datetime]:
    return message.change != "new", message.changed_at or message.sent_at


def _as_it_reads(before: Message | None, message: Message) -> Message:
    """Return the message as it reads after one more of new, edited and removed; a removal is final."""
    if message.change == "removed":
        first = before or message
        return replace(
            message,
            text="",
            author_name="",
            author_id=message.author_id or first.author_id,
            by_us=first.by_us,
            attachments=(),
            sent_at=first.sent_at,
        )
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
    roster: Roster,
    now: datetime,
) -> tuple[Question, list[tuple[str, str]]]:
    theirs = [message for message in everything if not message.by_us]
    alive = [message for message in changed if message.change != "removed" and not message.by_us]
    if question is None:
        question, events = _new(theirs or everything, now), []
    else:
        question = _of_author(question, theirs)
        events = [("message_taken_in", message.message_id) for message in changed]
    question = replace(
        question,
        version=question.version + 1,
        last_message_at=_latest(everything),
        reply_by=_reply_by(question, theirs),
        expires_at=_longest_kept(question, everything),
    )
    if question.unfinished and theirs and all(message.change == "removed" for message in theirs):
        return _finished(question, QuestionState.CLOSED), [*events, ("removed_by_author", "")]
    elsewhere = _answered_elsewhere(everything, roster.config.conversations.instant_reply_within)
    if elsewhere in changed and question.unfinished and question.state is not QuestionState.ANSWERING:
        return _answered(question, elsewhere, events)
    if not alive:
        return question, events
    verdict = _most_urgent(alive, roster.config.triage.rules)
    if not verdict.needs_answer:
        if question.version == 1:
            question = replace(question, category=verdict.category, urgency=verdict.urgency, reason=verdict.reason)
            events = [*events, ("no_answer_needed", verdict.reason)]
        return question, events
    if question.unfinished:
        return _more(question, verdict, roster, now, events)
    if elsewhere is not None:
        return _answered(_routed(question, verdict, roster, now), elsewhere, events)
    return _opened(question, verdict, roster, now, events)


def _finished(question: Question, state: QuestionState) -> Question:
    return replace(question, state=state, handed_to="", claimed_until=None, unseen=False, next_action_at=None)


def _answered_elsewhere(messages: Sequence[Message], instant: timedelta | None) -> Message | None:
    """Return what our account wrote in the platform's app, if nobody outside wrote anything after it.

    What came within *instant* of a message is an automatic reply: it answers nobody.
    """
    theirs = [message for message in messages if not message.by_us and message.change != "removed"]
    ours = [
        message
        for message in messages
        if message.by_us
        and message.change != "removed"
        and message.changed_at != message.sent_at  # an edit of something that we never saw is no answer
        and not (instant and any(timedelta(0) <= message.sent_at - their.sent_at < instant for their in theirs))
    ]
    last = max(ours, key=_said_at, default=None)
    if last is None or any(_said_at(message) > last.sent_at for message in theirs):
        return None
    return last


def _said_at(message: Message) -> datetime:
    return message.changed_at or message.sent_at


def _answered(
    question: Question, elsewhere: Message | None, events: list[tuple[str, str]]
) -> tuple[Question, list[tuple[str, str]]]:
    named = elsewhere.message_id if elsewhere else ""
    return _finished(question, QuestionState.ANSWERED_ELSEWHERE), [*events, ("answered_elsewhere", named)]


def _opened(
    question: Question, verdict: Triage, roster: Roster, now: datetime, events: list[tuple[str, str]]
) -> tuple[Question, list[tuple[str, str]]]:
    """Return the question opened: for the first time, again for whoever had it, or as the next one, by config."""
    rule = roster.config.conversations
    again = question.version > 1 and rule.after_closing == "reopen" and now - question.opened_at <= rule.reopen_within
    opened = _routed(replace(question, opened_at=now), verdict, roster, now)
    if again:
        return replace(opened, handed_to=_who_had(question, opened, roster, now)), [
            *events,
            ("reopened", opened.reason),
        ]
    finished = question.version > 1 and question.state is not QuestionState.NO_ANSWER_NEEDED
    return replace(opened, number=question.number + finished), [*events, ("opened", opened.reason)]


def _who_had(question: Question, opened: Question, roster: Roster, now: datetime) -> str:
    """Return who is rung first: whoever had the question, if they are on duty and it is no emergency."""
    if question.owner not in roster.on_duty(opened.team, now) or opened.urgency is Urgency.EMERGENCY:
        return ""
    return question.owner


def _of_author(question: Question, theirs: Sequence[Message]) -> Question:
    """Return the question with its author, who may have written only after an echo of ours came in."""
    authors = [message for message in theirs if message.author_id]
    if not authors or any(message.author_id == question.author_id for message in authors):
        return question
    return replace(question, author_id=authors[0].author_id, kind=authors[0].kind, platform=authors[0].platform)


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
    question: Question, verdict: Triage, roster: Roster, now: datetime, events: list[tuple[str, str]]
) -> tuple[Question, list[tuple[str, str]]]:
    """Return what one more message makes of an unfinished question: its owner is rung, or whoever is next.

    A claim lasts no longer than one of the new urgency would: an emergency does not wait a day for its owner.
    """
    if _ORDER.index(verdict.urgency) < _ORDER.index(question.urgency):
        rerouted = _routed(question, verdict, roster, now)
        if question.state is not QuestionState.OPEN:
            until = now + roster.config.claims.lasting(verdict.urgency)
            until = min(question.claimed_until or until, until)
            rerouted = replace(rerouted, state=question.state, unseen=True, owner=question.owner, claimed_until=until)
        return rerouted, [*events, ("more_urgent", rerouted.reason)]
    if question.state is QuestionState.OPEN:
        return question, events
    return replace(question, unseen=True, next_action_at=now), events


def _routed(question: Question, verdict: Triage, roster: Roster, now: datetime) -> Question:
    asked = Asked(
        channel=question.channel,
        platform=question.platform,
        category=verdict.category,
        urgency=verdict.urgency,
        language=verdict.language,
        at=now,
    )
    routed = route(roster.config, asked)
    return replace(
        question,
        state=QuestionState.OPEN,
        category=verdict.category,
        urgency=verdict.urgency,
        language=verdict.language,
        reason=f"{verdict.reason} {routed.reason}",
        team=routed.team,
        steps=routed.steps,
        last_resort_after=routed.last_resort_after,
        position=0,
        owner="",
        answer_by=min(routed.answer_by, question.reply_by or routed.answer_by),
        deadline_told=False,
        next_action_at=now,
    )


def _most_urgent(messages: Iterable[Message], own: Sequence[OwnRule]) -> Triage:
    verdicts = [triage(message.text, kind=message.kind, own=own) for message in messages]
    return min(verdicts, key=lambda verdict: (not verdict.needs_answer, _ORDER.index(verdict.urgency)))


def _reply_by(question: Question, theirs: Sequence[Message]) -> datetime | None:
    """Return when the platform takes no direct answer any more, if it says so: it counts from the last words."""
    found = PLATFORMS.get(question.platform)
    written = [message.sent_at for message in theirs if message.change != "removed"]
    if found is None or found.reply_within is None or question.kind != "direct_message" or not written:
        return None
    return max(written) + found.reply_within


def _latest(messages: Iterable[Message]) -> datetime:
    return max(message.sent_at for message in messages)


def _longest_kept(question: Question, messages: Iterable[Message]) -> datetime | None:
    """Return when the newest of the conversation expires: till then its question and its trail are kept too."""
    moments = [moment for moment in (question.expires_at, *(m.expires_at for m in messages)) if moment is not None]
    return max(moments, default=None)
