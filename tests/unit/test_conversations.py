"""The rules of a conversation, through `attend`: joining, reopening, edits, removals, echoes, answers elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.escalate_questions.app import escalate_questions
from switchboard.domain.filing import WAITS
from switchboard.domain.question import Answer, AnswerState, Change, QuestionState
from switchboard.verbs.attend import attend
from tests.fakes.hospital import NOON, message
from tests.fakes.house import House

if TYPE_CHECKING:
    from switchboard.domain.message import Message
    from switchboard.domain.question import Question

MINUTE = timedelta(minutes=1)
PAGE = "100200300400500"
QUESTION = message(1, thread_id="m1/a1")
"""A comment of a1; the platform's thread is m1, which others may share."""


def echo(number: int = 9, text: str = "We open at ten.", **changes: Any) -> Message:
    return message(
        number,
        text,
        **{"thread_id": "m1", "author_id": PAGE, "author_name": "", "by_us": True, "reply_to": "m1"} | changes,
    )


def removal(named: str, **changes: Any) -> Message:
    fields = {"message_id": named, "thread_id": named, "author_id": "", "author_name": "", "change": "removed"}
    return message(1, "", **fields | {"changed_at": NOON + MINUTE} | changes)


def told(house: House, *arriving: Message, now: Any = NOON) -> None:
    """Every message comes in by a delivery of its own, and the stream tells of it."""
    for one in arriving:
        attend(house.receives(one), house.room, now=now)


def question(house: House, of: Message = QUESTION) -> Question:
    found = house.conversation(of.question_id).question
    assert found is not None
    return found


def finished(house: House, of: Message = QUESTION, *, owner: str = "james") -> None:
    before = question(house, of)
    after = replace(
        before, version=before.version + 1, state=QuestionState.CLOSED, owner=owner, next_action_at=None, handed_to=""
    )
    house.questions.commit(Change(question=after))


def answering(house: House, text: str, *, state: AnswerState = AnswerState.SENDING, platform_id: str = "") -> None:
    before = question(house)
    answer = Answer(
        question_id=before.question_id,
        answer_id="A1",
        staff_id="james",
        text=text,
        in_reply_to="m1",
        state=state,
        created_at=NOON,
        attempted_at=NOON,
        platform_id=platform_id,
    )
    after = replace(before, version=before.version + 1, state=QuestionState.ANSWERING, owner="james")
    house.questions.commit(Change(question=after, answers=(answer,)))


# --- answered in the platform's own app ------------------------------------------------------------------------


def test_an_answer_in_the_platforms_app_closes_the_question_and_stops_the_ringing() -> None:
    house = House()
    told(house, QUESTION, echo())
    rung = len(house.phones())

    attend(QUESTION.question_id, house.room, now=NOON + 60 * MINUTE)

    assert question(house).state is QuestionState.ANSWERED_ELSEWHERE
    assert question(house).next_action_at is None
    assert len(house.phones()) == rung == 1


def test_an_answer_in_the_app_that_overtook_its_question_rings_nobody() -> None:
    house = House()
    told(house, echo(thread_id="m1/a1", reply_to=""), QUESTION)

    assert question(house).state is QuestionState.ANSWERED_ELSEWHERE
    assert question(house).author_id == "a1"
    assert house.phones() == []


def test_an_echo_under_a_comment_waits_for_it_and_then_finds_it() -> None:
    house = House()
    told(house, echo())
    told(house, QUESTION)
    attend(echo().question_id, house.room, now=NOON + MINUTE)

    assert question(house).state is QuestionState.ANSWERED_ELSEWHERE


def test_who_writes_again_after_an_answer_in_the_app_rings_again() -> None:
    house = House()
    told(house, QUESTION, echo(), message(10, "And on Sundays?", thread_id="m1/a1"))

    assert question(house).state is QuestionState.OPEN
    assert len(house.phones()) == 1
    escalate_questions(room=house.room, now=NOON + timedelta(minutes=2))  # one message a minute
    assert len(house.phones()) == 2


def test_an_automatic_reply_is_no_answer_where_the_config_says_how_fast_it_comes() -> None:
    house = House(conversations={"instant_reply_within": "10s"})
    told(house, QUESTION, echo(5))
    assert question(house).state is QuestionState.OPEN

    told(house, echo(30))
    assert question(house).state is QuestionState.ANSWERED_ELSEWHERE


# --- echoes of our own answers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "platform_id"), [(AnswerState.SENDING, ""), (AnswerState.SENT, "m9")])
def test_an_echo_of_our_own_answer_is_linked_and_closes_nothing(state: AnswerState, platform_id: str) -> None:
    house = House()
    told(house, QUESTION)
    answering(house, "We open  at ten.", state=state, platform_id=platform_id)
    told(house, echo())

    conversation = house.conversation(QUESTION.question_id)
    assert question(house).state is QuestionState.ANSWERING
    assert [one.message_id for one in conversation.messages] == ["m1"]
    assert [event.detail for event in conversation.events if event.kind == "echo_of_answer"] == ["m9"]


def test_an_answer_by_somebody_else_while_ours_is_under_way_leaves_ours_under_way() -> None:
    house = House()
    told(house, QUESTION)
    answering(house, "We open at nine.")
    told(house, echo())

    assert question(house).state is QuestionState.ANSWERING
    assert [one.message_id for one in house.conversation(QUESTION.question_id).messages] == ["m1", "m9"]


