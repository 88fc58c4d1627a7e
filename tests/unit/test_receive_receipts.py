"""receive_receipts takes what SNS brings of texts and emails: the samples in `events/` are what it is given."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from aws_lambda_powertools import Logger

from functions.receive_receipts import app
from functions.receive_receipts.app import Mailroom, receive_receipts
from switchboard import settings, wiring
from switchboard.domain.escalation import SETTLE
from switchboard.domain.failed_alerts import fail_alert
from switchboard.domain.question import Alert, AlertState, Change, Conversation, Question, QuestionState, Step
from switchboard.domain.receipts import Receipt
from switchboard.errors import Conflict, OutcomeUnknown, Unavailable
from tests.fakes.automation import FakeAutomation
from tests.fakes.hospital import NOON, config, message
from tests.fakes.metrics import FakeMetrics
from tests.fakes.pagers import FakePagers
from tests.fakes.questions import FakeQuestions
from tests.fakes.texts import FakeMail

if TYPE_CHECKING:
    from collections.abc import Iterator

EVENTS = Path(__file__).parents[2] / "events"
QUESTION_ID = message().question_id
WAIT = timedelta(minutes=15)
QUESTION = Question(
    question_id=QUESTION_ID,
    channel="facebook",
    platform="facebook",
    kind="comment",
    thread_id="t1",
    author_id="a1",
    state=QuestionState.OPEN,
    steps=(Step(alert="primary", wait=WAIT), Step(alert="secondary", wait=WAIT)),
    position=1,
    step=1,
    opened_at=NOON,
    last_message_at=NOON,
    next_action_at=NOON + WAIT,
    version=1,
)
TO_MARIA = Alert(
    question_id=QUESTION_ID,
    step=1,
    staff_id="maria",
    contact="sms",
    state=AlertState.SENT,
    at=NOON,
    provider_id="text-1",
)
INVALID = Receipt(
    contact="sms",
    address="+12025550101",
    outcome="undeliverable",
    dead=True,
    question_id=QUESTION_ID,
    step=1,
    staff_id="maria",
    provider_id="text-1",
    reason="TEXT_INVALID",
)
OFF = replace(INVALID, dead=False, reason="TEXT_UNREACHABLE")
LATER = NOON + timedelta(seconds=20)


class Desk:
    """The mailroom on fakes, with one question whose *alerts* were sent."""

    def __init__(self, *alerts: Alert, question: Question = QUESTION, **changes: Any) -> None:
        self.questions, self.pagers = FakeQuestions(), FakePagers()
        self.mail, self.metrics = FakeMail(), FakeMetrics()
        self.log = StringIO()
        self.room = Mailroom(
            questions=self.questions,
            pagers=self.pagers,
            automation=FakeAutomation(config(**changes)),
            mail=self.mail,
            metrics=self.metrics,
        )
        self.questions.commit(Change(question=question, alerts=alerts or (TO_MARIA,)))

    def receives(self, *receipts: Receipt) -> dict[str, int]:
        return receive_receipts(receipts, room=self.room, now=LATER)

    @property
    def conversation(self) -> Conversation:
        return self.questions.load(QUESTION_ID)

    @property
    def question(self) -> Question:
        found = self.conversation.question
        assert found is not None
        return found


def test_an_alert_that_reached_nobody_makes_the_next_step_due_at_once() -> None:
    desk = Desk()

    assert desk.receives(OFF) == {"receipts": 1, "dead": 0, "failed": 1}

    (alert,) = desk.conversation.alerts
    assert (alert.state, alert.failure, alert.provider_id) == (AlertState.FAILED, "TEXT_UNREACHABLE", "text-1")
    assert (desk.question.next_action_at, desk.question.step) == (LATER, 1)
    assert [(event.kind, event.detail) for event in desk.conversation.events] == [("alert_failed", "step 1: maria")]
    assert QUESTION_ID in desk.questions.due(LATER)
    assert desk.metrics.total("AlertFailed", contact="sms") == 1
    assert desk.metrics.total("Receipt", contact="sms", outcome="undeliverable") == 1


def test_the_same_receipt_twice_changes_nothing_more() -> None:
    desk = Desk()
    desk.receives(INVALID)
    before = desk.conversation, dict(desk.pagers.stored), list(desk.mail.sent)

    assert desk.receives(INVALID) == {"receipts": 1, "dead": 0, "failed": 0}
    assert before == (desk.conversation, desk.pagers.stored, desk.mail.sent)


@pytest.mark.parametrize("state", [AlertState.SENT, AlertState.UNKNOWN, AlertState.SENDING, AlertState.HELD])
def test_while_somebody_else_of_the_step_may_have_been_reached_their_time_is_theirs(state: AlertState) -> None:
    desk = Desk(TO_MARIA, replace(TO_MARIA, staff_id="james", provider_id="text-2", state=state))

    desk.receives(OFF)

    assert desk.question.next_action_at == NOON + WAIT
    assert [alert.state for alert in desk.conversation.alerts] == [state, AlertState.FAILED]


def test_when_the_last_of_a_step_fails_too_the_next_step_is_due() -> None:
    desk = Desk(TO_MARIA, replace(TO_MARIA, staff_id="james", provider_id="text-2"))

    desk.receives(OFF, replace(OFF, staff_id="james", provider_id="text-2", address="+12025550102"))

    assert desk.question.next_action_at == LATER


def test_the_email_that_the_same_person_got_keeps_their_time() -> None:
    desk = Desk(TO_MARIA, replace(TO_MARIA, contact="email", provider_id="mail-1"))

    desk.receives(OFF)

    assert desk.question.next_action_at == NOON + WAIT


@pytest.mark.parametrize(
    "question",
    [
        replace(QUESTION, step=2, position=2),
        replace(QUESTION, state=QuestionState.CLAIMED, owner="james", claimed_until=NOON + WAIT),
        replace(QUESTION, state=QuestionState.ANSWERING, owner="james"),
        replace(QUESTION, state=QuestionState.CLOSED, next_action_at=None),
    ],
    ids=["the next step rang", "claimed", "answering", "closed"],
)
def test_what_is_not_waiting_at_that_step_any_more_is_not_disturbed(question: Question) -> None:
    desk = Desk(question=question)

    desk.receives(OFF)

    assert replace(desk.question, version=0) == replace(question, version=0)
    assert desk.conversation.alerts[0].state is AlertState.FAILED


def test_a_policy_of_phones_that_are_all_off_does_not_spin() -> None:
    desk = Desk(question=replace(QUESTION, position=2))

    desk.receives(OFF)

    assert desk.question.next_action_at == LATER + SETTLE


def test_a_receipt_makes_nothing_later() -> None:
    due = replace(QUESTION, position=2, next_action_at=NOON)

    desk = Desk(question=due)
    desk.receives(OFF)

    assert desk.question.next_action_at == NOON


@pytest.mark.parametrize("state", [AlertState.SENDING, AlertState.UNKNOWN])
def test_an_alert_whose_id_was_never_learnt_is_known_by_whom_and_when(state: AlertState) -> None:
    lost = replace(TO_MARIA, state=state, provider_id="")
    desk = Desk(lost, replace(lost, staff_id="james"))

    desk.receives(OFF)

    assert {alert.staff_id: alert.state for alert in desk.conversation.alerts} == {
        "maria": AlertState.FAILED,
        "james": state,
    }


@pytest.mark.parametrize(
    "receipt",
    [
        replace(OFF, provider_id="text-9"),
        replace(OFF, contact="email"),
        replace(OFF, question_id="AAAABBBBCCCCDDDDEEEEFFFF22"),
        replace(OFF, question_id=""),
    ],
    ids=["another text", "another contact", "no such question", "nothing given along"],
)
def test_what_belongs_to_no_alert_changes_none(receipt: Receipt) -> None:
    desk = Desk()
    before = desk.conversation

    assert desk.receives(receipt)["failed"] == 0
    assert desk.conversation == before


@pytest.mark.parametrize("outcome", ["undeliverable", "opted_out"])
def test_what_reached_nobody_is_a_failure(outcome: Any) -> None:
    assert Desk().receives(replace(OFF, outcome=outcome))["failed"] == 1


@pytest.mark.parametrize("outcome", ["delivered", "delayed", "complained", "other"])
def test_only_what_reached_nobody_is_a_failure(outcome: Any) -> None:
    desk = Desk()

    assert desk.receives(replace(OFF, outcome=outcome))["failed"] == 0

    assert desk.conversation.alerts == (TO_MARIA,)
    assert desk.metrics.total("Receipt", contact="sms", outcome=outcome) == 1


def test_a_lost_fence_is_tried_anew() -> None:
    desk = Desk()

    def somebody_claims() -> None:
        claimed = replace(desk.question, state=QuestionState.CLAIMED, owner="james", version=desk.question.version + 1)
        desk.questions.commit(Change(question=claimed))

    desk.questions.before_commit.append(somebody_claims)
    desk.receives(OFF)

    assert (desk.question.state, desk.question.next_action_at) == (QuestionState.CLAIMED, NOON + WAIT)
    assert desk.conversation.alerts[0].state is AlertState.FAILED


# --- dead contacts -----------------------------------------------------------------------------------------------


def test_a_dead_contact_is_marked_and_the_admins_are_told_once_without_the_number() -> None:
    desk = Desk(admins=["james"])

    assert desk.receives(INVALID, INVALID)["dead"] == 1

    assert desk.pagers["maria"].is_dead("sms", "+12025550101")
    ((to, subject, body),) = desk.mail.sent
    assert to == "james@example.org"
    assert "maria" in subject
    assert "no such number" in body
    assert "0101" not in subject + body
    assert "Lopez" not in subject + body
    assert desk.metrics.total("ContactDead", contact="sms") == 1


@pytest.mark.parametrize(
    ("receipt", "words"),
    [
        (replace(INVALID, outcome="opted_out"), "opted out"),
        (replace(INVALID, contact="email", address="Maria@Example.org"), "no such mailbox"),
        (replace(INVALID, contact="email", address="maria@example.org", outcome="complained"), "marked as spam"),
    ],
)
def test_the_admins_are_told_why(receipt: Receipt, words: str) -> None:
    desk = Desk(admins=["james"])

    desk.receives(receipt)

    assert words in desk.mail.sent[0][2]
    assert desk.pagers["maria"].is_dead(receipt.contact, receipt.address)


def test_everybody_whose_phone_it_is_is_marked_and_nobody_else() -> None:
    """A team's phone that two people carry in turn."""
    staff = {
        "maria": {"name": "Maria Lopez", "phone": "+12025550101"},
        "james": {"name": "James Okafor", "phone": "+12025550101"},
        "chen": {"name": "Wei Chen", "phone": "+12025550103"},
    }
    desk = Desk(staff=staff)

    assert desk.receives(INVALID)["dead"] == 2
    assert sorted(desk.pagers.stored) == ["james", "maria"]


