"""The platforms, by the name that a channel bears: `domain.platform.PLATFORMS` is the registry.

A platform is imported when it is needed. The module that it *hears* by holds `INBOUND`, a `ports.Inbound`. The module
that it *calls* by holds functions of the API's URL, each where the platform can do so: `polled`, `checks`, `completes`.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from switchboard.domain.platform import PLATFORMS
from switchboard.errors import Misconfigured

if TYPE_CHECKING:
    from switchboard.ports import Checks, Completes, Inbound, Polled


def inbound(platform: str) -> Inbound:
    """Return the platform that verifies and parses what comes in; raise Misconfigured when nobody does."""
    found = PLATFORMS.get(platform)
    if found is None or not found.hears:
        known = ", ".join(name for name, entry in PLATFORMS.items() if entry.hears)
        raise Misconfigured(f"platform {platform!r} sends no webhooks; known are {known}")
    speaker: Inbound = import_module(f"switchboard.platforms.{found.hears}").INBOUND
    return speaker


def polled(platform: str, url: str = "") -> Polled | None:
    """Return how *platform* is asked what it was told, or None; *url* replaces the registry's."""
    found: Polled | None = _called(platform, "polled", url)
    return found


def checks(platform: str, url: str = "") -> Checks | None:
    """Return how the credentials of *platform* are looked at, or None."""
    found: Checks | None = _called(platform, "checks", url)
    return found


@cache
def completes(platform: str, url: str = "") -> Completes | None:
    """Return how the words are fetched that a webhook of *platform* only names, or None; it keeps its token."""
    entry = PLATFORMS.get(platform)
    if entry is None or not entry.names_only:
        return None  # and no HTTP client is imported on the path that starts cold
    found: Completes | None = _called(platform, "completes", url)
    return found


def _called(platform: str, ability: str, url: str) -> Any:  # noqa: ANN401 - each caller names the Protocol
    entry = PLATFORMS.get(platform)
    if entry is None or not entry.calls:
        return None
    make = getattr(import_module(f"switchboard.platforms.{entry.calls}"), ability, None)
    return None if make is None else make(url or entry.url)
