"""The crisis switch stops every post at once, says what it could not stop, and gives nothing back by itself."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from functions.pause_all_posts.app import pause_all_posts
from switchboard.domain.crisis import MOST_LISTED, UNLESS_SAID, Crisis, in_force
from switchboard.domain.outside import Abilities, Pausing
from switchboard.domain.post import Post, PostState
from switchboard.errors import Conflict, OutcomeUnknown, Rejected, Unavailable
from switchboard.verbs.crisis import end_crisis, may_switch, start_crisis
from switchboard.verbs.giving_back import resume
from switchboard.verbs.holding import HoldingRoom, settle
from switchboard.verbs.media_copies import MediaCopies
from tests.fakes.crises import FakeCrises
from tests.fakes.hospital import NOON, config
from tests.fakes.metrics import FakeMetrics
from tests.fakes.posts import FakePosts
from tests.fakes.replies import Clock
from tests.fakes.schedulers import FakeMedia, FakeSchedulers, MemoryScheduler
from tests.fakes.texts import FakeMail

if TYPE_CHECKING:
    from switchboard.verbs.crisis import Switched

DUE = NOON + timedelta(hours=6)
KINDS = ("native", "reschedule", "recreate")


class House:
    """Schedulers of all manners, our own queue, and the switch."""

    def __init__(self, schedulers: int = 3, **changes: Any) -> None:
        self.clock = Clock()
        self.config = config(admins=["maria"], **changes)
        self.mail = FakeMail()
        self.crises = FakeCrises()
        self.metrics = FakeMetrics()
        self.posts = FakePosts()
        self.there = {
            f"s{number}": MemoryScheduler(
                self.clock, Abilities(pausing=(Pausing(KINDS[number % 3]),)), name=f"s{number}"
            )
            for number in range(schedulers)
        }
        self.room = HoldingRoom(
            posts=self.posts,
            schedulers=FakeSchedulers(self.there),
            media=MediaCopies(FakeMedia(), self.clock),
            metrics=self.metrics,
            clock=self.clock,
        )

    def own(self, number: int = 1, **changes: Any) -> Post:
        post = Post(**{"post_id": f"p{number}", "channel": "facebook", "text": "News.", "publish_at": DUE} | changes)
        self.posts.put(post)
        return post

    def start(self, **changes: Any) -> Switched:
        given: dict[str, Any] = {"reason": "a shooting", "by": "maria", "via": "inbox"} | changes
        return start_crisis(crises=self.crises, config=self.config, mail=self.mail, now=self.clock(), **given)

    def end(self, by: str = "james") -> Switched:
        return end_crisis(by=by, crises=self.crises, now=self.clock())

    def run(self) -> dict[str, int]:
        return pause_all_posts(room=self.room, crises=self.crises, config=self.config, mail=self.mail)

    def scheduled(self) -> int:
        soon = self.clock() + timedelta(days=20)
        return sum(
            post.state is PostState.SCHEDULED and post.publish_at < soon
            for scheduler in self.there.values()
            for post in scheduler.there.values()
        )

    @property
    def crisis(self) -> Crisis:
        assert self.crises.now is not None
        return self.crises.now


def test_two_hundred_posts_in_six_schedulers_and_the_queue_are_paused_by_one_run_with_few_calls() -> None:
    house = House(schedulers=6)
    for number in range(200):
        house.there[f"s{number % 6}"].add(f"Class {number}", DUE + timedelta(minutes=number))
    house.own()
    house.start()

    assert house.run() == {"held": 201, "not_paused": 0}

    assert house.scheduled() == 0
    calls = sum(scheduler.calls for scheduler in house.there.values())
    assert calls <= 6 + 3 * 200
    assert house.crisis.held == 201
    assert house.posts["p1"].state is PostState.HELD


def test_the_list_says_what_was_not_paused_and_why() -> None:
    house = House()
    house.there["s0"].add("Soon.", NOON + timedelta(minutes=3))
    house.there["s1"].abilities = Abilities(pausing=())
    house.there["s1"].add("Cannot.", DUE)
    house.start()

    assert house.run()["not_paused"] == 2
    assert house.run()["not_paused"] == 2

    assert [(one.scheduler, one.why) for one in house.crisis.not_paused] == [
        ("s0", "Too late: it is due in less than 5 minutes."),
        ("s1", "s1 can only be read: pause it there by hand."),
    ]
    assert len(house.posts.untold()) == 2


def test_a_scheduler_that_does_not_answer_is_on_the_list_and_keeps_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    house.there["s0"].add("There.", DUE)

    def away(**_more: object) -> list[Post]:
        raise Unavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(house.there["s2"], "posts", away)
        house.start()
        assert house.run() == {"held": 1, "not_paused": 1}
        assert house.crisis.not_paused[0].scheduler == "s2"
    assert house.run() == {"held": 1, "not_paused": 0}
    assert house.crisis.not_paused == ()


def test_what_is_scheduled_meanwhile_is_held_as_well() -> None:
    house = House()
    house.start()
    house.run()
    house.there["s0"].add("New.", DUE)

    assert house.run()["held"] == 1


def test_what_a_person_kept_before_is_held_and_what_one_gives_back_since_is_left_alone() -> None:
    house = House()
    post = house.there["s0"].add("Kept.", DUE)
    house.start()
    house.run()
    house.clock.advance(minutes=1)

    resume(post.post_id, by="maria", now=house.clock(), posts=house.posts)
    settle(house.room, post.post_id)
    assert house.run()["held"] == 0
    assert house.scheduled() == 1

    house.end()
    house.clock.advance(minutes=1)
    house.start()
    assert house.run()["held"] == 1
    assert house.scheduled() == 0


def test_when_it_ends_what_is_held_stays_held_and_nothing_more_is() -> None:
    house = House()
    house.there["s0"].add("Held.", DUE)
    house.start()
    house.run()

    assert house.end().changed

    assert house.run() == {"held": 0, "not_paused": 0}
    assert house.scheduled() == 0
    house.there["s0"].add("After.", DUE)
    house.run()
    assert house.scheduled() == 1
    assert [(one.started_by, one.ended_by) for one in house.crises.past()] == [("maria", "james")]


def test_it_ends_by_itself_at_its_end_and_gives_nothing_back() -> None:
    house = House()
    house.there["s0"].add("Held.", DUE + timedelta(days=2))
    house.start(until=NOON + timedelta(hours=1))
    house.run()
    house.clock.advance(hours=1)

    assert in_force(house.crises.current(), house.config, house.clock()) is None
    told = len(house.mail.sent)
    assert house.run() == {"held": 0, "not_paused": 0}
    house.run()
    assert len(house.mail.sent) == told + 1
    assert house.scheduled() == 0


def test_starting_twice_prolongs_and_ending_twice_is_harmless() -> None:
    house = House()
    house.start(until=NOON + timedelta(hours=2))
    assert not house.start(until=NOON + timedelta(hours=1)).changed
    assert house.start(until=NOON + timedelta(hours=3), by="james").changed

    assert (house.crisis.until, house.crisis.started_by) == (NOON + timedelta(hours=3), "maria")
    assert house.end().changed
    assert not house.end().changed
    house.run()
    house.run()
    assert Counter(subject for _, subject, _ in house.mail.sent) == {
        f"{house.config.organisation}: all automatic posts are stopped": 1,
        f"{house.config.organisation}: the stop of all posts is over": 1,
    }


def test_of_two_people_who_turn_it_at_once_one_starts_it_and_nobody_is_told_twice() -> None:
    house = House()
    house.crises.before_save.append(lambda: house.start(by="james") and None)

    done = house.start()

    assert house.crisis.started_by == "james"
    assert not done.changed
    assert len(house.mail.sent) == 1


def test_without_an_end_it_lasts_a_day_and_an_end_in_the_past_is_refused() -> None:
    house = House()
    with pytest.raises(Rejected):
        house.start(until=NOON)
    house.start(reason="  ")

    assert house.crisis.until == NOON + UNLESS_SAID
    assert house.crisis.reason == "no reason was given"


def test_the_config_turns_it_as_long_as_it_says_so() -> None:
    house = House(crisis={"reason": "a storm"})
    house.there["s0"].add("Held.", DUE)

    assert house.run()["held"] == 1
    assert (house.crisis.via, house.crisis.reason) == ("config", "a storm")
    assert len(house.mail.sent) == 1
    assert house.run()["held"] == 1

    house.config = config(admins=["maria"])
    assert house.run() == {"held": 0, "not_paused": 0}
    assert house.scheduled() == 0


def test_a_kill_between_any_two_calls_is_made_good_by_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in range(3):
        for at in range(8):
            house = House()
            scheduler = house.there[f"s{kind}"]
            scheduler.add("Held.", DUE)
            house.start()
            calls = iter(range(100))

            def dying(name: str, really: Any, calls: Any = calls, at: int = at) -> Any:
                def call(*args: Any, **kwargs: Any) -> Any:
                    number = next(calls)
                    if number == at:
                        raise Unavailable("killed before")
                    result = really(*args, **kwargs)
                    if number + 4 == at and name == "pause":
                        raise OutcomeUnknown("killed after")
                    return result

                return call

            with monkeypatch.context() as patch:
                for name in ("posts", "read", "pause"):
                    patch.setattr(scheduler, name, dying(name, getattr(scheduler, name)))
                house.run()
            house.clock.advance(minutes=3)
            for post_id in [one.post_id for one in house.posts.moving()]:
                settle(house.room, post_id)

            assert house.run() == {"held": 1, "not_paused": 0}, (kind, at)
            assert house.scheduled() == 0


def test_who_lists_does_not_overwrite_who_turns_the_switch() -> None:
    house = House()
    house.there["s0"].add("Held.", DUE)
    house.start()
    house.crises.before_save.append(lambda: house.end() and None)

    house.run()

    assert house.crisis.ended_by == "james"


def test_a_long_list_is_cut_and_counted() -> None:
    house = House()
    house.there["s0"].abilities = Abilities(pausing=())
    for number in range(MOST_LISTED + 20):
        house.there["s0"].add(f"Class {number}", DUE)
    house.start()

    house.run()

    assert (len(house.crisis.not_paused), house.crisis.open_count) == (MOST_LISTED, MOST_LISTED + 20)


def test_only_admins_may_turn_it_or_the_last_resort_where_there_are_none() -> None:
    named = config(admins=["james"])
    unnamed = config(admins=[])

    assert (may_switch("james", named), may_switch("maria", named)) == (True, False)
    assert may_switch(unnamed.last_resort, unnamed)


def test_a_switch_that_many_turn_says_so() -> None:
    house = House()

    def other() -> None:
        house.crises.before_save.append(other)
        raise Conflict("others")

    house.crises.before_save.append(other)

    with pytest.raises(Conflict):
        house.start()
