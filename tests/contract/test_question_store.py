"""`ports.QuestionStore`, the same for the fake and for DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from switchboard.adapters.messages import DynamoMessages
from switchboard.adapters.questions import DynamoQuestions
from switchboard.domain.filing import Place
from switchboard.domain.intake import take_in
from switchboard.domain.question import Alert, AlertState, Answer, AnswerState, Change, Event, Question
from switchboard.domain.vocabulary import Urgency
from switchboard.errors import Conflict
from tests.conftest import EMBEDDED
from tests.fakes.hospital import NOON, config, message
from tests.fakes.questions import FakeQuestions
from tests.fakes.tables import QUESTIONS, create_questions_table

if TYPE_CHECKING:
    from switchboard.ports import MessageStore, QuestionStore

SECOND = timedelta(seconds=1)


@pytest.fixture(params=["fake", "dynamodb", EMBEDDED])
def stores(request: pytest.FixtureRequest) -> tuple[QuestionStore, MessageStore]:
    if request.param == "fake":
        fake = FakeQuestions()
        return fake, fake
    client: Any = request.getfixturevalue(request.param)
    create_questions_table(client)
    return DynamoQuestions(client, QUESTIONS), DynamoMessages(client, QUESTIONS)


@pytest.fixture
def questions(stores: tuple[QuestionStore, MessageStore]) -> QuestionStore:
    return stores[0]


@pytest.fixture
def messages(stores: tuple[QuestionStore, MessageStore]) -> MessageStore:
    return stores[1]


def opened(questions: QuestionStore, messages: MessageStore, number: int = 1, **changes: Any) -> Question:
    arrived = message(number, **changes)
    messages.put([arrived])
    change = take_in(questions.load(arrived.question_id), config(), now=NOON)
    assert change is not None
    questions.commit(change)
    return change.question


def test_a_question_that_nobody_asked_is_an_empty_conversation(questions: QuestionStore) -> None:
    conversation = questions.load("NOBODY")

    assert (conversation.question, conversation.messages, conversation.pending) == (None, (), ())


def test_a_stored_message_is_pending_and_due_after_the_streams_grace(
    questions: QuestionStore, messages: MessageStore
) -> None:
    arrived = message()
    messages.put([arrived])

    assert questions.load(arrived.question_id).pending == (arrived,)
    assert questions.due(arrived.received_at + 29 * SECOND) == []
    assert questions.due(arrived.received_at + 30 * SECOND) == [arrived.question_id]


def test_what_was_committed_is_read_back_whole(questions: QuestionStore, messages: MessageStore) -> None:
    question = opened(questions, messages, expires_at=NOON + timedelta(days=90))
    alert = Alert(
        question_id=question.question_id,
        step=1,
        staff_id="maria",
        contact="sms",
        state=AlertState.SENT,
        at=NOON,
        provider_id="p1",
    )
    answer = Answer(
        question_id=question.question_id,
        answer_id="a1",
        staff_id="maria",
        text="From nine to five.",
        in_reply_to="m1",
        state=AnswerState.PENDING,
        created_at=NOON,
        next_action_at=NOON,
        expires_at=NOON + timedelta(days=90),
    )
    events = tuple(
        Event(question_id=question.question_id, kind="noted", by="maria", at=NOON, detail=detail) for detail in "ab"
    )
    after = replace(question, version=question.version + 1, owner="maria", claimed_until=NOON + SECOND)
    questions.commit(Change(question=after, alerts=(alert,), answers=(answer,), events=events))

    conversation = questions.load(question.question_id)

    assert conversation.question == after
    assert conversation.messages == (message(expires_at=NOON + timedelta(days=90)),)
    assert conversation.pending == ()
    assert conversation.alerts == (alert,)
    assert conversation.answers == (answer,)
    assert [event.detail for event in conversation.events if event.kind == "noted"] == ["a", "b"]


def test_of_two_changes_made_on_one_version_the_second_is_a_conflict_and_writes_nothing(
    questions: QuestionStore, messages: MessageStore
) -> None:
    question = opened(questions, messages)
    first = replace(question, version=question.version + 1, owner="maria")
    second = replace(question, version=question.version + 1, owner="james")
    late = Event(question_id=question.question_id, kind="late", by="james", at=NOON)
    questions.commit(Change(question=first))

    with pytest.raises(Conflict):
        questions.commit(Change(question=second, events=(late,)))

    conversation = questions.load(question.question_id)
    assert conversation.question == first
    assert late not in conversation.events


def test_a_question_cannot_be_opened_twice(questions: QuestionStore, messages: MessageStore) -> None:
    question = opened(questions, messages)

    with pytest.raises(Conflict):
        questions.commit(Change(question=replace(question, version=1)))


def test_new_messages_and_what_is_most_urgent_come_first_then_what_is_most_overdue_and_each_once(
    questions: QuestionStore, messages: MessageStore
) -> None:
    found = {
        name: opened(questions, messages, number, thread_id=name)
        for number, name in enumerate(("calm", "calmer", "grave", "more"), start=1)
    }
    for name, urgency, seconds in (
        ("calm", Urgency.NORMAL, 5),
        ("calmer", Urgency.NORMAL, 9),
        ("grave", Urgency.EMERGENCY, 20),
        ("more", Urgency.LOW, 1),
    ):
        moment = NOON + seconds * SECOND
        questions.commit(Change(question=replace(found[name], version=2, urgency=urgency, next_action_at=moment)))
    messages.put([message(5, thread_id="more")])

    due = questions.due(NOON + timedelta(minutes=2))

    assert due == [found[name].question_id for name in ("grave", "more", "calm", "calmer")]
    assert questions.due(NOON + timedelta(minutes=2), limit=2) == due[:2]


def test_the_heads_of_questions_are_read_many_at_a_time(questions: QuestionStore, messages: MessageStore) -> None:
    found = [opened(questions, messages, number, thread_id=f"t{number}") for number in range(1, 4)]
    ids = [one.question_id for one in found]

    heads = questions.heads([*ids, ids[0], "NOBODYASKEDTHIS"])

    assert sorted(head.question_id for head in heads) == sorted(ids)
    assert {head.question_id: head for head in heads} == {one.question_id: one for one in found}
    assert questions.heads([]) == []


def test_a_finished_question_is_neither_due_nor_unfinished(questions: QuestionStore, messages: MessageStore) -> None:
    question = opened(questions, messages)
    assert [found.question_id for found in questions.unfinished()] == [question.question_id]

    questions.commit(Change(question=replace(question, version=2, next_action_at=None)))

    assert questions.unfinished() == []
    assert questions.due(NOON + timedelta(days=365)) == []


def test_only_answers_that_are_to_be_delivered_are_due(questions: QuestionStore, messages: MessageStore) -> None:
    question = opened(questions, messages)
    answer = Answer(
        question_id=question.question_id,
        answer_id="a1",
        staff_id="maria",
        text="Yes.",
        in_reply_to="m1",
        state=AnswerState.PENDING,
        created_at=NOON,
        next_action_at=NOON,
    )
    questions.commit(Change(question=replace(question, version=2), answers=(answer,)))
    assert questions.due_answers(NOON) == [question.question_id]

    sent = replace(answer, state=AnswerState.SENT, next_action_at=None)
    questions.commit(Change(question=replace(question, version=3), answers=(sent,)))

    assert questions.due_answers(NOON + timedelta(days=1)) == []


def test_an_edit_is_applied_once_and_kept_without_its_text(questions: QuestionStore, messages: MessageStore) -> None:
    question = opened(questions, messages)
    edit = replace(message(), change="edited", text="Until when?", changed_at=NOON + 5 * SECOND)
    messages.put([edit])
    change = take_in(questions.load(question.question_id), config(), now=NOON)
    assert change is not None
    questions.commit(change)

    conversation = questions.load(question.question_id)

    assert [read.text for read in conversation.messages] == ["Until when?"]
    assert conversation.pending == ()
    assert messages.put([edit]) == 0


def test_what_was_filed_is_found_by_its_id(questions: QuestionStore, messages: MessageStore) -> None:
    question = opened(questions, messages, thread_id="t/a1")

    assert questions.place_of("facebook", "m1") == Place(thread_id="t/a1", author_id=question.author_id)
    assert questions.place_of("facebook", "m2") is None
    assert questions.place_of("website", "m1") is None


def test_an_answer_on_the_platform_is_found_by_its_id(questions: QuestionStore, messages: MessageStore) -> None:
    question = opened(questions, messages)
    answer = Answer(
        question_id=question.question_id,
        answer_id="A1",
        staff_id="maria",
        text="At ten.",
        in_reply_to="m1",
        state=AnswerState.SENT,
        created_at=NOON,
        platform_id="p1",
    )
    questions.commit(Change(question=replace(question, version=2), answers=(answer,)))

    assert questions.place_of("facebook", "p1") == Place(thread_id="t1", author_id="a1")


def test_what_is_filed_elsewhere_is_moved_once_and_stays_known_here(
    questions: QuestionStore, messages: MessageStore
) -> None:
    lost = message(7, thread_id="lost")
    messages.put([lost])

    for _ in range(2):
        questions.refile(lost, "t1")

    moved = replace(lost, thread_id="t1")
    assert questions.load(moved.question_id).pending == (moved,)
    assert questions.load(lost.question_id).pending == questions.load(lost.question_id).messages == ()
    assert questions.due(NOON + timedelta(hours=1)) == [moved.question_id]
    assert messages.put([lost]) == 0, "sent again by the platform, it is still the same message"
