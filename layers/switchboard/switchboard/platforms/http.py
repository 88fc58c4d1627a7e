"""Calling a platform's API: one request in, parsed JSON out, every failure as one of ours.

What a platform says in words is neither read nor kept: it may quote what somebody wrote. A platform whose errors stand
in the body says what they mean by a function of its own; the rest is told by the status alone.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import httpx

from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, SwitchboardError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TIMEOUT = httpx.Timeout(10, connect=3, pool=2)
LARGEST_ANSWER = 8 * 1024 * 1024
_DEEPEST = 64
_NESTING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)

# A Lambda sleeps between two calls, and a connection that died meanwhile would make an outcome unknown.
_LIMITS = httpx.Limits(max_connections=10, max_keepalive_connections=2, keepalive_expiry=3)
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_WRONG_URL = (httpx.UnsupportedProtocol, httpx.InvalidURL)
_FOREIGN = (httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict, httpx.StreamError)
_SHUT, _GONE = (401, 403), (404, 410)
_TOO_MANY, _SERVER_ERROR, _CLOSED = 429, 500, 503
_LONGEST_WAIT = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the platform answered: *json* is None when the body is not JSON. Header names in any case."""

    status: int
    json: Any
    headers: Mapping[str, str]

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return httpx.codes.is_success(self.status)


class Api:
    """A thin client of one API. *name* stands in errors, as "Mastodon"; *transport* is httpx's own unless in a test."""

    def __init__(
        self,
        url: str,
        *,
        name: str,
        meaning: Callable[[Reply], SwitchboardError | None] = lambda _: None,
        timeout: httpx.Timeout = TIMEOUT,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._timeout = timeout
        self._url = url.rstrip("/")
        self._name = name
        self._meaning = meaning
        self._transport = transport

    def get(
        self,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        now: datetime,
    ) -> Reply:
        """Read *path*. Raises Unavailable, Misconfigured (401, 403), Rejected (404 "deleted", other 4xx "refused")."""
        try:
            return self.send("GET", path, headers=headers, params=params, now=now)
        except OutcomeUnknown as exc:
            raise Unavailable(f"{self._name} did not answer") from exc

    def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        body: Any = None,  # noqa: ANN401 - any JSON
        form: Mapping[str, str] | None = None,
        file: tuple[str, bytes, str] | None = None,
        now: datetime,
    ) -> Reply:
        """Send one request, never twice; *file* (name, bytes, media type) is uploaded with *form* as its fields.

        Raises as `get` does, and OutcomeUnknown when it may have been carried out.
        """
        request: dict[str, Any] = {"params": params, "headers": dict(headers or {})}
        if body is not None:
            request["json"] = body
        if form is not None:
            request["data"] = dict(form)
        if file is not None:
            request["files"] = {"file": file}
        try:
            response = self._client.request(method, self._url + path, **request)
        except _NEVER_LEFT as exc:
            raise Unavailable(f"{self._name} cannot be reached") from exc
        except _WRONG_URL as exc:
            raise Misconfigured(f"{self._name}: the server's address is not a URL; write https://…") from exc
        except _FOREIGN as exc:
            raise OutcomeUnknown(f"{self._name} did not answer ({type(exc).__name__})") from exc
        reply = Reply(status=response.status_code, json=_json(response), headers=response.headers)
        wrong = self._meaning(reply)
        if wrong is not None:
            raise wrong
        if reply.is_success and reply.json is not None:
            return reply
        raise self._by_status(reply, now, reading=method == "GET")

    @cached_property
    def _client(self) -> httpx.Client:
        return httpx.Client(timeout=self._timeout, limits=_LIMITS, transport=self._transport, follow_redirects=False)

    def _by_status(self, reply: Reply, now: datetime, *, reading: bool) -> SwitchboardError:
        status, said = reply.status, f"{self._name} says HTTP {reply.status}"
        closed = reading and status == _CLOSED
        if status == _TOO_MANY or closed:
            return Unavailable(f"{said}; it asks to wait", retry_after=retry_after(reply.headers, now=now))
        if status in _SHUT:
            return Misconfigured(f"{said}: the access token does not work or lacks a permission; connect the account")
        if reply.is_success or status >= _SERVER_ERROR:
            return OutcomeUnknown(f"{said} and no proper answer")
        if status in _GONE:
            return Rejected(f"{said}: it is not there, or not any more", reason="deleted")
        return Rejected(said, reason="refused")


def retry_after(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Return the seconds to wait that *headers* name, at most a day; None when they name none.

    Retry-After (seconds or a date, RFC 9110), and the reset of a rate limit: seconds since 1970 (X
    `x-rate-limit-reset`, Bluesky `ratelimit-reset`) or an ISO date (Mastodon `X-RateLimit-Reset`).
    """
    names = ("retry-after", "x-rate-limit-reset", "x-ratelimit-reset", "ratelimit-reset")
    lower = {name.lower(): value for name, value in headers.items()}
    waits = [wait for name in names if (wait := _wait(lower.get(name, ""), now)) > 0]
    return min(max(waits), _LONGEST_WAIT) if waits else None


_A_MOMENT_FROM = 1e8  # as seconds to wait this would be three years


def _wait(told: str, now: datetime) -> float:
    try:
        number = float(told)
    except ValueError:
        moment = _moment(told)
        return 0.0 if moment is None else (moment - now).total_seconds()
    if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
        return 0.0
    return number - now.timestamp() if number > _A_MOMENT_FROM else number


def _moment(told: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(told)
        except (ValueError, TypeError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _json(response: httpx.Response) -> Any:  # noqa: ANN401 - any JSON
    if len(response.content) > LARGEST_ANSWER:
        return None
    try:
        return json.loads(response.content)
    except ValueError:
        return None
    except RecursionError:
        return _shallow(response.content)


def _shallow(content: bytes) -> Any:  # noqa: ANN401 - any JSON
    """Return the JSON with null for what is nested deeper than a person's words ever are.

    Anybody may post a record that is nested a thousand deep; the page on which it stands is read all the same.
    """
    kept, start, depth = bytearray(), 0, 0
    for token in _NESTING.finditer(content):
        if token[0] in b"[{":
            depth += 1
            if depth == _DEEPEST:
                kept += content[start : token.start()]
        elif token[0] in b"]}":
            if depth == _DEEPEST:
                kept += b"null"
                start = token.end()
            depth -= 1
    try:
        return None if depth else json.loads(bytes(kept) + content[start:])
    except (ValueError, RecursionError):
        return None
