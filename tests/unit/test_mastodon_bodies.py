"""What a real Mastodon-compatible server (GoToSocial) answered, read by us; reviewed one by one.

The bodies lie beside the repository and never in it: without them these tests are skipped.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from switchboard.errors import Misconfigured, Rejected
from switchboard.platforms.mastodon import MastodonNotifications
from switchboard.platforms.mastodon_server import Servers
from switchboard.ports import Channel, ChannelSecret, Page

BODIES = Path(__file__).parents[3] / "shared/payloads/mastodon"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CHANNEL = Channel(name="mercy-mastodon", platform="mastodon", account_id="01Y26FZQD2N5VSKB7XY0X4VJN1")
SECRET = ChannelSecret(access_token="our-token", server="https://social.example.org")
ONE, TWO = "01TMC3TW7VS7RQKRZRKDDBYCDE", "01VGSTP816CQS5CWPCFCTS5SVW"
FLU = "@hospital do you accept walk-ins for the flu jab on Saturday?"
CHEST = "@hospital I have chest pain and nobody answers the phone, what should I do?"
NEWEST = [
    ("new mention 01M830NKNEV820A4FDCZSBW2CH", ONE, "2026-11-23T01:35:01.296000+00:00", FLU),
    ("new direct_message 01M830NKNTFKF209BMT43N12CY", TWO, "2026-11-23T01:35:01.306000+00:00", CHEST),
    ("new mention 01M830M265DDGV64QK4QKSZG0E", ONE, "2026-11-23T01:34:10.636000+00:00", FLU),
    ("new direct_message 01M830M26R4Z37GKW8B5XDNH37", TWO, "2026-11-23T01:34:10.650000+00:00", CHEST),
]
NUMBERED = [299, 298, 297, 296, 295, 294, 293, 292, 291, 290, 289, 288, 287, 286, 284, 285]

pytestmark = pytest.mark.skipif(not BODIES.is_dir(), reason="the real bodies lie beside the repository")


def body_of(name: str) -> Any:
    return json.loads((BODIES / f"{name}.json").read_text())


def page_of(notifications: Any, own: Any = (), *, status: int = 200) -> Page:
    def answer(request: httpx.Request) -> httpx.Response:
        body = notifications if request.url.path.endswith("/notifications") else list(own)
        return httpx.Response(status, json=body)

    mastodon = MastodonNotifications(transport=httpx.MockTransport(answer))
    return mastodon.page(CHANNEL, SECRET, older_than="", now=NOW)


def told(shown: Any, kind: str = "mention") -> dict[str, Any]:
    return {"id": "1", "type": kind, "created_at": shown["created_at"], "account": shown["account"], "status": shown}


@pytest.mark.parametrize(
    ("name", "numbers", "older"),
    [
        ("notifications", NUMBERED, "01M830912TRP53VF8ZJ0RRWN31"),
        ("notifications_since", NUMBERED[:-1], "01M830912X9P8V9ZFJZHC2V5VT"),
    ],
)
def test_every_notification_of_a_real_server_is_a_question(name: str, numbers: list[int], older: str) -> None:
    found = page_of(body_of(name))

    messages = found.delivery.messages
    named = [(f"{m.change} {m.kind} {m.message_id}", m.author_id, m.sent_at.isoformat(), m.text) for m in messages]
    assert named[:4] == NEWEST
    assert [m.text for m in messages[4:]] == [f"@hospital question number {number}?" for number in numbers]
    assert {m.author_id for m in messages[4:]} == {TWO}
    assert {m.kind for m in messages[4:]} == {"mention"}
    assert all(m.thread_id == f"{m.message_id}/{m.author_id}" and m.reply_to == "" for m in messages)
    assert {m.author_name for m in messages} == {"patient1", "patient2"}
    assert {m.permalink for m in messages} == {""}, "they were http://localhost"
    assert {m.attachments for m in messages} == {()}
    assert not any(m.by_us or m.changed_at for m in messages)
    assert found.delivery.ignored == ()
    assert found.older == older
    assert found.reaches_to == datetime(2026, 11, 23, 1, 28, 9, tzinfo=UTC)


def test_a_status_and_its_edit_are_one_message() -> None:
    first, edited = body_of("status_mention_question"), body_of("edit_status")

    new, edit = page_of([told(first), told(edited, "update")]).delivery.messages

    assert (new.message_id, new.thread_id) == (edit.message_id, edit.thread_id)
    assert (new.text, new.change) == (FLU, "new")
    assert edit.text == "@hospital do you accept walk-ins for the flu jab on SUNDAY?"
    assert (edit.change, edit.changed_at) == ("edited", datetime(2026, 11, 23, 1, 35, 2, 395_000, tzinfo=UTC))
    assert new.sent_at == edit.sent_at


def test_our_answers_beneath_the_question_answer_it() -> None:
    """This server ignores Idempotency-Key: a retry left two of the same answer, and both are found."""
    found = page_of([], body_of("context")["descendants"]).delivery.messages

    assert [(m.message_id, m.by_us, m.reply_to, m.thread_id, m.text, m.kind) for m in found] == [
        (named, True, question, question, "@patient1 Yes, 9-12 on Saturday.", "mention")
        for named in ("01M830NMPVJSF2EM51CCC7P2NM", "01M830NMQ1ST1CF066ADSWDVKY")
        for question in ["01M830NKNEV820A4FDCZSBW2CH"]
    ]
    assert body_of("context")["ancestors"] == []


def test_a_status_that_was_deleted_afterwards_reads_as_it_did() -> None:
    (found,) = page_of([told(body_of("delete_status"))]).delivery.messages

    assert (found.message_id, found.kind, found.text) == ("01M830NKNTFKF209BMT43N12CY", "direct_message", CHEST)


def test_a_dead_token_is_a_persons_to_mend() -> None:
    with pytest.raises(Misconfigured):
        page_of(body_of("bad_token"), status=401)


def test_what_was_deleted_is_not_there() -> None:
    body = body_of("status_reply_to_deleted")
    servers = Servers(transport=httpx.MockTransport(lambda _: httpx.Response(404, json=body)))

    with pytest.raises(Rejected) as caught:
        servers.get(CHANNEL, SECRET, "/api/v1/statuses/1", now=NOW)

    assert caught.value.reason == "deleted"


@pytest.mark.parametrize("name", ["follow", "scheduled_create_2", "scheduled_get", "scheduled_list"])
def test_what_is_no_notification_makes_no_question(name: str) -> None:
    body = body_of(name)
    entries = body if isinstance(body, list) else [body]

    delivery = page_of(entries, entries).delivery

    assert delivery.messages == ()
    assert {part.reason for part in delivery.ignored} == {"unknown_type"}


def test_every_body_is_read_by_a_test_here() -> None:
    read = {
        "bad_token",
        "context",
        "delete_status",
        "edit_status",
        "follow",
        "notifications",
        "notifications_since",
        "scheduled_create_2",
        "scheduled_get",
        "scheduled_list",
        "status_mention_question",
        "status_reply_to_deleted",
    }

    assert {path.stem for path in BODIES.glob("*.json")} == read
