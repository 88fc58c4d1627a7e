"""PagerDuty: the events that a real server on this machine gets, and what its answers mean."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from switchboard.adapters.pagerduty import PagerDuty
from switchboard.adapters.posting import Answer, Poster
from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, SwitchboardError, Unavailable
from switchboard.ports import ContactSecret, HookAlert
from tests.fakes.hook_server import HookServer, hook_server

KEY = "R" * 32
SECRET = ContactSecret(pagerduty_key=KEY)
ALERT = HookAlert(
    question_id="AAAABBBBCCCCDDDDEEEEFFFF22",
    summary="Mercy Social: URGENT question waiting, ref AAAA",
    urgency="urgent",
    link="https://example.org/live/inbox",
    organisation="Mercy Social",
)
TAKEN = {"status": 202, "body": json.dumps({"status": "success", "dedup_key": "theirs"}).encode()}


def at(server: HookServer) -> PagerDuty:
    return PagerDuty(Poster(loopback=True), url=f"{server.url}/v2/enqueue")


def test_a_question_is_one_incident_however_often_it_rings() -> None:
    with hook_server(**TAKEN) as server:
        provider_id = at(server).send(SECRET, ALERT)

    assert provider_id == "theirs"
    assert server.seen[0][0] == "/v2/enqueue"
    assert server.sent == {
        "routing_key": KEY,
        "event_action": "trigger",
        "dedup_key": ALERT.question_id,
        "client": "Switchboard",
        "links": [{"href": ALERT.link, "text": "Open the inbox"}],
        "payload": {"summary": ALERT.summary, "severity": "error", "source": "Mercy Social"},
    }


def test_without_another_address_it_is_pagerduty_s_own() -> None:
    asked: list[str] = []

    class Hearing(Poster):
        def post(self, url: str, body: Any, *, name: str) -> Answer:
            asked.append(url)
            return Answer(status=202, text="{}", retry_after=None)

    PagerDuty(Hearing()).send(SECRET, ALERT)

    assert asked == ["https://events.pagerduty.com/v2/enqueue"]


@pytest.mark.parametrize(
    ("urgency", "severity"),
    [("emergency", "critical"), ("urgent", "error"), ("normal", "warning"), ("low", "info"), ("new", "error")],
)
def test_the_urgency_is_its_severity(urgency: str, severity: str) -> None:
    with hook_server(**TAKEN) as server:
        at(server).send(SECRET, replace(ALERT, urgency=urgency))

    assert server.sent["payload"]["severity"] == severity


def test_a_summary_is_as_long_as_they_take() -> None:
    with hook_server(**TAKEN) as server:
        at(server).send(SECRET, replace(ALERT, summary="x" * 2000))

    assert len(server.sent["payload"]["summary"]) == 1024


def test_what_is_about_no_single_question_is_an_incident_of_its_own() -> None:
    with hook_server(**TAKEN) as server:
        provider_id = at(server).send(SECRET, replace(ALERT, question_id=""))

    assert "dedup_key" not in server.sent
    assert provider_id == "theirs"


@pytest.mark.parametrize("action", ["acknowledge", "resolve"])
def test_the_same_incident_is_acknowledged_and_resolved(action: str) -> None:
    with hook_server(**TAKEN) as server:
        getattr(at(server), action)(SECRET, ALERT.question_id)

    assert server.sent == {"routing_key": KEY, "event_action": action, "dedup_key": ALERT.question_id}


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"dedup_key": 5}', b"<html>", b'{"dedup_key": "cut'])
def test_what_they_take_is_taken_whatever_else_they_say(body: bytes) -> None:
    with hook_server(status=202, body=body) as server:
        assert at(server).send(SECRET, ALERT) == ALERT.question_id


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, Rejected),
        (403, Rejected),
        (404, Rejected),
        (302, Rejected),
        (408, OutcomeUnknown),
        (429, Unavailable),
        (500, OutcomeUnknown),
        (502, OutcomeUnknown),
        (200, OutcomeUnknown),
    ],
)
def test_what_pagerduty_answers_means_refused_later_or_unknown(status: int, expected: type[SwitchboardError]) -> None:
    told = {"status": "invalid event", "message": "words", "errors": [f"routing_key {KEY} is invalid"]}
    answered = hook_server(status=status, body=json.dumps(told).encode(), headers={"Retry-After": "7"})
    with answered as server, pytest.raises(expected) as caught:
        at(server).send(SECRET, ALERT)

    assert type(caught.value) is expected
    assert KEY not in str(caught.value)
    assert getattr(caught.value, "retry_after", 7) == 7


def test_a_lost_answer_is_an_unknown_outcome() -> None:
    with hook_server(hangs_up=True) as server, pytest.raises(OutcomeUnknown):
        at(server).send(SECRET, ALERT)


def test_without_a_key_nothing_leaves() -> None:
    with hook_server(**TAKEN) as server:
        with pytest.raises(Misconfigured):
            at(server).send(ContactSecret(slack_url="https://x.example"), ALERT)

        assert server.seen == []
