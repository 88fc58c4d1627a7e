"""Calendars and gaps through the deployed stack: the tool stores one, the timers read and report it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from local.credentials import ROOT, switchboard
from local.outbox import emails
from tests.e2e.test_line import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from local.stack import Stack

pytestmark = pytest.mark.stack
DEMO = ROOT / "config" / "demo.yaml"
HOUR = timedelta(hours=1)


@pytest.fixture
def clinic(stack: Stack, tmp_path: Path) -> Iterator[Path]:
    """A calendar file in which Maria is on duty until the day after tomorrow; a team that no route names goes by it."""
    document = yaml.safe_load(DEMO.read_text())
    document["calendars"] = {"clinic": {}}
    document["teams"]["clinic"] = {"rota": [{"calendar": "clinic"}]}
    document["admins"] = ["ana"]
    path = tmp_path / "with-calendar.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False))
    switchboard("config", "push", str(path), "--wait")
    now = datetime.now(UTC)
    file = tmp_path / "clinic.ics"
    file.write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Mercy//EN\nBEGIN:VEVENT\nUID:1\n"
        f"DTSTART:{now - HOUR:%Y%m%dT%H%M%SZ}\nDTEND:{now + 50 * HOUR:%Y%m%dT%H%M%SZ}\n"
        "SUMMARY:Maria Lopez\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    yield file
    switchboard("config", "push", str(DEMO), "--wait")


def run(stack: Stack, logical_id: str) -> dict[str, Any]:
    """Invoke the function as its timer does."""
    found = stack.client("cloudformation").describe_stack_resource(
        StackName=stack.stack_name, LogicalResourceId=logical_id
    )
    name = found["StackResourceDetail"]["PhysicalResourceId"]
    answer = stack.client("lambda").invoke(FunctionName=name, Payload=b"{}")
    payload = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, payload
    result: dict[str, Any] = payload
    return result


def test_a_calendar_is_imported_shown_and_its_end_is_told_to_the_admins_once(stack: Stack, clinic: Path) -> None:
    told = switchboard("rota", "import", "clinic", str(clinic))
    (shown,) = json.loads(switchboard("rota", "show", "--team", "clinic", "--json"))

    assert "Maria Lopez" in told
    assert shown["on_duty"] == ["Maria Lopez"]
    assert [gap["reason"] for gap in shown["gaps"]][-1] == "Calendar clinic names nobody."

    reported = eventually(lambda: (found := run(stack, "ReportCoverageFunction"))["told"] and found)
    again = run(stack, "ReportCoverageFunction")
    assert (reported["told"], again["new"], again["told"]) == (1, 0, 0)
    subject = "nobody would be rung"
    mails = [one for one in emails(stack.endpoint_url, "ana@example.org") if subject in one]
    assert len(mails) == 1
    assert "clinic: " in mails[0]
    assert "Maria" not in mails[0]

    assert run(stack, "ReadCalendarsFunction") == {"read": 0, "failed": 0, "waiting": 0, "trouble": 0}
