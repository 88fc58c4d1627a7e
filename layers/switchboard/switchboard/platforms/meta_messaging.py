"""A Page's or an Instagram account's inbox, as Messenger's webhooks tell of it.

https://developers.facebook.com/docs/messenger-platform/reference/webhook-events

The thread is the person who writes. What arrives in `standby` is the same, while another app owns the conversation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Ignored, Message
from switchboard.platforms.fields import dict_of, event_json, id_of, list_of, moment_of, text_of, wrong_shape

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.domain.message import ChangeVerb
    from switchboard.ports import Channel

_NOISE = {
    "read": "read",
    "delivery": "delivery",
    "reaction": "reaction",
    "optin": "optin",
    "referral": "referral",
    "account_linking": "account_linking",
    "app_roles": "thread_control",
    "pass_thread_control": "thread_control",
    "take_thread_control": "thread_control",
    "request_thread_control": "thread_control",
}
_KINDS = {
    "audio": "audio",
    "fallback": "fallback",
    "file": "file",
    "ig_post": "post",
    "ig_reel": "reel",
    "image": "image",
    "location": "location",
    "media": "image",
    "post": "post",
    "reel": "reel",
    "share": "share",
    "story": "story",
    "story_mention": "story mention",
    "template": "template",
    "unsupported_type": "unsupported",
    "video": "video",
}


def messaging_of(
    event: dict[str, Any], channel: Channel, ours: frozenset[str], *, platform: str, now: datetime
) -> Message | Ignored:
    """Return the message in one of `entry[].messaging[]`; *ours* are our account's ids.

    The thread is the person; of an echo, whom it was said to. Raises Rejected when an id is missing.
    """
    sender, recipient = (id_of(dict_of(event.get(side)).get("id")) for side in ("sender", "recipient"))
    message, edit, postback = (dict_of(event.get(name)) for name in ("message", "message_edit", "postback"))
    if not (message or edit or postback):
        noise = next((reason for name, reason in _NOISE.items() if name in event), "")
        return Ignored(reason=noise) if noise else Ignored(reason="unknown_event", event=event_json(event))
    by_us = bool(message.get("is_echo")) or (bool(sender) and sender in ours)
    person = recipient if by_us else sender
    if not person:
        wrong_shape('"recipient.id"' if by_us else '"sender.id"', "there")
    told_at = moment_of(event.get("timestamp"), now, now=now)
    change: ChangeVerb = "edited" if edit else "removed" if message.get("is_deleted") else "new"
    part = message or edit
    named = id_of(part.get("mid")) if part else id_of(postback.get("mid"))
    if postback and not named:
        named = f"postback-{sender}-{id_of(event.get('timestamp'))}"
    if not named:
        wrong_shape('"message.mid"', "there")
    return Message(
        channel=channel.name,
        platform=platform,
        kind="direct_message",
        message_id=named,
        thread_id=person,
        author_id=sender,
        text="" if change == "removed" else _text(part, postback),
        attachments=_attachments(part),
        reply_to=id_of(dict_of(part.get("reply_to")).get("mid")),
        by_us=by_us,
        sent_at=told_at,
        received_at=now,
        change=change,
        changed_at=None if change == "new" else told_at,
        expires_at=channel.kept_until(now),
    )


def _text(message: dict[str, Any], postback: dict[str, Any]) -> str:
    if postback:
        return text_of(postback.get("title")) or text_of(postback.get("payload"))
    return text_of(message.get("text")) or text_of(dict_of(message.get("quick_reply")).get("payload"))


def _attachments(message: dict[str, Any]) -> tuple[str, ...]:
    if message.get("is_unsupported"):
        return ("unsupported",)
    if message.get("sticker_id"):
        return ("sticker",)
    story = ("story reply",) if dict_of(dict_of(message.get("reply_to")).get("story")) else ()
    kinds = [text_of(dict_of(attachment).get("type")) for attachment in list_of(message.get("attachments"))[:20]]
    return (*story, *(_KINDS.get(kind, "attachment") for kind in kinds))
