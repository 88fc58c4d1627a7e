from __future__ import annotations

from typing import Any

import pytest

from switchboard.domain.message import Ignored, Message
from switchboard.errors import Rejected
from switchboard.platforms.meta_messaging import messaging_of
from switchboard.ports import Channel
from tests.fakes.door import NOW, PAGE

CHANNEL = Channel(name="inbox", platform="messenger", account_id=PAGE)


def read(**event: Any) -> Message | Ignored:
    envelope = {"sender": {"id": "9003"}, "recipient": {"id": PAGE}, "timestamp": 1791799200000}
    return messaging_of(envelope | event, CHANNEL, frozenset({PAGE}), platform="messenger", now=NOW)


def message(**event: Any) -> Message:
    found = read(**event)
    assert isinstance(found, Message)
    return found


def test_a_message_is_a_thread_with_its_sender() -> None:
    found = message(message={"mid": "m1", "text": "hello"})

    assert (found.kind, found.platform, found.message_id) == ("direct_message", "messenger", "m1")
    assert (found.thread_id, found.text, found.sent_at) == ("9003", "hello", NOW)


@pytest.mark.parametrize(
    ("part", "text", "attachments"),
    [
        ({"attachments": [{"type": "image"}, {"type": "<b>"}, None]}, "", ("image", "attachment", "attachment")),
        ({"sticker_id": 5, "attachments": [{"type": "image"}]}, "", ("sticker",)),
        ({"is_unsupported": True}, "", ("unsupported",)),
        ({"attachments": {"type": "image"}}, "", ("image",)),
        ({"attachments": "image"}, "", ("attachment",)),
        ({"attachments": [{"type": "story_mention"}]}, "", ("story mention",)),
        ({"attachments": [{"type": "ig_reel"}, {"type": "share"}], "text": "this?"}, "this?", ("reel", "share")),
        ({"attachments": [{"type": "image"}] * 30}, "", ("image",) * 20),
        ({"text": "this class?", "reply_to": {"story": {"id": "1"}}}, "this class?", ("story reply",)),
        ({"text": 5}, "", ("unsupported",)),
        ({"commands": [{"name": "hours"}]}, "", ("unsupported",)),
        ({"quick_reply": {"payload": "HOURS"}}, "HOURS", ()),
        ({"quick_reply": {"payload": "HOURS"}, "text": "Opening hours"}, "Opening hours", ()),
    ],
)
def test_what_a_message_holds_besides_text_is_named(part: Any, text: str, attachments: tuple[str, ...]) -> None:
    found = message(message={"mid": "m1"} | part)

    assert (found.text, found.attachments) == (text, attachments)


def test_a_button_is_a_message_with_its_title_and_the_same_one_when_sent_again() -> None:
    first, again = (message(postback={"title": "Opening hours", "payload": "HOURS"}) for _ in range(2))

    assert (first.text, first.message_id) == ("Opening hours", "postback-9003-1791799200000")
    assert first == again
    assert message(postback={"payload": "HOURS", "mid": "m2"}).message_id == "m2"


def test_two_presses_of_a_button_are_two_messages() -> None:
    first = message(postback={"title": "Opening hours"})

    assert message(postback={"title": "Opening hours"}, timestamp=1791799201000).message_id != first.message_id


@pytest.mark.parametrize("event", [{"timestamp": None}, {"sender": {"id": "9" * 510}}])
def test_a_button_of_which_no_id_can_be_made_is_refused(event: Any) -> None:
    with pytest.raises(Rejected):
        read(postback={"title": "Opening hours"}, **event)


def test_what_was_written_counts_though_a_button_was_pressed_and_something_read() -> None:
    found = message(message={"mid": "m1", "text": "hello"}, postback={"title": "Opening hours"}, read={"mid": "m0"})

    assert (found.text, found.message_id) == ("hello", "m1")


def test_an_edit_and_an_unsending_belong_to_the_same_message() -> None:
    edited = message(message_edit={"mid": "m1", "text": "hello there"})
    removed = message(message={"mid": "m1", "is_deleted": True})

    assert (edited.change, edited.text, edited.message_id) == ("edited", "hello there", "m1")
    assert (removed.change, removed.text, removed.question_id) == ("removed", "", edited.question_id)


@pytest.mark.parametrize("echo", [True, False])
def test_what_we_wrote_stands_in_the_thread_of_the_person_it_was_said_to(*, echo: bool) -> None:
    sides = {"sender": {"id": int(PAGE)}, "recipient": {"id": "9003"}}
    found = read(**sides, message={"mid": "m1", "text": "we are", "is_echo": echo, "reply_to": {"mid": "m0"}})

    assert isinstance(found, Message)
    assert (found.by_us, found.thread_id, found.author_id, found.reply_to) == (True, "9003", PAGE, "m0")


@pytest.mark.parametrize("text", [None, "", 5])
def test_an_edit_that_does_not_tell_its_words_leaves_those_it_had(text: Any) -> None:
    found = read(message_edit={"mid": "m1", "text": text, "num_edit": 0})

    assert isinstance(found, Ignored)
    assert (found.reason, "m1" in found.event) == ("no_text", True)


def test_what_was_unsent_keeps_neither_words_nor_kinds() -> None:
    spoken = {"text": "hello", "attachments": [{"type": "image"}], "reply_to": {"mid": "m0"}}

    found = message(message={"mid": "m1", "is_deleted": True} | spoken)

    assert (found.text, found.attachments, found.reply_to) == ("", (), "")
    assert (found.thread_id, found.author_id, found.changed_at) == ("9003", "9003", NOW)


def test_an_unsending_that_names_nobody_is_found_by_the_messages_id() -> None:
    found = message(sender={}, message={"mid": "m1", "is_deleted": True})

    assert (found.change, found.thread_id, found.author_id) == ("removed", "m1", "")


def test_an_echo_without_its_sender_is_ours() -> None:
    found = message(sender={}, recipient={"id": "9003"}, message={"mid": "m1", "text": "we are", "is_echo": True})

    assert (found.by_us, found.thread_id, found.author_id) == (True, "9003", PAGE)


def test_what_somebody_answers_to_is_told() -> None:
    assert message(message={"mid": "m1", "text": "on Sunday?", "reply_to": {"mid": "m0"}}).reply_to == "m0"


@pytest.mark.parametrize("noise", ["read", "delivery", "reaction", "optin", "pass_thread_control", "account_linking"])
def test_noise_is_counted_and_not_kept(noise: str) -> None:
    found = read(**{noise: {}})

    assert isinstance(found, Ignored)
    assert found.event == ""


@pytest.mark.parametrize("words", [{"message": "hello"}, {"message_edit": ["hello"]}, {"postback": "hello"}])
def test_noise_beside_words_that_cannot_be_read_is_kept(words: Any) -> None:
    found = read(read={"mid": "m0"}, **words)

    assert isinstance(found, Ignored)
    assert (found.reason, "hello" in found.event) == ("unknown_event", True)


def test_an_unknown_event_is_kept() -> None:
    found = read(checkout_update={"payload": "x"})

    assert isinstance(found, Ignored)
    assert found.reason == "unknown_event"
    assert "checkout_update" in found.event


@pytest.mark.parametrize(
    "event",
    [
        {"message": {"text": "no id"}},
        {"message": {"mid": "x" * 513, "text": "hello"}},
        {"sender": {}, "message": {"mid": "m1"}},
        {"sender": {"id": PAGE}, "recipient": {}, "message": {"mid": "m1"}},
    ],
)
def test_a_message_without_an_id_or_a_sender_is_refused(event: Any) -> None:
    with pytest.raises(Rejected):
        read(**event)
