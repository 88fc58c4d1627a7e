from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from switchboard.errors import Rejected
from switchboard.platforms.instagram import INBOUND
from switchboard.ports import Channel
from tests.fakes.door import NOW
from tests.fakes.spoilt import spoilt, words_in

if TYPE_CHECKING:
    from switchboard.domain.message import Delivery, Message

US = "17841400000000001"
CHANNEL = Channel(name="gram", platform="instagram", account_id=US)
ROSA = {"id": "9101", "username": "rosa.quimby"}
OURS = {"id": US, "username": "mercy.hospital", "self_ig_scoped_id": "5501"}
TOLD = 1791799000
"""When Meta told of it, in seconds."""


def parsed(**entry: Any) -> Delivery:
    return bodies(body_of(**entry))


def body_of(**entry: Any) -> dict[str, Any]:
    return {"object": "instagram", "entry": [{"id": US, "time": TOLD, **entry}]}


def bodies(body: Any, channel: Channel = CHANNEL) -> Delivery:
    return INBOUND.parse(json.dumps(body).encode(), {}, channel, now=NOW)


def only(delivery: Delivery) -> Message:
    assert not delivery.ignored
    (message,) = delivery.messages
    return message


def comment(
    named: Any = "701", text: Any = "When do you open?", *, author: Any = ROSA, field: str = "comments", **value: Any
) -> dict[str, Any]:
    spoken = {"id": named, "text": text, "from": author, "media": {"id": "600", "media_product_type": "FEED"}}
    return {"field": field, "value": spoken | value}


def direct(**event: Any) -> dict[str, Any]:
    return {"sender": {"id": "9101"}, "recipient": {"id": US}, "timestamp": 1791799100500, **event}


@pytest.mark.parametrize("field", ["comments", "live_comments"])
def test_a_comment_is_read_whole(field: str) -> None:
    found = only(parsed(changes=[comment(field=field)]))

    assert (found.kind, found.platform, found.channel) == ("comment", "instagram", "gram")
    assert (found.message_id, found.thread_id, found.author_id) == ("701", "701/9101", "9101")
    assert (found.author_name, found.text) == ("rosa.quimby", "When do you open?")
    assert (found.change, found.by_us, found.reply_to) == ("new", False, "")
    assert found.sent_at.timestamp() == TOLD
    assert found.expires_at == NOW + timedelta(days=90)


def test_the_three_shapes_in_which_a_comment_comes_are_one_comment() -> None:
    entry = {"id": US, "time": TOLD}
    flat = {"object": "instagram", "entry": [entry | comment()]}
    nested = {"object": "instagram", "entry": [entry | {"changes": [comment()]}]}

    assert bodies(flat) == bodies(nested) == bodies([flat]) == bodies([nested])
    assert len(bodies([flat, nested]).messages) == 2


def test_an_entry_that_is_both_flat_and_not_tells_of_both() -> None:
    found = parsed(**comment("701"), changes=[comment("702")], messaging=[direct(message={"mid": "m1", "text": "hi"})])

    assert {message.message_id for message in found.messages} == {"701", "702", "m1"}


def test_a_reply_is_in_the_thread_of_its_root_comment_and_its_author() -> None:
    mine, hers = (
        only(parsed(changes=[comment("702", parent_id="701", author={"id": author})])) for author in ("9101", "9102")
    )

    assert (mine.thread_id, hers.thread_id) == ("701/9101", "701/9102")
    assert mine.question_id == only(parsed(changes=[comment("701")])).question_id


def test_a_comment_whose_author_is_withheld_is_somebodys_all_the_same() -> None:
    found = only(parsed(changes=[comment(author=None)]))

    assert (found.thread_id, found.author_id, found.author_name) == ("701", "", "")


def test_ids_may_be_numbers_and_a_comment_may_tell_its_own_time() -> None:
    found = only(parsed(changes=[comment(701, timestamp="2026-10-12T09:00:00+0000", author={"id": 9101})]))

    assert (found.message_id, found.thread_id) == ("701", "701/9101")
    assert found.sent_at == NOW - timedelta(hours=1)


