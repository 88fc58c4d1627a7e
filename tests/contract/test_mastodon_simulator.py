"""The simulator is what Mastodon's own description says, and an independent client can use it.

`Mastodon.py` knows nothing of us; the OpenAPI description lies beside the repository and never in it.
"""

from __future__ import annotations

import json
import re
import ssl
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from mastodon import Mastodon
from mastodon.errors import (
    MastodonAPIError,
    MastodonNotFoundError,
    MastodonRatelimitError,
    MastodonServerError,
    MastodonUnauthorizedError,
)

from simulators.mastodon import DEMO, HOSPITAL, MastodonSimulator
from switchboard.platforms.mastodon import MastodonNotifications
from switchboard.platforms.mastodon_checks import MastodonChecks
from switchboard.ports import Channel, ChannelSecret

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARED = Path(__file__).parents[3] / "shared"
OPENAPI = SHARED / "specs/mastodon/mastodon-openapi.json"
BODIES = SHARED / "payloads/mastodon"
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # reading the usual certificates takes longer than a test
CHANNEL = Channel(name="mercy-mastodon", platform="mastodon", account_id=HOSPITAL.id)
needs_openapi = pytest.mark.skipif(not OPENAPI.exists(), reason="Mastodon's description lies beside the repository")
needs_bodies = pytest.mark.skipif(not BODIES.is_dir(), reason="the real bodies lie beside the repository")


@pytest.fixture(params=["mastodon", "gotosocial"])
def server(request: pytest.FixtureRequest) -> Iterator[MastodonSimulator]:
    with MastodonSimulator(request.param) as simulator:
        yield simulator


@pytest.fixture
def mastodon() -> Iterator[MastodonSimulator]:
    with MastodonSimulator("mastodon") as simulator:
        yield simulator


@pytest.fixture
def gotosocial() -> Iterator[MastodonSimulator]:
    with MastodonSimulator("gotosocial") as simulator:
        yield simulator


def client_of(simulator: MastodonSimulator, token: str = DEMO.token) -> Mastodon:
    return Mastodon(access_token=token, api_base_url=simulator.url, version_check_mode="none", ratelimit_method="throw")


def http_of(simulator: MastodonSimulator) -> httpx.Client:
    headers = {"Authorization": f"Bearer {DEMO.token}"}
    return httpx.Client(base_url=simulator.url, headers=headers, verify=NO_TLS, trust_env=False, timeout=5)


# Mastodon's own description


@cache
def description() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(OPENAPI.read_text())
    return found


def operation_of(method: str, path: str) -> dict[str, Any]:
    for template, operations in sorted(description()["paths"].items(), key=lambda item: item[0].count("{")):
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) and method.lower() in operations:
            found: dict[str, Any] = operations[method.lower()]
            return found
    raise AssertionError(f"Mastodon has no {method} {path}")


def problems(schema: dict[str, Any], value: Any) -> list[str]:
    checked = Draft202012Validator({**schema, "components": description()["components"]})
    return [f"{error.json_path}: {error.message[:200]}" for error in checked.iter_errors(value)]


def problems_of(response: httpx.Response) -> list[str]:
    answers = operation_of(response.request.method, response.request.url.path)["responses"]
    schema = answers[str(response.status_code)]["content"]["application/json"]["schema"]
    return problems(schema, response.json())


