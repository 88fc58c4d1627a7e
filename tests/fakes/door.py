"""The webhook's door on fakes, and bodies signed as platforms sign them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
from standardwebhooks import Webhook

from functions.receive_webhook.app import receive_webhook
from functions.receive_webhook.gateway import request_of
from switchboard import platforms
from switchboard.platforms.google_keys import GoogleKeys
from switchboard.platforms.google_reviews import GooglePush
from switchboard.ports import Channel, ChannelSecret
from tests.fakes.inbound import FakeChannels, FakeMessages, FakeQuarantine, FakeSecrets
from tests.fakes.metrics import FakeMetrics
from tests.fakes.signing import google_keys, signed_headers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from functions.receive_webhook.gateway import Answer
    from switchboard.ports import Completes, Inbound, Platforms

NOW = datetime(2026, 10, 12, 10, 0, tzinfo=UTC)
PAGE = "100200300400500"
APP_SECRET = "sample-app-secret"
FORM_SECRET = "whsec_c2FtcGxlLXdlYi1mb3JtLXNlY3JldC0wMDE="
CHANNELS = {
    "mercy-facebook": Channel(name="mercy-facebook", platform="facebook", account_id=PAGE),
    "mercy-messenger": Channel(name="mercy-messenger", platform="messenger", account_id=PAGE),
    "mercy-website": Channel(name="mercy-website", platform="web_form", retention_days=30),
    "mercy-google": Channel(name="mercy-google", platform="google_reviews", account_id="accounts/1/locations/2"),
    "open-google": Channel(name="open-google", platform="google_reviews"),
    "mercy-instagram": Channel(name="mercy-instagram", platform="instagram", account_id="17841400000000001"),
    "mercy-whatsapp": Channel(name="mercy-whatsapp", platform="whatsapp", account_id="106540352240001"),
    "mercy-linkedin": Channel(name="mercy-linkedin", platform="linkedin", account_id="urn:li:organization:5509810"),
    "mercy-x": Channel(name="mercy-x", platform="x", account_id="2244994945"),
    "open-instagram": Channel(name="open-instagram", platform="instagram"),
    "open-linkedin": Channel(name="open-linkedin", platform="linkedin"),
    "open-page": Channel(name="open-page", platform="facebook"),
    "open-whatsapp": Channel(name="open-whatsapp", platform="whatsapp"),
    "open-x": Channel(name="open-x", platform="x"),
}
_META = ChannelSecret(signing_secrets=(APP_SECRET,), verify_token="sample-verify-token")
_GOOGLE = ChannelSecret(
    push_audience="https://example.org/webhooks/mercy-google",
    push_sender="push@example.iam.gserviceaccount.com",
)
SECRETS = {
    "mercy-facebook": _META,
    "mercy-messenger": _META,
    "mercy-google": _GOOGLE,
    "open-google": _GOOGLE,
    "mercy-instagram": _META,
    "mercy-whatsapp": _META,
    "mercy-linkedin": _META,
    "mercy-x": _META,
    "open-instagram": _META,
    "open-linkedin": _META,
    "open-page": _META,
    "open-whatsapp": _META,
    "open-x": _META,
    "mercy-website": ChannelSecret(signing_secrets=(FORM_SECRET,)),
}


def webhook_event(
    channel: str,
    body: bytes | str | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    method: str = "POST",
    query: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the event that API Gateway makes of the call; a *body* that is no text comes as base64."""
    encoded = isinstance(body, bytes) and not _is_text(body)
    if isinstance(body, bytes):
        body = base64.b64encode(body).decode() if encoded else body.decode()
    return {
        "httpMethod": method,
        "pathParameters": {"channel": channel},
        "queryStringParameters": query,
        "headers": headers,
        "body": body,
        "isBase64Encoded": encoded,
    }


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def meta_signed(body: bytes, secret: str = APP_SECRET) -> dict[str, str]:
    """Return the headers with which Meta sends *body*."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={digest}"}


def form_signed(body: bytes, named: str = "msg_1", *, at: datetime = NOW, secret: str = FORM_SECRET) -> dict[str, str]:
    """Return the headers with which a form's server sends *body*."""
    return {
        "webhook-id": named,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(named, at, body.decode()),
    }


def comment(number: int, text: str = "When do you open?", *, author: str = "9001", **changes: Any) -> dict[str, Any]:
    """Return one of `entry[].changes[]`."""
    value = {
        "item": "comment",
        "verb": "add",
        "comment_id": f"700_{number}",
        "post_id": f"{PAGE}_700",
        "parent_id": f"{PAGE}_700",
        "from": {"id": author, "name": "Rosa Quimby"},
        "message": text,
        "created_time": 1791799200,
    }
    return {"field": "feed", "value": value | changes}


def page_body(*changes: Any, messaging: Any = None, page: Any = PAGE) -> bytes:
    """Return a Page's delivery with one entry."""
    entry: dict[str, Any] = {"id": page, "time": 1791799200}
    if changes:
        entry["changes"] = list(changes)
    if messaging is not None:
        entry["messaging"] = messaging
    return json.dumps({"object": "page", "entry": [entry]}).encode()


class KnownKeys:
    """`ports.Platforms`, with a key of ours in the place of Google's; words that are only named are not fetched."""

    def inbound(self, platform: str) -> Inbound:
        if platform != "google_reviews":
            return platforms.inbound(platform)
        answers = httpx.MockTransport(lambda _: httpx.Response(200, json=google_keys()))
        return GooglePush(GoogleKeys(transport=answers))

    def completes(self, platform: str) -> Completes | None:
        return None


@dataclass
class Door:
    """`receive_webhook` with fakes behind it."""

    channels: FakeChannels = field(default_factory=lambda: FakeChannels(dict(CHANNELS)))
    secrets: FakeSecrets = field(default_factory=lambda: FakeSecrets(dict(SECRETS)))
    messages: FakeMessages = field(default_factory=FakeMessages)
    quarantine: FakeQuarantine = field(default_factory=FakeQuarantine)
    metrics: FakeMetrics = field(default_factory=FakeMetrics)
    platforms: Platforms = field(default_factory=KnownKeys)

    def call(self, event: Mapping[str, Any], *, now: datetime = NOW) -> Answer:
        """Return the answer to *event*."""
        return receive_webhook(
            request_of(event),
            channels=self.channels,
            secrets=self.secrets,
            platforms=self.platforms,
            messages=self.messages,
            quarantine=self.quarantine,
            metrics=self.metrics,
            now=now,
        )

    def post(self, body: bytes, channel: str, *, now: datetime = NOW) -> Answer:
        """Post *body* as the channel's platform does."""
        headers = signed_headers(self.channels.channels[channel].platform, body, self.secrets.of(channel), now=now)
        return self.call(webhook_event(channel, body, headers), now=now)

    def post_meta(self, body: bytes, channel: str = "mercy-facebook") -> Answer:
        """Post *body* as Meta does."""
        return self.call(webhook_event(channel, body, meta_signed(body)))

    def post_form(self, body: bytes, named: str = "msg_1") -> Answer:
        """Post *body* as a form's server does."""
        return self.call(webhook_event("mercy-website", body, form_signed(body, named)))
