"""Bluesky, asked what our account was told: sessions, notifications, our own answers, and the doctor."""

from __future__ import annotations

import base64
import json
import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchboard.errors import Misconfigured, Rejected, SwitchboardError, Unavailable
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
        self.account = US
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
            if given_ != {"identifier": self.account, "password": SECRET.access_token}:
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
        ({"$type": "app.bsky.embed.gallery", "items": [{}, {}]}, ("image", "image")),
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


def written(key: str, did: str = US, **record: Any) -> dict[str, Any]:
    return {"post": told("", key, did=did, **record)}


def answer(key: str, root: str, parent: str) -> dict[str, Any]:
    return written(key, reply=under(root, parent))


def test_an_answer_that_goes_on_in_more_posts_is_one_to_the_same_person(server: Server) -> None:
    asked = address(ROSA, "1")
    server.feed = [
        answer("4", asked, address(US, "3")),
        answer("3", asked, address(US, "2")),
        answer("2", asked, asked),
    ]
    found = page(server).delivery.messages

    assert [one.thread_id for one in found] == [f"{asked}/{ROSA}"] * 3
    assert [one.reply_to for one in found] == [address(US, "3"), address(US, "2"), asked]


def test_a_thread_of_our_own_answers_nobody(server: Server) -> None:
    root = address(US, "1")
    server.feed = [answer("3", root, address(US, "2")), answer("2", root, root), written("1")]

    assert page(server).delivery.messages == ()


def test_an_answer_whose_beginning_is_not_on_the_page_names_what_it_goes_on_from(server: Server) -> None:
    before = address(US, "2")
    server.feed = [answer("3", address(ROSA, "1"), before)]
    (one,) = page(server).delivery.messages

    assert (one.thread_id, one.reply_to) == (before, before)


@pytest.mark.parametrize("parent", [address(US, "2"), address(US, "3"), "at://elsewhere/x/1", "  ", "x" * 9000])
def test_an_answer_to_something_strange_still_ends(server: Server, parent: str) -> None:
    server.feed = [answer("2", address(ROSA, "1"), parent), answer("3", "", address(US, "2"))]

    assert all(
        one.by_us and one.thread_id and not one.thread_id.endswith("/") for one in page(server).delivery.messages
    )


def test_people_whom_we_do_not_follow_are_heard_however_the_account_is_set(server: Server) -> None:
    page(server)

    (asked,) = (request for request in server.asked if request.url.path == LIST)
    assert asked.url.params["priority"] == "false"


def test_a_page_of_which_everything_is_hidden_is_not_the_last(server: Server) -> None:
    server.faults["app.bsky.notification.listNotifications"] = httpx.Response(
        200, json={"notifications": [], "cursor": "on"}
    )

    assert page(server).older == "on"
    assert page(server, "on").older == "", "a mark that leads to itself"


def test_a_post_nested_a_thousand_deep_hides_nobody_elses(server: Server) -> None:
    entry = told("mention", "1", text="deep", embed={"$type": "app.bsky.embed.recordWithMedia", "media": "HERE"})
    nested = '{"$type":"app.bsky.embed.recordWithMedia","media":'
    for depth in (63, 100, 940, 5000):
        body = json.dumps({"notifications": [entry, told("mention", "2"), told("new", "3", x="HERE")]})
        content = body.replace('"HERE"', nested * depth + "1" + "}" * depth)
        server.faults["app.bsky.notification.listNotifications"] = httpx.Response(200, content=content)

        assert [one.message_id for one in page(server).delivery.messages] == [address(ROSA, "1"), address(ROSA, "2")]


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


def session_for(scope: object) -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"scope": scope}).encode()).decode().rstrip("=")
    return f"head.{claims}.signature"


@pytest.mark.parametrize(
    ("token", "state"),
    [
        (session_for("com.atproto.access"), "warning"),
        (session_for("com.atproto.appPass"), "ok"),
        (session_for("com.atproto.appPassPrivileged"), "ok"),
        (session_for(["com.atproto.access"]), "ok"),
        ("opaque", "ok"),
        ("a.b.c", "ok"),
        ("a.%.c", "ok"),
    ],
)
def test_the_doctor_finds_a_main_password_where_the_session_tells(server: Server, token: str, state: str) -> None:
    server.good = {token}
    server.faults["com.atproto.server.createSession"] = httpx.Response(
        200, json={"accessJwt": token, "refreshJwt": "r", "did": US}
    )

    assert examined(server)["credentials"] == state


def test_the_doctor_finds_an_account_that_is_not_active(server: Server) -> None:
    server.faults["com.atproto.server.getSession"] = httpx.Response(
        200, json={"did": US, "active": False, "status": "deactivated"}
    )
    assert examined(server)["credentials"] == "failure"


