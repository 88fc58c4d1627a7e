"""Nothing yet."""

from __future__ import annotations


def handler(event: object, context: object) -> None:
    """Accept the event."""
