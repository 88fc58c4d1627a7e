"""X: its proofs, its two envelopes, and its API."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchboard.domain.message import Delivery, Ignored
from switchboard.errors import Misconfigured, Rejected, SwitchboardError, Unavailable
from switchboard.platforms.x import INBOUND
from switchboard.platforms.x_api import XApi
from switchboard.ports import Channel, ChannelSecret

SHARED = Path(__file__).parents[3] / "shared"
NOW = datetime(2026, 10, 12, 10, tzinfo=UTC)
US = "2244994945"
CHANNEL = Channel(name="x", platform="x", account_id=US)
SECRET = ChannelSecret(signing_secrets=("hush",), access_token="t")


def parsed(envelope: Any) -> Delivery:
    return INBOUND.parse(json.dumps(envelope).encode(), {}, CHANNEL, now=NOW)


def event(kind: str, payload: Any, **includes: Any) -> dict[str, Any]:
    data = {"event_uuid": "1", "filter": {"user_id": US}, "event_type": kind, "payload": payload, "includes": includes}
    return {"data": data}


def post(named: str = "11", author: str = "9", **changes: Any) -> dict[str, Any]:
    return {
        "id": named,
        "author_id": author,
        "text": "@mercy When do you open?",
        "created_at": "2026-10-12T09:00:00.000Z",
        "conversation_id": "10",
    } | changes


# --- proofs ----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
def test_the_known_answers_are_given() -> None:
    vector = json.loads((SHARED / "vectors/webhook_vectors.json").read_bytes())["x"]
    secret = ChannelSecret(signing_secrets=(vector["consumer_secret"],))
    proof = INBOUND.handshake({"crc_token": vector["crc_token"]}, secret)

    assert json.loads(proof.body) == {"response_token": vector["response_token"]}
    assert proof.content_type == "application/json"
    headers = {"x-twitter-webhooks-signature": vector["x-twitter-webhooks-signature"]}
    INBOUND.verify(vector["body"].encode(), headers, secret, now=NOW)


@pytest.mark.parametrize("body", ['{"for_user_id":"1"}', "{}", "[]", '{"data":{}}'])
def test_the_proof_signs_no_body(body: str) -> None:
    """The forgery: a body is sent as the token, and the proof would be its signature."""
    with pytest.raises(Rejected):
        INBOUND.handshake({"crc_token": body}, SECRET)


@given(st.from_regex(r"[A-Za-z0-9+/=_.-]{1,256}", fullmatch=True))
def test_nothing_that_is_signed_as_a_token_is_taken_as_a_body(token: str) -> None:
    proof = json.loads(INBOUND.handshake({"crc_token": token}, SECRET).body)
    headers = {"x-twitter-webhooks-signature": proof["response_token"]}
    INBOUND.verify(token.encode(), headers, SECRET, now=NOW)

    with pytest.raises(Rejected) as refused:
        INBOUND.parse(token.encode(), headers, CHANNEL, now=NOW)
    assert refused.value.status == 400


# --- the newer envelope ----------------------------------------------------------------------------------------


def test_a_mention_is_a_thread_with_its_author() -> None:
    note = {"text": "@mercy When do you open? And &amp; where?"}
    media = [{"media_key": "3_1", "type": "photo"}, {"media_key": "3_2", "type": "video"}]
    payload = post(note_tweet=note, attachments={"media_keys": ["3_1"]})
    (one,) = parsed(event("post.mention.create", payload, users=[{"id": "9", "name": "Rosa"}], media=media)).messages

    assert (one.message_id, one.thread_id, one.kind, one.author_name) == ("11", "10/9", "mention", "Rosa")
    assert one.text == "@mercy When do you open? And & where?"
    assert (one.attachments, one.permalink) == (("image",), "https://x.com/i/status/11")


@pytest.mark.parametrize(
    ("referenced", "note"), [("referenced_tweets", "note_tweet"), ("referenced_posts", "note_post")]
)
def test_x_s_old_words_and_its_new_ones_are_both_read(referenced: str, note: str) -> None:
    payload = post(**{referenced: [{"type": "replied_to", "id": "7"}], note: {"text": "All of it"}})
    (one,) = parsed(event("post.mention.create", payload)).messages

    assert (one.reply_to, one.text) == ("7", "All of it")


def test_an_answer_to_us_is_a_comment_and_our_answer_stands_by_what_it_answers() -> None:
    answers = {"referenced_tweets": [{"type": "replied_to", "id": "7"}]}
    (theirs,) = parsed(event("post.reply.create", post(in_reply_to_user_id=US, **answers))).messages
    (ours,) = parsed(event("post.create", post("12", US, **answers))).messages

    assert (theirs.kind, theirs.thread_id, theirs.reply_to, theirs.by_us) == ("comment", "10/9", "7", False)
    assert (ours.kind, ours.thread_id, ours.reply_to, ours.by_us) == ("comment", "7", "7", True)


@pytest.mark.parametrize(
    ("envelope", "reason"),
    [
        (event("post.create", post(author=US)), "own_post"),
        (event("post.mention.create", post(referenced_tweets=[{"type": "retweeted", "id": "1"}])), "repost"),
        (event("like.create", {}), "reaction"),
        (event("follow.follow", {}), "follow"),
        (event("something.new", {"text": "?"}), "unknown_event"),
        (
            {"data": {"event_type": "post.mention.create", "filter": {"user_id": "1"}, "payload": post()}},
            "other_account",
        ),
    ],
)
def test_what_is_no_message_is_named(envelope: Any, reason: str) -> None:
    (ignored,) = parsed(envelope).ignored

    assert ignored.reason == reason
    assert bool(ignored.event) == (reason in ("unknown_event", "other_account"))


def test_an_encrypted_message_is_known_to_be_there() -> None:
    payload = {"id": "c1", "sender_id": "9", "conversation_id": f"9:{US}", "created_at_msec": "1791795600000"}
    (theirs,) = parsed(event("chat.received", payload)).messages
    (ours,) = parsed(event("chat.sent", payload | {"id": "c2", "sender_id": US})).messages

    assert (theirs.thread_id, theirs.text, theirs.attachments) == ("9", "", ("encrypted message",))
    assert (ours.thread_id, ours.by_us) == ("9", True)


# --- the older envelope ----------------------------------------------------------------------------------------


def tweet(named: int = 11, author: int = 9, **changes: Any) -> dict[str, Any]:
    return {
        "id": named + 1,  # numbers lose digits: the text counts
        "id_str": str(named),
        "text": "@mercy When do…",
        "truncated": True,
        "extended_tweet": {"full_text": "@mercy When do you open?"},
        "user": {"id_str": str(author), "name": "Rosa", "screen_name": "rosa"},
        "created_at": "Mon Oct 12 09:00:00 +0000 2026",
        "in_reply_to_status_id_str": None,
    } | changes


def account(**events: Any) -> dict[str, Any]:
    return {"for_user_id": US, **events}


def test_a_post_is_read_whole_with_its_text_ids() -> None:
    (one,) = parsed(account(tweet_create_events=[tweet()])).messages

    assert (one.message_id, one.thread_id, one.text) == ("11", "11/9", "@mercy When do you open?")
    assert one.sent_at == datetime(2026, 10, 12, 9, tzinfo=UTC)


def test_an_answer_names_what_it_answers_because_there_is_no_conversation() -> None:
    (one,) = parsed(account(tweet_create_events=[tweet(in_reply_to_status_id_str="7")])).messages

    assert (one.thread_id, one.reply_to) == ("7/9", "7")


def test_a_deletion_is_found_by_the_post_alone() -> None:
    deleted = {"status": {"id": "11", "user_id": "9"}, "timestamp_ms": "1791795600000"}
    (one,) = parsed(account(tweet_delete_events=[deleted])).messages

    assert (one.change, one.message_id, one.thread_id, one.author_id) == ("removed", "11", "11", "")


def test_direct_messages_of_both_sides_are_one_thread() -> None:
    def message(named: str, sender: str, recipient: str) -> dict[str, Any]:
        created = {"target": {"recipient_id": recipient}, "sender_id": sender, "message_data": {"text": "Hello &lt;3"}}
        return {"type": "message_create", "id": named, "created_timestamp": "1791795600000", "message_create": created}

    users = {"9": {"name": "Rosa"}}
    theirs, ours = parsed(
        account(direct_message_events=[message("1", "9", US), message("2", US, "9")], users=users)
    ).messages

    assert (theirs.thread_id, theirs.author_name, theirs.text, theirs.by_us) == ("9", "Rosa", "Hello <3", False)
    assert (ours.thread_id, ours.author_name, ours.by_us) == ("9", "", True)


def test_one_bad_event_harms_no_other() -> None:
    delivery = parsed(account(tweet_create_events=[None, 7, {"id_str": "x"}, tweet()], new_kind_events=[{"a": 1}]))

    assert [one.message_id for one in delivery.messages] == ["11"]
    assert [one.reason for one in delivery.ignored] == ["wrong_shape"] * 3 + ["unknown_event"]
    assert all(isinstance(one, Ignored) and one.event for one in delivery.ignored)


# --- the API ---------------------------------------------------------------------------------------------------


class Server:
    """X's API: pages of mentions, the user, the webhooks."""

    def __init__(self) -> None:
        self.posts = [post(str(number)) for number in range(250, 0, -1)]
        self.fault: httpx.Response | None = None
        self.user = US
        self.hooks = [{"id": "1", "url": "https://example.org/live/webhooks/x", "valid": True}]
        self.asked: list[httpx.Request] = []
        self.api = XApi("https://api.x.com", transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        assert request.headers["authorization"] == "Bearer t"
        if self.fault:
            return self.fault
        if request.url.path == "/2/users/me":
            return httpx.Response(
                200, json={"data": {"id": self.user}}, headers={"Date": "Mon, 12 Oct 2026 10:00:02 GMT"}
            )
        if request.url.path == "/2/webhooks":
            return httpx.Response(200, json={"data": self.hooks})
        start, size = int(request.url.params.get("pagination_token", "0")), int(request.url.params["max_results"])
        meta = {"next_token": str(start + size)} if start + size < len(self.posts) else {}
        return httpx.Response(200, json={"data": self.posts[start : start + size], "meta": meta})


@pytest.fixture
def server() -> Server:
    return Server()


def test_mentions_come_page_by_page_with_the_ids_and_threads_of_the_webhook(server: Server) -> None:
    found, mark = [], ""
    for _ in range(4):
        page = server.api.page(CHANNEL, SECRET, older_than=mark, now=NOW)
        found += page.delivery.messages
        mark = page.older
        if not mark:
            break
    (webhook,) = parsed(event("post.mention.create", post("250"))).messages

    assert [one.message_id for one in found] == [str(number) for number in range(250, 0, -1)]
    assert (found[0].thread_id, found[0].kind, found[0].via) == (webhook.thread_id, webhook.kind, "poll")


@pytest.mark.parametrize(
    ("response", "error", "wait"),
    [
        (httpx.Response(401), Misconfigured, None),
        (httpx.Response(429, headers={"x-rate-limit-reset": str(int(NOW.timestamp()) + 90)}), Unavailable, 90),
        (httpx.Response(503), Unavailable, None),
    ],
)
def test_what_x_refuses_is_told_for_what_it_is(server: Server, response: Any, error: Any, wait: Any) -> None:
    server.fault = response
    with pytest.raises(error) as refused:
        server.api.page(CHANNEL, SECRET, older_than="", now=NOW)

    assert getattr(refused.value, "retry_after", None) == wait


@pytest.mark.parametrize(
    ("hooks", "state"),
    [
        ([{"url": "https://example.org/live/webhooks/x", "valid": True}], "ok"),
        ([{"url": "https://example.org/live/webhooks/x", "valid": False}], "failure"),
        ([{"url": "https://example.org/other", "valid": True}], "failure"),
    ],
)
def test_the_doctor_reads_the_webhooks_back(server: Server, hooks: Any, state: str) -> None:
    server.hooks = hooks
    findings = {finding.name: finding.state for finding in server.api.check(CHANNEL, SECRET, now=NOW)}

    assert findings == {"credentials": "ok", "subscription": state, "clock": "ok"}


def test_the_doctor_knows_whose_token_it_is(server: Server) -> None:
    server.user = "1"

    assert server.api.check(CHANNEL, SECRET, now=NOW)[0].state == "failure"


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
def test_requests_are_as_x_describes_them(server: Server) -> None:
    paths = json.loads((SHARED / "specs/x/openapi.json").read_bytes())["paths"]
    server.api.page(CHANNEL, SECRET, older_than="100", now=NOW)
    server.api.check(CHANNEL, SECRET, now=NOW)

    for asked, path in zip(server.asked, ("/2/users/{id}/mentions", "/2/users/me", "/2/webhooks"), strict=True):
        assert asked.url.path == path.replace("{id}", US)
        described = paths[path][asked.method.lower()]
        references = [one["$ref"].rpartition("/")[2] for one in described.get("parameters", []) if "$ref" in one]
        named = {one["name"] for one in described.get("parameters", []) if "name" in one}
        parameters = json.loads((SHARED / "specs/x/openapi.json").read_bytes())["components"]["parameters"]
        named |= {parameters[reference]["name"] for reference in references}
        assert set(asked.url.params) <= named


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["data", "id", "author_id", "meta", "includes"]), inner, max_size=4)
    ),
    max_leaves=10,
)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_whatever_x_answers_is_a_page_or_an_error_of_ours(answer: Any) -> None:
    server = Server()
    server.fault = httpx.Response(200, json=answer)
    with suppress(SwitchboardError):
        server.api.page(CHANNEL, SECRET, older_than="", now=NOW)
