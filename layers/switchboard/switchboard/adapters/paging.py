"""Reading all of what a DynamoDB query, or a list of keys, finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from switchboard.adapters.aws_errors import translate
from switchboard.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from switchboard.adapters.items import Item


_AT_ONCE = 100
_TRIES = 5


def all_keys(client: Any, table: str, keys: list[Item]) -> Iterator[Item]:  # noqa: ANN401 - the API's own
    """Yield the items of *keys* that are there, read consistently; raise Unavailable when some cannot be read."""
    for start in range(0, len(keys), _AT_ONCE):
        asked: dict[str, Any] = {table: {"Keys": keys[start : start + _AT_ONCE], "ConsistentRead": True}}
        for _ in range(_TRIES):
            with translate():
                found = client.batch_get_item(RequestItems=asked)
            yield from found["Responses"].get(table, [])
            asked = found.get("UnprocessedKeys") or {}
            if not asked:
                break
        else:
            raise Unavailable("DynamoDB leaves keys unread")


def all_pages(client: Any, *, limit: int | None = None, **query: Any) -> Iterator[Item]:  # noqa: ANN401 - the API's own
    """Yield what *query* finds, page by page; no further page is read once *limit* items were seen."""
    seen = 0
    while True:
        with translate():
            page = client.query(**query)
        yield from page["Items"]
        seen += len(page["Items"])
        if "LastEvaluatedKey" not in page or (limit is not None and seen >= limit):
            return
        query["ExclusiveStartKey"] = page["LastEvaluatedKey"]
