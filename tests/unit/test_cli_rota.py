"""`switchboard rota`: the picture, the gaps with an exit code, and calendars from a file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import boto3
import pytest
import yaml
from moto import mock_aws
from typer.testing import CliRunner, Result

from switchboard.adapters.calendar_store import DynamoCalendars
from switchboard_cli import config_push
from switchboard_cli.main import app
from switchboard_cli.stack import Stack
from tests.fakes.hospital import DOCUMENT
from tests.fakes.tables import POSTS, create_posts_table

if TYPE_CHECKING:
    from collections.abc import Iterator

RUN = CliRunner()
EXAMPLE = str(Path(__file__).parents[2] / "config" / "example.yaml")
SAMPLES = Path(__file__).parent / "samples"
PAGERDUTY = str(SAMPLES / "pagerduty.ics")
AT = ["--at", "2026-11-23T10:00"]
CALENDAR = {
    "teams": {"social": {"rota": [{"calendar": "rota"}]}, "office": {"rota": [{"on": ["james"]}]}},
    "calendars": {"rota": {}},
}


def run(*words: str, **env: str) -> Result:
    return RUN.invoke(app, ["rota", *words], env={"NO_COLOR": "", **env})


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A config whose team social goes by the calendar rota."""
    path = tmp_path / "mercy.yaml"
    path.write_text(yaml.safe_dump(DOCUMENT | CALENDAR, sort_keys=False))
    return str(path)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoCalendars]:
    """The calendars of a stack with this config in force."""
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        create_posts_table(client)
        stack = Stack(
            name="mercy", region="us-east-1", endpoint_url="", api_url="", tables={"posts": POSTS}, appconfig={}
        )
        monkeypatch.setattr(Stack, "find", lambda *_: stack)
        monkeypatch.setattr(config_push, "in_force", lambda _: DOCUMENT | CALENDAR)
        yield DynamoCalendars(client, POSTS)


# --- show ------------------------------------------------------------------------------------------------------------


def test_a_config_file_is_shown_offline_with_all_its_teams() -> None:
    result = run("show", EXAMPLE, *AT)

    assert result.exit_code == 0
    assert "social  Mon 23 Nov to Sun 06 Dec 2026  (America/New_York)" in result.stdout
    assert "On duty, Mon 23 Nov 10:00: Maria Lopez, then James Okafor, then Priya Nair" in result.stdout
    assert "clinical  Mon 23 Nov" in result.stdout
    assert "* Thu 26 Nov: Thanksgiving" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 120


@pytest.mark.parametrize(("words", "env"), [(["--plain"], {}), ([], {"NO_COLOR": "1"})])
def test_it_is_ascii_without_colours_when_asked_to(words: list[str], env: dict[str, str]) -> None:
    result = run("show", EXAMPLE, *AT, *words, **env)

    assert result.stdout.isascii()
    assert "##" in result.stdout
    assert "\x1b" not in result.stdout


def test_one_team_and_some_days() -> None:
    result = run("show", EXAMPLE, *AT, "--team", "clinical", "--days", "3")

    assert "clinical  Mon 23 Nov to Wed 25 Nov 2026" in result.stdout
    assert "social" not in result.stdout


def test_a_team_that_is_not_there_is_told() -> None:
    result = run("show", EXAMPLE, "--team", "nobody")

    assert result.exit_code == 2
    assert result.stderr == "switchboard: the config has no team 'nobody'; use one of: social, clinical\n"


def test_the_picture_is_written_instead(tmp_path: Path) -> None:
    path = tmp_path / "rota.svg"

    result = run("show", EXAMPLE, *AT, "--svg", str(path))

    assert (result.exit_code, result.stdout) == (0, "")
    assert ET.parse(path).getroot().tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own


