"""X's webhooks, in both envelopes: the Account Activity API's, and the X Activity API's that succeeds it.

https://docs.x.com/x-api/webhooks/introduction
https://docs.x.com/x-api/account-activity/introduction
https://docs.x.com/x-api/activity/introduction

The X Activity API names the conversation, so a thread is the conversation and the author. Account Activity does not: it
is the post that is answered, and the author; `reply_to` finds the question of whoever goes on.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from typing import TYPE_CHECKING

from switchboard.domain.message import Delivery, Ignored, Message
from switchboard.errors import Rejected
from switchboard.platforms.fields import json_object, wrong_shape
from switchboard.platforms.x_account_activity import parts_of as account_activity
from switchboard.platforms.x_activity import parts_of as activity
from switchboard.ports import Handshake

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from switchboard.ports import Channel, ChannelSecret

# Anything wider would sign bodies. These characters write no brace, so no object, and nothing else is taken as a body.
_TOKEN = re.compile(r"[A-Za-z0-9+/=_.-]{1,256}", re.ASCII)
_BESIDE = frozenset({"for_user_id", "user_event"})
_SIGNATURE = re.compile(r"sha256=([A-Za-z0-9+/]{43}=)", re.ASCII)


class X:
    """`ports.Inbound` for X."""

    def handshake(self, query: Mapping[str, str], secret: ChannelSecret) -> Handshake:
        """Return the HMAC of `crc_token` by the first consumer secret; raise Rejected (403) for what is no token.

        X takes one proof, by the secret that the app has now: while it is rotated, the new one stands first.
        """
        token = query.get("crc_token", "")
        if not secret.signing_secrets or not _TOKEN.fullmatch(token):
            raise Rejected("crc_token must be a token, as X sends it", status=403, reason="handshake")
        digest = hmac.digest(secret.signing_secrets[0].encode(), token.encode(), "sha256")
        response = {"response_token": f"sha256={base64.b64encode(digest).decode()}"}
        return Handshake(body=json.dumps(response), content_type="application/json")

    def verify(self, body: bytes, headers: Mapping[str, str], secret: ChannelSecret, *, now: datetime) -> None:  # noqa: ARG002 - X signs no time
        """Raise Rejected (401) unless a consumer secret signed exactly *body*."""
        if not secret.signing_secrets:
            raise Rejected("this channel has no signing secret yet; set it", status=401, reason="no_secret")
        found = _SIGNATURE.fullmatch(headers.get("x-twitter-webhooks-signature", ""))
        if not found:
            raise Rejected("x-twitter-webhooks-signature must be sha256=<base64>", status=401, reason="no_signature")
        # what is sent is compared as it was written: base64 has several spellings of one digest
        ours = [base64.b64encode(hmac.digest(key.encode(), body, "sha256")) for key in secret.signing_secrets]
        # a list, not a generator: all are compared, so the time does not tell which one matched
        if not any([hmac.compare_digest(one, found[1].encode()) for one in ours]):  # noqa: C419
            raise Rejected("the signature is not by this channel's app", status=401, reason="wrong_signature")

    def parse(self, body: bytes, headers: Mapping[str, str], channel: Channel, *, now: datetime) -> Delivery:  # noqa: ARG002 - it is all in the body
        """Return the messages of either envelope; what is none is ignored, with its reason."""
        envelope = json_object(body)
        older = any(name in _BESIDE or name.endswith("_events") for name in envelope)
        if "data" not in envelope and not older:
            wrong_shape('"data" or "for_user_id"', "there")
        found = activity(envelope, channel, now=now) if "data" in envelope else []
        if older:
            found += account_activity(envelope, channel, now=now)
        return Delivery(
            messages=tuple(part for part in found if isinstance(part, Message)),
            ignored=tuple(part for part in found if isinstance(part, Ignored)),
        )


INBOUND = X()
