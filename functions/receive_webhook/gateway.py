"""API Gateway's REST proxy events, as values: what comes in and what goes out.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from switchboard.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call of the webhook's URL. Header names are lower case, *body* is exactly what was sent."""

    method: str
    channel: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the caller gets, and the *facts* for the log: numbers and labels, never a word of an author."""

    status: int
    body: str
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    facts: Mapping[str, str | int] = field(default_factory=dict[str, "str | int"])


def request_of(event: Mapping[str, Any]) -> Request:
    """Return the request in *event*; raise Rejected (400) when its body cannot be decoded."""
    body = event.get("body") or ""
    try:
        encoded = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else None
    except (binascii.Error, ValueError) as exc:
        raise Rejected("the body is not base64, as the gateway says it is", reason="not_base64") from exc
    path: Mapping[str, str] = event.get("pathParameters") or {}
    headers: Mapping[str, str] = event.get("headers") or {}
    return Request(
        method=event.get("httpMethod") or "",
        channel=path.get("channel") or "",
        query=event.get("queryStringParameters") or {},
        headers={name.lower(): value for name, value in headers.items()},
        body=body.encode("utf-8", "surrogatepass") if encoded is None else encoded,
    )


def response_of(answer: Answer) -> dict[str, Any]:
    """Return *answer* as API Gateway takes it."""
    return {
        "statusCode": answer.status,
        "headers": {
            "Content-Type": answer.content_type,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
            **answer.headers,
        },
        "body": answer.body,
        "isBase64Encoded": False,
    }
