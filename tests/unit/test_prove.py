from math import comb

import pytest

from tests.prove import table, upper_bound


@pytest.mark.parametrize(("failures", "trials"), [(0, 2000), (0, 1), (1, 100), (5, 50), (40, 50)])
def test_at_the_upper_bound_so_few_failures_would_have_been_a_one_in_twenty_chance(failures: int, trials: int) -> None:
    rate = upper_bound(failures, trials)

    chance = sum(comb(trials, n) * rate**n * (1 - rate) ** (trials - n) for n in range(failures + 1))

    assert chance == pytest.approx(0.05, rel=1e-6)


def test_when_every_trial_failed_nothing_is_ruled_out() -> None:
    assert upper_bound(3, 3) == 1.0


def test_the_table_has_a_line_a_promise_that_adds_up_its_parts() -> None:
    lines = table([("nothing is lost", 1500, 0), ("nothing is lost", 500, 0)])

    assert lines[-1].split() == ["nothing", "is", "lost", "2,000", "0", "1.50e-03"]
    assert len(lines) == 3
