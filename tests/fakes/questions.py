"""Conversations in memory: `ports.QuestionStore`, and `ports.MessageStore` on the same shelf.

As faithful as the table: the fence is the version, a message is stored once, a pending message is due 30 seconds after
it was received, answers come in the order of their ids. `before_commit` lets a test act between a load and the commit:
each function in it is called once, before one commit.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from switchboard.adapters.items import STREAM_GRACE, key_of
from switchboard.domain.filing import Place
from switchboard.domain.question import Conversation
from switchboard.domain.vocabulary import Urgency
from switchboard.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from switchboard.domain.message import Ignored, Message
    from switchboard.domain.question import Alert, Answer, Change, Event, Question


@dataclass
class _Shelf:
    """What lies under one question id."""

    question: Question | None = None
    messages: dict[str, Message] = field(default_factory=dict[str, "Message"])
    pending: dict[str, Message] = field(default_factory=dict[str, "Message"])
    settled: dict[str, Message] = field(default_factory=dict[str, "Message"])
    alerts: dict[str, Alert] = field(default_factory=dict[str, "Alert"])
    answers: dict[str, Answer] = field(default_factory=dict[str, "Answer"])
    events: dict[tuple[datetime, int, str, int], Event] = field(
        default_factory=dict[tuple["datetime", int, str, int], "Event"]
    )


class FakeQuestions:
    """`ports.QuestionStore` and `ports.MessageStore` in memory."""

    def __init__(self) -> None:
        self.commits: list[Change] = []
        self.ignored: list[tuple[str, Ignored]] = []
        self.before_commit: list[Callable[[], None]] = []
        self._shelves: dict[str, _Shelf] = {}
        self._places: dict[tuple[str, str], Place] = {}
        self._lock = threading.RLock()

    def put(self, messages: Sequence[Message]) -> int:
        with self._lock:
            return sum(self._put(message) for message in messages)

    def put_ignored(self, channel: str, ignored: Sequence[Ignored], *, now: datetime) -> None:
        self.ignored += [(channel, part) for part in ignored]

    def load(self, question_id: str) -> Conversation:
        with self._lock:
            shelf = self._shelves.get(question_id, _Shelf())
            return Conversation(
                question_id=question_id,
                question=shelf.question,
                messages=_in_order(shelf.messages.values()),
                pending=_in_order(shelf.pending.values()),
                alerts=tuple(shelf.alerts[key] for key in sorted(shelf.alerts)),
                answers=tuple(shelf.answers[key] for key in sorted(shelf.answers)),
                events=tuple(shelf.events[key] for key in sorted(shelf.events)),
            )

    def commit(self, change: Change) -> None:
        if self.before_commit:
            self.before_commit.pop(0)()
        with self._lock:
            self._commit(change)

    def place_of(self, channel: str, message_id: str) -> Place | None:
        with self._lock:
            return self._places.get((channel, message_id))

    def refile(self, message: Message, thread_id: str) -> None:
        with self._lock:
            self._put(replace(message, thread_id=thread_id))
            self._aside(self._shelves[message.question_id], message)

    def due(self, now: datetime, *, limit: int = 1000) -> list[str]:
        with self._lock:
            found = [(*when, id_) for id_, shelf in self._shelves.items() for when in _ring_times(shelf)]
        return list(dict.fromkeys(id_ for _, moment, id_ in sorted(found) if moment <= now))[:limit]

    def due_answers(self, now: datetime, *, limit: int = 1000) -> list[str]:
        with self._lock:
            found = [
                (answer.next_action_at, question_id)
                for question_id, shelf in self._shelves.items()
                for answer in shelf.answers.values()
                if answer.next_action_at is not None
            ]
        return _ids(found, now, limit)

    def heads(self, question_ids: Iterable[str]) -> list[Question]:
        with self._lock:
            found = [self._shelves.get(one, _Shelf()).question for one in dict.fromkeys(question_ids)]
        return [question for question in found if question is not None]

    def unfinished(self) -> list[Question]:
        with self._lock:
            found = [
                (shelf.question.next_action_at, shelf.question)
                for shelf in self._shelves.values()
                if shelf.question is not None and shelf.question.next_action_at is not None
            ]
        return [question for _, question in sorted(found, key=lambda pair: pair[0])]

    def snapshot(self) -> dict[str, Conversation]:
        """Return everything that is stored, to compare before and after."""
        with self._lock:
            return {question_id: self.load(question_id) for question_id in sorted(self._shelves)}

    def _put(self, message: Message) -> bool:
        shelf = self._shelves.setdefault(message.question_id, _Shelf())
        key = key_of(message)
        if key in shelf.messages or key in shelf.pending or key in shelf.settled:
            return False
        shelf.pending[key] = message
        return True

    def _commit(self, change: Change) -> None:
        question = change.question
        shelf = self._shelves.setdefault(question.question_id, _Shelf())
        stored = shelf.question.version if shelf.question else 0
        if question.version != stored + 1:
            raise Conflict(f"the stored version is {stored}, the change makes {question.version}")
        shelf.question = question
        for message in change.messages:
            key = f"message#{message.message_id}"
            shelf.messages[key] = message
            shelf.pending.pop(key, None)
        for message in change.settled:
            self._aside(shelf, message)
        named = [message.message_id for message in change.filed]
        place = Place(thread_id=question.thread_id, author_id=question.author_id)
        for id_ in (*named, *(answer.platform_id for answer in change.answers if answer.platform_id)):
            self._places[question.channel, id_] = place
        shelf.alerts |= {f"{alert.step:04}#{alert.staff_id}#{alert.contact}": alert for alert in change.alerts}
        shelf.answers |= {answer.answer_id: answer for answer in change.answers}
        for number, event in enumerate(change.events):
            shelf.events[event.at, question.version, event.kind, number] = event
        self.commits.append(change)

    def _aside(self, shelf: _Shelf, message: Message) -> None:
        shelf.settled[key_of(message)] = replace(message, text="", author_name="", attachments=())
        shelf.pending.pop(key_of(message), None)


def _ring_times(shelf: _Shelf) -> list[tuple[int, datetime]]:
    waiting = [(0, message.received_at + STREAM_GRACE) for message in shelf.pending.values()]
    if shelf.question is not None and shelf.question.next_action_at is not None:
        waiting.append((tuple(Urgency).index(shelf.question.urgency), shelf.question.next_action_at))
    return waiting


def _ids(found: Iterable[tuple[datetime, str]], now: datetime, limit: int) -> list[str]:
    return list(dict.fromkeys(question_id for moment, question_id in sorted(found) if moment <= now))[:limit]


def _in_order(messages: Iterable[Message]) -> tuple[Message, ...]:
    return tuple(sorted(messages, key=lambda message: (message.sent_at, message.changed_at or message.sent_at)))
