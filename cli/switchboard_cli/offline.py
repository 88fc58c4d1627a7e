"""`switchboard triage`: the decision, on JSON lines, without AWS; and how such commands read and write."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

import typer

from switchboard_cli.terminal import BAD_INPUT, AsJson, BadInput, print_json, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from switchboard.config import AutomationConfig

Read = TypeVar("Read")


@dataclass
class Lines:
    """Standard input as JSON objects; *bad* counts the lines that were passed over, each told on stderr."""

    bad: int = 0

    def read(self, take: Callable[[Mapping[str, Any]], Read]) -> Iterator[Read]:
        """Yield what *take* makes of each line; its ValueError names the field."""
        for number, line in enumerate(sys.stdin.buffer, start=1):
            if not line.strip():
                continue
            try:
                yield take(_object(line))
            except ValueError as error:
                self.bad += 1
                say(f"line {number}: {error}")

    def end(self) -> None:
        """Exit 2 if any line was bad."""
        if self.bad:
            raise typer.Exit(BAD_INPUT)


def triage(
    *,
    config: Annotated[Path | None, typer.Option(help="The hospital's own rules from this config file.")] = None,
    score: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Score labelled texts instead; several times for several files."),
    ] = None,
    task: Annotated[str, typer.Option(help="What the file is for, if its name does not say it.")] = "",
    wrong: Annotated[int, typer.Option(help="Name so many lines that went wrong.", min=0)] = 0,
    as_json: AsJson = False,
) -> None:
    """Say of each message what it is, and how urgent.

    Reads JSON lines {"id","text"}, writes JSON lines. Offline; a bad line makes it exit 2. With --score it says how
    well it does on files of labelled texts, JSON lines {"text","label"}.
    """
    if score:
        _say_scores(score, task, wrong, as_json=as_json)
        return
    if task or wrong:
        raise BadInput("--task and --wrong are for --score; add --score FILE")
    from switchboard.domain.triage import triage as decide  # noqa: PLC0415 - only what is needed

    own = checked(config).triage.rules if config else ()
    lines = Lines()
    for identity, text in lines.read(_message):
        found = decide(text, own=own)
        write(
            {
                "id": identity,
                "is_question": found.is_question,
                "needs_answer": found.needs_answer,
                "category": found.category.value,
                "urgency": found.urgency.value,
                "language": found.language,
                "reason": found.reason,
            }
        )
    lines.end()


def _say_scores(files: Sequence[Path], task: str, wrong: int, *, as_json: bool) -> None:
    from switchboard_cli.scoring import scores  # noqa: PLC0415 - only what is needed

    found = scores(files, task)
    if as_json:
        print_json([one.as_json(wrong) for one in found])
    else:
        typer.echo("\n\n".join(one.as_text(wrong) for one in found))


def _message(fields: Mapping[str, Any]) -> tuple[str | int, str]:
    text = fields.get("text")
    if not isinstance(text, str):
        raise ValueError(f'text: {"is not a text" if "text" in fields else "missing"}; give it as "text": "…"')  # noqa: TRY004 - one kind for every bad line
    return identity_of(fields), text


def identity_of(fields: Mapping[str, Any]) -> str | int:
    """Return the id of a line; raise ValueError that names the remedy."""
    identity = fields.get("id", fields.get("post_id"))
    if isinstance(identity, bool) or not isinstance(identity, (str, int)):
        raise ValueError('id: missing, or neither text nor number; give it as "id": "17"')  # noqa: TRY004 - as above
    return identity


def _object(line: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8; save the file as UTF-8") from None
    except (ValueError, RecursionError):
        raise ValueError('is not JSON; write one object a line: {"id": 1, "text": "…"}') from None
    if not isinstance(found, dict):
        raise ValueError('is no JSON object; write {"id": 1, "text": "…"}')  # noqa: TRY004 - as above
    return cast("Mapping[str, Any]", found)


def write(answer: dict[str, object]) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def checked(path: Path) -> AutomationConfig:
    """Return the config in *path*; raise BadInput with all that is wrong in it."""
    from switchboard_cli.config_file import check_file  # noqa: PLC0415 - pydantic is slow to import

    checked = check_file(path)
    if checked.config is None:
        raise BadInput("; ".join(finding.line_of_text() for finding in checked.findings))
    return checked.config
