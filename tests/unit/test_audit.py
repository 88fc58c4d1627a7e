"""What the audit calls wrong, sentence by sentence; and what the timer does about it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from functions.audit_questions import app
from functions.audit_questions.app import LEAVE_MS, PAGES, PAUSE, audit_questions, pace
from switchboard import settings, wiring
from switchboard.domain.audit import GRACE, Entry, Flaw, Stored, Wake, defects, overdue, suspicious, wants_place
from switchboard.domain.pager import Pager
from switchboard.domain.question import Answer, AnswerState, Change, Conversation, Question, QuestionState, Step
from switchboard.errors import Misconfigured, Unavailable
from switchboard.ports import AuditPage
from tests.fakes.automation import FakeAutomation
from tests.fakes.hospital import NOON, config
from tests.fakes.metrics import FakeMetrics
from tests.fakes.pagers import FakePagers
from tests.fakes.texts import FakeMail

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ID = "K7QDAAAAAAAAAAAAAAAAAAAAAA"
CONFIG = config()
QUESTION = Question(
    question_id=ID,
    channel="facebook",
    platform="facebook",
    kind="comment",
    thread_id="t1",
    author_id="a1",
    state=QuestionState.OPEN,
    team="social",
    steps=(Step(alert="primary", wait=HOUR / 4), Step(alert="secondary", wait=3 * HOUR)),
    opened_at=NOON,
    last_message_at=NOON,
    next_action_at=NOON + HOUR,
    version=7,
)
ANSWER = Answer(
    question_id=ID,
    answer_id="A" * 16,
    staff_id="maria",
    text="At nine.",
    in_reply_to="m1",
    state=AnswerState.PENDING,
    created_at=NOON,
    next_action_at=NOON,
)


def entry(item: str, **changes: Any) -> Entry:
    return Entry(**{"partition": ID, "item": item} | changes)


def due(item: str, at: datetime, **changes: Any) -> Entry:
    return entry(item, indexed=True, marked=True, next_action_at=at, **changes)


def judged(question: Question, *, indexed: bool = True) -> tuple[Any, ...]:
    """Return the defects of a conversation that is this question alone."""
    at = question.next_action_at
    seen = entry("question", state=question.state.value, indexed=indexed and at is not None, next_action_at=at)
    stored = Stored(partition=ID, entries=(seen,), conversation=Conversation(question_id=ID, question=question))
    return defects(stored, CONFIG, now=NOON)


@pytest.mark.parametrize("state", [QuestionState.OPEN, QuestionState.CLAIMED, QuestionState.ANSWERING])
@pytest.mark.parametrize("indexed", [True, False])
def test_what_is_unfinished_and_has_no_next_action_is_due_now(state: QuestionState, indexed: bool) -> None:  # noqa: FBT001
    question = replace(QUESTION, state=state, next_action_at=None if indexed else NOON + HOUR)

    (found,) = judged(question, indexed=indexed)

    assert (found.flaw, found.ref) == (Flaw.NO_NEXT_ACTION, "K7QD")
    assert found.reason == f"The question is {state} and had no next action: nobody would have been rung."
    assert isinstance(found.repair, Change)
    assert found.repair.question == replace(question, next_action_at=NOON, version=8)
    (event,) = found.repair.events
    assert (event.kind, event.by, event.detail) == ("repaired", "switchboard", "question: no_next_action")


@pytest.mark.parametrize("state", [one for one in QuestionState if one.value not in {"open", "claimed", "answering"}])
def test_what_is_finished_is_well_unless_it_is_still_due(state: QuestionState) -> None:
    assert judged(replace(QUESTION, state=state, next_action_at=None)) == ()

    (found,) = judged(replace(QUESTION, state=state))

    assert found.flaw is Flaw.STILL_DUE
    assert found.repair.question.next_action_at is None


@pytest.mark.parametrize(
    ("question", "latest"),
    [
        (QUESTION, NOON + 3 * HOUR + DAY),
        (replace(QUESTION, steps=()), NOON + DAY),
        (replace(QUESTION, state=QuestionState.CLAIMED, claimed_until=NOON + 9 * DAY), NOON + 10 * DAY),
        (replace(QUESTION, state=QuestionState.CLAIMED, claimed_until=NOON - DAY), NOON + DAY),
        (replace(QUESTION, state=QuestionState.ANSWERING, claimed_until=None), NOON + DAY),
    ],
)
def test_a_next_action_beyond_any_wait_and_any_claim_is_too_far(question: Question, latest: datetime) -> None:
    assert judged(replace(question, next_action_at=latest)) == ()

    (found,) = judged(replace(question, next_action_at=latest + MINUTE))

    assert (found.flaw, found.repair.question.next_action_at) == (Flaw.TOO_FAR, NOON)


def test_a_wait_of_business_hours_may_last_over_days_that_are_closed() -> None:
    hours = [{"days": ["mon"], "start": "09:00", "end": "10:00"}]
    question = replace(QUESTION, steps=(Step(alert="primary", wait=2 * HOUR, business=True),))
    far = replace(question, next_action_at=NOON + 13 * DAY)  # the second Monday from a Tuesday
    seen = due("question", NOON + 13 * DAY, state="open")
    stored = Stored(partition=ID, entries=(seen,), conversation=Conversation(question_id=ID, question=far))

    assert defects(stored, config(business_hours=hours), now=NOON) == ()
    assert [one.flaw for one in defects(stored, CONFIG, now=NOON)] == [Flaw.TOO_FAR]


def test_a_claim_without_an_end_in_sight_ends_now() -> None:
    question = replace(QUESTION, state=QuestionState.CLAIMED, owner="maria", claimed_until=NOON + 31 * DAY)
    assert judged(question) == ()

    (found,) = judged(replace(question, claimed_until=NOON + 31 * DAY + MINUTE, remind_at=NOON + DAY))

    assert found.flaw is Flaw.TOO_FAR
    after = found.repair.question
    assert (after.claimed_until, after.remind_at, after.next_action_at) == (NOON, None, NOON)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (entry("question", state="opne"), True),
        (entry("question"), True),
        (entry("question", state="closed", marked=True), False),
        (due("question", NOON + DAY, state="open"), False),
        (due("question", NOON - DAY, state="open"), False),
        (due("message#m1", NOON + GRACE), False),
        (due("message#m1", NOON + GRACE + MINUTE), True),
        (entry("message#m1", marked=True), True),
        (entry("message#m1", marked=True, aside=True), False),
        (entry("message#m1", filed=False, received_at=NOON - HOUR), True),
        (entry("message#m1", filed=False, received_at=NOON - GRACE), False),
        (entry("message#m1", filed=False, received_at=NOON - DAY), False),
        (entry("message#m1", filed=True, received_at=NOON - HOUR), False),
        (entry("message#m1", received_at=NOON - HOUR), False),
        (entry("change#m1#edited#x"), True),
        (entry("change#m1#edited#x", aside=True), False),
        (entry("answer#a", state="pending"), True),
        (entry("answer#a", state="sending"), True),
        (entry("answer#a", state="sent"), False),
        (entry("answer#a", state="lost"), True),
        (due("answer#a", NOON, state="failed"), True),
        (due("answer#a", NOON, state="sending"), False),
        (entry("pager"), False),
        (due("pager", NOON), False),
        (entry("pager", spoilt=True, marked=True), True),
        (entry("question", state="closed", spoilt=True, marked=True), True),
        (entry("pager", holds=True), True),
        (due("pager", NOON, holds=True), False),
        (due("pager", NOON + DAY + MINUTE, holds=True), True),
        (entry("alert#0001#maria#sms", state="sending"), False),
        (entry("event#x"), False),
        (entry("place"), False),
        (entry("cursor"), False),
    ],
)
def test_what_is_worth_a_closer_look(seen: Entry, expected: bool) -> None:  # noqa: FBT001
    assert suspicious(seen, NOON) is expected


def test_only_a_message_that_looks_taken_in_is_looked_up_by_its_place() -> None:
    taken = entry("message#m1", received_at=NOON - HOUR)

    assert wants_place(taken, NOON)
    for other in (
        replace(taken, aside=True),
        replace(taken, marked=True),
        replace(taken, item="change#m1"),
        replace(taken, received_at=None),
    ):
        assert not wants_place(other, NOON)


def test_a_lost_message_is_woken_under_the_version_of_its_question() -> None:
    lost = entry("message#m1", marked=True)
    alone = Stored(partition=ID, entries=(lost,), conversation=Conversation(question_id=ID))
    beside = replace(alone, conversation=Conversation(question_id=ID, question=QUESTION))

    versions = [one.repair.version for stored in (alone, beside) for one in defects(stored, CONFIG, now=NOON)]  # type: ignore[union-attr]

    assert versions == [0, 7]


def test_an_answer_is_repaired_with_its_question_and_without_one_a_person_must_look() -> None:
    seen = entry(f"answer#{'A' * 16}", state="pending")
    stored = Stored(
        partition=ID,
        entries=(seen,),
        conversation=Conversation(question_id=ID, question=QUESTION, answers=(ANSWER,)),
    )

    (found,) = defects(stored, CONFIG, now=NOON + HOUR)
    (orphan,) = defects(
        replace(stored, conversation=Conversation(question_id=ID, answers=(ANSWER,))), CONFIG, now=NOON + HOUR
    )

    assert isinstance(found.repair, Change)
    assert found.repair.answers == (replace(ANSWER, next_action_at=NOON + HOUR),)
    assert found.repair.question == replace(QUESTION, version=8)
    assert (orphan.flaw, orphan.repair) == (Flaw.ORPHAN, None)


def test_no_reason_holds_an_authors_word_or_id() -> None:
    secrets = ("a1", "t1", "At nine.", "m1")
    entries = tuple(
        entry(item, state=state)
        for item, state in (("question", "open"), ("change#m1#x", ""), (f"answer#{'A' * 16}", "pending"))
    )
    found = defects(
        Stored(
            partition=ID,
            entries=entries,
            conversation=Conversation(question_id=ID, question=QUESTION, answers=(ANSWER,)),
        ),
        CONFIG,
        now=NOON,
    ) + defects(Stored(partition=ID, entries=entries), CONFIG, now=NOON)

    assert len(found) == 6
    assert not [one for one in found for secret in secrets if secret in f"{one.reason} {one.ref}"]


def test_the_most_overdue_counts_and_what_waits_for_another_has_an_hour() -> None:
    echo = due("message#m1", NOON, received_at=NOON, waits_for_another=True)
    question = due("question", NOON + 2 * MINUTE, state="open")

    early, none = overdue([echo, question, due("answer#a", NOON + DAY)], now=NOON + 12 * MINUTE)
    late, told = overdue([echo, question], now=NOON + 71 * MINUTE)

    assert (early, none) == (10 * MINUTE, ())
    assert late == 71 * MINUTE
    assert [(one.item, one.flaw) for one in told] == [("message#m1", Flaw.OVERDUE), ("question", Flaw.OVERDUE)]
    assert told[0].reason == "The message has been due for 71 minutes: no sweep does it."


# --- the timer


class OneTable:
    """`ports.AuditedTable` of *pages* in memory, whose partitions all lost their pager's next action."""

    def __init__(self, *pages: Sequence[Entry], late: Sequence[Entry] = ()) -> None:
        self.pages = list(pages) or [()]
        self.late = late
        self.at = ""
        self.kept: list[str] = []
        self.down: set[str] = set()

    def cursor(self) -> str:
        return self.at

    def keep(self, cursor: str) -> None:
        self.at = cursor
        self.kept.append(cursor)

    def page(self, cursor: str, *, now: datetime) -> AuditPage:
        number = int(cursor or 0)
        return AuditPage(entries=self.pages[number], after=str(number + 1) if number + 1 < len(self.pages) else "")

    def look(self, partition: str, *, now: datetime) -> Stored:
        if partition in self.down:
            raise Unavailable("throttled")
        pager = self.pagers.load([partition.removeprefix("pager#")])[partition.removeprefix("pager#")]
        seen = replace(entry("pager", holds=True), partition=partition, indexed=pager.next_action_at is not None)
        return Stored(partition=partition, entries=(replace(seen, next_action_at=pager.next_action_at),), pager=pager)

    def due(self, now: datetime) -> Sequence[Entry]:
        return [one for one in self.late if one.next_action_at is not None and one.next_action_at <= now]

    def wake(self, wake: Wake) -> None:
        raise NotImplementedError

    pagers: FakePagers


