"""The Questions table as the audit reads it: a page of a scan at a time, a partition when it is looked at closely.

A scan asks no index, so it finds what every index misses. A page is small and eventually consistent: at the pace of
`verbs.audit` it takes a few percent of what one partition of the table can give. Where a run stopped is kept in the
partition `audit#cursor`, item `cursor`.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from switchboard.adapters.aws_errors import translate
from switchboard.adapters.items import moment_of, shard_of, stamp
from switchboard.adapters.pagers import SHARD as PAGER_SHARD
from switchboard.adapters.paging import all_keys, all_pages
from switchboard.adapters.questions import ANSWER_SHARD, RING_SHARDS, conversation_from
from switchboard.adapters.records import decode, encode
from switchboard.domain.audit import Entry, Stored, wants_place
from switchboard.domain.pager import PREFIX, Pager
from switchboard.ports import AuditPage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from switchboard.adapters.items import Item
    from switchboard.domain.audit import Wake

PAGE = 250
"""So many items are read at once: about 30 of the 3,000 units that one partition of the table gives in a second."""

_MOST_DUE = 1000
_CURSOR: Item = {"question_id": {"S": "audit#cursor"}, "item": {"S": "cursor"}}
_SHARDS = {
    "question": RING_SHARDS,
    "message": RING_SHARDS,
    "change": RING_SHARDS,
    "answer": (ANSWER_SHARD,),
    "pager": (PAGER_SHARD,),
}
_READ = (
    "question_id",
    "item",
    "open_shard",
    "next_action_at",
    "state",
    "channel",
    "message_id",
    "received_at",
    "aside",
    "by_us",
    "change",
    "held",
    "expires_at",
)
"""No word that anybody wrote, and no name."""


class DynamoAudit:
    """`ports.AuditedTable` on the Questions *table*. *client* is botocore's for "dynamodb"."""

    def __init__(self, client: Any, table: str) -> None:  # noqa: ANN401 - botocore's client
        self._client = client
        self._table = table

    def cursor(self) -> str:
        """Read the item `cursor`."""
        found = list(all_keys(self._client, self._table, [_CURSOR]))
        return str(found[0]["after"]["S"]) if found else ""

    def keep(self, cursor: str) -> None:
        """Replace the item `cursor`."""
        with translate():
            self._client.put_item(TableName=self._table, Item=_CURSOR | {"after": {"S": cursor}})

    def page(self, cursor: str, *, now: datetime) -> AuditPage:
        """Scan on from *cursor*, and look up the places of the messages that could have been lost."""
        more: dict[str, Any] = {"ExclusiveStartKey": json.loads(cursor)} if cursor else {}
        with translate():
            found = self._client.scan(
                TableName=self._table,
                Limit=PAGE,
                ProjectionExpression=", ".join(f"#{name}" for name in _READ),
                ExpressionAttributeNames={f"#{name}": name for name in _READ},
                **more,
            )
        after = found.get("LastEvaluatedKey")
        return AuditPage(
            entries=self._filed((_entry(item) for item in found["Items"]), now),
            after=json.dumps(after) if after else "",
        )

    def look(self, partition: str, *, now: datetime) -> Stored:
        """Read the partition, consistently. A moment that is none counts as missing: that can be repaired."""
        items = list(
            all_pages(
                self._client,
                TableName=self._table,
                KeyConditionExpression="question_id = :id",
                ExpressionAttributeValues={":id": {"S": partition}},
                ConsistentRead=True,
            )
        )
        stored = Stored(partition=partition, entries=self._filed(map(_entry, items), now))
        items = [item if _moment(item, "next_action_at") else _without_moment(item) for item in items]
        try:
            if partition.startswith(PREFIX):
                return replace(stored, pager=next((decode(Pager, item) for item in items), None))
            return replace(stored, conversation=conversation_from(partition, items))
        except (LookupError, TypeError, ValueError, AttributeError):
            return stored

    def due(self, now: datetime) -> list[Entry]:
        """Ask every shard of the index for what is due, the most overdue first."""
        return [
            _entry(item)
            for shard in (*RING_SHARDS, ANSWER_SHARD, PAGER_SHARD)
            for item in all_pages(
                self._client,
                limit=_MOST_DUE,
                TableName=self._table,
                IndexName="due",
                Limit=_MOST_DUE,
                KeyConditionExpression="open_shard = :shard AND next_action_at <= :now",
                ExpressionAttributeValues={":shard": {"S": shard}, ":now": {"S": stamp(now)}},
            )
        ]

    def wake(self, wake: Wake) -> None:
        """Write the message's next action and the event in one transaction, under the fence of the question."""
        entry, event = wake.entry, wake.event
        fence: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(version)"}
        if wake.version:
            fence = {
                "ConditionExpression": "version = :version",
                "ExpressionAttributeValues": {":version": {"N": str(wake.version)}},
            }
        noted = encode(event) | {"item": {"S": f"event#{stamp(event.at)}#{wake.version:06}#{entry.item}#{event.kind}"}}
        if entry.expires_at is not None:
            noted |= {"expires_at": {"N": str(entry.expires_at)}}
        message = {
            "Key": {"question_id": {"S": entry.partition}, "item": {"S": entry.item}},
            "UpdateExpression": "SET open_shard = :shard, next_action_at = :at",
            "ConditionExpression": "attribute_exists(question_id) AND attribute_not_exists(aside)",
            "ExpressionAttributeValues": {
                ":shard": {"S": shard_of(entry.partition)},
                ":at": {"S": stamp(wake.at)},
            },
        }
        question = {"Key": {"question_id": {"S": entry.partition}, "item": {"S": "question"}}, **fence}
        with translate():
            self._client.transact_write_items(
                TransactItems=[
                    {"ConditionCheck": {"TableName": self._table, **question}},
                    {"Update": {"TableName": self._table, **message}},
                    {"Put": {"TableName": self._table, "Item": noted}},
                ]
            )

    def _filed(self, entries: Iterable[Entry], now: datetime) -> tuple[Entry, ...]:
        found = tuple(entries)
        keys = {_place(entry) for entry in found if wants_place(entry, now)}
        wanted: list[Item] = [{"question_id": {"S": key}, "item": {"S": "place"}} for key in sorted(keys)]
        there = {item["question_id"]["S"] for item in all_keys(self._client, self._table, wanted)}
        return tuple(
            replace(entry, filed=_place(entry) in there) if wants_place(entry, now) else entry for entry in found
        )


