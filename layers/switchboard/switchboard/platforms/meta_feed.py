"""A Page's feed, mentions and reviews, as Meta's webhooks tell of them.

https://developers.facebook.com/docs/graph-api/webhooks/reference/page

A comment's thread is its root comment and its author, so that two people under one comment are two questions; what
stands under a review is rooted in it. `from` is left out where the app may not see it, and older versions say
`sender_id` and `sender_name`; ids come as text or as numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Ignored, Message
from switchboard.platforms.fields import dict_of, event_json, id_of, moment_of, name_of, text_of, wrong_shape

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.domain.message import ChangeVerb, Kind
    from switchboard.ports import Channel

_FEEDS = frozenset({"feed", "group_feed"})
_FIELDS = frozenset({"mention", "ratings", *_FEEDS})
_CHANGES: dict[str, ChangeVerb] = {
    "add": "new",
    "edit": "edited",
    "edited": "edited",
    "remove": "removed",
    "delete": "removed",
}
_MODERATION = frozenset({"hide", "unhide", "block", "unblock", "mute", "unmute", "follow"})
_REACTIONS = frozenset({"reaction", "like"})
_POSTS = {
    "post": "",
    "status": "",
    "photo": "image",
    "video": "video",
    "share": "link",
    "link": "link",
}


_SHOWN = {"photo": "image", "video": "video", "link": "link"}
_ID = re.compile(r"[0-9A-Za-z_.:-]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What a change tells of. *parent* is the comment or the review that it stands under, "" under a post."""

    kind: Kind
    message_id: str
    text: str
    parent: str = ""
    attachments: tuple[str, ...] = ()


def change_of(
    part: dict[str, Any], channel: Channel, ours: frozenset[str], *, changed: object, now: datetime
) -> Message | Ignored:
    """Return the message in one of `entry[].changes[]`; *changed* is the entry's time, *ours* are our account's ids.

    Raises Rejected when an id is missing.
    """
    field, value = text_of(part.get("field")), dict_of(part.get("value"))
    if field not in _FIELDS:
        return Ignored(reason="unknown_field", event=event_json(part))
    item, verb = (text_of(value.get(name)) for name in ("item", "verb"))
    if item in _REACTIONS:
        return Ignored(reason="reaction")
    author = _author(value)
    by_us = author["id"] in ours
    change = _CHANGES.get(verb)
    found = _found(field, item, value)
    if by_us and not _concerns_somebody(item, change, found):
        return Ignored(reason="own_post")
    if verb in _MODERATION:
        return Ignored(reason="moderation")
    if change is None or found is None:
        return Ignored(reason="unknown_item", event=event_json(part))
    if _is_untold(item, change, found):
        return Ignored(reason="no_text", event=event_json(part))
    if not found.message_id:
        wrong_shape("the comment's or post's id", "there")
    told_at = moment_of(changed, now, now=now)
    said_at = moment_of(value.get("created_time"), told_at, now=now)
    times = (said_at, told_at, now)
    message = _message(found, author, channel, by_us=by_us, change=change, times=times)
    return _removed(message, is_placed=_is_placed(field, item, value)) if change == "removed" else message


def _message(
    found: _Found,
    author: dict[str, str],
    channel: Channel,
    *,
    by_us: bool,
    change: ChangeVerb,
    times: tuple[datetime, datetime, datetime],
) -> Message:
    """Return the message; *times* are when it was said, when that was told, and now."""
    said_at, told_at, now = times
    root = found.parent or found.message_id
    return Message(
        channel=channel.name,
        platform="facebook",
        kind=found.kind,
        message_id=found.message_id,
        thread_id=root if by_us or not author["id"] else f"{root}/{author['id']}",
        author_id=author["id"],
        author_name="" if by_us else author["name"],
        text=found.text,
        attachments=found.attachments,
        permalink=_link(found.message_id),
        reply_to=found.parent if by_us else "",
        by_us=by_us,
        sent_at=said_at,
        received_at=now,
        change=change,
        changed_at=None if change == "new" else told_at,
        expires_at=channel.kept_until(now),
    )


