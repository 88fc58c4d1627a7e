"""Secrets as JSON objects in Secrets Manager, cached with an age; three kinds of secrets are read through this."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from switchboard.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

Secret = TypeVar("Secret")

KEEP_SECONDS = 300.0
"""So long a secret, or that there is none, is used without asking again."""
FRESH_SECONDS = 60.0
"""So often, at most, a caller gets past the cache: forgeries must not hammer Secrets Manager."""


@dataclass(frozen=True, slots=True)
class _Cached(Generic[Secret]):
    secret: Secret
    asked_at: float


class SecretDocuments(Generic[Secret]):
    """The secrets `<prefix><name>`, each made of its document by *parse*; *what* stands in errors, as "a contact".

    *client* is botocore's for "secretsmanager"; *clock* gives monotonic seconds.
    """

    def __init__(
        self,
        client: Any,  # noqa: ANN401 - botocore's client
        prefix: str,
        parse: Callable[[str, str], Secret],
        *,
        what: str,
        clock: Callable[[], float] = time.monotonic,
        fresh_seconds: float = FRESH_SECONDS,
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._parse = parse
        self._what = what
        self._clock = clock
        self._fresh_seconds = fresh_seconds
        self._cache: dict[str, _Cached[Secret]] = {}

    def of(self, name: str, *, fresh: bool = False) -> Secret:
        """Return the secret, at most `KEEP_SECONDS` old, or less with *fresh*; an absent one is an empty object.

        While Secrets Manager does not answer, the last known one stays in use. Raises Unavailable when none is known,
        and what *parse* raises.
        """
        cached = self._cache.get(name)
        now = self._clock()
        if cached and now - cached.asked_at < (self._fresh_seconds if fresh else KEEP_SECONDS):
            return cached.secret
        try:
            secret = self._parse(name, self.document(name))
        except Unavailable:
            if cached is None:
                raise
            secret = cached.secret
        self._cache[name] = _Cached(secret, now)
        return secret

    def document(self, name: str) -> str:
        """Return the text of the secret past every cache, "{}" when there is none."""
        try:
            answer = self._client.get_secret_value(SecretId=f"{self._prefix}{name}")
        except ClientError as exc:
            if exc.response.get("Error", {}).get("Code") == "ResourceNotFoundException":
                return "{}"
            raise Unavailable(f"the secret of {self._what} could not be read") from exc
        except BotoCoreError as exc:
            raise Unavailable("Secrets Manager does not answer") from exc
        return str(answer.get("SecretString", ""))

    def keep(self, name: str, document: str) -> None:
        """Replace the text of a secret that is there. Raises Unavailable; whether it was replaced is unknown then."""
        try:
            self._client.put_secret_value(SecretId=f"{self._prefix}{name}", SecretString=document)
        except (ClientError, BotoCoreError) as exc:
            raise Unavailable(f"the secret of {self._what} could not be replaced") from exc
        self._cache[name] = _Cached(self._parse(name, document), self._clock())
