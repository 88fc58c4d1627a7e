"""Contacts that are secrets, from Secrets Manager: the secret `<prefix><staff id>`, one JSON object.

{"slack_url": "https://hooks.slack.com/…", "teams_url": "https://…", "pagerduty_key": "…"}: see `ports.ContactSecret`.
"""

from __future__ import annotations

import dataclasses
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from switchboard.errors import Misconfigured, Unavailable
from switchboard.ports import ContactSecret

if TYPE_CHECKING:
    from collections.abc import Callable

KEEP_SECONDS = 300.0
"""So long a secret, or that there is none, is used without asking again."""
_NAMES = tuple(field.name for field in dataclasses.fields(ContactSecret))


@dataclass(frozen=True, slots=True)
class _Cached:
    secret: ContactSecret
    asked_at: float


class SecretsManagerContacts:
    """`ports.ContactSecrets`. *client* is botocore's for "secretsmanager"; *clock* gives monotonic seconds."""

    def __init__(self, client: Any, prefix: str, *, clock: Callable[[], float] = time.monotonic) -> None:  # noqa: ANN401 - botocore's client
        self._client = client
        self._prefix = prefix
        self._clock = clock
        self._cache: dict[str, _Cached] = {}

    def of(self, staff_id: str) -> ContactSecret:
        """Return the staff member's secret, at most `KEEP_SECONDS` old; an absent one is empty.

        While Secrets Manager does not answer, the last known one stays in use. Raises Unavailable when none is known,
        and Misconfigured when the secret is not the JSON above.
        """
        cached = self._cache.get(staff_id)
        now = self._clock()
        if cached and now - cached.asked_at < KEEP_SECONDS:
            return cached.secret
        try:
            secret = _parse(self._read(staff_id))
        except Unavailable:
            if cached is None:
                raise
            secret = cached.secret
        self._cache[staff_id] = _Cached(secret, now)
        return secret

    def _read(self, staff_id: str) -> str:
        try:
            answer = self._client.get_secret_value(SecretId=f"{self._prefix}{staff_id}")
        except ClientError as exc:
            code = exc.response.get("Error", {}).get("Code")
            if code == "ResourceNotFoundException":
                return "{}"
            raise Unavailable("a contact's secret could not be read") from exc
        except BotoCoreError as exc:
            raise Unavailable("Secrets Manager does not answer") from exc
        return str(answer.get("SecretString", ""))


def _parse(document: str) -> ContactSecret:
    try:
        fields: dict[str, Any] = json.loads(document)
        return ContactSecret(**{name: str(fields.get(name) or "").strip() for name in _NAMES})
    except (ValueError, TypeError, AttributeError, RecursionError):
        wanted = ", ".join(f'"{name}": "…"' for name in _NAMES)
        raise Misconfigured(f"a contact's secret must be JSON: {{{wanted}}}") from None  # the cause would show it
