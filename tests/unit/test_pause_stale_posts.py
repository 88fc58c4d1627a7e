"""Stale posts are held with their reason; a person gives them back, and never at once."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from functions.pause_stale_posts.app import MOST, pause_stale_posts, read_config
from switchboard.domain.delivery import hold_of, in_state
from switchboard.domain.intake import take_in
from switchboard.domain.post import HoldState, Post, PostState
from switchboard.errors import Conflict, Misconfigured, Rejected, Unavailable
from switchboard.verbs.giving_back import resume
from switchboard.verbs.holding import HoldingRoom
from switchboard.verbs.media_copies import MediaCopies
from switchboard.verbs.tell_owners import Letters
from tests.fakes.automation import FakeAutomation
from tests.fakes.hospital import NOON, config, message
from tests.fakes.metrics import FakeMetrics
from tests.fakes.posts import FakePosts
from tests.fakes.questions import FakeQuestions
from tests.fakes.schedulers import FakeGovernors, FakeLinks, FakeMedia, FakeSchedulers, witnesses
from tests.fakes.sessions import FakeSessions
from tests.fakes.texts import FakeMail

if TYPE_CHECKING:
    from switchboard.ports import Scheduler

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SECONDS_AT_MOST = 60


def post(number: int = 1, **changes: Any) -> Post:
    return Post(
        **{
            "post_id": f"p{number}",
            "channel": "facebook",
            "text": f"Meet team {chr(96 + number) * 9} of the {chr(96 + number) * 7} ward.",
            "publish_at": NOON + HOUR,
            "created_at": NOON - DAY,
        }
        | changes
    )


def over(number: int = 1, **changes: Any) -> Post:
    """Return a post about something that is over by then."""
    return post(number, event_ends_at=NOON, **changes)


class Calendar:
    """The queue, and everything that `pause_stale_posts` needs."""

    def __init__(self, *posts: Post, **changes: Any) -> None:
        self.posts = FakePosts(*posts)
        self.questions = FakeQuestions()
        self.automation = FakeAutomation(config(**changes))
        self.metrics = FakeMetrics()
        self.mail = FakeMail()
        self.sessions = FakeSessions()
        self.links = FakeLinks()
        self.governors = FakeGovernors()
        self.schedulers: dict[str, Scheduler] = {}
        self.counts: dict[str, int] = {}

    def ask(self, number: int, **changes: Any) -> None:
        arrived = message(number, thread_id=f"t{number}", **changes)
        self.questions.put([arrived])
        change = take_in(self.questions.load(arrived.question_id), config(), now=NOON)
        assert change is not None
        self.questions.commit(change)

    def run(self, now: Any = NOON) -> dict[str, int]:
        room = HoldingRoom(
            posts=self.posts,
            schedulers=FakeSchedulers(self.schedulers),
            media=MediaCopies(FakeMedia(), lambda: now),
            metrics=self.metrics,
            clock=lambda: now,
        )
        self.counts = pause_stale_posts(
            room=room,
            witnesses=witnesses(self.questions, self.links, governors=self.governors),
            config=read_config(self.automation, self.metrics),
            letters=Letters(mail=self.mail, sessions=self.sessions, base_url="https://inbox.example.org"),
        )
        return {name: self.counts[name] for name in ("judged", "stale", "held")}

    def state(self, number: int = 1) -> PostState:
        return self.posts[f"p{number}"].state


def test_a_stale_post_is_held_with_its_rule_reason_evidence_and_snapshot() -> None:
    calendar = Calendar(over())

    assert calendar.run() == {"judged": 1, "stale": 1, "held": 1}

    (hold,) = calendar.posts.holds()
    assert (hold.rule, hold.held_by, hold.held_at, hold.snapshot) == ("event_over", "pause_stale_posts", NOON, over())
    assert "ended" in hold.reason
    assert hold.evidence
    assert calendar.state() is PostState.HELD
    assert calendar.posts.events[0] == ("p1", "held", "pause_stale_posts")
    assert calendar.metrics.total("PostsHeld", rule="event_over", channel="facebook") == 1


def test_a_second_run_holds_nothing_more() -> None:
    calendar = Calendar(over())
    calendar.run()

    assert calendar.run(NOON + timedelta(minutes=15)) == {"judged": 0, "stale": 0, "held": 0}
    assert len(calendar.posts.holds()) == 1


def test_a_good_post_is_left_alone() -> None:
    calendar = Calendar(post())

    assert calendar.run()["held"] == 0
    assert calendar.state() is PostState.SCHEDULED


def test_posts_that_are_due_already_are_judged_and_those_after_48_hours_are_not() -> None:
    calendar = Calendar(over(1, publish_at=NOON - HOUR), over(2, publish_at=NOON + 49 * HOUR))

    assert calendar.run() == {"judged": 1, "stale": 1, "held": 1}
    assert calendar.state(2) is PostState.SCHEDULED


def test_what_was_published_within_the_window_counts_as_a_repetition() -> None:
    said = "Our health fair has free blood pressure checks for everybody who comes."
    earlier = [
        post(
            number,
            text=said,
            state=PostState.PUBLISHED,
            publish_at=NOON - number * DAY,
            published_at=NOON - number * DAY,
        )
        for number in (2, 3)
    ]
    calendar = Calendar(post(1, text=said), *earlier)

    calendar.run()

    assert [hold.rule for hold in calendar.posts.holds()] == ["repeated"]


def test_people_who_wait_hold_the_posts_of_their_channel_only() -> None:
    calendar = Calendar(post(1), post(2, channel="website"))
    for number in range(5):
        calendar.ask(number)

    calendar.run()

    assert [(hold.post_id, hold.rule) for hold in calendar.posts.holds()] == [("p1", "people_waiting")]


def test_a_channels_own_thresholds_replace_the_general_ones() -> None:
    strict = {"facebook": {"platform": "facebook", "account_id": "1", "staleness": {"people_waiting": 1}}}
    calendar = Calendar(post(1), channels=strict)
    calendar.ask(1)

    calendar.run()

    assert calendar.state() is PostState.HELD


def test_observing_says_what_would_be_held_and_holds_nothing() -> None:
    calendar = Calendar(over(), switches={"stale_posts": "observe"})

    assert calendar.run() == {"judged": 1, "stale": 1, "held": 0}

    assert calendar.posts["p1"] == over()
    assert calendar.metrics.total("PostsStale", rule="event_over") == 1


def test_ignoring_does_not_even_look() -> None:
    calendar = Calendar(over(), switches={"stale_posts": "ignore"})

    assert calendar.run() == {"judged": 0, "stale": 0, "held": 0}


def test_one_run_holds_no_more_than_25_the_soonest_first() -> None:
    minutes = [timedelta(minutes=number) for number in range(1, MOST + 6)]
    posts = [over(number, publish_at=NOON + HOUR + minute) for number, minute in enumerate(minutes, start=1)]
    calendar = Calendar(*reversed(posts))

    assert calendar.run() == {"judged": 30, "stale": 30, "held": 25}

    assert [calendar.state(number) for number in (25, 26)] == [PostState.HELD, PostState.SCHEDULED]
    assert calendar.metrics.total("HoldsCapped") == 5


def test_while_the_config_cannot_be_read_the_last_good_one_holds() -> None:
    calendar = Calendar(over())
    calendar.automation.readable = False

    assert calendar.run()["held"] == 1


def test_without_any_config_nothing_is_done_and_the_run_fails() -> None:
    calendar = Calendar(over())
    calendar.automation = FakeAutomation(None)

    with pytest.raises(Misconfigured):
        calendar.run()

    assert calendar.posts["p1"] == over()
    assert calendar.metrics.total("ConfigUnreadable") == 1


def test_one_post_that_cannot_be_held_does_not_spare_the_others() -> None:
    def fail() -> None:
        raise Unavailable("the table does not answer")

    calendar = Calendar(over(1), over(2))
    calendar.posts.before_commit.append(fail)

    with pytest.raises(ExceptionGroup) as failed:
        calendar.run()

    assert failed.group_contains(Unavailable)
    assert [calendar.state(number) for number in (1, 2)] == [PostState.SCHEDULED, PostState.HELD]


@pytest.mark.parametrize("state", [PostState.HELD, PostState.PUBLISHING, PostState.UNKNOWN])
def test_a_copy_that_is_held_or_may_have_gone_out_counts_as_a_repetition(state: PostState) -> None:
    """Else a campaign that is held would begin again as soon as its last published copy leaves the window."""
    said = "Our health fair has free blood pressure checks for everybody who comes."
    earlier = [post(number, text=said, state=state, publish_at=NOON - number * DAY) for number in (2, 3)]
    calendar = Calendar(post(1, text=said), *earlier)

    calendar.run()

    assert calendar.state() is PostState.HELD


def test_ten_thousand_posts_on_two_hundred_channels_are_judged_in_one_run_with_few_calls() -> None:
    channels = {f"c{number}": {"platform": "facebook", "account_id": str(number)} for number in range(1, 201)}
    said = ("Meet the {} team of ward {}.", "Visiting hours of {} ward {} are longer.", "Thank you, {}, from ward {}!")
    calendar = Calendar(
        *(
            post(
                number,
                channel=f"c{number % 200 + 1}",
                text=said[number % 3].format(chr(97 + number % 26) * 6, chr(97 + number // 26 % 26) * 5),
                publish_at=NOON + timedelta(seconds=17 * number),
            )
            for number in range(1, 10_001)
        ),
        channels=channels,
    )
    calls: list[str] = []
    store, calendar.posts = calendar.posts, Counted(calendar.posts, calls)  # type: ignore[assignment]
    began = time.process_time()

    result = calendar.run()

    assert result["judged"] == 10_000
    assert calls.count("in_state") == 4  # the queue, its copies, series, and what waits for approval
    assert calls.count("commit") <= 2 * MOST
    assert len(calls) <= 10 + 3 * result["held"]
    assert len(store.holds()) == result["held"]
    assert time.process_time() - began < SECONDS_AT_MOST


class Counted:
    """A port that notes the name of each call."""

    def __init__(self, port: Any, calls: list[str]) -> None:
        self._port = port
        self._calls = calls

    def __getattr__(self, name: str) -> Any:
        self._calls.append(name)
        return getattr(self._port, name)


def test_a_post_that_changed_meanwhile_is_left_to_the_next_run() -> None:
    calendar = Calendar(over(1), over(2))
    moved = replace(over(1), text="Something else.", version=1)
    calendar.posts.before_commit.append(lambda: calendar.posts.commit(moved, now=NOON))

    assert calendar.run()["held"] == 1

    assert calendar.posts["p1"] == moved
    assert calendar.state(2) is PostState.HELD


# Giving back


def held(publish_at: Any) -> FakePosts:
    calendar = Calendar(over(publish_at=publish_at))
    calendar.run()
    return calendar.posts


def test_a_held_post_comes_back_to_its_time_and_is_not_held_again() -> None:
    calendar = Calendar(over())
    calendar.run()

    decided = resume("p1", by="maria", now=NOON, posts=calendar.posts)

    assert decided.state is PostState.SCHEDULED
    found = calendar.posts.load("p1")
    assert found is not None
    assert (found[0].state, found[0].kept_by) == (PostState.SCHEDULED, "maria")
    assert (found[1][0].state, found[1][0].released_by, found[1][0].released_at) == (HoldState.RESUMED, "maria", NOON)
    assert calendar.run()["held"] == 0


@pytest.mark.parametrize("minutes", [14, -60])
def test_a_post_whose_time_has_come_or_is_near_comes_back_as_a_draft(minutes: int) -> None:
    posts = held(NOON + timedelta(minutes=minutes))

    decided = resume("p1", by="maria", now=NOON, posts=posts)

    assert decided.state is PostState.DRAFT
    assert posts["p1"].state is PostState.DRAFT
    assert posts.holds() == []


def test_fifteen_minutes_ahead_is_enough() -> None:
    assert resume("p1", by="maria", now=NOON, posts=held(NOON + HOUR / 4)).state is PostState.SCHEDULED


def test_what_nothing_holds_cannot_be_resumed() -> None:
    posts = FakePosts(post())

    with pytest.raises(Rejected) as nothing_holds:
        resume("p1", by="maria", now=NOON, posts=posts)
    with pytest.raises(Rejected) as not_there:
        resume("p2", by="maria", now=NOON, posts=posts)

    assert (nothing_holds.value.status, not_there.value.status) == (409, 404)
    assert posts["p1"] == post()


@pytest.mark.parametrize("state", [PostState.SCHEDULED, PostState.PUBLISHING, PostState.PUBLISHED])
def test_a_post_on_its_way_or_out_is_not_resumed_for_a_hold_that_was_forgotten_on_it(state: PostState) -> None:
    posts = held(NOON + HOUR)
    out = in_state(posts["p1"], state)
    posts.commit(out, now=NOON)

    with pytest.raises(Rejected):
        resume("p1", by="maria", now=NOON, posts=posts)

    assert posts["p1"] == out


def test_of_two_people_who_resume_at_once_one_is_told() -> None:
    posts = held(NOON + HOUR)
    posts.before_commit.append(lambda: resume("p1", by="james", now=NOON, posts=posts) and None)

    with pytest.raises(Conflict):
        resume("p1", by="maria", now=NOON, posts=posts)

    assert posts["p1"].kept_by == "james"


def test_a_post_that_came_back_late_can_be_acknowledged() -> None:
    late = post(publish_at=NOON - DAY)
    posts = FakePosts(late)
    hold = hold_of(late, rule="late", reason="It is 1 day late.", by="publish_due_posts", now=NOON)
    posts.commit(in_state(late, PostState.DRAFT), hold, now=NOON)

    assert resume("p1", by="maria", now=NOON, posts=posts).state is PostState.DRAFT
    assert posts.holds() == []
