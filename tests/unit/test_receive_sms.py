"""Texting back, through the handler and the verb: authority, states, replies, opt-outs, duplicates."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from functions.escalate_questions.app import escalate_questions
from functions.receive_sms import app
from switchboard import settings, wiring
from switchboard.domain.alert_text import fits
from switchboard.domain.handling import claim, close, hand_over
from switchboard.domain.question import Change, Question, QuestionState
from switchboard.errors import Conflict, Rejected, Unavailable, Unreachable
from switchboard.verbs.attend import attend
from switchboard.verbs.text_back import IncomingText, text_back
from tests.fakes.crises import FakeCrises
from tests.fakes.hospital import DOCUMENT, NOON, message
from tests.fakes.house import House

EVENTS = Path(__file__).parents[2] / "events"
MARIA, JAMES, CHEN = "+12025550101", "+12025550102", "+12025550103"
MINUTE = timedelta(minutes=1)


class Phones:
    """A house whose staff text back; *texts* are numbered."""

    def __init__(self, **changes: Any) -> None:
        self.house = House(two_way=True, **changes)
        self.crises = FakeCrises()
        self.count = 0

    def rings(self, number: int = 1, text: str = "What are your visiting hours?") -> Question:
        """Let somebody ask, and ring."""
        asked = message(number, text, thread_id=f"t{number}")
        attend(self.house.receives(asked), self.house.room, now=NOON + (number - 1) * 2 * MINUTE)
        return self.question(asked.question_id)

    def question(self, question_id: str) -> Question:
        found = self.house.conversation(question_id).question
        assert found is not None
        return found

    def text(self, body: str, sender: str = MARIA, *, minutes: float = 10, text_id: str = "") -> str:
        """Send *body*; return the reply, "" when there is none."""
        self.count += 1
        before = len(self.house.texts.sent)
        incoming = IncomingText(text_id=text_id or f"in-{self.count}", sender=sender, body=body)
        text_back(incoming, self.house.room, crises=self.crises, now=NOON + minutes * MINUTE)
        replies = [said for to, said in self.house.texts.sent[before:] if to == sender]
        assert all(fits(said) for said in replies)
        return replies[-1] if replies else ""


@pytest.fixture
def phones() -> Phones:
    return Phones()


def test_an_alert_says_by_which_number_it_is_claimed(phones: Phones) -> None:
    phones.rings(1)
    phones.rings(2)

    texts = [said for _, said in phones.house.texts.sent]
    assert texts[0].endswith(" Reply 1 to claim")
    assert texts[1].endswith(" Reply 2 to claim")


def test_nothing_is_said_of_replies_where_none_can_come() -> None:
    house = House()
    attend(house.receives(message()), house.room, now=NOON)

    assert "Reply" not in house.texts.sent[0][1]


def test_a_one_claims_and_says_until_when(phones: Phones) -> None:
    question = phones.rings()

    reply = phones.text("1", minutes=2)

    claimed = phones.question(question.question_id)
    assert (claimed.state, claimed.owner) == (QuestionState.CLAIMED, "maria")
    assert reply.startswith(f"{question.ref} is yours until 16:02. Answer: https://example.org/live/c/")
    assert reply.endswith("Then text 1 done, or 1 pass.")


def test_the_code_belongs_to_the_phone(phones: Phones) -> None:
    question = phones.rings()

    assert phones.text("1", JAMES) == "There is no question 1 on this phone. ? lists what waits."
    assert phones.question(question.question_id).state is QuestionState.OPEN


def test_a_stranger_gets_no_answer_and_changes_nothing(phones: Phones) -> None:
    question = phones.rings()
    before = phones.house.questions.snapshot()

    assert phones.text("1", "+12025550150") == ""
    assert phones.house.questions.snapshot() == before
    assert phones.question(question.question_id).state is QuestionState.OPEN


def test_what_another_has_is_told_with_initial_and_time(phones: Phones) -> None:
    question = phones.rings()
    escalate_questions(room=phones.house.room, now=NOON + 15 * MINUTE)
    phones.text("1", JAMES, minutes=16)

    reply = phones.text("1", MARIA, minutes=17)

    assert reply == f"{question.ref}: Already claimed by J. at 12:16. Ask them to hand it over to you."


def test_what_is_finished_is_told_with_its_state_and_not_opened_again(phones: Phones) -> None:
    question = phones.rings()
    phones.text("1")
    assert phones.text("1 done") == f"{question.ref} is closed. If they write again it rings again."

    assert phones.text("1").startswith(f"{question.ref}: It is closed already.")
    assert phones.question(question.question_id).state is QuestionState.CLOSED


def test_pass_rings_the_next_person_at_once(phones: Phones) -> None:
    question = phones.rings()

    assert phones.text("1 pass", minutes=2) == f"{question.ref} is passed on: the next person is rung."

    assert [to for to, _ in phones.house.texts.sent] == [MARIA, JAMES, MARIA]  # the last is the reply
    assert phones.question(question.question_id).state is QuestionState.OPEN


def test_pass_gives_back_what_was_claimed(phones: Phones) -> None:
    question = phones.rings()
    phones.text("1", minutes=2)

    phones.text("1 pass", minutes=3)

    found = phones.question(question.question_id)
    assert (found.state, found.owner) == (QuestionState.OPEN, "")
    assert JAMES in phones.house.phones()


def test_who_passes_on_is_not_rung_at_once_again(phones: Phones) -> None:
    """James was handed it and passes it on: the policy's second step would be himself."""
    question = phones.rings()
    phones.text("1", minutes=2)
    change = hand_over(phones.house.conversation(question.question_id), "maria", "james", now=NOON + 3 * MINUTE)
    assert isinstance(change, Change)
    phones.house.questions.commit(change)
    attend(question.question_id, phones.house.room, now=NOON + 3 * MINUTE)
    before = len(phones.house.texts.sent)

    phones.text("1 pass", JAMES, minutes=5)

    assert [to for to, _ in phones.house.texts.sent[before:]] == [MARIA, JAMES]  # the last is the reply


