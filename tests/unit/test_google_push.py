"""Pub/Sub's pushes: only what Google signed for us opens, and what a push tells is found in any of its shapes."""

from __future__ import annotations

import base64
import json
import random
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from switchboard.domain.message import Ignored
from switchboard.errors import Rejected, Unavailable
from switchboard.platforms.google_keys import GoogleKeys
from switchboard.platforms.google_reviews import GooglePush
from switchboard.ports import Channel, ChannelSecret
from tests.fakes.door import NOW
from tests.fakes.signing import google_key, google_keys, google_token
from tests.prove import runs

if TYPE_CHECKING:
    from datetime import datetime

    from tests.prove import Proofs

SECRET = ChannelSecret(push_audience="https://example.org/hook", push_sender="push@example.iam.gserviceaccount.com")
CHANNEL = Channel(name="reviews", platform="google_reviews", account_id="accounts/1/locations/2")
MINUTE = timedelta(minutes=1)


class Google:
    """Publishes keys, or fails."""

    def __init__(self) -> None:
        self.keys: Any = google_keys()
        self.status = 200
        self.asked = 0
        self.push = GooglePush(GoogleKeys(transport=httpx.MockTransport(self._answer)))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        assert str(request.url) == "https://www.googleapis.com/oauth2/v3/certs"
        self.asked += 1
        return httpx.Response(self.status, json=self.keys, headers={"Cache-Control": "public, max-age=3600"})

    def verify(self, token: str, *, now: datetime = NOW, secret: ChannelSecret = SECRET) -> None:
        self.push.verify(b"{}", {"authorization": f"Bearer {token}"}, secret, now=now)


@pytest.fixture
def google() -> Google:
    return Google()


def reason_of(google: Google, token: str, **given: Any) -> str:
    with pytest.raises(Rejected) as refused:
        google.verify(token, **given)
    assert refused.value.status == 401
    return refused.value.reason


def claims(**changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = jwt.decode(google_token(SECRET, NOW), options={"verify_signature": False})
    return told | changes


# --- who pushes ------------------------------------------------------------------------------------------------


def test_what_google_signed_for_us_opens_and_its_keys_are_kept(google: Google) -> None:
    for minutes in range(0, 60, 5):
        google.verify(google_token(SECRET, NOW + minutes * MINUTE), now=NOW + minutes * MINUTE)
    before = google.asked
    google.verify(google_token(SECRET, NOW + 61 * MINUTE), now=NOW + 61 * MINUTE)

    assert (before, google.asked) == (1, 2)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"aud": "https://example.org/other"}, "wrong_audience"),
        ({"email": "somebody@example.iam.gserviceaccount.com"}, "wrong_sender"),
        ({"email_verified": False}, "wrong_sender"),
        ({"email_verified": "true"}, "wrong_sender"),
        ({"iss": "https://accounts.example.org"}, "wrong_issuer"),
        ({"exp": int(NOW.timestamp()) - 61}, "wrong_time"),
        ({"iat": int(NOW.timestamp()) + 61}, "wrong_time"),
        ({"exp": "soon"}, "wrong_time"),
        ({"exp": None}, "wrong_signature"),
    ],
)
def test_a_token_that_is_not_for_us_is_refused(google: Google, changes: dict[str, Any], reason: str) -> None:
    assert reason_of(google, google_token(SECRET, NOW, **changes)) == reason


def test_a_clock_that_is_a_little_off_is_forgiven(google: Google) -> None:
    google.verify(google_token(SECRET, NOW, exp=int(NOW.timestamp()) - 59))
    google.verify(google_token(SECRET, NOW, iat=int(NOW.timestamp()) + 59))


