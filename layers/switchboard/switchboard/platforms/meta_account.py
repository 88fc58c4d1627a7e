"""An entry of a Page or of an Instagram account: what changed there, and what came to its inbox.

https://developers.facebook.com/docs/graph-api/webhooks/reference/page
https://developers.facebook.com/docs/graph-api/webhooks/reference/instagram

What changed stands in `changes`, or flat in the entry itself (`field` and `value`). The inbox is `messaging`, and
`standby` while another app owns the conversation; Meta's console sends samples of it as `changes`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from switchboard.platforms.fields import dict_of, id_of, list_of, text_of
from switchboard.platforms.meta_messaging import messaging_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from switchboard.domain.message import Ignored, Message
    from switchboard.platforms.meta_envelope import Parts, TakeEntry
    from switchboard.ports import Channel

_LISTS = ("changes", "messaging", "standby")
_INBOX = frozenset(
    {
        "message_deliveries",
        "message_echoes",
        "message_edit",
        "message_edits",
        "message_reactions",
        "message_reads",
        "messages",
        "messaging_handover",
        "messaging_handovers",
        "messaging_optins",
        "messaging_postbacks",
        "messaging_referral",
        "messaging_referrals",
        "messaging_seen",
        "standby",
    }
)


class ChangeOf(Protocol):
    """What reads the changes of one kind of account."""

    def __call__(
        self, part: dict[str, Any], channel: Channel, ours: frozenset[str], *, changed: object, now: datetime
    ) -> Message | Ignored:
        """Return what *part* tells; *ours* are our account's ids, *changed* the entry's time. May raise Rejected."""
        ...


def entries(change_of: ChangeOf, *, inbox: str) -> TakeEntry:
    """Return what takes an entry apart: *change_of* reads its changes, its messages are those of platform *inbox*."""
    return partial(_take, change_of, inbox)


def _take(
    change_of: ChangeOf, inbox: str, parts: Parts, entry: dict[str, Any], channel: Channel, now: datetime
) -> None:
    account = id_of(entry.get("id"))
    if channel.account_id and account and account != channel.account_id:
        parts.ignore(entry, "other_account")
        return
    ours = frozenset({account, channel.account_id} - {""})
    change = partial(change_of, channel=channel, ours=ours, changed=entry.get("time"), now=now)
    message = partial(messaging_of, channel=channel, ours=ours, platform=inbox, now=now)

    def either(part: dict[str, Any]) -> Message | Ignored:
        is_inbox = text_of(part.get("field")) in _INBOX
        return message(dict_of(part.get("value"))) if is_inbox else change(part)

    there = [name for name in _LISTS if entry.get(name) is not None]
    if "field" in entry:
        parts.take(entry, partial(either, entry))
    elif not there:
        parts.ignore(entry, "wrong_shape")
    for name in there:
        _take_all(parts, entry[name], either if name == "changes" else message)


def _take_all(parts: Parts, events: object, read: Callable[[dict[str, Any]], Message | Ignored]) -> None:
    several = list_of(events)
    for event in several if isinstance(events, list) else [events]:
        if fields := dict_of(event):
            parts.take(fields, partial(read, fields))
        else:
            parts.ignore(event, "unknown_event")
