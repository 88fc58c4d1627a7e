"""X's API: what the poll reads and what the doctor asks."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchboard.errors import Misconfigured, Rejected, SwitchboardError, Unavailable
from switchboard.platforms import checks, polled
from switchboard.platforms.x import INBOUND
from switchboard.platforms.x_api import XMentions
from switchboard.platforms.x_checks import NEEDED, WANTED, XChecks
from switchboard.ports import Channel, ChannelSecret

if TYPE_CHECKING:
    from switchboard.domain.message import Message

SPEC = Path(__file__).parents[3] / "shared/specs/x/openapi.json"
NOW = datetime(2026, 10, 12, 10, tzinfo=UTC)
US = "2244994945"
CHANNEL = Channel(name="x", platform="x", account_id=US)
SECRET = ChannelSecret(access_token="tok-1")
URL = "https://api.x.com"
HOOK = {"id": "1", "url": "https://example.org/live/webhooks/x", "valid": True}


def post(named: str = "11", author: str = "9", **changes: Any) -> dict[str, Any]:
    return {
        "id": named,
        "author_id": author,
        "text": "@mercy When do you open?",
        "created_at": "2026-10-12T09:00:00.000Z",
        "conversation_id": "10",
        "edit_history_tweet_ids": [named],
    } | changes


def subscribed(*kinds: str, user: str = US, hook: str = "1") -> list[dict[str, Any]]:
    return [{"event_type": kind, "filter": {"user_id": user}, "webhook_id": hook} for kind in kinds]


class Server:
    """X's API: pages of mentions, the user, the webhooks, the subscriptions."""

    def __init__(self) -> None:
        self.posts: list[Any] = [post(str(number)) for number in range(250, 0, -1)]
        self.includes: dict[str, Any] = {}
        self.answers: dict[str, httpx.Response] = {}
        self.user = US
        self.hooks = [HOOK]
        self.activity = subscribed(*NEEDED, *WANTED)
        self.accounts: list[str] = []
        self.app_token = False
        self.knows_posts = True
        self.date = "Mon, 12 Oct 2026 10:00:02 GMT"
        self.asked: list[httpx.Request] = []
        self.transport = httpx.MockTransport(self._answer)
        self.mentions = XMentions(URL, transport=self.transport)
        self.doctor = XChecks(URL, transport=self.transport)

    def findings(self, channel: Channel = CHANNEL, secret: ChannelSecret = SECRET) -> dict[str, str]:
        return {one.name: one.state for one in self.doctor.check(channel, secret, now=NOW)}

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        assert request.headers["authorization"] == "Bearer tok-1"
        path = request.url.path
        told = self.answers.get(path) or self.answers.get("*")
        if told is not None:
            return told
        match path:
            case "/2/users/me":
                return self._only({"data": {"id": self.user}}, allowed=not self.app_token)
            case "/2/webhooks":
                return self._only({"data": self.hooks}, allowed=self.app_token)
            case "/2/activity/subscriptions":
                return httpx.Response(200, json={"data": self.activity})
            case "/2/account_activity/webhooks/1/subscriptions/all":
                return self._only({"data": {"subscribed": US in self.accounts}}, allowed=not self.app_token)
            case "/2/account_activity/webhooks/1/subscriptions/all/list":
                users = [{"user_id": user} for user in self.accounts]
                return self._only({"data": {"webhook_id": "1", "subscriptions": users}}, allowed=self.app_token)
            case _ if path == f"/2/users/{US}":
                return self._only({"data": {"id": self.user}}, allowed=True)
            case _:
                return self._page(request.url.params)

    def _only(self, body: Any, *, allowed: bool) -> httpx.Response:
        return httpx.Response(200, json=body, headers={"Date": self.date}) if allowed else httpx.Response(403, json={})

    def _page(self, params: httpx.QueryParams) -> httpx.Response:
        if ("post.fields" in params) != self.knows_posts:
            return httpx.Response(400, json={"title": "Invalid Request"})
        start, size = int(params.get("pagination_token", "0")), int(params["max_results"])
        meta = {"next_token": str(start + size)} if start + size < len(self.posts) else {}
        posts = self.posts[start : start + size]
        return httpx.Response(200, json={"data": posts, "includes": self.includes, "meta": meta})