class Watch:
    """All that `audit_questions` needs."""

    def __init__(self, table: OneTable) -> None:
        self.table, self.pagers = table, FakePagers()
        table.pagers = self.pagers
        self.mail, self.metrics = FakeMail(), FakeMetrics()
        self.automation = FakeAutomation(config(admins=["maria"]))

    def run(self, *, goes_on: Any = lambda: True, now: datetime = NOON) -> dict[str, int]:
        return audit_questions(
            table=self.table,
            questions=None,  # type: ignore[arg-type]
            pagers=self.pagers,
            automation=self.automation,
            mail=self.mail,
            metrics=self.metrics,
            now=now,
            goes_on=goes_on,
        )


def lost(*staff_ids: str) -> list[Entry]:
    return [replace(entry("pager", holds=True), partition=f"pager#{one}") for one in staff_ids]


def test_a_table_that_is_well_beats_and_tells_nobody() -> None:
    watch = Watch(OneTable([entry("event#x")]))

    assert watch.run() == {"looked": 1, "repaired": 0, "left": 0, "late": 0, "complete": 1}
    assert watch.metrics.counted == [("AuditHeartbeat", 1, {}), ("OldestDueSeconds", 0, {})]
    assert (watch.mail.sent, watch.table.kept) == ([], [])


