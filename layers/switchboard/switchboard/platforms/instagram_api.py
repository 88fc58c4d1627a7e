"""Calling Instagram's API: reading back what was written, and looking at the token and the subscriptions.

https://developers.facebook.com/docs/instagram-platform

The access token is that of the Page to which the account is linked (Facebook Login), or of the account itself
(Instagram Login, where the API's URL is https://graph.instagram.com/v23.0). `me` is either, and both have the inbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchboard.platforms.graph import Graph
from switchboard.platforms.graph_checks import GraphChecks
from switchboard.platforms.graph_needs import INSTAGRAM
from switchboard.platforms.graph_readback import Readback
from switchboard.platforms.instagram import INBOUND
from switchboard.platforms.instagram_readback import MEDIA
from switchboard.platforms.messenger_readback import conversations

if TYPE_CHECKING:
    import httpx


def polled(url: str, *, transport: httpx.BaseTransport | None = None) -> Readback:
    """Return who reads back the comments and the inbox."""
    lists = (MEDIA, conversations("instagram", "me"))
    return Readback(Graph(url, transport=transport), INBOUND, "instagram", lists)


def checks(url: str, *, transport: httpx.BaseTransport | None = None) -> GraphChecks:
    """Return who looks at the token and the subscriptions."""
    return GraphChecks(Graph(url, transport=transport), INSTAGRAM)
