"""Media that a delete would lose: few of them in memory at once, and a post that has bad ones keeps no other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Barrier, BrokenBarrierError, Lock
from typing import TYPE_CHECKING

import pytest

from functions.settle_holds.app import settle_holds
from switchboard.domain.outside import Abilities, Media, Outside, Pausing, Step
from switchboard.domain.post import HoldState, PostState
from switchboard.errors import Unavailable
from switchboard.ports import MediaFile
from switchboard.verbs.giving_back import resume
from switchboard.verbs.media_copies import CARRIED, COPIED_WITHIN, MediaCopies
from switchboard.verbs.tell_owners import Letters
from tests.fakes.hospital import config
from tests.fakes.schedulers import FakeMedia, FakeSchedulers, MemoryScheduler
from tests.fakes.sessions import FakeSessions
from tests.fakes.texts import FakeMail
from tests.unit.test_holding import DUE, House

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from switchboard.domain.post import Hold, Post


@dataclass
class _Gallery(MemoryScheduler):
    """Its posts have media; fetching those of a post whose text says "slow" or "gone" takes long, or fails."""

    def media_of(self, post: Post) -> Iterator[MediaFile]:
        assert post.outside is not None
        for one in post.outside.media:
            if "gone" in post.text:
                raise Unavailable("a medium of the post could not be copied")
            if "slow" in post.text:
                self.clock.advance(seconds=COPIED_WITHIN.total_seconds() + 1)  # type: ignore[attr-defined]
            yield MediaFile(media=one, content=b"\x89PNG")

    def resume(self, post: Post, how: Pausing, *, due_at: datetime, media: Iterable[MediaFile]) -> str:
        self.given = [file.content for file in media]
        return super().resume(post, how, due_at=due_at, media=media)


def _gallery(*texts: str, pictures: int = 3) -> House:
    house = House(Pausing.RECREATE)
    house.there = _Gallery(house.clock, Abilities(pausing=(Pausing.RECREATE,), loses_media=True))
    house.room = replace(house.room, schedulers=FakeSchedulers({"outside": house.there}))
    for number, text in enumerate(texts):
        post = house.there.add(text, DUE + timedelta(hours=number))
        media = tuple(Media(url=f"https://x.example.org/{number}/{one}") for one in range(pictures))
        assert post.outside is not None
        house.post = replace(post, outside=replace(post.outside, media=media))
        house.there.there[post.outside.external_id] = house.post
    return house


def _id(post: Post) -> str:
    assert isinstance(post.outside, Outside)
    return post.outside.external_id


def test_what_was_copied_is_given_back_one_at_a_time() -> None:
    house = _gallery("Three pictures.")
    held = house.hold()
    assert (held.step, len(house.room.media.store.kept)) == (Step.PAUSED, 3)  # type: ignore[attr-defined]

    assert house.resume().state is HoldState.RESUMED
    assert house.there.given == [b"\x89PNG"] * 3  # type: ignore[attr-defined]


def test_who_stops_half_way_makes_room_for_others_though_somebody_keeps_the_rest() -> None:
    def free(copies: MediaCopies) -> int:
        got = [copies.carrying.acquire(blocking=False) for _ in range(CARRIED + 1)]
        for _ in range(sum(got)):
            copies.carrying.release()
        return sum(got)

    class Failing(FakeMedia):
        def keep(self, key: str, media: MediaFile) -> None:
            raise Unavailable("S3 is away")

    house = _gallery("Three pictures.")
    house.hold()
    failing = MediaCopies(Failing(), house.clock)
    with pytest.raises(Unavailable) as kept:  # with all its frames
        failing.make("p1", [MediaFile(media=Media(url="https://x.example.org"), content=b"")])
    assert free(failing) == CARRIED
    assert kept.tb is not None

    media = [Media(url="https://x.example.org", kept_as="outside:x1/0")]
    with house.room.media.of(media) as coming:
        next(coming)
        assert free(house.room.media) == CARRIED - 1
    assert free(house.room.media) == CARRIED
    assert list(coming) == []


@dataclass
class _Counting(FakeMedia):
    """Counts how many media are being carried, and makes everybody wait for one more than may be."""

    def __post_init__(self) -> None:
        self.lock, self.here, self.most = Lock(), 0, 0
        self.crowd = Barrier(CARRIED + 1)

    def keep(self, key: str, media: MediaFile) -> None:
        with self.lock:
            self.here += 1
            self.most = max(self.most, self.here)
        try:
            self.crowd.wait(timeout=0.1)
        except BrokenBarrierError:
            self.crowd.reset()
        super().keep(key, media)
        with self.lock:
            self.here -= 1


def test_of_however_many_posts_few_media_are_in_memory_at_once() -> None:
    house = _gallery(*(f"Pictures {number}." for number in range(8)))
    counting = _Counting()
    house.room = replace(house.room, media=MediaCopies(counting, house.clock))

    with ThreadPoolExecutor(max_workers=8) as pool:
        held = list(pool.map(house.hold, list(house.there.there.values())))

    assert {one.step for one in held} == {Step.PAUSED}
    assert len(counting.kept) == 8 * 3
    assert counting.most == CARRIED


@pytest.mark.parametrize(
    ("bad", "left", "said"),
    [("gone", HoldState.HELD, ""), ("slow", HoldState.NOT_HELD, "Its media take too long to be copied")],
)
def test_a_post_whose_media_do_not_come_keeps_no_other(bad: str, left: HoldState, said: str) -> None:
    house = _gallery(f"This one is {bad}.", "A good one.")
    first, second = house.there.there.values()
    held: list[Hold] = [house.hold(first), house.hold(second)]

    assert (held[0].state, held[1].step) == (left, Step.PAUSED)
    assert said in held[0].problem
    assert _id(first) in house.there.there
    assert _id(second) not in house.there.there


def test_a_run_goes_on_with_the_others_of_that_scheduler() -> None:
    house = _gallery("This one is gone.", "A good one.")
    first, second = house.there.there.values()
    house.hold(first)
    house.hold(second)
    resume(second.post_id, by="maria", now=house.clock(), posts=house.posts)

    letters = Letters(mail=FakeMail(), sessions=FakeSessions(), base_url="https://inbox.example.org")
    done = settle_holds(room=house.room, config=config(admins=["maria"]), letters=letters)

    assert (done["settled"], done["left"]) == (1, 1)
    assert house.posts[second.post_id].state is PostState.SCHEDULED
