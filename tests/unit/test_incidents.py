"""Incidents of a pager service end when somebody has the question, and when it is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from switchboard.domain.handling import claim, close
from switchboard.domain.question import Change
from switchboard.errors import Unavailable
from switchboard.verbs.attend import attend
from switchboard.verbs.incidents import settle_incidents
from tests.fakes.hospital import DOCUMENT, NOON, message
from tests.fakes.house import House


@pytest.fixture
def rung() -> tuple[House, str]:
    on_pager = DOCUMENT["staff"]["maria"] | {"alert_by": ["pagerduty", "sms"]}
    house = House(staff=DOCUMENT["staff"] | {"maria": on_pager})
    question_id = house.receives(message())
    attend(question_id, house.room, now=NOON)
    return house, question_id


def does(house: House, change: Any) -> None:
    assert isinstance(change, Change)
    house.questions.commit(change)


def test_a_claim_acknowledges_and_the_end_resolves(rung: tuple[House, str]) -> None:
    house, question_id = rung
    assert [contact for contact, _ in house.hooks.sent] == ["pagerduty"]
    assert settle_incidents(house.conversation(question_id), house.room) == 0

    does(house, claim(house.conversation(question_id), "james", now=NOON, lasting=timedelta(hours=1)))
    assert settle_incidents(house.conversation(question_id), house.room) == 1
    does(house, close(house.conversation(question_id), "james", now=NOON, why="done"))
    assert settle_incidents(house.conversation(question_id), house.room) == 1

    assert house.hooks.settled == [(question_id, False), (question_id, True)]


def test_a_service_that_does_not_answer_keeps_nobody_from_anything(rung: tuple[House, str]) -> None:
    house, question_id = rung
    does(house, claim(house.conversation(question_id), "james", now=NOON, lasting=timedelta(hours=1)))
    house.hooks.failures["settle"].append(Unavailable("down"))

    assert settle_incidents(house.conversation(question_id), house.room) == 0


def test_who_was_rung_otherwise_has_no_incident() -> None:
    house = House()
    question_id = house.receives(message())
    attend(question_id, house.room, now=NOON)
    does(house, claim(house.conversation(question_id), "james", now=NOON, lasting=timedelta(hours=1)))

    assert settle_incidents(house.conversation(question_id), house.room) == 0
    assert not house.hooks.settled
