"""Bodies signed as each platform signs them: written from the platforms' documents, never with the code under test."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from functools import cache
from typing import TYPE_CHECKING, Any

from standardwebhooks import Webhook

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

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


@cache
def google_key() -> RSAPrivateKey:
    """Return the key that stands for Google's."""
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - slow to import

    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def google_keys() -> dict[str, Any]:
    """Return what Google publishes: its keys as JSON Web Keys."""
    from jwt.algorithms import RSAAlgorithm  # noqa: PLC0415 - slow to import

    key: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(google_key().public_key()))
    return {"keys": [key | {"kid": "k1", "alg": "RS256", "use": "sig"}]}


def google_token(secret: ChannelSecret, now: datetime, **changes: Any) -> str:
    """Return the token with which Google pushes; *changes* are claims."""
    import jwt  # noqa: PLC0415 - slow to import

    told = {
        "iss": "https://accounts.google.com",
        "aud": secret.push_audience,
        "email": secret.push_sender,
        "email_verified": True,
        "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + 3600,
    }
    return jwt.encode(told | changes, google_key(), algorithm="RS256", headers={"kid": "k1"})


def _google(body: bytes, secret: ChannelSecret, now: datetime) -> dict[str, str]:
    return {"Authorization": f"Bearer {google_token(secret, now)}"}


SIGNERS: dict[str, Callable[[bytes, ChannelSecret, datetime], dict[str, str]]] = {
    "facebook": _meta,
    "google_reviews": _google,
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
