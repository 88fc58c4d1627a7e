"""What the doctor asks of a Bluesky account.

https://docs.bsky.app/docs/api/com-atproto-server-get-session
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from switchboard.errors import Misconfigured, SwitchboardError
from switchboard.platforms.bluesky_session import Sessions
from switchboard.platforms.fields import dict_of, id_of
from switchboard.platforms.findings import clock, date_of, sentence
from switchboard.ports import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    import httpx

    from switchboard.ports import Channel, ChannelSecret

_CONNECT = "Make an app password in Bluesky's settings (Privacy and security), and store it in the channel's secret."
_REVIVE = "Log in to Bluesky as the hospital and read what it says of the account."
_ACCOUNT = "Put the account's DID into account_id of the channel; bsky.app shows it under the handle's settings."


class BlueskyChecks:
    """`ports.Checks` for Bluesky. App passwords do not expire, so there is no token_expiry."""

    def __init__(self, url: str = "", *, transport: httpx.BaseTransport | None = None) -> None:
        self._sessions = Sessions(url, transport=transport)

    def check(self, channel: Channel, secret: ChannelSecret, *, now: datetime) -> Sequence[Finding]:
        """Return credentials, and where they work subscription (what we may read) and clock."""
        return tuple(self._findings(channel, secret, now))

    def _findings(self, channel: Channel, secret: ChannelSecret, now: datetime) -> Iterator[Finding]:
        try:
            reply = self._sessions.get(channel, secret, "com.atproto.server.getSession", {}, now=now)
        except Misconfigured as exc:
            yield Finding(name="credentials", state="failure", detail=sentence(exc), remedy=_CONNECT)
            return
        except SwitchboardError as exc:
            remedy = "Try again later; look at status.bsky.app."
            yield Finding(name="credentials", state="failure", detail=sentence(exc), remedy=remedy)
            return
        yield self._credentials(dict_of(reply.json), channel, secret)
        yield self._subscription(channel, secret, now)
        yield from clock(date_of(reply.headers), whose="Bluesky's", now=now)

    def _credentials(self, account: dict[str, Any], channel: Channel, secret: ChannelSecret) -> Finding:
        did = id_of(account.get("did"))
        if did != channel.account_id:
            detail = f"The password works, for another account ({did})."
            return Finding(name="credentials", state="failure", detail=detail, remedy=_ACCOUNT)
        if account.get("active") is False:
            return Finding(name="credentials", state="failure", detail="The account is not active.", remedy=_REVIVE)
        if self._sessions.by_main_password(channel, secret):
            detail = "This is the account's main password, which may do everything."
            return Finding(name="credentials", state="warning", detail=detail, remedy=_CONNECT)
        return Finding(name="credentials", state="ok", detail="The app password works.")

    def _subscription(self, channel: Channel, secret: ChannelSecret, now: datetime) -> Finding:
        try:
            self._sessions.get(channel, secret, "app.bsky.notification.listNotifications", {"limit": 1}, now=now)
        except SwitchboardError as exc:
            return Finding(name="subscription", state="failure", detail=sentence(exc), remedy=_CONNECT)
        return Finding(name="subscription", state="ok", detail="Notifications can be read; Bluesky calls nobody.")
