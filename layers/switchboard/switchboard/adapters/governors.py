"""The channels whose governor is on, in one item of the Posts table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from switchboard.adapters.aws_errors import translate

if TYPE_CHECKING:
    from collections.abc import Collection

_KEY = {"post_id": {"S": "governors"}, "item": {"S": "governors"}}


class DynamoGovernors:
    """`ports.Governors`."""

    def __init__(self, client: Any, table: str) -> None:  # noqa: ANN401 - botocore's client
        self._client = client
        self._table = table

    def load(self) -> Collection[str]:
        """Read the item; an unreadable one is none."""
        with translate():
            found = self._client.get_item(TableName=self._table, Key=_KEY, ConsistentRead=True).get("Item", {})
        try:
            channels: list[str] = json.loads(found.get("channels", {}).get("S", "[]"))
            return frozenset(channels)
        except (ValueError, TypeError):
            return frozenset()

    def save(self, channels: Collection[str]) -> None:
        """Replace the item."""
        with translate():
            self._client.put_item(TableName=self._table, Item={**_KEY, "channels": {"S": json.dumps(sorted(channels))}})
