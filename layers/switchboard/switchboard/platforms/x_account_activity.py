"""X's Account Activity envelope: `{for_user_id, tweet_create_events, direct_message_events, …, users}`.

https://docs.x.com/x-api/account-activity/introduction#account-activity-data-object-structure
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Ignored
from switchboard.platforms.fields import dict_of, event_json, id_of, list_of, moment_of, name_of, text_of
from switchboard.platforms.x_posts import direct_message, id_in, media_of, post, removal, taken

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.platforms.x_posts import Part
    from switchboard.ports import Channel

_NOISE = {
    "favorite_events": "reaction",
    "follow_events": "follow",
    "unfollow_events": "follow",
    "block_events": "block",
    "unblock_events": "block",
    "mute_events": "mute",
    "unmute_events": "mute",
    "direct_message_indicate_typing_events": "typing",
    "direct_message_mark_read_events": "read",
}


def parts_of(envelope: dict[str, Any], channel: Channel, *, now: datetime) -> list[Part]:
    """Return what the envelope tells, event by event."""
    account = id_of(envelope.get("for_user_id"))
    if channel.account_id and account and account != channel.account_id:
        return [Ignored(reason="other_account", event=event_json(envelope))]
    channel = replace(channel, account_id=channel.account_id or account)
    users = dict_of(envelope.get("users"))
    found: list[Part] = []
    for name in (name for name in envelope if name.endswith("_events")):
        events = list_of(envelope[name])
        if not isinstance(envelope[name], list):
            found.append(Ignored(reason="wrong_shape", event=event_json({name: envelope[name]})))
        found += [_read(name, event, users, channel, now) for event in events]
    return found


def _read(name: str, event: object, users: dict[str, Any], channel: Channel, now: datetime) -> Part:
    value = dict_of(event)
    match name:
        case "tweet_create_events":
            return taken(event, partial(_post, value, channel, now))
        case "tweet_delete_events":
            return taken(event, partial(_deleted, value, channel, now))
        case "direct_message_events":
            return taken(event, partial(_direct_message, value, users, channel, now))
        case _ if name in _NOISE:
            return Ignored(reason=_NOISE[name])
        case _:
            return Ignored(reason="unknown_event", event=event_json({name: event}))


def _post(tweet: dict[str, Any], channel: Channel, now: datetime) -> Part:
    if dict_of(tweet.get("retweeted_status")):
        return Ignored(reason="repost")
    user, extended = dict_of(tweet.get("user")), dict_of(tweet.get("extended_tweet"))
    text = text_of(extended.get("full_text")) or text_of(tweet.get("full_text")) or text_of(tweet.get("text"))
    entities = [dict_of(part.get("extended_entities") or part.get("entities")) for part in (extended, tweet)]
    media = list_of(entities[0].get("media")) or list_of(entities[1].get("media"))
    told = tweet.get("timestamp_ms") or tweet.get("created_at")
    return post(
        id_in(tweet, "id"),
        id_in(user, "id"),
        channel=channel,
        name=name_of(user.get("name")) or name_of(user.get("screen_name")),
        text=text,
        answers=id_in(tweet, "in_reply_to_status_id"),
        answers_us=id_in(tweet, "in_reply_to_user_id") == channel.account_id,
        attachments=media_of(media),
        sent_at=moment_of(told, now, now=now),
        now=now,
    )


def _deleted(event: dict[str, Any], channel: Channel, now: datetime) -> Part:
    status = dict_of(event.get("status"))
    told = event.get("timestamp_ms") or status.get("timestamp_ms")
    return removal(id_in(status, "id"), channel=channel, told_at=moment_of(told, now, now=now), now=now)


def _direct_message(event: dict[str, Any], users: dict[str, Any], channel: Channel, now: datetime) -> Part:
    created = dict_of(event.get("message_create"))
    if text_of(event.get("type")) not in ("", "message_create") or not created:
        return Ignored(reason="unknown_event", event=event_json(event))
    data = dict_of(created.get("message_data"))
    sender = id_of(created.get("sender_id"))
    user = dict_of(users.get(sender))
    chosen = dict_of(data.get("quick_reply_response"))
    return direct_message(
        id_of(event.get("id")),
        sender,
        id_of(dict_of(created.get("target")).get("recipient_id")),
        channel=channel,
        name=name_of(user.get("name")) or name_of(user.get("screen_name")),
        text=text_of(data.get("text")) or text_of(chosen.get("metadata")),
        attachments=media_of([dict_of(dict_of(data.get("attachment")).get("media"))] if data.get("attachment") else []),
        sent_at=moment_of(event.get("created_timestamp"), now, now=now),
        now=now,
    )
