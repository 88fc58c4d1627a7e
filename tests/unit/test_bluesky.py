"""Bluesky, asked what our account was told: sessions, notifications, our own answers, and the doctor."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchboard.errors import Misconfigured, SwitchboardError, Unavailable
from switchboard.platforms.bluesky import BlueskyNotifications
from switchboard.platforms.bluesky_checks import BlueskyChecks
from switchboard.ports import Channel, ChannelSecret

SHARED = Path(__file__).parents[3] / "shared"
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
US, ROSA, TOM = "did:plc:mercy", "did:plc:rosa", "did:plc:tom"
CHANNEL = Channel(name="bluesky", platform="bluesky", account_id=US)
SECRET = ChannelSecret(access_token="abcd-efgh-ijkl-mnop", server="https://pds.example.org")
LIST = "/xrpc/app.bsky.notification.listNotifications"


def address(did: str, key: str) -> str:
    return f"at://{did}/app.bsky.feed.post/{key}"


def told(reason: str, key: str, did: str = ROSA, text: str = "When do you open?", **record: Any) -> dict[str, Any]:
    return {
        "uri": address(did, key),
        "cid": "c",
        "author": {"did": did, "handle": "rosa.example.org", "displayName": "Rosa Quimby"},
        "reason": reason,
        "record": {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2030-01-01T00:00:00Z", **record},
        "isRead": True,
        "indexedAt": "2026-11-23T09:00:00.000Z",
    }


def under(root: str, parent: str) -> dict[str, Any]:
    return {"root": {"uri": root, "cid": "c"}, "parent": {"uri": parent, "cid": "c"}}


class Server:
    """An account's server: sessions that expire, notifications by pages, and faults."""

    def __init__(self) -> None:
        self.notifications: list[Any] = []
        self.feed: list[Any] = []
        self.sessions = 0
        self.good: set[str] = set()
        self.refresh: set[str] = set()
        self.faults: dict[str, httpx.Response | Exception] = {}
        self.asked: list[httpx.Request] = []
        self.transport = httpx.MockTransport(self._answer)
        self.api = BlueskyNotifications(transport=self.transport)

    def expire(self, *, refresh: bool = False) -> None:
        self.good.clear()
        if refresh:
            self.refresh.clear()

    def calls(self, method: str) -> int:
        return sum(request.url.path == f"/xrpc/{method}" for request in self.asked)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        method = request.url.path.removeprefix("/xrpc/")
        fault = self.faults.get(method)
        if isinstance(fault, Exception):
            raise fault
        if fault is not None:
            return fault
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if method == "com.atproto.server.createSession":
            given_ = json.loads(request.content)
            if given_ != {"identifier": US, "password": SECRET.access_token}:
                return error(401, "AuthenticationRequired")
            return self._session()
        if method == "com.atproto.server.refreshSession":
            if token not in self.refresh:
                return error(400, "ExpiredToken")
            self.refresh.remove(token)
            return self._session()
        if token not in self.good:
            return error(400, "ExpiredToken")
        return self._query(method, request)

    def _session(self) -> httpx.Response:
        self.sessions += 1
        access, refresh = f"a{self.sessions}", f"r{self.sessions}"
        self.good, self.refresh = {access}, {refresh}
        return httpx.Response(200, json={"accessJwt": access, "refreshJwt": refresh, "did": US, "handle": "m"})

    def _query(self, method: str, request: httpx.Request) -> httpx.Response:
        if method == "app.bsky.feed.getAuthorFeed":
            return httpx.Response(200, json={"feed": self.feed})
        if method == "com.atproto.server.getSession":
            return httpx.Response(200, json={"did": US}, headers={"Date": "Mon, 23 Nov 2026 10:00:01 GMT"})
        start, size = int(request.url.params.get("cursor", "0")), int(request.url.params["limit"])
        more = {"cursor": str(start + size)} if start + size < len(self.notifications) else {}
        return httpx.Response(200, json={"notifications": self.notifications[start : start + size], **more})


def error(status: int, name: str, **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"error": name, "message": "Rosa wrote"}, headers=headers)


@pytest.fixture
def server() -> Server:
    return Server()


def page(server: Server, older_than: str = "") -> Any:
    return server.api.page(CHANNEL, SECRET, older_than=older_than, now=NOW)


# --- what is a message -----------------------------------------------------------------------------------------