@pytest.mark.parametrize(("date", "state"), [("Mon, 23 Nov 2026 10:02:00 GMT", "warning"), ("noon", None)])
def test_the_doctor_finds_a_clock_that_is_wrong(server: Server, date: str, state: str | None) -> None:
    server.faults["com.atproto.server.getSession"] = httpx.Response(200, json={"did": US}, headers={"Date": date})
    assert examined(server).get("clock") == state


# --- other people's bodies, the lexicons, and anything ---------------------------------------------------------


HOSPITAL, PAT, PATB = (
    "did:plc:uxmknhjz7arg65fhvz2yl6o5",
    "did:plc:uhic4x3emrswds2khipxot5a",
    "did:plc:t3bceq7rnjwspad6oahbyskr",
)
POST = address(HOSPITAL, "3n2wyhajfpk2n")
QUESTION = {
    "message_id": address(PATB, "3n2wyhaloxc2n"),
    "kind": "comment",
    "thread_id": f"{POST}/{PATB}",
    "reply_to": POST,
    "author_name": "patb",
    "text": "What are the opening hours?",
    "permalink": "https://bsky.app/profile/patb97703.test/post/3n2wyhaloxc2n",
    "sent_at": datetime(2026, 11, 23, 1, 35, 4, 514000, tzinfo=UTC),
    "attachments": (),
}
MENTION = {
    "message_id": address(PAT, "3n2wyhakqok2n"),
    "kind": "mention",
    "thread_id": f"{address(PAT, '3n2wyhakqok2n')}/{PAT}",
    "reply_to": "",
    "author_name": "pat",
    "text": "@hosp97703.test do you treat kids under 2? 🤒",
    "permalink": "https://bsky.app/profile/pat97703.test/post/3n2wyhakqok2n",
    "sent_at": datetime(2026, 11, 23, 1, 35, 4, 482000, tzinfo=UTC),
    "attachments": (),
}
QUOTE = {
    "message_id": address(PAT, "3n2wyhams4c2n"),
    "kind": "mention",
    "thread_id": f"{address(PAT, '3n2wyhams4c2n')}/{PAT}",
    "reply_to": "",
    "author_name": "pat",
    "text": "This clinic is terrible",
    "permalink": "https://bsky.app/profile/pat97703.test/post/3n2wyhams4c2n",
    "sent_at": datetime(2026, 11, 23, 1, 35, 4, 547000, tzinfo=UTC),
    "attachments": ("post",),
}


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
@pytest.mark.parametrize(
    ("name", "expected", "ignored"),
    [
        ("listNotifications_reasons.json", [QUESTION, MENTION], []),
        ("listNotifications_after_delete.json", [QUOTE, QUESTION], ["reaction"]),
    ],
)
def test_lists_from_a_real_network_are_read(
    server: Server, name: str, expected: list[dict[str, Any]], ignored: list[str]
) -> None:
    content = (SHARED / "payloads/bluesky" / name).read_bytes()
    server.faults["app.bsky.notification.listNotifications"] = httpx.Response(200, content=content)
    server.account = HOSPITAL
    found = server.api.page(replace(CHANNEL, account_id=HOSPITAL), SECRET, older_than="", now=NOW)

    assert [{key: getattr(one, key) for key in QUESTION} for one in found.delivery.messages] == expected
    assert [(one.reason, one.event) for one in found.delivery.ignored] == [(reason, "") for reason in ignored]
    assert found.reaches_to == expected[-1]["sent_at"]
    assert found.older == ""


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
@pytest.mark.parametrize(
    ("name", "status", "method", "expected"),
    [
        ("err_bad_password.json", 401, "com.atproto.server.createSession", Misconfigured),
        ("err_bad_token.json", 400, "app.bsky.notification.listNotifications", Unavailable),
        ("err_invalid_record.json", 400, "app.bsky.notification.listNotifications", Rejected),
        ("err_missing_createdAt.json", 400, "app.bsky.notification.listNotifications", Rejected),
        # the server's answer to a refresh token that was used before, which it grants for two hours: a session
        ("err_refresh_reuse.json", 200, "com.atproto.server.createSession", None),
    ],
)
def test_what_a_real_server_refuses_is_told_for_what_it_is(
    server: Server, name: str, status: int, method: str, expected: type[SwitchboardError] | None
) -> None:
    content = (SHARED / "payloads/bluesky" / name).read_bytes()
    server.faults[method] = httpx.Response(status, content=content)
    server.good = {"redacted"}
    if expected is None:
        assert page(server).delivery.messages == ()
        return
    with pytest.raises(expected) as refused:
        page(server)

    assert json.loads(content)["message"] not in str(refused.value)


def test_a_token_that_is_never_good_is_not_asked_for_without_end(server: Server) -> None:
    server.faults["app.bsky.notification.listNotifications"] = error(400, "ExpiredToken")
    for _ in range(3):
        with pytest.raises(Unavailable):
            page(server)

    assert server.sessions <= 6


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


