"""`ports.ChannelStates`, the same for the fake and for DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from switchboard.adapters.channel_states import DynamoChannelStates
from switchboard.adapters.posts import DynamoPosts
from switchboard.domain.polling import first_seen
from switchboard.domain.post import PostState
from switchboard.errors import Conflict
from tests.fakes.channel_states import FakeChannelStates
from tests.fakes.hospital import NOON
from tests.fakes.tables import POSTS, create_posts_table

if TYPE_CHECKING:
    from switchboard.ports import ChannelStates

MINUTE = timedelta(minutes=1)
STATE = replace(
    first_seen("mastodon", now=NOON),
    caught_up_to=NOON,
    older_than="1 2/3",
    down_to=NOON - MINUTE,
    polled_at=NOON,
    next_poll_at=NOON + MINUTE,
    failures=2,
    dead_since=NOON,
    missed=7,
    last_missed_at=NOON,
    version=1,
)


@pytest.fixture(params=["fake", "dynamodb"])
def states(request: pytest.FixtureRequest) -> ChannelStates:
    if request.param == "fake":
        return FakeChannelStates()
    client: Any = request.getfixturevalue("dynamodb")
    create_posts_table(client)
    return DynamoChannelStates(client, POSTS)


def test_of_a_channel_that_nobody_looked_at_nothing_is_known(states: ChannelStates) -> None:
    assert states.load("mastodon") is None
    assert states.last_heard("mastodon") is None


def test_a_state_is_read_as_it_was_saved(states: ChannelStates) -> None:
    bare = replace(first_seen("bluesky", now=NOON), version=1)
    for state in (STATE, bare):
        states.save(state)

    assert (states.load("mastodon"), states.load("bluesky")) == (STATE, bare)


def test_of_two_that_saw_the_same_state_one_saves_its_own(states: ChannelStates) -> None:
    states.save(STATE)
    states.save(replace(STATE, version=2, missed=8))

    for version in (1, 2, 4):
        with pytest.raises(Conflict):
            states.save(replace(STATE, version=version, missed=0))

    assert states.load("mastodon") == replace(STATE, version=2, missed=8)


def test_what_was_heard_last_counts_and_leaves_the_state_alone(states: ChannelStates) -> None:
    states.save(STATE)
    for minutes in (1, 2):
        states.heard("mastodon", at=NOON + minutes * MINUTE)

    assert states.last_heard("mastodon") == NOON + 2 * MINUTE
    assert states.load("mastodon") == STATE


def test_a_channel_is_no_post(dynamodb: Any) -> None:
    create_posts_table(dynamodb)
    states = DynamoChannelStates(dynamodb, POSTS)
    states.save(STATE)
    states.heard("mastodon", at=NOON)

    posts = DynamoPosts(dynamodb, POSTS)
    assert posts.due(NOON + timedelta(days=1)) == posts.in_state(PostState) == posts.holds() == []
