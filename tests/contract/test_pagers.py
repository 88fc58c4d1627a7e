"""Pagers and counters: the fakes, moto's DynamoDB and the embedded AWS's do the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from switchboard.adapters.pagers import DynamoMeter, DynamoPagers
from switchboard.domain.pager import Code, Dead, Held, Kind, Pager, Sent
from switchboard.domain.vocabulary import Urgency
from switchboard.errors import Conflict
from tests.fakes.hospital import NOON
from tests.fakes.pagers import FakeMeter, FakePagers
from tests.fakes.tables import QUESTIONS, create_questions_table

if TYPE_CHECKING:
    from switchboard.ports import Meter, Pagers

FULL = Pager(
    staff_id="maria",
    sent=(Sent(contact="sms", kind=Kind.URGENT, at=NOON),),
    day="2026-10-13",
    day_count=3,
    held=(Held(contact="sms", question_id="Q1", urgency=Urgency.NORMAL, since=NOON),),
    held_more=2,
    codes=(Code(number=1, question_id="Q1"),),
    dead=(Dead(contact="email", digest="0" * 64, reason="bounced", at=NOON),),
    away_until=NOON + timedelta(hours=2),
    last_rung_at=NOON,
    passive=4,
    heard=("in-1", "in-2"),
    next_action_at=NOON + timedelta(minutes=1),
    version=1,
)


@pytest.fixture(params=["fake", "dynamodb", "embedded_dynamodb"])
def pagers(request: pytest.FixtureRequest) -> Pagers:
    if request.param == "fake":
        return FakePagers()
    client: Any = request.getfixturevalue(request.param)
    create_questions_table(client)
    return DynamoPagers(client, QUESTIONS)


@pytest.fixture(params=["fake", "dynamodb", "embedded_dynamodb"])
def meter(request: pytest.FixtureRequest) -> Meter:
    if request.param == "fake":
        return FakeMeter()
    client: Any = request.getfixturevalue(request.param)
    client.create_table(
        TableName="ShortLived",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    return DynamoMeter(client, "ShortLived")


def test_a_pager_is_read_back_whole_and_who_has_none_has_a_fresh_one(pagers: Pagers) -> None:
    pagers.save(FULL)

    assert pagers.load(["maria", "james", "maria"]) == {"maria": FULL, "james": Pager(staff_id="james")}


def test_of_two_saves_made_on_one_version_the_second_is_a_conflict(pagers: Pagers) -> None:
    pagers.save(FULL)
    pagers.save(replace(FULL, passive=0, version=2))

    with pytest.raises(Conflict):
        pagers.save(replace(FULL, passive=5, version=2))
    with pytest.raises(Conflict):
        pagers.save(FULL)
    assert pagers.load(["maria"])["maria"].passive == 0


def test_who_has_something_held_back_is_due_the_most_overdue_first(pagers: Pagers) -> None:
    pagers.save(FULL)
    pagers.save(replace(FULL, staff_id="james", next_action_at=NOON))
    pagers.save(replace(FULL, staff_id="chen", next_action_at=None))

    assert pagers.due(NOON - timedelta(seconds=1)) == []
    assert pagers.due(NOON + timedelta(minutes=1)) == ["james", "maria"]
    pagers.save(replace(FULL, staff_id="james", next_action_at=None, version=2))
    assert pagers.due(NOON + timedelta(minutes=1)) == ["maria"]


def test_of_many_who_count_at_once_nobody_is_left_out(meter: Meter, request: pytest.FixtureRequest) -> None:
    at_once = 1 if "[dynamodb]" in request.node.name else 8  # moto's ADD is not atomic
    with ThreadPoolExecutor(at_once) as pool:
        sums = list(pool.map(lambda _: meter.add("sms#2026-10", 1, expires_at=NOON + timedelta(days=62)), range(24)))

    assert sorted(sums) == list(range(1, 25))
    assert meter.add("sms#2026-10", 0, expires_at=NOON) == 24
    assert meter.add("sms#2026-11", 0, expires_at=NOON) == 0


def test_a_pager_that_cannot_be_read_begins_anew(dynamodb: Any) -> None:
    create_questions_table(dynamodb)
    pagers = DynamoPagers(dynamodb, QUESTIONS)
    pagers.save(FULL)
    dynamodb.update_item(
        TableName=QUESTIONS,
        Key={"question_id": {"S": "pager#maria"}, "item": {"S": "pager"}},
        UpdateExpression="SET away_until = :spoilt",
        ExpressionAttributeValues={":spoilt": {"S": "tomorrow"}},
    )

    found = pagers.load(["maria"])["maria"]

    assert found == Pager(staff_id="maria", version=1)
    pagers.save(replace(found, passive=1, version=2))
    assert pagers.load(["maria"])["maria"].passive == 1
