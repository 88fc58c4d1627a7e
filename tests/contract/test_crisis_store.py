"""`ports.CrisisStore`, the same for the fake and for DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from switchboard.adapters.crises import DynamoCrises
from switchboard.adapters.posts import DynamoPosts
from switchboard.domain.crisis import NO_END, Crisis, NotPaused
from switchboard.domain.post import PostState
from switchboard.errors import Conflict, Unavailable
from tests.conftest import EMBEDDED
from tests.fakes.crises import FakeCrises
from tests.fakes.hospital import NOON
from tests.fakes.tables import POSTS, create_posts_table

if TYPE_CHECKING:
    from switchboard.ports import CrisisStore


@pytest.fixture(params=["fake", "dynamodb", EMBEDDED])
def crises(request: pytest.FixtureRequest) -> CrisisStore:
    if request.param == "fake":
        return FakeCrises()
    client: Any = request.getfixturevalue(request.param)
    create_posts_table(client)
    return DynamoCrises(client, POSTS)


def crisis(**changes: Any) -> Crisis:
    given: dict[str, Any] = {
        "reason": "a storm",
        "started_by": "maria",
        "started_at": NOON,
        "until": NO_END,
        "via": "config",
    }
    return Crisis(**(given | changes))


WHOLE = crisis(
    via="sms",
    until=NOON + timedelta(hours=1),
    ended_by="james",
    ended_at=NOON + timedelta(minutes=5),
    held=3,
    open_count=2,
    not_paused=(
        NotPaused(post_id="blog:1", scheduler="blog", channel="news", why="Too late.", publish_at=NOON),
        NotPaused(post_id="", scheduler="page", channel="", why="away"),
    ),
    listed_at=NOON,
    prolonged_by="james",
    dropped=True,
)


@pytest.mark.parametrize("stored", [crisis(), WHOLE])
def test_a_crisis_is_read_back_whole_by_everybody(crises: CrisisStore, stored: Crisis) -> None:
    assert crises.current() is None
    assert list(crises.past()) == []

    crises.save(stored)

    assert crises.current() == stored
    assert list(crises.past()) == [stored]


def test_of_two_that_turn_it_at_once_the_second_is_a_conflict_and_writes_nothing(crises: CrisisStore) -> None:
    crises.save(crisis())

    with pytest.raises(Conflict):
        crises.save(crisis(started_by="james", started_at=NOON + timedelta(seconds=1)))

    assert crises.current() == crisis()
    assert list(crises.past()) == [crisis()]


def test_each_that_was_is_kept_as_it_was_last_the_latest_first(crises: CrisisStore) -> None:
    ended = crisis(ended_by="maria", ended_at=NOON, version=2)
    second = crisis(started_at=NOON + timedelta(days=1), version=3)
    for one in (crisis(), ended, second):
        crises.save(one)

    assert list(crises.past()) == [second, ended]
    assert crises.current() == second


def test_a_save_that_skips_a_version_is_a_conflict(crises: CrisisStore) -> None:
    crises.save(crisis())
    with pytest.raises(Conflict):
        crises.save(crisis(version=3))


def test_the_switch_is_no_post_and_fits_into_an_item_with_a_full_list(dynamodb: Any) -> None:
    create_posts_table(dynamodb)
    open_posts = tuple(
        NotPaused(post_id=f"blog:{number}" * 20, scheduler="b" * 64, channel="c" * 64, why="w" * 300, publish_at=NOON)
        for number in range(100)
    )

    DynamoCrises(dynamodb, POSTS).save(replace(crisis(reason="r" * 200), not_paused=open_posts))

    posts = DynamoPosts(dynamodb, POSTS)
    assert posts.in_state(PostState) == []
    assert posts.outside(PostState) == []
    assert posts.holds() == []


def test_what_cannot_be_read_is_unavailable_and_not_no_crisis(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from botocore.exceptions import ConnectTimeoutError  # noqa: PLC0415 - only here

    def away(**_asked: object) -> None:
        raise ConnectTimeoutError(endpoint_url="https://dynamodb.example.org")

    monkeypatch.setattr(dynamodb, "get_item", away)

    with pytest.raises(Unavailable):
        DynamoCrises(dynamodb, POSTS).current()
