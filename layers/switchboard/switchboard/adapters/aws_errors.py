"""What DynamoDB's errors mean to us.

A write whose answer was lost counts as Unavailable, not as unknown: all our writes are fenced by a version or carry
their own identity, so doing one again is safe.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError

from switchboard.errors import Conflict, Misconfigured, Unavailable

if TYPE_CHECKING:
    from collections.abc import Generator

_LOST = frozenset({"ConditionalCheckFailedException", "TransactionConflictException"})
_LOST_REASONS = frozenset({"ConditionalCheckFailed", "TransactionConflict"})
_OURS = frozenset(
    {"AccessDeniedException", "ResourceNotFoundException", "ValidationException", "KMSAccessDeniedException"}
)


@contextmanager
def translate() -> Generator[None]:
    """Translate what a call to DynamoDB raises: Conflict, Misconfigured, else Unavailable."""
    try:
        yield
    except ClientError as exc:
        error = exc.response.get("Error", {})
        code = error.get("Code", "")
        reasons = {reason.get("Code") for reason in exc.response.get("CancellationReasons", [])}
        if code in _LOST or reasons & _LOST_REASONS:
            raise Conflict("the stored version is another one") from exc
        if code in _OURS or reasons & {"ValidationError", "AccessDenied"}:
            raise Misconfigured(f"DynamoDB refuses: {code}") from exc
        raise Unavailable(f"DynamoDB does not answer: {code}") from exc
    except (HTTPClientError, BotoConnectionError) as exc:
        raise Unavailable(f"DynamoDB cannot be reached: {type(exc).__name__}") from exc
    except BotoCoreError as exc:
        raise Misconfigured(f"DynamoDB cannot be asked: {type(exc).__name__}") from exc
