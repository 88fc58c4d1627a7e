"""What the admins are told of the gaps of the coming week: each once, until it changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from switchboard.domain.rota import Gap, coverage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from switchboard.config import AutomationConfig
    from switchboard.domain.rota import Calendars

AHEAD = timedelta(days=7)
"""A week: time enough to find somebody."""
_NO_END = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """*fresh* are the gaps to tell, *known* those that were told; *reason* says why there is one to tell or not."""

    fresh: tuple[Gap, ...]
    known: tuple[Gap, ...]
    reason: str

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """All gaps, to be remembered once they are told."""
        return (*self.known, *self.fresh)

    @property
    def hours(self) -> float:
        """How many hours of a team nobody would be rung for."""
        return sum((gap.end - gap.start) / timedelta(hours=1) for gap in self.gaps)


def report(config: AutomationConfig, calendars: Calendars, told: Sequence[Gap], now: datetime) -> Report:
    """Return the gaps of the coming week, beside those that were *told*.

    A gap was told when one of the same team and reason held all of it; one that reached to the end of its week goes on.
    """
    gaps = coverage(config, now, now + AHEAD, calendars)
    known = tuple(gap for gap in gaps if any(_holds(one, gap, now) for one in told))
    fresh = tuple(gap for gap in gaps if gap not in known)
    reason = f"{len(gaps)} gaps, {len(fresh)} of them new" if gaps else "there is no gap"
    return Report(fresh=fresh, known=known, reason=reason)


def remembered(found: Report, now: datetime) -> tuple[Gap, ...]:
    """Return the gaps as they are to be remembered: one that reaches to the end of the week has no end."""
    edge = now + AHEAD
    return tuple(_without_end(gap) if gap.end >= edge else gap for gap in found.gaps)


def _without_end(gap: Gap) -> Gap:
    return Gap(team_id=gap.team_id, start=gap.start, end=_NO_END, reason=gap.reason)


def _holds(told: Gap, gap: Gap, now: datetime) -> bool:
    same = (told.team_id, told.reason) == (gap.team_id, gap.reason)
    return same and told.start <= max(gap.start, now) and gap.end <= told.end


def lines(config: AutomationConfig, found: Report) -> list[str]:
    """Return the mail: a sentence for each new gap, in the team's wall time, then what to do."""
    told = [sentence(config, gap) for gap in found.fresh]
    still = (
        "1 gap that you were told of is"
        if len(found.known) == 1
        else f"{len(found.known)} gaps that you were told of are"
    )
    rest = [f"{still} still there."] if found.known else []
    return [
        "In these hours of the coming week nobody of the team would be rung, only the last resort:",
        "",
        *told,
        "",
        *rest,
        "switchboard rota coverage says it anew at any time; docs/rota.md says how to mend it.",
    ]


def sentence(config: AutomationConfig, gap: Gap) -> str:
    """Return team, from and to in the team's wall time, how long, and why."""
    zone = config.zone_of(gap.team_id)
    start, end = gap.start.astimezone(ZoneInfo(zone)), gap.end.astimezone(ZoneInfo(zone))
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%a %d %b %H:%M}"
    return f"{gap.team_id}: {start:%a %d %b %H:%M} to {until} ({zone}), {length(gap.end - gap.start)}. {gap.reason}"


def length(lasting: timedelta) -> str:
    """Return a length as people say it: 9 h, 45 min, 2 days 3 h."""
    minutes = round(lasting / timedelta(minutes=1))
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [(days, "day" if days == 1 else "days"), (hours, "h"), (minutes, "min")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"
