"""The promises: tried few times by `make test`, at full counts by `make prove`, which prints them as a table.

A test of a promise is marked `prove`, asks `runs` how often to try, and tells the fixture `proofs` what came of it. A
long one is parametrised by `PARTS` and takes every so-many-th seed, so that it can run on all cores.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PROOF = "proof"


PARTS = 4


def runs(*, few: int, full: int) -> int:
    """Return how many trials to make; `PROVE=full` asks for all of them."""
    return full if os.environ.get("PROVE") == "full" else few


def upper_bound(failures: int, trials: int, confidence: float = 0.95) -> float:
    """Return the one-sided Clopper-Pearson upper bound of the failure rate: 3 / n when nothing failed."""
    if failures >= trials:
        return 1.0
    low, high = failures / trials, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(failures, trials, middle) > 1 - confidence else (low, middle)
    return high


def _at_most(failures: int, trials: int, rate: float) -> float:
    """Return the probability of at most *failures* in *trials* at *rate*."""
    term = total = (1 - rate) ** trials
    for number in range(1, failures + 1):
        term *= (trials - number + 1) / number * rate / (1 - rate)
        total += term
    return total


@dataclass(frozen=True)
class Proofs:
    """Where a test of a promise says what came of it; *note* is pytest's `record_property`."""

    note: Callable[[str, object], None]

    def record(self, promise: str, *, trials: int, failures: int) -> None:
        """Note that *promise* was tried *trials* times and broken *failures* times."""
        self.note(PROOF, (promise, trials, failures))


def table(proofs: Iterable[tuple[str, int, int]]) -> list[str]:
    """Return the table's lines: one a promise, whatever tests tried it."""
    sums: dict[str, tuple[int, int]] = {}
    for promise, trials, failures in proofs:
        before = sums.get(promise, (0, 0))
        sums[promise] = (before[0] + trials, before[1] + failures)
    width = max([len(promise) for promise in sums] + [7])
    head = f"{'promise':<{width}}  {'trials':>8}  {'failures':>8}  {'95 % upper bound':>16}"
    rows = [
        f"{promise:<{width}}  {trials:>8,}  {failures:>8,}  {upper_bound(failures, trials):>16.2e}"
        for promise, (trials, failures) in sorted(sums.items())
    ]
    return [head, "-" * len(head), *rows]
