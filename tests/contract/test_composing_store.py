"""Composing, approving and extending on the real store as on the fake: among several at once, one wins."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from switchboard.adapters.posts import DynamoPosts
from switchboard.domain.post import PostState
from switchboard.errors import Rejected
from switchboard.verbs.composing import approve, compose, edit, extend_series, refuse, return_unapproved, withdraw
from tests.conftest import EMBEDDED
from tests.fakes.hospital import NOON, config
from tests.fakes.posts import FakePosts
from tests.fakes.tables import POSTS, create_posts_table

if TYPE_CHECKING:
    from switchboard.domain.post import Post
    from switchboard.ports import PostStore

MERCY = config(posts={"approvals": {"clinical": ["maria", "james"]}})
FIELDS = {
    "channel": "facebook",
    "text": "Know the signs of a stroke.",
    "publish_at": "2026-10-16T09:00",
    "review_by": "2026-12-31",
    "image_url": "https://img.example.org/fast.png",
    "image_alt": "A clock",
}
SERIES = {"category": "clinical", "repeat_every": "1", "repeat_unit": "weeks", "repeat_count": "10"}


@pytest.fixture(params=["fake", "dynamodb", EMBEDDED])
def posts(request: pytest.FixtureRequest) -> PostStore:
    if request.param == "fake":
        return FakePosts()
    client: Any = request.getfixturevalue(request.param)
    create_posts_table(client)
    return DynamoPosts(client, POSTS)


def write(posts: PostStore, **changes: str) -> Post:
    found = compose(FIELDS | changes, post_id="p-1", by="maria", posts=posts, config=MERCY, now=NOON)
    assert found.post is not None, found.problems
    return found.post


def test_a_composed_post_is_read_back_whole_and_can_be_edited_refused_and_withdrawn(posts: PostStore) -> None:
    post = write(posts, category="clinical")
    assert posts.load("p-1") == (post, ())
    assert posts.in_state([PostState.TO_APPROVE]) == [post]

    refuse("p-1", by="james", seen=1, why="Too short.", posts=posts, config=MERCY, now=NOON)
    assert [hold.reason for hold in posts.untold()] == ["It was not approved: Too short."]
    edit("p-1", {**FIELDS, "category": "clinical"}, by="maria", seen=2, posts=posts, config=MERCY, now=NOON)
    assert posts.holds() == []
    withdraw("p-1", by="maria", seen=3, posts=posts, now=NOON)
    assert [one.state for one in posts.in_state([PostState.DISCARDED])] == [PostState.DISCARDED]


def test_of_many_who_act_at_once_one_wins_and_the_others_are_told(posts: PostStore) -> None:
    seen = write(posts, category="clinical").version

    def act(number: int) -> str:
        try:
            if number % 2:
                approve("p-1", by="james", seen=seen, posts=posts, config=MERCY, now=NOON)
            else:
                changed = FIELDS | {"text": f"Words {number}", "category": "clinical"}
                edit("p-1", changed, by="maria", seen=seen, posts=posts, config=MERCY, now=NOON)
        except Rejected as refusal:
            return refusal.reason
        return "won"

    with ThreadPoolExecutor(max_workers=8) as pool:
        outcomes = Counter(pool.map(act, range(8)))

    assert outcomes == {"won": 1, "changed": 7}
    stored = posts.load("p-1")
    assert stored is not None
    assert stored[0].version == seen + 1
    assert (stored[0].approved_by is None) == (stored[0].state is PostState.TO_APPROVE)


def test_a_series_that_many_extend_at_once_has_each_post_once(posts: PostStore) -> None:
    write(posts, **SERIES)
    later = NOON + timedelta(days=21)

    def extend(_: int) -> int:
        return extend_series(posts=posts, config=MERCY, now=later)

    with ThreadPoolExecutor(max_workers=6) as pool:
        made = sum(pool.map(extend, range(6)))

    ids = [post.post_id for post in posts.in_state([PostState.TO_APPROVE])]
    assert made == 3
    assert len(ids) == len(set(ids)) == 7
    approve("p-1", by="james", seen=1, posts=posts, config=MERCY, now=later)
    assert len(posts.in_state([PostState.SCHEDULED], since=later)) == 4
    assert return_unapproved(posts=posts, now=later) == 3
    assert posts.in_state([PostState.TO_APPROVE]) == []
