"""What the doctor finds on LinkedIn: dead tokens, lost roles, subscriptions that ended without a word."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchboard import platforms
from switchboard.platforms import linkedin_api
from switchboard.ports import Channel, ChannelSecret

if TYPE_CHECKING:
    from switchboard.ports import Finding

NOW = datetime(2026, 10, 12, 10, 0, tzinfo=UTC)
US = "urn:li:organization:5509810"
TOKEN = "sample-access-token"
CHANNEL = Channel(name="mercy-linkedin", platform="linkedin", account_id=US)
SECRET = ChannelSecret(signing_secrets=("sample-client-secret",), access_token=TOKEN, client_id="sample-client")
ACLS, SUBSCRIPTIONS, TOKENS = "/rest/organizationAcls", "/rest/eventSubscriptions", "/oauth/v2/introspectToken"
URL = "https://api.linkedin.com"


@dataclass
class LinkedIn(httpx.BaseTransport):
    """As much of LinkedIn as the doctor asks, from its documents; everything is as it should be until changed.

    *replies* holds a status for a path, or the JSON that it answers with.
    """

    replies: dict[str, Any] = field(default_factory=dict[str, Any])
    date: str = "Mon, 12 Oct 2026 10:00:10 GMT"
    client_secret: str = "sample-client-secret"
    seen: list[httpx.Request] = field(default_factory=list[httpx.Request])

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        reply = self.replies.get(request.url.path, self._as_documented(request))
        status, body = (reply, {"message": "words that may quote somebody"}) if isinstance(reply, int) else (200, reply)
        return httpx.Response(status, json=body, headers={"Date": self.date})

    def _as_documented(self, request: httpx.Request) -> Any:
        host, path = request.url.host, request.url.path
        if (host, path) == ("www.linkedin.com", TOKENS):
            form = parse_qs(request.read().decode())
            known = form["client_id"] == ["sample-client"] and form["client_secret"] == [self.client_secret]
            return token() if known and form["token"] == [TOKEN] else 401
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return 401
        versions = (request.headers.get("linkedin-version", ""), request.headers.get("x-restli-protocol-version"))
        if host != "api.linkedin.com" or len(versions[0]) != 6 or versions[1] != "2.0.0":
            return 400
        return {ACLS: acls(US), SUBSCRIPTIONS: subscriptions()}.get(path, 404)


def token(**changes: Any) -> dict[str, Any]:
    ends = int((NOW + timedelta(days=40, hours=1)).timestamp())
    scope = "r_basicprofile,rw_organization_admin,w_organization_social"
    return {"active": True, "status": "active", "expires_at": ends, "scope": scope, "auth_type": "3L"} | changes


def acls(*organisations: str, name: str = "organization") -> dict[str, Any]:
    return {"elements": [{name: one, "role": "ADMINISTRATOR", "state": "APPROVED"} for one in organisations]}


def subscriptions(**changes: Any) -> dict[str, Any]:
    element = {
        "entity": US,
        "webhook": "https://abc123.execute-api.eu-west-1.amazonaws.com/live/webhooks/mercy-linkedin",
        "expiresAt": int((NOW + timedelta(days=40)).timestamp() * 1000),
    }
    return {"elements": [element | changes]}


def found(
    linkedin: LinkedIn, channel: Channel = CHANNEL, secret: ChannelSecret = SECRET, url: str = URL
) -> dict[str, Finding]:
    findings = linkedin_api.checks(url, transport=linkedin).check(channel, secret, now=NOW)
    by_name = {finding.name: finding for finding in findings}
    assert len(by_name) == len(findings)
    assert set(by_name) <= {"credentials", "token_expiry", "subscription", "fields", "clock"}
    assert all(finding.remedy for finding in findings if finding.state != "ok")
    said = json.dumps([(finding.detail, finding.remedy) for finding in findings])
    assert not any(secret_word in said for secret_word in (TOKEN, "sample-client", "quote somebody"))
    return by_name


def states(findings: dict[str, Finding]) -> dict[str, str]:
    return {name: finding.state for name, finding in findings.items()}


def test_a_channel_that_is_well_connected_has_nothing_to_mend() -> None:
    findings = found(LinkedIn())

    names = ("credentials", "clock", "token_expiry", "fields", "subscription")
    assert states(findings) == dict.fromkeys(names, "ok")
    assert findings["token_expiry"].detail == "The token works for 40 more days, until 2026-11-21."


def test_the_registry_leads_here() -> None:
    assert platforms.checks("linkedin") is not None


def test_nothing_is_asked_without_a_token_or_an_organisation() -> None:
    linkedin = LinkedIn()

    without_token = found(linkedin, secret=replace(SECRET, access_token=""))
    others = [
        found(linkedin, replace(CHANNEL, account_id=told)) for told in ("", "5509810", "urn:li:person:1", US + " ")
    ]

    assert {finding.state for one in (without_token, *others) for finding in one.values()} == {"failure"}
    assert linkedin.seen == []


@pytest.mark.parametrize("odd", ["with space", "ümlaut", "a\r\nb", "\ud800"])
def test_a_token_that_no_header_can_hold_is_a_finding_and_not_sent(odd: str) -> None:
    linkedin = LinkedIn()

    assert found(linkedin, secret=replace(SECRET, access_token=odd))["credentials"].state == "failure"
    assert linkedin.seen == []


@pytest.mark.parametrize("status", [401, 403, 400, 404])
def test_a_dead_token_is_a_failure_and_its_end_is_told_all_the_same(status: int) -> None:
    findings = found(LinkedIn({ACLS: status, TOKENS: token(active=False, status="expired")}))

    assert states(findings) == {"credentials": "failure", "token_expiry": "failure", "fields": "ok"}


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_linkedin_that_does_not_answer_says_nothing_of_the_token(status: int) -> None:
    assert found(LinkedIn({ACLS: status}))["credentials"].state == "warning"


def test_a_version_that_linkedin_serves_no_more_is_ours_to_mend() -> None:
    finding = found(LinkedIn({ACLS: 426}))["credentials"]

    assert (finding.state, "newer release" in finding.remedy) == ("failure", True)


@pytest.mark.parametrize("others", [(), ("urn:li:organization:55098100",), ("urn:li:organization:550981",)])
def test_a_member_who_is_no_administrator_any_more_is_a_failure(others: tuple[str, ...]) -> None:
    findings = found(LinkedIn({ACLS: acls(*others)}))

    assert states(findings)["credentials"] == "failure"
    assert "subscription" not in findings


@pytest.mark.parametrize("name", ["organization", "organizationTarget", "organizationalTarget"])
def test_the_organisation_is_found_under_each_of_its_names(name: str) -> None:
    assert found(LinkedIn({ACLS: acls("urn:li:organization:1", US, name=name)}))["credentials"].state == "ok"


def test_the_organisation_is_found_on_a_later_page_and_the_looking_ends() -> None:
    class Paged(LinkedIn):
        last: int = 250

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            start = int(request.url.params.get("start", "0"))
            others = [f"urn:li:organization:{number}" for number in range(1, 101)]
            self.replies[ACLS] = acls(US) if start >= self.last else acls(*others)
            return super().handle_request(request)

    near, far = Paged(), Paged()
    far.last = 10**6

    assert found(near)["credentials"].state == "ok"
    assert found(far)["credentials"].state == "failure"
    assert sum(request.url.path == ACLS for request in far.seen) == 5


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (token(expires_at=int((NOW + timedelta(days=13)).timestamp())), "warning"),
        (token(expires_at=int((NOW + timedelta(days=15)).timestamp())), "ok"),
        (token(expires_at=int((NOW - timedelta(seconds=1)).timestamp())), "failure"),
        (token(active=False, status="revoked"), "failure"),
        (token(expires_at=None), "warning"),
        ({}, "warning"),
        ([], "warning"),
    ],
)
def test_the_days_that_are_left_are_told_while_there_is_time(told: Any, state: str) -> None:
    assert found(LinkedIn({TOKENS: told}))["token_expiry"].state == state


def test_without_the_apps_id_the_days_are_not_known_and_nothing_is_asked() -> None:
    linkedin = LinkedIn()

    findings = found(linkedin, secret=replace(SECRET, client_id=""))

    assert (findings["token_expiry"].state, "client_id" in findings["token_expiry"].remedy) == ("warning", True)
    assert TOKENS not in {request.url.path for request in linkedin.seen}


def test_while_the_client_secret_is_rotated_either_one_is_tried() -> None:
    old = LinkedIn(client_secret="old")

    findings = found(old, secret=replace(SECRET, signing_secrets=("new", "old"), client_secret="new"))

    assert findings["token_expiry"].state == "ok"
    assert sum(request.url.path == TOKENS for request in old.seen) == 2


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_a_wrong_app_does_not_make_the_token_wrong(status: int) -> None:
    findings = found(LinkedIn({TOKENS: status}))

    assert (findings["credentials"].state, findings["token_expiry"].state) == ("ok", "warning")


@pytest.mark.parametrize("scope", ["r_basicprofile", "r_basicprofile w_organization_social"])
def test_a_token_without_the_permission_that_notifications_need_is_a_failure(scope: str) -> None:
    assert found(LinkedIn({TOKENS: token(scope=scope)}))["fields"].state == "failure"


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({"elements": []}, "failure"),
        ({}, "failure"),
        (subscriptions(entity="urn:li:organization:1"), "failure"),
        (subscriptions(webhook="https://example.org/webhooks/another"), "warning"),
        (subscriptions(webhook="https://api.example.org/webhooks/mercy-linkedin/?x=1"), "ok"),
        (subscriptions(webhook=None), "ok"),
        (subscriptions(expiresAt=int((NOW + timedelta(days=3)).timestamp() * 1000)), "warning"),
        (subscriptions(expiresAt=int((NOW - timedelta(days=3)).timestamp() * 1000)), "failure"),
        (subscriptions(expiresAt=None), "ok"),
        (403, "failure"),
        (500, "warning"),
    ],
)
def test_a_subscription_that_is_missing_ends_or_leads_elsewhere_is_found(told: Any, state: str) -> None:
    assert found(LinkedIn({SUBSCRIPTIONS: told}))["subscription"].state == state


@pytest.mark.parametrize(
    ("date", "state"),
    [
        ("Mon, 12 Oct 2026 10:00:59 GMT", "ok"),
        ("Mon, 12 Oct 2026 10:01:01 GMT", "warning"),
        ("Mon, 12 Oct 2026 09:58:00 GMT", "warning"),
        ("yesterday", None),
    ],
)
def test_a_clock_that_is_wrong_is_found(date: str, state: str | None) -> None:
    assert states(found(LinkedIn(date=date))).get("clock") == state


def test_only_linkedins_own_address_has_a_second_one_for_tokens() -> None:
    linkedin = LinkedIn({ACLS: acls(US), SUBSCRIPTIONS: subscriptions(), TOKENS: token()})

    found(linkedin, url="http://127.0.0.1:8080/")

    assert {request.url.host for request in linkedin.seen} == {"127.0.0.1"}


def test_the_token_stands_in_no_address() -> None:
    linkedin = LinkedIn()

    found(linkedin)

    assert not any(TOKEN in str(request.url) for request in linkedin.seen)


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError])
def test_a_network_that_fails_is_a_finding(error: type[httpx.TransportError]) -> None:
    class Broken(LinkedIn):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            raise error("no", request=request)

    findings = found(Broken())

    assert states(findings) == {"credentials": "warning", "token_expiry": "warning"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["elements", "organization", "active", "expires_at", "scope", "webhook", "expiresAt"]),
            inner | st.just(US),
            max_size=4,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    replies=st.dictionaries(
        st.sampled_from([ACLS, SUBSCRIPTIONS, TOKENS]), JSON.filter(lambda one: type(one) is not int)
    )
)
def test_whatever_linkedin_answers_is_a_list_of_findings(replies: dict[str, Any]) -> None:
    assert "credentials" in found(LinkedIn(replies))