def test_what_was_repaired_is_counted_and_told_to_the_admins_by_ref_and_reason() -> None:
    watch = Watch(OneTable(lost("james", "chen", "james")))

    assert watch.run()["repaired"] == 2

    assert watch.metrics.total("QuestionRepaired") == 2
    assert watch.pagers.due(NOON) == ["chen", "james"]
    ((to, subject, text),) = watch.mail.sent
    assert (to, subject) == ("maria@example.org", "Mercy Social: 2 times something waited for nobody, and was repaired")
    assert "- pager#james: A pager had no next action in time" in text


def test_when_hundreds_are_repaired_the_mail_stays_readable() -> None:
    watch = Watch(OneTable(lost(*(f"p{number}" for number in range(120)))))

    watch.run()

    text = watch.mail.sent[0][2]
    assert (text.count("- pager#"), "- and 70 more" in text) == (50, True)


def test_a_run_goes_on_where_the_last_stopped_and_then_begins_anew() -> None:
    watch = Watch(OneTable(lost("james"), lost("chen"), ()))

    assert watch.run(goes_on=lambda: False)["complete"] == 0
    assert (watch.table.kept, watch.pagers.due(NOON)) == (["1"], ["james"])
    assert watch.run()["complete"] == 1
    assert (watch.table.kept, watch.pagers.due(NOON)) == (["1", ""], ["chen", "james"])


