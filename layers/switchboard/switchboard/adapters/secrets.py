"""Credentials per channel, from Secrets Manager: the secret `<prefix><channel>`, one JSON object.

{"signing_secrets": ["…", "…"], "verify_token": "…", "access_token": "…", …}: see `ports.ChannelSecret`.
"""

from __future__ import annotations

import dataclasses
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from switchboard.errors import Misconfigured, Unavailable
from switchboard.ports import ChannelSecret

if TYPE_CHECKING:
    from collections.abc import Callable

KEEP_SECONDS = 300.0
"""So long a secret is used without asking again."""
FRESH_SECONDS = 60.0
"""So often, at most, a caller gets past the cache: forgeries must not hammer Secrets Manager."""
_TEXTS = tuple(field.name for field in dataclasses.fields(ChannelSecret) if field.name != "signing_secrets")


@dataclass(frozen=True, slots=True)
class _Cached:
    secret: ChannelSecret
    asked_at: float


class SecretsManagerSecrets:
    """`ports.ChannelSecrets`. *client* is botocore's for "secretsmanager"; *clock* gives monotonic seconds."""

    def __init__(self, client: Any, prefix: str, *, clock: Callable[[], float] = time.monotonic) -> None:  # noqa: ANN401 - botocore's client
        self._client = client
        self._prefix = prefix
        self._clock = clock
        self._cache: dict[str, _Cached] = {}

    def of(self, channel: str, *, fresh: bool = False) -> ChannelSecret:
        """Return the channel's secret, at most `KEEP_SECONDS` old, or `FRESH_SECONDS` with *fresh*.

        An absent secret is empty, so closed. While Secrets Manager does not answer, the last known one stays in use.
        Raises Unavailable when none is known, and Misconfigured when the secret is not the JSON above.
        """
        cached = self._cache.get(channel)
        now = self._clock()
        if cached and now - cached.asked_at < (FRESH_SECONDS if fresh else KEEP_SECONDS):
            return cached.secret
        try:
            secret = _parse(channel, self._read(channel))
        except Unavailable:
            if cached is None:
                raise
            secret = cached.secret
        self._cache[channel] = _Cached(secret, now)
        return secret

    def _read(self, channel: str) -> str:
        try:
            answer = self._client.get_secret_value(SecretId=f"{self._prefix}{channel}")
        except ClientError as exc:
            if exc.response.get("Error", {}).get("Code") == "ResourceNotFoundException":
                return "{}"
            raise Unavailable(f"the secret of channel {channel} could not be read") from exc
        except BotoCoreError as exc:
            raise Unavailable("Secrets Manager does not answer") from exc
        return str(answer.get("SecretString", ""))


def _parse(channel: str, document: str) -> ChannelSecret:
    try:
        fields: dict[str, Any] = json.loads(document)
        signing: Any = fields.get("signing_secrets", [])
        if isinstance(signing, (str, dict)):
            raise TypeError  # noqa: TRY301 - one remedy for every wrong shape
        return ChannelSecret(
            signing_secrets=tuple(secret for secret in signing if isinstance(secret, str) and secret),
            **{name: str(fields.get(name) or "").strip() for name in _TEXTS},
        )
    except (ValueError, TypeError, AttributeError):
        raise Misconfigured(
            f'the secret of channel {channel} must be JSON: {{"signing_secrets": […], "verify_token": "…"}}'
        ) from None  # the cause would show the secret
