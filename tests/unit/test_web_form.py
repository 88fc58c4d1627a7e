from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from switchboard.errors import Rejected
from switchboard.platforms.web_form import INBOUND
from switchboard.ports import Channel, ChannelSecret
from tests.fakes.door import FORM_SECRET, NOW, form_signed

ROOT = Path(__file__).parents[2]
VECTORS = ROOT.parent / "shared/vectors/webhook_vectors.json"
CHANNEL = Channel(name="website", platform="web_form")
SECRET = ChannelSecret(signing_secrets=(FORM_SECRET,))
SCHEMA = json.loads((ROOT / "docs/web-form.schema.json").read_text())
FORM = {
    "name": "Ana Field",
    "email": "Ana.Field@example.org",
    "phone": "+1 202 555 0117",
    "text": "Is the lab open on Saturday?",
    "page_url": "https://hospital.example.org/lab",
    "attachments": ["image"],
    "sent_at": "2026-10-12T09:59:50Z",
}


def parse(form: Any, named: str = "msg_1") -> Any:
    (message,) = INBOUND.parse(json.dumps(form).encode(), {"webhook-id": named}, CHANNEL, now=NOW).messages
    return message


def verify(headers: dict[str, str], body: bytes = b"{}", secret: ChannelSecret = SECRET) -> None:
    INBOUND.verify(body, headers, secret, now=NOW)


def test_a_known_signature_is_good() -> None:
    if not VECTORS.exists():
        pytest.skip("../shared/vectors is not here")
    vector = json.loads(VECTORS.read_text())["standard_webhooks"]
    headers = {name: str(value) for name, value in vector.items() if name.startswith("webhook-")}
    signed_at = datetime.fromtimestamp(vector["webhook-timestamp"], UTC)
    secret = ChannelSecret(signing_secrets=(vector["secret"],))

    INBOUND.verify(vector["body"].encode(), headers, secret, now=signed_at)


def test_one_good_signature_among_several_and_one_good_secret_among_several_do() -> None:
    headers = form_signed(b"{}")
    headers["webhook-signature"] = "v2,abc v1,!!! v1 " + headers["webhook-signature"]

    verify(headers, secret=ChannelSecret(signing_secrets=("whsec_b3RoZXI=", "not base64!", FORM_SECRET)))


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_signature_of_another_time_is_refused(minutes: int) -> None:
    with pytest.raises(Rejected) as refusal:
        verify(form_signed(b"{}", at=NOW + timedelta(minutes=minutes)))

    assert (refusal.value.status, refusal.value.reason) == (401, "wrong_time")


@pytest.mark.parametrize(
    "changes",
    [
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": "1791799201"},
        {"webhook-timestamp": "1791799200.5"},
        {"webhook-timestamp": "9" * 11},
        {"webhook-timestamp": "now"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,ü"},
    ],
)
def test_headers_that_were_not_signed_are_refused(changes: dict[str, str]) -> None:
    with pytest.raises(Rejected) as refusal:
        verify(form_signed(b"{}") | changes)

    assert refusal.value.status == 401


@pytest.mark.parametrize("secrets", [(), ("",), ("whsec_",), ("not base64!",)])
def test_without_a_usable_secret_the_channel_is_closed(secrets: tuple[str, ...]) -> None:
    headers = form_signed(b"{}") | {"webhook-signature": "v1,"}

    with pytest.raises(Rejected) as refusal:
        verify(headers, secret=ChannelSecret(signing_secrets=secrets))

    assert refusal.value.status == 401


def test_a_body_that_is_no_text_says_so() -> None:
    with pytest.raises(Rejected) as refusal:
        verify(form_signed(b"{}"), body=b"\xff")

    assert (refusal.value.status, refusal.value.reason) == (400, "not_utf8")


def test_a_form_is_read_whole() -> None:
    message = parse(FORM)

    assert (message.kind, message.platform, message.message_id) == ("form", "web_form", "msg_1")
    assert message.author_name == "Ana Field · Ana.Field@example.org · +1 202 555 0117"
    assert message.permalink == "https://hospital.example.org/lab"
    assert message.attachments == ("image",)
    assert message.sent_at.isoformat() == "2026-10-12T09:59:50+00:00"


def test_one_person_is_one_thread_unless_the_form_says_otherwise() -> None:
    one, two = parse(FORM, "msg_1"), parse(FORM | {"email": "ana.field@EXAMPLE.org"}, "msg_2")

    assert one.question_id == two.question_id
    assert "ana" not in one.author_id.lower()
    assert parse(FORM | {"thread_id": "chat-5"}).thread_id == "chat-5"
    assert parse({"text": "hello"}, "msg_1").question_id != parse({"text": "hello"}, "msg_2").question_id


def test_the_page_is_a_link_only_when_it_is_one() -> None:
    assert parse(FORM | {"page_url": "javascript:alert(1)"}).permalink == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "  "}, "text"),
        ({"text": None}, "text"),
        ({"text": 5}, "text"),
        ({"email": "nobody"}, "email"),
        ({"phone": "call me"}, "phone"),
        ({"name": ["Ana"]}, "name"),
        ({"attachments": "image"}, "attachments"),
        ({"attachments": [{"url": "https://example.org"}]}, "attachments"),
    ],
)
def test_a_wrong_field_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Rejected) as refusal:
        parse(FORM | changes)

    assert refusal.value.status == 400
    assert f'"{field}"' in str(refusal.value)
    assert field == "text" or not list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(FORM))


def test_the_published_schema_takes_what_we_take() -> None:
    guide = (ROOT / "docs/web-form.md").read_text()

    jsonschema.validate(FORM, SCHEMA)
    jsonschema.validate({"text": "hello"}, SCHEMA)
    assert all(f"`{field}`" in guide for field in SCHEMA["properties"])


def test_a_form_has_no_handshake() -> None:
    with pytest.raises(Rejected) as refusal:
        INBOUND.handshake({}, SECRET)

    assert refusal.value.status == 403


@pytest.mark.parametrize("written", ["0{}", "+{}", " {}", "{}.0"])
def test_a_time_that_is_written_in_another_way_was_not_signed(written: str) -> None:
    body = b'{"text": "When do you open?"}'
    headers = form_signed(body)
    headers["webhook-timestamp"] = written.format(headers["webhook-timestamp"])

    with pytest.raises(Rejected):
        INBOUND.verify(body, headers, ChannelSecret(signing_secrets=(FORM_SECRET,)), now=NOW)
