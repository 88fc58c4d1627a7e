"""How triage does on labelled texts outside of the project; `python -m tests.unit.test_triage_scores` prints the table.

The texts are read where they lie and never copied; without them the tests are skipped.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from switchboard.domain.triage import Triage, triage
from switchboard.domain.vocabulary import Category, Urgency

DATA = Path(__file__).parents[3] / "shared/data"
Label = Callable[[dict[str, Any]], bool]


class Test(Protocol):
    """What triage is asked about a text; its name stands in the table."""

    __name__: str

    def __call__(self, found: Triage, /) -> bool: ...


@dataclass(frozen=True)
class Confusion:
    """How often a test said yes (hit, false alarm) or no (miss, rest) of texts that are, or are not, what it seeks."""

    hit: int
    false_alarm: int
    miss: int
    rest: int

    @property
    def recall(self) -> float:
        return self.hit / max(1, self.hit + self.miss)

    @property
    def precision(self) -> float:
        return self.hit / max(1, self.hit + self.false_alarm)

    @property
    def f1(self) -> float:
        return 2 * self.hit / max(1, 2 * self.hit + self.miss + self.false_alarm)

    @property
    def alarms(self) -> float:
        """The share of all texts of which the test said yes."""
        return (self.hit + self.false_alarm) / max(1, self.hit + self.false_alarm + self.miss + self.rest)


def score(names: str, test: Test, label: Label, *, marks: bool = True) -> Confusion:
    """Return the confusion over the files that match *names*; without *marks*, question marks are taken out first."""
    paths = sorted(DATA.glob(f"{names}.jsonl"))
    if not paths:
        pytest.skip("../shared/data is not here")
    counts = {(said, is_it): 0 for said in (True, False) for is_it in (True, False)}
    for row in (json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()):
        text = row["text"] if marks else row["text"].replace("?", "").replace("¿", "")
        counts[test(triage(text)), label(row)] += 1
    return Confusion(counts[True, True], counts[True, False], counts[False, True], counts[False, False])


def asks(found: Triage) -> bool:
    return found.is_question


def rings(found: Triage) -> bool:
    return found.urgency is Urgency.EMERGENCY


def needs_answer(found: Triage) -> bool:
    return found.needs_answer


def english(found: Triage) -> bool:
    return found.language == "en"


def spanish(found: Triage) -> bool:
    return found.language == "es"


def spam(found: Triage) -> bool:
    return found.category is Category.SPAM


def one(row: dict[str, Any]) -> bool:
    return bool(row["label"] == 1)


def grave(row: dict[str, Any]) -> bool:
    return row["label"] in {"critical", "emergent"}


def harmless(row: dict[str, Any]) -> bool:
    return row["label"] in {"routine", "non-emergent", "self-care"}


def never(row: dict[str, Any]) -> bool:
    return not row


MEASURES: tuple[tuple[str, Test, Label, bool, str, float], ...] = (
    ("question__nps_chat", asks, one, True, "f1", 0.90),
    ("question__swda_test", asks, one, True, "f1", 0.80),
    ("question__trec", asks, one, False, "recall", 0.92),
    ("medical_questions__covid_q", asks, one, True, "recall", 0.97),
    ("medical_questions__icliniq_questions", asks, one, True, "recall", 0.97),
    ("medical_questions__icliniq_questions", asks, one, False, "recall", 0.97),
    ("multilingual__xquad_en", asks, one, False, "f1", 0.93),
    ("multilingual__xquad_es", asks, one, False, "f1", 0.93),
    ("urgency__*", rings, grave, True, "recall", 0.90),
    (
        "complaints__hospital_reviews",
        needs_answer,
        lambda row: row["label"] == 0,
        True,
        "recall",
        0.85,
    ),
    ("complaints__complaints_twitter", needs_answer, one, True, "recall", 0.90),
    ("multilingual__xquad_en", english, bool, True, "recall", 0.98),
    ("multilingual__xquad_es", spanish, bool, True, "recall", 0.98),
    ("spam_abuse__sms_spam", spam, one, True, "precision", 0.95),
)
"""File, what triage says, what the label says, with question marks or without, the measure, and what it must reach."""

FALSE_ALARMS = (
    "nhs_feedback__nhs_v6",
    "complaints__hospital_reviews",
    "complaints__complaints_twitter",
    "spam_abuse__sms_spam",
    "question__nps_chat",
    "question__swda_test",
    "medical_questions__covid_q",
)


@pytest.mark.parametrize(("names", "test", "label", "marks", "measure", "least"), MEASURES)
def test_triage_reaches_its_mark_on_labelled_texts(
    names: str, test: Test, label: Label, *, marks: bool, measure: str, least: float
) -> None:
    found = score(names, test, label, marks=marks)

    assert getattr(found, measure) >= least, found


@pytest.mark.parametrize("name", FALSE_ALARMS)
def test_ordinary_texts_seldom_ring_as_an_emergency(name: str) -> None:
    assert score(name, rings, never).alarms <= 0.02


def test_routine_vignettes_seldom_ring_as_an_emergency() -> None:
    assert score("urgency__*", rings, harmless).hit <= 1


def table() -> str:
    """Return the scores as rows of a Markdown table."""
    rows: list[str] = []
    for names, test, label, marks, measure, least in MEASURES:
        found = score(names, test, label, marks=marks)
        what = f"{test.__name__.replace('_', ' ')}: {measure}" + ("" if marks else " without “?”")
        cells = f"{found.hit} / {found.miss} / {found.false_alarm} / {found.rest}"
        rows.append(f"| {names} | {what} | {getattr(found, measure):.3f} | {least:.2f} | {cells} |")
    for name in FALSE_ALARMS:
        found = score(name, rings, never)
        rows.append(f"| {name} | rings: share of all texts | {found.alarms:.2%} | 2 % | {found.false_alarm} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
