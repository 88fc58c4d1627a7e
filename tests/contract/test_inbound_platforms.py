"""`ports.Inbound`, the same for every platform of the registry that sends webhooks. A new platform adds one body."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchboard.domain.message import Delivery
from switchboard.errors import Rejected
from switchboard.platforms import inbound
from switchboard.ports import ChannelSecret
from tests.fakes.bodies import BODIES, body_of
from tests.fakes.door import APP_SECRET, FORM_SECRET, NOW
from tests.fakes.signing import SIGNERS, signed_headers
from tests.fuzz.parsers import FOUND, SPEAKERS, body_for, check, parsed, trial

ROOT = Path(__file__).parents[2]
HEARD = SPEAKERS
SIGNED = sorted(SIGNERS)
WRITTEN = sorted(BODIES)
SEEDS = 400
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def secret(platform: str, *more: str) -> ChannelSecret:
    key = FORM_SECRET if platform == "web_form" else APP_SECRET
    return ChannelSecret(signing_secrets=(key, *more), verify_token="v", push_audience="a", push_sender="s")


def headers(platform: str, body: bytes, given_secret: ChannelSecret | None = None) -> dict[str, str]:
    found = signed_headers(platform, body, given_secret or secret(platform), now=NOW)
    return {name.lower(): value for name, value in found.items()}


@pytest.mark.parametrize("platform", HEARD)
def test_every_platform_of_the_registry_can_be_tested_here(platform: str) -> None:
    assert platform in SIGNERS, "add a signer to tests/fakes/signing.py"
    assert platform in BODIES, "add a body to tests/fakes/bodies.py"


@pytest.mark.parametrize("platform", WRITTEN)
def test_a_genuine_body_holds_messages_of_people(platform: str) -> None:
    found = parsed(platform, body_of(platform))

    assert isinstance(found, Delivery)
    assert any(not message.by_us for message in found.messages)
    for message in found.messages:
        check(message, platform)


@pytest.mark.parametrize("platform", WRITTEN)
def test_whatever_becomes_of_a_body_is_a_delivery_or_a_refusal(platform: str) -> None:
    outcomes = {trial(platform, body_for(platform, random.Random(f"{platform} {seed}"))) for seed in range(SEEDS)}  # noqa: S311 - a repeatable choice, no secret

    assert outcomes >= {"messages", "refused"}, "the mutations are either too gentle or too rough"


@pytest.mark.parametrize("path", sorted(FOUND.glob("*.body")), ids=lambda path: path.name)
def test_what_once_broke_a_parser_does_so_no_more(path: Path) -> None:
    trial(path.name.partition("-")[0], path.read_bytes())


@pytest.mark.parametrize("platform", HEARD)
@settings(max_examples=60, deadline=None)
@given(value=JSON)
def test_any_json_is_a_delivery_or_a_refusal(platform: str, value: Any) -> None:
    parsed(platform, json.dumps(value).encode())


@pytest.mark.parametrize("platform", HEARD)
@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=200))
def test_any_bytes_are_a_delivery_or_a_refusal(platform: str, body: bytes) -> None:
    parsed(platform, body)


@pytest.mark.parametrize("platform", WRITTEN)
def test_the_same_body_is_the_same_messages(platform: str) -> None:
    assert parsed(platform, body_of(platform)) == parsed(platform, body_of(platform))


@pytest.mark.parametrize("platform", SIGNED)
def test_a_channel_without_a_secret_is_closed(platform: str) -> None:
    body = body_of(platform)

    with pytest.raises(Rejected) as refused:
        inbound(platform).verify(body, headers(platform, body), ChannelSecret(), now=NOW)

    assert (refused.value.status, refused.value.reason) == (401, "no_secret")


@pytest.mark.parametrize("platform", sorted(set(SIGNED) - {"google_reviews"}))
def test_each_of_several_secrets_opens_while_one_is_rotated_out(platform: str) -> None:
    body, other = body_of(platform), "whsec_bmV3LXNlY3JldC1uZXctc2VjcmV0"
    speaker = inbound(platform)
    both = ChannelSecret(signing_secrets=(other, *secret(platform).signing_secrets))

    speaker.verify(body, headers(platform, body), both, now=NOW)
    speaker.verify(body, headers(platform, body, ChannelSecret(signing_secrets=(other,))), both, now=NOW)
    with pytest.raises(Rejected):
        speaker.verify(body, headers(platform, body), ChannelSecret(signing_secrets=(other,)), now=NOW)


@pytest.mark.parametrize("platform", HEARD)
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"crc_token": ""},
        {"crc_token": '{"for_user_id":"1"}'},
        {"challengeCode": 'hmacsha256={"notifications":[]}'},
        {"challengeCode": "890e4665-4dfe-4ab1-b689-ed553bceeed0\n"},
        {"hub.mode": "subscribe", "hub.verify_token": "x", "hub.challenge": "1"},
        {"hub.mode": "subscribe", "hub.verify_token": "v", "hub.challenge": "<script>"},
    ],
)
def test_what_is_no_challenge_gets_no_answer(platform: str, query: dict[str, str]) -> None:
    with pytest.raises(Rejected) as refused:
        inbound(platform).handshake(query, secret(platform))

    assert refused.value.status == 403


@pytest.mark.parametrize("platform", HEARD)
def test_the_module_that_hears_starts_fast(platform: str) -> None:
    code = f"import sys; from switchboard.platforms import inbound; inbound({platform!r}); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    modules = ran.stdout.split()

    slow = {"httpx", "pydantic", "jwt", "cryptography", "boto3", "botocore", "jinja2", "email", "http.client"}
    if platform == "web_form":  # the library of the standard brings them along
        slow -= {"httpx", "email", "http.client"}
    assert not slow & set(modules)