@pytest.fixture
def server() -> Server:
    return Server()


# --- mentions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("knows_posts", [True, False])
def test_mentions_come_page_by_page_the_newest_first(server: Server, *, knows_posts: bool) -> None:
    server.knows_posts = knows_posts
    found: list[Message] = []
    mark = ""
    for _ in range(4):
        page = server.mentions.page(CHANNEL, SECRET, older_than=mark, now=NOW)
        found += page.delivery.messages
        mark = page.older
        if not mark:
            break

    assert [one.message_id for one in found] == [str(number) for number in range(250, 0, -1)]
    assert {one.via for one in found} == {"poll"}


SAME: list[dict[str, Any]] = [
    post(),
    post(in_reply_to_user_id=US, referenced_tweets=[{"type": "replied_to", "id": "10"}]),
    post(in_reply_to_user_id="3", referenced_tweets=[{"type": "replied_to", "id": "8"}]),
    post(referenced_tweets=[{"type": "quoted", "id": "7"}], conversation_id="11"),
    post(edit_history_tweet_ids=["5", "11"], conversation_id="5"),
    post(note_tweet={"text": "All of it &amp; more"}, attachments={"media_keys": ["3_1"]}),
]


@pytest.mark.parametrize("told", SAME)
def test_what_is_read_back_is_what_the_webhook_told(server: Server, told: dict[str, Any]) -> None:
    """The same id in the same thread is stored once; but for the way it came, everything is the same."""
    server.posts = [told]
    server.includes = {"users": [{"id": "9", "name": "Rosa"}], "media": [{"media_key": "3_1", "type": "photo"}]}
    data = {"filter": {"user_id": US}, "payload": told, "includes": server.includes}
    kinds = ["post.mention.create", *(["post.reply.create"] if told.get("in_reply_to_user_id") == US else [])]

    (read,) = server.mentions.page(CHANNEL, SECRET, older_than="", now=NOW).delivery.messages

    for kind in kinds:
        body = json.dumps({"data": data | {"event_type": kind}}).encode()
        (heard,) = INBOUND.parse(body, {}, CHANNEL, now=NOW).messages
        seen, known = ({name: getattr(one, name) for name in type(one).__slots__} for one in (read, heard))
        assert seen | {"via": "webhook"} == known


def test_a_page_tells_how_far_it_reaches_and_keeps_what_is_no_post(server: Server) -> None:
    early = (NOW - timedelta(hours=3)).isoformat()
    server.posts = [post(), "words", {"text": "?"}, post("12", created_at=early), post("13", US)]

    page = server.mentions.page(CHANNEL, SECRET, older_than="", now=NOW)

    assert page.reaches_to == NOW - timedelta(hours=3)
    assert [one.message_id for one in page.delivery.messages] == ["11", "12"]
    kept = [(part.reason, json.loads(part.event) if part.event else None) for part in page.delivery.ignored]
    assert kept == [("wrong_shape", "words"), ("wrong_shape", {"text": "?"}), ("own_post", None)]


def test_the_old_words_ask_for_the_same(server: Server) -> None:
    server.knows_posts = False
    server.mentions.page(CHANNEL, SECRET, older_than="100", now=NOW)
    new, old = (dict(request.url.params) for request in server.asked)

    fields = set(old.pop("tweet.fields").split(","))
    assert fields >= {"author_id", "conversation_id", "created_at", "in_reply_to_user_id"}
    assert fields >= {"edit_history_tweet_ids", "note_tweet", "referenced_tweets", "attachments"}
    assert set(old.pop("expansions").split(",")) == {"author_id", "attachments.media_keys"}
    assert old == {name: value for name, value in new.items() if name not in ("post.fields", "expansions")}


def test_a_page_without_its_meta_is_a_page_and_the_last(server: Server) -> None:
    server.answers["*"] = httpx.Response(200, json={"data": [post()]})

    page = server.mentions.page(CHANNEL, SECRET, older_than="", now=NOW)

    assert ([one.message_id for one in page.delivery.messages], page.older) == (["11"], "")


