"""Google Business Profile's API: the words of a review that a push names, and all reviews of a location.

https://developers.google.com/my-business/reference/rest/v4/accounts.locations.reviews
https://developers.google.com/my-business/reference/notifications/rest/v1/accounts/getNotificationSetting
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx

from switchboard.domain.message import Delivery, Message
from switchboard.errors import Misconfigured, SwitchboardError, Unavailable
from switchboard.platforms.fields import dict_of, id_of, list_of, moment_of, name_of, text_of
from switchboard.platforms.findings import sentence
from switchboard.platforms.google_errors import meaning
from switchboard.platforms.google_login import CONNECT, TOKEN_URL, GoogleLogin
from switchboard.platforms.http import TIMEOUT, Api
from switchboard.ports import Finding, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from switchboard.ports import Channel, ChannelSecret

PAGE_SIZE = 50
HURRIED = httpx.Timeout(2, connect=1.5, pool=1)
"""A token and a review, well before the webhook's function must end."""
NOTIFICATIONS_URL = "https://mybusinessnotifications.googleapis.com/v1"
_STARS = {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5}
_CREATED_LATE = timedelta(seconds=2)
"""An update so soon after the creation is the creation."""


def completes(url: str) -> GoogleReviews:
    """Return who fetches the words while Pub/Sub waits: hurriedly, since staff ring without them too."""
    return GoogleReviews(url, timeout=HURRIED)


def polled(url: str) -> GoogleReviews:
    """Return who asks."""
    return GoogleReviews(url)


def checks(url: str) -> GoogleReviews:
    """Return who looks at the credentials."""
    return GoogleReviews(url)


