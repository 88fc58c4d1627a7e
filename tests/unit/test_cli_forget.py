"""`switchboard forget`: of a person nothing stays but counts, and nothing of theirs comes back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner

from switchboard.adapters.messages import DynamoMessages
from switchboard.adapters.questions import DynamoQuestions
from switchboard.domain.intake import take_in
from switchboard.domain.message import Ignored
from switchboard.domain.question import Answer, AnswerState, Change
from switchboard_cli.main import app
from switchboard_cli.stack import Stack
from tests.fakes.hospital import NOON, config, message
from tests.fakes.tables import QUESTIONS, create_questions_table

if TYPE_CHECKING:
    from collections.abc import Iterator

RUN = CliRunner()
GONE = message(1, "Is my mother in ward 7?", thread_id="m1/9001", author_id="9001", author_name="Rosa Quimby")
STAYS = message(2, "When do you open?", thread_id="m1/9002", author_id="9002", author_name="Tom Sample")
ELSEWHERE = replace(GONE, channel="website", platform="web_form")


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    found = Stack(
        name="mercy", region="us-east-1", endpoint_url="", api_url="", tables={"questions": QUESTIONS}, appconfig={}
    )
    monkeypatch.setattr(Stack, "find", lambda *_: found)
    with mock_aws():
        made = boto3.client("dynamodb", region_name="us-east-1")
        create_questions_table(made)
        store, questions = DynamoMessages(made, QUESTIONS), DynamoQuestions(made, QUESTIONS)
        for one in (GONE, STAYS, ELSEWHERE):
            store.put([one])
            change = take_in(questions.load(one.question_id), config(), now=NOON)
            assert change is not None
            answer = Answer(
                question_id=one.question_id,
                answer_id="A1",
                staff_id="maria",
                text=f"Dear {one.author_name}",
                in_reply_to=one.message_id,
                state=AnswerState.SENT,
                created_at=NOON,
                platform_id=f"{one.channel}-{one.message_id}-answer",
            )
            questions.commit(change)
            questions.commit(Change(question=replace(change.question, version=2), answers=(answer,)))
        edit = replace(GONE, text="She is in ward 8", change="edited", changed_at=NOON + timedelta(minutes=1))
        store.put([edit])
        store.put_ignored(
            "facebook", [Ignored(reason="unknown_field", event='{"from": "9001", "name": "Rosa"}')], now=NOON
        )
        yield made


def everything(client: Any) -> list[Any]:
    found: list[Any] = client.scan(TableName=QUESTIONS)["Items"]
    return found


def forget(*words: str, answer: str | None = None) -> Any:
    return RUN.invoke(app, ["forget", *words], input=answer)


def test_of_a_forgotten_person_only_counts_stay(client: Any) -> None:
    result = forget("--author", "9001", "--yes", "--json")

    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {
        "questions": 2,
        "unfinished": 2,
        "messages": 2,
        "answers": 2,
        "events": 2,
        "unread": 1,
        "removed": True,
    }
    left = json.dumps(everything(client))
    for mark in ("9001", "Rosa", "ward"):
        assert mark not in left, mark
    assert "Tom Sample" in left
    (record,) = [item for item in everything(client) if item["question_id"]["S"] == "forgotten"]
    assert (record["questions"]["N"], record["messages"]["N"]) == ("2", "2")


def test_what_was_forgotten_does_not_come_back_and_is_nobodys_work(client: Any) -> None:
    forget("--author", "9001", "--yes")

    assert DynamoMessages(client, QUESTIONS).put([GONE, ELSEWHERE]) == 0
    store = DynamoQuestions(client, QUESTIONS)
    conversation = store.load(GONE.question_id)
    assert (conversation.question, conversation.messages, conversation.pending) == (None, (), ())
    assert GONE.question_id not in store.due(NOON + timedelta(days=1))


def test_what_they_write_afterwards_is_a_new_question(client: Any) -> None:
    forget("--author", "9001", "--yes")
    again = replace(GONE, message_id="m77", text="Where do I park?")
    DynamoMessages(client, QUESTIONS).put([again])
    store = DynamoQuestions(client, QUESTIONS)
    change = take_in(store.load(again.question_id), config(), now=NOON)
    assert change is not None
    store.commit(change)

    assert [one.message_id for one in store.load(again.question_id).messages] == ["m77"]


def test_on_one_channel_the_others_stay(client: Any) -> None:
    result = forget("--author", "9001", "--channel", "website", "--yes", "--json")

    assert json.loads(result.stdout)["questions"] == 1
    assert DynamoQuestions(client, QUESTIONS).load(GONE.question_id).question is not None
    assert DynamoQuestions(client, QUESTIONS).load(ELSEWHERE.question_id).question is None


def test_the_person_may_be_named_by_a_question_of_theirs(client: Any) -> None:
    result = forget("--question", GONE.question_id, "--yes", "--json")

    assert (result.exit_code, json.loads(result.stdout)["questions"]) == (0, 1)
    assert DynamoQuestions(client, QUESTIONS).load(ELSEWHERE.question_id).question is not None, "another channel"


@pytest.mark.parametrize(("words", "answer"), [(("--dry-run",), None), ((), "n\n"), ((), "")])
def test_nothing_goes_without_a_yes(client: Any, words: tuple[str, ...], answer: str | None) -> None:
    before = everything(client)
    result = forget("--author", "9001", *words, answer=answer)

    assert everything(client) == before
    assert "2 questions, 2 messages" in result.output
    assert "2 of the questions still wait" in result.output


@pytest.mark.parametrize(
    ("words", "code"), [((), 2), (("--author", "1", "--question", "2"), 2), (("--author", "1"), 1)]
)
@pytest.mark.usefixtures("client")
def test_whom_must_be_said_and_somebody_unknown_is_told(words: tuple[str, ...], code: int) -> None:
    assert forget(*words).exit_code == code


def test_a_forgetting_that_was_cut_off_is_finished_by_the_next(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    deleted = 0

    def cut(**_: Any) -> None:
        nonlocal deleted
        deleted += 1
        if deleted > 2:
            raise KeyboardInterrupt

    client.meta.events.register("before-call.dynamodb.DeleteItem", cut)
    monkeypatch.setattr(Stack, "client", lambda _stack, _service: client)  # pyright: ignore[reportUnknownLambdaType]
    forget("--author", "9001", "--yes")
    client.meta.events.unregister("before-call.dynamodb.DeleteItem", cut)
    assert deleted == 3

    forget("--author", "9001", "--yes")
    assert "9001" not in json.dumps(everything(client))
