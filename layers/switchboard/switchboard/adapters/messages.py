"""Where the webhook path puts messages: one conditional put each, so that the same message is stored once."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from switchboard.adapters.items import message_item, stamp
from switchboard.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from switchboard.adapters.items import Item
    from switchboard.domain.message import Ignored, Message

THREADS = 17
"""Fifty messages in three rounds; `aws` keeps as many connections."""
IGNORED_KEPT = timedelta(days=7)
_LONGEST_EVENT = 300_000  # an item holds 400 KB


class DynamoMessages:
    """`ports.MessageStore` in the Questions table. *client* is botocore's for "dynamodb"."""

    def __init__(self, client: Any, table: str) -> None:  # noqa: ANN401 - botocore makes its clients at run time
        self._client = client
        self._table = table

    def put(self, messages: Sequence[Message]) -> int:
        """Store all that are not there yet; return how many were new.

        All are tried, whatever fails; Unavailable says that some are not stored, and putting them again is safe.
        """
        return sum(_all_of([partial(self._put, message_item(message, due=True)) for message in messages]))

    def put_ignored(self, channel: str, ignored: Sequence[Ignored], *, now: datetime) -> None:
        """Keep the events of *ignored* for a week, each once."""
        items = {item["item"]["S"]: item for item in (_ignored_item(channel, part, now) for part in ignored)}
        _all_of([partial(self._replace, item) for item in items.values()])

    def _put(self, item: Item) -> bool:
        try:
            self._client.put_item(
                TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(question_id)"
            )
        except ClientError as exc:
            if exc.response.get("Error", {}).get("Code") == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def _replace(self, item: Item) -> bool:
        self._client.put_item(TableName=self._table, Item=item)
        return True


def _all_of(writes: Sequence[Callable[[], bool]]) -> list[bool]:
    """Return what the *writes* return, each tried once; raise Unavailable if any failed."""
    if len(writes) <= 1:
        outcomes = [_outcome(write) for write in writes]
    else:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - most deliveries hold one message

        with ThreadPoolExecutor(min(THREADS, len(writes))) as pool:
            outcomes = list(pool.map(_outcome, writes))
    failures = [outcome for outcome in outcomes if not isinstance(outcome, bool)]
    if failures:
        kinds = ", ".join(sorted({type(failure).__name__ for failure in failures}))
        raise Unavailable(f"{len(failures)} of {len(writes)} were not stored ({kinds})") from failures[0]
    return [outcome for outcome in outcomes if isinstance(outcome, bool)]


def _outcome(write: Callable[[], bool]) -> bool | BotoCoreError | ClientError:
    try:
        return write()
    except (BotoCoreError, ClientError) as exc:
        return exc


def _ignored_item(channel: str, ignored: Ignored, now: datetime) -> Item:
    digest = hashlib.sha256(f"{ignored.reason}\n{ignored.event}".encode()).hexdigest()
    return {
        "question_id": {"S": f"ignored#{channel}"},
        "item": {"S": digest},
        "reason": {"S": ignored.reason},
        "event": {"S": ignored.event[:_LONGEST_EVENT]},
        "received_at": {"S": stamp(now)},
        "expires_at": {"N": str(int((now + IGNORED_KEPT).timestamp()))},
    }
