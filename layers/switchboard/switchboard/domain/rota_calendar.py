"""What a calendar's entries mean for a rota: who is on duty, and what could not be understood.

People are recognised by their email address, name or staff id, and by what `people` of the config says. Whom an entry
invites counts first, then what stands in its title, then in its description, last who made it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from switchboard.domain.rota_plan import Span
from switchboard.domain.wall import occurrences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from switchboard.config import AutomationConfig, ShiftConfig

BEHIND = timedelta(days=1)
AHEAD = timedelta(days=35)
"""How far a feed is read ahead; it is read again long before."""
AHEAD_OF_A_FILE = timedelta(days=366)
"""How far an imported file is: nobody reads it again."""
_SOON = timedelta(hours=24)
_LONG_ENOUGH = timedelta(days=30)
_SHORTEST_ID = 3
_SECOND = re.compile(r"(?<!\w)(second|secondary|backup|back-up|2nd|second line|l2)(?!\w)")
_BEFORE, _AFTER = r"(?<![\w@.+-])", r"(?![\w@-]|\.\w)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One occurrence in a calendar, in UTC. *invited* and *organizer* are each "address name"."""

    start: datetime
    end: datetime
    invited: tuple[str, ...] = ()
    summary: str = ""
    description: str = ""
    organizer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """What a calendar holds from some time until *until*; *unreadable* is how many of its events made no sense."""

    entries: tuple[Entry, ...]
    until: datetime
    unreadable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCalendar:
    """The last good copy of a calendar, and how reading it goes.

    *read_at* is None while it was never read. *unknown* is how many entries name nobody of the staff, *unknown_at*
    when the first of them begins, *strangers* how many name others as well. *basis* is what the spans were made with.
    """

    name: str
    spans: tuple[Span, ...] = ()
    read_at: datetime | None = None
    until: datetime | None = None
    etag: str = ""
    basis: str = ""
    unknown: int = 0
    unknown_at: datetime | None = None
    strangers: int = 0
    unreadable: int = 0
    failures: int = 0
    failure: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    needle: re.Pattern[str]
    staff_id: str


class People:
    """Everybody whom a calendar may name."""

    def __init__(self, config: AutomationConfig, calendar: str) -> None:
        source = config.calendars.get(calendar)
        names: dict[str, str] = {}
        names |= {plain(staff_id): staff_id for staff_id in config.staff if len(staff_id) >= _SHORTEST_ID}
        for staff_id, member in config.staff.items():
            names[plain(member.name)] = staff_id
            if member.email:
                names[plain(member.email)] = staff_id
        names |= {plain(name): staff_id for name, staff_id in (source.people if source else {}).items()}
        longest_first = sorted((name for name in names if name), key=lambda name: (-len(name), name))
        self._known = [_Known(re.compile(f"{_BEFORE}{re.escape(name)}{_AFTER}"), names[name]) for name in longest_first]

    def named_in(self, text: str) -> tuple[str, ...]:
        """Return the staff ids that *text* names, in its order, each once."""
        rest = plain(text)
        found: list[tuple[int, str]] = []
        for known in self._known:
            found += [(hit.start(), known.staff_id) for hit in known.needle.finditer(rest)]
            rest = known.needle.sub(lambda hit: "\0" * len(hit[0]), rest)
        return tuple(dict.fromkeys(staff_id for _, staff_id in sorted(found)))