def test_a_late_receipt_of_an_old_number_marks_nobody() -> None:
    """The mark of the number that is dead now must not be replaced by that of one which is not theirs any more."""
    desk = Desk()

    assert desk.receives(replace(INVALID, address="+12025550177"))["dead"] == 0
    assert (desk.pagers.stored, desk.mail.sent) == ({}, [])


def test_a_receipt_without_ids_still_marks_the_contact() -> None:
    desk = Desk()

    assert desk.receives(replace(INVALID, question_id="", step=0, staff_id=""))["dead"] == 1


def test_a_pager_that_is_changed_meanwhile_is_marked_all_the_same() -> None:
    desk = Desk()
    rung = replace(desk.pagers["maria"], day="2026-10-13", day_count=1, version=1)
    desk.pagers.before_save.append(lambda: desk.pagers.save(rung))

    desk.receives(INVALID)

    marked = desk.pagers["maria"]
    assert (marked.day_count, marked.is_dead("sms", "+12025550101")) == (1, True)


def test_when_the_admins_cannot_be_told_the_contact_is_marked_and_the_next_person_rung() -> None:
    desk = Desk(admins=["james"])
    desk.mail.failures["james@example.org"].append(OutcomeUnknown("no answer"))

    assert desk.receives(INVALID) == {"receipts": 1, "dead": 1, "failed": 1}