@needs_openapi
def test_every_answer_is_as_mastodon_describes_it(mastodon: MastodonSimulator) -> None:
    question = mastodon.says(
        "ana", "@mercy do you take\nwalk-ins? https://x.example/a", media=("image",), poll=("yes", "no")
    )
    mastodon.says("ben", "@mercy in confidence", visibility="direct", spoiler_text="chest pain")
    mastodon.reacts("cleo", "follow")
    mastodon.reacts("cleo", status_id=question)
    mastodon.edits(question, "@mercy do you?")
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    with http_of(mastodon) as http:
        answer = http.post("/api/v1/statuses", json={"status": "@ana yes", "in_reply_to_id": question})
        made = answer.json()["id"]
        answers = [
            answer,
            http.get("/api/v1/notifications"),
            http.get(f"/api/v1/accounts/{HOSPITAL.id}/statuses"),
            http.get(f"/api/v1/accounts/{HOSPITAL.id}"),
            http.get("/api/v1/accounts/verify_credentials"),
            http.get("/api/v1/apps/verify_credentials"),
            http.get(f"/api/v1/statuses/{question}"),
            http.get(f"/api/v1/statuses/{question}/context"),
            http.post("/api/v1/statuses", json={"status": "later", "scheduled_at": later}),
            http.put(f"/api/v1/statuses/{made}", json={"status": "@ana yes, always"}),
            http.delete(f"/api/v1/statuses/{made}"),
            http.get("/api/v2/instance"),
            http.get("/api/v1/instance"),
        ]

    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert {str(answer.request.url.path): problems_of(answer) for answer in answers if problems_of(answer)} == {}


@needs_openapi
def test_every_refusal_is_as_mastodon_describes_it(mastodon: MastodonSimulator) -> None:
    with http_of(mastodon) as http:
        answers = [
            http.get("/api/v1/statuses/1"),
            http.post("/api/v1/statuses", json={"status": "hello", "in_reply_to_id": "1"}),
            http.post("/api/v1/statuses", json={"status": "x", "scheduled_at": datetime.now(UTC).isoformat()}),
            http.get("/api/v1/notifications", headers={"Authorization": "Bearer another"}),
        ]
        mastodon.fail(status=429)
        answers.append(http.get("/api/v1/notifications"))

    assert [answer.status_code for answer in answers] == [404, 404, 422, 401, 429]
    assert [problems_of(answer) for answer in answers] == [[]] * len(answers)


@needs_openapi
def test_every_request_of_ours_is_one_that_mastodon_describes(server: MastodonSimulator) -> None:
    server.says("ana", "@mercy hello?")
    secret = ChannelSecret(access_token=DEMO.token, server=server.url)
    polled = MastodonNotifications()
    first = polled.page(CHANNEL, secret, older_than="", now=server.now())
    polled.page(CHANNEL, secret, older_than=first.older, now=server.now())
    MastodonChecks().check(CHANNEL, secret, now=server.now())

    asked = server.requests
    assert len(asked) >= 6
    for request in asked:
        described = {
            part["name"]: part for part in operation_of(request["method"], request["path"]).get("parameters", [])
        }
        for name, value in request["params"].items():
            assert described[name]["in"] == "query"
            schema = described[name]["schema"]
            given = value if schema["type"] in {"array", "string"} else json.loads(value)
            assert problems(schema, given) == [], (request["path"], name)


@needs_bodies
def test_gotosocial_has_the_fields_of_a_real_one(gotosocial: MastodonSimulator) -> None:
    gotosocial.says("ana", "@mercy hello?")
    real = json.loads((BODIES / "notifications.json").read_text())[0]

    with http_of(gotosocial) as http:
        ours = http.get("/api/v1/notifications").json()[0]

    assert set(ours) == set(real)
    assert set(ours["status"]) == set(real["status"])
    assert set(ours["account"]) == set(real["account"]) == set(ours["status"]["account"])
    assert set(ours["status"]["mentions"][0]) == set(real["status"]["mentions"][0])
    assert len(ours["id"]) == len(real["id"])
    assert len(ours["created_at"]) == len(real["created_at"])
    assert re.sub(r'"http[^"]*"|question.*|hospital|mercy', "", ours["status"]["content"]).startswith(
        '<p><span class="h-card"><a href='
    )


# An independent client


