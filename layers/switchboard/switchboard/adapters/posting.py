"""Posting JSON to a webhook whose URL is a secret that somebody typed in.

Such a URL may lead anywhere, so it is https and its host's addresses are public: a Lambda's own surroundings are not to
be reached by it. The host is looked up once and that very address is connected to, so a name that answers differently
a moment later changes nothing. Nothing is followed, and no error or log line holds the URL.
"""

from __future__ import annotations

import json
import logging
import socket
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any

import httpx

from switchboard.errors import Misconfigured, OutcomeUnknown, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TIMEOUT = httpx.Timeout(5, connect=2)
WAITED_AT_MOST = 10.0
"""Seconds for an answer, however slowly it drips."""
_MOST_ADDRESSES = 3
_LARGEST_ANSWER = 4096
_LONGEST_WAIT = 86_400.0
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_HTTPS = 443
_NAT64 = IPv6Network("64:ff9b::/96")
_LOW_32_BITS = 0xFFFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the webhook answered: *text* is the beginning of its body, *retry_after* is in seconds, if it was told."""

    status: int
    text: str
    retry_after: float | None

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON
        """The body as JSON, or None."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None


def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of *host*, IPv4 first. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ordered = sorted(found, key=lambda one: one[0] != socket.AF_INET)
    return list(dict.fromkeys(str(one[4][0]) for one in ordered))


class Poster:
    """Posts JSON, once. *loopback* lets it speak to this machine, and http, for tests and local runs."""

    def __init__(self, *, loopback: bool = False, addresses: Callable[[str, int], list[str]] = look_up) -> None:
        self._loopback = loopback
        self._addresses = addresses

    def post(self, url: str, body: Any, *, name: str) -> Answer:  # noqa: ANN401 - any JSON
        """Send *body* to *url* and return the answer, whatever its status; *name* stands in errors, as "Slack".

        Raises Misconfigured when the URL is none that may be asked, Unavailable when nothing left, and OutcomeUnknown
        when the request left and no answer came back.
        """
        target = self._target(url, name)
        unreached: httpx.HTTPError | None = None
        for address in self._checked(target, name)[:_MOST_ADDRESSES]:
            try:
                return self._send(target, address, body)
            except _NEVER_LEFT as exc:
                unreached = exc
            except (httpx.HTTPError, httpx.StreamError) as exc:
                raise OutcomeUnknown(f"{name} did not answer ({type(exc).__name__})") from exc
        raise Unavailable(f"{name} cannot be reached") from unreached

    def _target(self, url: str, name: str) -> httpx.URL:
        try:
            target = httpx.URL(url)
        except (httpx.InvalidURL, ValueError):
            raise Misconfigured(f"{name}: the webhook is not a URL; write https://…") from None  # it would show it
        local = self._loopback and target.scheme == "http" and target.host in ("127.0.0.1", "localhost", "::1")
        if not local and (target.scheme != "https" or not target.host or target.userinfo):
            raise Misconfigured(f"{name}: the webhook is no https:// address")
        return target

    def _checked(self, target: httpx.URL, name: str) -> list[str]:
        try:
            addresses = self._addresses(target.host, target.port or _HTTPS)
        except (OSError, UnicodeError):
            raise Unavailable(f"{name}: its host cannot be looked up") from None  # its words name the host
        if not addresses:
            raise Unavailable(f"{name}: its host has no address")
        if not self._loopback and not all(is_public(address) for address in addresses):
            raise Misconfigured(f"{name}: the webhook's host is not on the internet")
        return addresses

    def _send(self, target: httpx.URL, address: str, body: Any) -> Answer:  # noqa: ANN401 - any JSON
        until = time.monotonic() + WAITED_AT_MOST
        request = self._client.build_request(
            "POST",
            target.copy_with(host=address),
            content=json.dumps(body, separators=(",", ":")).encode(),
            headers={"Host": target.netloc.decode(), "Content-Type": "application/json"},
            extensions={"sni_hostname": target.host},
        )
        response = self._client.send(request, stream=True)
        try:
            text = _beginning(response.iter_raw(), until)
        finally:
            response.close()
        return Answer(status=response.status_code, text=text, retry_after=_retry_after(response.headers))

    @cached_property
    def _client(self) -> httpx.Client:
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs each URL, and these are secrets
        return httpx.Client(
            timeout=TIMEOUT,
            follow_redirects=False,
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
            headers={"User-Agent": "Switchboard", "Accept-Encoding": "identity"},
        )


def _beginning(chunks: Iterable[bytes], until: float) -> str:
    """Return what an answer begins with; the status has come, so a body that breaks off changes nothing."""
    found = b""
    try:
        for chunk in chunks:
            found += chunk
            if len(found) >= _LARGEST_ANSWER or time.monotonic() > until:
                break
    except httpx.HTTPError:
        pass
    return found[:_LARGEST_ANSWER].decode("utf-8", "replace")


def is_public(address: str) -> bool:
    """Whether *address* is one of the internet; an IPv6 address that stands for an IPv4 one is as that one."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        found = _meant(found)
    return found.is_global and not found.is_multicast


def _meant(found: IPv6Address) -> IPv4Address | IPv6Address:
    if found.ipv4_mapped or found.sixtofour:
        return found.ipv4_mapped or found.sixtofour or found
    return IPv4Address(int(found) & _LOW_32_BITS) if found in _NAT64 else found


def _retry_after(headers: httpx.Headers) -> float | None:
    """Return the seconds that Retry-After (RFC 9110) names, at most a day; None when it names none."""
    told = headers.get("retry-after", "")
    try:
        wait = float(told)
    except ValueError:
        try:
            wait = parsedate_to_datetime(told).timestamp() - time.time()
        except (ValueError, TypeError):
            return None
    return min(wait, _LONGEST_WAIT) if wait > 0 else None
