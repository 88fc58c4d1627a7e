"""`triage --score`: what a file's name asks, the scores and their confusion, and files that are no such thing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from switchboard_cli.main import app
from switchboard_cli.scoring import Confusion, measures_of

DEMO = Path(__file__).parents[2] / "config" / "demo.yaml"
RUN = CliRunner()
ROWS = [("When do you open?", 1), ("my ward was lovely", 1), ("so nice of you", 0), ("really good?", 0), ("thanks", 0)]


def labelled(folder: Path, name: str, rows: list[tuple[str, Any]]) -> Path:
    path = folder / f"{name}.jsonl"
    path.write_text("".join(json.dumps({"text": text, "label": label}) + "\n" for text, label in rows))
    return path


def score(*words: str | Path) -> Result:
    return RUN.invoke(app, ["triage", *(part for word in words for part in ("--score", str(word)))])


def test_the_confusion_is_shown_with_the_measure_the_score_and_the_aim(tmp_path: Path) -> None:
    path = labelled(tmp_path, "question__unseen", ROWS)

    result = RUN.invoke(app, ["triage", "--score", str(path), "--wrong", "1"])

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "question__unseen: asks: F1 0.500 (aim 0.80: MISSED)",
        "                said yes   said no",
        "  it is                1         1",
        "  it is not            1         2",
        "  wrong lines: 2, …",
    ]


def test_json_has_the_same_for_programs(tmp_path: Path) -> None:
    path = labelled(tmp_path, "question__unseen", ROWS)

    (found,) = json.loads(RUN.invoke(app, ["triage", "--score", str(path), "--json", "--wrong", "9"]).stdout)

    assert found == {
        "file": "question__unseen",
        "measure": "asks: F1",
        "score": 0.5,
        "aim": 0.8,
        "met": False,
        "confusion": {"hit": 1, "miss": 1, "false_alarm": 1, "rest": 2},
        "wrong": [2, 4],
    }


def test_no_text_is_printed(tmp_path: Path) -> None:
    path = labelled(tmp_path, "question__unseen", ROWS)

    shown = RUN.invoke(app, ["triage", "--score", str(path), "--wrong", "9"]).stdout

    assert not any(text in shown for text, _ in ROWS)


def test_files_of_one_measure_are_also_counted_together(tmp_path: Path) -> None:
    one = labelled(tmp_path, "urgency__one", [("he is not breathing", "critical"), ("a small cut", "routine")])
    two = labelled(tmp_path, "urgency__two", [("a quiet day", "emergent")])

    found = json.loads(RUN.invoke(app, ["triage", "--score", str(one), "--score", str(two), "--json"]).stdout)

    together = {part["measure"]: part["confusion"] for part in found if part["file"] == "urgency__* (2 files)"}
    assert together["rings if critical: recall"] == {"hit": 1, "miss": 1, "false_alarm": 0, "rest": 1}


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("question__nps_chat", ["asks: F1", "rings: share of all texts"]),
        ("question__swda_unseen", ["asks: F1", "rings: share of all texts"]),
        ("question__trec", ["asks: recall without question marks"]),
        ("medical_questions__new", ["asks: recall", "asks: recall without question marks"]),
        ("multilingual__xquad_es", ["asks: F1 without question marks", "Spanish: recall"]),
        ("urgency__new", ["rings if critical: recall", "rings, and not for routine: precision"]),
        ("complaints__complaints_twitter", ["needs answer: recall", "rings: share of all texts"]),
        ("complaints__hospital_reviews", ["needs answer: recall", "rings: share of all texts"]),
        ("nhs_feedback__nhs_v6", ["rings: share of all texts"]),
        ("spam_abuse__sms_spam", ["spam: precision", "rings: share of all texts"]),
    ],
)
def test_the_name_of_a_file_says_what_is_asked(name: str, titles: list[str]) -> None:
    assert [measure.title() for measure in measures_of(name)] == titles


def test_a_positive_label_of_hospital_reviews_is_no_complaint() -> None:
    (measure, _) = measures_of("complaints__hospital_reviews")

    assert (measure.label(0), measure.label(1)) == (True, False)


def test_an_unknown_name_needs_a_task(tmp_path: Path) -> None:
    path = labelled(tmp_path, "my_texts", ROWS)

    unsaid = score(path)
    said = RUN.invoke(app, ["triage", "--score", str(path), "--task", "question"])

    assert unsaid.exit_code == 2
    assert unsaid.stderr.startswith("switchboard: my_texts: its name says no task; choose one of question,")
    assert said.stdout.startswith("my_texts: asks: F1 0.500")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{", "line 1: is not"),
        ("[1]", "line 1: is not"),
        ('{"text": "x"}', "line 1: is not"),
        ('{"text": "x", "label": 1}\n\n{"text": 5, "label": 1}', "line 3: text is not a text"),
    ],
)
def test_a_file_that_is_not_labelled_exits_2_and_names_the_line(tmp_path: Path, body: str, said: str) -> None:
    path = tmp_path / "question__x.jsonl"
    path.write_text(body)

    result = score(path)

    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--score", "nowhere.jsonl", "--task", "question"], "nowhere.jsonl: cannot be read"),
        (["--score", "nowhere.jsonl", "--task", "poems"], "--task 'poems' is not known"),
        (["--task", "question"], "--task and --wrong are for --score"),
    ],
)
def test_what_scoring_cannot_use_exits_2(words: list[str], said: str) -> None:
    result = RUN.invoke(app, ["triage", *words], input="")

    assert result.exit_code == 2
    assert said in result.stderr


def test_a_score_of_nothing_is_zero_and_no_error() -> None:
    nothing = Confusion(0, 0, 0, 0)

    assert (nothing.f1, nothing.recall, nothing.precision, nothing.share) == (0, 0, 0, 0)


def test_the_hospitals_own_rules_come_from_its_config(tmp_path: Path) -> None:
    config = tmp_path / "own.yaml"
    config.write_text(
        "triage:\n  rules:\n    - {name: pumps, phrases: [pump recall], category: adverse_event, urgency: urgent}\n"
        + (DEMO.read_text())
    )

    result = RUN.invoke(app, ["triage", "--config", str(config)], input='{"id": 1, "text": "the Pump-Recall"}\n')

    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert (found["category"], found["urgency"]) == ("adverse_event", "urgent")
    assert "“pumps”" in found["reason"]
