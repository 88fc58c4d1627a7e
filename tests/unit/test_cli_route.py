"""`switchboard route`: which route takes a question, why the others do not, and whom it rings when."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from switchboard.domain.route_explained import explain
from switchboard.domain.routing import Asked
from switchboard.domain.vocabulary import Category, Urgency
from switchboard_cli.main import app
from tests.fakes.hospital import NOON, config

RUN = CliRunner()
EXAMPLE = str(Path(__file__).parents[2] / "config" / "example.yaml")
MINUTE = timedelta(minutes=1)


def run(*words: str) -> Result:
    return RUN.invoke(app, ["route", EXAMPLE, *words])


def asked(**changes: Any) -> Asked:
    return Asked(
        **{
            "channel": "facebook",
            "platform": "facebook",
            "category": Category.GENERAL,
            "urgency": Urgency.NORMAL,
            "language": "en",
            "at": NOON,
        }
        | changes
    )


def test_the_steps_are_said_with_names_and_times() -> None:
    result = run("--category", "privacy", "--urgency", "urgent", "--at", "2026-11-25T23:00")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "Route privacy-and-press: team social, policy urgent (America/New_York)",
        "  Wed 25 Nov 23:00  primary: Tom Becker",
        "  Wed 25 Nov 23:05  secondary: James Okafor",
        "  Wed 25 Nov 23:10  everyone: Tom Becker, James Okafor",
        "  Wed 25 Nov 23:20  the steps begin again, until somebody claims it",
        "  Wed 25 Nov 23:40  Maria Lopez is rung as well, as the last resort",
        "To be answered by Thu 26 Nov 01:00",
    ]


def test_why_the_routes_before_do_not_take_it_is_said_when_asked() -> None:
    result = run("--category", "privacy", "--urgency", "urgent", "--at", "2026-11-25T23:00", "--explain")

    assert result.stdout.splitlines()[:3] == [
        "urgent, privacy, en, on facebook (facebook), Wed 25 Nov 23:00",
        "  not emergencies: the urgency is urgent, not emergency",
        "  not adverse-events: the category is privacy, not adverse_event or clinical",
    ]


def test_a_step_at_the_change_of_a_shift_rings_whoever_has_it_then() -> None:
    result = run("--category", "press", "--urgency", "urgent", "--at", "2026-11-24T17:57")

    assert "  Tue 24 Nov 17:57  primary: Maria Lopez" in result.stdout
    assert "  Tue 24 Nov 18:02  secondary: James Okafor" in result.stdout
    assert "  Tue 24 Nov 18:07  everyone: Tom Becker, James Okafor" in result.stdout


def test_json_is_the_whole_decision() -> None:
    found = json.loads(run("--urgency", "emergency", "--at", "2026-11-25T23:00:00Z", "--json").stdout)

    assert (found["route"], found["routed"]["team"], found["passed_over"]) == ("emergencies", "clinical", [])
    assert found["steps"][1]["staff_ids"] == ["dr-chen"]
    assert found["routed"]["answer_by"] == "2026-11-25T23:15:00Z"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--channel", "fax"], "the config has no channel 'fax'; use one of: facebook, website"),
        (["--category", "weather"], "--category 'weather' is not known; use one of: emergency, adverse_event"),
        (["--urgency", "now"], "--urgency 'now' is not known; use one of: emergency, urgent, normal, low"),
        (["--at", "soon"], "is not a time"),
    ],
)
def test_what_is_not_known_is_told_with_what_is(words: list[str], said: str) -> None:
    result = run(*words)

    assert result.exit_code == 2
    assert said in result.stderr


def test_waits_in_business_hours_go_on_the_next_morning() -> None:
    found = config(
        business_hours=[{"days": ["mon", "tue", "wed", "thu", "fri"], "start": "08:00", "end": "18:00"}],
        policies={"standard": {"clock": "business", "steps": [{"alert": "primary", "wait": "15m"}]}},
        routes=[{"name": "everything", "team": "social", "policy": "standard", "answer_within": "4h"}],
    )
    evening = datetime(2026, 10, 16, 21, 50, tzinfo=UTC)  # a Friday, 17:50 in New York

    ordinary = explain(found, asked(at=evening), {})
    urgent = explain(found, asked(at=evening, urgency=Urgency.EMERGENCY), {})

    assert ordinary.again_at == datetime(2026, 10, 19, 12, 5, tzinfo=UTC)
    assert ordinary.steps[0].business
    assert urgent.again_at == evening + 15 * MINUTE


def test_the_last_resort_is_rung_after_as_many_times_through_as_the_policy_says() -> None:
    steps = [{"alert": "primary", "wait": "10m"}, {"alert": "secondary", "wait": "20m"}]
    found = config(
        policies={"standard": {"steps": steps, "last_resort_after": 3}},
        routes=[{"name": "everything", "team": "social", "policy": "standard", "answer_within": "4h"}],
    )

    explained = explain(found, asked(), {})

    assert explained.again_at == NOON + 30 * MINUTE
    assert explained.last_resort_at == NOON + 90 * MINUTE


def test_every_route_before_the_one_that_takes_it_has_a_reason() -> None:
    found = config()

    explained = explain(found, asked(), {})

    assert [(one.route, bool(one.reason)) for one in explained.passed_over] == [("emergencies", True)]
    assert explained.route == "everything"
