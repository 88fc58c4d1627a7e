"""`switchboard rota`: who is on duty, as a picture; the hours that nobody covers; calendars from a file."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from switchboard_cli.stack import Endpoint, Region, Stack, StackName
from switchboard_cli.terminal import AsJson, BadInput, print_json, print_table, say

if TYPE_CHECKING:
    from switchboard.domain.rota_calendar import StoredCalendar
    from switchboard.domain.rota_chart import Chart
    from switchboard_cli.rota_sources import Planned

rota = typer.Typer(
    name="rota",
    help="Show who is on duty, find the hours that nobody covers, import calendars.",
    epilog="Example: switchboard rota show config/example.yaml",
    no_args_is_help=True,
)

GAPS = 3
"""The exit code that says: there are hours for which nobody would be rung."""
_MOST_DAYS = 366
_NARROWEST, _WIDEST = 60, 120
_FIRST_ENTRIES = 10

OptionalFile = Annotated[
    Path | None, typer.Argument(help="A config file. Default: the config in force.", show_default=False)
]
Days = Annotated[int, typer.Option("--days", min=1, max=_MOST_DAYS, help="How many days, from the day of --at on.")]
At = Annotated[str, typer.Option("--at", help="The moment to begin at: ISO 8601. Default: now.", show_default=False)]
CalendarFiles = Annotated[
    list[str] | None,
    typer.Option("--calendar", metavar="NAME=FILE", help="Take this calendar from an .ics file; may be repeated."),
]


@rota.command(epilog="Example: switchboard rota show config/example.yaml --team social --svg rota.svg")
def show(  # noqa: PLR0913 - the options of a command
    config_file: OptionalFile = None,
    *,
    team: Annotated[list[str] | None, typer.Option("--team", help="Only this team; may be repeated.")] = None,
    days: Days = 14,
    at: At = "",
    calendar: CalendarFiles = None,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Write the picture there, as SVG.")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="ASCII without colours, as with NO_COLOR.")] = False,
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Show who is on duty, day by day: a row a person, gaps in red.

    Of a config file offline, or of the config in force with the calendars as last read.
    """
    from switchboard.domain.rota_chart import charts  # noqa: PLC0415 - starts slowly
    from switchboard_cli.rota_sources import planned  # noqa: PLC0415

    found = planned(config_file, (stack, region, endpoint_url), calendar or [], at)
    unknown = [name for name in team or [] if name not in found.config.teams]
    if unknown:
        raise BadInput(f"the config has no team {unknown[0]!r}; use one of: {', '.join(found.config.teams)}")
    drawn = charts(found.config, team or list(found.config.teams), found.now, days, found.calendars)
    if svg is not None:
        from switchboard_cli.rota_svg import svg as picture  # noqa: PLC0415

        _write(svg, picture(drawn, found.config))
        say(f"switchboard: wrote {svg}")
    if as_json:
        print_json([_plain(chart) for chart in drawn])
    elif svg is None:
        _print(drawn, found, plain=plain)


