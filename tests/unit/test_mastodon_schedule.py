"""What Mastodon's scheduled statuses are asked, word for word, and what the answers mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from switchboard.domain.outside import Media, Pausing
from switchboard.domain.post import Post, PostState
from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, Unavailable
from switchboard.ports import MediaFile
from switchboard.schedulers.mastodon import LOOKS_AT_MEDIA, MOST_PAGES, OTHER_DAYS
from tests.fakes.scheduler_wire import NOW, Answering

PARAMS: dict[str, Any] = {
    "text": "Flu shots.",
    "visibility": "unlisted",
    "spoiler_text": "needles",
    "sensitive": True,
    "language": "en",
    "in_reply_to_id": "77",
    "poll": {"options": ["yes", "no"]},
    "application_id": 1,
}
ENTRY: dict[str, Any] = {
    "id": "s1",
    "scheduled_at": "2026-10-13T09:00:00.000Z",
    "params": PARAMS,
    "media_attachments": [
        {"id": "m1", "url": "https://files.example.org/1.png", "description": "A nurse."},
        {"id": "m2", "url": None, "preview_url": "https://files.example.org/2.png"},
    ],
}
STATUS: dict[str, Any] = {
    "id": "t1",
    "created_at": "2026-10-11T09:00:00.000Z",
    "content": "<p>Flu <b>shots</b>.</p>",
    "url": "https://social.example.org/@mercy/t1",
    "favourites_count": 3,
    "reblogs_count": 2,
    "replies_count": 1,
}
DAY = timedelta(days=1)


def read(**changes: Any) -> Post:
    found = Answering("mastodon", ENTRY | changes).scheduler.read("s1")
    assert found is not None
    return found


def kept(post: Post, *media: Media) -> Post:
    assert post.outside is not None
    return replace(post, outside=replace(post.outside, media=media))


def test_a_scheduled_status_is_read_with_all_that_is_told_of_it() -> None:
    post = read()

    assert (post.post_id, post.channel, post.text, post.state) == (
        "outside:s1", "facebook", "Flu shots.", PostState.SCHEDULED,
    )  # fmt: skip
    assert f"{post.publish_at:%m-%d %H:%M}" == "10-13 09:00"
    assert post.outside is not None
    assert post.outside.media == (
        Media(url="https://files.example.org/1.png", alt="A nurse."),
        Media(url="https://files.example.org/2.png"),
    )
    assert '"spoiler_text":"needles"' in post.outside.payload
    assert post.outside.cannot_pause == ""


def test_one_that_cannot_be_kept_whole_cannot_be_paused() -> None:
    post = read(params=PARAMS | {"text": "x" * 200_000})
    assert post.outside is not None
    assert "too large" in post.outside.cannot_pause


def test_what_is_to_come_is_one_list() -> None:
    there = Answering("mastodon", [ENTRY], [])
    posts = there.scheduler.posts(start=NOW, end=NOW + 2 * DAY)
    assert [post.post_id for post in posts] == ["outside:s1"]
    assert there.lines() == [
        "GET /api/v1/scheduled_statuses?limit=40",
        "GET /api/v1/scheduled_statuses?limit=40&max_id=s1",
    ]
    assert there.asked[0].headers["Authorization"] == "Bearer t0k3n"


@pytest.mark.parametrize(("start", "end"), [(timedelta(), timedelta(hours=17)), (timedelta(hours=18), 2 * DAY)])
def test_what_is_outside_the_window_is_left_out(start: timedelta, end: timedelta) -> None:
    assert Answering("mastodon", [ENTRY], []).scheduler.posts(start=NOW + start, end=NOW + end) == []


def test_what_is_out_is_read_from_the_account_until_the_window_begins() -> None:
    old = STATUS | {"id": "t0", "created_at": "2026-10-01T09:00:00.000Z"}
    there = Answering("mastodon", [], {"id": "me"}, [STATUS, old])

    (post,) = there.scheduler.posts(start=NOW - 2 * DAY, end=NOW + DAY)

    assert (post.post_id, post.text, post.state) == ("outside:t1", "Flu shots.", PostState.PUBLISHED)
    assert f"{post.publish_at:%m-%d %H:%M}" == "10-11 09:00"
    assert post.outside is not None
    assert (post.outside.link, post.outside.engagement) == ("https://social.example.org/@mercy/t1", 6)
    assert there.lines()[1:] == [
        "GET /api/v1/accounts/verify_credentials",
        "GET /api/v1/accounts/me/statuses?limit=40&exclude_reblogs=true&exclude_replies=true",
    ]


def test_the_account_is_asked_for_its_name_once() -> None:
    there = Answering("mastodon", [], {"id": "me"}, [], [], [])
    for _ in range(2):
        there.scheduler.posts(start=NOW - DAY, end=NOW)
    assert sum("verify_credentials" in line for line in there.lines()) == 1


def test_a_list_that_repeats_itself_ends() -> None:
    there = Answering("mastodon", [ENTRY])
    there.scheduler.posts(start=NOW, end=NOW + DAY)
    assert len(there.asked) == 2


def test_no_list_is_longer_than_that() -> None:
    entries = [[ENTRY | {"id": f"s{number}"}] for number in range(MOST_PAGES + 5)]
    there = Answering("mastodon", *entries)
    there.scheduler.posts(start=NOW, end=NOW + DAY)
    assert len(there.asked) == MOST_PAGES


def test_what_is_not_there_is_believed_only_where_the_list_is_there() -> None:
    gone = httpx.Response(404, json={"error": "Record not found"})
    there = Answering("mastodon", gone, [])
    assert there.scheduler.read("s1") is None
    assert there.lines()[1] == "GET /api/v1/scheduled_statuses?limit=1"
    with pytest.raises(Misconfigured, match="nothing at its address"):
        Answering("mastodon", gone).scheduler.read("s1")


def test_an_answer_about_another_status_is_none() -> None:
    with pytest.raises(Unavailable):
        Answering("mastodon", ENTRY | {"id": "s2"}).scheduler.read("s1")


def test_pausing_moves_it_far_ahead() -> None:
    there = Answering("mastodon", ENTRY)
    there.scheduler.pause(read(), Pausing.RESCHEDULE, parked_until=NOW + 365 * DAY)
    assert there.lines() == ["PUT /api/v1/scheduled_statuses/s1"]
    assert there.sent() == {"scheduled_at": "2027-10-12T16:00:00Z"}


def test_a_day_that_is_full_is_passed_over_for_the_next() -> None:
    full = httpx.Response(422, json={"error": "Validation failed"})
    there = Answering("mastodon", full, full, ENTRY)
    there.scheduler.pause(read(), Pausing.RESCHEDULE, parked_until=NOW + DAY)
    days = [there.sent(number)["scheduled_at"][:10] for number in range(3)]
    assert days == ["2026-10-13", "2026-10-14", "2026-10-15"]


def test_when_all_days_are_full_this_way_is_closed() -> None:
    there = Answering("mastodon", httpx.Response(422, json={"error": "Validation failed"}))
    with pytest.raises(Rejected):
        there.scheduler.pause(read(), Pausing.RESCHEDULE, parked_until=NOW + DAY)
    assert len(there.asked) == OTHER_DAYS + 1


def test_what_is_gone_is_not_tried_on_other_days() -> None:
    there = Answering("mastodon", httpx.Response(404, json={"error": "Record not found"}))
    with pytest.raises(Rejected) as raised:
        there.scheduler.pause(read(), Pausing.RESCHEDULE, parked_until=NOW + DAY)
    assert (raised.value.reason, len(there.asked)) == ("deleted", 1)


def test_where_it_cannot_be_moved_it_is_deleted() -> None:
    there = Answering("mastodon", {})
    there.scheduler.pause(read(), Pausing.RECREATE, parked_until=NOW + DAY)
    assert there.lines() == ["DELETE /api/v1/scheduled_statuses/s1"]


def test_giving_back_moves_it_and_returns_its_id() -> None:
    there = Answering("mastodon", ENTRY)
    assert there.scheduler.resume(read(), Pausing.RESCHEDULE, due_at=NOW + 2 * DAY, media=()) == "s1"
    assert there.sent() == {"scheduled_at": "2026-10-14T16:00:00Z"}


def test_other_words_are_refused_where_it_is_only_moved() -> None:
    there = Answering("mastodon", ENTRY)
    with pytest.raises(Rejected, match="write a new one there"):
        there.scheduler.resume(replace(read(), text="Other."), Pausing.RESCHEDULE, due_at=NOW + DAY, media=())
    assert there.asked == []


def test_making_it_anew_sends_what_it_was() -> None:
    there = Answering("mastodon", {"id": "s9"})

    made = there.scheduler.resume(kept(read()), Pausing.RECREATE, due_at=NOW + 2 * DAY, media=())

    assert made == "s9"
    assert there.lines() == ["POST /api/v1/statuses"]
    again = ("visibility", "spoiler_text", "sensitive", "language", "in_reply_to_id", "poll")
    assert there.sent() == {name: PARAMS[name] for name in again} | {
        "status": "Flu shots.",
        "scheduled_at": "2026-10-14T16:00:00Z",
    }


def test_the_same_request_has_the_same_key_and_another_has_another() -> None:
    there = Answering("mastodon", {"id": "s9"})
    post = kept(read())
    for days, text in ((2, "a"), (2, "a"), (3, "a"), (2, "b")):
        there.scheduler.resume(
            replace(post, text=text), Pausing.RECREATE, due_at=NOW + days * DAY, media=()
        )  # fmt: skip
    one, same, later, other = (asked.headers["Idempotency-Key"] for asked in there.asked)
    assert one == same
    assert len({one, later, other}) == 3


def test_one_that_is_made_without_an_id_is_of_unknown_outcome() -> None:
    with pytest.raises(OutcomeUnknown):
        Answering("mastodon", {}).scheduler.resume(kept(read()), Pausing.RECREATE, due_at=NOW + DAY, media=())


def test_without_our_copies_it_is_not_made() -> None:
    there = Answering("mastodon", {"id": "s9"})
    with pytest.raises(Rejected, match="was not kept"):
        there.scheduler.resume(read(), Pausing.RECREATE, due_at=NOW + DAY, media=())
    assert there.asked == []


def test_media_are_uploaded_with_their_words_and_waited_for() -> None:
    there = Answering(
        "mastodon", {"id": "m8"}, {"id": "m8", "url": None}, {"id": "m8", "url": "https://x"}, {"id": "s9"}
    )
    media = Media(url="https://files.example.org/1.png", alt="A nurse.", media_type="image/png", kept_as="k1")

    there.scheduler.resume(
        kept(read(), media),
        Pausing.RECREATE,
        due_at=NOW + DAY,
        media=iter([MediaFile(media=media, content=b"\x89PNG")]),
    )

    assert there.lines() == [
        "POST /api/v2/media", "GET /api/v1/media/m8", "GET /api/v1/media/m8", "POST /api/v1/statuses",
    ]  # fmt: skip
    form = there.asked[0].content
    assert b'name="description"\r\n\r\nA nurse.' in form
    assert b"Content-Type: image/png\r\n\r\n\x89PNG" in form
    assert there.sent()["media_ids"] == ["m8"]
    assert there.waited == [1.0, 1.0]


def test_a_medium_that_is_never_ready_is_not_waited_for_for_ever() -> None:
    there = Answering("mastodon", {"id": "m8"})
    media = Media(url="https://files.example.org/1.png", kept_as="k1")
    with pytest.raises(Unavailable, match="ready in time"):
        there.scheduler.resume(
            kept(read(), media), Pausing.RECREATE, due_at=NOW + DAY, media=[MediaFile(media=media, content=b"x")]
        )
    assert len(there.waited) == LOOKS_AT_MEDIA
    assert b"description" not in there.asked[0].content
    assert b"Content-Type: application/octet-stream" in there.asked[0].content


@pytest.mark.parametrize("answer", [httpx.Response(200, json={}), httpx.Response(404, json={})])
def test_a_delete_of_what_is_gone_is_no_error(answer: httpx.Response) -> None:
    there = Answering("mastodon", answer)
    there.scheduler.remove("s1")
    assert there.lines() == ["DELETE /api/v1/scheduled_statuses/s1"]