def test_only_google_s_own_keys_and_their_own_way_to_sign_count(google: Google) -> None:
    public = (
        google_key()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    confused = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": "k1"}).encode()).rstrip(b"=").decode()
    body = base64.urlsafe_b64encode(json.dumps(claims()).encode()).rstrip(b"=").decode()
    signed = jwt.api_jws.PyJWS().get_algorithm_by_name("HS256")
    signature = base64.urlsafe_b64encode(signed.sign(f"{confused}.{body}".encode(), b"x" * 10 + public[10:])).decode()
    forgeries = [
        jwt.encode(claims(), other, algorithm="RS256", headers={"kid": "k1"}),
        jwt.encode(claims(), google_key(), algorithm="RS256", headers={"kid": "k2"}),
        jwt.encode(claims(), google_key(), algorithm="RS256"),
        jwt.encode(claims(), google_key(), algorithm="RS512", headers={"kid": "k1"}),
        jwt.encode(claims(), "secret" * 8, algorithm="HS256", headers={"kid": "k1"}),
        f"{confused}.{body}.{signature.rstrip('=')}",
        jwt.encode(claims(), None, algorithm="none", headers={"kid": "k1"}) + "AA",
        google_token(SECRET, NOW)[:-4] + "AAAA",
    ]

    assert {reason_of(google, token) for token in forgeries} == {"wrong_signature"}


@pytest.mark.prove
def test_no_letter_of_a_token_can_be_another(google: Google, proofs: Proofs) -> None:
    token, trials = google_token(SECRET, NOW), runs(few=300, full=5_000)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.="
    accepted = 0
    for seed in range(trials):
        chance = random.Random(seed)  # noqa: S311 - a repeatable choice, no secret
        place = chance.randrange(len(token)) if seed % 3 else len(token) - 1
        other = chance.choice([letter for letter in letters if letter != token[place]])
        try:
            google.verify(token[:place] + other + token[place + 1 :])
            accepted += 1
        except Rejected:
            continue

    proofs.record("1 a forged delivery is refused, by every scheme", trials=trials, failures=accepted)
    assert accepted == 0


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer a.b", "bearer a.b.c", "Basic YTpi", "Bearer a.b.c d"])
def test_what_is_no_bearer_token_is_refused(google: Google, header: str) -> None:
    with pytest.raises(Rejected) as refused:
        google.push.verify(b"", {"authorization": header}, SECRET, now=NOW)
    assert refused.value.reason == "no_signature"


@pytest.mark.parametrize("gone", ["push_audience", "push_sender"])
def test_half_a_secret_is_closed(google: Google, gone: str) -> None:
    assert reason_of(google, google_token(SECRET, NOW), secret=replace(SECRET, **{gone: ""})) == "no_secret"


def test_while_google_s_keys_cannot_be_had_nothing_is_accepted_and_google_sends_again(google: Google) -> None:
    google.status = 500
    with pytest.raises(Unavailable):
        google.verify(google_token(SECRET, NOW))


def test_a_key_that_google_rotated_in_is_fetched_and_invented_ones_do_not_hammer_it(google: Google) -> None:
    google.verify(google_token(SECRET, NOW))
    invented = jwt.encode(claims(), google_key(), algorithm="RS256", headers={"kid": "new"})
    for seconds in range(0, 59, 2):
        reason_of(google, invented, now=NOW + timedelta(seconds=seconds))
    asked = google.asked
    google.keys["keys"][0]["kid"] = "new"
    google.verify(invented, now=NOW + 2 * MINUTE)

    assert (asked, google.asked) == (1, 2)


# --- what it tells ---------------------------------------------------------------------------------------------


def push(told: Any, **attributes: str) -> bytes:
    data = base64.b64encode(json.dumps(told).encode()).decode()
    message = {"data": data, "messageId": "m", "publishTime": "2026-10-12T09:59:00Z", "attributes": attributes}
    return json.dumps({"message": message, "subscription": "projects/p/subscriptions/s"}).encode()


@pytest.mark.parametrize(
    "told",
    [
        {"notificationType": "NEW_REVIEW", "review": "accounts/1/locations/2/reviews/3"},
        {"notificationType": "NEW_REVIEW", "location": "accounts/1/locations/2", "reviewId": "3"},
        {"type": "UPDATED_REVIEW", "locationName": "locations/2", "reviewId": "3"},
        {"reviewName": "accounts/1/locations/2/reviews/3"},
        {"review": {"name": "accounts/1/locations/2/reviews/3"}},
        {"review": {"reviewId": "3"}},
    ],
)
def test_the_review_is_found_in_every_shape_that_is_known(google: Google, told: Any) -> None:
    delivery = google.push.parse(push(told), {}, CHANNEL, now=NOW)

    (message,) = delivery.messages
    assert message.thread_id == "accounts/1/locations/2/reviews/3"
    assert (message.kind, message.text, message.attachments) == ("review", "", ("review",))


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"notificationType": "NEW_QUESTION", "question": "x"}, "other_notification"),
        ({"notificationType": "NEW_REVIEW"}, "no_review"),
        ({"notificationType": "NEW_REVIEW", "review": "accounts/1/locations/2/reviews/../../3"}, "no_review"),
        ({"notificationType": "NEW_REVIEW", "review": "accounts/1/locations/3/reviews/3"}, "other_account"),
        ({"notificationType": "NEW_REVIEW", "review": "accounts/1/locations/22/reviews/3"}, "other_account"),
    ],
)
def test_what_is_no_review_of_ours_is_kept_and_named(google: Google, told: Any, reason: str) -> None:
    delivery = google.push.parse(push(told), {}, CHANNEL, now=NOW)

    assert delivery.messages == ()
    (ignored,) = delivery.ignored
    assert isinstance(ignored, Ignored)
    assert (ignored.reason, bool(ignored.event)) == (reason, True)
