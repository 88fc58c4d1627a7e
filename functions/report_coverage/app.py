"""report_coverage: every day, the admins are told of the hours of the coming week for which nobody would be rung.

Each gap is told once, until it changes. What was not told is not remembered: it is tried again the next day.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from switchboard import settings, wiring
from switchboard.domain.rota_report import lines, remembered, report
from switchboard.errors import Misconfigured
from switchboard.verbs.tell_admins import tell_admins

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from switchboard.ports import AutomationSource, CalendarSpans, Mail, Metrics, ToldGaps

logger = Logger()


def report_coverage(
    *,
    automation: AutomationSource,
    calendars: CalendarSpans,
    told: ToldGaps,
    mail: Mail,
    metrics: Metrics,
    now: datetime,
) -> dict[str, int]:
    """Tell the admins of the gaps that are new; return how many gaps there are, how many are new, who was told.

    Raises Misconfigured when there is something to tell and no admin could be reached. Safe to repeat.
    """
    config = automation.current()
    found = report(config, calendars.current(config.calendars), told.load(), now)
    metrics.count("CoverageGapHours", round(found.hours, 2))
    reached = 0
    if found.fresh:
        subject = "nobody would be rung" if len(found.gaps) == 1 else f"{len(found.gaps)} gaps in the rota"
        reached = tell_admins(subject, lines(config, found), config=config, mail=mail)
        if not reached:
            raise Misconfigured("no admin could be told of the gaps in the rota; look at `admins` and their emails")
    told.save(remembered(found, now))
    logger.info("reported", reason=found.reason)
    return {"gaps": len(found.gaps), "new": len(found.fresh), "told": reached}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Run once."""
    found, metrics = settings.ReportCoverage.read(), wiring.metrics()
    try:
        return report_coverage(
            automation=wiring.automation(found),
            calendars=wiring.calendars(found.posts_table),
            told=wiring.told_gaps(found.posts_table),
            mail=wiring.mail(found.sender_email, found.receipts_set),
            metrics=metrics,
            now=datetime.now(UTC),
        )
    finally:
        metrics.flush()
