"""`switchboard questions` and `alerts`: what waits, and for whom."""

from __future__ import annotations

from typing import Annotated

import typer

from switchboard_cli.stack import Endpoint, Region, Stack, StackName
from switchboard_cli.terminal import AsJson, print_json, print_table

questions = typer.Typer(name="questions", help="Questions that need a person.", invoke_without_command=True)
alerts = typer.Typer(name="alerts", help="Alerts to staff.", invoke_without_command=True)


@questions.callback(epilog="Example: switchboard questions")
def questions_(
    context: typer.Context,
    *,
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Questions that need a person; without a command, the list."""
    if context.invoked_subcommand is None:
        list_questions(as_json=as_json, stack=stack, region=region, endpoint_url=endpoint_url)


@questions.command("list", epilog="Example: switchboard questions list --json")
def list_questions(
    *, as_json: AsJson = False, stack: StackName = "", region: Region = "", endpoint_url: Endpoint = ""
) -> None:
    """List the unfinished questions, the most urgent first."""
    from switchboard_cli.stores import question_rows  # noqa: PLC0415 - starts slowly

    rows = question_rows(Stack.find(stack, region, endpoint_url))
    if as_json:
        print_json(rows)
        return
    columns = (
        "ref",
        "urgency",
        "state",
        "category",
        "channel",
        "team",
        "owner",
        "opened_at",
        "answer_by",
        "question_id",
    )
    print_table(columns, ([row[name] for name in columns] for row in rows), empty="no question waits")


@questions.command("show", epilog="Example: switchboard questions show K7QD --text")
def show_question(
    question_id: Annotated[str, typer.Argument(help="The question id, or the ref of an unfinished question.")],
    *,
    text: Annotated[bool, typer.Option("--text", help="Show what was written, and by whom.")] = False,
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Show one question, its alerts, answers and audit trail.

    What was written, and by whom, only with --text.
    """
    from switchboard_cli.stores import conversation  # noqa: PLC0415 - starts slowly

    found = conversation(Stack.find(stack, region, endpoint_url), question_id, text=text)
    if as_json:
        print_json(found)
        return
    print_table(("field", "value"), found["question"].items(), empty="")
    for part in ("messages", "alerts", "answers", "events"):
        rows = found[part]
        if rows:
            typer.echo(part)
            print_table(list(rows[0]), (list(row.values()) for row in rows), empty="")


@alerts.callback(epilog="Example: switchboard alerts")
def alerts_(
    context: typer.Context,
    *,
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Alerts to staff; without a command, the list."""
    if context.invoked_subcommand is None:
        list_alerts(as_json=as_json, stack=stack, region=region, endpoint_url=endpoint_url)


@alerts.command("list", epilog="Example: switchboard alerts list --json")
def list_alerts(
    *,
    question_id: Annotated[str, typer.Option("--question", help="Only of this question, also a finished one.")] = "",
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """List the alerts of unfinished questions, the newest first."""
    from switchboard_cli.stores import alert_rows  # noqa: PLC0415 - starts slowly

    rows = alert_rows(Stack.find(stack, region, endpoint_url), question_id)
    if as_json:
        print_json(rows)
        return
    columns = ("at", "ref", "step", "staff_id", "contact", "state", "failure", "question_id")
    print_table(columns, ([row[name] for name in columns] for row in rows), empty="nobody was rung")
