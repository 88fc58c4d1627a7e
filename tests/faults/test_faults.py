"""Nothing lost, no duplicate question, one alert per step: under errors, lost answers, kills, duplicates, reordering
and clock jumps between any two outside calls. A failing seed is repeated with `FAULT_SEED=n`.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from botocore.session import Session
from moto import mock_aws

from switchboard.adapters.questions import DynamoQuestions
from tests.fakes.texts import FakeTexts
from tests.faults.day import live
from tests.prove import PARTS, runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.prove import Proofs

PROMISES = (
    "1 a day of faults: what got its 200 is stored",
    "2 a day of faults: one question, one alert per step",
    "3 a day of faults: every open question has a next action",
    "4 a day of faults: one person holds a claim",
)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield Session().create_client("dynamodb", region_name="us-east-1")


@pytest.mark.prove
@pytest.mark.parametrize("part", range(PARTS))
def test_no_day_of_faults_loses_a_message_doubles_a_question_or_rings_a_step_twice(
    part: int, client: Any, proofs: Proofs
) -> None:
    seeds: Sequence[int] = range(part, runs(few=60, full=2000), PARTS)
    if "FAULT_SEED" in os.environ:
        seeds = [int(os.environ["FAULT_SEED"])] if part == 0 else []
    violations: list[str] = []
    injected: Counter[str] = Counter()
    for seed in seeds:
        day = live(seed, client)
        violations += day.violations
        injected += day.faults.injected
    broken = len({line.split(":")[0] for line in violations})
    for promise in PROMISES:
        proofs.record(promise, trials=len(seeds), failures=broken)

    assert not violations, violations[:10]
    if len(seeds) > 1:
        assert min(injected[kind] for kind in ("refused", "lost", "killed_before", "killed_after")) > len(seeds) / 10


def test_the_harness_sees_a_step_that_rings_twice(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness itself is tested: with two texts for one stored intent it must find the doubled ring."""
    send = FakeTexts.send
    monkeypatch.setattr(FakeTexts, "send", lambda *said, **about: (send(*said, **about), send(*said, **about))[0])

    broken = [line for seed in range(3) for line in live(seed, client).violations]

    assert any("rang twice" in line for line in broken)


def test_the_harness_sees_a_question_that_nobody_will_come_back_to(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DynamoQuestions, "due", lambda *_, **__: [])

    broken = [line for seed in range(6) for line in live(seed, client).violations]

    assert any("was never taken in" in line or "nobody was ever rung" in line for line in broken)
