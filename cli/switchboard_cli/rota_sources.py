"""Where the rota commands take config and calendars from: files, or the stack."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from switchboard_cli.moments import moment
from switchboard_cli.stack import Stack
from switchboard_cli.terminal import BadInput, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.rota import Calendars, Span
    from switchboard.domain.rota_calendar import Entries, StoredCalendar
    from switchboard.ports import CalendarStore


_GAPS = re.compile(r"teams\.[^.]+\.rota")
"""Where the check of a config puts the holes of a rota."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A config, what its calendars say, and the moment that --at names."""

    config: AutomationConfig
    calendars: Calendars
    now: datetime


def from_file(path: Path, *, with_gaps: bool = False) -> AutomationConfig:
    """Return the config in *path*; raise BadInput with what is wrong in it.

    *with_gaps* takes one whose only fault is that its shifts leave holes, which are told: to be seen is to be mended.
    """
    from switchboard_cli.config_file import check_file  # noqa: PLC0415 - pydantic is slow to import

    checked = check_file(path)
    if checked.config is not None:
        return checked.config
    told = [finding.line_of_text() for finding in checked.findings]
    if not with_gaps or not all(_GAPS.fullmatch(finding.path) for finding in checked.findings):
        raise BadInput("; ".join(told))
    from switchboard.config import AutomationConfig  # noqa: PLC0415
    from switchboard_cli.yaml_source import read  # noqa: PLC0415

    for line in told:
        say(line)
    return AutomationConfig.model_validate(read(path).value)


def from_stack(stack: Stack) -> AutomationConfig:
    """Return the config in force; raise BadInput when it is not valid any more."""
    from switchboard.config import check  # noqa: PLC0415 - starts slowly
    from switchboard_cli.config_push import in_force  # noqa: PLC0415

    config, problems = check(in_force(stack))
    if config is None:
        raise BadInput(f"the config in force is not valid any more ({len(problems)} problems); push it again")
    return config


def planned(path: Path | None, stack: tuple[str, str, str], files: Sequence[str], at: str) -> Planned:
    """Return the config of *path*, or the one in force, with its calendars; *files* (NAME=FILE) are read instead."""
    given = dict(_named(told) for told in files)
    calendars: dict[str, Sequence[Span]] = {}
    if path is None:
        found = Stack.find(*stack)
        config = from_stack(found)
        stored = store_of(found).load_all(config.calendars)
        calendars = {name: one.spans for name, one in stored.items() if one.read_at is not None}
        _tell(stored.values(), config)
    else:
        config = from_file(path, with_gaps=True)
    now = moment(at, config.zone)
    calendars |= {name: imported(config, name, file, now).spans for name, file in given.items()}
    for name in config.calendars:
        if name not in calendars:
            where = "it was never read" if path is None else f"offline; give --calendar {name}=FILE.ics"
            say(f"switchboard: calendar {name} is not known: {where}")
    return Planned(config=config, calendars=calendars, now=now)


def _tell(stored: Iterable[StoredCalendar], config: AutomationConfig) -> None:
    """Say what is to be mended in the calendars as they were last read, without a name."""
    from switchboard.domain.rota_calendar import sentences, zone_of  # noqa: PLC0415 - starts slowly

    for one in stored:
        if one.failure and one.read_at:
            say(f"switchboard: calendar {one.name}: {one.failure}; it is as it was on {one.read_at:%Y-%m-%d %H:%M} UTC")
        for sentence in sentences(one, zone_of(config, one.name)):
            say(f"switchboard: calendar {one.name}: {sentence}")


def store_of(stack: Stack) -> CalendarStore:
    """Return where *stack* keeps its calendars."""
    from switchboard.adapters.calendar_store import DynamoCalendars  # noqa: PLC0415 - starts slowly

    return DynamoCalendars(stack.client("dynamodb"), stack.tables["posts"])


def imported(config: AutomationConfig, name: str, file: Path, now: datetime) -> StoredCalendar:
    """Return the iCalendar *file* as the calendar *name*; raise BadInput when it is none, or the config has no such."""
    from switchboard.domain.rota_calendar import People, basis_of, understood  # noqa: PLC0415 - starts slowly

    if name not in config.calendars:
        known = ", ".join(config.calendars) or "none yet"
        raise BadInput(f"the config has no calendar {name!r}; add it under `calendars` (there: {known})")
    stored = understood(name, _entries(config, name, file, now), People(config, name))
    return replace(stored, read_at=now, basis=basis_of(config, name))


def _entries(config: AutomationConfig, name: str, file: Path, now: datetime) -> Entries:
    from switchboard.adapters.calendars import entries  # noqa: PLC0415 - starts slowly
    from switchboard.domain.rota_calendar import AHEAD_OF_A_FILE, BEHIND, zone_of  # noqa: PLC0415

    try:
        text = file.read_bytes()
    except OSError as exc:
        raise BadInput(f"{file}: cannot be read: {exc.strerror}; give an iCalendar file (.ics)") from exc
    try:
        return entries(text, zone=zone_of(config, name), start=now - BEHIND, end=now + AHEAD_OF_A_FILE)
    except ValueError as exc:
        raise BadInput(f"{file}: {exc}") from exc


def _named(told: str) -> tuple[str, Path]:
    name, equals, file = told.partition("=")
    if not equals or not name or not file:
        raise BadInput(f"--calendar {told!r} is not NAME=FILE.ics")
    return name, Path(file)
