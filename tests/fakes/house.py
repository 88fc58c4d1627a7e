"""Mercy's switchroom, with nothing but fakes behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from switchboard.verbs.switchroom import Switchroom
from tests.fakes.automation import FakeAutomation
from tests.fakes.calendars import FakeCalendars
from tests.fakes.hooks import FakeContactSecrets, FakeHooks
from tests.fakes.hospital import config
from tests.fakes.metrics import FakeMetrics
from tests.fakes.pagers import FakeMeter, FakePagers
from tests.fakes.questions import FakeQuestions
from tests.fakes.sessions import FakeSessions
from tests.fakes.texts import FakeMail, FakeTexts

if TYPE_CHECKING:
    from switchboard.domain.message import Message
    from switchboard.domain.question import Conversation


class House:
    """The switchroom on fakes; *changes* are top-level ones of the config."""

    def __init__(self, *, two_way: bool = False, **changes: Any) -> None:
        self.questions = FakeQuestions()
        self.texts, self.mail = FakeTexts(), FakeMail()
        self.sessions = FakeSessions()
        self.metrics = FakeMetrics()
        self.pagers, self.meter = FakePagers(), FakeMeter()
        self.hooks, self.contact_secrets = FakeHooks(), FakeContactSecrets()
        self.calendars = FakeCalendars()
        self.room = Switchroom(
            questions=self.questions,
            sessions=self.sessions,
            pagers=self.pagers,
            meter=self.meter,
            calendars=self.calendars,
            texts=self.texts,
            mail=self.mail,
            hooks=self.hooks,
            contact_secrets=self.contact_secrets,
            automation=FakeAutomation(config(**changes)),
            metrics=self.metrics,
            base_url="https://example.org/live",
            two_way=two_way,
        )

    def receives(self, *arriving: Message) -> str:
        self.questions.put(arriving)
        return arriving[0].question_id

    def conversation(self, question_id: str) -> Conversation:
        return self.questions.load(question_id)

    def phones(self) -> list[str]:
        return [phone for phone, _ in self.texts.sent]
