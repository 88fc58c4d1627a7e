"""What the caller reads and what the log holds: numbers, labels and places in our code, never a word of an author."""

from __future__ import annotations

import json
import traceback
from functools import cache
from http import HTTPStatus
from pathlib import PurePath
from typing import TYPE_CHECKING

from aws_lambda_powertools.logging import Logger

from functions.receive_webhook.gateway import Answer
from switchboard.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from switchboard.errors import Rejected


def as_json(status: int, body: Mapping[str, object], **facts: str | int) -> Answer:
    """Return an answer whose body is the JSON object *body*."""
    return Answer(status=status, body=json.dumps(body), facts=facts)


def refused(refusal: Rejected, **facts: str) -> Answer:
    """Return the answer that says what is wrong and how to mend it."""
    body = {"error": refusal.reason, "message": str(refusal)}
    return as_json(refusal.status, body, reason=refusal.reason, **facts)


def failed(exc: Exception, *, retry_after: int) -> Answer:
    """Return the answer that makes the platform send the delivery again; the details go to the log alone."""
    ours = isinstance(exc, (Unavailable, Misconfigured))
    status = HTTPStatus.SERVICE_UNAVAILABLE if ours else HTTPStatus.INTERNAL_SERVER_ERROR
    message = "this was not stored; send it again later"
    facts = {"failure": type(exc).__name__, "why": str(exc) if ours else _places(exc)}
    body = json.dumps({"error": "unavailable" if ours else "internal", "message": message})
    return Answer(status=status, body=body, headers={"Retry-After": str(retry_after)}, facts=facts)


def log(answer: Answer, request_id: str) -> None:
    """Write the invocation's one line."""
    write = _logger().error if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR else _logger().info
    write("webhook", extra={"status": int(answer.status), "request_id": request_id, **answer.facts})


@cache
def _logger() -> Logger:
    return Logger(service="receive_webhook", location=None, use_rfc3339=True)


def _places(exc: Exception) -> str:
    """Return where it happened, without the message: foreign messages quote what they were given."""
    frames = traceback.extract_tb(exc.__traceback__)[-4:]
    return " > ".join(f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in frames)
