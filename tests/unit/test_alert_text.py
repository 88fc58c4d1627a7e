from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.domain.alert_text import GSM_7, SEGMENT, Said, Waiting, email, fits, reminder, sms, summary
from switchboard.domain.question import Question, QuestionState
from switchboard.domain.vocabulary import Urgency
from tests.fakes.hospital import NOON

LINK = "https://abcdefghij.execute-api.us-east-1.amazonaws.com/live/c/3q2-7wABCDEFGHIJKLMNOQ"
SAID = Said(organisation="Mercy Social", link=LINK, claim_by=NOON + timedelta(minutes=15), zone="America/New_York")


def question(**changes: object) -> Question:
    return Question(
        **{
            "question_id": "7F3KABCDEFGHIJKLMNOPQRSTUV",
            "channel": "facebook",
            "platform": "facebook",
            "kind": "comment",
            "thread_id": "t1",
            "author_id": "a1",
            "state": QuestionState.OPEN,
            "urgency": Urgency.URGENT,
            "opened_at": NOON,
            "last_message_at": NOON,
            "answer_by": NOON + timedelta(hours=4),
        }
        | changes  # type: ignore[arg-type]
    )


def test_a_text_says_who_how_urgent_where_which_until_when_and_the_link() -> None:
    text = sms(question(), SAID)

    assert text == f"Mercy Social: URGENT question waiting (Facebook), ref 7F3K. Claim by 12:15: {LINK}"


@given(
    organisation=st.text(st.sampled_from("ABCdef .&'-"), min_size=1, max_size=24),
    link=st.text(st.sampled_from("abcXYZ0189-_/:."), min_size=10, max_size=300),
    urgency=st.sampled_from(list(Urgency)),
    platform=st.sampled_from(["facebook", "google_reviews", "web_form", "somewhere_new"]),
)
def test_a_text_is_one_segment_whatever_the_link(organisation: str, link: str, urgency: Urgency, platform: str) -> None:
    said = replace(SAID, link=link, organisation=organisation)

    text = sms(question(urgency=urgency, platform=platform), said)

    assert len(text) <= SEGMENT
    assert set(text) <= GSM_7
    assert "7F3K" in text


@pytest.mark.parametrize("text", ["é" * 161, "naïve", "emoji 🙂", "“quotes”", "[brackets]"])
def test_what_is_not_one_segment_of_gsm_7_does_not_fit(text: str) -> None:
    assert not fits(text)


def test_an_email_says_the_same_at_length_in_local_time() -> None:
    subject, body = email(question(), SAID)

    assert subject == "Mercy Social: URGENT question waiting (Facebook), ref 7F3K"
    assert "Claim by:  Tue 13 Oct, 12:15 EDT" in body
    assert "Answer by: Tue 13 Oct, 16:00 EDT" in body
    assert LINK in body


@pytest.mark.parametrize(
    ("count", "emergencies", "urgent", "minutes", "expected"),
    [
        (3, 0, 0, 12, "3 questions waiting, the oldest 12 min"),
        (998, 8, 12, 0, "998 questions waiting, 8 EMERGENCY, 12 URGENT"),
        (7, 7, 0, 0, "7 EMERGENCY questions waiting"),
        (2, 0, 2, 5, "2 URGENT questions waiting, the oldest 5 min"),
        (1_204, 0, 1, 300, "1,204 questions waiting, 1 URGENT, the oldest 5 h"),
    ],
)
def test_a_summary_says_how_many_wait_how_grave_and_how_long(
    count: int, emergencies: int, urgent: int, minutes: int, expected: str
) -> None:
    waiting = Waiting(count=count, emergencies=emergencies, urgent=urgent, since=NOON - timedelta(minutes=minutes))

    found = summary(waiting, replace(SAID, code=0), now=NOON)

    assert found.text.startswith(f"Mercy Social: {expected}. Claim: {LINK}")
    assert fits(found.text)
    assert found.subject == f"Mercy Social: {expected}"


@pytest.mark.parametrize(("deadline", "words"), [(True, "answer by 12:15"), (False, "your claim ends at 12:15")])
def test_a_reminder_says_whose_it_is_and_what_ends_when(deadline: bool, words: str) -> None:  # noqa: FBT001
    found = reminder(question(), SAID, deadline=deadline)

    assert found.text == f"Mercy Social: 7F3K is yours, {words}: {LINK}"
    assert words in found.text
    assert fits(found.text)
    assert words in found.body


@given(st.integers(1, 99), st.sampled_from(Urgency), st.integers(0, 80))
def test_with_a_code_it_is_still_one_segment(code: int, urgency: Urgency, longer: int) -> None:
    said = replace(SAID, code=code, link=LINK + "x" * longer)

    assert fits(sms(question(urgency=urgency), said))


def test_a_code_is_left_out_before_the_link_is() -> None:
    roomy = replace(SAID, link="https://mercy.example.org/c/3q2-7wABCDEFGHIJKLMNOQ", code=1)

    assert sms(question(), roomy).endswith("Reply 1 to claim")
    assert sms(question(), replace(SAID, code=1)).endswith(f"{LINK} Reply 1")
