"""`ports.PostStore`, the same for the fake and for DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from switchboard.adapters.posts import DynamoPosts
from switchboard.domain.delivery import hold_of, in_state
from switchboard.domain.post import HoldState, Post, PostState
from switchboard.errors import Conflict
from tests.conftest import EMBEDDED
from tests.fakes.hospital import NOON
from tests.fakes.posts import FakePosts
from tests.fakes.tables import POSTS, create_posts_table

if TYPE_CHECKING:
    from switchboard.ports import PostStore

MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["fake", "dynamodb", EMBEDDED])
def posts(request: pytest.FixtureRequest) -> PostStore:
    if request.param == "fake":
        return FakePosts()
    client: Any = request.getfixturevalue(request.param)
    create_posts_table(client)
    return DynamoPosts(client, POSTS)


def post(number: int = 1, **changes: Any) -> Post:
    return Post(
        **{
            "post_id": f"p{number}",
            "channel": "facebook",
            "text": "Flu shots, no appointment needed.",
            "publish_at": NOON + number * MINUTE,
        }
        | changes
    )


def test_a_post_is_read_back_whole(posts: PostStore) -> None:
    whole = post(
        event_ends_at=NOON,
        reviewed_at=NOON,
        created_at=NOON,
        owner="maria",
        campaign="flu",
        platform_post_id="1_2",
        published_at=NOON,
        attempt_started_at=NOON,
        attempts=3,
        kept_by="james",
    )

    added = posts.put(whole)

    assert added
    assert posts.load("p1") == (whole, ())
    assert posts.load("p2") is None


def test_a_post_is_added_once(posts: PostStore) -> None:
    posts.put(post())

    again = posts.put(post(text="Something else."))

    assert not again
    assert posts.load("p1") == (post(), ())


def test_of_two_changes_made_on_one_version_the_second_is_a_conflict_and_writes_nothing(posts: PostStore) -> None:
    posts.put(post())
    posts.commit(in_state(post(), PostState.PUBLISHING), event="publishing", by="publish_due_posts", now=NOON)
    hold = hold_of(post(), rule="repeated", reason="Again.", by="pause_stale_posts", now=NOON)

    with pytest.raises(Conflict):
        posts.commit(in_state(post(), PostState.HELD), hold, event="held", by="pause_stale_posts", now=NOON)

    assert posts.load("p1") == (in_state(post(), PostState.PUBLISHING), ())
    assert posts.holds() == []


def test_a_post_that_is_not_there_cannot_be_changed(posts: PostStore) -> None:
    with pytest.raises(Conflict):
        posts.commit(in_state(post(), PostState.HELD), now=NOON)


def test_a_hold_is_stored_with_its_snapshot_and_counts_until_it_is_released(posts: PostStore) -> None:
    posts.put(post())
    hold = hold_of(post(), rule="repeated", reason="Again.", evidence=("3 times",), by="pause_stale_posts", now=NOON)
    held = in_state(post(), PostState.HELD)
    posts.commit(held, hold, event="held", by="pause_stale_posts", now=NOON)
    assert posts.load("p1") == (held, (hold,))
    assert posts.holds() == [hold]

    released = replace(hold, state=HoldState.RESUMED, released_at=NOON + MINUTE, released_by="maria")
    posts.commit(in_state(held, PostState.SCHEDULED), released, event="resumed", by="maria", now=NOON + MINUTE)

    assert posts.holds() == []
    assert posts.load("p1") == (in_state(held, PostState.SCHEDULED), (released,))


def test_the_latest_hold_comes_first_in_the_list_and_last_at_its_post(posts: PostStore) -> None:
    for number in (1, 2):
        posts.put(post(number))
        hold = hold_of(post(number), rule="late", reason="Late.", by="publish_due_posts", now=NOON + number * MINUTE)
        posts.commit(in_state(post(number), PostState.DRAFT), hold, now=NOON)
    second = hold_of(post(1), rule="repeated", reason="Again.", by="maria", now=NOON + 9 * MINUTE)
    posts.commit(replace(post(1), version=2, state=PostState.HELD), second, now=NOON)

    assert [hold.post_id for hold in posts.holds()] == ["p1", "p2", "p1"]
    found = posts.load("p1")
    assert found is not None
    assert [hold.rule for hold in found[1]] == ["late", "repeated"]


def test_due_posts_are_scheduled_or_being_published_the_most_overdue_first(posts: PostStore) -> None:
    for number, state in enumerate(PostState):
        posts.put(post(number, state=state))
    posts.put(post(99))

    due = posts.due(NOON + 60 * MINUTE)

    assert [found.state for found in due] == [PostState.SCHEDULED, PostState.PUBLISHING]
    assert posts.due(NOON + 60 * MINUTE, limit=1) == due[:1]


def test_posts_in_a_state_come_in_order_of_their_time_from_a_moment_on(posts: PostStore) -> None:
    for number in (3, 1, 2):
        posts.put(post(number))
    posts.put(post(4, state=PostState.PUBLISHED))

    both = posts.in_state([PostState.SCHEDULED, PostState.PUBLISHED], since=NOON + 2 * MINUTE)

    assert [found.post_id for found in both] == ["p2", "p3", "p4"]
    assert [found.post_id for found in posts.in_state([PostState.SCHEDULED])] == ["p1", "p2", "p3"]