def test_an_empty_page_may_have_another_behind_it_and_the_same_mark_ends_the_look(server: Server) -> None:
    path = f"/2/users/{US}/mentions"
    server.answers[path] = httpx.Response(200, json={"meta": {"result_count": 0, "next_token": "n"}})

    assert server.mentions.page(CHANNEL, SECRET, older_than="", now=NOW).older == "n"
    assert server.mentions.page(CHANNEL, SECRET, older_than="n", now=NOW).older == ""


@pytest.mark.parametrize(
    ("response", "error", "wait"),
    [
        (httpx.Response(401, json={}), Misconfigured, None),
        (httpx.Response(402, json={"title": "CreditsDepleted"}), Misconfigured, None),
        (httpx.Response(403, json={}), Misconfigured, None),
        (httpx.Response(200, json={"errors": [{"title": "Not Found Error"}]}), Misconfigured, None),
        (httpx.Response(400, json={}), Rejected, None),
        (httpx.Response(404, json={}), Rejected, None),
        (httpx.Response(429, headers={"x-rate-limit-reset": str(int(NOW.timestamp()) + 90)}), Unavailable, 90),
        (httpx.Response(503), Unavailable, None),
        (httpx.Response(200, text="<html>"), Unavailable, None),
    ],
)
def test_what_x_refuses_is_told_for_what_it_is(server: Server, response: Any, error: Any, wait: Any) -> None:
    server.answers["*"] = response

    with pytest.raises(error) as refused:
        server.mentions.page(CHANNEL, SECRET, older_than="", now=NOW)

    assert getattr(refused.value, "retry_after", None) == wait
    assert "tok-1" not in str(refused.value)


@pytest.mark.parametrize("status", [401, 404, 429, 500])
def test_the_old_words_are_tried_only_where_the_new_ones_were_refused(server: Server, status: int) -> None:
    server.answers["*"] = httpx.Response(status, json={})

    with suppress(SwitchboardError):
        server.mentions.page(CHANNEL, SECRET, older_than="", now=NOW)

    assert len(server.asked) == 1


@pytest.mark.parametrize("account", ["", "@mercy", "1/2", "1" * 20, "\u0661"])
def test_what_is_no_user_id_is_never_asked_for(server: Server, account: str) -> None:
    with pytest.raises(Misconfigured):
        server.mentions.page(Channel(name="x", platform="x", account_id=account), SECRET, older_than="", now=NOW)

    assert not server.asked


@pytest.mark.parametrize("token", ["", "a b", "a\nb", "\u00e4"])
def test_an_unusable_token_is_never_sent(server: Server, token: str) -> None:
    secret = ChannelSecret(access_token=token)

    with pytest.raises(Misconfigured):
        server.mentions.page(CHANNEL, secret, older_than="", now=NOW)
    assert server.findings(secret=secret) == {"credentials": "failure"}
    assert not server.asked


# --- the doctor ------------------------------------------------------------------------------------------------


def test_with_a_users_token_all_is_told_but_the_webhook(server: Server) -> None:
    found = server.findings()

    assert found == {"credentials": "ok", "clock": "ok", "subscription": "warning", "fields": "ok"}


def test_with_the_apps_own_token_all_is_told(server: Server) -> None:
    server.app_token = True

    assert server.findings() == {"credentials": "ok", "clock": "ok", "subscription": "ok", "fields": "ok"}


@pytest.mark.parametrize(
    ("hooks", "state"),
    [
        ([HOOK], "ok"),
        ([HOOK | {"url": "https://example.org/live/webhooks/x/"}], "ok"),
        ([HOOK | {"valid": False}], "failure"),
        ([HOOK | {"valid": "true"}], "failure"),
        ([HOOK | {"valid": False}, HOOK | {"id": "2"}], "ok"),
        ([HOOK | {"url": "https://example.org/live/webhooks/other-x"}], "failure"),
        ([], "failure"),
        ([None, 7], "failure"),
    ],
)
def test_the_webhook_must_lead_here_and_be_valid(server: Server, hooks: Any, state: str) -> None:
    server.app_token = True
    server.hooks = hooks

    assert server.findings()["subscription"] == state


