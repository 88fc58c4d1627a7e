"""What the doctor asks of a Bluesky account.

https://docs.bsky.app/docs/api/com-atproto-server-get-session
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from switchboard.errors import Misconfigured, SwitchboardError
from switchboard.platforms.bluesky_session import Sessions
from switchboard.platforms.fields import dict_of, id_of
from switchboard.ports import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    import httpx

    from switchboard.ports import Channel, ChannelSecret

MOST_SKEW = 60.0
"""Seconds."""
_CONNECT = "Make an app password in Bluesky's settings (Privacy and security), and store it in the channel's secret."
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
            yield Finding(name="credentials", state="failure", detail=f"{exc}.", remedy=_CONNECT)
            return
        except SwitchboardError as exc:
            remedy = "Try again later; look at status.bsky.app."
            yield Finding(name="credentials", state="failure", detail=f"{exc}.", remedy=remedy)
            return
        did = id_of(dict_of(reply.json).get("did"))
        if did != channel.account_id:
            detail = f"The app password works, for another account ({did})."
            yield Finding(name="credentials", state="failure", detail=detail, remedy=_ACCOUNT)
        else:
            yield Finding(name="credentials", state="ok", detail="The app password works.")
        yield self._subscription(channel, secret, now)
        yield from _clock(reply.headers, now)

    def _subscription(self, channel: Channel, secret: ChannelSecret, now: datetime) -> Finding:
        try:
            self._sessions.get(channel, secret, "app.bsky.notification.listNotifications", {"limit": 1}, now=now)
        except SwitchboardError as exc:
            return Finding(name="subscription", state="failure", detail=f"{exc}.", remedy=_CONNECT)
        return Finding(name="subscription", state="ok", detail="Notifications can be read; Bluesky calls nobody.")


def _clock(headers: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    told = next((value for name, value in headers.items() if name.lower() == "date"), "")
    try:
        skew = (now - parsedate_to_datetime(told)).total_seconds()
    except (TypeError, ValueError):
        return
    if abs(skew) > MOST_SKEW:
        detail = f"This clock is {abs(skew):.0f} seconds {'ahead of' if skew > 0 else 'behind'} Bluesky's."
        yield Finding(name="clock", state="warning", detail=detail, remedy="Set the clock of this machine.")
    else:
        yield Finding(name="clock", state="ok", detail="The clocks agree.")
