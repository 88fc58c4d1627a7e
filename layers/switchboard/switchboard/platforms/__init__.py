"""The platforms, by the name that a channel bears. A platform is imported when a delivery for it comes in."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from switchboard.errors import Misconfigured

if TYPE_CHECKING:
    from switchboard.ports import Inbound

INBOUND = {
    "facebook": "switchboard.platforms.meta",
    "messenger": "switchboard.platforms.meta",
    "web_form": "switchboard.platforms.web_form",
}
"""Who calls us: the module whose functions are `ports.Inbound`."""


def inbound(platform: str) -> Inbound:
    """Return the platform that verifies and parses what comes in; raise Misconfigured when nobody does."""
    try:
        module = import_module(INBOUND[platform])
    except KeyError:
        raise Misconfigured(f"platform {platform!r} sends no webhooks; known are {', '.join(INBOUND)}") from None
    found: Inbound = module.INBOUND
    return found
