"""notify_staff: the stream of new messages rings the responsible staff member, within seconds.

At least once, and harmless twice: what fails keeps its next action in the table, and `escalate_questions` does it.
The batch reports which records failed; where that report is ignored, nothing is lost for the same reason.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType

from functions.notify_staff.hearing import Hearing
from switchboard import settings, wiring
from switchboard.verbs.attend import attend
from switchboard.verbs.incidents import settle_incidents

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from switchboard.verbs.switchroom import Switchroom

logger = Logger()


def notify_staff(record: DynamoDBRecord, *, room: Switchroom, now: datetime) -> int:
    """Attend to the question that *record* (a message, a change, what somebody did) belongs to; return alerts sent."""
    keys = record.dynamodb.keys if record.dynamodb else None
    if not keys:
        return 0
    question_id: str = keys["question_id"]
    sent = attend(question_id, room, now=now)
    if keys["item"].startswith("event#"):
        settle_incidents(room.questions.load(question_id), room)
    logger.info("attended", question_id=question_id, alerts=sent)
    return sent


@cache
def _hearing(posts_table: str) -> Hearing:
    return Hearing(wiring.channel_states(posts_table))


def _ring(record: DynamoDBRecord, found: settings.Ringing) -> int:
    now = datetime.now(UTC)
    sent = notify_staff(record, room=wiring.switchroom(found), now=now)
    _hearing(found.posts_table).note(record, now=now)
    return sent


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Take a batch of stream records; answer with those that failed."""
    found = settings.Ringing.read()
    processor = BatchProcessor(event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)
    with processor(event["Records"], partial(_ring, found=found), context):
        processor.process()  # pyright: ignore[reportUnknownMemberType] - Powertools leaves its type open
    wiring.metrics().flush()
    return processor.response()
