"""A question and all that belongs to it: its messages, alerts, answers and audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from switchboard.domain.message import ref_of
from switchboard.domain.vocabulary import Category, Urgency

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from switchboard.domain.message import Message


class QuestionState(StrEnum):
    """Where a question stands; only the first three have a next action.

    `answered_elsewhere`: somebody answered in the platform's own app.
    """

    OPEN = "open"
    CLAIMED = "claimed"
    ANSWERING = "answering"
    ANSWERED = "answered"
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    CLOSED = "closed"
    NO_ANSWER_NEEDED = "no_answer_needed"


UNFINISHED = frozenset({QuestionState.OPEN, QuestionState.CLAIMED, QuestionState.ANSWERING})


class AlertState(StrEnum):
    """What is known of one alert; `unknown` means that it may have rung, `held` that it is told with the next text."""

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    HELD = "held"


class AnswerState(StrEnum):
    """What is known of one answer on its way to the platform."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of an escalation policy: ring *alert* (primary, secondary, … or a staff id), then *wait*.

    *business* says that only the minutes of business hours are counted.
    """

    alert: str
    wait: timedelta
    business: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A conversation that needs a person.

    *version* is the fence: every action raises it by a conditional write, so that a second run is harmless.
    *steps* is the escalation policy as it stood when the question opened, *position* the next of them to take;
    *step* counts the rings so far and never goes back: an alert is keyed by it. *unseen* says that a message came in
    of which the owner has not been told. *number* counts the questions of one conversation, by config: a message after
    closing opens the same question again, or begins the next. *reply_by* is when the platform takes no answer any
    more, *answer_by* the earlier of it and our own deadline; *remind_at* is when whoever has claimed it is reminded,
    *deadline_told* says that they were reminded of *answer_by*.
    *next_action_at* is set as long as the question is unfinished (promise 3).
    """

    question_id: str
    channel: str
    platform: str
    kind: str
    thread_id: str
    author_id: str
    state: QuestionState
    category: Category = Category.GENERAL
    urgency: Urgency = Urgency.NORMAL
    language: str = "und"
    reason: str = ""
    team: str = ""
    steps: tuple[Step, ...] = ()
    last_resort_after: int = 2
    position: int = 0
    step: int = 0
    unseen: bool = False
    owner: str = ""
    handed_to: str = ""
    claimed_until: datetime | None = None
    remind_at: datetime | None = None
    deadline_told: bool = False
    opened_at: datetime
    answer_by: datetime | None = None
    reply_by: datetime | None = None
    last_message_at: datetime
    next_action_at: datetime | None = None
    expires_at: datetime | None = None
    version: int = 0
    number: int = 1

    @property
    def ref(self) -> str:
        """The short name that texts and pages show."""
        return ref_of(self.question_id)

    @property
    def unfinished(self) -> bool:
        """Whether a person still has something to do."""
        return self.state in UNFINISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One notification to one staff member by one contact; holds no text."""

    question_id: str
    step: int
    staff_id: str
    contact: str
    state: AlertState
    at: datetime
    provider_id: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An outgoing reply to *in_reply_to* (a message id), with its delivery state."""

    question_id: str
    answer_id: str
    staff_id: str
    text: str
    in_reply_to: str
    state: AnswerState
    created_at: datetime
    attempts: int = 0
    attempted_at: datetime | None = None
    sent_at: datetime | None = None
    platform_id: str = ""
    failure: str = ""
    next_action_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A line of the audit trail: who did what when. Ids only, never a word of text."""

    question_id: str
    kind: str
    by: str
    at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Everything stored under one question id; *question* is None until the first message was taken in.

    *messages* are as they read now, in the order in which they were sent; *pending* are new messages, edits and
    removals that were stored but not yet taken in.
    """

    question_id: str
    question: Question | None = None
    messages: tuple[Message, ...] = ()
    pending: tuple[Message, ...] = ()
    alerts: tuple[Alert, ...] = ()
    answers: tuple[Answer, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def theirs(self) -> tuple[Message, ...]:
        """What people outside wrote, without the echoes of our own account."""
        return tuple(message for message in self.messages if not message.by_us)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """All that one action changes in a conversation: written together, or not at all.

    The write succeeds only if the stored version is `question.version - 1`; else it raises Conflict.
    *messages* are written as taken in, under their own id whatever their `change` says: as they read now.
    *settled* are edits and removals that were applied, and echoes of our own answers; of them only the ids are kept.
    *filed* are messages whose place others may look up by their ids.
    """

    question: Question
    messages: tuple[Message, ...] = ()
    settled: tuple[Message, ...] = ()
    filed: tuple[Message, ...] = ()
    alerts: tuple[Alert, ...] = ()
    answers: tuple[Answer, ...] = ()
    events: tuple[Event, ...] = ()
