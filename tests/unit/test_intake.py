from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from switchboard.domain.intake import AT_ONCE, take_in
from switchboard.domain.message import Message
from switchboard.domain.question import Change, Conversation, QuestionState
from switchboard.domain.vocabulary import Category, Urgency
from tests.fakes.hospital import NOON, config, message

LATER = NOON + timedelta(hours=1)


def taken(*pending: Message, before: Conversation | None = None) -> tuple[Conversation, Change]:
    conversation = replace(before or Conversation(question_id="Q"), pending=pending)
    change = take_in(conversation, config(), now=NOON)
    assert change is not None
    kept = {m.message_id: m for m in conversation.messages} | {m.message_id: m for m in change.messages}
    return Conversation(question_id="Q", question=change.question, messages=tuple(kept.values())), change


def edited(original: Message, text: str, at: timedelta = timedelta(minutes=5)) -> Message:
    return replace(original, change="edited", text=text, changed_at=original.sent_at + at)


def removed(original: Message) -> Message:
    return replace(original, change="removed", text="", changed_at=original.sent_at + timedelta(minutes=9))


def test_a_first_question_opens_and_is_due_at_once() -> None:
    after, change = taken(message())

    assert after.question is not None
    assert after.question.state is QuestionState.OPEN
    assert after.question.next_action_at == NOON
    assert after.question.answer_by == NOON + timedelta(hours=4)
    assert change.question.version == 1
    assert [event.kind for event in change.events] == ["opened"]


def test_praise_is_stored_and_rings_nobody() -> None:
    after, _ = taken(message(text="Thank you, the nurses on 4 West were wonderful!"))

    assert after.question is not None
    assert after.question.state is QuestionState.NO_ANSWER_NEEDED
    assert after.question.next_action_at is None


def test_nothing_pending_changes_nothing() -> None:
    assert take_in(Conversation(question_id="Q"), config(), now=NOON) is None


def test_a_second_message_joins_the_open_question() -> None:
    after, _ = taken(message(1))
    after, change = taken(message(2, "And on Sundays?"), before=after)

    assert change.question.version == 2
    assert change.question.state is QuestionState.OPEN
    assert len(after.messages) == 2


def test_a_message_for_a_claimed_question_leaves_the_claim_and_rings_its_owner() -> None:
    after, _ = taken(message(1))
    assert after.question is not None
    claimed = replace(
        after,
        question=replace(after.question, state=QuestionState.CLAIMED, owner="maria", next_action_at=LATER),
    )

    after, _ = taken(message(2, "Can I bring my dog?"), before=claimed)

    assert after.question is not None
    assert (after.question.state, after.question.owner) == (QuestionState.CLAIMED, "maria")
    assert after.question.unseen
    assert after.question.next_action_at == NOON


def test_thanks_after_the_answer_do_not_open_it_again_but_a_question_does() -> None:
    after, _ = taken(message(1))
    assert after.question is not None
    answered = replace(after, question=replace(after.question, state=QuestionState.ANSWERED, next_action_at=None))

    thanked, _ = taken(message(2, "Thank you so much!"), before=answered)
    asked, change = taken(message(3, "Where do I park?"), before=answered)

    assert thanked.question is not None
    assert thanked.question.state is QuestionState.ANSWERED
    assert asked.question is not None
    assert asked.question.state is QuestionState.OPEN
    assert change.events[-1].kind == "reopened"


def test_a_more_urgent_message_routes_the_question_anew_and_rings_at_once() -> None:
    after, _ = taken(message(1))
    assert after.question is not None
    waiting = replace(after, question=replace(after.question, next_action_at=LATER, position=1))

    after, _ = taken(message(2, "He is not breathing, please help"), before=waiting)

    assert after.question is not None
    assert after.question.urgency is Urgency.EMERGENCY
    assert after.question.next_action_at == NOON
    assert after.question.position == 0