# --- what fails ----------------------------------------------------------------------------------------------------


class Broken:
    """A store that never answers, or whose fence is always lost."""

    def __init__(self, error: Exception, behind: Any = None) -> None:
        self.error, self.behind, self.calls = error, behind, 0

    def load(self, asked: Any) -> Any:
        if self.behind is None:
            raise self.error
        return self.behind.load(asked)

    def _fail(self, _: Any) -> None:
        self.calls += 1
        raise self.error

    commit = save = _fail


def test_one_receipt_that_fails_keeps_no_other_and_the_trigger_comes_again() -> None:
    desk = Desk()
    down: Any = Broken(Unavailable("down"))
    room = replace(desk.room, pagers=down)

    with pytest.raises(ExceptionGroup) as caught:
        receive_receipts([INVALID, OFF], room=room, now=LATER)

    assert [type(error) for error in caught.value.exceptions] == [Unavailable]
    assert desk.conversation.alerts[0].state is AlertState.FAILED
    assert desk.receives(INVALID)["dead"] == 1


@pytest.mark.parametrize("port", ["questions", "pagers"])
def test_a_fence_that_is_always_lost_is_left_to_the_next_try(port: str) -> None:
    desk = Desk()
    broken: Any = Broken(Conflict("lost"), behind=getattr(desk.room, port))

    with pytest.raises(ExceptionGroup) as caught:
        receive_receipts([INVALID], room=replace(desk.room, **{port: broken}), now=LATER)

    assert isinstance(caught.value.exceptions[0], Unavailable)
    assert broken.calls == app.ATTEMPTS


