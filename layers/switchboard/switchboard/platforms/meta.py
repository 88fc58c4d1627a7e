"""Meta's webhooks for a Page: its feed (Facebook) and its inbox (Messenger) come in one envelope, signed alike.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started
https://developers.facebook.com/docs/messenger-platform/webhooks

At least once, up to 1,000 entries in a body, in no order. Meta sends a body again for 36 hours until it gets a 200, so
one part that cannot be read is kept as ignored, and the others are taken in.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Delivery, Ignored, Message
from switchboard.errors import Rejected
from switchboard.platforms.fields import dict_of, event_json, id_of, json_object, list_of, text_of, wrong_shape
from switchboard.platforms.meta_feed import FIELDS, change_of
from switchboard.platforms.meta_messaging import messaging_of
from switchboard.ports import Handshake

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from switchboard.ports import Channel, ChannelSecret

_CHALLENGE = re.compile(r"[A-Za-z0-9_.=-]{1,256}")
_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})")


class MetaPage:
    """`ports.Inbound` for Facebook and Messenger."""

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
        if not secret.signing_secrets:
            raise Rejected("this channel has no signing secret yet; set it", status=401, reason="no_secret")
        found = _SIGNATURE.fullmatch(headers.get("x-hub-signature-256", ""))
        if not found:
            raise Rejected("x-hub-signature-256 must be sha256=<64 hex digits>", status=401, reason="no_signature")
        ours = [hmac.digest(key.encode(), body, "sha256").hex() for key in secret.signing_secrets]
        # a list, not a generator: all are compared, so the time does not tell which one matched
        if not any([hmac.compare_digest(one, found[1]) for one in ours]):  # noqa: C419
            raise Rejected("the signature is not by this channel's app", status=401, reason="wrong_signature")

    def parse(self, body: bytes, headers: Mapping[str, str], channel: Channel, *, now: datetime) -> Delivery:  # noqa: ARG002 - it is all in the body
        """Return the messages of all entries; what is none is ignored, with its reason."""
        envelope = json_object(body)
        if not isinstance(envelope.get("object"), str):
            wrong_shape('"object"', 'a text such as "page"')
        if not isinstance(envelope.get("entry"), list):
            wrong_shape('"entry"', "an array")
        parts = _Parts()
        for entry in envelope["entry"]:
            if envelope["object"] == "page":
                _take_entry(parts, entry, channel, now)
            else:
                parts.ignored.append(Ignored(reason="unknown_object", event=event_json(entry)))
        return Delivery(messages=tuple(parts.messages), ignored=tuple(parts.ignored))


INBOUND = MetaPage()


@dataclass(slots=True)
class _Parts:
    messages: list[Message] = field(default_factory=list[Message])
    ignored: list[Ignored] = field(default_factory=list[Ignored])

    def take(self, event: object, parse: Callable[[], Message | Ignored]) -> None:
        """Add what *parse* finds in *event*; one that is not as documented is kept, and harms no other."""
        try:
            found = parse()
        except Rejected as exc:
            found = Ignored(reason=exc.reason, event=event_json(event))
        if isinstance(found, Message):
            self.messages.append(found)
        else:
            self.ignored.append(found)


def _take_entry(parts: _Parts, entry: object, channel: Channel, now: datetime) -> None:
    fields = dict_of(entry)
    account = id_of(fields.get("id"))
    events = [fields.get("changes"), fields.get("messaging"), fields.get("standby")]
    if not any(isinstance(part, list) for part in events):
        parts.ignored.append(Ignored(reason="wrong_shape", event=event_json(entry)))
        return
    if channel.account_id and account and account != channel.account_id:
        parts.ignored.append(Ignored(reason="other_account", event=event_json(entry)))
        return
    ours = frozenset({account, channel.account_id} - {""})
    for change in list_of(events[0]):
        parts.take(change, partial(_change, change, fields, channel, ours, now))
    for event in [*list_of(events[1]), *list_of(events[2])]:
        parts.take(event, partial(messaging_of, dict_of(event), channel, ours, now=now))


def _change(
    change: object, entry: dict[str, Any], channel: Channel, ours: frozenset[str], now: datetime
) -> Message | Ignored:
    part = dict_of(change)
    if text_of(part.get("field")) not in FIELDS:
        return Ignored(reason="unknown_field", event=event_json(change))
    return change_of(part, channel, ours, changed=entry.get("time"), now=now)
