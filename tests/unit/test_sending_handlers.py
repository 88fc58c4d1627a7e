"""The handlers that answer and publish take the events in `events/` as Lambda delivers them."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from functions.pause_stale_posts import app as pause_stale_posts
from functions.publish_due_posts import app as publish_due_posts
from functions.send_answers import app as send_answers
from switchboard import settings, wiring
from switchboard.domain.question import AnswerState
from tests.fakes.calendars import FakeCalendars
from tests.fakes.crises import FakeCrises
from tests.fakes.schedulers import FakeGovernors, FakeLinks, FakeMedia
from tests.unit.test_pause_stale_posts import Calendar, over
from tests.unit.test_publish_due_posts import Queue
from tests.unit.test_send_answers import TEXT, Hospital

if TYPE_CHECKING:
    from collections.abc import Callable

EVENTS = Path(__file__).parents[2] / "events"
CONTEXT: Any = SimpleNamespace(function_name="f", aws_request_id="1", get_remaining_time_in_millis=lambda: 55_000)


def event(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return found


def at(moment: Any) -> Any:
    """Return a `datetime` whose `now` is *moment*."""
    return SimpleNamespace(now=lambda _: moment)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    for reader in ("SendAnswers", "PauseStalePosts", "PublishDuePosts"):
        config = SimpleNamespace(
            questions_table="q",
            posts_table="p",
            graph_url="g",
            channel_secrets_prefix="s/",
            scheduler_secrets_prefix="t/",
            scheduler_urls="{}",
            short_lived_table="l",
            media_bucket="m",
            sender_email="inbox@example.org",
            receipts_set="r",
            public_base_url="https://inbox.example.org",
        )
        monkeypatch.setattr(getattr(settings, reader), "read", lambda config=config: config)

    def use(app: Any, now: Any, **ports: Any) -> None:
        monkeypatch.setattr(app, "datetime", at(now))
        for name, port in ports.items():
            monkeypatch.setattr(wiring, name, lambda *_, port=port: port)

    return use


def wire_hospital(wire: Callable[..., None], hospital: Hospital) -> None:
    wire(
        send_answers,
        hospital.clock(),
        questions=hospital.questions,
        replies=hospital.replies,
        secrets=hospital.secrets,
        automation=hospital.automation,
    )


def test_an_answer_in_the_stream_is_sent(
    wire: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hospital = Hospital()
    wire_hospital(wire, hospital)
    monkeypatch.setattr(wiring, "metrics", lambda: hospital.metrics)

    answer = send_answers.handler(event("send_answers"), CONTEXT)

    assert answer == {"batchItemFailures": []}
    assert hospital.there == [TEXT]
    assert hospital.metrics.flushes == 1
    assert TEXT not in capsys.readouterr().out


def test_a_record_that_fails_is_named_and_stays_due(wire: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    hospital = Hospital()
    wire_hospital(wire, hospital)
    monkeypatch.setattr(wiring, "metrics", lambda: hospital.metrics)
    monkeypatch.setattr(hospital.automation, "readable", False)
    monkeypatch.setattr(hospital.automation, "last_good", None)

    answer: Any = send_answers.handler(event("send_answers"), CONTEXT)

    assert [failure["itemIdentifier"] for failure in answer["batchItemFailures"]] == ["4421584500000000017450439091"]
    assert hospital.store.due_answers(hospital.clock()) == [hospital.id]


def test_the_timer_sends_what_is_due(wire: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    hospital = Hospital()
    wire_hospital(wire, hospital)
    monkeypatch.setattr(wiring, "metrics", lambda: hospital.metrics)

    assert send_answers.handler(event("send_answers_timer"), CONTEXT) == {"sent": 1, "failed": 0, "left": 0}

    assert hospital.sent.state is AnswerState.SENT


def test_the_timer_publishes_what_is_due(wire: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    queue = Queue()
    wire(
        publish_due_posts,
        queue.clock(),
        posts=queue.posts,
        publishers=queue.publishers,
        secrets=queue.secrets,
        automation=queue.automation,
        crises=FakeCrises(),
    )
    monkeypatch.setattr(wiring, "metrics", lambda: queue.metrics)

    assert publish_due_posts.handler(event("publish_due_posts"), CONTEXT)["published"] == 1

    assert queue.metrics.flushes == 1


def test_the_timer_holds_what_is_stale(wire: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    calendar = Calendar(over())
    now = over().publish_at
    wire(
        pause_stale_posts,
        now,
        posts=calendar.posts,
        questions=calendar.questions,
        automation=calendar.automation,
        mail=calendar.mail,
        sessions=calendar.sessions,
        media=FakeMedia(),
        scheduler_secrets=None,
        calendars=FakeCalendars(),
        governors=FakeGovernors(),
        link_looks=FakeLinks(),
    )
    monkeypatch.setattr(wiring, "metrics", lambda: calendar.metrics)

    assert pause_stale_posts.handler(event("pause_stale_posts"), CONTEXT)["held"] == 1

    assert calendar.metrics.flushes == 1
