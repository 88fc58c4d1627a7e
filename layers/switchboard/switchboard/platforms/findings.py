"""What the doctor says alike of every platform."""

from __future__ import annotations

from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from switchboard.ports import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from switchboard.errors import SwitchboardError

MOST_SKEW = timedelta(seconds=60)


def date_of(headers: Mapping[str, str]) -> str:
    """Return the header Date, in whatever case it stands, or ""."""
    return next((value for name, value in headers.items() if name.lower() == "date"), "")


def clock(date: str, *, whose: str, now: datetime) -> Iterator[Finding]:
    """Yield how far our clock and *whose* ("X's") are apart, by the header *date*; nothing when that is no date."""
    try:
        theirs = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return
    skew = abs(now - (theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)))
    if skew > MOST_SKEW:
        detail = f"Our clock and {whose} are {int(skew.total_seconds())} seconds apart."
        yield Finding(name="clock", state="warning", detail=detail, remedy="Set the clock of whichever is wrong.")
    else:
        yield Finding(name="clock", state="ok", detail=f"Our clock and {whose} agree within a minute.")


def sentence(exc: SwitchboardError) -> str:
    """Return what the error says, as a sentence."""
    said = str(exc).rstrip(".")
    return f"{said[:1].upper()}{said[1:]}."
