"""The examples of docs/configuration.md, each put in its place in config/example.yaml, pass the check."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml

from switchboard.config import AutomationConfig, check
from switchboard.domain.business_time import after, of
from switchboard.domain.rota import duty

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "configuration.md").read_text()
EXAMPLE: dict[str, Any] = yaml.safe_load((ROOT / "config" / "example.yaml").read_text())
BLOCKS = [
    (heading, dedent(block))
    for heading, body in re.findall(r"^#{2,3} `(\w+)`\n(.*?)(?=^#{2,3} |\Z)", TEXT, flags=re.MULTILINE | re.DOTALL)
    for block in re.findall(r"(?:(?:^    .*\n)+\n*)+", body, flags=re.MULTILINE)
]


def placed(heading: str, block: str) -> Any:
    """Return the example config with what the *block* under *heading* says."""
    written = yaml.safe_load(block)
    team = EXAMPLE["teams"]["social"]
    teams = EXAMPLE["teams"] | {"interpreters": {"rota": [{"on": ["priya"]}]}}
    match heading:
        case "quiet" | "leave":
            changes = {"staff": EXAMPLE["staff"] | written}
        case "teams" | "rotation" | "overrides":
            changes = {"teams": teams | {"social": team | written}}
        case "waits":
            changes = {"policies": EXAMPLE["policies"] | written}
        case "calendars":
            changes = written | {"teams": teams | written["teams"]}
        case _:
            changes = written
    return EXAMPLE | {"teams": teams} | changes


def config_of(document: object) -> AutomationConfig:
    found, problems = check(document)
    assert found is not None, problems
    return found


@pytest.mark.parametrize(("heading", "block"), BLOCKS, ids=[f"{heading}-{n}" for n, (heading, _) in enumerate(BLOCKS)])
def test_every_example_passes_the_check(heading: str, block: str) -> None:
    assert check(placed(heading, block))[1] == []


def test_the_examples_are_all_found() -> None:
    headings = [heading for heading, _ in BLOCKS]

    assert len(BLOCKS) == len(
        re.findall(r"(?:^    .*\n(?:\n(?=    ))?)+", TEXT.partition("## `staff`")[2], re.MULTILINE)
    )
    assert {"quiet", "leave", "rotation", "overrides", "waits", "routes", "triage", "sms", "calendars"} <= set(headings)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def test_what_the_docs_say_of_a_clock_is_so() -> None:
    (routes,) = (block for heading, block in BLOCKS if heading == "routes")
    config = config_of(placed("routes", routes))
    due = after(of(config, "social"), moment("2026-10-16T17:00-04:00"), config.routes[-1].answer_within)

    assert due == moment("2026-10-19T11:00-04:00")
    assert "asked on Friday at five, due on Monday at eleven" in routes
    assert [date(2026, 10, 5).weekday(), date(2026, 10, 3).weekday()] == [0, 5]


def test_the_swap_of_the_docs_swaps() -> None:
    (swaps,) = (block for heading, block in BLOCKS if heading == "overrides")
    config = config_of(placed("overrides", swaps))

    assert duty(config, "social", moment("2026-12-24T12:00-05:00")) == ("priya", "james")
    assert duty(config, "social", moment("2026-12-31T12:00-05:00")) == ("maria", "james")
    assert duty(config, "social", moment("2027-02-07T20:00-05:00")) == ("tom", "sister-ruth")


def test_a_night_each_turns_while_nobody_of_them_is_on_duty() -> None:
    _, nights = (block for heading, block in BLOCKS if heading == "rotation")
    config = config_of(placed("rotation", nights))

    evening, morning, next_evening = (f"2026-10-{text}-04:00" for text in ("05T20:00", "06T07:00", "06T20:00"))
    assert duty(config, "social", moment(evening)) == duty(config, "social", moment(morning)) == ("tom", "james")
    assert duty(config, "social", moment(next_evening)) == ("james", "tom")
