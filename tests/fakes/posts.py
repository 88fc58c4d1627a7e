"""The queue of posts in memory: `ports.PostStore`. `before_commit` lets a test act between a load and the commit."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from switchboard.domain.post import HoldState, PostState
from switchboard.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from switchboard.domain.post import Hold, Post


class FakePosts:
    """`ports.PostStore`; *events* holds (post id, kind, by) in order."""

    def __init__(self, *posts: Post) -> None:
        self.events: list[tuple[str, str, str]] = []
        self.before_commit: list[Callable[[], None]] = []
        self._posts = {post.post_id: post for post in posts}
        self._holds: dict[str, dict[datetime, Hold]] = {}
        self._lock = threading.RLock()

    def load(self, post_id: str) -> tuple[Post, tuple[Hold, ...]] | None:
        with self._lock:
            post = self._posts.get(post_id)
            holds = self._holds.get(post_id, {})
            return None if post is None else (post, tuple(holds[at] for at in sorted(holds)))

    def put(self, post: Post) -> bool:
        with self._lock:
            return self._posts.setdefault(post.post_id, post) is post

    def commit(self, post: Post, hold: Hold | None = None, *, event: str = "", by: str = "", now: datetime) -> None:
        if self.before_commit:
            self.before_commit.pop(0)()
        with self._lock:
            stored = self._posts.get(post.post_id)
            first = stored is None and post.outside is not None and post.version == 1
            if not first and (stored is None or stored.version != post.version - 1):
                raise Conflict("the stored version is another one")
            self._posts[post.post_id] = post
            if hold is not None:
                self._holds.setdefault(hold.post_id, {})[hold.held_at] = hold
            if event:
                self.events.append((post.post_id, event, by))

    def due(self, now: datetime, *, limit: int = 100) -> list[Post]:
        found = self.in_state([PostState.SCHEDULED, PostState.PUBLISHING])
        return [post for post in found if post.publish_at <= now][:limit]

    def in_state(self, states: Iterable[PostState], *, since: datetime | None = None) -> list[Post]:
        wanted = set(states)
        with self._lock:
            found = [
                post
                for post in self._posts.values()
                if post.outside is None and post.state in wanted and (since is None or post.publish_at >= since)
            ]
        return sorted(found, key=lambda post: (post.publish_at, post.post_id))

    def outside(self, states: Iterable[PostState], *, since: datetime | None = None) -> list[Post]:
        wanted = set(states)
        with self._lock:
            found = [
                post
                for post in self._posts.values()
                if post.outside is not None and post.state in wanted and (since is None or post.publish_at >= since)
            ]
        return sorted(found, key=lambda post: (post.publish_at, post.post_id))

    def untold(self) -> list[Hold]:
        with self._lock:
            found = [hold for holds in self._holds.values() for hold in holds.values() if hold.told_at is None]
        done = [hold for hold in found if hold.state is HoldState.NOT_HELD]
        return done + [hold for hold in self.holds() if hold.told_at is None and hold not in self.moving()]

    def moving(self) -> list[Hold]:
        return [hold for hold in self.holds() if hold.step is not None and hold.step.is_under_way]

    def holds(self) -> list[Hold]:
        with self._lock:
            found = [hold for holds in self._holds.values() for hold in holds.values() if hold.state is HoldState.HELD]
        return sorted(found, key=lambda hold: hold.held_at, reverse=True)

    def __getitem__(self, post_id: str) -> Post:
        return self._posts[post_id]
