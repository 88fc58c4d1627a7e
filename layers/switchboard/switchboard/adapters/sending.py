"""What the outcome of sending a text or an email means, whichever service sends it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
)
from botocore.exceptions import ConnectionError as BotoConnectionError

from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, Unavailable

if TYPE_CHECKING:
    from collections.abc import Generator

_REFUSED = frozenset(
    {
        "InvalidParameter",
        "InvalidParameterException",
        "InvalidParameterValue",
        "InvalidParameterValueException",
        "MessageRejected",
        "BadRequestException",
        "OptedOut",
        "OptedOutException",
        "ValidationException",
        "ValidationError",
    }
)
_THROTTLED = frozenset(
    {"Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException", "LimitExceededException"}
)
_SERVER_ERROR = 500


@contextmanager
def sending(service: str) -> Generator[None]:
    """Translate what a send raises: Rejected, Unavailable (it did not leave), OutcomeUnknown, Misconfigured."""
    try:
        yield
    except (ConnectTimeoutError, EndpointConnectionError) as error:
        raise Unavailable(f"{service} cannot be reached") from error
    except (HTTPClientError, BotoConnectionError) as error:
        raise OutcomeUnknown(f"{service} did not answer") from error
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code in _THROTTLED:
            raise Unavailable(f"{service} throttles") from error
        if code in _REFUSED:
            raise Rejected(f"{service} refuses: {code}") from error
        if status >= _SERVER_ERROR:
            raise OutcomeUnknown(f"{service} failed: {code}") from error
        raise Misconfigured(f"{service}: {code}") from error
    except BotoCoreError as error:
        raise Misconfigured(f"{service}: {type(error).__name__}") from error
