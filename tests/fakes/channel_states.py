"""What is remembered of channels, in memory: `ports.ChannelStates`."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from switchboard.errors import Conflict, Unavailable

if TYPE_CHECKING:
    from datetime import datetime

    from switchboard.domain.polling import PollState


@dataclass
class FakeChannelStates:
    """`ports.ChannelStates`: with *fails* every call raises Unavailable."""

    states: dict[str, PollState] = field(default_factory=dict[str, "PollState"])
    heard_at: dict[str, datetime] = field(default_factory=dict[str, "datetime"])
    fails: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def load(self, channel: str) -> PollState | None:
        self._answer()
        return self.states.get(channel)

    def save(self, state: PollState) -> None:
        self._answer()
        with self.lock:
            stored = self.states[state.channel].version if state.channel in self.states else 0
            if state.version != stored + 1:
                raise Conflict(f"the stored version is {stored}, not {state.version - 1}")
            self.states[state.channel] = state

    def heard(self, channel: str, *, at: datetime) -> None:
        self._answer()
        self.heard_at[channel] = at

    def last_heard(self, channel: str) -> datetime | None:
        self._answer()
        return self.heard_at.get(channel)

    def _answer(self) -> None:
        if self.fails:
            raise Unavailable("the store does not answer")