def test_one_that_cannot_be_looked_at_does_not_keep_the_others_from_being_repaired_and_told() -> None:
    watch = Watch(OneTable(lost("james", "chen")))
    watch.table.down = {"pager#james"}

    with pytest.raises(ExceptionGroup, match="could not be audited"):
        watch.run()

    assert watch.pagers.due(NOON) == ["chen"]
    assert (len(watch.mail.sent), watch.metrics.total("AuditHeartbeat")) == (1, 1)


def test_a_mail_that_fails_leaves_the_alarm() -> None:
    watch = Watch(OneTable(lost("james")))
    watch.mail.failures["maria@example.org"] = [Unavailable("SES")]

    assert watch.run()["repaired"] == 1
    assert watch.metrics.total("QuestionRepaired") == 1


def test_what_is_overdue_is_measured_and_what_cannot_be_repaired_is_counted() -> None:
    watch = Watch(OneTable([entry("pager", holds=True)], late=[due("question", NOON, state="open")]))
    unreadable = Stored(partition=ID, entries=(entry("pager", holds=True),))
    watch.table.look = lambda _, now: unreadable  # type: ignore[method-assign,assignment,misc] # noqa: ARG005

    counts = watch.run(now=NOON + HOUR)

    assert (counts["late"], counts["left"], counts["repaired"]) == (1, 1, 0)
    assert watch.metrics.total("OldestDueSeconds") == 3600
    assert watch.metrics.total("QuestionUnrepaired", flaw="unreadable") == 1
    assert watch.mail.sent == []


def test_a_run_keeps_its_pace_and_leaves_time() -> None:
    waited: list[float] = []

    in_time, late = pace(lambda: LEAVE_MS + 1, waited.append), pace(lambda: LEAVE_MS, waited.append)

    assert [in_time() for _ in range(PAGES)] == [True] * (PAGES - 1) + [False]
    assert late() is False
    assert set(waited) == {PAUSE}


def test_the_handler_audits_with_what_is_wired(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch(OneTable(lost("james")))
    event = json.loads((Path(__file__).parents[2] / "events" / "audit_questions.json").read_text())
    sms = {"sms_provider": "sns", "sms_origination": "none"}
    found = SimpleNamespace(questions_table="q", sender_email="social@example.org", receipts_set="r", **sms)
    monkeypatch.setattr(settings.AuditQuestions, "read", lambda: found)
    ports = {"audited_table": watch.table, "questions": None, "pagers": watch.pagers, "automation": watch.automation}
    nobody = SimpleNamespace(opted_out_phones=set)
    for name, port in (ports | {"mail": watch.mail, "metrics": watch.metrics, "opt_outs": nobody}).items():
        monkeypatch.setattr(wiring, name, lambda *_, port=port: port)
    context: Any = SimpleNamespace(get_remaining_time_in_millis=lambda: 100_000)

    assert app.handler(event, context)["repaired"] == 1
    assert watch.metrics.flushes == 1
    watch.automation.config = watch.automation.last_good = None
    with pytest.raises(Misconfigured):
        app.handler(event, context)
    assert watch.metrics.flushes == 2


def test_a_pager_without_anything_wrong_gives_nothing() -> None:
    stored = Stored(partition="pager#maria", entries=(entry("pager"),), pager=Pager(staff_id="maria"))

    assert defects(stored, CONFIG, now=NOON) == ()
