"""`replay` signs exactly the bytes that it sends, as the platform would."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook
from typer.testing import CliRunner

from switchboard_cli.main import app
from switchboard_cli.stack import Stack

RUN = CliRunner()
WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"object": "page",  "entry": []}\n'


class Receiver:
    """Stands where the webhook is: keeps what was sent, answers with *status*."""

    def __init__(self) -> None:
        self.status = 200
        self.down = False
        self.sent: list[tuple[str, bytes, dict[str, str]]] = []

    def post(self, url: str, *, content: bytes, headers: dict[str, str], timeout: float) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("refused")
        self.sent.append((url, content, headers))
        return httpx.Response(self.status, text="ok")


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Receiver:
    made = Receiver()
    monkeypatch.setattr(httpx, "post", made.post)
    monkeypatch.chdir(tmp_path)
    Path("body.json").write_bytes(BODY)
    return made


APP_SECRET = "s3cret"


def replay(platform: str, *words: str, secret: str = APP_SECRET, content: bytes | None = None) -> Any:
    given = ["--channel", "c", "--url", "http://here/webhooks/c", "--secret", secret, "--platform", platform]
    return RUN.invoke(app, ["replay", *given, *words], input=content)


@pytest.mark.parametrize("platform", ["facebook", "messenger"])
def test_meta_signs_the_raw_bytes_with_the_app_secret(receiver: Receiver, platform: str) -> None:
    result = replay(platform, "body.json")

    ((url, body, headers),) = receiver.sent
    assert result.exit_code == 0
    assert (url, body) == ("http://here/webhooks/c", BODY)
    assert headers["x-hub-signature-256"] == f"sha256={hmac.new(b's3cret', BODY, hashlib.sha256).hexdigest()}"
    assert result.stdout == "body.json: 200 ok\n"


def test_a_web_form_is_signed_as_standard_webhooks(receiver: Receiver) -> None:
    replay("web_form", "body.json", "body.json", secret=WHSEC)

    (_, body, first), (_, _, second) = receiver.sent
    Webhook(WHSEC).verify(body, first)
    assert first["webhook-id"] != second["webhook-id"]


def test_an_id_can_be_given_to_send_the_same_again(receiver: Receiver) -> None:
    replay("web_form", "body.json", "--id", "msg_1", secret=WHSEC)

    assert receiver.sent[0][2]["webhook-id"] == "msg_1"


def test_standard_input_is_a_body_too(receiver: Receiver) -> None:
    replay("facebook", "-", content=b"\x00\xff")

    assert receiver.sent[0][1] == b"\x00\xff"


def test_a_sample_of_events_is_unpacked(receiver: Receiver) -> None:
    event = {"httpMethod": "POST", "body": BODY.decode(), "isBase64Encoded": False}
    Path("event.json").write_text(json.dumps(event))

    replay("facebook", "event.json")

    assert receiver.sent[0][1] == BODY


def test_one_refusal_among_many_exits_1_and_all_are_sent(receiver: Receiver) -> None:
    receiver.status = 401

    result = replay("facebook", "body.json", "body.json", "--json")

    assert result.exit_code == 1
    assert [one["status"] for one in json.loads(result.stdout)] == [401, 401]


def test_no_answer_exits_1(receiver: Receiver) -> None:
    receiver.down = True

    result = replay("facebook", "body.json")

    assert result.exit_code == 1
    assert "does not answer" in result.stderr


@pytest.mark.parametrize(
    ("platform", "file", "secret", "said"),
    [
        ("fax", "body.json", "s", "platform 'fax' is not known; use one of: facebook, instagram, "),
        ("facebook", "none.json", "s", "none.json: cannot be read"),
        ("web_form", "body.json", "whsec_€", "the secret is no Standard Webhooks secret"),
        ("web_form", "latin.txt", WHSEC, "a body that is not UTF-8 cannot be signed"),
    ],
)
def test_what_cannot_be_sent_exits_2(receiver: Receiver, platform: str, file: str, secret: str, said: str) -> None:
    Path("latin.txt").write_bytes(b"\xff")

    result = replay(platform, file, secret=secret)

    assert result.exit_code == 2
    assert result.stderr.startswith(f"switchboard: {said}")
    assert receiver.sent == []


class Local(Stack):
    """A stack whose config and secrets stand here."""

    def client(self, service: str) -> Any:
        return self

    def start_configuration_session(self, **_: str) -> dict[str, str]:
        return {"InitialConfigurationToken": "t"}

    def get_latest_configuration(self, **_: str) -> dict[str, BytesIO]:
        return {"Configuration": BytesIO(b'{"channels": {"site": {"platform": "web_form"}}}')}

    def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803 - AWS's name
        assert SecretId == "mercy/channels/site"
        return {"SecretString": json.dumps({"signing_secrets": [WHSEC, "old"]})}


def test_platform_secret_and_url_come_from_the_stack(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    appconfig = dict.fromkeys(("application", "environment", "profile", "strategy"), "x")
    stack = Local(name="mercy", region="r", endpoint_url="", api_url="https://api/", tables={}, appconfig=appconfig)
    monkeypatch.setattr(Stack, "find", lambda *_: stack)

    result = RUN.invoke(app, ["replay", "--channel", "site", "body.json"])
    unknown = RUN.invoke(app, ["replay", "--channel", "sight", "body.json"])

    ((url, body, headers),) = receiver.sent
    assert result.exit_code == 0
    assert url == "https://api/webhooks/site"
    Webhook(WHSEC).verify(body, headers)
    assert unknown.exit_code == 2
    assert unknown.stderr == "switchboard: the config has no channel 'sight'; use one of: site\n"


def test_x_and_linkedin_are_signed_as_they_sign(receiver: Receiver) -> None:
    replay("x", "body.json")
    replay("linkedin", "body.json")

    key = APP_SECRET.encode()
    x, linkedin = (headers for _, _, headers in receiver.sent)
    digest = hmac.new(key, BODY, hashlib.sha256).digest()
    assert x["x-twitter-webhooks-signature"] == f"sha256={base64.b64encode(digest).decode()}"
    assert linkedin["x-li-signature"] == hmac.new(key, b"hmacsha256=" + BODY, hashlib.sha256).hexdigest()