def test_when_the_only_one_on_duty_passes_on_the_last_resort_is_rung() -> None:
    phones = Phones(teams={"social": {"rota": [{"on": ["maria"]}]}})
    question = phones.rings()

    phones.text("1 pass", minutes=2)

    assert [to for to, _ in phones.house.texts.sent] == [MARIA, CHEN, MARIA]
    escalate_questions(room=phones.house.room, now=NOON + 20 * MINUTE)
    assert phones.house.phones()[-1] == MARIA
    assert phones.question(question.question_id).state is QuestionState.OPEN


def test_done_does_not_close_away_what_was_written_since_the_text(phones: Phones) -> None:
    question = phones.rings()
    later = message(2, "It hurts more and more.", received_at=NOON + 5 * MINUTE)
    attend(phones.house.receives(later), phones.house.room, now=NOON + 5 * MINUTE)

    assert phones.text("1 done") == (
        f"{question.ref}: They wrote again since you were told. Read it in the inbox, then close it there."
    )

    assert phones.question(question.question_id).state is QuestionState.OPEN
    phones.text("1", minutes=11)
    assert phones.text("1 done", minutes=12) == f"{question.ref} is closed. If they write again it rings again."


def test_who_asks_for_what_another_has_is_always_answered(phones: Phones) -> None:
    question = phones.rings()
    escalate_questions(room=phones.house.room, now=NOON + 15 * MINUTE)
    phones.text("1", JAMES, minutes=16)

    replies = [phones.text("1", minutes=17 + number) for number in range(8)]

    assert all(reply.startswith(f"{question.ref}: Already claimed by J.") for reply in replies)


def test_a_phone_that_was_opted_out_is_dead_until_it_opts_in_whatever_it_texts(phones: Phones) -> None:
    phones.text("stop")

    phones.text("1")

    assert phones.house.pagers["maria"].is_dead("sms", MARIA)
    phones.text("start")
    assert not phones.house.pagers["maria"].is_dead("sms", MARIA)


def test_a_late_answer_to_an_old_text_closes_no_other_question(phones: Phones) -> None:
    """Somebody else closed it; the next one must not have its number while the old text lies on the phone."""
    first = phones.rings(1)
    change = close(phones.house.conversation(first.question_id), "james", now=NOON, why="done")
    assert isinstance(change, Change)
    phones.house.questions.commit(change)
    second = phones.rings(3)
    assert phones.house.texts.sent[-1][1].endswith("Reply 2 to claim")

    assert phones.text("1 done").startswith(f"{first.ref}: It is closed already.")

    assert phones.question(second.question_id).state is QuestionState.OPEN


