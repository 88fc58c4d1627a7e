"""Link tokens and sessions, in the table of what lives shortly.

id            partition: `token#<digest>` or `session#<digest>`; the secrets themselves are nowhere
expires_at    TTL, whole seconds since 1970; asked at every reading too, for TTL deletes late
used_by       who used the token up: a random mark, so that a repeated request still knows that it was the winner
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from switchboard.domain.session import LinkToken, Session
from switchboard.errors import Unavailable

if TYPE_CHECKING:
    from switchboard.adapters.items import Item


class DynamoSessions:
    """`ports.Sessions` in *table*. *client* is botocore's for "dynamodb"."""

    def __init__(self, client: Any, table: str) -> None:  # noqa: ANN401 - botocore makes its clients at run time
        self._client = client
        self._table = table

    def put_token(self, token: LinkToken) -> None:
        """Store it; storing it again before it is used is harmless."""
        self._put(f"token#{token.digest}", token.expires_at, question_id=token.question_id, staff_id=token.staff_id)

    def find_token(self, digest: str, *, now: datetime) -> LinkToken | None:
        """Read it, consistently."""
        item = self._get(f"token#{digest}", now)
        return None if item is None or "used_by" in item else _token(digest, item)

    def consume_token(self, digest: str, *, now: datetime) -> LinkToken | None:
        """Mark it as used, on condition that nobody has: DynamoDB lets one caller through."""
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key={"id": {"S": f"token#{digest}"}},
                UpdateExpression="SET used_by = :me",
                ConditionExpression="expires_at > :now AND (attribute_not_exists(used_by) OR used_by = :me)",
                ExpressionAttributeValues={
                    ":me": {"S": secrets.token_hex(16)},
                    ":now": {"N": str(int(now.timestamp()))},
                },
                ReturnValues="ALL_NEW",
            )
        except ClientError as exc:
            if exc.response.get("Error", {}).get("Code") == "ConditionalCheckFailedException":
                return None
            raise _unavailable(exc) from exc
        except BotoCoreError as exc:
            raise _unavailable(exc) from exc
        return _token(digest, answer["Attributes"])

    def put_session(self, session: Session) -> None:
        """Store it; storing it again is harmless."""
        self._put(
            f"session#{session.digest}",
            session.expires_at,
            staff_id=session.staff_id,
            csrf_token=session.csrf_token,
        )

    def find_session(self, digest: str, *, now: datetime) -> Session | None:
        """Read it, consistently."""
        item = self._get(f"session#{digest}", now)
        if item is None:
            return None
        return Session(
            digest=digest,
            staff_id=item["staff_id"]["S"],
            csrf_token=item["csrf_token"]["S"],
            expires_at=_expiry(item),
        )

    def end_session(self, digest: str) -> None:
        """Delete it; deleting it again is harmless."""
        try:
            self._client.delete_item(TableName=self._table, Key={"id": {"S": f"session#{digest}"}})
        except (BotoCoreError, ClientError) as exc:
            raise _unavailable(exc) from exc

    def _put(self, key: str, expires_at: datetime, **fields: str) -> None:
        item: Item = {"id": {"S": key}, "expires_at": {"N": str(int(expires_at.timestamp()))}}
        try:
            self._client.put_item(
                TableName=self._table, Item=item | {name: {"S": value} for name, value in fields.items()}
            )
        except (BotoCoreError, ClientError) as exc:
            raise _unavailable(exc) from exc

    def _get(self, key: str, now: datetime) -> Item | None:
        try:
            answer = self._client.get_item(TableName=self._table, Key={"id": {"S": key}}, ConsistentRead=True)
        except (BotoCoreError, ClientError) as exc:
            raise _unavailable(exc) from exc
        item: Item | None = answer.get("Item")
        return item if item is not None and _expiry(item) > now else None


def _token(digest: str, item: Item) -> LinkToken:
    return LinkToken(
        digest=digest,
        question_id=item["question_id"]["S"],
        staff_id=item["staff_id"]["S"],
        expires_at=_expiry(item),
    )


def _expiry(item: Item) -> datetime:
    return datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC)


def _unavailable(exc: Exception) -> Unavailable:
    return Unavailable(f"the table of sessions did not answer ({type(exc).__name__})")
