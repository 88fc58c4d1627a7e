"""A few hours of one calendar, from a seed: publishing, pausing and resuming, with faults between any two calls.

Before a call on the queue or a look at the config, somebody else may act in between: a second publisher, the run that
pauses, a person who resumes, an admin who turns the switch. What must never be is noted in `violations`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from functions.pause_stale_posts.app import pause_stale_posts, read_config
from functions.publish_due_posts.app import publish_due_posts
from switchboard.domain.crisis import ended, started
from switchboard.domain.post import HoldState, Post, PostState
from switchboard.errors import SwitchboardError, Unavailable
from switchboard.verbs.giving_back import APART, resume
from switchboard.verbs.holding import HoldingRoom
from switchboard.verbs.media_copies import MediaCopies
from switchboard.verbs.tell_owners import Letters
from tests.fakes.automation import FakeAutomation
from tests.fakes.crises import FakeCrises
from tests.fakes.hospital import DOCUMENT, NOON, config
from tests.fakes.metrics import FakeMetrics
from tests.fakes.posts import FakePosts
from tests.fakes.questions import FakeQuestions
from tests.fakes.replies import SKEW, Clock, FakeSecrets
from tests.fakes.schedulers import FakeMedia, FakeSchedulers, witnesses
from tests.fakes.sessions import FakeSessions
from tests.fakes.texts import FakeMail
from tests.faults.injection import Faults, Faulty, Killed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from switchboard.ports import Channel, ChannelSecret

CHANNELS = DOCUMENT["channels"] | {"maternity": {"platform": "facebook", "account_id": "100200300400501"}}
ON, OFF = (config(channels=CHANNELS, switches={"publish_posts": on}) for on in (True, False))
ENDED = (PostState.PUBLISHED, PostState.HELD, PostState.DRAFT, PostState.UNKNOWN)


@dataclass(frozen=True)
class Shown:
    """One post that stands on a Page."""

    platform_id: str
    channel: str
    text: str
    at: datetime


@dataclass
class Pages:
    """`ports.Publishes`, with a Page for every channel; *watch* is called with each post that goes out.

    Until *down_until* it takes no post, and shows what is there.
    """

    clock: Clock
    watch: Callable[[Post], None]
    shown: list[Shown] = field(default_factory=list[Shown])
    down_until: datetime = NOON

    def publish(self, post: Post, channel: Channel, secret: ChannelSecret) -> str:
        if self.clock() < self.down_until:
            raise Unavailable("the platform takes nothing")
        self.watch(post)
        self.shown.append(Shown(f"fb-{len(self.shown) + 1}", channel.name, post.text, self.clock()))
        return self.shown[-1].platform_id

    def find_post(self, post: Post, channel: Channel, secret: ChannelSecret) -> str | None:
        since = (post.attempt_started_at or self.clock()) - SKEW
        for one in reversed(self.shown):
            if (one.channel, one.text) == (channel.name, post.text) and one.at >= since:
                return one.platform_id
        return None


class Between:
    """A port before whose calls somebody else may act."""

    def __init__(self, port: Any, act: Callable[[], None]) -> None:
        self._port = port
        self._act = act

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        if not callable(method):
            return method

        def call(*args: Any, **kwargs: Any) -> Any:
            self._act()
            return method(*args, **kwargs)

        return call


class Day:
    """The calendar of *seed*; `live` runs it to its end."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = Random(seed)  # noqa: S311 - a seed that can be repeated
        self.faults = Faults(seed)
        self.violations: list[str] = []
        self.acted: Counter[str] = Counter()
        self.clock = Clock()
        self.planned = [self._plan(number) for number in range(self.random.randint(2, 6))]
        self.store = FakePosts(*self.planned)
        self.automation = FakeAutomation(ON)
        self.crises = FakeCrises()
        self.pages = Pages(self.clock, self._watch)
        self._within = False

    def live(self) -> Day:
        """Two and a half hours under faults, then a day without, so that everything comes to its end."""
        for _ in range(150):
            self.clock.advance(minutes=1)
            if self.random.random() < 0.02:
                self.clock.advance(minutes=self.random.choice([-1, 5, 70]))
            if self.random.random() < 0.02:
                self.pages.down_until = self.clock() + timedelta(minutes=self.random.randint(2, 15))
            self._somebody_acts(0.15)
            self._survive("publish", self._publish)
        self.faults.active = False
        self.automation.config, self.automation.readable = ON, True
        over = ended(self.crises.current(), by="maria", now=self.clock())
        if over is not None:
            self.crises.save(over)
        for _ in range(30):
            self.clock.advance(minutes=1)
            self._survive("publish", self._publish)
        self.clock.advance(hours=25)
        for _ in range(5):
            self.clock.advance(minutes=10)
            self._survive("publish", self._publish)
        self._check()
        return self

    def _plan(self, number: int) -> Post:
        due = NOON + timedelta(minutes=self.random.randint(1, 120))
        twin = self.random.random() < 0.3
        return Post(
            post_id=f"p{number}",
            channel=self.random.choice(["facebook", "maternity"]),
            text="Flu shots in the lobby, no appointment needed." if twin else f"{chr(97 + number) * 5} ward news.",
            publish_at=due,
            event_ends_at=due - timedelta(minutes=5) if self.random.random() < 0.3 else None,
        )

    # --- who acts

    def _somebody_acts(self, chance: float = 0.04) -> None:
        if self._within or not self.faults.active or self.random.random() >= chance:
            return
        self._within = True
        try:
            actor = self.random.choice(["pause", "pause", "resume", "publish", "switch", "config", "crisis"])
            self._survive(actor, getattr(self, f"_{actor}"))
        finally:
            self._within = False

    def _survive(self, actor: str, act: Callable[[], object]) -> None:
        """Run *act*; a death is its own alone."""
        self.acted[actor] += 1
        try:
            act()
        except* Killed:
            self.acted[f"{actor} killed"] += 1
        except* SwitchboardError:
            self.acted[f"{actor} failed"] += 1

    def _publish(self) -> None:
        publish_due_posts(
            posts=self._port(self.store),
            publishers={"facebook": Faulty(self.pages, self.faults, sends=True)},
            secrets=FakeSecrets(),
            automation=self._port(self.automation),
            crises=Faulty(self.crises, self.faults),  # nobody acts between the two reads of one moment
            metrics=FakeMetrics(),
            now=self.clock(),
        )

    def _pause(self) -> None:
        room = HoldingRoom(
            posts=self._port(self.store),
            schedulers=FakeSchedulers({}),
            media=MediaCopies(FakeMedia(), self.clock),
            metrics=FakeMetrics(),
            clock=self.clock,
        )
        pause_stale_posts(
            room=room,
            witnesses=witnesses(FakeQuestions()),
            config=read_config(self._port(self.automation), FakeMetrics()),
            letters=Letters(mail=FakeMail(), sessions=FakeSessions(), base_url="https://inbox.example.org"),
        )

    def _resume(self) -> None:
        held = self.store.holds() if self.random.random() < 0.3 else []
        if held:
            hold = self.random.choice(held)
            resume(hold.post_id, by="maria", now=self.clock(), posts=self._port(self.store))

    def _switch(self) -> None:
        self.automation.config = OFF if self.automation.config is ON else ON

    def _crisis(self) -> None:
        now = self.clock()
        before = self.crises.current()
        turned = ended(before, by="maria", now=now)
        turned = turned or started(before, reason="a storm", by="maria", via="cli", until=None, now=now)
        if turned is not None:
            self.crises.save(turned)

    def _config(self) -> None:
        self.automation.readable = not self.automation.readable

    def _port(self, port: Any) -> Any:
        return Between(Faulty(port, self.faults), self._somebody_acts)

    # --- what must never be

    def _watch(self, post: Post) -> None:
        stored = self.store[post.post_id]
        if stored != post or stored.state is not PostState.PUBLISHING:
            self._note(f"{post.post_id} went out while it was {stored.state}, version {stored.version}")
        if self.automation.config is not ON or not self.automation.readable:
            self._note(f"{post.post_id} went out while publishing was paused")
        if self.crises.now is not None and self.crises.now.is_in_force(self.clock()):
            self._note(f"{post.post_id} went out in a crisis")
        if self.clock() - post.publish_at > timedelta(minutes=60):
            self._note(f"{post.post_id} flooded out late")
        if self.clock() < post.publish_at:
            self._note(f"{post.post_id} went out early")

    def _check(self) -> None:
        taken = Counter(self.store[post.post_id].platform_post_id for post in self.planned)
        for planned in self.planned:
            post = self.store[planned.post_id]
            later = post.publish_at - planned.publish_at  # what is given back is spaced out
            if (post.text, post.channel) != (planned.text, planned.channel) or not timedelta() <= later <= 6 * APART:
                self._note(f"{post.post_id} is another post now")
            if post.state not in ENDED:
                self._note(f"{post.post_id} was left {post.state}")
            if post.state is PostState.PUBLISHED and taken[post.platform_post_id] != 1:
                self._note(f"{post.post_id} took another's place on the Page")
            self._check_holds(post)
        stored = [self.store[post.post_id] for post in self.planned]
        for channel, text in {(post.channel, post.text) for post in self.planned}:
            there = sum((one.channel, one.text) == (channel, text) for one in self.pages.shown)
            alike = [post for post in stored if (post.channel, post.text) == (channel, text)]
            states = Counter(post.state for post in alike)
            if not states[PostState.PUBLISHED] <= there <= states[PostState.PUBLISHED] + states[PostState.UNKNOWN]:
                self._note(f"{[post.post_id for post in alike]} stand {there} times on the Page: {dict(states)}")

    def _check_holds(self, post: Post) -> None:
        found = self.store.load(post.post_id)
        holds: Sequence[Any] = found[1] if found else ()
        is_open = any(hold.state is HoldState.HELD for hold in holds)
        if post.state is PostState.HELD and not is_open:
            self._note(f"{post.post_id} is held, and nothing says why")
        if post.state is PostState.DRAFT and not holds:
            self._note(f"{post.post_id} is a draft, and nothing says why")
        for hold in holds:
            if replace(hold.snapshot, version=0).text != post.text:
                self._note(f"{post.post_id}: its snapshot is another post")

    def _note(self, line: str) -> None:
        self.violations.append(f"{self.seed}: {line}")
