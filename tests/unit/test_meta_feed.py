from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from switchboard.domain.message import Ignored, Message
from switchboard.errors import Rejected
from switchboard.platforms.meta_feed import change_of
from switchboard.ports import Channel
from tests.fakes.door import NOW, PAGE, comment

CHANNEL = Channel(name="page", platform="facebook", account_id=PAGE)


def read(part: dict[str, Any], changed: Any = 1791799300) -> Message | Ignored:
    return change_of(part, CHANNEL, frozenset({PAGE}), changed=changed, now=NOW)


def message(part: dict[str, Any], changed: Any = 1791799300) -> Message:
    found = read(part, changed)
    assert isinstance(found, Message)
    return found


def reason(part: dict[str, Any]) -> str:
    found = read(part)
    assert isinstance(found, Ignored)
    return found.reason


def test_a_comment_is_read_whole() -> None:
    found = message(comment(1, "When do you open?"))

    assert (found.kind, found.platform, found.message_id) == ("comment", "facebook", "700_1")
    assert (found.thread_id, found.author_id, found.author_name) == ("700_1/9001", "9001", "Rosa Quimby")
    assert (found.text, found.permalink) == ("When do you open?", "https://www.facebook.com/700_1")
    assert found.sent_at.isoformat() == "2026-10-12T10:00:00+00:00"
    assert found.expires_at == NOW + timedelta(days=90)


def test_replies_under_one_comment_are_a_thread_for_each_author() -> None:
    reply, other = (message(comment(2, parent_id="700_1", author=author)) for author in ("9001", "9002"))

    assert reply.question_id == message(comment(1)).question_id
    assert other.question_id != reply.question_id


@pytest.mark.parametrize(
    ("verb", "change"), [("edited", "edited"), ("edit", "edited"), ("remove", "removed"), ("delete", "removed")]
)
def test_an_edit_and_a_removal_belong_to_the_same_question(verb: str, change: str) -> None:
    found = message(comment(1, verb=verb))

    assert found.question_id == message(comment(1)).question_id
    assert (found.change, found.changed_at is not None) == (change, True)
    assert bool(found.text or found.author_name) == (change != "removed")


@pytest.mark.parametrize("verb", ["hide", "unhide", "mute", "block"])
def test_moderation_by_our_own_people_is_no_message(verb: str) -> None:
    assert reason(comment(1, verb=verb)) == "moderation"


@pytest.mark.parametrize("item", ["comment", "post", "status", "photo", "video", "share", "album"])
def test_what_our_own_page_writes_is_no_message(item: str) -> None:
    assert reason(comment(1, item=item, author=PAGE)) == "own_post"
    assert (
        reason(comment(1, item=item) | {"value": {"item": item, "verb": "add", "sender_id": int(PAGE)}}) == "own_post"
    )


@pytest.mark.parametrize("item", ["reaction", "like"])
def test_reactions_are_no_message(item: str) -> None:
    assert read(comment(1, item=item)) == Ignored(reason="reaction")


def test_an_author_may_be_told_in_the_old_way_or_not_at_all() -> None:
    old = comment(1, sender_id=9001, sender_name="Rosa Quimby")
    del old["value"]["from"]
    unknown = comment(1)
    del unknown["value"]["from"]

    assert message(old).thread_id == "700_1/9001"
    assert (message(unknown).thread_id, message(unknown).author_id) == ("700_1", "")


@pytest.mark.parametrize(("item", "attachments"), [("post", ()), ("status", ()), ("photo", ("image",))])
def test_a_visitors_post_is_a_comment_on_us(item: str, attachments: tuple[str, ...]) -> None:
    found = message(comment(1, item=item))

    assert (found.kind, found.message_id, found.attachments) == ("comment", f"{PAGE}_700", attachments)


def test_a_visitors_photo_without_a_word_is_kept_as_ignored() -> None:
    found = read(comment(1, "", item="photo"))

    assert isinstance(found, Ignored)
    assert (found.reason, bool(found.event)) == ("no_text", True)


def test_a_mention_of_our_page_is_read() -> None:
    value = {"item": "post", "verb": "add", "post_id": 44, "sender_id": 9, "message": "@Mercy are you open?"}

    found = message({"field": "mention", "value": value})

    assert (found.kind, found.message_id, found.thread_id) == ("mention", "44", "44/9")


def rating(verb: str = "add", **changes: Any) -> dict[str, Any]:
    value = {"item": "rating", "verb": verb, "open_graph_story_id": 88, "reviewer_id": 9, "reviewer_name": "Ted Oakes"}
    return {"field": "ratings", "value": value | changes}


def test_a_review_carries_its_words_and_its_rating() -> None:
    found = message(rating(review_text="Nobody answers.", rating=2, recommendation_type="NEGATIVE"))

    assert (found.kind, found.text, found.thread_id) == ("review", "Nobody answers.", "88/9")
    assert found.attachments == ("rating 2", "recommendation negative")
    assert message(rating("remove")).question_id == found.question_id


def test_times_are_read_in_seconds_milliseconds_and_iso_and_never_lie_in_the_future() -> None:
    told = [1791799200, 1791799200000, "2026-10-12T10:00:00+0000", "2026-10-12T12:00:00+02:00"]
    nonsense: list[Any] = [None, -1, 1e300, "yesterday", 2**70, True, [], "9999-12-31T23:59:59+00:00"]

    assert {message(comment(1, created_time=time)).sent_at for time in told} == {NOW}
    assert {message(comment(1, created_time=time), changed=None).sent_at for time in nonsense} == {NOW}


def test_text_that_no_store_takes_is_mended_and_long_text_is_cut_and_marked() -> None:
    assert message(comment(1, "a\ud800b\U0001f600")).text == "a\ufffdb\U0001f600"
    assert message(comment(1, "x" * 10_001)).text == "x" * 10_000 + " […]"
    assert message(comment(1, "")).text == ""


@pytest.mark.parametrize("comment_id", [None, "", "x" * 513, True, 1.5, {}, "  "])
def test_a_comment_without_a_usable_id_is_refused(comment_id: Any) -> None:
    with pytest.raises(Rejected):
        read(comment(1, comment_id=comment_id))


@pytest.mark.parametrize("value", [None, 5, "text", [], {}, {"item": []}, {"item": "coffee", "verb": "add"}])
def test_what_we_do_not_know_is_kept(value: Any) -> None:
    found = read({"field": "feed", "value": value})

    assert isinstance(found, Ignored)
    assert (found.reason, bool(found.event)) == ("unknown_item", True)