def test_a_question_that_was_never_taken_in_has_no_alert() -> None:
    assert fail_alert(Conversation(question_id=QUESTION_ID), OFF, now=LATER) is None


# --- the handler ---------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Desk]:
    desk = Desk(TO_MARIA, replace(TO_MARIA, contact="email", provider_id="mail-1"), admins=["james"])
    for name in ("questions", "pagers", "automation", "mail", "metrics"):
        monkeypatch.setattr(wiring, name, lambda *_, name=name: getattr(desk.room, name))
    found = settings.ReceiveReceipts(
        appconfig_application="a",
        appconfig_environment="e",
        appconfig_profile="p",
        posts_table="p",
        questions_table="q",
        sender_email="desk@example.org",
        receipts_set="switchboard",
    )
    monkeypatch.setattr(settings.ReceiveReceipts, "read", lambda: found)
    monkeypatch.setattr(app, "logger", Logger(service=request.node.name, stream=desk.log))
    app._mailroom.cache_clear()  # noqa: SLF001 - each test has its own
    yield desk
    app._mailroom.cache_clear()  # noqa: SLF001


CONTEXT: Any = SimpleNamespace(function_name="receive_receipts", aws_request_id="1")


def sample(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EVENTS / f"receive_receipts_{name}.json").read_text())
    return found


@pytest.mark.parametrize(("name", "contact"), [("text_invalid", "sms"), ("email_bounced", "email")])
def test_a_sample_of_a_failure_marks_and_fails(desk: Desk, name: str, contact: str) -> None:
    assert app.handler(sample(name), CONTEXT) == {"receipts": 1, "dead": 1, "failed": 1}

    states = {alert.contact: alert.state for alert in desk.conversation.alerts}
    assert states == {"sms": AlertState.SENT, "email": AlertState.SENT} | {contact: AlertState.FAILED}
    assert desk.metrics.flushes == 1
    told = desk.log.getvalue()
    assert "contact_dead" in told
    assert not [word for word in ("+1202", "@example.org", "Lopez") if word in told]


def test_a_sample_of_a_delivery_is_counted(desk: Desk) -> None:
    assert app.handler(sample("email_delivered"), CONTEXT) == {"receipts": 1, "dead": 0, "failed": 0}
    assert desk.metrics.total("Receipt", contact="email", outcome="delivered") == 1


def test_what_is_no_receipt_is_counted_and_the_others_are_read(desk: Desk) -> None:
    event = sample("text_invalid")
    stranger = {"eventType": "TEXT_INVALID", "words": "who is +12025550101"}
    event["Records"] = [{"Sns": {"Message": json.dumps(stranger)}}, {"Sns": {"Message": "words"}}, *event["Records"]]

    assert app.handler(event, CONTEXT)["failed"] == 1
    assert desk.metrics.total("ReceiptUnreadable") == 2
    assert "destinationPhoneNumber" in desk.log.getvalue()
    assert "+1202" not in desk.log.getvalue()


def test_what_fails_is_raised_after_the_metrics_were_written(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "pagers", lambda _: Broken(Unavailable("down")))

    with pytest.raises(ExceptionGroup):
        app.handler(sample("text_invalid"), CONTEXT)

    assert desk.metrics.flushes == 1
