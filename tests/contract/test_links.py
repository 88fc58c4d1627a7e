"""`HttpLinks` on a server of this machine, and `DynamoLinks`: nothing private is asked, and nobody is waited for."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from switchboard.adapters import links as adapter
from switchboard.adapters.links import MOST_REDIRECTS, DynamoLinks, HttpLinks
from switchboard.domain.links import APART, Link, LinkState, why_dead
from tests.fakes.hospital import NOON
from tests.fakes.tables import POSTS, create_posts_table

if TYPE_CHECKING:
    from collections.abc import Iterator

ALLOWED = ["example.org", "*.example.org"]


class _Site(BaseHTTPRequestHandler):
    """Answers as its path says: /status/<HEAD's>/<GET's>, /to/<address>."""

    def do_HEAD(self) -> None:
        self._answer(2)

    def do_GET(self) -> None:
        self._answer(3)

    def _answer(self, place: int) -> None:
        server: Any = self.server
        server.asked.append((self.command, self.headers["Host"], self.path))
        parts = self.path.split("/")
        if parts[1] == "to":
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
        else:
            self.send_response(int(parts[min(place, len(parts) - 1)]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        pass


class Site:
    """The server and the checker, which takes *names* as public hosts; every other is private."""

    def __init__(self, port: int, asked: list[tuple[str, str, str]]) -> None:
        self.port = port
        self.asked = asked
        self.names: dict[str, list[str]] = {"example.org": ["127.0.0.1"], "www.example.org": ["127.0.0.1"]}
        self.looked_up: list[str] = []
        self.links = HttpLinks(addresses=self._addresses)

    def _addresses(self, host: str, _port: int) -> list[str]:
        self.looked_up.append(host)
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "no such host")
        return self.names[host]

    def look(self, path: str, host: str = "example.org") -> Link:
        return self.links.look(f"http://{host}{path}", ALLOWED, now=NOON)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    asked: list[tuple[str, str, str]] = []
    server.asked = asked
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    # This machine stands for the internet: its first address is public, and its port the usual one.
    monkeypatch.setattr(adapter, "_PORTS", {"http": server.server_port, "https": 443})
    monkeypatch.setattr(adapter, "is_public", lambda address: address == "127.0.0.1")  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
    original = adapter.httpx.URL.copy_with

    def with_port(self: Any, **changes: Any) -> Any:
        return original(self, **changes, port=server.server_port)

    monkeypatch.setattr(adapter.httpx.URL, "copy_with", with_port)
    yield Site(server.server_port, asked)
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "state", "methods"),
    [
        ("/status/200", LinkState.OK, ["HEAD"]),
        ("/status/204", LinkState.OK, ["HEAD"]),
        ("/status/404", LinkState.DEAD, ["HEAD", "GET"]),
        ("/status/410", LinkState.DEAD, ["HEAD", "GET"]),
        ("/status/404/200", LinkState.OK, ["HEAD", "GET"]),
        ("/status/405/200", LinkState.OK, ["HEAD", "GET"]),
        ("/status/405/404", LinkState.DEAD, ["HEAD", "GET"]),
        ("/status/501/206", LinkState.OK, ["HEAD", "GET"]),
        ("/status/403", LinkState.UNKNOWN, ["HEAD", "GET"]),
        ("/status/401", LinkState.UNKNOWN, ["HEAD"]),
        ("/status/429", LinkState.UNKNOWN, ["HEAD"]),
        ("/status/500", LinkState.UNKNOWN, ["HEAD"]),
        ("/status/503", LinkState.UNKNOWN, ["HEAD"]),
    ],
)
def test_only_gone_is_dead(site: Site, path: str, state: LinkState, methods: list[str]) -> None:
    found = site.look(path)

    assert (found.state, found.url, found.looked_at) == (state, f"http://example.org{path}", NOON)
    assert [(method, host) for method, host, _ in site.asked] == [(method, "example.org") for method in methods]


def test_a_redirect_is_followed_within_what_is_allowed(site: Site) -> None:
    assert site.look("/to/http://www.example.org/status/200").state is LinkState.OK
    assert site.look("/to/http://www.example.org/status/404").state is LinkState.DEAD
    assert site.look("/to//status/200").state is LinkState.OK
    assert site.look("/to///status/200").state is LinkState.UNKNOWN  # //status/200 names a host
    assert [host for _, host, _ in site.asked].count("www.example.org") == 3


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1/",
        "http://localhost/",
        "http://elsewhere.example.com/",
        "http://example.org.evil.example.com/",
        "http://maria:secret@example.org/status/404",
        "http://example.org:8080/status/404",
        "ftp://example.org/status/404",
        "file:///etc/passwd",
        "http://[::1]/",
        "http://inside.example.org/status/404",
        "http://[bad/",
    ],
)
def test_neither_at_once_nor_by_a_redirect_is_another_place_asked(site: Site, target: str) -> None:
    site.names |= {"inside.example.org": ["10.0.0.7"], "localhost": ["127.0.0.1"]}

    assert site.links.look(target, ALLOWED, now=NOON).state is LinkState.UNKNOWN
    assert site.asked == []
    assert site.look(f"/to/{target}").state is LinkState.UNKNOWN
    assert len(site.asked) == 1


def test_a_name_with_one_private_address_among_others_is_not_asked(site: Site) -> None:
    site.names["example.org"] = ["127.0.0.1", "10.0.0.1"]
    assert site.look("/status/404").state is LinkState.UNKNOWN
    site.names["example.org"] = []
    assert site.look("/status/404").state is LinkState.UNKNOWN
    assert site.asked == []


def test_a_name_that_answers_differently_a_moment_later_is_asked_where_it_was_checked(site: Site) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]])
    site.links = HttpLinks(addresses=lambda _host, _port: next(answers))

    assert site.look("/status/405/200").state is LinkState.OK
    assert len(site.asked) == 2
    assert next(answers) == ["10.0.0.1"]  # HEAD and GET went to the one address that was looked up


def test_redirects_in_a_circle_end(site: Site) -> None:
    circle = "/to/" * 40 + "status/404"
    site.links = HttpLinks(addresses=lambda _host, _port: ["127.0.0.1"])

    found = site.look(circle.replace("/to//to/", "/to/http://example.org/to/"))

    assert found.state is LinkState.UNKNOWN
    assert len(site.asked) <= MOST_REDIRECTS + 1


def test_a_site_that_does_not_exist_is_dead_and_one_that_cannot_be_looked_up_is_not(site: Site) -> None:
    assert site.look("/", host="no.example.org").state is LinkState.DEAD

    def failing(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    site.links = HttpLinks(addresses=failing)
    assert site.look("/").state is LinkState.UNKNOWN


@pytest.mark.parametrize("port", [80, 8000])
def test_ports_of_its_own_are_not_asked_outside_of_tests(port: int) -> None:
    asked: list[int] = []

    def addresses(_host: str, at: int) -> list[str]:
        asked.append(at)
        return ["127.0.0.1"]

    found = HttpLinks(addresses=addresses).look(f"http://example.org:{port}/", ALLOWED, now=NOON)

    assert found.state is LinkState.UNKNOWN
    assert asked == ([80] if port == 80 else [])


def test_an_answer_that_drips_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "TAKES_AT_MOST", 0.6)
    listening = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def drip() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(4096)
            try:
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not done.wait(0.1):
                    connection.sendall(b"a")
            except OSError:
                return

    threading.Thread(target=drip, daemon=True).start()
    links = HttpLinks(loopback=True, addresses=lambda _host, _port: ["127.0.0.1"])
    began = time.monotonic()
    try:
        found = links.look(f"http://example.org:{listening.getsockname()[1]}/", ALLOWED, now=NOON)
    finally:
        done.set()
        listening.close()

    assert found.state is LinkState.UNKNOWN
    assert time.monotonic() - began < 2.5


# --- what was seen


def look(number: int = 0, **changes: Any) -> Link:
    given: dict[str, Any] = {
        "url": "https://example.org/a",
        "state": LinkState.DEAD,
        "reason": "gone",
        "looked_at": NOON + number * APART,
    }
    return Link(**(given | changes))


def test_looks_are_remembered_for_each_link_the_latest_of_them(dynamodb: Any) -> None:
    create_posts_table(dynamodb)
    store = DynamoLinks(dynamodb, POSTS)
    other = look(url="https://example.org/b", state=LinkState.OK)
    for one in (*(look(number) for number in range(10)), other):
        store.save(one)

    found = store.load(["https://example.org/a", "https://example.org/b", "https://example.org/c"])

    assert look(9) in found["https://example.org/a"]
    assert found["https://example.org/b"] == [other]
    assert found["https://example.org/c"] == []
    assert why_dead(found["https://example.org/a"]) == "gone"
    assert all("expires_at" in item for item in dynamodb.scan(TableName=POSTS)["Items"])


def test_two_dead_looks_apart_make_a_link_dead() -> None:
    assert why_dead([look()]) == ""
    assert why_dead([look(), replace(look(), looked_at=NOON + APART - timedelta(seconds=1))]) == ""
    assert why_dead([look(), look(1)]) == "gone"
    assert why_dead([look(), look(1, state=LinkState.OK), look(2)]) == ""
    assert why_dead([look(), look(1), look(2, state=LinkState.UNKNOWN)]) == ""
