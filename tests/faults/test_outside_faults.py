"""No post in a scheduler outside is lost, doubled, or out after its pause was acknowledged: under errors, lost answers,
kills, people's own changes and clock jumps between any two calls. A failing seed: `FAULT_SEED=n`.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from switchboard.domain.journal import Act, Move
from switchboard.domain.post import PostState
from tests.faults.outside import CLASSES, Outside
from tests.prove import runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.prove import Proofs


ALWAYS = Move(act=Act.TOUCH, reason="")


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.prove
@pytest.mark.parametrize("kind", CLASSES)
def test_no_hours_of_faults_lose_a_post_double_one_or_let_one_out_that_is_paused(kind: str, proofs: Proofs) -> None:
    seeds = [int(os.environ["FAULT_SEED"])] if "FAULT_SEED" in os.environ else range(runs(few=200, full=5000))
    violations: list[str] = []
    seen: Counter[str] = Counter()
    for seed in seeds:
        hours = Outside(seed, kind).live()
        violations += hours.violations
        seen += hours.faults.injected + hours.acted
        seen += Counter(str(row.state) for row in hours.posts.outside(list(PostState)))
    broken = len({line.split(":")[0] for line in violations})
    promise = f"8 hours of faults in a scheduler ({kind}): no post lost, doubled, or out when paused"
    proofs.record(promise, trials=len(seeds), failures=broken)

    assert not violations, violations[:10]
    if len(seeds) > 1:
        expected = ("refused", "lost", "killed_before", "killed_after", "hold killed", "resume", "held", "discarded")
        assert min(seen[what] for what in expected) > len(seeds) / 20, seen


@pytest.mark.parametrize(
    ("broken", "by", "kind", "seen"),
    [
        ("switchboard.verbs.holding.made_anew", None, "recreate", "became 2"),
        ("switchboard.domain.journal.is_paused", True, "native", "was acknowledged"),
        ("switchboard.domain.journal._may_be_under_way", False, "recreate", "became 2"),
        ("switchboard.domain.journal._touch_if_in_time", ALWAYS, "native", "went out at once"),
        ("switchboard.verbs.holding._twins", (), "recreate", "became 1"),
    ],
)
def test_the_harness_sees_what_is_broken(
    broken: str, by: object, kind: str, seen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def instead(*_: object, **__: object) -> object:
        return by

    monkeypatch.setattr(broken, instead)

    noted = (line for seed in range(3000) for line in Outside(seed, kind).live().violations)

    assert any(seen in line for line in noted)
