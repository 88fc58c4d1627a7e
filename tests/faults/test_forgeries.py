"""Promise 1, its other end: whatever a platform did not sign is refused, by every scheme; what it signed is taken."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from switchboard.ports import ChannelSecret
from tests.fakes.door import NOW, Door, comment, page_body, webhook_event
from tests.fakes.signing import SIGNERS, signed_headers
from tests.prove import runs

if TYPE_CHECKING:
    from tests.prove import Proofs

FORGERIES = runs(few=2_000, full=100_000)
CHANNELS = {
    "meta": "mercy-facebook",
    "standard webhooks": "mercy-website",
    "x": "mercy-x",
    "linkedin": "mercy-linkedin",
}
"""One channel a scheme, of those whose signature is by a secret that we share with the platform."""
BODIES = {
    "meta": page_body(comment(1, "Where is the emergency entrance?")),
    "standard webhooks": b'{"text": "Where is the emergency entrance?", "name": "Rosa Quimby"}',
    "x": json.dumps({"for_user_id": "2244994945", "tweet_create_events": []}).encode(),
    "linkedin": json.dumps({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": []}).encode(),
}


@dataclass
class Delivery:
    """What is sent, and when it comes in."""

    body: bytes
    headers: dict[str, str]
    at_minutes: int = 0


def _body_byte(chance: random.Random, scheme: str, sent: Delivery) -> None:
    body = bytearray(sent.body)
    place = chance.randrange(len(body))
    match chance.randrange(4):
        case 0:
            body[place] ^= 1 << chance.randrange(8)
        case 1:
            del body[place]
        case 2:
            body.insert(place, chance.randrange(256))
        case _:
            body += chance.choice([b" ", b"\n", b"\0", body[place:]])
    sent.body = bytes(body)


def _header_letter(chance: random.Random, scheme: str, sent: Delivery) -> None:
    name = _signing_header(chance, sent)
    value = sent.headers[name]
    place = chance.randrange(len(value))
    other = chance.choice([letter for letter in "0123456789abcdefXYZ=+/," if letter != value[place]])
    sent.headers[name] = chance.choice(
        [value[:place] + other + value[place + 1 :], value[:place] + value[place + 1 :], value[:place], other + value]
    )


def _header_gone(chance: random.Random, scheme: str, sent: Delivery) -> None:
    name = _signing_header(chance, sent)
    if chance.random() < 0.5:
        del sent.headers[name]
    else:
        sent.headers[name] = ""


def _case(chance: random.Random, scheme: str, sent: Delivery) -> None:
    name = _signing_header(chance, sent)
    before = sent.headers[name]
    sent.headers[name] = before.swapcase()
    if sent.headers[name] == before:  # it is a number
        _body_byte(chance, scheme, sent)


def _secret(chance: random.Random, scheme: str, sent: Delivery) -> None:
    key = "whsec_" + "".join(chance.choice("ABCDEFGHabcdefgh01234567") for _ in range(32))
    secret = ChannelSecret(signing_secrets=(chance.choice([key, f"{key}AAAA", key[:-4]]),))
    platform = Door().channels.channels[CHANNELS[scheme]].platform
    sent.headers = signed_headers(platform, sent.body, secret, now=NOW)


def _scheme(chance: random.Random, scheme: str, sent: Delivery) -> None:
    """Sign as another platform does, with this channel's secret; under its own header or under this one's."""
    door = Door()
    channel = CHANNELS[scheme]
    others = sorted(set(SIGNERS) - {"facebook", "instagram", "messenger", "whatsapp", "google_reviews"})
    other = chance.choice([name for name in (*others, "facebook") if name != door.channels.channels[channel].platform])
    secret = door.secrets.of("mercy-website" if other == "web_form" else channel)
    theirs = signed_headers(other, sent.body, secret, now=NOW)
    if chance.random() < 0.5:
        sent.headers = theirs
    else:
        sent.headers[_signing_header(chance, sent)] = theirs[_signing_header(chance, Delivery(sent.body, theirs))]


def _time(chance: random.Random, scheme: str, sent: Delivery) -> None:
    if scheme == "standard webhooks":
        sent.at_minutes = chance.choice([-1, 1]) * chance.randint(6, 10_000)
    else:
        _body_byte(chance, scheme, sent)


MUTATIONS = (_body_byte, _body_byte, _header_letter, _header_gone, _case, _secret, _scheme, _time)


def _signing_header(chance: random.Random, sent: Delivery) -> str:
    return chance.choice([name for name in sorted(sent.headers) if name.lower() != "content-type"])


def genuine(scheme: str) -> Delivery:
    door = Door()
    channel = CHANNELS[scheme]
    platform = door.channels.channels[channel].platform
    body = BODIES[scheme]
    return Delivery(body, signed_headers(platform, body, door.secrets.of(channel), now=NOW))


def accepted(door: Door, scheme: str, sent: Delivery) -> bool:
    """Whether *sent* got in: 401 is refused; 400 too, if its bytes could not be signed text."""
    event = webhook_event(CHANNELS[scheme], sent.body, sent.headers)
    answer = door.call(event, now=NOW + timedelta(minutes=sent.at_minutes))
    door.quarantine.kept.clear()
    return answer.status not in (400, 401) or bool(door.messages.stored)


@pytest.mark.prove
@pytest.mark.parametrize("scheme", CHANNELS)
def test_no_forgery_is_accepted_by_any_scheme(scheme: str, proofs: Proofs) -> None:
    """Every mutation of a good delivery is refused; the seed makes a failure repeatable."""
    trials = FORGERIES // len(CHANNELS)
    got_in: list[int] = []
    for seed in range(trials):
        chance = random.Random(seed)  # noqa: S311 - a repeatable choice, no secret
        sent = genuine(scheme)
        whole = Delivery(sent.body, dict(sent.headers))
        chance.choice(MUTATIONS)(chance, scheme, sent)
        assert sent != whole, f"seed {seed} changed nothing"
        if accepted(Door(), scheme, sent):
            got_in.append(seed)

    proofs.record("1 a forged delivery is refused, by every scheme", trials=trials, failures=len(got_in))
    assert got_in == []


@pytest.mark.prove
@pytest.mark.parametrize("scheme", CHANNELS)
def test_every_genuine_delivery_is_accepted(scheme: str, proofs: Proofs) -> None:
    trials = FORGERIES // 20
    refused = 0
    for seed in range(trials):
        chance = random.Random(seed)  # noqa: S311 - a repeatable choice, no secret
        door, sent = Door(), genuine(scheme)
        sent.body += b" " * chance.randrange(64)
        platform = door.channels.channels[CHANNELS[scheme]].platform
        sent.headers = signed_headers(platform, sent.body, door.secrets.of(CHANNELS[scheme]), now=NOW)
        change = chance.choice([str.upper, str.lower, str.title])
        sent.headers = {change(name): value for name, value in sent.headers.items()}
        sent.at_minutes = chance.randint(-4, 4)
        event = webhook_event(CHANNELS[scheme], sent.body, sent.headers)
        refused += door.call(event, now=NOW + timedelta(minutes=sent.at_minutes)).status != 200

    proofs.record("1 a genuine delivery is taken, by every scheme", trials=trials, failures=refused)
    assert refused == 0