def test_a_picture_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    result = run("show", EXAMPLE, "--svg", str(tmp_path / "nowhere" / "rota.svg"))

    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_json_has_turns_and_gaps(file: str) -> None:
    result = run("show", file, *AT, "--calendar", f"rota={PAGERDUTY}", "--json", "--days", "2")

    social, office = json.loads(result.stdout)
    assert (social["team"], social["zone"], social["on_duty"]) == ("social", "America/New_York", ["Maria Lopez"])
    assert social["turns"][1] == {
        "start": "2026-11-23T13:00:00Z",
        "end": "2026-11-24T13:00:00Z",
        "staff_ids": ["maria"],
    }
    assert [gap["reason"] for gap in social["gaps"]] == ["Calendar rota names nobody."]
    assert office["gaps"] == []


def test_offline_a_calendar_comes_from_a_file_or_is_missed(file: str) -> None:
    missed, found = run("show", file, *AT), run("show", file, *AT, "--calendar", f"rota={PAGERDUTY}")

    assert "calendar rota is not known: offline; give --calendar rota=FILE.ics" in missed.stderr
    assert "nobody, only the last resort would be rung" in missed.stdout
    assert found.stderr == ""
    assert "On duty, Mon 23 Nov 10:00: Maria Lopez" in found.stdout


@pytest.mark.parametrize("told", ["rota", "=x.ics", "rota="])
def test_a_calendar_needs_a_name_and_a_file(file: str, told: str) -> None:
    result = run("show", file, "--calendar", told)

    assert result.exit_code == 2
    assert "is not NAME=FILE.ics" in result.stderr


def test_without_a_file_it_is_the_config_in_force_with_the_calendars_as_read(store: DynamoCalendars) -> None:
    missed = run("show", *AT)
    run("import", "rota", PAGERDUTY, *AT)

    found = run("show", *AT, "--team", "social")

    assert "calendar rota is not known: it was never read" in missed.stderr
    assert "On duty, Mon 23 Nov 10:00: Maria Lopez" in found.stdout


def test_what_is_to_be_mended_in_a_calendar_is_said_without_a_name(store: DynamoCalendars) -> None:
    run("import", "rota", PAGERDUTY, *AT)
    stored = store.load_all(["rota"])["rota"]
    store.save(replace(stored, failures=2, failure="the calendar's host did not answer"))

    told = run("show", *AT).stderr.splitlines()

    assert told[0] == (
        "switchboard: calendar rota: the calendar's host did not answer; it is as it was on 2026-11-23 15:00 UTC"
    )
    assert told[1].startswith("switchboard: calendar rota: 1 entry names nobody of the staff")
    assert "Robin" not in "".join(told)


def test_a_config_with_problems_is_told_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("zone: Nowhere\n")

    result = run("show", str(path))

    assert result.exit_code == 2
    assert "bad.yaml:1:1" in result.stderr


@pytest.mark.parametrize("at", ["yesterday", "2026-13-01"])
def test_a_time_that_is_none_is_told(at: str) -> None:
    result = run("show", EXAMPLE, "--at", at)

    assert result.exit_code == 2
    assert "is not a time; write it as" in result.stderr


def test_a_time_without_an_offset_is_the_hospitals() -> None:
    there, here = run("show", EXAMPLE, "--at", "2026-11-23T10:00"), run("show", EXAMPLE, "--at", "2026-11-23T15:00:00Z")

    assert there.stdout == here.stdout


# --- coverage --------------------------------------------------------------------------------------------------------


def test_a_rota_that_covers_everything_is_said_so() -> None:
    result = run("coverage", EXAMPLE, *AT)

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "somebody would be rung at every hour of the next 14 days, in every team\n"


def test_each_gap_is_a_line_and_the_exit_code_is_3(file: str) -> None:
    result = run("coverage", file, *AT, "--calendar", f"rota={PAGERDUTY}", "--days", "3")

    assert result.exit_code == 3
    assert result.stdout.splitlines() == [
        "social: Wed 25 Nov 08:00 to Thu 26 Nov 10:00 (America/New_York), 1 day 2 h. Calendar rota names nobody."
    ]


def test_gaps_as_json(file: str) -> None:
    result = run("coverage", file, *AT, "--calendar", f"rota={PAGERDUTY}", "--days", "3", "--json")

    assert result.exit_code == 3
    assert json.loads(result.stdout) == [
        {
            "team_id": "social",
            "start": "2026-11-25T13:00:00Z",
            "end": "2026-11-26T15:00:00Z",
            "reason": "Calendar rota names nobody.",
        }
    ]


