"""Slack and Teams: what is posted to a real server on this machine, what its answers mean, and where nothing goes."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from switchboard.adapters import posting
from switchboard.adapters.chat import ChatWebhook
from switchboard.adapters.hooks import StaffHooks
from switchboard.adapters.pagerduty import PagerDuty
from switchboard.adapters.posting import Poster
from switchboard.errors import (
    Misconfigured,
    OutcomeUnknown,
    Rejected,
    SwitchboardError,
    Unavailable,
    Unreachable,
)
from switchboard.ports import ContactSecret, HookAlert
from tests.fakes.hook_server import hook_server

ALERT = HookAlert(
    question_id="AAAABBBBCCCCDDDDEEEEFFFF22",
    summary="Mercy <Social> & Co: URGENT question waiting, ref AAAA",
    urgency="urgent",
    link="https://example.org/live/inbox",
    organisation="Mercy Social",
)
PUBLIC = "93.184.216.34"


def secret_of(chat: str, url: str) -> ContactSecret:
    return ContactSecret(**{f"{chat}_url": url})


def post(chat: Any, url: str, **poster: Any) -> str:
    return ChatWebhook(Poster(**({"loopback": True} | poster))).send(chat, secret_of(chat, url), ALERT)


def test_slack_is_sent_plain_text_with_a_link_that_it_does_not_unfurl() -> None:
    with hook_server() as slack:
        provider_id = post("slack", f"{slack.url}/services/T0/B0/secret?x=1")

    ((path, headers, body),) = slack.seen
    assert provider_id == ""
    assert path == "/services/T0/B0/secret?x=1"
    assert headers["content-type"] == "application/json"
    assert headers["host"] == slack.url.removeprefix("http://")
    assert headers["user-agent"] == "Switchboard"
    assert headers["accept-encoding"] == "identity"
    assert body == {
        "text": (
            "Mercy &lt;Social&gt; &amp; Co: URGENT question waiting, ref AAAA\n"
            "<https://example.org/live/inbox|Open the inbox>"
        ),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def test_teams_is_sent_one_adaptive_card_in_a_message_as_its_workflow_takes_it() -> None:
    with hook_server(status=202, body=b"") as teams:
        post("teams", f"{teams.url}/workflows/1/triggers/manual/paths/invoke?sig=secret")

    (attachment,) = teams.sent["attachments"]
    assert teams.sent["type"] == "message"
    assert attachment == {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.2",
            "fallbackText": ALERT.summary,
            "body": [{"type": "TextBlock", "text": ALERT.summary, "wrap": True, "weight": "Bolder"}],
            "actions": [{"type": "Action.OpenUrl", "title": "Open the inbox", "url": ALERT.link}],
        },
    }


@pytest.mark.parametrize(
    ("chat", "status", "body", "expected", "reason"),
    [
        ("slack", 200, b"it went", OutcomeUnknown, None),
        ("slack", 204, b"", OutcomeUnknown, None),
        ("slack", 404, b"no_service", Unreachable, "gone"),
        ("slack", 404, b"channel_not_found", Unreachable, "gone"),
        ("slack", 410, b"channel_is_archived", Unreachable, "gone"),
        ("slack", 403, b"invalid_token", Unreachable, "gone"),
        ("slack", 403, b"no_active_hooks\n", Unreachable, "gone"),
        ("slack", 400, b"no_service", Unreachable, "gone"),
        ("slack", 400, b"no_team", Unreachable, "gone"),
        ("slack", 403, b"action_prohibited", Rejected, "refused"),
        ("slack", 400, b"invalid_payload", Rejected, "refused"),
        ("slack", 302, b"", Rejected, "redirected"),
        ("slack", 408, b"", OutcomeUnknown, None),
        ("slack", 500, b"rollup_error", OutcomeUnknown, None),
        ("slack", 503, b"", OutcomeUnknown, None),
        ("slack", 429, b"rate_limited", Unavailable, None),
        ("teams", 401, b"{}", Unreachable, "gone"),
        ("teams", 404, b"{}", Unreachable, "gone"),
        ("teams", 403, b"invalid_token", Rejected, "refused"),
        ("teams", 400, b"{}", Rejected, "refused"),
        ("teams", 429, b"{}", Unavailable, None),
        ("teams", 502, b"<html>", OutcomeUnknown, None),
    ],
)
def test_what_a_chat_answers_means_taken_gone_refused_later_or_unknown(
    chat: str, status: int, body: bytes, expected: type[SwitchboardError], reason: str | None
) -> None:
    with hook_server(status=status, body=body) as server, pytest.raises(expected) as caught:
        post(chat, f"{server.url}/secret")

    assert type(caught.value) is expected
    assert getattr(caught.value, "reason", None) == reason
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("status", [200, 202])
def test_teams_says_yes_with_any_success(status: int) -> None:
    with hook_server(status=status, body=b"") as teams:
        assert post("teams", teams.url) == ""


def test_nothing_is_followed() -> None:
    with hook_server() as other, hook_server(status=307, headers={"Location": f"{other.url}/"}) as slack:
        with pytest.raises(Rejected):
            post("slack", slack.url)

        assert (len(slack.seen), other.seen) == (1, [])


@pytest.mark.parametrize(
    ("told", "least", "most"),
    [
        ("30", 30, 30),
        ("0.5", 0.5, 0.5),
        ("in 90 seconds", 60, 91),
        ("999999999", 86_400, 86_400),
    ],
)
def test_a_chat_that_asks_to_wait_says_how_long(told: str, least: float, most: float) -> None:
    if told == "in 90 seconds":
        told = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    with hook_server(status=429, headers={"Retry-After": told}) as slack, pytest.raises(Unavailable) as caught:
        post("slack", slack.url)

    assert caught.value.retry_after is not None
    assert least <= caught.value.retry_after <= most


@pytest.mark.parametrize("told", ["", "soon", "-5", "nan", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_a_wait_that_is_none_is_none(told: str) -> None:
    with hook_server(status=429, headers={"Retry-After": told}) as slack, pytest.raises(Unavailable) as caught:
        post("slack", slack.url)

    assert caught.value.retry_after is None


def test_an_answer_that_is_lost_is_an_unknown_outcome() -> None:
    with hook_server(hangs_up=True) as slack:
        with pytest.raises(OutcomeUnknown):
            post("slack", slack.url)

        assert len(slack.seen) == 1


def test_who_does_not_answer_in_time_may_have_taken_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "TIMEOUT", httpx.Timeout(0.2, connect=2))
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(OutcomeUnknown):
        post("slack", f"http://127.0.0.1:{silent.getsockname()[1]}")


def test_nobody_there_is_no_outcome() -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]

    with pytest.raises(Unavailable):
        post("slack", f"http://127.0.0.1:{port}")


def test_an_answer_that_drips_for_ever_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "WAITED_AT_MOST", 0.3)
    began = time.monotonic()
    with hook_server(status=404, drips=threading.Event()) as slack, pytest.raises(Unreachable):
        post("slack", slack.url)

    assert time.monotonic() - began < 5


def test_an_answer_that_comes_in_pieces_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "WAITED_AT_MOST", 1.5)
    with hook_server(drips=threading.Event()) as slack:
        assert post("slack", slack.url) == ""


def test_no_proxy_of_the_surroundings_sees_the_url(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)

    with hook_server() as slack:
        assert post("slack", slack.url) == ""


def test_an_answer_without_end_is_not_kept() -> None:
    with hook_server(body=b"x" * 5_000_000) as slack:
        answer = Poster(loopback=True).post(slack.url, {}, name="Slack")

    assert len(answer.text) == 4096


# --- where nothing goes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/services/secret",
        "ftp://hooks.slack.com/secret",
        "file:///etc/secret",
        "hooks.slack.com/secret",
        "https:///secret",
        "https://user:secret@hooks.slack.com/",
        "https://hooks.slack.com:secret/",
        "https://hooks.slack.com\n/secret",
        "secret",
    ],
)
def test_only_https_leaves_and_the_error_does_not_tell_the_url(url: str) -> None:
    def never(_host: str, _port: int) -> list[str]:
        raise AssertionError

    for loopback in (False, True):
        with pytest.raises(Misconfigured) as caught:
            post("slack", url, loopback=loopback, addresses=never)

        assert "secret" not in f"{caught.value} {caught.value.__cause__}"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.7",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "169.254.170.2",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - nothing listens
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "fd00:ec2::254",
        "::ffff:10.0.0.7",
        "::ffff:169.254.169.254",
        "2002:a00:7::1",
        "64:ff9b::a9fe:a9fe",
        "ff02::1",
    ],
)
def test_no_address_of_our_own_surroundings_is_ever_asked(address: str) -> None:
    """One bad address among good ones is enough: which of them is connected to is not ours to hope for."""
    for found in ([address], [PUBLIC, address]):
        with pytest.raises(Misconfigured):
            post("slack", "https://hooks.example.org/x", loopback=False, addresses=lambda *_, found=found: found)


@pytest.mark.parametrize(
    "address", [PUBLIC, "2606:4700:4700::1111", "::ffff:93.184.216.34", "64:ff9b::5db8:d822", "2002:5db8:d822::1"]
)
def test_an_address_of_the_internet_is_asked_in_either_kind(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    client = httpx.Client

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(200, stream=httpx.ByteStream(b"ok"))

    monkeypatch.setattr(httpx, "Client", lambda **told: client(transport=httpx.MockTransport(answer), **told))
    post("slack", "https://hooks.example.org/x", loopback=False, addresses=lambda *_: [address])

    assert asked == [address]


def test_a_host_is_looked_up_with_the_kind_first_that_a_lambda_can_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2606:4700:4700::1111", 443, 0, 0)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (PUBLIC, 443)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (PUBLIC, 443)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    assert posting.look_up("hooks.example.org", 443) == [PUBLIC, "2606:4700:4700::1111"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "2130706433", "0x7f.1"])
def test_a_url_that_names_such_an_address_itself_is_not_asked_either(host: str) -> None:
    with pytest.raises((Misconfigured, Unavailable)):
        post("slack", f"https://{host}/x", loopback=False)


def test_a_server_of_this_machine_is_asked_only_when_the_caller_said_so() -> None:
    with hook_server() as slack:
        with pytest.raises(Misconfigured):
            post("slack", slack.url, loopback=False)
        with pytest.raises(Misconfigured):
            ChatWebhook(Poster()).send("slack", secret_of("slack", slack.url), ALERT)

        assert slack.seen == []


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name may answer differently a moment later; the certificate must still be that of the name."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, stream=httpx.ByteStream(b"ok"))

    client = httpx.Client
    monkeypatch.setattr(httpx, "Client", lambda **told: client(transport=httpx.MockTransport(answer), **told))
    post("slack", "https://hooks.example.org/services/x?y=1", loopback=False, addresses=lambda *_: [PUBLIC])

    (request,) = seen
    assert str(request.url) == f"https://{PUBLIC}/services/x?y=1"
    assert request.headers["host"] == "hooks.example.org"
    assert request.extensions["sni_hostname"] == "hooks.example.org"


def test_a_server_whose_certificate_nobody_vouches_for_is_told_nothing(tmp_path: Any) -> None:
    """The handshake fails before anything is written, so nothing left."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as plain:
        threading.Thread(target=handshake, args=(context, plain), daemon=True).start()
        url = f"https://hooks.example.org:{plain.getsockname()[1]}/x"
        with pytest.raises(Unavailable):
            post("slack", url, addresses=lambda *_: ["127.0.0.1"])


