"""How well triage does on labelled texts: what a file's name asks of it, the scores, and the lines that went wrong.

A file has JSON lines with `text` and `label`; what stands before the two underscores of its name is the task. The texts
are read where they lie, and none is printed: what is wrong is named by its line.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from switchboard.domain.triage import Triage, triage
from switchboard.domain.vocabulary import Category, Urgency
from switchboard_cli.terminal import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

Says = Callable[[Triage], bool]
Label = Callable[[Any], bool]
Kind = Literal["f1", "recall", "precision", "share"]


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often triage said yes (hit, false alarm) or no (miss, rest) of texts that are, or are not, what is sought."""

    hit: int
    miss: int
    false_alarm: int
    rest: int

    @property
    def recall(self) -> float:
        """Of what is sought, the part that was found."""
        return self.hit / max(1, self.hit + self.miss)

    @property
    def precision(self) -> float:
        """Of what was found, the part that is sought."""
        return self.hit / max(1, self.hit + self.false_alarm)

    @property
    def f1(self) -> float:
        """Both at once."""
        return 2 * self.hit / max(1, 2 * self.hit + self.miss + self.false_alarm)

    @property
    def share(self) -> float:
        """Of all texts, the part of which triage said yes."""
        return (self.hit + self.false_alarm) / max(1, self.hit + self.miss + self.false_alarm + self.rest)

    def __add__(self, other: Confusion) -> Confusion:
        return Confusion(
            self.hit + other.hit,
            self.miss + other.miss,
            self.false_alarm + other.false_alarm,
            self.rest + other.rest,
        )


@dataclass(frozen=True, slots=True)
class Measure:
    """What is asked of triage on the files whose name begins with *files*.

    A *share* must stay at or below the *aim*, all others reach it. Without *marks* question marks are taken out first.
    """

    files: str
    name: str
    says: Says
    label: Label
    kind: Kind
    aim: float
    marks: bool = True

    def met(self, confusion: Confusion) -> bool:
        """Return whether *confusion* reaches the aim."""
        return self.value(confusion) <= self.aim if self.kind == "share" else self.value(confusion) >= self.aim

    def value(self, confusion: Confusion) -> float:
        """Return what is measured of *confusion*."""
        return float(getattr(confusion, self.kind))

    def title(self) -> str:
        """Return what is measured, in words."""
        kind = {"f1": "F1", "share": "share of all texts"}.get(self.kind, self.kind)
        return f"{self.name}: {kind}" + ("" if self.marks else " without question marks")


@dataclass(frozen=True, slots=True)
class Score:
    """What came of one measure on *file*; *wrong* are the lines of misses and false alarms, counted from 1."""

    file: str
    measure: Measure
    confusion: Confusion
    wrong: tuple[int, ...] = ()

    def as_json(self, most: int) -> dict[str, object]:
        """Return the score as JSON can say it, with *most* of the wrong lines."""
        found = self.confusion
        return {
            "file": self.file,
            "measure": self.measure.title(),
            "score": round(self.measure.value(found), 4),
            "aim": self.measure.aim,
            "met": self.measure.met(found),
            "confusion": {
                "hit": found.hit,
                "miss": found.miss,
                "false_alarm": found.false_alarm,
                "rest": found.rest,
            },
            **({"wrong": list(self.wrong[:most])} if most else {}),
        }

    def as_text(self, most: int) -> str:
        """Return the score as a person reads it: a line, and the confusion as a table of four."""
        found = self.confusion
        met = "met" if self.measure.met(found) else "MISSED"
        aim = f"at most {self.measure.aim:.1%}" if self.measure.kind == "share" else f"{self.measure.aim:.2f}"
        value = self.measure.value(found)
        shown = f"{value:.2%}" if self.measure.kind == "share" else f"{value:.3f}"
        lines = [
            f"{self.file}: {self.measure.title()} {shown} (aim {aim}: {met})",
            f"{'':14}{'said yes':>10}{'said no':>10}",
            f"{'  it is':14}{found.hit:>10}{found.miss:>10}",
            f"{'  it is not':14}{found.false_alarm:>10}{found.rest:>10}",
        ]
        if most and self.wrong:
            more = ", …" if len(self.wrong) > most else ""
            lines.append(f"  wrong lines: {', '.join(map(str, self.wrong[:most]))}{more}")
        return "\n".join(lines)


def asks(found: Triage) -> bool:
    """Return whether it asks."""
    return found.is_question


def rings(found: Triage) -> bool:
    """Return whether it rings as an emergency."""
    return found.urgency is Urgency.EMERGENCY


def needs_answer(found: Triage) -> bool:
    """Return whether a person must answer."""
    return found.needs_answer


def _speaks(language: str) -> Says:
    return lambda found: found.language == language


def _spam(found: Triage) -> bool:
    return found.category is Category.SPAM


def _is(*labels: object) -> Label:
    return lambda label: label in labels


def _any(_: object) -> bool:
    return True


