"""Questions without a mark in chat and speech, and what has their words and asks nothing: invented, one a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from switchboard.domain.triage import triage

SAMPLES = Path(__file__).parent / "samples"


def lines(name: str) -> list[str]:
    return [line for line in (SAMPLES / name).read_text("utf-8").splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("text", lines("questions.txt"))
def test_a_question_of_chat_or_speech_is_heard_without_a_mark(text: str) -> None:
    found = triage(text)

    assert found.is_question
    assert found.needs_answer


@pytest.mark.parametrize("text", lines("no_questions.txt"))
def test_what_has_the_words_of_a_question_asks_nothing(text: str) -> None:
    assert not triage(text).is_question


@pytest.mark.parametrize("text", ["Really?", "Oh, really?", "is that right?", "Huh, do they?", "um, oh, is it?"])
def test_what_a_listener_says_is_no_question_even_with_a_mark(text: str) -> None:
    assert not triage(text).is_question