def test_an_independent_client_reads_who_we_are_and_what_we_were_told(server: MastodonSimulator) -> None:
    first = server.says("ana", "@mercy do you take walk-ins?", display_name="Ana Souza")
    second = server.says("ben", "@mercy in confidence", visibility="direct")
    server.reacts("cleo", status_id=first)
    client = client_of(server)

    us = client.account_verify_credentials()
    told = client.notifications(types=["mention", "update"])

    assert (us.id, us.display_name) == (HOSPITAL.id, "Mercy Hospital")
    assert [(one.type, one.status.id, one.status.visibility) for one in told] == [
        ("mention", second, "direct"),
        ("mention", first, "public"),
    ]
    assert told[1].account.display_name == "Ana Souza"
    assert abs(told[0].created_at - datetime.now(UTC)) < timedelta(seconds=30)
    assert [one.type for one in client.notifications()] == ["favourite", "mention", "mention"]


def test_an_independent_client_pages_through_by_the_links(server: MastodonSimulator) -> None:
    said = [server.says("ana", f"@mercy question {number}?") for number in range(130)]
    client = client_of(server)

    read = client.fetch_remaining(client.notifications(limit=40))

    assert [one.status.id for one in read] == said[::-1]
    assert len(server.requests) == 5


def test_an_independent_client_answers_edits_and_deletes(server: MastodonSimulator) -> None:
    question = server.says("ana", "@mercy open?")
    client = client_of(server)

    answer = client.status_post("@ana from 8.", in_reply_to_id=question, visibility="unlisted")
    client.status_update(answer.id, "@ana from 9.")
    context = client.status_context(question)
    client.status_delete(answer.id)

    assert [(one.in_reply_to_id, one.in_reply_to_account_id) for one in context.descendants] == [
        (question, server.told[0].account.id)
    ]
    assert "from 9." in context.descendants[0].content
    assert server.answers == []
    with pytest.raises(MastodonNotFoundError):
        client.status(answer.id)


def test_an_answer_to_a_deleted_post_is_not_found(server: MastodonSimulator) -> None:
    question = server.says("ana", "@mercy open?")
    server.deletes(question)

    with pytest.raises(MastodonNotFoundError):
        client_of(server).status_post("@ana yes", in_reply_to_id=question)

    assert client_of(server).notifications() == []


def test_what_is_scheduled_for_less_than_five_minutes_ahead_is_refused(server: MastodonSimulator) -> None:
    client = client_of(server)
    now = datetime.now(UTC)

    with pytest.raises(MastodonAPIError) as caught:
        client.status_post("soon", scheduled_at=now + timedelta(minutes=4))
    planned = client.status_post("later", scheduled_at=now + timedelta(minutes=6))
    server.advance(timedelta(minutes=7))
    published = client.account_statuses(HOSPITAL.id)

    assert caught.value.args[1] == 422
    assert planned.params.text == "later"
    assert [re.sub(r"<[^>]*>", "", one.content) for one in published] == ["later"]


# In what the two kinds differ


def test_mastodon_keeps_idempotency_keys_for_an_hour(mastodon: MastodonSimulator) -> None:
    client = client_of(mastodon)

    ids = [client.status_post("open from 8", idempotency_key="one").id for _ in range(2)]
    mastodon.advance(timedelta(minutes=61))
    late = client.status_post("open from 8", idempotency_key="one").id

    assert ids[0] == ids[1] != late
    assert len(mastodon.answers) == 2


def test_gotosocial_posts_twice_whatever_the_key(gotosocial: MastodonSimulator) -> None:
    client = client_of(gotosocial)

    ids = {client.status_post("open from 8", idempotency_key="one").id for _ in range(2)}

    assert len(ids) == len(gotosocial.answers) == 2


def test_ids_are_numbers_on_one_and_ulids_on_the_other(
    mastodon: MastodonSimulator, gotosocial: MastodonSimulator
) -> None:
    assert re.fullmatch(r"\d{18,}", mastodon.says("ana", "@mercy hello"))
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{26}", gotosocial.says("ana", "@mercy hello"))


