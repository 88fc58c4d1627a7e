"""Refused deliveries, byte for byte, in S3: a lost signing secret must not lose what people wrote.

The key is `<channel>/<date>/<time>-<digest>`; the bucket's lifecycle deletes everything after seven days.
`switchboard replay` takes them in again, once the fault is mended.
"""

from __future__ import annotations

import hashlib
from datetime import UTC
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from switchboard.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

KEPT_HEADERS = (
    "content-type",
    "x-hub-signature-256",
    "x-li-signature",
    "x-twitter-webhooks-signature",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
)
"""What is needed to find out why the signature did not match; no address, no cookie, no user agent."""
_LONGEST = 200  # S3 takes 2 KB of metadata in all


class S3Quarantine:
    """`ports.Quarantine` in *bucket*. *client* gives botocore's for "s3", which is made when it is first needed."""

    def __init__(self, client: Callable[[], Any], bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def keep(self, channel: str, body: bytes, headers: Mapping[str, str], *, reason: str, now: datetime) -> str:
        """Store the exact bytes and return the key under which they lie; keeping twice is harmless."""
        key = f"{channel}/{now.astimezone(UTC):%Y-%m-%d/%H%M%S%f}-{hashlib.sha256(body).hexdigest()[:32]}"
        metadata = {name: _plain(headers[name]) for name in KEPT_HEADERS if name in headers}
        try:
            self._client().put_object(
                Bucket=self._bucket,
                Key=key,
                Body=body,
                ContentType="application/octet-stream",
                Metadata={**metadata, "reason": _plain(reason)},
            )
        except (BotoCoreError, ClientError) as exc:
            raise Unavailable(f"the quarantine did not take a delivery ({type(exc).__name__})") from exc
        return key


def _plain(value: str) -> str:
    return "".join(letter if " " <= letter <= "~" else "?" for letter in value[:_LONGEST])
