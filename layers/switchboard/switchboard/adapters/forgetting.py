"""Forgetting a person: everything that says who they are or what they wrote goes; counts stay.

What stays of each message is its key in the table, as a platform would send it again, and no word: so that neither a
delivery that is repeated nor a poll brings it back. Raw deliveries that were refused lie in the quarantine bucket, and
backups in DynamoDB's point-in-time recovery, until they expire: a week, and 35 days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from switchboard.adapters.aws_errors import translate
from switchboard.adapters.items import stamp
from switchboard.adapters.paging import all_pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from switchboard.adapters.items import Item

_UNFINISHED = frozenset({"open", "claimed", "answering"})
_MESSAGES = ("message#", "change#")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How much was there: *unfinished* of the *questions* still waited for a person."""

    questions: int = 0
    unfinished: int = 0
    messages: int = 0
    answers: int = 0
    events: int = 0
    unread: int = 0
    """Events of the platform that we could not read and that name the author."""

    def __bool__(self) -> bool:
        return any((self.questions, self.messages, self.unread))


class Forgetting:
    """The Questions *table*, searched for one author. *client* is botocore's for "dynamodb"."""

    def __init__(self, client: Any, table: str) -> None:  # noqa: ANN401 - botocore's client
        self._client = client
        self._table = table

    def find(self, author_id: str, *, channel: str = "") -> tuple[Forgotten, list[Item]]:
        """Return what there is of *author_id*, and the items. Reads the whole table: it may take minutes."""
        items = list(self._items_of(author_id, channel))
        return _count(items), items

    def forget(self, items: Iterable[Item], found: Forgotten, *, now: datetime, by: str) -> None:
        """Remove what *items* say, then add the counts of *found* under `forgotten`. Safe to repeat."""
        for item in items:
            with translate():
                if _kind(item) in _MESSAGES:
                    self._client.put_item(TableName=self._table, Item=_bare(item))
                else:
                    key = {name: item[name] for name in ("question_id", "item")}
                    self._client.delete_item(TableName=self._table, Key=key)
        counts = {name: {"N": str(getattr(found, name))} for name in ("questions", "messages", "answers")}
        record = {"question_id": {"S": "forgotten"}, "item": {"S": stamp(now)}, "by": {"S": by}, **counts}
        with translate():
            self._client.put_item(TableName=self._table, Item=record)

    def _items_of(self, author_id: str, channel: str) -> Iterator[Item]:
        theirs: dict[str, None] = {}
        for item in self._scan(author_id):
            if channel and not _is_on(item, channel):
                continue
            if item["item"]["S"] == "question":
                theirs[item["question_id"]["S"]] = None
            else:
                yield item
        for question_id in theirs:
            for item in all_pages(
                self._client,
                TableName=self._table,
                KeyConditionExpression="question_id = :id",
                ExpressionAttributeValues={":id": {"S": question_id}},
                ConsistentRead=True,
            ):
                if item.get("author_id", {}).get("S") != author_id or item["item"]["S"] == "question":
                    yield item

    def _scan(self, author_id: str) -> Iterator[Item]:
        query: dict[str, Any] = {
            "TableName": self._table,
            "FilterExpression": (
                "author_id = :author OR (begins_with(question_id, :ignored) AND contains(#event, :author))"
            ),
            "ExpressionAttributeNames": {"#event": "event"},
            "ExpressionAttributeValues": {":author": {"S": author_id}, ":ignored": {"S": "ignored#"}},
        }
        while True:
            with translate():
                page = self._client.scan(**query)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            query["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _is_on(item: Item, channel: str) -> bool:
    partition: str = item["question_id"]["S"]
    if partition.startswith(("ignored#", "place#")):
        return partition.split("#")[1] == channel
    return bool(item.get("channel", {}).get("S", channel) == channel)


def _kind(item: Item) -> str:
    key: str = item["item"]["S"]
    return key[: key.find("#") + 1] or key


def _bare(item: Item) -> Item:
    """Return of a message what a repeated delivery needs in order to be known, and what reading an item needs."""
    kept = {name: item[name] for name in ("question_id", "item", "channel", "platform", "expires_at") if name in item}
    return kept | {"aside": {"BOOL": True}}


def _count(items: list[Item]) -> Forgotten:
    kinds = [_kind(item) for item in items]
    questions = [item for item, kind in zip(items, kinds, strict=True) if kind == "question"]
    return Forgotten(
        questions=len(questions),
        unfinished=sum(item["state"]["S"] in _UNFINISHED for item in questions),
        messages=sum(kind == "message#" and "aside" not in item for item, kind in zip(items, kinds, strict=True)),
        answers=kinds.count("answer#"),
        events=kinds.count("event#"),
        unread=sum(item["question_id"]["S"].startswith("ignored#") for item in items),
    )
