from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.domain.alert_text import GSM_7, SEGMENT, Said, email, fits, sms
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
