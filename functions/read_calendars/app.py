"""read_calendars: every hour, the calendars that say who is on duty are read, and the last good copy is kept.

A calendar that cannot be read leaves its copy in use and keeps no other from being read. One that is old, or in which
nobody is found for the next day, is counted, and an alarm rings before a shift begins without anybody.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from switchboard import settings, wiring
from switchboard.domain.rota_calendar import (
    AHEAD,
    BEHIND,
    People,
    StoredCalendar,
    basis_of,
    is_current,
    trouble,
    understood,
    zone_of,
)
from switchboard.errors import Misconfigured, Rejected, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from switchboard.config import AutomationConfig
    from switchboard.ports import AutomationSource, CalendarFeeds, CalendarStore, Metrics

logger = Logger()

LEAVE = 40.0
"""So many seconds must be left to begin with a calendar: it may take 15 to arrive and 20 to be worked out."""


def read_calendars(
    *,
    automation: AutomationSource,
    fetcher: CalendarFeeds,
    store: CalendarStore,
    metrics: Metrics,
    now: datetime,
    seconds: float = 80.0,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, int]:
    """Read every calendar that has an address; return how many were read, failed, wait for the next run, and trouble.

    No calendar is begun with after *seconds*; those that failed before are read last. What nobody foresaw is raised
    together at the end.
    """
    config, until = automation.current(), clock() + seconds
    known = {name: StoredCalendar(name=name) for name in config.calendars} | dict(store.load_all(config.calendars))
    due = sorted(
        (name for name, source in config.calendars.items() if source.url),
        key=lambda name: (known[name].failures, known[name].read_at or datetime.min.replace(tzinfo=UTC)),
    )
    crashes: list[Exception] = []
    waiting = 0
    for name in due:
        if clock() > until:
            waiting += 1
            continue
        try:
            known[name] = _read(known[name], config, fetcher, now=now)
            store.save(known[name])
        except Exception as error:  # noqa: BLE001 - raised below, when the others were read
            logger.error("not_read", calendar=name, error=type(error).__name__)  # noqa: TRY400 - its text may hold names
            crashes.append(error)
    troubled = _tell(known, config, metrics, now)
    if crashes:
        raise ExceptionGroup("calendars that could not be read; the next run reads them anew", crashes)
    failed = sum(bool(known[name].failures) for name in due)
    result = {"read": len(due) - waiting - failed, "failed": failed, "waiting": waiting, "trouble": troubled}
    logger.info("read_all", extra=result)
    return result


def _read(stored: StoredCalendar, config: AutomationConfig, fetcher: CalendarFeeds, *, now: datetime) -> StoredCalendar:
    """Return the calendar as it is now; when it cannot be read, its last good copy, and why."""
    name, basis = stored.name, basis_of(config, stored.name)
    etag = stored.etag if is_current(stored, basis, now) else ""
    try:
        feed = fetcher.read(
            config.calendars[name].url, etag=etag, zone=zone_of(config, name), start=now - BEHIND, end=now + AHEAD
        )
    except (Unavailable, Rejected, Misconfigured) as error:
        reason = error.reason if isinstance(error, Rejected) else type(error).__name__.lower()
        logger.warning("kept_the_last_good_copy", calendar=name, reason=reason, error=str(error))
        return replace(stored, failures=stored.failures + 1, failure=str(error))
    if feed is None:
        return replace(stored, read_at=now, failures=0, failure="")
    found = understood(name, feed.entries, People(config, name))
    logger.info("read", calendar=name, spans=len(found.spans), unknown=found.unknown, unreadable=found.unreadable)
    return replace(found, read_at=now, etag=feed.etag, basis=basis)


def _tell(known: Mapping[str, StoredCalendar], config: AutomationConfig, metrics: Metrics, now: datetime) -> int:
    """Count what is not to be relied on, and what could not be understood; return how many calendars are in trouble."""
    troubled = 0
    for name in config.calendars:
        stored = known[name]
        if stored.failures:
            metrics.count("CalendarFailed", calendar=name)
        if stored.unknown:
            metrics.count("CalendarUnknownPeople", stored.unknown, calendar=name)
        if why := trouble(config, stored, now):
            logger.warning("not_to_be_relied_on", calendar=name, reason=why)
            metrics.count("CalendarStale", calendar=name, reason=why)
            troubled += 1
    return troubled


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Run once."""
    found, metrics = settings.ReadCalendars.read(), wiring.metrics()
    try:
        return read_calendars(
            automation=wiring.automation(found),
            fetcher=wiring.calendar_feeds(),
            store=wiring.calendar_store(found.posts_table),
            metrics=metrics,
            now=datetime.now(UTC),
            seconds=context.get_remaining_time_in_millis() / 1000 - LEAVE,
        )
    finally:
        metrics.flush()
