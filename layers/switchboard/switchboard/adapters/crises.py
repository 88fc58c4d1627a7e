"""The crisis switch in the Posts table: the partition `crisis`, the item `now`, and an item for each that was.

It is read consistently and past every cache: whoever publishes asks it at the last moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from switchboard.adapters.aws_errors import translate
from switchboard.adapters.items import stamp
from switchboard.adapters.paging import all_pages
from switchboard.adapters.records import decode, encode
from switchboard.domain.crisis import Crisis

if TYPE_CHECKING:
    from collections.abc import Sequence

PARTITION = "crisis"
_KEY = {"post_id": {"S": PARTITION}, "item": {"S": "now"}}


class DynamoCrises:
    """`ports.CrisisStore`."""

    def __init__(self, client: Any, table: str) -> None:  # noqa: ANN401 - botocore's client
        self._client = client
        self._table = table

    def current(self) -> Crisis | None:
        """Read the item, consistently."""
        with translate():
            found = self._client.get_item(TableName=self._table, Key=_KEY, ConsistentRead=True).get("Item")
        return None if found is None else decode(Crisis, found)

    def save(self, crisis: Crisis) -> None:
        """Write it and its place in the history at once, conditional on the fence."""
        item = encode(crisis)
        past = {"post_id": {"S": PARTITION}, "item": {"S": f"was#{stamp(crisis.started_at)}"}}
        fence = {
            "ConditionExpression": "attribute_not_exists(post_id) OR version = :before",
            "ExpressionAttributeValues": {":before": {"N": str(crisis.version - 1)}},
        }
        with translate():
            self._client.transact_write_items(
                TransactItems=[
                    {"Put": {"TableName": self._table, "Item": {**item, **_KEY}, **fence}},
                    {"Put": {"TableName": self._table, "Item": {**item, **past}}},
                ]
            )

    def past(self) -> Sequence[Crisis]:
        """Query the history, the latest first."""
        items = all_pages(
            self._client,
            limit=50,
            TableName=self._table,
            KeyConditionExpression="post_id = :id AND begins_with(#item, :was)",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues={":id": {"S": PARTITION}, ":was": {"S": "was#"}},
            ScanIndexForward=False,
        )
        return [decode(Crisis, item) for item in items]
