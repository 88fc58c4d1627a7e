"""What Buffer is asked, word for word, and what its answers mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from switchboard.domain.outside import Media, Pausing
from switchboard.domain.post import Post, PostState
from switchboard.errors import Misconfigured, OutcomeUnknown, Rejected, SwitchboardError, Unavailable
from switchboard.schedulers.buffer import MOST_PAGES
from tests.fakes.scheduler_wire import NOW, Answering

ENTRY: dict[str, Any] = {
    "id": "b1",
    "text": "Flu shots.",
    "status": "scheduled",
    "dueAt": "2026-10-13T09:00:00.000Z",
    "sentAt": None,
    "createdAt": "2026-10-01T08:00:00.000Z",
    "updatedAt": "2026-10-02T08:00:00.000Z",
    "channelId": "p2",
    "schedulingType": "notification",
    "externalLink": None,
    "allowedActions": ["movePostToDraft"],
    "assets": [{"__typename": "ImageAsset", "source": "https://x.example.org/1.png", "mimeType": "image/png"}, {}],
    "metadata": None,
}
DONE = {"data": {"editPost": {"__typename": "PostActionSuccess"}, "deletePost": {"__typename": "DeletePostSuccess"}}}
WINDOW = {"start": NOW - timedelta(days=14), "end": NOW + timedelta(days=14)}


def shown(**changes: Any) -> Post:
    wire = Answering("buffer", {"data": {"post": ENTRY | changes}}, profiles={"p2": "maternity"})
    found = wire.scheduler.read("b1")
    assert found is not None
    return found


def listing(*entries: dict[str, Any], after: str = "") -> dict[str, Any]:
    info = {"hasNextPage": bool(after), "endCursor": after or "end"}
    return {"data": {"posts": {"edges": [{"node": one} for one in entries], "pageInfo": info}}}


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("scheduled", PostState.SCHEDULED),
        ("sending", PostState.PUBLISHED),
        ("sent", PostState.PUBLISHED),
        ("draft", PostState.DRAFT),
        ("needs_approval", PostState.DRAFT),
        ("error", PostState.FAILED),
        ("bewitched", PostState.UNKNOWN),
    ],
)
def test_its_words_for_a_state(word: str, state: PostState) -> None:
    assert shown(status=word).state is state


def test_a_post_is_read_with_all_that_is_told_of_it() -> None:
    post = shown(externalLink="https://buffer.example.org/" + "x" * 3000)

    assert (post.post_id, post.channel, post.text) == ("outside:b1", "maternity", "Flu shots.")
    assert (
        f"{post.publish_at:%m-%d %H:%M} {post.created_at:%m-%d} {post.reviewed_at:%m-%d}" == "10-13 09:00 10-01 10-02"
    )
    assert post.outside is not None
    assert (post.outside.scheduler, post.outside.external_id, post.outside.profile) == ("outside", "b1", "p2")
    assert post.outside.media == (Media(url="https://x.example.org/1.png", media_type="image/png"), Media(url=""))
    assert '"schedulingType":"notification"' in post.outside.payload
    assert len(post.outside.link) == 2000


def test_what_is_out_was_out_when_it_was_sent_and_what_is_planned_is_due() -> None:
    sent = {"sentAt": "2026-10-11T09:05:00.000Z", "dueAt": "2026-10-11T09:00:00.000Z"}
    assert f"{shown(status='sent', **sent).publish_at:%H:%M}" == "09:05"
    assert f"{shown(status='scheduled', **sent).publish_at:%H:%M}" == "09:00"


def test_who_may_not_move_it_to_the_drafts_is_told_so() -> None:
    def why_not(**changes: Any) -> str:
        outside = shown(**changes).outside
        assert outside is not None
        return outside.cannot_pause

    assert "do it there by hand" in why_not(allowedActions=["deletePost"])
    assert why_not() == ""
    assert why_not(allowedActions=[], status="sent") == ""


def test_the_list_is_asked_page_by_page_for_the_channels_of_the_account() -> None:
    later = ENTRY | {"id": "b2", "dueAt": "2026-12-01T09:00:00.000Z"}
    wire = Answering("buffer", listing(ENTRY, after="c1"), listing(later), profiles={"p2": "m", "p1": "f"})

    posts = wire.scheduler.posts(**WINDOW)

    assert [post.post_id for post in posts] == ["outside:b1"]  # the other is outside the window
    first, second = (wire.sent(number)["variables"] for number in (0, 1))
    assert first == {
        "input": {
            "organizationId": "1001",
            "filter": {
                "status": ["scheduled", "sent"],
                "dueAt": {"start": "2026-09-28T16:00:00Z", "end": "2026-10-26T16:00:00Z"},
                "channelIds": ["p1", "p2"],
            },
        },
        "first": 100,
    }
    assert second == first | {"after": "c1"}
    assert len(wire.asked) == 2


def test_without_profiles_all_channels_are_asked_for() -> None:
    wire = Answering("buffer", listing(ENTRY))
    wire.scheduler.posts(**WINDOW)
    assert "channelIds" not in wire.sent()["variables"]["input"]["filter"]


def test_a_page_that_promises_more_and_names_no_place_is_the_last() -> None:
    page = listing(ENTRY, after="c1")
    page["data"]["posts"]["pageInfo"]["endCursor"] = None
    wire = Answering("buffer", page)
    assert len(wire.scheduler.posts(**WINDOW)) == len(wire.asked) == 1


def test_a_list_without_an_end_is_no_whole_calendar() -> None:
    wire = Answering("buffer", listing(ENTRY, after="again"))
    with pytest.raises(Unavailable, match="too many"):
        wire.scheduler.posts(**WINDOW)
    assert len(wire.asked) == MOST_PAGES


def test_pausing_sends_the_post_again_as_a_draft() -> None:
    wire = Answering("buffer", DONE)

    wire.scheduler.pause(shown(), Pausing.NATIVE, parked_until=NOW)

    assert wire.sent()["variables"]["input"] == {
        "id": "b1",
        "mode": "customScheduled",
        "schedulingType": "notification",
        "text": "Flu shots.",
        "dueAt": "2026-10-13T09:00:00Z",
        "saveToDraft": True,
    }
    assert "editPost(" in wire.sent()["query"]


def test_giving_back_schedules_it_and_returns_its_id() -> None:
    wire = Answering("buffer", DONE)
    edited = replace(shown(schedulingType=None), text="Other words.")

    given = wire.scheduler.resume(edited, Pausing.NATIVE, due_at=NOW + timedelta(days=2), media=())

    assert given == "b1"
    sent = wire.sent()["variables"]["input"]
    assert (sent["text"], sent["dueAt"], sent["saveToDraft"]) == ("Other words.", "2026-10-14T16:00:00Z", False)
    assert sent["schedulingType"] == "automatic"


@pytest.mark.parametrize(
    ("kind", "network"),
    [
        ("FacebookPostMetadata", "facebook"),
        ("InstagramPostMetadata", "instagram"),
        ("LinkedInPostMetadata", "linkedin"),
        ("TikTokPostMetadata", None),
    ],
)
def test_what_a_network_asks_for_is_sent_again(kind: str, network: str | None) -> None:
    wire = Answering("buffer", DONE)
    post = shown(metadata={"__typename": kind, "type": "post", "firstComment": None})

    wire.scheduler.pause(post, Pausing.NATIVE, parked_until=NOW)

    expected = {network: {"type": "post"}} if network else None
    assert wire.sent()["variables"]["input"].get("metadata") == expected


def test_a_network_that_asks_for_nothing_is_sent_nothing() -> None:
    wire = Answering("buffer", DONE)
    post = shown(metadata={"__typename": "LinkedInPostMetadata", "firstComment": None})
    wire.scheduler.pause(post, Pausing.NATIVE, parked_until=NOW)
    assert "metadata" not in wire.sent()["variables"]["input"]


def test_a_delete_names_the_post() -> None:
    wire = Answering("buffer", DONE)
    wire.scheduler.remove("b1")
    assert wire.sent()["variables"] == {"input": {"id": "b1"}}
    assert "deletePost(" in wire.sent()["query"]


def test_nothing_is_copied_for_a_draft_keeps_its_media() -> None:
    assert list(Answering("buffer", DONE).scheduler.media_of(shown())) == []


@pytest.mark.parametrize(
    ("typename", "error", "reason"),
    [
        ("NotFoundError", Rejected, "deleted"),
        ("UnexpectedError", OutcomeUnknown, ""),
        (None, OutcomeUnknown, ""),
        ("InvalidInputError", Rejected, "refused"),
    ],
)
def test_what_a_mutation_answers(typename: str | None, error: type[SwitchboardError], reason: str) -> None:
    wire = Answering("buffer", {"data": {"editPost": {"__typename": typename}}})
    with pytest.raises(error) as raised:
        wire.scheduler.pause(shown(), Pausing.NATIVE, parked_until=NOW)
    assert getattr(raised.value, "reason", "") == reason


@pytest.mark.parametrize(
    ("code", "error", "said"),
    [
        ("UNAUTHORIZED", Misconfigured, "API key"),
        ("FORBIDDEN", Misconfigured, "API key"),
        ("RATE_LIMIT_EXCEEDED", Unavailable, "asks to wait"),
        ("NOT_FOUND", Rejected, "not there"),
        ("INTERNAL_SERVER_ERROR", OutcomeUnknown, "does not say"),
        ("UNEXPECTED", OutcomeUnknown, "does not say"),
        ("SOMETHING_NEW", Rejected, "SOMETHING_NEW"),
        (None, Rejected, "UNKNOWN"),
    ],
)
def test_what_errors_in_an_answer_mean(code: str | None, error: type[SwitchboardError], said: str) -> None:
    extensions = {"code": code} if code else {}
    wire = Answering("buffer", {"errors": [{"message": "patient Maria Lopez", "extensions": extensions}]})
    with pytest.raises(error, match=said) as raised:
        wire.scheduler.pause(shown(), Pausing.NATIVE, parked_until=NOW)
    assert "Maria" not in str(raised.value)
    if code == "RATE_LIMIT_EXCEEDED":
        assert isinstance(raised.value, Unavailable)
        assert raised.value.retry_after == 300
    if code == "NOT_FOUND":
        assert wire.scheduler.read("b1") is None


def test_a_refusal_to_read_is_no_post_that_is_gone() -> None:
    wire = Answering("buffer", {"errors": [{"extensions": {"code": "BAD_USER_INPUT"}}]})
    with pytest.raises(Rejected, match="BAD_USER_INPUT"):
        wire.scheduler.read("b1")


def test_reading_is_never_of_unknown_outcome() -> None:
    wire = Answering("buffer", {"errors": [{"extensions": {"code": "UNEXPECTED"}}]})
    with pytest.raises(Unavailable):
        wire.scheduler.read("b1")


def test_a_limit_says_when_to_come_back_and_a_wrong_address_whom_to_ask() -> None:
    limit = httpx.Response(429, json={"errors": [{}]}, headers={"Retry-After": "77"})
    with pytest.raises(Unavailable) as raised:
        Answering("buffer", limit).scheduler.read("b1")
    assert raised.value.retry_after == 77
    with pytest.raises(Misconfigured, match="SchedulerUrls"):
        Answering("buffer", httpx.Response(404, json={"message": "no"})).scheduler.read("b1")


def test_an_answer_about_another_post_is_none() -> None:
    with pytest.raises(Unavailable):
        Answering("buffer", {"data": {"post": ENTRY | {"id": "b2"}}}).scheduler.read("b1")
