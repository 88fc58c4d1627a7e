"""A few hours of one scheduler outside, from a seed: holding, giving back, and people's own changes there, with faults
between any two calls.

Before a call on the scheduler or the store somebody else may act: a second run, a person in the inbox, a person in the
scheduler itself. What must never be is noted in `violations`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from switchboard.domain.outside import Abilities, Pausing, Step
from switchboard.domain.post import HoldState, PostState
from switchboard.errors import SwitchboardError, Unavailable
from switchboard.verbs.giving_back import discard, resume
from switchboard.verbs.holding import HoldingRoom, hold, settle
from switchboard.verbs.media_copies import MediaCopies
from tests.fakes.hospital import NOON
from tests.fakes.metrics import FakeMetrics
from tests.fakes.posts import FakePosts
from tests.fakes.replies import Clock
from tests.fakes.schedulers import FakeMedia, FakeSchedulers, MemoryScheduler
from tests.faults.calendar import Between
from tests.faults.injection import Faults, Faulty, Killed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from switchboard.domain.post import Hold, Post

CLASSES: dict[str, tuple[tuple[Pausing, ...], bool]] = {
    "native": ((Pausing.NATIVE,), False),
    "reschedule": ((Pausing.RESCHEDULE,), False),
    "reschedule, else recreate": ((Pausing.RESCHEDULE, Pausing.RECREATE), True),
    "recreate": ((Pausing.RECREATE,), False),
    "recreate, and what is out is forgotten": ((Pausing.RECREATE,), True),
}
"""The ways of each class of schedulers, and whether a post that is out is not found by its id any more."""


@dataclass
class Told:
    """What is known of one post from its beginning: how people there changed it by their own hands."""

    text: str
    due: Any
    touched_there: bool = False


class Outside:
    """The scheduler of *seed*; `live` runs it to its end."""

    def __init__(self, seed: int, kind: str) -> None:
        ways, forgets = CLASSES[kind]
        self.seed = seed
        self.random = Random(f"{kind}{seed}")  # noqa: S311 - a seed that can be repeated
        self.faults = Faults(seed)
        self.violations: list[str] = []
        self.acted: Counter[str] = Counter()
        self.clock = Clock()
        self.posts = _Acknowledging(self._acknowledged)
        self.there = MemoryScheduler(
            self.clock,
            Abilities(pausing=ways, parks_until=timedelta(days=28), renames_published=forgets),
            forgets=forgets,
            closed={Pausing.RESCHEDULE} if len(ways) > 1 and self.random.random() < 0.5 else set(),
            watch=self._watch,
        )
        self.known = {post.post_id: Told(post.text, post.publish_at) for post in map(self._plan, range(4))}
        self.listed = dict(self.there.there)
        self.down_until = NOON
        self._within = False

    def live(self) -> Outside:
        """Three hours under faults, then time without, so that everything comes to its end."""
        for _ in range(60):
            self.clock.advance(minutes=self.random.choice([1, 2, 3, 5]))
            if self.random.random() < 0.03:
                self.clock.advance(minutes=self.random.choice([-1, 20, 70]))
            if self.random.random() < 0.03:
                self.down_until = self.clock() + timedelta(minutes=self.random.randint(5, 40))
            self.there.tick()
            self._somebody_acts(0.5)
            self._survive("settle", self._settle)
        self.faults.active = False
        self.down_until = NOON
        for _ in range(40):
            self.clock.advance(minutes=3)
            self.there.tick()
            self._survive("settle", self._settle)
        self.clock.advance(hours=8)
        self.there.tick()
        self._settle()
        self._settle()
        self._check()
        return self

    def _plan(self, number: int) -> Post:
        due = NOON + timedelta(minutes=self.random.randint(10, 240))
        if number == 3 and self.random.random() < 0.6:  # a twin of the first
            first = self.there.there["x1"]
            return self.there.add(first.text, first.publish_at)
        return self.there.add(f"{chr(97 + number) * 5} ward news.", due)

    # --- who acts

    def _somebody_acts(self, chance: float = 0.12) -> None:
        if self._within or not self.faults.active or self.random.random() >= chance:
            return
        self._within = True
        try:
            actor = self.random.choice(
                ["hold", "hold", "settle", "settle", "settle", "resume", "resume", "discard", "there"]
            )
            self._survive(actor, getattr(self, f"_{actor}"))
        finally:
            self._within = False

    def _survive(self, actor: str, act: Callable[[], object]) -> None:
        self.acted[actor] += 1
        try:
            act()
        except Killed:
            self.acted[f"{actor} killed"] += 1
        except SwitchboardError:
            self.acted[f"{actor} failed"] += 1

    def _hold(self) -> None:
        kept = {row.outside.external_id for row in self.posts.outside(list(PostState)) if row.outside and row.kept_by}
        coming = [one.snapshot.text for one in self.posts.moving() if one.step is Step.RESUMING]
        for external_id, post in list(self.there.there.items()):
            wanted = post.state is PostState.SCHEDULED and external_id not in kept and post.text not in coming
            if wanted and post.post_id in self.known and self.random.random() < 0.5:
                hold(self._room(), post, rule="event_over", reason="It is over.")
                self.acted["held"] += 1

    def _settle(self) -> None:
        for one in self.posts.holds():
            self._survive("settle one", lambda one=one: settle(self._room(), one.post_id))

    def _resume(self) -> None:
        holds = self.posts.holds()
        if holds:
            one = self.random.choice(holds)
            at = self.clock() + timedelta(minutes=self.random.randint(10, 90)) if self.random.random() < 0.4 else None
            resume(one.post_id, by="maria", now=self.clock(), posts=self._port(self.posts), at=at)

    def _discard(self) -> None:
        holds = self.posts.holds()
        if holds and self.random.random() < 0.3:
            discard(self.random.choice(holds).post_id, by="maria", now=self.clock(), posts=self._port(self.posts))

    def _there(self) -> None:
        """Do what a person in the scheduler itself may do."""
        if self.random.random() > 0.3 or not self.there.there:
            return
        external_id = self.random.choice(list(self.there.there))
        post = self.there.there[external_id]
        if post.state is PostState.PUBLISHED:
            return
        for told in self.known.values():
            if told.text == post.text:
                told.touched_there = True
        match self.random.choice(["move", "draft", "delete"]):
            case "move":
                later = self.clock() + timedelta(minutes=self.random.randint(2, 90))
                self.there.change(external_id, state=PostState.SCHEDULED, publish_at=later)
            case "draft":
                self.there.change(external_id, state=PostState.DRAFT)
            case _:
                del self.there.there[external_id]

    def _room(self) -> HoldingRoom:
        return HoldingRoom(
            posts=self._port(self.posts),
            schedulers=FakeSchedulers({"outside": self._spoilt()}),
            media=MediaCopies(FakeMedia(), self.clock),
            metrics=FakeMetrics(),
            clock=self.clock,
        )

    def _spoilt(self) -> Any:
        return Between(_Spoilt(self.there, self.faults, lambda: self.clock() < self.down_until), self._somebody_acts)

    def _port(self, port: Any) -> Any:
        return Between(Faulty(port, self.faults), self._somebody_acts)

    # --- what must never be

    def _watch(self, post: Post, how: str) -> None:
        if how != "due":
            self._note(f"{post.text}: went out {how}")
        if any(told.touched_there for told in self.known.values() if told.text == post.text):
            return
        paused = [one for one in self._holds(post) if one.state is HoldState.HELD and one.step is Step.PAUSED]
        ours = post.outside.external_id if post.outside else ""
        for one in paused:
            row = self.posts[one.post_id]
            if row.outside is not None and row.outside.external_id == ours:
                self._note(f"{one.post_id} went out after it was paused")
        dues = {told.due for told in self.known.values() if told.text == post.text}
        asked = {one.resume_at for one in self._holds(post)}
        if post.publish_at not in dues | asked:
            self._note(f"{post.text}: went out at a time that nobody chose")

    def _acknowledged(self, held: Hold, row: Post) -> None:
        """Look whether a post whose pause is acknowledged is paused."""
        there = self.there.there.get(row.outside.external_id) if row.outside is not None else None
        soon = self.clock() + timedelta(days=10)
        if there is None or there.state is not PostState.SCHEDULED or there.publish_at > soon:
            return
        if not any(told.touched_there for told in self.known.values() if told.text == there.text):
            self._note(f"{held.post_id}: its pause was acknowledged, and it was scheduled")

    def _holds(self, post: Post) -> list[Hold]:
        found = [self.posts.load(post_id) for post_id, told in self.known.items() if told.text == post.text]
        return [one for each in found if each is not None for one in each[1]]

    def _check(self) -> None:
        for text in {told.text for told in self.known.values()}:
            planned = [told for told in self.known.values() if told.text == text]
            if any(told.touched_there for told in planned):
                continue
            out = sum(post.text == text for post in self.there.out)
            waiting = sum(
                post.text == text and post.state is not PostState.PUBLISHED for post in self.there.there.values()
            )
            rows = [
                self.posts[post_id] for post_id, told in self.known.items() if told.text == text and self._has(post_id)
            ]
            only_here = sum(self._is_only_here(row) for row in rows)
            lost = out + waiting + only_here < len(planned)
            # Of two posts that are the same in all, one may be noted as deleted there when the other is out.
            doubled = out + waiting + (only_here if len(planned) == 1 else 0) > len(planned)
            if lost or doubled:
                states = [(str(row.state), row.outside and row.outside.external_id) for row in rows]
                self._note(f"{text}: {len(planned)} became {out} out, {waiting} there, {only_here} here {states}")
        for one in self.posts.moving():
            self._note(f"{one.post_id} was left {one.step}")

    def _has(self, post_id: str) -> bool:
        return self.posts.load(post_id) is not None

    def _is_only_here(self, row: Post) -> bool:
        """Whether the post stands nowhere but in our snapshot, for a person."""
        there = row.outside is not None and row.outside.external_id in self.there.there
        waits = row.state in (PostState.HELD, PostState.DRAFT, PostState.DISCARDED)
        found = self.posts.load(row.post_id)
        return waits and not there and found is not None and found[1][-1].snapshot.text == row.text

    def _note(self, line: str) -> None:
        self.violations.append(f"{self.seed}: {line}")


class _Acknowledging(FakePosts):
    """The store, which says when a pause is acknowledged."""

    def __init__(self, acknowledged: Callable[[Hold, Post], None]) -> None:
        super().__init__()
        self._acknowledged = acknowledged

    def commit(self, post: Post, hold: Hold | None = None, *, event: str = "", by: str = "", now: datetime) -> None:
        super().commit(post, hold, event=event, by=by, now=now)
        if event == "paused" and hold is not None:
            self._acknowledged(hold, post)


class _Spoilt:
    """The scheduler with faults: reading fails plainly, changing may have an unknown outcome."""

    def __init__(self, port: MemoryScheduler, faults: Faults, is_down: Callable[[], bool]) -> None:
        self._is_down = is_down
        self._reads = Faulty(port, faults)
        self._changes = Faulty(port, faults, sends=True)
        self.abilities = port.abilities

    def __getattr__(self, name: str) -> Any:
        if self._is_down():
            raise Unavailable("the scheduler is down")
        return getattr(self._changes if name in ("pause", "resume", "remove") else self._reads, name)
