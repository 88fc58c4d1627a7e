"""The sample events of the inbox are what API Gateway sends, and each does what its name says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.inbox.app import inbox
from switchboard.domain.post import PostState
from switchboard.domain.question import Change
from switchboard.domain.session import LinkToken, Session, digest_of
from tests.architecture.template import functions
from tests.fakes.automation import FakeAutomation
from tests.fakes.hospital import config
from tests.fakes.posted import held, waiting
from tests.fakes.visitor import House

POSTS = [
    waiting("flu-scheduled"),
    waiting("flu-to-approve", state=PostState.TO_APPROVE, category="clinical", author="james"),
]
SAMPLES = sorted((Path(__file__).parents[2] / "events").glob("inbox*.json"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_event_is_served(sample: Path) -> None:
    event: dict[str, Any] = json.loads(sample.read_text())
    house = House(automation=FakeAutomation(config(posts={"approvals": {"clinical": ["maria"]}}, admins=["maria"])))
    held(house, waiting("flu-held"))
    known = (event["pathParameters"] or {}).get("question_id", house.question_id)
    if known != house.question_id:
        question = replace(house.question, question_id=known, version=1)
        house.questions.commit(Change(question=question, messages=house.conversation.messages))
    for post in POSTS:
        house.posts.put(post)
    cookie = event["headers"].get("Cookie", "=").partition("=")[2]
    later = house.now + timedelta(minutes=30)
    house.sessions.put_token(
        LinkToken(digest=digest_of(event["path"][3:]), question_id=known, staff_id="maria", expires_at=later)
    )
    house.sessions.put_session(
        Session(
            digest=digest_of(cookie),
            staff_id="maria",
            csrf_token="Y3NyZi10b2tlbi1vZi10aGUtc2FtcGxlLWV2ZW50cw",
            expires_at=later,
        )
    )

    answer = inbox(event, desk=house.desk, now=house.now)

    assert answer["statusCode"] == (200 if event["httpMethod"] == "GET" or sample.stem == "inbox_sign_out" else 303), (
        answer["body"]
    )


def test_there_is_a_sample_event_for_every_route() -> None:
    assert len(SAMPLES) == len(functions()["InboxFunction"]["Events"])
