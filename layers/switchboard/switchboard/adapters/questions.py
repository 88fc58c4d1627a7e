"""The Questions table: a conversation is one partition, an action one transaction.

    item `question`                       the question; `version` is the fence
    item `message#…`, `change#…`          see `items`
    item `alert#<step>#<staff>#<contact>` one alert
    item `answer#<id>`                    an answer; `open_shard` is `answers` while it is to be delivered
    item `event#<time>#<version>#<n>#<kind>` the audit trail

The partition `pager#<staff id>` is described in `adapters.pagers`. A message, and an answer of ours, has beside it the
partition `place#<channel>#<message id>` with the item `place`: the thread in which it is filed. What
was put `aside`, filed elsewhere or an echo, is kept by its ids only.

Whatever has something to be done carries `open_shard` and `next_action_at`, and so stands in the sparse index `due`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from switchboard.adapters.aws_errors import translate
from switchboard.adapters.items import SHARDS, key_of, message_from, message_item, shard_of, stamp
from switchboard.adapters.paging import all_keys, all_pages
from switchboard.adapters.records import decode, encode
from switchboard.domain.filing import Place
from switchboard.domain.question import Alert, Answer, Conversation, Event, Question
from switchboard.domain.vocabulary import Urgency
from switchboard.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from switchboard.adapters.items import Item
    from switchboard.domain.message import Message
    from switchboard.domain.question import Change

RING_SHARDS = tuple(f"ring#{number}" for number in range(SHARDS))
ANSWER_SHARD = "answers"
_URGENCIES = tuple(urgency.value for urgency in Urgency)


class DynamoQuestions:
    """`ports.QuestionStore` on DynamoDB."""

    def __init__(self, client: Any, table: str) -> None:  # noqa: ANN401 - botocore's client
        self._client = client
        self._table = table

    def load(self, question_id: str) -> Conversation:
        """Read the partition, consistently."""
        items = self._query(
            KeyConditionExpression="question_id = :id",
            ExpressionAttributeValues={":id": {"S": question_id}},
            ConsistentRead=True,
        )
        return conversation_from(question_id, list(items))

    def commit(self, change: Change) -> None:
        """Write everything in one transaction, conditional on the fence."""
        with translate():
            self._client.transact_write_items(TransactItems=[*self._writes(change)])

    def place_of(self, channel: str, message_id: str) -> Place | None:
        """Read the item `place`."""
        with translate():
            found = self._client.get_item(
                TableName=self._table,
                Key={"question_id": {"S": _place_key(channel, message_id)}, "item": {"S": "place"}},
            )
        return decode(Place, found["Item"]) if "Item" in found else None

    def refile(self, message: Message, thread_id: str) -> None:
        """Put it there, once; then put it aside here. Whoever dies in between has it moved again."""
        try:
            with translate():
                self._client.put_item(
                    TableName=self._table,
                    Item=message_item(replace(message, thread_id=thread_id), due=True),
                    ConditionExpression="attribute_not_exists(question_id)",
                )
        except Conflict:
            pass  # it is there
        with translate():
            self._client.put_item(TableName=self._table, Item=_aside(message))

    def due(self, now: datetime, *, limit: int = 1000) -> list[str]:
        """Ask every shard of the index; a question with several due items is named once."""
        return self._due(RING_SHARDS, now, limit)

    def due_answers(self, now: datetime, *, limit: int = 1000) -> list[str]:
        """Ask the answers' shard of the index."""
        return self._due((ANSWER_SHARD,), now, limit)

    def heads(self, question_ids: Iterable[str]) -> list[Question]:
        """Read the items `question`, many at a time."""
        keys = [{"question_id": {"S": one}, "item": {"S": "question"}} for one in dict.fromkeys(question_ids)]
        found = all_keys(self._client, self._table, keys)
        return [decode(Question, _record_of(item)) for item in found]

    def unfinished(self) -> list[Question]:
        """Read all of the index: what is unfinished has a next action."""
        items = [
            item
            for shard in RING_SHARDS
            for item in self._query(
                IndexName="due",
                KeyConditionExpression="open_shard = :shard",
                FilterExpression="#item = :question",
                ExpressionAttributeNames={"#item": "item"},
                ExpressionAttributeValues={":shard": {"S": shard}, ":question": {"S": "question"}},
            )
        ]
        return [decode(Question, _record_of(item)) for item in sorted(items, key=_next_action)]

    def _due(self, shards: tuple[str, ...], now: datetime, limit: int) -> list[str]:
        items = [
            item
            for shard in shards
            for item in self._query(
                limit,
                IndexName="due",
                KeyConditionExpression="open_shard = :shard AND next_action_at <= :now",
                ExpressionAttributeValues={":shard": {"S": shard}, ":now": {"S": stamp(now)}},
            )
        ]
        items.sort(key=_first_to_ring)
        return list(dict.fromkeys(item["question_id"]["S"] for item in items))[:limit]

    def _query(self, limit: int | None = None, **query: Any) -> Iterator[Item]:  # noqa: ANN401 - the API's own
        return all_pages(self._client, limit=limit, TableName=self._table, **query)

    def _writes(self, change: Change) -> Iterator[dict[str, Any]]:
        question = change.question
        fence = (
            {"ConditionExpression": "attribute_not_exists(version)"}
            if question.version == 1
            else {
                "ConditionExpression": "version = :before",
                "ExpressionAttributeValues": {":before": {"N": str(question.version - 1)}},
            }
        )
        yield self._put(_due_item(question, "question", shard_of(question.question_id)), **fence)
        for message in change.messages:
            yield self._put(message_item(message, key=f"message#{message.message_id}", due=False))
        for message in change.settled:
            yield self._put(_aside(message))
        for message in change.filed:
            yield self._put(_place_item(question, message.message_id))
        for alert in change.alerts:
            key = f"alert#{alert.step:04}#{alert.staff_id}#{alert.contact}"
            yield self._put(encode(alert) | {"item": {"S": key}} | _expiry(question))
        for answer in change.answers:
            yield self._put(_due_item(answer, f"answer#{answer.answer_id}", ANSWER_SHARD))
            if answer.platform_id:
                yield self._put(_place_item(question, answer.platform_id))
        for number, event in enumerate(change.events):
            key = f"event#{stamp(event.at)}#{question.version:06}#{number:02}#{event.kind}"
            yield self._put(encode(event) | {"item": {"S": key}} | _expiry(question))

    def _put(self, item: Item, **condition: Any) -> dict[str, Any]:  # noqa: ANN401 - the API's own
        return {"Put": {"TableName": self._table, "Item": item, **condition}}


