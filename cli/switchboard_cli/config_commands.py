"""`switchboard config`: check, schema, show, push."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from switchboard_cli.stack import Endpoint, Region, Stack, StackName
from switchboard_cli.terminal import BAD_INPUT, FAILED, AsJson, print_json, say

config = typer.Typer(
    name="config",
    help="Check, show and push the automation config.",
    epilog="Example: switchboard config check config/example.yaml",
    no_args_is_help=True,
)

Files = Annotated[list[Path], typer.Argument(help="YAML or JSON files.", show_default=False)]
OneFile = Annotated[Path, typer.Argument(help="A YAML or JSON file.", show_default=False)]


@config.command(epilog="Example: switchboard config check config/example.yaml")
def check(files: Files, *, as_json: AsJson = False) -> None:
    """Say what is wrong in a config, and where.

    Writes file:line:column, the key, the problem and the remedy; exits 2 if anything is wrong.
    """
    from switchboard_cli.config_file import check_file  # noqa: PLC0415 - pydantic is slow to import

    found = [finding for path in files for finding in check_file(path).findings]
    if as_json:
        print_json(found)
    else:
        for finding in found:
            typer.echo(finding.line_of_text())
        if not found:
            typer.echo(f"{', '.join(str(path) for path in files)}: no problems")
    if found:
        raise typer.Exit(BAD_INPUT)


@config.command(epilog="Example: switchboard config schema > config/automation.schema.json")
def schema() -> None:
    """Print the config's JSON schema, for AppConfig and editors.

    It is draft 4, and AppConfig's validator.
    """
    from switchboard_cli.config_schema import text  # noqa: PLC0415 - pydantic is slow to import

    typer.echo(text(), nl=False)


@config.command(epilog="Example: switchboard config show --stack switchboard")
def show(*, as_json: AsJson = False, stack: StackName = "", region: Region = "", endpoint_url: Endpoint = "") -> None:
    """Print the config that is in force now.

    As YAML, or with --json as AppConfig holds it.
    """
    from switchboard_cli.config_push import in_force  # noqa: PLC0415 - starts slowly

    document = in_force(Stack.find(stack, region, endpoint_url))
    if as_json:
        print_json(document)
    else:
        from switchboard_cli.config_file import as_yaml  # noqa: PLC0415

        typer.echo(as_yaml(document), nl=False)


@config.command(epilog="Example: switchboard config push config/mercy.yaml --wait")
def push(
    file: OneFile,
    *,
    wait: Annotated[bool, typer.Option("--wait", help="Stay until it is in force everywhere.")] = False,
    as_json: AsJson = False,
    stack: StackName = "",
    region: Region = "",
    endpoint_url: Endpoint = "",
) -> None:
    """Check a config and put it in force.

    One with problems is refused and exits 2. What is in force already is not deployed again.
    """
    from switchboard_cli.config_file import check_file  # noqa: PLC0415 - pydantic is slow to import
    from switchboard_cli.config_push import push as do_push  # noqa: PLC0415

    checked = check_file(file)
    if checked.config is None:
        for finding in checked.findings:
            say(finding.line_of_text())
        say("switchboard: nothing was pushed")
        raise typer.Exit(BAD_INPUT)
    pushed = do_push(Stack.find(stack, region, endpoint_url), checked.config, wait=wait, tell=say)
    if as_json:
        print_json(pushed)
    else:
        typer.echo(pushed.sentence())
    if pushed.state in {"ROLLED_BACK", "ROLLING_BACK", "REVERTED"}:
        raise typer.Exit(FAILED)
