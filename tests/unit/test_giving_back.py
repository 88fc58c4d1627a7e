"""What a person does with a held post is done once, and for the words and the time that they saw."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from switchboard.domain.outside import Pausing, Step
from switchboard.domain.post import HoldState, Post, PostState
from switchboard.errors import OutcomeUnknown, Rejected
from switchboard.verbs.giving_back import APART, discard, pause_by_hand, resume
from switchboard.verbs.holding import settle
from tests.fakes.hospital import NOON
from tests.fakes.posts import FakePosts
from tests.unit.test_holding import DUE, House

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from switchboard.domain.post import Hold
    from switchboard.ports import MediaFile


def _own(*others: Post) -> FakePosts:
    post = Post(post_id="p1", channel="facebook", text="News.", publish_at=DUE, approved_by="james")
    posts = FakePosts(post, *others)
    pause_by_hand("p1", by="maria", why="wait", now=NOON, posts=posts)
    return posts


def test_an_approval_is_of_the_words_that_were_approved() -> None:
    for text, approved in ((None, "james"), ("News.", "james"), ("Other news.", None)):
        posts = _own()
        resume("p1", by="maria", now=NOON, posts=posts, text=text)
        assert posts["p1"].approved_by == approved
        assert posts["p1"].text == (text or "News.")


def test_what_is_on_its_way_is_neither_given_back_nor_discarded_again() -> None:
    house = House(Pausing.NATIVE)
    house.hold()
    resume(house.post.post_id, by="maria", now=house.clock(), posts=house.posts)

    with pytest.raises(Rejected, match="on its way"):
        resume(house.post.post_id, by="james", now=house.clock(), posts=house.posts)
    with pytest.raises(Rejected, match="on its way"):
        discard(house.post.post_id, by="james", now=house.clock(), posts=house.posts)

    held = settle(house.room, house.post.post_id)
    assert held is not None
    assert held.released_by == "maria"


def test_one_that_was_made_anew_without_an_answer_is_known_by_its_new_id(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(Pausing.RECREATE)
    house.hold()
    really = house.there.resume

    def answer_lost(post: Post, how: Pausing, *, due_at: datetime, media: Iterable[MediaFile]) -> str:
        really(post, how, due_at=due_at, media=media)
        raise OutcomeUnknown("the answer was lost")

    monkeypatch.setattr(house.there, "resume", answer_lost)
    held = house.resume()

    assert held.state is HoldState.RESUMED
    row = house.posts[house.post.post_id]
    assert row.outside is not None
    assert list(house.there.there) == [row.outside.external_id]


def test_a_draft_outside_keeps_the_new_words_for_the_next_time() -> None:
    house = House(Pausing.NATIVE)
    house.hold()
    house.clock.now = DUE
    resume(house.post.post_id, by="maria", now=house.clock(), posts=house.posts, text="It was lovely.")
    assert house.posts[house.post.post_id].state is PostState.DRAFT

    house.resume(at=DUE + timedelta(hours=1))

    assert [post.text for post in house.scheduled()] == ["It was lovely."]


def test_new_words_are_the_ones_that_go_out() -> None:
    for way in Pausing:
        house = House(way)
        house.hold()
        house.resume(text="Other words.")
        assert [post.text for post in house.scheduled()] == ["Other words."]


def test_what_comes_back_on_one_channel_comes_apart_though_it_is_still_on_its_way() -> None:
    house = House(Pausing.NATIVE)
    posts = [house.post, *(house.there.add(f"Class {number}", DUE) for number in range(2))]
    for post in posts:
        house.hold(post)

    given = [resume(post.post_id, by="maria", now=house.clock(), posts=house.posts) for post in posts]

    assert [one.publish_at for one in given] == [DUE, DUE + APART, DUE + 2 * APART]


def test_a_second_give_back_begins_its_count_anew() -> None:
    house = House(Pausing.RECREATE)
    house.hold()
    found = house.posts.load(house.post.post_id)
    assert found is not None
    spent = replace(found[1][-1], attempts=9, twins=("x1", "x2"), step=Step.PAUSED)
    house.posts.commit(replace(found[0], version=found[0].version + 1), spent, now=NOON)

    assert house.resume().state is HoldState.RESUMED
    assert len(house.scheduled()) == 1


def test_a_hold_that_was_forgotten_on_a_post_that_went_out_gives_nothing_back() -> None:
    posts = _own()
    posts.commit(replace(posts["p1"], state=PostState.PUBLISHED, version=2), now=NOON)

    for act in (resume, discard):
        with pytest.raises(Rejected):
            act("p1", by="maria", now=NOON, posts=posts)
    assert posts["p1"].state is PostState.PUBLISHED


def _kept(posts: FakePosts, post_id: str) -> tuple[Post, Hold]:
    found = posts.load(post_id)
    assert found is not None
    return found[0], found[1][-1]


def test_all_that_is_written_when_one_of_our_own_is_given_back() -> None:
    posts = _own()
    at = DUE + timedelta(hours=2)

    given = resume("p1", by="maria", now=NOON, posts=posts, at=at)

    post, hold = _kept(posts, "p1")
    assert (given.state, given.publish_at, given.reason) == (
        PostState.SCHEDULED, at, "It goes out at the time that was chosen.",
    )  # fmt: skip
    assert (post.state, post.publish_at, post.kept_by, post.version) == (PostState.SCHEDULED, at, "maria", 2)
    assert (hold.state, hold.released_at, hold.released_by, hold.step) == (HoldState.RESUMED, NOON, "maria", None)


def test_all_that_is_written_when_one_of_our_own_comes_too_late() -> None:
    posts = _own()

    given = resume("p1", by="maria", now=DUE, posts=posts, text="Other words.")

    post, hold = _kept(posts, "p1")
    assert (given.state, given.publish_at) == (PostState.DRAFT, None)
    assert (post.state, post.text, post.kept_by, post.version) == (PostState.DRAFT, "Other words.", "maria", 2)
    assert (hold.state, hold.released_at, hold.released_by) == (HoldState.RESUMED, DUE, "maria")


def test_all_that_is_written_when_one_outside_is_given_back() -> None:
    house = House(Pausing.NATIVE)
    house.hold()
    before = house.posts[house.post.post_id].version

    resume(house.post.post_id, by="maria", now=house.clock(), posts=house.posts, text="Other words.")

    post, hold = _kept(house.posts, house.post.post_id)
    assert (post.state, post.text, post.publish_at, post.version) == (PostState.HELD, "Other words.", DUE, before + 1)
    assert (hold.state, hold.step, hold.resume_at, hold.snapshot.text) == (
        HoldState.HELD, Step.RESUMING, DUE, "Other words.",
    )  # fmt: skip
    assert (hold.released_at, hold.released_by) == (house.clock(), "maria")


@pytest.mark.parametrize(
    ("way", "state", "step", "said"),
    [
        (Pausing.NATIVE, PostState.DISCARDED, Step.DISCARDED, "It will not go out. It stays a draft in the scheduler."),
        (Pausing.RECREATE, PostState.DISCARDED, Step.DISCARDED, "It will not go out."),
        (Pausing.RESCHEDULE, PostState.HELD, Step.DISCARDING, "It will not go out."),
    ],
)
def test_all_that_is_written_when_one_outside_is_discarded(
    way: Pausing, state: PostState, step: Step, said: str
) -> None:
    house = House(way)
    house.hold()

    done = discard(house.post.post_id, by="maria", now=house.clock(), posts=house.posts)

    post, hold = _kept(house.posts, house.post.post_id)
    assert (done.state, done.reason) == (PostState.DISCARDED, said)
    assert (post.state, hold.step, hold.released_at, hold.released_by) == (state, step, house.clock(), "maria")
    over = HoldState.HELD if step is Step.DISCARDING else HoldState.DISCARDED
    assert hold.state is over


def test_one_of_our_own_is_discarded_at_once() -> None:
    posts = _own()
    done = discard("p1", by="maria", now=NOON, posts=posts)
    post, hold = _kept(posts, "p1")
    assert (done.reason, post.state) == ("It will not go out.", PostState.DISCARDED)
    assert (hold.state, hold.step, hold.released_by) == (HoldState.DISCARDED, None, "maria")


@pytest.mark.parametrize(
    ("channel", "away", "at"),
    [
        ("facebook", APART, DUE),
        ("facebook", APART - timedelta(seconds=1), DUE + 2 * APART - timedelta(seconds=1)),
        ("facebook", -APART, DUE),
        ("instagram", timedelta(), DUE),
    ],
)
def test_only_what_is_nearer_on_the_same_channel_keeps_it_apart(channel: str, away: timedelta, at: datetime) -> None:
    posts = _own(Post(post_id="p2", channel=channel, text="Other.", publish_at=DUE + away, kept_by="maria"))

    assert resume("p1", by="maria", now=NOON, posts=posts).publish_at == at


@pytest.mark.parametrize(("post_id", "status"), [("p9", 404), ("p2", 409)])
def test_what_cannot_be_given_back_says_whether_it_is_there(post_id: str, status: int) -> None:
    posts = _own(Post(post_id="p2", channel="facebook", text="Free.", publish_at=DUE))
    with pytest.raises(Rejected) as raised:
        resume(post_id, by="maria", now=NOON, posts=posts)
    assert raised.value.status == status