def test_a_number_is_used_again_when_its_question_is_finished_and_its_text_is_old(phones: Phones) -> None:
    phones.rings(1)
    phones.text("1 done")
    later = phones.rings(1 + 37 * 60)  # 74 hours

    assert phones.house.texts.sent[-1][1].endswith("Reply 1 to claim")
    phones.text("1", minutes=74 * 60 + 1)
    assert phones.question(later.question_id).owner == "maria"


def test_of_two_with_one_phone_each_question_has_a_number_of_its_own() -> None:
    staff = DOCUMENT["staff"] | {"james": DOCUMENT["staff"]["james"] | {"phone": MARIA}}
    phones = Phones(staff=staff)
    first, second = phones.rings(1), phones.rings(9)
    escalate_questions(room=phones.house.room, now=NOON + 20 * MINUTE)  # now James is rung for the first

    numbers = {
        code.question_id: code.number
        for staff_id in ("maria", "james")
        for code in phones.house.pagers[staff_id].codes
        if (staff_id, code.question_id) != ("maria", first.question_id)
    }
    assert numbers == {first.question_id: 3, second.question_id: 2}


def test_without_a_number_the_only_one_that_waits_is_meant(phones: Phones) -> None:
    question = phones.rings(1)
    phones.text("yes")
    assert phones.question(question.question_id).owner == "maria"

    phones.rings(2)
    assert phones.text("done").startswith("Which one? 2 questions: ")


def test_the_list_has_what_was_held_back_too(phones: Phones) -> None:
    for number in range(1, 4):
        attend(phones.house.receives(message(number, thread_id=f"t{number}")), phones.house.room, now=NOON)
    assert len(phones.house.texts.sent) == 1

    reply = phones.text("?", minutes=0.5)

    assert reply.startswith("3 questions: 1 ")
    phones.text("3", minutes=0.6)
    assert sum(one.owner == "maria" for one in phones.house.questions.unfinished()) == 1


def test_the_list_has_what_a_summary_told(phones: Phones) -> None:
    for number in range(1, 31):
        attend(phones.house.receives(message(number, thread_id=f"t{number}")), phones.house.room, now=NOON)
    escalate_questions(room=phones.house.room, now=NOON + 2 * MINUTE)
    assert "29 questions waiting" in phones.house.texts.sent[-1][1]

    assert phones.text("?", minutes=3).startswith("21 questions: 1 ")
    phones.text("21", minutes=4)
    assert sum(one.owner == "maria" for one in phones.house.questions.unfinished()) == 1


def test_who_is_away_is_not_rung_until_they_are_back(phones: Phones) -> None:
    assert phones.text("AWAY 2h", minutes=0) == "You are away until 14:00; others are rung. Text BACK when you return."
    phones.rings(1)
    assert phones.house.phones()[-1] == JAMES

    assert phones.text("back", minutes=3).startswith("Welcome back. Nothing waits for you.")
    phones.rings(3)
    assert phones.house.phones()[-1] == MARIA


def test_the_last_resort_is_told_that_they_are_rung_all_the_same(phones: Phones) -> None:
    assert "You are the last resort" in phones.text("away", CHEN)


@pytest.mark.parametrize("word", ["STOP", "Unsubscribe", "end"])
def test_an_opt_out_is_no_command_marks_the_phone_and_tells_the_admins_once(word: str) -> None:
    phones = Phones(admins=["james"])
    question = phones.rings()

    assert phones.text(word) == ""
    assert phones.text(word) == ""

    assert phones.question(question.question_id).state is QuestionState.OPEN
    assert [(to, subject) for to, subject, _ in phones.house.mail.sent] == [
        ("james@example.org", "Mercy Social: maria cannot be reached by sms")
    ]
    asked = message(2, thread_id="t2")
    attend(phones.house.receives(asked), phones.house.room, now=NOON + 20 * MINUTE)
    assert phones.house.mail.sent[-1][0] == "maria@example.org"  # by their other contact


