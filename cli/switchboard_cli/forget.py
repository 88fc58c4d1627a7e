"""`switchboard forget`: remove a person's words, and keep only counts."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from switchboard_cli.stack import Endpoint, Region, Stack, StackName
from switchboard_cli.terminal import FAILED, AsJson, BadInput, print_json, say


def forget(  # noqa: PLR0913 - a command's options
    *,
    author: Annotated[str, typer.Option("--author", help="The platform's id of the person.")] = "",
    question: Annotated[
        str, typer.Option("--question", help="Or a question of theirs: its id, or the ref of an unfinished one.")
    ] = "",
    channel: Annotated[str, typer.Option("--channel", help="Only on this channel. Default: on all.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and remove nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Remove what a person wrote, their name and ids, and our answers to them; keep only counts.

    Exits 1 if there is nothing of them.
    """
    from switchboard.adapters.forgetting import Forgetting  # noqa: PLC0415 - starts slowly
    from switchboard_cli.stores import author_of  # noqa: PLC0415 - starts slowly

    if bool(author) == bool(question):
        raise BadInput("whom? Give --author ID, or --question REF for the person who asked it")
    found_stack = Stack.find(stack, region, endpoint_url)
    if question:
        author, channel = author_of(found_stack, question, channel)
    forgetting = Forgetting(found_stack.client("dynamodb"), found_stack.tables["questions"])
    found, items = forgetting.find(author, channel=channel)
    removing = bool(found) and not dry_run
    if removing and not yes:
        say(_sentence(asdict(found), "There are"))
        typer.confirm("Remove them? This cannot be taken back.", abort=True, err=True)
    if removing:
        forgetting.forget(items, found, now=datetime.now(UTC), by=getpass.getuser())
    if as_json:
        print_json({**asdict(found), "removed": removing})
    else:
        typer.echo(_sentence(asdict(found), "Removed" if removing else "There are"))
    if not found:
        raise typer.Exit(FAILED)


def _sentence(counts: dict[str, int], begin: str) -> str:
    told = ", ".join(f"{counts[name]} {name}" for name in ("questions", "messages", "answers"))
    waits = f" ({counts['unfinished']} of the questions still wait for a person)" if counts["unfinished"] else ""
    return f"{begin} {told}{waits}."
