from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from switchboard.adapters.items import key_of
from switchboard.domain.message import Delivery
from switchboard.errors import Rejected
from switchboard.platforms.meta import INBOUND
from switchboard.ports import Channel, ChannelSecret
from tests.fakes.door import NOW, PAGE, comment, page_body
from tests.fakes.spoilt import spoilt, words_in

VECTORS = Path(__file__).parents[3] / "shared/vectors/webhook_vectors.json"
BODY = (
    b'{"object":"page","entry":[{"id":"1","changes":[{"field":"feed","value":{"message":"h\\u00e9llo \\u2603 <b>"}}]}]}'
)
CHANNEL = Channel(name="page", platform="facebook", account_id=PAGE)


def test_a_known_signature_is_good_and_one_over_reserialised_json_is_not() -> None:
    if not VECTORS.exists():
        pytest.skip("../shared/vectors is not here")
    vector = json.loads(VECTORS.read_text())["meta"]
    secret = ChannelSecret(signing_secrets=("other", vector["secret"]))
    headers = {"x-hub-signature-256": vector["X-Hub-Signature-256"]}

    INBOUND.verify(vector["body"].encode(), headers, secret, now=NOW)
    with pytest.raises(Rejected) as refusal:
        INBOUND.verify(json.dumps(json.loads(vector["body"])).encode(), headers, secret, now=NOW)

    assert refusal.value.status == 401


def test_a_signature_over_the_same_text_with_other_escapes_is_refused() -> None:
    digest = hmac.new(b"s", BODY, hashlib.sha256).hexdigest()
    headers = {"x-hub-signature-256": f"sha256={digest}"}
    secret = ChannelSecret(signing_secrets=("s",))

    INBOUND.verify(BODY, headers, secret, now=NOW)
    with pytest.raises(Rejected):
        INBOUND.verify(json.dumps(json.loads(BODY)).encode(), headers, secret, now=NOW)


def test_feed_and_inbox_in_one_delivery_go_to_their_own_platforms() -> None:
    messaging = [{"sender": {"id": 5}, "timestamp": 1791799200000, "message": {"mid": "m1", "text": "hi"}}]
    change = {"field": "feed", "value": {"item": "post", "verb": "add", "post_id": 9, "message": "hello"}}

    delivery = INBOUND.parse(page_body(change, messaging=messaging), {}, CHANNEL, now=NOW)

    assert [message.platform for message in delivery.messages] == ["facebook", "messenger"]


def test_an_entry_without_an_id_is_taken_for_ours() -> None:
    change = {"field": "feed", "value": {"item": "comment", "verb": "add", "comment_id": "1_2", "message": "hello"}}

    delivery = INBOUND.parse(page_body(change, page=None), {}, CHANNEL, now=NOW)

    assert len(delivery.messages) == 1


PERSON, OURS = {"id": "9003"}, {"id": PAGE}
INBOX = {"sender": PERSON, "recipient": OURS, "timestamp": 1791799200000}


def parsed(**entry: Any) -> Delivery:
    body = {"object": "page", "entry": [{"id": PAGE, "time": 1791799200, **entry}]}
    return INBOUND.parse(json.dumps(body).encode(), {}, CHANNEL, now=NOW)


def test_what_comes_while_another_app_owns_the_conversation_is_somebodys_word_all_the_same() -> None:
    (message,) = parsed(standby=[INBOX | {"message": {"mid": "m1", "text": "hello?"}}]).messages

    assert (message.platform, message.thread_id, message.text) == ("messenger", "9003", "hello?")


@pytest.mark.parametrize("field", ["messages", "standby", "message_echoes"])
def test_the_inbox_may_come_as_a_change_as_metas_console_sends_it(field: str) -> None:
    value = INBOX | {"message": {"mid": "m1", "text": "hello?"}}

    assert parsed(changes=[{"field": field, "value": value}]) == parsed(messaging=[value])


def test_a_change_may_stand_flat_in_its_entry() -> None:
    assert parsed(**comment(1)) == parsed(changes=[comment(1)])


def test_a_list_of_one_may_come_without_its_brackets() -> None:
    assert parsed(changes=comment(1)) == parsed(changes=[comment(1)])


