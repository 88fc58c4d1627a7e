"""`switchboard staff`: who is on duty and who cannot be rung, from the config in force and the pagers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner

from switchboard.adapters.pagers import DynamoPagers
from switchboard.domain.pager import Pager, mark_dead
from switchboard_cli import rota_sources
from switchboard_cli.main import app
from switchboard_cli.stack import Stack
from tests.fakes.hospital import DOCUMENT, config
from tests.fakes.tables import POSTS, QUESTIONS, create_posts_table, create_questions_table

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime.now(UTC)


@pytest.fixture
def pagers(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoPagers]:
    found = Stack(
        name="mercy",
        region="us-east-1",
        endpoint_url="",
        api_url="",
        tables={"questions": QUESTIONS, "posts": POSTS},
        appconfig={},
    )
    monkeypatch.setattr(Stack, "find", lambda *_: found)
    around = [f"{NOW + timedelta(days=days):%Y-%m-%d}" for days in (-1, 2)]  # in whatever zone
    on_leave = DOCUMENT["staff"]["james"] | {"leave": [{"start": around[0], "end": around[1]}]}
    monkeypatch.setattr(rota_sources, "from_stack", lambda _: config(staff=DOCUMENT["staff"] | {"james": on_leave}))
    with mock_aws():
        client: Any = boto3.client("dynamodb", region_name="us-east-1")
        create_questions_table(client)
        create_posts_table(client)
        yield DynamoPagers(client, QUESTIONS)


def test_each_person_has_a_row_with_why_they_are_not_rung(pagers: DynamoPagers) -> None:
    dead = mark_dead(Pager(staff_id="maria"), "sms", "+12025550101", reason="opted_out", now=NOW)
    assert dead is not None
    pagers.save(dead)
    pagers.save(replace(Pager(staff_id="chen"), away_until=NOW + timedelta(hours=1), version=1))

    done = CliRunner().invoke(app, ["staff", "--json"])

    assert done.exit_code == 0, done.output
    rows = {row["staff_id"]: row for row in json.loads(done.stdout)}
    assert rows["maria"]["on_duty"] == "social (1)"
    assert rows["maria"]["reached_by"] == "email"
    assert rows["maria"]["not_rung"] == "sms: opted_out"
    assert rows["chen"]["not_rung"] == "away, by their own text"
    assert "on leave" in rows["james"]["not_rung"]
    assert "+1202" not in done.stdout


def test_the_table_fits_a_terminal(pagers: DynamoPagers) -> None:
    done = CliRunner().invoke(app, ["staff"])

    assert done.exit_code == 0
    assert "maria" in done.stdout
