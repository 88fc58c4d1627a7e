"""No post lost, none published twice, none after it was held or while publishing is paused: under errors, lost
answers, kills, other actors and clock jumps between any two outside calls. A failing seed: `FAULT_SEED=n`.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.faults.calendar import ON, Day
from tests.prove import runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.prove import Proofs

PROMISES = (
    "5 hours of faults: a post goes out once",
    "7 hours of faults: nothing goes out that is held or paused",
    "8 hours of faults: no post is lost, and none floods out late",
)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.prove
def test_no_day_of_faults_loses_a_post_publishes_one_twice_or_one_that_is_held(proofs: Proofs) -> None:
    seeds = [int(os.environ["FAULT_SEED"])] if "FAULT_SEED" in os.environ else range(runs(few=200, full=2000))
    violations: list[str] = []
    seen: Counter[str] = Counter()
    for seed in seeds:
        day = Day(seed).live()
        violations += day.violations
        seen += day.faults.injected + day.acted + Counter(str(day.store[post.post_id].state) for post in day.planned)
    broken = len({line.split(":")[0] for line in violations})
    for promise in PROMISES:
        proofs.record(promise, trials=len(seeds), failures=broken)

    assert not violations, violations[:10]
    if len(seeds) > 1:
        expected = ("refused", "lost", "killed_before", "killed_after", "publish killed", "pause killed", "resume")
        assert min(seen[what] for what in (*expected, "published", "held", "draft")) > len(seeds) / 10, seen


def test_the_harness_sees_a_publisher_that_does_not_look_before_it_sends_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness itself is tested: it must find the post that went out twice."""
    monkeypatch.setattr("functions.publish_due_posts.app._Press._look", blind)

    broken = [line for seed in range(80) for line in Day(seed).live().violations]

    assert any("times on the Page" in line for line in broken)


def test_the_harness_sees_a_publisher_that_does_not_ask_the_switch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.publish_due_posts.app._Press.switched_on", careless)

    broken = [line for seed in range(20) for line in Day(seed).live().violations]

    assert any("while publishing was paused" in line for line in broken)


def blind(*_: object) -> None:
    """Find nothing, without looking."""


def careless(*_: object) -> object:
    """Say that publishing is on, without asking."""
    return ON


def test_the_harness_sees_a_publisher_that_does_not_ask_the_crisis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.publish_due_posts.app._Press._is_crisis", blind)

    broken = [line for seed in range(60) for line in Day(seed).live().violations]

    assert any("in a crisis" in line for line in broken)
