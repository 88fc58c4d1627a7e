"""Meta's webhooks for a Page: its feed (Facebook) and its inbox (Messenger) come in one envelope.

https://developers.facebook.com/docs/graph-api/webhooks/reference/page
https://developers.facebook.com/docs/messenger-platform/webhooks
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Ignored
from switchboard.platforms.fields import dict_of, event_json, id_of, list_of, text_of
from switchboard.platforms.meta_envelope import MetaWebhook, Parts
from switchboard.platforms.meta_feed import FIELDS, change_of
from switchboard.platforms.meta_messaging import messaging_of

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.domain.message import Message
    from switchboard.ports import Channel


def _take_entry(parts: Parts, entry: dict[str, Any], channel: Channel, now: datetime) -> None:
    account = id_of(entry.get("id"))
    events = [entry.get("changes"), entry.get("messaging"), entry.get("standby")]
    if not any(isinstance(part, list) for part in events):
        parts.ignore(entry, "wrong_shape")
        return
    if channel.account_id and account and account != channel.account_id:
        parts.ignore(entry, "other_account")
        return
    ours = frozenset({account, channel.account_id} - {""})
    for change in list_of(events[0]):
        parts.take(change, partial(_change, change, entry, channel, ours, now))
    for event in [*list_of(events[1]), *list_of(events[2])]:
        parts.take(event, partial(messaging_of, dict_of(event), channel, ours, platform="messenger", now=now))


def _change(
    change: object, entry: dict[str, Any], channel: Channel, ours: frozenset[str], now: datetime
) -> Message | Ignored:
    part = dict_of(change)
    if text_of(part.get("field")) not in FIELDS:
        return Ignored(reason="unknown_field", event=event_json(change))
    return change_of(part, channel, ours, changed=entry.get("time"), now=now)


INBOUND = MetaWebhook("page", _take_entry)