def certificate(folder: Any) -> tuple[str, str]:
    from cryptography import x509  # noqa: PLC0415 - only this test needs it
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hooks.example.org")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem, private = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    unencrypted = serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unencrypted))
    return str(pem), str(private)


def handshake(context: ssl.SSLContext, plain: socket.socket) -> None:
    try:
        connection, _ = plain.accept()
        with context.wrap_socket(connection, server_side=True):
            pass
    except OSError:
        return


def test_the_next_address_is_tried_when_nobody_answers_at_the_first() -> None:
    with hook_server() as slack:
        port = slack.url.rpartition(":")[2]
        asked: list[tuple[str, int]] = []

        def addresses(host: str, found: int) -> list[str]:
            asked.append((host, found))
            return ["127.0.0.2", "127.0.0.1"]

        post("slack", f"http://localhost:{port}/x", addresses=addresses)

        assert asked == [("localhost", int(port))]
        assert len(slack.seen) == 1


@pytest.mark.parametrize("found", [[], OSError("hooks.secret.example"), UnicodeError("hooks.secret.example")])
def test_a_host_that_cannot_be_looked_up_is_tried_again_later(found: Any) -> None:
    def addresses(_host: str, _port: int) -> list[str]:
        if isinstance(found, Exception):
            raise found
        return []

    with pytest.raises(Unavailable) as caught:
        post("slack", "https://hooks.secret.example/x", addresses=addresses)

    assert "secret" not in str(caught.value)


