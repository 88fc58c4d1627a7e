"""A scheduler in memory, in the manner of each class: drafts, moves far ahead, deletes, or can only be read.

It has the traps of the real ones: what is scheduled for a time too near goes out at once, and with *forgets* a post
that is out is not found by its id any more.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from functions.pause_stale_posts.facts import Witnesses
from switchboard.domain.links import Link, LinkState
from switchboard.domain.outside import Abilities, Outside, Pausing, outside_id
from switchboard.domain.post import Post, PostState
from switchboard.errors import Misconfigured, Rejected
from tests.fakes.calendars import FakeCalendars

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from switchboard.ports import MediaFile, QuestionStore, Scheduler


@dataclass
class MemoryScheduler:
    """`ports.Scheduler`; *watch* is called with each post that goes out, and how."""

    clock: Callable[[], datetime]
    abilities: Abilities = field(default_factory=lambda: Abilities(pausing=(Pausing.NATIVE,)))
    name: str = "outside"
    forgets: bool = False
    closed: set[Pausing] = field(default_factory=set[Pausing])
    watch: Callable[[Post, str], None] = lambda _post, _how: None
    there: dict[str, Post] = field(default_factory=dict[str, Post])
    out: list[Post] = field(default_factory=list[Post])
    calls: int = 0
    _ids: int = 0

    def add(
        self, text: str, at: datetime, *, channel: str = "facebook", state: PostState = PostState.SCHEDULED
    ) -> Post:
        """Put a post there, as a person would in the scheduler's own pages."""
        self._ids += 1
        external_id = f"x{self._ids}"
        self.there[external_id] = Post(
            post_id=outside_id(self.name, external_id),
            channel=channel,
            text=text,
            publish_at=at,
            state=state,
            outside=Outside(scheduler=self.name, external_id=external_id, profile=channel, payload="{}"),
        )
        return self.there[external_id]

    def tick(self) -> None:
        """Publish what is due."""
        for external_id, post in list(self.there.items()):
            if post.state is PostState.SCHEDULED and post.publish_at <= self.clock():
                self.publish(external_id, "due")

    def publish(self, external_id: str, how: str) -> None:
        """Publish one post now."""
        post = self.there[external_id]
        at = post.publish_at if how == "due" else self.clock()
        post = replace(post, state=PostState.PUBLISHED, publish_at=at)
        self.watch(self.there[external_id], how)
        self.out.append(post)
        if self.forgets:
            del self.there[external_id]
        else:
            self.there[external_id] = post

    def change(self, external_id: str, **changes: object) -> None:
        """Change a post as a person would there."""
        self.there[external_id] = replace(self.there[external_id], **changes)  # type: ignore[arg-type]

    # --- ports.Scheduler

    def posts(self, *, start: datetime, end: datetime) -> Sequence[Post]:
        self.calls += 1
        out = self.out if self.forgets else []
        told = (PostState.SCHEDULED, PostState.PUBLISHED)
        return [post for post in [*self.there.values(), *out] if start <= post.publish_at < end and post.state in told]

    def read(self, external_id: str) -> Post | None:
        self.calls += 1
        return self.there.get(external_id)

    def pause(self, post: Post, how: Pausing, *, parked_until: datetime) -> None:
        self.calls += 1
        external_id = self._known(post)
        if how in self.closed:
            raise Rejected("this way is closed for this post", reason="refused")
        if self.there[external_id].state is not PostState.SCHEDULED:
            raise Rejected("it is not scheduled", reason="refused")
        match how:
            case Pausing.NATIVE:
                self.change(external_id, state=PostState.DRAFT)
            case Pausing.RESCHEDULE:
                self.change(external_id, publish_at=parked_until)
            case Pausing.RECREATE:
                del self.there[external_id]

    def resume(self, post: Post, how: Pausing, *, due_at: datetime, media: Iterable[MediaFile]) -> str:
        self.calls += 1
        if how is Pausing.RECREATE:
            made = self.add(post.text, due_at, channel=post.channel)
            external_id = made.outside.external_id if made.outside else ""
        else:
            external_id = self._known(post)
            self.change(external_id, state=PostState.SCHEDULED, publish_at=due_at, text=post.text)
        if due_at < self.clock() + timedelta(seconds=60):
            self.publish(external_id, "at once")
        return external_id

    def remove(self, external_id: str) -> None:
        self.calls += 1
        self.there.pop(external_id, None)

    def media_of(self, post: Post) -> Iterable[MediaFile]:
        return ()

    def _known(self, post: Post) -> str:
        external_id = post.outside.external_id if post.outside else ""
        if external_id not in self.there:
            raise Rejected("it is not there", reason="deleted")
        return external_id


@dataclass
class FakeSchedulers:
    """`ports.Schedulers`."""

    known: Mapping[str, Scheduler]

    def names(self) -> Sequence[str]:
        return list(self.known)

    def of(self, name: str) -> Scheduler:
        if name not in self.known:
            raise Misconfigured(f"scheduler {name} is not in the config")
        return self.known[name]


@dataclass
class FakeGovernors:
    """`ports.Governors`."""

    on: frozenset[str] = frozenset()

    def load(self) -> Collection[str]:
        return self.on

    def save(self, channels: Collection[str]) -> None:
        self.on = frozenset(channels)


@dataclass
class FakeLinks:
    """`ports.LinkChecker` and `ports.LinkLooks`: *dead* are the addresses that lead nowhere."""

    dead: set[str] = field(default_factory=set[str])
    asked: list[str] = field(default_factory=list[str])
    looks: dict[str, list[Link]] = field(default_factory=dict[str, list[Link]])

    def look(self, url: str, allowed: Sequence[str], *, now: datetime) -> Link:
        self.asked.append(url)
        state = LinkState.DEAD if url in self.dead else LinkState.OK
        return Link(url=url, state=state, reason="the site says that there is no such page (HTTP 404).", looked_at=now)

    def load(self, urls: Iterable[str]) -> Mapping[str, Sequence[Link]]:
        return {url: self.looks.get(url, []) for url in urls}

    def save(self, link: Link) -> None:
        self.looks.setdefault(link.url, []).append(link)


@dataclass
class FakeMedia:
    """`ports.MediaStore`."""

    kept: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def keep(self, key: str, media: MediaFile) -> None:
        self.kept[key] = media.content

    def load(self, key: str) -> bytes:
        if key not in self.kept:
            raise Rejected("there is no such medium", status=404, reason="no_such_media")
        return self.kept[key]


def witnesses(questions: QuestionStore, links: FakeLinks | None = None, **more: Any) -> Witnesses:
    """Return whom `pause_stale_posts` asks for facts."""
    known = links or FakeLinks()
    parts: dict[str, Any] = {
        "calendars": FakeCalendars(),
        "governors": FakeGovernors(),
        "links": known,
        "looks": known,
    }
    return Witnesses(questions=questions, **(parts | more))
