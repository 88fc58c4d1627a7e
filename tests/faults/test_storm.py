"""Promise 9: a thousand questions in a minute flood no phone, and delay nothing that is urgent.

The clock is simulated: each question is attended to a second after it came, as the stream does; the sweep runs once a
minute and stays for what may leave soon.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from functions.escalate_questions.app import escalate_questions
from switchboard.domain.alert_text import fits
from switchboard.domain.pager_limits import ALERTS
from switchboard.domain.vocabulary import Urgency
from switchboard.verbs.attend import attend
from tests.fakes.hospital import DOCUMENT, NOON, message
from tests.fakes.house import House
from tests.prove import runs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from switchboard.domain.pager import Held, Pager
    from tests.prove import Proofs

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
CALM = ("What are your visiting hours?", "Where do I park?", "Can I reschedule my appointment?")
GRAVE = ("My father is not breathing, what do I do?", "I am going to sue you.", "A journalist here, who can comment?")
STAFF = {
    **DOCUMENT["staff"],
    "priya": {"name": "Priya Nair", "phone": "+12025550104", "email": "priya@example.org"},
    "tom": {"name": "Tom Becker", "phone": "+12025550105", "alert_by": ["sms"]},
}
CONFIG = {
    "staff": STAFF,
    "teams": {"social": {"rota": [{"on": ["maria", "james", "priya", "tom"]}]}},
    "policies": {
        "standard": {"steps": [{"alert": "primary", "wait": "15m"}, {"alert": "secondary", "wait": "15m"}]},
        "urgent": {"steps": [{"alert": "primary", "wait": "5m"}, {"alert": "secondary", "wait": "5m"}]},
        "emergency": {"steps": [{"alert": "everyone", "wait": "5m"}]},
    },
    "routes": [
        {
            "name": "one",
            "when": {"urgencies": ["emergency"]},
            "team": "social",
            "policy": "emergency",
            "answer_within": "15m",
        },
        {"name": "two", "when": {"urgencies": ["urgent"]}, "team": "social", "policy": "urgent", "answer_within": "1h"},
        {"name": "rest", "team": "social", "policy": "standard", "answer_within": "4h"},
    ],
}


@dataclass
class Storm:
    """A thousand questions of *seed* in one minute, and the hour that follows."""

    seed: int
    count: int = 1_000
    now: datetime = NOON
    left: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    texts: list[str] = field(default_factory=list[str])
    told_at: dict[str, datetime] = field(default_factory=dict[str, "datetime"])

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 - a seed that can be repeated
        self.house = House(**CONFIG)
        self._cleared: dict[str, tuple[Held, ...]] = {}
        self._watch_pagers()
        self._watch(self.house.texts, lambda _, text: self.texts.append(text))
        self._watch(self.house.mail, lambda *_: None)

    def blow(self, *, length: timedelta = 35 * MINUTE) -> Storm:
        """Let everything come, then sweep until *length* has passed; the sweep's second in the minute is the seed's."""
        share = self.random.choice([0.02, 0.05, 0.1])
        arriving = []
        for number in range(1, self.count + 1):
            text = self.random.choice(GRAVE if self.random.random() < share else CALM)
            at = NOON + timedelta(seconds=self.random.uniform(0, 60))
            arriving.append(message(number, text, thread_id=f"t{number}", sent_at=at, received_at=at))
        self.arriving = sorted(arriving, key=lambda one: one.received_at)
        self.arrived = {one.question_id: one.received_at for one in arriving}
        sweep = NOON + timedelta(seconds=self.random.uniform(0, 60))
        while sweep < NOON + length:
            self._stream_until(sweep)
            escalate_questions(room=self.house.room, now=sweep, remaining_ms=lambda: 55_000, wait=self._wait)
            sweep += MINUTE
        return self

    def urgent_delays(self) -> list[float]:
        """Return the seconds from the arrival of each urgent question until somebody had been told, sorted."""
        delays = []
        for conversation in self.house.questions.snapshot().values():
            question = conversation.question
            assert question is not None
            if question.urgency in (Urgency.EMERGENCY, Urgency.URGENT):
                told = self.told_at.get(question.question_id, NOON + timedelta(days=1))
                delays.append((told - self.arrived[question.question_id]).total_seconds())
        return sorted(delays)

    def over_limit(self) -> list[str]:
        """Return every phone and mailbox that got more than it may, and when."""
        found = []
        for contact, moments in self.left.items():
            ordered = sorted(moments)
            for limit in [*ALERTS, _ONE_A_MINUTE]:
                for at in ordered:
                    if sum(at <= one < at + limit.per for one in ordered) > limit.count:
                        found.append(f"{contact}: more than {limit.count} in {limit.per} from {at}")
                        break
        return found

    def _stream_until(self, moment: datetime) -> None:
        """Let the stream bring what came until *moment*, each a second after it came."""
        while self.arriving and self.arriving[0].received_at + SECOND <= moment:
            one = self.arriving.pop(0)
            self.house.questions.put([one])
            self.now = one.received_at + SECOND
            attend(one.question_id, self.house.room, now=self.now)
        self.now = moment

    def _wait(self, seconds: float) -> None:
        """Let time pass while the sweep stays: the stream goes on."""
        self._stream_until(self.now + timedelta(seconds=seconds))

    def _watch_pagers(self) -> None:
        save = self.house.pagers.save

        def saves(pager: Pager) -> None:
            before = self.house.pagers[pager.staff_id].held
            kept = set(pager.held)
            self._cleared[pager.staff_id] = tuple(held for held in before if held not in kept)
            save(pager)

        self.house.pagers.save = saves  # type: ignore[method-assign]

    def _watch(self, contact: Any, note: Any) -> None:
        send = contact.send

        def sends(to: str, *words: str, about: Mapping[str, str]) -> str:
            self.left[to].append(self.now)
            note(to, *words)
            ids = [about["question_id"]] if "question_id" in about else []
            ids += [held.question_id for held in self._cleared.get(about["staff_id"], ())]
            for question_id in ids:
                self.told_at.setdefault(question_id, self.now)
            sent: str = send(to, *words, about=about)
            return sent

        contact.send = sends


class _OneAMinute:
    count, per = 1, MINUTE


_ONE_A_MINUTE: Any = _OneAMinute()
BUNDLE = re.compile(
    r"Mercy Social: [\d,]+ (EMERGENCY |URGENT )?questions waiting(, \d+ EMERGENCY)?(, \d+ URGENT)?"
    r"(, the oldest \d+ (min|h))?\. "
    r"Claim: https://example\.org/live/c/[\w-]{22}"
)


@pytest.mark.prove
def test_a_storm_floods_no_phone_and_delays_nothing_that_is_urgent(proofs: Proofs) -> None:
    trials = runs(few=1, full=40)
    broken: list[str] = []
    for seed in range(10, 10 + trials):
        storm = Storm(seed).blow()
        broken += [f"seed {seed}: {line}" for line in storm.over_limit()]
        mine = storm.urgent_delays()
        if mine[int(len(mine) * 0.99)] > 90:
            broken.append(f"seed {seed}: urgent p99 {mine[int(len(mine) * 0.99)]:.0f} s, the longest {mine[-1]:.0f} s")
        bundles = [text for text in storm.texts if "questions waiting" in text]
        broken += [f"seed {seed}: {text}" for text in storm.texts if not fits(text)]
        broken += [f"seed {seed}: {text}" for text in bundles if not BUNDLE.fullmatch(text)]
        if not bundles:
            broken.append(f"seed {seed}: nothing was bundled")
    proofs.record(
        "9 a storm of 1,000 questions: no phone over its limit, urgent p99 < 90 s", trials=trials, failures=len(broken)
    )
    assert not broken, broken[:5]


def test_the_storm_sees_a_phone_without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("switchboard.verbs.paging.Paging._within_limits", lambda *_: None)

    assert Storm(1, count=60).blow().over_limit()
