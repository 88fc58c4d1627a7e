"""The whole line through the deployed stack: what comes in by the webhook rings, is answered, and stands there once.

Runs the real template on the embedded AWS with IAM enforced, so a permission that a role lacks shows here.
"""

from __future__ import annotations

import gzip
import hashlib
import hmac
import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from local.credentials import FACEBOOK_SECRET, VERIFY_TOKEN
from local.outbox import texts
from local.story import PAGE, Day
from local.timeline import Timeline
from simulators.graph import GraphSimulator
from switchboard.adapters.questions import DynamoQuestions
from switchboard.domain.message import question_id_of
from switchboard.domain.question import AlertState, AnswerState, QuestionState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local.stack import Stack

pytestmark = pytest.mark.stack
MARIA = "+12025550101"


@pytest.fixture(scope="module")
def graph() -> Iterator[GraphSimulator]:
    with GraphSimulator(port=4571) as simulator:
        yield simulator


@pytest.fixture
def day(stack: Stack, graph: GraphSimulator, monkeypatch: pytest.MonkeyPatch) -> Day:
    monkeypatch.setenv("SWITCHBOARD_LOCAL", ".local/test")
    day = Day(stack, graph, Timeline())
    day.phones_rest()
    return day


@pytest.fixture
def questions(stack: Stack) -> DynamoQuestions:
    return DynamoQuestions(stack.client("dynamodb"), stack.tables["questions"])


def comments(*numbers: int, text: str = "What are your visiting hours?") -> dict[str, Any]:
    changes = [
        {
            "field": "feed",
            "value": {
                "item": "comment",
                "verb": "add",
                "comment_id": f"{PAGE}_{number}",
                "post_id": f"{PAGE}_1",
                "parent_id": f"{PAGE}_1",
                "from": {"id": f"8{number}", "name": "Pat Rivers"},
                "message": text,
                "created_time": int(time.time()),
            },
        }
        for number in numbers
    ]
    return {"object": "page", "entry": [{"id": PAGE, "time": int(time.time()), "changes": changes}]}


def deliver(stack: Stack, body: bytes, *, channel: str = "facebook", secret: str = FACEBOOK_SECRET) -> httpx.Response:
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"x-hub-signature-256": f"sha256={signature}", "content-type": "application/json"}
    return httpx.post(f"{stack.api_url}/webhooks/{channel}", content=body, headers=headers, timeout=60)


def eventually(holds: Callable[[], Any], within: float = 30) -> Any:
    end = time.monotonic() + within
    while not (found := holds()) and time.monotonic() < end:
        time.sleep(0.2)
    return found


def fresh_number() -> int:
    return 10**9 + uuid.uuid4().int % 10**9


class TestTheDoor:
    def test_the_handshake_returns_the_challenge_as_it_is(self, stack: Stack) -> None:
        query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201444"}

        answer = httpx.get(f"{stack.api_url}/webhooks/facebook", params=query, timeout=30)
        refused = httpx.get(f"{stack.api_url}/webhooks/facebook", params=query | {"hub.verify_token": "x"}, timeout=30)

        assert (answer.status_code, answer.text) == (200, "1158201444")
        assert refused.status_code == 403

    def test_an_unknown_channel_is_404(self, stack: Stack) -> None:
        assert deliver(stack, b"{}", channel="nowhere").status_code == 404

    def test_a_wrong_signature_is_401_and_the_exact_bytes_are_kept(self, stack: Stack) -> None:
        body = json.dumps(comments(fresh_number())).encode() + b"  "

        refused = deliver(stack, body, secret="not the secret")

        assert refused.status_code == 401
        assert eventually(lambda: body in quarantined(stack))

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"not json", 400),
            (b'{"object": "page", "entry": "\xff\xfe"}', 400),
            (b"[" * 1000 + b"]" * 1000, 400),
            (b'{"object": "page"}', 400),
            (b'"' + b"a" * (1024 * 1024) + b'"', 413),
        ],
        ids=["not JSON", "not UTF-8", "nested 1,000 deep", "no entry", "over 1 MiB"],
    )
    def test_what_is_signed_but_cannot_be_read_is_refused_with_a_reason_and_kept(
        self, stack: Stack, body: bytes, status: int
    ) -> None:
        refused = deliver(stack, body)

        assert refused.status_code == status
        assert refused.json()
        assert eventually(lambda: body in quarantined(stack))

    def test_an_unknown_event_is_stored_as_ignored(self, stack: Stack) -> None:
        mark = uuid.uuid4().hex
        value = {"item": "bar", "verb": "add", "mark": mark}
        body = {"object": "page", "entry": [{"id": PAGE, "time": 1, "changes": [{"field": "foo", "value": value}]}]}

        assert deliver(stack, json.dumps(body).encode()).status_code == 200

        kept = stack.client("dynamodb").query(
            TableName=stack.tables["questions"],
            KeyConditionExpression="question_id = :id",
            ExpressionAttributeValues={":id": {"S": "ignored#facebook"}},
        )["Items"]
        assert any(mark in item["event"]["S"] for item in kept)


