"""One hospital day under faults: the real verbs on the real store, everything else from a seed."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from functions.escalate_questions.app import escalate_questions
from switchboard.adapters.messages import DynamoMessages
from switchboard.adapters.questions import DynamoQuestions
from switchboard.domain.handling import claim, close
from switchboard.domain.message import ref_of
from switchboard.domain.question import AlertState, Change, Conversation
from switchboard.errors import SwitchboardError
from switchboard.verbs.attend import attend
from switchboard.verbs.switchroom import Switchroom
from tests.fakes.automation import FakeAutomation
from tests.fakes.calendars import FakeCalendars
from tests.fakes.hooks import FakeContactSecrets, FakeHooks
from tests.fakes.hospital import NOON, config, message
from tests.fakes.metrics import FakeMetrics
from tests.fakes.pagers import FakeMeter, FakePagers
from tests.fakes.sessions import FakeSessions
from tests.fakes.tables import QUESTIONS, create_questions_table
from tests.fakes.texts import FakeMail, FakeTexts
from tests.faults.injection import Faults, Faulty, Killed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from switchboard.domain.message import Message

MINUTE = timedelta(minutes=1)
ASKED = (
    "What are your visiting hours?",
    "My father is not breathing, what do I do?",
    "Can I reschedule my appointment?",
    "Nobody calls me back about my bill.",
    "Where do I park?",
)


@dataclass
class Day:
    """What happened on one day, and what of it must not have."""

    seed: int
    faults: Faults
    accepted: list[Message] = field(default_factory=list)
    texts: FakeTexts = field(default_factory=FakeTexts)
    pagers: FakePagers = field(default_factory=FakePagers)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)

    def expect(self, holds: object, promise: str) -> None:
        """Note *promise* as broken unless it *holds*."""
        if not holds:
            self.violations.append(f"seed {self.seed}: {promise}")


def live(seed: int, client: Any, *, rate: float = 0.08) -> Day:
    """Live the day of *seed* on *client*'s DynamoDB; return what happened, with every broken promise."""
    create_questions_table(client)
    day = Day(seed, Faults(seed, rate))
    store = DynamoQuestions(client, QUESTIONS)
    room = _room(day, store)
    ids = _deliver(day, client)
    _stream(day, room, ids)
    _pass_time(day, room, store, minutes=70)
    day.faults.active = False
    _pass_time(day, room, store, minutes=30, start=NOON + timedelta(hours=6))
    day.conversations = {question_id: store.load(question_id) for question_id in ids}
    _judge(day, store)
    client.delete_table(TableName=QUESTIONS)
    return day


def _room(day: Day, store: DynamoQuestions) -> Switchroom:
    return Switchroom(
        questions=Faulty(store, day.faults),
        sessions=Faulty(FakeSessions(), day.faults),
        pagers=Faulty(day.pagers, day.faults),
        meter=Faulty(FakeMeter(), day.faults),
        calendars=Faulty(FakeCalendars(), day.faults),
        texts=Faulty(day.texts, day.faults, sends=True),
        mail=Faulty(FakeMail(), day.faults, sends=True),
        hooks=Faulty(FakeHooks(), day.faults, sends=True),
        contact_secrets=FakeContactSecrets(),
        automation=FakeAutomation(config()),
        metrics=FakeMetrics(),
        base_url="https://example.org/live",
    )


def _deliver(day: Day, client: Any) -> list[str]:
    """Deliver every message until it was accepted, as a platform does: again after a 5xx, sometimes twice, shuffled."""
    random = day.faults.random
    put = Faulty(DynamoMessages(client, QUESTIONS), day.faults).put
    messages = [
        message(number, random.choice(ASKED), thread_id=f"thread-{random.randrange(3)}", author_id="a1")
        for number in range(1, random.randint(3, 6))
    ]
    deliveries = [*messages, *random.sample(messages, k=random.randint(0, len(messages)))]
    random.shuffle(deliveries)
    for delivered in deliveries:
        while not _survives(lambda delivered=delivered: put([delivered])):
            pass
    day.accepted = messages
    return list(dict.fromkeys(arrived.question_id for arrived in messages))