def test_our_reply_stands_under_the_comment_that_it_answers() -> None:
    found = only(parsed(changes=[comment("702", "At nine.", parent_id="701", author=OURS)]))

    assert (found.by_us, found.author_id, found.author_name) == (True, US, "")
    assert (found.thread_id, found.reply_to, found.text) == ("701", "701", "At nine.")


def test_our_own_comment_answers_nobody() -> None:
    delivery = parsed(changes=[comment("702", author=OURS)])

    assert not delivery.messages
    assert [(part.reason, part.event) for part in delivery.ignored] == [("own_post", "")]


def test_the_account_is_ours_though_the_config_does_not_name_it() -> None:
    unnamed = Channel(name="gram", platform="instagram")

    answer = body_of(changes=[comment("702", parent_id="701", author=OURS)])

    assert only(bodies(answer, unnamed)).by_us


def test_somebody_elses_scoped_id_does_not_make_their_words_ours() -> None:
    found = only(parsed(changes=[comment(author=ROSA | {"self_ig_scoped_id": "5502"})]))

    assert not found.by_us


@pytest.mark.parametrize(
    ("value", "named"),
    [({"media_id": "600"}, "600"), ({"media_id": "600", "comment_id": "701"}, "701"), ({"comment_id": 701}, "701")],
)
def test_a_mention_is_somebodys_word_though_only_its_id_is_told(value: dict[str, Any], named: str) -> None:
    found = only(parsed(changes=[{"field": "mentions", "value": value}]))

    assert (found.kind, found.message_id, found.thread_id, found.author_id) == ("mention", named, named, "")
    assert (found.text, found.attachments) == ("", ("mention",))


@pytest.mark.parametrize("listed", ["messaging", "standby"])
def test_a_direct_message_is_a_thread_with_whoever_wrote(listed: str) -> None:
    entry: dict[str, Any] = {listed: [direct(message={"mid": "m1", "text": "Where do I sign up?"})]}

    found = only(parsed(**entry))

    assert (found.kind, found.platform, found.thread_id) == ("direct_message", "instagram", "9101")
    assert (found.message_id, found.text) == ("m1", "Where do I sign up?")
    assert found.sent_at.timestamp() == 1791799100.5


@pytest.mark.parametrize("field", ["messages", "standby", "message_edit", "messaging_postbacks"])
@pytest.mark.parametrize(
    "said",
    [
        {"message": {"mid": "m1", "text": "hello"}},
        {"message_edit": {"mid": "m1", "text": "hello", "num_edit": 1}},
        {"postback": {"mid": "m1", "title": "hello", "payload": "H"}},
    ],
)
def test_the_inbox_may_come_as_a_change_or_flat(field: str, said: dict[str, Any]) -> None:
    change: dict[str, Any] = {"field": field, "value": direct(**said)}

    assert parsed(changes=[change]) == parsed(**change) == parsed(messaging=[direct(**said)])
    assert only(parsed(changes=[change])).text == "hello"


@pytest.mark.parametrize(
    ("part", "text", "attachments"),
    [
        ({"text": "this class?", "reply_to": {"story": {"id": "1", "url": "x"}}}, "this class?", ("story reply",)),
        ({"attachments": [{"type": "story_mention", "payload": {"url": "x"}}]}, "", ("story mention",)),
        ({"attachments": [{"type": "share"}]}, "", ("share",)),
        ({"attachments": [{"type": "ig_reel"}]}, "", ("reel",)),
        ({"attachments": [{"type": "unsupported_type"}]}, "", ("unsupported",)),
        ({"is_unsupported": True}, "", ("unsupported",)),
        ({"text": "Yes", "quick_reply": {"payload": "YES"}}, "Yes", ()),
    ],
)
def test_what_a_direct_message_holds_is_told_by_kind(part: Any, text: str, attachments: tuple[str, ...]) -> None:
    found = only(parsed(messaging=[direct(message={"mid": "m1"} | part)]))

    assert (found.text, found.attachments) == (text, attachments)


def test_what_is_unsent_is_removed() -> None:
    found = only(parsed(messaging=[direct(message={"mid": "m1", "is_deleted": True})]))

    assert (found.change, found.text, found.thread_id) == ("removed", "", "9101")


