"""Filing: which conversation a message belongs to, when the platform does not say.

Most messages name their thread. Some may not: the removal of something whose author the platform conceals, what our
own account wrote under a comment, a message that answers to one of our answers, and an edit of such a one. Each of them
names another message, or itself, whose place is known once that was taken in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.domain.message import Message
    from switchboard.domain.question import Conversation

WAITS = timedelta(hours=1)
"""So long a removal or an echo waits for the message that it belongs to: deliveries come in any order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a message or an answer of ours is filed: the thread of its question, and the author of that."""

    thread_id: str
    author_id: str


def misplaced(conversation: Conversation) -> tuple[Message, ...]:
    """Return the pending messages that may belong to another conversation, by `names`."""
    return tuple(message for message in conversation.pending if _may_belong_elsewhere(conversation, message))


def names(message: Message) -> tuple[str, ...]:
    """Return the ids whose place is also the place of *message*: the first that is known counts."""
    own = () if message.change == "new" else (message.message_id,)
    return (*own, *((message.reply_to,) if message.reply_to and message.change != "removed" else ()))


def belongs(message: Message, place: Place) -> bool:
    """Whether *message* is to be filed at *place*: a person's message joins only a question of their own."""
    if place.thread_id == message.thread_id:
        return False
    return message.by_us or message.change == "removed" or place.author_id == message.author_id


def ready(conversation: Conversation, *, now: datetime) -> tuple[Message, ...]:
    """Return the pending messages that can be taken in now; the others wait for what they belong to."""
    waiting = {
        id(message)
        for message in misplaced(conversation)
        if (message.by_us or message.change == "removed") and now - message.received_at < WAITS
    }
    return tuple(message for message in conversation.pending if id(message) not in waiting)


def _may_belong_elsewhere(conversation: Conversation, message: Message) -> bool:
    if message.change == "new":
        beside = {other.message_id for other in conversation.pending}
        return bool(message.reply_to) and conversation.question is None and message.reply_to not in beside
    here = (*conversation.messages, *(other for other in conversation.pending if other.change == "new"))
    known = any(other.message_id == message.message_id for other in here)
    return not known and (message.change == "edited" or not message.author_id)
