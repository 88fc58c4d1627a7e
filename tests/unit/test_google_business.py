"""Reviews, read from Google: their words when a push names them, and all of them when we ask."""

from __future__ import annotations

import json
import socket
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchboard.domain.intake import take_in
from switchboard.domain.message import Delivery
from switchboard.domain.question import Conversation, QuestionState
from switchboard.errors import Misconfigured, SwitchboardError, Unavailable
from switchboard.platforms import completes
from switchboard.platforms.google_business import HURRIED, GoogleReviews, review_of
from switchboard.platforms.google_reviews import notice
from switchboard.ports import Channel, ChannelSecret
from tests.fakes.hospital import config

SHARED = Path(__file__).parents[3] / "shared"
NOW = datetime(2026, 10, 12, 10, tzinfo=UTC)
CHANNEL = Channel(name="reviews", platform="google_reviews", account_id="accounts/1/locations/2")
SECRET = ChannelSecret(client_id="i", client_secret="s", refresh_token="r")
REVIEW = "accounts/1/locations/2/reviews/3"
ENTRY: dict[str, Any] = {
    "name": REVIEW,
    "reviewId": "3",
    "reviewer": {"displayName": "Rosa Quimby"},
    "starRating": "TWO",
    "comment": "Nobody could tell me where to park. Where is it?",
    "createTime": "2026-10-12T09:00:00.123456789Z",
    "updateTime": "2026-10-12T09:00:00.123456789Z",
}


