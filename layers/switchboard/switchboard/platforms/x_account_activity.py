"""X's Account Activity envelope: `{for_user_id, tweet_create_events, direct_message_events, …, users}`.

https://docs.x.com/x-api/account-activity/introduction#account-activity-data-object-structure

X's newer envelope bears direct messages in the same shape.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Ignored
from switchboard.platforms.fields import dict_of, event_json, id_of, list_of, moment_of, text_of
from switchboard.platforms.x_posts import (
    direct_message,
    id_in,
    ids_in,
    media_of,
    name_in,
    post,
    removal,
    taken,
    user_of,
)

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
    found = [part for name, value in envelope.items() for part in _parts(name, value, users, channel, now)]
    if not found and not any(name.endswith("_events") or name == "data" for name in envelope):
        return [Ignored(reason="unknown_event", event=event_json(envelope))]
    return found


def _parts(name: str, value: object, users: dict[str, Any], channel: Channel, now: datetime) -> list[Part]:
    if name == "user_event":  # a user took our permission back
        return [Ignored(reason="user_event", event=event_json({name: value}))]
    events = list_of(value)
    if name.endswith("_events") and (events or value == []):
        return [_read(name, event, users, channel, now) for event in events]
    if name.endswith("_events") or (events and name != "data"):
        return [Ignored(reason="wrong_shape", event=event_json({name: value}))]
    return []


def _read(name: str, event: object, users: dict[str, Any], channel: Channel, now: datetime) -> Part:
    value = dict_of(event)
    match name:
        case "tweet_create_events":
            return taken(event, partial(_post, value, channel, now))
        case "tweet_delete_events":
            return taken(event, partial(_deleted, value, channel, now))
        case "direct_message_events":
            return taken(event, partial(direct_message_of, value, users, channel, now=now))
        case _ if name in _NOISE:
            return Ignored(reason=_NOISE[name])
        case _:
            return Ignored(reason="unknown_event", event=event_json({name: event}))


def _post(tweet: dict[str, Any], channel: Channel, now: datetime) -> Part:
    if dict_of(tweet.get("retweeted_status")):
        return Ignored(reason="repost")
    extended, note = dict_of(tweet.get("extended_tweet")), dict_of(tweet.get("note_tweet"))
    texts = (note.get("text"), extended.get("full_text"), tweet.get("full_text"), tweet.get("text"))
    entities = [dict_of(part.get("extended_entities") or part.get("entities")) for part in (extended, tweet)]
    media = list_of(entities[0].get("media")) or list_of(entities[1].get("media"))
    told = tweet.get("timestamp_ms") or tweet.get("created_at")
    user = user_of(tweet.get("user"))
    return post(
        id_in(tweet, "id"),
        id_in(user, "id"),
        channel=channel,
        name=name_in(user),
        text=next((text for one in texts if (text := text_of(one))), ""),
        answers=id_in(tweet, "in_reply_to_status_id"),
        answered=id_in(tweet, "in_reply_to_user_id"),
        history=ids_in(dict_of(tweet.get("edit_history")).get("edit_tweet_ids")),
        attachments=media_of(media),
        sent_at=moment_of(told, now, now=now),
        now=now,
    )


def _deleted(event: dict[str, Any], channel: Channel, now: datetime) -> Part:
    status = dict_of(event.get("status"))
    told_at = moment_of(event.get("timestamp_ms") or status.get("timestamp_ms"), now, now=now)
    return removal(id_in(status, "id"), id_in(status, "user_id"), channel=channel, told_at=told_at, now=now)


def direct_message_of(
    event: dict[str, Any], users: dict[str, Any], channel: Channel, *, sent: bool = False, now: datetime
) -> Part:
    """Return one of `direct_message_events[]`; *users* are known by their id."""
    created = dict_of(event.get("message_create"))
    if text_of(event.get("type")) not in ("", "message_create") or not created:
        return Ignored(reason="unknown_event", event=event_json(event))
    data = dict_of(created.get("message_data"))
    sender = id_of(created.get("sender_id"))
    chosen = dict_of(data.get("quick_reply_response"))
    return direct_message(
        id_of(event.get("id")),
        sender,
        id_of(dict_of(created.get("target")).get("recipient_id")),
        channel=channel,
        name=name_in(user_of(users.get(sender))),
        text=text_of(data.get("text")) or text_of(chosen.get("metadata")),
        attachments=media_of([dict_of(dict_of(data.get("attachment")).get("media"))] if data.get("attachment") else []),
        sent=sent,
        sent_at=moment_of(event.get("created_timestamp"), now, now=now),
        now=now,
    )
