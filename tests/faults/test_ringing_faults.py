"""10,000 questions under faults, and fifty people who claim one question at once. Repeat a seed with `FAULT_SEED=n`."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from switchboard.domain.handling import claim
from switchboard.domain.question import Change, QuestionState
from switchboard.errors import Conflict
from switchboard.verbs.attend import attend
from switchboard.verbs.paging import Paging
from tests.fakes.hospital import NOON, message
from tests.fakes.house import House
from tests.fakes.texts import FakeTexts
from tests.faults.ringing import QUESTIONS, Evening
from tests.prove import PARTS, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.prove import Proofs


@pytest.mark.prove
@pytest.mark.parametrize("part", range(PARTS))
def test_no_evening_of_faults_forgets_a_question_or_rings_a_step_twice(part: int, proofs: Proofs) -> None:
    seeds: Sequence[int] = range(part, runs(few=24, full=500), PARTS)
    if "FAULT_SEED" in os.environ:
        seeds = [int(os.environ["FAULT_SEED"])] if part == 0 else []
    violations = [line for seed in seeds for line in Evening(seed).live().violations]

    proofs.record(
        "3 questions of an evening of faults: a next action always, no step twice",
        trials=QUESTIONS * len(seeds),
        failures=len(violations),
    )
    assert not violations, violations[:10]


def test_the_harness_sees_a_step_that_rings_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    send = FakeTexts.send

    def twice(self: FakeTexts, phone: str, text: str, **about: object) -> str:
        send(self, phone, text, **about)  # type: ignore[arg-type]
        return send(self, phone, text, **about)  # type: ignore[arg-type]

    monkeypatch.setattr(Paging, "_within_limits", lambda *_: None)
    monkeypatch.setattr(FakeTexts, "send", twice)
    evening = Evening(1)
    original = evening.phones.send

    def doubled(phone: str, text: str, **about: object) -> str:
        original(phone, text, **about)  # type: ignore[arg-type]
        return original(phone, text, **about)  # type: ignore[arg-type]

    monkeypatch.setattr(evening.phones, "send", doubled)

    assert any("twice" in line for line in evening.live().violations)


def test_the_harness_sees_a_sweep_that_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    evening = Evening(2)
    monkeypatch.setattr(evening.questions, "due", lambda *_, **__: [])

    assert any("never" in line for line in evening.live().violations)


@pytest.mark.prove
def test_of_fifty_who_claim_at_once_one_wins(proofs: Proofs) -> None:
    trials = runs(few=20, full=1_000)
    broken: list[str] = []
    with ThreadPoolExecutor(50) as pool:
        for number in range(trials):
            house = House()
            question_id = house.receives(message(number + 1))
            attend(question_id, house.room, now=NOON)

            def take(person: int, house: House = house, question_id: str = question_id) -> bool:
                while True:
                    found = claim(house.conversation(question_id), f"p{person}", now=NOON, lasting=timedelta(hours=1))
                    if not isinstance(found, Change):
                        return False
                    try:
                        house.questions.commit(found)
                    except Conflict:
                        continue
                    return True

            won = [person for person, mine in enumerate(pool.map(take, range(50))) if mine]
            question = house.conversation(question_id).question
            owner = question.owner if question and question.state is QuestionState.CLAIMED else ""
            if len(won) != 1 or owner != f"p{won[0]}":
                broken.append(f"{number}: {won}, {owner}")

    proofs.record("4 fifty claim at once: one winner", trials=trials, failures=len(broken))
    assert not broken, broken[:5]
