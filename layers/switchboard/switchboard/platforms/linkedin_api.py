"""Calling LinkedIn: looking at the token, at the role of whom it belongs to, and at the subscription."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchboard.platforms.linkedin_checks import LinkedInChecks
from switchboard.platforms.linkedin_client import LinkedInClient

if TYPE_CHECKING:
    import httpx


def checks(url: str, *, transport: httpx.BaseTransport | None = None) -> LinkedInChecks:
    """Return who looks at the token, the role and the subscription."""
    return LinkedInChecks(LinkedInClient(url, transport=transport))
