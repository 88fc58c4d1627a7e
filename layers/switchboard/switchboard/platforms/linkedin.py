"""LinkedIn's webhooks: what people do on the organisation's posts, and where they mention it.

https://learn.microsoft.com/linkedin/shared/api-guide/webhook-validation
https://learn.microsoft.com/linkedin/marketing/community-management/organizations/organization-social-action-notifications

LinkedIn sends a notification again every five minutes for eight hours. It allows activity to be kept for 48 hours and
others' profiles for 24: so no name is kept at all.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Delivery, Ignored, Message
from switchboard.errors import Rejected
from switchboard.platforms.fields import (
    dict_of,
    event_json,
    id_of,
    json_object,
    list_of,
    moment_of,
    text_of,
    wrong_shape,
)
from switchboard.ports import Handshake

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from switchboard.domain.message import ChangeVerb, Kind
    from switchboard.ports import Channel, ChannelSecret

# Anything wider would sign bodies: X-LI-Signature is the same code over "hmacsha256=" and the body.
_CODE = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-f]{64}")
_PREFIX = b"hmacsha256="
_ACTIONS: dict[str, tuple[Kind, ChangeVerb]] = {
    "ADMIN_COMMENT": ("comment", "new"),
    "COMMENT": ("comment", "new"),
    "COMMENT_DELETE": ("comment", "removed"),
    "COMMENT_EDIT": ("comment", "edited"),
    "PHOTO_MENTION": ("mention", "new"),
    "SHARE_MENTION": ("mention", "new"),
}
_NOISE = {"LIKE": "reaction", "REACTION": "reaction", "REACTION_DELETE": "reaction", "SHARE": "share"}


class LinkedIn:
    """`ports.Inbound` for LinkedIn."""

    def handshake(self, query: Mapping[str, str], secret: ChannelSecret) -> Handshake:
        """Return the code and its HMAC by the first signing secret; raise Rejected (403) for what is no code.

        While the secret is rotated the new one stands first: LinkedIn asks again every two hours.
        """
        code = query.get("challengeCode", "")
        if not secret.signing_secrets or not _CODE.fullmatch(code):
            raise Rejected("challengeCode must be a UUID, as LinkedIn sends it", status=403, reason="handshake")
        response = hmac.new(secret.signing_secrets[0].encode(), code.encode(), hashlib.sha256).hexdigest()
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
            wrong_shape('"notifications"', "an array")
        found = [_read(notification, channel, now) for notification in list_of(envelope["notifications"])]
        return Delivery(
            messages=tuple(part for part in found if isinstance(part, Message)),
            ignored=tuple(part for part in found if isinstance(part, Ignored)),
        )


INBOUND = LinkedIn()


def _read(raw: object, channel: Channel, now: datetime) -> Message | Ignored:
    """Return what one notification tells; one that is not as documented is kept, and harms no other."""
    notification = dict_of(raw)
    action = text_of(notification.get("action"))
    if action in _NOISE:
        return Ignored(reason=_NOISE[action])
    organisation = id_of(notification.get("organizationalEntity"))
    if channel.account_id and organisation and organisation != channel.account_id:
        return Ignored(reason="other_account", event=event_json(raw))
    if action not in _ACTIONS:
        return Ignored(reason="unknown_action", event=event_json(raw))
    try:
        return _message(notification, *_ACTIONS[action], organisation, channel, now)
    except Rejected as exc:
        return Ignored(reason=exc.reason, event=event_json(raw))


def _message(
    notification: dict[str, Any],
    kind: Kind,
    change: ChangeVerb,
    organisation: str,
    channel: Channel,
    now: datetime,
) -> Message:
    told = dict_of(notification.get("decoratedGeneratedActivity")) or dict_of(
        notification.get("decoratedSourceActivity")
    )
    said = dict_of(told.get("comment")) or dict_of(told.get("share"))
    named = id_of(notification.get("generatedActivity")) or id_of(said.get("entity"))
    named = named or id_of(notification.get("notificationId"))
    if not named:
        wrong_shape("the notification's id", "there")
    author = id_of(said.get("owner")) or id_of(said.get("actor")) or id_of(notification.get("actor"))
    by_us = bool(author) and author in (organisation, channel.account_id)
    parent = id_of(notification.get("parentComment")) or id_of(said.get("parentComment"))
    post = id_of(notification.get("sourcePost"))
    root = parent or (named if kind == "mention" else post or named)
    removed = change == "removed"
    told_at = moment_of(notification.get("lastModifiedAt"), now, now=now)
    return Message(
        channel=channel.name,
        platform="linkedin",
        kind=kind,
        message_id=named,
        thread_id=_thread(root, named, author, by_us=by_us, removed=removed),
        author_id="" if by_us and removed else author,
        text="" if removed else text_of(said.get("text")),
        attachments=() if removed or said.get("text") else ("post",),
        permalink=_link(post or named),
        reply_to=(parent or post) if by_us else "",
        by_us=by_us,
        sent_at=told_at,
        received_at=now,
        change=change,
        changed_at=None if change == "new" else told_at,
        expires_at=channel.kept_until(now),
    )


def _thread(root: str, named: str, author: str, *, by_us: bool, removed: bool) -> str:
    if by_us:
        return named if removed else root
    return f"{root}/{author}" if author else (named if removed else root)


def _link(urn: str) -> str:
    found = re.fullmatch(r"urn:li:(share|ugcPost|activity):[0-9]{1,32}", urn, re.ASCII)
    return f"https://www.linkedin.com/feed/update/{urn}" if found else ""
