"""Instagram's webhooks: comments, mentions and direct messages.

https://developers.facebook.com/docs/instagram-platform/webhooks

Comments come as `changes`, as a flat entry, or as an array of envelopes; direct messages as `messaging`, or as
`changes` from the app's console. A mention brings ids only. A comment's thread is one deep: `parent_id` is its root.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Ignored, Message
from switchboard.platforms.fields import dict_of, event_json, id_of, list_of, moment_of, name_of, text_of, wrong_shape
from switchboard.platforms.meta_envelope import MetaWebhook, Parts
from switchboard.platforms.meta_messaging import messaging_of

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.ports import Channel

_COMMENTS = frozenset({"comments", "live_comments"})
_MESSAGING = frozenset(
    {"messages", "message_edit", "message_reactions", "messaging_postbacks", "messaging_referral", "messaging_seen"}
)
_NOISE = {"story_insights": "insights"}


def _take_entry(parts: Parts, entry: dict[str, Any], channel: Channel, now: datetime) -> None:
    account = id_of(entry.get("id"))
    flat = [entry] if "field" in entry else []
    events = [entry.get("changes"), entry.get("messaging"), entry.get("standby")]
    if not flat and not any(isinstance(part, list) for part in events):
        parts.ignore(entry, "wrong_shape")
        return
    if channel.account_id and account and account != channel.account_id:
        parts.ignore(entry, "other_account")
        return
    ours = frozenset({account, channel.account_id} - {""})
    for change in [*flat, *list_of(events[0])]:
        parts.take(change, partial(_change, dict_of(change), entry, channel, ours, now))
    for event in [*list_of(events[1]), *list_of(events[2])]:
        parts.take(event, partial(messaging_of, dict_of(event), channel, ours, platform="instagram", now=now))


def _change(
    change: dict[str, Any], entry: dict[str, Any], channel: Channel, ours: frozenset[str], now: datetime
) -> Message | Ignored:
    field, value = text_of(change.get("field")), dict_of(change.get("value"))
    told_at = moment_of(entry.get("time"), now, now=now)
    if field in _COMMENTS:
        return _comment(value, channel, ours, told_at=told_at, now=now)
    if field == "mentions":
        return _mention(value, channel, told_at=told_at, now=now)
    if field in _MESSAGING:
        return messaging_of(value, channel, ours, platform="instagram", now=now)
    if field in _NOISE:
        return Ignored(reason=_NOISE[field])
    return Ignored(reason="unknown_field", event=event_json(change))


def _comment(
    value: dict[str, Any], channel: Channel, ours: frozenset[str], *, told_at: datetime, now: datetime
) -> Message | Ignored:
    author = dict_of(value.get("from"))
    author_id, named, parent = id_of(author.get("id")), id_of(value.get("id")), id_of(value.get("parent_id"))
    by_us = bool(author_id) and author_id in ours
    if by_us and not parent:
        return Ignored(reason="own_post")
    if not named:
        wrong_shape("the comment's id", "there")
    root = parent or named
    return Message(
        channel=channel.name,
        platform="instagram",
        kind="comment",
        message_id=named,
        thread_id=f"{root}/{author_id}" if author_id and not by_us else root,
        author_id=author_id,
        author_name="" if by_us else name_of(author.get("username")),
        text=text_of(value.get("text")),
        reply_to=parent if by_us else "",
        by_us=by_us,
        sent_at=moment_of(value.get("timestamp"), told_at, now=now),
        received_at=now,
        expires_at=channel.kept_until(now),
    )


def _mention(value: dict[str, Any], channel: Channel, *, told_at: datetime, now: datetime) -> Message:
    """Return what tells of a mention: in a comment on somebody's post, or in the post. Its words must be looked up."""
    named = id_of(value.get("comment_id")) or id_of(value.get("media_id"))
    if not named:
        wrong_shape("the mention's media_id", "there")
    return Message(
        channel=channel.name,
        platform="instagram",
        kind="mention",
        message_id=named,
        thread_id=named,
        author_id="",
        attachments=("mention",),
        sent_at=told_at,
        received_at=now,
        expires_at=channel.kept_until(now),
    )


INBOUND = MetaWebhook("instagram", _take_entry)
