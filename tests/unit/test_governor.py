from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.domain.governor import governed
from switchboard.domain.staleness_facts import Thresholds, Waiting

NOW = datetime(2026, 10, 13, 14, tzinfo=UTC)
LIMITS = Thresholds(people_waiting=5, waiting_longest=timedelta(hours=4))


def waiting(questions: int, minutes: int = 0) -> Waiting:
    return Waiting(open_questions=questions, oldest_since=NOW - timedelta(minutes=minutes))


def is_on(questions: int, minutes: int = 0, *, was_on: bool, limits: Thresholds = LIMITS) -> bool:
    return governed(waiting(questions, minutes), limits, was_on=was_on, now=NOW).on


@pytest.mark.parametrize(("questions", "minutes", "on"), [(4, 0, False), (5, 0, True), (1, 239, False), (1, 240, True)])
def test_it_goes_on_at_either_limit(questions: int, minutes: int, *, on: bool) -> None:
    assert is_on(questions, minutes, was_on=False) is on


@pytest.mark.parametrize(("questions", "minutes", "on"), [(3, 0, True), (2, 0, False), (2, 120, True), (2, 119, False)])
def test_it_goes_off_only_when_both_are_down_by_half(questions: int, minutes: int, *, on: bool) -> None:
    assert is_on(questions, minutes, was_on=True) is on


def test_until_how_many_can_be_set() -> None:
    strict = Thresholds(people_waiting=5, people_waiting_until=0)

    assert is_on(1, was_on=True, limits=strict)
    assert not is_on(0, was_on=True, limits=strict)


def test_nobody_waiting_is_off_whatever_was() -> None:
    assert not governed(None, LIMITS, was_on=True, now=NOW).on


def test_a_limit_of_one_goes_off_with_the_last_question() -> None:
    single = Thresholds(people_waiting=1, waiting_longest=timedelta(hours=4))

    assert [is_on(number, was_on=True, limits=single) for number in (1, 0)] == [True, False]


def test_a_backlog_that_swings_about_the_limit_does_not_flap() -> None:
    on, switched = False, 0
    for questions in [4, 5, 4, 5, 3, 5, 4, 3, 2, 3, 4, 3]:
        found = is_on(questions, was_on=on)
        switched += found is not on
        on = found

    assert switched == 2


def test_the_reason_counts_and_says_until_when() -> None:
    low = governed(waiting(3, 30), LIMITS, was_on=True, now=NOW, channel="mercy-facebook")

    assert low.reason == (
        "3 questions on mercy-facebook wait for an answer, the oldest for 30 minutes; "
        "its posts rest until 2 or fewer wait, and none for 2 hours or longer."
    )


@given(st.integers(0, 20), st.integers(0, 600), st.integers(1, 10), st.integers(1, 600))
def test_what_turns_it_on_also_keeps_it_on(questions: int, minutes: int, most: int, longest: int) -> None:
    limits = Thresholds(people_waiting=most, waiting_longest=timedelta(minutes=longest))

    fresh, again = (is_on(questions, minutes, was_on=was, limits=limits) for was in (False, True))

    assert again or not fresh
