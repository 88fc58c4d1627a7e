"""How a message lies in the Questions table. On the webhook path: imports nothing but the standard library.

question_id   partition, computed from channel and thread
item          `message#<message id>`, or `change#<message id>#<verb>#<time>` for an edit or a removal
open_shard    `ring#0` … `ring#3`  } the sparse index `due`, from the very write that creates the item;
next_action_at                     } both are removed when the message was taken in
expires_at    TTL, seconds since 1970, by the channel's retention
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from switchboard.domain.message import Message

if TYPE_CHECKING:
    from switchboard.domain.message import ChangeVerb, Kind, Via

    Item = dict[str, dict[str, Any]]

SHARDS = 4
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

STREAM_GRACE = timedelta(seconds=30)
"""The stream normally takes a message in within a second; after this time the sweep does."""


def shard_of(question_id: str) -> str:
    """Return the shard of the index `due` in which everything that may ring for this question stands."""
    return f"ring#{_ALPHABET.index(question_id[0]) % SHARDS}"


def stamp(moment: datetime) -> str:
    """Return *moment* as it is stored: UTC, always with microseconds, so that text order is time order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment_of(stamped: str) -> datetime:
    """Return the moment that `stamp` wrote."""
    return datetime.strptime(stamped, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def key_of(message: Message) -> str:
    """Return the sort key: the same message always has the same one."""
    if message.change == "new" or message.changed_at is None:
        return f"message#{message.message_id}"
    return f"change#{message.message_id}#{message.change}#{stamp(message.changed_at)}"


def message_item(message: Message, *, key: str | None = None, due: bool) -> Item:
    """Return the item to put. With *due* it carries its next action, to be done by the stream or by the sweep."""
    item: Item = {
        "question_id": {"S": message.question_id},
        "item": {"S": key or key_of(message)},
        "channel": {"S": message.channel},
        "platform": {"S": message.platform},
        "kind": {"S": message.kind},
        "message_id": {"S": message.message_id},
        "thread_id": {"S": message.thread_id},
        "author_id": {"S": message.author_id},
        "author_name": {"S": message.author_name},
        "text": {"S": message.text},
        "attachments": {"L": [{"S": kind} for kind in message.attachments]},
        "permalink": {"S": message.permalink},
        "change": {"S": message.change},
        "sent_at": {"S": stamp(message.sent_at)},
        "received_at": {"S": stamp(message.received_at)},
    }
    if message.reply_to:
        item["reply_to"] = {"S": message.reply_to}
    if message.by_us:
        item["by_us"] = {"BOOL": True}
    if message.via != "webhook":
        item["via"] = {"S": message.via}
    if message.changed_at is not None:
        item["changed_at"] = {"S": stamp(message.changed_at)}
    if message.expires_at is not None:
        item["expires_at"] = {"N": str(int(message.expires_at.timestamp()))}
    if due:
        item["open_shard"] = {"S": shard_of(message.question_id)}
        item["next_action_at"] = {"S": stamp(message.received_at + STREAM_GRACE)}
    return item


def message_from(item: Item) -> Message:
    """Return the message that `message_item` wrote."""
    return Message(
        channel=item["channel"]["S"],
        platform=item["platform"]["S"],
        kind=cast("Kind", item["kind"]["S"]),
        message_id=item["message_id"]["S"],
        thread_id=item["thread_id"]["S"],
        author_id=item["author_id"]["S"],
        author_name=item["author_name"]["S"],
        text=item["text"]["S"],
        attachments=tuple(kind["S"] for kind in item["attachments"]["L"]),
        permalink=item["permalink"]["S"],
        reply_to=item["reply_to"]["S"] if "reply_to" in item else "",
        by_us="by_us" in item,
        via=cast("Via", item["via"]["S"]) if "via" in item else "webhook",
        change=cast("ChangeVerb", item["change"]["S"]),
        sent_at=moment_of(item["sent_at"]["S"]),
        received_at=moment_of(item["received_at"]["S"]),
        changed_at=moment_of(item["changed_at"]["S"]) if "changed_at" in item else None,
        expires_at=(datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC) if "expires_at" in item else None),
    )
