"""The envelope in which Meta sends everything: an object, its entries, and in each of them what happened.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started

At least once, up to 1,000 entries in a body, in no order. Meta sends a body again for 36 hours until it gets a 200, so
one part that cannot be read is kept as ignored, and the others are taken in.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Delivery, Ignored, Message
from switchboard.errors import Rejected
from switchboard.platforms.fields import dict_of, event_json, json_objects, list_of, wrong_shape
from switchboard.platforms.meta_signature import MetaSigned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from switchboard.ports import Channel

    TakeEntry = Callable[["Parts", dict[str, Any], Channel, datetime], None]


@dataclass(slots=True)
class Parts:
    """What was found so far."""

    messages: list[Message] = field(default_factory=list[Message])
    ignored: list[Ignored] = field(default_factory=list[Ignored])

    def take(self, event: object, parse: Callable[[], Message | Ignored]) -> None:
        """Add what *parse* finds in *event*; one that is not as documented is kept, and harms no other."""
        try:
            found = parse()
        except Rejected as exc:
            found = Ignored(reason=exc.reason, event=event_json(event))
        if isinstance(found, Message):
            self.messages.append(found)
        else:
            self.ignored.append(found)

    def ignore(self, event: object, reason: str) -> None:
        """Keep *event*, of which we do not know what it is."""
        self.ignored.append(Ignored(reason=reason, event=event_json(event)))


class MetaWebhook(MetaSigned):
    """`ports.Inbound` for what Meta calls *name* ("page"); *take_entry* adds the parts of one entry."""

    def __init__(self, name: str, take_entry: TakeEntry) -> None:
        self._name = name
        self._take_entry = take_entry

    def parse(self, body: bytes, headers: Mapping[str, str], channel: Channel, *, now: datetime) -> Delivery:  # noqa: ARG002 - it is all in the body
        """Return the messages of all entries; what is none is ignored, with its reason."""
        parts = Parts()
        for envelope in json_objects(body):  # one, but for some of Meta's samples
            if not isinstance(envelope.get("object"), str):
                wrong_shape('"object"', f'a text such as "{self._name}"')
            if not isinstance(envelope.get("entry"), list):
                wrong_shape('"entry"', "an array")
            for entry in list_of(envelope["entry"]):
                if envelope["object"] != self._name:
                    parts.ignore(entry, "unknown_object")
                elif fields := dict_of(entry):
                    self._take_entry(parts, fields, channel, now)
                else:
                    parts.ignore(entry, "wrong_shape")
        return Delivery(messages=tuple(_in_turn(parts.messages)), ignored=tuple(parts.ignored))


def _in_turn(messages: Iterable[Message]) -> Iterator[Message]:
    """Return *messages*, with the edits of one comment each a microsecond after the one before.

    A Page's changes bear no time but that of their entry, and an edit is known by its time: two edits in one entry
    would be taken for one, and the later words lost.
    """
    last: dict[tuple[str, datetime | None], tuple[Message, int]] = {}
    for message in messages:
        if message.change != "edited" or message.changed_at is None:
            yield message
            continue
        key = message.message_id, message.changed_at
        before, turn = last.get(key, (message, 0))
        turn += before != message
        last[key] = message, turn
        yield replace(message, changed_at=message.changed_at + turn * timedelta(microseconds=1))
