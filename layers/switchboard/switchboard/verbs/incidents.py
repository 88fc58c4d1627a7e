"""Incidents that alerts opened in a pager service: acknowledged when somebody has the question, resolved at its end.

Else the service would go on ringing by its own policy. Once, from the stream: if that is lost, a person resolves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchboard.domain.question import AlertState, QuestionState
from switchboard.errors import SwitchboardError

if TYPE_CHECKING:
    from switchboard.domain.question import Conversation
    from switchboard.verbs.switchroom import Switchroom

CONTACT = "pagerduty"
_MAY_BE_OPEN = (AlertState.SENT, AlertState.UNKNOWN)


def settle_incidents(conversation: Conversation, room: Switchroom) -> int:
    """Tell the pager services how *conversation* stands; return how many were told. Raises nothing of ours."""
    question = conversation.question
    staff_ids = {one.staff_id for one in conversation.alerts if one.contact == CONTACT and one.state in _MAY_BE_OPEN}
    if question is None or question.state is QuestionState.OPEN or not staff_ids:
        return 0
    told = 0
    for staff_id in sorted(staff_ids):
        try:
            secret = room.contact_secrets.of(staff_id)
            room.hooks.settle(secret, question.question_id, done=not question.unfinished)
            told += 1
        except SwitchboardError:
            room.metrics.count("IncidentNotSettled")
    return told
