"""One of LinkedIn's notifications: what somebody did, to which post, in which words.

https://learn.microsoft.com/linkedin/marketing/community-management/organizations/organization-social-action-notifications

What was said stands in `decoratedGeneratedActivity`, the post that it was said to in `decoratedSourcePost`. All that
one person says under one post is one question: a notification does not always tell which comment another answers to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Ignored, Message
from switchboard.platforms.fields import dict_of, event_json, id_of, moment_of, text_of, wrong_shape
from switchboard.platforms.linkedin_urns import comment_of, link_to, one_form

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.domain.message import ChangeVerb, Kind
    from switchboard.ports import Channel

_ACTIONS: dict[str, tuple[Kind, ChangeVerb]] = {
    "ADMIN_COMMENT": ("comment", "new"),
    "COMMENT": ("comment", "new"),
    "COMMENT_DELETE": ("comment", "removed"),
    "COMMENT_EDIT": ("comment", "edited"),
    "COMMENT_MENTION": ("mention", "new"),
    "PHOTO_MENTION": ("mention", "new"),
    "SHARE": ("mention", "new"),
    "SHARE_MENTION": ("mention", "new"),
}
_NOISE = {"LIKE": "reaction", "REACTION": "reaction", "REACTION_DELETE": "reaction"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What was said: *named* is its id, *post* what it stands under, *answers* the comment or post it answers to."""

    kind: Kind
    change: ChangeVerb
    named: str
    author: str
    by_us: bool
    text: str
    post: str
    answers: str


def notified(raw: object, channel: Channel, *, now: datetime) -> Message | Ignored:
    """Return what the notification *raw* tells; raise Rejected when the id of what was said is missing."""
    notification = dict_of(raw)
    action = text_of(notification.get("action"))
    if action in _NOISE:
        return Ignored(reason=_NOISE[action])
    organisation = id_of(notification.get("organizationalEntity"))
    if channel.account_id and organisation and organisation != channel.account_id:
        return Ignored(reason="other_account", event=event_json(raw))
    if action not in _ACTIONS:
        return Ignored(reason="unknown_action", event=event_json(raw))
    said = _said(notification, action, channel.account_id or organisation)
    if action == "SHARE" and not said.text:
        return Ignored(reason="share")
    if said.by_us and said.change != "removed" and not said.answers:
        return Ignored(reason="own_post")
    if not said.named:
        wrong_shape("the comment's or post's id", "there")
    return _message(said, channel, told_at=moment_of(notification.get("lastModifiedAt"), now, now=now), now=now)


def _message(said: _Said, channel: Channel, *, told_at: datetime, now: datetime) -> Message:
    removed = said.change == "removed"
    return Message(
        channel=channel.name,
        platform="linkedin",
        kind=said.kind,
        message_id=said.named,
        thread_id=_thread(said),
        author_id="" if said.by_us and removed else said.author,
        text="" if removed else said.text,
        attachments=() if removed or said.text else ("post",),
        permalink=link_to(said.named, said.post),
        reply_to="" if removed else said.answers,
        by_us=said.by_us,
        sent_at=told_at,
        received_at=now,
        change=said.change,
        changed_at=None if said.change == "new" else told_at,
        expires_at=channel.kept_until(now),
    )


def _thread(said: _Said) -> str:
    """Return the post and the author; of what we wrote, what it answers to; else the thing's own id."""
    if said.author and not said.by_us:
        return f"{said.post or said.named}/{said.author}"
    return said.named if said.change == "removed" else said.answers or said.named


def _said(notification: dict[str, Any], action: str, us: str) -> _Said:
    kind, change = _ACTIONS[action]
    source, content, named = _named(notification, action)
    if not named and change != "removed":  # better heard under an odd id than not at all
        named = id_of(notification.get("notificationId"))
    author = _author(notification, content, change)
    by_us = action == "ADMIN_COMMENT" or bool(us and author == us)
    comment, post = comment_of(named), id_of(notification.get("sourcePost"))
    poster = id_of(source.get("owner"))
    return _Said(
        kind=kind,
        change=change,
        named=named,
        author=us or author if by_us else author,
        by_us=by_us,
        text=_words(content),
        post=comment.post_urn if comment else named if kind == "mention" else post,
        answers=_parent(notification, content, named)
        or (_post_id(source, post) if kind == "comment" and poster and us and poster != us else ""),
    )


def _named(notification: dict[str, Any], action: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Return the decorated source post, what was said, and its id."""
    source = dict_of(notification.get("decoratedSourcePost"))
    activity = dict_of(notification.get("decoratedGeneratedActivity"))
    content = dict_of(activity.get("comment")) or dict_of(activity.get("share"))
    generated, post = id_of(notification.get("generatedActivity")), id_of(notification.get("sourcePost"))
    if action in ("SHARE_MENTION", "PHOTO_MENTION") and not content:
        posts = {post, id_of(source.get("entity"))}
        if not generated or generated in posts:  # the source post itself mentions us
            return source, source, generated or _post_id(source, post)
    return source, content, one_form(generated or id_of(content.get("entity")))


def _post_id(source: dict[str, Any], post: str) -> str:
    """Return the post's own name: `sourcePost` may be the activity that tells of it."""
    return id_of(source.get("entity")) or post


def _author(notification: dict[str, Any], content: dict[str, Any], change: ChangeVerb) -> str:
    """Return who said it. Of a removal only the owner counts: a moderator may have been the actor."""
    owner = id_of(content.get("owner"))
    if owner or change == "removed":
        return owner
    return id_of(content.get("actor")) or id_of(notification.get("actor"))


def _parent(notification: dict[str, Any], content: dict[str, Any], named: str) -> str:
    """Return the comment that this one answers to, "" when nobody says so."""
    told = (content.get("parentComment"), notification.get("parentComment"), content.get("object"))
    comments = (comment_of(id_of(urn)) for urn in told)
    return next((comment.urn for comment in comments if comment and comment.urn != named), "")


def _words(content: dict[str, Any]) -> str:
    told = (content.get(name) for name in ("text", "message", "commentary"))
    return next((text for part in told if (text := text_of(part) or text_of(dict_of(part).get("text")))), "")
