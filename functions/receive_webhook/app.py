"""Picks up: a platform's webhook is verified, taken apart and stored before it gets its 200.

`GET /webhooks/{channel}` is the platform's handshake, `POST` a delivery. A 200 means that every message is stored, a
5xx that the platform must send the delivery again, and a 4xx that it was refused and its bytes lie in the quarantine.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from functions.receive_webhook.answers import as_json, failed, log, refused
from functions.receive_webhook.gateway import Answer, Request, request_of, response_of
from switchboard import platforms, settings, wiring
from switchboard.errors import Misconfigured, Rejected, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from switchboard.domain.message import Delivery
    from switchboard.ports import (
        Channel,
        Channels,
        ChannelSecret,
        ChannelSecrets,
        Inbound,
        MessageStore,
        Metrics,
        Platforms,
        Quarantine,
    )

Result = TypeVar("Result")

LARGEST_BODY = 1024 * 1024
RETRY_AFTER = 30
"""Seconds: platforms that look at it come back after so long."""


def receive_webhook(
    request: Request,
    *,
    channels: Channels,
    secrets: ChannelSecrets,
    platforms: Platforms,
    messages: MessageStore,
    quarantine: Quarantine,
    metrics: Metrics,
    now: datetime,
) -> Answer:
    """Return the answer to *request*; when it is a 200, everything in the delivery is stored.

    Raises Unavailable when something is not stored, and Misconfigured: both must become a 5xx, so that the platform
    sends it again. What was stored already is then stored once.
    """
    try:
        channel = _find(request.channel, channels)
        speaker = platforms.inbound(channel.platform)
        if request.method == "GET":
            return _handshake(request, channel, speaker, secrets)
        _verify(request, channel, speaker, secrets=secrets, quarantine=quarantine, metrics=metrics, now=now)
        delivery = _understood(request, channel, speaker, quarantine=quarantine, now=now)
        if delivery.messages and (fetch := platforms.completes(channel.platform)):
            delivery = fetch.complete(delivery, channel, secrets.of(channel.name), now=now)
        return _take_in(delivery, channel, messages=messages, metrics=metrics, now=now)
    except Rejected as refusal:
        name = "unknown" if refusal.reason == "unknown_channel" else request.channel
        metrics.count("WebhookRefused", reason=refusal.reason, channel=name)
        return refused(refusal, channel=name)


def _find(name: str, channels: Channels) -> Channel:
    channel = channels.find(name)
    if channel is None:
        raise Rejected("there is no such channel; look at the webhook's URL", status=404, reason="unknown_channel")
    return channel


def _handshake(request: Request, channel: Channel, speaker: Inbound, secrets: ChannelSecrets) -> Answer:
    reply = _with_secret(channel, secrets, lambda secret: speaker.handshake(request.query, secret))
    facts = {"channel": channel.name, "handshake": "accepted"}
    return Answer(status=200, body=reply.body, content_type=reply.content_type, facts=facts)


def _verify(
    request: Request,
    channel: Channel,
    speaker: Inbound,
    *,
    secrets: ChannelSecrets,
    quarantine: Quarantine,
    metrics: Metrics,
    now: datetime,
) -> None:
    """Raise Rejected unless the platform signed the body; what it did not sign is kept, if it is not too large."""
    try:
        _with_secret(channel, secrets, lambda secret: speaker.verify(request.body, request.headers, secret, now=now))
    except Rejected as refusal:
        body = request.body
        if len(body) > LARGEST_BODY:
            body = json.dumps({"sha256": hashlib.sha256(body).hexdigest(), "size": len(body)}).encode()
        try:
            quarantine.keep(channel.name, body, request.headers, reason=refusal.reason, now=now)
        except Unavailable:  # it stays refused, and the platform sends it again
            metrics.count("QuarantineFailed", channel=channel.name)
        raise


def _with_secret(channel: Channel, secrets: ChannelSecrets, check: Callable[[ChannelSecret], Result]) -> Result:
    """Return what *check* says; a refusal may mean that the secret was changed, so ask once past the cache."""
    secret = secrets.of(channel.name)
    try:
        return check(secret)
    except Rejected:
        fresh = secrets.of(channel.name, fresh=True)
        if fresh == secret:
            raise
        return check(fresh)


def _understood(
    request: Request, channel: Channel, speaker: Inbound, *, quarantine: Quarantine, now: datetime
) -> Delivery:
    """Return what the platform signed, taken apart. What cannot be read is refused, and kept; else Unavailable."""
    try:
        return _parse(request, channel, speaker, now=now)
    except Rejected as refusal:
        quarantine.keep(channel.name, request.body, request.headers, reason=refusal.reason, now=now)
        raise


def _take_in(
    delivery: Delivery, channel: Channel, *, messages: MessageStore, metrics: Metrics, now: datetime
) -> Answer:
    new = messages.put(delivery.messages)
    if unknown := [part for part in delivery.ignored if part.event]:
        messages.put_ignored(channel.name, unknown, now=now)
    _count(delivery, new, channel, metrics)
    counts = {"messages": len(delivery.messages), "new": new, "ignored": len(delivery.ignored)}
    return as_json(200, counts, channel=channel.name, **counts)


def _parse(request: Request, channel: Channel, speaker: Inbound, *, now: datetime) -> Delivery:
    if len(request.body) > LARGEST_BODY:
        raise Rejected("the body is larger than 1 MiB; send it in parts", status=413, reason="too_large")
    return speaker.parse(request.body, request.headers, channel, now=now)


def _count(delivery: Delivery, new: int, channel: Channel, metrics: Metrics) -> None:
    metrics.count("MessagesStored", new, channel=channel.name)
    if known := len(delivery.messages) - new:
        metrics.count("MessagesRepeated", known, channel=channel.name)
    for reason, number in Counter(part.reason for part in delivery.ignored).items():
        metrics.count("EventsIgnored", number, channel=channel.name, reason=reason)


def _answer(event: Mapping[str, Any]) -> Answer:
    config = settings.ReceiveWebhook.read()
    return receive_webhook(
        request_of(event),
        channels=wiring.channels(config),
        secrets=wiring.secrets(config.channel_secrets_prefix),
        platforms=platforms,
        messages=wiring.messages(config),
        quarantine=wiring.quarantine(config.quarantine_bucket),
        metrics=wiring.metrics(),
        now=datetime.now(UTC),
    )


def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """Answer API Gateway. Nothing escapes: an exception's words would be shown to the internet."""
    try:
        answer = _answer(event)
    except Rejected as refusal:
        answer = refused(refusal)
    except Exception as exc:  # noqa: BLE001 - see above; whatever it is, the platform must send it again
        answer = failed(exc, retry_after=RETRY_AFTER)
        wiring.metrics().count("WebhookFailed", kind=type(exc).__name__)
    wiring.metrics().flush()
    log(answer, getattr(context, "aws_request_id", ""))
    return response_of(answer)


def _make_ready() -> None:
    """Do during INIT, when Lambda lends a whole core, what the first delivery would wait for."""
    with suppress(Exception):  # whatever is wrong is met again, and answered, when a delivery comes
        config = settings.ReceiveWebhook.read()
        wiring.messages(config)
        wiring.secrets(config.channel_secrets_prefix)
        for channel in wiring.channels(config).all():
            with suppress(Misconfigured):  # it sends no webhooks
                platforms.inbound(channel.platform)


if settings.in_lambda():
    _make_ready()
