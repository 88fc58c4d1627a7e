"""Media are fetched from the very address that was checked, of a bounded size, within a bounded time."""

from __future__ import annotations

import httpx
import pytest

from switchboard.domain.outside import Media
from switchboard.errors import Rejected, Unavailable
from switchboard.schedulers import downloads
from switchboard.schedulers.downloads import Downloads

PUBLIC = "93.184.215.14"
URL = "https://media.example.org/a.png?b=1"


def _fetch(transport: httpx.MockTransport, *answers: list[str], url: str = URL) -> bytes:
    found = iter(answers or ([PUBLIC],))
    fetching = Downloads(transport=transport, addresses=lambda _host, _port: next(found))
    return fetching.fetch(Media(url=url)).content


def _always(status: int, content: bytes = b"picture") -> httpx.MockTransport:
    return httpx.MockTransport(lambda _request: httpx.Response(status, content=content))


def test_the_address_that_was_checked_is_the_one_that_is_asked() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, content=b"picture")

    assert _fetch(httpx.MockTransport(answer), [PUBLIC], ["10.0.0.1"]) == b"picture"
    assert (asked[0].url.host, asked[0].headers["Host"]) == (PUBLIC, "media.example.org")
    assert asked[0].url.raw_path == b"/a.png?b=1"
    assert asked[0].extensions["sni_hostname"] == "media.example.org"


@pytest.mark.parametrize(
    ("url", "addresses"),
    [
        (URL, ["10.0.0.1"]),
        (URL, [PUBLIC, "169.254.169.254"]),
        (URL, []),
        ("http://media.example.org/a.png", [PUBLIC]),
        ("https://maria:x@media.example.org/a.png", [PUBLIC]),
        ("", [PUBLIC]),
        ("https://[bad", [PUBLIC]),
    ],
)
def test_what_is_not_on_the_internet_is_not_asked(url: str, addresses: list[str]) -> None:
    def never(_request: httpx.Request) -> httpx.Response:
        raise AssertionError

    with pytest.raises(Rejected):
        _fetch(httpx.MockTransport(never), addresses, url=url)


@pytest.mark.parametrize("status", [206, 302, 404, 500])
def test_only_a_whole_picture_is_one(status: int) -> None:
    with pytest.raises(Rejected):
        _fetch(_always(status))


def test_what_is_too_large_or_too_slow_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "LARGEST", 7)
    assert _fetch(_always(200)) == b"picture"
    with pytest.raises(Rejected):
        _fetch(_always(200, b"pictures"))
    monkeypatch.setattr(downloads, "TAKES_AT_MOST", -1.0)
    with pytest.raises(Unavailable):
        _fetch(_always(200))