def test_gotosocial_tells_of_an_edit_and_mastodon_only_of_what_we_boosted(
    mastodon: MastodonSimulator, gotosocial: MastodonSimulator
) -> None:
    for server in (mastodon, gotosocial):
        server.edits(server.says("ana", "@mercy open on Saturday?"), "@mercy open on Sunday?")
        news = server.says("ben", "news")
        server.boost(news)
        server.edits(news, "better news")

    assert [one.type for one in mastodon.told] == ["mention", "update"]
    assert [one.type for one in gotosocial.told] == ["mention", "update", "update"]


# What goes wrong


def test_a_token_can_die_and_live_again(server: MastodonSimulator) -> None:
    client = client_of(server)
    server.kill_token()

    with pytest.raises(MastodonUnauthorizedError):
        client.notifications()
    with pytest.raises(MastodonUnauthorizedError):
        client_of(server, "another").notifications()
    server.revive_token()

    assert client.notifications() == []


def test_who_asks_too_often_is_told_when_to_come_back() -> None:
    with MastodonSimulator(rate_limit=3) as server:
        client = client_of(server)
        for _ in range(3):
            client.notifications()

        with pytest.raises(MastodonRatelimitError):
            client.notifications()
        with http_of(server) as http:
            refused = http.get("/api/v1/notifications")
        server.advance(timedelta(minutes=5, seconds=1))
        afterwards = client.notifications()

    reset = datetime.fromisoformat(refused.headers["X-RateLimit-Reset"])
    assert timedelta(minutes=4) < reset - datetime.now(UTC) <= timedelta(minutes=5)
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert "Retry-After" not in refused.headers
    assert afterwards == []


def test_a_post_that_was_carried_out_without_an_answer_is_there(server: MastodonSimulator) -> None:
    server.fail(method="POST", path="/statuses$", timeout=0.01, performed=True)

    with http_of(server) as http, pytest.raises(httpx.HTTPError):
        http.post("/api/v1/statuses", json={"status": "open from 8"})

    assert [answer.text for answer in server.answers] == ["open from 8"]


def test_faults_strike_once_and_a_wrong_one_is_refused_by_name(server: MastodonSimulator) -> None:
    client = client_of(server)
    server.fail(status=503)

    with pytest.raises(MastodonServerError):
        client.notifications()
    assert client.notifications() == []
    with pytest.raises(ValueError, match="no 'stauts'"):
        server.fail(stauts=503)
    with pytest.raises(ValueError, match="either a status or a timeout"):
        server.fail(path="/x")


def test_the_control_api_plays_people_over_http(server: MastodonSimulator) -> None:
    with http_of(server) as http:
        question = http.post("/_simulator/statuses", json={"username": "ana", "text": "@mercy hello?"}).json()["id"]
        http.post("/_simulator/edits", json={"id": question, "text": "@mercy hello??"})
        http.post("/_simulator/token", json={"dead": True})
        refused = http.get("/api/v1/notifications")
        http.post("/_simulator/token", json={"dead": False})
        http.post("/_simulator/clock", json={"advance_seconds": 60})
        http.post("/_simulator/fail", json={"status": 500})
        failed = http.get("/api/v1/notifications")
        state = http.get("/_simulator/state").json()
        wrong = [
            http.post("/_simulator/fail", json={"status": 500, "timeout": 1}),
            http.post("/_simulator/edits", json={"id": "none", "text": "x"}),
            http.get("/_simulator/nothing"),
        ]
        http.post("/_simulator/deletes", json={"id": question})
        http.post("/_simulator/reset")

    assert (refused.status_code, failed.status_code) == (401, 500)
    assert state["told"][0]["status_id"] == question
    assert [one["status"] for one in state["requests"]] == [401, 500]
    assert [one.status_code for one in wrong] == [400, 400, 404]
    assert server.told == []
