"""Reading all pages of a DynamoDB query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from switchboard.adapters.aws_errors import translate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from switchboard.adapters.items import Item


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
