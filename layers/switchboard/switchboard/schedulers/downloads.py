"""Fetching the media of a post before a delete would lose them: from public addresses only, of a bounded size."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from switchboard.adapters.posting import is_public, look_up
from switchboard.errors import Rejected, Unavailable
from switchboard.ports import MediaFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from switchboard.domain.outside import Media

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

    def fetch(self, media: Sequence[Media]) -> list[MediaFile]:
        """Return every one with its bytes; raise Rejected when one cannot be kept, and Unavailable."""
        return [MediaFile(media=one, content=self._bytes(one.url)) for one in media]

    def _bytes(self, url: str) -> bytes:
        self._check(url)
        try:
            with (
                httpx.Client(
                    timeout=_TIMEOUT, transport=self._transport, follow_redirects=False, trust_env=False
                ) as client,
                client.stream("GET", url) as response,
            ):
                if response.status_code != _OK:
                    raise Rejected(
                        f"a medium of the post cannot be copied (HTTP {response.status_code})", reason="media"
                    )
                content = b""
                for chunk in response.iter_bytes():
                    content += chunk
                    if len(content) > LARGEST:
                        raise Rejected("a medium of the post is too large to be copied", reason="media")
        except (httpx.HTTPError, httpx.StreamError) as exc:
            raise Unavailable("a medium of the post could not be copied") from exc
        return content

    def _check(self, url: str) -> None:
        target = urlsplit(url)
        if self._loopback:
            return
        if target.scheme != "https" or not target.hostname or target.username:
            raise Rejected("a medium of the post has no https:// address and cannot be copied", reason="media")
        try:
            addresses = self._addresses(target.hostname, target.port or _HTTPS)
        except (OSError, UnicodeError, ValueError) as exc:
            raise Unavailable("the host of a medium cannot be looked up") from exc
        if not addresses or not all(map(is_public, addresses)):
            raise Rejected("a medium of the post is not on the internet and cannot be copied", reason="media")
