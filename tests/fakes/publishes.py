"""A platform that can be posted to, in memory: `ports.Publishes`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.replies import SKEW, Clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from switchboard.domain.post import Post
    from switchboard.ports import Channel, ChannelSecret


@dataclass(frozen=True)
class Shown:
    """One post that stands on the platform."""

    platform_id: str
    text: str
    at: datetime


@dataclass
class FakePublishes:
    """`ports.Publishes`: *shown* is what stands there; *failures* are (error, performed), one a post."""

    clock: Callable[[], datetime] = field(default_factory=Clock)
    shown: list[Shown] = field(default_factory=list[Shown])
    failures: list[tuple[BaseException, bool]] = field(default_factory=list[tuple[BaseException, bool]])
    blind: list[BaseException] = field(default_factory=list[BaseException])

    def publish(self, post: Post, channel: Channel, secret: ChannelSecret) -> str:
        error, performed = self.failures.pop(0) if self.failures else (None, True)
        if performed:
            self.shown.append(Shown(f"post-{len(self.shown) + 1}", post.text, self.clock()))
        if error is not None:
            raise error
        return self.shown[-1].platform_id

    def find_post(self, post: Post, channel: Channel, secret: ChannelSecret) -> str | None:
        if self.blind:
            raise self.blind.pop(0)
        since = (post.attempt_started_at or self.clock()) - SKEW
        return next((shown.platform_id for shown in self.shown if shown.text == post.text and shown.at >= since), None)
