"""iCalendar (RFC 5545) to entries: what repeats is worked out, and each time becomes an instant.

Written for what Google Calendar, Outlook, PagerDuty, Opsgenie and Grafana export. Someone else writes these files, so
there is a limit to everything: their size, their events, how often one repeats, and how long all of it takes.
"""

from __future__ import annotations

import codecs
import signal
import threading
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from switchboard.domain.rota_calendar import Entries, Entry
from switchboard.domain.wall import day_begins, earlier, later

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

LARGEST = 5 * 1024 * 1024
MOST_EVENTS = 10_000
MOST_ENTRIES = 5_000
SECONDS = 20.0
"""So long a file is worked on at most; a rule that never comes true would be looked for until the year 9999."""
_LAST_SECOND = time(23, 59, 59)
_MARGIN = timedelta(days=3)
_TOO_OFTEN = {"SECONDLY", "MINUTELY"}
_NOT_PEOPLE = {"ROOM", "RESOURCE", "GROUP"}
_MAILTO = "mailto:"
_ENOUGH_TEXT = 4000


def entries(text: bytes, *, zone: str, start: datetime, end: datetime, seconds: float = SECONDS) -> Entries:
    """Return what the calendar *text* has from *start* until *end*, in the order of its events.

    *zone* is that of whole days and of times without one, unless the calendar names its own. Raises ValueError, with
    the remedy, when it is no calendar or beyond the limits; a single event that makes no sense is counted.
    """
    if len(text) > LARGEST:
        raise ValueError(f"is larger than {LARGEST // 2**20} MB; export the coming months only")
    if text.upper().count(b"BEGIN:VEVENT") > MOST_EVENTS:
        raise ValueError(f"has more than {MOST_EVENTS} events; export the coming months only")
    with _within(seconds):
        return _worked_out(_parsed(text), zone, start, end)


def _parsed(text: bytes) -> list[Any]:
    """Return the calendars of *text*, icalendar's components: mostly one."""
    from icalendar import Calendar, use_zoneinfo  # noqa: PLC0415 - a fifth of a second; only who reads calendars pays

    # It forgets the zones that another calendar defined, maybe by the same names.
    use_zoneinfo()  # type: ignore[no-untyped-call]
    remedy = "save it as an iCalendar file (.ics), or give the address that ends in .ics"
    try:
        calendars: list[Any] = Calendar.from_ical(_decoded(text), multiple=True)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise ValueError(f"is not iCalendar; {remedy}") from None  # its words may quote names
    if not calendars or any(calendar.name != "VCALENDAR" for calendar in calendars):
        raise ValueError(f"is not iCalendar; {remedy}")
    return calendars


def _decoded(text: bytes) -> str:
    """Return *text*, which should be UTF-8; what Windows saved otherwise is read as well."""
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return text.decode("utf-16", "replace")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError:
        return text.decode("cp1252", "replace")


def _worked_out(calendars: list[Any], zone: str, start: datetime, end: datetime) -> Entries:
    found: list[Entry] = []
    unreadable = 0
    for here, events in _series(calendars, zone):
        try:
            found += islice(_occurrences(events, here, start, end), MOST_ENTRIES + 1)
        except Exception:  # noqa: BLE001 - whatever the library stumbles over is of this event alone
            unreadable += len(events)
        if len(found) > MOST_ENTRIES:
            raise ValueError(f"has more than {MOST_ENTRIES} entries until {end:%Y-%m-%d}; no rota changes so often")
    return Entries(entries=tuple(found), until=end, unreadable=unreadable)


def _series(calendars: list[Any], zone: str) -> Iterator[tuple[ZoneInfo, list[Any]]]:
    """Yield each event with the changes in single times of it, and the zone of its whole days."""
    for calendar in calendars:
        if str(calendar.get("METHOD", "")).upper() != "CANCEL":
            here = _own_zone(calendar) or ZoneInfo(zone)
            yield from ((here, events) for same in _by_uid(calendar) for events in _apart(same))


def _own_zone(calendar: Any) -> ZoneInfo | None:  # noqa: ANN401 - as above
    try:
        return ZoneInfo(str(calendar.get("X-WR-TIMEZONE", "")))
    except (ValueError, LookupError, OSError):
        return None


def _by_uid(calendar: Any) -> list[list[Any]]:  # noqa: ANN401 - as above
    """Return the events, those of one UID together."""
    found: dict[str, list[Any]] = {}
    for number, event in enumerate(calendar.walk("VEVENT")):
        found.setdefault(str(event.get("UID") or f"#{number}"), []).append(event)
    return list(found.values())


def _apart(same: list[Any]) -> Iterator[list[Any]]:
    """Yield the events of one UID: an event with its changes; of several versions of it, the library takes the latest.

    Some give one UID to several events; what is no version of another stands for itself.
    """
    changes = [event for event in same if "RECURRENCE-ID" in event]
    events = sorted((event for event in same if "RECURRENCE-ID" not in event), key=lambda event: "RRULE" not in event)
    if len({str(event.get("SEQUENCE", "")) for event in events}) > 1 or not events:
        yield same
        return
    yield [events[0], *changes]
    yield from ([event] for event in events[1:])


