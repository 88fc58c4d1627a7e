"""A Page's or an Instagram account's inbox, read back: the conversations, the latest first.

https://developers.facebook.com/docs/messenger-platform/conversations and
https://developers.facebook.com/docs/graph-api/reference/message ("to get the message ID use the conversation endpoint
or Webhooks": both tell the same id, so what came by webhook is known by it)

Graph tells no more than the latest twenty messages of a conversation.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from switchboard.platforms.fields import dict_of, id_of, moment_of, text_of
from switchboard.platforms.graph import entries_of
from switchboard.platforms.graph_readback import REACH, Listing, Read, following

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from switchboard.platforms.graph import Json
    from switchboard.platforms.graph_readback import Ask
    from switchboard.ports import Channel

MESSAGES = "messages.limit(20){id,message,from,to,created_time,attachments{mime_type},sticker,shares}"
CONVERSATION = f"id,updated_time,participants,{MESSAGES}"
_KINDS = {"image": "image", "video": "video", "audio": "audio"}


def conversations(platform: str, account: str = "") -> Listing:
    """Return the list of the conversations on *platform*, of the channel's account unless *account* is another."""
    return Listing(name="conversations", read=partial(_conversations, platform, account))


def _conversations(
    platform: str, account: str, ask: Ask, query: Mapping[str, str], channel: Channel, now: datetime
) -> Read:
    owner = account or channel.account_id
    page = ask(owner, "conversations", platform=platform, fields=CONVERSATION, limit="20", **query)
    threads = list(entries_of(page))
    moments = [moment_of(thread.get("updated_time"), now, now=now) for thread in threads if "updated_time" in thread]
    is_old = bool(moments) and now - moments[-1] >= REACH
    return Read(
        messaging=[event for thread in threads for event in _events(thread, channel)],
        following="" if is_old else following(page),
        reaches_to=moments[-1] if moments else None,
    )


def _events(thread: Json, channel: Channel) -> list[Json]:
    people = [id_of(person.get("id")) for person in entries_of(dict_of(thread.get("participants")))]
    return [_event(node, people, channel) for node in entries_of(dict_of(thread.get("messages")))]


def _event(node: Json, people: list[str], channel: Channel) -> Json:
    """Return *node* as the webhook tells it; what cannot be ours nor theirs is told as an event that nobody knows."""
    sender = id_of(dict_of(node.get("from")).get("id"))
    told_to = [id_of(person.get("id")) for person in entries_of(dict_of(node.get("to")))]
    known = {sender, *told_to, *people} - {""}
    if len(known) > 1 and channel.account_id not in known:
        return {"not_of_this_account": {"id": id_of(node.get("id"))}}
    by_us = sender == channel.account_id
    others = [person for person in (*told_to, *people) if person and person != channel.account_id]
    created = node.get("created_time")
    return {
        "sender": {"id": sender},
        "recipient": {"id": next(iter(others), "") if by_us else channel.account_id},
        **({"timestamp": text_of(created)} if isinstance(created, str) else {}),
        "message": {"mid": _mid(id_of(node.get("id"))), "is_echo": by_us, **_content(node)},
    }


def _mid(named: str) -> str:
    """Return the id as the webhook says it: Graph puts "m_" before those of the old form ("mid.$cAAJ…")."""
    return named.removeprefix("m_") if named.startswith("m_mid.") else named


def _content(node: Json) -> Json:
    text, sticker = text_of(node.get("message")), isinstance(node.get("sticker"), str)
    files = [text_of(file.get("mime_type")).partition("/")[0] for file in entries_of(dict_of(node.get("attachments")))]
    kinds = [_KINDS.get(kind, "file") for kind in files]
    kinds += ["share" for _ in entries_of(dict_of(node.get("shares")))]
    if not (text or sticker or kinds):
        kinds = ["unsupported_type"]
    return {"text": text, "attachments": [{"type": kind} for kind in kinds], **({"sticker_id": 1} if sticker else {})}
