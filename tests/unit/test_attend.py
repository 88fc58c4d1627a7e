"""Attending, on fakes: what the stream and the sweep both do."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from functions.escalate_questions.app import escalate_questions
from switchboard.domain.handling import claim
from switchboard.domain.pager_limits import Slot
from switchboard.domain.question import AlertState, Change, QuestionState
from switchboard.errors import OutcomeUnknown, Rejected, Unavailable, Unreachable
from switchboard.verbs.attend import attend
from switchboard.verbs.text_back import IncomingText, text_back
from tests.fakes.crises import FakeCrises
from tests.fakes.hospital import DOCUMENT, NOON, message
from tests.fakes.house import House
from tests.prove import runs

if TYPE_CHECKING:
    from switchboard.domain.question import Conversation
    from tests.prove import Proofs

MARIA, JAMES, CHEN = "+12025550101", "+12025550102", "+12025550103"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def house() -> House:
    return House()


def test_a_new_question_rings_the_primary_once_however_often_the_stream_comes(house: House) -> None:
    question_id = house.receives(message())

    for _ in range(3):
        attend(question_id, house.room, now=NOON)

    assert house.phones() == [MARIA]
    conversation = house.conversation(question_id)
    assert [alert.state for alert in conversation.alerts] == [AlertState.SENT]
    assert conversation.question is not None
    assert conversation.question.next_action_at == NOON + 15 * MINUTE


def test_a_message_that_the_stream_missed_is_rung_by_the_sweep(house: House) -> None:
    house.receives(message())

    escalate_questions(room=house.room, now=NOON + MINUTE)

    assert house.phones() == [MARIA]


def test_an_unclaimed_question_rings_the_next_person_and_the_first_again(house: House) -> None:
    question_id = house.receives(message())
    attend(question_id, house.room, now=NOON)

    for minutes in (14, 15, 29, 30):
        escalate_questions(room=house.room, now=NOON + minutes * MINUTE)

    assert house.phones() == [MARIA, JAMES, MARIA]


def test_a_text_that_is_refused_goes_by_email_in_the_same_step(house: House) -> None:
    house.texts.failures[MARIA].append(Rejected("opted out"))
    question_id = house.receives(message())

    attend(question_id, house.room, now=NOON)

    assert [to for to, _, _ in house.mail.sent] == ["maria@example.org"]
    states = {alert.contact: alert.state for alert in house.conversation(question_id).alerts}
    assert states == {"sms": AlertState.FAILED, "email": AlertState.SENT}


def test_when_the_primary_cannot_be_reached_at_all_the_next_person_is_rung_at_once(house: House) -> None:
    house.texts.failures[MARIA].append(Unavailable("throttled"))
    house.mail.failures["maria@example.org"].append(Unavailable("throttled"))
    question_id = house.receives(message())

    attend(question_id, house.room, now=NOON)

    assert house.phones() == [JAMES]


def test_when_nobody_can_be_reached_it_rests_a_minute_and_rings_again(house: House) -> None:
    for phone in (MARIA, JAMES):
        house.texts.failures[phone] = [Unavailable("down")] * 2
    for to in ("maria@example.org", "james@example.org"):
        house.mail.failures[to] = [Unavailable("down")] * 2
    question_id = house.receives(message())

    attend(question_id, house.room, now=NOON)
    question = house.conversation(question_id).question
    assert question is not None
    assert question.next_action_at is not None
    assert NOON < question.next_action_at <= NOON + MINUTE
    for minutes in range(1, 5):
        escalate_questions(room=house.room, now=NOON + minutes * MINUTE)

    assert house.texts.sent


def test_a_text_that_may_have_left_is_not_sent_again_by_any_contact(house: House) -> None:
    house.texts.failures[MARIA].append(OutcomeUnknown("no answer"))
    question_id = house.receives(message())

    attend(question_id, house.room, now=NOON)
    attend(question_id, house.room, now=NOON + MINUTE)

    assert (house.texts.sent, house.mail.sent) == ([], [])
    assert [alert.state for alert in house.conversation(question_id).alerts] == [AlertState.UNKNOWN]


def test_what_is_held_back_says_by_which_limit(house: House) -> None:
    ids = [house.receives(message(number, thread_id=f"t{number}")) for number in (1, 2)]
    for question_id in ids:
        attend(question_id, house.room, now=NOON)

    assert [alert.failure for alert in house.conversation(ids[1]).alerts] == ["one message a minute"]


def test_pagers_that_cannot_be_asked_keep_no_question_from_ringing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.receives(message())

    def down(_: object) -> list[str]:
        raise Unavailable("the index does not answer")

    monkeypatch.setattr(house.pagers, "due", down)

    with pytest.raises(ExceptionGroup):
        escalate_questions(room=house.room, now=NOON + MINUTE, wait=lambda _: None)

    assert house.phones() == [MARIA]
    assert "SweepHeartbeat" in str(house.metrics.counted)


def test_one_poisoned_question_does_not_keep_the_others_from_ringing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned = house.receives(message(1, thread_id="poisoned"))
    house.receives(message(2, thread_id="fine"))
    load = house.questions.load

    def refuses(question_id: str) -> Conversation:
        if question_id == poisoned:
            raise ValueError("cannot be decoded")
        return load(question_id)

    monkeypatch.setattr(house.questions, "load", refuses)

    with pytest.raises(ExceptionGroup):
        escalate_questions(room=house.room, now=NOON + MINUTE)

    assert house.phones() == [MARIA]


def test_somebody_who_claims_while_the_phone_rings_keeps_the_claim(house: House) -> None:
    question_id = house.receives(message())

    def claims() -> None:
        question = house.conversation(question_id).question
        assert question is not None
        claimed = replace(
            question,
            state=QuestionState.CLAIMED,
            owner="maria",
            claimed_until=NOON + 30 * MINUTE,
            next_action_at=NOON + 30 * MINUTE,
            version=question.version + 1,
        )
        house.questions.commit(Change(question=claimed))

    house.questions.before_commit = [lambda: None, lambda: None, claims]
    attend(question_id, house.room, now=NOON)

    conversation = house.conversation(question_id)
    assert conversation.question is not None
    assert conversation.question.owner == "maria"
    assert conversation.question.next_action_at == NOON + 30 * MINUTE
    assert [alert.state for alert in conversation.alerts] == [AlertState.SENT]


def test_every_alert_carries_a_link_of_its_own_that_is_stored_only_as_a_digest(house: House) -> None:
    question_id = house.receives(message(text="my baby is not breathing"))

    attend(question_id, house.room, now=NOON)

    links = [text.split("/c/")[1].split()[0] for _, text in house.texts.sent]
    assert len(set(links)) == len(links) == 2
    assert {token.staff_id for token in house.sessions.tokens.values()} == {"maria", "james"}
    assert not any(link in str(house.sessions.tokens) for link in links)


@pytest.mark.prove
def test_no_word_of_the_author_and_no_name_leaves_in_a_text_an_email_or_a_log(
    capsys: pytest.CaptureFixture[str], proofs: Proofs
) -> None:
    random = Random(7)  # noqa: S311 - a seed
    with_slack = DOCUMENT["staff"] | {"james": DOCUMENT["staff"]["james"] | {"alert_by": ["slack", "sms", "email"]}}
    asked = ["can I see the {} doctor", "my {} is bleeding badly", "thanks {}", "{}?", "help {} wants to die"]
    leaked: list[str] = []
    trials = runs(few=300, full=10_000)
    for number in range(trials):
        house, mark = House(two_way=True, staff=with_slack, admins=["james"]), f"zq{random.randrange(16**8):08x}"
        if number % 3 == 1:
            house.texts.failures = defaultdict(lambda: [Unreachable("opted out")])
        for one in range(1, 3):
            text = random.choice(asked).format(mark)
            names = {"author_name": f"{mark} {mark}", "author_id": mark, "thread_id": f"{mark}{one}"}
            attend(house.receives(message(one, text, **names)), house.room, now=NOON)
        escalate_questions(room=house.room, now=NOON + 2 * MINUTE)  # what was held back
        for text_id, body in enumerate(("?", "1", "2", "1 done", mark)):
            incoming = IncomingText(text_id=f"in-{text_id}", sender=MARIA, body=body)
            text_back(incoming, house.room, crises=FakeCrises(), now=NOON + 3 * MINUTE)
        for later in (16, 58, 62):  # the next step, reminders, a claim that ran out
            escalate_questions(room=house.room, now=NOON + later * MINUTE)
        told = f"{house.texts.sent} {house.mail.sent} {house.hooks.sent} {house.texts.about} {house.mail.about}"
        outside = f"{told} {house.metrics.counted} {house.pagers.stored} {capsys.readouterr()}"
        if mark in outside:
            leaked.append(outside)

    proofs.record("6 no word of the author in a text, an email, a log or a metric", trials=trials, failures=len(leaked))
    assert not leaked, leaked[:3]


def test_an_owner_who_could_not_be_told_of_news_is_told_a_minute_later(house: House) -> None:
    question_id = house.receives(message())
    attend(question_id, house.room, now=NOON)
    change = claim(house.conversation(question_id), "maria", now=NOON, lasting=timedelta(hours=4))
    assert isinstance(change, Change)
    house.questions.commit(change)
    house.texts.failures[MARIA].append(Unavailable("throttled"))
    house.mail.failures["maria@example.org"].append(Unavailable("throttled"))

    attend(house.receives(message(2, "Are you there?")), house.room, now=NOON + 5 * MINUTE)
    assert house.phones() == [MARIA]
    escalate_questions(room=house.room, now=NOON + 6 * MINUTE)

    assert house.phones() == [MARIA, MARIA]
    question = house.conversation(question_id).question
    assert question is not None
    assert (question.state, question.owner, question.unseen) == (QuestionState.CLAIMED, "maria", False)


def test_very_many_outcomes_are_written_in_parts() -> None:
    """Thirty people with four contacts, all of which fail: more than one transaction takes."""
    people = {
        f"p{number}": {
            "name": f"Person {number}",
            "phone": f"+1202555{1000 + number}",
            "email": f"p{number}@example.org",
            "alert_by": ["slack", "teams", "sms", "email"],
        }
        for number in range(30)
    }
    everyone = {"steps": [{"alert": "everyone", "wait": "5m"}]}
    house = House(
        staff=DOCUMENT["staff"] | people,
        teams={"social": {"rota": [{"on": list(people)}]}},
        policies={"standard": everyone, "emergency": everyone},
    )
    for failures in (house.texts, house.mail, house.hooks):
        failures.failures = defaultdict(lambda: [Unavailable("down")] * 1000)
    question_id = house.receives(message())

    attend(question_id, house.room, now=NOON)

    assert max(len(change.alerts) for change in house.questions.commits) <= 90
    alerts = [alert for alert in house.conversation(question_id).alerts if alert.step == 1]
    assert len(alerts) == 120
    assert {alert.state for alert in alerts} == {AlertState.FAILED}


URGENT = "I am going to sue you."
"""Urgent, and by the standard policy: Maria first."""


def test_an_urgent_question_joins_those_that_wait_and_all_of_them_leave_at_once(house: House) -> None:
    for number, seconds in ((1, 0), (2, 10), (3, 20)):
        asked = house.receives(message(number, URGENT, thread_id=f"t{number}"))
        attend(asked, house.room, now=NOON + timedelta(seconds=seconds))
    assert [to for to, _ in house.texts.sent] == [MARIA]

    attend(house.receives(message(4, URGENT, thread_id="t4")), house.room, now=NOON + timedelta(seconds=70))

    assert [to for to, _ in house.texts.sent] == [MARIA, MARIA]
    assert "3 URGENT questions waiting" in house.texts.sent[-1][1]


def test_the_sweep_stays_for_what_may_leave_within_the_minute(house: House) -> None:
    for number in (1, 2):
        attend(house.receives(message(number, URGENT, thread_id=f"t{number}")), house.room, now=NOON)
    waited: list[float] = []

    done = escalate_questions(
        room=house.room, now=NOON + timedelta(seconds=30), remaining_ms=lambda: 55_000, wait=waited.append
    )

    assert waited == [30]
    assert done["told"] == 1
    assert [to for to, _ in house.texts.sent] == [MARIA, MARIA]


@pytest.mark.parametrize(("remaining_ms", "stays"), [(41_000, True), (39_000, False)])
def test_the_sweep_stays_no_longer_than_it_may_run(house: House, remaining_ms: int, stays: bool) -> None:  # noqa: FBT001
    for number in (1, 2):
        attend(house.receives(message(number, URGENT, thread_id=f"t{number}")), house.room, now=NOON)
    waited: list[float] = []

    escalate_questions(
        room=house.room, now=NOON + timedelta(seconds=30), remaining_ms=lambda: remaining_ms, wait=waited.append
    )

    assert bool(waited) is stays


def test_an_urgent_question_that_every_limit_holds_back_hurries_once_around_and_then_waits_as_all_do(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = Slot(at=NOON + timedelta(hours=9), reason="never")
    monkeypatch.setattr("switchboard.domain.pager_limits.slot", lambda *_, **__: never)
    monkeypatch.setattr("switchboard.domain.pager_held.slot", lambda *_, **__: never)
    question_id = house.receives(message(1, URGENT))

    for minute in range(60):
        attend(question_id, house.room, now=NOON + minute * MINUTE)

    rung = [event.at for event in house.conversation(question_id).events if event.kind == "rung"]
    assert [int((at - NOON) / MINUTE) for at in rung] == [0, 1, 2, 17, 32, 47]


def test_a_phone_that_rings_late_in_a_long_sweep_has_rung_then(house: House) -> None:
    for number in (1, 2):
        house.receives(message(number, thread_id=f"t{number}"))
    runs_for = iter(timedelta(seconds=20 * number) for number in range(1, 20))

    escalate_questions(room=house.room, now=NOON + MINUTE, elapsed=lambda: next(runs_for))

    assert [one.at for one in house.pagers["maria"].sent] == [NOON + MINUTE + timedelta(seconds=20)]
    assert house.pagers["maria"].next_action_at == NOON + 2 * MINUTE + timedelta(seconds=20)
