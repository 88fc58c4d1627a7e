"""What both of X's envelopes and its API have in common: a post or a direct message, made a message of ours."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Ignored, Message
from switchboard.errors import Rejected
from switchboard.platforms.fields import dict_of, event_json, id_of, list_of, text_of, wrong_shape

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
    answers_us: bool = False,
    conversation: str = "",
    attachments: tuple[str, ...] = (),
    sent_at: datetime,
    via: Via = "webhook",
    now: datetime,
) -> Part:
    """Return a post. *answers* is the id of the post it replies to, *answers_us* whether that is one of ours."""
    if not named or not author_id:
        wrong_shape("the post's id and author", "there")
    by_us = author_id == channel.account_id
    if by_us and not answers:
        return Ignored(reason="own_post")
    kind: Kind = "comment" if answers_us or by_us else "mention"
    root = conversation or answers or named
    return Message(
        channel=channel.name,
        platform="x",
        kind=kind,
        message_id=named,
        thread_id=answers if by_us else f"{root}/{author_id}",
        author_id=author_id,
        author_name="" if by_us else name,
        text=html.unescape(text),
        attachments=attachments,
        permalink=f"https://x.com/i/status/{named}" if named.isdecimal() else "",
        reply_to=answers,
        by_us=by_us,
        via=via,
        sent_at=sent_at,
        received_at=now,
        expires_at=channel.kept_until(now),
    )


def direct_message(  # noqa: PLR0913 - a message's parts
    named: str,
    sender: str,
    recipient: str,
    *,
    channel: Channel,
    text: str,
    name: str = "",
    attachments: tuple[str, ...] = (),
    sent_at: datetime,
    now: datetime,
) -> Part:
    """Return a direct message: the thread is the person outside."""
    by_us = sender == channel.account_id
    person = recipient if by_us else sender
    if not named or not person:
        wrong_shape("the direct message's id and people", "there")
    return Message(
        channel=channel.name,
        platform="x",
        kind="direct_message",
        message_id=named,
        thread_id=person,
        author_id=sender,
        author_name="" if by_us else name,
        text=html.unescape(text),
        attachments=attachments,
        by_us=by_us,
        sent_at=sent_at,
        received_at=now,
        expires_at=channel.kept_until(now),
    )


def removal(named: str, *, channel: Channel, told_at: datetime, now: datetime) -> Message:
    """Return that a post was deleted; X names neither its thread nor its place."""
    if not named:
        wrong_shape("the deleted post's id", "there")
    return Message(
        channel=channel.name,
        platform="x",
        kind="comment",
        message_id=named,
        thread_id=named,
        author_id="",
        sent_at=told_at,
        received_at=now,
        change="removed",
        changed_at=told_at,
        expires_at=channel.kept_until(now),
    )


def media_of(entities: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever stood there
    """Return the kinds in a list of X's media objects."""
    kinds = [text_of(dict_of(one).get("type")) for one in list_of(entities)[:20]]
    return tuple(_MEDIA.get(kind, "attachment") for kind in kinds)


def id_in(value: dict[str, Any], name: str) -> str:
    """Return an id, of which X writes a text beside the number, since numbers lose digits."""
    return id_of(value.get(f"{name}_str")) or id_of(value.get(name))
