"""What the doctor finds on Meta's platforms: dead tokens, and webhooks that nobody subscribed to."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.graph import APP, PAGE, GraphSimulator
from switchboard.platforms import facebook, instagram_api, messenger, whatsapp_api
from tests.fakes.graph import (
    FACEBOOK,
    INSTAGRAM,
    MESSENGER,
    META,
    NO_META,
    NOW,
    SECRET,
    URL,
    WHATSAPP,
    Dated,
    described,
    simulated,
)

if TYPE_CHECKING:
    from switchboard.ports import Channel, ChannelSecret, Checks, Finding

PAGE_FIELDS = ("feed", "messages", "mention", "ratings", "message_echoes", "messaging_postbacks")
INSTAGRAM_FIELDS = ("comments", "mentions", "messages", "messaging_postbacks")
MODULES: dict[str, Any] = {
    "facebook": facebook,
    "instagram": instagram_api,
    "messenger": messenger,
    "whatsapp": whatsapp_api,
}
CHANNELS = (FACEBOOK, MESSENGER, INSTAGRAM, WHATSAPP)
DATE = "Mon, 12 Oct 2026 10:00:10 GMT"


@pytest.fixture
def graph() -> GraphSimulator:
    """A Graph on which everything is as it should be."""
    found = simulated()
    at_page(found, *PAGE_FIELDS)
    found.subscribe("page", *PAGE_FIELDS)
    found.subscribe("instagram", *INSTAGRAM_FIELDS)
    found.subscribe("whatsapp_business_account", "messages")
    return found


def at_page(graph: GraphSimulator, *fields: str) -> None:
    path = f"/v23.0/{PAGE.id}/subscribed_apps"
    ask(graph, path, "POST" if fields else "DELETE", subscribed_fields=",".join(fields))


def ask(graph: GraphSimulator, path: str, method: str = "GET", **params: str) -> None:
    headers = {"Authorization": f"Bearer {PAGE.token}"}
    with httpx.Client(transport=Dated(graph, DATE)) as client:
        client.request(method, f"https://graph.example{path}", params=params, headers=headers).raise_for_status()


def checks(graph: GraphSimulator, channel: Channel, date: str = DATE) -> Checks:
    port: Checks = MODULES[channel.platform].checks(URL, transport=Dated(graph, date))
    return port


def found(
    graph: GraphSimulator, channel: Channel = FACEBOOK, secret: ChannelSecret = SECRET, date: str = DATE
) -> dict[str, Finding]:
    findings = checks(graph, channel, date).check(channel, secret, now=NOW)
    by_name = {finding.name: finding for finding in findings}
    assert len(by_name) == len(findings)
    assert all(finding.remedy or finding.state == "ok" for finding in findings)
    said = json.dumps([(finding.detail, finding.remedy) for finding in findings])
    assert PAGE.token not in said
    assert APP.secret not in said
    return by_name


def states(findings: dict[str, Finding]) -> dict[str, str]:
    return {name: finding.state for name, finding in findings.items()}


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.platform)
def test_what_is_well_is_said_to_be(graph: GraphSimulator, channel: Channel) -> None:
    graph.subscribe_business(PAGE.business_id)

    findings = found(graph, channel)

    names = ("credentials", "clock", "token_expiry", "subscription", "fields")
    assert states(findings) == dict.fromkeys(names, "ok")


def test_a_page_that_sends_2854_deliveries_and_not_one_comment_is_seen(graph: GraphSimulator) -> None:
    at_page(graph, *(field for field in PAGE_FIELDS if field != "feed"))

    finding = found(graph)["fields"]

    assert finding.state == "failure"
    assert finding.detail == "Not subscribed: feed (at the Page)."


def test_a_field_must_be_chosen_in_the_app_as_well(graph: GraphSimulator) -> None:
    graph.subscribe("page", "messages", "message_echoes", "messaging_postbacks", "mention", "ratings")
    graph.subscribe("instagram", "messages", "mentions", "messaging_postbacks")

    assert found(graph)["fields"].detail == "Not subscribed: feed (in the app)."
    assert found(graph, INSTAGRAM)["fields"].detail == "Not subscribed: comments (in the app)."
    assert found(graph, MESSENGER)["fields"].state == "ok"


def test_a_field_without_which_it_rings_all_the_same_is_a_warning(graph: GraphSimulator) -> None:
    at_page(graph, "feed", "messages")

    finding = found(graph)["fields"]

    assert finding.state == "warning"
    assert "message_echoes" in finding.detail


def test_a_page_that_sends_to_nobody_or_to_another_app_is_a_failure(graph: GraphSimulator) -> None:
    graph.say_of_token(app_id="999")
    other = found(graph)["subscription"]
    graph.say_of_token(app_id=APP.id)
    at_page(graph)
    nobody = found(graph)["subscription"]

    assert (other.state, nobody.state) == ("failure", "failure")
    assert "sends nothing to the app 999" in other.detail
    assert f"sends nothing to the app {APP.id}" in nobody.detail


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.platform)
def test_an_app_without_a_webhook_is_a_failure(graph: GraphSimulator, channel: Channel) -> None:
    graph.subscribe_business(PAGE.business_id)
    for name in ("page", "instagram", "whatsapp_business_account"):
        graph.subscribe(name)

    finding = found(graph, channel)["subscription"]

    assert finding.state == "failure"
    assert "no active webhook" in finding.detail


def test_a_webhook_that_is_switched_off_is_a_failure(graph: GraphSimulator) -> None:
    graph.subscribe("page", *PAGE_FIELDS, active=False)

    assert found(graph)["subscription"].state == "failure"


def test_the_business_that_holds_the_number_is_found_among_others() -> None:
    answers: dict[str, list[Any]] = {
        "/v23.0/556/phone_numbers": [{"id": "900"}],
        "/v23.0/557/phone_numbers": [{"id": "900"}, {"id": WHATSAPP.account_id}],
        "/v23.0/557/subscribed_apps": [{"whatsapp_business_api_data": {"id": APP.id}}],
        f"/v23.0/{APP.id}/subscriptions": [{"object": "whatsapp_business_account", "fields": ["messages"]}],
    }
    token = {
        "app_id": APP.id,
        "granular_scopes": [{"scope": "whatsapp_business_messaging", "target_ids": [555, 556, 557]}],
    }

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.endswith("/555/phone_numbers"):
            return httpx.Response(400, json={"error": {"code": 100, "error_subcode": 33}})
        data: Any = token if path.endswith("debug_token") else answers.get(path, [])
        return httpx.Response(200, json={"id": WHATSAPP.account_id, "data": data})

    findings = whatsapp_api.checks(URL, transport=httpx.MockTransport(answer)).check(WHATSAPP, SECRET, now=NOW)

    assert [finding.state for finding in findings if finding.name in ("subscription", "fields")] == ["ok", "ok"]


def test_a_number_whose_business_sends_nothing_is_a_failure(graph: GraphSimulator) -> None:
    finding = found(graph, WHATSAPP)["subscription"]

    assert finding.state == "failure"
    assert "The phone number sends nothing" in finding.detail


def test_a_number_of_which_the_business_is_not_known_is_a_warning(graph: GraphSimulator) -> None:
    graph.say_of_token(granular_scopes=[])

    assert found(graph, WHATSAPP)["subscription"].state == "warning"


def test_a_channel_without_signing_secrets_refuses_all_and_is_a_failure(graph: GraphSimulator) -> None:
    finding = found(graph, secret=replace(SECRET, signing_secrets=()))["subscription"]

    assert finding.state == "failure"
    assert "every delivery is refused" in finding.detail


def test_a_secret_that_is_not_the_apps_is_a_warning_and_one_of_two_is_enough(graph: GraphSimulator) -> None:
    wrong = found(graph, secret=replace(SECRET, signing_secrets=("another",)))["subscription"]
    rotating = found(graph, secret=replace(SECRET, signing_secrets=("another", APP.secret)))["subscription"]

    assert wrong.state == "warning"
    assert "none of signing_secrets" in wrong.detail
    assert rotating.state == "ok"


@pytest.mark.parametrize(
    ("facts", "state", "says"),
    [
        ({"expires_at": 0}, "ok", "does not expire"),
        ({"days": 59}, "ok", "59 more days"),
        ({"days": 13}, "warning", "13 more days"),
        ({"days": -1}, "failure", "not valid"),
        ({"is_valid": False}, "failure", "not valid"),
        ({"expires_at": "soon"}, "ok", "does not expire"),
        ({"expires_at": 10**30}, "ok", "does not expire"),
    ],
)
@pytest.mark.parametrize("name", ["expires_at", "data_access_expires_at"])
def test_how_long_the_token_works_is_told(
    graph: GraphSimulator, facts: dict[str, Any], state: str, says: str, name: str
) -> None:
    ends = NOW + timedelta(days=facts.get("days", 0), minutes=1)
    graph.say_of_token(**({name: int(ends.timestamp())} if "days" in facts else facts))

    finding = found(graph)["token_expiry"]

    assert finding.state == state
    assert says in finding.detail


def test_a_token_of_which_graph_says_nothing_is_a_warning_and_the_rest_is_looked_at(graph: GraphSimulator) -> None:
    graph.fail(path="/debug_token$", error=100, times=None)

    assert states(found(graph)) == {
        "credentials": "ok",
        "clock": "ok",
        "token_expiry": "warning",
        "subscription": "warning",
        "fields": "ok",
    }


def test_permissions_that_are_missing_are_named(graph: GraphSimulator) -> None:
    graph.say_of_token(scopes=["pages_manage_metadata", "pages_read_engagement"])

    finding = found(graph)["credentials"]

    assert finding.state == "warning"
    assert "pages_messaging" in finding.detail
    assert "pages_manage_metadata" not in finding.detail


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.platform)
def test_a_dead_token_is_the_only_finding(graph: GraphSimulator, channel: Channel) -> None:
    graph.kill_token()

    assert states(found(graph, channel)) == {"credentials": "failure"}


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.platform)
def test_an_account_that_the_token_is_not_of_is_a_failure(graph: GraphSimulator, channel: Channel) -> None:
    finding = found(simulated(auto_create_objects=False), replace(channel, account_id="999"))["credentials"]

    assert finding.state == "failure"
    assert "999" in finding.detail + finding.remedy


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.platform)
def test_an_account_that_is_not_named_is_a_failure(graph: GraphSimulator, channel: Channel) -> None:
    assert states(found(graph, replace(channel, account_id=""))) == {"credentials": "failure"}


def test_a_graph_that_asks_to_wait_is_not_taken_for_a_dead_token(graph: GraphSimulator) -> None:
    graph.fail(error=4, times=None)

    finding = found(graph)["credentials"]

    assert finding.state == "warning"
    assert "not known" in finding.detail


@pytest.mark.parametrize(
    ("date", "state"),
    [
        (DATE, "ok"),
        ("Mon, 12 Oct 2026 10:02:00 GMT", "warning"),
        ("Mon, 12 Oct 2026 09:58:00 GMT", "warning"),
        ("", None),
        ("soon", None),
    ],
)
def test_the_clock_is_held_against_facebooks(graph: GraphSimulator, date: str, state: str | None) -> None:
    assert states(found(graph, date=date)).get("clock") == state


def test_the_token_stands_in_no_log_though_it_stands_in_an_address(
    graph: GraphSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("httpx").setLevel(logging.NOTSET)
    caplog.set_level(logging.INFO)

    found(graph)

    assert PAGE.token not in caplog.text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from([PAGE.id, APP.id]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "data",
                    "scopes",
                    "granular_scopes",
                    "scope",
                    "target_ids",
                    "expires_at",
                    "app_id",
                    "object",
                    "fields",
                    "subscribed_fields",
                    "active",
                    "name",
                    "whatsapp_business_api_data",
                    "callback_url",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


@settings(max_examples=200, deadline=None)
@given(JSON, st.sampled_from(CHANNELS))
def test_whatever_graph_answers_it_is_a_list_of_findings(body: Any, channel: Channel) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "debug_token" in request.url.path or "subscri" in request.url.path:
            return httpx.Response(200, content=json.dumps({"data": body}).encode())
        return httpx.Response(200, json={"id": channel.account_id, "data": [{"id": channel.account_id}]})

    port = MODULES[channel.platform].checks(URL, transport=httpx.MockTransport(answer))

    for finding in port.check(channel, SECRET, now=NOW):
        assert finding.remedy or finding.state == "ok"


@pytest.mark.skipif(not META.exists(), reason=NO_META)
def test_the_requests_are_such_as_meta_describes(graph: GraphSimulator) -> None:
    graph.subscribe_business(PAGE.business_id)
    for channel in CHANNELS:
        found(graph, channel)
    described_paths = (META / "business-messaging-api_v23.0.yaml").read_text()
    _, page_edges = described("Page")
    _, business_edges = described("WhatsAppBusinessAccount")

    paths = {request["path"].removeprefix("/v23.0") for request in graph.requests}

    assert f"/{PAGE.id}/subscribed_apps" in paths
    assert "subscribed_apps" in page_edges
    assert f"/{PAGE.business_id}/subscribed_apps" in paths
    assert "  /{Version}/{WABA-ID}/subscribed_apps:" in described_paths
    assert {"subscribed_apps", "phone_numbers"} <= set(business_edges)
    assert f"/{PAGE.number_id}" in paths
    assert "  /{Version}/{Phone-Number-ID}:" in described_paths
