"""A session on an account's server: logins are scarce (30 in five minutes), so one session is kept and refreshed.

https://docs.bsky.app/docs/api/com-atproto-server-create-session
https://docs.bsky.app/docs/api/com-atproto-server-refresh-session

An access token lives for two hours; HTTP 400 and `ExpiredToken` say that it is over. A refresh token is good once.
A token is a JWT whose `scope` tells what opened the session: the main password, or an app password.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, SwitchboardError, Unavailable
from switchboard.platforms.fields import dict_of, text_of
from switchboard.platforms.http import Api, Reply

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import httpx

    from switchboard.ports import Channel, ChannelSecret

SERVER = "https://bsky.social"
_SECURE = re.compile(r"https://[\w-]+(?:\.[\w-]+)*(?::[0-9]{1,5})?")
_LOOPBACK = re.compile(r"http://(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?", re.ASCII)
_EVERYTHING = "com.atproto.access"
_EXPIRED = frozenset({"ExpiredToken", "InvalidToken"})
_SHUT = {
    "AccountTakedown": "the account was taken down",
    "AccountDeactivated": "the account is deactivated",
    "AuthFactorTokenRequired": "the account asks for a second factor: use an app password",
    "AuthMissing": "the session was not accepted",
    "AuthenticationRequired": "the account or its app password is not accepted",
}


class Expired(Unavailable):
    """The token has expired: refresh it, then ask again."""


@dataclass(frozen=True, slots=True)
class _Session:
    access: str
    refresh: str


class Sessions:
    """The sessions of all accounts. *url* stands in for the server in a secret, unless empty."""

    def __init__(self, url: str = "", *, transport: httpx.BaseTransport | None = None) -> None:
        self._url = url
        self._transport = transport
        self._apis: dict[str, Api] = {}
        self._open: dict[str, _Session] = {}

    def get(
        self, channel: Channel, secret: ChannelSecret, method: str, params: Mapping[str, Any], *, now: datetime
    ) -> Reply:
        """Call the query *method* as the channel's account; log in, or refresh the session, if it must be.

        Raises Unavailable, Misconfigured (the account or its app password does not work), and Rejected.
        """
        key = _key(channel, secret)
        api = self._api(channel, secret)
        if key not in self._open:
            self._open[key] = self._login(api, channel, secret, now)
        try:
            return _query(api, method, params, self._open[key].access, now)
        except Expired:
            self._open[key] = self._renewed(api, channel, secret, self._open[key], now)
        try:
            return _query(api, method, params, self._open[key].access, now)
        except Expired as exc:
            self._open.pop(key, None)
            raise Unavailable("Bluesky does not take its own new session") from exc

    def by_main_password(self, channel: Channel, secret: ChannelSecret) -> bool:
        """Whether the session that is open was opened with the account's main password, as far as its token tells."""
        found = self._open.get(_key(channel, secret))
        return found is not None and _scope(found.access) == _EVERYTHING

    def _api(self, channel: Channel, secret: ChannelSecret) -> Api:
        address = (self._url or secret.server or SERVER).strip().rstrip("/")
        if not (_SECURE.fullmatch(address) or _LOOPBACK.fullmatch(address)):
            raise Misconfigured(
                f"the secret of channel {channel.name} has no usable server; write it as https://bsky.social"
            )
        return self._apis.setdefault(address, Api(address, name="Bluesky", meaning=_meaning, transport=self._transport))

    def _login(self, api: Api, channel: Channel, secret: ChannelSecret, now: datetime) -> _Session:
        if not secret.access_token or not channel.account_id:
            raise Misconfigured(f"the secret of channel {channel.name} has no app password; make one in Bluesky")
        body = {"identifier": channel.account_id, "password": secret.access_token}
        return _opened(_send(api, "com.atproto.server.createSession", now, body=body))

    def _renewed(self, api: Api, channel: Channel, secret: ChannelSecret, session: _Session, now: datetime) -> _Session:
        try:
            return _opened(_send(api, "com.atproto.server.refreshSession", now, token=session.refresh))
        except (Expired, Misconfigured, Rejected):
            return self._login(api, channel, secret, now)


def _key(channel: Channel, secret: ChannelSecret) -> str:
    told = f"{channel.account_id}\n{secret.server}\n{secret.access_token}"
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _query(api: Api, method: str, params: Mapping[str, Any], token: str, now: datetime) -> Reply:
    return api.get(f"/xrpc/{method}", headers=_authorised(token), params=params, now=now)


def _send(api: Api, method: str, now: datetime, *, body: Any = None, token: str = "") -> Reply:  # noqa: ANN401 - JSON
    try:
        return api.send("POST", f"/xrpc/{method}", headers=_authorised(token), body=body, now=now)
    except OutcomeUnknown as exc:  # a session more or less harms nobody
        raise Unavailable("Bluesky did not answer") from exc


def _authorised(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _opened(reply: Reply) -> _Session:
    found = dict_of(reply.json)
    access, refresh = (text_of(found.get(name)) for name in ("accessJwt", "refreshJwt"))
    usable = all(token and token.isascii() and token.isprintable() and " " not in token for token in (access, refresh))
    if not usable:
        raise Unavailable("Bluesky gave no usable session")
    return _Session(access=access, refresh=refresh)


def _scope(token: str) -> str:
    """Return what a token says that it is for; "" when it does not say. Nothing is verified: it is only told."""
    claims = token.split(".")[1] if token.count(".") == 2 else ""  # noqa: PLR2004 - head, claims, signature
    try:
        return text_of(dict_of(json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))).get("scope"))
    except (ValueError, RecursionError):
        return ""


def _meaning(reply: Reply) -> SwitchboardError | None:
    """Return what the error in the body means; the rest is told by the status."""
    error = text_of(dict_of(reply.json).get("error")) if not reply.is_success else ""
    if error in _EXPIRED:
        return Expired("the session has expired")
    if error in _SHUT:
        return Misconfigured(f"Bluesky: {_SHUT[error]}; connect the account again")
    return None
