"""What is under way in schedulers outside is brought to its end every minute, and owners are told once."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from functions.pause_stale_posts.app import MOST, MOST_WATCHED, pause_stale_posts
from functions.settle_holds.app import settle_holds
from switchboard.domain.outside import Abilities, Pausing, Step
from switchboard.domain.post import HoldState, PostState
from switchboard.domain.session import digest_of
from switchboard.errors import Misconfigured, OutcomeUnknown, Unavailable
from switchboard.verbs.giving_back import resume
from switchboard.verbs.holding import HoldingRoom
from switchboard.verbs.media_copies import MediaCopies
from switchboard.verbs.tell_owners import Letters
from tests.fakes.hospital import DOCUMENT, NOON, config
from tests.fakes.metrics import FakeMetrics
from tests.fakes.posts import FakePosts
from tests.fakes.questions import FakeQuestions
from tests.fakes.replies import Clock
from tests.fakes.schedulers import FakeMedia, FakeSchedulers, MemoryScheduler, witnesses
from tests.fakes.sessions import FakeSessions
from tests.fakes.texts import FakeMail

if TYPE_CHECKING:
    import pytest

    from switchboard.domain.post import Post

DUE = NOON + timedelta(hours=6)
OVER = "The health fair was on Oct 2, 2026, come and see us there."


class House:
    """Two schedulers, our queue, and everything that holding and telling needs."""

    def __init__(self, **changes: Any) -> None:
        self.clock = Clock()
        self.blog = MemoryScheduler(self.clock, name="blog")
        self.buffer = MemoryScheduler(self.clock, Abilities(pausing=(Pausing.RECREATE,)), name="buffer")
        self.posts = FakePosts()
        self.metrics = FakeMetrics()
        self.mail = FakeMail()
        self.sessions = FakeSessions()
        self.config = config(
            schedulers={"blog": {"kind": "wordpress", "owner": "james"}, "buffer": {"kind": "postiz"}},
            admins=["maria"],
            **changes,
        )
        self.room = HoldingRoom(
            posts=self.posts,
            schedulers=FakeSchedulers({"blog": self.blog, "buffer": self.buffer}),
            media=MediaCopies(FakeMedia(), self.clock),
            metrics=self.metrics,
            clock=self.clock,
        )

    def pause(self) -> dict[str, int]:
        return pause_stale_posts(
            room=self.room,
            witnesses=witnesses(FakeQuestions()),
            config=self.config,
            letters=Letters(mail=self.mail, sessions=self.sessions, base_url="https://inbox.example.org"),
        )

    def settle(self) -> dict[str, int]:
        return settle_holds(
            room=self.room,
            config=self.config,
            letters=Letters(mail=self.mail, sessions=self.sessions, base_url="https://inbox.example.org"),
        )

    def states(self, scheduler: MemoryScheduler) -> list[PostState]:
        return [post.state for post in scheduler.there.values()]


def test_what_is_over_is_paused_in_every_scheduler_and_its_owner_is_told_once_with_reason_and_link() -> None:
    house = House()
    there = house.blog.add(OVER, DUE)
    house.buffer.add(OVER, DUE + timedelta(hours=1))

    assert house.pause() == {"judged": 2, "stale": 2, "held": 2, "unread": 0, "told": 2}

    assert house.states(house.blog) == [PostState.DRAFT]
    assert house.states(house.buffer) == []
    assert sorted(to for to, _, _ in house.mail.sent) == ["james@example.org", "maria@example.org"]
    (told,) = [text for to, _, text in house.mail.sent if to == "james@example.org"]
    assert "Oct 2" in told
    (token,) = re.findall(r"https://inbox.example.org/c/([\w-]+)", told)
    link = house.sessions.find_token(digest_of(token), now=house.clock())
    assert link is not None
    assert (link.question_id, link.staff_id) == ("posts/blog%3Ax1", "james")
    assert there.text not in told
    assert house.settle()["told"] == 0
    assert house.pause()["told"] == 0


def test_a_message_counts_wherever_it_is_said() -> None:
    said = "Free blood pressure checks at our health fair for everybody who comes."
    house = House()
    for day in (1, 2):
        house.buffer.add(said, NOON - timedelta(days=day), state=PostState.PUBLISHED)
    house.blog.add(said + " https://example.org", DUE)

    house.pause()

    assert house.states(house.blog) == [PostState.DRAFT]
    (held,) = house.posts.holds()
    assert held.rule == "repeated"


def test_what_a_person_gave_back_is_carried_out_within_the_minute_and_left_alone() -> None:
    house = House()
    there = house.blog.add(OVER, DUE)
    house.pause()

    resume(there.post_id, by="maria", now=house.clock(), posts=house.posts)
    assert house.settle() == {"settled": 1, "left": 0, "told": 0}

    assert house.states(house.blog) == [PostState.SCHEDULED]
    assert house.pause()["held"] == 0
    assert house.states(house.blog) == [PostState.SCHEDULED]


def test_what_somebody_scheduled_again_there_is_left_alone() -> None:
    house = House()
    house.blog.add(OVER, DUE)
    house.pause()
    house.blog.change("x1", state=PostState.SCHEDULED)

    house.pause()

    assert house.states(house.blog) == [PostState.SCHEDULED]
    assert house.posts["blog:x1"].kept_by == "somebody in blog"
    assert house.pause()["held"] == 0


def test_a_scheduler_that_does_not_answer_keeps_no_other_from_being_read(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    house.blog.add(OVER, DUE)

    def away(**_more: object) -> list[Post]:
        raise Unavailable("away")

    monkeypatch.setattr(house.buffer, "posts", away)

    counts = house.pause()

    assert (counts["held"], counts["unread"]) == (1, 1)
    assert house.metrics.total("SchedulerUnread", scheduler="buffer") == 1


def test_a_scheduler_that_refuses_rests_and_its_posts_are_finished_later(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    for hour in (1, 2):
        house.blog.add(OVER, DUE + timedelta(hours=hour))

    def shut(*_args: object, **_more: object) -> None:
        raise Misconfigured("the application password does not work")

    with monkeypatch.context() as patch:
        patch.setattr(house.blog, "pause", shut)
        assert house.pause()["held"] == 0
        assert house.metrics.total("SchedulerFailed", scheduler="blog") == 1
        assert house.settle() == {"settled": 0, "left": 1, "told": 0}
    assert house.settle() == {"settled": 1, "left": 0, "told": 1}

    assert house.states(house.blog) == [PostState.DRAFT, PostState.SCHEDULED]
    assert house.pause()["held"] == 1


def test_one_that_can_only_be_read_is_told_once_and_not_again_until_it_is_moved() -> None:
    house = House()
    house.blog.abilities = Abilities(pausing=())
    house.blog.add(OVER, DUE)

    counts = house.pause()

    assert (counts["held"], counts["told"]) == (0, 1)
    assert "could not be paused" in house.mail.sent[0][1]
    assert "only be read" in house.mail.sent[0][2]
    assert "does not go out by itself" not in house.mail.sent[0][2]
    assert house.pause()["told"] == 0
    house.blog.change("x1", publish_at=DUE + timedelta(hours=1))
    assert house.pause()["told"] == 1


def test_a_crash_after_the_scheduler_was_touched_is_finished_by_the_next_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = House()
    house.blog.add(OVER, DUE)
    really = house.blog.pause

    def lost(post: Post, how: Pausing, **more: Any) -> None:
        really(post, how, **more)
        raise OutcomeUnknown("no answer")

    monkeypatch.setattr(house.blog, "pause", lost)
    read = house.blog.read
    answers = iter([True, False])

    def dying(external_id: str) -> Post | None:
        if not next(answers, True):
            raise Unavailable("the process ends here")
        return read(external_id)

    monkeypatch.setattr(house.blog, "read", dying)
    house.pause()
    assert [one.step for one in house.posts.moving()] == [Step.PAUSING]

    assert house.settle()["settled"] == 1
    assert [(one.step, one.state) for one in house.posts.holds()] == [(Step.PAUSED, HoldState.HELD)]


def test_one_run_holds_no_more_than_25_of_all_schedulers_together() -> None:
    house = House()
    for number in range(40):
        (house.blog if number % 2 else house.buffer).add(OVER, DUE + timedelta(minutes=number))

    counts = house.pause()

    assert (counts["stale"], counts["held"]) == (40, MOST)
    assert house.metrics.total("HoldsCapped") == 15


def test_many_paused_posts_are_looked_at_in_turn() -> None:
    house = House()
    for number in range(MOST_WATCHED + 10):
        house.blog.add(OVER, DUE + timedelta(days=1, minutes=number))
    for _ in range(3):
        house.pause()
    assert len(house.posts.holds()) == MOST_WATCHED + 10
    for external_id in list(house.blog.there):
        house.blog.change(external_id, state=PostState.SCHEDULED)

    for _ in range(2):
        house.clock.advance(minutes=15)
        house.pause()

    assert house.posts.holds() == []


def test_observing_touches_nothing() -> None:
    house = House(switches={"stale_posts": "observe"})
    house.blog.add(OVER, DUE)

    assert house.pause()["stale"] == 1

    assert house.states(house.blog) == [PostState.SCHEDULED]
    assert house.posts.holds() == []


def test_mail_that_fails_is_tried_again_by_the_next_minute() -> None:
    house = House()
    house.blog.add(OVER, DUE)
    house.mail.failures["james@example.org"].append(Unavailable("SES is down"))

    assert house.pause()["told"] == 0
    assert house.settle()["told"] == 1


def test_the_hospital_of_the_tests_has_the_people_that_are_told() -> None:
    assert {"maria", "james"} <= set(DOCUMENT["staff"])


def test_ten_thousand_posts_on_two_hundred_channels_of_twenty_schedulers_take_few_calls_and_hold_twenty_five() -> None:
    house = House()
    channels = {f"c{number}": {"platform": "facebook", "account_id": str(number)} for number in range(200)}
    names = [f"s{number}" for number in range(20)]
    there = {name: MemoryScheduler(house.clock, name=name) for name in names}
    house.config = config(
        channels=channels, schedulers={name: {"kind": "wordpress"} for name in names}, admins=["maria"]
    )
    house.room = replace(house.room, schedulers=FakeSchedulers(there))
    said = ("Meet the {} team of ward {}.", "Visiting hours of {} ward {} are longer.", "Thank you, {}, from ward {}!")
    for number in range(10_000):
        text = said[number % 3].format(chr(97 + number % 26) * 6, chr(97 + number // 26 % 26) * 5)
        at = NOON + timedelta(minutes=10, seconds=17 * number)
        there[names[number % 20]].add(text if number % 100 else OVER, at, channel=f"c{number % 200}")
    began = time.process_time()

    counts = house.pause()

    assert counts["judged"] == 10_000
    assert counts["held"] == MOST < counts["stale"]
    assert sum(scheduler.calls for scheduler in there.values()) <= 20 + 3 * MOST + MOST
    assert time.process_time() - began < 60
