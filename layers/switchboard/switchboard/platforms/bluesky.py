"""Bluesky, asked what our account was told: it calls nobody.

https://docs.bsky.app/docs/api/app-bsky-notification-list-notifications
https://docs.bsky.app/docs/api/app-bsky-feed-get-author-feed

Mentions, answers and quotes are messages. `isRead` is no cursor: whoever opens the app reads. The server's `indexedAt`
counts, and is the earlier of its own clock and the author's: what is dated back stands further down. `priority` would
hide whom we do not follow, and an account can be set so: we ask for all. Direct messages stand behind another service
and are not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Delivery, Ignored, Message
from switchboard.errors import SwitchboardError, Unavailable
from switchboard.platforms.bluesky_checks import BlueskyChecks
from switchboard.platforms.bluesky_posts import notified, own_answers
from switchboard.platforms.bluesky_session import Sessions
from switchboard.platforms.fields import dict_of, id_of, list_of, moment_of
from switchboard.ports import Page

if TYPE_CHECKING:
    from datetime import datetime

    import httpx

    from switchboard.ports import Channel, ChannelSecret

PAGE_SIZE = 50
OWN_ANSWERS = 30


def polled(url: str) -> BlueskyNotifications:
    """Return who asks; *url* stands in for the server in the secret, unless empty."""
    return BlueskyNotifications(url)


def checks(url: str) -> BlueskyChecks:
    """Return who looks at the credentials; *url* stands in for the server in the secret, unless empty."""
    return BlueskyChecks(url)


class BlueskyNotifications:
    """`ports.Polled` for Bluesky."""

    def __init__(self, url: str = "", *, transport: httpx.BaseTransport | None = None) -> None:
        self._sessions = Sessions(url, transport=transport)

    def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
        """Return up to 50 notifications, the newest first, as messages; the first page brings our own answers too.

        When our own answers cannot be read, "own_answers_unread" is ignored, and what people wrote comes all the same.
        """
        params: dict[str, Any] = {
            "limit": PAGE_SIZE,
            "priority": False,
            **({"cursor": older_than} if older_than else {}),
        }
        reply = self._sessions.get(channel, secret, "app.bsky.notification.listNotifications", params, now=now)
        body = dict_of(reply.json)
        if not isinstance(body.get("notifications"), list):
            raise Unavailable("Bluesky gave no list")
        entries = [dict_of(entry) for entry in list_of(body["notifications"])]
        found = [notified(entry, channel, now=now) for entry in entries]
        if not older_than:
            found += self._own_answers(channel, secret, now)
        older = id_of(body.get("cursor"))
        return Page(
            delivery=Delivery(
                messages=tuple(part for part in found if isinstance(part, Message)),
                ignored=tuple(part for part in found if isinstance(part, Ignored)),
            ),
            older=older if older != older_than else "",
            reaches_to=_reaches_to(entries, now),
        )

    def _own_answers(self, channel: Channel, secret: ChannelSecret, now: datetime) -> list[Message | Ignored]:
        params = {"actor": channel.account_id, "filter": "posts_with_replies", "limit": OWN_ANSWERS}
        try:
            reply = self._sessions.get(channel, secret, "app.bsky.feed.getAuthorFeed", params, now=now)
        except SwitchboardError:
            return [Ignored(reason="own_answers_unread")]
        return [*own_answers(list_of(dict_of(reply.json).get("feed")), channel, now=now)]


def _reaches_to(entries: list[dict[str, Any]], now: datetime) -> datetime | None:
    """Return when the last entry that tells a time was indexed."""
    for entry in reversed(entries):
        told = entry.get("indexedAt")
        found = moment_of(told, now, now=now)
        if told and found != now:
            return found
    return None
