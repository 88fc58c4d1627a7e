"""`switchboard posts`: what waits to be published, what is held and why, and what a person does about it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from switchboard_cli.moments import Zone  # noqa: TC001 - typer reads the annotations
from switchboard_cli.stack import Endpoint, Region, Stack, StackName
from switchboard_cli.terminal import BAD_INPUT, FAILED, AsJson, BadInput, print_json, print_table, say

if TYPE_CHECKING:
    from collections.abc import Iterable

posts = typer.Typer(name="posts", help="Automatic posts, and why some are held.", invoke_without_command=True)

By = Annotated[str, typer.Option("--by", help="Who does it: a staff id. Default: your user name.")]
PostId = Annotated[str, typer.Argument(help="The post's id.", show_default=False)]
_COLUMNS = ("post_id", "state", "channel", "publish_at", "rule", "reason", "text")


@posts.callback(epilog="Example: switchboard posts")
def posts_(
    context: typer.Context,
    *,
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Automatic posts; without a command, the list."""
    if context.invoked_subcommand is None:
        list_posts(as_json=as_json, stack=stack, region=region, endpoint_url=endpoint_url)


@posts.command("list", epilog="Example: switchboard posts list --held --json")
def list_posts(
    *,
    held: Annotated[bool, typer.Option("--held", help="Only what is held, or could not be.")] = False,
    channel: Annotated[str, typer.Option(help="Only this channel.")] = "",
    scheduler: Annotated[str, typer.Option(help="Only this scheduler outside.")] = "",
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """List posts of our own queue and held posts of schedulers outside: what is held first, with the reason."""
    from switchboard_cli.post_store import post_rows  # noqa: PLC0415 - starts slowly

    rows = post_rows(Stack.find(stack, region, endpoint_url), held=held, channel=channel, scheduler=scheduler)
    if as_json:
        print_json(rows)
        return
    print_table(_COLUMNS, ([row[name] for name in _COLUMNS] for row in rows), empty="the queue is empty")


@posts.command("show", epilog="Example: switchboard posts show blog:17")
def show_post(
    post_id: PostId,
    *,
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Show one post, its holds with their evidence, how far each has come, and who did what with it."""
    from switchboard_cli.post_store import post_with_holds  # noqa: PLC0415 - starts slowly

    found = post_with_holds(Stack.find(stack, region, endpoint_url), post_id)
    if as_json:
        print_json(found)
        return
    print_table(("field", "value"), ((key, value) for key, value in found["post"].items() if value), empty="")
    for hold in found["holds"]:
        typer.echo(f"\nhold {hold['hold_id']}")
        print_table(("field", "value"), ((key, value) for key, value in hold.items() if value), empty="")
    if found["events"]:
        typer.echo("\nevents")
        print_table(("at", "kind", "by"), (list(event.values()) for event in found["events"]), empty="")


@posts.command("add", epilog="Example: switchboard posts add posts.yaml --zone America/New_York")
def add_posts(
    file: Annotated[Path, typer.Argument(help="YAML or JSON: a list of posts.", show_default=False)],
    *,
    zone: Zone = "UTC",
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Put posts into our queue.

    A post whose id is there already stays as it is; when one is wrong, none is added.
    """
    from switchboard_cli.post_store import add, posts_in  # noqa: PLC0415 - starts slowly

    read, problems = posts_in(file, zone)
    for problem in problems:
        say(problem)
    if problems:
        say("switchboard: nothing was added")
        raise typer.Exit(BAD_INPUT)
    _say_added(add(Stack.find(stack, region, endpoint_url), read), as_json=as_json)


@posts.command("import", epilog="Example: switchboard posts import buffer.csv --channel facebook --dry-run")
def import_posts(  # noqa: PLR0913 - its options
    file: Annotated[Path, typer.Argument(help="An exported calendar: CSV or JSON of Buffer or Hootsuite.")],
    *,
    channel: Annotated[str, typer.Option(help="The channel of posts that name none.")] = "",
    account: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=CHANNEL", help="Which channel an account of the export is; may be repeated."),
    ] = None,
    zone: Zone = "UTC",
    date_order: Annotated[
        Literal["", "mdy", "dmy"], typer.Option(help="What comes first in 03/04/2026: mdy or dmy.")
    ] = "",
    state: Annotated[
        Literal["draft", "scheduled"], typer.Option("--as", help="How they come into the queue.")
    ] = "draft",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be added.")] = False,
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Put an exported calendar into our queue, as drafts unless you say otherwise.

    A post that is there already stays as it is; when one row is wrong, none is added.
    """
    from switchboard_cli.post_store import add, posts_exported  # noqa: PLC0415 - starts slowly

    channels = accounts(account or ())
    read, problems = posts_exported(
        file, zone=zone, channel=channel, channels=channels, date_order=date_order, state=state
    )
    for problem in problems:
        say(f"{file}: {problem}")
    if problems:
        say("switchboard: nothing was added")
        raise typer.Exit(BAD_INPUT)
    late = sum(post.publish_at <= (post.created_at or post.publish_at) for post in read)
    if late and state == "scheduled":
        say(f"switchboard: {late} whose time has gone by come in as drafts")
    if dry_run and as_json:
        print_json([asdict(post) for post in read])
        return
    if dry_run:
        rows = [[post.post_id, post.state, post.channel, post.publish_at, post.text] for post in read]
        print_table(("post_id", "state", "channel", "publish_at", "text"), rows, empty="no post is to come")
        return
    _say_added(add(Stack.find(stack, region, endpoint_url), read), as_json=as_json)


@posts.command("pause", epilog='Example: switchboard posts pause health-fair-4 --why "the street is closed"')
def pause_post(
    post_id: PostId,
    *,
    why: Annotated[str, typer.Option("--why", help="The reason, for whoever gives it back.", show_default=False)],
    by: By = "",
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Hold a scheduled post of our own queue by hand."""
    from switchboard_cli.post_store import pause  # noqa: PLC0415 - starts slowly

    _say(pause(Stack.find(stack, region, endpoint_url), post_id, by, why), as_json=as_json)


@posts.command("resume", epilog="Example: switchboard posts resume health-fair-4 --by maria --at 2026-10-12T14:00")
def resume_post(  # noqa: PLR0913 - its options
    post_id: Annotated[str, typer.Argument(help="The post's id; left out with --rule.")] = "",
    *,
    at: Annotated[str, typer.Option("--at", help="Another time for it: ISO 8601.")] = "",
    text: Annotated[str, typer.Option("--text", help="Other words for it.")] = "",
    rule: Annotated[str, typer.Option("--rule", help="Give back everything that this rule holds, spaced out.")] = "",
    zone: Zone = "UTC",
    by: By = "",
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Give a held post back.

    It is scheduled again if its time is to come, else a draft. It is not held again but by a crisis. In a scheduler
    outside this is carried out within a minute.
    """
    from switchboard_cli.post_store import resume, resume_all  # noqa: PLC0415 - starts slowly

    if bool(post_id) == bool(rule):
        raise BadInput("give either the id of a post or --rule")
    found = Stack.find(stack, region, endpoint_url)
    if post_id:
        _say(resume(found, post_id, by, at=at, text=text, zone=zone), as_json=as_json)
        return
    if at or text:
        raise BadInput("--at and --text are for one post; with --rule each comes back for its own time")
    done = resume_all(found, rule, by)
    if as_json:
        print_json(done)
    else:
        for one in done:
            _say(one, as_json=False)
    if any(one.state == "held" for one in done):
        raise typer.Exit(FAILED)


@posts.command("discard", epilog="Example: switchboard posts discard health-fair-4 --by maria")
def discard_post(
    post_id: PostId,
    *,
    by: By = "",
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Take a held post or a draft out for good; what it said is kept with its hold."""
    from switchboard_cli.post_store import discard  # noqa: PLC0415 - starts slowly

    _say(discard(Stack.find(stack, region, endpoint_url), post_id, by), as_json=as_json)


@posts.command("measures", epilog="Example: switchboard posts measures --days 28")
def measures(
    *,
    days: Annotated[int, typer.Option(help="Over so many days.", min=1, max=366)] = 28,
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Say how much was broadcast and how much was conversation, and how much had been said before."""
    from switchboard_cli.post_store import measured  # noqa: PLC0415 - starts slowly

    found = measured(Stack.find(stack, region, endpoint_url), days)
    if as_json:
        print_json([{**asdict(one), "sentence": one.sentence} for one in found])
        return
    for one in found:
        typer.echo(one.sentence)
        if one.most_repeated:
            typer.echo(f"  {one.most_repeated_count} times: {one.most_repeated[:100]}")


def accounts(given: Iterable[str]) -> dict[str, str]:
    """Return the channel of each account, from NAME=CHANNEL."""
    pairs = [one.rpartition("=") for one in given]
    for name, _, channel in pairs:
        if not name or not channel:
            raise BadInput("--account is no NAME=CHANNEL; write it as --account mercy=facebook")
    return {name: channel for name, _, channel in pairs}


def _say(done: object, *, as_json: bool) -> None:
    if as_json:
        print_json(done)
        return
    told = {name: getattr(done, name) for name in ("post_id", "state", "reason")}
    typer.echo(f"{told['post_id']}: {told['state']}. {told['reason']}")


def _say_added(added: list[dict[str, object]], *, as_json: bool) -> None:
    if as_json:
        print_json(added)
        return
    for one in added:
        typer.echo(f"{one['post_id']}: {'added' if one['added'] else 'is there already'}")
