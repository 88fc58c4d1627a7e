"""An evening at the switchboard, from a seed: many questions, phones that fail, people who claim, pass on and sleep.

The real verbs run on the stores in memory (tied to DynamoDB's by the contract tests); between any two calls the process
may die, an answer may be lost, or a service may refuse. What must never be is noted in `violations`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from functions.escalate_questions.app import escalate_questions
from switchboard.domain.question import QuestionState
from switchboard.errors import SwitchboardError, Unavailable, Unreachable
from switchboard.verbs.attend import attend
from switchboard.verbs.switchroom import Switchroom
from switchboard.verbs.text_back import IncomingText, text_back
from tests.fakes.automation import FakeAutomation
from tests.fakes.calendars import FakeCalendars
from tests.fakes.crises import FakeCrises
from tests.fakes.hooks import FakeContactSecrets, FakeHooks
from tests.fakes.hospital import DOCUMENT, NOON, config, message
from tests.fakes.metrics import FakeMetrics
from tests.fakes.pagers import FakeMeter, FakePagers
from tests.fakes.questions import FakeQuestions
from tests.fakes.sessions import FakeSessions
from tests.fakes.texts import FakeMail, FakeTexts
from tests.faults.injection import Faults, Faulty, Killed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

MINUTE = timedelta(minutes=1)
QUESTIONS = 20
PHONES = {"+12025550101": "maria", "+12025550102": "james", "+12025550103": "chen"}
ASKED = (
    "What are your visiting hours?",
    "My father is not breathing, what do I do?",
    "Can I reschedule my appointment?",
    "Nobody calls me back about my bill.",
    "I am going to call a journalist about this.",
)
CONFIG = config(staff=DOCUMENT["staff"] | {"chen": DOCUMENT["staff"]["chen"] | {"email": "chen@example.org"}})


class Phones(FakeTexts):
    """Phones that are dead, or throttled for a while; *rung* counts each alert by question, step and person."""

    def __init__(self, evening: Evening) -> None:
        super().__init__()
        self._evening = evening
        self.rung: Counter[tuple[str, ...]] = Counter()

    def send(self, phone: str, text: str, *, about: Mapping[str, str] = {}) -> str:
        evening = self._evening
        if PHONES[phone] == evening.dead:
            raise Unreachable("opted out")
        if evening.throttled_until > evening.now:
            raise Unavailable("throttled")
        if "question_id" in about and " is yours" not in text:
            self.rung[about["question_id"], about["step"], about["staff_id"]] += 1
        return super().send(phone, text, about=about)


@dataclass
class Evening:
    """What happens from *seed* on; `live` runs it."""

    seed: int
    rate: float = 0.04
    now: datetime = NOON
    throttled_until: datetime = NOON
    dead: str = ""
    violations: list[str] = field(default_factory=list[str])
    rung_after: dict[str, int] = field(default_factory=dict[str, int])

    def __post_init__(self) -> None:
        self.faults = Faults(self.seed, self.rate)
        self.random = self.faults.random
        self.dead = self.random.choice(["", "maria", "maria"])
        self.questions, self.pagers = FakeQuestions(), FakePagers()
        self.phones, self.mail = Phones(self), FakeMail()
        self.texts_in = 0

        def port(real: Any, **options: Any) -> Any:
            return Faulty(real, self.faults, **options)

        self.room = Switchroom(
            questions=port(self.questions),
            sessions=port(FakeSessions()),
            pagers=port(self.pagers),
            meter=port(FakeMeter()),
            calendars=FakeCalendars(),
            texts=port(self.phones, sends=True),
            mail=port(self.mail, sends=True),
            hooks=FakeHooks(),
            contact_secrets=FakeContactSecrets(),
            automation=FakeAutomation(CONFIG),
            metrics=FakeMetrics(),
            base_url="https://example.org/live",
            two_way=True,
        )

    def live(self) -> Evening:
        """Two hours under faults, then three without, so that everything comes to rest."""
        arriving = [
            message(number, self.random.choice(ASKED), thread_id=f"t{number}", author_id=f"a{number}")
            for number in range(1, QUESTIONS + 1)
        ]
        when = {one.message_id: self.random.randrange(90) for one in arriving}
        for minute in range(120):
            self._tick(minute)
            for one in [one for one in arriving if when[one.message_id] == minute]:
                self._arrives(one)
            self._sweep()
            self._somebody_texts()
            self._check(f"minute {minute}")
        self.faults.active = False
        for minute in range(120, 300):
            self._tick(minute)
            self._sweep()
            if minute % 7 == 0:
                self._somebody_texts()
            self._check(f"minute {minute}")
        self._judge()
        return self

    def _tick(self, minute: int) -> None:
        """Let a minute pass; now and then the clock jumps, or the provider throttles for a while."""
        jump = self.random.choice([0] * 30 + [-3, 20]) if self.faults.active else 0
        self.now = max(self.now + MINUTE, NOON + (minute + jump) * MINUTE) if jump >= 0 else self.now - 3 * MINUTE
        if self.faults.active and self.random.random() < 0.05:
            self.throttled_until = self.now + self.random.randint(1, 6) * MINUTE

    def _arrives(self, one: Any) -> None:
        """Put a message, perhaps twice, and let the stream bring it never, once or several times."""
        self.questions.put([one])
        if self.random.random() < 0.3:
            self.questions.put([one])
        for _ in range(self.random.choice([0, 1, 1, 1, 2, 3])):
            self._survives(lambda: attend(one.question_id, self.room, now=self.now))

    def _sweep(self) -> None:
        self._survives(lambda: escalate_questions(room=self.room, now=self.now))

    def _somebody_texts(self) -> None:
        """Let somebody text: claim, done, pass on, or be away for a while; sometimes the text comes twice."""
        if self.random.random() > 0.25:
            return
        self.texts_in += 1
        body = self.random.choice(["1", "2", "3", "1", "2", "1 done", "2 done", "1 pass", "?", "away 20m", "back"])
        incoming = IncomingText(text_id=f"in-{self.texts_in}", sender=self.random.choice(list(PHONES)), body=body)
        for _ in range(self.random.choice([1, 1, 2])):
            self._survives(lambda: text_back(incoming, self.room, crises=FakeCrises(), now=self.now))

    def _survives(self, work: Callable[[], Any]) -> None:
        """Run *work* as a Lambda would: what it raises ends this invocation and nothing else."""
        with suppress(Killed, SwitchboardError, BaseExceptionGroup):
            work()

    def _check(self, when: str) -> None:
        for question_id, conversation in self.questions.snapshot().items():
            question = conversation.question
            if question is None:
                continue
            if question.unfinished != (question.next_action_at is not None):
                self._note(f"{when}: {question_id} is {question.state} with next action {question.next_action_at}")
            owners = [event.by for event in conversation.events if event.kind == "claimed"]
            if question.state is QuestionState.CLAIMED and question.owner not in owners:
                self._note(f"{when}: {question_id} is owned by somebody who never claimed it")
        for staff_id, pager in self.pagers.stored.items():
            if pager.held and pager.next_action_at is None:
                self._note(f"{when}: {staff_id} has something held back that nobody will tell")

    def _judge(self) -> None:
        twice = [key for key, count in self.phones.rung.items() if count > 1]
        if twice:
            self._note(f"rung twice for one step: {twice}")
        for question_id, conversation in self.questions.snapshot().items():
            if conversation.question is None or conversation.pending:
                self._note(f"{question_id} was never taken in")
            elif not conversation.question.step:
                self._note(f"{question_id} never rang")
        if self.dead:
            self._next_person_was_rung()

    def _next_person_was_rung(self) -> None:
        """While the primary's phone is dead somebody else has an alert within two sweeps after the first try."""
        first: dict[str, datetime] = {}
        others: dict[str, list[datetime]] = defaultdict(list)
        for conversation in self.questions.snapshot().values():
            for alert in conversation.alerts:
                if alert.staff_id != self.dead or alert.contact != "sms":
                    others[alert.question_id].append(alert.at)
                elif alert.state == "failed":
                    first[alert.question_id] = min(alert.at, first.get(alert.question_id, alert.at))
        for question_id, at in first.items():
            if not any(at <= other <= at + 3 * MINUTE for other in others[question_id]):
                self._note(f"{question_id}: the phone of {self.dead} is dead, and nobody else was rung soon")

    def _note(self, line: str) -> None:
        self.violations.append(f"seed {self.seed}: {line}")
