"""Calling WhatsApp's Cloud API: looking at the token and the subscriptions. What was written cannot be read back.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/phone-numbers and
https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/subscribed_apps
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchboard.platforms.graph import Graph
from switchboard.platforms.graph_checks import GraphChecks
from switchboard.platforms.graph_needs import WHATSAPP

if TYPE_CHECKING:
    import httpx


def checks(url: str, *, transport: httpx.BaseTransport | None = None) -> GraphChecks:
    """Return who looks at the token and the subscriptions."""
    return GraphChecks(Graph(url, transport=transport), WHATSAPP)
