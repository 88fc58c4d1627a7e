"""`ports.Replies`, the same for the fake, for Facebook comments and for Messenger, both over HTTP."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from simulators.graph import PAGE, GraphSimulator
from switchboard.domain.question import Answer, AnswerState, Conversation, Question, QuestionState
from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, Unavailable
from switchboard.platforms.facebook import FacebookReplies
from switchboard.platforms.graph import Graph
from switchboard.platforms.messenger import MessengerReplies
from switchboard.ports import Channel, ChannelSecret
from tests.fakes.hospital import NOON
from tests.fakes.replies import Clock, FakeReplies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from switchboard.ports import Replies

SECRET = ChannelSecret(access_token=PAGE.token)
CHANNEL = Channel(name="facebook", platform="facebook", account_id=PAGE.id)
COMMENT = "555_777"
PSID = "8001"


def question(kind: str = "comment") -> Question:
    return Question(
        question_id="Q",
        channel="facebook",
        platform="facebook",
        kind=kind,
        thread_id=COMMENT,
        author_id=PSID,
        state=QuestionState.ANSWERING,
        opened_at=NOON,
        last_message_at=NOON,
    )


def conversation(*answers: Answer, kind: str = "comment") -> Conversation:
    return Conversation(question_id="Q", question=question(kind), answers=answers)


def answer(number: int = 1, text: str = "From nine to five.", **changes: Any) -> Answer:
    return Answer(
        **{
            "question_id": "Q",
            "answer_id": f"answer-{number}",
            "staff_id": "maria",
            "text": text,
            "in_reply_to": COMMENT,
            "state": AnswerState.SENDING,
            "created_at": NOON,
            "attempts": 1,
            "attempted_at": NOON,
        }
        | changes
    )


@dataclass
class Platform:
    """One platform under test, and how to make it fail."""

    port: Replies
    clock: Clock
    graph: GraphSimulator | None = None

    def reply(self, sent: Answer) -> str:
        return self.port.reply(conversation(sent), sent, CHANNEL, SECRET)

    def find(self, sent: Answer, *others: Answer) -> str | None:
        return self.port.find_reply(conversation(sent, *others), sent, CHANNEL, SECRET)

    def texts(self) -> list[str]:
        if isinstance(self.port, FakeReplies):
            return [said.text for said in self.port.said]
        assert self.graph is not None
        return [said.message for said in self.graph.answers] + [said.text for said in self.graph.messages]

    def lose_an_answer(self, *, performed: bool) -> None:
        if isinstance(self.port, FakeReplies):
            self.port.failures.append((OutcomeUnknown("no answer"), performed))
        else:
            assert self.graph is not None
            self.graph.fail(method="POST", timeout=0.01, performed=performed)

    def refuse(self, code: int, error: Exception, subcode: int | None = None) -> None:
        if isinstance(self.port, FakeReplies):
            self.port.failures.append((error, False))
        else:
            assert self.graph is not None
            self.graph.fail(method="POST", error=code, subcode=subcode)


@pytest.fixture(params=["fake", "facebook", "messenger"])
def platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    clock = Clock()
    if request.param == "fake":
        yield Platform(FakeReplies(clock), clock)
        return
    with GraphSimulator(now=clock) as graph:
        client = Graph(f"{graph.url}/v23.0")
        port = FacebookReplies(client) if request.param == "facebook" else MessengerReplies(client)
        graph.receive_message(PSID)
        graph.seed_comment(COMMENT)
        yield Platform(port, clock, graph)


def test_an_answer_arrives_and_is_found_under_the_id_it_was_given(platform: Platform) -> None:
    platform_id = platform.reply(answer())

    assert platform.texts() == ["From nine to five."]
    assert platform.find(answer()) == platform_id


def test_what_was_never_sent_is_not_found(platform: Platform) -> None:
    platform.reply(answer(2, "Something else."))

    assert platform.find(answer()) is None


def test_a_lost_answer_is_an_unknown_outcome_and_is_found_when_it_arrived(platform: Platform) -> None:
    platform.lose_an_answer(performed=True)

    with pytest.raises(OutcomeUnknown):
        platform.reply(answer())

    assert platform.texts() == ["From nine to five."]
    assert platform.find(answer()) is not None


def test_a_lost_answer_that_never_arrived_is_not_found(platform: Platform) -> None:
    platform.lose_an_answer(performed=False)

    with pytest.raises(OutcomeUnknown):
        platform.reply(answer())

    assert platform.find(answer()) is None


def test_the_same_text_sent_earlier_is_another_answer(platform: Platform) -> None:
    platform.reply(answer())
    later = platform.clock.advance(minutes=2)

    assert platform.find(answer(2, attempted_at=later)) is None


def test_the_same_text_sent_just_before_is_told_apart_by_its_id(platform: Platform) -> None:
    first = replace(answer(), platform_id=platform.reply(answer()), state=AnswerState.SENT)
    later = platform.clock.advance(seconds=20)
    second = answer(2, attempted_at=later)
    assert platform.find(second, first) is None

    platform_id = platform.reply(second)

    assert platform.find(second, first) == platform_id != first.platform_id


def test_a_clock_that_is_half_a_minute_behind_does_not_hide_an_answer(platform: Platform) -> None:
    platform.clock.advance(seconds=-30)
    platform_id = platform.reply(answer())

    assert platform.find(answer()) == platform_id


def test_what_the_platform_takes_never_is_rejected(platform: Platform) -> None:
    platform.refuse(368, Rejected("blocked"))

    with pytest.raises(Rejected):
        platform.reply(answer())

    assert platform.texts() == []


def test_a_dead_token_needs_a_person(platform: Platform) -> None:
    platform.refuse(190, Misconfigured("connect the Page again"))

    with pytest.raises(Misconfigured):
        platform.reply(answer())


def test_a_rate_limit_says_how_long_to_wait(platform: Platform) -> None:
    platform.refuse(80001, Unavailable("wait", retry_after=60))

    with pytest.raises(Unavailable) as caught:
        platform.reply(answer())

    assert caught.value.retry_after == 60


@pytest.fixture
def graph() -> Iterator[GraphSimulator]:
    with GraphSimulator(now=Clock()) as simulator:
        yield simulator


def test_a_deleted_comment_is_rejected_with_a_reason_and_holds_no_answer(graph: GraphSimulator) -> None:
    graph.seed_comment(COMMENT)
    graph.delete(COMMENT)
    port = FacebookReplies(Graph(f"{graph.url}/v23.0"))

    with pytest.raises(Rejected) as caught:
        port.reply(conversation(), answer(), CHANNEL, SECRET)

    assert caught.value.reason == "deleted"
    assert port.find_reply(conversation(), answer(), CHANNEL, SECRET) is None


def test_a_review_is_not_answered_from_here(graph: GraphSimulator) -> None:
    with pytest.raises(Rejected):
        FacebookReplies(Graph(f"{graph.url}/v23.0")).reply(conversation(kind="review"), answer(), CHANNEL, SECRET)

    assert graph.requests == []


def test_an_answer_to_a_mention_goes_under_its_post(graph: GraphSimulator) -> None:
    mention = answer(in_reply_to="900100_900200")
    port = FacebookReplies(Graph(f"{graph.url}/v23.0"))

    platform_id = port.reply(conversation(kind="mention"), mention, CHANNEL, SECRET)

    assert graph.answers[0].parent_id == "900100_900200"
    assert port.find_reply(conversation(kind="mention"), mention, CHANNEL, SECRET) == platform_id


def test_the_same_text_of_somebody_else_or_to_somebody_else_is_not_our_answer(graph: GraphSimulator) -> None:
    graph.seed_comment(COMMENT)
    graph.seed_comment("555_778", "And on Sundays?", parent_id=COMMENT)
    graph.seed_comment("555_779", "From nine to five.", parent_id=COMMENT)
    port = FacebookReplies(Graph(f"{graph.url}/v23.0"))
    port.reply(conversation(), answer(in_reply_to="555_778"), CHANNEL, SECRET)

    assert port.find_reply(conversation(), answer(), CHANNEL, SECRET) is None


def test_an_answer_is_found_behind_many_newer_comments(graph: GraphSimulator) -> None:
    graph.seed_comment(COMMENT)
    port = FacebookReplies(Graph(f"{graph.url}/v23.0"))
    platform_id = port.reply(conversation(), answer(), CHANNEL, SECRET)
    for number in range(250):
        graph.seed_comment(f"555_{1000 + number}", parent_id=COMMENT, created_time=NOON + timedelta(minutes=1))

    assert port.find_reply(conversation(), answer(), CHANNEL, SECRET) == platform_id


def test_more_comments_than_can_be_looked_through_leave_it_open(graph: GraphSimulator) -> None:
    graph.seed_comment(COMMENT)
    for number in range(1001):
        graph.seed_comment(f"555_{1000 + number}", parent_id=COMMENT)

    with pytest.raises(Unavailable):
        FacebookReplies(Graph(f"{graph.url}/v23.0")).find_reply(conversation(), answer(), CHANNEL, SECRET)


def test_a_closed_window_is_rejected_with_a_reason(graph: GraphSimulator) -> None:
    graph.receive_message(PSID)
    graph.advance(timedelta(hours=25))

    with pytest.raises(Rejected) as caught:
        MessengerReplies(Graph(f"{graph.url}/v23.0")).reply(conversation(), answer(), CHANNEL, SECRET)

    assert caught.value.reason == "window_closed"