def test_a_phone_that_texts_us_again_is_alive(phones: Phones) -> None:
    phones.rings(1)
    phones.text("stop")
    phones.text("start")

    phones.rings(8)

    assert phones.house.phones()[-1] == MARIA


def test_at_most_five_replies_in_a_row_go_to_a_machine(phones: Phones) -> None:
    replies = [phones.text("I am out of office until Monday.") for _ in range(9)]

    assert [bool(reply) for reply in replies] == [True] * 5 + [False] * 4
    phones.rings()
    assert phones.text("1")
    assert phones.text("what?")


def test_a_text_that_comes_twice_is_done_once(phones: Phones) -> None:
    phones.rings()

    first = phones.text("1", text_id="same")
    second = phones.text("1", text_id="same")

    assert first
    assert second == ""


def test_when_two_claim_at_once_one_wins_and_the_other_hears_who(phones: Phones) -> None:
    question = phones.rings()

    def james() -> None:
        change = claim(
            phones.house.conversation(question.question_id), "james", now=NOON + 9 * MINUTE, lasting=60 * MINUTE
        )
        assert isinstance(change, Change)
        phones.house.questions.commit(change)

    phones.house.questions.before_commit.append(james)

    assert "Already claimed by J. at 12:09." in phones.text("1")
    assert phones.question(question.question_id).owner == "james"


def test_a_reply_that_cannot_leave_does_not_undo_the_claim(phones: Phones) -> None:
    question = phones.rings()
    phones.house.texts.failures[MARIA].append(Unavailable("throttled"))

    assert phones.text("1") == ""
    assert phones.question(question.question_id).owner == "maria"


def test_a_store_that_does_not_answer_lets_the_text_come_again(phones: Phones, monkeypatch: pytest.MonkeyPatch) -> None:
    question = phones.rings()
    commit = phones.house.questions.commit

    def down(_: Change) -> None:
        raise Unavailable("down")

    monkeypatch.setattr(phones.house.questions, "commit", down)
    with pytest.raises(Unavailable):
        phones.text("1", text_id="again")
    monkeypatch.setattr(phones.house.questions, "commit", commit)

    assert phones.text("1", text_id="again")
    assert phones.question(question.question_id).owner == "maria"


def test_of_two_with_one_phone_the_one_who_was_given_the_code_is_meant() -> None:
    staff = DOCUMENT["staff"] | {"chen": {"name": "Wei Chen", "phone": MARIA, "alert_by": ["sms"]}}
    phones = Phones(staff=staff, teams={"social": {"rota": [{"on": ["chen", "james"]}]}})
    question = phones.rings()

    phones.text("1")

    assert phones.question(question.question_id).owner == "chen"


def test_a_dead_phone_found_on_sending_is_marked_and_the_admins_are_told(phones: Phones) -> None:
    phones.house.texts.failures[MARIA].append(Unreachable("opted out", reason="opted_out"))

    phones.rings()

    assert phones.house.pagers["maria"].is_dead("sms", MARIA)
    assert [to for to, *_ in phones.house.mail.sent][-1] == "maria@example.org"


# --- the crisis switch -------------------------------------------------------------------------------------------


def code_in(reply: str) -> str:
    found = re.search(r"CONFIRM ([0-9]{4})", reply)
    assert found is not None, reply
    return found[1]


@pytest.mark.parametrize("words", ["PAUSE ALL shooting downtown", "pause all posts: shooting downtown", "Pausar todo"])
def test_two_texts_of_an_admin_stop_all_posts_and_one_does_not(words: str) -> None:
    phones = Phones(admins=["maria"])

    asked = phones.text(words)
    assert phones.crises.now is None
    reply = phones.text(f"confirm {code_in(asked)}", minutes=12)

    assert "stopped until" in reply
    crisis = phones.crises.now
    assert crisis is not None
    assert (crisis.started_by, crisis.via) == ("maria", "sms")
    assert crisis.reason in {"shooting downtown", "no reason was given"}
    assert any("all automatic posts are stopped" in subject for _, subject, _ in phones.house.mail.sent)


