"""An account's own server: where it is, and how it is called.

https://docs.joinmastodon.org/client/intro/ ; other servers (GoToSocial, Pleroma) speak the same API. Every channel has
a server of its own, which stands in its secret beside the token that is sent to it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from switchboard.errors import Misconfigured
from switchboard.platforms.http import Api, Reply

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import httpx

    from switchboard.ports import Channel, ChannelSecret

_SECURE = re.compile(r"https://[\w-]+(?:\.[\w-]+)*(?::[0-9]{1,5})?")
_LOOPBACK = re.compile(r"http://(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?", re.ASCII)


class Servers:
    """The servers of all accounts, one connection each. *url* stands in for the one in a secret, unless empty."""

    def __init__(self, url: str = "", *, transport: httpx.BaseTransport | None = None) -> None:
        self._url = url
        self._transport = transport
        self._apis: dict[str, Api] = {}

    def of(self, channel: Channel, secret: ChannelSecret) -> str:
        """Return the server's address without a slash; raise Misconfigured when it is none."""
        address = (self._url or secret.server).strip().rstrip("/")
        if not (_SECURE.fullmatch(address) or _LOOPBACK.fullmatch(address)):
            raise Misconfigured(
                f"the secret of channel {channel.name} has no usable server; write it as https://social.example.org"
            )
        return address

    def get(
        self,
        channel: Channel,
        secret: ChannelSecret,
        path: str,
        params: Mapping[str, Any] | None = None,
        *,
        as_anybody: bool = False,
        now: datetime,
    ) -> Reply:
        """Read *path* as the channel's account, or *as_anybody*, without a token; raises as `Api.get` does."""
        address = self.of(channel, secret)
        headers = {"Accept": "application/json"}
        if not as_anybody:
            headers["Authorization"] = f"Bearer {_token(channel, secret)}"
        api = self._apis.setdefault(address, Api(address, name="Mastodon", transport=self._transport))
        return api.get(path, headers=headers, params=params, now=now)


def _token(channel: Channel, secret: ChannelSecret) -> str:
    token = secret.access_token
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise Misconfigured(f"the secret of channel {channel.name} has no usable access_token; connect the account")
    return token
