"""audit_questions: every 15 minutes, whatever waits and has no next action is found, made due, and told, loudly.

The sweep does what is due; the audit makes sure that everything that waits will be. It goes through the whole table, a
few percent of its capacity at a time, and the next run goes on where this one stopped. Safe to repeat.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from switchboard import settings, wiring
from switchboard.errors import SwitchboardError
from switchboard.verbs.audit import Auditor
from switchboard.verbs.dead_contacts import check_phones, try_chats_again
from switchboard.verbs.tell_admins import tell_admins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from switchboard.domain.audit import Defect
    from switchboard.ports import AuditedTable, AutomationSource, Mail, Metrics, OptOuts, Pagers, QuestionStore
    from switchboard.verbs.audit import Audit

logger = Logger()

LEAVE_MS = 30_000
"""So much of the function's time is left for what was found on the last page."""
PAGES = 400
"""So many pages are read by one run: 100,000 items, and all of ten million in about a day."""
PAUSE = 0.2
"""So many seconds pass between two pages: the table has other things to do."""
_MOST_TOLD = 50


def audit_questions(
    *,
    table: AuditedTable,
    questions: QuestionStore,
    pagers: Pagers,
    automation: AutomationSource,
    mail: Mail,
    metrics: Metrics,
    now: datetime,
    goes_on: Callable[[], bool] = lambda: True,
) -> dict[str, int]:
    """Audit the table for as long as *goes_on* says so; return how many items were looked at, repaired, left and late.

    What cannot be repaired, and what the sweep does not get to, is counted for an alarm. Failures are raised together
    at the end; what was repaired before is told all the same.
    """
    config = automation.current()
    began = table.cursor()
    auditor = Auditor(table=table, questions=questions, pagers=pagers, config=config, now=now)
    audit = auditor.run(began, goes_on=goes_on)
    if audit.after != began:
        table.keep(audit.after)
    _count(audit, metrics)
    if audit.repaired:
        subject = f"{len(audit.repaired)} times something waited for nobody, and was repaired"
        tell_admins(subject, _lines(audit), config=config, mail=mail)
    if audit.failures:
        raise ExceptionGroup("questions that could not be audited; a later run looks again", audit.failures)
    counts = {"repaired": len(audit.repaired), "left": len(audit.left), "late": len(audit.late)}
    return {"looked": audit.looked, **counts, "complete": int(not audit.after)}


def audit_contacts(
    *, opt_outs: OptOuts, pagers: Pagers, automation: AutomationSource, mail: Mail, metrics: Metrics, now: datetime
) -> int:
    """Look who of the staff stands on the provider's opt-out list; return how many phones were newly found.

    They are not texted any more, and the admins are told. A list that cannot be read is looked at the next time. Chats
    that did not work are tried again after a day.
    """
    try_chats_again(store=pagers, config=automation.current(), now=now)
    try:
        opted_out = opt_outs.opted_out_phones()
    except SwitchboardError as error:
        logger.warning("opt_outs_unread", error=type(error).__name__)
        return 0
    return check_phones(opted_out, store=pagers, config=automation.current(), mail=mail, metrics=metrics, now=now)


def pace(remaining_ms: Callable[[], int], wait: Callable[[float], None]) -> Callable[[], bool]:
    """Return what waits before each further page, and says whether there is time for it."""
    pages = iter(range(1, PAGES))

    def goes_on() -> bool:
        wait(PAUSE)
        return remaining_ms() > LEAVE_MS and next(pages, None) is not None

    return goes_on


def _count(audit: Audit, metrics: Metrics) -> None:
    metrics.count("AuditHeartbeat")
    metrics.count("OldestDueSeconds", int(audit.oldest.total_seconds()))
    for what, metric, found in (
        ("repaired", "QuestionRepaired", audit.repaired),
        ("not_repaired", "QuestionUnrepaired", audit.left),
        ("overdue", None, audit.late),
    ):
        for defect in found:
            logger.error(what, partition=defect.partition, flaw=defect.flaw.value, reason=defect.reason)
            if metric:
                metrics.count(metric, flaw=defect.flaw.value)


def _lines(audit: Audit) -> list[str]:
    return [
        "The audit found what no sweep would have done. It is repaired, and due now:",
        *_told(audit.repaired),
        *(["", "This needs a person, it cannot be repaired:", *_told(audit.left)] if audit.left else []),
        "",
        "This must not happen. Please tell whoever runs Switchboard; the details are in the log of audit_questions.",
    ]


def _told(found: Iterable[Defect]) -> list[str]:
    lines = [f"- {defect.ref}: {defect.reason}" for defect in found]
    return lines[:_MOST_TOLD] + ([f"- and {len(lines) - _MOST_TOLD} more"] if len(lines) > _MOST_TOLD else [])


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Run once."""
    found, metrics = settings.AuditQuestions.read(), wiring.metrics()
    goes_on = pace(context.get_remaining_time_in_millis, time.sleep)
    table, questions = wiring.audited_table(found.questions_table), wiring.questions(found.questions_table)
    try:
        audit_contacts(**_ports(found), opt_outs=_opt_outs(found))
        return audit_questions(**_ports(found), table=table, questions=questions, goes_on=goes_on)
    finally:
        metrics.flush()


def _ports(found: settings.AuditQuestions) -> dict[str, Any]:
    return {
        "pagers": wiring.pagers(found.questions_table),
        "automation": wiring.automation(found),
        "mail": wiring.mail(found.sender_email, found.receipts_set),
        "metrics": wiring.metrics(),
        "now": datetime.now(UTC),
    }


def _opt_outs(found: settings.AuditQuestions) -> OptOuts:
    return wiring.opt_outs(found.sms_provider, found.sms_origination, found.receipts_set)
