"""The crisis switch: one that stops every automatic post, with a reason and an end, and who started and ended it.

When it ends, nothing more is held for it; what is held stays held until a person gives it back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from switchboard.config import AutomationConfig

Via = Literal["config", "cli", "inbox", "sms"]
RULE = "crisis"
UNLESS_SAID = timedelta(hours=24)
"""So long it lasts when nobody names an end."""
NO_END = datetime(9000, 1, 1, tzinfo=UTC)
"""The end of one that the config names without an end."""
MOST_LISTED = 100
"""So many posts that were not paused are named; the rest is counted."""
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPaused:
    """A post that is still scheduled, and why; *post_id* is "" for a whole scheduler that could not be read."""

    post_id: str
    scheduler: str
    channel: str
    why: str
    publish_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crisis:
    """One use of the switch. *started_by* and *ended_by* are staff ids, or "config".

    *held* counts the posts that are held for it, *not_paused* names what is not, both as of *listed_at*; *open_count*
    is how many are not, named or not. *prolonged_by* is who made it last longer: it lasts then whatever the config
    says. *dropped* says that the config, which started it, names it no more. *end_told* says
    that the admins were told of its end. *version* is the fence.
    """

    reason: str
    started_by: str
    started_at: datetime
    until: datetime
    via: Via
    ended_by: str = ""
    ended_at: datetime | None = None
    held: int = 0
    open_count: int = 0
    not_paused: tuple[NotPaused, ...] = ()
    listed_at: datetime | None = None
    prolonged_by: str = ""
    dropped: bool = False
    end_told: bool = False
    version: int = 1

    def is_in_force(self, now: datetime) -> bool:
        """Whether it stops posts at *now*."""
        return self.ended_at is None and now < self.until


def started(
    before: Crisis | None, *, reason: str, by: str, via: Via, until: datetime | None, now: datetime
) -> Crisis | None:
    """Return the crisis that *by* starts, or None when one is in force already that lasts as long.

    One in force is prolonged; its reason and who started it stay.
    """
    ends = until or now + UNLESS_SAID
    version = before.version + 1 if before is not None else 1
    if before is not None and before.is_in_force(now):
        return replace(before, until=ends, prolonged_by=by, version=version) if ends > before.until else None
    said = " ".join(reason.split())[:LONGEST_REASON] or "no reason was given"
    return Crisis(reason=said, started_by=by, started_at=now, until=ends, via=via, version=version)


def ended(before: Crisis | None, *, by: str, now: datetime) -> Crisis | None:
    """Return the crisis as *by* ends it, or None when none is in force: ending twice is harmless."""
    if before is None or not before.is_in_force(now):
        return None
    return replace(before, ended_by=by, ended_at=now, version=before.version + 1)


def in_force(stored: Crisis | None, config: AutomationConfig, now: datetime) -> Crisis | None:
    """Return the crisis that stops posts at *now*: the stored one, or the config's, as long as the config says so.

    One of the config that is not stored yet, or is stored with an earlier end, has the version that it is to be stored
    with. One that a person ended stays ended until the config has dropped it.
    """
    if stored is not None and stored.is_in_force(now) and (stored.via != "config" or stored.prolonged_by):
        return stored
    written = config.crisis
    if written is None:
        return None
    until = NO_END
    if written.until is not None:
        until = datetime.fromisoformat(written.until).replace(tzinfo=ZoneInfo(config.zone)).astimezone(UTC)
    known = stored if stored is not None and stored.via == "config" and not stored.dropped else None
    if until <= now or (known is not None and known.ended_at is not None):
        return None
    if known is not None and known.is_in_force(now):
        return known if until == known.until else replace(known, until=until, version=known.version + 1)
    version = stored.version + 1 if stored is not None else 1
    return Crisis(
        reason=written.reason, started_by="config", started_at=now, until=until, via="config", version=version
    )


def dropped(stored: Crisis | None, config: AutomationConfig, now: datetime) -> Crisis | None:
    """Return the crisis that the config started and names no more, as it is to be kept; None when there is none.

    The next one that the config names is another one.
    """
    if stored is None or stored.via != "config" or stored.dropped or config.crisis is not None:
        return None
    after = replace(stored, dropped=True, version=stored.version + 1)
    if not stored.is_in_force(now):
        return after
    return None if stored.prolonged_by else replace(after, ended_by="config", ended_at=now)


def end_to_tell(stored: Crisis | None, now: datetime) -> Crisis | None:
    """Return the crisis that is over and of whose end the admins are still to be told, as it is to be kept then."""
    if stored is None or stored.end_told or stored.is_in_force(now):
        return None
    return replace(stored, end_told=True, version=stored.version + 1)


def sentence(crisis: Crisis, zone: str) -> str:
    """Return why a post is held for it."""
    who = "the automation config" if crisis.via == "config" else crisis.started_by
    return f"All automatic posts are stopped by {who} until {end_of(crisis, zone)}: {crisis.reason}"


def end_of(crisis: Crisis, zone: str) -> str:
    """Return when it ends, in words."""
    if crisis.until.year >= NO_END.year:
        return "it is taken out of the config"
    ends = crisis.until.astimezone(ZoneInfo(zone))
    return f"{ends:%a} {ends.day} {ends:%b, %H:%M}"


def listed(before: Crisis, *, held: int, not_paused: Sequence[NotPaused], now: datetime) -> Crisis | None:
    """Return the crisis with what was and was not paused, or None when that is known already."""
    ordered = tuple(sorted(not_paused, key=lambda one: (one.publish_at is None, str(one.publish_at), one.post_id)))
    after = replace(before, held=held, open_count=len(ordered), not_paused=ordered[:MOST_LISTED])
    if after == before and before.listed_at is not None:
        return None
    return replace(after, listed_at=now, version=before.version + 1)
