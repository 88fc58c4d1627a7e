"""An answer reaches the platform once: under errors, lost answers, kills, a second process and jumps of the clock.

A failing seed is repeated with `FAULT_SEED=n`.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from functions.send_answers.app import send_answers
from switchboard.domain.handling import answer
from switchboard.domain.intake import take_in
from switchboard.domain.question import AnswerState, Change, QuestionState
from switchboard.errors import SwitchboardError
from tests.fakes.automation import FakeAutomation
from tests.fakes.hospital import NOON, config, message
from tests.fakes.metrics import FakeMetrics
from tests.fakes.questions import FakeQuestions
from tests.fakes.replies import Clock, FakeReplies, FakeSecrets
from tests.faults.injection import Faults, Faulty, Killed
from tests.prove import runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.prove import Proofs


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def live(seed: int, injected: Counter[str] | None = None) -> list[str]:
    """Answer a question under the faults of *seed*; return the broken promises."""
    faults, clock, questions = Faults(seed, rate=0.2), Clock(NOON + timedelta(minutes=1)), FakeQuestions()
    platform = FakeReplies(clock)
    asked = message()
    questions.put([asked])
    opened = take_in(questions.load(asked.question_id), config(), now=NOON)
    assert opened is not None
    questions.commit(opened)
    text = "From nine to five."
    written = answer(
        questions.load(asked.question_id),
        "maria",
        text=text,
        answer_id="A" * 16,
        in_reply_to=asked.message_id,
        now=clock.now,
    )
    assert isinstance(written, Change)
    questions.commit(written)
    store, replies = Faulty(questions, faults), Faulty(platform, faults, sends=True)

    def run() -> None:
        with suppress(Killed, SwitchboardError, BaseExceptionGroup):
            send_answers(
                [asked.question_id],
                questions=store,
                replies={"facebook": replies},
                secrets=FakeSecrets(),
                automation=FakeAutomation(config()),
                metrics=FakeMetrics(),
                now=clock.now,
            )

    for _ in range(40):
        run()
        if faults.random.random() < 0.3:
            run()  # the stream and the timer, or two timers
        clock.advance(minutes=faults.random.choice([1, 1, 1, 2, 7]))
        clock.now += timedelta(minutes=faults.random.choice([0] * 9 + [45]))
    faults.active = False
    for _ in range(40):
        run()
        clock.advance(minutes=10)
    if injected is not None:
        injected.update(faults.injected)
    found = questions.load(asked.question_id)
    (sent,) = found.answers
    copies = sum(said.text == text for said in platform.said)
    broken = []
    if copies != 1:
        broken.append(f"seed {seed}: the answer is {copies} times at the platform ({sent.state})")
    if (
        sent.state is not AnswerState.SENT
        or found.question is None
        or found.question.state is not QuestionState.ANSWERED
    ):
        broken.append(f"seed {seed}: delivered, but it stands as {sent.state}")
    return broken


@pytest.mark.prove
def test_no_hours_of_faults_lose_an_answer_or_send_it_twice(proofs: Proofs) -> None:
    seeds: Sequence[int] = range(runs(few=200, full=2000))
    if "FAULT_SEED" in os.environ:
        seeds = [int(os.environ["FAULT_SEED"])]
    injected: Counter[str] = Counter()
    broken = [line for seed in seeds for line in live(seed, injected)]
    proofs.record("5 hours of faults: an answer reaches the platform once", trials=len(seeds), failures=len(broken))

    assert not broken, broken[:10]
    if len(seeds) > 1:
        assert min(injected[kind] for kind in ("refused", "lost", "killed_before", "killed_after")) > len(seeds) / 10


def test_the_harness_sees_an_answer_that_is_sent_without_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness itself is tested: it must find the answer that went out twice."""
    monkeypatch.setattr(FakeReplies, "find_reply", lambda *_: None)

    broken = [line for seed in range(40) for line in live(seed)]

    assert any("times at the platform" in line for line in broken)