def test_mentions_answers_and_quotes_are_messages_and_the_rest_is_named(server: Server) -> None:
    root = address(US, "p1")
    server.notifications = [
        told("mention", "1"),
        told("reply", "2", reply=under(root, root)),
        told("reply", "3", reply=under(root, address(TOM, "9"))),
        told("quote", "4", embed={"$type": "app.bsky.embed.record"}),
        *(told(reason, "5") for reason in ("like", "repost", "follow", "like-via-repost", "starterpack-joined")),
        told("something-new", "6"),
        told("reply", "7", did=US),
    ]
    delivery = page(server).delivery

    assert [(one.message_id, one.kind, one.thread_id) for one in delivery.messages] == [
        (address(ROSA, "1"), "mention", f"{address(ROSA, '1')}/{ROSA}"),
        (address(ROSA, "2"), "comment", f"{root}/{ROSA}"),
        (address(ROSA, "3"), "mention", f"{root}/{ROSA}"),
        (address(ROSA, "4"), "mention", f"{address(ROSA, '4')}/{ROSA}"),
    ]
    assert [(one.reason, bool(one.event)) for one in delivery.ignored] == [
        ("reaction", False),
        ("repost", False),
        ("follow", False),
        ("reaction", False),
        ("follow", False),
        ("unknown_event", True),
        ("own_post", False),
    ]


def test_the_servers_time_counts_and_not_the_authors_clock(server: Server) -> None:
    server.notifications = [told("mention", "1")]
    (one,) = page(server).delivery.messages

    assert one.sent_at == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert (one.author_name, one.permalink) == ("Rosa Quimby", "https://bsky.app/profile/rosa.example.org/post/1")
    assert one.via == "poll"


@pytest.mark.parametrize(
    ("embed", "kinds"),
    [
        ({"$type": "app.bsky.embed.images", "images": [{}, {}]}, ("image", "image")),
        ({"$type": "app.bsky.embed.video"}, ("video",)),
        ({"$type": "app.bsky.embed.external"}, ("link",)),
        ({"$type": "app.bsky.embed.recordWithMedia", "media": {"$type": "app.bsky.embed.video"}}, ("post", "video")),
        ({"$type": "app.bsky.embed.hologram"}, ("attachment",)),
        ({}, ()),
    ],
)
def test_what_stands_beside_the_words_is_named(server: Server, embed: Any, kinds: tuple[str, ...]) -> None:
    server.notifications = [told("mention", "1", embed=embed)]
    (one,) = page(server).delivery.messages

    assert one.attachments == kinds


def test_what_we_answered_in_the_app_stands_in_the_thread_of_who_asked(server: Server) -> None:
    asked = address(ROSA, "1")
    ours = {"uri": address(US, "2"), "author": {"did": US}, "indexedAt": "2026-11-23T09:30:00Z"}
    server.feed = [
        {"post": ours | {"record": {"text": "At ten.", "reply": under(asked, asked)}}},
        {"post": ours | {"uri": address(US, "3"), "record": {"text": "Our health fair"}}},
        {"post": told("x", "4", reply=under(asked, asked))},
    ]
    (one,) = page(server).delivery.messages

    assert (one.by_us, one.thread_id, one.reply_to, one.author_name) == (True, f"{asked}/{ROSA}", asked, "")


def test_when_our_own_feed_cannot_be_read_what_people_wrote_comes_all_the_same(server: Server) -> None:
    server.notifications = [told("mention", "1")]
    server.faults["app.bsky.feed.getAuthorFeed"] = error(500, "InternalServerError")
    delivery = page(server).delivery

    assert len(delivery.messages) == 1
    assert [one.reason for one in delivery.ignored] == ["own_answers_unread"]


def test_pages_follow_the_servers_mark(server: Server) -> None:
    server.notifications = [told("mention", str(number)) for number in range(120)]
    found, mark = [], ""
    for _ in range(5):
        one = page(server, mark)
        found += [message.message_id for message in one.delivery.messages]
        mark = one.older
        if not mark:
            break

    assert found == [address(ROSA, str(number)) for number in range(120)]
    assert server.calls("app.bsky.feed.getAuthorFeed") == 1


# --- sessions --------------------------------------------------------------------------------------------------


def test_one_login_serves_many_looks(server: Server) -> None:
    for _ in range(10):
        page(server)

    assert server.sessions == 1


def test_an_expired_session_is_refreshed_and_a_lost_one_is_opened_again(server: Server) -> None:
    page(server)
    server.expire()
    page(server)
    refreshed = (server.calls("com.atproto.server.createSession"), server.calls("com.atproto.server.refreshSession"))
    server.expire(refresh=True)
    page(server)

    assert refreshed == (1, 1)
    assert server.calls("com.atproto.server.createSession") == 2


def test_a_new_app_password_opens_a_session_of_its_own(server: Server) -> None:
    page(server)
    with pytest.raises(Misconfigured):
        server.api.page(CHANNEL, replace(SECRET, access_token="other"), older_than="", now=NOW)


