from __future__ import annotations

import hashlib
import hmac
import json
import random
from pathlib import Path
from typing import Any

import pytest

from switchboard.errors import Rejected
from switchboard.platforms.meta import INBOUND
from switchboard.ports import Channel, ChannelSecret
from tests.fakes.door import NOW, PAGE, comment, page_body

VECTORS = Path(__file__).parents[3] / "shared/vectors/webhook_vectors.json"
BODY = (
    b'{"object":"page","entry":[{"id":"1","changes":[{"field":"feed","value":{"message":"h\\u00e9llo \\u2603 <b>"}}]}]}'
)
CHANNEL = Channel(name="page", platform="facebook", account_id=PAGE)


def test_a_known_signature_is_good_and_one_over_reserialised_json_is_not() -> None:
    if not VECTORS.exists():
        pytest.skip("../shared/vectors is not here")
    vector = json.loads(VECTORS.read_text())["meta"]
    secret = ChannelSecret(signing_secrets=("other", vector["secret"]))
    headers = {"x-hub-signature-256": vector["X-Hub-Signature-256"]}

    INBOUND.verify(vector["body"].encode(), headers, secret, now=NOW)
    with pytest.raises(Rejected) as refusal:
        INBOUND.verify(json.dumps(json.loads(vector["body"])).encode(), headers, secret, now=NOW)

    assert refusal.value.status == 401


def test_a_signature_over_the_same_text_with_other_escapes_is_refused() -> None:
    digest = hmac.new(b"s", BODY, hashlib.sha256).hexdigest()
    headers = {"x-hub-signature-256": f"sha256={digest}"}
    secret = ChannelSecret(signing_secrets=("s",))

    INBOUND.verify(BODY, headers, secret, now=NOW)
    with pytest.raises(Rejected):
        INBOUND.verify(json.dumps(json.loads(BODY)).encode(), headers, secret, now=NOW)


def test_feed_and_inbox_in_one_delivery_go_to_their_own_platforms() -> None:
    messaging = [{"sender": {"id": 5}, "timestamp": 1791799200000, "message": {"mid": "m1", "text": "hi"}}]
    change = {"field": "feed", "value": {"item": "post", "verb": "add", "post_id": 9, "message": "hello"}}

    delivery = INBOUND.parse(page_body(change, messaging=messaging), {}, CHANNEL, now=NOW)

    assert [message.platform for message in delivery.messages] == ["facebook", "messenger"]


def test_an_entry_without_an_id_is_taken_for_ours() -> None:
    change = {"field": "feed", "value": {"item": "comment", "verb": "add", "comment_id": "1_2", "message": "hello"}}

    delivery = INBOUND.parse(page_body(change, page=None), {}, CHANNEL, now=NOW)

    assert len(delivery.messages) == 1


NONSENSE: list[Any] = [None, True, 0, -1, 2**80, 1e308, "", "\ud800", "x" * 20_000, [], {}, [[]], {"id": []}, {"a": {}}]


def spoilt(value: Any, chance: random.Random) -> Any:
    """Return *value* with about one place in ten replaced by nonsense."""
    if chance.random() < 0.1:
        return chance.choice(NONSENSE)
    if isinstance(value, dict):
        return {key: spoilt(part, chance) for key, part in value.items()}
    return [spoilt(part, chance) for part in value] if isinstance(value, list) else value


def test_nothing_that_stands_in_a_body_makes_the_parser_fall_over() -> None:
    chance = random.Random(7)  # noqa: S311 - a repeatable choice, no secret
    messaging = [{"sender": {"id": 5}, "timestamp": 1, "message": {"mid": "m1", "attachments": [{"type": "image"}]}}]
    rating = {"field": "ratings", "value": {"item": "rating", "verb": "add", "open_graph_story_id": 8, "rating": 5}}
    whole = json.loads(
        page_body(comment(1), rating, {"field": "mention", "value": {"post_id": 1}}, messaging=messaging)
    )
    refused = 0

    for _ in range(3000):
        body = json.dumps(spoilt(whole, chance)).encode()
        try:
            delivery = INBOUND.parse(body, {}, CHANNEL, now=NOW)
        except Rejected:
            refused += 1
        else:
            assert all(message.message_id and message.thread_id for message in delivery.messages)
            assert all(message.text.encode() is not None for message in delivery.messages)

    assert 0 < refused < 1500
