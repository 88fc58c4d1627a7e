"""What goes wrong late: a give-back that fails, a post that escapes after its owner was told, media that are lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from functions.settle_holds.app import settle_holds
from switchboard.domain.journal import MOST_ATTEMPTS
from switchboard.domain.outside import Abilities, Media, Pausing, Step
from switchboard.domain.post import HoldState, PostState
from switchboard.errors import OutcomeUnknown, Rejected, Unavailable
from switchboard.verbs.giving_back import discard, resume
from switchboard.verbs.holding import hold, settle
from switchboard.verbs.outside_calendar import read_outside
from switchboard.verbs.tell_owners import Letters, tell_owners
from tests.fakes.hospital import NOON, config
from tests.fakes.schedulers import FakeSchedulers, MemoryScheduler
from tests.fakes.sessions import FakeSessions
from tests.fakes.texts import FakeMail
from tests.unit.test_holding import DUE, House

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from switchboard.domain.post import Hold, Post
    from switchboard.ports import MediaFile

CONFIG = config(admins=["maria"])


def _letters(mail: FakeMail) -> Letters:
    return Letters(mail=mail, sessions=FakeSessions(), base_url="https://inbox.example.org")


def _tell(house: House, mail: FakeMail) -> int:
    return tell_owners(
        house.posts.untold(), posts=house.posts, config=CONFIG, letters=_letters(mail), now=house.clock()
    )


def _latest(house: House) -> Hold:
    found = house.posts.load(house.post.post_id)
    assert found is not None
    return found[1][-1]


def _refusing(*_args: object, **_more: object) -> str:
    raise Rejected("it is full", reason="refused")


@pytest.mark.parametrize("way", list(Pausing))
def test_whose_give_back_fails_is_told_again(way: Pausing, monkeypatch: pytest.MonkeyPatch) -> None:
    house, mail = House(way), FakeMail()
    house.hold()
    assert _tell(house, mail) == 1
    assert _tell(house, mail) == 0
    monkeypatch.setattr(house.there, "resume", _refusing)

    held = house.resume()

    assert (held.step, held.problem) == (Step.PAUSED, "it is full")
    assert (held.released_at, held.released_by) == (None, None)
    assert _tell(house, mail) == 1
    assert "it is full" in mail.sent[-1][2]
    assert _tell(house, mail) == 0


def test_whose_time_came_too_near_on_its_way_back_is_told_again() -> None:
    house, mail = House(Pausing.NATIVE), FakeMail()
    house.hold()
    _tell(house, mail)
    resume(house.post.post_id, by="maria", now=house.clock(), posts=house.posts)
    house.clock.now = DUE - timedelta(minutes=14)

    held = settle(house.room, house.post.post_id)

    assert held is not None
    assert (held.step, held.released_by) == (Step.PAUSED, None)
    assert _tell(house, mail) == 1


def test_a_deleted_post_that_goes_out_all_the_same_is_told_though_its_hold_was() -> None:
    house, mail = House(Pausing.RECREATE), FakeMail()
    held = house.hold()
    _tell(house, mail)
    assert held.snapshot.outside is not None
    there = house.there.there
    there[held.snapshot.outside.external_id] = replace(house.post, state=PostState.PUBLISHED)

    settle(house.room, house.post.post_id)

    assert _latest(house).state is HoldState.NOT_HELD
    assert _tell(house, mail) == 1
    assert "could not be paused" in mail.sent[-1][1]
    assert _tell(house, mail) == 0


def test_a_discard_that_is_refused_leaves_no_trace_of_a_release(monkeypatch: pytest.MonkeyPatch) -> None:
    house, mail = House(Pausing.RESCHEDULE), FakeMail()
    house.hold()
    _tell(house, mail)
    discard(house.post.post_id, by="maria", now=house.clock(), posts=house.posts)
    monkeypatch.setattr(house.there, "remove", _refusing)

    settle(house.room, house.post.post_id)

    assert (_latest(house).step, _latest(house).released_by) == (Step.PAUSED, None)
    assert _tell(house, mail) == 1


def test_a_move_that_is_refused_is_told_at_most_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    house, mail = House(Pausing.RESCHEDULE, parks_until=timedelta(days=10), parked_again=timedelta(days=5)), FakeMail()
    house.hold()
    assert _tell(house, mail) == 1
    house.clock.advance(days=6)
    monkeypatch.setattr(house.there, "pause", _refusing)

    told: list[int] = []
    for _ in range(8):
        settle(house.room, house.post.post_id)
        told.append(_tell(house, mail))
        house.clock.advance(minutes=15)

    assert sum(told) == 1
    assert "it is full" in mail.sent[-1][2]


def _does_nothing(*_args: object, **_given: object) -> None:
    """Say yes."""


def test_a_scheduler_that_says_yes_and_moves_nothing_has_its_owner_told_once_a_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house, mail = House(Pausing.RESCHEDULE, parks_until=timedelta(days=10), parked_again=timedelta(days=5)), FakeMail()
    there = house.hold().parked_until
    assert _tell(house, mail) == 1
    house.clock.advance(days=6)
    monkeypatch.setattr(house.there, "pause", _does_nothing)

    told: list[int] = []
    for _ in range(60):
        settle(house.room, house.post.post_id)
        told.append(_tell(house, mail))
        house.clock.advance(minutes=3)

    assert sum(told) == 1
    assert "take it out of the calendar there by hand" in mail.sent[-1][2]
    assert (_latest(house).state, _latest(house).released_by) == (HoldState.HELD, None)
    house.clock.advance(days=1)
    monkeypatch.undo()
    settle(house.room, house.post.post_id)
    assert _latest(house).step is Step.PAUSED
    assert there is not None
    assert (_latest(house).parked_until or there) > there


def test_a_scheduler_that_says_yes_and_deletes_nothing_leaves_it_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    house, mail = House(Pausing.RESCHEDULE), FakeMail()
    house.hold()
    _tell(house, mail)
    discard(house.post.post_id, by="maria", now=house.clock(), posts=house.posts)
    monkeypatch.setattr(house.there, "remove", _does_nothing)

    for _ in range(MOST_ATTEMPTS + 1):
        settle(house.room, house.post.post_id)
        house.clock.advance(minutes=3)

    assert (_latest(house).state, _latest(house).step, _latest(house).released_by) == (
        HoldState.HELD, Step.PAUSED, None,
    )  # fmt: skip
    assert _tell(house, mail) == 1
    assert "delete it there by hand" in mail.sent[-1][2]


class _Spoilt(MemoryScheduler):
    """Its media cannot be fetched."""

    def media_of(self, post: Post) -> Iterable[MediaFile]:
        raise Rejected("a medium of the post cannot be copied (HTTP 404)", reason="media")


def _with_picture(house: House) -> Post:
    assert house.post.outside is not None
    post = replace(house.post, outside=replace(house.post.outside, media=(Media(url="https://x.example.org/1"),)))
    house.there.there[house.post.outside.external_id] = post
    return post


@pytest.mark.parametrize(
    ("ways", "left"),
    [((Pausing.RECREATE,), HoldState.NOT_HELD), ((Pausing.RECREATE, Pausing.NATIVE), HoldState.HELD)],
)
def test_a_post_whose_media_cannot_be_copied_is_not_deleted(ways: tuple[Pausing, ...], left: HoldState) -> None:
    house = House(*ways)
    house.there = _Spoilt(house.clock, Abilities(pausing=ways, loses_media=True))
    house.room = replace(house.room, schedulers=FakeSchedulers({"outside": house.there}))
    house.post = house.there.add("A picture.", DUE)
    post = _with_picture(house)

    held = hold(house.room, post, rule="event_over", reason="Over.")

    assert held is not None
    assert held.state is left
    assert post.outside is not None
    assert post.outside.external_id in house.there.there
    if left is HoldState.NOT_HELD:
        assert held.problem == "a medium of the post cannot be copied (HTTP 404)"
        mail = FakeMail()
        assert _tell(house, mail) == 1


def test_one_post_that_its_scheduler_will_not_show_does_not_keep_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(Pausing.NATIVE)
    other = house.there.add("Another.", DUE + timedelta(hours=1))
    for post in (house.post, other):
        house.hold(post)
        resume(post.post_id, by="maria", now=house.clock(), posts=house.posts)
    read = house.there.read

    def odd(external_id: str) -> Post | None:
        if house.post.outside is not None and external_id == house.post.outside.external_id:
            raise Rejected("not for you", reason="refused")
        return read(external_id)

    monkeypatch.setattr(house.there, "read", odd)

    done = settle_holds(room=house.room, config=CONFIG, letters=_letters(FakeMail()))

    assert (done["settled"], done["left"]) == (1, 1)
    assert house.posts[other.post_id].state is PostState.SCHEDULED


def test_a_second_hold_of_a_post_that_the_calendar_did_not_know_has_an_id_of_its_own() -> None:
    house, mail = House(Pausing.NATIVE), FakeMail()
    first = house.hold()
    house.resume()
    house.there.change("x1", publish_at=DUE + timedelta(days=40))

    second = house.hold(house.there.there["x1"])

    assert second.hold_id != first.hold_id
    assert _tell(house, mail) == 1
    assert _tell(house, mail) == 0
    assert _latest(house).told_at is not None


def test_what_somebody_took_out_there_before_it_was_paused_is_judged_again_when_it_is_back() -> None:
    house = House(Pausing.RESCHEDULE)
    house.posts.before_commit.append(lambda: house.there.change("x1", state=PostState.DRAFT))
    assert house.hold().state is HoldState.DISCARDED
    house.there.change("x1", state=PostState.SCHEDULED, publish_at=DUE + timedelta(days=1))

    seen = read_outside(house.room.schedulers, house.posts, start=NOON, end=NOON + timedelta(days=3))

    assert seen.left == frozenset()


def test_what_was_paused_long_ago_is_known_when_it_is_scheduled_again_there() -> None:
    house = House(Pausing.NATIVE)
    house.hold()
    house.clock.advance(days=30)
    house.there.change("x1", state=PostState.SCHEDULED, publish_at=house.clock() + timedelta(hours=5))

    seen = read_outside(house.room.schedulers, house.posts, start=house.clock(), end=house.clock() + timedelta(days=3))

    assert [post.version for post in seen.posts] == [house.posts[house.post.post_id].version]
    assert seen.left == {house.post.post_id}


@pytest.mark.parametrize(("minutes", "state"), [(6, HoldState.HELD), (5, HoldState.HELD), (4, HoldState.NOT_HELD)])
def test_the_owner_is_told_of_a_post_whose_scheduler_could_not_be_asked_in_time(
    minutes: int, state: HoldState, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, mail = House(Pausing.NATIVE), FakeMail()

    def away(_external_id: str) -> Post | None:
        raise Unavailable("away")

    monkeypatch.setattr(house.there, "read", away)
    with pytest.raises(Unavailable):
        house.hold()
    house.clock.now = DUE - timedelta(minutes=minutes)

    with pytest.raises(Unavailable):
        settle(house.room, house.post.post_id)

    assert _latest(house).state is state
    assert _tell(house, mail) == (state is HoldState.NOT_HELD)


def test_one_that_was_touched_is_not_given_up_however_long_its_scheduler_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = House(Pausing.RECREATE)
    read, looks = house.there.read, iter(range(9))

    def gone_after_the_first(external_id: str) -> Post | None:
        if next(looks):
            raise Unavailable("away")
        return read(external_id)

    with monkeypatch.context() as patch:
        patch.setattr(house.there, "read", gone_after_the_first)
        with pytest.raises(Unavailable):
            house.hold()
        house.clock.advance(days=1)
        with pytest.raises(Unavailable):
            settle(house.room, house.post.post_id)

    held = settle(house.room, house.post.post_id)

    assert held is not None
    assert (held.state, held.step) == (HoldState.HELD, Step.PAUSED)


def test_two_that_are_the_same_in_all_are_made_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(Pausing.RECREATE)
    twin = house.there.add(house.post.text, DUE)
    for post in (house.post, twin):
        house.hold(post)
    for post in (house.post, twin):  # both at once: neither saw the other's time
        found = house.posts.load(post.post_id)
        assert found is not None
        under_way = replace(found[1][-1], step=Step.RESUMING, resume_at=DUE, released_by="maria")
        house.posts.commit(replace(found[0], version=found[0].version + 1), under_way, now=NOON)

    def unanswered(*_args: object, **_more: object) -> str:
        raise OutcomeUnknown("no answer")

    with monkeypatch.context() as patch:
        patch.setattr(house.there, "resume", unanswered)
        settle(house.room, house.post.post_id)
    settle(house.room, twin.post_id)
    assert house.there.there == {}  # the second waits for what comes of the first

    house.clock.advance(minutes=3)
    for post in (house.post, twin, house.post, twin):
        settle(house.room, post.post_id)
    assert len(house.scheduled()) == 2
    rows = [house.posts[post.post_id] for post in (house.post, twin)]
    assert {row.outside.external_id for row in rows if row.outside} == set(house.there.there)


@pytest.mark.parametrize("days", [-3, 3])
def test_a_scheduler_whose_day_is_full_may_park_on_another(days: int, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(Pausing.RESCHEDULE)
    pause = house.there.pause

    def elsewhere(post: Post, how: Pausing, *, parked_until: datetime) -> None:
        pause(post, how, parked_until=parked_until + timedelta(days=days))

    monkeypatch.setattr(house.there, "pause", elsewhere)
    held = house.hold()
    assert held.parked_until == house.there.there["x1"].publish_at

    house.clock.advance(days=10)
    after = settle(house.room, house.post.post_id)

    assert after is not None
    assert (after.state, after.step) == (HoldState.HELD, Step.PAUSED)


def test_who_cannot_be_reached_does_not_keep_the_admins_from_being_told(monkeypatch: pytest.MonkeyPatch) -> None:
    house, mail = House(Pausing.NATIVE), FakeMail()
    held = house.hold(replace(house.post, owner="james"))
    people = config(admins=["maria"])
    owner, admin = (people.staff[name].email for name in ("james", "maria"))
    assert owner
    assert admin
    send = mail.send

    def refusing(address: str, subject: str, text: str, *more: object, **others: object) -> object:
        if address == owner:
            raise Rejected("that address is suppressed")
        return send(address, subject, text, *more, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(mail, "send", refusing)

    told = tell_owners([held], posts=house.posts, config=people, letters=_letters(mail), now=NOON)

    assert told == 1
    assert [address for address, _, _ in mail.sent] == [admin]


def test_a_list_that_lags_behind_tells_nobody_twice_and_nothing_that_is_over() -> None:
    house, mail = House(Pausing.NATIVE), FakeMail()
    lagging = [house.hold()]
    assert _tell(house, mail) == 1
    assert tell_owners(lagging, posts=house.posts, config=CONFIG, letters=_letters(mail), now=NOON) == 0
    assert len(mail.sent) == 1

    house = House(Pausing.NATIVE)
    lagging = [house.hold()]
    house.resume()
    assert tell_owners(lagging, posts=house.posts, config=CONFIG, letters=_letters(mail), now=NOON) == 0
    assert len(mail.sent) == 1


def test_one_that_is_just_being_made_anew_is_not_judged_and_one_that_was_given_back_is() -> None:
    house = House(Pausing.RECREATE)
    house.hold()
    resume(house.post.post_id, by="maria", now=house.clock(), posts=house.posts)
    house.there.add(house.post.text, DUE)  # made, and its id is not written down yet
    other = house.there.add("Another.", DUE)

    def left() -> frozenset[str]:
        return read_outside(house.room.schedulers, house.posts, start=NOON, end=NOON + timedelta(days=3)).left

    assert left() == {"outside:x2"}
    house.there.there.pop("x2")
    settle(house.room, house.post.post_id)
    assert left() == frozenset()

    house.there.change("x3", publish_at=NOON + timedelta(minutes=2))
    house.hold(house.there.there["x3"])
    assert house.posts[other.post_id].state is PostState.SCHEDULED
    assert left() == {other.post_id}
