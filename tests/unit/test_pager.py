"""The pager: limits, what is held back, codes, dead contacts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchboard.domain.pager import Held, Kind, Pager, hear, mark_dead, revive
from switchboard.domain.pager_codes import MOST_CODES, REST, with_code
from switchboard.domain.pager_held import (
    MOST_HELD,
    due_at,
    hold,
    hold_again,
    kind_held,
    moved,
    must_join,
    next_contact,
    told,
)
from switchboard.domain.pager_limits import ALERTS, NOTICES, sending, slot
from switchboard.domain.vocabulary import Urgency
from tests.fakes.hospital import NOON

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Allowed:
    daily_per_person: int = 40
    bundle_at_most: timedelta = 10 * MINUTE


ALLOWED = Allowed()
FRESH = Pager(staff_id="maria")


def after(*moments: datetime, kind: Kind = Kind.ALERT) -> Pager:
    pager = FRESH
    for at in moments:
        pager = sending(pager, "sms", kind, now=at)
    return pager


def free(pager: Pager, kind: Kind = Kind.ALERT, *, now: datetime = NOON, contact: str = "sms") -> datetime:
    return slot(pager, contact, kind, ALLOWED, now=now).at


def test_a_phone_that_rested_is_free_at_once() -> None:
    assert slot(FRESH, "sms", Kind.ALERT, ALLOWED, now=NOON).reason == ""
    assert free(FRESH) == NOON


def test_any_message_once_a_minute() -> None:
    found = slot(after(NOON), "sms", Kind.URGENT, ALLOWED, now=NOON + timedelta(seconds=20))

    assert (found.at, found.reason) == (NOON + MINUTE, "one message a minute")
    assert free(after(NOON), contact="email") == NOON


def test_five_in_a_quarter_of_an_hour_of_which_one_is_kept_for_what_is_urgent() -> None:
    four = after(*(NOON + number * MINUTE for number in range(4)))
    now = NOON + 5 * MINUTE

    assert free(four, now=now) > now
    assert free(four, Kind.URGENT, now=now) == now
    assert free(sending(four, "sms", Kind.URGENT, now=now), Kind.URGENT, now=now + MINUTE) == NOON + 15 * MINUTE


def test_beyond_the_first_few_alerts_are_spread_evenly() -> None:
    pager, now, left = FRESH, NOON, []
    while now < NOON + 3 * HOUR:
        if free(pager, now=now) <= now:
            pager = sending(pager, "sms", Kind.ALERT, now=now)
            left.append(now)
        now += MINUTE

    gaps = [later - earlier for earlier, later in pairwise(left[4:])]
    assert min(gaps) >= 8 * MINUTE
    assert max(gaps) <= 18 * MINUTE


@settings(deadline=None)
@given(seed=st.integers(0, 2**32), pace=st.integers(1, 900))
def test_no_phone_is_ever_over_its_limit(seed: int, pace: int) -> None:
    random = Random(seed)  # noqa: S311 - a seed that can be repeated
    pager, now = FRESH, NOON
    left: list[tuple[datetime, Kind]] = []
    for _ in range(300):
        now += timedelta(seconds=random.randint(0, pace))
        kind = random.choice([Kind.URGENT, Kind.ALERT, Kind.ALERT, Kind.NOTICE])
        if free(pager, kind, now=now) <= now:
            pager = sending(pager, "sms", kind, now=now)
            left.append((now, kind))
    assert all(later - earlier >= MINUTE for (earlier, _), (later, _) in pairwise(left))
    for limits, kinds in ((ALERTS, {Kind.URGENT, Kind.ALERT}), (NOTICES, {Kind.NOTICE})):
        moments = [at for at, kind in left if kind in kinds]
        for limit in limits:
            assert max(Counter(sum(at <= one < at + limit.per for one in moments) for at in moments), default=0) <= (
                limit.count
            )


@given(st.lists(st.tuples(st.integers(0, 200), st.sampled_from(list(Kind))), max_size=30))
def test_what_is_promised_for_later_may_leave_then(history: list[tuple[int, Kind]]) -> None:
    pager = after()
    for minutes, kind in sorted(history):
        pager = sending(pager, "sms", kind, now=NOON - 200 * MINUTE + minutes * MINUTE)
    for kind in (Kind.URGENT, Kind.ALERT, Kind.NOTICE):
        at = free(pager, kind)
        assert free(pager, kind, now=at) == at


def test_after_the_days_cap_there_is_one_summary_every_two_hours_and_every_emergency() -> None:
    capped = replace(after(NOON), day="2026-10-13", day_count=40)
    now = NOON + 5 * MINUTE

    assert free(capped, Kind.URGENT, now=now) == NOON + 2 * HOUR
    assert slot(capped, "sms", Kind.URGENT, ALLOWED, now=now, emergency=True).at == now
    assert free(replace(capped, day="2026-10-12"), now=now) == now


def held(number: int = 1, urgency: Urgency = Urgency.NORMAL, since: datetime = NOON) -> Held:
    return Held(contact="sms", question_id=f"Q{number}", urgency=urgency, since=since)


def test_what_is_held_back_has_a_next_action_and_is_told_at_once_for_all() -> None:
    pager = hold(after(NOON), held(1), ALLOWED, now=NOON)
    pager = hold(pager, held(2), ALLOWED, now=NOON)

    assert pager.next_action_at == NOON + MINUTE
    assert next_contact(pager, ALLOWED, now=NOON + MINUTE) == "sms"
    cleared = told(pager, "sms", ALLOWED, now=NOON + MINUTE)
    assert (cleared.held, cleared.next_action_at) == ((), None)


def test_what_is_urgent_comes_as_soon_as_the_phone_may_ring() -> None:
    four = after(*(NOON + number * MINUTE for number in range(4)))
    now = NOON + 4 * MINUTE

    calm = hold(four, held(1, since=now), ALLOWED, now=now)
    grave = hold(calm, held(2, Urgency.EMERGENCY, since=now), ALLOWED, now=now)

    assert calm.next_action_at == now + 10 * MINUTE  # as old as a bundle may become
    assert grave.next_action_at == now
    assert kind_held(grave, "sms", ALLOWED, now=now) is Kind.URGENT


def test_of_very_many_only_the_number_is_kept_but_every_urgent_one() -> None:
    pager = FRESH
    for number in range(MOST_HELD + 50):
        pager = hold(pager, held(number), ALLOWED, now=NOON)
    pager = hold(pager, held(999, Urgency.EMERGENCY), ALLOWED, now=NOON)

    assert (len(pager.held), pager.held_more) == (MOST_HELD, 51)
    assert any(one.question_id == "Q999" for one in pager.held)


def test_the_same_question_is_held_once() -> None:
    pager = hold(hold(FRESH, held(1), ALLOWED, now=NOON), held(1), ALLOWED, now=NOON)

    assert len(pager.held) == 1


def coded(pager: Pager, question_id: str, *unfinished: str, now: datetime = NOON) -> tuple[Pager, int | None]:
    return with_code(pager, question_id, {question_id, *unfinished}, now=now)


def three_codes() -> Pager:
    pager = FRESH
    for number in range(1, 4):
        pager, code = coded(pager, f"Q{number}", *(f"Q{one}" for one in range(1, number)))
        assert code == number
    return pager


def test_a_code_stays_with_its_question() -> None:
    assert coded(three_codes(), "Q2", "Q1", "Q3")[1] == 2


def test_the_number_of_a_finished_question_means_no_other_one_while_its_text_may_still_be_answered() -> None:
    pager, code = coded(three_codes(), "Q4", "Q1", "Q3", now=NOON + REST - MINUTE)

    assert code == 4
    assert {one.question_id: one.number for one in pager.codes} == {"Q1": 1, "Q2": 2, "Q3": 3, "Q4": 4}


def test_a_number_that_rested_is_the_smallest_free_one_again() -> None:
    pager, code = coded(three_codes(), "Q4", "Q1", "Q3", now=NOON + REST)

    assert code == 2
    assert {one.question_id: one.number for one in pager.codes} == {"Q1": 1, "Q3": 3, "Q4": 2}


def test_no_question_that_waits_loses_its_number_to_another_however_many_there_are() -> None:
    pager, unfinished = FRESH, set[str]()
    for number in range(1, MOST_CODES + 20):
        unfinished.add(f"Q{number}")
        pager, code = with_code(pager, f"Q{number}", unfinished, now=NOON)
        assert code == (number if number <= MOST_CODES else None)

    assert {one.question_id: one.number for one in pager.codes} == {
        f"Q{number}": number for number in range(1, MOST_CODES + 1)
    }


def test_when_all_numbers_are_in_texts_the_finished_one_that_rested_longest_is_used() -> None:
    pager = FRESH
    for number in range(1, MOST_CODES + 1):
        pager, _ = coded(pager, f"Q{number}", *(f"Q{one}" for one in range(1, number)), now=NOON + number * MINUTE)
    finished = {"Q7", "Q8"}
    waiting = {f"Q{number}" for number in range(1, MOST_CODES + 1)} - finished

    assert with_code(pager, "new", waiting, now=NOON + 1.5 * HOUR)[1] is None
    assert with_code(pager, "new", waiting, now=NOON + 3 * HOUR)[1] == 7


def test_a_number_that_another_person_has_on_the_same_phone_is_not_given() -> None:
    assert with_code(FRESH, "Q1", {"Q1"}, now=NOON, taken={1, 2})[1] == 3


def test_what_is_held_back_and_becomes_an_emergency_is_told_as_one() -> None:
    pager = replace(after(NOON), day_count=40)
    pager = hold(pager, held(1), ALLOWED, now=NOON)
    assert pager.next_action_at == NOON + 2 * HOUR

    pager = hold(pager, held(1, Urgency.EMERGENCY), ALLOWED, now=NOON)

    assert pager.next_action_at == NOON + MINUTE
    assert [(one.urgency, one.since) for one in pager.held] == [(Urgency.EMERGENCY, NOON)]
    assert hold(pager, held(1), ALLOWED, now=NOON).held[0].urgency is Urgency.EMERGENCY


def test_not_even_urgent_alerts_make_a_pager_larger_than_an_item_may_be() -> None:
    pager = FRESH
    for number in range(MOST_HELD + 50):
        pager = hold(pager, held(number, Urgency.URGENT), ALLOWED, now=NOON)

    assert (len(pager.held), pager.held_more) == (MOST_HELD, 50)
    pager = hold_again(pager, [held(999, Urgency.EMERGENCY)], 3, at=NOON + MINUTE)
    assert (len(pager.held), pager.held_more) == (MOST_HELD, 54)
    assert pager.held[0].question_id == "Q999"


def test_what_is_held_for_a_dead_contact_is_told_once_by_the_first_that_lives() -> None:
    pager = hold(hold(FRESH, held(1), ALLOWED, now=NOON), held(2), ALLOWED, now=NOON)
    pager = hold(pager, replace(held(1), contact="email"), ALLOWED, now=NOON)

    assert [(one.contact, one.question_id) for one in moved(pager, ["email"]).held] == [
        ("email", "Q1"),
        ("email", "Q2"),
    ]
    assert moved(pager, []).held == pager.held
    assert moved(pager, ["sms", "email"]).held == pager.held


@pytest.mark.parametrize("address", ["maria@example.org", "MARIA@example.org "])
def test_a_dead_contact_stays_dead_until_it_changes_or_speaks(address: str) -> None:
    dead = mark_dead(FRESH, "email", "maria@example.org", reason="bounced", now=NOON)
    assert dead is not None

    assert dead.is_dead("email", address)
    assert not dead.is_dead("sms", address)
    assert not dead.is_dead("email", "maria.lopez@example.org")
    assert mark_dead(dead, "email", address, reason="bounced", now=NOON) is None
    alive = revive(dead, "email")
    assert alive is not None
    assert not alive.is_dead("email", address)
    assert revive(alive, "email") is None


def test_an_incoming_text_is_heard_once() -> None:
    heard = hear(FRESH, "in-1")
    assert heard is not None

    assert hear(heard, "in-1") is None
    assert hear(heard, "in-2") is not None


def test_nothing_held_is_nothing_due() -> None:
    assert due_at(FRESH, ALLOWED, now=NOON) is None


@pytest.mark.parametrize(
    ("waiting", "kind", "joins"),
    [
        ([], Kind.ALERT, False),
        ([Urgency.NORMAL], Kind.ALERT, True),
        ([Urgency.NORMAL], Kind.URGENT, False),
        ([Urgency.NORMAL, Urgency.URGENT], Kind.URGENT, True),
        ([Urgency.EMERGENCY], Kind.NOTICE, True),
    ],
)
def test_nothing_overtakes_what_is_as_urgent_and_waits(waiting: list[Urgency], kind: Kind, joins: bool) -> None:  # noqa: FBT001
    pager = FRESH
    for number, urgency in enumerate(waiting):
        pager = hold(pager, held(number, urgency), ALLOWED, now=NOON)

    assert must_join(pager, "sms", kind) is joins
    assert not must_join(pager, "email", kind)