def _occurrences(events: list[Any], here: ZoneInfo, start: datetime, end: datetime) -> Iterator[Entry]:
    """Yield the times of one event; raise whatever the library does when it makes no sense."""
    from recurring_ical_events import EventAdapter, Series  # type: ignore[import-untyped]  # noqa: PLC0415

    if any(_repeats_too_often(event) or _is_nowhere(event) for event in events):
        raise ValueError("repeats more than hourly, or in a zone that is not defined")
    for event in events:
        _include_last_days(event)
    series = cast("Any", Series([EventAdapter(event) for event in events]))
    for occurrence in series.between(start - _MARGIN, end + _MARGIN):
        event = occurrence.as_component(keep_recurrence_attributes=False)
        opens, closes = _instant(occurrence.start, here, earlier), _instant(occurrence.end, here, later)
        if opens < closes and opens < end and closes > start and str(event.get("STATUS", "")).upper() != "CANCELLED":
            yield _entry(event, opens, closes)


def _repeats_too_often(event: Any) -> bool:  # noqa: ANN401 - as above
    return any(_TOO_OFTEN & {str(often).upper() for often in rule.get("FREQ", [])} for rule in _all(event, "RRULE"))


def _include_last_days(event: Any) -> None:  # noqa: ANN401 - as above
    """Let a rule that ends on a day end with that day, as RFC 2445 had it; the library would leave the day out."""
    begins = event["DTSTART"].dt
    if not isinstance(begins, datetime):
        return
    for rule in _all(event, "RRULE"):
        for last in [last for last in rule.get("UNTIL", []) if not isinstance(last, datetime)]:
            until = datetime.combine(last, _LAST_SECOND, begins.tzinfo)
            rule["UNTIL"] = [until.astimezone(UTC) if begins.tzinfo else until]


def _is_nowhere(event: Any) -> bool:  # noqa: ANN401 - as above
    """Say whether the event is in a zone that neither the calendar defines nor anybody knows."""
    times = [one for name in ("DTSTART", "DTEND") for one in _all(event, name)]
    return any("TZID" in one.params and isinstance(one.dt, datetime) and one.dt.tzinfo is None for one in times)


def _instant(moment: date, here: ZoneInfo, reading: Any) -> datetime:  # noqa: ANN401 - earlier or later
    """Return the instant (UTC) of a time of the calendar; a day begins, and a time without a zone is, *here*."""
    if not isinstance(moment, datetime):
        return day_begins(moment, here)
    if moment.tzinfo is None:
        found: datetime = reading(moment, here)
        return found
    if isinstance(moment.tzinfo, ZoneInfo):
        wall: datetime = reading(moment.replace(tzinfo=None, fold=0), moment.tzinfo)
        return wall
    return moment.astimezone(UTC)


def _entry(event: Any, start: datetime, end: datetime) -> Entry:  # noqa: ANN401 - as above
    return Entry(
        start=start,
        end=end,
        invited=tuple(_person(one) for one in _all(event, "ATTENDEE") if _comes(one)),
        summary=str(event.get("SUMMARY", ""))[:_ENOUGH_TEXT],
        description=str(event.get("DESCRIPTION", ""))[:_ENOUGH_TEXT],
        organizer=_person(event.get("ORGANIZER", "")),
    )


def _all(event: Any, name: str) -> list[Any]:  # noqa: ANN401 - as above
    """Return the properties *name* of an event: none, one or several."""
    found: Any = event.get(name, [])
    several: list[Any] = [*found] if isinstance(found, list) else [found]
    return several


def _comes(invited: Any) -> bool:  # noqa: ANN401 - as above
    """Say whether somebody who is invited is a person and has not declined."""
    told = getattr(invited, "params", {})
    kind, answer = str(told.get("CUTYPE", "")).upper(), str(told.get("PARTSTAT", "")).upper()
    return kind not in _NOT_PEOPLE and answer != "DECLINED"


def _person(invited: Any) -> str:  # noqa: ANN401 - as above
    address = str(invited).strip()
    if address[: len(_MAILTO)].lower() == _MAILTO:
        address = address[len(_MAILTO) :]
    name = str(getattr(invited, "params", {}).get("CN", ""))
    return f"{address} {name}".strip()[:_ENOUGH_TEXT]


class _TooLongError(BaseException):
    """Passes through whatever the libraries catch on the way."""


@contextmanager
def _within(seconds: float) -> Generator[None]:
    """Raise ValueError when what is done within takes longer; only in the main thread, where Lambda and the CLI run."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: object) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    except _TooLongError:
        remedy = "look at its rules, or write out its times"
        raise ValueError(f"repeats in a way that takes too long to work out; {remedy}") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
