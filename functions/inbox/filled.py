"""What the field of a form for a day and a time says."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from switchboard.domain.wall import earlier
from switchboard.errors import Rejected


def moment_in(written: str, zone: str) -> datetime:
    """Return the time (UTC) that *written* says, on the wall in *zone*; raise Rejected when it says none."""
    try:
        found = datetime.fromisoformat(written)
        return earlier(found, ZoneInfo(zone)) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Rejected("Choose a day and a time.", reason="no_time") from None
