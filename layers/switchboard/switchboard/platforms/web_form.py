"""Web forms, chat widgets and anything else that signs by https://www.standardwebhooks.com, the common standard.

The JSON is ours, documented in docs/web-form.md. `webhook-id` is the message's identity: sent again, it is the same
message.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from switchboard.domain.message import Delivery, Message
from switchboard.errors import Rejected
from switchboard.platforms.fields import id_of, json_object, list_of, moment_of, name_of, text_of, wrong_shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from switchboard.ports import Channel, ChannelSecret, Handshake

TOLERANCE = timedelta(minutes=5)
_TIMESTAMP = re.compile(r"[1-9][0-9]{0,10}")  # one way to write it: what was signed is what was sent
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")
_PHONE = re.compile(r"\+?[0-9 ()./-]{5,30}")
_KIND = re.compile(r"[a-z][a-z0-9_ -]{0,29}")


class WebForm:
    """`ports.Inbound` for Standard Webhooks."""

    def handshake(self, query: Mapping[str, str], secret: ChannelSecret) -> Handshake:  # noqa: ARG002 - it has none
        """Raise Rejected: a form's server knows its own URL."""
        raise Rejected("a web form has no handshake; POST to this URL", status=403, reason="handshake")

    def verify(self, body: bytes, headers: Mapping[str, str], secret: ChannelSecret, *, now: datetime) -> None:
        """Raise Rejected (401) unless a secret signed *body*, its id and a time within five minutes of *now*."""
        if not secret.signing_secrets:
            _refuse("this channel has no signing secret yet; set it", "no_secret")
        named, told, signatures = (headers.get(f"webhook-{part}", "") for part in ("id", "timestamp", "signature"))
        if not (named and _TIMESTAMP.fullmatch(told) and signatures):
            _refuse("webhook-id, webhook-timestamp (seconds) and webhook-signature must be there", "no_signature")
        signed_at = datetime.fromtimestamp(int(told), UTC)
        ours = [digest for key in secret.signing_secrets if (digest := _signature(key, named, signed_at, body))]
        theirs = [_decoded(part[3:]) for part in signatures.split(" ")[:10] if part.startswith("v1,")]
        # a list, not a generator: all are compared, so the time does not tell which one matched
        if not any([hmac.compare_digest(one, other) for one in ours for other in theirs]):  # noqa: C419
            _refuse("webhook-signature is not by this channel's secret", "wrong_signature")
        if abs(now - signed_at) > TOLERANCE:
            _refuse("webhook-timestamp is more than five minutes away; set the clock and sign again", "wrong_time")

    def parse(self, body: bytes, headers: Mapping[str, str], channel: Channel, *, now: datetime) -> Delivery:
        """Return the one message of the form; raise Rejected (400) naming the field that is wrong."""
        form = json_object(body)
        named = id_of(headers.get("webhook-id", ""))
        if not named:
            wrong_shape("webhook-id", "at most 512 bytes")
        for field in ("name", "email", "phone", "text", "page_url", "thread_id", "sent_at"):
            if not isinstance(form.get(field, ""), (str, type(None))):
                wrong_shape(f'"{field}"', "a text")
        text = text_of(form.get("text")).strip()
        if not text:
            wrong_shape('"text"', "the visitor's words; it is empty or missing")
        return Delivery(messages=(_message(form, named, text, channel, now),))


INBOUND = WebForm()


def _message(form: dict[str, Any], named: str, text: str, channel: Channel, now: datetime) -> Message:
    email = _matching(_EMAIL, form.get("email"), "email", "an email address")
    phone = _matching(_PHONE, form.get("phone"), "phone", "a telephone number")
    author = _author_id(channel, email.lower() or re.sub(r"[^0-9+]", "", phone)) if email or phone else named
    page = text_of(form.get("page_url"), 1000)
    return Message(
        channel=channel.name,
        platform="web_form",
        kind="form",
        message_id=named,
        thread_id=id_of(form.get("thread_id")) or author,
        author_id=author,
        author_name=" · ".join(part for part in (name_of(form.get("name")), email, phone) if part),
        text=text,
        attachments=_attachments(form.get("attachments")),
        permalink=page if page.startswith(("https://", "http://")) else "",
        sent_at=moment_of(form.get("sent_at"), now, now=now),
        received_at=now,
        expires_at=channel.kept_until(now),
    )


def _attachments(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    kinds = list_of(value)
    if not isinstance(value, list) or not all(isinstance(kind, str) and _KIND.fullmatch(kind) for kind in kinds):
        wrong_shape('"attachments"', 'an array of kinds such as "image"; send no files')
    return tuple(kinds[:20])


def _matching(pattern: re.Pattern[str], value: object, field: str, expected: str) -> str:
    text = text_of(value, 254).strip()
    if text and not pattern.fullmatch(text):
        wrong_shape(f'"{field}"', expected)
    return text


def _author_id(channel: Channel, contact: str) -> str:
    return hashlib.sha256(f"{channel.name}\n{contact}".encode()).hexdigest()[:32]


def _signature(key: str, named: str, signed_at: datetime, body: bytes) -> bytes:
    try:
        signed = Webhook(key).sign(msg_id=named, timestamp=signed_at, data=body.decode())
    except UnicodeError as exc:  # the standard signs text
        raise Rejected("the body is not UTF-8; send JSON as UTF-8", reason="not_utf8") from exc
    except (EmptyWebhookSecretError, binascii.Error):
        return b""  # a secret that is no base64 opens nothing, and shuts out no other
    return _decoded(signed.removeprefix("v1,"))


def _decoded(signature: str) -> bytes:
    try:
        return base64.b64decode(signature, validate=True)
    except ValueError:
        return b""


def _refuse(message: str, reason: str) -> NoReturn:
    raise Rejected(message, status=401, reason=reason)
