"""An alert that a receipt says reached nobody: the next person need not wait for a claim that cannot come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from switchboard.domain.escalation import BY_US, SETTLE
from switchboard.domain.question import Alert, AlertState, Change, Event, Question, QuestionState

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.domain.question import Conversation
    from switchboard.domain.receipts import Receipt

_UNREACHED = frozenset({"undeliverable", "opted_out"})


def fail_alert(conversation: Conversation, receipt: Receipt, *, now: datetime) -> Change | None:
    """Return the change that notes the alert of *receipt* as failed, or None when there is nothing to note.

    If the question is still open at that step and nobody else of the step was reached, the next step is due at once;
    after the last step, in `SETTLE`, so that a policy of phones that are off does not spin. Never later than before.
    """
    question = conversation.question
    if question is None or receipt.outcome not in _UNREACHED:
        return None
    failed = [alert for alert in conversation.alerts if _is_of(alert, receipt)]
    if not failed:
        return None
    step = failed[-1].step
    reached = [
        alert
        for alert in conversation.alerts
        if alert.step == step and alert.state is not AlertState.FAILED and alert not in failed
    ]
    who = ", ".join(dict.fromkeys(alert.staff_id for alert in failed))
    event = Event(question_id=question.question_id, kind="alert_failed", by=BY_US, at=now, detail=f"step {step}: {who}")
    after = question if reached else _sooner(question, step, now)
    return Change(
        question=replace(after, version=question.version + 1),
        alerts=tuple(replace(alert, state=AlertState.FAILED, failure=receipt.reason) for alert in failed),
        events=(event,),
    )


def _is_of(alert: Alert, receipt: Receipt) -> bool:
    """Whether *receipt* is of *alert*: by the provider's id, or by whom and when if that was never learnt."""
    if alert.contact != receipt.contact or alert.state is AlertState.FAILED:
        return False
    if alert.provider_id:
        return alert.provider_id == receipt.provider_id
    return (alert.step, alert.staff_id) == (receipt.step, receipt.staff_id)


def _sooner(question: Question, step: int, now: datetime) -> Question:
    due = question.next_action_at
    if question.state is not QuestionState.OPEN or question.step != step or due is None:
        return question
    around = question.position >= len(question.steps)
    return replace(question, next_action_at=min(due, now + (SETTLE if around else timedelta(0))))
