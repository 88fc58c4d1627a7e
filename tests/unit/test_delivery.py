"""What comes next for an answer and for a post, decided without I/O."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from switchboard.domain.delivery import (
    Action,
    Delivered,
    NotYet,
    Refused,
    Unknown,
    answered,
    backoff,
    given_back,
    next_for_answer,
    next_for_post,
    not_looked_up,
    published,
    publishing,
    sending,
)
from switchboard.domain.post import Post, PostState
from switchboard.domain.question import Answer, AnswerState, Conversation, Question, QuestionState
from tests.fakes.hospital import NOON, message

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

PENDING = Answer(
    question_id="Q",
    answer_id="answer-number-0001",
    staff_id="maria",
    text="From nine to five.",
    in_reply_to="m1",
    state=AnswerState.PENDING,
    created_at=NOON,
    next_action_at=NOON,
)
SENDING = replace(PENDING, state=AnswerState.SENDING, attempts=1, attempted_at=NOON, next_action_at=NOON + 2 * MINUTE)
QUESTION = Question(
    question_id="Q",
    channel="facebook",
    platform="facebook",
    kind="comment",
    thread_id="t1",
    author_id="a1",
    state=QuestionState.ANSWERING,
    owner="maria",
    opened_at=NOON,
    last_message_at=NOON,
    next_action_at=NOON + 10 * MINUTE,
    version=7,
)
TALK = Conversation(
    question_id="Q", question=QUESTION, messages=(message(1, sent_at=NOON, received_at=NOON),), answers=(PENDING,)
)
DUE = Post(post_id="p1", channel="facebook", text="Flu shots.", publish_at=NOON)


def settle(answer: Answer, outcome: Any, talk: Conversation = TALK, *, now: Any = NOON) -> tuple[Question, Answer]:
    assert talk.question is not None
    change = answered(talk, talk.question, answer, outcome, now=now, lasting=4 * HOUR)
    assert change is not None
    assert change.question.version == talk.question.version + 1
    return change.question, change.answers[0]


@pytest.mark.parametrize(
    ("answer", "after", "missing", "action"),
    [
        (PENDING, 0 * SECOND, False, Action.SEND),
        (PENDING, -5 * SECOND, False, Action.SEND),  # the inbox's clock is ahead of ours
        (PENDING, 24 * HOUR, False, Action.GIVE_UP),
        (SENDING, 1 * MINUTE, False, Action.NOTHING),
        (SENDING, 2 * MINUTE, False, Action.LOOK),
        (SENDING, 2 * MINUTE, True, Action.SEND),
        (SENDING, 25 * HOUR, False, Action.LOOK),
        (SENDING, 25 * HOUR, True, Action.GIVE_UP),
        (replace(SENDING, next_action_at=NOON), 1 * MINUTE, True, Action.NOTHING),
        (replace(SENDING, state=AnswerState.PENDING), 2 * MINUTE, False, Action.LOOK),
        (replace(SENDING, state=AnswerState.SENT), 9 * HOUR, False, Action.NOTHING),
        (replace(SENDING, state=AnswerState.FAILED), 9 * HOUR, False, Action.NOTHING),
    ],
)
def test_what_is_next_for_an_answer(answer: Answer, after: timedelta, missing: bool, action: Action) -> None:  # noqa: FBT001 - a parameter
    decision = next_for_answer(answer, now=NOON + after, missing=missing)

    assert decision.action is action
    assert decision.reason.endswith(".")


def test_the_wait_grows_to_ten_minutes() -> None:
    assert [backoff(attempts).total_seconds() for attempts in range(8)] == [30, 30, 60, 120, 300, 600, 600, 600]


def test_the_intent_raises_the_fence_counts_the_attempt_and_is_due_when_it_must_be_looked_up() -> None:
    change = sending(TALK, QUESTION, PENDING, now=NOON)

    assert change.question == replace(QUESTION, version=8)
    assert change.answers == (SENDING,)


def test_a_delivered_answer_finishes_the_question() -> None:
    question, answer = settle(SENDING, Delivered(platform_id="c9"))

    assert (answer.state, answer.platform_id, answer.next_action_at) == (AnswerState.SENT, "c9", None)
    assert (question.state, question.next_action_at, question.claimed_until) == (QuestionState.ANSWERED, None, None)


@pytest.mark.parametrize("unseen", [True, False])
def test_a_newer_message_keeps_the_question_with_its_owner(*, unseen: bool) -> None:
    newer = message(2, received_at=NOON + SECOND)
    talk = replace(TALK, question=replace(QUESTION, unseen=unseen), messages=(*TALK.messages, newer))

    question, _ = settle(SENDING, Delivered(platform_id="c9"), talk)

    assert (question.state, question.owner, question.claimed_until) == (QuestionState.CLAIMED, "maria", NOON + 4 * HOUR)
    assert question.next_action_at == (NOON if unseen else NOON + 4 * HOUR)


def test_a_message_that_was_under_way_when_the_answer_was_written_is_not_lost() -> None:
    """It was received first and taken in afterwards: whoever wrote the answer had not seen it."""
    overtaken = message(2, received_at=NOON - SECOND)
    talk = replace(TALK, question=replace(QUESTION, unseen=True), messages=(*TALK.messages, overtaken))

    question, _ = settle(SENDING, Delivered(platform_id="c9"), talk)

    assert (question.state, question.next_action_at) == (QuestionState.CLAIMED, NOON)


def test_a_newer_message_that_was_removed_counts_for_nothing() -> None:
    removed = message(2, received_at=NOON + SECOND, change="removed", changed_at=NOON + SECOND)

    question, _ = settle(SENDING, Delivered(platform_id="c9"), replace(TALK, messages=(*TALK.messages, removed)))

    assert question.state is QuestionState.ANSWERED


def test_a_refusal_opens_the_question_for_its_owner() -> None:
    question, answer = settle(SENDING, Refused(reason="It was deleted."))

    assert (answer.state, answer.failure, answer.next_action_at) == (AnswerState.FAILED, "It was deleted.", None)
    assert (question.state, question.handed_to, question.owner) == (QuestionState.OPEN, "maria", "")
    assert question.next_action_at == NOON


@pytest.mark.parametrize("state", [QuestionState.OPEN, QuestionState.CLAIMED, QuestionState.CLOSED])
def test_a_refusal_leaves_a_question_alone_that_went_on_without_it(state: QuestionState) -> None:
    talk = replace(TALK, question=replace(QUESTION, state=state))

    question, _ = settle(SENDING, Refused(reason="It was deleted."), talk)

    assert question == replace(QUESTION, state=state, version=8)


def test_what_was_not_done_waits_and_what_is_unknown_changes_nothing() -> None:
    _, soon = settle(SENDING, NotYet(reason="busy"))
    _, told = settle(SENDING, NotYet(reason="busy", wait=HOUR))

    assert (soon.state, soon.next_action_at) == (AnswerState.PENDING, NOON + 30 * SECOND)
    assert told.next_action_at == NOON + HOUR
    assert answered(TALK, QUESTION, SENDING, Unknown(), now=NOON, lasting=HOUR) is None


def test_a_look_up_that_failed_leaves_the_answer_unknown_for_a_day() -> None:
    early = not_looked_up(TALK, QUESTION, SENDING, NotYet(reason="busy"), now=NOON + HOUR)
    late = not_looked_up(TALK, QUESTION, SENDING, NotYet(reason="busy"), now=NOON + 24 * HOUR)

    assert early.answers[0].state is AnswerState.SENDING
    assert late.answers[0].state is AnswerState.FAILED
    assert late.question.state is QuestionState.OPEN


@pytest.mark.parametrize(
    ("changes", "after", "missing", "action"),
    [
        ({}, -SECOND, False, Action.NOTHING),
        ({}, 0 * SECOND, False, Action.SEND),
        ({}, HOUR, False, Action.SEND),
        ({}, HOUR + SECOND, False, Action.GIVE_UP),
        ({"state": PostState.HELD}, MINUTE, False, Action.NOTHING),
        ({"state": PostState.DRAFT}, MINUTE, False, Action.NOTHING),
        ({"state": PostState.PUBLISHED}, MINUTE, False, Action.NOTHING),
        ({"attempts": 1, "attempt_started_at": NOON}, 29 * SECOND, False, Action.NOTHING),
        ({"attempts": 1, "attempt_started_at": NOON}, 30 * SECOND, False, Action.LOOK),
        ({"attempts": 1, "attempt_started_at": NOON}, 30 * SECOND, True, Action.SEND),
        ({"state": PostState.PUBLISHING, "attempts": 1, "attempt_started_at": NOON}, MINUTE, False, Action.NOTHING),
        ({"state": PostState.PUBLISHING, "attempts": 1, "attempt_started_at": NOON}, 2 * MINUTE, False, Action.LOOK),
        ({"state": PostState.PUBLISHING, "attempts": 1, "attempt_started_at": NOON}, 2 * HOUR, False, Action.LOOK),
        ({"state": PostState.PUBLISHING, "attempts": 1, "attempt_started_at": NOON}, 2 * HOUR, True, Action.GIVE_UP),
    ],
)
def test_what_is_next_for_a_post(changes: dict[str, Any], after: timedelta, missing: bool, action: Action) -> None:  # noqa: FBT001 - a parameter
    decision = next_for_post(replace(DUE, **changes), now=NOON + after, missing=missing)

    assert decision.action is action
    assert decision.reason.endswith(".")


@pytest.mark.parametrize(
    ("twin", "waits"),
    [
        ({"state": PostState.PUBLISHING}, True),
        ({"state": PostState.PUBLISHED, "published_at": NOON - MINUTE}, True),
        ({"state": PostState.PUBLISHED, "published_at": NOON - 3 * MINUTE}, False),
        ({"state": PostState.PUBLISHING, "channel": "other"}, False),
        ({"state": PostState.PUBLISHING, "text": "Something else."}, False),
        ({"state": PostState.PUBLISHING, "text": " Flu  shots.\n"}, True),
    ],
)
def test_a_post_waits_for_its_twin(twin: dict[str, Any], *, waits: bool) -> None:
    other = replace(DUE, post_id="p2", **twin)

    decision = next_for_post(DUE, now=NOON, others=[DUE, other])

    assert decision.action is (Action.NOTHING if waits else Action.SEND)


def test_each_action_on_a_post_raises_its_fence_and_a_post_given_back_is_as_it_was() -> None:
    intent = publishing(DUE, now=NOON)
    assert (intent.state, intent.attempts, intent.attempt_started_at, intent.version) == (
        PostState.PUBLISHING,
        1,
        NOON,
        1,
    )

    assert given_back(DUE, intent) == replace(DUE, version=2)
    assert published(intent, "1_2", now=NOON).version == 2
