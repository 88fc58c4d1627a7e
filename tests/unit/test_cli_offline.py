"""`triage` and `stale`: JSON lines in, JSON lines out, bad lines named and passed over."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from switchboard_cli.main import app

RUN = CliRunner()
SWITCHBOARD = Path(sys.executable).with_name("switchboard")
DEMO = Path(__file__).parents[2] / "config" / "demo.yaml"
AT = ["stale", "--at", "2026-10-14T12:00:00Z"]


def lines_of(result: Result) -> list[Any]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_triage_says_what_each_line_is() -> None:
    given = '{"id": 1, "text": "What are your visiting hours?"}\n\n{"id": "b", "text": "Thank you, nurses!"}\n'

    result = RUN.invoke(app, ["triage"], input=given)

    assert result.exit_code == 0
    first, second = lines_of(result)
    assert list(first) == ["id", "is_question", "needs_answer", "category", "urgency", "language", "reason"]
    assert (first["id"], first["is_question"], first["needs_answer"]) == (1, True, True)
    assert (second["id"], second["needs_answer"], second["category"]) == ("b", False, "praise")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "line 2: is not JSON; write one object a line"),
        (b"[" * 100_000, "line 2: is not JSON"),
        (b"[1]", "line 2: is no JSON object"),
        (b'{"text": "x"}', "line 2: id: missing"),
        (b'{"id": true, "text": "x"}', "line 2: id: missing, or neither text nor number"),
        (b'{"id": 1}', "line 2: text: missing"),
        (b'{"id": 1, "text": null}', "line 2: text: is not a text"),
        (b'{"id": 1, "text": "\xff"}', "line 2: is not UTF-8"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_still_done(line: bytes, said: str) -> None:
    good = b'{"id": 1, "text": "Hello?"}\n'

    result = RUN.invoke(app, ["triage"], input=good + line + b"\n" + good)

    assert result.exit_code == 2
    assert len(lines_of(result)) == 2
    assert result.stderr.startswith(said)
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("text", ["", " ", "\\ud83d", "\\u0000", "🏥" * 10, "¿Dónde?"])
def test_any_text_gets_an_answer(text: str) -> None:
    result = RUN.invoke(app, ["triage"], input=f'{{"id": 1, "text": "{text}"}}\n')

    assert result.exit_code == 0
    assert len(lines_of(result)) == 1


def test_triage_answers_a_line_before_the_next_is_there() -> None:
    with subprocess.Popen([SWITCHBOARD, "triage"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:  # noqa: S603
        assert running.stdin
        assert running.stdout
        for number in (1, 2):
            running.stdin.write(b'{"id": %d, "text": "Hello?"}\n' % number)
            running.stdin.flush()

            assert json.loads(running.stdout.readline())["id"] == number


def post(number: int = 1, **fields: Any) -> str:
    return json.dumps({"id": number, "channel": "facebook", "text": "Come and see us.", **fields}) + "\n"


def test_stale_says_what_is_held_and_why() -> None:
    over = post(1, text="Flu clinic on October 12, 9am to 1pm.", publish_at="2026-10-14T13:00:00Z")
    fine = post(2, text="Our pharmacy is open until 9.", publish_at="2026-10-14T13:00:00Z")

    result = RUN.invoke(app, AT, input=over + fine)

    assert result.exit_code == 0
    first, second = lines_of(result)
    assert list(first) == ["id", "hold", "rule", "reason"]
    assert (first["id"], first["hold"], first["rule"]) == (1, True, "event_over")
    assert (second["id"], second["hold"], second["rule"]) == (2, False, None)
    assert first["reason"]


def test_stale_takes_its_thresholds_from_a_config(tmp_path: Path) -> None:
    strict = tmp_path / "strict.yaml"
    strict.write_text(DEMO.read_text() + "\nstaleness:\n  repeat_count: 2\n")
    posts = "".join(post(number, publish_at=f"2026-10-1{number + 3}T13:00:00Z") for number in (1, 2))

    default = RUN.invoke(app, AT, input=posts)
    told = RUN.invoke(app, [*AT, "--config", str(strict)], input=posts)

    assert [one["hold"] for one in lines_of(default)] == [False, False]
    assert [one["rule"] for one in lines_of(told)] == [None, "repeated"]


def test_stale_passes_over_bad_lines_and_exits_2() -> None:
    result = RUN.invoke(app, AT, input=post(1) + "{\n" + post(3, publish_at="soon") + post(4, text=5))

    assert result.exit_code == 2
    assert [one["id"] for one in lines_of(result)] == [1]
    assert [line[:12] for line in result.stderr.splitlines()] == ["line 2: is n", "line 3: publ", "line 4: text"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["stale", "--at", "soon"], "switchboard: --at 'soon' is not a time"),
        ([*AT, "--zone", "Mars"], "switchboard: --zone 'Mars' is not a time zone"),
        ([*AT, "--config", "/nowhere.yaml"], "switchboard: /nowhere.yaml: cannot be read"),
    ],
)
def test_what_stale_cannot_use_exits_2(words: list[str], said: str) -> None:
    result = RUN.invoke(app, words, input="")

    assert result.exit_code == 2
    assert result.stderr.startswith(said)
