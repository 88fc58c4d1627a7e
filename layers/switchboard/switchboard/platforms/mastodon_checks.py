"""What the doctor asks of a Mastodon account: is the server there, is the token ours, may it do what we need.

https://docs.joinmastodon.org/methods/accounts/#verify_credentials
https://docs.joinmastodon.org/methods/apps/#verify_credentials
https://docs.joinmastodon.org/methods/instance/

The last two are told differently, or not at all, by other servers: what is not there is no finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from switchboard.errors import Misconfigured, Rejected, SwitchboardError
from switchboard.platforms.fields import dict_of, id_of, list_of, text_of
from switchboard.platforms.findings import clock, date_of, sentence
from switchboard.platforms.mastodon_server import Servers
from switchboard.ports import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    import httpx

    from switchboard.platforms.http import Reply
    from switchboard.ports import Channel, ChannelSecret

NEEDED = ("read:accounts", "read:notifications", "read:statuses", "write:statuses")
_ADDRESS = "Set \"server\" in the channel's secret to the account's server, as https://social.example.org."
_CONNECT = "Make a new access token in the account's settings (Development), and store it in the channel's secret."


class MastodonChecks:
    """`ports.Checks` for Mastodon. Its tokens do not expire, so there is no token_expiry."""

    def __init__(self, url: str = "", *, transport: httpx.BaseTransport | None = None) -> None:
        self._servers = Servers(url, transport=transport)

    def check(self, channel: Channel, secret: ChannelSecret, *, now: datetime) -> Sequence[Finding]:
        """Return credentials, and where they work clock, fields (the scopes) and subscription (what we may read)."""
        return tuple(self._findings(channel, secret, now))

    def _findings(self, channel: Channel, secret: ChannelSecret, now: datetime) -> Iterator[Finding]:
        try:
            reply = self._servers.get(channel, secret, "/api/v1/accounts/verify_credentials", now=now)
        except SwitchboardError as exc:
            yield self._unusable(exc, channel, secret, now)
            return
        yield _credentials(reply, channel)
        yield from clock(date_of(reply.headers), whose="the server's", now=now)
        yield from self._scopes(channel, secret, now)
        yield self._subscription(channel, secret, now)

    def _unusable(self, exc: SwitchboardError, channel: Channel, secret: ChannelSecret, now: datetime) -> Finding:
        """Return why the account cannot be asked: the address, the token, or a server that does not answer."""
        try:
            server = self._servers.of(channel, secret)
        except Misconfigured as wrong:
            return Finding(name="credentials", state="failure", detail=sentence(wrong), remedy=_ADDRESS)
        if isinstance(exc, Misconfigured):
            remedy = _CONNECT if self._version(channel, secret, now) else f"{_ADDRESS} {_CONNECT}"
            return Finding(name="credentials", state="failure", detail=sentence(exc), remedy=remedy)
        if isinstance(exc, Rejected):
            detail = f"{server} does not answer as a Mastodon server does."
            return Finding(name="credentials", state="failure", detail=detail, remedy=_ADDRESS)
        detail = f"{server} does not answer, or asks to wait; whether the token works is not known."
        return Finding(name="credentials", state="failure", detail=detail, remedy=f"Try again later. {_ADDRESS}")

    def _subscription(self, channel: Channel, secret: ChannelSecret, now: datetime) -> Finding:
        try:
            self._servers.get(channel, secret, "/api/v1/notifications", {"limit": "1"}, now=now)
        except SwitchboardError as exc:
            remedy = f"The token needs the scope read:notifications. {_CONNECT}"
            return Finding(name="subscription", state="failure", detail=sentence(exc), remedy=remedy)
        try:
            own = f"/api/v1/accounts/{quote(channel.account_id, safe='')}/statuses"
            self._servers.get(channel, secret, own, {"exclude_reblogs": "true", "limit": "1"}, now=now)
        except SwitchboardError:
            detail = "What the account answers in the app cannot be read: such a question goes on ringing."
            remedy = f"The token needs the scope read:statuses, and account_id must be the account's id. {_CONNECT}"
            return Finding(name="subscription", state="warning", detail=detail, remedy=remedy)
        version = self._version(channel, secret, now)
        detail = "Notifications can be read; the server calls nobody, it is asked"
        return Finding(name="subscription", state="ok", detail=f"{detail} ({version})." if version else f"{detail}.")

    def _scopes(self, channel: Channel, secret: ChannelSecret, now: datetime) -> Iterator[Finding]:
        """Yield what the application may do, where the server tells it; a token may do no more than that."""
        try:
            reply = self._servers.get(channel, secret, "/api/v1/apps/verify_credentials", now=now)
        except SwitchboardError:
            return
        told = dict_of(reply.json).get("scopes")
        scopes = text_of(told).split() if isinstance(told, str) else [text_of(scope) for scope in list_of(told)]
        missing = [scope for scope in NEEDED if not {scope, scope.partition(":")[0]} & set(scopes)]
        if not scopes:
            return
        if missing:
            detail = f"The application lacks the scopes {', '.join(missing)}."
            yield Finding(name="fields", state="failure", detail=detail, remedy=_CONNECT)
        else:
            yield Finding(name="fields", state="ok", detail="The application has all scopes that are needed.")

    def _version(self, channel: Channel, secret: ChannelSecret, now: datetime) -> str:
        """Return what the server says it is, in the new way or the old; "" when it says nothing."""
        for path in ("/api/v2/instance", "/api/v1/instance"):
            try:
                reply = self._servers.get(channel, secret, path, as_anybody=True, now=now)
            except SwitchboardError:
                continue
            if version := text_of(dict_of(reply.json).get("version"), 100):
                return version
        return ""


def _credentials(reply: Reply, channel: Channel) -> Finding:
    found = id_of(dict_of(reply.json).get("id"))
    if found and found == channel.account_id:
        return Finding(name="credentials", state="ok", detail="The token is the account's.")
    detail = f"The token is of the account {found or '(unknown)'}, the config says {channel.account_id or '(none)'}."
    remedy = f'Set account_id of channel {channel.name} to "{found}", or store the token of the other account.'
    return Finding(name="credentials", state="failure", detail=detail, remedy=remedy if found else _ADDRESS)