def _place(entry: Entry) -> str:
    return f"place#{entry.channel}#{entry.message_id}"


def _entry(item: Item) -> Entry:
    """Return what the audit sees of *item*; whatever it holds, this raises nothing."""
    key = _text(item, "item")
    moment = _moment(item, "next_action_at")
    shards = _SHARDS.get(key.partition("#")[0], ())
    expires_at = str(item.get("expires_at", {}).get("N", ""))
    return Entry(
        partition=_text(item, "question_id"),
        item=key,
        indexed=moment is not None and _text(item, "open_shard") in shards,
        marked="open_shard" in item or "next_action_at" in item,
        spoilt=moment is None and "next_action_at" in item,
        next_action_at=moment,
        state=_text(item, "state"),
        channel=_text(item, "channel"),
        message_id=_text(item, "message_id"),
        received_at=_moment(item, "received_at"),
        aside="aside" in item,
        waits_for_another="by_us" in item or _text(item, "change") == "removed",
        holds=bool(item.get("held", {}).get("L")),
        expires_at=int(expires_at) if expires_at.isdecimal() else None,
    )


def _without_moment(item: Item) -> Item:
    return {name: value for name, value in item.items() if name != "next_action_at"}


def _text(item: Item, name: str) -> str:
    return str(item.get(name, {}).get("S", ""))


def _moment(item: Item, name: str) -> datetime | None:
    try:
        return moment_of(_text(item, name))
    except ValueError:
        return None
