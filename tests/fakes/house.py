"""Mercy's switchroom, with nothing but fakes behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from switchboard.verbs.attend import Switchroom
from tests.fakes.automation import FakeAutomation
from tests.fakes.hospital import config
from tests.fakes.metrics import FakeMetrics
from tests.fakes.questions import FakeQuestions
from tests.fakes.sessions import FakeSessions
from tests.fakes.texts import FakeMail, FakeTexts

if TYPE_CHECKING:
    from switchboard.domain.message import Message
    from switchboard.domain.question import Conversation


class House:
    """The switchroom on fakes; *changes* are top-level ones of the config."""

    def __init__(self, **changes: Any) -> None:
        self.questions = FakeQuestions()
        self.texts, self.mail = FakeTexts(), FakeMail()
        self.sessions = FakeSessions()
        self.metrics = FakeMetrics()
        self.room = Switchroom(
            questions=self.questions,
            sessions=self.sessions,
            texts=self.texts,
            mail=self.mail,
            automation=FakeAutomation(config(**changes)),
            metrics=self.metrics,
            base_url="https://example.org/live",
        )

    def receives(self, *arriving: Message) -> str:
        self.questions.put(arriving)
        return arriving[0].question_id

    def conversation(self, question_id: str) -> Conversation:
        return self.questions.load(question_id)

    def phones(self) -> list[str]:
        return [phone for phone, _ in self.texts.sent]
