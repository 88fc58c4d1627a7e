"""An access token of Google's, by a refresh token: it lives for an hour, and is kept until a minute before its end.

https://developers.google.com/identity/protocols/oauth2/web-server#offline
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from switchboard.errors import Misconfigured, OutcomeUnknown, SwitchboardError, Unavailable
from switchboard.platforms.fields import dict_of, text_of
from switchboard.platforms.http import TIMEOUT, Api, Reply

if TYPE_CHECKING:
    from datetime import datetime

    import httpx

    from switchboard.ports import Channel, ChannelSecret

TOKEN_URL = "https://oauth2.googleapis.com"  # noqa: S105 - an address
CONNECT = "Connect the account again and store client_id, client_secret and refresh_token in the channel's secret."
_EARLY = timedelta(minutes=1)
_DAY = 86_400
_DEAD = frozenset({"invalid_grant", "invalid_client", "unauthorized_client", "deleted_client"})


class GoogleLogin:
    """Access tokens of all accounts. *url* is Google's token server, unless in a test."""

    def __init__(
        self,
        url: str = TOKEN_URL,
        *,
        timeout: httpx.Timeout = TIMEOUT,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._api = Api(url, name="Google", meaning=_meaning, timeout=timeout, transport=transport)
        self._tokens: dict[str, tuple[str, datetime]] = {}

    def headers(self, channel: Channel, secret: ChannelSecret, *, now: datetime) -> dict[str, str]:
        """Return the header of an authorised request. Raises Misconfigured when a person must connect the account."""
        return {"Authorization": f"Bearer {self._token(channel, secret, now)}"}

    def _token(self, channel: Channel, secret: ChannelSecret, now: datetime) -> str:
        if not secret.refresh_token:
            return _usable(secret.access_token, channel)
        key = hashlib.sha256(f"{secret.client_id}\n{secret.refresh_token}".encode("utf-8", "surrogatepass")).hexdigest()
        token, until = self._tokens.get(key, ("", now))
        if now >= until:
            token, until = self._fetch(channel, secret, now)
            self._tokens[key] = (token, until)
        return token

    def _fetch(self, channel: Channel, secret: ChannelSecret, now: datetime) -> tuple[str, datetime]:
        form = {
            "grant_type": "refresh_token",
            "client_id": secret.client_id,
            "client_secret": secret.client_secret,
            "refresh_token": secret.refresh_token,
        }
        try:
            reply = self._api.send("POST", "/token", form=form, now=now)
        except OutcomeUnknown as exc:  # a token more or less harms nobody
            raise Unavailable("Google did not answer") from exc
        found = dict_of(reply.json)
        lives = found.get("expires_in")
        seconds = float(lives) if isinstance(lives, int) and 0 < lives <= _DAY else 0.0
        return _usable(text_of(found.get("access_token")), channel), now + timedelta(seconds=seconds) - _EARLY


def _usable(token: str, channel: Channel) -> str:
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise Misconfigured(f"the secret of channel {channel.name} gives no usable token; connect the account")
    return token


def _meaning(reply: Reply) -> SwitchboardError | None:
    error = text_of(dict_of(reply.json).get("error")) if not reply.is_success else ""
    if error in _DEAD:
        return Misconfigured(f"Google does not take the refresh token ({error}); connect the account again")
    return None
