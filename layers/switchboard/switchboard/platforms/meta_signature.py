"""How Meta proves who calls, the same for Pages, Instagram and WhatsApp.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started

A channel may have several app secrets: one that is being rotated out, and on Instagram the Facebook app's beside the
Instagram app's, which sign the same webhook by turns.
"""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING

from switchboard.errors import Rejected
from switchboard.ports import Handshake

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from switchboard.ports import ChannelSecret

_CHALLENGE = re.compile(r"[A-Za-z0-9_.=-]{1,256}")
_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})")


class MetaSigned:
    """The half of `ports.Inbound` that Meta's platforms share."""

    def handshake(self, query: Mapping[str, str], secret: ChannelSecret) -> Handshake:
        """Return `hub.challenge` when `hub.verify_token` is ours; raise Rejected (403) otherwise."""
        token = query.get("hub.verify_token", "").encode("utf-8", "surrogatepass")
        challenge = query.get("hub.challenge", "")
        known = bool(secret.verify_token) and hmac.compare_digest(token, secret.verify_token.encode())
        if query.get("hub.mode") != "subscribe" or not known or not _CHALLENGE.fullmatch(challenge):
            raise Rejected(
                "the verify token is not this channel's; enter the one from the channel's secret in the Meta app",
                status=403,
                reason="handshake",
            )
        return Handshake(body=challenge)

    def verify(self, body: bytes, headers: Mapping[str, str], secret: ChannelSecret, *, now: datetime) -> None:  # noqa: ARG002 - Meta signs no time
        """Raise Rejected (401) unless an app secret signed exactly *body*."""
        keys = [key for key in secret.signing_secrets if key]  # anybody can sign with an empty one
        if not keys:
            raise Rejected("this channel has no signing secret yet; set it", status=401, reason="no_secret")
        found = _SIGNATURE.fullmatch(headers.get("x-hub-signature-256", ""))
        if not found:
            raise Rejected("x-hub-signature-256 must be sha256=<64 hex digits>", status=401, reason="no_signature")
        ours = [hmac.digest(key.encode(), body, "sha256").hex() for key in keys]
        # a list, not a generator: all are compared, so the time does not tell which one matched
        if not any([hmac.compare_digest(one, found[1]) for one in ours]):  # noqa: C419
            raise Rejected("the signature is not by this channel's app", status=401, reason="wrong_signature")
