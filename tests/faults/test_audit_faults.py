"""Conversations lose what no code of ours ever takes from them; the audit finds it, and the next sweeps ring again.

Real questions, messages, answers and pagers, from the real verbs, on the real store; then a seed takes attributes away,
and kills the process between two calls of the audit. Repeat a seed with `AUDIT_SEED=n`.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from functions.audit_questions.app import audit_questions
from functions.escalate_questions.app import escalate_questions
from switchboard.adapters import audit as adapter
from switchboard.adapters.audit import DynamoAudit
from switchboard.adapters.items import stamp
from switchboard.adapters.messages import DynamoMessages
from switchboard.adapters.pagers import DynamoPagers
from switchboard.adapters.questions import DynamoQuestions
from switchboard.domain.handling import answer, claim, close
from switchboard.domain.question import AnswerState, Change
from switchboard.errors import SwitchboardError
from switchboard.verbs import audit as verb
from switchboard.verbs.attend import attend
from tests.fakes.hospital import NOON, message
from tests.fakes.house import House
from tests.fakes.metrics import FakeMetrics
from tests.fakes.tables import QUESTIONS, create_questions_table
from tests.faults.injection import Faults, Faulty, Killed
from tests.prove import PARTS, runs

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.prove import Proofs

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ASKED = ("What are your visiting hours?", "My father is not breathing, what do I do?", "Where do I park?", "Thanks!")
CONVERSATIONS = 8
AUDITED = NOON + 15 * MINUTE
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}


@dataclass
class Ward:
    """A table full of conversations; *damaged* are the items that were spoilt, with their next action before."""

    seed: int
    client: Any
    damaged: dict[tuple[str, str], str] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 - a seed that can be repeated
        self.faults = Faults(self.seed, rate=0.05, active=False)
        create_questions_table(self.client)
        self.questions = DynamoQuestions(self.client, QUESTIONS)
        self.pagers = DynamoPagers(self.client, QUESTIONS)
        self.house = House()
        self.room = replace(self.house.room, questions=self.questions, pagers=self.pagers)
        self.metrics = FakeMetrics()
        self.client.meta.events.register("before-call.dynamodb", self._note)
        self._fill()

    # --- what is well

    def _fill(self) -> None:
        messages = DynamoMessages(self.client, QUESTIONS)
        for number in range(1, CONVERSATIONS + 1):
            arrived = message(number, self.random.choice(ASKED), thread_id=f"t{number}", author_id=f"a{number}")
            messages.put([arrived])
            attend(arrived.question_id, self.room, now=NOON)
            self._goes_on(arrived.question_id)
            if self.random.random() < 0.4:
                more = message(100 + number, self.random.choice(ASKED), thread_id=f"t{number}", author_id=f"a{number}")
                messages.put([replace(more, received_at=NOON + 2 * MINUTE)])

    def _goes_on(self, question_id: str) -> None:
        conversation = self.questions.load(question_id)
        what = self.random.choice(["rings", "rings", "claimed", "answered", "closed"])
        if what == "rings" or conversation.question is None or not conversation.question.unfinished:
            return
        if what == "closed":
            change: Any = close(conversation, "maria", now=NOON, why="done")
        else:
            change = claim(conversation, "maria", now=NOON, lasting=4 * HOUR)
        assert isinstance(change, Change)
        self.questions.commit(change)
        if what == "answered":
            latest, in_reply_to = self.questions.load(question_id), conversation.messages[-1].message_id
            sent = answer(latest, "maria", text="Yes.", answer_id="A" * 16, in_reply_to=in_reply_to, now=NOON + MINUTE)
            assert isinstance(sent, Change)
            self.questions.commit(sent)

    # --- what goes wrong

    def spoil(self) -> None:
        """Take from some of what waits its place in the index, or put it out of sight."""
        for item in self.items():
            key = (item["question_id"]["S"], item["item"]["S"])
            if not self.waits(item) or self.random.random() < 0.4:
                continue
            self.damaged[key] = item["next_action_at"]["S"]
            spoilt = dict(item)
            match self.random.choice(["shard", "moment", "both", "far", "shard_unknown", "soon"]):
                case "shard":
                    del spoilt["open_shard"]
                case "moment":
                    del spoilt["next_action_at"]
                case "both":
                    del spoilt["open_shard"], spoilt["next_action_at"]
                case "far":
                    spoilt["next_action_at"] = {"S": stamp(NOON + timedelta(days=self.random.randint(40, 4000)))}
                case "shard_unknown":
                    spoilt["open_shard"] = {"S": "ring#9"}
                case _:
                    spoilt["next_action_at"] = {"S": "soon"}
            self.client.put_item(TableName=QUESTIONS, Item=spoilt)

    def items(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.scan(TableName=QUESTIONS, ConsistentRead=True)["Items"]
        return sorted((item for item in found if _partition(item) != "audit#cursor"), key=_key)

    @staticmethod
    def waits(item: dict[str, Any]) -> bool:
        """Whether the item is one that must be in the index, as its writer left it."""
        empty = item["item"]["S"] == "pager" and not item["held"]["L"]  # the sweep clears it
        return "open_shard" in item and "next_action_at" in item and not empty

    # --- what mends it

    def audit(self, now: datetime) -> None:
        """Audit until a run gets through; between any two of its calls it may be killed or refused."""
        for _ in range(200):
            if self._survives(lambda: self._audit(now)) and not DynamoAudit(self.client, QUESTIONS).cursor():
                return
        raise AssertionError("the audit never got through")

    def _audit(self, now: datetime) -> None:
        audit_questions(
            table=Faulty(DynamoAudit(self.client, QUESTIONS), self.faults),
            questions=Faulty(self.questions, self.faults),
            pagers=Faulty(self.pagers, self.faults),
            automation=self.room.automation,
            mail=self.house.mail,
            metrics=self.metrics,
            now=now,
            goes_on=lambda: self.random.random() < 0.7,
        )

    def sweep(self, now: datetime) -> None:
        self._survives(lambda: escalate_questions(room=self.room, now=now))

    def forgotten(self, now: datetime) -> list[str]:
        """Return what of the damaged items waits and would not be done within a day of *now*, as the index sees it."""
        there = {*self.questions.due(now + timedelta(days=2)), *self.questions.due_answers(now + timedelta(days=2))}
        there |= {f"pager#{staff_id}" for staff_id in self.pagers.due(now + timedelta(days=2))}
        unseen = [f"seed {self.seed}: {partition} {item}" for partition, item in self.damaged if partition not in there]
        return [line for line in unseen if not self._is_done(*line.split(" ")[2:])]

    def _is_done(self, partition: str, item: str) -> bool:
        """Whether nothing waits any more in the partition: the sweep took it in and it needed no answer."""
        try:
            if partition.startswith("pager#"):
                staff_id = partition.removeprefix("pager#")
                return not self.pagers.load([staff_id])[staff_id].held
            found = self.questions.load(partition)
        except ValueError:
            return False
        answers = [one for one in found.answers if one.state in (AnswerState.PENDING, AnswerState.SENDING)]
        finished = found.question is not None and not found.question.unfinished
        lost = item.startswith("message#") and not self.taken_in(item)
        return finished and not found.pending and not answers and not lost

    def taken_in(self, item: str) -> bool:
        """Whether the message was taken in: then its place is known."""
        return self.questions.place_of("facebook", item.partition("#")[2]) is not None

    def _survives(self, do: Callable[[], object]) -> bool:
        with suppress(SwitchboardError, Killed, ExceptionGroup):
            do()
            return True
        return False

    def _note(self, model: Any, **_: Any) -> None:
        if model.name in WRITES:
            self.writes.append(model.name)


def live(seed: int, client: Any, *, audited: bool = True) -> tuple[list[str], int]:
    """Return what stayed forgotten, or was not taken in, of how many items that were damaged."""
    ward = Ward(seed, client)
    untouched = ward.items()
    ward.writes.clear()
    ward.audit(NOON + 3 * MINUTE)
    broken = (
        [] if ward.items() == untouched and not ward.metrics.total("QuestionRepaired") else [f"seed {seed}: touched"]
    )
    ward.spoil()
    healthy = {_key(item): item for item in ward.items() if _partition(item) not in {one for one, _ in ward.damaged}}
    ward.faults.active = True
    if audited:
        ward.audit(AUDITED)
    ward.faults.active = False
    if audited:
        ward.audit(AUDITED)
    after = {_key(item): item for item in ward.items()}
    broken += [f"seed {seed}: {key} was well and was touched" for key, item in healthy.items() if after[key] != item]
    if audited:
        for key, planned in sorted(ward.damaged.items()):
            shard, moment = (after[key].get(name, {}).get("S", "") for name in ("open_shard", "next_action_at"))
            if not shard or shard == "ring#9" or not moment or moment > max(planned, stamp(AUDITED)):
                broken.append(f"seed {seed}: {key} is not due")
    for minute in (16, 17, 20, 25, 30, 40):
        ward.sweep(NOON + minute * MINUTE)
    broken += ward.forgotten(NOON + 40 * MINUTE)
    broken += [
        f"seed {seed}: {partition} {item} was not taken in"
        for partition, item in ward.damaged
        if item.startswith("message#") and not ward.taken_in(item)
    ]
    client.delete_table(TableName=QUESTIONS)
    return broken, len(ward.damaged)


def _partition(item: dict[str, Any]) -> str:
    return str(item["question_id"]["S"])


def _key(item: dict[str, Any]) -> tuple[str, str]:
    return _partition(item), item["item"]["S"]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "PAGE", 17)


@pytest.mark.prove
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.usefixtures("small_pages")
def test_whatever_lost_its_next_action_rings_again_and_what_is_well_is_not_touched(
    part: int, dynamodb: Any, proofs: Proofs
) -> None:
    seeds = list(range(part, runs(few=4, full=40), PARTS))
    if "AUDIT_SEED" in os.environ:
        seeds = [int(os.environ["AUDIT_SEED"])] if part == 0 else []
    broken: list[str] = []
    damaged = 0
    for seed in seeds:
        found, count = live(seed, dynamodb)
        broken += found
        damaged += count

    proofs.record("3 the audit finds and repairs what lost its next action", trials=damaged, failures=len(broken))
    assert not broken, broken[:10]
    assert damaged or not seeds


@pytest.mark.usefixtures("small_pages")
def test_the_harness_sees_that_nobody_audits(dynamodb: Any) -> None:
    broken = [line for seed in range(2) for line in live(seed, dynamodb, audited=False)[0]]

    assert len(broken) > 3


@pytest.mark.usefixtures("small_pages")
def test_the_harness_sees_an_audit_that_is_blind(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verb, "suspicious", lambda entry, now: False)  # noqa: ARG005

    broken = [line for seed in range(2) for line in live(seed, dynamodb)[0]]

    assert len(broken) > 3


@pytest.mark.usefixtures("small_pages")
def test_a_table_that_is_well_has_no_writes(dynamodb: Any) -> None:
    ward = Ward(7, dynamodb)
    ward.writes.clear()

    audit_questions(
        table=DynamoAudit(dynamodb, QUESTIONS),
        questions=ward.questions,
        pagers=ward.pagers,
        automation=ward.room.automation,
        mail=ward.house.mail,
        metrics=ward.metrics,
        now=NOON + 3 * MINUTE,
    )

    assert ward.writes == []
