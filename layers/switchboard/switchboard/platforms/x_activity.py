"""The X Activity envelope: `{data: {event_uuid, filter, event_type, tag, payload, includes}}`, one event a body.

https://docs.x.com/x-api/activity/introduction
https://docs.x.com/x-api/activity/event-payloads
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Ignored, Message
from switchboard.platforms.fields import dict_of, event_json, id_of, list_of, moment_of, text_of
from switchboard.platforms.x_account_activity import direct_message_of
from switchboard.platforms.x_posts import direct_message, ids_in, media_of, name_in, post, removal, taken, user_of

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.domain.message import Via
    from switchboard.platforms.x_posts import Part
    from switchboard.ports import Channel

_REPLY = "post.reply.create"
_POSTS = frozenset({"post.create", "post.mention.create", _REPLY, "post.quote.create"})
_DIRECT = frozenset({"dm.received", "dm.sent"})
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
    "chat.conversation": "chat_members",
    "chat.conversation_join": "chat_members",
    "chat.update": "chat_settings",
    "news": "news",
    "spaces": "broadcast",
    "broadcast": "broadcast",
    "oauth": "account",
}
"""By the beginning of the event's type: the reason for which it is ignored."""


def parts_of(envelope: dict[str, Any], channel: Channel, *, now: datetime) -> list[Part]:
    """Return what the events tell: `data` is one, or an array of them."""
    data: object = envelope.get("data")
    events: list[object] = list_of(data) or [data]
    return [part for event in events for part in _parts(event, channel, now)]


def _parts(event: object, channel: Channel, now: datetime) -> list[Part]:
    value = dict_of(event)
    if not value:
        return [Ignored(reason="wrong_shape", event=event_json(event))]
    account = id_of(dict_of(value.get("filter")).get("user_id"))
    if channel.account_id and account and account != channel.account_id:
        return [Ignored(reason="other_account", event=event_json(event))]
    channel = replace(channel, account_id=channel.account_id or account)
    kind, payload = text_of(value.get("event_type")), dict_of(value.get("payload"))
    told = list_of(payload.get("direct_message_events"))
    if kind in _DIRECT and told:
        users = dict_of(payload.get("users"))
        read = partial(direct_message_of, users=users, channel=channel, sent=kind == "dm.sent", now=now)
        return [taken(one, partial(read, dict_of(one))) for one in told]
    return [taken(event, partial(_read, kind, payload, value, channel, now))]


def _read(kind: str, payload: dict[str, Any], event: dict[str, Any], channel: Channel, now: datetime) -> Part:
    includes = dict_of(event.get("includes"))
    match kind:
        case _ if kind in _POSTS and payload:
            return post_of(payload, includes, channel, to_us=kind == _REPLY, now=now)
        case "post.delete":
            told_at = moment_of(payload.get("timestamp_ms") or payload.get("deleted_at"), now, now=now)
            author = id_of(payload.get("author_id"))
            return removal(id_of(payload.get("id")), author, channel=channel, told_at=told_at, now=now)
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
    payload: dict[str, Any],
    includes: dict[str, Any],
    channel: Channel,
    *,
    to_us: bool = False,
    via: Via = "webhook",
    now: datetime,
) -> Part:
    """Return a post in the form of X's API v2; *includes* holds the users and media that it names.

    X renames its words from tweet to post: both are read. *to_us* says that it answers a post of ours.
    """
    referenced = {
        text_of(dict_of(one).get("type")): id_of(dict_of(one).get("id"))
        for one in list_of(payload.get("referenced_posts") or payload.get("referenced_tweets"))
    }
    if "retweeted" in referenced:
        return Ignored(reason="repost")
    note = dict_of(payload.get("note_post") or payload.get("note_tweet"))
    author = id_of(payload.get("author_id"))
    answers = payload.get("in_reply_to_post_id") or payload.get("in_reply_to_tweet_id")
    return post(
        id_of(payload.get("id")),
        author,
        channel=channel,
        name=_name(author, includes),
        text=text_of(note.get("text")) or text_of(payload.get("text")),
        answers=referenced.get("replied_to", "") or id_of(answers),
        answered=id_of(payload.get("in_reply_to_user_id")) or (channel.account_id if to_us else ""),
        conversation=id_of(payload.get("conversation_id")),
        history=ids_in(payload.get("edit_history_post_ids") or payload.get("edit_history_tweet_ids")),
        attachments=_attachments(payload, includes),
        sent_at=moment_of(payload.get("created_at"), now, now=now),
        via=via,
        now=now,
    )


def _attachments(payload: dict[str, Any], includes: dict[str, Any]) -> tuple[str, ...]:
    """Return the kinds of what is attached, as far as *includes* tells them."""
    attached = dict_of(payload.get("attachments"))
    keys = set(ids_in(attached.get("media_keys")))
    media = [one for one in list_of(includes.get("media")) if id_of(dict_of(one).get("media_key")) in keys]
    return (media_of(media) or ("attachment",) * min(len(keys), 20)) + ("poll",) * bool(
        ids_in(attached.get("poll_ids"))
    )


def _name(user_id: str, includes: dict[str, Any]) -> str:
    users = (user_of(one) for one in list_of(includes.get("users")))
    return next((name for user in users if id_of(user.get("id")) == user_id != "" and (name := name_in(user))), "")


def _direct_message(
    payload: dict[str, Any], includes: dict[str, Any], channel: Channel, now: datetime, *, sent: bool
) -> Part:
    """Return a direct message in the form of X's API v2."""
    sender, other = _people(payload, channel, sent=sent)
    return direct_message(
        id_of(payload.get("id")),
        sender,
        other,
        channel=channel,
        name=_name(sender, includes),
        text=text_of(payload.get("text")),
        attachments=_attachments(payload, includes),
        sent=sent,
        sent_at=moment_of(payload.get("created_at"), now, now=now),
        now=now,
    )


def _chat(payload: dict[str, Any], channel: Channel, now: datetime, *, sent: bool) -> Part:
    """Return an encrypted message: nobody but its two ends reads it, and staff must know that it is there."""
    sender, other = _people(payload, channel, sent=sent)
    return direct_message(
        id_of(payload.get("id")),
        sender,
        other,
        channel=channel,
        text="",
        attachments=("encrypted",),
        sent=sent,
        sent_at=moment_of(payload.get("created_at_msec"), now, now=now),
        now=now,
    )


def _broadcast_chat(payload: dict[str, Any], channel: Channel, now: datetime) -> Part:
    """Return what somebody wrote beside a live broadcast of ours; it has no page of its own."""
    author = user_of(payload.get("author"))
    part = post(
        id_of(payload.get("message_id")),
        id_of(author.get("id")),
        channel=channel,
        name=name_in(author),
        text=text_of(payload.get("message")),
        answered=channel.account_id,
        conversation=id_of(payload.get("broadcast_id")),
        sent_at=moment_of(payload.get("event_timestamp_ms"), now, now=now),
        now=now,
    )
    return replace(part, permalink="") if isinstance(part, Message) else part


def _people(payload: dict[str, Any], channel: Channel, *, sent: bool) -> tuple[str, str]:
    """Return who wrote, and the other person of the conversation, which is named "1-2" or "1:2"."""
    sender = id_of(payload.get("sender_id")) or (channel.account_id if sent else "")
    people = id_of(payload.get("dm_conversation_id") or payload.get("conversation_id")).replace(":", "-").split("-")
    named = [id_of(payload.get(name)) for name in ("recipient_id", "participant_id")]
    others = [person for person in (*named, *people) if person and person not in (sender, channel.account_id)]
    other = next(iter(others), "")
    return (sender or other, other)