@pytest.mark.parametrize(
    ("activity", "state", "named"),
    [
        (subscribed(*NEEDED, *WANTED), "ok", ""),
        (subscribed(*NEEDED), "warning", "chat.received, chat.sent, dm.received"),
        (subscribed(*WANTED), "failure", "post.mention.create, post.reply.create"),
        (subscribed(*NEEDED, *WANTED, user="3"), "failure", "post.mention.create"),
        (subscribed(*NEEDED, *WANTED, hook="9"), "failure", "post.mention.create"),
        (subscribed(*NEEDED, *WANTED, hook=""), "failure", "post.mention.create"),
        ([None, {"filter": 7}], "failure", "post.mention.create"),
    ],
)
def test_what_is_not_subscribed_is_named(server: Server, activity: Any, state: str, named: str) -> None:
    server.app_token = True
    server.activity = activity

    (fields,) = [one for one in server.doctor.check(CHANNEL, SECRET, now=NOW) if one.name == "fields"]

    assert fields.state == state
    assert named in fields.detail
    assert bool(fields.remedy) == (state != "ok")


@pytest.mark.parametrize("accounts", [[US], ["3"]])
def test_the_older_subscription_brings_everything_as_long_as_it_lasts(server: Server, accounts: list[str]) -> None:
    server.app_token = True
    server.activity = []
    server.accounts = accounts

    assert server.findings()["fields"] == ("warning" if accounts == [US] else "failure")


def test_what_cannot_be_known_is_no_failure(server: Server) -> None:
    server.activity = []

    assert server.findings()["fields"] == "warning"


def test_the_doctor_knows_whose_token_it_is(server: Server) -> None:
    server.user = "3"

    assert server.findings() == {"credentials": "failure", "clock": "ok"}


@pytest.mark.parametrize("app_token", [True, False])
def test_an_account_that_x_does_not_know_is_a_failure(server: Server, *, app_token: bool) -> None:
    """X says so with status 200."""
    server.app_token = app_token
    for path in ("/2/users/me", f"/2/users/{US}"):
        server.answers[path] = httpx.Response(200, json={"errors": [{"title": "Not Found Error"}]})

    assert server.findings()["credentials"] == "failure"


@pytest.mark.parametrize(
    ("date", "state"),
    [
        ("Mon, 12 Oct 2026 10:01:00 GMT", "ok"),
        ("Mon, 12 Oct 2026 10:01:01 GMT", "warning"),
        ("Mon, 12 Oct 2026 09:58:59 -0000", "warning"),
        ("Mon, 12 Oct 2026 09:59:59 -0000", "ok"),
        ("soon", None),
        ("", None),
    ],
)
def test_the_clocks_are_compared(server: Server, date: str, state: str | None) -> None:
    server.date = date

    assert server.findings().get("clock") == state


@pytest.mark.parametrize("status", [200, 301, 400, 401, 402, 403, 404, 429, 500, 503])
@pytest.mark.parametrize("broken", ["*", "/2/users/me", "/2/webhooks", "/2/activity/subscriptions"])
def test_the_doctor_raises_nothing_and_shows_no_token(server: Server, status: int, broken: str) -> None:
    server.answers[broken] = httpx.Response(status, json={"detail": "tok-1 is not allowed"})

    found = server.doctor.check(CHANNEL, SECRET, now=NOW)

    assert found
    for one in found:
        assert "tok-1" not in one.detail + one.remedy
        assert one.detail[0].isupper()
        assert one.detail.endswith(".")
        assert bool(one.remedy) == (one.state != "ok")


def test_a_dead_token_and_a_silent_x_are_told_apart(server: Server) -> None:
    server.answers["*"] = httpx.Response(401, json={})
    (dead,) = server.doctor.check(CHANNEL, SECRET, now=NOW)
    server.answers["*"] = httpx.Response(503)
    (silent,) = server.doctor.check(CHANNEL, SECRET, now=NOW)

    assert (dead.state, silent.state) == ("failure", "failure")
    assert "Connect" in dead.remedy
    assert "later" in silent.remedy


