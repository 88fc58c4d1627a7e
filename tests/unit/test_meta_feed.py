from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from switchboard.adapters.items import key_of
from switchboard.domain.filing import Place, belongs, names
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


@pytest.mark.parametrize("parent", [f"{PAGE}_700", "700_1"])
def test_a_comment_that_mentions_us_rings_once_though_two_fields_tell_of_it(parent: str) -> None:
    told = comment(2, parent_id=parent)

    mentioned = message({**told, "field": "mention"})

    assert mentioned.kind == "mention"
    assert (mentioned.question_id, key_of(mentioned)) == (message(told).question_id, key_of(message(told)))


def test_a_comment_in_a_group_on_what_our_page_wrote_there_is_read() -> None:
    assert message({**comment(1), "field": "group_feed"}).thread_id == "700_1/9001"


@pytest.mark.parametrize(
    ("shown", "attachments"),
    [({"photo": "https://example.org/1.jpg"}, ("image",)), ({"video": "x", "link": "y"}, ("video", "link"))],
)
def test_what_a_comment_shows_is_told_by_its_kind_only(shown: dict[str, str], attachments: tuple[str, ...]) -> None:
    found = message(comment(1, "", **shown))

    assert (found.text, found.attachments) == ("", attachments)


def test_what_our_page_answers_under_a_comment_stands_with_that_comment() -> None:
    found = message(comment(2, "We are.", author=PAGE, parent_id="700_1"))

    assert (found.by_us, found.author_id, found.author_name) == (True, PAGE, "")
    assert (found.thread_id, found.reply_to, found.text) == ("700_1", "700_1", "We are.")


@pytest.mark.parametrize("parent", [f"{PAGE}_700", "", None])
def test_what_our_page_writes_under_its_own_post_answers_nobody(parent: Any) -> None:
    assert read(comment(2, author=PAGE, parent_id=parent)) == Ignored(reason="own_post")


def test_an_edit_of_our_answer_is_ours_too() -> None:
    found = message(comment(2, "We are not.", author=PAGE, parent_id="700_1", verb="edited"))

    assert (found.by_us, found.change, found.thread_id) == (True, "edited", "700_1")


@pytest.mark.parametrize("parent", [f"{PAGE}_700", "700_1"])
def test_what_our_page_removes_may_have_been_somebody_elses_and_is_found_by_its_id(parent: str) -> None:
    found = message(comment(2, author=PAGE, parent_id=parent, verb="remove"))

    assert (found.change, found.by_us, found.text, found.reply_to) == ("removed", True, "", "")
    assert (found.thread_id, found.author_id) == ("700_2", "")
    theirs = message(comment(2, parent_id=parent))
    assert names(found) == (theirs.message_id,)
    assert belongs(found, Place(thread_id=theirs.thread_id, author_id=theirs.author_id))


@pytest.mark.parametrize("missing", ["from", "parent_id", "post_id"])
def test_a_removal_that_does_not_say_whose_words_went_is_found_by_their_id(missing: str) -> None:
    part = comment(2, parent_id="700_1", verb="remove")
    del part["value"][missing]

    found = message(part)

    assert (found.change, found.thread_id, found.author_id) == ("removed", "700_2", "")


@pytest.mark.parametrize("item", ["post", "photo"])
def test_a_visitors_post_that_is_removed_keeps_neither_words_nor_kinds(item: str) -> None:
    found = message(comment(1, item=item, verb="remove"))

    assert (found.question_id, found.text, found.author_name, found.attachments) == (
        message(comment(1, item=item)).question_id,
        "",
        "",
        (),
    )


@pytest.mark.parametrize("item", ["comment", "photo"])
def test_an_edit_that_does_not_tell_its_words_leaves_those_it_had(item: str) -> None:
    part = comment(1, item=item, verb="edited")
    del part["value"]["message"]
    found = read(part)

    assert isinstance(found, Ignored)
    assert (found.reason, bool(found.event)) == ("no_text", True)


def test_a_field_that_we_do_not_know_is_kept() -> None:
    found = read({"field": "leadgen", "value": {"form_id": 5}})

    assert isinstance(found, Ignored)
    assert (found.reason, "form_id" in found.event) == ("unknown_field", True)


@pytest.mark.parametrize("named", ["700_1?x=1", "a b", "../x", "<b>", "\u0661"])
def test_an_id_that_is_none_of_facebooks_makes_no_link(named: str) -> None:
    assert message(comment(1, comment_id=named)).permalink == ""


def rating(verb: str = "add", **changes: Any) -> dict[str, Any]:
    value = {"item": "rating", "verb": verb, "open_graph_story_id": 88, "reviewer_id": 9, "reviewer_name": "Ted Oakes"}
    return {"field": "ratings", "value": value | changes}


def test_a_review_carries_its_words_and_its_rating() -> None:
    found = message(rating(review_text="Nobody answers.", rating=2, recommendation_type="NEGATIVE"))

    assert (found.kind, found.text, found.thread_id) == ("review", "Nobody answers.", "88/9")
    assert found.attachments == ("rating 2", "recommendation negative")
    assert found.author_name == "Ted Oakes"
    assert message(rating("remove")).question_id == found.question_id


@pytest.mark.parametrize("stars", [True, 0, 6, 4.5, "4", None, [4]])
def test_what_is_no_number_of_stars_is_none(stars: Any) -> None:
    assert message(rating(rating=stars)).attachments == ()


@pytest.mark.parametrize(("advice", "told"), [("positive", True), ("POSITIVE", True), ("maybe", False), (5, False)])
def test_a_recommendation_is_told_however_it_is_written(advice: Any, told: bool) -> None:  # noqa: FBT001 - a table
    assert message(rating(recommendation_type=advice)).attachments == (("recommendation positive",) if told else ())


@pytest.mark.parametrize(("field", "item"), [("ratings", "poem"), ("feed", "rating")])
def test_what_is_neither_a_review_nor_under_one_is_kept(field: str, item: str) -> None:
    assert reason({"field": field, "value": rating()["value"] | {"item": item}}) == "unknown_item"


@pytest.mark.parametrize("verb", ["edit", "edited"])
def test_a_review_that_is_edited_is_the_same_question(verb: str) -> None:
    found = message(rating(verb, review_text="Somebody answered."))

    assert (found.change, found.text, found.question_id) == (
        "edited",
        "Somebody answered.",
        message(rating()).question_id,
    )


def under_review(**changes: Any) -> dict[str, Any]:
    value = {"item": "comment", "verb": "add", "comment_id": "88_1", "post_id": "9_88", "parent_id": "9_88"}
    return {"field": "ratings", "value": value | {"message": "Thank you.", "open_graph_story_id": 88} | changes}


@pytest.mark.parametrize("story", [88, None])
def test_what_our_page_answers_to_a_review_stands_with_the_review(story: Any) -> None:
    found = message(under_review(sender_id=int(PAGE), open_graph_story_id=story))

    assert (found.by_us, found.thread_id, found.reply_to) == (True, "88", message(rating()).message_id)


def test_what_the_reviewer_adds_is_of_the_reviews_question_and_what_others_add_is_not() -> None:
    theirs, others = (message(under_review(sender_id=author)) for author in (9, 10))

    assert theirs.question_id == message(rating()).question_id
    assert others.question_id != theirs.question_id


def test_a_removal_under_a_review_is_found_by_its_id() -> None:
    found = message(under_review(sender_id=9, verb="remove"))

    assert (found.thread_id, found.author_id) == ("88_1", "")


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
