"""The X Activity envelope: `{data: {event_uuid, filter, event_type, tag, payload, includes}}`, one event a body.

https://docs.x.com/x-api/activity/introduction
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Ignored
from switchboard.platforms.fields import dict_of, event_json, id_of, list_of, moment_of, name_of, text_of
from switchboard.platforms.x_posts import direct_message, media_of, post, removal, taken

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.domain.message import Via
    from switchboard.platforms.x_posts import Part
    from switchboard.ports import Channel

_POSTS = frozenset({"post.create", "post.mention.create", "post.reply.create", "post.quote.create"})
_NOISE = {
    "post.repost": "repost",
    "like": "reaction",
    "follow": "follow",
    "profile": "profile",
    "mute": "mute",
    "block": "block",
    "dm.read": "read",
    "dm.indicate_typing": "typing",
    "chat.read": "read",
    "chat.conversation_join": "opened_chat",
    "news": "news",
    "spaces": "broadcast",
    "broadcast": "broadcast",
    "oauth": "account",
}
"""By the beginning of the event's type: the reason for which it is ignored."""


def parts_of(envelope: dict[str, Any], channel: Channel, *, now: datetime) -> list[Part]:
    """Return what the event tells: one part, or several where `data` is an array."""
    data: object = envelope.get("data")
    events: list[object] = list_of(data) or [data]
    return [taken(event, partial(_read, dict_of(event), channel, now)) for event in events]


def _read(event: dict[str, Any], channel: Channel, now: datetime) -> Part:
    kind, payload = text_of(event.get("event_type")), dict_of(event.get("payload"))
    account = id_of(dict_of(event.get("filter")).get("user_id"))
    if channel.account_id and account and account != channel.account_id:
        return Ignored(reason="other_account", event=event_json(event))
    channel = replace(channel, account_id=channel.account_id or account)
    includes = dict_of(event.get("includes"))
    match kind:
        case _ if kind in _POSTS and payload:
            return post_of(payload, includes, channel, now=now)
        case "post.delete":
            told_at = moment_of(payload.get("timestamp_ms") or payload.get("deleted_at"), now, now=now)
            return removal(id_of(payload.get("id")), channel=channel, told_at=told_at, now=now)
        case "dm.received" | "dm.sent":
            return _direct_message(payload, includes, channel, now, sent=kind == "dm.sent")
        case "chat.received" | "chat.sent":
            return _chat(payload, channel, now, sent=kind == "chat.sent")
        case "broadcast.chat":
            return _broadcast_chat(payload, channel, now)
        case _:
            return _no_words(kind, event)


def _no_words(kind: str, event: dict[str, Any]) -> Ignored:
    reason = next((_NOISE[begin] for begin in _NOISE if kind == begin or kind.startswith(f"{begin}.")), "")
    return Ignored(reason=reason) if reason else Ignored(reason="unknown_event", event=event_json(event))


def post_of(
    payload: dict[str, Any], includes: dict[str, Any], channel: Channel, *, via: Via = "webhook", now: datetime
) -> Part:
    """Return a post in the form of X's API v2; *includes* holds the users and media that it names.

    X renames its words from tweet to post: both are read.
    """
    referenced = {
        text_of(dict_of(one).get("type")): id_of(dict_of(one).get("id"))
        for one in list_of(payload.get("referenced_posts") or payload.get("referenced_tweets"))
    }
    if "retweeted" in referenced:
        return Ignored(reason="repost")
    note = dict_of(payload.get("note_post") or payload.get("note_tweet"))
    author = id_of(payload.get("author_id"))
    keys = {id_of(key) for key in list_of(dict_of(payload.get("attachments")).get("media_keys"))} - {""}
    media = [one for one in list_of(includes.get("media")) if id_of(dict_of(one).get("media_key")) in keys]
    return post(
        id_of(payload.get("id")),
        author,
        channel=channel,
        name=_name(author, includes),
        text=text_of(note.get("text")) or text_of(payload.get("text")),
        answers=referenced.get("replied_to", "") or id_of(payload.get("in_reply_to_tweet_id")),
        answers_us=id_of(payload.get("in_reply_to_user_id")) == channel.account_id != "",
        conversation=id_of(payload.get("conversation_id")),
        attachments=media_of(media) or ("attachment",) * min(len(keys), 20),
        sent_at=moment_of(payload.get("created_at"), now, now=now),
        via=via,
        now=now,
    )


def _name(user_id: str, includes: dict[str, Any]) -> str:
    users = (dict_of(one) for one in list_of(includes.get("users")))
    names = [
        name_of(user.get("name")) or name_of(user.get("username"))
        for user in users
        if user_id and id_of(user.get("id")) == user_id
    ]
    return next(iter(names), "")


def _direct_message(
    payload: dict[str, Any], includes: dict[str, Any], channel: Channel, now: datetime, *, sent: bool
) -> Part:
    sender = id_of(payload.get("sender_id")) or (channel.account_id if sent else "")
    keys = list_of(dict_of(payload.get("attachments")).get("media_keys"))
    return direct_message(
        id_of(payload.get("id")),
        sender,
        _other(payload, sender, channel),
        channel=channel,
        name=_name(sender, includes),
        text=text_of(payload.get("text")),
        attachments=("attachment",) * min(len(keys), 20),
        sent_at=moment_of(payload.get("created_at"), now, now=now),
        now=now,
    )


def _chat(payload: dict[str, Any], channel: Channel, now: datetime, *, sent: bool) -> Part:
    """Return an encrypted message: nobody but its two ends reads it, and staff must know that it is there."""
    sender = id_of(payload.get("sender_id")) or (channel.account_id if sent else "")
    return direct_message(
        id_of(payload.get("id")),
        sender,
        _other(payload, sender, channel),
        channel=channel,
        text="",
        attachments=("encrypted message",),
        sent_at=moment_of(payload.get("created_at_msec"), now, now=now),
        now=now,
    )


def _broadcast_chat(payload: dict[str, Any], channel: Channel, now: datetime) -> Part:
    """Return what somebody wrote beside a live broadcast of ours."""
    author = dict_of(dict_of(payload.get("author")).get("data"))
    return post(
        id_of(payload.get("message_id")),
        id_of(author.get("id")),
        channel=channel,
        name=name_of(author.get("name")),
        text=text_of(payload.get("message")),
        conversation=id_of(payload.get("broadcast_id")),
        sent_at=moment_of(payload.get("event_timestamp_ms"), now, now=now),
        now=now,
    )


def _other(payload: dict[str, Any], sender: str, channel: Channel) -> str:
    """Return the other person of a conversation, which is named "1-2" or "1:2"."""
    people = id_of(payload.get("dm_conversation_id") or payload.get("conversation_id")).replace(":", "-").split("-")
    named = [id_of(payload.get(name)) for name in ("recipient_id", "participant_id")]
    others = [person for person in (*named, *people) if person and person not in (sender, channel.account_id)]
    return next(iter(others), "")
