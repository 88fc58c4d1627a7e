"""The moments that a person types: one way to read them, and one way to refuse them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from switchboard_cli.terminal import BadInput

Zone = Annotated[str, typer.Option(help="The zone of times without an offset.")]


def moment(text: str, zone: str, *, option: str = "--at", needs_hour: bool = False) -> datetime:
    """Return the moment (aware UTC) that *text* of *option* says in ISO 8601; now when it is empty.

    Without an offset it is meant in *zone*. With *needs_hour* a day alone is refused: its first minute is not what
    anybody means. Raises BadInput.
    """
    if not text:
        return datetime.now(UTC)
    try:
        wall = ZoneInfo(zone)
    except (LookupError, ValueError, OSError) as exc:
        raise BadInput(f"--zone {zone!r} is not a time zone; use an IANA name such as America/New_York") from exc
    try:
        found = datetime.fromisoformat(text if ":" in text or not needs_hour else "")
        at = (found if found.tzinfo else found.replace(tzinfo=wall)).astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        raise BadInput(
            f"{option} {text!r} is not a time; write it as 2026-10-12T14:00, or 2026-10-12T14:00:00Z"
        ) from exc
    if found.tzinfo is None and at.astimezone(wall).replace(tzinfo=None) != found:
        raise BadInput(f"{option} {text} is an hour that the clocks of {zone} skip; choose an hour before or after")
    return at
