"""Credentials per channel, from Secrets Manager: the secret `<prefix><channel>`, one JSON object.

{"signing_secrets": ["…", "…"], "verify_token": "…", "access_token": "…", …}: see `ports.ChannelSecret`.
"""

from __future__ import annotations

import dataclasses
import json
import time
from typing import TYPE_CHECKING, Any

from switchboard.adapters.secret_documents import SecretDocuments
from switchboard.errors import Misconfigured
from switchboard.ports import ChannelSecret

if TYPE_CHECKING:
    from collections.abc import Callable

_TEXTS = tuple(field.name for field in dataclasses.fields(ChannelSecret) if field.name != "signing_secrets")


class SecretsManagerSecrets:
    """`ports.ChannelSecrets`. *client* is botocore's for "secretsmanager"; *clock* gives monotonic seconds."""

    def __init__(self, client: Any, prefix: str, *, clock: Callable[[], float] = time.monotonic) -> None:  # noqa: ANN401 - botocore's client
        self._documents = SecretDocuments(client, prefix, _parse, what="a channel", clock=clock)

    def of(self, channel: str, *, fresh: bool = False) -> ChannelSecret:
        """Return the channel's secret; an absent one is empty, so closed.

        Raises Unavailable when none is known, and Misconfigured when the secret is not the JSON above.
        """
        return self._documents.of(channel, fresh=fresh)


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
