"""The last automation config that was valid, in the Posts table: one item, replaced whenever the config changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from switchboard.adapters.items import stamp
from switchboard.errors import Unavailable

if TYPE_CHECKING:
    from datetime import datetime

_KEY = {"post_id": {"S": "config#automation"}, "item": {"S": "last_good"}}


class DynamoLastGood:
    """The copy in *table*. *client* is botocore's for "dynamodb"."""

    def __init__(self, client: Any, table: str) -> None:  # noqa: ANN401 - botocore makes its clients at run time
        self._client = client
        self._table = table

    def load(self) -> str | None:
        """Return the JSON document as it was saved, or None."""
        try:
            answer = self._client.get_item(TableName=self._table, Key=_KEY, ConsistentRead=True)
        except (BotoCoreError, ClientError) as exc:
            raise Unavailable(f"the last good config could not be read ({type(exc).__name__})") from exc
        document: str | None = answer.get("Item", {}).get("document", {}).get("S")
        return document

    def save(self, document: str, *, now: datetime) -> None:
        """Replace it; saving twice is harmless."""
        item = {**_KEY, "document": {"S": document}, "saved_at": {"S": stamp(now)}}
        try:
            self._client.put_item(TableName=self._table, Item=item)
        except (BotoCoreError, ClientError) as exc:
            raise Unavailable(f"the last good config could not be saved ({type(exc).__name__})") from exc
