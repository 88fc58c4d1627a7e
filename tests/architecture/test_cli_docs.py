"""docs/cli.md and docs/configuration.md say what is there: every command, option and key, and nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from typer.main import get_command

from switchboard import config
from switchboard.config import parse_duration
from switchboard_cli.main import app

DOCS = Path(__file__).parents[2] / "docs"
CLI = (DOCS / "cli.md").read_text()
CONFIGURATION = (DOCS / "configuration.md").read_text()
EVERYWHERE = {"--help", "--json", "--stack", "--region", "--endpoint-url"}

MODELS: list[type[BaseModel]] = [
    found
    for found in vars(config).values()
    if isinstance(found, type) and issubclass(found, BaseModel) and found.__module__ == config.__name__
    and not found.__name__.startswith("_")
]  # fmt: skip
FIELDS = [(model, name) for model in MODELS for name in model.model_fields]
HEADINGS = {
    "AutomationConfig": "At the top",
    "Switches": "`switches`",
    "ChannelConfig": "`channels`",
    "SchedulerConfig": "`schedulers`",
    "StaffMember": "`staff`",
    "QuietHours": "`quiet`",
    "Leave": "`leave`",
    "Team": "`teams`",
    "ShiftConfig": "`teams`",
    "RotationConfig": "`rotation`",
    "Override": "`overrides`",
    "Policy": "`policies`",
    "PolicyStep": "`policies`",
    "Waits": "`waits`",
    "Route": "`routes`",
    "RouteMatch": "`routes`",
    "Claims": "`claims`",
    "Conversations": "`conversations`",
    "TriageConfig": "`triage`",
    "OwnRule": "`triage`",
    "Sms": "`sms`",
    "Holiday": "`holidays`",
    "HoursConfig": "`business_hours`",
    "CalendarSource": "`calendars`",
    "CrisisConfig": "`crisis`",
    "Staleness": "`staleness`",
    "StaleRules": "`rules`",
    "PostsConfig": "`posts`",
}


def commands(command: Any = None, path: str = "switchboard") -> dict[str, Any]:
    command = command or get_command(app)
    found = {path: command}
    for name, below in getattr(command, "commands", {}).items():
        found |= commands(below, f"{path} {name}")
    return found


def sections(text: str) -> dict[str, str]:
    """Return the text under each heading, by the heading."""
    _, *parts = re.split(r"^#{2,3} ", text, flags=re.MULTILINE)
    return {heading: body for heading, _, body in (part.partition("\n") for part in parts)}


def row_of(heading: str, key: str) -> list[str]:
    """Return meaning, default and example of *key* in the tables under *heading*."""
    (line,) = [line for line in sections(CONFIGURATION)[heading].splitlines() if line.startswith(f"| `{key}` |")]
    return [cell.strip() for cell in line.strip("| ").split(" |")][1:]


def test_the_headings_are_the_commands() -> None:
    assert {heading.strip("`") for heading in sections(CLI)} == set(commands())


@pytest.mark.parametrize("words", commands())
def test_every_option_of_a_command_stands_in_its_section(words: str) -> None:
    options = {option for param in commands()[words].params for option in param.opts if option.startswith("--")}

    missing = {option for option in options - EVERYWHERE if option not in sections(CLI)[f"`{words}`"]}

    assert not missing


def test_options_that_many_commands_have_are_explained_once() -> None:
    head = CLI.partition("## ")[0]

    assert all(option in head for option in EVERYWHERE)


@pytest.mark.parametrize("line", re.findall(r"^    ((?:.*\| )?switchboard .*)", CLI, flags=re.MULTILINE))
def test_every_example_is_a_command_that_is_there(line: str) -> None:
    words = line.split("switchboard ", 1)[1].split() if "| switchboard" in line else line.split()[1:]

    named = {f"switchboard {' '.join(words[:2])}", f"switchboard {words[0]}"}
    assert named & set(commands()) or words == ["--help"]
    options = {option for command in commands().values() for param in command.params for option in param.opts} | {
        "--help"
    }
    assert {word for word in words if word.startswith("--")} <= options


def test_every_model_of_the_config_has_a_place_in_the_docs() -> None:
    assert {model.__name__ for model in MODELS} == set(HEADINGS)


@pytest.mark.parametrize(("model", "name"), FIELDS, ids=lambda value: getattr(value, "__name__", value))
def test_every_key_is_explained_with_its_default(model: type[BaseModel], name: str) -> None:
    field = model.model_fields[name]
    row = row_of(HEADINGS[model.__name__], name)

    assert len(row) >= 2
    if field.is_required():
        assert row[1] == "required"
    elif isinstance(field.default, timedelta):
        assert parse_duration(row[1].strip("`")) == field.default
    elif isinstance(field.default, bool):
        assert row[1] == f"`{str(field.default).lower()}`"
    elif isinstance(field.default, int | str) and field.default:
        assert row[1].strip('`"') == str(field.default)
    else:
        assert field.default is not PydanticUndefined
        assert row[1] != "required"


def test_every_word_that_a_key_can_have_is_named() -> None:
    def words(annotation: Any) -> set[str]:
        if isinstance(annotation, type) and issubclass(annotation, Enum):
            return {str(one.value) for one in annotation}
        return set().union(*({one} if isinstance(one, str) else words(one) for one in get_args(annotation)))

    for model, name in FIELDS:
        if (model.__name__, name) == ("ShiftConfig", "days"):
            continue  # "mon to sun"
        row = " ".join(row_of(HEADINGS[model.__name__], name))
        known = {word for word in words(model.model_fields[name].annotation) if word.isidentifier()}
        assert all(f"`{word}`" in row for word in known), (name, known)


def test_no_key_is_explained_that_is_not_there() -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", CONFIGURATION, flags=re.MULTILINE))

    assert told == {name for _, name in FIELDS}