@pytest.mark.parametrize(("held", "shortened"), [(timedelta(days=1), 10), (timedelta(minutes=4), 4)])
def test_an_emergency_does_not_wait_for_a_claim_that_was_made_for_something_milder(
    held: timedelta, shortened: int
) -> None:
    after, _ = taken(message(1))
    assert after.question is not None
    claimed = replace(
        after.question,
        state=QuestionState.CLAIMED,
        owner="maria",
        claimed_until=NOON + held,
        next_action_at=NOON + held,
    )

    after, _ = taken(message(2, "He is not breathing, please help"), before=replace(after, question=claimed))

    assert after.question is not None
    assert (after.question.state, after.question.owner) == (QuestionState.CLAIMED, "maria")
    assert after.question.claimed_until == NOON + timedelta(minutes=shortened)
    assert after.question.next_action_at == NOON


def test_a_conversation_is_kept_as_long_as_its_newest_message() -> None:
    first = message(1, expires_at=NOON + timedelta(days=90))
    after, _ = taken(first)

    after, _ = taken(message(2, "And on Sundays?", expires_at=NOON + timedelta(days=170)), before=after)

    assert after.question is not None
    assert after.question.expires_at == NOON + timedelta(days=170)


def test_what_the_author_removed_is_nobodys_any_more_when_they_ask_again() -> None:
    original = message()
    after, _ = taken(original)
    assert after.question is not None
    handed = replace(after.question, handed_to="chen", claimed_until=LATER, unseen=True)
    after, _ = taken(removed(original), before=replace(after, question=handed))

    after, change = taken(message(2, "He is not breathing, please help"), before=after)

    assert change.events[-1].kind == "reopened"
    assert after.question is not None
    assert (after.question.handed_to, after.question.claimed_until, after.question.unseen) == ("", None, False)


def test_an_edit_replaces_the_text_and_is_marked() -> None:
    original = message(1)
    after, change = taken(original, edited(original, "What are your visiting hours on Sunday?"))

    (read,) = after.messages
    assert read.text == "What are your visiting hours on Sunday?"
    assert read.change == "edited"
    assert read.sent_at == original.sent_at
    assert len(change.settled) == 1


def test_a_removal_redacts_our_copy_and_closes_what_nobody_asks_any_more() -> None:
    original = message(1)
    after, _ = taken(original)
    after, change = taken(removed(original), before=after)

    (read,) = after.messages
    assert (read.text, read.author_name) == ("", "")
    assert change.question.state is QuestionState.CLOSED
    assert change.question.next_action_at is None


@pytest.mark.parametrize("last", ["edited", "removed"])
def test_any_order_of_arrival_reads_the_same(last: str) -> None:
    original = message(1)
    changes = [original, edited(original, "First edit?"), edited(original, "Second edit?", timedelta(minutes=7))]
    if last == "removed":
        changes.append(removed(original))
    readings = set()
    for order in permutations(changes):
        after = Conversation(question_id="Q")
        for arriving in order:
            if arriving.change == "new" and after.messages:
                continue  # the conditional put finds it there already
            after, _ = taken(arriving, before=after)
        (read,) = after.messages
        readings.add((read.text, read.change))

    assert readings == {("Second edit?", "edited") if last == "edited" else ("", "removed")}


def test_more_than_fit_one_transaction_are_taken_in_by_and_by() -> None:
    many = tuple(message(number) for number in range(1, AT_ONCE + 5))

    _, change = taken(*many)

    assert len(change.messages) == AT_ONCE


def test_a_rule_of_the_hospitals_own_decides_and_is_named() -> None:
    rules = [{"name": "flu-line", "phrases": ["flu line"], "category": "clinical", "urgency": "urgent"}]
    asked = message(text="Is the Flu Line open today?")

    change = take_in(
        Conversation(question_id=asked.question_id, pending=(asked,)), config(triage={"rules": rules}), now=NOON
    )

    assert change is not None
    assert (change.question.category, change.question.urgency) == (Category.CLINICAL, Urgency.URGENT)
    assert "flu-line" in change.question.reason
