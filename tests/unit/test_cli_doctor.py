"""`switchboard doctor`: each fault has a finding with a remedy, and a healthy stack has none."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner

from switchboard import platforms
from switchboard.adapters.channel_states import DynamoChannelStates
from switchboard.domain.polling import first_seen
from switchboard.ports import Finding
from switchboard_cli import config_push, doctor_sending
from switchboard_cli.main import app
from switchboard_cli.stack import Stack
from tests.fakes.hospital import DOCUMENT
from tests.fakes.tables import POSTS, create_posts_table

if TYPE_CHECKING:
    from collections.abc import Iterator

RUN = CliRunner()
NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)
CHANNELS = {
    "facebook": {"platform": "facebook", "account_id": "1"},
    "mastodon": {"platform": "mastodon", "account_id": "2", "quiet_after": "2d"},
    "website": {"platform": "web_form"},
}


class Doctor:
    """The stack that is examined: its secrets, its states, and what the platforms say."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.secrets = boto3.client("secretsmanager", region_name="us-east-1")
        client = boto3.client("dynamodb", region_name="us-east-1")
        create_posts_table(client)
        self.states = DynamoChannelStates(client, POSTS)
        self.findings: list[Finding] = [Finding(name="credentials", state="ok", detail="The token works.")]
        stack = Stack(
            name="mercy", region="us-east-1", endpoint_url="", api_url="", tables={"posts": POSTS}, appconfig={}
        )
        monkeypatch.setattr(Stack, "find", lambda *_: stack)
        monkeypatch.setattr(config_push, "in_force", lambda _: {**DOCUMENT, "channels": CHANNELS})
        monkeypatch.setattr(platforms, "checks", lambda platform, _: None if platform == "web_form" else self)
        monkeypatch.setattr(platforms, "polled", lambda platform: None if platform == "web_form" else self)

    def check(self, *_: Any, **__: Any) -> list[Finding]:
        return self.findings

    def knows(self, channel: str, **secret: Any) -> None:
        self.secrets.create_secret(Name=f"mercy/channels/{channel}", SecretString=json.dumps(secret))

    def well(self) -> None:
        self.knows("facebook", signing_secrets=["s"], access_token="t")
        self.knows("mastodon", access_token="t")
        self.knows("website", signing_secrets=["s"])
        for name in CHANNELS:
            state = first_seen(name, now=NOW - 24 * HOUR)
            self.states.save(replace(state, version=1, polled_at=NOW, next_poll_at=NOW + HOUR))
            self.states.heard(name, at=NOW - HOUR)

    def says(self, *words: str) -> tuple[int, list[dict[str, str]]]:
        result = RUN.invoke(app, ["doctor", "--json", *words])
        return result.exit_code, json.loads(result.stdout)


