"""`switchboard crisis`: when it ends, and that it never says what is not so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from switchboard.errors import Conflict
from switchboard_cli import crisis
from switchboard_cli.main import app
from switchboard_cli.stack import Stack

if TYPE_CHECKING:
    from switchboard.domain.crisis import Crisis


class _Switch:
    """Keeps a crisis, and is beaten to it as often as it is told."""

    def __init__(self) -> None:
        self.kept: Crisis | None = None
        self.conflicts = 0

    def current(self) -> Crisis | None:
        return self.kept

    def save(self, crisis: Crisis) -> None:
        if self.conflicts:
            self.conflicts -= 1
            raise Conflict("another was quicker")
        self.kept = crisis


@pytest.fixture
def switch(monkeypatch: pytest.MonkeyPatch) -> _Switch:
    switch = _Switch()

    def store(_stack: object) -> _Switch:
        return switch

    def find(*_names: str) -> None:
        return None

    monkeypatch.setattr(crisis, "_store", store)
    monkeypatch.setattr(Stack, "find", find)
    return switch


START = ["crisis", "start", "--why", "a storm", "--by", "maria", "--yes"]


def test_it_ends_when_the_clock_on_the_wall_says_so(switch: _Switch) -> None:
    done = CliRunner().invoke(app, [*START, "--until", "2126-07-01T08:00", "--zone", "America/New_York"])

    assert (done.exit_code, done.stdout) == (0, "All automatic posts are stopped.\n")
    assert switch.kept is not None
    assert switch.kept.until == datetime(2126, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(("given", "hours"), [([], 24), (["--for", "90m"], 1.5), (["--for", "2d"], 48)])
def test_it_lasts_as_long_as_is_said_or_a_day(switch: _Switch, given: list[str], hours: float) -> None:
    assert CliRunner().invoke(app, [*START, *given]).exit_code == 0

    assert switch.kept is not None
    lasts = (switch.kept.until - switch.kept.started_at).total_seconds() / 3600
    assert lasts == pytest.approx(hours, abs=0.01)


def test_who_is_beaten_to_it_tries_again_and_who_always_is_says_that_nothing_changed(switch: _Switch) -> None:
    switch.conflicts = crisis.ATTEMPTS - 1
    assert CliRunner().invoke(app, START).exit_code == 0
    assert switch.kept is not None

    switch.conflicts = crisis.ATTEMPTS
    done = CliRunner().invoke(app, ["crisis", "end", "--by", "maria", "--yes"])
    assert done.exit_code != 0
    assert "NOTHING was changed" in done.stderr
    assert done.stdout == ""
    assert switch.kept.ended_at is None
