"""`ports.Publishes`, the same for the fake and for a Facebook Page over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from simulators.graph import PAGE, GraphSimulator
from switchboard.domain.post import Post, PostState
from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, Unavailable
from switchboard.platforms.facebook import FacebookPage
from switchboard.platforms.graph import Graph
from switchboard.ports import Channel, ChannelSecret
from tests.fakes.hospital import NOON
from tests.fakes.publishes import FakePublishes
from tests.fakes.replies import Clock, Direct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from switchboard.ports import Publishes

SECRET = ChannelSecret(access_token=PAGE.token)
CHANNEL = Channel(name="facebook", platform="facebook", account_id=PAGE.id)


def post(**changes: Any) -> Post:
    return Post(
        **{
            "post_id": "p1",
            "channel": "facebook",
            "text": "Flu shots, no appointment needed.",
            "publish_at": NOON,
            "state": PostState.PUBLISHING,
            "attempt_started_at": NOON,
        }
        | changes
    )


@dataclass
class Platform:
    """One platform under test, and how to make it fail."""

    port: Publishes
    clock: Clock
    graph: GraphSimulator | None = None

    def publish(self, sent: Post) -> str:
        return self.port.publish(sent, CHANNEL, SECRET)

    def find(self, sent: Post) -> str | None:
        return self.port.find_post(sent, CHANNEL, SECRET)

    def texts(self) -> list[str]:
        if isinstance(self.port, FakePublishes):
            return [shown.text for shown in self.port.shown]
        assert self.graph is not None
        return [shown.message for shown in self.graph.posts]

    def fail(self, error: Exception, /, *, performed: bool = False, **fault: Any) -> None:
        if isinstance(self.port, FakePublishes):
            self.port.failures.append((error, performed))
        else:
            assert self.graph is not None
            self.graph.fail(method="POST", performed=performed, **fault)


@pytest.fixture(params=["fake", "facebook"])
def platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    clock = Clock()
    if request.param == "fake":
        yield Platform(FakePublishes(clock), clock)
        return
    with GraphSimulator(now=clock) as graph:
        yield Platform(FacebookPage(Graph(f"{graph.url}/v23.0")), clock, graph)


def test_a_post_appears_and_is_found_under_the_id_it_was_given(platform: Platform) -> None:
    platform_id = platform.publish(post())

    assert platform.texts() == ["Flu shots, no appointment needed."]
    assert platform.find(post()) == platform_id


def test_what_was_never_published_is_not_found(platform: Platform) -> None:
    platform.publish(post(text="Visiting hours have changed."))

    assert platform.find(post()) is None


@pytest.mark.parametrize("performed", [True, False])
def test_a_lost_answer_is_an_unknown_outcome_and_can_be_looked_up(platform: Platform, *, performed: bool) -> None:
    platform.fail(OutcomeUnknown("no answer"), performed=performed, timeout=0.01)

    with pytest.raises(OutcomeUnknown):
        platform.publish(post())

    assert (platform.find(post()) is not None) == performed


def test_last_weeks_post_of_the_same_text_is_another_post(platform: Platform) -> None:
    platform.publish(post())
    later = platform.clock.advance(days=7)

    assert platform.find(post(attempt_started_at=later)) is None


def test_refusals_say_what_to_do(platform: Platform) -> None:
    platform.fail(Rejected("blocked"), error=368)
    platform.fail(Misconfigured("connect the Page again"), error=190)
    platform.fail(Unavailable("wait"), error=4)
    platform.fail(OutcomeUnknown("said just before"), error=506)

    for expected in (Rejected, Misconfigured, Unavailable, OutcomeUnknown):
        with pytest.raises(expected):
            platform.publish(post())

    assert platform.texts() == []


def test_a_channel_without_an_account_needs_a_person() -> None:
    with pytest.raises(Misconfigured):
        FacebookPage(Graph("http://127.0.0.1:1")).publish(post(), Channel(name="f", platform="facebook"), SECRET)


def test_a_picture_goes_out_with_its_caption_and_its_description_and_is_found_by_its_words() -> None:
    clock = Clock()
    graph = GraphSimulator(now=clock)
    page = FacebookPage(Graph("http://graph.test/v23.0", transport=Direct(graph)))
    sent = post(image_url="https://img.example.org/flu.jpg", image_alt="A nurse with a syringe")

    made = page.publish(sent, CHANNEL, SECRET)

    (shown,) = graph.posts
    assert (shown.id, shown.message) == (made, sent.text)
    assert (shown.picture_url, shown.picture_alt) == (sent.image_url, sent.image_alt)
    assert page.find_post(sent, CHANNEL, SECRET) == made
