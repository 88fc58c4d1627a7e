"""LinkedIn's webhooks: what people do on the organisation's posts, and where they mention it.

https://learn.microsoft.com/linkedin/shared/api-guide/webhook-validation
https://learn.microsoft.com/linkedin/marketing/community-management/organizations/organization-social-action-notifications

LinkedIn sends up to ten notifications at once, each to every subscribed administrator under an id of its own, and again
every five minutes for eight hours: a message is known by the comment's or post's id. LinkedIn allows activity to be
kept for 48 hours and others' profiles for 24: so no name is kept at all.
"""

from __future__ import annotations

import hmac
import json
import re
from typing import TYPE_CHECKING

from switchboard.domain.message import Delivery, Ignored, Message
from switchboard.errors import Rejected
from switchboard.platforms.fields import event_json, json_object, list_of, text_of, wrong_shape
from switchboard.platforms.linkedin_notification import notified
from switchboard.ports import Handshake

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from switchboard.ports import Channel, ChannelSecret

# Anything wider would sign bodies: X-LI-Signature is the same code over "hmacsha256=" and the body.
_CODE = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_PREFIX = b"hmacsha256="
_TYPE = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"


class LinkedIn:
    """`ports.Inbound` for LinkedIn."""

    def handshake(self, query: Mapping[str, str], secret: ChannelSecret) -> Handshake:
        """Return the code and its HMAC by the first signing secret; raise Rejected (403) for what is no code.

        While the secret is rotated the new one stands first: LinkedIn asks again every two hours, and blocks the
        webhook after three wrong answers.
        """
        code = query.get("challengeCode", "")
        if not secret.signing_secrets or not _CODE.fullmatch(code):
            raise Rejected("challengeCode must be a UUID, as LinkedIn sends it", status=403, reason="handshake")
        response = hmac.digest(secret.signing_secrets[0].encode(), code.encode(), "sha256").hex()
        return Handshake(
            body=json.dumps({"challengeCode": code, "challengeResponse": response}), content_type="application/json"
        )

    def verify(self, body: bytes, headers: Mapping[str, str], secret: ChannelSecret, *, now: datetime) -> None:  # noqa: ARG002 - LinkedIn signs no time
        """Raise Rejected (401) unless a client secret signed exactly *body*."""
        if not secret.signing_secrets:
            raise Rejected("this channel has no signing secret yet; set it", status=401, reason="no_secret")
        told = headers.get("x-li-signature", "")
        if not _SIGNATURE.fullmatch(told):
            raise Rejected("x-li-signature must be 64 hex digits", status=401, reason="no_signature")
        ours = [hmac.digest(key.encode(), _PREFIX + body, "sha256").hex() for key in secret.signing_secrets]
        # a list, not a generator: all are compared, so the time does not tell which one matched
        if not any([hmac.compare_digest(one, told) for one in ours]):  # noqa: C419
            raise Rejected("the signature is not by this channel's app", status=401, reason="wrong_signature")

    def parse(self, body: bytes, headers: Mapping[str, str], channel: Channel, *, now: datetime) -> Delivery:  # noqa: ARG002 - it is all in the body
        """Return the messages of all notifications; what is none is ignored, with its reason."""
        envelope = json_object(body)
        if not isinstance(envelope.get("notifications"), list):
            if text_of(envelope.get("type")) in ("", _TYPE):
                wrong_shape('"notifications"', "an array")
            return Delivery(ignored=(Ignored(reason="unknown_type", event=event_json(envelope)),))
        found = [_read(notification, channel, now) for notification in list_of(envelope["notifications"])]
        return Delivery(
            messages=tuple(part for part in found if isinstance(part, Message)),
            ignored=tuple(part for part in found if isinstance(part, Ignored)),
        )


INBOUND = LinkedIn()


def _read(raw: object, channel: Channel, now: datetime) -> Message | Ignored:
    """Return what one notification tells; one that is not as documented is kept, and harms no other."""
    try:
        return notified(raw, channel, now=now)
    except Rejected as exc:
        return Ignored(reason=exc.reason, event=event_json(raw))
