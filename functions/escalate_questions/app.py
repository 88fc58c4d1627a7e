"""escalate_questions: every minute, whatever is due.

It rings again, rings the next person, reminds and opens what a claim let lie, takes in messages that the stream missed,
and tells people what their limits held back. Late means now.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from switchboard import settings, wiring
from switchboard.errors import SwitchboardError
from switchboard.verbs.attend import attend
from switchboard.verbs.paging import Paging

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from switchboard.verbs.switchroom import Switchroom

logger = Logger()

LEAVE_MS = 10_000
"""So much of the function's time is left unused: what is not reached now is due in the next minute."""


STAY = timedelta(seconds=45)
"""So long the sweep stays for a text that may leave before the next sweep."""


def escalate_questions(
    *,
    room: Switchroom,
    now: datetime,
    remaining_ms: Callable[[], int] = lambda: LEAVE_MS + 1,
    wait: Callable[[float], None] | None = None,
    elapsed: Callable[[], timedelta] = timedelta,
) -> dict[str, int]:
    """Attend to every question that is due; return how many were due, attended to, and failed, and alerts sent.

    One that fails does not keep the others from ringing: all failures are raised together at the end. With *wait*, a
    function that lets seconds pass, the sweep stays for what is held back and may leave within `STAY`. *elapsed* says
    how long it has run: a phone that rings late in the run has rung then, and not at its beginning.
    """
    failures: list[Exception] = []
    due = room.questions.due(now)
    attended = alerts = 0
    for question_id in due:
        if remaining_ms() < LEAVE_MS:
            break
        try:
            alerts += attend(question_id, room, now=now + elapsed())
            attended += 1
        except Exception as error:  # noqa: BLE001 - raised below, after the others were rung
            logger.error("not_attended", question_id=question_id, error=type(error).__name__)  # noqa: TRY400 - its text may hold words
            failures.append(error)
    room.metrics.count("SweepHeartbeat")
    room.metrics.count("QuestionsDue", len(due))
    moment = now + elapsed()
    told = _tell_held(room, moment, failures)
    while wait is not None and (at := _soon(room, moment)) and at <= now + STAY:
        seconds = (at - moment).total_seconds()
        if remaining_ms() < LEAVE_MS + 1000 * seconds:
            break
        wait(seconds)
        moment = max(at, now + elapsed())
        told += _tell_held(room, moment, failures)
    if failures:
        raise ExceptionGroup("questions that could not be attended to; they stay due", failures)
    return {"due": len(due), "attended": attended, "alerts": alerts, "told": told}


def _tell_held(room: Switchroom, now: datetime, failures: list[Exception]) -> int:
    """Tell everybody what was held back and is due; return how many messages left."""
    told = 0
    try:
        staff_ids = room.pagers.due(now)
    except SwitchboardError as error:  # questions ring all the same
        failures.append(error)
        return 0
    paging = Paging(room=room, config=room.automation.current(), now=now)
    for staff_id in staff_ids:
        try:
            told += paging.tell_held(staff_id)
        except Exception as error:  # noqa: BLE001 - raised by the caller, after the others were told
            logger.error("not_told", staff_id=staff_id, error=type(error).__name__)  # noqa: TRY400 - as above
            failures.append(error)
    return told


def _soon(room: Switchroom, now: datetime) -> datetime | None:
    """Return when the next that is held back may be told, if that is within `STAY` and can be read."""
    try:
        found = room.pagers.load(room.pagers.due(now + STAY))
    except SwitchboardError:
        return None
    moments = (pager.next_action_at for pager in found.values())
    return min((moment for moment in moments if moment is not None and moment > now), default=None)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Run the sweep."""
    room, now = wiring.switchroom(settings.Ringing.read()), datetime.now(UTC)
    try:
        result = escalate_questions(
            room=room,
            now=now,
            remaining_ms=context.get_remaining_time_in_millis,
            wait=time.sleep,
            elapsed=lambda: datetime.now(UTC) - now,
        )
    finally:
        room.metrics.flush()
    logger.info("swept", extra=result)
    return result
