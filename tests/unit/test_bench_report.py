from __future__ import annotations

import json

from tests.bench.built import COMPILED, FLOOR
from tests.bench.measure import Measured
from tests.bench.report import all_met, rows, shipped_ratio, table


def measured(name: str, init: float, warm: float) -> Measured:
    return Measured(name=name, init=[init, init * 3], first=[1, 1], warm=[warm, warm], memory=[100, 100], calls=1)


def figures(init: float = 0.9, warm: float = 1.2, shipped: float = 1.0) -> list[Measured]:
    floor = measured(FLOOR, 1, 1)
    return [floor, measured("receive_webhook", init, warm), measured(COMPILED, init / shipped, warm)]


def test_ratios_are_taken_within_a_round_so_that_a_noisy_round_cancels_out() -> None:
    (row,) = rows(figures())

    assert (round(row.init_ratio, 6), row.warm_ratio, row.missed) == (0.9, 1.2, [])
    assert json.loads(row.as_json()).keys() >= {"function", "init_ratio", "warm_ratio", "rss_ratio", "aws_calls"}


def test_a_missed_budget_is_named_and_counts() -> None:
    slow = figures(init=1.2, warm=1.3)

    assert rows(slow)[0].missed == ["init > 1.1", "warm > 1.25"]
    assert "warm > 1.25" in table(slow)
    assert (all_met(figures()), all_met(slow)) == (True, False)


def test_a_build_without_bytecode_is_missed() -> None:
    assert shipped_ratio(figures(shipped=2.0)) == 2.0
    assert not all_met(figures(shipped=2.0))
