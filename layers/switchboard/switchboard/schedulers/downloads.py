"""Fetching the media of a post before a delete would lose them: from public addresses only, of a bounded size."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from switchboard.adapters.deadline import Deadline
from switchboard.adapters.posting import is_public, look_up
from switchboard.errors import Rejected, Unavailable
from switchboard.ports import MediaFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from switchboard.domain.outside import Media

TAKES_AT_MOST = 20.0
"""Seconds, however slowly it comes."""
LARGEST = 64 * 1024 * 1024
_TIMEOUT = httpx.Timeout(20, connect=3)
_HTTPS = 443
_OK = 200


class Downloads:
    """Fetches media. *loopback* lets it speak to this machine, and http, for tests and local runs."""

    def __init__(
        self,
        *,
        loopback: bool = False,
        transport: httpx.BaseTransport | None = None,
        addresses: Callable[[str, int], list[str]] = look_up,
    ) -> None:
        self._loopback = loopback
        self._transport = transport
        self._addresses = addresses

    def fetch(self, media: Media) -> MediaFile:
        """Return it with its bytes; raise Rejected when it cannot be kept, and Unavailable."""
        return MediaFile(media=media, content=self._bytes(media.url))

    def _bytes(self, url: str) -> bytes:
        try:
            target, address = httpx.URL(url), self._checked(url)
        except (httpx.InvalidURL, ValueError) as exc:
            raise Rejected("a medium of the post has no address and cannot be copied", reason="media") from exc
        ends = time.monotonic() + TAKES_AT_MOST
        try:
            with (
                Deadline(TAKES_AT_MOST) as deadline,
                httpx.Client(
                    timeout=_TIMEOUT, transport=self._transport, follow_redirects=False, trust_env=False
                ) as client,
                client.stream(
                    "GET",
                    target.copy_with(host=address) if address else target,
                    headers={"Host": target.netloc.decode()},
                    extensions={"sni_hostname": target.host, "trace": deadline.trace},
                ) as response,
            ):
                if response.status_code != _OK:
                    raise Rejected(
                        f"a medium of the post cannot be copied (HTTP {response.status_code})", reason="media"
                    )
                content = bytearray()
                for chunk in response.iter_bytes():
                    content += chunk
                    if time.monotonic() > ends:
                        raise Unavailable("a medium of the post takes too long to be copied")
                    if len(content) > LARGEST:
                        raise Rejected("a medium of the post is too large to be copied", reason="media")
        except (httpx.HTTPError, httpx.StreamError) as exc:
            raise Unavailable("a medium of the post could not be copied") from exc
        return bytes(content)

    def _checked(self, url: str) -> str:
        """Return the address to connect to, the one that was checked; "" for this machine's own."""
        if self._loopback:
            return ""
        target = urlsplit(url)
        if target.scheme != "https" or not target.hostname or target.username:
            raise Rejected("a medium of the post has no https:// address and cannot be copied", reason="media")
        try:
            addresses = self._addresses(target.hostname, target.port or _HTTPS)
        except (OSError, UnicodeError, ValueError) as exc:
            raise Unavailable("the host of a medium cannot be looked up") from exc
        if not addresses or not all(map(is_public, addresses)):
            raise Rejected("a medium of the post is not on the internet and cannot be copied", reason="media")
        return addresses[0]