def _none(_: object) -> bool:
    return False


def _ordinary(files: str) -> Measure:
    return Measure(files, "rings", rings, _none, "share", 0.02)


MEASURES = (
    Measure("question__nps_chat", "asks", asks, _is(1), "f1", 0.90),
    Measure("question__swda", "asks", asks, _is(1), "f1", 0.80),
    Measure("question__trec", "asks", asks, _is(1), "recall", 0.92, marks=False),
    Measure("question__", "asks", asks, _is(1), "f1", 0.80),
    Measure("medical_questions__", "asks", asks, _is(1), "recall", 0.97),
    Measure("medical_questions__", "asks", asks, _is(1), "recall", 0.97, marks=False),
    Measure("multilingual__", "asks", asks, _is(1), "f1", 0.93, marks=False),
    Measure("multilingual__xquad_en", "English", _speaks("en"), _any, "recall", 0.98),
    Measure("multilingual__xquad_es", "Spanish", _speaks("es"), _any, "recall", 0.98),
    Measure("urgency__", "rings if critical", rings, _is("critical", "emergent"), "recall", 0.90),
    Measure("urgency__", "rings, and not for routine", rings, _is("critical", "emergent", "urgent"), "precision", 0.95),
    Measure("complaints__hospital_reviews", "needs answer", needs_answer, _is(0), "recall", 0.85),
    Measure("complaints__", "needs answer", needs_answer, _is(1), "recall", 0.90),
    Measure("spam_abuse__", "spam", _spam, _is(1), "precision", 0.95),
    *map(
        _ordinary,
        (
            "nhs_feedback__",
            "complaints__",
            "spam_abuse__",
            "question__nps_chat",
            "question__swda",
            "medical_questions__covid_q",
        ),
    ),
)
"""What each file is asked; of measures with one title, the one with the longest name counts."""

TASKS = tuple(dict.fromkeys(measure.files.partition("__")[0] for measure in MEASURES))


def measures_of(name: str, task: str = "") -> tuple[Measure, ...]:
    """Return what is asked of the file *name*, or of any file of *task*; raises BadInput when neither says it."""
    stem = name if name.startswith(tuple(f"{one}__" for one in TASKS)) else f"{task}__{name}"
    stem = stem if not task or stem.startswith(f"{task}__") else f"{task}__{stem}"
    found: dict[str, Measure] = {}
    for measure in sorted(MEASURES, key=lambda one: len(one.files)):
        if stem.startswith(measure.files):
            found = {key: one for key, one in found.items() if not _replaces(measure, one)}
            found[f"{measure.title()} {measure.files}"] = measure
    if not found:
        raise BadInput(f"{name}: its name says no task; choose one of {', '.join(TASKS)} with --task")
    return tuple(sorted(found.values(), key=MEASURES.index))


def _replaces(new: Measure, old: Measure) -> bool:
    return new.says is old.says and (new.kind == "share") == (old.kind == "share") and new.files != old.files


def scores(paths: Sequence[Path], task: str = "") -> list[Score]:
    """Return the scores of each of *paths*, then those of all files of a measure together where there are more."""
    if task and task not in TASKS:
        raise BadInput(f"--task {task!r} is not known; choose one of {', '.join(TASKS)}")
    found = [_score(path, measure) for path in paths for measure in measures_of(path.stem, task)]
    together: dict[Measure, list[Score]] = {}
    for one in found:
        together.setdefault(one.measure, []).append(one)
    pooled = [_pooled(measure, parts) for measure, parts in together.items() if len(parts) > 1]
    return [*found, *pooled]


def _pooled(measure: Measure, parts: Sequence[Score]) -> Score:
    total = Confusion(0, 0, 0, 0)
    for part in parts:
        total += part.confusion
    return Score(f"{measure.files}* ({len(parts)} files)", measure, total)


def _score(path: Path, measure: Measure) -> Score:
    counts = {(said, is_it): 0 for said in (True, False) for is_it in (True, False)}
    wrong: list[int] = []
    for number, text, label in _rows(path):
        said = measure.says(triage(text if measure.marks else text.replace("?", "").replace("¿", "")))
        is_it = measure.label(label)
        counts[said, is_it] += 1
        if said is not is_it:
            wrong.append(number)
    found = Confusion(counts[True, True], counts[False, True], counts[True, False], counts[False, False])
    return Score(path.stem, measure, found, tuple(wrong))


def _rows(path: Path) -> Iterable[tuple[int, str, Any]]:
    """Yield number, text and label of each line."""
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise BadInput(f"{path}: cannot be read; give a file of JSON lines with text and label") from exc
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row: Any = json.loads(line)
            text, label = row["text"], row["label"]
        except (ValueError, TypeError, KeyError, RecursionError) as exc:
            raise BadInput(f'{path}: line {number}: is not {{"text": "…", "label": …}}') from exc
        if not isinstance(text, str):
            raise BadInput(f"{path}: line {number}: text is not a text")
        yield number, text, label
