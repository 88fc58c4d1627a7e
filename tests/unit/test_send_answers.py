"""An answer reaches the platform once, whatever happens on its way. The platform is the simulator, without sockets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from functions.send_answers.app import send_answers
from simulators.graph import PAGE, GraphSimulator
from switchboard.domain.handling import answer as write
from switchboard.domain.handling import claim
from switchboard.domain.intake import take_in
from switchboard.domain.message import question_id_of
from switchboard.domain.question import Answer, AnswerState, Change, Question, QuestionState
from switchboard.errors import Unavailable
from switchboard.platforms.facebook import FacebookReplies
from switchboard.platforms.graph import Graph
from switchboard.platforms.messenger import MessengerReplies
from tests.fakes.automation import FakeAutomation
from tests.fakes.hospital import NOON, config, message
from tests.fakes.metrics import FakeMetrics
from tests.fakes.questions import FakeQuestions
from tests.fakes.replies import Clock, Direct, FakeSecrets
from tests.faults.injection import Killed

if TYPE_CHECKING:
    from collections.abc import Callable

COMMENT = "555_777"
PSID = "8001"
TEXT = "From nine to five."


class Hospital:
    """One question that Maria has answered, and everything that `send_answers` needs to deliver it."""

    def __init__(self, platform: str = "facebook") -> None:
        self.clock = Clock()
        self.graph = GraphSimulator(now=self.clock)
        client = Graph("http://graph.test/v23.0", transport=Direct(self.graph))
        self.replies: dict[str, Any] = {"facebook": FacebookReplies(client), "messenger": MessengerReplies(client)}
        self.questions: Any = FakeQuestions()
        self.secrets: Any = FakeSecrets()
        self.automation: Any = FakeAutomation(config())
        self.metrics = FakeMetrics()
        kind = "direct_message" if platform == "messenger" else "comment"
        thread = PSID if platform == "messenger" else COMMENT
        self.id = question_id_of("facebook", thread)
        self.store = self.questions
        self.arrive(COMMENT, platform=platform, kind=kind, thread_id=thread, author_id=PSID)
        if platform == "messenger":
            self.graph.receive_message(PSID, message_id=COMMENT)
        else:
            self.graph.seed_comment(COMMENT)
        self.answer(TEXT)

    def arrive(self, message_id: str, **changes: Any) -> None:
        now = self.clock()
        self.store.put([message(1, **{"message_id": message_id, "received_at": now, "sent_at": now} | changes)])
        change = take_in(self.store.load(self.id), config(), now=now)
        assert change is not None
        self.store.commit(change)

    def answer(self, text: str) -> str:
        conversation = self.store.load(self.id)
        answer_id = f"answer-number-{len(conversation.answers) + 1:04}"
        reply_to = conversation.messages[-1].message_id
        change = write(
            conversation,
            "maria",
            text=text,
            answer_id=answer_id,
            in_reply_to=reply_to,
            now=self.clock.advance(seconds=1),
        )
        assert isinstance(change, Change), change
        self.store.commit(change)
        return answer_id

    def run(self, *ids: str) -> dict[str, int]:
        return send_answers(
            ids or self.store.due_answers(self.clock()),
            questions=self.questions,
            replies=self.replies,
            secrets=self.secrets,
            automation=self.automation,
            metrics=self.metrics,
            now=self.clock(),
        )

    def sweep(self, minutes: int) -> None:
        """Run once a minute."""
        for _ in range(minutes):
            self.clock.advance(minutes=1)
            self.run()

    @property
    def there(self) -> list[str]:
        return [said.message for said in self.graph.answers] + [said.text for said in self.graph.messages]

    @property
    def question(self) -> Question:
        question: Question | None = self.store.load(self.id).question
        assert question is not None
        return question

    @property
    def sent(self) -> Answer:
        answer: Answer = self.store.load(self.id).answers[-1]
        return answer

    @property
    def trail(self) -> list[str]:
        return [event.kind for event in self.store.load(self.id).events]


@pytest.fixture(params=["facebook", "messenger"])
def hospital(request: pytest.FixtureRequest) -> Hospital:
    return Hospital(request.param)


@pytest.fixture
def facebook() -> Hospital:
    return Hospital()


def test_an_answer_is_delivered_and_the_question_answered(hospital: Hospital) -> None:
    counts = hospital.run(hospital.id)

    assert counts == {"sent": 1, "failed": 0, "left": 0}
    assert hospital.there == [TEXT]
    assert (hospital.sent.state, hospital.sent.sent_at, hospital.sent.next_action_at) == (
        AnswerState.SENT,
        hospital.clock(),
        None,
    )
    assert hospital.sent.platform_id
    assert (hospital.question.state, hospital.question.next_action_at) == (QuestionState.ANSWERED, None)
    assert hospital.trail[-1] == "answer_sent"
    assert hospital.metrics.total("Answer", outcome="delivered", channel="facebook") == 1


def test_an_answer_that_was_delivered_is_not_due_any_more(hospital: Hospital) -> None:
    hospital.run()

    assert hospital.store.due_answers(hospital.clock() + timedelta(days=30)) == []
    assert hospital.run(hospital.id, hospital.id) == {"sent": 0, "failed": 0, "left": 0}
    assert hospital.there == [TEXT]


def test_the_intent_is_stored_before_anything_is_sent(facebook: Hospital) -> None:
    seen: list[tuple[AnswerState, int]] = []
    port = facebook.replies["facebook"]

    class Looking:
        def reply(self, *args: Any) -> str:
            seen.append((facebook.sent.state, facebook.sent.attempts))
            assert facebook.sent.next_action_at == facebook.clock() + timedelta(minutes=2)
            platform_id: str = port.reply(*args)
            return platform_id

    facebook.replies["facebook"] = Looking()
    facebook.run()

    assert seen == [(AnswerState.SENDING, 1)]


@pytest.mark.parametrize("performed", [True, False])
def test_a_timeout_is_looked_up_before_it_is_sent_again(hospital: Hospital, *, performed: bool) -> None:
    hospital.graph.fail(method="POST", timeout=0.001, performed=performed)
    hospital.run()
    assert hospital.sent.state is AnswerState.SENDING
    requests = len(hospital.graph.requests)

    hospital.sweep(1)
    assert len(hospital.graph.requests) == requests  # two minutes are not over

    hospital.sweep(2)
    assert hospital.graph.requests[requests]["method"] == "GET"
    assert hospital.there == [TEXT]
    assert hospital.sent.state is AnswerState.SENT
    assert hospital.question.state is QuestionState.ANSWERED


@pytest.mark.parametrize("code", [1, 2])
def test_a_passing_failure_that_was_carried_out_all_the_same_is_not_sent_again(hospital: Hospital, code: int) -> None:
    hospital.graph.fail(method="POST", error=code, performed=True)
    hospital.run()

    hospital.sweep(3)

    assert hospital.there == [TEXT]
    assert hospital.sent.state is AnswerState.SENT


def test_a_known_failure_is_tried_again_after_30_seconds_1_2_5_and_10_minutes(facebook: Hospital) -> None:
    facebook.graph.fail(method="POST", error=4, times=None)
    waits = []
    for _ in range(7):
        facebook.run()
        assert facebook.sent.state is AnswerState.PENDING
        assert facebook.sent.next_action_at is not None
        waits.append((facebook.sent.next_action_at - facebook.clock()).total_seconds())
        facebook.clock.now = facebook.sent.next_action_at

    assert waits == [30, 60, 120, 300, 600, 600, 600]


def test_the_time_that_the_platform_asks_for_is_waited(facebook: Hospital) -> None:
    facebook.graph.fail(method="POST", error=80001, regain_minutes=7)
    facebook.run()

    assert facebook.sent.next_action_at == facebook.clock() + timedelta(minutes=7)

    facebook.sweep(8)
    assert facebook.there == [TEXT]


def test_an_answer_to_what_was_deleted_fails_and_rings_its_writer_again(facebook: Hospital) -> None:
    facebook.graph.delete(COMMENT)

    counts = facebook.run()

    assert counts["failed"] == 1
    assert (facebook.sent.state, facebook.sent.next_action_at) == (AnswerState.FAILED, None)
    assert "deleted" in facebook.sent.failure
    question = facebook.question
    assert (question.state, question.handed_to, question.owner) == (QuestionState.OPEN, "maria", "")
    assert question.next_action_at == facebook.clock()
    assert facebook.trail[-1] == "answer_failed"


def test_a_closed_window_fails_with_a_sentence_for_people() -> None:
    hospital = Hospital("messenger")
    hospital.clock.advance(hours=23, minutes=59)
    hospital.graph.advance(timedelta(minutes=5))

    hospital.run()

    assert hospital.sent.state is AnswerState.FAILED
    assert "24 hours" in hospital.sent.failure


def test_a_failed_answer_can_be_followed_by_another(facebook: Hospital) -> None:
    facebook.graph.fail(method="POST", error=368)
    facebook.run()
    facebook.clock.advance(minutes=1)

    facebook.answer("Nine to five, every day.")
    facebook.run()

    assert facebook.there == ["Nine to five, every day."]
    assert facebook.question.state is QuestionState.ANSWERED


def test_a_dead_token_keeps_the_answer_and_alarms(hospital: Hospital) -> None:
    hospital.graph.kill_token()
    hospital.run()

    assert hospital.sent.state is AnswerState.PENDING
    assert hospital.sent.next_action_at == hospital.clock() + timedelta(minutes=10)
    assert hospital.metrics.total("TokenDead", channel="facebook") == 1

    hospital.graph.revive_token()
    hospital.sweep(11)
    assert hospital.there == [TEXT]


def test_a_channel_that_left_the_config_keeps_the_answer(facebook: Hospital) -> None:
    channels = {"website": {"platform": "web_form"}}
    facebook.automation = FakeAutomation(config(channels=channels))
    facebook.run()
    assert facebook.sent.state is AnswerState.PENDING

    facebook.automation = FakeAutomation(config())
    facebook.sweep(11)

    assert facebook.there == [TEXT]


def test_a_platform_without_answers_says_so(facebook: Hospital) -> None:
    facebook.replies = {}

    facebook.run()

    assert facebook.sent.state is AnswerState.FAILED
    assert "facebook" in facebook.sent.failure


def test_after_a_day_an_answer_is_given_back_to_a_person(facebook: Hospital) -> None:
    facebook.graph.fail(method="POST", error=4, times=None)
    facebook.run()
    facebook.clock.advance(hours=24)

    facebook.run()

    assert facebook.sent.state is AnswerState.FAILED
    assert "24 hours" in facebook.sent.failure
    assert facebook.question.state is QuestionState.OPEN
    assert facebook.there == []


def test_what_may_have_arrived_and_cannot_be_looked_up_for_a_day_says_so(facebook: Hospital) -> None:
    facebook.graph.fail(method="POST", timeout=0.001, performed=True)
    facebook.run()
    facebook.graph.fail(method="GET", status=502, times=None)
    facebook.sweep(5)
    assert facebook.sent.state is AnswerState.SENDING

    facebook.clock.advance(hours=24)
    facebook.run()

    assert facebook.sent.state is AnswerState.FAILED
    assert facebook.sent.failure.startswith("It may have arrived")
    assert facebook.there == [TEXT]


def test_a_look_up_that_fails_is_not_taken_for_an_answer_that_is_missing(hospital: Hospital) -> None:
    hospital.graph.fail(method="POST", timeout=0.001, performed=True)
    hospital.graph.fail(method="GET", status=502, times=3)
    hospital.run()

    hospital.sweep(30)

    assert hospital.there == [TEXT]
    assert hospital.sent.state is AnswerState.SENT


def test_the_same_text_sent_again_on_purpose_is_two_answers(hospital: Hospital) -> None:
    hospital.run()
    hospital.arrive("m-2", thread_id=hospital.question.thread_id, author_id=PSID, platform=hospital.question.platform)
    hospital.answer(TEXT)
    hospital.graph.fail(method="POST", timeout=0.001, performed=False)

    hospital.run()
    hospital.sweep(4)

    assert hospital.there == [TEXT, TEXT]
    first, second = hospital.store.load(hospital.id).answers
    assert first.platform_id != second.platform_id


def test_who_wrote_more_meanwhile_keeps_the_question_with_its_owner(facebook: Hospital) -> None:
    facebook.clock.advance(seconds=1)
    facebook.arrive("555_888", text="And what about Sundays?", thread_id=COMMENT, author_id=PSID)

    facebook.run()

    question = facebook.question
    assert facebook.sent.state is AnswerState.SENT
    assert (question.state, question.owner) == (QuestionState.CLAIMED, "maria")
    assert question.next_action_at == facebook.clock()
    assert question.unseen


def test_a_message_not_yet_taken_in_keeps_the_question_too(facebook: Hospital) -> None:
    arrived = facebook.clock.advance(seconds=1)
    more = message(2, "And on Sundays?", thread_id=COMMENT, author_id=PSID, sent_at=arrived, received_at=arrived)
    facebook.store.put([more])

    facebook.run()

    question = facebook.question
    assert question.state is QuestionState.CLAIMED
    assert question.next_action_at == question.claimed_until == facebook.clock() + timedelta(hours=4)


def test_an_answer_that_is_delivered_late_does_not_take_the_question_from_who_claimed_it(facebook: Hospital) -> None:
    facebook.graph.fail(method="POST", timeout=0.001, performed=False)
    facebook.run()
    removed = replace(facebook.question, state=QuestionState.CLOSED, next_action_at=None)
    facebook.store.commit(Change(question=replace(removed, version=removed.version + 1)))

    facebook.sweep(3)

    assert facebook.sent.state is AnswerState.SENT
    assert facebook.question.state is QuestionState.CLOSED


def test_of_two_processes_at_once_one_sends(facebook: Hospital) -> None:
    others: list[dict[str, int]] = []
    facebook.store.before_commit.append(lambda: others.append(facebook.run(facebook.id)))

    mine = facebook.run(facebook.id)

    assert facebook.there == [TEXT]
    assert (mine["sent"], others[0]["sent"]) == (0, 1)


def test_a_change_of_the_question_while_it_is_sent_does_not_lose_the_outcome(facebook: Hospital) -> None:
    def touch() -> None:
        question = facebook.question
        facebook.store.commit(Change(question=replace(question, version=question.version + 1)))

    facebook.store.before_commit += [lambda: None, touch, lambda: None]

    facebook.run()

    assert facebook.there == [TEXT]
    assert facebook.sent.state is AnswerState.SENT


def test_one_answer_that_fails_does_not_keep_the_others_waiting(facebook: Hospital) -> None:
    class Broken:
        def __getattr__(self, name: str) -> Any:
            return getattr(facebook.store, name)

        def load(self, question_id: str) -> Any:
            if question_id == "broken":
                raise Unavailable("the table does not answer")
            return facebook.store.load(question_id)

    facebook.questions = Broken()

    with pytest.raises(ExceptionGroup):
        facebook.run("broken", facebook.id)

    assert facebook.there == [TEXT]


@pytest.mark.parametrize("jump", [timedelta(minutes=-3), timedelta(hours=1), timedelta(hours=23)])
def test_a_clock_that_jumps_sends_once(hospital: Hospital, jump: timedelta) -> None:
    hospital.graph.fail(method="POST", timeout=0.001, performed=True)
    hospital.run()
    hospital.clock.advance(seconds=jump.total_seconds())
    hospital.run(hospital.id)
    hospital.run(hospital.id)

    hospital.clock.now = max(hospital.clock.now, NOON)
    hospital.sweep(10)

    assert hospital.there == [TEXT]
    assert hospital.sent.state is AnswerState.SENT


class Dying:
    """A port that ends the process at one call: before it, or after it was carried out."""

    def __init__(self, port: Any, calls: Callable[[], int], at: int, *, after: bool) -> None:
        self._port, self._calls, self._at, self._after = port, calls, at, after

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            dies = self._calls() == self._at
            if dies and not self._after:
                raise Killed(name)
            result = method(*args, **kwargs)
            if dies:
                raise Killed(name)
            return result

        return call


def killed_at(hospital: Hospital, at: int, *, after: bool) -> bool:
    """Run once and die at outside call number *at*; return False when there are not so many."""
    count = iter(range(1000))
    whole = (hospital.questions, hospital.replies, hospital.secrets, hospital.automation)

    def dying(port: Any) -> Any:
        return Dying(port, lambda: next(count), at, after=after)

    hospital.questions, hospital.secrets, hospital.automation = map(dying, (whole[0], whole[2], whole[3]))
    hospital.replies = {name: dying(port) for name, port in hospital.replies.items()}
    try:
        hospital.run(hospital.id)
    except Killed:
        return True
    finally:
        hospital.questions, hospital.replies, hospital.secrets, hospital.automation = whole
    return False


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("lost", [None, True, False])
def test_a_process_killed_between_any_two_calls_sends_once(*, after: bool, lost: bool | None) -> None:
    """The first run, or the one that looks up a lost outcome, dies at every call there is, before it or after it."""
    for platform in ("facebook", "messenger"):
        for at in range(100):
            hospital = Hospital(platform)
            if lost is not None:
                hospital.graph.fail(method="POST", timeout=0.001, performed=lost)
                hospital.run()
                hospital.clock.advance(minutes=2)
            was_killed = killed_at(hospital, at, after=after)

            hospital.sweep(6)

            assert hospital.there == [TEXT], f"killed at call {at} on {platform}"
            assert hospital.sent.state is AnswerState.SENT
            assert hospital.question.state is QuestionState.ANSWERED
            if not was_killed:
                break
        else:
            pytest.fail("it never ended")
        assert at >= 6


def test_a_claim_in_between_is_kept(facebook: Hospital) -> None:
    refused = claim(facebook.store.load(facebook.id), "james", now=facebook.clock(), lasting=timedelta(hours=1))

    assert not isinstance(refused, Change)  # while an answer is on its way nobody else can have the question


def test_no_time_left_leaves_the_answer_to_the_next_run(facebook: Hospital) -> None:
    counts = send_answers(
        [facebook.id],
        questions=facebook.questions,
        replies=facebook.replies,
        secrets=facebook.secrets,
        automation=facebook.automation,
        metrics=facebook.metrics,
        now=facebook.clock(),
        remaining_ms=lambda: 1000,
    )

    assert counts == {"sent": 0, "failed": 0, "left": 1}
    assert facebook.there == []
    assert facebook.sent.attempts == 0


def test_the_token_and_the_page_are_the_channels(facebook: Hospital) -> None:
    facebook.run()

    assert facebook.graph.answers[0].from_id == PAGE.id
