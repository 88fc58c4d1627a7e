"""One trial: a body that is nearly right, through a platform's parser; and what must be true of all that it finds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from switchboard.adapters.items import key_of, message_from, message_item
from switchboard.domain.platform import PLATFORMS
from switchboard.errors import Rejected
from switchboard.platforms import inbound
from switchboard.platforms.fields import LONGEST_ID, LONGEST_TEXT
from switchboard.ports import Channel
from tests.fakes.bodies import BODIES, US, mutated
from tests.fakes.door import NOW

if TYPE_CHECKING:
    from random import Random

    from switchboard.domain.message import Delivery, Message

FOUND = Path(__file__).parent / "found"
SPEAKERS = tuple(sorted(name for name, entry in PLATFORMS.items() if entry.hears))
SORT_KEY = 1024
"""Bytes that a sort key of DynamoDB holds."""


def channel_of(platform: str) -> Channel:
    """Return the channel that takes in the platform's bodies."""
    ours = "accounts/1/locations/2" if platform == "google_reviews" else US
    return Channel(name="here", platform=platform, account_id=ours if PLATFORMS[platform].account else "")


def parsed(platform: str, body: bytes) -> Delivery | str:
    """Return what the platform makes of *body*, or the reason for which it is refused; nothing else may be raised."""
    try:
        return inbound(platform).parse(body, {"webhook-id": "msg_1"}, channel_of(platform), now=NOW)
    except Rejected as refusal:
        if refusal.status != 400 or not str(refusal):
            raise
        return refusal.reason


def body_for(platform: str, chance: Random) -> bytes:
    """Return a body of the platform in which something is wrong: in its JSON, or in its bytes."""
    body = json.dumps(mutated(BODIES[platform], chance), ensure_ascii=chance.random() < 0.5)
    raw = bytearray(body.encode("utf-8", "surrogatepass"))
    if chance.random() < 0.3:
        for _ in range(chance.randint(1, 3)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
    return bytes(raw)


def trial(platform: str, body: bytes) -> str:
    """Return what became of it: "messages", "ignored" or "refused"; raise when something is wrong with that."""
    found = parsed(platform, body)
    if isinstance(found, str):
        return "refused"
    for message in found.messages:
        check(message, platform)
    return "messages" if found.messages else "ignored"


def check(message: Message, platform: str) -> None:
    """Whatever came in, what is found can be stored, and read back: the rest of the house relies on it."""
    assert message.channel == "here"
    assert message.platform in PLATFORMS
    assert 0 < len(message.message_id.encode()) <= LONGEST_ID
    assert message.thread_id
    assert len(message.text) <= LONGEST_TEXT + len(" […]")
    assert message.sent_at <= NOW
    assert (message.change == "new") == (message.changed_at is None)
    assert message.change != "removed" or not (message.text or message.author_name)
    assert not message.permalink or message.permalink.startswith(("https://", "http://"))
    assert message.expires_at == channel_of(platform).kept_until(NOW)
    assert len(key_of(message).encode()) <= SORT_KEY
    assert message_from(message_item(message, due=True)) == message
    json.dumps(message_item(message, due=True)).encode()
