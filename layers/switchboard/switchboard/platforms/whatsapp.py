"""WhatsApp's Cloud API: what people write to the hospital's number.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components
https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/smb_message_echoes
https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/standby

The thread is the person, in a group the person there. Somebody who hides their number has a business-scoped id
("US.1349…"). What the hospital answers on its own phone comes as `message_echoes`; while Meta's own agent holds the
conversation, both sides of it come in `standby`. Meta repeats for seven days.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Ignored, Message
from switchboard.platforms.fields import dict_of, event_json, id_of, list_of, moment_of, name_of, text_of, wrong_shape
from switchboard.platforms.meta_envelope import MetaWebhook, Parts
from switchboard.platforms.whatsapp_content import attachments, is_call_permission, words

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.domain.message import ChangeVerb
    from switchboard.ports import Channel

_HEARD = frozenset({"messages", "message_echoes", "smb_message_echoes", "standby"})
_NOISE_FIELDS = {
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
    "messaging_handovers": "thread_control",
    "phone_number_name_update": "account",
    "phone_number_quality_update": "account",
    "security": "account",
    "smb_app_state_sync": "contacts",
    "template_category_update": "template",
    "user_id_update": "account",
    "user_preferences": "preference",
}
"""What comes besides messages, and the reason for which it is ignored; `history` is what was said before we came."""
_NOISE = {"reaction": "reaction", "system": "system", "request_welcome": "opened_chat"}
_CHANGES: dict[str, ChangeVerb] = {"edit": "edited", "revoke": "removed"}
_PUNCTUATION = str.maketrans("", "", "+ ()-")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """The number that was written to: its *account* id, how it is dialled, and who wrote in this delivery."""

    channel: Channel
    account: str
    number: str
    contacts: tuple[dict[str, Any], ...]

    def is_ours(self, named: str) -> bool:
        return bool(self.number) and _dialled(named) == self.number


def _take_entry(parts: Parts, entry: dict[str, Any], channel: Channel, now: datetime) -> None:
    if not isinstance(entry.get("changes"), list):
        parts.ignore(entry, "wrong_shape")
        return
    for raw in list_of(entry["changes"]):
        change = dict_of(raw)
        value, field = dict_of(change.get("value")), text_of(change.get("field"))
        account = id_of(dict_of(value.get("metadata")).get("phone_number_id"))
        if field in _NOISE_FIELDS:
            parts.ignored.append(Ignored(reason=_NOISE_FIELDS[field]))
        elif field not in _HEARD:
            parts.ignore(raw, "unknown_field")
        elif channel.account_id and account and account != channel.account_id:
            parts.ignore(raw, "other_account")
        else:
            if field == "standby":  # what Meta's own agent says is a machine's answer: staff still look
                parts.ignored.extend(Ignored(reason="agent_answer") for _ in list_of(value.get("message_echoes")))
                no_echoes: list[Any] = []
                value = {**value, "message_echoes": no_echoes}
            _take_value(parts, value, raw, channel, now)


def _take_value(parts: Parts, value: dict[str, Any], raw: object, channel: Channel, now: datetime) -> None:
    metadata = dict_of(value.get("metadata"))
    line = _Line(
        channel=channel,
        account=channel.account_id or id_of(metadata.get("phone_number_id")),
        number=_dialled(id_of(metadata.get("display_phone_number"))),
        contacts=tuple(dict_of(contact) for contact in list_of(value.get("contacts"))),
    )
    for name in ("messages", "message_echoes"):
        for event in list_of(value.get(name)):
            parts.take(event, partial(_message, dict_of(event), line, is_echo=name == "message_echoes", now=now))
    parts.ignored.extend(Ignored(reason="status") for _ in list_of(value.get("statuses")))
    parts.ignored.extend(Ignored(reason="error", event=event_json(error)) for error in list_of(value.get("errors")))
    there = [
        value[name] for name in ("messages", "message_echoes", "statuses", "errors") if value.get(name) is not None
    ]
    if not there or not all(isinstance(part, list) for part in there):
        parts.ignore(raw, "wrong_shape")


def _message(event: dict[str, Any], line: _Line, *, is_echo: bool, now: datetime) -> Message | Ignored:
    """Return one message; raise Rejected when its id, its sender or the words of an edit are missing."""
    kind = text_of(event.get("type"))
    if kind in _NOISE:
        return Ignored(reason=_NOISE[kind])
    change: ChangeVerb = _CHANGES.get(kind, "new")
    envelope = dict_of(event.get(kind)) if change != "new" else event
    content = dict_of(envelope.get("message")) if change == "edited" else envelope
    if is_call_permission(content):
        return Ignored(reason="call_permission")
    by_us = is_echo or line.is_ours(id_of(event.get("from")))
    named = id_of(envelope.get("original_message_id")) if change != "new" else id_of(event.get("id"))
    person, name = _person(event, line, by_us=by_us)
    removed = change == "removed"
    if not named or not (person or removed) or not content:
        wrong_shape("the message's id, sender and content", "there")
    group = id_of(event.get("group_id"))
    told_at = moment_of(event.get("timestamp"), now, now=now)
    return Message(
        channel=line.channel.name,
        platform="whatsapp",
        kind="direct_message",
        message_id=named,
        thread_id=_thread(person, group) or named,
        author_id=line.account if by_us and person else person,
        author_name="" if by_us or removed else name,
        text="" if removed else words(content),
        attachments=() if removed else attachments(content),
        reply_to="" if removed else id_of(dict_of(content.get("context")).get("id")),
        by_us=by_us,
        sent_at=told_at,
        received_at=now,
        change=change,
        changed_at=None if change == "new" else told_at,
        expires_at=line.channel.kept_until(now),
    )


def _thread(person: str, group: str) -> str:
    """Return the thread of this person; "" for a removal of which nobody says whose it was."""
    return f"{group}/{person}" if group and person else person


def _person(event: dict[str, Any], line: _Line, *, by_us: bool) -> tuple[str, str]:
    """Return the id of the person outside, a number if it is known, and their name."""
    side = "to" if by_us and not line.is_ours(id_of(event.get("to"))) else "from"
    ids = [found for name in (side, f"{side}_user_id") if (found := id_of(event.get(name)))]
    known = [contact for contact in line.contacts if {*ids} & {*_ids(contact)}]
    known = known or list(line.contacts if len(line.contacts) == 1 else ())
    contact = known[0] if known else dict[str, Any]()
    person = next((found for found in (*ids, *_ids(contact)) if found and not line.is_ours(found)), "")
    return person, name_of(dict_of(contact.get("profile")).get("name"))


def _ids(contact: dict[str, Any]) -> tuple[str, str]:
    return id_of(contact.get("wa_id")), id_of(contact.get("user_id"))


def _dialled(number: str) -> str:
    """Return the bare digits of a number, which Meta writes in several ways; "" when it is none."""
    digits = number.translate(_PUNCTUATION)
    return digits if digits.isascii() and digits.isdecimal() else ""


INBOUND = MetaWebhook("whatsapp_business_account", _take_entry)
