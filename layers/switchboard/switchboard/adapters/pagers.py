"""Pagers in the Questions table: one item a staff member, and the counters in the table of what lives shortly.

question_id     partition: `pager#<staff id>`
item            `pager`
open_shard      `pagers`  } the sparse index `due`, as long as something is held back
next_action_at            }
version         the fence
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from switchboard.adapters.aws_errors import translate
from switchboard.adapters.items import stamp
from switchboard.adapters.paging import all_keys, all_pages
from switchboard.adapters.records import decode, encode
from switchboard.domain.pager import PREFIX, Pager, fresh

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from switchboard.adapters.items import Item

SHARD = "pagers"


class DynamoPagers:
    """`ports.Pagers` in the Questions *table*. *client* is botocore's for "dynamodb"."""

    def __init__(self, client: Any, table: str) -> None:  # noqa: ANN401 - botocore's client
        self._client = client
        self._table = table

    def load(self, staff_ids: Iterable[str]) -> Mapping[str, Pager]:
        """Read the items, consistently."""
        wanted = list(dict.fromkeys(staff_ids))
        keys = [{"question_id": {"S": f"{PREFIX}{one}"}, "item": {"S": "pager"}} for one in wanted]
        found = [_pager(item) for item in all_keys(self._client, self._table, keys)]
        return fresh(wanted) | {pager.staff_id: pager for pager in found}

    def save(self, pager: Pager) -> None:
        """Put the item, conditional on the fence."""
        item = encode(pager) | {"question_id": {"S": f"{PREFIX}{pager.staff_id}"}, "item": {"S": "pager"}}
        if pager.next_action_at is not None:
            item["open_shard"] = {"S": SHARD}
        fence: dict[str, Any] = (
            {"ConditionExpression": "attribute_not_exists(version)"}
            if pager.version == 1
            else {
                "ConditionExpression": "version = :before",
                "ExpressionAttributeValues": {":before": {"N": str(pager.version - 1)}},
            }
        )
        with translate():
            self._client.put_item(TableName=self._table, Item=item, **fence)

    def due(self, now: datetime) -> list[str]:
        """Ask the pagers' shard of the index."""
        items = all_pages(
            self._client,
            TableName=self._table,
            IndexName="due",
            KeyConditionExpression="open_shard = :shard AND next_action_at <= :now",
            ExpressionAttributeValues={":shard": {"S": SHARD}, ":now": {"S": stamp(now)}},
        )
        return [item["staff_id"]["S"] for item in items]


def _pager(item: Item) -> Pager:
    """Return the pager in *item*; one that cannot be read begins anew, so that its person is rung all the same."""
    try:
        return decode(Pager, item)
    except (ValueError, TypeError, LookupError):
        staff_id = item["question_id"]["S"].removeprefix(PREFIX)
        return Pager(staff_id=staff_id, version=int(item.get("version", {}).get("N", 0)))


class DynamoMeter:
    """`ports.Meter` in the table of what lives shortly: partition `id` is `meter#<name>`."""

    def __init__(self, client: Any, table: str) -> None:  # noqa: ANN401 - botocore's client
        self._client = client
        self._table = table

    def add(self, name: str, amount: int, *, expires_at: datetime) -> int:
        """Add atomically. A repeated request may count twice: the meter errs toward too much."""
        with translate():
            answer = self._client.update_item(
                TableName=self._table,
                Key={"id": {"S": f"meter#{name}"}},
                UpdateExpression="ADD amount :amount SET expires_at = :expires_at",
                ExpressionAttributeValues={
                    ":amount": {"N": str(amount)},
                    ":expires_at": {"N": str(int(expires_at.timestamp()))},
                },
                ReturnValues="ALL_NEW",
            )
        return int(answer["Attributes"]["amount"]["N"])
