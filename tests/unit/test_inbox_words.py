"""The inbox's words: times as a person says them, and what the audit trail says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from functions.inbox import words
from switchboard.domain.question import Answer, AnswerState, Event
from tests.fakes.hospital import NOON

ZONE = "America/New_York"
NAMES = {"maria": "Maria", "james": "James"}


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (NOON, "12:00"),
        (NOON - timedelta(hours=12), "00:00"),
        (NOON - timedelta(hours=12, seconds=1), "Mon 12 Oct, 23:59"),
        (NOON + timedelta(hours=12), "Wed 14 Oct, 00:00"),
        (datetime(2027, 1, 2, 12, 0, tzinfo=UTC), "2027-01-02 07:00"),
    ],
)
def test_the_day_is_named_when_it_is_not_today(moment: datetime, expected: str) -> None:
    assert words.clock(moment, NOON, ZONE) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (23 * 60 + 59, "12:23, in 23 min"),
        (59, "12:00, in less than a minute"),
        (0, "12:00, less than a minute ago"),
        (-12 * 60, "11:48, 12 min ago"),
        (119 * 60, "13:59, in 119 min"),
        (4 * 3600, "16:00, in 4 h"),
        (-47 * 3600, "Sun 11 Oct, 13:00, 47 h ago"),
        (3 * 86400, "Fri 16 Oct, 12:00, in 3 days"),
    ],
)
def test_a_deadline_says_when_and_in_how_long(seconds: int, expected: str) -> None:
    assert words.deadline(NOON + timedelta(seconds=seconds), NOON, ZONE) == expected


@pytest.mark.parametrize(
    ("kind", "by", "detail", "expected"),
    [
        ("opened", "switchboard", "It asks {something}.", "The question was opened."),
        ("reopened", "switchboard", "", "Switchboard opened the question again."),
        ("rung", "switchboard", "step 1: maria, james", "Rung: Maria and James."),
        ("rung", "switchboard", "step 1: maria", "Rung: Maria."),
        ("claimed", "gone", "", "gone (no longer on the staff list) claimed it."),
        ("handed_over", "maria", "james", "Maria handed it over to James."),
        ("closed", "james", "spam", "James closed it: spam."),
        ("something_new", "switchboard", "x", "Something new."),
    ],
)
def test_the_audit_trail_in_words(kind: str, by: str, detail: str, expected: str) -> None:
    event = Event(question_id="Q", kind=kind, by=by, at=NOON, detail=detail)

    assert words.happened(event, NAMES) == expected


def test_how_far_an_answer_has_come() -> None:
    def told(state: AnswerState, sent_at: datetime | None = None, failure: str = "") -> str:
        answer = Answer(
            question_id="Q",
            answer_id="A",
            staff_id="maria",
            text="",
            in_reply_to="m1",
            state=state,
            created_at=NOON,
            sent_at=sent_at,
            failure=failure,
        )
        return words.delivery(answer, NOON, ZONE)

    assert told(AnswerState.PENDING) == "On its way"
    assert told(AnswerState.SENT, NOON) == "Delivered at 12:00"
    assert told(AnswerState.FAILED, failure="window_closed") == "Not delivered: Window closed"
    assert told(AnswerState.FAILED) == "Not delivered"


def test_attachments_are_counted_by_kind() -> None:
    assert words.attachments(("image", "video", "image")) == "2 images, 1 video"
    assert words.attachments(()) == ""
