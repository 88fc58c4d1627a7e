"""WhatsApp's Cloud API: what people write to the hospital's number.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components

The thread is the person, in a group the person there. Somebody who hides their number has a business-scoped id
("US.1349…"). What the hospital answers on its own phone comes as `smb_message_echoes`. Meta repeats for seven days.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Ignored, Message
from switchboard.platforms.fields import dict_of, id_of, list_of, moment_of, name_of, text_of, wrong_shape
from switchboard.platforms.meta_envelope import MetaWebhook, Parts

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.domain.message import ChangeVerb
    from switchboard.ports import Channel

_MEDIA = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "voice": "audio",
    "document": "file",
    "sticker": "sticker",
    "location": "location",
    "contacts": "contact",
    "order": "order",
    "unsupported": "unsupported",
    "unknown": "unsupported",
}
_NOISE = {"reaction": "reaction", "system": "system", "request_welcome": "opened_chat"}
_CHANGES: dict[str, ChangeVerb] = {"edit": "edited", "revoke": "removed"}
_FIELDS = {
    "account_alerts": "account",
    "account_review_update": "account",
    "account_settings_update": "account",
    "account_update": "account",
    "business_capability_update": "account",
    "business_status_update": "account",
    "business_username_update": "account",
    "calls": "call",
    "group_lifecycle_update": "group",
    "group_participants_update": "group",
    "group_settings_update": "group",
    "group_status_update": "group",
    "history": "history",
    "message_template_components_update": "template",
    "message_template_quality_update": "template",
    "message_template_status_update": "template",
    "phone_number_name_update": "account",
    "phone_number_quality_update": "account",
    "security": "account",
    "smb_app_state_sync": "contacts",
    "template_category_update": "template",
    "user_id_update": "account",
    "user_preferences": "preference",
}
"""What comes besides messages, and the reason for which it is ignored."""
_ECHOES = frozenset({"smb_message_echoes", "message_echoes"})


def _take_entry(parts: Parts, entry: dict[str, Any], channel: Channel, now: datetime) -> None:
    if not isinstance(entry.get("changes"), list):
        parts.ignore(entry, "wrong_shape")
        return
    for change in list_of(entry["changes"]):
        _take_change(parts, dict_of(change), change, channel, now)


def _take_change(parts: Parts, change: dict[str, Any], raw: object, channel: Channel, now: datetime) -> None:
    value, field = dict_of(change.get("value")), text_of(change.get("field"))
    account = id_of(dict_of(value.get("metadata")).get("phone_number_id"))
    if field in _FIELDS:
        parts.ignored.append(Ignored(reason=_FIELDS[field]))
    elif field != "messages" and field not in _ECHOES:
        parts.ignore(raw, "unknown_field")
    elif channel.account_id and account != channel.account_id:
        parts.ignore(raw, "other_account")
    else:
        _take_value(parts, value, raw, channel, now)


def _take_value(parts: Parts, value: dict[str, Any], raw: object, channel: Channel, now: datetime) -> None:
    contacts = [dict_of(contact) for contact in list_of(value.get("contacts"))]
    messages = list_of(value.get("messages"))
    echoes = list_of(value.get("message_echoes"))
    others = [name for name in ("statuses", "errors") if isinstance(value.get(name), list)]
    for event in messages:
        parts.take(event, partial(_message, dict_of(event), contacts, channel, by_us=False, now=now))
    for event in echoes:
        parts.take(event, partial(_message, dict_of(event), contacts, channel, by_us=True, now=now))
    parts.ignored.extend(Ignored(reason="status") for name in others for _ in list_of(value[name]))
    if not messages and not echoes and not others:
        parts.ignore(raw, "wrong_shape")


def _message(
    event: dict[str, Any], contacts: list[dict[str, Any]], channel: Channel, *, by_us: bool, now: datetime
) -> Message | Ignored:
    kind = text_of(event.get("type"))
    if kind in _NOISE:
        return Ignored(reason=_NOISE[kind])
    change: ChangeVerb = _CHANGES.get(kind, "new")
    envelope = dict_of(event.get(kind)) if change != "new" else event
    content = dict_of(envelope.get("message")) if change == "edited" else envelope
    named = id_of(envelope.get("original_message_id")) if change != "new" else id_of(event.get("id"))
    person, name = _person(event, contacts, by_us=by_us)
    if not named or not person:
        wrong_shape("the message's id and sender", "there")
    group = id_of(event.get("group_id"))
    told_at = moment_of(event.get("timestamp"), now, now=now)
    removed = change == "removed"
    return Message(
        channel=channel.name,
        platform="whatsapp",
        kind="direct_message",
        message_id=named,
        thread_id=f"{group}/{person}" if group else person,
        author_id=channel.account_id if by_us else person,
        author_name="" if by_us or removed else name,
        text="" if removed else _text(content),
        attachments=() if removed else _attachments(content),
        reply_to="" if removed else id_of(dict_of(content.get("context")).get("id")),
        by_us=by_us,
        sent_at=told_at,
        received_at=now,
        change=change,
        changed_at=None if change == "new" else told_at,
        expires_at=channel.kept_until(now),
    )


def _person(event: dict[str, Any], contacts: list[dict[str, Any]], *, by_us: bool) -> tuple[str, str]:
    """Return the id of the person outside, a number if it is known, and their name."""
    names = ("to", "to_user_id") if by_us else ("from", "from_user_id")
    ids = [found for name in names if (found := id_of(event.get(name)))]
    known = [contact for contact in contacts if {id_of(contact.get("wa_id")), id_of(contact.get("user_id"))} & {*ids}]
    contact = next(iter(known or (contacts if len(contacts) == 1 else [])), {})
    person = next(iter(ids), "") or id_of(contact.get("wa_id")) or id_of(contact.get("user_id"))
    return person, name_of(dict_of(contact.get("profile")).get("name"))


def _text(content: dict[str, Any]) -> str:
    kind = text_of(content.get("type"))
    part = dict_of(content.get(kind))
    if kind == "interactive":
        chosen = dict_of(part.get(text_of(part.get("type"))))
        told = [text_of(chosen.get(name)) for name in ("title", "description")]
        return ": ".join(word for word in told if word) or text_of(chosen.get("response_json"))
    found = (text_of(part.get(name)) for name in ("body", "caption", "text", "name", "address"))
    return next((text for text in found if text), "")


def _attachments(content: dict[str, Any]) -> tuple[str, ...]:
    kind = text_of(content.get("type"))
    if kind in ("text", "button", "interactive"):
        return ()
    several = len(list_of(content.get(kind))) if kind == "contacts" else 1
    return (_MEDIA.get(kind, "attachment"),) * min(max(several, 1), 20)


INBOUND = MetaWebhook("whatsapp_business_account", _take_entry)
