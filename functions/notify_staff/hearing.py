"""When each channel's webhook last brought something: the stream tells, and silence is found by it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from switchboard.errors import SwitchboardError

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
        """Note the channel of a new message that a person wrote and the webhook brought."""
        image = (record.dynamodb.new_image if record.dynamodb else None) or {}
        channel: str = image.get("channel", "")
        heard = image.get("message_id") and not image.get("by_us") and image.get("via", "webhook") == "webhook"
        if not heard or now - self._told.get(channel, now - _HEARD_EVERY) < _HEARD_EVERY:
            return
        self._told[channel] = now
        with suppress(SwitchboardError):  # the next message is noted
            self._states.heard(channel, at=now)
