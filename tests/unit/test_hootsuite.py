"""What Hootsuite is asked, word for word, and what its answers mean; its tokens too."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from switchboard.domain.outside import Media, Outside, Pausing
from switchboard.domain.post import Post, PostState
from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, Unavailable
from switchboard.ports import MediaFile, SchedulerSecret
from switchboard.schedulers.hootsuite import LOOKS_AT_MEDIA, MOST_PAGES
from tests.fakes.scheduler_wire import NOW, Answering

ENTRY: dict[str, Any] = {
    "id": "h1",
    "state": "SCHEDULED",
    "text": "Flu shots.",
    "scheduledSendTime": "2026-10-13T09:00:00Z",
    "socialProfile": {"id": "p2"},
    "mediaUrls": [{"url": "https://media.example.org/1.png"}],
    "media": [{"id": "m7"}],
    "tags": ["flu"],
    "targeting": {"facebookPage": {}},
    "privacy": {"facebook": {}},
    "location": {"latitude": 1},
    "emailNotification": True,
    "webhookUrls": ["https://x.example.org"],
    "extendedInfo": [{"x": 1}],
    "sequenceNumber": 5,
    "postUrl": None,
}
DAY = timedelta(days=1)
PNG = b"\x89PNG...."


def wire(*answers: Any, **secret: str) -> Answering:
    return Answering("hootsuite", *answers, profiles={"p2": "maternity"}, **secret)


def read(**changes: Any) -> Post:
    found = wire({"data": [ENTRY | changes]}).scheduler.read("h1")
    assert found is not None
    return found


def kept(post: Post, *addresses: str) -> Post:
    assert isinstance(post.outside, Outside)
    media = tuple(Media(url=address, kept_as=f"k{number}") for number, address in enumerate(addresses))
    return replace(post, outside=replace(post.outside, media=media))


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("SCHEDULED", PostState.SCHEDULED),
        ("PENDING_APPROVAL", PostState.DRAFT),
        ("REJECTED", PostState.DRAFT),
        ("SUBMITTED", PostState.PUBLISHED),
        ("SENT", PostState.PUBLISHED),
        ("SEND_FAILED_PERMANENTLY", PostState.FAILED),
        ("BEWITCHED", PostState.UNKNOWN),
    ],
)
def test_its_words_for_a_state(word: str, state: PostState) -> None:
    assert read(state=word).state is state


def test_a_message_is_read_with_all_that_is_told_of_it() -> None:
    post = read(postUrl="https://f.example.org/" + "x" * 3000)

    assert (post.post_id, post.channel, post.text) == ("outside:h1", "maternity", "Flu shots.")
    assert f"{post.publish_at:%m-%d %H:%M}" == "10-13 09:00"
    assert post.outside is not None
    assert (post.outside.profile, len(post.outside.link), post.outside.cannot_pause) == ("p2", 2000, "")
    assert [one.url for one in post.outside.media] == ["https://media.example.org/1.png", "hootsuite-media:m7"]
    assert '"sequenceNumber":5' in post.outside.payload


def test_a_message_that_cannot_be_kept_whole_cannot_be_paused() -> None:
    post = read(text="x" * 200_000)
    assert post.outside is not None
    assert (post.outside.payload, "too large" in post.outside.cannot_pause) == ("", True)


def test_a_message_alone_and_one_in_a_list_are_the_same() -> None:
    alone = wire({"data": ENTRY}).scheduler.read("h1")
    assert alone == read()


def test_the_list_is_asked_state_by_state_and_page_by_page() -> None:
    more = {"data": [ENTRY], "metadata": {"cursor": {"next": "c1"}}}
    there = wire(more, {"data": [ENTRY | {"id": "h2"}]}, {"data": [ENTRY | {"id": "h3", "state": "SENT"}]})

    posts = there.scheduler.posts(start=NOW - DAY, end=NOW + DAY)

    assert [post.post_id for post in posts] == ["outside:h1", "outside:h2", "outside:h3"]
    asked = [dict(one.url.params) for one in there.asked]
    first = {
        "startTime": "2026-10-11T16:00:00Z", "endTime": "2026-10-13T16:00:00Z", "state": "SCHEDULED", "limit": "100",
    }  # fmt: skip
    assert asked == [first, first | {"cursor": "c1"}, first | {"state": "SENT"}]


def test_of_what_is_to_come_only_the_scheduled_are_asked_for_and_the_end_is_left_out() -> None:
    there = wire({"data": [ENTRY, ENTRY | {"id": "h2", "scheduledSendTime": "2026-10-14T16:00:00Z"}]})
    posts = there.scheduler.posts(start=NOW, end=NOW + 2 * DAY)
    assert [post.post_id for post in posts] == ["outside:h1"]
    assert len(there.asked) == 1


def test_a_list_without_an_end_is_no_whole_calendar() -> None:
    there = wire({"data": [ENTRY], "metadata": {"cursor": {"next": "again"}}})
    with pytest.raises(Unavailable, match="too many"):
        there.scheduler.posts(start=NOW, end=NOW + DAY)
    assert len(there.asked) == MOST_PAGES


def test_what_is_refused_is_gone_only_where_the_account_answers() -> None:
    refused = httpx.Response(400, json={"errors": [{"code": 4000}]})
    gone = wire(refused, {"data": {"id": "me"}})
    assert gone.scheduler.read("h1") is None
    assert gone.lines() == ["GET /v1/messages/h1", "GET /v1/me"]
    with pytest.raises(Misconfigured, match="knows nothing at its address"):
        wire(refused).scheduler.read("h1")


def test_an_answer_about_another_message_is_none() -> None:
    with pytest.raises(Unavailable):
        wire({"data": [ENTRY | {"id": "h2"}]}).scheduler.read("h1")


@pytest.mark.parametrize(
    "answer", [httpx.Response(204), httpx.Response(404, json={}), httpx.Response(200, content=b"")]
)
def test_pausing_deletes_it_and_one_that_is_gone_is_no_error(answer: httpx.Response) -> None:
    there = wire(answer)
    there.scheduler.pause(read(), Pausing.RECREATE, parked_until=NOW)
    assert there.lines() == ["DELETE /v1/messages/h1"]


def test_a_delete_that_is_refused_says_so() -> None:
    with pytest.raises(Rejected):
        wire(httpx.Response(400, json={})).scheduler.remove("h1")


def test_making_it_anew_sends_what_it_was() -> None:
    there = wire({"data": [{"id": "h9"}]})

    made = there.scheduler.resume(kept(read()), Pausing.RECREATE, due_at=NOW + 3 * DAY, media=())

    assert made == "h9"
    assert there.lines() == ["POST /v1/messages"]
    again = ("tags", "targeting", "privacy", "location", "emailNotification", "webhookUrls", "extendedInfo")
    assert there.sent() == {name: ENTRY[name] for name in again} | {
        "text": "Flu shots.",
        "socialProfileIds": ["p2"],
        "scheduledSendTime": "2026-10-15T16:00:00Z",
    }


def test_one_that_is_made_without_an_id_is_of_unknown_outcome() -> None:
    with pytest.raises(OutcomeUnknown):
        wire({"data": [{}]}).scheduler.resume(kept(read()), Pausing.RECREATE, due_at=NOW + DAY, media=())


def test_without_our_copies_it_is_not_made() -> None:
    there = wire({"data": [{"id": "h9"}]})
    with pytest.raises(Rejected, match="was not kept"):
        there.scheduler.resume(read(), Pausing.RECREATE, due_at=NOW + DAY, media=())
    assert there.asked == []


@pytest.mark.parametrize(
    ("told", "content", "kind"),
    [
        ("image/webp", PNG, "image/webp"),
        ("", PNG, "image/png"),
        ("", b"GIF89a..", "image/gif"),
        ("", b"\xff\xd8\xff\xe0....", "image/jpeg"),
        ("", b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        ("", b"whatever", "image/jpeg"),
    ],
)
def test_media_are_uploaded_and_waited_for(told: str, content: bytes, kind: str) -> None:
    there = wire(
        {"data": {"id": "m1", "uploadUrl": "https://upload.example.org/m1"}},
        httpx.Response(200),
        {"data": {"state": "CREATED"}},
        {"data": {"state": "READY"}},
        {"data": [{"id": "h9"}]},
    )
    post = kept(read(), "https://media.example.org/1")
    assert post.outside is not None
    file = MediaFile(media=replace(post.outside.media[0], media_type=told), content=content)

    there.scheduler.resume(post, Pausing.RECREATE, due_at=NOW + DAY, media=iter([file]))

    assert [f"{one.method} {one.url}" for one in there.asked] == [
        "POST https://platform.hootsuite.com/v1/media",
        "PUT https://upload.example.org/m1",
        "GET https://platform.hootsuite.com/v1/media/m1",
        "GET https://platform.hootsuite.com/v1/media/m1",
        "POST https://platform.hootsuite.com/v1/messages",
    ]
    assert there.sent(0) == {"sizeBytes": len(content), "mimeType": kind}
    assert (there.asked[1].content, there.asked[1].headers["content-type"]) == (content, kind)
    assert "authorization" not in there.asked[1].headers  # the address is somebody else's
    assert there.sent()["media"] == [{"id": "m1"}]
    assert there.waited == [1.0]


def test_a_medium_that_is_never_ready_is_not_waited_for_for_ever() -> None:
    told = {"data": {"id": "m1", "uploadUrl": "https://upload.example.org/m1", "state": "CREATED"}}
    there = wire(told)
    file = MediaFile(media=Media(url="https://media.example.org/1"), content=PNG)
    with pytest.raises(Unavailable, match="ready in time"):
        there.scheduler.resume(kept(read(), "https://x.example.org"), Pausing.RECREATE, due_at=NOW + DAY, media=[file])
    assert len(there.waited) == LOOKS_AT_MEDIA


@pytest.mark.parametrize("answer", [httpx.Response(403), httpx.Response(500)])
def test_a_medium_that_is_not_taken_stops_before_the_message(answer: httpx.Response) -> None:
    there = wire({"data": {"id": "m1", "uploadUrl": "https://upload.example.org/m1"}}, answer)
    file = MediaFile(media=Media(url="https://media.example.org/1"), content=PNG)
    with pytest.raises(Unavailable, match="could not be uploaded"):
        there.scheduler.resume(kept(read(), "https://x.example.org"), Pausing.RECREATE, due_at=NOW + DAY, media=[file])
    assert "POST /v1/messages" not in there.lines()


# --- tokens


def refreshed(*answers: Any, **secret: str) -> Answering:
    return wire(*answers, **({"expires_at": "2026-10-12T15:00:00Z", "token": "old"} | secret))


NEW = {"access_token": "new", "refresh_token": "refresh-1", "expires_in": 7200}


def test_a_token_that_ends_soon_is_refreshed_and_the_pair_is_stored_before_it_is_used() -> None:
    there = refreshed(NEW, {"data": [ENTRY]})

    there.scheduler.read("h1")

    login, call = there.asked
    assert str(login.url) == "https://platform.hootsuite.com/oauth2/token"
    assert b64decode(login.headers["Authorization"].removeprefix("Basic ")) == b"client:client-secret"
    assert dict(parse_qsl(login.content.decode())) == {"grant_type": "refresh_token", "refresh_token": "refresh-0"}
    assert call.headers["Authorization"] == "Bearer new"
    (stored,) = there.secrets.kept
    assert (stored.token, stored.refresh_token, stored.expires_at) == ("new", "refresh-1", "2026-10-12T18:00:00Z")
    assert (stored.client_id, stored.client_secret) == ("client", "client-secret")


@pytest.mark.parametrize(
    ("expires_at", "refreshes"),
    [("2026-10-12T16:02:00Z", True), ("2026-10-12T16:02:01Z", False), ("soon", True), ("", True)],
)
def test_a_token_is_used_until_two_minutes_before_its_end(expires_at: str, *, refreshes: bool) -> None:
    there = refreshed(NEW, {"data": [ENTRY]}, expires_at=expires_at) if refreshes else wire(
        {"data": [ENTRY]}, expires_at=expires_at
    )  # fmt: skip
    there.scheduler.read("h1")
    assert bool(there.secrets.kept) is refreshes


def test_an_answer_that_tells_less_keeps_the_old_refresh_token_and_lasts_an_hour() -> None:
    for lives in (None, True, "7200"):
        there = refreshed({"access_token": "new", "expires_in": lives}, {"data": [ENTRY]})
        there.scheduler.read("h1")
        (stored,) = there.secrets.kept
        assert (stored.refresh_token, stored.expires_at) == ("refresh-0", "2026-10-12T17:00:00Z")


@pytest.mark.parametrize("status", [400, 401, 500])
def test_a_refresh_that_is_refused_needs_a_person(status: int) -> None:
    there = refreshed(httpx.Response(status, json={"error": "invalid_grant"}))
    with pytest.raises(Misconfigured, match="connect the account again"):
        there.scheduler.read("h1")
    assert there.secrets.kept == []


@pytest.mark.parametrize("missing", ["refresh_token", "client_id"])
def test_what_is_missing_in_the_secret_is_named(missing: str) -> None:
    there = refreshed(NEW, **{missing: ""})
    with pytest.raises(Misconfigured, match=missing):
        there.scheduler.read("h1")
    assert there.asked == []


def past_the_cache(there: Answering, *stored: SchedulerSecret) -> None:
    """Have each look past the cache find the next of *stored*, and every other one what was there at first."""
    cached, looks = there.secrets.secret, iter(stored)

    def of(_name: str, *, fresh: bool = False) -> SchedulerSecret:
        return next(looks) if fresh else cached

    there.secrets.of = of  # type: ignore[method-assign]


def test_a_pair_that_another_process_stored_is_looked_for_past_the_cache_before_one_is_asked_for() -> None:
    there = refreshed({"data": [ENTRY]})
    theirs = replace(there.secrets.secret, token="theirs", expires_at="2026-10-12T17:00:00Z")
    past_the_cache(there, theirs)

    there.scheduler.read("h1")

    assert [one.headers["Authorization"] for one in there.asked] == ["Bearer theirs"]


@pytest.mark.parametrize(
    ("refresh_token", "expires_at"),
    [("refresh-0", "2026-10-12T17:00:00Z"), ("refresh-1", "2026-10-12T15:00:00Z")],
)
def test_a_pair_that_is_no_newer_or_does_not_work_is_nobody_elses(refresh_token: str, expires_at: str) -> None:
    there = refreshed(httpx.Response(400, json={}))
    old = there.secrets.secret
    past_the_cache(there, old, replace(old, refresh_token=refresh_token, expires_at=expires_at, token="theirs"))

    with pytest.raises(Misconfigured, match="connect the account again"):
        there.scheduler.read("h1")


def test_no_secret_stands_in_a_url_or_in_what_is_sent_of_a_message() -> None:
    there = wire({"data": [{"id": "h9"}]})
    there.scheduler.resume(kept(read()), Pausing.RECREATE, due_at=NOW + DAY, media=())
    assert "t0k3n" not in str(there.asked[0].url) + json.dumps(there.sent())
