"""What all simulated schedulers share: posts, a clock that a test moves, people who change things, and faults."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import httpx

from simulators.server import Server, Wire

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEDULED, DRAFT, OUT, FAILED = "scheduled", "draft", "out", "failed"


@dataclass
class Item:
    """One post in a scheduler."""

    item_id: str
    text: str
    at: datetime
    state: str = SCHEDULED
    profile: str = ""
    more: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass
class Call:
    """One request: *query* and *form* by name, *body* as parsed JSON."""

    method: str
    path: str
    query: dict[str, str]
    headers: httpx.Headers
    body: Any
    content: bytes

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form."""
        return dict(parse_qsl(self.content.decode("utf-8", "replace")))


@dataclass
class Said:
    """One answer."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class _Asked:
    request: httpx.Request

    @property
    def method(self) -> str:
        return self.request.method

    @property
    def path(self) -> str:
        return self.request.url.path


class World(ABC):
    """The posts of one account, and everything that can happen to them.

    *clock* is moved by `advance`, which publishes what is due. *calls* are all requests. *faults* are taken one a call:
    "refuse" answers 429, "lose" does it and answers nothing, "cut" does nothing and answers nothing, "swallow" answers
    that it was done and does nothing.
    """

    token = "simulated-token"  # noqa: S105 - simulated

    def __init__(self, clock: datetime | None = None) -> None:
        self.now = clock or datetime(2026, 10, 12, 16, 0, tzinfo=UTC)
        self.items: dict[str, Item] = {}
        self.published: list[tuple[str, str, datetime]] = []
        self.calls: list[Call] = []
        self.faults: list[str] = []
        self._ids = 100

    def clock(self) -> datetime:
        """Return the moment."""
        return self.now

    def advance(self, **by: float) -> None:
        """Let time pass, a minute at a time, and publish what is due."""
        until = self.now + timedelta(**by)
        while self.now < until:
            self.now = min(until, self.now + timedelta(minutes=1))
            self.publish_due()

    def add_post(self, text: str, at: datetime, **more: object) -> str:
        """Write a post as a person would, and return its id."""
        item = Item(self.next_id(), text, at, profile=str(more.pop("profile", "p1")), more=more)
        self.items[item.item_id] = item
        return item.item_id

    def change(self, item_id: str, **changes: object) -> None:
        """Change a post as a person would."""
        for name, value in changes.items():
            setattr(self.items[item_id], name, value)

    def state_of(self, item_id: str) -> str:
        """Return scheduled, draft, out, failed, or gone."""
        return self.items[item_id].state if item_id in self.items else "gone"

    def publish_due(self) -> None:
        """Publish what is due."""
        for item in list(self.items.values()):
            if item.state == SCHEDULED and item.at <= self.now:
                self.publish(item)

    def publish(self, item: Item) -> None:
        """Publish one post."""
        self.published.append((item.item_id, item.text, self.now))
        item.state = OUT

    def next_id(self) -> str:
        """Return an id that nothing has yet."""
        self._ids += 1
        return str(self._ids)

    @abstractmethod
    def answer(self, call: Call) -> Said:
        """Return what this scheduler says to *call*."""

    def transport(self) -> httpx.MockTransport:
        """Return a way to speak to it in this process."""
        return httpx.MockTransport(self._handle)

    def serve(self, port: int = 0) -> Server:
        """Serve it on loopback until the server is closed."""
        return Server(self._serve, Wire(_asked, _unreadable), "127.0.0.1", port, quiet=True)

    def _serve(self, asked: _Asked) -> Said | None:
        try:
            response = self._handle(asked.request)
        except httpx.ReadTimeout:
            return None
        body = response.json() if response.content else ""
        headers = {name: value for name, value in response.headers.items() if name == "retry-after"}
        return Said(response.status_code, body, headers)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        call = read(request)
        self.calls.append(call)
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "refuse":
            return httpx.Response(429, json={"error": "slow down"}, headers={"Retry-After": "60"})
        if fault == "cut":
            raise httpx.ReadTimeout("cut", request=request)
        if fault == "swallow" and call.method not in {"GET", "HEAD"}:
            return self._response(self.unchanged(call))
        said = self.answer(call)
        if fault == "lose":
            raise httpx.ReadTimeout("lost", request=request)
        return self._response(said)

    def unchanged(self, call: Call) -> Said:
        """Return what it would say to *call*, having done nothing."""
        del call
        return Said(200, {})

    def _response(self, said: Said) -> httpx.Response:
        if said.body is None:
            return httpx.Response(said.status, headers=said.headers)
        return httpx.Response(said.status, json=said.body, headers=said.headers)


def read(request: httpx.Request) -> Call:
    """Return *request* taken apart."""
    content = request.read()
    try:
        body = json.loads(content) if content else None
    except ValueError:
        body = None
    return Call(
        method=request.method,
        path=request.url.path,
        query=dict(request.url.params),
        headers=request.headers,
        body=body,
        content=content,
    )


def _asked(method: str, target: str, headers: Mapping[str, str], body: bytes) -> _Asked:
    return _Asked(httpx.Request(method, f"http://simulated{target}", headers=dict(headers), content=body))


def _unreadable(why: str) -> Said:
    return Said(400, {"error": why})


def when(text: str) -> datetime:
    """Return the moment that an ISO 8601 text says."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def told(moment: datetime) -> str:
    """Return *moment* as 2026-10-12T16:00:00.000Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