@pytest.mark.parametrize(
    ("method", "fault", "expected", "wait"),
    [
        ("com.atproto.server.createSession", error(401, "AuthenticationRequired"), Misconfigured, None),
        ("com.atproto.server.createSession", error(401, "AccountTakedown"), Misconfigured, None),
        ("com.atproto.server.createSession", error(401, "AuthFactorTokenRequired"), Misconfigured, None),
        (
            "com.atproto.server.createSession",
            httpx.Response(429, headers={"ratelimit-reset": str(int(NOW.timestamp()) + 200)}),
            Unavailable,
            200,
        ),
        ("app.bsky.notification.listNotifications", httpx.Response(502), Unavailable, None),
        ("app.bsky.notification.listNotifications", httpx.ReadTimeout("slow"), Unavailable, None),
        ("app.bsky.notification.listNotifications", httpx.Response(200, json=[1]), Unavailable, None),
    ],
)
def test_what_bluesky_refuses_is_told_for_what_it_is(
    server: Server, method: str, fault: Any, expected: type[SwitchboardError], wait: Any
) -> None:
    server.faults[method] = fault
    with pytest.raises(expected) as refused:
        page(server)

    assert getattr(refused.value, "retry_after", None) == wait
    assert "Rosa" not in str(refused.value)


@pytest.mark.parametrize(
    "address_", ["http://pds.example.org", "https://x/y", "ftp://x", "https://u:p@x", "http://127.0.0.1.example.org"]
)
def test_a_token_goes_to_no_address_that_is_not_a_servers(server: Server, address_: str) -> None:
    with pytest.raises(Misconfigured):
        server.api.page(CHANNEL, replace(SECRET, server=address_), older_than="", now=NOW)

    assert server.asked == []


# --- the doctor ------------------------------------------------------------------------------------------------


def examined(server: Server, channel: Channel = CHANNEL) -> dict[str, str]:
    findings = BlueskyChecks(transport=server.transport).check(channel, SECRET, now=NOW)
    assert all(finding.remedy for finding in findings if finding.state != "ok")
    return {finding.name: finding.state for finding in findings}


def test_the_doctor_finds_a_healthy_account_healthy(server: Server) -> None:
    assert examined(server) == {"credentials": "ok", "subscription": "ok", "clock": "ok"}


def test_the_doctor_finds_a_dead_password(server: Server) -> None:
    server.faults["com.atproto.server.createSession"] = error(401, "AuthenticationRequired")
    assert examined(server) == {"credentials": "failure"}


def test_the_doctor_finds_another_account(server: Server) -> None:
    server.faults["com.atproto.server.getSession"] = httpx.Response(200, json={"did": TOM})
    assert examined(server)["credentials"] == "failure"


# --- other people's bodies, the lexicons, and anything ---------------------------------------------------------


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
@pytest.mark.parametrize("name", ["listNotifications_reasons.json", "listNotifications_after_delete.json"])
def test_lists_from_a_real_network_are_read(server: Server, name: str) -> None:
    body = json.loads((SHARED / "payloads/bluesky" / name).read_bytes())
    server.notifications = body["notifications"]
    delivery = page(server).delivery
    words = [one for one in body["notifications"] if one["reason"] in ("mention", "reply", "quote")]

    assert [one.message_id for one in delivery.messages] == [one["uri"] for one in words]
    assert [one.text for one in delivery.messages] == [one["record"]["text"] for one in words]
    assert all(one.permalink for one in delivery.messages)
    assert len(delivery.ignored) == len(body["notifications"]) - len(words)
    assert not any(one.event for one in delivery.ignored)


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
def test_requests_and_answers_are_as_the_lexicons_say(server: Server) -> None:
    server.notifications = [told("mention", str(number)) for number in range(60)]
    page(server, "10")
    page(server)
    BlueskyChecks(transport=server.transport).check(CHANNEL, SECRET, now=NOW)

    folder = SHARED / "specs/bluesky/lexicons"
    for request in server.asked:
        named = request.url.path.removeprefix("/xrpc/")
        (path,) = folder.rglob(f"{named.replace('.', '/')}.json")
        described = json.loads(path.read_bytes())["defs"]["main"]
        assert request.method == {"query": "GET", "procedure": "POST"}[described["type"]]
        known = described.get("parameters", {}).get("properties", {})
        assert set(request.url.params) <= set(known)
        for name, one in known.items():
            if name == "limit" and name in request.url.params:
                assert int(request.url.params[name]) <= one["maximum"]
            if name in request.url.params and "knownValues" in one:
                assert request.url.params[name] in one["knownValues"]
        if request.content:
            schema = described["input"]["schema"]
            assert set(schema["required"]) <= set(json.loads(request.content)) <= set(schema["properties"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["notifications", "reason", "uri", "author", "did", "record", "cursor", "reply"]),
            inner | st.sampled_from(["mention", address(ROSA, "1")]),
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_whatever_bluesky_answers_is_a_page_or_an_error_of_ours(answer: Any) -> None:
    server = Server()
    server.faults["app.bsky.notification.listNotifications"] = httpx.Response(200, json=answer)
    with suppress(SwitchboardError):
        page(server)
