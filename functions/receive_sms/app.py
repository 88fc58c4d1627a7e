"""receive_sms: a staff member texts back, and it is done: claim, done, pass, list, away, back.

Two-way SMS of AWS End User Messaging publishes every incoming text to a topic. At least once: a text that comes twice
is done once. What fails is raised, so that the topic brings it again, and at last lies in the failure queue.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import SNSEvent

from switchboard import settings, wiring
from switchboard.errors import Rejected
from switchboard.verbs.text_back import IncomingText, text_back

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from switchboard.ports import CrisisStore
    from switchboard.verbs.switchroom import Switchroom

logger = Logger()


def receive_sms(message: str, *, room: Switchroom, crises: CrisisStore, now: datetime) -> str:
    """Do what the text in *message*, as two-way SMS publishes it, asks; return what was done, in a word."""
    return text_back(incoming(message), room, crises=crises, now=now)


def incoming(message: str) -> IncomingText:
    """Return the text in *message*; raise Rejected, naming the field, when there is none."""
    try:
        found: object = json.loads(message)
    except ValueError as error:
        raise Rejected("the message of the topic is not JSON", reason="not_json") from error
    fields = {"text_id": "inboundMessageId", "sender": "originationNumber", "body": "messageBody"}
    written = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    given: dict[str, Any] = {name: written.get(field) for name, field in fields.items()}
    missing = [fields[name] for name, value in given.items() if not isinstance(value, str)]
    if missing:
        raise Rejected(f"{', '.join(missing)}: missing in the message of the topic", reason="no_text")
    return IncomingText(**given)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Take the records of the topic, one text each."""
    found = settings.Ringing.read()
    room, crises, done = wiring.switchroom(found), wiring.crises(found.posts_table), 0
    try:
        for record in SNSEvent(event).records:
            verb = receive_sms(record.sns.message, room=room, crises=crises, now=datetime.now(UTC))
            logger.info("text_received", verb=verb)
            done += 1
    finally:
        room.metrics.flush()
    return {"texts": done}
