"""A platform that can be answered on, in memory; secrets; and a way to the Graph simulator without sockets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import httpx

from simulators.graph.wire import read_request
from switchboard.errors import Rejected
from switchboard.ports import ChannelSecret
from tests.fakes.hospital import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.graph import GraphSimulator
    from switchboard.domain.question import Answer, Conversation
    from switchboard.ports import Channel

SKEW = timedelta(seconds=60)


@dataclass
class Clock:
    """A clock that tests set."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@dataclass
class FakeSecrets:
    """`ports.ChannelSecrets`: one token for every channel."""

    access_token: str = "demo-page-token"

    def of(self, channel: str, *, fresh: bool = False) -> ChannelSecret:
        return ChannelSecret(access_token=self.access_token)


@dataclass(frozen=True)
class Said:
    """One reply that stands on the platform."""

    platform_id: str
    in_reply_to: str
    text: str
    at: datetime


@dataclass
class FakeReplies:
    """`ports.Replies`: *said* is what stands there; *failures* are (error, performed), one a reply."""

    clock: Callable[[], datetime] = field(default_factory=Clock)
    said: list[Said] = field(default_factory=list[Said])
    failures: list[tuple[BaseException, bool]] = field(default_factory=list[tuple[BaseException, bool]])
    blind: list[BaseException] = field(default_factory=list[BaseException])
    deleted: set[str] = field(default_factory=set[str])

    def reply(self, conversation: Conversation, answer: Answer, channel: Channel, secret: ChannelSecret) -> str:
        error, performed = self.failures.pop(0) if self.failures else (None, True)
        if answer.in_reply_to in self.deleted:
            raise Rejected("What you answer to was deleted.", reason="deleted")
        if performed:
            number = f"reply-{len(self.said) + 1}"
            self.said.append(Said(number, answer.in_reply_to, answer.text, self.clock()))
        if error is not None:
            raise error
        return self.said[-1].platform_id

    def find_reply(
        self, conversation: Conversation, answer: Answer, channel: Channel, secret: ChannelSecret
    ) -> str | None:
        if self.blind:
            raise self.blind.pop(0)
        taken = {other.platform_id for other in conversation.answers if other.answer_id != answer.answer_id}
        since = (answer.attempted_at or self.clock()) - SKEW
        for said in self.said:
            same = (said.in_reply_to, said.text) == (answer.in_reply_to, answer.text)
            if same and said.at >= since and said.platform_id not in taken:
                return said.platform_id
        return None


class Direct(httpx.BaseTransport):
    """Hands httpx's requests to the simulator without a socket; an answer that does not come is a timeout."""

    def __init__(self, graph: GraphSimulator) -> None:
        self._graph = graph

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        reply = self._graph.answer(
            read_request(request.method, request.url.raw_path.decode(), request.headers, request.read())
        )
        if reply is None:
            raise httpx.ReadTimeout("the simulator does not answer", request=request)
        if isinstance(reply.body, dict):
            return httpx.Response(reply.status, json=reply.body, headers=reply.headers)
        return httpx.Response(reply.status, text=reply.body, headers=reply.headers)
