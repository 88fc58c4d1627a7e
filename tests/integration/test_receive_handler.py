"""The Lambda's handler on moto's AWS: what it answers, calls, logs and imports."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from moto import mock_aws

from functions.receive_webhook.app import handler
from switchboard import settings, wiring
from switchboard.adapters import aws
from switchboard.adapters.channels import AppConfigChannels
from tests.fakes.automation import FakeDocument, FakeLastGood
from tests.fakes.door import FORM_SECRET, PAGE, comment, form_signed, meta_signed, page_body, webhook_event
from tests.fakes.tables import QUESTIONS, create_questions_table

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
NEVER = ("aws_xray_sdk", "pydantic", "httpx", "jinja2", "boto3")
NEVER_OF_POWERTOOLS = ("event_handler", "utilities.parser", "utilities.idempotency")
ENVIRONMENT = {
    "APPCONFIG_APPLICATION": "a",
    "APPCONFIG_ENVIRONMENT": "e",
    "APPCONFIG_PROFILE": "p",
    "POSTS_TABLE": "posts",
    "QUESTIONS_TABLE": QUESTIONS,
    "QUARANTINE_BUCKET": "quarantine",
    "CHANNEL_SECRETS_PREFIX": "stack/channels/",
}
CONFIG = {
    "channels": {
        "mercy-facebook": {"platform": "facebook", "account_id": PAGE},
        "mercy-website": {"platform": "web_form"},
    }
}


class Context:
    aws_request_id = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"


class Hospital:
    """A deployed door: the calls made to AWS, and what was logged."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.log = io.StringIO()

    def post(self, body: bytes, channel: str = "mercy-facebook", headers: Any = None) -> dict[str, Any]:
        return handler(webhook_event(channel, body, headers or meta_signed(body)), Context())

    def watch(self, client: Any) -> Any:
        client.meta.events.register("before-send.*.*", self._count)
        return client

    def _count(self, event_name: str, **_: Any) -> None:
        self.calls[event_name.removeprefix("before-send.")] += 1

    def stored(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = aws.client("dynamodb").scan(TableName=QUESTIONS)["Items"]
        return items


ONCE_A_PROCESS = (
    wiring.messages,
    wiring.channels,
    wiring.secrets,
    wiring.quarantine,
    wiring.metrics,
    wiring.last_good,
    aws.client,
    aws._session,  # noqa: SLF001 - each test has an AWS of its own
)


def forget() -> None:
    for made in ONCE_A_PROCESS:
        made.cache_clear()


@pytest.fixture
def hospital(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hospital]:
    forget()
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        door = Hospital()
        create_questions_table(aws.client("dynamodb"))
        aws.client("s3").create_bucket(Bucket="quarantine")
        for channel, secret in (("mercy-facebook", "sample-app-secret"), ("mercy-website", FORM_SECRET)):
            document = json.dumps({"signing_secrets": [secret], "verify_token": "v"})
            aws.client("secretsmanager").create_secret(Name=f"stack/channels/{channel}", SecretString=document)
        channels = AppConfigChannels(FakeDocument(json.dumps(CONFIG)), FakeLastGood())
        monkeypatch.setattr(wiring, "channels", lambda _: channels)
        for service in ("dynamodb", "s3", "secretsmanager"):
            door.watch(aws.client(service))
        handler(webhook_event("mercy-facebook", method="GET"), Context())
        log = logging.getLogger("receive_webhook").handlers[0]
        assert isinstance(log, logging.StreamHandler)
        before = log.setStream(door.log)
        monkeypatch.setattr(sys, "stdout", door.log)
        door.calls.clear()
        yield door
        log.setStream(before or sys.__stdout__)
    forget()


def test_one_message_is_one_call(hospital: Hospital) -> None:
    hospital.post(page_body(comment(1)))

    answer = hospital.post(page_body(comment(2)))

    assert (answer["statusCode"], answer["headers"]["X-Content-Type-Options"]) == (200, "nosniff")
    assert hospital.calls == {"dynamodb.PutItem": 2}
    assert len(hospital.stored()) == 2


def test_fifty_messages_are_fifty_calls_in_at_most_three_rounds(hospital: Hospital) -> None:
    """Rounds, not seconds: the number of calls over the highest number that were under way at once."""
    under_way, highest, lock = 0, 0, threading.Lock()
    client = aws.client("dynamodb")

    def begin(**_: Any) -> None:
        nonlocal under_way, highest
        with lock:
            under_way += 1
            highest = max(highest, under_way)
        time.sleep(0.05)

    def end(**_: Any) -> None:
        nonlocal under_way
        with lock:
            under_way -= 1

    client.meta.events.register_first("before-call.dynamodb.PutItem", begin)
    client.meta.events.register_last("after-call.dynamodb.PutItem", end)

    answer = hospital.post(page_body(*[comment(number) for number in range(50)]))

    assert json.loads(answer["body"])["new"] == 50
    assert hospital.calls == {"dynamodb.PutItem": 50}
    assert 50 / highest <= 3


def test_a_message_costs_at_most_700_bytes_of_log_and_none_of_them_is_the_authors(hospital: Hospital) -> None:
    hospital.post(page_body(comment(1, "My mother Zelda is in room 12", author="9001")))

    log = hospital.log.getvalue()

    assert 0 < len(log.encode()) <= 700
    assert not [word for word in ("Zelda", "room 12", "Rosa", "Quimby", "9001", "700_1") if word in log]


def test_every_invocation_leaves_a_line(hospital: Hospital) -> None:
    hospital.post(b"{}", headers={"x": "y"})

    lines = [json.loads(line) for line in hospital.log.getvalue().splitlines()]

    assert [line["status"] for line in lines if line.get("message") == "webhook"] == [401]


def test_a_form_goes_all_the_way(hospital: Hospital) -> None:
    body = b'{"text": "Is the lab open on Saturday?", "email": "ana.field@example.org"}'

    answer = hospital.post(body, "mercy-website", form_signed(body, at=datetime.now(UTC)))

    assert answer["statusCode"] == 200
    assert [item["kind"]["S"] for item in hospital.stored()] == ["form"]


def test_lone_surrogates_and_long_texts_are_stored(hospital: Hospital) -> None:
    body = page_body(comment(1, "\ud800" * 3), comment(2, "\U0001f600" * 200_000))

    assert hospital.post(body)["statusCode"] == 413
    assert hospital.post(page_body(comment(1, "\ud800" * 3), comment(2, "☃" * 100_000)))["statusCode"] == 200


def test_what_goes_wrong_inside_is_not_told_outside(hospital: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> object:
        raise RuntimeError("Zelda, room 12")

    monkeypatch.setattr(wiring, "messages", broken)

    answer = hospital.post(page_body(comment(1)))

    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (500, "30")
    assert "Zelda" not in json.dumps(answer) + hospital.log.getvalue()
    assert "test_receive_handler.py" in hospital.log.getvalue()


@pytest.mark.parametrize("event", [{}, {"headers": None, "body": 5}, {"isBase64Encoded": True, "body": "!"}])
def test_no_exception_escapes_whatever_the_event(hospital: Hospital, event: dict[str, Any]) -> None:
    assert handler(event, None)["statusCode"] in {400, 404, 500}


def test_a_missing_setting_is_sent_again(hospital: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUESTIONS_TABLE")

    answer = hospital.post(page_body(comment(1)))

    assert answer["statusCode"] == 503
    assert "QUESTIONS_TABLE" in hospital.log.getvalue()
    assert "QUESTIONS_TABLE" not in answer["body"]


def test_when_one_of_fifty_puts_fails_the_platform_sends_all_again_and_the_missing_one_is_stored(
    hospital: Hospital,
) -> None:
    client = aws.client("dynamodb")
    body = page_body(*[comment(number) for number in range(50)])

    def refuse(params: dict[str, Any], **_: Any) -> Any:
        if '"700_31"' not in str(params["body"]):
            return None
        raw = {"Error": {"Code": "AccessDeniedException", "Message": "no"}, "ResponseMetadata": {}}
        return AWSResponse("", 400, HTTPHeaders(), None), raw

    client.meta.events.register("before-call.dynamodb.PutItem", refuse)
    first = hospital.post(body)
    kept = len(hospital.stored())
    client.meta.events.unregister("before-call.dynamodb.PutItem", refuse)
    again = hospital.post(body)

    assert (first["statusCode"], first["headers"]["Retry-After"], kept) == (503, "30", 49)
    assert (again["statusCode"], json.loads(again["body"])["new"]) == (200, 1)
    assert len(hospital.stored()) == 50


def test_the_webhook_path_imports_nothing_that_is_slow() -> None:
    code = (
        "import sys, json\n"
        "from functions.receive_webhook import app\n"
        "from switchboard import settings, wiring\n"
        "config = settings.ReceiveWebhook.read()\n"
        "wiring.messages(config), wiring.channels(config), wiring.secrets('p/')\n"
        "wiring.quarantine('b'), wiring.metrics()\n"
        "from switchboard.domain.platform import PLATFORMS\n"
        "[app.platforms.inbound(name) for name, entry in PLATFORMS.items() if entry.hears]\n"
        "assert wiring.messages.cache_info().hits, 'INIT made no clients'\n"
        "print(json.dumps(sorted(sys.modules)))\n"
    )
    environment = {
        **ENVIRONMENT,
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT}:{ROOT}/layers/switchboard",
        "AWS_DEFAULT_REGION": "us-east-1",
        "POWERTOOLS_METRICS_NAMESPACE": "Switchboard",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",  # nobody is there: INIT gets ready as far as it can
        "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9",
    }

    found = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, cwd="/")  # noqa: S603 - our own command

    modules = set(json.loads(found.stdout))
    never = [*NEVER, *(f"aws_lambda_powertools.{name}" for name in NEVER_OF_POWERTOOLS)]
    assert not modules & set(never)
    assert "switchboard.config" not in modules


def test_outside_of_lambda_nothing_happens_at_import() -> None:
    assert not settings.in_lambda({})
    assert settings.in_lambda({"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001"})
