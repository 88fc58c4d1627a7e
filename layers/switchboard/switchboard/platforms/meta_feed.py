"""A Page's feed, mentions and reviews, as Meta's webhooks tell of them.

https://developers.facebook.com/docs/graph-api/webhooks/reference/page

A comment's thread is its root comment and its author, so that two people under one comment are two questions. `from`
is left out where the app may not see it, and older versions say `sender_id` and `sender_name`; ids come as text or
as numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Ignored, Message
from switchboard.platforms.fields import dict_of, event_json, id_of, moment_of, name_of, text_of, wrong_shape

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.domain.message import ChangeVerb, Kind
    from switchboard.ports import Channel

FIELDS = frozenset({"feed", "mention", "ratings"})
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    kind: Kind
    message_id: str
    root: str
    text: str
    attachments: tuple[str, ...] = ()
    permalink: str = ""


def change_of(
    part: dict[str, Any], channel: Channel, ours: frozenset[str], *, changed: object, now: datetime
) -> Message | Ignored:
    """Return the message in one of `entry[].changes[]`; *changed* is the entry's time, *ours* are our account's ids.

    Raises Rejected when an id is missing.
    """
    value = dict_of(part.get("value"))
    item, verb = (text_of(value.get(name)) for name in ("item", "verb"))
    if item in _REACTIONS:
        return Ignored(reason="reaction")
    author = _author(value)
    by_us = author["id"] in ours
    if by_us and not _answers_somebody(item, value):
        return Ignored(reason="own_post")
    if verb in _MODERATION:
        return Ignored(reason="moderation")
    change = _CHANGES.get(verb)
    found = _found(part["field"], item, value) if change else None
    if change is None or found is None:
        return Ignored(reason="unknown_item", event=event_json(part))
    if found.kind == "comment" and item in _POSTS and change != "removed" and not found.text:
        return Ignored(reason="no_text", event=event_json(part))
    return _message(
        found,
        author,
        change=change,
        value=value,
        channel=channel,
        by_us=by_us,
        told_at=moment_of(changed, now, now=now),
        now=now,
    )


def _answers_somebody(item: str, value: dict[str, Any]) -> bool:
    """Whether what our own account wrote stands under a comment, and not under our own post."""
    parent = id_of(value.get("parent_id"))
    return item == "comment" and parent not in ("", id_of(value.get("post_id")))


def _message(
    found: _Found,
    author: dict[str, str],
    *,
    change: ChangeVerb,
    value: dict[str, Any],
    channel: Channel,
    by_us: bool,
    told_at: datetime,
    now: datetime,
) -> Message:
    if not found.message_id:
        wrong_shape("the comment's or post's id", "there")
    parent = id_of(value.get("parent_id")) if by_us else ""
    removed = change == "removed"
    return Message(
        channel=channel.name,
        platform="facebook",
        kind=found.kind,
        message_id=found.message_id,
        thread_id=parent or _thread(found, author["id"], removed=removed),
        author_id="" if by_us and removed else author["id"],
        author_name="" if by_us or removed else author["name"],
        text="" if removed else found.text,
        attachments=found.attachments,
        permalink=found.permalink,
        reply_to=parent,
        by_us=by_us,
        sent_at=moment_of(value.get("created_time"), told_at, now=now),
        received_at=now,
        change=change,
        changed_at=None if change == "new" else told_at,
        expires_at=channel.kept_until(now),
    )


def _thread(found: _Found, author_id: str, *, removed: bool) -> str:
    """Return the thread of this author; without one, what was removed is found by its own id."""
    if author_id:
        return f"{found.root}/{author_id}"
    return found.message_id if removed else found.root


def _author(value: dict[str, Any]) -> dict[str, str]:
    sender = dict_of(value.get("from"))
    return {
        "id": id_of(sender.get("id")) or id_of(value.get("sender_id")) or id_of(value.get("reviewer_id")),
        "name": name_of(sender.get("name")) or name_of(value.get("sender_name")) or name_of(value.get("reviewer_name")),
    }


def _found(field: str, item: str, value: dict[str, Any]) -> _Found | None:
    """Return what the change tells of, or None when we do not know such a thing."""
    if field == "mention":
        named = id_of(value.get("comment_id")) or id_of(value.get("post_id"))
        return _Found(
            kind="mention", message_id=named, root=named, text=text_of(value.get("message")), permalink=_link(named)
        )
    if item == "comment":
        return _comment(value)
    if field == "ratings" and item == "rating":
        return _review(value)
    if field == "feed" and item in _POSTS:
        named = id_of(value.get("post_id"))
        attachments = (_POSTS[item],) if _POSTS[item] else ()
        text = text_of(value.get("message"))
        return _Found(
            kind="comment", message_id=named, root=named, text=text, attachments=attachments, permalink=_link(named)
        )
    return None


def _comment(value: dict[str, Any]) -> _Found:
    named, post, parent = (id_of(value.get(name)) for name in ("comment_id", "post_id", "parent_id"))
    shown = {"photo": "image", "video": "video", "link": "link"}
    return _Found(
        kind="comment",
        message_id=named,
        root=named if parent in ("", post) else parent,
        text=text_of(value.get("message")),
        attachments=tuple(kind for name, kind in shown.items() if value.get(name)),
        permalink=_link(named),
    )


def _review(value: dict[str, Any]) -> _Found:
    story = id_of(value.get("open_graph_story_id"))
    stars, advice = value.get("rating"), value.get("recommendation_type")
    return _Found(
        kind="review",
        message_id=story,
        root=story,
        text=text_of(value.get("review_text")),
        attachments=(
            *((f"rating {stars}",) if stars in (1, 2, 3, 4, 5) else ()),
            *(("recommendation " + advice.lower(),) if advice in ("POSITIVE", "NEGATIVE") else ()),
        ),
        permalink=_link(story),
    )


def _link(named: str) -> str:
    return f"https://www.facebook.com/{named}" if named else ""
