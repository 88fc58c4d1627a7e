"""Receipts through the deployed stack: the topic, its subscription and the role's permissions, as they are deployed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from local.outbox import emails
from local.story import PAGE
from switchboard.adapters.pagers import DynamoPagers
from switchboard.adapters.questions import DynamoQuestions
from switchboard.domain.message import question_id_of
from switchboard.domain.question import AlertState
from tests.e2e.test_line import MARIA, comments, deliver, eventually, fresh_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.stack import Stack
    from switchboard.domain.question import Alert

pytestmark = pytest.mark.stack
ANA = "ana@example.org"


def publish(stack: Stack, receipt: dict[str, Any]) -> None:
    found = stack.client("cloudformation").describe_stacks(StackName=stack.stack_name)["Stacks"][0]["Outputs"]
    (topic,) = [output["OutputValue"] for output in found if output["OutputKey"] == "ReceiptsTopicArn"]
    stack.client("sns").publish(TopicArn=topic, Message=json.dumps(receipt))


@pytest.fixture
def pagers(stack: Stack) -> Iterator[DynamoPagers]:
    """The pagers; that of ana is fresh again after the test, for those that come later."""
    client, table = stack.client("dynamodb"), stack.tables["questions"]
    yield DynamoPagers(client, table)
    client.delete_item(TableName=table, Key={"question_id": {"S": "pager#ana"}, "item": {"S": "pager"}})


def test_a_text_that_reached_nobody_is_noted_at_its_alert(stack: Stack) -> None:
    questions = DynamoQuestions(stack.client("dynamodb"), stack.tables["questions"])
    number = fresh_number()
    question_id = question_id_of("facebook", f"{PAGE}_{number}/8{number}")
    assert deliver(stack, json.dumps(comments(number)).encode()).status_code == 200

    def rung() -> list[Alert]:
        """After a storm it may be told with the next text."""
        known = (AlertState.SENT, AlertState.HELD)
        return [one for one in questions.load(question_id).alerts if one.contact == "sms" and one.state in known]

    first = eventually(rung)[0]
    context = {"question_id": question_id, "step": str(first.step), "staff_id": first.staff_id}
    receipt = {"eventType": "TEXT_UNREACHABLE", "isFinal": True, "destinationPhoneNumber": MARIA, "context": context}
    publish(stack, receipt | {"messageId": first.provider_id or "text-1"})

    assert eventually(lambda: [one.kind for one in questions.load(question_id).events if one.kind == "alert_failed"])
    failed = [one for one in questions.load(question_id).alerts if one.state is AlertState.FAILED]
    assert [(one.step, one.staff_id, one.failure) for one in failed] == [
        (first.step, first.staff_id, "TEXT_UNREACHABLE")
    ]


def test_a_mailbox_that_bounces_is_dead_and_the_last_resort_hears_of_it(stack: Stack, pagers: DynamoPagers) -> None:
    mail = {"messageId": "mail-1", "destination": [ANA]}
    bounce = {"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "bounceSubType": "General"}, "mail": mail}

    for _ in range(2):
        publish(stack, bounce)

    assert eventually(lambda: pagers.load(["ana"])["ana"].is_dead("email", ANA))
    subject = "ana cannot be reached by email"
    told = eventually(lambda: [one for one in emails(stack.endpoint_url, "maria@example.org") if subject in one])
    assert len(told) == 1
    assert ANA not in told[0]
