"""What is known of each channel, in the Posts table: partition `channel#<name>`, items `poll` and `heard`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from switchboard.adapters.aws_errors import translate
from switchboard.adapters.items import moment_of, stamp
from switchboard.adapters.records import decode, encode
from switchboard.domain.polling import PollState

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.adapters.items import Item


class DynamoChannelStates:
    """`ports.ChannelStates` on DynamoDB."""

    def __init__(self, client: Any, table: str) -> None:  # noqa: ANN401 - botocore's client
        self._client = client
        self._table = table

    def load(self, channel: str) -> PollState | None:
        """Read the item `poll`, consistently."""
        item = self._item(channel, "poll")
        return decode(PollState, item) if item else None

    def save(self, state: PollState) -> None:
        """Write it, conditional on the fence."""
        item = {**_key(state.channel, "poll"), **encode(state)}
        fence: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(version)"}
        if state.version > 1:
            fence = {
                "ConditionExpression": "version = :before",
                "ExpressionAttributeValues": {":before": {"N": str(state.version - 1)}},
            }
        with translate():
            self._client.put_item(TableName=self._table, Item=item, **fence)

    def heard(self, channel: str, *, at: datetime) -> None:
        """Replace the item `heard`."""
        with translate():
            self._client.put_item(TableName=self._table, Item={**_key(channel, "heard"), "heard_at": {"S": stamp(at)}})

    def last_heard(self, channel: str) -> datetime | None:
        """Read the item `heard`."""
        item = self._item(channel, "heard")
        return moment_of(item["heard_at"]["S"]) if item else None

    def _item(self, channel: str, item: str) -> Item | None:
        with translate():
            found = self._client.get_item(TableName=self._table, Key=_key(channel, item), ConsistentRead=True)
        kept: Item | None = found.get("Item")
        return kept


def _key(channel: str, item: str) -> Item:
    return {"post_id": {"S": f"channel#{channel}"}, "item": {"S": item}}
