"""A Page's or an Instagram account's inbox, as Messenger's webhooks tell of it.

https://developers.facebook.com/docs/messenger-platform/reference/webhook-events
https://developers.facebook.com/docs/instagram-platform/webhooks/examples

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

_WORDS = ("message", "message_edit", "postback")
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
    "ig_story": "story",
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

    The thread is the person; of an echo, whom it was said to; of a removal that names nobody, the message itself.
    Raises Rejected when an id is missing.
    """
    sender, recipient = (id_of(dict_of(event.get(side)).get("id")) for side in ("sender", "recipient"))
    message, edit, postback = (dict_of(event.get(name)) for name in _WORDS)
    part = message or edit or postback
    if not part:
        return _nothing_said(event)
    change: ChangeVerb = "removed" if message.get("is_deleted") else "edited" if part is edit else "new"
    removed = change == "removed"
    by_us = bool(message.get("is_echo")) or sender in ours
    person = recipient if by_us else sender
    if not person and not removed:
        wrong_shape('"recipient.id"' if by_us else '"sender.id"', "there")
    named = id_of(part.get("mid")) or (_button(event, sender) if part is postback else "")
    if not named:
        wrong_shape('"message.mid"', "there")
    text = _text(part)
    if change == "edited" and not text:  # what it reads now is not told, so what it read before stays
        return Ignored(reason="no_text", event=event_json(event))
    told_at = moment_of(event.get("timestamp"), now, now=now)
    return Message(
        channel=channel.name,
        platform=platform,
        kind="direct_message",
        message_id=named,
        thread_id=person or named,
        author_id=(sender or channel.account_id) if person else "",
        text="" if removed else text,
        attachments=() if removed else _attachments(part) or (() if text else ("unsupported",)),
        reply_to="" if removed else id_of(dict_of(part.get("reply_to")).get("mid")),
        by_us=by_us,
        sent_at=told_at,
        received_at=now,
        change=change,
        changed_at=None if change == "new" else told_at,
        expires_at=channel.kept_until(now),
    )


def _nothing_said(event: dict[str, Any]) -> Ignored:
    noise = next((reason for name, reason in _NOISE.items() if name in event), "")
    if noise and not any(event.get(name) for name in _WORDS):
        return Ignored(reason=noise)
    return Ignored(reason="unknown_event", event=event_json(event))


def _button(event: dict[str, Any], sender: str) -> str:
    """Return the id of a button that was pressed, if Messenger gives it none: who pressed it, and when."""
    moment = id_of(event.get("timestamp"))
    return id_of(f"postback-{sender}-{moment}") if moment else ""


def _text(part: dict[str, Any]) -> str:
    """Return the words, or what stood on the button that was pressed."""
    chosen = dict_of(part.get("quick_reply")).get("payload")
    told = [text_of(words) for words in (part.get("text"), chosen, part.get("title"), part.get("payload"))]
    return next(filter(None, told), "")


def _attachments(message: dict[str, Any]) -> tuple[str, ...]:
    if message.get("is_unsupported"):
        return ("unsupported",)
    if message.get("sticker_id"):
        return ("sticker",)
    story = ("story reply",) if dict_of(dict_of(message.get("reply_to")).get("story")) else ()
    told = message.get("attachments")
    parts = list_of(told) or ([told] if told else [])
    kinds = [text_of(dict_of(part).get("type")) for part in parts[:20]]
    return (*story, *(_KINDS.get(kind, "attachment") for kind in kinds))
