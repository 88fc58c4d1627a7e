"""send_answers: what staff wrote reaches the platform, once.

The stream brings a new answer here within a second; every minute whatever is due is tried, or looked up. The intent to
send is stored before anything is sent, so two processes never send the same answer, and what may have arrived is
looked up before it is sent again. At least once, and harmless twice: what fails keeps its next action in the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType

from switchboard import settings, wiring
from switchboard.domain.delivery import (
    MEND_WAIT,
    Action,
    Delivered,
    NotYet,
    Refused,
    Unknown,
    answered,
    next_for_answer,
    not_looked_up,
    sending,
)
from switchboard.domain.question import AnswerState
from switchboard.errors import Conflict, Misconfigured, OutcomeUnknown, Rejected, Unavailable
from switchboard.ports import Channel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from switchboard.config import AutomationConfig
    from switchboard.domain.delivery import Outcome
    from switchboard.domain.question import Answer, Change, Conversation, Question
    from switchboard.ports import AutomationSource, ChannelSecrets, Metrics, QuestionStore, Replies

logger = Logger()

ATTEMPTS = 20
"""So often one run decides anew, when somebody else changes the question, before it leaves the rest to the sweep."""
LEAVE_MS = 30_000
"""So much of the function's time one answer may need: a look-up, a request, and what is written around them."""


def send_answers(
    question_ids: Iterable[str],
    *,
    questions: QuestionStore,
    replies: Mapping[str, Replies],
    secrets: ChannelSecrets,
    automation: AutomationSource,
    metrics: Metrics,
    now: datetime,
    remaining_ms: Callable[[], int] = lambda: LEAVE_MS + 1,
) -> dict[str, int]:
    """Bring every due answer of these questions on its way; return how many were `sent`, `failed` or `left`.

    One that fails does not keep the others waiting: all failures are raised together at the end. Safe to repeat.
    """
    desk = _Desk(questions, replies, secrets, automation.current(), metrics, now)
    counts = {"sent": 0, "failed": 0, "left": 0}
    failures: list[Exception] = []
    for question_id in question_ids:
        try:
            for answer in questions.load(question_id).answers:
                if answer.state not in (AnswerState.PENDING, AnswerState.SENDING):
                    continue
                result = desk.deliver(question_id, answer.answer_id) if remaining_ms() > LEAVE_MS else "left"
                counts[result] += 1
        except Exception as error:  # noqa: BLE001 - raised below, after the others were sent
            logger.error("not_delivered", question_id=question_id, error=type(error).__name__)  # noqa: TRY400 - its text may hold words
            failures.append(error)
    if failures:
        raise ExceptionGroup("answers that could not be attended to; they stay due", failures)
    return counts


