"""What comes next for an answer on its way out, and for a post whose time has come; and what an outcome makes of them.

Both go out at most once: the intent is stored before anything is sent, and whatever may have arrived is looked up
before it is sent again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, assert_never

from switchboard.domain.post import Hold, PostState
from switchboard.domain.question import AnswerState, Change, Event, QuestionState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from switchboard.domain.post import Post
    from switchboard.domain.question import Answer, Conversation, Question

BY_US = "switchboard"

SETTLE = timedelta(minutes=2)
"""So long a request may still be under way; every function that sends is over well before."""

GIVE_UP_AFTER = timedelta(hours=24)
"""So long an answer is tried. Messenger closes its window then, and the question would be opened again."""

TOO_LATE = timedelta(minutes=60)
"""A post that is later than this needs a person to choose a new time."""

MEND_WAIT = timedelta(minutes=10)
"""So long to wait when a person must mend something: a dead token, a channel that is not in the config."""

APART = timedelta(minutes=3)
"""So far apart two posts with one text go out on a channel, so that each can be told from the other."""

_WAITS = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 600))


class Action(StrEnum):
    """What to do next; `look` asks the platform whether it is there already."""

    NOTHING = "nothing"
    SEND = "send"
    LOOK = "look"
    GIVE_UP = "give_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do next, and why."""

    action: Action
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """It is on the platform, under *platform_id*."""

    platform_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The platform will never take it; *reason* is a sentence for a person."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotYet:
    """It was not done; it may be tried again after *wait*, or when the usual time has passed."""

    reason: str
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """It may have been done."""


