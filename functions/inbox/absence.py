"""Away and back: what texting AWAY and BACK does, by a button."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Logger

from functions.inbox import pages, words
from functions.inbox.desk import ATTEMPTS, visit_with_form
from switchboard.domain.wall import earlier
from switchboard.errors import Conflict, Rejected

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

    from functions.inbox.desk import Visit

logger = Logger()

_LENGTHS = {"1h": timedelta(hours=1), "4h": timedelta(hours=4)}
_MORNING = "morning"
_BEGINS = time(8)
_NIGHT_ENDS = time(4)


def go_away() -> Response[str]:
    """Nobody rings the visitor for as long as the form says, unless they are the last resort."""
    visit, form = visit_with_form()
    until = away_until(form.get("for", ""), visit.now, visit.config.zone)
    if until is None:
        raise Rejected("Choose for how long you are away.", reason="no_length")
    return _write(visit, until)


def come_back() -> Response[str]:
    """The visitor can be rung again."""
    visit, _ = visit_with_form()
    return _write(visit, None)


def away_until(choice: str, now: datetime, zone: str) -> datetime | None:
    """Return until when *choice* means, or None when it is no choice.

    The morning is at 8:00 on the wall, of the next day; who asks in the night, before 4:00, means the coming one.
    """
    if choice in _LENGTHS:
        return now + _LENGTHS[choice]
    if choice != _MORNING:
        return None
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() + timedelta(days=local.time() >= _NIGHT_ENDS)
    return earlier(datetime.combine(day, _BEGINS), ZoneInfo(zone))


def choices(now: datetime, zone: str) -> tuple[tuple[str, str], ...]:
    """Return what the buttons send and say."""
    morning = away_until(_MORNING, now, zone)
    until = f"Until {words.clock(morning, now, zone)}" if morning else ""
    return ("1h", "For 1 hour"), ("4h", "For 4 hours"), (_MORNING, until)


def _write(visit: Visit, until: datetime | None) -> Response[str]:
    for _ in range(ATTEMPTS):
        pager = visit.desk.pagers.load([visit.me])[visit.me]
        if pager.away_until != until:
            try:
                visit.desk.pagers.save(replace(pager, away_until=until, version=pager.version + 1))
            except Conflict:
                continue
        logger.info("away" if until else "back", staff_id=visit.me)
        return pages.redirect(visit.request, "inbox")
    raise Rejected("Your alerts changed at the same moment. Nothing was done; try again.", status=409, reason="busy")
