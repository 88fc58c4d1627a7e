"""Mastodon, asked what our account was told: it calls nobody.

https://docs.joinmastodon.org/methods/notifications/#get

What polling cannot see: that somebody deleted a status. Of an edit GoToSocial tells by an "update"; Mastodon tells that
only to who boosted it, but shows every status as it reads now, with `edited_at`: an edit is seen as long as the page
that the mention stands on is read again.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit

from switchboard.domain.message import Delivery, Ignored, Message
from switchboard.errors import Misconfigured, Rejected, SwitchboardError, Unavailable
from switchboard.platforms.fields import dict_of, id_of, list_of, moment_of
from switchboard.platforms.mastodon_checks import MastodonChecks
from switchboard.platforms.mastodon_server import Servers
from switchboard.platforms.mastodon_status import notified, own_answer
from switchboard.ports import Page

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from switchboard.platforms.http import Reply
    from switchboard.ports import Channel, ChannelSecret

PAGE_SIZE = "40"
OWN_ANSWERS = "20"
_NEVER = datetime.min.replace(tzinfo=UTC)
_LINK = re.compile(r'<([^<>]{1,2000})>\s*;\s*rel="?([a-z]{1,20})"?')


def polled(url: str) -> MastodonNotifications:
    """Return who asks; *url* stands in for the server in the secret, unless empty."""
    return MastodonNotifications(url)


def checks(url: str) -> MastodonChecks:
    """Return who looks at the credentials; *url* stands in for the server in the secret, unless empty."""
    return MastodonChecks(url)


class MastodonNotifications:
    """`ports.Polled` for Mastodon: mentions, direct messages and edits, and what we answered in the app."""

    def __init__(self, url: str = "", *, transport: httpx.BaseTransport | None = None) -> None:
        self._servers = Servers(url, transport=transport)

    def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
        """Return up to 40 notifications, the newest first, as messages; the first page brings our own answers too.

        A server may ignore `types[]`, so what is no message is left out here. Our own answers come from a second
        request; when that fails, "own_answers_unread" is ignored, and what people wrote comes all the same.
        """
        params: dict[str, Any] = {"types[]": ["mention", "update"], "limit": PAGE_SIZE}
        if older_than:
            params["max_id"] = older_than
        try:
            reply = self._servers.get(channel, secret, "/api/v1/notifications", params, now=now)
        except Rejected as exc:
            said = f"the server of channel {channel.name} does not give notifications; check its address in the secret"
            raise Misconfigured(said) from exc
        entries = _entries(reply)
        found = [notified(entry, channel, now=now) for entry in entries]
        if not older_than:
            found += self._own_answers(channel, secret, now=now)
        older = _mark(reply, entries, self._servers.of(channel, secret))
        return Page(
            delivery=Delivery(
                messages=tuple(part for part in found if isinstance(part, Message)),
                ignored=tuple(part for part in found if isinstance(part, Ignored)),
            ),
            older="" if older == older_than else older,
            reaches_to=_reaches_to(entries, now),
        )

    def _own_answers(self, channel: Channel, secret: ChannelSecret, *, now: datetime) -> list[Message | Ignored]:
        if not channel.account_id:
            return []
        path = f"/api/v1/accounts/{quote(channel.account_id, safe='')}/statuses"
        params = {"exclude_reblogs": "true", "limit": OWN_ANSWERS}
        try:
            reply = self._servers.get(channel, secret, path, params, now=now)
            statuses = [dict_of(entry) for entry in _entries(reply)]
        except SwitchboardError:
            return [Ignored(reason="own_answers_unread")]
        return [found for status in statuses if (found := own_answer(status, channel, now=now))]


def _entries(reply: Reply) -> list[Any]:
    entries = list_of(reply.json)
    if not isinstance(reply.json, list):
        raise Unavailable("Mastodon gave no list")
    return entries


def _mark(reply: Reply, entries: list[Any], server: str) -> str:
    """Return the `max_id` of the next page: as the server links it, else the id of the last entry."""
    if not entries:
        return ""
    return _linked(reply.headers, server) or id_of(dict_of(entries[-1]).get("id"))


def _linked(headers: Mapping[str, str], server: str) -> str:
    header = next((value for name, value in headers.items() if name.lower() == "link"), "")
    following = next((str(link[1]) for link in _LINK.finditer(header) if link[2] == "next"), "")
    try:
        link, ours = urlsplit(following), urlsplit(server)
    except ValueError:
        return ""
    if link.netloc.lower() != ours.netloc.lower():
        return ""
    return id_of(next(iter(parse_qs(link.query).get("max_id", [])), ""))


def _reaches_to(entries: list[Any], now: datetime) -> datetime | None:
    """Return when the last entry that tells a time was made: entries come in the order of their making."""
    told = (moment_of(dict_of(entry).get("created_at"), _NEVER, now=now) for entry in reversed(entries))
    return next((moment for moment in told if moment is not _NEVER), None)