@rota.command(epilog="Example: switchboard rota coverage config/example.yaml --days 30")
def coverage(
    config_file: OptionalFile = None,
    *,
    days: Days = 14,
    at: At = "",
    calendar: CalendarFiles = None,
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Name every hour for which nobody of a team would be rung.

    Exits 3 if there is one; then only the last resort would be rung.
    """
    from switchboard.domain.rota import coverage as find  # noqa: PLC0415 - starts slowly
    from switchboard.domain.rota_report import sentence  # noqa: PLC0415
    from switchboard_cli.rota_sources import planned  # noqa: PLC0415

    found = planned(config_file, (stack, region, endpoint_url), calendar or [], at)
    gaps = find(found.config, found.now, found.now + timedelta(days=days), found.calendars)
    if as_json:
        print_json(gaps)
    else:
        for gap in gaps:
            typer.echo(sentence(found.config, gap))
        if not gaps:
            typer.echo(f"somebody would be rung at every hour of the next {days} days, in every team")
    if gaps:
        raise typer.Exit(GAPS)


@rota.command("import", epilog="Example: switchboard rota import clinic clinic.ics --dry-run")
def import_calendar(  # noqa: PLR0913 - the options of a command
    name: Annotated[str, typer.Argument(help="The calendar's id in the config.", show_default=False)],
    file: Annotated[Path, typer.Argument(help="An iCalendar file (.ics).", show_default=False)],
    *,
    config: Annotated[Path | None, typer.Option(help="With --dry-run: people and zone from this config file.")] = None,
    at: At = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what was understood.")] = False,
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Store an iCalendar file as a calendar of the config, for a year ahead.

    It shows what was understood. A calendar that has an address is read from there, and cannot be imported.
    """
    from switchboard.domain.rota_calendar import sentences, zone_of  # noqa: PLC0415 - starts slowly
    from switchboard_cli.moments import moment  # noqa: PLC0415
    from switchboard_cli.rota_sources import from_file, from_stack, imported, store_of  # noqa: PLC0415

    if config is not None and not dry_run:
        raise BadInput("--config is for --dry-run; the file is stored with the people of the config in force")
    found = None if config is not None else Stack.find(stack, region, endpoint_url)
    automation = from_file(config) if config is not None else from_stack(found or Stack.find())
    if name in automation.calendars and automation.calendars[name].url and not dry_run:
        raise BadInput(f"calendar {name} has an address and is read from there; take out its url to import a file")
    stored = imported(automation, name, file, moment(at, automation.zone))
    zone = zone_of(automation, name)
    if as_json:
        print_json(stored)
    else:
        _tell(stored, {staff_id: member.name for staff_id, member in automation.staff.items()}, zone)
    for line in sentences(stored, zone):
        say(line)
    if not stored.spans:
        raise BadInput(f"nobody of the staff is in {file} for the coming year; nothing was stored")
    if found is not None and not dry_run:
        store_of(found).save(stored)
        say(f"switchboard: stored as calendar {name}")


def _print(drawn: list[Chart], found: Planned, *, plain: bool) -> None:
    from rich.console import Console  # noqa: PLC0415 - slow to import

    from switchboard_cli.rota_text import drawn as lines_of  # noqa: PLC0415

    bare = plain or bool(os.environ.get("NO_COLOR")) or "utf" not in (sys.stdout.encoding or "").lower()
    console = Console(no_color=bare or None, highlight=False)
    width = max(_NARROWEST, min(_WIDEST, console.width if sys.stdout.isatty() else _WIDEST))
    for number, chart in enumerate(drawn):
        if number:
            typer.echo()
        for line in lines_of(chart, found.config, width=width, plain=bare):
            if bare or not console.is_terminal:
                typer.echo(line.plain.rstrip())
            else:
                console.print(line, no_wrap=True, crop=False, soft_wrap=True)


def _plain(chart: Chart) -> dict[str, object]:
    return {
        "team": chart.team_id,
        "zone": chart.zone,
        "at": chart.now,
        "on_duty": chart.on_duty,
        "turns": chart.turns,
        "gaps": chart.gaps,
        "holidays": [{"day": day.day.isoformat(), "name": day.holiday} for day in chart.days if day.holiday],
    }


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise BadInput(f"{path}: cannot be written: {exc.strerror}") from exc


def _tell(stored: StoredCalendar, names: dict[str, str], zone: str) -> None:
    there = ZoneInfo(zone)
    rows = [
        (
            *(f"{moment.astimezone(there):%a %Y-%m-%d %H:%M}" for moment in (span.start, span.end)),
            ", then ".join(names.get(staff_id, staff_id) for staff_id in span.staff_ids),
        )
        for span in stored.spans[:_FIRST_ENTRIES]
    ]
    print_table((f"from ({zone})", "to", "on duty"), rows, empty="nobody of the staff is in it")
    if len(stored.spans) > _FIRST_ENTRIES:
        typer.echo(f"and {len(stored.spans) - _FIRST_ENTRIES} more, the last until {stored.spans[-1].end:%Y-%m-%d}")
