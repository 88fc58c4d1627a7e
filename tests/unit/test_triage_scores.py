"""How triage does on labelled texts outside of the project; `python -m tests.unit.test_triage_scores` prints the table.

The texts are read where they lie and never copied; without them the tests are skipped. `switchboard triage --score` is
the same for any file.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from switchboard_cli.scoring import MEASURES, Measure, Score, measures_of, scores

DATA = Path(__file__).parents[3] / "shared/data"


def files_of(measure: Measure) -> list[Path]:
    return [path for path in sorted(DATA.glob(f"{measure.files}*.jsonl")) if measure in measures_of(path.stem)]


def scored(measure: Measure) -> Score:
    """The score of all files of *measure* together."""
    paths = files_of(measure)
    if not paths:
        pytest.skip(f"../shared/data has no {measure.files}*.jsonl")
    return [one for one in scores(paths) if one.measure is measure][-1]


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: f"{measure.files}-{measure.title()}")
def test_triage_reaches_its_aim_on_labelled_texts(measure: Measure) -> None:
    found = scored(measure)

    assert measure.met(found.confusion), found.as_text(0)


def table() -> str:
    """Return the scores as rows of a Markdown table."""
    rows: list[str] = []
    for measure in MEASURES:
        if not files_of(measure):
            continue
        found = scored(measure).confusion
        value, aim = measure.value(found), measure.aim
        said = f"{value:.2%} | {aim:.0%}" if measure.kind == "share" else f"{value:.3f} | {aim:.2f}"
        cells = f"{found.hit} / {found.miss} / {found.false_alarm} / {found.rest}"
        rows.append(f"| {measure.files} | {measure.title()} | {said} | {cells} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
