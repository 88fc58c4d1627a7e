"""`switchboard crisis`: one switch that stops every automatic post, and what it could not stop."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from switchboard.errors import Conflict
from switchboard_cli.moments import Zone, moment
from switchboard_cli.stack import Endpoint, Region, Stack, StackName
from switchboard_cli.terminal import AsJson, BadInput, print_json, print_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from switchboard.domain.crisis import Crisis
    from switchboard.ports import CrisisStore

ATTEMPTS = 5

crisis = typer.Typer(name="crisis", help="Stop every automatic post.", invoke_without_command=True)

By = Annotated[str, typer.Option("--by", help="Who does it: a staff id. Default: your user name.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@crisis.callback(epilog="Example: switchboard crisis")
def crisis_(
    context: typer.Context,
    *,
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Stop every automatic post; without a command, how it stands."""
    if context.invoked_subcommand is None:
        show(as_json=as_json, stack=stack, region=region, endpoint_url=endpoint_url)


@crisis.command("show", epilog="Example: switchboard crisis show --json")
def show(*, as_json: AsJson = False, stack: StackName = "", region: Region = "", endpoint_url: Endpoint = "") -> None:
    """Say whether a crisis is in force, who started it and why, and what could NOT be paused."""
    from dataclasses import asdict  # noqa: PLC0415

    found = _store(Stack.find(stack, region, endpoint_url)).current()
    is_in_force = found is not None and found.is_in_force(datetime.now(UTC))
    if as_json:
        print_json({"in_force": is_in_force, "crisis": asdict(found) if found else None})
        return
    if found is None or not is_in_force:
        typer.echo("No crisis is in force.")
        return
    typer.echo(f"All automatic posts are stopped by {found.started_by} ({found.via}): {found.reason}")
    typer.echo(f"Since {found.started_at:%Y-%m-%d %H:%M} UTC, until {found.until:%Y-%m-%d %H:%M} UTC.")
    typer.echo(f"{found.held} posts are held for it, {found.open_count} could not be paused.")
    columns = ("publish_at", "scheduler", "channel", "post_id", "why")
    rows = ([getattr(one, name) or "" for name in columns] for one in found.not_paused)
    print_table(columns, rows, empty="everything that was scheduled is paused")


@crisis.command("start", epilog='Example: switchboard crisis start --why "shooting downtown" --for 12h --by maria')
def start(  # noqa: PLR0913 - its options
    why: Annotated[str, typer.Option("--why", help="The reason; everybody who is told reads it.", show_default=False)],
    *,
    lasting: Annotated[str, typer.Option("--for", help="How long: 90m, 12h, 2d. Default: 24h.")] = "",
    until: Annotated[str, typer.Option("--until", help="Or until when: ISO 8601.")] = "",
    zone: Zone = "UTC",
    by: By = "",
    yes: Yes = False,
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Stop every automatic post, everywhere, within a minute."""
    from switchboard.domain.crisis import started  # noqa: PLC0415 - only what is needed

    ends = _end(lasting, until, zone)
    if not yes:
        typer.confirm(f"Stop ALL automatic posts until {ends:%Y-%m-%d %H:%M} UTC?", abort=True)
    store = _store(Stack.find(stack, region, endpoint_url))
    who = by or getpass.getuser()

    def turn() -> Crisis | None:
        return started(store.current(), reason=why, by=who, via="cli", until=ends, now=datetime.now(UTC))

    _turn(store, turn, "All automatic posts are stopped.", "All automatic posts are stopped already.", as_json=as_json)


@crisis.command("end", epilog="Example: switchboard crisis end --by maria")
def end(
    *,
    by: By = "",
    yes: Yes = False,
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """End it: nothing more is held, and what is held stays held until a person gives it back."""
    from switchboard.domain.crisis import ended  # noqa: PLC0415

    if not yes:
        typer.confirm("Let automatic posts go out again?", abort=True)
    store = _store(Stack.find(stack, region, endpoint_url))
    who = by or getpass.getuser()

    def turn() -> Crisis | None:
        return ended(store.current(), by=who, now=datetime.now(UTC))

    _turn(store, turn, "It is ended; what is held stays held.", "No crisis is in force.", as_json=as_json)


def _end(lasting: str, until: str, zone: str) -> datetime:
    """Return when it ends, by --for or --until."""
    from switchboard.config import parse_duration  # noqa: PLC0415 - pydantic is slow to import
    from switchboard.domain.crisis import UNLESS_SAID  # noqa: PLC0415 - only what is needed

    now = datetime.now(UTC)
    if lasting and until:
        raise BadInput("give either --for or --until")
    if until:
        ends = moment(until, zone, option="--until", needs_hour=True)
        if ends <= now:
            raise BadInput(f"--until {until} is past; name a time that is still to come")
        return ends
    try:
        return now + (parse_duration(lasting) if lasting else UNLESS_SAID)
    except (ValueError, OverflowError) as error:
        raise BadInput(f"--for {lasting!r} {error}") from error


def _turn(store: CrisisStore, turn: Callable[[], Crisis | None], done: str, otherwise: str, *, as_json: bool) -> None:
    """Turn the switch; whoever was beaten to it looks again."""
    after = _turned(store, turn)
    said = done if after is not None else otherwise
    if as_json:
        print_json({"changed": after is not None, "reason": said})
    else:
        typer.echo(said)


def _turned(store: CrisisStore, turn: Callable[[], Crisis | None]) -> Crisis | None:
    for _ in range(ATTEMPTS):
        after = turn()
        if after is None:
            return None
        try:
            store.save(after)
        except Conflict:
            continue
        return after
    raise BadInput("others were quicker time and again, and NOTHING was changed; look at it: switchboard crisis show")


def _store(stack: Stack) -> CrisisStore:
    from switchboard.adapters.crises import DynamoCrises  # noqa: PLC0415 - starts slowly

    return DynamoCrises(stack.client("dynamodb"), stack.tables["posts"])