@pytest.fixture(autouse=True)
def _no_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts and emails have tests of their own."""
    for name in ("texts", "emails"):
        monkeypatch.setattr(doctor_sending, name, lambda *_: iter(()))


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Doctor]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield Doctor(monkeypatch)


def test_of_a_healthy_stack_everything_is_ok(doctor: Doctor) -> None:
    doctor.well()
    code, found = doctor.says()

    assert code == 0
    assert {(one["channel"], one["check"], one["state"]) for one in found} == {
        ("facebook", "secret", "ok"),
        ("facebook", "credentials", "ok"),
        ("facebook", "last message", "ok"),
        ("facebook", "reconciliation", "ok"),
        ("mastodon", "credentials", "ok"),
        ("mastodon", "last message", "ok"),
        ("mastodon", "poll", "ok"),
        ("website", "secret", "ok"),
        ("website", "last message", "ok"),
    }


def test_a_stack_that_nobody_connected_says_what_to_do(doctor: Doctor) -> None:
    code, found = doctor.says()
    broken = {(one["channel"], one["check"]) for one in found if one["state"] == "failure"}

    assert code == 1
    assert broken == {
        ("facebook", "secret"),
        ("facebook", "credentials"),
        ("mastodon", "credentials"),
        ("website", "secret"),
    }
    assert all(one["remedy"] for one in found if one["state"] != "ok")


@pytest.mark.parametrize(
    ("changes", "state", "said"),
    [
        ({"dead_since": NOW - 5 * HOUR}, "failure", "Refused since 5 hours ago"),
        ({"failures": 3}, "warning", "Failed 3 times"),
        ({"polled_at": NOW - 9 * HOUR, "next_poll_at": NOW - 8 * HOUR}, "warning", "9 hours ago; it is late"),
        ({"missed": 7, "last_missed_at": NOW - 72 * HOUR}, "ok", "the webhook missed 7, last 3 days ago"),
    ],
)
def test_what_the_polls_know_is_told(doctor: Doctor, changes: dict[str, Any], state: str, said: str) -> None:
    doctor.well()
    before = doctor.states.load("facebook")
    assert before is not None
    doctor.states.save(replace(before, version=2, **changes))
    code, found = doctor.says("--channel", "facebook")
    (one,) = [one for one in found if one["check"] == "reconciliation"]

    assert (one["state"], said in one["detail"]) == (state, True), one
    assert code == (1 if state == "failure" else 0)


def test_silence_is_to_be_looked_at(doctor: Doctor) -> None:
    doctor.well()
    before = doctor.states.load("mastodon")
    assert before is not None
    doctor.states.save(replace(before, version=2, watched_since=NOW - 200 * HOUR))
    doctor.states.heard("mastodon", at=NOW - 60 * HOUR)
    _, found = doctor.says("--channel", "mastodon")
    (one,) = [one for one in found if one["check"] == "last message"]

    assert (one["state"], one["detail"]) == ("warning", "2 days ago; longer than quiet_after allows.")


def test_what_the_platform_says_is_passed_on(doctor: Doctor) -> None:
    doctor.well()
    doctor.findings = [Finding(name="fields", state="failure", detail="feed is missing.", remedy="Subscribe to feed.")]
    result = RUN.invoke(app, ["doctor", "--channel", "facebook"])

    assert result.exit_code == 1
    assert "BROKEN" in result.stdout
    assert "facebook, fields: Subscribe to feed." in result.stdout


def test_a_secret_that_is_no_json_is_a_finding_and_the_others_are_examined(doctor: Doctor) -> None:
    doctor.well()
    doctor.secrets.put_secret_value(SecretId="mercy/channels/facebook", SecretString="hush, no JSON")
    code, found = doctor.says()
    broken = [one for one in found if one["state"] == "failure"]

    assert code == 1
    assert [(one["channel"], one["check"]) for one in broken] == [("facebook", "secret")]
    assert "Mend the secret of channel facebook" in broken[0]["remedy"]
    assert "hush" not in json.dumps(found)
    assert {one["channel"] for one in found} == set(CHANNELS)


def test_a_platform_that_crashes_is_a_finding_and_the_others_are_examined(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Crashing:
        def check(self, *_: Any, **__: Any) -> list[Finding]:
            raise KeyError("hush")

    doctor.well()
    monkeypatch.setattr(
        platforms, "checks", lambda platform, _: {"facebook": Crashing(), "mastodon": doctor}.get(platform)
    )
    code, found = doctor.says()
    (one,) = [one for one in found if one["state"] == "failure"]

    assert code == 1
    assert (one["channel"], one["detail"]) == ("facebook", "The platform could not be examined (KeyError).")
    assert {one["channel"] for one in found} == set(CHANNELS)


def test_no_secret_is_ever_shown(doctor: Doctor) -> None:
    doctor.well()
    doctor.secrets.put_secret_value(
        SecretId="mercy/channels/website", SecretString=json.dumps({"signing_secrets": ["hush-1", "hush-2"]})
    )
    result = RUN.invoke(app, ["doctor"])

    assert "2 signing secrets: one is being rotated out" in result.stdout
    assert "hush" not in result.output


def test_a_stack_with_platforms_of_its_own_is_examined_there(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    doctor.well()
    asked: dict[str, str] = {}

    def remembered(platform: str, url: str) -> Doctor:
        asked[platform] = url
        return doctor

    stack = replace(Stack.find(), platform_urls={"facebook": "http://127.0.0.1:1/v23.0", "mastodon": "http://a"})
    monkeypatch.setattr(Stack, "find", lambda *_: stack)
    monkeypatch.setattr(platforms, "checks", remembered)
    doctor.says("--platform-urls", '{"mastodon": "http://b"}')

    assert asked == {"facebook": "http://127.0.0.1:1/v23.0", "mastodon": "http://b", "web_form": ""}


@pytest.mark.parametrize("words", [["--channel", "nobody"], ["--platform-urls", "x"], ["--platform-urls", "[]"]])
def test_what_is_typed_wrong_exits_2(doctor: Doctor, words: list[str]) -> None:
    assert RUN.invoke(app, ["doctor", *words]).exit_code == 2
