"""Claims: how long they bind, and the reminders before their end and before the deadline."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from functions.escalate_questions.app import escalate_questions
from switchboard.domain.claims import attention_at, claimed, due_reminder, lead
from switchboard.domain.handling import claim, hand_over
from switchboard.domain.question import Change, Question, QuestionState
from switchboard.verbs.attend import attend
from tests.fakes.hospital import DOCUMENT, NOON, message
from tests.fakes.house import House

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
QUESTION = Question(
    question_id="Q",
    channel="facebook",
    platform="facebook",
    kind="comment",
    thread_id="t1",
    author_id="a1",
    state=QuestionState.CLAIMED,
    opened_at=NOON,
    last_message_at=NOON,
    answer_by=NOON + 4 * HOUR,
)


@pytest.mark.parametrize(("length", "expected"), [(8 * HOUR, 15 * MINUTE), (20 * MINUTE, 5 * MINUTE)])
def test_a_reminder_comes_a_quarter_of_an_hour_before_the_end_or_a_quarter_of_the_length(
    length: timedelta, expected: timedelta
) -> None:
    assert lead(length) == expected


def test_a_claim_wants_attention_at_its_reminder_then_at_its_end() -> None:
    held = claimed(QUESTION, "maria", now=NOON, until=NOON + HOUR)

    assert held.next_action_at == NOON + 45 * MINUTE
    assert due_reminder(held, now=NOON + 44 * MINUTE) is None
    due = due_reminder(held, now=NOON + 45 * MINUTE)
    assert due is not None
    reminder, noted = due
    assert (reminder.of, reminder.by) == ("claim", NOON + HOUR)
    assert attention_at(noted, now=NOON + 45 * MINUTE) == NOON + HOUR


def test_the_deadline_is_told_once_and_to_each_owner() -> None:
    held = claimed(QUESTION, "maria", now=NOON, until=NOON + 10 * HOUR)
    assert held.next_action_at == NOON + 3 * HOUR + 45 * MINUTE

    due = due_reminder(held, now=NOON + 3 * HOUR + 45 * MINUTE)
    assert due is not None
    reminder, noted = due
    assert (reminder.of, reminder.by) == ("deadline", NOON + 4 * HOUR)
    assert due_reminder(noted, now=NOON + 3 * HOUR + 50 * MINUTE) is None
    assert not claimed(noted, "james", now=NOON + 3 * HOUR, until=NOON + 10 * HOUR).deadline_told
    assert claimed(noted, "maria", now=NOON + 3 * HOUR, until=NOON + 10 * HOUR).deadline_told


def test_both_at_once_are_one_reminder() -> None:
    held = claimed(QUESTION, "maria", now=NOON, until=NOON + 4 * HOUR)

    due = due_reminder(held, now=NOON + 3 * HOUR + 50 * MINUTE)

    assert due is not None
    assert due_reminder(due[1], now=NOON + 3 * HOUR + 50 * MINUTE) is None


def test_a_deadline_that_has_passed_is_not_told_any_more() -> None:
    late = replace(QUESTION, answer_by=NOON - HOUR)

    assert claimed(late, "maria", now=NOON, until=NOON + HOUR).next_action_at == NOON + 45 * MINUTE


def sweeps(house: House, start: datetime, *, minutes: int) -> None:
    for minute in range(minutes):
        escalate_questions(room=house.room, now=start + minute * MINUTE)


def take(house: House, question_id: str, staff_id: str, now: datetime, lasting: timedelta = HOUR) -> None:
    change = claim(house.conversation(question_id), staff_id, now=now, lasting=lasting)
    assert isinstance(change, Change)
    house.questions.commit(change)


def test_an_owner_who_goes_quiet_is_reminded_once_and_then_it_rings_on() -> None:
    house = House()
    question_id = house.receives(message())
    attend(question_id, house.room, now=NOON)
    take(house, question_id, "maria", NOON + MINUTE)

    sweeps(house, NOON + 2 * MINUTE, minutes=58)
    reminders = [text for _, text in house.texts.sent[1:]]
    assert len(reminders) == 1
    assert "is yours and has no answer yet, your claim ends at 13:01" in reminders[0]

    sweeps(house, NOON + 61 * MINUTE, minutes=2)
    question = house.conversation(question_id).question
    assert question is not None
    assert (question.state, question.owner) == (QuestionState.OPEN, "")
    assert len(house.texts.sent) == 3


def test_before_the_deadline_its_owner_is_reminded() -> None:
    house = House()
    question_id = house.receives(message())
    attend(question_id, house.room, now=NOON)
    take(house, question_id, "maria", NOON + MINUTE, 8 * HOUR)

    sweeps(house, NOON + 2 * MINUTE, minutes=5 * 60)

    assert [text.split("yet, ")[1][:15] for _, text in house.texts.sent[1:]] == ["answer by 16:00"]


def test_what_a_platform_takes_for_a_day_only_is_due_before_that() -> None:
    house = House(
        channels={"messenger": {"platform": "messenger", "account_id": "1"}},
        routes=[{"name": "everything", "team": "social", "policy": "standard", "answer_within": "2d"}],
    )
    asked = message(channel="messenger", platform="messenger", kind="direct_message")
    attend(house.receives(asked), house.room, now=NOON)

    question = house.conversation(asked.question_id).question
    assert question is not None
    assert question.reply_by == question.answer_by == asked.sent_at + timedelta(hours=24)


def test_handing_over_rings_the_other_person_until_they_take_it() -> None:
    house = House()
    question_id = house.receives(message())
    attend(question_id, house.room, now=NOON)
    take(house, question_id, "maria", NOON + MINUTE)
    handed = hand_over(house.conversation(question_id), "maria", "james", now=NOON + 2 * MINUTE)
    assert isinstance(handed, Change)
    house.questions.commit(handed)

    sweeps(house, NOON + 2 * MINUTE, minutes=40)

    assert house.phones()[1:] == ["+12025550102", "+12025550102", "+12025550102", "+12025550101"]
    take(house, question_id, "james", NOON + 43 * MINUTE)
    rung = len(house.texts.sent)
    sweeps(house, NOON + 44 * MINUTE, minutes=20)
    assert len(house.texts.sent) == rung


def test_a_reminder_in_quiet_hours_goes_by_email_and_rings_no_phone() -> None:
    quiet = DOCUMENT["staff"]["maria"] | {"quiet": {"start": "12:30", "end": "14:00"}}
    house = House(staff=DOCUMENT["staff"] | {"maria": quiet})
    question_id = house.receives(message())
    attend(question_id, house.room, now=NOON)
    take(house, question_id, "maria", NOON + MINUTE)

    sweeps(house, NOON + 2 * MINUTE, minutes=58)

    assert len(house.texts.sent) == 1
    assert [to for to, subject, _ in house.mail.sent if "yours" in subject] == ["maria@example.org"]
    found = house.conversation(question_id)
    assert found.question is not None
    assert found.question.state is QuestionState.CLAIMED
    assert [(one.contact, one.state, one.failure) for one in found.alerts if one.step == found.question.step] == [
        ("email", "sent", ""),
        ("sms", "failed", "quiet_hours"),
    ]


def test_what_is_held_back_is_told_after_quiet_hours_unless_it_is_an_emergency() -> None:
    quiet = DOCUMENT["staff"]["maria"] | {"quiet": {"start": "12:01", "end": "12:40"}}
    staff = DOCUMENT["staff"] | {"maria": quiet}

    for text, told_at in (("Where do I park?", 40), ("My father is not breathing!", 1)):
        house = House(staff=staff)
        for number in (1, 2, 3):
            attend(house.receives(message(number, text, thread_id=f"t{number}")), house.room, now=NOON)
        first = len(house.texts.sent)
        times = []
        for minute in range(1, 45):
            before = len(house.texts.sent)
            escalate_questions(room=house.room, now=NOON + minute * MINUTE)
            if any(to == "+12025550101" for to, _ in house.texts.sent[before:]):
                times.append(minute)
        assert first
        assert times[0] == told_at, (text, times)


def test_a_reminder_that_a_limit_held_back_is_told_as_one() -> None:
    house = House()
    question_id = house.receives(message())
    attend(question_id, house.room, now=NOON)
    take(house, question_id, "maria", NOON + MINUTE)
    other = house.receives(message(2, thread_id="t2"))
    attend(other, house.room, now=NOON + 45 * MINUTE + timedelta(seconds=30))  # her phone has just rung
    take(house, other, "james", NOON + 45 * MINUTE + timedelta(seconds=40))

    sweeps(house, NOON + 46 * MINUTE, minutes=4)

    assert "is yours and has no answer yet, your claim ends at 13:01" in house.texts.sent[-1][1]
    assert len(house.texts.sent) == 3
