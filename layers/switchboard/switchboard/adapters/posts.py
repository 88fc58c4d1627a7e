"""The Posts table: a post of our own queue is one partition, an action on it one transaction.

    item `post`                            the post; `version` is the fence
    item `hold#<time>`                     why it was held, and the snapshot
    item `event#<time>#<version>#<kind>`   the audit trail: who did what

Index `due`, whose keys bear the names of the Questions table's:

    open_shard       the post's state (`scheduled`, `held`, …), or `holds` for a hold that nobody has released;
                     `outside#…` and the state for a post of a scheduler outside, `moving` for a hold that is under way,
                     `untold` for one that could not be held while nobody was told
    next_action_at   when the post is due (`publish_at`), or when it was held

A post of a scheduler outside is here from its first hold on, until `KEPT` after its time. So a state's posts in order
of time are one query. The index lags behind by moments; the fence finds out.
"""

from __future__ import annotations

from datetime import timedelta
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
MOVING_SHARD = "moving"
UNTOLD_SHARD = "untold"
KEPT = timedelta(days=180)
"""So long after its time a post outside is remembered, and with it that a person has resumed it."""
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
        fence = "version = :before"
        if post.outside is not None and post.version == 1:
            fence = f"attribute_not_exists(post_id) OR {fence}"
        writes = [
            self._put(
                _post_item(post, held=hold is not None and hold.state is HoldState.HELD),
                ConditionExpression=fence,
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

    def outside(self, states: Iterable[PostState], *, since: datetime | None = None) -> list[Post]:
        """Ask the index, state by state."""
        bound = stamp(since) if since is not None else "0"
        found = [
            post
            for state in dict.fromkeys(states)
            for post in self._in_shard(f"outside#{state}", "next_action_at >= :bound", bound)
        ]
        return sorted(found, key=_by_time)

    def holds(self) -> list[Hold]:
        """Ask the index for what nobody has released."""
        found = [*self._holds_in(HOLDS_SHARD), *self._holds_in(MOVING_SHARD)]
        return sorted(found, key=lambda hold: (hold.held_at, hold.hold_id), reverse=True)

    def untold(self) -> list[Hold]:
        """Ask the index for what is settled and was not told."""
        return [hold for shard in (HOLDS_SHARD, UNTOLD_SHARD) for hold in self._holds_in(shard) if hold.told_at is None]

    def moving(self) -> list[Hold]:
        """Ask the index for what is under way."""
        return self._holds_in(MOVING_SHARD)

    def _holds_in(self, shard: str) -> list[Hold]:
        items = self._query(
            IndexName="due",
            KeyConditionExpression="open_shard = :shard",
            ExpressionAttributeValues={":shard": {"S": shard}},
        )
        return [decode(Hold, item) for item in items]

    def _in_shard(self, state: str, condition: str, bound: str, limit: int | None = None) -> Iterator[Post]:
        items = self._query(
            limit,
            IndexName="due",
            KeyConditionExpression=f"open_shard = :state AND {condition}",
            ExpressionAttributeValues={":state": {"S": str(state)}, ":bound": {"S": bound}},
        )
        return (decode(Post, item) for item in items)

    def _query(self, limit: int | None = None, **query: Any) -> Iterator[Item]:  # noqa: ANN401 - the API's own
        return all_pages(self._client, limit=limit, TableName=self._table, **query)

    def _put(self, item: Item, **condition: Any) -> dict[str, Any]:  # noqa: ANN401 - the API's own
        return {"Put": {"TableName": self._table, "Item": item, **condition}}


def _post_item(post: Post, *, held: bool = False) -> Item:
    """Return the post's item. One of a scheduler outside expires unless it waits, *held*, for a person."""
    item = encode(post) | {
        "item": {"S": "post"},
        "open_shard": {"S": post.state.value},
        "next_action_at": {"S": stamp(post.publish_at)},
    }
    if post.outside is not None:
        item["open_shard"] = {"S": f"outside#{post.state}"}
        if post.state is not PostState.HELD and not held:
            item["expires_at"] = _expiry(post)
    return item


def _expiry(post: Post) -> dict[str, str]:
    return {"N": str(int((post.publish_at + KEPT).timestamp()))}


def _hold_item(hold: Hold) -> Item:
    item = encode(hold) | {"item": {"S": f"hold#{stamp(hold.held_at)}"}}
    if hold.state is HoldState.HELD:
        shard = MOVING_SHARD if hold.step is not None and hold.step.is_under_way else HOLDS_SHARD
        item |= {"open_shard": {"S": shard}, "next_action_at": {"S": stamp(hold.held_at)}}
    elif hold.state is HoldState.NOT_HELD and hold.told_at is None:
        item |= {"open_shard": {"S": UNTOLD_SHARD}, "next_action_at": {"S": stamp(hold.held_at)}}
    elif hold.snapshot.outside is not None:
        item["expires_at"] = _expiry(hold.snapshot)
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
