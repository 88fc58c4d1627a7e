"""What comes in: one message as a platform sent it, and what a webhook body is made of.

These values stand on the path that starts cold while a platform waits, so they are slotted dataclasses and
import next to nothing.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Literal

    Kind = Literal["comment", "direct_message", "mention", "review", "form"]
    ChangeVerb = Literal["new", "edited", "removed"]
    Via = Literal["webhook", "poll"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One inbound item: new, or the edit or removal of an earlier one with the same *message_id*.

    *thread_id* is the platform's conversation with this author: with the channel it names the question.
    *attachments* holds their kinds ("image", "video"): they are shown as such and never fetched.
    *reply_to* is the id of what it answers to, where the platform says so: an earlier message, or an answer of ours.
    *by_us* says that our own account wrote it, here or in the platform's own app (an echo). *via* tells who found it:
    the platform's webhook, or our poll.
    """

    channel: str
    platform: str
    kind: Kind
    message_id: str
    thread_id: str
    author_id: str
    sent_at: datetime
    received_at: datetime
    author_name: str = ""
    text: str = ""
    attachments: tuple[str, ...] = ()
    permalink: str = ""
    reply_to: str = ""
    by_us: bool = False
    via: Via = "webhook"
    change: ChangeVerb = "new"
    changed_at: datetime | None = None
    expires_at: datetime | None = None

    @property
    def question_id(self) -> str:
        """The question that this message belongs to, computed from the channel and the thread alone."""
        return question_id_of(self.channel, self.thread_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A part of a delivery that is no message, and why.

    *reason* is a short label ("echo", "own_post", "reaction", "unknown_field") that becomes a metric's dimension.
    *event* is the part's own JSON when we do not know what it is: it is stored, so that nothing is lost silently.
    """

    reason: str
    event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A verified webhook body, taken apart: *messages* to store and what was *ignored*."""

    messages: tuple[Message, ...] = ()
    ignored: tuple[Ignored, ...] = ()


def question_id_of(channel: str, thread_id: str) -> str:
    """Return 26 characters [A-Z2-7] that are the same for every message of *thread_id* on *channel*."""
    digest = hashlib.sha256(f"{channel}\n{thread_id}".encode("utf-8", "surrogatepass")).digest()
    return b32encode(digest[:16]).decode().rstrip("=")


def ref_of(question_id: str) -> str:
    """Return the four characters that a person reads out on the telephone; not unique, never a key."""
    return question_id[:4]
