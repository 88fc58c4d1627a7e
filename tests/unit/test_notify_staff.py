"""notify_staff takes the stream's records as Lambda delivers them: the samples in `events/` are what it is given."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from functions.notify_staff import app
from switchboard import settings, wiring
from switchboard.domain.handling import hand_over
from switchboard.domain.intake import take_in
from switchboard.domain.question import AlertState, Change
from switchboard.errors import Unavailable
from tests.fakes.channel_states import FakeChannelStates
from tests.fakes.hospital import config, message
from tests.fakes.house import House

if TYPE_CHECKING:
    from switchboard.verbs.switchroom import Switchroom

EVENTS = Path(__file__).parents[2] / "events"


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Switchroom:
    room = House().room
    monkeypatch.setattr(wiring, "switchroom", lambda _: room)
    monkeypatch.setattr(wiring, "metrics", lambda: room.metrics)
    monkeypatch.setattr(wiring, "channel_states", lambda _: FakeChannelStates())
    monkeypatch.setattr(settings.Ringing, "read", lambda: SimpleNamespace(posts_table="posts"))
    return room


def delivered(name: str, question_id: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / name).read_text())
    for record in event["Records"]:
        record["dynamodb"]["Keys"]["question_id"]["S"] = question_id
    return event


def context() -> Any:
    return SimpleNamespace(function_name="notify_staff", aws_request_id="1", get_remaining_time_in_millis=lambda: 9000)


def test_a_new_message_in_the_stream_rings_somebody(room: Switchroom) -> None:
    arrived = message()
    room.questions.put([arrived])  # type: ignore[attr-defined]

    answer = app.handler(delivered("notify_staff_message.json", arrived.question_id), context())

    assert answer == {"batchItemFailures": []}
    assert len(room.texts.sent) == 1  # type: ignore[attr-defined]
    assert room.metrics.flushes == 1  # type: ignore[attr-defined]


def test_a_hand_over_in_the_stream_rings_the_other_person(room: Switchroom) -> None:
    arrived = message()
    room.questions.put([arrived])  # type: ignore[attr-defined]
    opened = take_in(room.questions.load(arrived.question_id), config(), now=arrived.received_at)
    assert opened is not None
    room.questions.commit(opened)
    handed = hand_over(room.questions.load(arrived.question_id), "maria", "chen", now=arrived.received_at)
    assert isinstance(handed, Change)
    assert [event.kind for event in handed.events] == ["handed_over"]
    room.questions.commit(handed)

    app.handler(delivered("notify_staff_handed_over.json", arrived.question_id), context())

    assert [phone for phone, _ in room.texts.sent] == ["+12025550103"]  # type: ignore[attr-defined]


def test_a_record_that_fails_is_reported_and_the_others_are_done(
    room: Switchroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    fine, failing = message(1), message(2, thread_id="other")
    room.questions.put([fine, failing])  # type: ignore[attr-defined]
    event = delivered("notify_staff_message.json", fine.question_id)
    second = delivered("notify_staff_message.json", failing.question_id)["Records"][0]
    second["dynamodb"]["SequenceNumber"] = "777"
    event["Records"].append(second)
    load = room.questions.load

    def refuses(question_id: str) -> Any:
        if question_id == failing.question_id:
            raise Unavailable("throttled")
        return load(question_id)

    monkeypatch.setattr(room.questions, "load", refuses)

    answer = app.handler(event, context())

    assert answer == {"batchItemFailures": [{"itemIdentifier": "777"}]}
    states = [alert.state for alert in load(fine.question_id).alerts]
    assert states == [AlertState.SENT]
