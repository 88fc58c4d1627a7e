"""When each channel's webhook last brought something: the stream tells, and silence is found by it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord

    from switchboard.ports import ChannelStates

_HEARD_EVERY = timedelta(minutes=1)


class Hearing:
    """Remembers when each channel's webhook last brought something, at most once a minute. Never keeps from ringing."""

    def __init__(self, states: ChannelStates) -> None:
        self._states = states
        self._told: dict[str, datetime] = {}

    def note(self, record: DynamoDBRecord, *, now: datetime) -> None:
        """Note the channel of a message that a person wrote and the webhook brought. Raises nothing."""
        with suppress(Exception):  # whatever it is, the next message is noted
            channel = _heard(record)
            if channel and now - self._told.get(channel, now - _HEARD_EVERY) >= _HEARD_EVERY:
                self._told[channel] = now
                self._states.heard(channel, at=now)


def _heard(record: DynamoDBRecord) -> str:
    image = (record.dynamodb.new_image if record.dynamodb else None) or {}
    by_webhook = image.get("message_id") and not image.get("by_us") and image.get("via", "webhook") == "webhook"
    return str(image.get("channel", "")) if by_webhook else ""