Outcome = Delivered | Refused | NotYet | Unknown


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after so many *attempts*: 30 s, 1, 2, 5, then 10 minutes."""
    return _WAITS[min(max(attempts, 1), len(_WAITS)) - 1]


# --- answers -----------------------------------------------------------------------------------------------------


def next_for_answer(answer: Answer, *, now: datetime, missing: bool = False) -> Decision:
    """Return what to do with *answer* at *now*; *missing* says that the platform was asked and has it not."""
    if answer.state in (AnswerState.SENT, AnswerState.FAILED):
        return Decision(action=Action.NOTHING, reason=f"It is {answer.state}.")
    if answer.attempts and (answer.next_action_at is None or answer.next_action_at > now):
        return Decision(action=Action.NOTHING, reason="Its next attempt is not due.")
    if answer.attempts and not missing:
        return Decision(action=Action.LOOK, reason="It was tried before and may have arrived.")
    if now - answer.created_at >= GIVE_UP_AFTER:
        return Decision(action=Action.GIVE_UP, reason="It could not be delivered within 24 hours.")
    if answer.state is AnswerState.SENDING and answer.attempted_at is not None and now - answer.attempted_at < SETTLE:
        return Decision(action=Action.NOTHING, reason="Another process may still be sending it.")
    return Decision(action=Action.SEND, reason="It is due, and not on the platform.")


def sending(conversation: Conversation, question: Question, answer: Answer, *, now: datetime) -> Change:
    """Return the intent to send *answer*, to be stored before it is sent: among several processes one can store it."""
    attempts = answer.attempts + 1
    sent = replace(
        answer,
        state=AnswerState.SENDING,
        attempts=attempts,
        attempted_at=now,
        next_action_at=now + max(SETTLE, backoff(attempts)),
    )
    return _change(conversation, question, sent)


def answered(
    conversation: Conversation,
    question: Question,
    answer: Answer,
    outcome: Outcome,
    *,
    now: datetime,
    lasting: timedelta,
) -> Change | None:
    """Return what *outcome* makes of *answer* and of its question, or None when the intent says all there is.

    *lasting* is how long a claim lasts, for a question that stays with its owner because the author wrote more.
    """
    match outcome:
        case Delivered():
            return _delivered(conversation, question, replace(answer, platform_id=outcome.platform_id), now, lasting)
        case Refused():
            return _refused(conversation, question, answer, outcome.reason, now)
        case NotYet():
            wait = outcome.wait or backoff(answer.attempts)
            later = replace(answer, state=AnswerState.PENDING, next_action_at=now + wait, failure=outcome.reason)
            return _change(conversation, question, later)
        case Unknown():
            return None
        case _:
            assert_never(outcome)


def not_looked_up(
    conversation: Conversation, question: Question, answer: Answer, problem: NotYet, *, now: datetime
) -> Change:
    """Return what a look-up that failed makes of *answer*: it stays as unknown as it was, and is looked up later.

    After `GIVE_UP_AFTER` a person has to look.
    """
    if now - answer.created_at >= GIVE_UP_AFTER:
        reason = f"It may have arrived: look there before you answer again. {problem.reason}"
        return _refused(conversation, question, answer, reason, now)
    later = replace(answer, next_action_at=now + (problem.wait or backoff(answer.attempts)), failure=problem.reason)
    return _change(conversation, question, later)


def _delivered(
    conversation: Conversation, question: Question, answer: Answer, now: datetime, lasting: timedelta
) -> Change:
    done = replace(answer, state=AnswerState.SENT, sent_at=now, next_action_at=None, failure="")
    if not question.unfinished:
        return _change(conversation, question, done, _event(answer, "answer_sent", now))
    if not _wrote_more(conversation, answer):
        finished = replace(
            question,
            state=QuestionState.ANSWERED,
            handed_to="",
            claimed_until=None,
            unseen=False,
            next_action_at=None,
        )
        return _change(conversation, finished, done, _event(answer, "answer_sent", now))
    if question.state is QuestionState.ANSWERING:
        until = now + lasting
        question = replace(
            question,
            state=QuestionState.CLAIMED,
            owner=question.owner or answer.staff_id,
            claimed_until=until,
            next_action_at=now if question.unseen else until,
        )
    return _change(conversation, question, done, _event(answer, "answer_sent", now))


def _refused(conversation: Conversation, question: Question, answer: Answer, reason: str, now: datetime) -> Change:
    done = replace(answer, state=AnswerState.FAILED, next_action_at=None, failure=reason)
    if question.state is QuestionState.ANSWERING:
        question = replace(
            question,
            state=QuestionState.OPEN,
            handed_to=question.owner or answer.staff_id,
            owner="",
            claimed_until=None,
            unseen=False,
            next_action_at=now,
        )
    return _change(conversation, question, done, _event(answer, "answer_failed", now))


def _wrote_more(conversation: Conversation, answer: Answer) -> bool:
    """Whether something came in that whoever wrote the answer had not read, taken in already or not.

    They had read up to the message that they answer to: a later one may have been received before the answer was
    written, and taken in only afterwards.
    """
    read = [message.sent_at for message in conversation.messages if message.message_id == answer.in_reply_to]
    return any(
        message.received_at > answer.created_at or any(message.sent_at > sent_at for sent_at in read)
        for message in (*conversation.messages, *conversation.pending)
        if message.change != "removed" and not message.by_us
    )


def _event(answer: Answer, kind: str, now: datetime) -> Event:
    return Event(question_id=answer.question_id, kind=kind, by=BY_US, at=now, detail=answer.answer_id)


def _change(conversation: Conversation, question: Question, answer: Answer, *events: Event) -> Change:
    version = (conversation.question or question).version + 1
    return Change(question=replace(question, version=version), answers=(answer,), events=events)


# --- posts -------------------------------------------------------------------------------------------------------


def next_for_post(post: Post, *, now: datetime, others: Iterable[Post] = (), missing: bool = False) -> Decision:
    """Return what to do with *post* at *now*; *others* are the posts that go out, or just went out, beside it.

    *missing* says that the platform was asked and has it not.
    """
    if post.state not in (PostState.SCHEDULED, PostState.PUBLISHING) or post.publish_at > now:
        return Decision(action=Action.NOTHING, reason=f"It is {post.state}, due {post.publish_at.isoformat()}.")
    if post.attempt_started_at is not None and now < _ready_at(post, post.attempt_started_at):
        return Decision(action=Action.NOTHING, reason="Its next attempt is not due.")
    if post.attempts and not missing:
        return Decision(action=Action.LOOK, reason="It was tried before and may have been published.")
    if now - post.publish_at > TOO_LATE:
        late = _length(now - post.publish_at)
        return Decision(
            action=Action.GIVE_UP,
            reason=f"It is {late} late and was not published; it is a draft now: choose a new time.",
        )
    if any(_confusable(post, other, now) for other in others):
        return Decision(action=Action.NOTHING, reason="The same text is just going out; they go out minutes apart.")
    return Decision(action=Action.SEND, reason="Its time has come.")


def publishing(post: Post, *, now: datetime) -> Post:
    """Return the intent to publish *post*, to be stored before it is sent."""
    return _next_version(post, state=PostState.PUBLISHING, attempts=post.attempts + 1, attempt_started_at=now)


def given_back(post: Post, intent: Post) -> Post:
    """Return *post* as it was before *intent*, which came to nothing: nothing was sent."""
    return replace(post, state=PostState.SCHEDULED, version=intent.version + 1)


def published(post: Post, platform_id: str, *, now: datetime) -> Post:
    """Return *post* as published."""
    return _next_version(post, state=PostState.PUBLISHED, platform_post_id=platform_id, published_at=now)


def in_state(post: Post, state: PostState) -> Post:
    """Return *post* in a *state* in which it waits: for a person, or for its next attempt."""
    return _next_version(post, state=state)


def hold_of(post: Post, *, rule: str, reason: str, evidence: tuple[str, ...] = (), by: str, now: datetime) -> Hold:
    """Return the record of why *post*, as it stands before, is taken out of the queue."""
    return Hold(
        hold_id=f"{post.post_id}-{post.version + 1}",
        post_id=post.post_id,
        channel=post.channel,
        rule=rule,
        reason=reason,
        evidence=evidence,
        snapshot=post,
        held_at=now,
        held_by=by,
    )


def _next_version(post: Post, **fields: Any) -> Post:  # noqa: ANN401 - the post's fields
    return replace(post, version=post.version + 1, **fields)


def _ready_at(post: Post, attempted_at: datetime) -> datetime:
    wait = backoff(post.attempts)
    return attempted_at + (max(SETTLE, wait) if post.state is PostState.PUBLISHING else wait)


def _confusable(post: Post, other: Post, now: datetime) -> bool:
    if other.post_id == post.post_id or (other.channel, other.text.split()) != (post.channel, post.text.split()):
        return False
    if other.state is PostState.PUBLISHING:
        return True
    return other.state is PostState.PUBLISHED and other.published_at is not None and now - other.published_at < APART


def _length(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    hours, days = minutes // 60, minutes // 1440
    if days:
        return f"{days} day{'s' if days > 1 else ''}"
    return f"{hours} hour{'s' if hours > 1 else ''}" if hours else f"{minutes} minutes"
