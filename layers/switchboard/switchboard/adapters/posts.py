"""The Posts table: a post of our own queue is one partition, an action on it one transaction.

    item `post`                            the post; `version` is the fence
    item `hold#<time>`                     why it was held, and the snapshot
    item `event#<time>#<version>#<kind>`   the audit trail: who did what

Index `due`, whose keys bear the names of the Questions table's:

    open_shard       the post's state (`scheduled`, `held`, …), or `holds` for a hold that nobody has released
    next_action_at   when the post is due (`publish_at`), or when it was held

So a state's posts in order of time are one query. The index lags behind by moments; the fence finds out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from switchboard.adapters.aws_errors import translate
from switchboard.adapters.items import stamp
from switchboard.adapters.paging import all_pages
from switchboard.adapters.records import decode, encode
from switchboard.domain.post import Hold, HoldState, Post, PostState
from switchboard.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from switchboard.adapters.items import Item

HOLDS_SHARD = "holds"
_DUE_STATES = (PostState.PUBLISHING, PostState.SCHEDULED)


class DynamoPosts:
    """`ports.PostStore` on DynamoDB."""

    def __init__(self, client: Any, table: str) -> None:  # noqa: ANN401 - botocore's client
        self._client = client
        self._table = table

    def load(self, post_id: str) -> tuple[Post, tuple[Hold, ...]] | None:
        """Read the partition, consistently."""
        items = list(
            self._query(
                KeyConditionExpression="post_id = :id",
                ExpressionAttributeValues={":id": {"S": post_id}},
                ConsistentRead=True,
            )
        )
        post = next((decode(Post, item) for item in items if item["item"]["S"] == "post"), None)
        holds = tuple(decode(Hold, item) for item in items if item["item"]["S"].startswith("hold#"))
        return None if post is None else (post, holds)

    def put(self, post: Post) -> bool:
        """Add it on condition that its id is free; putting it again is harmless."""
        try:
            with translate():
                self._client.put_item(
                    TableName=self._table, Item=_post_item(post), ConditionExpression="attribute_not_exists(post_id)"
                )
        except Conflict:
            return False
        return True

    def commit(self, post: Post, hold: Hold | None = None, *, event: str = "", by: str = "", now: datetime) -> None:
        """Write everything in one transaction, conditional on the fence."""
        writes = [
            self._put(
                _post_item(post),
                ConditionExpression="version = :before",
                ExpressionAttributeValues={":before": {"N": str(post.version - 1)}},
            )
        ]
        if hold is not None:
            writes.append(self._put(_hold_item(hold)))
        if event:
            writes.append(self._put(_event_item(post, event, by, now)))
        with translate():
            self._client.transact_write_items(TransactItems=writes)

    def due(self, now: datetime, *, limit: int = 100) -> list[Post]:
        """Ask the index for what is scheduled and what is being published."""
        found = [
            post
            for state in _DUE_STATES
            for post in self._in_shard(state, "next_action_at <= :bound", stamp(now), limit)
        ]
        return sorted(found, key=_by_time)[:limit]

    def in_state(self, states: Iterable[PostState], *, since: datetime | None = None) -> list[Post]:
        """Ask the index, state by state."""
        bound = stamp(since) if since is not None else "0"
        found = [
            post for state in dict.fromkeys(states) for post in self._in_shard(state, "next_action_at >= :bound", bound)
        ]
        return sorted(found, key=_by_time)

    def holds(self) -> list[Hold]:
        """Ask the index for what nobody has released."""
        items = self._query(
            IndexName="due",
            KeyConditionExpression="open_shard = :shard",
            ExpressionAttributeValues={":shard": {"S": HOLDS_SHARD}},
            ScanIndexForward=False,
        )
        return [decode(Hold, item) for item in items]

    def _in_shard(self, state: PostState, condition: str, bound: str, limit: int | None = None) -> Iterator[Post]:
        items = self._query(
            limit,
            IndexName="due",
            KeyConditionExpression=f"open_shard = :state AND {condition}",
            ExpressionAttributeValues={":state": {"S": state.value}, ":bound": {"S": bound}},
        )
        return (decode(Post, item) for item in items)

    def _query(self, limit: int | None = None, **query: Any) -> Iterator[Item]:  # noqa: ANN401 - the API's own
        return all_pages(self._client, limit=limit, TableName=self._table, **query)

    def _put(self, item: Item, **condition: Any) -> dict[str, Any]:  # noqa: ANN401 - the API's own
        return {"Put": {"TableName": self._table, "Item": item, **condition}}


def _post_item(post: Post) -> Item:
    return encode(post) | {
        "item": {"S": "post"},
        "open_shard": {"S": post.state.value},
        "next_action_at": {"S": stamp(post.publish_at)},
    }


def _hold_item(hold: Hold) -> Item:
    item = encode(hold) | {"item": {"S": f"hold#{stamp(hold.held_at)}"}}
    if hold.state is HoldState.HELD:
        item |= {"open_shard": {"S": HOLDS_SHARD}, "next_action_at": {"S": stamp(hold.held_at)}}
    return item


def _event_item(post: Post, kind: str, by: str, now: datetime) -> Item:
    return {
        "post_id": {"S": post.post_id},
        "item": {"S": f"event#{stamp(now)}#{post.version:06}#{kind}"},
        "kind": {"S": kind},
        "by": {"S": by},
        "at": {"S": stamp(now)},
    }


def _by_time(post: Post) -> tuple[datetime, str]:
    return post.publish_at, post.post_id
