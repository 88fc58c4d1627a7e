"""Credentials of schedulers, from Secrets Manager: the secret `<prefix><scheduler>`, one JSON object.

{"server": "https://…", "username": "…", "token": "…", …}: see `ports.SchedulerSecret`.
"""

from __future__ import annotations

import dataclasses
import json
import time
from typing import TYPE_CHECKING, Any

from switchboard.adapters.secret_documents import SecretDocuments
from switchboard.errors import Misconfigured
from switchboard.ports import SchedulerSecret

if TYPE_CHECKING:
    from collections.abc import Callable

_NAMES = tuple(field.name for field in dataclasses.fields(SchedulerSecret))


class SecretsManagerSchedulers:
    """`ports.SchedulerSecrets`. *client* is botocore's for "secretsmanager"; *clock* gives monotonic seconds."""

    def __init__(self, client: Any, prefix: str, *, clock: Callable[[], float] = time.monotonic) -> None:  # noqa: ANN401 - botocore's client
        # Whoever asks for a fresh one has just been told that a token is dead: another process has a newer.
        self._documents = SecretDocuments(client, prefix, _parse, what="a scheduler", clock=clock, fresh_seconds=0)

    def of(self, name: str, *, fresh: bool = False) -> SchedulerSecret:
        """Return the scheduler's secret; an absent one is empty. Raises Misconfigured when it is not the JSON above."""
        return self._documents.of(name, fresh=fresh)

    def keep(self, name: str, secret: SchedulerSecret) -> None:
        """Replace what the secret says; keys of others in it stay."""
        known = _object(self._documents.document(name))
        self._documents.keep(name, json.dumps(known | dataclasses.asdict(secret)))


def _object(document: str) -> dict[str, Any]:
    """Return the JSON object, or an empty one: what is to be kept must not be lost because of what was there."""
    try:
        return dict(json.loads(document))
    except (ValueError, TypeError, RecursionError):
        return {}


def _parse(name: str, document: str) -> SchedulerSecret:
    try:
        fields: dict[str, Any] = json.loads(document)
        return SchedulerSecret(**{key: str(fields.get(key) or "").strip() for key in _NAMES})
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise Misconfigured(
            f'the secret of scheduler {name} must be JSON: {{"server": "…", "token": "…"}}'
        ) from None  # the cause would show it