def test_what_we_wrote_in_the_app_stands_in_the_persons_thread() -> None:
    sides = {"sender": {"id": US}, "recipient": {"id": "9101"}}
    echo = {"mid": "m2", "text": "At the desk.", "is_echo": True, "reply_to": {"mid": "m1"}}

    found = only(parsed(messaging=[direct(**sides, message=echo)]))

    assert (found.by_us, found.thread_id, found.author_id, found.reply_to) == (True, "9101", US, "m1")


@pytest.mark.parametrize(
    ("event", "reason"),
    [({"reaction": {"mid": "m1", "emoji": "x"}}, "reaction"), ({"read": {"mid": "m1"}}, "read")],
)
def test_reactions_and_what_was_seen_are_counted_and_not_kept(event: dict[str, Any], reason: str) -> None:
    delivery = parsed(messaging=[direct(**event)], changes=[{"field": "message_reactions", "value": direct(**event)}])

    assert [(part.reason, part.event) for part in delivery.ignored] == [(reason, "")] * 2
    assert not delivery.messages


def test_figures_of_a_story_are_counted_and_not_kept() -> None:
    delivery = parsed(changes=[{"field": "story_insights", "value": {"media_id": "600", "reach": 396}}])

    assert [(part.reason, part.event) for part in delivery.ignored] == [("insights", "")]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"changes": [{"field": "poems", "value": {"text": "hello?"}}]}, "unknown_field"),
        ({"changes": [{"field": ["comments"], "value": {"text": "hello?"}}]}, "unknown_field"),
        ({"changes": [comment(None, "hello?")]}, "wrong_shape"),
        ({"changes": [comment("7" * 513, "hello?")]}, "wrong_shape"),
        ({"changes": [{"field": "comments", "value": "hello?"}]}, "wrong_shape"),
        ({"changes": [{"field": "mentions", "value": {"text": "hello?"}}]}, "wrong_shape"),
        ({"changes": ["hello?"]}, "unknown_event"),
        ({"messaging": "hello?"}, "unknown_event"),
        ({"messaging": [direct(poem="hello?")]}, "unknown_event"),
        ({"id": "0", "changes": [comment("701", "hello?")]}, "other_account"),
        ({"poems": "hello?"}, "wrong_shape"),
    ],
)
def test_what_we_cannot_place_is_kept(entry: dict[str, Any], reason: str) -> None:
    delivery = parsed(**entry)

    assert [part.reason for part in delivery.ignored] == [reason]
    assert "hello?" in delivery.ignored[0].event
    assert not delivery.messages


def test_a_pages_body_at_this_door_is_kept() -> None:
    delivery = bodies({"object": "page", "entry": [{"id": US, "changes": [comment()]}]})

    assert [part.reason for part in delivery.ignored] == ["unknown_object"]


WHOLE = {
    "object": "instagram",
    "entry": [
        {
            "id": US,
            "time": TOLD,
            "changes": [
                comment("701", "aardvark"),
                comment("702", "badger", parent_id="701", timestamp="2026-10-12T09:00:00+0000"),
                comment("703", "chamois", field="live_comments"),
                {"field": "messages", "value": direct(message={"mid": "m1", "text": "dormouse"})},
                {"field": "mentions", "value": {"media_id": "600", "comment_id": "704"}},
            ],
            "messaging": [
                direct(message={"mid": "m2", "text": "ermine", "reply_to": {"story": {"id": "1"}}}),
                direct(message={"mid": "m3", "text": "ferret", "attachments": [{"type": "share"}]}),
                direct(message_edit={"mid": "m4", "text": "gopher", "num_edit": 1}),
                direct(postback={"mid": "m5", "title": "hamster", "payload": "HAMSTER"}),
            ],
            "standby": [direct(message={"mid": "m6", "text": "ibex"})],
        },
        {"id": US, "time": TOLD, **comment("705", "jackal")},
    ],
}


@given(spoilt(WHOLE))
@settings(max_examples=400, deadline=None)
def test_whatever_is_wrong_in_a_body_no_words_in_it_are_lost(body: Any) -> None:
    try:
        delivery = bodies(body)
    except Rejected:
        return  # a 400, and the whole body is kept

    assert words_in(delivery) >= words_in(body)
    assert all(message.message_id and message.thread_id for message in delivery.messages)