class TestTheWholeWay:
    def test_ten_deliveries_at_once_are_one_message_one_question_and_one_text(
        self, stack: Stack, questions: DynamoQuestions
    ) -> None:
        number = fresh_number()
        body = json.dumps(comments(number)).encode()
        question_id = question_id_of("facebook", f"{PAGE}_{number}/8{number}")

        with ThreadPoolExecutor(10) as pool:
            statuses = {answer.status_code for answer in pool.map(lambda _: deliver(stack, body), range(10))}

        assert statuses == {200}
        assert eventually(lambda: [a for a in questions.load(question_id).alerts if a.state is AlertState.SENT])
        conversation = questions.load(question_id)
        assert len(conversation.messages) == 1
        assert len([text for text in texts(stack.endpoint_url, MARIA) if f"ref {question_id[:4]}" in text]) == 1

    def test_a_question_is_claimed_by_the_link_answered_and_stands_at_the_platform_once(
        self, day: Day, questions: DynamoQuestions
    ) -> None:
        question_id = day.comment(fresh_number() % 9000 + 1000, "Pat Rivers", "Where do I park on Sundays?")

        link = day.rung(question_id, "maria")
        phone = day.claim(question_id, "maria", link)
        day.answer(question_id, "maria", phone, f"Garage B, free on Sundays. ({uuid.uuid4().hex[:6]})")

        conversation = questions.load(question_id)
        assert conversation.question is not None
        assert conversation.question.state is QuestionState.ANSWERED
        assert [answer.state for answer in conversation.answers] == [AnswerState.SENT]
        assert conversation.answers[0].platform_id

    def test_a_question_is_claimed_and_closed_by_texts_and_another_phone_can_do_neither(
        self, day: Day, questions: DynamoQuestions
    ) -> None:
        question_id = day.comment(fresh_number() % 9000 + 1000, "Pat Rivers", "Is there a shuttle from the station?")
        day.rung(question_id, "maria")

        assert "There is no question" in day.texts_back("james", "77")
        day.claimed_by_text(question_id, "maria")
        assert f"{question_id[:4]} " in day.texts_back("maria", "?")
        reply = day.texts_back("maria", "1 done")
        closed = questions.load(question_id).question
        assert closed is not None
        assert (closed.state, closed.owner) == (QuestionState.CLOSED, "maria"), reply

    def test_a_link_works_once_and_looking_at_it_uses_nothing_up(self, day: Day) -> None:
        question_id = day.comment(fresh_number() % 9000 + 1000, "Pat Rivers", "Is the chapel open at night?")
        link = day.rung(question_id, "maria")

        looked = [httpx.get(link, timeout=30) for _ in range(3)]
        used = httpx.post(link, timeout=30)
        again = httpx.post(link, timeout=30)

        assert {page.status_code for page in looked} == {200}
        assert all("chapel" not in page.text for page in looked)
        assert used.status_code == 303
        assert "__Host-session=" in used.headers["set-cookie"]
        assert again.status_code == 410

    def test_no_word_of_the_author_is_in_any_log(self, stack: Stack, questions: DynamoQuestions) -> None:
        mark, number = f"zq{uuid.uuid4().hex}", fresh_number()
        deliver(stack, json.dumps(comments(number, text=f"Can you call {mark} back?")).encode())
        question_id = question_id_of("facebook", f"{PAGE}_{number}/8{number}")
        assert eventually(lambda: questions.load(question_id).alerts)

        logs = stack.client("logs")
        lines = [
            event["message"]
            for group in logs.describe_log_groups()["logGroups"]
            for event in logs.filter_log_events(logGroupName=group["logGroupName"])["events"]
        ]

        assert any(question_id in line for line in lines), "the logs can be read at all"
        assert not [line for line in lines if mark in line or "Pat Rivers" in line]


class TestAStorm:
    """Last: the stream is busy for a while after it."""

    def test_a_batch_of_1000_entries_is_stored_before_the_200(self, stack: Stack, questions: DynamoQuestions) -> None:
        first = fresh_number()
        numbers = range(first, first + 1000)
        body = json.dumps(comments(*numbers, text="Great!")).encode()

        answer = deliver(stack, body)

        assert (answer.status_code, answer.json()["messages"]) == (200, 1000)
        for number in (first, first + 499, first + 999):
            found = questions.load(question_id_of("facebook", f"{PAGE}_{number}/8{number}"))
            assert len((*found.messages, *found.pending)) == 1


def quarantined(stack: Stack) -> list[bytes]:
    s3 = stack.client("s3")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=stack.quarantine_bucket)
    bodies = [
        s3.get_object(Bucket=stack.quarantine_bucket, Key=found["Key"])["Body"].read()
        for page in pages
        for found in page.get("Contents", ())
    ]
    return [gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body for body in bodies]
