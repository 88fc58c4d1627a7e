"""Meta's Graph API: one request in, parsed JSON out, every failure as one of ours.

https://developers.facebook.com/docs/graph-api/guides/error-handling. What Graph says in words is neither read nor
kept: it may quote what somebody wrote.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import httpx

from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, SwitchboardError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from switchboard.ports import Channel, ChannelSecret

Json = dict[str, Any]

TIMEOUT = httpx.Timeout(10, connect=3, pool=2)
SKEW = timedelta(seconds=60)
"""So much Meta's clock may be behind ours."""
MOST_PAGES = 10
"""So many pages of a list are read at most, a hundred entries each."""

# A Lambda sleeps between two calls, and a connection that died meanwhile would make an outcome unknown.
_LIMITS = httpx.Limits(max_connections=10, max_keepalive_connections=2, keepalive_expiry=3)

_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_WRONG_URL = (httpx.UnsupportedProtocol, httpx.InvalidURL)
_FOREIGN = (httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict, httpx.StreamError)

DEAD_TOKEN = frozenset({102, 104, 190, 463, 467, 2500})
RATE_LIMITS = frozenset({4, 17, 32, 613, *range(80000, 80015)})
TRANSIENT = frozenset({1, 2})
NO_PERMISSION = frozenset({3, 10, *range(200, 300)})
DUPLICATE = 506
INVALID = 100
_REFUSALS: dict[tuple[int, int | None], tuple[str, str]] = {
    (INVALID, 33): ("deleted", "What you answer to was deleted, or the Page may not see it any more."),
    (10, 2534022): ("window_closed", "Messenger allows an answer within 24 hours of their last message; that is over."),
    (10, 2018278): ("window_closed", "Messenger allows an answer within 24 hours of their last message; that is over."),
    (551, None): ("unreachable", "This person cannot be reached on Messenger any more."),
    (368, None): ("blocked", "Facebook blocks the Page from doing this for now; look at the Page's support inbox."),
}
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500
_OVERLOADED = 1


class Overloaded(Unavailable):
    """Graph could not put the answer together; asked for less it often can ("reduce the amount of data")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What Graph answered, and when, as its header `Date` says."""

    body: Json
    date: str = ""


