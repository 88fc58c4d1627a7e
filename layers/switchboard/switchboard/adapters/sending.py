"""What the outcome of sending a text or an email means, whichever service sends it.

The codes are those of the services' own models (SNS, SES v2, End User Messaging); a service that gives a reason beside
the code is judged by it, never by the words.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
)
from botocore.exceptions import ConnectionError as BotoConnectionError

from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, SwitchboardError, Unavailable, Unreachable

if TYPE_CHECKING:
    from collections.abc import Generator

_REFUSED = frozenset(
    {
        "InvalidParameter",
        "InvalidParameterException",
        "InvalidParameterValue",
        "InvalidParameterValueException",
        "ParameterValueInvalid",
        "MessageRejected",
        "BadRequestException",
        "ValidationException",
        "ValidationError",
    }
)
_DEAD = frozenset({"OptedOut", "OptedOutException"})
_THROTTLED = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "Throttled",
        "ThrottledException",
        "KMSThrottling",
        "TooManyRequestsException",
        "LimitExceededException",
    }
)
_SERVER_ERROR = 500

# End User Messaging says more in `Reason`, and in `Fields` which parameter a ValidationException is about.
_OPTED_OUT = "DESTINATION_PHONE_NUMBER_OPTED_OUT"
_BLOCKED = "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE"
_THE_NUMBER = frozenset({"CANNOT_PARSE", "FIELD_VALIDATION_FAILED", "INVALID_PARAMETER"})
_THE_ACCOUNT = frozenset(
    {
        "CHANNEL_NOT_ENABLED",
        "COUNTRY_CODE_MISMATCH",
        "COUNTRY_NOT_ENABLED",
        "DESTINATION_COUNTRY_BLOCKED",
        "INTERNATIONAL_SENDING_NOT_SUPPORTED",
        "INVALID_ARN",
        "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY",
        "PRICE_OVER_THRESHOLD",
        "RESOURCE_NOT_ACCESSIBLE",
        "SENDER_ID_NOT_REGISTERED",
        "SENDER_ID_NOT_SUPPORTED",
        "SENDER_ID_REQUIRES_REGISTRATION",
    }
)


@contextmanager
def sending(service: str) -> Generator[None]:
    """Translate what a send raises.

    Unreachable when the contact is dead, Rejected when it is refused, Unavailable when it did not leave, OutcomeUnknown
    when it may have, and Misconfigured (a spending limit, a missing permission) when a person must mend the account.
    """
    try:
        yield
    except (ConnectTimeoutError, EndpointConnectionError) as error:
        raise Unavailable(f"{service} cannot be reached") from error
    except (HTTPClientError, BotoConnectionError) as error:
        raise OutcomeUnknown(f"{service} did not answer") from error
    except ClientError as error:
        raise _meaning(service, error) from error
    except BotoCoreError as error:
        raise Misconfigured(f"{service}: {type(error).__name__}") from error


def _meaning(service: str, error: ClientError) -> SwitchboardError:
    response: dict[str, Any] = dict(error.response)
    code = str(response.get("Error", {}).get("Code", ""))
    reason = str(response.get("Reason", ""))
    said = f"{service}: {code} {reason}".rstrip()
    if code in _THROTTLED:
        return Unavailable(said)
    if code in _DEAD or reason == _OPTED_OUT:
        return Unreachable(said, reason="opted_out")
    if code == "ValidationException" and reason in _THE_NUMBER and _is_about_the_number(response):
        return Unreachable(said, reason="invalid_number")
    if reason == _BLOCKED or (code in _REFUSED and reason not in _THE_ACCOUNT):
        return Rejected(said, reason=reason.lower() or "refused")
    if response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= _SERVER_ERROR:
        return OutcomeUnknown(said)
    return Misconfigured(said)


def _is_about_the_number(response: dict[str, Any]) -> bool:
    named = [str(field.get("Name", "")).lower() for field in response.get("Fields") or ()]
    return "destinationphonenumber" in named
