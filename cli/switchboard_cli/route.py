"""`switchboard route`: where a question would go, and whom it would ring when."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from switchboard_cli.terminal import AsJson, BadInput, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from switchboard.config import AutomationConfig
    from switchboard.domain.route_explained import Explained
    from switchboard.domain.routing import Asked


def route(  # noqa: PLR0913 - the options of a command
    config_file: Annotated[Path, typer.Argument(help="A config file.", show_default=False)],
    *,
    channel: Annotated[str, typer.Option("--channel", help="Where it comes in. Default: the first channel.")] = "",
    category: Annotated[str, typer.Option("--category", help="What it is about, as triage says it.")] = "general",
    urgency: Annotated[str, typer.Option("--urgency", help="How urgent it is, as triage says it.")] = "normal",
    language: Annotated[str, typer.Option("--language", help="Its language, as en or es.")] = "en",
    at: Annotated[str, typer.Option("--at", help="When it comes in: ISO 8601. Default: now.", show_default=False)] = "",
    calendar: Annotated[
        list[str] | None,
        typer.Option("--calendar", metavar="NAME=FILE", help="Take this calendar from an .ics file; may be repeated."),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say why the routes before do not take it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say which route takes a question, whom it rings when, and its deadline.

    Offline, of a config file. Whoever has texted that they are away is not known to it.
    """
    from switchboard.domain.route_explained import explain as find  # noqa: PLC0415 - starts slowly
    from switchboard_cli.rota_sources import planned  # noqa: PLC0415

    found = planned(config_file, ("", "", ""), calendar or [], at)
    asked = _asked(found.config, found.now, channel or next(iter(found.config.channels)), category, urgency, language)
    explained = find(found.config, asked, found.calendars)
    if as_json:
        print_json(explained)
        return
    for line in _told(explained, asked, found.config, explain=explain):
        typer.echo(line)


def _asked(config: AutomationConfig, now: datetime, channel: str, category: str, urgency: str, language: str) -> Asked:
    from switchboard.domain.routing import Asked  # noqa: PLC0415 - starts slowly
    from switchboard.domain.vocabulary import Category, Urgency  # noqa: PLC0415

    if channel not in config.channels:
        raise BadInput(f"the config has no channel {channel!r}; use one of: {', '.join(config.channels)}")
    for option, given, known in (("category", category, Category), ("urgency", urgency, Urgency)):
        if given not in list(known):
            raise BadInput(f"--{option} {given!r} is not known; use one of: {', '.join(known)}")
    return Asked(
        channel=channel,
        platform=config.channels[channel].platform,
        category=Category(category),
        urgency=Urgency(urgency),
        language=language,
        at=now,
    )


def _told(found: Explained, asked: Asked, config: AutomationConfig, *, explain: bool) -> Iterator[str]:
    zone = ZoneInfo(config.zone_of(found.routed.team))

    def clock(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%a %d %b %H:%M}"

    def names(staff_ids: tuple[str, ...]) -> str:
        return ", ".join(config.staff[one].name if one in config.staff else one for one in staff_ids)

    if explain:
        what = f"{asked.urgency}, {asked.category}, {asked.language}"
        yield f"{what}, on {asked.channel} ({asked.platform}), {clock(asked.at)}"
        for passed in found.passed_over:
            yield f"  not {passed.route}: {passed.reason}"
    yield f"Route {found.route}: team {found.routed.team}, policy {found.policy} ({zone.key})"
    for step in found.steps:
        hours = ", then waits in business hours only" if step.business else ""
        yield f"  {clock(step.at)}  {step.alert}: {names(step.staff_ids)}{hours}"
    yield f"  {clock(found.again_at)}  the steps begin again, until somebody claims it"
    last = names((config.last_resort,))
    yield f"  {clock(found.last_resort_at)}  {last} is rung as well, as the last resort"
    yield f"To be answered by {clock(found.routed.answer_by)}"