def test_somebody_who_may_not_gets_no_code_and_the_admins_are_told() -> None:
    phones = Phones(admins=["maria"])

    assert "Only the admins" in phones.text("PAUSE ALL", JAMES)

    assert phones.crises.now is None
    assert any("asked to stop all posts" in subject for _, subject, _ in phones.house.mail.sent)


@pytest.mark.parametrize(("code", "minutes"), [("0000", 11), ("right", 21)])
def test_a_wrong_code_or_a_late_one_stops_nothing(code: str, minutes: int) -> None:
    phones = Phones(admins=["maria"])
    right = code_in(phones.text("PAUSE ALL", minutes=10))

    reply = phones.text(f"CONFIRM {right if code == 'right' else code}", minutes=minutes)

    assert "Nothing was stopped" in reply
    assert phones.crises.now is None


def test_a_code_works_once_and_anothers_not_at_all() -> None:
    phones = Phones(admins=["maria", "james"])
    code = code_in(phones.text("PAUSE ALL"))

    assert "Nothing was stopped" in phones.text(f"CONFIRM {code}", JAMES)
    phones.text(f"CONFIRM {code}")
    first = phones.crises.now
    assert "Nothing was stopped" in phones.text(f"CONFIRM {code}")

    assert phones.crises.now == first


def test_a_code_is_not_there_to_be_guessed() -> None:
    phones = Phones(admins=["maria"])
    right = code_in(phones.text("PAUSE ALL"))

    phones.text(f"CONFIRM {(int(right) + 1) % 10000:04}")

    assert "Nothing was stopped" in phones.text(f"CONFIRM {right}")
    assert phones.crises.now is None


def test_somebody_who_may_not_fills_no_mailbox() -> None:
    phones = Phones(admins=["maria"])

    for _ in range(3):
        phones.text("PAUSE ALL", JAMES)

    asked = [subject for _, subject, _ in phones.house.mail.sent if "asked to stop all posts" in subject]
    assert len(asked) == 1


def test_giving_everything_back_by_text_is_refused() -> None:
    phones = Phones(admins=["maria"])

    assert "one by one" in phones.text("RESUME ALL")


def test_the_words_of_carriers_stay_theirs() -> None:
    phones = Phones(admins=["maria"])

    phones.text("STOP")

    assert phones.crises.now is None


# --- the handler -----------------------------------------------------------------------------------------------


@pytest.fixture
def handled(phones: Phones, monkeypatch: pytest.MonkeyPatch) -> Phones:
    monkeypatch.setattr(wiring, "switchroom", lambda _: phones.house.room)
    monkeypatch.setattr(settings.Ringing, "read", lambda: SimpleNamespace(posts_table="p"))
    monkeypatch.setattr(wiring, "crises", lambda _: phones.crises)
    return phones


def sample(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"receive_sms_{name}.json").read_text())
    return event


def test_the_samples_do_what_their_names_say(handled: Phones) -> None:
    question = handled.rings()
    context: Any = SimpleNamespace()

    assert app.handler(sample("claim"), context) == {"texts": 1}
    assert handled.question(question.question_id).owner == "maria"
    app.handler(sample("list"), context)
    app.handler(sample("done"), context)
    assert handled.question(question.question_id).state is QuestionState.CLOSED
    app.handler(sample("away"), context)
    assert handled.house.pagers["maria"].away_until is not None
    app.handler(sample("stop"), context)
    assert handled.house.pagers["maria"].is_dead("sms", MARIA)


@pytest.mark.parametrize("broken", ["not json", "[]", '{"messageBody": "1"}', '{"originationNumber": 7}'])
def test_what_is_no_text_is_refused_with_the_field(broken: str, handled: Phones) -> None:
    with pytest.raises(Rejected, match=r"JSON|inboundMessageId|originationNumber"):
        app.receive_sms(broken, room=handled.house.room, crises=FakeCrises(), now=NOON)


def test_a_pager_that_many_write_is_tried_again(phones: Phones) -> None:
    phones.rings()

    def others() -> None:
        raise Conflict("somebody else")

    phones.house.pagers.before_save += [others, others]

    assert phones.text("away")
    assert phones.house.pagers["maria"].away_until == NOON + 70 * MINUTE
    assert replace(phones.house.pagers["maria"], version=0).passive == 0
