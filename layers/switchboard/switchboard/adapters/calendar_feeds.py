"""Fetching a calendar from an address that somebody typed in.

It may lead anywhere, so each address on the way is https, and its host's are public ones of the internet: looked up
once, and that very address is connected to. Such addresses hold a secret, so no error and no log line shows one.
"""

from __future__ import annotations

import logging
import time
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx

from switchboard.adapters.calendars import LARGEST, entries
from switchboard.adapters.posting import is_public, look_up
from switchboard.errors import Misconfigured, Rejected, Unavailable
from switchboard.ports import Feed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

TIMEOUT = httpx.Timeout(10, connect=3)
SECONDS = 15.0
"""So long all of it may take, however slowly it drips."""
MOST_REDIRECTS = 3
_MOST_ADDRESSES = 3
_HTTPS = 443
_LOCAL = ("127.0.0.1", "localhost", "::1")
_REDIRECTS = (301, 302, 303, 307, 308)


class HttpCalendarFeeds:
    """`ports.CalendarFeeds`. *loopback* lets it speak to this machine, and http, for tests and local runs."""

    def __init__(self, *, loopback: bool = False, addresses: Callable[[str, int], list[str]] = look_up) -> None:
        self._loopback = loopback
        self._addresses = addresses

    def read(self, url: str, *, etag: str = "", zone: str, start: datetime, end: datetime) -> Feed | None:
        """Fetch the calendar and work it out, or return None when it is still what *etag* names."""
        answer = self._fetched(url, {"If-None-Match": etag} if etag else {})
        if answer is None:
            return None
        text, tag = answer
        try:
            return Feed(entries=entries(text, zone=zone, start=start, end=end), etag=tag)
        except ValueError as exc:
            raise Rejected(f"the calendar {exc}", reason="not_a_calendar") from None

    def _fetched(self, url: str, headers: Mapping[str, str]) -> tuple[bytes, str] | None:
        until = time.monotonic() + SECONDS
        target = self._target(url)
        for _ in range(MOST_REDIRECTS + 1):
            found = self._asked(target, headers, until)
            if not isinstance(found, httpx.URL):
                return found
            target = self._target(str(target.join(found)))
        raise Rejected("the calendar's address leads on and on", reason="redirects")

    def _target(self, url: str) -> httpx.URL:
        try:
            target = httpx.URL(url)
        except (httpx.InvalidURL, ValueError):
            raise Misconfigured("the calendar's address is not a URL; write https://…") from None  # it would show it
        local = self._loopback and target.scheme == "http" and target.host in _LOCAL
        if not local and (target.scheme != "https" or not target.host or target.userinfo):
            raise Misconfigured("the calendar's address is not https, or leads to one that is not")
        return target

    def _checked(self, target: httpx.URL) -> list[str]:
        try:
            addresses = self._addresses(target.host, target.port or _HTTPS)
        except (OSError, UnicodeError):
            raise Unavailable("the calendar's host cannot be looked up") from None  # its words name the host
        if not addresses:
            raise Unavailable("the calendar's host has no address")
        if not (self._loopback and target.host in _LOCAL) and not all(is_public(address) for address in addresses):
            raise Misconfigured("the calendar's host is not on the internet")
        return addresses[:_MOST_ADDRESSES]

    def _asked(
        self, target: httpx.URL, headers: Mapping[str, str], until: float
    ) -> tuple[bytes, str] | httpx.URL | None:
        """Return the text and its tag, where it leads to, or None when nothing has changed."""
        unreached: httpx.HTTPError | None = None
        for address in self._checked(target):
            try:
                return self._sent(target, address, headers, until)
            except (httpx.ConnectError, httpx.ConnectTimeout) as exc:
                unreached = exc
            except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as exc:
                raise Unavailable(f"the calendar's host did not answer ({type(exc).__name__})") from None
        raise Unavailable("the calendar's host cannot be reached") from unreached

    def _sent(
        self, target: httpx.URL, address: str, headers: Mapping[str, str], until: float
    ) -> tuple[bytes, str] | httpx.URL | None:
        request = self._client.build_request(
            "GET",
            target.copy_with(host=address),
            headers={"Host": target.netloc.decode(), **headers},
            extensions={"sni_hostname": target.host},
        )
        response = self._client.send(request, stream=True)
        try:
            if response.status_code == HTTPStatus.NOT_MODIFIED and headers:
                return None
            if response.status_code in _REDIRECTS and response.headers.get("location"):
                return httpx.URL(response.headers["location"])
            if response.status_code != HTTPStatus.OK:
                raise _refusal(response.status_code)
            return _body(response, until), response.headers.get("etag", "")
        finally:
            response.close()

    @cached_property
    def _client(self) -> httpx.Client:
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs each URL, and these are secrets
        return httpx.Client(
            timeout=TIMEOUT,
            follow_redirects=False,
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
            headers={"User-Agent": "Switchboard", "Accept": "text/calendar, */*;q=0.1", "Accept-Encoding": "identity"},
        )


def _body(response: httpx.Response, until: float) -> bytes:
    found = bytearray()
    for chunk in response.iter_bytes():
        found += chunk
        if len(found) > LARGEST:
            raise Rejected(f"the calendar is larger than {LARGEST // 2**20} MB", reason="too_large")
        if time.monotonic() > until:
            raise Unavailable("the calendar's host takes too long")
    return bytes(found)


def _refusal(status: int) -> Rejected | Unavailable:
    said = f"the calendar's host says HTTP {status}"
    if (
        status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
        or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    ):
        return Unavailable(said)
    return Rejected(f"{said}; make a new address in the calendar, and push it", status=status, reason="refused")
