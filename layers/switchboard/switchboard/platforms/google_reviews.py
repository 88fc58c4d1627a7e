"""Google Business Profile's reviews, as Pub/Sub pushes them: signed by Google, and naming a review without its words.

https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions
https://developers.google.com/my-business/content/notification-setup

What stands in `data` differs from account to account: the review's whole name, its parts, under several words.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from switchboard.domain.message import Delivery, Ignored, Message
from switchboard.errors import Rejected
from switchboard.platforms.fields import dict_of, event_json, id_of, json_object, moment_of, text_of, wrong_shape
from switchboard.platforms.google_keys import GoogleKeys

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from switchboard.ports import Channel, ChannelSecret, Handshake

LEEWAY = timedelta(seconds=60)
_ISSUERS = ("https://accounts.google.com", "accounts.google.com")
_BEARER = re.compile(r"Bearer ([A-Za-z0-9_-]{1,4096}\.[A-Za-z0-9_-]{1,8192}\.[A-Za-z0-9_-]{1,2048})", re.ASCII)
_REVIEW = re.compile(r"accounts/[\w=-]{1,64}/locations/[\w=-]{1,64}/reviews/[\w=-]{1,256}", re.ASCII)
_REVIEWS = frozenset({"NEW_REVIEW", "UPDATED_REVIEW", "REVIEW", "NEW_CUSTOMER_REVIEW"})


class GooglePush:
    """`ports.Inbound` for Pub/Sub pushes. *keys* are Google's."""

    def __init__(self, keys: GoogleKeys | None = None) -> None:
        self._keys = keys or GoogleKeys()

    def handshake(self, query: Mapping[str, str], secret: ChannelSecret) -> Handshake:  # noqa: ARG002 - it has none
        """Raise Rejected: Pub/Sub asks for no proof, it signs."""
        raise Rejected("Pub/Sub has no handshake; it POSTs to this URL", status=403, reason="handshake")

    def verify(self, body: bytes, headers: Mapping[str, str], secret: ChannelSecret, *, now: datetime) -> None:  # noqa: ARG002 - the token does not cover the body
        """Raise Rejected (401) unless Google made the token for us and our own sender; Unavailable without keys."""
        if not (secret.push_audience and secret.push_sender):
            _refuse("this channel has no push_audience and push_sender yet; set them", "no_secret")
        found = _BEARER.fullmatch(headers.get("authorization", ""))
        if not found or not all(map(_is_canonical, found[1].split("."))):
            _refuse("authorization must be Bearer and a token; turn authentication on in Pub/Sub", "no_signature")
        claims = self._claims(found[1], secret, now)
        if claims.get("iss") not in _ISSUERS:
            _refuse("the token is not Google's", "wrong_issuer")
        if claims.get("email") != secret.push_sender or claims.get("email_verified") is not True:
            _refuse("the token is of another service account", "wrong_sender")
        _check_times(claims, now)

    def _claims(self, token: str, secret: ChannelSecret, now: datetime) -> dict[str, Any]:
        """Return what the token says, if one of Google's keys signed it for our audience."""
        import jwt  # noqa: PLC0415 - slow to import, and no other platform needs it

        try:
            told = jwt.get_unverified_header(token)
            named = told.get("kid")
            key = self._keys.find(named, now=now) if isinstance(named, str) and told.get("alg") == "RS256" else None
            if key is None:
                _refuse("the token is by no key of Google's", "wrong_signature")
            return jwt.decode(
                token,
                jwt.PyJWK(key, algorithm="RS256"),
                algorithms=["RS256"],
                audience=secret.push_audience,
                # the times are held against the moment that we were given
                options={"require": ["exp", "iat", "iss", "aud"], "verify_exp": False, "verify_iat": False},
            )
        except jwt.InvalidAudienceError:
            _refuse("the token is for another audience", "wrong_audience")
        except (jwt.PyJWTError, ValueError, TypeError, KeyError):
            _refuse("the token's signature is not Google's", "wrong_signature")

    def parse(self, body: bytes, headers: Mapping[str, str], channel: Channel, *, now: datetime) -> Delivery:  # noqa: ARG002 - it is all in the body
        """Return the review that the push names, without its words; whatever else it tells is kept as ignored."""
        envelope = json_object(body)
        if not isinstance(envelope.get("message"), dict):
            wrong_shape('"message"', "an object")
        message = dict_of(envelope["message"])
        told = _data(message)
        kind = next((text_of(told.get(name)) for name in ("notificationType", "type", "eventType") if name in told), "")
        review = _name_of(told, channel)
        if kind and kind.upper() not in _REVIEWS:
            return Delivery(ignored=(Ignored(reason="other_notification", event=event_json(envelope)),))
        if not review:
            return Delivery(ignored=(Ignored(reason="no_review", event=event_json(envelope)),))
        if channel.account_id and not _is_at(review, channel.account_id):
            return Delivery(ignored=(Ignored(reason="other_account", event=event_json(envelope)),))
        told_at = moment_of(message.get("publishTime") or message.get("publish_time"), now, now=now)
        return Delivery(messages=(notice(review, channel, told_at=told_at, now=now),))


