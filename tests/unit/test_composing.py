"""Posts of our own queue: what is filled in wrong is named with its remedy, and only what was approved goes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from switchboard import wiring
from switchboard.config import AutomationConfig, check
from switchboard.domain.approval import may_go_out
from switchboard.domain.composing import LONGEST, Composed, edited
from switchboard.domain.composing import compose as filled_in
from switchboard.domain.delivery import hold_of, in_state
from switchboard.domain.post import HoldState, Post, PostState
from switchboard.errors import Rejected
from switchboard.verbs.composing import (
    Written,
    approve,
    compose,
    edit,
    extend_series,
    refuse,
    return_unapproved,
    withdraw,
)
from switchboard.verbs.giving_back import resume
from tests.fakes.hospital import DOCUMENT, NOON, config
from tests.fakes.posts import FakePosts

APPROVALS = {"posts": {"approvals": {"clinical": ["maria", "james"]}}}
FIELDS: dict[str, Any] = {
    "channel": "facebook",
    "text": "Walk-in flu shots this Saturday, 9 to 12.",
    "publish_at": "2026-10-16T09:00",
}
WEEKLY = {"repeat_every": "1", "repeat_unit": "weeks", "repeat_count": "8"}


@pytest.fixture
def posts() -> FakePosts:
    return FakePosts()


@pytest.fixture
def mercy() -> AutomationConfig:
    return config(**APPROVALS)


def fill(**changes: Any) -> Composed:
    return filled_in(FIELDS | changes, post_id="p-1", author="maria", config=config(**APPROVALS), now=NOON)


def good(**changes: Any) -> Post:
    found = fill(**changes)
    assert found.post is not None, found.problems
    return found.post


def write(posts: FakePosts, mercy: AutomationConfig, *, by: str = "maria", **changes: Any) -> Post:
    found = compose(FIELDS | changes, post_id="p-1", by=by, posts=posts, config=mercy, now=NOON)
    assert found.post is not None, found.problems
    return found.post


# --- what is filled in ---------------------------------------------------------------------------------------------


def test_the_platforms_of_the_form_are_those_to_which_we_can_post() -> None:
    assert set(LONGEST) == set(wiring.publishers("https://graph.example.org"))


def test_a_time_without_an_offset_is_on_the_hospitals_wall() -> None:
    assert good().publish_at == datetime(2026, 10, 16, 13, 0, tzinfo=UTC)
    assert good(publish_at="2026-11-16T09:00").publish_at == datetime(2026, 11, 16, 14, 0, tzinfo=UTC)
    assert good(publish_at="2026-10-16T09:00+00:00").publish_at == datetime(2026, 10, 16, 9, 0, tzinfo=UTC)


def test_a_post_has_what_was_filled_in() -> None:
    found = good(
        text="  Line one\r\nline two  ",
        event_ends_at="2026-10-17",
        review_by="2026-11-01",
        owner="james",
        campaign="Flu 2026",
        category="Events",
        image_url="https://img.example.org/flu.jpg",
        image_alt="A nurse with a syringe",
    )

    assert found.text == "Line one\nline two"
    assert found.event_ends_at == datetime(2026, 10, 18, 3, 59, 59, tzinfo=UTC)
    assert (found.owner, found.campaign, found.category, found.author) == ("james", "Flu 2026", "events", "maria")
    assert (found.image_url, found.image_alt) == ("https://img.example.org/flu.jpg", "A nurse with a syringe")
    assert (found.state, found.created_at, found.reviewed_at) == (PostState.SCHEDULED, NOON, NOON)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"channel": ""}, "channel"),
        ({"channel": "nowhere"}, "channel"),
        ({"channel": "website"}, "channel"),
        ({"text": " \n "}, "text"),
        ({"text": "x" * 63_207}, "text"),
        ({"text": 17}, "text"),
        ({"publish_at": ""}, "publish_at"),
        ({"publish_at": "tomorrow"}, "publish_at"),
        ({"publish_at": "2026-10-13T12:14"}, "publish_at"),
        ({"publish_at": "2026-10-13T11:00"}, "publish_at"),
        ({"publish_at": "2027-10-16T09:00"}, "publish_at"),
        ({"publish_at": "2027-03-14T02:30"}, "publish_at"),
        ({"publish_at": "9999-12-31T23:59"}, "publish_at"),
        ({"event_ends_at": "2026-10-16T08:00"}, "event_ends_at"),
        ({"event_ends_at": "9999-12-31"}, "event_ends_at"),
        ({"review_by": "2026-10-12"}, "review_by"),
        ({"review_by": "2026-13-40"}, "review_by"),
        ({"owner": "nobody"}, "owner"),
        ({"category": "two words"}, "category"),
        ({"campaign": "x" * 81}, "campaign"),
        ({"image_url": "http://img.example.org/1.jpg", "image_alt": "A"}, "image_url"),
        ({"image_url": "https://user@img.example.org/1.jpg", "image_alt": "A"}, "image_url"),
        ({"image_url": "https://127.0.0.1/1.jpg", "image_alt": "A"}, "image_url"),
        ({"image_url": "https://[::1]/1.jpg", "image_alt": "A"}, "image_url"),
        ({"image_url": "https://[::1/1.jpg", "image_alt": "A"}, "image_url"),
        ({"image_url": "https://printer.local/1.jpg", "image_alt": "A"}, "image_url"),
        ({"image_url": "https://intranet/1.jpg", "image_alt": "A"}, "image_url"),
        ({"image_url": "https://img.example.org/1.jpg"}, "image_alt"),
        ({"image_alt": "A nurse"}, "image_url"),
        ({"repeat_every": "1", "repeat_unit": "weeks"}, "repeat_until"),
        ({"repeat_every": "1", "repeat_unit": "weeks", "repeat_until": "soon"}, "repeat_until"),
        ({"repeat_every": "1", "repeat_unit": "years", "repeat_count": "3"}, "repeat_unit"),
        ({"repeat_every": "0", "repeat_count": "3"}, "repeat_every"),
        ({"repeat_every": "-2", "repeat_count": "3"}, "repeat_every"),
        ({"repeat_every": "27", "repeat_unit": "weeks", "repeat_count": "3"}, "repeat_every"),
        ({"repeat_every": True, "repeat_count": "3"}, "repeat_every"),
        ({"repeat_every": "1", "repeat_count": "53"}, "repeat_count"),
        ({"repeat_every": "1", "repeat_count": "1"}, "repeat_count"),
        ({"repeat_every": "1", "repeat_count": "3", "repeat_until": "2026-10-30"}, "repeat_count"),
        ({"repeat_until": "2026-10-30"}, "repeat_every"),
        ({"repeat_every": "1", "repeat_unit": "weeks", "repeat_until": "2026-10-20"}, "repeat_until"),
        ({"repeat_every": "1", "repeat_until": "2027-06-01"}, "repeat_until"),
        ({**WEEKLY, "event_ends_at": "2026-11-01"}, "repeat_until"),
    ],
)
def test_what_is_wrong_is_named_with_its_remedy(changes: dict[str, Any], field: str) -> None:
    found = fill(**changes)

    assert found.post is None
    assert [problem.field for problem in found.problems] == [field]
    assert all(problem.message and problem.remedy for problem in found.problems)
    assert str(found.problems[0]).startswith(f"{field}: ")


def test_everything_that_is_wrong_is_said_at_once() -> None:
    found = fill(channel="nowhere", text="", publish_at="", owner="nobody")

    assert [problem.field for problem in found.problems] == ["publish_at", "channel", "text", "owner"]


def test_fifteen_minutes_ahead_is_just_enough() -> None:
    assert good(publish_at="2026-10-13T12:15").publish_at == NOON + timedelta(minutes=15)


def test_what_repeats_is_a_series_with_an_end() -> None:
    weekly = good(**WEEKLY)
    daily = good(repeat_every=1, repeat_until="2026-10-20")

    assert (weekly.state, weekly.series_id, weekly.repeat_every) == (PostState.SERIES, "p-1", 7)
    assert weekly.repeat_until == datetime(
        2026, 12, 4, 14, 0, tzinfo=UTC
    )  # nine on the wall, after the clocks went back
    assert daily.repeat_until == datetime(2026, 10, 21, 3, 59, 59, tzinfo=UTC)
    assert good(repeat_every="1", repeat_until="2026-12-06").repeat_every == 1  # 52 of them


# --- writing and editing -------------------------------------------------------------------------------------------


def test_a_post_is_scheduled_and_the_trail_says_by_whom(posts: FakePosts, mercy: AutomationConfig) -> None:
    post = write(posts, mercy)

    assert posts["p-1"] == post
    assert (post.state, post.version) == (PostState.SCHEDULED, 1)
    assert posts.events == [("p-1", "composed", "maria")]


def test_the_same_form_sent_twice_is_one_post(posts: FakePosts, mercy: AutomationConfig) -> None:
    write(posts, mercy)
    again = write(posts, mercy, text="Something else")

    assert again.text == FIELDS["text"]
    assert len(posts.events) == 1


def test_what_was_left_half_way_is_finished_by_the_same_form(posts: FakePosts, mercy: AutomationConfig) -> None:
    posts.before_commit.append(fail)
    with pytest.raises(OSError, match="cut off"):
        write(posts, mercy)
    assert posts["p-1"].state is PostState.DRAFT

    assert write(posts, mercy).state is PostState.SCHEDULED


def fail() -> None:
    raise OSError("cut off")


def test_problems_write_nothing(posts: FakePosts, mercy: AutomationConfig) -> None:
    found = compose(FIELDS | {"text": ""}, post_id="p-1", by="maria", posts=posts, config=mercy, now=NOON)

    assert found.post is None
    assert posts.load("p-1") is None


def test_a_draft_waits_until_it_is_given_a_time(posts: FakePosts, mercy: AutomationConfig) -> None:
    compose(FIELDS, post_id="p-1", by="maria", posts=posts, config=mercy, now=NOON, as_draft=True)
    assert posts["p-1"].state is PostState.DRAFT

    change(posts, mercy, "maria", text="Now it is good.")
    assert (posts["p-1"].state, posts["p-1"].text) == (PostState.SCHEDULED, "Now it is good.")


def change(posts: FakePosts, mercy: AutomationConfig, by: str, *, seen: int | None = None, **changes: Any) -> Written:
    version = posts["p-1"].version if seen is None else seen
    return edit("p-1", FIELDS | changes, by=by, seen=version, posts=posts, config=mercy, now=NOON)


def test_of_two_people_at_once_one_wins_and_the_other_is_told(posts: FakePosts, mercy: AutomationConfig) -> None:
    seen = write(posts, mercy).version
    posts.before_commit.append(lambda: change(posts, mercy, "james", seen=seen, text="James's words") and None)

    with pytest.raises(Rejected, match="same moment") as refusal:
        change(posts, mercy, "maria", seen=seen, text="Maria's words")

    assert refusal.value.status == 409
    assert posts["p-1"].text == "James's words"
    with pytest.raises(Rejected):
        change(posts, mercy, "maria", seen=seen, text="Maria's words")
    assert [by for _, kind, by in posts.events if kind == "edited"] == ["james"]


def test_editing_a_held_post_releases_its_hold_and_it_is_left_alone(posts: FakePosts, mercy: AutomationConfig) -> None:
    post = write(posts, mercy)
    held = hold_of(post, rule="event_over", reason="Oct 12 is over.", by="pause_stale_posts", now=NOON)
    posts.commit(in_state(post, PostState.HELD), held, now=NOON)

    change(posts, mercy, "james", publish_at="2026-10-20T09:00")

    found = posts.load("p-1")
    assert found is not None
    (hold,) = found[1]
    assert (hold.state, hold.released_by) == (HoldState.RESUMED, "james")
    assert (posts["p-1"].state, posts["p-1"].kept_by) == (PostState.SCHEDULED, "james")


@pytest.mark.parametrize("state", [PostState.PUBLISHING, PostState.PUBLISHED, PostState.UNKNOWN, PostState.DISCARDED])
def test_what_may_be_out_is_neither_edited_nor_discarded(
    posts: FakePosts, mercy: AutomationConfig, state: PostState
) -> None:
    post = write(posts, mercy)
    posts.commit(in_state(post, state), now=NOON)

    with pytest.raises(Rejected, match="cannot be edited"):
        change(posts, mercy, "maria")
    with pytest.raises(Rejected, match="cannot be discarded"):
        withdraw("p-1", by="maria", seen=2, posts=posts, now=NOON)
    assert posts["p-1"].state is state


def test_a_post_is_withdrawn_and_its_hold_with_it(posts: FakePosts, mercy: AutomationConfig) -> None:
    post = write(posts, mercy)
    posts.commit(
        in_state(post, PostState.HELD), hold_of(post, rule="repeated", reason="12 times.", by="x", now=NOON), now=NOON
    )

    withdraw("p-1", by="maria", seen=2, posts=posts, now=NOON)

    assert posts["p-1"].state is PostState.DISCARDED
    assert posts.holds() == []


# --- approval ------------------------------------------------------------------------------------------------------


def test_a_clinical_post_waits_until_another_approver_has_approved_it(
    posts: FakePosts, mercy: AutomationConfig
) -> None:
    post = write(posts, mercy, category="clinical")
    assert post.state is PostState.TO_APPROVE
    assert posts.due(NOON + timedelta(days=9)) == []

    with pytest.raises(Rejected, match="You wrote it") as own:
        approve("p-1", by="maria", seen=1, posts=posts, config=mercy, now=NOON)
    with pytest.raises(Rejected, match="Ask James Okafor") as other:
        approve("p-1", by="chen", seen=1, posts=posts, config=mercy, now=NOON)
    approve("p-1", by="james", seen=1, posts=posts, config=mercy, now=NOON)

    assert (own.value.status, other.value.status) == (403, 403)
    assert (posts["p-1"].state, posts["p-1"].approved_by) == (PostState.SCHEDULED, "james")
    assert may_go_out(posts["p-1"], mercy)


def test_an_approval_is_of_what_was_seen(posts: FakePosts, mercy: AutomationConfig) -> None:
    seen = write(posts, mercy, category="clinical").version
    change(posts, mercy, "maria", category="clinical", text="Other words")

    with pytest.raises(Rejected, match="same moment"):
        approve("p-1", by="james", seen=seen, posts=posts, config=mercy, now=NOON)
    assert posts["p-1"].approved_by is None


def test_what_is_edited_after_approval_waits_for_it_anew(posts: FakePosts, mercy: AutomationConfig) -> None:
    write(posts, mercy, category="clinical")
    approve("p-1", by="james", seen=1, posts=posts, config=mercy, now=NOON)

    change(posts, mercy, "james", category="clinical", text="James's own words")

    assert (posts["p-1"].state, posts["p-1"].approved_by) == (PostState.TO_APPROVE, None)
    with pytest.raises(Rejected, match="You wrote it"):
        approve("p-1", by="james", seen=3, posts=posts, config=mercy, now=NOON)
    approve("p-1", by="maria", seen=3, posts=posts, config=mercy, now=NOON)
    assert posts["p-1"].state is PostState.SCHEDULED


def test_who_may_not_approve_any_more_has_not_approved(mercy: AutomationConfig) -> None:
    post = replace(good(category="clinical"), approved_by="james")

    assert may_go_out(post, mercy)
    assert not may_go_out(post, config(posts={"approvals": {"clinical": ["maria"]}}))
    assert not may_go_out(replace(post, author="james"), mercy)
    assert may_go_out(replace(post, category=None, approved_by=None), mercy)


def test_a_refused_post_is_a_draft_with_the_reason(posts: FakePosts, mercy: AutomationConfig) -> None:
    write(posts, mercy, category="clinical")

    with pytest.raises(Rejected, match="Say why"):
        refuse("p-1", by="james", seen=1, why="  ", posts=posts, config=mercy, now=NOON)
    refuse("p-1", by="james", seen=1, why="The dose\nis wrong.", posts=posts, config=mercy, now=NOON)

    (hold,) = posts.untold()
    assert posts["p-1"].state is PostState.DRAFT
    assert hold.reason == "It was not approved: The dose is wrong."


def test_what_nobody_approved_in_time_is_a_draft_and_goes_to_a_person(
    posts: FakePosts, mercy: AutomationConfig
) -> None:
    due = write(posts, mercy, category="clinical").publish_at

    assert return_unapproved(posts=posts, now=due - timedelta(seconds=1)) == 0
    assert return_unapproved(posts=posts, now=due) == 1
    assert return_unapproved(posts=posts, now=due) == 0
    assert posts["p-1"].state is PostState.DRAFT
    assert [hold.rule for hold in posts.untold()] == ["not_approved"]


def test_a_post_whose_time_has_passed_is_not_approved(posts: FakePosts, mercy: AutomationConfig) -> None:
    due = write(posts, mercy, category="clinical").publish_at

    with pytest.raises(Rejected, match="Its time has passed"):
        approve("p-1", by="james", seen=1, posts=posts, config=mercy, now=due)


def test_who_writes_an_edited_post_is_its_author(mercy: AutomationConfig) -> None:
    found = edited(good(category="clinical"), FIELDS | {"category": "clinical"}, by="james", config=mercy, now=NOON)

    assert found.post is not None
    assert (found.post.author, found.post.state) == ("james", PostState.TO_APPROVE)


def test_an_approver_must_be_on_the_staff_list_and_named_once() -> None:
    found, problems = check(DOCUMENT | {"posts": {"approvals": {"clinical": ["maria", "marai", "maria"]}}})

    assert found is None
    assert [problem.path for problem in problems] == ["posts.approvals.clinical.1", "posts.approvals.clinical.2"]


# --- series --------------------------------------------------------------------------------------------------------


def ids(posts: FakePosts, *states: PostState) -> list[str]:
    return [post.post_id for post in posts.in_state(states)]


def test_the_posts_of_a_series_are_there_at_once_and_later_ones_in_time(
    posts: FakePosts, mercy: AutomationConfig
) -> None:
    write(posts, mercy, **WEEKLY)
    first = ids(posts, PostState.SCHEDULED)

    assert first == [f"p-1#2026-{day}" for day in ("10-16", "10-23", "10-30", "11-06")]
    assert extend_series(posts=posts, config=mercy, now=NOON) == 0
    assert extend_series(posts=posts, config=mercy, now=NOON + timedelta(days=14)) == 2
    assert extend_series(posts=posts, config=mercy, now=NOON + timedelta(days=60)) == 0
    assert ids(posts, PostState.SERIES) == []
    wall = {
        post.publish_at.astimezone(ZoneInfo("America/New_York")).hour for post in posts.in_state([PostState.SCHEDULED])
    }
    assert wall == {9}


def test_a_discarded_or_held_occurrence_stops_no_other_and_is_not_made_again(
    posts: FakePosts, mercy: AutomationConfig
) -> None:
    write(posts, mercy, **WEEKLY)
    withdraw("p-1#2026-10-16", by="maria", seen=1, posts=posts, now=NOON)
    post = posts["p-1#2026-10-23"]
    posts.commit(in_state(post, PostState.HELD), hold_of(post, rule="repeated", reason="r", by="x", now=NOON), now=NOON)

    extend_series(posts=posts, config=mercy, now=NOON + timedelta(hours=1))

    assert posts["p-1#2026-10-16"].state is PostState.DISCARDED
    assert posts["p-1#2026-10-23"].state is PostState.HELD
    assert ids(posts, PostState.SCHEDULED) == ["p-1#2026-10-30", "p-1#2026-11-06"]


def test_an_ended_series_takes_what_is_to_come_with_it(posts: FakePosts, mercy: AutomationConfig) -> None:
    write(posts, mercy, **WEEKLY)

    withdraw("p-1", by="maria", seen=1, posts=posts, now=NOON + timedelta(days=7))

    assert ids(posts, PostState.SCHEDULED) == ["p-1#2026-10-16"]  # due before: it is for the printing press
    assert extend_series(posts=posts, config=mercy, now=NOON + timedelta(days=14)) == 0


def test_a_series_that_is_ended_while_it_is_extended_leaves_nothing(posts: FakePosts, mercy: AutomationConfig) -> None:
    write(posts, mercy, **WEEKLY)
    later = NOON + timedelta(days=14)

    posts.before_commit.append(lambda: withdraw("p-1", by="maria", seen=1, posts=posts, now=later) and None)
    extend_series(posts=posts, config=mercy, now=later)

    assert [post for post in posts.in_state([PostState.SCHEDULED]) if post.publish_at > later] == []


def test_approving_a_series_approves_what_says_the_same_and_all_that_is_made_later(
    posts: FakePosts, mercy: AutomationConfig
) -> None:
    write(posts, mercy, category="clinical", **WEEKLY)
    other = posts["p-1#2026-10-23"]
    posts.commit(replace(in_state(other, PostState.TO_APPROVE), text="Other words"), now=NOON)
    assert ids(posts, PostState.SCHEDULED) == []

    approve("p-1", by="james", seen=1, posts=posts, config=mercy, now=NOON)
    extend_series(posts=posts, config=mercy, now=NOON + timedelta(days=7))

    assert ids(posts, PostState.TO_APPROVE) == ["p-1#2026-10-23"]
    assert {post.approved_by for post in posts.in_state([PostState.SCHEDULED])} == {"james"}
    assert len(ids(posts, PostState.SCHEDULED)) == 4


def test_a_refused_series_comes_to_nothing_until_it_is_written_anew(posts: FakePosts, mercy: AutomationConfig) -> None:
    write(posts, mercy, category="clinical", **WEEKLY)

    refuse("p-1", by="james", seen=1, why="Too often.", posts=posts, config=mercy, now=NOON)
    extend_series(posts=posts, config=mercy, now=NOON)

    assert ids(posts, PostState.TO_APPROVE, PostState.SCHEDULED, PostState.SERIES) == []
    assert posts["p-1"].state is PostState.DRAFT
    with pytest.raises(Rejected, match="cannot be edited"):
        change(posts, mercy, "maria")


def test_what_was_left_half_way_of_a_series_is_finished(posts: FakePosts, mercy: AutomationConfig) -> None:
    write(posts, mercy, **WEEKLY)
    later = NOON + timedelta(days=7)
    posts.before_commit.append(fail)
    with pytest.raises(OSError, match="cut off"):
        extend_series(posts=posts, config=mercy, now=later)
    assert ids(posts, PostState.DRAFT) == ["p-1#2026-11-13"]

    extend_series(posts=posts, config=mercy, now=later)

    assert ids(posts, PostState.DRAFT) == []
    assert "p-1#2026-11-13" in ids(posts, PostState.SCHEDULED)


def test_other_words_of_a_held_post_are_not_approved_by_the_approval_of_the_first(
    posts: FakePosts, mercy: AutomationConfig
) -> None:
    write(posts, mercy, category="clinical")
    approved = approve("p-1", by="james", seen=1, posts=posts, config=mercy, now=NOON)
    held = hold_of(approved, rule="repeated", reason="r", by="x", now=NOON)
    posts.commit(in_state(approved, PostState.HELD), held, now=NOON)

    resume("p-1", by="maria", now=NOON, posts=posts, text="Other words")

    assert not may_go_out(posts["p-1"], mercy)
