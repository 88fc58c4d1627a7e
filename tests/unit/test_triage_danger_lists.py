"""Two lists in words of our own: what people in danger from themselves or from others say, and what only sounds so.

The first follows what public guidance asks to watch for: the 988 Lifeline, Samaritans, the NIMH, the NHS, the Office on
Women's Health, OSHA on violence at work, and in Spanish the Linea de la Vida. None of it may be missed. Of the second
at most 2 % may ring.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from switchboard.domain.triage import triage
from switchboard.domain.vocabulary import Category, Urgency

SAMPLES = Path(__file__).parent / "samples"


def phrases(name: str) -> list[str]:
    lines = (SAMPLES / name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


DANGER, NO_DANGER = phrases("danger_phrases.txt"), phrases("no_danger_phrases.txt")


def test_the_lists_are_long_and_say_nothing_twice() -> None:
    assert len(DANGER) >= 300
    assert len(NO_DANGER) >= 200
    assert len({*DANGER, *NO_DANGER}) == len(DANGER) + len(NO_DANGER)


@pytest.mark.parametrize("text", DANGER)
def test_no_phrase_of_self_harm_or_violence_is_missed(text: str) -> None:
    found = triage(text)

    assert (found.urgency, found.category, found.needs_answer) == (Urgency.EMERGENCY, Category.EMERGENCY, True)


@pytest.mark.parametrize(
    "before", ["Hello. ", "Thank you for the great care last year. ", "@Mercy ", "no idea who to ask but "]
)
def test_it_is_heard_beside_other_words_and_in_capitals(before: str) -> None:
    missed = [text for text in DANGER if triage(f"{before}{text.upper()}!").urgency is not Urgency.EMERGENCY]

    assert missed == []


def test_at_most_two_in_a_hundred_of_what_only_sounds_so_ring() -> None:
    rung = [text for text in NO_DANGER if triage(text).urgency is Urgency.EMERGENCY]

    assert len(rung) <= len(NO_DANGER) * 0.02, rung
