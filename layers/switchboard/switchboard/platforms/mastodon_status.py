"""What people write on Mastodon, as its notifications and statuses tell of it.

https://docs.joinmastodon.org/entities/Notification/
https://docs.joinmastodon.org/entities/Status/

Ids are text: numbers on one server, ULIDs on another, never compared. A status names what it answers to and not where
its conversation began: its thread is that, or itself, with its author. Nothing here tells of a status that was deleted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Ignored, Message
from switchboard.platforms.fields import (
    LONGEST_TEXT,
    dict_of,
    event_json,
    id_of,
    list_of,
    moment_of,
    name_of,
    text_of,
)
from switchboard.platforms.mastodon_html import plain

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.ports import Channel

_TO_US = frozenset({"mention", "quote", "update"})
_NOISE = {
    "added_to_collection": "not_to_us",
    "admin.report": "server_notice",
    "admin.sign_up": "server_notice",
    "annual_report": "server_notice",
    "collection_update": "not_to_us",
    "favourite": "reaction",
    "follow": "follow",
    "follow_request": "follow",
    "moderation_warning": "server_notice",
    "poll": "poll_ended",
    "quoted_update": "not_to_us",
    "reblog": "reaction",
    "severed_relationships": "server_notice",
    "status": "not_to_us",
}
_KINDS = frozenset({"audio", "image", "video"})
_LONGEST_HTML = 10 * LONGEST_TEXT
_LINK = re.compile(r"""https://[^\s"'<>\\\x00-\x1f]{1,1000}""")


def notified(entry: object, channel: Channel, *, now: datetime) -> Message | Ignored:
    """Return the message in one of the notifications; what is none says why."""
    told = dict_of(entry)
    kind = text_of(told.get("type"))
    if kind in _NOISE:
        return Ignored(reason=_NOISE[kind])
    status = dict_of(told.get("status"))
    named = id_of(status.get("id"))
    if kind not in _TO_US:
        return Ignored(reason="unknown_type", event=_kept(entry))
    if not named:
        return Ignored(reason="no_status", event=_kept(entry))
    author = dict_of(status.get("account")) or dict_of(told.get("account"))
    if channel.account_id and id_of(author.get("id")) == channel.account_id:
        return own_answer(status, channel, now=now) or Ignored(reason="own_post")
    if kind == "update" and not _to_us(status, channel):
        return Ignored(reason="not_to_us", event=_kept(entry))
    told_at = moment_of(told.get("created_at"), now, now=now)
    return _message(status, author, channel, edited=kind == "update", told_at=told_at, now=now)


def own_answer(status: dict[str, Any], channel: Channel, *, now: datetime) -> Message | None:
    """Return what our own account answered to somebody, or None when *status* is no answer to anybody.

    It is never an edit: what counts is that somebody answered, and a status that we read late reads as it does then.
    """
    named, answered = id_of(status.get("id")), id_of(status.get("in_reply_to_id"))
    others = [other for other in list_of(status.get("mentions")) if not _is_us(other, channel)]
    to_ourselves = id_of(status.get("in_reply_to_account_id")) == channel.account_id
    if not named or not answered or status.get("reblog") or (to_ourselves and not others):
        return None
    return Message(
        channel=channel.name,
        platform="mastodon",
        kind="direct_message" if status.get("visibility") == "direct" else "mention",
        message_id=named,
        thread_id=answered,
        reply_to=answered,
        author_id=channel.account_id,
        by_us=True,
        text=_text(status),
        attachments=_attachments(status),
        permalink=_permalink(status),
        sent_at=moment_of(status.get("created_at"), now, now=now),
        received_at=now,
        via="poll",
        expires_at=channel.kept_until(now),
    )


def _message(
    status: dict[str, Any], author: dict[str, Any], channel: Channel, *, edited: bool, told_at: datetime, now: datetime
) -> Message:
    named, answered, author_id = id_of(status.get("id")), id_of(status.get("in_reply_to_id")), id_of(author.get("id"))
    root = answered or named
    edited = edited or isinstance(status.get("edited_at"), str)
    return Message(
        channel=channel.name,
        platform="mastodon",
        kind="direct_message" if status.get("visibility") == "direct" else "mention",
        message_id=named,
        thread_id=f"{root}/{author_id}" if author_id else root,
        reply_to=answered,
        author_id=author_id,
        author_name=name_of(author.get("display_name")) or name_of(author.get("acct")),
        text=_text(status),
        attachments=_attachments(status),
        permalink=_permalink(status),
        sent_at=moment_of(status.get("created_at"), told_at, now=now),
        received_at=now,
        via="poll",
        change="edited" if edited else "new",
        changed_at=moment_of(status.get("edited_at"), told_at, now=now) if edited else None,
        expires_at=channel.kept_until(now),
    )


def _to_us(status: dict[str, Any], channel: Channel) -> bool:
    """Whether an edited status is addressed to us, and not only one that we boosted or favoured."""
    if id_of(status.get("in_reply_to_account_id")) == channel.account_id or not channel.account_id:
        return True
    shared = status.get("reblogged") is True or status.get("favourited") is True
    return not shared or any(_is_us(other, channel) for other in list_of(status.get("mentions")))


def _is_us(mention: object, channel: Channel) -> bool:
    return id_of(dict_of(mention).get("id")) == channel.account_id


def _text(status: dict[str, Any]) -> str:
    """Return the words, below the content warning if there is one; an older server may give only the source."""
    content, warning = status.get("content"), status.get("spoiler_text")
    words = plain(content[:_LONGEST_HTML]) if isinstance(content, str) else text_of(status.get("text"))
    lines = (warning.strip() if isinstance(warning, str) else "", words)
    return text_of("\n".join(line for line in lines if line))


def _attachments(status: dict[str, Any]) -> tuple[str, ...]:
    told = [text_of(dict_of(medium).get("type")) for medium in list_of(status.get("media_attachments"))]
    kinds = ["video" if kind == "gifv" else kind if kind in _KINDS else "file" for kind in told]
    return (*kinds, "poll") if isinstance(status.get("poll"), dict) else tuple(kinds)


def _permalink(status: dict[str, Any]) -> str:
    found = (text_of(status.get(name)) for name in ("url", "uri"))
    return next((link for link in found if _LINK.fullmatch(link)), "")


def _kept(entry: object) -> str:
    try:
        return event_json(entry)
    except RecursionError:
        return ""