@dataclass(frozen=True, slots=True)
class _Desk:
    """All that delivering needs, for one run."""

    questions: QuestionStore
    replies: Mapping[str, Replies]
    secrets: ChannelSecrets
    config: AutomationConfig
    metrics: Metrics
    now: datetime

    def deliver(self, question_id: str, answer_id: str) -> str:
        """Do what is next for one answer, until nothing is; return "sent", "failed" or "left"."""
        missing = False
        for _ in range(ATTEMPTS):
            found = _find(self.questions.load(question_id), answer_id)
            if found is None:
                return "left"
            conversation, question, answer = found
            decision = next_for_answer(answer, now=self.now, missing=missing)
            try:
                match decision.action:
                    case Action.NOTHING:
                        return "left"
                    case Action.SEND:
                        return self._send(conversation, sending(conversation, question, answer, now=self.now))
                    case Action.GIVE_UP:
                        reason = f"{decision.reason} {answer.failure}".strip()
                        return self._record(answer, Refused(reason=reason))
                    case Action.LOOK:
                        seen = self._look(conversation, question, answer)
            except Conflict:
                missing = False
                continue
            if isinstance(seen, NotYet):
                return self._look_later(answer, seen)
            if seen is not None:
                return self._record(answer, seen)
            missing = True
        return "left"

    def _send(self, conversation: Conversation, intent: Change) -> str:
        """Store the intent, send, record the outcome. Whoever cannot store the intent does not send."""
        (answer,) = intent.answers
        self.questions.commit(intent)
        return self._record(answer, self._reply(conversation, intent.question, answer))

    def _reply(self, conversation: Conversation, question: Question, answer: Answer) -> Outcome:
        try:
            channel, port = self._channel(question), self._port(question)
            return Delivered(platform_id=port.reply(conversation, answer, channel, self.secrets.of(channel.name)))
        except OutcomeUnknown as error:
            self._tell("unknown", question, answer, error)
            return Unknown()
        except Rejected as refusal:
            self._tell("refused", question, answer, refusal)
            return Refused(reason=str(refusal))
        except (Unavailable, Misconfigured) as error:
            return self._problem(question, answer, error)

    def _look(self, conversation: Conversation, question: Question, answer: Answer) -> Delivered | NotYet | None:
        """Return where the answer is, or None when the platform has it not, or why that cannot be told."""
        try:
            channel, port = self._channel(question), self._port(question)
            found = port.find_reply(conversation, answer, channel, self.secrets.of(channel.name))
        except (Unavailable, Misconfigured, OutcomeUnknown, Rejected) as error:
            return self._problem(question, answer, error)
        return Delivered(platform_id=found) if found is not None else None

    def _problem(self, question: Question, answer: Answer, error: Exception) -> NotYet:
        self._tell("not_yet", question, answer, error)
        if isinstance(error, Misconfigured):
            self.metrics.count("TokenDead", channel=question.channel)
            return NotYet(reason=str(error), wait=MEND_WAIT)
        told = error.retry_after if isinstance(error, Unavailable) else None
        return NotYet(reason=str(error), wait=None if told is None else timedelta(seconds=told))

    def _record(self, sent: Answer, outcome: Outcome) -> str:
        """Store what became of the answer, whatever else happened to its question meanwhile."""
        for _ in range(ATTEMPTS):
            found = _find(self.questions.load(sent.question_id), sent.answer_id)
            if found is None or not _is_same_attempt(found[2], sent):
                return "left"
            conversation, question, answer = found
            lasting = self.config.claims.lasting(question.urgency)
            change = answered(conversation, question, answer, outcome, now=self.now, lasting=lasting)
            if change is None or self._commits(change):
                return self._count(question, outcome)
        raise Unavailable("the outcome could not be stored; it is looked up later")

    def _look_later(self, answer: Answer, problem: NotYet) -> str:
        found = _find(self.questions.load(answer.question_id), answer.answer_id)
        if found is not None and _is_same_attempt(found[2], answer):
            self._commits(not_looked_up(*found, problem, now=self.now))
        return "left"

    def _commits(self, change: Change) -> bool:
        try:
            self.questions.commit(change)
        except Conflict:
            return False
        return True

    def _count(self, question: Question, outcome: Outcome) -> str:
        self.metrics.count("Answer", outcome=type(outcome).__name__.lower(), channel=question.channel)
        match outcome:
            case Delivered():
                return "sent"
            case Refused():
                return "failed"
            case _:
                return "left"

    def _tell(self, what: str, question: Question, answer: Answer, error: Exception) -> None:
        reason = getattr(error, "reason", type(error).__name__)
        logger.warning(what, question_id=question.question_id, answer_id=answer.answer_id, error=reason)

    def _channel(self, question: Question) -> Channel:
        found = self.config.channels.get(question.channel)
        if found is None:
            raise Misconfigured(f"channel {question.channel} is not in the automation config; put it back")
        return Channel(
            name=question.channel,
            platform=found.platform,
            account_id=found.account_id,
            retention_days=found.retention_days,
        )

    def _port(self, question: Question) -> Replies:
        port = self.replies.get(question.platform)
        if port is None:
            raise Rejected(f"A question from {question.platform} cannot be answered from here.", reason="no_replies")
        return port


def _find(conversation: Conversation, answer_id: str) -> tuple[Conversation, Question, Answer] | None:
    answer = next((answer for answer in conversation.answers if answer.answer_id == answer_id), None)
    return None if conversation.question is None or answer is None else (conversation, conversation.question, answer)


def _is_same_attempt(stored: Answer, sent: Answer) -> bool:
    """Whether nobody else has found out what became of it, or tries it again."""
    return stored.attempts == sent.attempts and stored.state is sent.state


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse | dict[str, int]:
    """Take a batch of stream records, answering with those that failed; or, from the timer, whatever is due."""
    ports = _ports(context)
    try:
        if "Records" not in event:
            return send_answers(ports["questions"].due_answers(datetime.now(UTC)), **ports, now=datetime.now(UTC))
        processor = BatchProcessor(event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)
        with processor(event["Records"], _from_stream(ports), context):
            processor.process()  # pyright: ignore[reportUnknownMemberType] - Powertools leaves its type open
        return processor.response()
    finally:
        ports["metrics"].flush()


def _from_stream(ports: dict[str, Any]) -> Callable[[DynamoDBRecord], dict[str, int]]:
    def send(record: DynamoDBRecord) -> dict[str, int]:
        keys = record.dynamodb.keys if record.dynamodb else None
        return send_answers([keys["question_id"]] if keys else [], **ports, now=datetime.now(UTC))

    return send


def _ports(context: LambdaContext) -> dict[str, Any]:
    config = settings.SendAnswers.read()
    return {
        "questions": wiring.questions(config.questions_table),
        "replies": wiring.replies(config.graph_url),
        "secrets": wiring.secrets(config.channel_secrets_prefix),
        "automation": wiring.automation(config),
        "metrics": wiring.metrics(),
        "remaining_ms": context.get_remaining_time_in_millis,
    }