class GoogleReviews:
    """`ports.Completes`, `ports.Polled` and `ports.Checks` for reviews."""

    def __init__(
        self,
        url: str,
        *,
        login_url: str = TOKEN_URL,
        notifications_url: str = NOTIFICATIONS_URL,
        timeout: httpx.Timeout = TIMEOUT,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._api = Api(url, name="Google", meaning=meaning, timeout=timeout, transport=transport)
        self._notifications = Api(notifications_url, name="Google", meaning=meaning, transport=transport)
        self._login = GoogleLogin(login_url, timeout=timeout, transport=transport)

    def complete(self, delivery: Delivery, channel: Channel, secret: ChannelSecret, *, now: datetime) -> Delivery:
        """Put a review in the place of each notice; one whose words cannot be fetched stays, and rings without them."""
        found: list[Message] = []
        for message in delivery.messages:
            found += self._words(message, channel, secret, now)
        return replace(delivery, messages=tuple(found))

    def _words(self, notice: Message, channel: Channel, secret: ChannelSecret, now: datetime) -> list[Message]:
        try:
            headers = self._login.headers(channel, secret, now=now)
            reply = self._api.get(f"/{notice.thread_id}", headers=headers, now=now)
        except SwitchboardError:
            return [notice]
        return review_of(dict_of(reply.json), channel, via="webhook", now=now) or [notice]

    def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
        """Return up to 50 reviews and our replies, what was changed last first."""
        params = {
            "pageSize": PAGE_SIZE,
            "orderBy": "updateTime desc",
            **({"pageToken": older_than} if older_than else {}),
        }
        headers = self._login.headers(channel, secret, now=now)
        reply = self._api.get(f"/{channel.account_id}/reviews", headers=headers, params=params, now=now)
        body = dict_of(reply.json)
        entries = [dict_of(entry) for entry in list_of(body.get("reviews"))]
        found = [message for entry in entries for message in review_of(entry, channel, via="poll", now=now)]
        older = text_of(body.get("nextPageToken"))
        return Page(
            delivery=Delivery(messages=tuple(found)),
            older=older if entries and older != older_than else "",
            reaches_to=min((_said_at(message) for message in found if not message.by_us), default=None),
        )

    def check(self, channel: Channel, secret: ChannelSecret, *, now: datetime) -> Sequence[Finding]:
        """Return credentials, and where they work subscription: whether reviews are pushed at all."""
        return tuple(self._findings(channel, secret, now))

    def _findings(self, channel: Channel, secret: ChannelSecret, now: datetime) -> Iterator[Finding]:
        try:
            headers = self._login.headers(channel, secret, now=now)
            self._api.get(f"/{channel.account_id}/reviews", headers=headers, params={"pageSize": 1}, now=now)
        except SwitchboardError as exc:
            later = isinstance(exc, Unavailable)
            remedy = "Try again later." if later else f"{CONNECT} Is account_id accounts/…/locations/…?"
            yield Finding(name="credentials", state="failure", detail=sentence(exc), remedy=remedy)
            return
        yield Finding(name="credentials", state="ok", detail="The location's reviews can be read.")
        yield self._subscription(channel, headers, now)

    def _subscription(self, channel: Channel, headers: dict[str, str], now: datetime) -> Finding:
        account = channel.account_id.partition("/locations/")[0]
        remedy = (
            "Set pubsubTopic and notificationTypes NEW_REVIEW, UPDATED_REVIEW in the account's notificationSetting."
        )
        try:
            reply = self._notifications.get(f"/{account}/notificationSetting", headers=headers, now=now)
        except Misconfigured as exc:
            return Finding(name="subscription", state="warning", detail=f"It cannot be read: {exc}.", remedy=remedy)
        except SwitchboardError as exc:
            return Finding(name="subscription", state="warning", detail=sentence(exc), remedy="Try again later.")
        setting = dict_of(reply.json)
        types = {text_of(kind) for kind in list_of(setting.get("notificationTypes"))}
        missing = sorted({"NEW_REVIEW", "UPDATED_REVIEW"} - types)
        if not text_of(setting.get("pubsubTopic")):
            return Finding(
                name="subscription", state="failure", detail="Google pushes nothing: no topic.", remedy=remedy
            )
        if missing:
            detail = f"Google does not push {' and '.join(missing)}; polling finds them later."
            return Finding(name="subscription", state="warning", detail=detail, remedy=remedy)
        return Finding(name="subscription", state="ok", detail="Google pushes new and changed reviews.")


def review_of(entry: dict[str, Any], channel: Channel, *, via: Any, now: datetime) -> list[Message]:  # noqa: ANN401 - Via
    """Return the review, as it reads now, and our reply to it; nothing when it has no name."""
    review = id_of(entry.get("name")) or (
        f"{channel.account_id}/reviews/{id_of(entry.get('reviewId'))}" if id_of(entry.get("reviewId")) else ""
    )
    if not review:
        return []
    reviewer = dict_of(entry.get("reviewer"))
    stars = _STARS.get(text_of(entry.get("starRating")))
    created = moment_of(entry.get("createTime"), now, now=now)
    updated = moment_of(entry.get("updateTime"), created, now=now)
    is_edit = updated - created > _CREATED_LATE
    name = "" if reviewer.get("isAnonymous") is True else name_of(reviewer.get("displayName"))
    message = Message(
        channel=channel.name,
        platform="google_reviews",
        kind="review",
        message_id=review,
        thread_id=review,
        author_id=f"{review}#author",
        author_name=name,
        text=text_of(entry.get("comment")),
        attachments=(f"rating {stars}",) if stars else (),
        via=via,
        sent_at=created,
        received_at=now,
        change="edited" if is_edit else "new",
        changed_at=updated if is_edit else None,
        expires_at=channel.kept_until(now),
    )
    reply = dict_of(entry.get("reviewReply"))
    if not reply:
        return [message]
    ours = replace(
        message,
        message_id=f"{review}#reply",
        author_id=channel.account_id,
        author_name="",
        text=text_of(reply.get("comment")),
        attachments=(),
        reply_to=review,
        by_us=True,
        sent_at=moment_of(reply.get("updateTime"), now, now=now),
        change="new",
        changed_at=None,
    )
    return [message, ours]


def _said_at(message: Message) -> datetime:
    return message.changed_at or message.sent_at
