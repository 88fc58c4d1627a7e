"""The doctor says of a Mastodon account what is wrong and what to do about it, and never a token."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from switchboard.platforms import checks
from switchboard.platforms.mastodon_checks import MastodonChecks
from switchboard.ports import Channel, ChannelSecret, Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CHANNEL = Channel(name="mercy-mastodon", platform="mastodon", account_id="1001")
SECRET = ChannelSecret(access_token="our-token", server="https://social.example.org")
DATE = {"Date": "Mon, 23 Nov 2026 12:00:20 GMT"}
HEALTHY: dict[str, Any] = {
    "/api/v1/accounts/verify_credentials": {"id": "1001"},
    "/api/v1/accounts/1001/statuses": [],
    "/api/v1/apps/verify_credentials": {"name": "Switchboard", "scopes": ["read", "write:statuses"]},
    "/api/v1/notifications": [],
    "/api/v2/instance": {"version": "4.5.0"},
}


def findings(
    server: dict[str, Any],
    *,
    channel: Channel = CHANNEL,
    secret: ChannelSecret = SECRET,
    headers: dict[str, str] | None = None,
) -> Sequence[Finding]:
    def answer(request: httpx.Request) -> httpx.Response:
        body = server.get(request.url.path, 404)
        if isinstance(body, Exception):
            raise body
        if "instance" in request.url.path:
            assert "authorization" not in request.headers, "anybody may ask, and a dead token is in the way"
        if isinstance(body, int):
            return httpx.Response(body, json={"error": "no"}, headers=headers)
        return httpx.Response(200, json=body, headers=headers)

    found = MastodonChecks(transport=httpx.MockTransport(answer)).check(channel, secret, now=NOW)
    assert all(finding.remedy for finding in found if finding.state != "ok")
    assert "our-token" not in repr(found)
    return found


def states(found: Sequence[Finding]) -> dict[str, str]:
    return {finding.name: finding.state for finding in found}


def test_a_healthy_account_is_all_ok() -> None:
    found = findings(HEALTHY, headers=DATE)

    assert states(found) == {"credentials": "ok", "clock": "ok", "fields": "ok", "subscription": "ok"}
    assert any("4.5.0" in finding.detail for finding in found)


def test_another_servers_silence_about_scopes_and_itself_is_no_finding() -> None:
    quiet = {path: body for path, body in HEALTHY.items() if "apps" not in path and "instance" not in path}

    assert states(findings(quiet)) == {"credentials": "ok", "subscription": "ok"}


def test_an_older_server_says_what_it_is_in_the_old_way() -> None:
    old = HEALTHY | {"/api/v2/instance": 404, "/api/v1/instance": {"version": "3.5.0"}}

    assert any("3.5.0" in finding.detail for finding in findings(old))


def test_the_token_of_another_account_is_named_with_both_ids() -> None:
    found = findings(HEALTHY | {"/api/v1/accounts/verify_credentials": {"id": "77"}})

    assert states(found)["credentials"] == "failure"
    assert "77" in found[0].detail
    assert "1001" in found[0].detail
    assert 'Set account_id of channel mercy-mastodon to "77"' in found[0].remedy


def test_a_dead_token_is_to_be_made_anew() -> None:
    found = findings(HEALTHY | {"/api/v1/accounts/verify_credentials": 401})

    assert states(found) == {"credentials": "failure"}
    assert "new access token" in found[0].remedy
    assert "server" not in found[0].remedy, "it is there: it said what it is"


@pytest.mark.parametrize("body", [404, 301, 500, 429, httpx.ConnectError("gone"), httpx.ReadError("cut")])
def test_a_server_that_is_not_there_is_named(body: Any) -> None:
    found = findings({"/api/v1/accounts/verify_credentials": body})

    assert states(found) == {"credentials": "failure"}
    assert "https://social.example.org" in found[0].detail
    assert 'Set "server"' in found[0].remedy


@pytest.mark.parametrize(
    "secret", [ChannelSecret(), ChannelSecret(access_token="our-token", server="http://x.example")]
)
def test_a_secret_without_a_usable_server_says_so(secret: ChannelSecret) -> None:
    found = findings(HEALTHY, secret=secret)

    assert states(found) == {"credentials": "failure"}
    assert "no usable server" in found[0].detail


def test_a_secret_without_a_token_says_so() -> None:
    found = findings(HEALTHY, secret=ChannelSecret(server="https://social.example.org"))

    assert "no usable access_token" in found[0].detail


@pytest.mark.parametrize(
    ("scopes", "missing"),
    [
        (["read"], "write:statuses"),
        ("read:accounts read:statuses write", "read:notifications"),
        (["profile"], "read:accounts, read:notifications, read:statuses, write:statuses"),
    ],
)
def test_scopes_that_are_missing_are_named(scopes: Any, missing: str) -> None:
    found = findings(HEALTHY | {"/api/v1/apps/verify_credentials": {"scopes": scopes}})

    detail = next(finding.detail for finding in found if finding.name == "fields")
    assert detail == f"The application lacks the scopes {missing}."


def test_notifications_that_cannot_be_read_are_a_failure() -> None:
    assert states(findings(HEALTHY | {"/api/v1/notifications": 403}))["subscription"] == "failure"


def test_own_answers_that_cannot_be_read_are_a_warning() -> None:
    """Polling goes on without them, so nobody would hear of it elsewhere."""
    found = findings(HEALTHY | {"/api/v1/accounts/1001/statuses": 403})

    assert states(found)["subscription"] == "warning"


@pytest.mark.parametrize(
    ("date", "state"),
    [
        ("Mon, 23 Nov 2026 12:00:59 GMT", "ok"),
        ("Mon, 23 Nov 2026 12:01:01 GMT", "warning"),
        ("Mon, 23 Nov 2026 11:00:00 GMT", "warning"),
        ("yesterday", None),
    ],
)
def test_clocks_that_differ_by_more_than_a_minute_are_a_warning(date: str, state: str | None) -> None:
    assert states(findings(HEALTHY, headers={"Date": date})).get("clock") == state


@pytest.mark.parametrize("body", [[], {}, {"id": None}, {"id": []}, "words"])
def test_an_answer_that_nobody_understands_is_a_failure_and_no_error(body: Any) -> None:
    assert states(findings(dict.fromkeys(HEALTHY, body)))["credentials"] == "failure"


def test_the_registry_leads_here() -> None:
    assert isinstance(checks("mastodon"), MastodonChecks)
