"""What comes back about alerts: SES's events of an email, and End User Messaging's of a text, both carried by SNS.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-format.html

A receipt proves little (it may take 72 hours), so it only ever makes the next person ring sooner. The diagnostic words
of other servers are not read: they name addresses.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Literal, cast

Outcome = Literal["delivered", "undeliverable", "opted_out", "complained", "delayed", "other"]

EVENTS_OF_TEXTS: dict[str, Outcome] = {
    "TEXT_DELIVERED": "delivered",
    "TEXT_SUCCESSFUL": "delivered",
    "TEXT_INVALID": "undeliverable",
    "TEXT_INVALID_MESSAGE": "undeliverable",
    "TEXT_UNREACHABLE": "undeliverable",
    "TEXT_CARRIER_UNREACHABLE": "undeliverable",
    "TEXT_BLOCKED": "undeliverable",
    "TEXT_CARRIER_BLOCKED": "undeliverable",
    "TEXT_PROTECT_BLOCKED": "undeliverable",
    "TEXT_SPAM": "undeliverable",
    "TEXT_TTL_EXPIRED": "undeliverable",
}
_NO_SUCH_NUMBER = "TEXT_INVALID"
_OPTED_OUT = "OPTED_OUT"
_EMAILS: dict[str, Outcome] = {
    "Bounce": "undeliverable",
    "Reject": "undeliverable",
    "Rendering Failure": "undeliverable",
    "Complaint": "complained",
    "Delivery": "delivered",
    "DeliveryDelay": "delayed",
}
_RECIPIENTS = {
    "Bounce": ("bounce", "bouncedRecipients"),
    "Complaint": ("complaint", "complainedRecipients"),
    "Delivery": ("delivery", "recipients"),
    "DeliveryDelay": ("deliveryDelay", "delayedRecipients"),
}
_SES_GREETS = "Successfully validated SNS topic for Amazon SES event publishing."
_NO_LABEL = re.compile(r"[^A-Za-z0-9 _-]+")
_LONGEST_LABEL = 64
_MOST_STEPS = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of one alert at one address.

    *dead* says that the address will never work: no such mailbox or number, opted out, marked as spam. *question_id*,
    *step* (0 when it is not known) and *staff_id* are what was given along when it was sent. *reason* is a label.
    """

    contact: Literal["sms", "email"]
    address: str
    outcome: Outcome
    dead: bool
    question_id: str
    step: int
    staff_id: str
    provider_id: str
    reason: str


def messages_of(event: object) -> list[str]:
    """Return the messages of a Lambda's event from SNS; raise ValueError naming the field that is of another kind."""
    records = _dict(event).get("Records")
    if not isinstance(records, list):
        raise _wrong("Records")
    return [
        _text(_dict(_dict(record).get("Sns")), "Message", "Sns.Message") for record in cast("list[object]", records)
    ]


def parse(message: str) -> tuple[Receipt, ...]:
    """Return the receipts of one message: one an address, none for the greeting that SES sends to a new topic.

    An event that we do not know is "other". Raises ValueError naming the field that is missing or of another kind.
    """
    if message.strip() == _SES_GREETS:
        return ()
    try:
        event: object = json.loads(message)
    except (ValueError, RecursionError):
        raise _wrong("not JSON") from None
    if not isinstance(event, dict):
        raise _wrong("not an object")
    fields = cast("dict[str, object]", event)
    kind = fields.get("eventType") or fields.get("notificationType")
    if not isinstance(kind, str):
        raise _wrong("eventType")
    return _of_email(kind, fields) if "mail" in fields else (_of_text(kind, fields),)


def _of_email(kind: str, fields: dict[str, object]) -> tuple[Receipt, ...]:
    mail = fields["mail"]
    if not isinstance(mail, dict):
        raise _wrong("mail")
    told = _dict(cast("object", mail))
    provider_id = _text(told, "messageId", "mail.messageId")
    tags = {name: _first(value) for name, value in _dict(told.get("tags")).items()}
    bounce = _dict(fields.get("bounce"))
    permanent = kind == "Bounce" and bounce.get("bounceType") == "Permanent"
    reason = f"{kind} {_said(bounce, 'bounceType')} {_said(bounce, 'bounceSubType')}"
    return tuple(
        Receipt(
            contact="email",
            address=address,
            outcome=_EMAILS.get(kind, "other"),
            dead=permanent or kind == "Complaint",
            question_id=tags.get("question_id", ""),
            step=_step(tags.get("step", "")),
            staff_id=tags.get("staff_id", ""),
            provider_id=provider_id,
            reason=_label(reason),
        )
        for address in _addresses(kind, fields, told)
    )


def _addresses(kind: str, fields: dict[str, object], mail: dict[str, object]) -> list[str]:
    """Return whom the event is about: those that it names, or else everybody to whom the email went."""
    part, name = _RECIPIENTS.get(kind, ("", ""))
    named = _dict(fields.get(part)).get(name)
    found = [_address(one) for one in cast("list[object]", named)] if isinstance(named, list) else []
    destination = mail.get("destination")
    if not any(found) and isinstance(destination, list):
        found = [_address(one) for one in cast("list[object]", destination)]
    addresses = [address for address in dict.fromkeys(found) if address]
    if not addresses:
        raise _wrong("mail.destination")
    return addresses


def _of_text(kind: str, fields: dict[str, object]) -> Receipt:
    status = fields.get("messageStatus")
    opted_out = _OPTED_OUT in kind or status == _OPTED_OUT
    outcome = "opted_out" if opted_out else EVENTS_OF_TEXTS.get(kind, "other")
    if outcome == "undeliverable" and fields.get("isFinal") is False:
        outcome = "delayed"
    context = _dict(fields.get("context"))
    known = {name: value for name, value in context.items() if isinstance(value, str)}
    return Receipt(
        contact="sms",
        address=_text(fields, "destinationPhoneNumber", "destinationPhoneNumber"),
        outcome=outcome,
        dead=opted_out or (kind == _NO_SUCH_NUMBER and outcome == "undeliverable"),
        question_id=known.get("question_id", ""),
        step=_step(known.get("step", "")),
        staff_id=known.get("staff_id", ""),
        provider_id=_text(fields, "messageId", "messageId"),
        reason=_label(kind if not opted_out else _OPTED_OUT),
    )


def _wrong(named: str) -> ValueError:
    return ValueError(named)


def _dict(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _text(fields: dict[str, Any], name: str, named: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise _wrong(named)
    return value


def _said(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _first(value: object) -> str:
    one = next(iter(cast("list[object]", value)), "") if isinstance(value, list) else value
    return one if isinstance(one, str) else ""


def _address(value: object) -> str:
    """Return the address of a recipient, who is written as one, or as an object that has one."""
    found = cast("dict[str, object]", value).get("emailAddress") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""


def _step(told: str) -> int:
    number = int(told) if told.isascii() and told.isdigit() and len(told) < len(str(_MOST_STEPS)) else 0
    return min(number, _MOST_STEPS)


def _label(told: str) -> str:
    return _NO_LABEL.sub(" ", told).strip()[:_LONGEST_LABEL]