class Google:
    """Google's servers: a token, the reviews, and faults."""

    def __init__(self) -> None:
        self.reviews: list[Any] = [ENTRY]
        self.token: httpx.Response | None = None
        self.fault: httpx.Response | Exception | None = None
        self.setting: dict[str, Any] = {"pubsubTopic": "t", "notificationTypes": ["NEW_REVIEW", "UPDATED_REVIEW"]}
        self.asked: list[httpx.Request] = []
        self.api = GoogleReviews("https://mybusiness.googleapis.com/v4", transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.path == "/token":
            return self.token or httpx.Response(200, json={"access_token": "t1", "expires_in": 3600})
        assert request.headers["authorization"] == "Bearer t1"
        if isinstance(self.fault, Exception):
            raise self.fault
        if self.fault:
            return self.fault
        if request.url.path.endswith("/notificationSetting"):
            return httpx.Response(200, json=self.setting)
        if request.url.path == f"/v4/{REVIEW}":
            return httpx.Response(200, json=ENTRY)
        start = int(request.url.params.get("pageToken", "0"))
        size = int(request.url.params["pageSize"])
        more = {"nextPageToken": str(start + size)} if start + size < len(self.reviews) else {}
        return httpx.Response(200, json={"reviews": self.reviews[start : start + size], **more})

    def paths(self) -> list[str]:
        return [request.url.path for request in self.asked]


@pytest.fixture
def google() -> Google:
    return Google()


def pushed() -> Delivery:
    return Delivery(messages=(notice(REVIEW, CHANNEL, told_at=NOW, now=NOW),))


# --- completing ------------------------------------------------------------------------------------------------


def test_the_words_of_a_review_take_the_place_of_its_notice(google: Google) -> None:
    (message,) = google.api.complete(pushed(), CHANNEL, SECRET, now=NOW).messages

    assert (message.message_id, message.thread_id, message.via) == (REVIEW, REVIEW, "webhook")
    assert (message.author_name, message.attachments) == ("Rosa Quimby", ("rating 2",))
    assert message.text == ENTRY["comment"]
    assert message.sent_at.replace(microsecond=0) == datetime(2026, 10, 12, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "fault",
    [httpx.Response(500), httpx.Response(401), httpx.Response(404), httpx.ReadTimeout("slow"), httpx.Response(200)],
)
def test_when_they_cannot_be_had_the_notice_stays_and_rings(google: Google, fault: Any) -> None:
    google.fault = fault
    delivery = google.api.complete(pushed(), CHANNEL, SECRET, now=NOW)

    assert delivery == pushed()
    change = take_in(Conversation(question_id="Q", pending=delivery.messages), config(), now=NOW)
    assert change is not None
    assert change.question.state is QuestionState.OPEN


def test_a_google_that_hangs_is_not_waited_for_while_pub_sub_waits() -> None:
    """The webhook's function must end within 15 seconds, or nobody is rung at all."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        api = GoogleReviews(address, login_url=address, timeout=HURRIED)
        began = time.monotonic()
        delivery = api.complete(pushed(), CHANNEL, SECRET, now=NOW)

    assert delivery == pushed()
    assert time.monotonic() - began < 8
    assert completes("google_reviews") is completes("google_reviews"), "its token is kept from one push to the next"


def test_a_dead_refresh_token_keeps_nobody_from_being_rung(google: Google) -> None:
    google.token = httpx.Response(400, json={"error": "invalid_grant"})

    assert google.api.complete(pushed(), CHANNEL, SECRET, now=NOW) == pushed()


# --- asking ----------------------------------------------------------------------------------------------------


def test_pages_are_asked_for_by_google_s_own_mark_and_the_token_is_kept(google: Google) -> None:
    google.reviews = [{**ENTRY, "name": f"{REVIEW}{number}"} for number in range(120)]
    found, mark = [], ""
    for _ in range(5):
        page = google.api.page(CHANNEL, SECRET, older_than=mark, now=NOW)
        found += [message.message_id for message in page.delivery.messages]
        mark = page.older
        if not mark:
            break

    assert found == [f"{REVIEW}{number}" for number in range(120)]
    assert google.paths().count("/token") == 1
    assert google.asked[1].url.params["orderBy"] == "updateTime desc"


def test_a_changed_review_is_an_edit_and_our_reply_is_ours() -> None:
    changed = ENTRY | {
        "updateTime": "2026-10-12T09:30:00Z",
        "reviewReply": {"comment": "Behind the east wing.", "updateTime": "2026-10-12T09:45:00Z"},
    }
    review, reply = review_of(changed, CHANNEL, via="poll", now=NOW)

    assert (review.change, review.changed_at) == ("edited", datetime(2026, 10, 12, 9, 30, tzinfo=UTC))
    assert (reply.by_us, reply.thread_id, reply.reply_to, reply.change) == (True, REVIEW, REVIEW, "new")
    change = take_in(Conversation(question_id="Q", pending=(review, reply)), config(), now=NOW)
    assert change is not None
    assert change.question.state is QuestionState.ANSWERED_ELSEWHERE


def test_somebody_anonymous_stays_so() -> None:
    entry = ENTRY | {"reviewer": {"isAnonymous": True, "displayName": "A Google user"}, "comment": None}
    (review,) = review_of(entry, CHANNEL, via="poll", now=NOW)

    assert (review.author_name, review.text, review.attachments) == ("", "", ("rating 2",))


@pytest.mark.parametrize(
    ("status", "body", "error", "wait"),
    [
        (401, {}, Misconfigured, None),
        (403, {"error": {"details": [{"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]}}, Misconfigured, None),
        (429, {"error": {"status": "RESOURCE_EXHAUSTED"}}, Unavailable, None),
        (403, {"error": {"errors": [{"reason": "quotaExceeded"}]}}, Unavailable, True),
        (500, {}, Unavailable, None),
    ],
)
def test_what_google_refuses_is_told_for_what_it_is(
    google: Google, status: int, body: Any, error: type[SwitchboardError], wait: Any
) -> None:
    google.fault = httpx.Response(status, json=body)
    with pytest.raises(error) as refused:
        google.api.page(CHANNEL, SECRET, older_than="", now=NOW)

    assert bool(getattr(refused.value, "retry_after", None)) == bool(wait)


def test_a_token_that_has_run_out_is_fetched_anew(google: Google) -> None:
    for hours in (10, 11, 12):
        google.api.page(CHANNEL, SECRET, older_than="", now=NOW.replace(hour=hours))

    assert google.paths().count("/token") == 3


# --- the doctor ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "state"),
    [
        ({"pubsubTopic": "t", "notificationTypes": ["NEW_REVIEW", "UPDATED_REVIEW", "GOOGLE_UPDATE"]}, "ok"),
        ({"pubsubTopic": "t", "notificationTypes": ["UPDATED_REVIEW"]}, "warning"),
        ({}, "failure"),
    ],
)
def test_the_doctor_reads_back_what_google_pushes(google: Google, setting: Any, state: str) -> None:
    google.setting = setting
    findings = {finding.name: finding for finding in google.api.check(CHANNEL, SECRET, now=NOW)}

    assert (findings["credentials"].state, findings["subscription"].state) == ("ok", state)
    assert state == "ok" or "notificationTypes" in findings["subscription"].remedy


def test_the_doctor_says_when_the_account_must_be_connected_again(google: Google) -> None:
    google.token = httpx.Response(400, json={"error": "invalid_grant"})
    (finding,) = google.api.check(CHANNEL, SECRET, now=NOW)

    assert (finding.name, finding.state) == ("credentials", "failure")


# --- other people's bodies, and anything -----------------------------------------------------------------------


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
def test_the_lists_from_the_wild_are_read_as_reviewed(google: Google) -> None:
    folder = SHARED / "payloads/google_reviews"
    read = {
        name: [
            (message.message_id.rpartition("/")[2], message.change, message.author_name, message.by_us)
            for entry in json.loads((folder / name).read_bytes())["reviews"]
            for message in review_of(entry or {}, CHANNEL, via="poll", now=datetime(2026, 11, 1, tzinfo=UTC))
        ]
        for name in ("reviews_list_nanoseconds_time.json", "reviews_list_with_null_and_anonymous.json")
    }

    assert read == {
        "reviews_list_nanoseconds_time.json": [
            ("rev-aaa", "new", "Jane D.", False),
            ("rev-bbb", "new", "", False),
        ],
        "reviews_list_with_null_and_anonymous.json": [
            ("r1", "new", "Pat", False),
            ("r1#reply", "new", "", True),
            ("r2", "edited", "", False),
        ],
    }


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
def test_the_setting_is_asked_for_as_google_describes_it(google: Google) -> None:
    google.api.check(CHANNEL, SECRET, now=NOW)
    spec = json.loads((SHARED / "specs/google/mybusinessnotifications.v1.json").read_bytes())
    method = spec["resources"]["accounts"]["methods"]["getNotificationSetting"]

    (asked,) = [one for one in google.asked if one.url.path.endswith("notificationSetting")]
    assert asked.method == method["httpMethod"]
    assert asked.url.host == spec["rootUrl"].split("/")[2]
    assert asked.url.path == "/" + method["flatPath"].replace("{accountsId}", "1")
    known = spec["schemas"]["NotificationSetting"]["properties"]
    assert {"pubsubTopic", "notificationTypes"} <= set(known)
    assert {"NEW_REVIEW", "UPDATED_REVIEW"} <= set(known["notificationTypes"]["items"]["enum"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["reviews", "name", "reviewId", "reviewReply", "createTime"]), inner, max_size=4
        )
    ),
    max_leaves=10,
)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_whatever_google_answers_is_a_page_or_an_error_of_ours(answer: Any) -> None:
    google = Google()
    google.fault = httpx.Response(200, json=answer)
    with suppress(SwitchboardError):
        google.api.page(CHANNEL, SECRET, older_than="", now=NOW)