def plain(text: str) -> str:
    """Return *text* without accents, capitals and doubled spaces."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return " ".join(bare.casefold().split())


def understood(name: str, found: Entries, people: People) -> StoredCalendar:
    """Return the calendar as its entries and *people* make it; what nobody knows is counted, not kept."""
    spans: list[tuple[int, Span]] = []
    unknown: list[datetime] = []
    strangers = 0
    for entry in found.entries:
        staff_ids = _meant(entry, people)
        if not staff_ids:
            unknown.append(entry.start)
            continue
        strangers += any(not people.named_in(invited) for invited in entry.invited)
        rank = bool(_SECOND.search(plain(entry.summary)))
        spans.append((rank, Span(start=entry.start, end=entry.end, staff_ids=staff_ids)))
    spans.sort(key=lambda one: (one[0], one[1].start, one[1].end, one[1].staff_ids))
    return StoredCalendar(
        name=name,
        spans=tuple(dict.fromkeys(span for _, span in spans)),
        until=found.until,
        unknown=len(unknown),
        unknown_at=min(unknown, default=None),
        strangers=strangers,
        unreadable=found.unreadable,
    )


def _meant(entry: Entry, people: People) -> tuple[str, ...]:
    titled = people.named_in(entry.summary)
    invited = dict.fromkeys(staff_id for one in entry.invited for staff_id in people.named_in(one))
    if invited:
        return tuple(
            sorted(invited, key=lambda staff_id: titled.index(staff_id) if staff_id in titled else len(titled))
        )
    return titled or people.named_in(entry.description) or people.named_in(entry.organizer)


def basis_of(config: AutomationConfig, name: str) -> str:
    """Return a digest of what the config says of the calendar and of whom it may name; words do not show in it."""
    source = config.calendars.get(name)
    parts = [source.model_dump_json() if source else "", zone_of(config, name)]
    parts += [f"{staff_id}\n{member.name}\n{member.email or ''}" for staff_id, member in sorted(config.staff.items())]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def is_current(stored: StoredCalendar, basis: str, now: datetime) -> bool:
    """Return whether it is enough to ask whether the calendar has changed: the copy is of these people, and long."""
    return stored.basis == basis and stored.until is not None and stored.until - now > _LONG_ENOUGH


def zone_of(config: AutomationConfig, name: str) -> str:
    """Return the zone of whole days and of times without one: that of the first team whose rota has the calendar."""
    for team_id, team in config.teams.items():
        if any(shift.calendar == name for shift in team.rota):
            return config.zone_of(team_id)
    return config.zone


def trouble(config: AutomationConfig, stored: StoredCalendar, now: datetime) -> str:
    """Return why the calendar is not to be relied on, as a word for a metric: "never_read", "stale", "empty", or "".

    A calendar is empty when a shift that goes by it begins or goes on within a day, and nobody is in it for that.
    """
    source = config.calendars[stored.name]
    if stored.read_at is None:
        return "never_read" if source.url or next(_shifts(config, stored.name), None) is not None else ""
    if source.url and now - stored.read_at > source.stale_after:
        return "stale"
    return "empty" if _is_empty(config, stored, now) else ""


def _is_empty(config: AutomationConfig, stored: StoredCalendar, now: datetime) -> bool:
    hours = list(_hours(config, stored.name, now, now + _SOON))
    return bool(hours) and not any(
        span.start < end and span.end > start and not config.staff.keys().isdisjoint(span.staff_ids)
        for start, end in hours
        for span in stored.spans
    )


def _hours(config: AutomationConfig, name: str, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    for team_id, shift in _shifts(config, name):
        for _, _, opens, closes in occurrences(shift, ZoneInfo(config.zone_of(team_id)), start, end):
            if max(opens, start) < min(closes, end):
                yield max(opens, start), min(closes, end)


def _shifts(config: AutomationConfig, name: str) -> Iterator[tuple[str, ShiftConfig]]:
    for team_id, team in config.teams.items():
        for shift in team.rota:
            if shift.calendar == name:
                yield team_id, shift


def sentences(stored: StoredCalendar, zone: str) -> Sequence[str]:
    """Return what is to be mended in a calendar, without a name in it."""
    return list(_sentences(stored, zone))


def _sentences(stored: StoredCalendar, zone: str) -> Iterable[str]:
    if stored.unknown and stored.unknown_at:
        at = stored.unknown_at.astimezone(ZoneInfo(zone))
        count = "1 entry names" if stored.unknown == 1 else f"{stored.unknown} entries name"
        yield (
            f"{count} nobody of the staff, the first on {at:%Y-%m-%d at %H:%M} ({zone}); "
            "write their email, name or staff id into it, or add them to `people` of the calendar."
        )
    if stored.strangers:
        count = "1 entry invites" if stored.strangers == 1 else f"{stored.strangers} entries invite"
        yield f"{count} somebody who is not of the staff as well; they are not rung."
    if stored.unreadable:
        count = "1 event was" if stored.unreadable == 1 else f"{stored.unreadable} events were"
        yield f"{count} passed over: no proper time, an unknown zone, or repeated more than hourly."
