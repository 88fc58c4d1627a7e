"""Reaching one person within their limits, end to end: what leaves, what is held back, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from functions.escalate_questions.app import escalate_questions
from switchboard.domain.handling import claim
from switchboard.domain.pager import Kind, Pager, mark_dead
from switchboard.domain.pager_limits import ALERTS, sending
from switchboard.domain.question import AlertState, Change, Question, QuestionState
from switchboard.errors import Conflict, Misconfigured, Unavailable, Unreachable
from switchboard.verbs.attend import attend
from switchboard.verbs.paging import Paging
from tests.fakes.hospital import DOCUMENT, NOON, message
from tests.fakes.house import House

if TYPE_CHECKING:
    from datetime import datetime

MARIA, JAMES, CHEN = "+12025550101", "+12025550102", "+12025550103"
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
EMERGENCY = "My father is not breathing, what do I do?"
URGENT = "I am going to sue you."


class Desk:
    """A house in which questions are numbered, and only Maria and James are on duty."""

    def __init__(self, **changes: Any) -> None:
        self.house = House(two_way=True, **changes)
        self.count = 0

    def asks(self, text: str = "What are your visiting hours?", *, at: timedelta = timedelta(0)) -> Question:
        """Let somebody ask at NOON + *at*, and ring."""
        self.count += 1
        asked = message(self.count, text, thread_id=f"t{self.count}", author_id=f"a{self.count}")
        attend(self.house.receives(asked), self.house.room, now=NOON + at)
        return self.question(asked.question_id)

    def question(self, question_id: str) -> Question:
        found = self.house.conversation(question_id).question
        assert found is not None
        return found

    def sweep(self, at: timedelta) -> None:
        escalate_questions(room=self.house.room, now=NOON + at)

    def tell(self, staff_id: str = "maria", *, at: timedelta) -> int:
        """Tell what is held back, without what the sweep does besides."""
        room = self.house.room
        return Paging(room=room, config=room.automation.current(), now=NOON + at).tell_held(staff_id)

    def claims(self, question: Question, staff_id: str) -> None:
        change = claim(self.house.conversation(question.question_id), staff_id, now=NOON, lasting=HOUR)
        assert isinstance(change, Change)
        self.house.questions.commit(change)

    def texts(self, phone: str = MARIA) -> list[str]:
        return [text for to, text in self.house.texts.sent if to == phone]

    def mails(self) -> list[tuple[str, str]]:
        return [(to, subject) for to, subject, _ in self.house.mail.sent]

    def states(self, question: Question) -> dict[tuple[str, str], AlertState]:
        alerts = self.house.conversation(question.question_id).alerts
        return {(alert.staff_id, alert.contact): alert.state for alert in alerts}

    def remember(self, staff_id: str, change: Any) -> None:
        """Write what *change* makes of a pager, as if it had happened before."""
        pager = self.house.pagers[staff_id]
        self.house.pagers.save(replace(change(pager), version=pager.version + 1))


def rung(*moments: datetime, contact: str = "sms", kind: Kind = Kind.ALERT) -> Any:
    def change(pager: Pager) -> Pager:
        for at in moments:
            pager = sending(pager, contact, kind, now=at)
        return pager

    return change


@pytest.fixture
def desk() -> Desk:
    return Desk()


# --- held back, and told together


def test_what_came_within_a_minute_is_told_in_one_text(desk: Desk) -> None:
    first = desk.asks()
    held = [desk.asks(at=number * SECOND) for number in (1, 2, 3)]

    assert len(desk.texts()) == 1
    assert first.ref in desk.texts()[0]
    assert all(desk.states(one) == {("maria", "sms"): AlertState.HELD} for one in held)
    desk.sweep(MINUTE)

    assert len(desk.texts()) == 2
    assert desk.texts()[1].startswith("Mercy Social: 3 questions waiting")
    pager = desk.house.pagers["maria"]
    assert (pager.held, pager.next_action_at) == ((), None)
    assert desk.house.metrics.total("AlertsBundled", contact="sms") == 3
    desk.sweep(2 * MINUTE)
    assert len(desk.texts()) == 2


def test_one_alone_is_told_as_what_it_is(desk: Desk) -> None:
    desk.asks()
    held = desk.asks(at=SECOND)

    desk.sweep(MINUTE)

    assert held.ref in desk.texts()[1]
    assert desk.texts()[1].endswith("Reply 2 to claim")


def test_a_text_that_was_held_back_names_the_step_whose_alert_its_receipt_is_for(desk: Desk) -> None:
    desk.asks()
    held = desk.asks(at=SECOND)
    change = replace(held, step=held.step + 1, version=held.version + 1)
    desk.house.questions.commit(Change(question=change))

    desk.tell(at=MINUTE)

    assert desk.house.texts.about[-1]["step"] == "1"


def test_what_somebody_claimed_meanwhile_is_left_out(desk: Desk) -> None:
    desk.asks()
    taken, waiting = desk.asks(at=SECOND), desk.asks(at=2 * SECOND)
    desk.claims(taken, "james")

    desk.sweep(MINUTE)

    assert waiting.ref in desk.texts()[1]
    assert "waiting (Facebook)" in desk.texts()[1]


def test_when_all_of_it_is_claimed_nothing_is_told(desk: Desk) -> None:
    desk.asks()
    desk.claims(desk.asks(at=SECOND), "james")

    assert desk.tell(at=MINUTE) == 0

    assert len(desk.texts()) == 1
    assert desk.house.pagers["maria"].next_action_at is None


def test_a_bundle_that_could_not_leave_is_told_again(desk: Desk) -> None:
    desk.asks()
    for number in (1, 2):
        desk.asks(at=number * SECOND)
    desk.house.texts.failures[MARIA].append(Unavailable("throttled"))

    desk.sweep(MINUTE)
    assert len(desk.texts()) == 1
    assert len(desk.house.pagers["maria"].held) == 2
    desk.sweep(2 * MINUTE)

    assert "2 questions waiting" in desk.texts()[1]


def test_a_bundle_for_a_phone_that_turns_out_dead_goes_by_the_next_contact(desk: Desk) -> None:
    desk.asks()
    for number in (1, 2):
        desk.asks(at=number * SECOND)
    desk.house.texts.failures[MARIA].append(Unreachable("opted out", reason="opted_out"))

    desk.sweep(MINUTE)
    desk.sweep(2 * MINUTE)

    assert len(desk.texts()) == 1
    assert ("maria@example.org", "Mercy Social: 2 questions waiting, the oldest 1 min") in desk.mails()


def test_what_is_held_for_a_phone_that_died_meanwhile_goes_by_the_next_contact(desk: Desk) -> None:
    """A carrier takes what is sent to a phone that opted out, and drops it without a word."""
    desk.asks()
    for number in (1, 2):
        desk.asks(at=number * SECOND)
    desk.remember("maria", lambda pager: mark_dead(pager, "sms", MARIA, reason="opted_out", now=NOON))

    desk.sweep(MINUTE)

    assert len(desk.texts()) == 1
    assert [subject for to, subject in desk.mails() if to == "maria@example.org"] == [
        "Mercy Social: 2 questions waiting"
    ]


def test_what_is_held_for_somebody_who_has_left_is_dropped(desk: Desk) -> None:
    desk.asks()
    desk.asks(at=SECOND)
    staff = {name: member for name, member in DOCUMENT["staff"].items() if name != "maria"}
    smaller = House(staff=staff, teams={"social": {"rota": [{"on": ["james"]}]}}).room.automation.current()

    assert Paging(room=desk.house.room, config=smaller, now=NOON + MINUTE).tell_held("maria") == 0

    assert desk.house.pagers["maria"].next_action_at is None


# --- what is urgent


def test_an_urgent_question_does_not_wait_behind_others(desk: Desk) -> None:
    desk.asks()
    desk.asks(at=SECOND)

    urgent = desk.asks(URGENT, at=MINUTE)

    assert "URGENT" in desk.texts()[1]
    assert desk.states(urgent) == {("maria", "sms"): AlertState.SENT}


def test_an_urgent_one_that_the_limit_holds_back_goes_by_the_other_contact_at_once(desk: Desk) -> None:
    desk.asks()

    urgent = desk.asks(URGENT, at=SECOND)

    assert desk.states(urgent) == {("maria", "sms"): AlertState.HELD, ("maria", "email"): AlertState.SENT}
    desk.tell(at=MINUTE)
    assert "URGENT" in desk.texts()[1]


def test_what_is_held_back_and_becomes_an_emergency_leaves_after_the_minute(desk: Desk) -> None:
    """Four texts fill what a quarter of an hour leaves to ordinary alerts; the fifth is for what is urgent."""
    desk.remember("maria", rung(*(NOON - number * MINUTE for number in (4, 3, 2, 1))))
    calm = desk.asks()
    assert desk.house.pagers["maria"].next_action_at == NOON + 10 * MINUTE
    desk.remember("maria", rung(NOON + 30 * SECOND, contact="sms", kind=Kind.NOTICE))

    graver = message(99, EMERGENCY, thread_id="t1", author_id="a1")
    attend(desk.house.receives(graver), desk.house.room, now=NOON + 40 * SECOND)
    assert desk.question(calm.question_id).urgency == "emergency"
    assert desk.tell(at=91 * SECOND) == 1

    assert "EMERGENCY" in desk.texts()[-1]


def test_an_emergency_goes_through_the_cap_of_the_day_and_quiet_hours() -> None:
    quiet = DOCUMENT["staff"]["maria"] | {"quiet": {"start": "00:00", "end": "23:59"}}
    desk = Desk(staff=DOCUMENT["staff"] | {"maria": quiet}, sms={"daily_per_person": 5})
    desk.remember("maria", rung(*(NOON - number * HOUR for number in (4, 5, 6, 7, 8))))

    desk.asks()
    assert not desk.texts()
    desk.asks(EMERGENCY, at=MINUTE)

    assert "EMERGENCY" in desk.texts()[0]


# --- how many


def test_after_the_cap_of_the_day_one_summary_comes_every_two_hours() -> None:
    desk = Desk(sms={"daily_per_person": 5}, policies=DOCUMENT["policies"] | {"standard": {"steps": [_every("24h")]}})
    desk.remember("maria", rung(*(NOON - number * HOUR for number in (4, 3.5, 3.2, 3.1, 3))))

    for number in range(4 * 60):
        if number % 10 == 0:
            desk.asks(at=number * MINUTE)
        desk.tell(at=number * MINUTE)

    assert len(desk.texts()) == 2


def test_no_phone_gets_more_than_its_limits_in_a_day_of_questions() -> None:
    desk = Desk(policies=DOCUMENT["policies"] | {"standard": {"steps": [_every("24h")]}})
    left: list[timedelta] = []
    for number in range(300):
        before = len(desk.texts())
        desk.asks(at=number * MINUTE)
        desk.tell(at=number * MINUTE + SECOND)
        left += [number * MINUTE] * (len(desk.texts()) - before)

    for limit in ALERTS:
        assert max(sum(at <= one < at + limit.per for one in left) for at in left) <= limit.count


def _every(wait: str) -> dict[str, str]:
    return {"alert": "primary", "wait": wait}


def test_in_one_minute_no_more_texts_leave_than_the_config_says_of_all_people_together() -> None:
    people = {
        f"p{number}": {"name": f"Person {number}", "phone": f"+12025550{number}", "alert_by": ["sms"]}
        for number in range(110, 120)
    }
    desk = Desk(
        staff=DOCUMENT["staff"] | people,
        teams={"social": {"rota": [{"on": list(people)}]}},
        policies=DOCUMENT["policies"] | {"standard": {"steps": [{"alert": "everyone", "wait": "1h"}]}},
        sms={"per_minute": 4},
    )

    question = desk.asks()
    assert len(desk.house.texts.sent) == 4
    assert sorted(desk.states(question).values()) == [AlertState.HELD] * 6 + [AlertState.SENT] * 4
    desk.sweep(30 * SECOND)
    assert len(desk.house.texts.sent) == 4
    for minutes in (2, 4, 6):
        desk.sweep(minutes * MINUTE)

    assert len(set(desk.house.phones())) == len(desk.house.phones()) == 10


def test_what_is_held_back_does_not_use_up_the_minute_of_others() -> None:
    desk = Desk(sms={"per_minute": 4})
    for number in range(20):
        desk.asks(at=number * SECOND)
    james = [*DOCUMENT["routes"][:1], {"name": "all", "team": "social", "policy": "secondary", "answer_within": "4h"}]
    desk.house.room.automation.config = House(  # type: ignore[attr-defined]
        routes=james,
        sms={"per_minute": 4},
        policies=DOCUMENT["policies"] | {"secondary": {"steps": [{"alert": "james", "wait": "15m"}]}},
    ).room.automation.current()

    desk.asks(at=30 * SECOND)

    assert len(desk.texts(JAMES)) == 1


# --- what texts cost


def spent(desk: Desk, texts: int) -> None:
    desk.house.meter.sums[f"sms#{NOON:%Y-%m}"] = texts


BUDGET = {"monthly_budget_usd": 1, "cents_per_text": 1}


def test_when_the_money_is_spent_ordinary_questions_go_by_email_and_urgent_ones_by_text() -> None:
    desk = Desk(sms=BUDGET)
    spent(desk, 100)

    calm = desk.asks()
    assert desk.states(calm) == {("maria", "sms"): AlertState.FAILED, ("maria", "email"): AlertState.SENT}
    desk.asks(URGENT, at=MINUTE)

    assert len(desk.texts()) == 1
    assert desk.house.metrics.total("SmsBudgetUsedPercent") == 101


def test_who_has_no_email_is_texted_though_the_money_is_spent() -> None:
    desk = Desk(sms=BUDGET, teams={"social": {"rota": [{"on": ["chen"]}]}})
    spent(desk, 100)

    desk.asks()

    assert len(desk.texts(CHEN)) == 1


def test_whose_email_is_dead_is_texted_though_the_money_is_spent() -> None:
    desk = Desk(sms=BUDGET)
    spent(desk, 100)
    desk.remember("maria", lambda one: mark_dead(one, "email", "maria@example.org", reason="bounced", now=NOON))

    desk.asks()

    assert len(desk.texts()) == 1


def test_a_new_month_has_new_money() -> None:
    desk = Desk(sms=BUDGET)
    spent(desk, 100)

    desk.asks(at=timedelta(days=20))

    assert len(desk.texts()) == 1


@pytest.mark.parametrize("error", [Unavailable("down"), Misconfigured("not allowed")])
def test_a_counter_that_does_not_count_keeps_nobody_from_being_rung(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(sms=BUDGET)

    def add(*_: object, **__: object) -> int:
        raise error

    monkeypatch.setattr(desk.house.meter, "add", add)

    question = desk.asks()

    assert desk.states(question) == {("maria", "sms"): AlertState.SENT}
    assert desk.question(question.question_id).next_action_at == NOON + 15 * MINUTE


# --- contacts


def test_contacts_are_tried_in_their_order_until_one_takes_it() -> None:
    contacts = ["slack", "teams", "pagerduty", "sms", "email"]
    maria = DOCUMENT["staff"]["maria"] | {"alert_by": contacts}
    desk = Desk(staff=DOCUMENT["staff"] | {"maria": maria})
    desk.house.hooks.failures["slack"].append(Misconfigured("no slack_url"))
    desk.house.hooks.failures["teams"].append(Unavailable("asks to wait"))

    question = desk.asks()

    assert desk.states(question) == {
        ("maria", "slack"): AlertState.FAILED,
        ("maria", "teams"): AlertState.FAILED,
        ("maria", "pagerduty"): AlertState.SENT,
    }
    assert not desk.texts()


def test_a_chat_has_limits_like_a_phone_and_a_pager_service_has_not() -> None:
    for contact, rung_times in (("slack", 1), ("teams", 1), ("pagerduty", 3)):
        maria = DOCUMENT["staff"]["maria"] | {"alert_by": [contact]}
        desk = Desk(staff=DOCUMENT["staff"] | {"maria": maria})

        for number in range(3):
            desk.asks(at=number * SECOND)

        assert [contact for contact, _ in desk.house.hooks.sent] == [contact] * rung_times
        desk.sweep(MINUTE)
        told = [alert.summary for _, alert in desk.house.hooks.sent[rung_times:]]
        assert told == ([] if contact == "pagerduty" else ["Mercy Social: 2 questions waiting"])


def test_what_a_chat_is_told_holds_no_word_of_the_author() -> None:
    maria = DOCUMENT["staff"]["maria"] | {"alert_by": ["slack"]}
    desk = Desk(staff=DOCUMENT["staff"] | {"maria": maria})

    desk.asks("My knee hurts since Tuesday, says Pat?")

    ((_, alert),) = desk.house.hooks.sent
    assert "knee" not in repr(alert)
    assert "Pat" not in repr(alert)


# --- pagers that fail


def test_when_pagers_cannot_be_read_it_rings_all_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(_: object) -> None:
        raise Unavailable("down")

    monkeypatch.setattr(desk.house.pagers, "load", down)

    question = desk.asks()

    assert len(desk.texts()) == 1
    assert desk.question(question.question_id).state is QuestionState.OPEN


def test_a_pager_that_others_write_meanwhile_keeps_its_limits(desk: Desk) -> None:
    def another_rings() -> None:
        desk.house.pagers.before_save.clear()
        desk.remember("maria", rung(NOON))

    desk.house.pagers.before_save.append(another_rings)

    question = desk.asks()

    assert desk.states(question) == {("maria", "sms"): AlertState.HELD}


@pytest.mark.parametrize("error", [Conflict("another version"), Unavailable("throttled")])
def test_a_pager_that_is_too_busy_to_be_written_floods_no_phone(
    error: Exception, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.asks()

    def busy(_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(desk.house.pagers, "save", busy)
        questions = [desk.asks(at=number * SECOND) for number in range(1, 21)]

    assert len(desk.texts()) == 1
    assert all(one.next_action_at is not None for one in questions)
    assert all(desk.states(one)["maria", "sms"] is AlertState.FAILED for one in questions)


def test_a_pager_that_cannot_be_written_but_has_room_rings(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_: object) -> None:
        raise Conflict("another version")

    monkeypatch.setattr(desk.house.pagers, "save", busy)

    desk.asks()

    assert len(desk.texts()) == 1
