"""The audit on DynamoDB: what every index misses is found, repaired and rung; what is well is not written to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from switchboard.adapters import audit as adapter
from switchboard.adapters.audit import DynamoAudit
from switchboard.adapters.items import stamp
from switchboard.adapters.messages import DynamoMessages
from switchboard.adapters.pagers import DynamoPagers
from switchboard.adapters.questions import DynamoQuestions
from switchboard.domain.audit import Flaw, Wake
from switchboard.domain.handling import answer, claim
from switchboard.domain.intake import take_in
from switchboard.domain.message import Ignored
from switchboard.domain.pager import Held, Pager
from switchboard.domain.question import Answer, AnswerState, Change, QuestionState
from switchboard.domain.vocabulary import Urgency
from switchboard.errors import Conflict
from switchboard.verbs.audit import Auditor
from tests.conftest import EMBEDDED
from tests.fakes.hospital import NOON, config, message
from tests.fakes.tables import QUESTIONS, create_questions_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from switchboard.domain.question import Question
    from switchboard.verbs.audit import Audit

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LATER = NOON + 11 * MINUTE
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem")


class Table:
    """The Questions table with everything that works on it; *writes* are the operations that changed it."""

    def __init__(self, client: Any) -> None:
        create_questions_table(client)
        self.client = client
        self.questions, self.messages = DynamoQuestions(client, QUESTIONS), DynamoMessages(client, QUESTIONS)
        self.pagers, self.audited = DynamoPagers(client, QUESTIONS), DynamoAudit(client, QUESTIONS)
        self.writes: list[str] = []
        client.meta.events.register("before-call.dynamodb", self._note)

    def audit(
        self, after: str = "", *, repair: bool = True, now: Any = LATER, goes_on: Callable[[], bool] = lambda: True
    ) -> Audit:
        self.writes.clear()
        auditor = Auditor(
            table=self.audited,
            questions=self.questions,
            pagers=self.pagers,
            config=config(),
            now=now,
            repair=repair,
        )
        return auditor.run(after, goes_on=goes_on)

    def opens(self, number: int = 1, **changes: Any) -> Question:
        arrived = message(number, **({"thread_id": f"t{number}"} | changes))
        self.messages.put([arrived])
        change = take_in(self.questions.load(arrived.question_id), config(), now=NOON)
        assert change is not None
        later = replace(change.question, next_action_at=NOON + HOUR / 4)
        self.questions.commit(replace(change, question=later))
        return later

    def loses(self, partition: str, item: str, *names: str) -> None:
        self.client.update_item(
            TableName=QUESTIONS,
            Key={"question_id": {"S": partition}, "item": {"S": item}},
            UpdateExpression="REMOVE " + ", ".join(names),
        )

    def gets(self, partition: str, item: str, **values: Any) -> None:
        self.client.update_item(
            TableName=QUESTIONS,
            Key={"question_id": {"S": partition}, "item": {"S": item}},
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
            ExpressionAttributeNames={f"#{name}": name for name in values},
            ExpressionAttributeValues={f":{name}": value for name, value in values.items()},
        )

    def _note(self, model: Any, **_: Any) -> None:
        if model.name in WRITES:
            self.writes.append(model.name)


@pytest.fixture(params=["dynamodb", EMBEDDED])
def table(request: pytest.FixtureRequest) -> Table:
    return Table(request.getfixturevalue(request.param))


def furnish(table: Table) -> Question:
    """Put one of everything that is well: open, claimed, answering, finished, pending, waiting, held, put aside."""
    table.opens(1)
    claimed, answering, closed = table.opens(2), table.opens(3), table.opens(4)
    for question in (claimed, answering):
        held = claim(table.questions.load(question.question_id), "maria", now=NOON, lasting=4 * HOUR)
        assert isinstance(held, Change)
        table.questions.commit(held)
    latest = table.questions.load(answering.question_id)
    sent = answer(latest, "maria", text="At nine.", answer_id="A" * 16, in_reply_to="m3", now=NOON + 9 * MINUTE)
    assert isinstance(sent, Change)
    table.questions.commit(sent)
    done = Answer(
        question_id=closed.question_id,
        answer_id="B" * 16,
        staff_id="maria",
        text="At ten.",
        in_reply_to="m4",
        state=AnswerState.SENT,
        created_at=NOON,
        platform_id="m4-answer",
    )
    finished = replace(closed, state=QuestionState.ANSWERED, next_action_at=None, version=2)
    table.questions.commit(Change(question=finished, answers=(done,)))
    table.messages.put([message(5, thread_id="t5", received_at=NOON + 10 * MINUTE)])
    table.messages.put([message(6, thread_id="t6", by_us=True, change="edited", changed_at=NOON, received_at=NOON)])
    table.messages.put_ignored("facebook", [Ignored(reason="unknown_field", event="{}")], now=NOON)
    waiting = Held(contact="sms", question_id=claimed.question_id, urgency=Urgency.NORMAL, since=NOON)
    table.pagers.save(Pager(staff_id="maria", held=(waiting,), next_action_at=LATER, version=1))
    table.pagers.save(Pager(staff_id="james", version=1))
    return claimed


def test_a_table_that_is_well_is_not_written_to(table: Table) -> None:
    furnish(table)

    found = table.audit()

    assert (found.repaired, found.left, found.late, found.failures) == ((), (), (), ())
    assert found.looked > 20
    assert table.writes == []
    assert table.audited.cursor() == ""


@pytest.mark.parametrize("lost", [("open_shard",), ("next_action_at",), ("open_shard", "next_action_at")])
def test_a_question_that_lost_its_next_action_is_due_again_and_its_trail_says_so(
    table: Table, lost: tuple[str, ...]
) -> None:
    question = table.opens()
    table.loses(question.question_id, "question", *lost)
    assert question.question_id not in table.questions.due(NOON + DAY)

    found = table.audit()

    assert [(one.partition, one.flaw) for one in found.repaired] == [(question.question_id, Flaw.NO_NEXT_ACTION)]
    assert table.questions.due(LATER) == [question.question_id]
    after = table.questions.load(question.question_id)
    assert after.question == replace(question, next_action_at=LATER, version=2)
    assert [event.detail for event in after.events if event.kind == "repaired"] == ["question: no_next_action"]
    assert table.audit().repaired == ()
    assert table.writes == []


def test_a_next_action_that_is_no_moment_is_one_that_was_lost(table: Table) -> None:
    furnish(table)
    question = table.opens(7)
    table.gets(question.question_id, "question", next_action_at={"S": "soon"})
    finished = message(4, thread_id="t4").question_id
    for partition, item in (("pager#maria", "pager"), ("pager#james", "pager"), (finished, "question")):
        table.gets(partition, item, next_action_at={"S": "soon"})

    found = table.audit()

    assert {one.partition for one in found.repaired} == {question.question_id, finished, "pager#maria", "pager#james"}
    after = table.questions.load(finished).question
    assert after is not None
    assert (after.state, after.next_action_at) == (QuestionState.ANSWERED, None)
    assert question.question_id in table.questions.due(LATER)
    assert sorted(table.pagers.due(LATER)) == ["james", "maria"]


def test_what_is_found_is_left_alone_when_nothing_is_to_be_repaired(table: Table) -> None:
    question = table.opens()
    table.loses(question.question_id, "question", "open_shard")

    found = table.audit(repair=False)

    assert [one.flaw for one in found.left] == [Flaw.NO_NEXT_ACTION]
    assert (found.repaired, table.writes) == ((), [])


@pytest.mark.parametrize("lost", [("open_shard",), ("next_action_at",), ("open_shard", "next_action_at")])
@pytest.mark.parametrize("before", [0, 1])
def test_a_message_that_was_never_taken_in_is_due_again(table: Table, lost: tuple[str, ...], before: int) -> None:
    if before:
        table.opens(1, thread_id="t1")
    lonely = message(2, "Where can I park?", expires_at=NOON + DAY)
    table.messages.put([lonely])
    table.loses(lonely.question_id, "message#m2", *lost)

    found = table.audit()

    assert [(one.item, one.flaw) for one in found.repaired] == [("message#m2", Flaw.NOT_TAKEN_IN)]
    assert table.questions.due(LATER) == [lonely.question_id]
    conversation = table.questions.load(lonely.question_id)
    assert conversation.pending == (lonely,)
    assert [event.kind for event in conversation.events][-1] == "repaired"
    change = take_in(conversation, config(), now=LATER)
    assert change is not None
    table.questions.commit(change)
    assert table.questions.load(lonely.question_id).pending == ()
    assert table.audit().repaired == ()


def test_an_edit_that_was_never_taken_in_is_due_again_even_after_months(table: Table) -> None:
    question = table.opens()
    edit = message(1, "May I bring a dog?", thread_id="t1", change="edited", changed_at=NOON + MINUTE)
    table.messages.put([edit])
    table.loses(question.question_id, f"change#m1#edited#{stamp(NOON + MINUTE)}", "open_shard", "next_action_at")
    table.gets(question.question_id, "question", next_action_at={"S": stamp(NOON + 91 * DAY)})

    found = table.audit(now=NOON + 91 * DAY)

    assert [one.flaw for one in found.repaired] == [Flaw.NOT_TAKEN_IN]


def test_a_message_is_not_woken_when_it_is_taken_in_between_the_look_and_the_repair(table: Table) -> None:
    lonely = message(2, thread_id="t1")
    table.messages.put([lonely])
    table.loses(lonely.question_id, "message#m2", "next_action_at")
    (entry,) = table.audited.look(lonely.question_id, now=LATER).entries
    taken = take_in(table.questions.load(lonely.question_id), config(), now=LATER)
    assert taken is not None
    table.questions.commit(taken)
    event = replace(taken.events[0], kind="repaired")

    with pytest.raises(Conflict):
        table.audited.wake(Wake(entry=entry, at=LATER, event=event, version=0))

    assert table.questions.load(lonely.question_id).pending == ()


def test_an_answer_that_lost_its_next_action_is_due_again(table: Table) -> None:
    furnish(table)
    question_id = message(3, thread_id="t3").question_id
    before = table.questions.load(question_id)
    table.loses(question_id, f"answer#{'A' * 16}", "open_shard", "next_action_at")

    found = table.audit()

    assert [(one.item, one.flaw) for one in found.repaired] == [(f"answer#{'A' * 16}", Flaw.NO_NEXT_ACTION)]
    assert table.questions.due_answers(LATER) == [question_id]
    (waiting,) = table.questions.load(question_id).answers
    assert waiting == replace(before.answers[0], next_action_at=LATER)


def test_an_answer_whose_question_is_gone_is_told_and_left(table: Table) -> None:
    furnish(table)
    question_id = message(3, thread_id="t3").question_id
    table.loses(question_id, f"answer#{'A' * 16}", "open_shard")
    key = {"question_id": {"S": question_id}, "item": {"S": "question"}}
    table.client.delete_item(TableName=QUESTIONS, Key=key)

    found = table.audit()

    assert [one.flaw for one in found.left] == [Flaw.ORPHAN]
    assert table.writes == []


def test_a_pager_that_holds_something_back_is_due_again(table: Table) -> None:
    furnish(table)
    table.loses("pager#maria", "pager", "open_shard", "next_action_at")
    assert table.pagers.due(NOON + DAY) == []

    found = table.audit()

    assert [(one.ref, one.flaw) for one in found.repaired] == [("pager#maria", Flaw.NO_NEXT_ACTION)]
    assert table.pagers.due(LATER) == ["maria"]


def test_what_is_finished_leaves_the_index(table: Table) -> None:
    question = table.opens()
    table.gets(question.question_id, "question", state={"S": "answered"})

    found = table.audit()

    assert [one.flaw for one in found.repaired] == [Flaw.STILL_DUE]
    assert table.questions.due(NOON + DAY) == []


def test_one_that_cannot_be_read_is_told_and_does_not_stop_the_audit(table: Table) -> None:
    questions = [table.opens(number) for number in range(1, 8)]
    poisoned, broken, *lost = questions
    table.gets(poisoned.question_id, "question", state={"S": "opne"}, expires_at={"N": "1.5"})
    table.gets(broken.question_id, "question", opened_at={"S": "then"}, next_action_at={"S": "soon"})
    for question in lost:
        table.loses(question.question_id, "question", "open_shard")

    found = table.audit()

    assert {(one.partition, one.flaw) for one in found.left} == {
        (poisoned.question_id, Flaw.UNREADABLE),
        (broken.question_id, Flaw.UNREADABLE),
    }
    assert {one.partition for one in found.repaired} == {question.question_id for question in lost}


def test_a_run_stops_when_it_is_told_and_the_next_goes_on_to_the_end(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "PAGE", 5)
    lost = {table.opens(number).question_id for number in range(1, 8)}
    for question_id in lost:
        table.loses(question_id, "question", "next_action_at")
    after, runs, repaired = "", 0, set[str]()

    while runs == 0 or after:
        found = table.audit(after, goes_on=lambda: False)
        assert found.looked <= 5
        after, runs, repaired = found.after, runs + 1, repaired | {one.partition for one in found.repaired}
        table.audited.keep(after)
        assert table.audited.cursor() == after

    assert (runs > 3, repaired) == (True, lost)


def test_what_the_sweep_does_not_get_to_is_told_the_latest_first_and_what_may_wait_is_not(table: Table) -> None:
    question = table.opens()
    table.messages.put([message(6, thread_id="t6", by_us=True, change="edited", changed_at=NOON, received_at=NOON)])

    assert table.audit(now=NOON + 25 * MINUTE).late == ()
    found = table.audit(now=NOON + 26 * MINUTE)
    assert [(one.partition, one.flaw, one.repair) for one in found.late] == [(question.question_id, Flaw.OVERDUE, None)]
    assert found.oldest == 11 * MINUTE
    assert table.writes == []
    assert len(table.audit(now=NOON + 71 * MINUTE).late) == 2


def test_a_repair_that_is_overtaken_looks_again(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    question = table.opens()
    table.loses(question.question_id, "question", "open_shard")
    commit = table.questions.commit

    def overtaken(change: Change) -> None:
        monkeypatch.setattr(table.questions, "commit", commit)
        claimed = claim(table.questions.load(question.question_id), "maria", now=LATER, lasting=HOUR)
        assert isinstance(claimed, Change)
        commit(claimed)
        commit(change)

    monkeypatch.setattr(table.questions, "commit", overtaken)

    assert table.audit().repaired == ()
    after = table.questions.load(question.question_id).question
    assert after is not None
    assert (after.owner, after.version) == ("maria", 2)