def _is_untold(item: str, change: ChangeVerb, found: _Found) -> bool:
    """Whether nobody says what a post reads, or what a comment reads now: what it read before stays."""
    if change == "removed" or found.kind != "comment" or found.text:
        return False
    return item in _POSTS or (change == "edited" and not found.attachments)


def _concerns_somebody(item: str, change: ChangeVerb | None, found: _Found | None) -> bool:
    """Whether what bears our own name answers a person; or removes a comment, for then it may have been a person's."""
    return item == "comment" and found is not None and (bool(found.parent) or change == "removed")


def _is_placed(field: str, item: str, value: dict[str, Any]) -> bool:
    """Whether a removal says under what the words stood; of those under reviews some name the review, some its post."""
    return item != "comment" or (
        field != "ratings" and all(id_of(value.get(name)) for name in ("parent_id", "post_id"))
    )


def _removed(message: Message, *, is_placed: bool) -> Message:
    """Return the removal without words; what does not say whose words they were is found by their id."""
    bare = replace(message, text="", author_name="", attachments=(), reply_to="")
    if message.author_id and not message.by_us and is_placed:
        return bare
    return replace(bare, thread_id=message.message_id, author_id="")


def _author(value: dict[str, Any]) -> dict[str, str]:
    sender = dict_of(value.get("from"))
    return {
        "id": id_of(sender.get("id")) or id_of(value.get("sender_id")) or id_of(value.get("reviewer_id")),
        "name": name_of(sender.get("name")) or name_of(value.get("sender_name")) or name_of(value.get("reviewer_name")),
    }


def _found(field: str, item: str, value: dict[str, Any]) -> _Found | None:
    """Return what the change tells of, or None when we do not know such a thing."""
    if item == "comment":
        return _comment(field, value)
    post, text = id_of(value.get("post_id")), text_of(value.get("message"))
    if field == "mention":
        return _Found(kind="mention", message_id=id_of(value.get("comment_id")) or post, text=text)
    if field == "ratings" and item == "rating":
        return _review(value)
    if field in _FEEDS and item in _POSTS:
        attachments = (_POSTS[item],) if _POSTS[item] else ()
        return _Found(kind="comment", message_id=post, text=text, attachments=attachments)
    return None


def _comment(field: str, value: dict[str, Any]) -> _Found:
    """Return the comment; one that mentions us is in the same thread by whichever field it is told."""
    named, post, parent = (id_of(value.get(name)) for name in ("comment_id", "post_id", "parent_id"))
    if parent in ("", post):
        parent = _story(value, post) if field == "ratings" else ""
    return _Found(
        kind="mention" if field == "mention" else "comment",
        message_id=named or (post if field == "mention" else ""),
        parent=parent,
        text=text_of(value.get("message")),
        attachments=tuple(kind for name, kind in _SHOWN.items() if value.get(name)),
    )


def _story(value: dict[str, Any], post: str = "") -> str:
    """Return the id of the review, which is also the latter half of the id of its post."""
    return id_of(value.get("open_graph_story_id")) or post.rpartition("_")[2]


def _review(value: dict[str, Any]) -> _Found:
    stars, advice = value.get("rating"), text_of(value.get("recommendation_type")).lower()
    return _Found(
        kind="review",
        message_id=_story(value),
        text=text_of(value.get("review_text")),
        attachments=(
            *((f"rating {stars}",) if type(stars) is int and 1 <= stars <= 5 else ()),  # noqa: PLR2004 - stars
            *((f"recommendation {advice}",) if advice in ("positive", "negative") else ()),
        ),
    )


def _link(named: str) -> str:
    return f"https://www.facebook.com/{named}" if _ID.fullmatch(named) else ""