def test_no_log_line_holds_the_url(caplog: pytest.LogCaptureFixture) -> None:
    """Httpx writes each URL at INFO, and a webhook's URL is a secret."""
    logging.getLogger("httpx").setLevel(logging.NOTSET)
    with caplog.at_level(logging.INFO), hook_server() as slack:
        post("slack", f"{slack.url}/services/secret")

    assert "secret" not in caplog.text


@pytest.mark.parametrize("chat", ["slack", "teams"])
def test_a_contact_without_a_webhook_is_a_matter_for_a_person(chat: Any) -> None:
    with pytest.raises(Misconfigured, match=f"{chat}_url"):
        ChatWebhook(Poster()).send(chat, ContactSecret(pagerduty_key="x"), ALERT)


def test_each_contact_is_rung_at_its_own_place() -> None:
    with hook_server() as slack, hook_server(status=202, body=b"") as teams, hook_server(status=202) as pagerduty:
        poster = Poster(loopback=True)
        hooks = StaffHooks(ChatWebhook(poster), PagerDuty(poster, url=f"{pagerduty.url}/v2/enqueue"))
        secret = ContactSecret(slack_url=slack.url, teams_url=teams.url, pagerduty_key="k" * 32)
        ids = [hooks.send(contact, secret, ALERT) for contact in ("slack", "teams", "pagerduty")]

        assert ids == ["", "", ALERT.question_id]
        assert ("text" in slack.sent, "attachments" in teams.sent, "routing_key" in pagerduty.sent) == (True,) * 3
