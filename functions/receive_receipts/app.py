"""receive_receipts: what became of texts and emails. Who cannot be reached is noted, and the next person rings sooner.

At least once, and harmless twice: a contact is marked once, and an alert that failed stays failed. Escalation never
waits for a receipt; one that is lost only means that the next person is rung when the step says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from switchboard import settings, wiring
from switchboard.domain.failed_alerts import fail_alert
from switchboard.domain.pager import digest_of
from switchboard.domain.receipts import messages_of, parse
from switchboard.domain.roster import address_of
from switchboard.errors import Conflict, Unavailable
from switchboard.verbs.dead_contacts import dead_contact, mark_dead
from switchboard.verbs.tell_admins import tell_admins

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from switchboard.domain.receipts import Receipt
    from switchboard.ports import AutomationSource, Mail, Metrics, Pagers, QuestionStore

logger = Logger()

ATTEMPTS = 20
"""So often a lost fence is tried anew before the trigger comes again."""

_WHY = {"opted_out": "opted_out", "complained": "marked_as_spam"}
_GONE = {"sms": "no_such_number", "email": "no_such_mailbox"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailroom:
    """The ports that receipts need."""

    questions: QuestionStore
    pagers: Pagers
    automation: AutomationSource
    mail: Mail
    metrics: Metrics


def receive_receipts(receipts: Iterable[Receipt], *, room: Mailroom, now: datetime) -> dict[str, int]:
    """Act on each receipt; return how many there were, contacts newly marked as dead, and alerts noted as failed.

    One that fails does not keep the others: all failures are raised together at the end. Safe to repeat.
    """
    done = {"receipts": 0, "dead": 0, "failed": 0}
    failures: list[Exception] = []
    for receipt in receipts:
        done["receipts"] += 1
        room.metrics.count("Receipt", contact=receipt.contact, outcome=receipt.outcome)
        try:
            done["dead"] += _mark(receipt, room, now) if receipt.dead else 0
            done["failed"] += _fail(receipt, room, now) if receipt.question_id else 0
        except Exception as error:  # noqa: BLE001 - raised below, after the others
            logger.error("receipt_failed", question_id=receipt.question_id, error=type(error).__name__)  # noqa: TRY400 - its text may hold words
            failures.append(error)
    if failures:
        raise ExceptionGroup("receipts that could not be acted on", failures)
    return done


def _mark(receipt: Receipt, room: Mailroom, now: datetime) -> int:
    """Mark the address for everybody whose it is now, and tell the admins of each, once."""
    config = room.automation.current()
    digest = digest_of(receipt.address)
    theirs = [
        staff_id
        for staff_id, member in config.staff.items()
        if digest_of(address_of(member, receipt.contact)) == digest
    ]
    reason = _WHY.get(receipt.outcome) or _GONE[receipt.contact]
    contact, address = receipt.contact, receipt.address
    marked = [one for one in theirs if mark_dead(room.pagers, one, contact, address, reason=reason, now=now)]
    for staff_id in marked:
        room.metrics.count("ContactDead", contact=receipt.contact)
        logger.info("contact_dead", staff_id=staff_id, contact=receipt.contact, reason=reason)
        tell_admins(*dead_contact(staff_id, receipt.contact, reason), config=config, mail=room.mail)
    return len(marked)


def _fail(receipt: Receipt, room: Mailroom, now: datetime) -> int:
    for _ in range(ATTEMPTS):
        change = fail_alert(room.questions.load(receipt.question_id), receipt, now=now)
        if change is None:
            return 0
        try:
            room.questions.commit(change)
        except Conflict:
            continue
        room.metrics.count("AlertFailed", len(change.alerts), contact=receipt.contact)
        return len(change.alerts)
    raise Unavailable("the question is changed all the time")


@cache
def _mailroom(found: settings.ReceiveReceipts) -> Mailroom:
    return Mailroom(
        questions=wiring.questions(found.questions_table),
        pagers=wiring.pagers(found.questions_table),
        automation=wiring.automation(found),
        mail=wiring.mail(found.sender_email, found.receipts_set),
        metrics=wiring.metrics(),
    )


def _read(event: dict[str, Any], metrics: Metrics) -> list[Receipt]:
    """Return the receipts of *event*; what is none is counted and passed over: it would be none the next time too."""
    found: list[Receipt] = []
    for message in messages_of(event):
        try:
            found += parse(message)
        except ValueError as error:
            logger.warning("receipt_unreadable", field=str(error))
            metrics.count("ReceiptUnreadable")
    return found


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Take what SNS brings."""
    room = _mailroom(settings.ReceiveReceipts.read())
    try:
        result = receive_receipts(_read(event, room.metrics), room=room, now=datetime.now(UTC))
    finally:
        room.metrics.flush()
    logger.info("received", extra=result)
    return result
