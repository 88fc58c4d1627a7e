"""`switchboard`: what admins and engineers type.

Imports of whatever is heavy stand inside the commands: `--help` and the offline commands start at once.
"""

from __future__ import annotations

from typing import Annotated

import typer

from switchboard_cli import (
    audit,
    config_commands,
    crisis,
    doctor,
    forget,
    lists,
    offline,
    posts,
    replay,
    rota,
    route,
    staff,
    stale,
)
from switchboard_cli.terminal import Group, QuickCommand

app = typer.Typer(
    cls=Group,
    name="switchboard",
    help="Makes a hospital's social media work like its telephone.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(lists.questions)
app.add_typer(posts.posts)
app.add_typer(crisis.crisis)
app.add_typer(lists.alerts)
app.add_typer(config_commands.config)
app.add_typer(rota.rota)
app.command(epilog="Example: switchboard replay --channel facebook events/receive_webhook_facebook_comment.json")(
    replay.replay
)
app.command(epilog="Example: switchboard doctor --channel facebook")(doctor.doctor)
app.command(epilog="Example: switchboard route config/example.yaml --category privacy --urgency urgent --explain")(
    route.route
)
app.command(epilog="Example: switchboard staff")(staff.staff)
app.command(epilog="Example: switchboard audit --repair")(audit.audit)
app.command(epilog="Example: switchboard forget --question K7QD --dry-run")(forget.forget)
app.command(epilog="""Example: echo '{"id": 1, "text": "When do you open?"}' | switchboard triage""", cls=QuickCommand)(
    offline.triage
)
app.command(epilog="Example: switchboard stale --at 2026-10-12T09:00:00Z --explain --svg weeks.svg buffer.csv")(
    stale.stale
)


def _show_version(value: bool) -> None:  # noqa: FBT001 - typer's own way to call
    if value:
        from importlib.metadata import version  # noqa: PLC0415 - seldom needed

        typer.echo(f"switchboard {version('switchboard')}")
        raise typer.Exit


@app.callback(epilog="Example: switchboard questions")
def main(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Switchboard: every question is stored, rings a person, and is answered; stale posts are paused."""
