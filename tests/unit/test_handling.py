"""Claiming, answering, handing over, closing: every decision and every refusal."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.domain.escalation import Ring, next_ring
from switchboard.domain.handling import LONGEST, Refusal, answer, claim, close, hand_over, holder
from switchboard.domain.question import Answer, AnswerState, Change, Conversation, Event, Question, QuestionState, Step
from switchboard.domain.roster import Roster
from tests.fakes.hospital import NOON, config, message

HOUR = timedelta(hours=1)
FORM = "form-0123456789abcdef"
OPEN = Question(
    question_id=message().question_id,
    channel="facebook",
    platform="facebook",
    kind="comment",
    thread_id="t1",
    author_id="a1",
    state=QuestionState.OPEN,
    team="social",
    steps=(Step(alert="primary", wait=timedelta(minutes=15)),),
    position=2,
    step=3,
    opened_at=NOON,
    answer_by=NOON + 4 * HOUR,
    last_message_at=NOON,
    next_action_at=NOON,
    expires_at=NOON + timedelta(days=90),
    version=7,
)


def conversation(
    state: str = "open", owner: str = "", *, until: timedelta | None = HOUR, **changes: Any
) -> Conversation:
    question = replace(
        OPEN,
        state=QuestionState(state),
        owner=owner,
        claimed_until=NOON + until if owner and until else None,
        **changes,
    )
    claimed = Event(question_id=OPEN.question_id, kind="claimed", by=owner, at=NOON - timedelta(minutes=5))
    return Conversation(
        question_id=OPEN.question_id, question=question, messages=(message(),), events=(claimed,) if owner else ()
    )


def claims(found: Conversation, staff_id: str = "maria") -> Change | Refusal:
    return claim(found, staff_id, now=NOON, lasting=HOUR)


def answers(found: Conversation, staff_id: str = "maria", **form: str) -> Change | Refusal | None:
    fields = {"text": "From ten to eight.", "answer_id": FORM, "in_reply_to": "m1"} | form
    return answer(found, staff_id, now=NOON, **fields)


def done(outcome: Change | Refusal | None) -> Change:
    assert isinstance(outcome, Change), outcome
    return outcome


def refused(outcome: Change | Refusal | None) -> str:
    assert isinstance(outcome, Refusal), outcome
    return outcome.in_words({"maria": "Maria", "james": "James"}, "America/New_York")


def kinds(change: Change) -> list[tuple[str, str, str]]:
    return [(event.kind, event.by, event.detail) for event in change.events]


# --- claim -----------------------------------------------------------------------------------------------------


def test_an_open_question_is_claimed() -> None:
    change = done(claims(conversation(handed_to="james")))

    assert change.question == replace(
        OPEN,
        state=QuestionState.CLAIMED,
        owner="maria",
        claimed_until=NOON + HOUR,
        remind_at=NOON + HOUR * 3 / 4,
        next_action_at=NOON + HOUR * 3 / 4,
        handed_to="",
        version=8,
    )
    assert kinds(change) == [("claimed", "maria", "")]


def test_what_another_has_claimed_is_refused_with_who_and_when() -> None:
    assert refused(claims(conversation("claimed", "james"))).startswith("Already claimed by James at 11:55.")
    assert refused(claims(conversation("answering", "james"))).startswith("Already claimed by James at 11:55.")


def test_who_holds_it_since_when_is_not_always_known() -> None:
    found = replace(conversation("claimed", "james"), events=())

    assert refused(claims(found)).startswith("Already claimed by James. ")


def test_a_claim_that_ran_out_binds_nobody() -> None:
    found = conversation("claimed", "james", until=-timedelta(seconds=1), unseen=True)

    change = done(claims(found))

    assert change.question.owner == "maria"
    assert not change.question.unseen
    assert holder(OPEN, NOON) == ""


def test_ones_own_claim_is_renewed() -> None:
    change = done(claims(conversation("claimed", "maria", until=timedelta(minutes=1))))

    assert change.question.claimed_until == NOON + HOUR


def test_renewing_does_not_hide_a_message_that_came_in() -> None:
    change = done(claims(conversation("claimed", "maria", unseen=True)))

    assert change.question.unseen
    assert change.question.next_action_at == NOON


@pytest.mark.parametrize("state", ["closed", "no_answer_needed"])
def test_a_finished_question_is_opened_again_by_a_claim(state: str) -> None:
    change = done(claims(conversation(state, next_action_at=None)))

    assert change.question.state is QuestionState.CLAIMED
    assert kinds(change) == [("reopened", "maria", ""), ("claimed", "maria", "")]


def test_an_answered_question_is_not_claimed() -> None:
    assert "answered already" in refused(claims(conversation("answered", "james")))


def test_nothing_is_claimed_while_ones_answer_is_on_its_way() -> None:
    assert "on its way" in refused(claims(conversation("answering", "maria")))


def test_a_question_that_was_never_routed_rings_after_its_claim_all_the_same() -> None:
    found = conversation("no_answer_needed", steps=(), team="", position=0, next_action_at=None)

    question = done(claims(found)).question
    ring = next_ring(replace(found, question=question), Roster(config=config()), now=NOON + HOUR)

    assert isinstance(ring, Ring)
    assert ring.staff_ids == ("maria",)
    later = ring.change.question.next_action_at or NOON
    last = next_ring(replace(found, question=ring.change.question), Roster(config=config()), now=later)
    assert isinstance(last, Ring)
    assert last.staff_ids == ("chen",)


# --- answer ----------------------------------------------------------------------------------------------------


def test_the_owners_answer_goes_on_its_way() -> None:
    change = done(answers(conversation("claimed", "maria"), text="  From ten\r\nto eight. \n"))

    assert change.answers == (
        Answer(
            question_id=OPEN.question_id,
            answer_id=FORM,
            staff_id="maria",
            text="From ten\nto eight.",
            in_reply_to="m1",
            state=AnswerState.PENDING,
            created_at=NOON,
            next_action_at=NOON,
            expires_at=OPEN.expires_at,
        ),
    )
    assert change.question.state is QuestionState.ANSWERING
    assert change.question.owner == "maria"
    assert change.question.claimed_until == NOON + HOUR
    assert change.question.next_action_at == NOON + timedelta(minutes=10)
    assert kinds(change) == [("answered", "maria", FORM)]


def test_answering_claims_what_nobody_has() -> None:
    change = done(answers(conversation()))

    assert change.question.owner == "maria"
    assert change.question.claimed_until == NOON + timedelta(minutes=10)
    assert kinds(change) == [("claimed", "maria", ""), ("answered", "maria", FORM)]


@pytest.mark.parametrize("deed", [claims, answers])
def test_what_somebody_has_in_hand_does_not_expire(deed: Any) -> None:
    found = replace(conversation(), messages=(message(expires_at=NOON + timedelta(minutes=1)),))

    change = done(deed(found))

    (kept,) = change.messages
    assert kept.expires_at is not None
    assert change.question.claimed_until is not None
    assert kept.expires_at > change.question.claimed_until


def test_only_the_owner_answers() -> None:
    assert "Only whoever has claimed it" in refused(answers(conversation("claimed", "james")))


@pytest.mark.parametrize("state", ["answered", "closed", "no_answer_needed"])
def test_a_finished_question_is_not_answered(state: str) -> None:
    refused(answers(conversation(state)))


def test_one_answer_at_a_time() -> None:
    assert "on its way" in refused(answers(conversation("answering", "maria")))


@pytest.mark.parametrize("state", list(QuestionState))
def test_the_same_form_twice_is_one_answer_whatever_happened_since(state: QuestionState) -> None:
    found = conversation("claimed", "maria")
    change = done(answers(found))
    after = replace(found, question=replace(change.question, state=state), answers=change.answers)

    assert answers(after) is None
    assert "sent before" in refused(answers(after, text="Something else."))
    assert "sent before" in refused(answers(after, "james"))


@pytest.mark.parametrize("text", ["", " ", "\r\n\t "])
def test_an_empty_answer_is_refused(text: str) -> None:
    assert refused(answers(conversation(), text=text)) == "The answer is empty."


@pytest.mark.parametrize("platform", list(LONGEST))
def test_the_platforms_length_is_the_limit(platform: str) -> None:
    found = conversation(platform=platform)

    done(answers(found, text="é" * LONGEST[platform]))
    assert f"{LONGEST[platform]:,} are allowed" in refused(answers(found, text="x" * (LONGEST[platform] + 1)))


@pytest.mark.parametrize(("platform", "why"), [("web_form", "by the email or phone they left"), ("x", "Answer there")])
def test_what_cannot_be_answered_here_says_what_to_do(platform: str, why: str) -> None:
    assert why in refused(answers(conversation(platform=platform)))


@pytest.mark.parametrize("answer_id", ["", "short", "a" * 65, "0123456789abcdef#", "0123456789abcdef\n"])
def test_a_made_up_answer_id_is_refused(answer_id: str) -> None:
    refused(answers(conversation(), answer_id=answer_id))


def test_an_answer_is_to_the_latest_message() -> None:
    found = replace(conversation(), messages=(message(1), message(2)))

    assert "not the latest" in refused(answers(found))
    done(answers(found, in_reply_to="m2"))


def test_what_the_author_removed_is_not_answered() -> None:
    gone = message(2, change="removed")

    done(answers(replace(conversation(), messages=(message(1), gone))))
    assert "removed" in refused(answers(replace(conversation(), messages=(gone,)), in_reply_to="m2"))


# --- hand over, close ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("owner", ["", "maria"])
def test_handing_over_rings_the_other_at_once_and_keeps_counting(owner: str) -> None:
    change = done(
        hand_over(conversation("claimed" if owner else "open", owner, unseen=True), "maria", "james", now=NOON)
    )

    assert change.question == replace(
        OPEN, owner="", handed_to="james", position=0, claimed_until=None, unseen=False, next_action_at=NOON, version=8
    )
    assert kinds(change) == [("handed_over", "maria", "james")]


def test_only_the_owner_hands_over_or_closes() -> None:
    found = conversation("claimed", "james")

    assert "Already claimed by James" in refused(hand_over(found, "maria", "chen", now=NOON))
    assert "Already claimed by James" in refused(close(found, "maria", now=NOON, why="done"))


def test_nobody_hands_over_to_themselves() -> None:
    refused(hand_over(conversation(), "maria", "maria", now=NOON))


@pytest.mark.parametrize("owner", ["", "maria"])
def test_a_closed_question_has_no_next_action(owner: str) -> None:
    change = done(close(conversation("claimed" if owner else "open", owner), "maria", now=NOON, why="spam"))

    assert change.question.state is QuestionState.CLOSED
    assert change.question.next_action_at is None
    assert kinds(change) == [("closed", "maria", "spam")]


def test_a_message_that_was_not_read_is_not_closed_away() -> None:
    found = replace(conversation("claimed", "maria"), messages=(message(1), message(2, "And on Sundays?")))

    assert "latest" in refused(close(found, "maria", now=NOON, why="done", latest="m1"))
    assert "latest" in refused(close(found, "maria", now=NOON, why="done", latest=""))
    done(close(found, "maria", now=NOON, why="done", latest="m2"))


def test_what_the_author_removed_is_closed() -> None:
    found = replace(conversation("claimed", "maria"), messages=(message(1, change="removed"),))

    done(close(found, "maria", now=NOON, why="done", latest="m1"))
    done(close(found, "maria", now=NOON, why="done", latest=""))


def test_nothing_is_handed_over_or_closed_twice_or_while_an_answer_is_on_its_way() -> None:
    for found in (conversation("closed"), conversation("answered"), conversation("answering", "maria")):
        refused(hand_over(found, "maria", "james", now=NOON))
        refused(close(found, "maria", now=NOON, why="done"))


def test_a_question_that_is_not_there_is_refused() -> None:
    nothing = Conversation(question_id="Q")

    refused(claims(nothing))
    refused(answers(nothing))
    refused(hand_over(nothing, "maria", "james", now=NOON))
    refused(close(nothing, "maria", now=NOON, why="done"))


@given(
    state=st.sampled_from(list(QuestionState)),
    owner=st.sampled_from(["", "maria", "james"]),
    minutes=st.integers(-60, 60),
    deed=st.sampled_from(
        [
            claims,
            answers,
            lambda found: hand_over(found, "maria", "james", now=NOON),
            lambda found: close(found, "maria", now=NOON, why="done"),
        ]
    ),
)
def test_whatever_is_done_an_unfinished_question_keeps_a_next_action(
    state: QuestionState, owner: str, minutes: int, deed: Any
) -> None:
    found = conversation(state, owner, until=timedelta(minutes=minutes))
    outcome = deed(found)

    if isinstance(outcome, Change):
        assert outcome.question.version == OPEN.version + 1
        assert outcome.question.step == OPEN.step
        assert outcome.question.unfinished == (outcome.question.next_action_at is not None)
        assert outcome.events
        assert all("ten to eight" not in event.detail for event in outcome.events)
