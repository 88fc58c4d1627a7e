"""The command line tool as a whole: help with examples, exit codes, errors in one sentence, a quick start."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from typer.main import get_command
from typer.testing import CliRunner

from switchboard.errors import Misconfigured, Unavailable
from switchboard_cli.main import app
from switchboard_cli.stack import Stack
from switchboard_cli.terminal import BadInput, printable

RUN = CliRunner()
TOLD = {
    "stack_name": "switchboard-local",
    "region": "us-east-1",
    "endpoint_url": "http://127.0.0.1:4566",
    "api_url": "http://127.0.0.1:4566/live",
    "tables": {"questions": "q", "posts": "p", "short_lived": "s"},
    "appconfig": {"application": "a", "environment": "e", "profile": "f", "strategy": "s"},
}


def commands(command: Any = None, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the words of every command, groups included."""
    command = command or get_command(app)
    below = getattr(command, "commands", {})
    return [path, *(words for name, one in below.items() for words in commands(one, (*path, name)))]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("SWITCHBOARD_STACK", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "SWITCHBOARD_LOCAL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_has_help_with_an_example_that_begins_with_its_words(words: tuple[str, ...]) -> None:
    shown = RUN.invoke(app, [*words, "--help"])

    assert shown.exit_code == 0
    example = shown.stdout.partition("Example: ")[2].strip()
    assert " ".join(("switchboard", *words)) in example.replace("\n  ", " ")


def test_the_version_is_printed() -> None:
    assert RUN.invoke(app, ["--version"]).stdout == "switchboard 0.1.0\n"


@pytest.mark.parametrize("words", [["questions"], ["posts", "list"], ["alerts"], ["config", "show"]])
def test_without_a_stack_it_says_how_to_name_one(words: list[str]) -> None:
    result = RUN.invoke(app, words)

    assert result.exit_code == 2
    assert result.stderr == (
        "switchboard: which stack? Give --stack NAME (or SWITCHBOARD_STACK), or start the local one: make up\n"
    )


def test_the_local_stack_is_found_in_the_working_directory() -> None:
    Path(".local").mkdir()
    Path(".local/stack.json").write_text(json.dumps(TOLD))

    found = Stack.find()

    assert (found.name, found.endpoint_url, found.tables["posts"]) == ("switchboard-local", TOLD["endpoint_url"], "p")


def test_a_second_local_stack_is_found_in_the_folder_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("other").mkdir()
    Path("other/stack.json").write_text(json.dumps(TOLD))
    monkeypatch.setenv("SWITCHBOARD_LOCAL", "other")

    assert Stack.find().name == "switchboard-local"


@pytest.mark.parametrize("content", ["", "{}", "[]", "null"])
def test_a_broken_stack_file_is_said_to_be_one(content: str) -> None:
    Path(".local").mkdir()
    Path(".local/stack.json").write_text(content)

    result = RUN.invoke(app, ["questions"])

    assert result.exit_code == 2
    assert "run make up" in result.stderr


def test_a_stack_is_found_by_its_outputs(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {
        "ApiUrl": "https://api", "QuestionsTableName": "q", "PostsTableName": "p", "ShortLivedTableName": "s",
        "ConfigApplicationId": "a", "ConfigEnvironmentId": "e", "ConfigProfileId": "f", "ConfigStrategyId": "t",
    }  # fmt: skip

    class CloudFormation:
        def describe_stacks(self, StackName: str) -> Any:  # noqa: N803 - AWS's name
            outputs = [{"OutputKey": key, "OutputValue": value} for key, value in names.items()]
            return {"Stacks": [{"Outputs": outputs}]}

    monkeypatch.setattr("switchboard_cli.stack._client", lambda *_: CloudFormation())

    found = Stack.find("mercy", "us-east-1")

    assert found.tables == {"questions": "q", "posts": "p", "short_lived": "s"}
    assert found.appconfig == {"application": "a", "environment": "e", "profile": "f", "strategy": "t"}
    del names["ApiUrl"]
    with pytest.raises(BadInput, match="ApiUrl"):
        Stack.find("mercy", "us-east-1")


def test_the_outputs_that_it_reads_are_in_the_template() -> None:
    from tests.architecture.template import template  # noqa: PLC0415 - reads the template

    source = Path(sys.modules["switchboard_cli.stack"].__file__ or "").read_text()

    read = {part.split('"')[0] for part in source.split('outputs["')[1:]}
    assert read
    assert read <= set(template()["Outputs"])


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (BadInput("that is wrong"), 2, "that is wrong"),
        (Unavailable("the table does not answer"), 1, "the table does not answer"),
        (Misconfigured("no config"), 1, "no config"),
        (
            ClientError({"Error": {"Code": "AccessDenied", "Message": "not you"}}, "Query"),
            1,
            "AWS refused: AccessDenied: not you",
        ),
        (EndpointConnectionError(endpoint_url="http://x"), 1, "EndpointConnectionError: Could not connect"),
    ],
)
def test_an_error_is_one_sentence_without_a_traceback(
    error: Exception, code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(Stack, "find", fail)

    result = RUN.invoke(app, ["config", "show"])

    assert result.exit_code == code
    assert result.stderr.startswith(f"switchboard: {said}")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_a_mistake_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(Stack, "find", fail)

    assert isinstance(RUN.invoke(app, ["config", "show"]).exception, ZeroDivisionError)


@pytest.mark.parametrize(
    "words", [["nonsense"], ["config", "check"], ["stale"], ["replay", "x"], ["questions", "show"]]
)
def test_what_is_typed_wrong_exits_2(words: list[str]) -> None:
    assert RUN.invoke(app, words).exit_code == 2


def test_what_comes_from_outside_cannot_steer_the_terminal() -> None:
    assert printable("a\x1b[31mred\r\n\u202eb") == "a [31mred   b"


@pytest.mark.parametrize("words", [["--help"], ["triage"]])
def test_help_and_triage_import_nothing_that_starts_slowly(words: list[str]) -> None:
    """Half a second is the promise; the imports are what it is made of, and do not depend on the machine."""
    code = (
        "import atexit, sys; slow = 'pydantic botocore boto3 httpx yaml rich phonenumbers'.split();"
        "atexit.register(lambda: print([name for name in slow if name in sys.modules], file=sys.stderr));"
        f"sys.argv = ['switchboard', *{words}]; from switchboard_cli.main import app; app()"
    )

    done = subprocess.run([sys.executable, "-c", code], input=b"", capture_output=True, check=True)  # noqa: S603

    assert done.stderr.strip() == b"[]"
