"""Due posts go out once each, and none while the switch is off. The platform is the simulator, without sockets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from functions.publish_due_posts.app import LEAVE_MS, publish_due_posts
from simulators.graph import GraphSimulator
from switchboard.domain.crisis import started
from switchboard.domain.delivery import hold_of, in_state
from switchboard.domain.post import Post, PostState
from switchboard.errors import Misconfigured, Unavailable
from switchboard.platforms.facebook import FacebookPage
from switchboard.platforms.graph import Graph
from tests.fakes.automation import FakeAutomation
from tests.fakes.crises import FakeCrises
from tests.fakes.hospital import NOON, config
from tests.fakes.metrics import FakeMetrics
from tests.fakes.posts import FakePosts
from tests.fakes.replies import Clock, Direct, FakeSecrets
from tests.faults.injection import Killed

if TYPE_CHECKING:
    from collections.abc import Callable

    from switchboard.domain.crisis import Crisis

TEXT = "Flu shots, no appointment needed."
PAUSED = {"publish_posts": False}


def post(number: int = 1, **changes: Any) -> Post:
    return Post(
        **{"post_id": f"p{number}", "channel": "facebook", "text": f"{TEXT} Day {number}.", "publish_at": NOON}
        | changes
    )


class Queue:
    """Posts that are due at noon, and everything that `publish_due_posts` needs."""

    def __init__(self, *posts: Post) -> None:
        self.clock = Clock()
        self.graph = GraphSimulator(now=self.clock)
        self.store = FakePosts(*(posts or (post(),)))
        self.posts: Any = self.store
        self.secrets: Any = FakeSecrets()
        client = Graph("http://graph.test/v23.0", transport=Direct(self.graph))
        self.publishers: dict[str, Any] = {"facebook": FacebookPage(client)}
        self.automation: Any = FakeAutomation(config())
        self.metrics = FakeMetrics()
        self.crises = FakeCrises()
        self.remaining_ms: Callable[[], int] = lambda: LEAVE_MS + 1

    def run(self) -> dict[str, int]:
        return publish_due_posts(
            posts=self.posts,
            publishers=self.publishers,
            secrets=self.secrets,
            automation=self.automation,
            crises=self.crises,
            metrics=self.metrics,
            now=self.clock(),
            remaining_ms=self.remaining_ms,
        )

    def sweep(self, minutes: int) -> None:
        """Run once a minute."""
        for _ in range(minutes):
            self.clock.advance(minutes=1)
            self.run()

    @property
    def there(self) -> list[str]:
        return [shown.message for shown in self.graph.posts]

    @property
    def post(self) -> Post:
        return self.store["p1"]


@pytest.fixture
def queue() -> Queue:
    return Queue()


def test_a_due_post_is_published(queue: Queue) -> None:
    counts = queue.run()

    assert counts == {"published": 1, "draft": 0, "failed": 0, "left": 0}
    assert queue.there == [post().text]
    assert (queue.post.state, queue.post.published_at) == (PostState.PUBLISHED, NOON)
    assert queue.post.platform_post_id == queue.graph.posts[0].id
    assert queue.store.events == [
        ("p1", "publishing", "publish_due_posts"),
        ("p1", "published", "publish_due_posts"),
    ]
    assert queue.metrics.total("PostsPublished", channel="facebook") == 1


def test_a_published_post_does_not_go_out_again(queue: Queue) -> None:
    queue.run()

    queue.sweep(3)

    assert len(queue.there) == 1


def test_a_post_of_tomorrow_waits() -> None:
    queue = Queue(post(publish_at=NOON + timedelta(seconds=1)))

    assert queue.run() == {"published": 0, "draft": 0, "failed": 0, "left": 0}
    assert queue.there == []


def test_while_the_switch_is_off_nothing_goes_out_and_posts_stay_as_they_are(queue: Queue) -> None:
    queue.automation = FakeAutomation(config(switches=PAUSED))

    queue.sweep(30)

    assert queue.graph.requests == []
    assert queue.post == post()
    assert queue.metrics.total("PublishingPaused", why="switch") == 30


@pytest.mark.parametrize("automation", [FakeAutomation(config(), readable=False), FakeAutomation(None, config())])
def test_a_config_that_cannot_be_read_means_paused_whatever_the_last_good_one_says(
    queue: Queue, automation: FakeAutomation
) -> None:
    queue.automation = automation

    queue.run()

    assert queue.graph.requests == []
    assert queue.post == post()
    assert queue.metrics.total("PublishingPaused", why="config_unreadable") == 1


@pytest.mark.parametrize("error", [None, Unavailable("AppConfig does not answer"), Misconfigured("not valid")])
def test_the_switch_is_asked_at_the_last_moment_before_each_post(error: Exception | None) -> None:
    queue = Queue(post(1), post(2), post(3))
    asked = []

    class Turning:
        def fresh(self) -> Any:
            asked.append(len(queue.there))
            if len(queue.there) == 1 and asked.count(1) == 1:
                if error is not None:
                    raise error
                return config(switches=PAUSED)
            return config() if not queue.there else config(switches=PAUSED)

    queue.automation = Turning()
    queue.run()

    assert queue.there == [post(1).text]
    assert asked == [0, 0, 1, 1]
    for number in (2, 3):
        stored = queue.store[f"p{number}"]
        assert replace(stored, version=0) == post(number)


def test_a_paused_post_goes_out_when_the_switch_is_on_again(queue: Queue) -> None:
    queue.automation = FakeAutomation(config(switches=PAUSED))
    queue.sweep(10)
    queue.automation = FakeAutomation(config())

    queue.sweep(1)

    assert queue.there == [post().text]


def test_what_is_more_than_an_hour_late_comes_back_as_a_draft_with_the_reason() -> None:
    queue = Queue(*(post(number) for number in range(1, 9)))
    queue.automation = FakeAutomation(config(switches=PAUSED))
    queue.sweep(90)
    queue.automation = FakeAutomation(config())

    queue.sweep(10)

    assert queue.there == []
    holds = queue.store.holds()
    assert {hold.post_id for hold in holds} == {f"p{number}" for number in range(1, 9)}
    assert {hold.rule for hold in holds} == {"late"}
    assert "1 hour late" in holds[0].reason
    assert holds[0].snapshot.state is PostState.SCHEDULED
    assert queue.post.state is PostState.DRAFT
    assert queue.metrics.total("PostsNotPublished", why="late") == 8


def test_no_more_than_five_go_out_at_once_on_a_channel() -> None:
    queue = Queue(*(post(number) for number in range(1, 9)))

    assert queue.run() == {"published": 5, "draft": 0, "failed": 0, "left": 3}
    assert queue.run() == {"published": 3, "draft": 0, "failed": 0, "left": 0}


@pytest.mark.parametrize("performed", [True, False])
def test_a_timeout_is_looked_up_before_it_is_published_again(queue: Queue, *, performed: bool) -> None:
    queue.graph.fail(method="POST", timeout=0.001, performed=performed)
    queue.run()
    assert queue.post.state is PostState.PUBLISHING
    requests = len(queue.graph.requests)

    queue.sweep(4)

    assert queue.graph.requests[requests]["method"] == "GET"
    assert queue.there == [post().text]
    assert queue.post.state is PostState.PUBLISHED


def test_a_lost_outcome_is_found_an_hour_later_and_a_missing_one_does_not_go_out_so_late() -> None:
    for performed in (True, False):
        queue = Queue()
        queue.graph.fail(method="POST", timeout=0.001, performed=performed)
        queue.run()
        queue.clock.advance(hours=3)

        queue.run()

        assert queue.post.state is (PostState.PUBLISHED if performed else PostState.DRAFT)
        assert len(queue.there) == performed


def test_a_lost_outcome_that_cannot_be_looked_up_for_a_day_goes_to_a_person(queue: Queue) -> None:
    queue.graph.fail(method="POST", timeout=0.001, performed=True)
    queue.run()
    queue.graph.fail(method="GET", status=502, times=None)
    queue.sweep(5)
    assert queue.post.state is PostState.PUBLISHING

    queue.clock.advance(hours=24)
    queue.run()

    assert queue.post.state is PostState.UNKNOWN
    assert queue.store.holds()[0].rule == "unknown"


def test_a_lost_outcome_does_not_go_out_again_while_the_switch_is_off(queue: Queue) -> None:
    queue.graph.fail(method="POST", timeout=0.001, performed=False)
    queue.run()
    queue.automation = FakeAutomation(config(switches=PAUSED))

    queue.sweep(30)

    assert queue.there == []


def test_a_known_failure_is_tried_again_and_leaves_the_channel_alone_meanwhile() -> None:
    queue = Queue(post(1), post(2))
    queue.graph.fail(method="POST", error=4, times=3)

    queue.run()
    assert [request["method"] for request in queue.graph.requests] == ["POST"]
    assert queue.post.state is PostState.SCHEDULED

    queue.sweep(10)
    assert sorted(queue.there) == [post(1).text, post(2).text]


def test_a_dead_token_alarms_and_loses_nothing(queue: Queue) -> None:
    queue.graph.kill_token()
    queue.sweep(20)
    assert queue.post.state is PostState.SCHEDULED
    assert queue.metrics.total("TokenDead", channel="facebook") > 0

    queue.graph.revive_token()
    queue.sweep(11)

    assert queue.there == [post().text]


def test_what_is_refused_for_good_fails_with_a_reason_for_a_person(queue: Queue) -> None:
    queue.graph.fail(method="POST", error=368)

    assert queue.run()["failed"] == 1

    assert queue.post.state is PostState.FAILED
    (hold,) = queue.store.holds()
    assert (hold.rule, hold.held_by) == ("refused", "publish_due_posts")
    assert "blocks" in hold.reason


def test_a_hold_placed_meanwhile_wins(queue: Queue) -> None:
    def hold() -> None:
        why = hold_of(post(), rule="event_over", reason="It is over.", by="pause_stale_posts", now=NOON)
        queue.store.commit(in_state(post(), PostState.HELD), why, now=NOON)

    queue.store.before_commit.append(hold)

    assert queue.run()["left"] == 1

    assert queue.there == []
    assert queue.post.state is PostState.HELD


def test_of_two_processes_at_once_one_publishes(queue: Queue) -> None:
    others: list[dict[str, int]] = []
    queue.store.before_commit.append(lambda: others.append(queue.run()))

    mine = queue.run()

    assert len(queue.there) == 1
    assert (mine["published"], others[0]["published"]) == (0, 1)


def test_two_posts_with_one_text_go_out_apart_so_that_neither_is_taken_for_the_other() -> None:
    for performed in (True, False):
        queue = Queue(post(1, text=TEXT), post(2, text=TEXT))
        queue.run()
        assert queue.there == [TEXT]
        queue.graph.fail(method="POST", timeout=0.001, performed=performed)

        queue.sweep(10)

        assert queue.there == [TEXT, TEXT]
        ids = [queue.store[f"p{number}"].platform_post_id for number in (1, 2)]
        assert sorted(map(str, ids)) == sorted(shown.id for shown in queue.graph.posts)


def test_a_channel_that_is_not_in_the_config_waits_for_a_person() -> None:
    queue = Queue(post(channel="nobody"))

    queue.run()

    assert queue.post.state is PostState.SCHEDULED
    assert queue.metrics.total("TokenDead", channel="nobody") == 1


def test_a_platform_to_which_nothing_can_be_posted_says_so() -> None:
    queue = Queue(post(channel="website"))

    queue.run()

    assert queue.post.state is PostState.FAILED
    assert "web_form" in queue.store.holds()[0].reason


@pytest.mark.parametrize("jump", [timedelta(minutes=-3), timedelta(minutes=30), timedelta(hours=2)])
def test_a_clock_that_jumps_publishes_once(queue: Queue, jump: timedelta) -> None:
    queue.graph.fail(method="POST", timeout=0.001, performed=True)
    queue.run()
    queue.clock.advance(seconds=jump.total_seconds())
    queue.run()

    queue.sweep(10)

    assert len(queue.there) == 1
    assert queue.post.state is PostState.PUBLISHED


class Dying:
    """A port that ends the process at one call: before it, or after it was carried out."""

    def __init__(self, port: Any, calls: Callable[[], int], at: int, *, after: bool) -> None:
        self._port, self._calls, self._at, self._after = port, calls, at, after

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            dies = self._calls() == self._at
            if dies and not self._after:
                raise Killed(name)
            result = method(*args, **kwargs)
            if dies:
                raise Killed(name)
            return result

        return call


def killed_at(queue: Queue, at: int, *, after: bool) -> bool:
    """Run once and die at outside call number *at*; return False when there are not so many."""
    count = iter(range(1000))
    whole = (queue.posts, queue.publishers, queue.secrets, queue.automation)

    def dying(port: Any) -> Any:
        return Dying(port, lambda: next(count), at, after=after)

    queue.posts, queue.secrets, queue.automation = map(dying, (whole[0], whole[2], whole[3]))
    queue.publishers = {name: dying(port) for name, port in queue.publishers.items()}
    try:
        queue.run()
    except Killed:
        return True
    finally:
        queue.posts, queue.publishers, queue.secrets, queue.automation = whole
    return False


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("lost", [None, True, False])
def test_a_process_killed_between_any_two_calls_publishes_once(*, after: bool, lost: bool | None) -> None:
    """The first run, or the one that looks up a lost outcome, dies at every call there is, before it or after it."""
    for at in range(100):
        queue = Queue()
        if lost is not None:
            queue.graph.fail(method="POST", timeout=0.001, performed=lost)
            queue.run()
            queue.clock.advance(minutes=2)
        was_killed = killed_at(queue, at, after=after)

        queue.sweep(8)

        assert queue.there == [post().text], f"killed at call {at}"
        assert queue.post.state is PostState.PUBLISHED
        if not was_killed:
            break
    else:
        pytest.fail("it never ended")
    assert at >= 6


def test_a_channel_with_many_due_posts_does_not_keep_the_others_from_publishing() -> None:
    """150 posts on a channel that was taken out of the config once hid every other channel for an hour."""
    crowd = [post(number, channel="nobody") for number in range(1, 151)]
    queue = Queue(*crowd, post(500, publish_at=NOON + timedelta(seconds=30)))

    queue.sweep(1)

    assert queue.there == [post(500).text]


def test_a_channel_whose_token_is_dead_still_gives_back_what_is_too_late() -> None:
    queue = Queue(post(1), post(2))
    queue.graph.kill_token()
    queue.sweep(59)

    queue.sweep(3)

    assert queue.store["p2"].state is PostState.DRAFT


def test_a_post_is_not_taken_for_its_twin_that_went_out_while_it_waited_to_be_tried_again() -> None:
    queue = Queue(post(1, text=TEXT), post(2, text=TEXT))
    queue.graph.fail(method="POST", error=4, times=3)

    queue.sweep(30)

    assert queue.there == [TEXT, TEXT]
    ids = [queue.store[f"p{number}"].platform_post_id for number in (1, 2)]
    assert sorted(map(str, ids)) == sorted(shown.id for shown in queue.graph.posts)


CLINICAL = {"approvals": {"clinical": ["maria", "james"]}}


def test_the_approval_is_checked_at_the_last_moment() -> None:
    """The category was added to the config after the first was scheduled; the second was approved by its author."""
    queue = Queue(
        post(1, category="clinical", author="maria"),
        post(2, category="clinical", author="maria", approved_by="maria"),
        post(3, category="clinical", author="maria", approved_by="james"),
    )
    queue.automation = FakeAutomation(config(posts=CLINICAL))

    assert queue.run() == {"published": 1, "draft": 2, "failed": 0, "left": 0}

    assert queue.there == [f"{TEXT} Day 3."]
    assert [queue.store[name].state for name in ("p1", "p2")] == [PostState.DRAFT, PostState.DRAFT]
    assert {hold.rule for hold in queue.store.untold()} == {"not_approved"}
    assert queue.store["p1"].attempts == 0


def test_what_waits_for_approval_is_never_published_and_a_draft_when_its_time_comes() -> None:
    queue = Queue(post(1, category="clinical", author="maria", state=PostState.TO_APPROVE))

    queue.sweep(3)

    assert queue.there == []
    assert queue.post.state is PostState.DRAFT
    assert [hold.reason for hold in queue.store.untold()] == ["Nobody approved it before its time came."]


# --- what stops it, and what does not


def a_crisis(queue: Queue) -> Crisis:
    found = started(None, reason="A fire.", by="maria", via="cli", until=None, now=queue.clock())
    assert found is not None
    return found


def test_in_a_crisis_nothing_goes_out_and_posts_stay_as_they_are(queue: Queue) -> None:
    queue.crises.save(a_crisis(queue))

    assert queue.run() == {"published": 0, "draft": 0, "failed": 0, "left": 1}

    assert (queue.there, queue.store["p1"].state) == ([], PostState.SCHEDULED)
    assert queue.metrics.total("PublishingPaused", why="crisis") == 1


def test_a_crisis_that_begins_between_two_posts_stops_the_second() -> None:
    queue = Queue(post(1), post(2))
    really = queue.publishers["facebook"].publish

    def then_it_begins(*args: Any, **more: Any) -> Any:
        done = really(*args, **more)
        queue.crises.save(a_crisis(queue))
        return done

    queue.publishers["facebook"].publish = then_it_begins

    assert queue.run() == {"published": 1, "draft": 0, "failed": 0, "left": 1}
    assert len(queue.there) == 1


def test_a_switch_that_cannot_be_read_is_on(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable() -> None:
        raise Unavailable("DynamoDB is away")

    monkeypatch.setattr(queue.crises, "current", unreadable)
    assert queue.run()["left"] == 1
    assert queue.there == []


def test_one_post_that_cannot_be_attended_to_does_not_keep_the_others_and_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queue = Queue(post(1), post(2))
    load = queue.store.load

    def poisoned(post_id: str) -> Any:
        if post_id == "p1":
            raise RuntimeError("an item that nobody understands")
        return load(post_id)

    monkeypatch.setattr(queue.store, "load", poisoned)
    with pytest.raises(ExceptionGroup, match="they stay due"):
        queue.run()

    assert queue.there == [f"{TEXT} Day 2."]


def test_a_run_that_has_no_time_left_leaves_the_rest() -> None:
    queue = Queue(post(1), post(2))
    left = iter([LEAVE_MS + 1, LEAVE_MS])
    queue.remaining_ms = lambda: next(left)

    assert queue.run() == {"published": 1, "draft": 0, "failed": 0, "left": 1}


def test_a_channel_that_asks_to_wait_is_not_asked_again_in_this_run() -> None:
    queue = Queue(*(post(number) for number in range(1, 4)))
    calls: list[str] = []

    def busy(one: Post, *_args: Any, **_more: Any) -> Any:
        calls.append(one.post_id)
        raise Unavailable("slow down")

    queue.publishers["facebook"].publish = busy

    assert queue.run()["left"] == 3
    assert len(calls) == 1
