"""The inbox on the tables: a link is used, the question claimed, answered and read back."""

from __future__ import annotations

from typing import Any

import pytest

from switchboard.adapters.questions import DynamoQuestions
from switchboard.adapters.sessions import DynamoSessions
from switchboard.domain.question import AnswerState, QuestionState
from tests.fakes.tables import QUESTIONS, SHORT_LIVED, create_questions_table, create_short_lived_table
from tests.fakes.visitor import House, Phone


@pytest.fixture
def house(dynamodb: Any) -> House:
    create_questions_table(dynamodb)
    create_short_lived_table(dynamodb)
    questions: Any = DynamoQuestions(dynamodb, QUESTIONS)
    sessions: Any = DynamoSessions(dynamodb, SHORT_LIVED)
    return House(questions=questions, sessions=sessions)


def test_a_question_goes_from_the_link_to_the_answer(house: House) -> None:
    maria, james = house.phone("maria"), house.phone()

    assert maria.act("claim").status == 303
    assert james.post("/c/AAECAwQFBgcICQoLDA0ODw", {}).status == 410
    assert maria.act("answer", text="From ten to eight.").status == 303

    (answer,) = house.conversation.answers
    assert (answer.text, answer.state) == ("From ten to eight.", AnswerState.PENDING)
    assert house.question.state is QuestionState.ANSWERING
    assert house.questions.due_answers(house.now) == [house.question_id]
    assert "Maria Lopez wrote an answer." in maria.get(f"/inbox/{house.question_id}").text
    assert house.question.ref in maria.get("/inbox").text


def test_a_question_is_handed_over_claimed_and_closed(house: House) -> None:
    maria = house.phone("maria")
    assert maria.act("hand-over", to="james").status == 303
    assert house.questions.due(house.now) == [house.question_id]

    james = _james(house)
    assert james.act("claim").status == 303
    assert maria.get(f"/inbox/{house.question_id}").text.count("James Okafor has it") == 1
    assert james.act("close", why="done").status == 303

    assert house.question.state is QuestionState.CLOSED
    assert "Nobody is waiting" in james.get("/inbox").text


def _james(house: House) -> Phone:
    phone = house.phone()
    assert phone.post(house.link("james", token="J" * 22), {}).status == 303
    return phone
