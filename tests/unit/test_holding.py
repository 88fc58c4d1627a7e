"""Holding and giving back a post in a scheduler outside, in every way that schedulers allow."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from switchboard.domain.journal import MOST_ATTEMPTS, SETTLE
from switchboard.domain.outside import Abilities, Pausing, Step
from switchboard.domain.post import HoldState, PostState
from switchboard.errors import OutcomeUnknown, Rejected, Unavailable
from switchboard.verbs.giving_back import discard, resume
from switchboard.verbs.holding import HoldingRoom, hold, settle
from switchboard.verbs.media_copies import MediaCopies
from tests.fakes.hospital import NOON
from tests.fakes.metrics import FakeMetrics
from tests.fakes.posts import FakePosts
from tests.fakes.replies import Clock
from tests.fakes.schedulers import FakeMedia, FakeSchedulers, MemoryScheduler

if TYPE_CHECKING:
    from switchboard.domain.post import Hold, Post

DUE = NOON + timedelta(hours=6)
WAYS = [(Pausing.NATIVE,), (Pausing.RESCHEDULE,), (Pausing.RECREATE,), (Pausing.RESCHEDULE, Pausing.RECREATE)]


def _nothing(*_args: object, **_more: object) -> None:
    """Say yes, and do nothing."""


class House:
    """One scheduler, one post in it, and what is needed to hold it."""

    def __init__(self, *ways: Pausing, forgets: bool = False, **abilities: Any) -> None:
        self.clock = Clock()
        self.there = MemoryScheduler(
            self.clock, Abilities(pausing=ways, renames_published=forgets, **abilities), forgets=forgets
        )
        self.posts = FakePosts()
        self.room = HoldingRoom(
            posts=self.posts,
            schedulers=FakeSchedulers({"outside": self.there}),
            media=MediaCopies(FakeMedia(), self.clock),
            metrics=FakeMetrics(),
            clock=self.clock,
        )
        self.post = self.there.add("The health fair is on Saturday.", DUE)

    def hold(self, post: Post | None = None) -> Hold:
        held = hold(self.room, post or self.post, rule="event_over", reason="It is over.", evidence=("Oct 12",))
        assert held is not None
        return held

    def resume(self, **changes: Any) -> Hold:
        resume(self.post.post_id, by="maria", now=self.clock(), posts=self.posts, **changes)
        held = settle(self.room, self.post.post_id)
        assert held is not None
        return held

    def scheduled(self) -> list[Post]:
        soon = self.clock() + timedelta(days=20)
        return [
            post for post in self.there.there.values() if post.state is PostState.SCHEDULED and post.publish_at < soon
        ]


@pytest.mark.parametrize("ways", WAYS)
def test_a_post_is_paused_and_that_is_read_back(ways: tuple[Pausing, ...]) -> None:
    house = House(*ways)

    held = house.hold()

    assert (held.step, held.state, held.how) == (Step.PAUSED, HoldState.HELD, ways[0])
    assert held.snapshot.text == house.post.text
    assert held.snapshot.publish_at == DUE
    assert house.scheduled() == []
    assert house.posts[house.post.post_id].state is PostState.HELD


@pytest.mark.parametrize("ways", WAYS)
def test_a_person_gives_it_back_at_the_time_it_had(ways: tuple[Pausing, ...]) -> None:
    house = House(*ways)
    house.hold()

    held = house.resume()

    assert (held.step, held.state, held.released_by) == (Step.RESUMED, HoldState.RESUMED, "maria")
    assert [(post.text, post.publish_at) for post in house.scheduled()] == [(house.post.text, DUE)]
    row = house.posts[house.post.post_id]
    assert (row.state, row.kept_by) == (PostState.SCHEDULED, "maria")
    assert row.outside is not None
    assert row.outside.external_id in house.there.there


@pytest.mark.parametrize("ways", WAYS)
def test_a_post_whose_time_has_come_is_a_draft_and_nothing_goes_out(ways: tuple[Pausing, ...]) -> None:
    house = House(*ways)
    house.hold()
    house.clock.now = DUE - timedelta(minutes=14)

    held = house.resume()

    assert (held.step, held.state) == (Step.PAUSED, HoldState.HELD)
    assert house.posts[house.post.post_id].state is PostState.DRAFT
    house.clock.advance(hours=2)
    house.there.tick()
    assert house.there.out == []
    assert house.resume(at=house.clock() + timedelta(hours=1)).state is HoldState.RESUMED
    assert len(house.scheduled()) == 1


@pytest.mark.parametrize("ways", WAYS)
def test_a_discarded_post_never_goes_out(ways: tuple[Pausing, ...]) -> None:
    house = House(*ways)
    house.hold()

    discard(house.post.post_id, by="maria", now=house.clock(), posts=house.posts)
    held = settle(house.room, house.post.post_id)

    assert held is not None
    assert held.state is HoldState.DISCARDED
    house.clock.advance(days=800)
    house.there.tick()
    assert house.there.out == []


@pytest.mark.parametrize("ways", WAYS[:3])
def test_what_a_person_changes_in_the_scheduler_is_the_last_word(ways: tuple[Pausing, ...]) -> None:
    house = House(*ways)
    held = house.hold()
    external_id = "x1"
    if ways == (Pausing.RECREATE,):
        return  # it is not there any more, so nobody can
    house.there.change(external_id, state=PostState.SCHEDULED, publish_at=DUE + timedelta(days=3))

    held = settle(house.room, house.post.post_id) or held

    assert (held.state, held.released_by) == (HoldState.RESUMED, "somebody in outside")
    assert house.posts[house.post.post_id].kept_by == "somebody in outside"


def test_what_is_due_too_soon_is_left_alone_and_told() -> None:
    house = House(Pausing.NATIVE)
    house.clock.now = DUE - timedelta(minutes=4)

    held = house.hold()

    assert held.state is HoldState.NOT_HELD
    assert "Too late" in held.problem
    assert len(house.scheduled()) == 1


def test_a_scheduler_that_can_only_be_read_says_so() -> None:
    house = House()

    held = house.hold()

    assert held.state is HoldState.NOT_HELD
    assert "only be read" in held.problem
    assert house.there.calls == 0


def test_a_way_that_is_closed_leads_to_the_next_and_the_last_to_a_person() -> None:
    house = House(Pausing.RESCHEDULE, Pausing.RECREATE)
    house.there.closed = {Pausing.RESCHEDULE}
    assert (house.hold().how, house.scheduled()) == (Pausing.RECREATE, [])

    house = House(Pausing.RESCHEDULE)
    house.there.closed = {Pausing.RESCHEDULE}
    held = house.hold()
    assert (held.state, held.problem) == (HoldState.NOT_HELD, "this way is closed for this post")
    assert house.posts[house.post.post_id].state is PostState.SCHEDULED


def test_a_scheduler_that_says_yes_and_does_nothing_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(Pausing.NATIVE)
    monkeypatch.setattr(house.there, "pause", _nothing)

    held = house.hold()
    assert held.step is Step.PAUSING  # not paused, and not said to be
    for _ in range(MOST_ATTEMPTS + 1):
        house.clock.advance(minutes=3)
        held = settle(house.room, house.post.post_id) or held

    assert held.state is HoldState.NOT_HELD
    assert "by hand" in held.problem


def test_an_unknown_outcome_is_looked_up_and_nothing_is_made_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(Pausing.RECREATE)
    twin = house.there.add(house.post.text, DUE)
    house.hold()
    really = house.there.resume

    def lost(*args: Any, **kwargs: Any) -> str:
        really(*args, **kwargs)
        raise OutcomeUnknown("no answer")

    monkeypatch.setattr(house.there, "resume", lost)
    house.resume()
    house.clock.advance(seconds=SETTLE.total_seconds() + 1)
    held = settle(house.room, house.post.post_id)

    assert held is not None
    assert held.state is HoldState.RESUMED
    assert len(house.scheduled()) == 2  # it and its twin
    row = house.posts[house.post.post_id]
    assert row.outside is not None
    assert twin.outside is not None
    assert row.outside.external_id != twin.outside.external_id


def test_a_refusal_to_take_it_back_leaves_it_with_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(Pausing.NATIVE)
    house.hold()

    def refused(*_args: Any, **_more: Any) -> str:
        raise Rejected("its picture is too large")

    monkeypatch.setattr(house.there, "resume", refused)
    held = house.resume()

    assert (held.step, held.state, held.problem) == (Step.PAUSED, HoldState.HELD, "its picture is too large")
    assert house.posts[house.post.post_id].state is PostState.DRAFT


def test_an_unreachable_scheduler_is_asked_again_at_once_by_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(Pausing.NATIVE)

    def away(*_args: Any, **_more: Any) -> None:
        raise Unavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(house.there, "pause", away)
        with pytest.raises(Unavailable):
            house.hold()
    held = settle(house.room, house.post.post_id)

    assert held is not None
    assert held.step is Step.PAUSED


def test_what_is_parked_is_moved_again_before_its_time_comes() -> None:
    house = House(Pausing.RESCHEDULE, parks_until=timedelta(days=28))
    first = house.hold().parked_until
    assert first is not None
    house.clock.now = first - timedelta(days=6)

    held = settle(house.room, house.post.post_id)

    assert held is not None
    assert held.step is Step.PAUSED
    assert held.parked_until is not None
    assert held.parked_until - first > timedelta(days=20)
    assert held.snapshot.publish_at == DUE


def test_two_posts_given_back_do_not_go_out_together() -> None:
    house = House(Pausing.NATIVE)
    other = house.there.add("The clinic has new hours.", DUE + timedelta(minutes=5))
    house.hold()
    house.hold(other)

    house.resume()
    later = resume(other.post_id, by="maria", now=house.clock(), posts=house.posts)

    assert later.publish_at == DUE + timedelta(minutes=30)
    assert "30 minutes" in later.reason


def test_other_words_are_sent_with_the_new_time() -> None:
    house = House(Pausing.NATIVE)
    house.hold()

    house.resume(at=DUE + timedelta(days=1), text="The health fair is on Sunday.")

    assert [(post.text, post.publish_at) for post in house.scheduled()] == [
        ("The health fair is on Sunday.", DUE + timedelta(days=1))
    ]


def test_a_post_that_is_held_cannot_be_held_again() -> None:
    house = House(Pausing.NATIVE)
    house.hold()

    assert hold(house.room, replace(house.post), rule="repeated", reason="Again.") is None


@pytest.mark.parametrize("manner", ["shows it", "forgets it"])
def test_a_post_that_went_out_meanwhile_is_not_said_to_be_paused(manner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(Pausing.RECREATE, forgets=manner == "forgets it")

    def dead(*_args: Any, **_more: Any) -> None:
        raise OutcomeUnknown("no answer")

    monkeypatch.setattr(house.there, "pause", dead)
    house.hold()
    house.clock.now = DUE + timedelta(minutes=1)
    house.there.tick()
    held = settle(house.room, house.post.post_id)

    assert held is not None
    assert (held.state, held.problem) == (HoldState.NOT_HELD, "It went out before it could be paused.")


@pytest.mark.parametrize(
    ("left", "state"), [(timedelta(minutes=5), HoldState.HELD), (timedelta(minutes=5, seconds=-1), HoldState.NOT_HELD)]
)
def test_what_is_due_in_less_than_five_minutes_is_not_begun(left: timedelta, state: HoldState) -> None:
    house = House(Pausing.NATIVE)
    soon = house.there.add("Soon.", house.clock() + left)
    calls = house.there.calls

    held = house.hold(soon)

    assert held.state is state
    if state is HoldState.NOT_HELD:
        assert held.problem == "Too late: it is due in less than 5 minutes."
        assert house.there.calls == calls
        assert house.posts[soon.post_id].state is PostState.SCHEDULED


def test_what_its_scheduler_does_not_let_us_pause_is_not_begun() -> None:
    house = House(Pausing.NATIVE)
    assert house.post.outside is not None
    locked = replace(house.post, outside=replace(house.post.outside, cannot_pause="Do it there by hand."))

    held = house.hold(locked)

    assert (held.state, held.problem) == (HoldState.NOT_HELD, "Do it there by hand.")
    assert house.scheduled() == [house.post]


def test_while_it_is_being_paused_the_calendar_has_it_as_held() -> None:
    house = House(Pausing.NATIVE)
    seen: list[PostState] = []
    house.posts.before_commit.append(lambda: None)
    house.posts.before_commit.append(lambda: seen.append(house.posts[house.post.post_id].state))

    house.hold()

    assert seen == [PostState.HELD]
