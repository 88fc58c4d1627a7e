"""What a Facebook Page's scheduled posts are asked, word for word, and what the answers mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from switchboard.domain.outside import Pausing
from switchboard.domain.post import Post, PostState
from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, SwitchboardError, Unavailable
from switchboard.schedulers.facebook import MOST_PAGES
from tests.fakes.scheduler_wire import NOW, Answering

ENTRY: dict[str, Any] = {
    "id": "1001_1",
    "message": "Flu shots.",
    "scheduled_publish_time": int(NOW.timestamp()) + 61_200,
    "is_published": False,
    "created_time": "2026-10-01T08:00:00+0000",
    "permalink_url": "https://www.facebook.com/1001/posts/1",
}
OUT: dict[str, Any] = {
    "id": "1001_2",
    "message": "Out.",
    "is_published": True,
    "created_time": "2026-10-11T08:00:00+0000",
    "reactions": {"summary": {"total_count": 5}},
    "comments": {"summary": {"total_count": 2}},
    "shares": {"count": 1},
}
DAY = timedelta(days=1)
DONE = {"success": True}


def read(**changes: Any) -> Post:
    found = Answering("facebook", ENTRY | changes).scheduler.read("1001_1")
    assert found is not None
    return found


def failing(code: int, subcode: int | None = None, status: int = 400) -> httpx.Response:
    error = {"message": "patient Maria Lopez", "code": code, "error_subcode": subcode}
    return httpx.Response(status, json={"error": error})


def test_a_post_is_read_with_all_that_is_told_of_it() -> None:
    post = read()
    assert (post.post_id, post.channel, post.text, post.state) == (
        "outside:1001_1", "facebook", "Flu shots.", PostState.SCHEDULED,
    )  # fmt: skip
    assert f"{post.publish_at:%m-%d %H:%M} {post.created_at:%m-%d}" == "10-13 09:00 10-01"
    assert post.outside is not None
    assert post.outside.link == "https://www.facebook.com/1001/posts/1"
    assert '"message":"Flu shots."' in post.outside.payload
    assert post.outside.engagement is None


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, PostState.SCHEDULED),
        ({"is_published": True}, PostState.PUBLISHED),
        ({"is_published": None, "scheduled_publish_time": None}, PostState.PUBLISHED),
        ({"is_published": None}, PostState.SCHEDULED),
        ({"scheduled_publish_time": None}, PostState.DRAFT),
        ({"is_published": True, "created_time": None}, PostState.DRAFT),
    ],
)
def test_what_is_told_of_its_state(changes: dict[str, Any], state: PostState) -> None:
    assert read(**changes).state is state


def test_what_is_to_come_is_one_list() -> None:
    there = Answering("facebook", {"data": [ENTRY, ENTRY | {"id": "1001_9", "scheduled_publish_time": 1}]})

    posts = there.scheduler.posts(start=NOW, end=NOW + DAY)

    assert [post.post_id for post in posts] == ["outside:1001_1"]
    (asked,) = there.asked
    assert asked.url.path == "/v23.0/1001/scheduled_posts"
    assert dict(asked.url.params) == {
        "limit": "100",
        "fields": "id,message,scheduled_publish_time,is_published,created_time,permalink_url",
    }
    assert asked.headers["Authorization"] == "Bearer t0k3n"


def test_what_is_out_is_asked_for_until_now_with_its_counts() -> None:
    there = Answering("facebook", {"data": [ENTRY]}, {"data": [OUT]})

    _, out = there.scheduler.posts(start=NOW - 2 * DAY, end=NOW + DAY)

    assert (out.text, out.state, f"{out.publish_at:%m-%d}") == ("Out.", PostState.PUBLISHED, "10-11")
    assert out.outside is not None
    assert out.outside.engagement == 8
    assert "total_count" not in out.outside.payload
    params = dict(there.asked[1].url.params)
    assert there.asked[1].url.path.endswith("/published_posts")
    assert (int(params["since"]), int(params["until"])) == (
        int((NOW - 2 * DAY).timestamp()), int(NOW.timestamp()),
    )  # fmt: skip
    assert "reactions.limit(0).summary(total_count)" in params["fields"]


def test_a_window_that_is_over_is_not_asked_beyond_its_end() -> None:
    there = Answering("facebook", {"data": []})
    there.scheduler.posts(start=NOW - 9 * DAY, end=NOW - 2 * DAY)
    assert dict(there.asked[1].url.params)["until"] == str(int((NOW - 2 * DAY).timestamp()))


@pytest.mark.parametrize(
    ("counts", "sum_of_them"),
    [({"shares": {"count": 4}}, 4), ({"reactions": {"summary": {"total_count": 0}}}, 0), ({}, None)],
)
def test_only_counts_that_are_told_are_counted(counts: dict[str, Any], sum_of_them: int | None) -> None:
    post = read(**counts)
    assert post.outside is not None
    assert post.outside.engagement == sum_of_them


def test_the_list_is_read_page_by_page() -> None:
    first = {"data": [ENTRY], "paging": {"cursors": {"after": "c1"}, "next": "https://graph.facebook.com/next"}}
    last = {"data": [ENTRY | {"id": "1001_2"}], "paging": {"cursors": {"after": "c2"}}}
    there = Answering("facebook", first, last)
    assert len(there.scheduler.posts(start=NOW, end=NOW + DAY)) == 2
    assert [one.url.params.get("after") for one in there.asked] == [None, "c1"]


def test_a_list_without_an_end_is_no_whole_calendar() -> None:
    there = Answering("facebook", {"data": [], "paging": {"cursors": {"after": "c"}, "next": "https://x"}})
    with pytest.raises(Unavailable, match="too many"):
        there.scheduler.posts(start=NOW, end=NOW + DAY)
    assert len(there.asked) == MOST_PAGES


def test_pausing_moves_it() -> None:
    there = Answering("facebook", DONE)
    there.scheduler.pause(read(), Pausing.RESCHEDULE, parked_until=NOW + 28 * DAY)
    assert there.lines() == ["POST /v23.0/1001_1"]
    assert there.sent() == {"scheduled_publish_time": int((NOW + 28 * DAY).timestamp())}


@pytest.mark.parametrize("text", ["Flu shots.", "Other words."])
def test_giving_back_moves_it_with_words_that_were_edited(text: str) -> None:
    there = Answering("facebook", DONE)

    given = there.scheduler.resume(
        replace(read(), text=text), Pausing.RESCHEDULE, due_at=NOW + 2 * DAY, media=()
    )  # fmt: skip

    assert given == "1001_1"
    words = {} if text == "Flu shots." else {"message": text}
    assert there.sent() == {"scheduled_publish_time": int((NOW + 2 * DAY).timestamp()), **words}


def test_nothing_is_copied_for_nothing_is_deleted() -> None:
    assert list(Answering("facebook", DONE).scheduler.media_of(read())) == []


@pytest.mark.parametrize("answer", [httpx.Response(200, json=DONE), failing(100, 33)])
def test_a_delete_of_what_is_gone_is_no_error(answer: httpx.Response) -> None:
    there = Answering("facebook", answer)
    there.scheduler.remove("1001_1")
    assert there.lines() == ["DELETE /v23.0/1001_1"]


@pytest.mark.parametrize(
    ("answer", "reading", "changing"),
    [
        (failing(190), Misconfigured, Misconfigured),
        (failing(200), Misconfigured, Rejected),
        (failing(10), Misconfigured, Rejected),
        (failing(4), Unavailable, Unavailable),
        (failing(32), Unavailable, Unavailable),
        (failing(2), Unavailable, Unavailable),
        (failing(100), Rejected, Rejected),
        (failing(999, status=500), Unavailable, OutcomeUnknown),
        (httpx.Response(404, json={}), Misconfigured, Misconfigured),
    ],
)
def test_what_errors_mean(
    answer: httpx.Response, reading: type[SwitchboardError], changing: type[SwitchboardError]
) -> None:
    with pytest.raises(reading) as read_error:
        Answering("facebook", answer).scheduler.read("1001_1")
    with pytest.raises(changing) as change_error:
        Answering("facebook", answer).scheduler.pause(read(), Pausing.RESCHEDULE, parked_until=NOW + DAY)
    assert "Maria" not in f"{read_error.value}{change_error.value}"
    assert "error" in str(change_error.value) or changing is Misconfigured


def test_what_is_gone_is_not_there_and_what_is_another_apps_is_told_so() -> None:
    assert Answering("facebook", failing(100, 33)).scheduler.read("1001_1") is None
    with pytest.raises(Rejected, match="only the app that made a post") as raised:
        Answering("facebook", failing(200)).scheduler.pause(read(), Pausing.RESCHEDULE, parked_until=NOW)
    assert raised.value.reason == "not_ours"


def test_one_post_is_asked_for_with_its_fields() -> None:
    there = Answering("facebook", ENTRY)
    there.scheduler.read("1001_1")
    assert dict(there.asked[0].url.params) == {
        "fields": "id,message,scheduled_publish_time,is_published,created_time,permalink_url"
    }


def test_an_answer_about_another_post_is_none() -> None:
    with pytest.raises(Unavailable):
        Answering("facebook", ENTRY | {"id": "1001_2"}).scheduler.read("1001_1")
