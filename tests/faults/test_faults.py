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

from switchboard.domain.escalation import alerts_of
from switchboard.verbs import attend
from tests.faults.day import live
from tests.prove import runs

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield Session().create_client("dynamodb", region_name="us-east-1")


@pytest.mark.prove
def test_no_day_of_faults_loses_a_message_doubles_a_question_or_rings_a_step_twice(
    client: Any, record_property: Any
) -> None:
    seeds = [int(os.environ["FAULT_SEED"])] if "FAULT_SEED" in os.environ else range(runs(few=150, full=2000))
    violations: list[str] = []
    injected: Counter[str] = Counter()
    for seed in seeds:
        day = live(seed, client)
        violations += day.violations
        injected += day.faults.injected
    record_property("promise", "1-4: nothing lost, one question, one alert per step, one claim")
    record_property("trials", len(seeds))
    record_property("failures", len({line.split(":")[0] for line in violations}))

    assert not violations, violations[:10]
    if len(seeds) > 1:
        assert min(injected[kind] for kind in ("refused", "lost", "killed_before", "killed_after")) > len(seeds) / 10


def test_the_harness_sees_a_step_that_rings_twice(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness itself is tested: with two texts for one stored intent it must find the doubled ring."""
    monkeypatch.setattr(attend, "alerts_of", lambda ring, config, *, now: alerts_of(ring, config, now=now) * 2)

    broken = [line for seed in range(5) for line in live(seed, client).violations]

    assert any("rang twice" in line for line in broken)
