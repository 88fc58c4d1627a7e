"""What DynamoDB's client raises, as errors of ours."""

from __future__ import annotations

import inspect

import pytest
from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError

from switchboard.adapters.aws_errors import translate
from switchboard.errors import Conflict, Misconfigured, SwitchboardError, Unavailable

KINDS = sorted(
    (found for _, found in inspect.getmembers(exceptions, inspect.isclass) if issubclass(found, BotoCoreError)),
    key=lambda found: found.__name__,
)


def refused(code: str, *reasons: str) -> ClientError:
    response = {"Error": {"Code": code, "Message": "words"}, "CancellationReasons": [{"Code": why} for why in reasons]}
    return ClientError(response, "TransactWriteItems")  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_of_botocore_is_one_of_ours(kind: type[BotoCoreError]) -> None:
    error = kind.__new__(kind)

    with pytest.raises(SwitchboardError) as caught, translate():
        raise error

    assert isinstance(caught.value, (Unavailable, Misconfigured))
    assert caught.value.__cause__ is error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (refused("ConditionalCheckFailedException"), Conflict),
        (refused("TransactionCanceledException", "None", "ConditionalCheckFailed"), Conflict),
        (refused("TransactionCanceledException", "TransactionConflict"), Conflict),
        (refused("TransactionCanceledException", "ThrottlingError"), Unavailable),
        (refused("TransactionCanceledException", "ValidationError"), Misconfigured),
        (refused("ProvisionedThroughputExceededException"), Unavailable),
        (refused("InternalServerError"), Unavailable),
        (refused("AccessDeniedException"), Misconfigured),
        (refused("ResourceNotFoundException"), Misconfigured),
    ],
)
def test_what_dynamodb_refuses_is_a_lost_fence_a_pause_or_a_matter_for_a_person(
    error: ClientError, expected: type[SwitchboardError]
) -> None:
    with pytest.raises(expected) as caught, translate():
        raise error

    assert type(caught.value) is expected
