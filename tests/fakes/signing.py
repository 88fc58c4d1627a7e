"""Bodies signed as each platform signs them: written from the platforms' documents, never with the code under test."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

from standardwebhooks import Webhook

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from switchboard.ports import ChannelSecret


def _digest(secret: ChannelSecret, signed: bytes) -> bytes:
    return hmac.new(secret.signing_secrets[0].encode(), signed, hashlib.sha256).digest()


def _meta(body: bytes, secret: ChannelSecret, now: datetime) -> dict[str, str]:
    return {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={_digest(secret, body).hex()}"}


def _x(body: bytes, secret: ChannelSecret, now: datetime) -> dict[str, str]:
    return {"x-twitter-webhooks-signature": f"sha256={base64.b64encode(_digest(secret, body)).decode()}"}


def _linkedin(body: bytes, secret: ChannelSecret, now: datetime) -> dict[str, str]:
    return {"X-LI-Signature": _digest(secret, b"hmacsha256=" + body).hex()}


def _standard(body: bytes, secret: ChannelSecret, now: datetime) -> dict[str, str]:
    named = f"msg_{hashlib.sha256(body).hexdigest()[:12]}"
    return {
        "webhook-id": named,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret.signing_secrets[0]).sign(named, now, body.decode()),
    }


SIGNERS: dict[str, Callable[[bytes, ChannelSecret, datetime], dict[str, str]]] = {
    "facebook": _meta,
    "instagram": _meta,
    "linkedin": _linkedin,
    "messenger": _meta,
    "web_form": _standard,
    "whatsapp": _meta,
    "x": _x,
}


def signed_headers(platform: str, body: bytes, secret: ChannelSecret, *, now: datetime) -> dict[str, str]:
    """Return the headers with which *platform* sends *body*, signed with the first of the channel's secrets."""
    return SIGNERS[platform](body, secret, now)