LEXICONS = SHARED / "specs/bluesky/lexicons"


def lexicon(name: str) -> Any:
    return json.loads((LEXICONS / f"{name.replace('.', '/')}.json").read_bytes())["defs"]


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
def test_every_reason_and_every_embed_that_the_lexicons_know_is_known_here(server: Server) -> None:
    reasons = lexicon("app.bsky.notification.listNotifications")["notification"]["properties"]["reason"]["knownValues"]
    embeds = lexicon("app.bsky.feed.post")["main"]["record"]["properties"]["embed"]["refs"]
    server.notifications = [told(reason, f"r{number}") for number, reason in enumerate(reasons)]
    server.notifications += [
        told("mention", f"e{number}", embed={"$type": name, "images": [1], "items": [1], "media": {"$type": name}})
        for number, name in enumerate(embeds)
    ]
    delivery = page(server).delivery

    assert len(reasons) >= 13
    assert "unknown_event" not in {one.reason for one in delivery.ignored}
    assert all(one.attachments for one in delivery.messages if one.message_id.rpartition("/")[2].startswith("e"))
    assert {kind for one in delivery.messages for kind in one.attachments} == {
        "image",
        "video",
        "link",
        "post",
        "attachment",  # media in itself, which there is not
    }


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
@pytest.mark.parametrize("body", ["reasons", "after_delete", "ours"])
def test_what_is_read_of_an_answer_is_what_the_lexicons_promise(body: str) -> None:
    described = lexicon("app.bsky.notification.listNotifications")["notification"]
    author = lexicon("app.bsky.actor.defs")["profileView"]
    record = lexicon("app.bsky.feed.post")["main"]["record"]
    path = SHARED / f"payloads/bluesky/listNotifications_{body}.json"
    entries = json.loads(path.read_bytes())["notifications"] if path.exists() else [told("mention", "1")]
    for entry in entries:
        assert set(described["required"]) <= set(entry) <= set(described["properties"])
        assert set(author["required"]) <= set(entry["author"]) <= set(author["properties"])
        if entry["reason"] in {"mention", "reply", "quote"}:
            assert set(record["required"]) <= set(entry["record"]) <= {"$type", *record["properties"]}
    assert {"uri", "author", "reason", "record", "indexedAt"} <= set(described["required"])
    assert set(author["required"]) >= {"did", "handle"}
    assert {"uri", "author", "record", "indexedAt"} <= set(lexicon("app.bsky.feed.defs")["postView"]["required"])
    assert {"accessJwt", "refreshJwt"} <= set(
        lexicon("com.atproto.server.createSession")["main"]["output"]["schema"]["required"]
    )


def syntax(name: str) -> list[str]:
    path = SHARED / "specs/bluesky/interop-test-files/syntax" / f"{name}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
@pytest.mark.parametrize("kind", ["did", "recordkey", "handle"])
def test_every_name_that_the_protocol_allows_is_taken(server: Server, kind: str) -> None:
    names = [name for name in syntax(f"{kind}_syntax_valid") if len(name) < 300]  # what a key of ours can hold
    for name in names:
        did, key = (name if kind == "did" else ROSA), (name if kind == "recordkey" else "1")
        entry = told("mention", key, did=did)
        entry["author"]["handle"] = name if kind == "handle" else "handle.invalid"
        server.notifications = [entry]
        (one,) = page(server).delivery.messages

        assert one.message_id == address(did, key)
        assert one.permalink == f"https://bsky.app/profile/{name if kind == 'handle' else did}/post/{key}"


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
def test_what_is_no_address_is_kept_and_never_a_link(server: Server) -> None:
    invalid = syntax("aturi_syntax_invalid")
    of_keys = [address(ROSA, key) for key in syntax("recordkey_syntax_invalid")]
    of_dids = [address(did, "1") for did in syntax("did_syntax_invalid")]
    for one in (*invalid, *of_keys, *of_dids):
        server.notifications = [told("mention", "1") | {"uri": one}]
        (ignored,) = page(server).delivery.ignored

        assert (ignored.reason, json.loads(ignored.event)["uri"]) == ("wrong_shape", one)
    assert len(invalid) > 30


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
def test_a_handle_that_is_none_is_in_no_link(server: Server) -> None:
    for name in syntax("handle_syntax_invalid"):
        entry = told("mention", "1")
        entry["author"]["handle"] = name
        server.notifications = [entry]
        (one,) = page(server).delivery.messages
        who = one.permalink.removeprefix("https://bsky.app/profile/").removesuffix("/post/1")

        assert re.fullmatch(r"did:plc:rosa|[A-Za-z0-9.-]+", who)


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
