"""How commands talk: tables for people, JSON for programs, one sentence on stderr when something is wrong."""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from typer.core import TyperCommand, TyperGroup

from switchboard.errors import SwitchboardError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

FAILED = 1
BAD_INPUT = 2

_REMEDIES = {
    "NoRegionError": "give --region, or set AWS_REGION",
    "NoCredentialsError": "set AWS_PROFILE, or sign in to AWS as your organisation does",
    "ProfileNotFound": "look at AWS_PROFILE and at ~/.aws/config",
    "EndpointConnectionError": "look at --region and --endpoint-url; is the stack of make up running?",
    "ValidationError": "look at --stack and --region",
    "ExpiredToken": "sign in to AWS again",
    "ExpiredTokenException": "sign in to AWS again",
    "AccessDenied": "use credentials that may do this",
    "AccessDeniedException": "use credentials that may do this",
}

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


class BadInput(Exception):
    """What was typed or given is wrong: exit 2, with this sentence on stderr."""


class _QuickHelp:
    """A command whose --help is False when it was not asked for: for None typer imports all of pydantic."""

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401 - typer's own signature
        """Return the option, with its default."""
        option = cast("Any", super()).get_help_option(ctx)
        option.default = False
        return option


class QuickCommand(_QuickHelp, TyperCommand):
    """A command that starts at once: typer checks what is given with pydantic, and what is not given needs no check."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's own signature
        """Parse *args*, of which only those that are there cost the import."""
        for param in cast("list[Any]", self.params):
            if not isinstance(param.process_value, partial):
                param.process_value = partial(_process_given, param.process_value)
        return super().parse_args(ctx, args)


def _process_given(process: Callable[[Any, Any], Any], ctx: object, value: object) -> object:
    return process(ctx, value) if value else value


class Group(_QuickHelp, TyperGroup):
    """The outermost group: errors that are known become a sentence and an exit code."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer's own signature
        """Run the command."""
        try:
            return super().invoke(ctx)
        except BadInput as error:
            raise _stop(str(error), BAD_INPUT) from error
        except SwitchboardError as error:
            raise _stop(str(error), FAILED) from error
        except Exception as error:
            if type(error).__module__.partition(".")[0] not in {"botocore", "httpx"}:
                raise
            raise _stop(_foreign(error), FAILED) from error


def say(sentence: str) -> None:
    """Print *sentence* on stderr."""
    typer.echo(sentence, err=True)


def print_json(value: object) -> None:
    """Print *value* as JSON: times in ISO 8601 UTC, durations in seconds."""
    typer.echo(json.dumps(plain(value), indent=2))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """Print *rows* under *columns*, or the sentence *empty*; what comes from outside cannot steer the terminal."""
    from rich import box  # noqa: PLC0415 - slow to import
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(*columns, box=box.SIMPLE_HEAD)
    for row in rows:
        table.add_row(*(Text(printable(shown(cell)), overflow="fold") for cell in row))
    if table.row_count:
        console = Console(width=None if sys.stdout.isatty() else 200)
        console.print(table)
    else:
        typer.echo(empty)


def shown(value: object) -> str:
    """Return *value* as a person reads it: times in UTC to the minute."""
    match value:
        case None:
            return ""
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M}"
        case _:
            return str(value)


def printable(text: str) -> str:
    """Return *text* on one line, without control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def plain(value: object) -> Any:  # noqa: ANN401 - what JSON can say
    """Return *value* in what JSON can say."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case timedelta():
            return int(value.total_seconds())
        case dict():
            return {str(name): plain(part) for name, part in cast("Mapping[object, object]", value).items()}
        case tuple() | list() | set() | frozenset():
            return [plain(part) for part in cast("Iterable[object]", value)]
        case None | bool() | int() | float():
            return value
        case _ if dataclasses.is_dataclass(value):
            return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        case _:
            return str(value)


def _stop(sentence: str, code: int) -> typer.Exit:
    say(f"switchboard: {printable(sentence)}")
    return typer.Exit(code)


def _foreign(error: Exception) -> str:
    """Return what AWS or the network says, in one sentence, with the remedy when it is a known one."""
    response: dict[str, Any] = getattr(error, "response", None) or {}
    if "Error" in response:
        said = f"AWS refused: {response['Error'].get('Code')}: {response['Error'].get('Message')}"
    else:
        said = f"{type(error).__name__}: {error}"
    remedy = _REMEDIES.get(type(error).__name__) or _REMEDIES.get(response.get("Error", {}).get("Code", ""))
    return f"{said.rstrip('.')}; {remedy}" if remedy else said