def test_a_rota_with_holes_is_drawn_and_they_are_told_though_the_check_refuses_it(tmp_path: Path) -> None:
    weekdays = {"social": {"rota": [{"days": ["mon", "tue", "wed", "thu", "fri"], "on": ["maria"]}]}}
    path = tmp_path / "holes.yaml"
    path.write_text(yaml.safe_dump(DOCUMENT | {"teams": weekdays}))

    shown, found = run("show", str(path), *AT, "--plain"), run("coverage", str(path), *AT)

    assert (shown.exit_code, found.exit_code) == (0, 3)
    assert "NOBODY" in shown.stdout
    assert "teams.social.rota: nobody is on duty from sat 00:00 to mon 00:00" in shown.stderr
    assert found.stdout.startswith("social: Sat 28 Nov 00:00 to Mon 30 Nov 00:00 (America/New_York), 2 days.")


@pytest.mark.parametrize("days", ["0", "367", "many"])
def test_days_are_a_number_that_makes_sense(days: str) -> None:
    assert run("coverage", EXAMPLE, "--days", days).exit_code == 2


# --- import ----------------------------------------------------------------------------------------------------------


def test_a_file_is_stored_and_what_was_understood_is_shown(store: DynamoCalendars) -> None:
    result = run("import", "rota", PAGERDUTY, *AT)

    assert result.exit_code == 0
    assert "Mon 2026-11-23 08:00" in result.stdout
    assert "James Okafor" in result.stdout
    assert "1 entry names nobody of the staff, the first on 2026-11-25 at 08:00 (America/New_York)" in result.stderr
    assert "Robin" not in result.stdout + result.stderr
    stored = store.load_all(["rota"])["rota"]
    assert [span.staff_ids for span in stored.spans] == [("maria",), ("james",)]
    assert stored.read_at == datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    assert stored.until is not None
    assert (stored.until - stored.read_at).days == 366


def test_a_dry_run_stores_nothing(store: DynamoCalendars) -> None:
    assert run("import", "rota", PAGERDUTY, *AT, "--dry-run").exit_code == 0

    assert store.load_all(["rota"]) == {}


def test_a_dry_run_with_a_config_file_needs_no_stack(file: str) -> None:
    result = run("import", "rota", PAGERDUTY, *AT, "--dry-run", "--config", file, "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout)["unknown"] == 1
    assert run("import", "rota", PAGERDUTY, "--config", file).exit_code == 2


def test_a_calendar_that_is_not_in_the_config_is_told(file: str) -> None:
    result = run("import", "clinic", PAGERDUTY, "--dry-run", "--config", file)

    assert result.exit_code == 2
    assert "the config has no calendar 'clinic'; add it under `calendars` (there: rota)" in result.stderr


def test_a_calendar_that_is_read_from_an_address_is_not_imported(
    store: DynamoCalendars, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = {"calendars": {"rota": {"url": "https://calendar.example.org/rota.ics"}}}
    monkeypatch.setattr(config_push, "in_force", lambda _: DOCUMENT | CALENDAR | read)

    refused, shown = run("import", "rota", PAGERDUTY, *AT), run("import", "rota", PAGERDUTY, *AT, "--dry-run")

    assert refused.exit_code == 2
    assert "has an address and is read from there" in refused.stderr
    assert shown.exit_code == 0
    assert store.load_all(["rota"]) == {}


@pytest.mark.parametrize(
    ("content", "said"), [(b"<html>", "is not iCalendar"), (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "nothing was stored")]
)
def test_a_file_that_names_nobody_is_refused(store: DynamoCalendars, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "rota.ics"
    path.write_bytes(content)

    result = run("import", "rota", str(path))

    assert result.exit_code == 2
    assert said in result.stderr
    assert store.load_all(["rota"]) == {}


def test_a_file_that_is_not_there_is_told(store: Any) -> None:
    result = run("import", "rota", "nowhere.ics")

    assert result.exit_code == 2
    assert "nowhere.ics: cannot be read: No such file or directory; give an iCalendar file (.ics)" in result.stderr
