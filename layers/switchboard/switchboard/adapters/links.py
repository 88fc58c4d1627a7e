"""Looking whether a link leads somewhere, and remembering what was seen.

Only hosts that the config allows are asked, at addresses of the internet, by http and https on their usual ports. A
name is looked up once and that very address is connected to. Redirects are followed by hand, each checked as well.
"""

from __future__ import annotations

import hashlib
import logging
import time
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import httpx

from switchboard.adapters.aws_errors import translate
from switchboard.adapters.deadline import Deadline
from switchboard.adapters.items import stamp
from switchboard.adapters.paging import all_pages
from switchboard.adapters.posting import is_public, look_up
from switchboard.adapters.records import decode, encode
from switchboard.domain.links import Link, LinkState, is_allowed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

TIMEOUT = httpx.Timeout(3, connect=2)
TAKES_AT_MOST = 6.0
"""Seconds, with all redirects."""
MOST_REDIRECTS = 3
KEPT = timedelta(days=30)
_GONE = (404, 410)
_NO_HEAD = (400, 403, 405, 501)
_PORTS = {"http": 80, "https": 443}


class HttpLinks:
    """`ports.LinkChecker`. *loopback* lets it speak to this machine, for tests; *addresses* looks a host up."""

    def __init__(self, *, loopback: bool = False, addresses: Callable[[str, int], list[str]] = look_up) -> None:
        self._loopback = loopback
        self._addresses = addresses

    def look(self, url: str, allowed: Sequence[str], *, now: datetime) -> Link:
        """Ask for *url* and follow it; never raises for what a link may be."""
        ends = time.monotonic() + TAKES_AT_MOST
        target = url
        for _ in range(MOST_REDIRECTS + 1):
            if time.monotonic() > ends:
                return _seen(url, LinkState.UNKNOWN, "it did not answer in time.", now)
            found = self._ask(target, allowed, ends)
            if isinstance(found, httpx.URL):
                target = str(found)
                continue
            state, reason = found
            return _seen(url, state, reason, now)
        return _seen(url, LinkState.UNKNOWN, "it leads from one address to the next.", now)

    def _ask(self, url: str, allowed: Sequence[str], ends: float) -> httpx.URL | tuple[LinkState, str]:
        try:
            target = httpx.URL(url)
            port = target.port or _PORTS[target.scheme]
        except (httpx.InvalidURL, KeyError, ValueError):
            return LinkState.UNKNOWN, "it is no web address that is looked at."
        if target.userinfo or not is_allowed(target.host, allowed):
            return LinkState.UNKNOWN, "its site is not among those that are looked at."
        if not self._loopback and port != _PORTS[target.scheme]:
            return LinkState.UNKNOWN, "it names a port of its own."
        try:
            addresses = self._addresses(target.host, port)
        except OSError as exc:
            unknown = getattr(exc, "errno", None) in {-2, -5}  # EAI_NONAME, EAI_NODATA: the name does not exist
            return (
                (LinkState.DEAD, "its site does not exist.")
                if unknown
                else (LinkState.UNKNOWN, "its site cannot be looked up.")
            )
        except UnicodeError:
            return LinkState.DEAD, "its site does not exist."
        if not addresses or not (self._loopback or all(map(is_public, addresses))):
            return LinkState.UNKNOWN, "its site is not on the internet."
        return self._request(target, addresses[0], ends)

    def _request(self, target: httpx.URL, address: str, ends: float) -> httpx.URL | tuple[LinkState, str]:
        try:
            status, location = self._status("HEAD", target, address, ends)
            if status in _NO_HEAD or status in _GONE:
                status, location = self._status("GET", target, address, ends)
        except (httpx.HTTPError, httpx.StreamError):
            return LinkState.UNKNOWN, "its site did not answer."
        if httpx.codes.is_redirect(status) and location:
            try:
                return target.join(location)
            except (httpx.InvalidURL, ValueError):
                return LinkState.UNKNOWN, "it leads to no address."
        if status in _GONE:
            return LinkState.DEAD, f"the site says that there is no such page (HTTP {status})."
        if httpx.codes.is_success(status):
            return LinkState.OK, "it leads to a page."
        return LinkState.UNKNOWN, f"the site says HTTP {status}."

    def _status(self, method: str, target: httpx.URL, address: str, ends: float) -> tuple[int, str]:
        with Deadline(ends - time.monotonic()) as deadline:
            request = self._client.build_request(
                method,
                target.copy_with(host=address),
                headers={"Host": target.netloc.decode(), "Range": "bytes=0-0"},
                extensions={"sni_hostname": target.host, "trace": deadline.trace},
            )
            response = self._client.send(request, stream=True)  # the body is not read
            response.close()
        return response.status_code, response.headers.get("Location", "")

    @cached_property
    def _client(self) -> httpx.Client:
        logging.getLogger("httpx").setLevel(logging.WARNING)
        return httpx.Client(
            timeout=TIMEOUT,
            follow_redirects=False,
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
            headers={"User-Agent": "Switchboard link check", "Accept": "*/*"},
        )


class DynamoLinks:
    """`ports.LinkLooks` in the Posts table: the partition `link#<digest>`, an item a look."""

    def __init__(self, client: Any, table: str) -> None:  # noqa: ANN401 - botocore's client
        self._client = client
        self._table = table

    def load(self, urls: Iterable[str]) -> Mapping[str, Sequence[Link]]:
        """Query each partition."""
        return {url: self._looks(url) for url in dict.fromkeys(urls)}

    def save(self, link: Link) -> None:
        """Put the look beside the earlier ones."""
        item = encode(link) | {
            "post_id": {"S": _key(link.url)},
            "item": {"S": f"look#{stamp(link.looked_at)}"},
            "expires_at": {"N": str(int((link.looked_at + KEPT).timestamp()))},
        }
        with translate():
            self._client.put_item(TableName=self._table, Item=item)

    def _looks(self, url: str) -> Sequence[Link]:
        items = all_pages(
            self._client,
            limit=8,
            TableName=self._table,
            KeyConditionExpression="post_id = :id",
            ExpressionAttributeValues={":id": {"S": _key(url)}},
            ScanIndexForward=False,
        )
        return [decode(Link, item) for item in items]


def _key(url: str) -> str:
    return f"link#{hashlib.sha256(url.encode()).hexdigest()}"


def _seen(url: str, state: LinkState, reason: str, now: datetime) -> Link:
    return Link(url=url, state=state, reason=reason, looked_at=now)
