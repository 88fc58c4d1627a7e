"""In what the two kinds of server differ: their ids, their errors, and what they do with a retry and an edit.

Read from Mastodon 4.5 (its OpenAPI description) and from what a GoToSocial 0.2x answered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FIRST_NOTIFICATION = 990  # so that ids soon grow by a digit: who compares them as text is found out


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of server.

    *keeps_keys*: a POST with the same Idempotency-Key is answered with the status that the first made.
    *tells_edits*: an edit of a status that mentions us is a notification of type "update"; else only `edited_at` tells.
    *new_id* makes an id of a moment and a running number; *order* sorts ids.
    """

    name: str
    version: str
    keeps_keys: bool
    tells_edits: bool
    default_limit: int
    new_status_id: Callable[[datetime, int], str]
    new_notification_id: Callable[[datetime, int], str]
    order: Callable[[str], tuple[int, str]]
    errors: Mapping[str, str]


def _snowflake(when: datetime, number: int) -> str:
    return str((int(when.timestamp() * 1000) << 16) + number % 65_536)


def _counted(_: datetime, number: int) -> str:
    return str(_FIRST_NOTIFICATION + number)


def _ulid(when: datetime, number: int) -> str:
    value = (int(when.timestamp() * 1000) << 80) + number
    return "".join(_BASE32[(value >> shift) & 31] for shift in range(125, -5, -5))


def _as_number(told: str) -> tuple[int, str]:
    return (int(told) if told.isdecimal() else 0, "")


def _as_text(told: str) -> tuple[int, str]:
    return (0, told)


KINDS = {
    "mastodon": Kind(
        name="mastodon",
        version="4.5.0",
        keeps_keys=True,
        tells_edits=False,
        default_limit=40,
        new_status_id=_snowflake,
        new_notification_id=_counted,
        order=_as_number,
        errors={
            "dead_token": "The access token was revoked",
            "no_token": "The access token is invalid",
            "forbidden": "This action is outside the authorized scopes",
            "not_there": "Record not found",
            "no_parent": "The post you are trying to reply to does not appear to exist.",
            "too_many": "Too many requests",
            "too_soon": "Validation failed: Scheduled date must be in the future",
            "no_text": "Validation failed: Text can't be blank",
            "too_long": "Validation failed: Text character limit of 500 exceeded",
        },
    ),
    "gotosocial": Kind(
        name="gotosocial",
        version="0.20.2+git-0000000",
        keeps_keys=False,
        tells_edits=True,
        default_limit=20,
        new_status_id=_ulid,
        new_notification_id=_ulid,
        order=_as_text,
        errors={
            "dead_token": "Unauthorized: token not supplied",
            "no_token": "Unauthorized: token not supplied",
            "forbidden": "Forbidden: token has insufficient scope permission",
            "not_there": "Not Found",
            "no_parent": "Not Found: target status not found",
            "too_many": "Rate limit exceeded",
            "too_soon": "Unprocessable Entity: scheduled_at must be at least 5 minutes in the future",
            "no_text": "Bad Request: no status content or media attachment provided",
            "too_long": "Bad Request: status text too long",
        },
    ),
}
