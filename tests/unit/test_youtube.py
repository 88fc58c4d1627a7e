"""YouTube's comments, asked for."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchboard.errors import Misconfigured, Rejected, SwitchboardError, Unavailable
from switchboard.platforms.youtube import YouTube
from switchboard.ports import Channel, ChannelSecret

SHARED = Path(__file__).parents[3] / "shared"
NOW = datetime(2026, 10, 12, 10, tzinfo=UTC)
US = "UCmercy"
CHANNEL = Channel(name="youtube", platform="youtube", account_id=US)
SECRET = ChannelSecret(access_token="t1")


def comment(named: str, author: str, text: str = "When do you open?", **changes: Any) -> dict[str, Any]:
    snippet = {
        "videoId": "v1",
        "textOriginal": text,
        "authorDisplayName": "@rosa",
        "authorChannelId": {"value": author},
        "publishedAt": "2026-10-12T09:00:00Z",
        "updatedAt": "2026-10-12T09:00:00Z",
    }
    return {"id": named, "snippet": snippet | changes}


def thread(top: dict[str, Any], *replies: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": top["id"],
        "snippet": {"videoId": "v1", "topLevelComment": top},
        "replies": {"comments": list(replies)},
    }


class Google:
    """YouTube's server."""

    def __init__(self, *threads: Any) -> None:
        self.threads = list(threads)
        self.fault: httpx.Response | None = None
        self.mine = [US]
        self.asked: list[httpx.Request] = []
        self.api = YouTube("https://www.googleapis.com/youtube/v3", transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.fault:
            return self.fault
        if request.url.path.endswith("/channels"):
            return httpx.Response(200, json={"items": [{"id": one} for one in self.mine]})
        start, size = int(request.url.params.get("pageToken", "0")), 100
        more = {"nextPageToken": str(start + size)} if start + size < len(self.threads) else {}
        return httpx.Response(200, json={"items": self.threads[start : start + size], **more})


def test_a_thread_is_its_top_comment_and_one_author() -> None:
    google = Google(thread(comment("c1", "UCrosa"), comment("c1.r1", "UCtom"), comment("c1.r2", US, "At ten.")))
    page = google.api.page(CHANNEL, SECRET, older_than="", now=NOW)

    assert [(one.message_id, one.thread_id, one.by_us, one.reply_to) for one in page.delivery.messages] == [
        ("c1", "c1/UCrosa", False, ""),
        ("c1.r1", "c1/UCtom", False, ""),
        ("c1.r2", "c1", True, "c1"),
    ]
    assert page.delivery.messages[0].permalink == "https://www.youtube.com/watch?v=v1&lc=c1"
    assert {one.via for one in page.delivery.messages} == {"poll"}


def test_an_edited_comment_is_an_edit_and_our_own_comment_answers_nobody() -> None:
    google = Google(thread(comment("c1", "UCrosa", updatedAt="2026-10-12T09:10:00Z")), thread(comment("c2", US)))
    (one,) = google.api.page(CHANNEL, SECRET, older_than="", now=NOW).delivery.messages

    assert (one.change, one.changed_at) == ("edited", datetime(2026, 10, 12, 9, 10, tzinfo=UTC))


def test_pages_follow_each_other() -> None:
    google = Google(*(thread(comment(f"c{number}", "UCrosa")) for number in range(250)))
    found, mark = 0, ""
    for _ in range(4):
        page = google.api.page(CHANNEL, SECRET, older_than=mark, now=NOW)
        found, mark = found + len(page.delivery.messages), page.older
        if not mark:
            break

    assert (found, len(google.asked)) == (250, 3)


@pytest.mark.parametrize(
    ("status", "reason", "error"),
    [
        (403, "quotaExceeded", Unavailable),
        (403, "rateLimitExceeded", Unavailable),
        (403, "commentsDisabled", Rejected),
        (403, "insufficientPermissions", Misconfigured),
        (401, "authError", Misconfigured),
        (500, "backendError", Unavailable),
    ],
)
def test_a_spent_quota_is_no_dead_token(status: int, reason: str, error: type[SwitchboardError]) -> None:
    google = Google()
    google.fault = httpx.Response(status, json={"error": {"code": status, "errors": [{"reason": reason}]}})
    with pytest.raises(error) as refused:
        google.api.page(CHANNEL, SECRET, older_than="", now=NOW)

    if reason == "quotaExceeded":
        assert isinstance(refused.value, Unavailable)
        assert 0 < (refused.value.retry_after or 0) <= 86_460


@pytest.mark.parametrize(("mine", "state"), [([US], "ok"), (["UCother"], "failure"), ([], "failure")])
def test_the_doctor_knows_whose_channel_it_is(mine: list[str], state: str) -> None:
    google = Google()
    google.mine = mine
    (finding,) = google.api.check(CHANNEL, SECRET, now=NOW)

    assert finding.state == state


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
def test_requests_and_answers_are_as_google_describes_them() -> None:
    spec = json.loads((SHARED / "specs/google/youtube.v3.json").read_bytes())
    google = Google(*(thread(comment(f"c{number}", "UCrosa")) for number in range(101)))
    google.api.page(CHANNEL, SECRET, older_than="100", now=NOW)
    google.api.check(CHANNEL, SECRET, now=NOW)

    for asked, resource in zip(google.asked, ("commentThreads", "channels"), strict=True):
        method = spec["resources"][resource]["methods"]["list"]
        assert asked.method == method["httpMethod"]
        assert asked.url.path == "/" + method["path"]
        assert set(asked.url.params) <= set(method["parameters"])
        required = {name for name, one in method["parameters"].items() if one.get("required")}
        assert required <= set(asked.url.params)
    limits = spec["resources"]["commentThreads"]["methods"]["list"]["parameters"]["maxResults"]
    assert int(google.asked[0].url.params["maxResults"]) <= int(limits["maximum"])
    snippet = spec["schemas"]["CommentSnippet"]["properties"]
    assert set(comment("c", "a")["snippet"]) <= set(snippet)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["items", "snippet", "topLevelComment", "id", "replies"]), inner, max_size=4)
    ),
    max_leaves=10,
)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_whatever_youtube_answers_is_a_page_or_an_error_of_ours(answer: Any) -> None:
    google = Google()
    google.fault = httpx.Response(200, json=answer)
    with suppress(SwitchboardError):
        google.api.page(CHANNEL, SECRET, older_than="", now=NOW)