@pytest.mark.parametrize("part", [None, "Is anybody there?", 5, [], ["Is anybody there?"], {}])
def test_a_part_that_is_no_object_is_kept_and_harms_no_other(part: Any) -> None:
    delivery = parsed(changes=[part, comment(1)], messaging=[part])

    assert [message.message_id for message in delivery.messages] == ["700_1"]
    assert [json.loads(ignored.event) for ignored in delivery.ignored] == [part, part]


@pytest.mark.parametrize("changes", ["Is anybody there?", 5, True])
def test_what_stands_in_the_place_of_a_list_is_kept(changes: Any) -> None:
    delivery = parsed(changes=changes, messaging=[])

    assert [json.loads(ignored.event) for ignored in delivery.ignored] == [changes]


def test_an_entry_in_which_nothing_happened_is_kept_and_empty_lists_are_nothing() -> None:
    assert [ignored.reason for ignored in parsed(changed_fields=["feed"]).ignored] == ["wrong_shape"]
    assert parsed(changes=[], messaging=None) == Delivery()


def test_another_account_is_kept_and_not_taken_in() -> None:
    delivery = parsed(id="999", changes=[comment(1)])

    assert not delivery.messages
    assert [ignored.reason for ignored in delivery.ignored] == ["other_account"]
    assert "When do you open?" in delivery.ignored[0].event


def test_what_comes_twice_in_a_body_is_the_same_message_and_the_same_edit() -> None:
    edit = comment(1, "Open on Sunday?", verb="edited")
    first, again, edited, edited_again = parsed(changes=[comment(1), comment(1), edit, edit]).messages

    assert first == again
    assert edited == edited_again


def test_two_edits_of_one_comment_in_one_delivery_are_two_and_the_later_one_is_later() -> None:
    """The only time that a change bears is its entry's: the second edit was taken for the first, come again."""
    words = ["Open on Sunday?", "Open on Monday?", "Open on Sunday?"]

    edits = parsed(changes=[comment(1, text, verb="edited") for text in words]).messages

    assert len({key_of(edit) for edit in edits}) == 3
    assert sorted(edits, key=lambda edit: str(edit.changed_at)) == list(edits)
    assert [edit.text for edit in edits] == words


def test_a_body_may_be_an_array_of_bodies() -> None:
    body = json.loads(page_body(comment(1)))

    delivery = INBOUND.parse(json.dumps([body, body | {"object": "user"}]).encode(), {}, CHANNEL, now=NOW)

    assert [message.message_id for message in delivery.messages] == ["700_1"]
    assert [ignored.reason for ignored in delivery.ignored] == ["unknown_object"]


WHOLE = {
    "object": "page",
    "entry": [
        {
            "id": PAGE,
            "time": 1791799200,
            "changes": [
                comment(1, "aardvark"),
                comment(2, "badger", verb="edited", parent_id="700_1", photo="https://example.org/1.jpg"),
                comment(3, "chamois", item="post"),
                {"field": "mention", "value": {"item": "post", "verb": "add", "post_id": 44, "message": "dormouse"}},
                {
                    "field": "ratings",
                    "value": {
                        "item": "rating",
                        "verb": "add",
                        "open_graph_story_id": 88,
                        "reviewer_id": 9,
                        "rating": 2,
                        "review_text": "ermine",
                    },
                },
            ],
            "messaging": [
                INBOX | {"message": {"mid": "m1", "text": "ferret", "attachments": [{"type": "image"}]}},
                INBOX | {"message_edit": {"mid": "m2", "text": "gopher", "num_edit": 1}},
                INBOX | {"postback": {"title": "hamster", "payload": "HAMSTER"}},
            ],
            "standby": [INBOX | {"message": {"mid": "m3", "text": "ibex", "reply_to": {"mid": "m0"}}}],
        },
        {"id": PAGE, "time": 1791799200, **comment(4, "jackal")},
    ],
}


@given(spoilt(WHOLE))
@settings(max_examples=400, deadline=None)
def test_whatever_is_wrong_in_a_body_no_words_in_it_are_lost(body: Any) -> None:
    raw = json.dumps(body).encode()
    try:
        delivery = INBOUND.parse(raw, {}, CHANNEL, now=NOW)
    except Rejected:
        return  # a 400, and the whole body is kept

    assert words_in(delivery) >= words_in(body)
    assert all(message.message_id and message.thread_id for message in delivery.messages)
