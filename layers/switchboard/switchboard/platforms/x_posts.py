"""What both of X's envelopes and its API have in common: a post or a direct message, made a message of ours.

A post that is edited gets a new id, and its history names the earlier ones: the first stays the post's, so that an edit
is an edit. https://docs.x.com/x-api/fundamentals/edit-posts
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Ignored, Message
from switchboard.errors import Rejected
from switchboard.platforms.fields import dict_of, event_json, id_of, list_of, name_of, text_of, wrong_shape

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from switchboard.domain.message import Kind, Via
    from switchboard.ports import Channel

Part = Message | Ignored

_MEDIA = {"photo": "image", "image": "image", "video": "video", "animated_gif": "image"}


def taken(event: object, parse: Callable[[], Part]) -> Part:
    """Return what *parse* finds in *event*; one that is not as documented is kept, and harms no other."""
    try:
        return parse()
    except Rejected as exc:
        return Ignored(reason=exc.reason, event=event_json(event))


def post(  # noqa: PLR0913 - a post's parts
    named: str,
    author_id: str,
    *,
    channel: Channel,
    text: str,
    name: str = "",
    answers: str = "",
    answered: str = "",
    conversation: str = "",
    history: tuple[str, ...] = (),
    attachments: tuple[str, ...] = (),
    sent_at: datetime,
    via: Via = "webhook",
    now: datetime,
) -> Part:
    """Return a post. *answers* is the id of the post that it replies to, and *answered* who wrote that.

    *history* holds the ids of all its versions, the first one first. What our account adds to a post of its own is no
    answer to anybody.
    """
    if not named or not author_id:
        wrong_shape("the post's id and author", "there")
    first = history[0] if named in history else named
    root = (first if conversation in history else conversation) or answers or first
    by_us = author_id == channel.account_id
    if by_us and (not answers or (answered == author_id and answers == conversation)):
        return Ignored(reason="own_post")
    kind: Kind = "comment" if by_us or answered == channel.account_id != "" else "mention"
    edited = first != named
    return Message(
        channel=channel.name,
        platform="x",
        kind=kind,
        message_id=first,
        thread_id=_answered_thread(root, answers, answered, channel) if by_us else f"{root}/{author_id}",
        author_id=author_id,
        author_name="" if by_us else name,
        text=html.unescape(text),
        attachments=attachments,
        permalink=f"https://x.com/i/status/{named}" if named.isascii() and named.isdecimal() else "",
        reply_to=answers,
        by_us=by_us,
        via=via,
        sent_at=sent_at,
        received_at=now,
        change="edited" if edited else "new",
        changed_at=sent_at if edited else None,
        expires_at=channel.kept_until(now),
    )


def _answered_thread(root: str, answers: str, answered: str, channel: Channel) -> str:
    """Return the thread of whom our account answered; what it answers to, when that is not told or is its own."""
    return answers if answered in ("", channel.account_id) else f"{root}/{answered}"


def direct_message(  # noqa: PLR0913 - a message's parts
    named: str,
    sender: str,
    recipient: str,
    *,
    channel: Channel,
    text: str,
    name: str = "",
    attachments: tuple[str, ...] = (),
    sent: bool = False,
    sent_at: datetime,
    now: datetime,
) -> Part:
    """Return a direct message: the thread is the person outside. *sent* tells ours where no id does."""
    by_us = sender == channel.account_id if sender and channel.account_id else sent
    person = recipient if by_us else sender
    if not named or not person:
        wrong_shape("the direct message's id and people", "there")
    return Message(
        channel=channel.name,
        platform="x",
        kind="direct_message",
        message_id=named,
        thread_id=person,
        author_id=sender or channel.account_id,
        author_name="" if by_us else name,
        text=html.unescape(text),
        attachments=attachments,
        by_us=by_us,
        sent_at=sent_at,
        received_at=now,
        expires_at=channel.kept_until(now),
    )


def removal(named: str, author_id: str, *, channel: Channel, told_at: datetime, now: datetime) -> Message:
    """Return that a post was deleted; X names neither its thread nor its place, so its author is not told either."""
    if not named:
        wrong_shape("the deleted post's id", "there")
    return Message(
        channel=channel.name,
        platform="x",
        kind="comment",
        message_id=named,
        thread_id=named,
        author_id="",
        by_us=author_id == channel.account_id != "",
        sent_at=told_at,
        received_at=now,
        change="removed",
        changed_at=told_at,
        expires_at=channel.kept_until(now),
    )


def media_of(entities: object) -> tuple[str, ...]:
    """Return the kinds in a list of X's media objects."""
    kinds = [text_of(dict_of(one).get("type")) for one in list_of(entities)[:20]]
    return tuple(_MEDIA.get(kind, "attachment") for kind in kinds)


def user_of(value: object) -> dict[str, Any]:
    """Return a user, which some events wrap: `{"data": {…}}`."""
    user = dict_of(value)
    return dict_of(user.get("data")) or user


def name_in(user: dict[str, Any]) -> str:
    """Return what a user is called: the name that they show, else their handle."""
    names = (name_of(html.unescape(text_of(user.get(key)))) for key in ("name", "screen_name", "username"))
    return next((name for name in names if name), "")


def ids_in(value: object) -> tuple[str, ...]:
    """Return the ids in a list."""
    return tuple(found for one in list_of(value) if (found := id_of(one)))


def id_in(value: dict[str, Any], name: str) -> str:
    """Return an id, of which X writes a text beside the number, since numbers lose digits."""
    return id_of(value.get(f"{name}_str")) or id_of(value.get(name))