class Graph:
    """A thin client. *url* is Graph's with its version; *transport* is httpx's own unless a test says otherwise."""

    def __init__(self, url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self._url = url.rstrip("/")
        self._transport = transport

    def post(self, channel: Channel, secret: ChannelSecret, *path: str, body: Json) -> Json:
        """Send *body* to the object and edge of *path*. Never tried twice here.

        Raises Rejected (never again), Unavailable (it was not done), OutcomeUnknown (it may have been done), and
        Misconfigured (a person must mend the token, a permission or the URL).
        """
        return self._request("POST", channel, secret, path, content=json.dumps(body).encode()).body

    def get(self, channel: Channel, secret: ChannelSecret, *path: str, **params: str) -> Json:
        """Read the object or edge of *path*. Raises as `post` does, but for OutcomeUnknown: reading again is safe."""
        return self.look(channel, secret, *path, **params).body

    def look(self, channel: Channel, secret: ChannelSecret, *path: str, **params: str) -> Answer:
        """Read as `get` does, and return the time of the answer as well."""
        try:
            return self._request("GET", channel, secret, path, params=params)
        except OutcomeUnknown as exc:
            raise Unavailable("Facebook did not answer") from exc

    def list(self, channel: Channel, secret: ChannelSecret, *path: str, **params: str) -> Iterator[Json]:
        """Read the entries of an edge, page after page; raise Unavailable when there are too many to tell."""
        params = {"limit": "100", **params}
        for _ in range(MOST_PAGES):
            page = self.get(channel, secret, *path, **params)
            yield from entries_of(page)
            paging = dict_of(page.get("paging"))
            after = dict_of(paging.get("cursors")).get("after")
            if "next" not in paging or not isinstance(after, str):
                return
            params["after"] = after
        raise Unavailable("there are too many entries to look through")

    @cached_property
    def _client(self) -> httpx.Client:
        return httpx.Client(timeout=TIMEOUT, limits=_LIMITS, transport=self._transport, follow_redirects=False)

    def _request(
        self,
        method: str,
        channel: Channel,
        secret: ChannelSecret,
        path: tuple[str, ...],
        **request: Any,  # noqa: ANN401 - httpx's own
    ) -> Answer:
        url = "/".join((self._url, *(quote(part, safe=":") for part in path)))
        headers = {"Authorization": f"Bearer {_token(channel, secret)}", "Content-Type": "application/json"}
        try:
            response = self._client.request(method, url, headers=headers, **request)
        except _NEVER_LEFT as exc:
            raise Unavailable("Facebook cannot be reached") from exc
        except _WRONG_URL as exc:
            raise Misconfigured("GRAPH_URL is not a URL; set it in template.yaml") from exc
        except _FOREIGN as exc:
            raise OutcomeUnknown(f"Facebook did not answer ({type(exc).__name__})") from exc
        body = _json(response)
        if response.is_success and "error" not in body:
            return Answer(body=body, date=response.headers.get("Date", ""))
        raise _meaning(response, dict_of(body.get("error")), channel)


def is_ours(entry: Json, channel: Channel) -> bool:
    """Whether the channel's own account wrote *entry*."""
    return str(dict_of(entry.get("from")).get("id", "")) == channel.account_id


def says(entry: Json, text: str) -> bool:
    """Whether *entry* holds *text*; platforms mend white space."""
    found = entry.get("message")
    return isinstance(found, str) and found.split() == text.split()


def is_since(entry: Json, moment: datetime | None) -> bool:
    """Whether *entry* was made at *moment* or later, by Meta's clock."""
    created = entry.get("created_time")
    if moment is None or not isinstance(created, str):
        return True
    return datetime.fromisoformat(created) >= moment - SKEW


def id_in(answer: Json, name: str = "id") -> str:
    """Return the id of what was made; raise OutcomeUnknown when the answer does not tell it."""
    made = answer.get(name)
    if not isinstance(made, str) or not made:
        raise OutcomeUnknown("Facebook took it and did not say under which id")
    return made


def dict_of(value: object) -> Json:
    """Return *value* if it is a JSON object, else an empty one."""
    return cast("Json", value) if isinstance(value, dict) else {}


def entries_of(page: Json) -> Iterator[Json]:
    """Return the objects in the list that Graph calls `data`."""
    data = page.get("data")
    return (dict_of(entry) for entry in (cast("list[object]", data) if isinstance(data, list) else []))


def _token(channel: Channel, secret: ChannelSecret) -> str:
    token = secret.access_token
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise Misconfigured(f"the secret of channel {channel.name} has no usable access_token; connect the Page")
    return token


def _json(response: httpx.Response) -> Json:
    try:
        return dict_of(json.loads(response.content))
    except (ValueError, RecursionError):
        return {"error": {}}


def _meaning(response: httpx.Response, error: Json, channel: Channel) -> SwitchboardError:
    """Return what *error* means. An answer of 5xx, or one that nobody can read, leaves the outcome open."""
    code, subcode = error.get("code"), error.get("error_subcode")
    if not isinstance(code, int):
        return _without_code(response, channel)
    name = f"{code}/{subcode}" if isinstance(subcode, int) else str(code)
    refusal = _REFUSALS.get((code, subcode)) or _REFUSALS.get((code, None))
    if refusal:
        return Rejected(refusal[1], reason=refusal[0])
    if code in DEAD_TOKEN or code in NO_PERMISSION:
        wrong = "does not work" if code in DEAD_TOKEN else "lacks a permission"
        return Misconfigured(f"the access token of channel {channel.name} {wrong} ({name}); connect the Page again")
    if code == _OVERLOADED:
        return Overloaded(f"Facebook asks to wait (error {name}).", retry_after=_retry_after(response))
    if code in RATE_LIMITS or code in TRANSIENT:
        return Unavailable(f"Facebook asks to wait (error {name}).", retry_after=_retry_after(response))
    if code == DUPLICATE or response.status_code >= _SERVER_ERROR:
        return OutcomeUnknown(f"Facebook does not say whether it took it (error {name}).")
    if error.get("is_transient") is True:
        return Unavailable(f"Facebook asks to try later (error {name}).", retry_after=_retry_after(response))
    return Rejected(f"Facebook does not take it (error {name}).", reason="refused")


def _without_code(response: httpx.Response, channel: Channel) -> SwitchboardError:
    status = response.status_code
    if status == _TOO_MANY_REQUESTS:
        return Unavailable("Facebook asks to wait (HTTP 429)", retry_after=_retry_after(response))
    if response.is_success or status >= _SERVER_ERROR:
        return OutcomeUnknown(f"Facebook did not give a proper answer (HTTP {status})")
    return Misconfigured(f"Facebook's answer for channel {channel.name} is HTTP {status}; check GRAPH_URL")


def _retry_after(response: httpx.Response) -> float | None:
    """Return the seconds to wait that the headers name, at most a day.

    https://developers.facebook.com/docs/graph-api/overview/rate-limiting (the time to regain access is in minutes)
    """
    try:
        usage = dict_of(json.loads(response.headers.get("X-Business-Use-Case-Usage", "{}")))
    except (ValueError, RecursionError):
        usage = {}
    limits = [dict_of(limit) for limits in usage.values() for limit in entries_of({"data": limits})]
    minutes = [_number(limit.get("estimated_time_to_regain_access")) for limit in limits]
    told = [_number(response.headers.get("Retry-After")), *(60 * number for number in minutes)]
    seconds = min(max(told), 86_400.0)
    return seconds if seconds > 0 else None


def _number(value: object) -> float:
    try:
        number = float(str(value))
    except ValueError:
        return 0.0
    return number if 0 < number < float("inf") else 0.0
