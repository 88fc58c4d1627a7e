"""A post on Bluesky, made a message of ours.

https://docs.bsky.app/docs/advanced-guides/posts

The message's id is the post's address, `at://<did>/app.bsky.feed.post/<key>`. The thread is its root, and the author.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Ignored, Message
from switchboard.platforms.fields import dict_of, event_json, id_of, list_of, moment_of, name_of, text_of

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.domain.message import Kind
    from switchboard.ports import Channel

_ADDRESS = re.compile(
    r"at://(did:[a-z]+:[A-Za-z0-9._:%-]*[A-Za-z0-9._-])/app\.bsky\.feed\.post/((?!\.\.?$)[A-Za-z0-9._:~-]{1,512})"
)
_HANDLE = re.compile(r"[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_WORDS = frozenset({"mention", "reply", "quote"})
_NOISE = {
    "like": "reaction",
    "like-via-repost": "reaction",
    "repost": "repost",
    "repost-via-repost": "repost",
    "follow": "follow",
    "starterpack-joined": "follow",
    "subscribed-post": "subscription",
    "verified": "account",
    "unverified": "account",
    "contact-match": "account",
}
_IMAGES = {"app.bsky.embed.images": "images", "app.bsky.embed.gallery": "items"}
_EMBEDS = {
    "app.bsky.embed.video": "video",
    "app.bsky.embed.external": "link",
    "app.bsky.embed.record": "post",
}


def notified(entry: dict[str, Any], channel: Channel, *, now: datetime) -> Message | Ignored:
    """Return the message that a notification tells of."""
    reason = text_of(entry.get("reason"))
    if reason in _NOISE:
        return Ignored(reason=_NOISE[reason])
    if reason not in _WORDS:
        return Ignored(reason="unknown_event", event=event_json(entry))
    if id_of(dict_of(entry.get("author")).get("did")) == channel.account_id:
        return Ignored(reason="own_post")  # our own answers come by our own feed
    kind: Kind = "comment" if reason == "reply" and _is_under_us(entry, channel) else "mention"
    return _message(entry, channel, kind=kind, now=now)


def own_answers(feed: list[Any], channel: Channel, *, now: datetime) -> list[Message]:
    """Return what we answered to somebody, by our own *feed*.

    An answer that goes on in a second post is one to the same person. A thread of our own answers nobody.
    """
    posts = [dict_of(dict_of(entry).get("post")) for entry in feed]
    ours = [post for post in posts if id_of(dict_of(post.get("author")).get("did")) == channel.account_id]
    parents = {id_of(post.get("uri")): _ref(dict_of(post.get("record")), "parent") for post in ours}
    found = (_own_answer(post, parents, channel, now) for post in ours)
    return [message for message in found if message]


def _own_answer(post: dict[str, Any], parents: dict[str, str], channel: Channel, now: datetime) -> Message | None:
    message = _message(post, channel, kind="comment", now=now)
    if not isinstance(message, Message) or not message.reply_to:
        return None
    root, answered = _ref(dict_of(post.get("record")), "root"), message.reply_to
    for _ in parents:  # up through our own posts; a circle ends, too
        answered = parents.get(answered, "") or answered
    person = _author_of(answered)
    if person == channel.account_id:
        return None if answered == root else message
    return replace(message, thread_id=f"{root}/{person}") if root and person else message


def _message(post: dict[str, Any], channel: Channel, *, kind: Kind, now: datetime) -> Message | Ignored:
    author, record = dict_of(post.get("author")), dict_of(post.get("record"))
    address, did = id_of(post.get("uri")), id_of(author.get("did"))
    if not _ADDRESS.fullmatch(address) or not did:
        return Ignored(reason="wrong_shape", event=event_json(post))
    root, parent = _ref(record, "root"), _ref(record, "parent")
    by_us = did == channel.account_id
    return Message(
        channel=channel.name,
        platform="bluesky",
        kind=kind,
        message_id=address,
        thread_id=parent if by_us else f"{root or address}/{did}",
        author_id=did,
        author_name="" if by_us else name_of(author.get("displayName")) or name_of(author.get("handle")),
        text=text_of(record.get("text")),
        attachments=_attachments(dict_of(record.get("embed"))),
        permalink=_link(address, author),
        reply_to=parent,
        by_us=by_us,
        via="poll",
        sent_at=moment_of(post.get("indexedAt"), now, now=now),
        received_at=now,
        expires_at=channel.kept_until(now),
    )


def _author_of(address: str) -> str:
    found = _ADDRESS.fullmatch(address)
    return found[1] if found else ""


def _ref(record: dict[str, Any], end: str) -> str:
    return id_of(dict_of(dict_of(record.get("reply")).get(end)).get("uri"))


def _is_under_us(entry: dict[str, Any], channel: Channel) -> bool:
    return _ref(dict_of(entry.get("record")), "parent").startswith(f"at://{channel.account_id}/")


def _attachments(embed: dict[str, Any]) -> tuple[str, ...]:
    if text_of(embed.get("$type")) == "app.bsky.embed.recordWithMedia":
        return ("post", *_kinds(dict_of(embed.get("media"))))
    return _kinds(embed)


def _kinds(embed: dict[str, Any]) -> tuple[str, ...]:
    kind = text_of(embed.get("$type"))
    if kind in _IMAGES:
        return ("image",) * min(len(list_of(embed.get(_IMAGES[kind]))), 20)
    return (_EMBEDS.get(kind, "attachment"),) if kind else ()


def _link(address: str, author: dict[str, Any]) -> str:
    found = _ADDRESS.fullmatch(address)
    handle = id_of(author.get("handle"))
    who = handle if _HANDLE.fullmatch(handle) and handle != "handle.invalid" else found[1] if found else ""
    return f"https://bsky.app/profile/{who}/post/{found[2]}" if found else ""
