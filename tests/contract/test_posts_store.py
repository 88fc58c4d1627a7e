"""`ports.PostStore`, the same for the fake and for DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from switchboard.adapters.posts import DynamoPosts
from switchboard.domain.delivery import hold_of, in_state
from switchboard.domain.outside import Media, Outside, Pausing, Step
from switchboard.domain.post import Hold, HoldState, Post, PostState
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
    given: dict[str, Any] = {
        "post_id": f"p{number}",
        "channel": "facebook",
        "text": "Flu shots, no appointment needed.",
        "publish_at": NOON + number * MINUTE,
    }
    return Post(**(given | changes))


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


# --- posts of schedulers outside


def outside(number: int = 1, **changes: Any) -> Post:
    there = Outside(
        scheduler="blog",
        external_id=f"x{number}",
        profile="7",
        payload='{"a": "é"}',
        media=(Media(url="https://example.org/1.png", media_type="image/png", alt="A door.", kept_as="k/0"),),
        cannot_pause="Another app made it.",
        link="https://example.org/1",
        engagement=0,
    )
    return post(number, **({"post_id": f"blog:x{number}", "outside": there} | changes))


def held(posts: PostStore, number: int = 1, state: PostState = PostState.HELD, **changes: Any) -> Hold:
    """Store a post outside with a hold that *changes*, and return the hold."""
    one = outside(number)
    hold = replace(
        hold_of(one, rule="event_over", reason="Over.", by="pause_stale_posts", now=NOON + number * MINUTE),
        **({"step": Step.PAUSED, "how": Pausing.NATIVE} | changes),
    )
    posts.commit(replace(one, state=state, version=1), hold, event="pausing", by="pause_stale_posts", now=NOON)
    return hold


def test_a_post_outside_is_added_by_its_first_commit_and_read_back_whole(posts: PostStore) -> None:
    hold = held(
        posts,
        attempted_at=NOON,
        attempts=2,
        parked_until=NOON + MINUTE,
        resume_at=NOON + 2 * MINUTE,
        twins=("x8", "x9"),
        problem="It is full.",
        told_at=NOON,
    )

    assert posts.load("blog:x1") == (outside(state=PostState.HELD, version=1), (hold,))


def test_of_two_that_add_the_same_post_outside_one_does_and_later_the_fence_holds(posts: PostStore) -> None:
    held(posts)

    with pytest.raises(Conflict):
        held(posts)
    with pytest.raises(Conflict):
        posts.commit(outside(2, version=2), now=NOON)
    posts.commit(outside(version=2), now=NOON)
    assert posts.load("blog:x2") is None


def test_posts_outside_are_no_posts_of_the_queue(posts: PostStore) -> None:
    posts.put(post(1))
    for number in (3, 2):
        held(posts, number, state=PostState.SCHEDULED)
    held(posts, 4)

    assert [one.post_id for one in posts.in_state([PostState.SCHEDULED])] == ["p1"]
    assert posts.due(NOON + 60 * MINUTE) == [post(1)]
    assert [one.post_id for one in posts.outside([PostState.SCHEDULED])] == ["blog:x2", "blog:x3"]
    since = posts.outside([PostState.SCHEDULED, PostState.HELD, PostState.HELD], since=NOON + 3 * MINUTE)
    assert [one.post_id for one in since] == ["blog:x3", "blog:x4"]


def test_a_hold_is_moving_while_its_step_is_under_way_and_among_the_holds_until_it_is_over(posts: PostStore) -> None:
    for number, step in enumerate(Step):
        held(posts, number, step=step)

    under_way = {step for step in Step if step.is_under_way}
    assert {hold.step for hold in posts.moving()} == under_way
    assert {hold.step for hold in posts.holds()} == set(Step)
    first = held(posts, 90, step=Step.PAUSING)
    posts.commit(outside(90, state=PostState.HELD, version=2), replace(first, step=Step.PAUSED), now=NOON)
    assert first.hold_id not in {hold.hold_id for hold in posts.moving()}


def test_untold_is_what_waits_or_could_not_be_held_until_its_owner_was_told(posts: PostStore) -> None:
    waits = held(posts, 1)
    lost = _lost(posts, 2)
    held(posts, 3, step=Step.PAUSING)
    held(posts, 4, told_at=NOON)
    _lost(posts, 5, told_at=NOON)

    assert {hold.hold_id for hold in posts.untold()} == {waits.hold_id, lost.hold_id}

    for number, hold in ((1, waits), (2, lost)):
        row = outside(number, state=PostState.HELD, version=2)
        posts.commit(row, replace(hold, told_at=NOON), event="told", by="switchboard", now=NOON)

    assert posts.untold() == []
    assert [hold.post_id for hold in posts.holds()] == ["blog:x4", "blog:x3", "blog:x1"]


def _lost(posts: PostStore, number: int, **changes: Any) -> Hold:
    one = outside(number)
    hold = hold_of(one, rule="crisis", reason="Stop.", by="maria", now=NOON + number * MINUTE)
    lost = replace(hold, state=HoldState.NOT_HELD, problem="Too late.", released_at=NOON, **changes)
    posts.commit(replace(one, version=1), lost, event="not_held", by="maria", now=NOON)
    return lost


@pytest.mark.parametrize(
    ("state", "hold_state", "expires"),
    [
        (PostState.HELD, HoldState.HELD, False),
        (PostState.DRAFT, HoldState.HELD, False),  # a give-back that failed: it still waits for a person
        (PostState.SCHEDULED, HoldState.RESUMED, True),
        (PostState.DISCARDED, HoldState.DISCARDED, True),
    ],
)
def test_a_post_outside_expires_only_when_nobody_is_waited_for(
    dynamodb: Any, state: PostState, hold_state: HoldState, *, expires: bool
) -> None:
    create_posts_table(dynamodb)
    store = DynamoPosts(dynamodb, POSTS)
    hold = replace(hold_of(outside(), rule="late", reason="", by="maria", now=NOON), state=hold_state)

    store.commit(outside(state=state, version=1), hold, now=NOON)

    items = dynamodb.scan(TableName=POSTS)["Items"]
    assert {"expires_at" in item for item in items} == {expires}
