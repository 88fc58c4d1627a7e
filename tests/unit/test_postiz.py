"""What Postiz is asked, word for word, and what its answers mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from switchboard.domain.outside import Pausing
from switchboard.domain.post import Post, PostState
from switchboard.errors import Misconfigured, Rejected, Unavailable
from tests.fakes.scheduler_wire import NOW, Answering

ENTRY: dict[str, Any] = {
    "id": "z1",
    "content": "<p>Flu shots.</p>",
    "publishDate": "2026-10-13T09:00:00.000Z",
    "releaseURL": None,
    "state": "QUEUE",
    "intervalInDays": None,
    "group": "g1",
    "integration": {"id": "p2"},
}
DUE = NOW.replace(day=13, hour=9)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def wire(*entries: dict[str, Any], after: dict[str, Any] | None = None) -> Answering:
    """Return a workspace that shows *entries*, or one entry with the fields of *after* once it was changed."""
    shown = {"posts": [ENTRY | entry for entry in entries or ({},)]}
    more = [{"id": "z1"}, {"posts": [ENTRY | after]}] if after is not None else []
    return Answering("postiz", shown, *more, profiles={"p2": "maternity"})


def read(**changes: Any) -> Post:
    found = wire(changes).scheduler.read("z1")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("QUEUE", PostState.SCHEDULED),
        ("DRAFT", PostState.DRAFT),
        ("PUBLISHED", PostState.PUBLISHED),
        ("ERROR", PostState.FAILED),
        ("BEWITCHED", PostState.UNKNOWN),
    ],
)
def test_its_words_for_a_state(word: str, state: PostState) -> None:
    assert read(state=word).state is state


def test_a_post_is_read_with_all_that_is_told_of_it() -> None:
    post = read(state="PUBLISHED", releaseURL="https://f.example.org/" + "x" * 3000)

    assert (post.post_id, post.channel, post.text, post.publish_at) == ("outside:z1", "maternity", "Flu shots.", DUE)
    assert post.outside is not None
    assert (post.outside.external_id, post.outside.profile, len(post.outside.link)) == ("z1", "p2", 2000)
    assert '"group":"g1"' in post.outside.payload


def test_the_list_is_of_what_is_queued_and_out_within_the_window() -> None:
    there = wire(
        {"id": "a"},
        {"id": "b", "state": "PUBLISHED", "publishDate": "2026-10-12T09:00:00Z"},
        {"id": "c", "state": "DRAFT"},
        {"id": "d", "state": "ERROR"},
        {"id": "e", "publishDate": "2026-10-14T16:00:00Z"},
        {"id": "f", "publishDate": "2026-10-11T16:00:00Z"},
    )

    posts = there.scheduler.posts(start=NOW - DAY, end=NOW + 2 * DAY)

    assert sorted(post.post_id for post in posts) == ["outside:a", "outside:b", "outside:f"]
    assert there.lines() == ["GET /public/v1/posts?startDate=2026-10-11T16%3A00%3A00Z&endDate=2026-10-14T16%3A00%3A00Z"]
    assert there.asked[0].headers["Authorization"] == "t0k3n"


def test_a_post_is_looked_for_around_the_time_it_had_and_then_everywhere() -> None:
    there = Answering("postiz", {"posts": [ENTRY]}, {"posts": []}, {"posts": [ENTRY]})
    there.scheduler.posts(start=NOW, end=NOW + 2 * DAY)

    assert there.scheduler.read("z1") is not None

    near, everywhere = there.lines()[1:]
    assert "startDate=2026-10-11T09%3A00%3A00Z&endDate=2026-10-15T09%3A00%3A00Z" in near
    assert "startDate=2026-08-13T16%3A00%3A00Z&endDate=2027-11-16T16%3A00%3A00Z" in everywhere


def test_what_is_nowhere_is_not_there() -> None:
    assert Answering("postiz", {"posts": []}).scheduler.read("z1") is None


def test_pausing_looks_first_and_changes_the_status() -> None:
    there = wire(after={"state": "DRAFT"})

    there.scheduler.pause(read(), Pausing.NATIVE, parked_until=NOW)

    assert there.lines()[-1] == "PUT /public/v1/posts/z1/status"
    assert there.sent() == {"status": "draft"}


@pytest.mark.parametrize("state", ["DRAFT", "PUBLISHED", "ERROR"])
def test_what_is_not_queued_is_left_alone(state: str) -> None:
    there = wire({"state": state})
    with pytest.raises(Rejected, match="nothing was changed"):
        there.scheduler.pause(read(), Pausing.NATIVE, parked_until=NOW)
    assert {one.method for one in there.asked} == {"GET"}


def test_what_is_gone_is_left_alone() -> None:
    there = Answering("postiz", {"posts": []})
    with pytest.raises(Rejected, match="not there in Postiz"):
        there.scheduler.pause(read(), Pausing.NATIVE, parked_until=NOW)


def test_giving_back_queues_the_draft_and_returns_its_id() -> None:
    there = wire({"state": "DRAFT"}, after={"state": "QUEUE"})

    assert there.scheduler.resume(read(), Pausing.NATIVE, due_at=DUE, media=()) == "z1"

    assert there.sent() == {"status": "schedule"}


@pytest.mark.parametrize(("off", "takes"), [(MINUTE, True), (MINUTE + timedelta(seconds=1), False)])
def test_another_time_is_refused(off: timedelta, *, takes: bool) -> None:
    for due in (DUE + off, DUE - off):
        there = wire({"state": "DRAFT"}, after={"state": "QUEUE"})
        if takes:
            there.scheduler.resume(read(), Pausing.NATIVE, due_at=due, media=())
        else:
            with pytest.raises(Rejected, match="choose the time and schedule it there"):
                there.scheduler.resume(read(), Pausing.NATIVE, due_at=due, media=())
        assert ("PUT" in {one.method for one in there.asked}) is takes


def test_other_words_are_refused() -> None:
    there = wire({"state": "DRAFT"})
    with pytest.raises(Rejected, match="words of a post are edited in Postiz"):
        there.scheduler.resume(replace(read(), text="Other words."), Pausing.NATIVE, due_at=DUE, media=())
    assert {one.method for one in there.asked} == {"GET"}


@pytest.mark.parametrize(("ahead", "takes"), [(0, True), (-1, False)])
def test_a_draft_whose_time_is_near_would_go_out_at_once(ahead: int, *, takes: bool) -> None:
    minimum = wire().scheduler.abilities.minimum_ahead
    due = NOW + minimum + timedelta(seconds=ahead)
    entry = {"state": "DRAFT", "publishDate": due.isoformat()}
    there = wire(entry, after={"state": "QUEUE"})
    if takes:
        there.scheduler.resume(read(), Pausing.NATIVE, due_at=due, media=())
        return
    with pytest.raises(Rejected, match="at once"):
        there.scheduler.resume(read(), Pausing.NATIVE, due_at=due, media=())
    assert {one.method for one in there.asked} == {"GET"}


def test_nothing_is_copied_for_a_draft_keeps_its_media() -> None:
    assert list(wire().scheduler.media_of(read())) == []


def test_without_a_key_a_person_is_told_which() -> None:
    with pytest.raises(Misconfigured, match="which is an API key"):
        Answering("postiz", {"posts": []}, token="").scheduler.read("z1")
    with pytest.raises(Misconfigured, match="connect the account"):
        Answering("postiz", httpx.Response(401, json={"msg": "Invalid API key"})).scheduler.read("z1")


def test_an_odd_answer_is_no_empty_calendar() -> None:
    with pytest.raises(Unavailable, match="no list"):
        Answering("postiz", {"posts": None}).scheduler.posts(start=NOW, end=NOW + DAY)


# --- posts that repeat themselves


def times(*, state: str, begins: str, every: int, back: timedelta = 30 * DAY) -> list[tuple[str, str, str]]:
    there = wire({"state": state, "publishDate": begins, "actualDate": begins, "intervalInDays": every})
    posts = there.scheduler.posts(start=NOW - back, end=NOW + 30 * DAY)
    return [(post.post_id, f"{post.publish_at:%m-%d %H:%M}", str(post.state)) for post in posts]


def test_one_that_repeats_itself_is_scheduled_for_its_next_time() -> None:
    assert times(state="PUBLISHED", begins="2026-10-01T16:00:00Z", every=5) == [
        ("outside:z1", "10-16 16:00", "scheduled"),
        ("outside:z1.0", "10-01 16:00", "published"),
        ("outside:z1.1", "10-06 16:00", "published"),
        ("outside:z1.2", "10-11 16:00", "published"),
    ]


def test_one_that_goes_out_this_very_minute_has_its_next_time_ahead() -> None:
    assert times(state="PUBLISHED", begins="2026-10-12T16:00:00Z", every=7) == [
        ("outside:z1", "10-19 16:00", "scheduled"),
        ("outside:z1.0", "10-12 16:00", "published"),
    ]


def test_of_a_long_row_of_times_only_those_of_the_window_are_shown() -> None:
    shown = times(state="PUBLISHED", begins="2020-01-01T16:00:00Z", every=1, back=2 * DAY)
    assert [one[1] for one in shown] == ["10-13 16:00", "10-10 16:00", "10-11 16:00", "10-12 16:00"]


def test_one_that_is_still_to_come_is_there_once() -> None:
    assert times(state="QUEUE", begins="2026-10-14T16:00:00Z", every=5) == [("outside:z1", "10-14 16:00", "scheduled")]


def test_one_that_is_late_is_scheduled_for_its_next_time() -> None:
    assert times(state="QUEUE", begins="2026-10-12T15:00:00Z", every=1) == [
        ("outside:z1", "10-13 15:00", "scheduled"),
        ("outside:z1.0", "10-12 15:00", "published"),
    ]
    assert times(state="QUEUE", begins="2026-10-12T16:00:00Z", every=1)[0][1] == "10-13 16:00"


def test_as_a_draft_it_stands_at_its_first_time_whatever_was_out() -> None:
    found = read(
        state="DRAFT",
        publishDate="2026-10-09T16:00:00Z",
        actualDate="2026-10-01T16:00:00Z",
        intervalInDays=4,
        releaseURL="https://f.example.org/1",
    )
    assert (found.state, f"{found.publish_at:%m-%d}") == (PostState.DRAFT, "10-01")


@pytest.mark.parametrize("every", [None, 0, -3, "7", True])
def test_what_is_no_number_of_days_is_no_repetition(every: object) -> None:
    assert read(intervalInDays=every).publish_at == DUE


def test_a_draft_that_is_out_is_out() -> None:
    assert read(state="DRAFT", releaseURL="https://f.example.org/1").state is PostState.PUBLISHED
    assert read(state="QUEUE", releaseURL="https://f.example.org/1").state is PostState.SCHEDULED
