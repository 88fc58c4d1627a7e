"""What the stream tells of a channel's webhook is remembered, seldom, and never keeps from ringing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord

from functions.notify_staff.hearing import Hearing
from switchboard.adapters.items import message_item
from tests.fakes.channel_states import FakeChannelStates
from tests.fakes.hospital import NOON, message

if TYPE_CHECKING:
    from datetime import datetime

EVENTS = Path(__file__).parents[2] / "events"
MINUTE = timedelta(minutes=1)


def record(**changes: Any) -> DynamoDBRecord:
    item = message_item(replace(message(), **changes), due=True)
    return DynamoDBRecord({"eventName": "INSERT", "dynamodb": {"NewImage": item}})


def test_a_message_by_webhook_is_heard() -> None:
    states = FakeChannelStates()
    Hearing(states).note(record(), now=NOON)

    assert states.heard_at == {"facebook": NOON}


def test_the_sample_of_the_stream_is_heard() -> None:
    states = FakeChannelStates()
    (delivered,) = json.loads((EVENTS / "notify_staff_message.json").read_text())["Records"]
    Hearing(states).note(DynamoDBRecord(delivered), now=NOON)

    assert list(states.heard_at.values()) == [NOON]


@pytest.mark.parametrize("changes", [{"by_us": True}, {"via": "poll"}])
def test_what_we_wrote_or_found_ourselves_says_nothing_of_the_webhook(changes: dict[str, Any]) -> None:
    states = FakeChannelStates()
    Hearing(states).note(record(**changes), now=NOON)

    assert states.heard_at == {}


def test_a_hand_over_is_no_message() -> None:
    states = FakeChannelStates()
    (delivered,) = json.loads((EVENTS / "notify_staff_handed_over.json").read_text())["Records"]
    Hearing(states).note(DynamoDBRecord(delivered), now=NOON)

    assert states.heard_at == {}


def test_a_storm_is_noted_once_a_minute_a_channel() -> None:
    noted: list[tuple[str, datetime]] = []

    class Counting(FakeChannelStates):
        def heard(self, channel: str, *, at: datetime) -> None:
            noted.append((channel, at))

    hearing = Hearing(Counting())
    for seconds in range(0, 120, 2):
        hearing.note(record(), now=NOON + timedelta(seconds=seconds))
        hearing.note(record(channel="website"), now=NOON + timedelta(seconds=seconds))

    assert noted == [
        ("facebook", NOON),
        ("website", NOON),
        ("facebook", NOON + MINUTE),
        ("website", NOON + MINUTE),
    ]


@pytest.mark.parametrize("error", [None, RuntimeError("nobody foresaw it")])
def test_what_cannot_be_noted_keeps_nobody_from_ringing(error: Exception | None) -> None:
    class Broken(FakeChannelStates):
        def heard(self, channel: str, *, at: datetime) -> None:
            if error:
                raise error
            super().heard(channel, at=at)

    Hearing(Broken(fails=True)).note(record(), now=NOON)


def test_a_record_that_nobody_understands_keeps_nobody_from_ringing() -> None:
    hearing = Hearing(FakeChannelStates())

    for image in ({"message_id": {"XX": "1"}}, {"message_id": "1"}, {}, None):
        hearing.note(DynamoDBRecord({"dynamodb": {"NewImage": image}}), now=NOON)
    hearing.note(DynamoDBRecord({}), now=NOON)
