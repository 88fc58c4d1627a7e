"""What stands behind the webhook path, in memory: channels, their secrets, the message store, the quarantine."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from switchboard.adapters.items import key_of
from switchboard.errors import Unavailable
from switchboard.ports import Channel, ChannelSecret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from switchboard.domain.message import Ignored, Message


@dataclass
class FakeChannels:
    """`ports.Channels`: *channels* by name; with *fails* every call raises Unavailable."""

    channels: dict[str, Channel] = field(default_factory=dict[str, Channel])
    fails: bool = False

    def find(self, name: str) -> Channel | None:
        if self.fails:
            raise Unavailable("the automation config cannot be read")
        return self.channels.get(name)

    def all(self) -> tuple[Channel, ...]:
        if self.fails:
            raise Unavailable("the automation config cannot be read")
        return tuple(self.channels.values())


@dataclass
class FakeSecrets:
    """`ports.ChannelSecrets`: *cached* is handed out until somebody asks for a *fresh* one, which is *stored*."""

    stored: dict[str, ChannelSecret] = field(default_factory=dict[str, ChannelSecret])
    cached: dict[str, ChannelSecret] = field(default_factory=dict[str, ChannelSecret])
    fails: bool = False
    asked_fresh: int = 0

    def of(self, channel: str, *, fresh: bool = False) -> ChannelSecret:
        if self.fails:
            raise Unavailable("Secrets Manager does not answer")
        self.asked_fresh += fresh
        if fresh or channel not in self.cached:
            self.cached[channel] = self.stored.get(channel, ChannelSecret())
        return self.cached[channel]


@dataclass
class FakeMessages:
    """`ports.MessageStore`: *stored* by question and key. A message that *fails* says so is not stored."""

    stored: dict[tuple[str, str], Message] = field(default_factory=dict[tuple[str, str], "Message"])
    ignored: dict[tuple[str, str], Ignored] = field(default_factory=dict[tuple[str, str], "Ignored"])
    fails: Callable[[Message], bool] = lambda _: False
    puts: int = 0

    def put(self, messages: Sequence[Message]) -> int:
        new, failures = 0, 0
        for message in messages:
            self.puts += 1
            key = (message.question_id, key_of(message))
            if self.fails(message):
                failures += 1
            elif key not in self.stored:
                self.stored[key] = message
                new += 1
        if failures:
            raise Unavailable(f"{failures} of {len(messages)} were not stored")
        return new

    def put_ignored(self, channel: str, ignored: Sequence[Ignored], *, now: datetime) -> None:
        for part in ignored:
            self.ignored[channel, hashlib.sha256(f"{part.reason}\n{part.event}".encode()).hexdigest()] = part


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One refused delivery."""

    channel: str
    body: bytes
    headers: dict[str, str]
    reason: str


@dataclass
class FakeQuarantine:
    """`ports.Quarantine`: *kept* by key; with *fails* every call raises Unavailable."""

    kept: dict[str, Kept] = field(default_factory=dict[str, Kept])
    fails: bool = False

    def keep(self, channel: str, body: bytes, headers: Mapping[str, str], *, reason: str, now: datetime) -> str:
        if self.fails:
            raise Unavailable("the quarantine does not answer")
        key = f"{channel}/{now:%Y-%m-%d/%H%M%S%f}-{hashlib.sha256(body).hexdigest()[:32]}"
        self.kept[key] = Kept(channel=channel, body=body, headers=dict(headers), reason=reason)
        return key