def test_the_registry_finds_both() -> None:
    assert isinstance(polled("x"), XMentions)
    assert isinstance(checks("x"), XChecks)


# --- as X describes it -----------------------------------------------------------------------------------------


def described(spec: dict[str, Any], request: httpx.Request) -> None:
    """See that the path is one of X's, and every query parameter one that it has, with values that it takes."""
    assert str(request.url).startswith(URL)
    known = [path for path in spec["paths"] if path == request.url.path] or [
        path for path in spec["paths"] if _fits(path, request.url.path)
    ]
    assert known, request.url.path
    operation = spec["paths"][known[0]][request.method.lower()]
    parameters = [_resolved(spec, one) for one in operation.get("parameters", [])]
    queried = {one["name"]: one["schema"] for one in parameters if one["in"] == "query"}
    required = {one["name"] for one in parameters if one["in"] == "query" and one.get("required")}
    assert required <= set(request.url.params) <= set(queried)
    for name, value in request.url.params.items():
        _takes(queried[name], value)


def _fits(path: str, asked: str) -> bool:
    parts, others = path.split("/"), asked.split("/")
    pairs = zip(parts, others, strict=False)
    return len(parts) == len(others) and all(one == other or one.startswith("{") for one, other in pairs)


def _resolved(spec: dict[str, Any], parameter: dict[str, Any]) -> dict[str, Any]:
    reference = parameter.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = spec["components"]["parameters"][reference] if reference else parameter
    return found


def _takes(schema: dict[str, Any], value: str) -> None:
    if schema["type"] == "array":
        values = value.split(",")
        assert len(values) == len(set(values))
        assert set(values) <= set(schema["items"].get("enum", values))
    elif schema["type"] == "integer":
        assert schema["minimum"] <= int(value) <= schema["maximum"]
    else:
        assert len(value) >= schema.get("minLength", 0)


@pytest.mark.skipif(not SPEC.exists(), reason="../shared is not here")
@pytest.mark.parametrize("app_token", [True, False])
def test_requests_are_as_x_describes_them(server: Server, *, app_token: bool) -> None:
    spec = json.loads(SPEC.read_bytes())
    server.app_token, server.activity, server.accounts = app_token, [], [US]

    server.mentions.page(CHANNEL, SECRET, older_than="", now=NOW)
    server.mentions.page(CHANNEL, SECRET, older_than="100", now=NOW)
    server.doctor.check(CHANNEL, SECRET, now=NOW)

    assert len(server.asked) >= 5
    for request in server.asked:
        assert request.method == "GET"
        described(spec, request)


@pytest.mark.skipif(not SPEC.exists(), reason="../shared is not here")
def test_the_event_types_are_x_s() -> None:
    spec = json.loads(SPEC.read_bytes())
    properties = spec["components"]["schemas"]["CreateActivitySubscriptionRequest"]["properties"]

    assert set(properties["event_type"]["enum"]) >= NEEDED | WANTED


# --- whatever comes --------------------------------------------------------------------------------------------


NAMES = ["data", "id", "author_id", "meta", "includes", "next_token", "users", "webhook_id", "filter", "user_id", "url"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.just(US),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_whatever_x_answers_is_a_page_or_an_error_of_ours(answer: Any) -> None:
    server = Server()
    server.answers["*"] = httpx.Response(200, json=answer)

    with suppress(SwitchboardError):
        server.mentions.page(CHANNEL, SECRET, older_than="", now=NOW)


@settings(max_examples=150, deadline=None)
@given(hooks=JSON, activity=JSON, app_token=st.booleans())
def test_whatever_x_answers_the_doctor_has_findings(*, hooks: Any, activity: Any, app_token: bool) -> None:
    server = Server()
    server.app_token = app_token
    server.answers["/2/webhooks"] = httpx.Response(200, json=hooks)
    server.answers["/2/activity/subscriptions"] = httpx.Response(200, json=activity)

    assert set(server.findings()) == {"credentials", "clock", "subscription", "fields"}
