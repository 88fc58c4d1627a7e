"""`switchboard audit`: what waits for nobody is named, and repaired on demand."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner

from switchboard.adapters.messages import DynamoMessages
from switchboard.adapters.questions import DynamoQuestions
from switchboard.domain.intake import take_in
from switchboard_cli import config_push
from switchboard_cli.main import app
from switchboard_cli.stack import Stack
from tests.fakes.hospital import DOCUMENT, config, message
from tests.fakes.tables import QUESTIONS, create_questions_table

if TYPE_CHECKING:
    from collections.abc import Iterator

RUN = CliRunner()


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    found = Stack(
        name="mercy", region="us-east-1", endpoint_url="", api_url="", tables={"questions": QUESTIONS}, appconfig={}
    )
    monkeypatch.setattr(Stack, "find", lambda *_: found)
    monkeypatch.setattr(config_push, "in_force", lambda _: DOCUMENT)
    with mock_aws():
        made = boto3.client("dynamodb", region_name="us-east-1")
        create_questions_table(made)
        yield made


def opens(client: Any, number: int, *, minutes_ago: int = 0) -> str:
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    arrived = message(number, "Is Rosa in ward 7?", thread_id=f"t{number}", received_at=at)
    DynamoMessages(client, QUESTIONS).put([arrived])
    questions = DynamoQuestions(client, QUESTIONS)
    change = take_in(questions.load(arrived.question_id), config(), now=at)
    assert change is not None
    questions.commit(change)
    return arrived.question_id


def lose(client: Any, question_id: str) -> None:
    client.update_item(
        TableName=QUESTIONS,
        Key={"question_id": {"S": question_id}, "item": {"S": "question"}},
        UpdateExpression="REMOVE open_shard",
    )


def test_when_all_is_well_it_says_so(client: Any) -> None:
    opens(client, 1)

    result = RUN.invoke(app, ["audit"])

    assert (result.exit_code, result.stdout) == (0, "everything that waits has a next action\n")


def test_what_is_found_is_named_without_a_word_and_left_until_it_is_to_be_repaired(client: Any) -> None:
    question_id = opens(client, 1)
    lose(client, question_id)

    looked = RUN.invoke(app, ["audit", "--json"])
    still = DynamoQuestions(client, QUESTIONS).due(datetime.now(UTC))
    repaired = RUN.invoke(app, ["audit", "--repair"])
    again = RUN.invoke(app, ["audit"])

    assert looked.exit_code == 1
    (row,) = json.loads(looked.stdout)
    assert (row["question_id"], row["flaw"], row["state"]) == (question_id, "no_next_action", "found")
    assert "Rosa" not in looked.output + repaired.output
    assert "switchboard audit --repair" in looked.stderr
    assert still == []
    assert (repaired.exit_code, again.exit_code) == (0, 0)
    assert "repaired" in repaired.stdout
    assert DynamoQuestions(client, QUESTIONS).due(datetime.now(UTC)) == [question_id]


def test_what_the_sweep_does_not_do_cannot_be_repaired_from_here(client: Any) -> None:
    opens(client, 1, minutes_ago=20)

    result = RUN.invoke(app, ["audit", "--repair"])

    assert result.exit_code == 1
    assert "overdue" in result.stdout


def test_a_config_that_is_not_valid_is_told(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config_push, "in_force", lambda _: {"zone": "nowhere"})

    result = RUN.invoke(app, ["audit"])

    assert result.exit_code == 2
    assert "push it again" in result.stderr
