"""X's API, as the poll and the doctor ask it: one request in, parsed JSON out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from switchboard.errors import Misconfigured
from switchboard.platforms.http import Api

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import httpx

    from switchboard.errors import SwitchboardError
    from switchboard.platforms.http import Reply
    from switchboard.ports import Channel, ChannelSecret

_USER = re.compile(r"[0-9]{1,19}", re.ASCII)
_UNPAID = 402


class XClient:
    """A thin client; *transport* is httpx's own unless in a test."""

    def __init__(self, url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self._api = Api(url, name="X", meaning=_meaning, transport=transport)

    def get(
        self,
        channel: Channel,
        secret: ChannelSecret,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        now: datetime,
    ) -> Reply:
        """Read *path* with the channel's access token. Raises as `Api.get` does, and Misconfigured without a token."""
        token = secret.access_token
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise Misconfigured(f"the secret of channel {channel.name} has no usable access_token; connect the account")
        return self._api.get(path, headers={"Authorization": f"Bearer {token}"}, params=params, now=now)


def user_id_of(channel: Channel) -> str:
    """Return the id of the channel's account; raise Misconfigured when it is none of X's."""
    if not _USER.fullmatch(channel.account_id):
        raise Misconfigured(f"account_id of channel {channel.name} must be X's user id, in digits; not the handle")
    return channel.account_id


def _meaning(reply: Reply) -> SwitchboardError | None:
    if reply.status == _UNPAID:
        return Misconfigured("X says HTTP 402: the app's credits are used up; buy more in X's developer console")
    return None