def _stream(day: Day, room: Switchroom, ids: list[str]) -> None:
    """Let the stream ring: some records twice, some out of order, some never."""
    random = day.faults.random
    records = [question_id for question_id in ids for _ in range(random.randint(0, 3))]
    random.shuffle(records)
    for number, question_id in enumerate(records):
        _survives(lambda q=question_id, n=number: attend(q, room, now=NOON + timedelta(seconds=10 + n)))


def _pass_time(day: Day, room: Switchroom, store: DynamoQuestions, *, minutes: int, start: datetime = NOON) -> None:
    """Sweep every few minutes; people claim and close when they were rung; the clock jumps now and then."""
    random = day.faults.random
    clock = start + MINUTE
    while clock < start + minutes * MINUTE:
        jump = random.choice([timedelta(0)] * 8 + [timedelta(hours=1), timedelta(minutes=-3)])
        now = clock + (jump if day.faults.active else timedelta(0))
        _survives(lambda now=now: escalate_questions(room=room, now=now))
        if random.random() < (0.3 if day.faults.active else 0.0):
            _act(day, store, now)
        clock += MINUTE * random.randint(5, 15)


def _act(day: Day, store: DynamoQuestions, now: datetime) -> None:
    """Let two people claim one question at once, or its owner close it."""
    unfinished = store.unfinished()
    if not unfinished:
        return
    conversation = store.load(day.faults.random.choice(unfinished).question_id)
    question = conversation.question
    if question is None or not question.step:
        return
    owner = question.owner
    if owner and day.faults.random.random() < 0.5:
        _write(store, close(conversation, owner, now=now, why="done"))
        return
    won = [
        _write(store, claim(conversation, staff_id, now=now, lasting=20 * MINUTE)) for staff_id in ("maria", "james")
    ]
    day.expect(sum(won) <= 1 or owner, "two people won one claim")


def _write(store: DynamoQuestions, change: object) -> bool:
    return isinstance(change, Change) and _survives(lambda: store.commit(change))


def _survives(work: Callable[[], Any]) -> bool:
    """Run *work* as a Lambda would: what it raises ends this invocation and nothing else."""
    with suppress(Killed, SwitchboardError, BaseExceptionGroup):
        work()
        return True
    return False


def _judge(day: Day, store: DynamoQuestions) -> None:
    refs = Counter(ref_of(question_id) for question_id in day.conversations)
    day.expect(max(refs.values()) == 1, "sample refs collide; choose other threads")
    for question_id, conversation in day.conversations.items():
        question = conversation.question
        due = [arrived for arrived in day.accepted if arrived.question_id == question_id]
        day.expect(question is not None, f"{question_id}: accepted messages, but no question")
        if question is None:
            continue
        stored = Counter(m.message_id for m in (*conversation.messages, *conversation.pending))
        day.expect(stored == Counter(m.message_id for m in due), f"{question_id}: messages lost or doubled")
        day.expect(not conversation.pending, f"{question_id}: a message was never taken in")
        day.expect(
            question.unfinished == (question.next_action_at is not None),
            f"{question_id}: {question.state} with next action {question.next_action_at}",
        )
        day.expect(question.step, f"{question_id}: nobody was ever rung")
        rung = sum(f" {ref_of(question_id)}" in text for _, text in day.texts.sent)
        states = Counter(alert.state for alert in conversation.alerts if alert.contact == "sms")
        perhaps = states[AlertState.UNKNOWN] + states[AlertState.SENDING]
        day.expect(
            states[AlertState.SENT] <= rung <= states[AlertState.SENT] + perhaps + states[AlertState.HELD],
            f"{question_id}: {rung} texts for {dict(states)}: a step rang twice, or one was lost",
        )
        if question.unfinished:
            day.expect(not states[AlertState.SENDING], f"{question_id}: an alert is still being sent hours later")
    ids = {question.question_id for question in store.unfinished()}
    day.expect(ids <= set(day.conversations), "a question that nobody asked")
