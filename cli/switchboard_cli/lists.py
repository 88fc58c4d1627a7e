"""`switchboard questions`, `posts` and `alerts`: what waits, and for whom."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import Annotated

import typer

from switchboard_cli.stack import Endpoint, Region, Stack, StackName
from switchboard_cli.terminal import BAD_INPUT, AsJson, print_json, print_table, say

questions = typer.Typer(name="questions", help="Questions that need a person.", invoke_without_command=True)
posts = typer.Typer(name="posts", help="Posts of our own queue, and why some are held.", invoke_without_command=True)
alerts = typer.Typer(name="alerts", help="Alerts to staff.", invoke_without_command=True)

By = Annotated[str, typer.Option("--by", help="Who does it: a staff id. Default: your user name.")]


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


@posts.callback(epilog="Example: switchboard posts")
def posts_(
    context: typer.Context,
    *,
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Posts of our own queue; without a command, the list."""
    if context.invoked_subcommand is None:
        list_posts(as_json=as_json, stack=stack, region=region, endpoint_url=endpoint_url)


@posts.command("list", epilog="Example: switchboard posts list --json")
def list_posts(
    *, as_json: AsJson = False, stack: StackName = "", region: Region = "", endpoint_url: Endpoint = ""
) -> None:
    """List posts: what is held first, with the reason."""
    from switchboard_cli.stores import post_rows  # noqa: PLC0415 - starts slowly

    rows = post_rows(Stack.find(stack, region, endpoint_url))
    if as_json:
        print_json(rows)
        return
    columns = ("post_id", "state", "channel", "publish_at", "rule", "reason", "text")
    print_table(columns, ([row[name] for name in columns] for row in rows), empty="the queue is empty")


@posts.command("add", epilog="Example: switchboard posts add posts.yaml --zone America/New_York")
def add_posts(
    file: Annotated[Path, typer.Argument(help="YAML or JSON: a list of posts.", show_default=False)],
    *,
    zone: Annotated[str, typer.Option(help="The zone of times without an offset.")] = "UTC",
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Put posts into our queue.

    A post whose id is there already stays as it is; when one is wrong, none is added.
    """
    from switchboard_cli.stores import add, posts_in  # noqa: PLC0415 - starts slowly

    read, problems = posts_in(file, zone)
    for problem in problems:
        say(problem)
    if problems:
        say("switchboard: nothing was added")
        raise typer.Exit(BAD_INPUT)
    added = add(Stack.find(stack, region, endpoint_url), read)
    if as_json:
        print_json(added)
        return
    for one in added:
        typer.echo(f"{one['post_id']}: {'added' if one['added'] else 'is there already'}")


@posts.command("resume", epilog="Example: switchboard posts resume health-fair-4 --by maria")
def resume_post(
    post_id: Annotated[str, typer.Argument(help="The post's id.")],
    *,
    by: By = "",
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Give a held post back.

    It is scheduled again if its time is to come, else a draft. It is not held again.
    """
    from switchboard_cli.stores import resume  # noqa: PLC0415 - starts slowly

    resumed = resume(Stack.find(stack, region, endpoint_url), post_id, by)
    if as_json:
        print_json(resumed)
    else:
        typer.echo(f"{resumed.post_id}: {resumed.state}. {resumed.reason}")


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
