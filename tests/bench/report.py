"""The figures as ratios to boto3 alone, beside the budgets of docs/speed.md."""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.bench.built import COMPILED, FLOOR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bench.measure import Measured

RECEIVE = "receive_webhook"
INIT_BUDGET = {RECEIVE: 1.10}
OTHERS_INIT_BUDGET = 1.5
WARM_BUDGET = {RECEIVE: 1.25}
SHIPPED_BUDGET = 1.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One function beside boto3 alone; ratios are medians over the rounds, each within its round."""

    function: str
    init_ms: float
    init_ratio: float
    first_ms: float
    cold_ratio: float
    warm_ms: float
    warm_ratio: float
    rss_ratio: float
    aws_calls: float

    @property
    def missed(self) -> list[str]:
        """The budgets that it does not meet."""
        init, warm = INIT_BUDGET.get(self.function, OTHERS_INIT_BUDGET), WARM_BUDGET.get(self.function)
        return [
            *([f"init > {init}"] if self.init_ratio > init else []),
            *([f"warm > {warm}"] if warm and self.warm_ratio > warm else []),
        ]

    def as_json(self) -> str:
        """Return the line for machines."""
        return json.dumps(
            {
                "function": self.function,
                "init_ratio": round(self.init_ratio, 3),
                "warm_ratio": round(self.warm_ratio, 3),
                "rss_ratio": round(self.rss_ratio, 3),
                "aws_calls": self.aws_calls,
                "cold_ratio": round(self.cold_ratio, 3),
            }
        )


def rows(measured: Sequence[Measured]) -> list[Row]:
    """Return a row for each function."""
    floor = next(figures for figures in measured if figures.name == FLOOR)
    return [_row(figures, floor) for figures in measured if figures.name not in {FLOOR, COMPILED}]


def shipped_ratio(measured: Sequence[Measured]) -> float | None:
    """Return the INIT of receive_webhook as shipped ÷ the same with bytecode made here, or None."""
    by_name = {figures.name: figures for figures in measured}
    if RECEIVE not in by_name or COMPILED not in by_name:
        return None
    return _ratio(by_name[RECEIVE].init, by_name[COMPILED].init)


def table(measured: Sequence[Measured]) -> str:
    """Return the figures for people."""
    floor = next(figures for figures in measured if figures.name == FLOOR)
    lines = [
        f"{'':<20}{'INIT':>9}{'x':>6}{'first':>9}{'cold x':>8}{'warm':>9}{'x':>6}{'RSS x':>7}{'calls':>7}  budgets",
        (
            f"{FLOOR:<20}{_ms(floor.init):>9}{1:>6.2f}{_ms(floor.first):>9}{1:>8.2f}{_ms(floor.warm):>9}{1:>6.2f}"
            f"{1:>7.2f}{floor.calls:>7.1f}"
        ),
    ]
    lines += [
        f"{row.function:<20}{row.init_ms:>7.0f}ms{row.init_ratio:>6.2f}{row.first_ms:>7.1f}ms{row.cold_ratio:>8.2f}"
        f"{row.warm_ms:>7.2f}ms{row.warm_ratio:>6.2f}{row.rss_ratio:>7.2f}{row.aws_calls:>7.1f}"
        f"  {'; '.join(row.missed) or 'met'}"
        for row in rows(measured)
    ]
    shipped = shipped_ratio(measured)
    if shipped is not None:
        verdict = "met" if shipped <= SHIPPED_BUDGET else f"missed: more than {SHIPPED_BUDGET}"
        lines.append(f"shipped INIT ÷ compiled INIT of {RECEIVE}: {shipped:.2f}  {verdict}")
    return "\n".join(lines)


def all_met(measured: Sequence[Measured]) -> bool:
    """Say whether every budget is met."""
    return not any(row.missed for row in rows(measured)) and (shipped_ratio(measured) or 0) <= SHIPPED_BUDGET


def _row(figures: Measured, floor: Measured) -> Row:
    cold, floor_cold = (
        [init + first for init, first in zip(one.init, one.first, strict=True)] for one in (figures, floor)
    )
    return Row(
        function=figures.name,
        init_ms=statistics.median(figures.init) * 1000,
        init_ratio=_ratio(figures.init, floor.init),
        first_ms=statistics.median(figures.first) * 1000,
        cold_ratio=_ratio(cold, floor_cold),
        warm_ms=statistics.median(figures.warm) * 1000,
        warm_ratio=_ratio(figures.warm, floor.warm),
        rss_ratio=_ratio(figures.memory, floor.memory),
        aws_calls=figures.calls,
    )


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def _ms(seconds: Sequence[float]) -> str:
    median = statistics.median(seconds) * 1000
    return f"{median:.2f}ms" if median < 10 else f"{median:.0f}ms"
