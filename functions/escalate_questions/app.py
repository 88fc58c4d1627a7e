"""escalate_questions: every minute, whatever is due.

It rings again, rings the next person, opens what a claim let lie, and takes in messages that the stream missed. Late
means now.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from switchboard import settings, wiring
from switchboard.verbs.attend import attend

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from switchboard.verbs.attend import Switchroom

logger = Logger()

LEAVE_MS = 10_000
"""So much of the function's time is left unused: what is not reached now is due in the next minute."""


def escalate_questions(
    *, room: Switchroom, now: datetime, remaining_ms: Callable[[], int] = lambda: LEAVE_MS + 1
) -> dict[str, int]:
    """Attend to every question that is due; return how many were due, attended to, and failed, and alerts sent.

    One that fails does not keep the others from ringing: all failures are raised together at the end.
    """
    due = room.questions.due(now)
    failures: list[Exception] = []
    attended = alerts = 0
    for question_id in due:
        if remaining_ms() < LEAVE_MS:
            break
        try:
            alerts += attend(question_id, room, now=now)
            attended += 1
        except Exception as error:  # noqa: BLE001 - raised below, after the others were rung
            logger.error("not_attended", question_id=question_id, error=type(error).__name__)  # noqa: TRY400 - its text may hold words
            failures.append(error)
    room.metrics.count("SweepHeartbeat")
    room.metrics.count("QuestionsDue", len(due))
    if failures:
        raise ExceptionGroup("questions that could not be attended to; they stay due", failures)
    return {"due": len(due), "attended": attended, "alerts": alerts}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Run the sweep."""
    room = wiring.switchroom(settings.Ringing.read())
    try:
        result = escalate_questions(room=room, now=datetime.now(UTC), remaining_ms=context.get_remaining_time_in_millis)
    finally:
        room.metrics.flush()
    logger.info("swept", extra=result)
    return result
