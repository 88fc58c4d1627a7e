"""Who calls: Meta's handshake and its signatures, the same for Pages, Instagram and WhatsApp."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.errors import Rejected
from switchboard.platforms.meta_signature import MetaSigned
from switchboard.ports import ChannelSecret
from tests.fakes.door import NOW

META = MetaSigned()
BODY = b'{"object":"instagram","entry":[]}'
BOTH = ChannelSecret(signing_secrets=("facebook-app", "instagram-app"), verify_token="sample-verify-token")
QUERY = {"hub.mode": "subscribe", "hub.verify_token": "sample-verify-token", "hub.challenge": "1158201444"}


def signed(secret: str, body: bytes = BODY) -> dict[str, str]:
    return {"x-hub-signature-256": f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"}


def refusal(headers: dict[str, str], secret: ChannelSecret = BOTH, body: bytes = BODY) -> tuple[int, str]:
    with pytest.raises(Rejected) as refused:
        META.verify(body, headers, secret, now=NOW)
    return refused.value.status, refused.value.reason


@pytest.mark.parametrize("secret", BOTH.signing_secrets)
def test_either_apps_secret_opens_the_door(secret: str) -> None:
    META.verify(BODY, signed(secret), BOTH, now=NOW)


def test_a_secret_that_is_not_ours_opens_nothing() -> None:
    assert refusal(signed("another-app")) == (401, "wrong_signature")


@given(st.binary(max_size=60))
def test_what_was_signed_is_these_bytes_and_no_others(body: bytes) -> None:
    META.verify(body, signed("instagram-app", body), BOTH, now=NOW)

    assert refusal(signed("instagram-app", body), body=body + b" ") == (401, "wrong_signature")


@pytest.mark.parametrize("secrets", [(), ("",), ("", "")])
def test_a_channel_without_a_secret_is_closed_even_to_whoever_signs_with_an_empty_one(secrets: tuple[str, ...]) -> None:
    assert refusal(signed(""), ChannelSecret(signing_secrets=secrets)) == (401, "no_secret")


def test_an_empty_secret_beside_a_good_one_opens_nothing() -> None:
    assert refusal(signed(""), ChannelSecret(signing_secrets=("", "facebook-app"))) == (401, "wrong_signature")


@pytest.mark.parametrize(
    "written",
    ["", "{digest}", "sha1={digest}", "SHA256={digest}", " sha256={digest}", "sha256={digest}\n", "sha256={digest}0"],
)
def test_a_signature_is_written_in_one_way_only(written: str) -> None:
    digest = signed("facebook-app")["x-hub-signature-256"].removeprefix("sha256=")
    spoilt = [written.format(digest=digest), f"sha256={digest.upper()}", f"sha256={digest[:-1]}\u0660"]

    assert {refusal({"x-hub-signature-256": one}) for one in spoilt} == {(401, "no_signature")}


def test_the_older_signature_is_not_looked_at() -> None:
    digest = hmac.new(b"facebook-app", BODY, hashlib.sha1).hexdigest()

    assert refusal({"x-hub-signature": f"sha1={digest}"}) == (401, "no_signature")


def test_the_challenge_comes_back_as_it_was_sent() -> None:
    assert META.handshake(QUERY, BOTH).body == "1158201444"


@pytest.mark.parametrize(
    "changes",
    [
        {"hub.mode": "unsubscribe"},
        {"hub.mode": ""},
        {"hub.verify_token": ""},
        {"hub.verify_token": "sample-verify-toke\u0146"},
        {"hub.verify_token": "\ud800"},
        {"hub.challenge": ""},
        {"hub.challenge": "<script>"},
        {"hub.challenge": '{"object":"page"}'},
        {"hub.challenge": "1\n"},
        {"hub.challenge": "1" * 257},
    ],
)
def test_a_handshake_that_is_not_metas_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(Rejected) as refused:
        META.handshake(QUERY | changes, BOTH)

    assert (refused.value.status, refused.value.reason) == (403, "handshake")


def test_a_channel_without_a_verify_token_answers_no_handshake() -> None:
    with pytest.raises(Rejected):
        META.handshake(QUERY | {"hub.verify_token": ""}, ChannelSecret(signing_secrets=("facebook-app",)))