INBOUND = GooglePush()


def notice(review: str, channel: Channel, *, told_at: datetime, now: datetime) -> Message:
    """Return that there is a review, without its words: they come under the review's own id."""
    return Message(
        channel=channel.name,
        platform="google_reviews",
        kind="review",
        message_id=f"{review}#notice",
        thread_id=review,
        author_id="",
        attachments=("review",),
        sent_at=told_at,
        received_at=now,
        expires_at=channel.kept_until(now),
    )


def _data(message: dict[str, Any]) -> dict[str, Any]:
    data = message.get("data")
    if not isinstance(data, str):
        return dict_of(message.get("attributes"))
    try:
        raw = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        wrong_shape('"message.data"', "base64")
    return {**dict_of(message.get("attributes")), **json_object(raw)}


def _name_of(told: dict[str, Any], channel: Channel) -> str:
    """Return the review's whole name, put together from what is there; "" when it cannot be."""
    inner = dict_of(told.get("review"))
    candidates = [id_of(told.get(name)) for name in ("review", "reviewName", "name", "resourceName", "reviewId")]
    candidates += [id_of(inner.get(name)) for name in ("name", "reviewId")]
    whole = next((name for name in candidates if _REVIEW.fullmatch(name)), "")
    short = next((name for name in candidates if name and "/" not in name), "")
    names = ("locationName", "location", "locationId")
    location = next((id_of(told.get(name)) for name in names if name in told), "") or channel.account_id
    if location.startswith("locations/"):
        location = f"{channel.account_id.partition('/locations/')[0]}/{location}"
    put_together = f"{location}/reviews/{short}"
    return whole or (put_together if short and _REVIEW.fullmatch(put_together) else "")


def _is_at(review: str, location: str) -> bool:
    return review.startswith(f"{location.rstrip('/')}/")


def _is_canonical(part: str) -> bool:
    """Whether *part* is the one way to write its bytes: the last letter of base64 may have others."""
    try:
        raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        return False
    return base64.urlsafe_b64encode(raw).rstrip(b"=") == part.encode()


def _check_times(claims: dict[str, Any], now: datetime) -> None:
    moment, leeway = now.timestamp(), LEEWAY.total_seconds()
    issued, expires = claims.get("iat"), claims.get("exp")
    numbers = all(isinstance(told, (int, float)) and not isinstance(told, bool) for told in (issued, expires))
    if not numbers or float(issued or 0) > moment + leeway or float(expires or 0) <= moment - leeway:
        _refuse("the token has expired, or is of the future", "wrong_time")


def _refuse(message: str, reason: str) -> NoReturn:
    raise Rejected(message, status=401, reason=reason)
