"""A hospital's own rules: how a phrase is found, what a rule changes, and what it cannot."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from switchboard.domain.triage import triage
from switchboard.domain.vocabulary import Category, Urgency


@dataclass(frozen=True, kw_only=True)
class Own:
    name: str = "flu-line"
    phrases: tuple[str, ...] = ("flu line", "vaccine hotline")
    category: Category | None = None
    urgency: Urgency | None = None
    needs_answer: bool | None = None


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("flu line", "The FLU-LINE is on the poster"),
        ("flu line", "flu   line, lovely"),
        ("Café Clínica", "love the cafe clinica"),
        ("can't log in", "I can not log in"),
        ("you can't park", "u cannot park there, great"),
        ("#mercyraffle", "so happy! #MercyRaffle"),
        ("#mercyraffle", "mercyraffle winners"),
        ("@mercy", "@Mercy lovely"),
        ("🎃", "see you 🎃"),
        ("Model 7 recall", "the model 7 recall letter"),
        ("línea de gripe", "la LINEA DE GRIPE"),
        ("ambulance rota", "great ambulence rota"),
    ],
)
def test_a_phrase_is_found_however_it_is_spelt(phrase: str, text: str) -> None:
    assert triage(text, own=[Own(phrases=(phrase,), category=Category.JOB)]).category is Category.JOB


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("flu line", "a flu lineup"),
        ("flu line", "the line for flu"),
        ("art", "start of the party"),
        ("a.c", "abc of health"),
        ("(", "hello there"),
        ("", "hello there"),
        ("  ", "hello there"),
        (".*", "anything at all"),
    ],
)
def test_a_phrase_is_whole_words_in_order_and_no_pattern(phrase: str, text: str) -> None:
    assert triage(text, own=[Own(phrases=(phrase,), category=Category.JOB)]).category is not Category.JOB


def test_the_first_rule_that_is_met_wins() -> None:
    rules = [
        Own(name="other", phrases=("parking",), category=Category.JOB),
        Own(name="first", category=Category.RECORDS),
        Own(name="second", category=Category.PRESS),
    ]

    assert triage("call the vaccine hotline", own=rules).category is Category.RECORDS


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        (Own(category=Category.APPOINTMENT), "the flu line never works", (Category.APPOINTMENT, Urgency.NORMAL, True)),
        (Own(urgency=Urgency.URGENT), "flu line when is it open", (Category.APPOINTMENT, Urgency.URGENT, True)),
        (Own(urgency=Urgency.URGENT), "thanks, flu line", (Category.PRAISE, Urgency.URGENT, True)),
        (Own(urgency=Urgency.EMERGENCY), "thanks, flu line", (Category.PRAISE, Urgency.EMERGENCY, True)),
        (Own(needs_answer=True), "thanks, flu line", (Category.PRAISE, Urgency.NORMAL, True)),
        (Own(needs_answer=False), "flu line is my bill wrong", (Category.BILLING, Urgency.LOW, False)),
        (Own(urgency=Urgency.LOW), "the flu line nurse was rude", (Category.COMPLAINT, Urgency.LOW, True)),
        (
            Own(category=Category.JOB, urgency=Urgency.URGENT, needs_answer=False),
            "flu line",
            (Category.JOB, Urgency.URGENT, False),
        ),
    ],
)
def test_a_rule_changes_what_it_says_and_leaves_the_rest_as_found(
    rule: Own, text: str, expected: tuple[Category, Urgency, bool]
) -> None:
    found = triage(text, own=[rule])

    assert (found.category, found.urgency, found.needs_answer) == expected


def test_no_rule_talks_danger_to_life_down() -> None:
    silent = Own(category=Category.PRAISE, urgency=Urgency.LOW, needs_answer=False)

    for text in ("the flu line said he is not breathing", "flu line, I want to die"):
        assert triage(text, own=[silent]) == triage(text)


def test_the_reason_names_and_quotes_the_hospitals_rule_and_says_what_else_was_found() -> None:
    found = triage("the zebra VACCINE hotline was rude", own=[Own(urgency=Urgency.URGENT)])

    assert found.reason.startswith("The hospital's rule “flu-line” (like “flu line”): urgent. Else: Needs an answer.")
    assert "zebra" not in found.reason


def test_without_a_match_own_rules_change_nothing() -> None:
    assert triage("when do you open", own=[Own(category=Category.JOB)]) == triage("when do you open")


def test_500_rules_of_20_phrases_take_a_few_milliseconds() -> None:
    rules = [Own(phrases=tuple(f"campaign {n} part {m}" for m in range(20)), urgency=Urgency.LOW) for n in range(500)]
    triage("warm", own=rules)

    begun = time.process_time()
    for _ in range(10):
        triage("a comment of some ten words about nothing at all", own=rules)

    assert time.process_time() - begun < 0.5