def test_who_answers_to_our_answer_joins_their_own_question_and_no_other() -> None:
    house = House()
    told(house, QUESTION)
    answering(house, "We open at ten.", state=AnswerState.SENT, platform_id="ours")
    theirs = message(20, "And on Sundays?", thread_id="ours/a1", reply_to="ours")
    others = message(21, "And for visitors?", thread_id="ours/a2", reply_to="ours", author_id="a2")
    told(house, theirs, others)

    assert [one.message_id for one in house.conversation(QUESTION.question_id).messages] == ["m1", "m20"]
    assert house.conversation(theirs.question_id).question is None
    assert question(house, others).state is QuestionState.OPEN


@pytest.mark.parametrize("seen_before", [True, False])
def test_an_edit_of_a_message_that_was_moved_finds_it(*, seen_before: bool) -> None:
    house = House()
    told(house, QUESTION)
    answering(house, "We open at ten.", state=AnswerState.SENT, platform_id="ours")
    more = message(20, "And on Sundays?", thread_id="ours/a1", reply_to="ours")
    changed = replace(more, change="edited", text="And on Mondays?", changed_at=NOON + 2 * MINUTE)
    told(house, *((more, changed) if seen_before else (changed,)))

    read = [(one.message_id, one.text) for one in house.conversation(QUESTION.question_id).messages]
    assert read == [("m1", QUESTION.text), ("m20", "And on Mondays?")]
    assert house.conversation(more.question_id).question is None


# --- removals and edits ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_removal_that_names_no_author_redacts_the_message_in_any_order(order: tuple[int, int]) -> None:
    house = House()
    told(house, *((QUESTION, removal("m1"))[position] for position in order))
    attend(removal("m1").question_id, house.room, now=NOON + MINUTE)

    (read,) = house.conversation(QUESTION.question_id).messages
    assert (read.text, read.author_name, read.change) == ("", "", "removed")
    assert question(house).state is QuestionState.CLOSED


def test_a_removal_of_something_unknown_is_given_up_after_an_hour_and_rings_nobody() -> None:
    house = House()
    lost = removal("m404")
    told(house, lost)
    assert house.conversation(lost.question_id).pending

    attend(lost.question_id, house.room, now=lost.received_at + WAITS)

    assert not house.conversation(lost.question_id).pending
    assert house.phones() == []


# --- after closing ---------------------------------------------------------------------------------------------

MORE = message(30, "Sorry, which entrance is it?", thread_id="m1/a1")


def test_a_message_after_closing_opens_the_question_again_for_whoever_had_it() -> None:
    house = House()
    told(house, QUESTION)
    finished(house)
    told(house, MORE)

    assert (question(house).state, question(house).number) == (QuestionState.OPEN, 1)
    assert house.phones()[-1] == "+12025550102", "James had it, and is on duty"


@pytest.mark.parametrize(
    ("rule", "owner", "later"),
    [
        ({"after_closing": "new"}, "james", NOON),
        ({}, "james", NOON + timedelta(days=15)),
    ],
)
def test_by_config_or_after_some_time_it_begins_a_new_one(rule: dict[str, str], owner: str, later: Any) -> None:
    house = House(conversations=rule)
    told(house, QUESTION)
    finished(house, owner=owner)
    told(house, MORE, now=later)

    assert (question(house).state, question(house).number) == (QuestionState.OPEN, 2)
    assert house.phones()[-1] == "+12025550101", "the primary, as for any new question"


@pytest.mark.parametrize("owner", ["chen", "somebody-who-left"])
def test_who_is_not_on_duty_is_not_rung_first(owner: str) -> None:
    house = House()
    told(house, QUESTION)
    finished(house, owner=owner)
    told(house, MORE)

    assert house.phones()[-1] == "+12025550101"


def test_an_emergency_after_closing_goes_to_everybody_and_waits_for_nobody() -> None:
    house = House()
    told(house, QUESTION)
    finished(house)
    told(house, message(30, "He is having chest pain and cannot breathe", thread_id="m1/a1"))

    assert sorted(house.phones()[-2:]) == ["+12025550101", "+12025550102"]


# --- duplicates and any order ----------------------------------------------------------------------------------

SECOND = message(2, "And on Sundays?", thread_id="m1/a1")
EVENTS = (
    QUESTION,
    SECOND,
    replace(QUESTION, change="edited", text="When do you open at Easter?", changed_at=NOON + 2 * MINUTE),
    removal("m2", changed_at=NOON + 3 * MINUTE),
    echo(40),
    message(3, "Do you have parking?", thread_id="m1/a2", author_id="a2"),
)


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(len(EVENTS))), st.integers(0, 2**32))
def test_any_order_and_any_number_of_copies_make_the_same_questions(order: list[int], seed: int) -> None:
    house = House()
    copies = [EVENTS[position] for position in order for _ in range(1 + (seed >> position) % 3)]
    told(house, *copies)
    for minutes in (1, 2):
        for one in EVENTS:
            attend(one.question_id, house.room, now=NOON + minutes * MINUTE)

    read = [(one.message_id, one.change, one.text) for one in house.conversation(QUESTION.question_id).messages]
    assert read == [
        ("m1", "edited", "When do you open at Easter?"),
        ("m2", "removed", ""),
        ("m40", "new", "We open at ten."),
    ]
    assert question(house, EVENTS[-1]).state is QuestionState.OPEN
    assert question(house).author_id == "a1"
