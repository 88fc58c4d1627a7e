"""One account of a scheduler whose API answers what it is told to, and what it was asked on the wire."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

import httpx

from switchboard.domain.scheduler_kinds import KINDS
from switchboard.ports import SchedulerAccount, SchedulerSecret

if TYPE_CHECKING:
    from switchboard.ports import Scheduler

NOW = datetime(2026, 10, 12, 16, 0, tzinfo=UTC)


class Secrets:
    """`ports.SchedulerSecrets` with one secret."""

    def __init__(self, secret: SchedulerSecret) -> None:
        self.secret = secret
        self.kept: list[SchedulerSecret] = []

    def of(self, name: str, *, fresh: bool = False) -> SchedulerSecret:
        return self.secret

    def keep(self, name: str, secret: SchedulerSecret) -> None:
        self.kept.append(secret)
        self.secret = secret


class Answering:
    """*answers* are given in order, the last one ever again: a body that is sent with HTTP 200, or a whole response."""

    def __init__(self, kind: str, *answers: Any, profiles: dict[str, str] | None = None, **secret: str) -> None:
        self.asked: list[httpx.Request] = []
        self.waited: list[float] = []
        self._answers = list(answers)
        known = {
            "server": "https://social.example.org",
            "token": "t0k3n",
            "client_id": "client",
            "client_secret": "client-secret",
            "refresh_token": "refresh-0",
            "expires_at": "2026-10-12T17:00:00Z",
        }
        account = SchedulerAccount(
            name="outside", kind=kind, account_id="1001", channel="facebook", profiles=profiles or {}
        )
        self.secrets = Secrets(SchedulerSecret(**(known | secret)))
        more: dict[str, Any] = {"wait": self.waited.append} if kind in {"hootsuite", "mastodon"} else {}
        self.scheduler: Scheduler = import_module(f"switchboard.schedulers.{kind}").opened(
            account,
            self.secrets,
            url=KINDS[kind].url,
            transport=httpx.MockTransport(self._answer),
            clock=lambda: NOW,
            **more,
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if not isinstance(answer, httpx.Response):
            return httpx.Response(200, json=answer)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    def sent(self, number: int = -1) -> Any:
        """Return the JSON of a request."""
        return json.loads(self.asked[number].content)

    def lines(self) -> list[str]:
        """Return every request as "GET /path?query"."""
        return [f"{one.method} {one.url.raw_path.decode()}" for one in self.asked]