def _place_key(channel: str, message_id: str) -> str:
    return f"place#{channel}#{message_id}"


def _place_item(question: Question, message_id: str) -> Item:
    place = Place(thread_id=question.thread_id, author_id=question.author_id)
    return (
        encode(place)
        | {"question_id": {"S": _place_key(question.channel, message_id)}, "item": {"S": "place"}}
        | _expiry(question)
    )


def _aside(message: Message) -> Item:
    bare = replace(message, text="", author_name="", attachments=())
    return message_item(bare, key=key_of(message), due=False) | {"aside": {"BOOL": True}}


def _due_item(record: Question | Answer, key: str, shard: str) -> Item:
    """Return the item of *record*; it stands in the index `due` exactly as long as it has a next action."""
    item = encode(record) | {"item": {"S": key}}
    if record.expires_at is not None:
        item["retain_until"] = item.pop("expires_at")
    return item | ({"open_shard": {"S": shard}} if record.next_action_at else _expiry(record))


def _expiry(record: Question | Answer) -> Item:
    """Return the TTL attribute, which an unfinished record does not get: nothing expires that waits for a person."""
    return {} if record.expires_at is None else {"expires_at": {"N": str(int(record.expires_at.timestamp()))}}


def _record_of(item: Item) -> Item:
    """Return *item* with the moment that `_due_item` wrote as `retain_until` under the record's own name."""
    fields = {name: value for name, value in item.items() if name != "expires_at"}
    return fields | ({"expires_at": item["retain_until"]} if "retain_until" in item else {})


def _first_to_ring(item: Item) -> tuple[int, str]:
    """Order what is due: messages that nobody has judged yet, then by urgency, then by time."""
    urgency = item.get("urgency", {}).get("S", "")
    return (_URGENCIES.index(urgency) if urgency in _URGENCIES else 0, _next_action(item))


def _next_action(item: Item) -> str:
    stamped: str = item["next_action_at"]["S"]
    return stamped


def conversation_from(question_id: str, items: list[Item]) -> Conversation:
    """Return what the items of one partition say."""

    def of(prefix: str) -> list[Item]:
        return [item for item in items if item["item"]["S"].startswith(prefix) and "aside" not in item]

    messages, changes = of("message#"), of("change#")
    return Conversation(
        question_id=question_id,
        question=next((decode(Question, _record_of(item)) for item in of("question")), None),
        messages=_in_order(item for item in messages if "open_shard" not in item),
        pending=_in_order(item for item in [*messages, *changes] if "open_shard" in item),
        alerts=tuple(decode(Alert, item) for item in of("alert#")),
        answers=tuple(decode(Answer, _record_of(item)) for item in of("answer#")),
        events=tuple(decode(Event, item) for item in of("event#")),
    )


def _in_order(items: Iterable[Item]) -> tuple[Message, ...]:
    messages = (message_from(item) for item in items)
    return tuple(sorted(messages, key=lambda message: (message.sent_at, message.changed_at or message.sent_at)))
