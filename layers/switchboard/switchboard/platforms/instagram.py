"""Instagram's webhooks: comments, mentions and direct messages.

https://developers.facebook.com/docs/instagram-platform/webhooks
https://developers.facebook.com/docs/graph-api/webhooks/reference/instagram

A comment's thread is one deep: `parent_id` is its root. Neither edits nor removals of comments are told. A mention,
in a comment or a caption of somebody else's, brings ids only. What our own account wrote bears the account's id in
`from`, and its scoped one beside that: https://developers.facebook.com/docs/instagram-platform/self-messaging
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Ignored, Message
from switchboard.platforms.fields import dict_of, event_json, id_of, moment_of, name_of, text_of, wrong_shape
from switchboard.platforms.meta_account import entries
from switchboard.platforms.meta_envelope import MetaWebhook

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.ports import Channel

_COMMENTS = frozenset({"comments", "live_comments"})
_NOISE = {"story_insights": "insights"}


def change_of(
    part: dict[str, Any], channel: Channel, ours: frozenset[str], *, changed: object, now: datetime
) -> Message | Ignored:
    """Return the message in one of `changes`; *changed* is the entry's time. Raises Rejected when an id is missing."""
    field, value = text_of(part.get("field")), dict_of(part.get("value"))
    told_at = moment_of(changed, now, now=now)
    if field in _COMMENTS:
        return _comment(value, channel, ours, told_at=told_at, now=now)
    if field == "mentions":
        return _mention(value, channel, told_at=told_at, now=now)
    if field in _NOISE:
        return Ignored(reason=_NOISE[field])
    return Ignored(reason="unknown_field", event=event_json(part))


def _comment(
    value: dict[str, Any], channel: Channel, ours: frozenset[str], *, told_at: datetime, now: datetime
) -> Message | Ignored:
    author = dict_of(value.get("from"))
    author_id, named, parent = id_of(author.get("id")), id_of(value.get("id")), id_of(value.get("parent_id"))
    by_us = author_id in ours
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


INBOUND = MetaWebhook("instagram", entries(change_of, inbox="instagram"))
