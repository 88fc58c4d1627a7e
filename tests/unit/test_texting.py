"""What staff may text, and what the replies say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.domain.alert_text import fits
from switchboard.domain.question import Question, QuestionState
from switchboard.domain.texting import AWAY_AT_MOST, Command, initial, listed, one_segment, parse
from switchboard.domain.vocabulary import Urgency
from tests.fakes.hospital import NOON

QUESTION = Question(
    question_id="K7QDAAAA",
    channel="facebook",
    platform="facebook",
    kind="comment",
    thread_id="t1",
    author_id="a1",
    state=QuestionState.OPEN,
    opened_at=NOON - timedelta(minutes=12),
    last_message_at=NOON,
)


@pytest.mark.parametrize(
    "text", ["1", " 1 ", "1.", "#1", "1 claim", "1c", "1 C", "claim 1", "1 yes", "1)", "1 ok!", "\uff11"]
)
def test_a_number_claims(text: str) -> None:
    assert parse(text) == Command(verb="claim", named="1")


@pytest.mark.parametrize("text", ["2 done", "2DONE", "2 Done.", "done 2", "2d", "#2 done", "2  done"])
def test_done_closes(text: str) -> None:
    assert parse(text) == Command(verb="done", named="2")


@pytest.mark.parametrize("text", ["12 pass", "12p", "pass 12", "12 no", "12 next"])
def test_pass_rings_the_next(text: str) -> None:
    assert parse(text) == Command(verb="pass", named="12")


@pytest.mark.parametrize(("text", "named"), [("K7QD", "k7qd"), ("k7qd done", "k7qd"), ("3abc", "3abc")])
def test_a_question_may_be_named_by_its_ref(text: str, named: str) -> None:
    assert parse(text).named == named


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("?", "list"),
        (" ? ", "list"),
        ("??", "list"),
        ("List", "list"),
        ("help", "help"),
        ("HELP!", "help"),
        ("Back", "back"),
        ("yes", "claim"),
        ("done", "done"),
        ("pass", "pass"),
        ("start", "opted_in"),
        ("", "unknown"),
        ("!", "unknown"),
        ("I am on my way", "unknown"),
        ("1 2", "unknown"),
        ("1 stop", "unknown"),
        ("away tomorrow", "unknown"),
        ("👍", "unknown"),
    ],
)
def test_other_words(text: str, verb: str) -> None:
    assert parse(text).verb == verb


@pytest.mark.parametrize(
    "word", ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REMOVE", "ARRET", "OPTOUT"]
)
@pytest.mark.parametrize("form", ["{}", "{}.", " {} ", "'{}'", "{}!"])
def test_the_carriers_words_are_never_commands(word: str, form: str) -> None:
    for cased in (word, word.lower(), word.title()):
        assert parse(form.format(cased)).verb == "opted_out"


@pytest.mark.parametrize("text", ["Stop all", "opt-out", "Opt out", "ARRÊT"])
def test_they_may_be_written_in_parts(text: str) -> None:
    assert parse(text).verb == "opted_out"


@pytest.mark.parametrize(
    ("text", "lasting"),
    [
        ("AWAY 2h", timedelta(hours=2)),
        ("away 2 hours", timedelta(hours=2)),
        ("Away 90m", timedelta(minutes=90)),
        ("away for 3 days", timedelta(days=3)),
        ("AWAY2H", timedelta(hours=2)),
        ("away", timedelta(hours=1)),
        ("away 9999d", AWAY_AT_MOST),
    ],
)
def test_away_says_how_long(text: str, lasting: timedelta) -> None:
    assert parse(text) == Command(verb="away", lasting=lasting)


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    assert parse(text).verb
    assert fits(one_segment(text))


def test_the_list_names_what_is_most_urgent_first() -> None:
    grave = replace(QUESTION, question_id="9MZCAAAA", urgency=Urgency.EMERGENCY, opened_at=NOON - timedelta(minutes=3))
    mine = replace(
        QUESTION,
        question_id="AB2DAAAA",
        state=QuestionState.CLAIMED,
        owner="maria",
        opened_at=NOON - timedelta(hours=5),
    )

    text = listed([(1, QUESTION), (2, grave), (3, mine)], "maria", now=NOON)

    assert text == "3 questions: 2 9MZC EMERGENCY 3 min; 3 AB2D 5 h yours; 1 K7QD 12 min"
    assert listed([], "maria", now=NOON) == "Nothing waits for you."


@pytest.mark.parametrize("count", [1, 5, 8, 30, 200])
def test_a_long_list_fits_one_segment_and_says_how_many_more(count: int) -> None:
    entries = [(number, replace(QUESTION, urgency=Urgency.URGENT)) for number in range(1, count + 1)]

    text = listed(entries, "maria", now=NOON)

    assert fits(text)
    assert str(count) in text
    if count >= 8:
        assert "in the inbox" in text


def test_colleagues_are_named_by_their_initial() -> None:
    assert initial("Maria Lopez") == "M."
    assert initial("Éva") == "E."
    assert initial("") == "a colleague"
