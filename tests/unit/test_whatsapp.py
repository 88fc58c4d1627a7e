from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchboard.errors import Rejected
from switchboard.platforms import inbound
from switchboard.platforms.whatsapp import INBOUND
from switchboard.ports import Channel, ChannelSecret
from tests.fakes.door import NOW, Door

if TYPE_CHECKING:
    from switchboard.domain.message import Delivery, Message

SAMPLES = Path(__file__).parents[2] / "events"
NUMBER = "100200300400500"
ROSA = "12025550123"
ROSA_HIDDEN = "US.13491208655302741918"
CHANNEL = Channel(name="mercy-whatsapp", platform="whatsapp", account_id=NUMBER)
CONTACT = {"profile": {"name": "Rosa Quimby"}, "wa_id": ROSA}
SENT = datetime(2026, 10, 12, 9, 59, tzinfo=UTC)


def written(**changes: Any) -> dict[str, Any]:
    """Return one of `value.messages[]`: a text of Rosa's, with *changes*; None leaves a field out."""
    message = {
        "from": ROSA,
        "id": "wamid.1",
        "timestamp": str(int(SENT.timestamp())),
        "type": "text",
        "text": {"body": "When do you open?"},
    }
    return {name: value for name, value in (message | changes).items() if value is not None}


def of_type(kind: str, content: Any, **changes: Any) -> dict[str, Any]:
    return written(text=None, type=kind, **{kind: content}, **changes)


def body(*messages: Any, field: str = "messages", number: Any = NUMBER, **value: Any) -> bytes:
    """Return a delivery with one change; *value* adds to `value` or replaces in it."""
    metadata = {"display_phone_number": "+1 202 555 0100", "phone_number_id": number}
    found = {"messaging_product": "whatsapp", "metadata": metadata, "contacts": [CONTACT], **value}
    if messages:
        found["messages"] = list(messages)
    change = {"field": field, "value": found}
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}).encode()


def parse(raw: bytes, channel: Channel = CHANNEL) -> Delivery:
    return INBOUND.parse(raw, {}, channel, now=NOW)


def only(raw: bytes, channel: Channel = CHANNEL) -> Message:
    delivery = parse(raw, channel)
    assert not delivery.ignored
    (message,) = delivery.messages
    return message


def reasons(delivery: Delivery) -> list[tuple[str, bool]]:
    """Return why something was ignored, and whether it was kept."""
    return [(part.reason, bool(part.event)) for part in delivery.ignored]


def test_what_somebody_writes_is_a_direct_message_in_their_own_thread() -> None:
    message = only(body(written(context={"from": "12025550100", "id": "wamid.0"})))

    assert (message.channel, message.platform, message.kind) == ("mercy-whatsapp", "whatsapp", "direct_message")
    assert (message.message_id, message.thread_id, message.author_id) == ("wamid.1", ROSA, ROSA)
    assert (message.author_name, message.text) == ("Rosa Quimby", "When do you open?")
    assert (message.reply_to, message.by_us, message.change) == ("wamid.0", False, "new")
    assert (message.sent_at, message.received_at) == (SENT, NOW)
    assert message.expires_at == NOW + timedelta(days=90)
    assert message.permalink == "", "wa.me would open the chat on the phone of whoever clicks"


@pytest.mark.parametrize(
    ("event", "text", "attachments"),
    [
        (of_type("image", {"id": "1", "caption": "Which door?", "url": "https://x"}), "Which door?", ("image",)),
        (of_type("video", {"id": "1"}), "", ("video",)),
        (of_type("audio", {"id": "1", "voice": True}), "", ("audio",)),
        (of_type("document", {"filename": "letter.pdf", "caption": "My letter"}), "My letter", ("file",)),
        (of_type("sticker", {"animated": True}), "", ("sticker",)),
        (of_type("location", {"latitude": 1, "longitude": 2}), "", ("location",)),
        (of_type("location", {"name": "East gate", "address": "1 Elm Street"}), "East gate", ("location",)),
        (of_type("contacts", [{"name": {"formatted_name": "Otto Brandt"}}, {}]), "", ("contact", "contact")),
        (of_type("contacts", [{}] * 1000), "", ("contact",) * 20),
        (of_type("order", {"text": "Two, please", "product_items": []}), "Two, please", ("order",)),
        (of_type("button", {"payload": "YES", "text": "Yes, call me"}), "Yes, call me", ()),
        (of_type("button", {"payload": "YES"}), "YES", ()),
        (of_type("interactive", {"type": "button_reply", "button_reply": {"title": "Yes"}}), "Yes", ()),
        (
            of_type("interactive", {"type": "list_reply", "list_reply": {"title": "Ward 3", "description": "Today"}}),
            "Ward 3: Today",
            (),
        ),
        (of_type("interactive", {"type": "product", "product": {"id": "1"}}), "", ("reply",)),
        (written(text=None, type="unsupported", errors=[{"code": 131051}]), "", ("unsupported",)),
        (written(text=None, type="unknown", errors=[{"code": 131051}]), "", ("unsupported",)),
        (of_type("poll_of_next_year", {"text": "Which day?"}), "Which day?", ("attachment",)),
        (of_type("hologram", {}), "", ("attachment",)),
        (written(referral={"source_type": "ad", "body": "Our advert"}), "When do you open?", ()),
        (written(type=None), "When do you open?", ()),
        (written(type="unsupported"), "When do you open?", ()),
        (written(text="When do you open?"), "When do you open?", ()),
    ],
)
def test_every_type_of_message_shows_its_words_and_the_kinds_of_what_is_attached(
    event: Any, text: str, attachments: tuple[str, ...]
) -> None:
    message = only(body(event))

    assert (message.text, message.attachments) == (text, attachments)


def test_a_shared_card_does_not_bring_a_third_persons_name_or_number_in() -> None:
    card = {"name": {"formatted_name": "Otto Brandt"}, "phones": [{"phone": "+1 202 555 0177"}], "vcard": "FN:Otto"}

    assert "Otto" not in repr(only(body(of_type("contacts", [card]))))


@pytest.mark.parametrize("told", [json.dumps, dict])
def test_a_form_that_was_filled_in_shows_its_answers_and_not_the_flows_token(told: Any) -> None:
    answers = {"name": "Rosa", "days": ["Mon", "Tue"], "urgent": True, "flow_token": "AQAAAA"}
    reply = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": told(answers)}}

    assert only(body(of_type("interactive", reply))).text == "name: Rosa\ndays: Mon, Tue\nurgent: True"


@pytest.mark.parametrize("told", ["{", "[1]", "[" * 100_000, None, 5, '{"a":1e999}'])
def test_a_form_whose_answers_cannot_be_read_is_a_message_all_the_same(told: Any) -> None:
    reply = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": told}}

    assert only(body(of_type("interactive", reply))).message_id == "wamid.1"


def test_somebody_who_hides_their_number_is_known_by_their_business_scoped_id() -> None:
    contact = {"profile": {"name": "Rosa Quimby", "username": "@rosa"}, "user_id": ROSA_HIDDEN}
    event = written(**{"from": None, "from_user_id": ROSA_HIDDEN})

    message = only(body(event, contacts=[contact]))

    assert (message.thread_id, message.author_id, message.author_name) == (ROSA_HIDDEN, ROSA_HIDDEN, "Rosa Quimby")


def test_a_message_that_does_not_say_who_wrote_it_is_of_the_one_contact_in_the_delivery() -> None:
    contact = {"profile": {"name": "Rosa Quimby"}, "user_id": ROSA_HIDDEN}

    assert only(body(written(**{"from": None}), contacts=[contact])).author_id == ROSA_HIDDEN


def test_the_number_is_the_thread_while_it_is_known_and_names_are_not_swapped() -> None:
    otto = {"profile": {"name": "Otto Brandt"}, "wa_id": "12025550199", "user_id": "US.2"}
    events = [
        written(from_user_id=ROSA_HIDDEN),
        written(**{"id": "wamid.2", "from": "12025550199"}),
        written(**{"id": "wamid.3", "from": "12025550150"}),
    ]

    delivery = parse(body(*events, contacts=[otto, CONTACT]))

    found = [(message.thread_id, message.author_name) for message in delivery.messages]
    assert found == [(ROSA, "Rosa Quimby"), ("12025550199", "Otto Brandt"), ("12025550150", "")]


def test_two_people_in_a_group_are_two_questions() -> None:
    events = [written(group_id="7@g.us"), written(**{"id": "wamid.2", "from": "12025550199", "group_id": "7@g.us"})]

    threads = [message.thread_id for message in parse(body(*events)).messages]

    assert threads == [f"7@g.us/{ROSA}", "7@g.us/12025550199"]


def test_an_edit_replaces_the_words_of_the_message_that_it_names() -> None:
    edited = {"type": "image", "image": {"caption": "The east door"}, "context": {"id": "wamid.0"}}
    event = written(text=None, id="wamid.9", type="edit", edit={"original_message_id": "wamid.1", "message": edited})

    message = only(body(event))

    assert (message.message_id, message.thread_id) == ("wamid.1", ROSA)
    assert (message.change, message.changed_at) == ("edited", SENT)
    assert (message.text, message.attachments, message.reply_to) == ("The east door", ("image",), "wamid.0")


def test_an_edit_without_words_does_not_empty_the_message() -> None:
    event = written(text=None, type="edit", edit={"original_message_id": "wamid.1"})

    delivery = parse(body(event))

    assert (delivery.messages, reasons(delivery)) == ((), [("wrong_shape", True)])


def test_a_removal_takes_the_words_and_the_name_away() -> None:
    message = only(body(of_type("revoke", {"original_message_id": "wamid.1"}, id="wamid.9")))

    assert (message.message_id, message.thread_id, message.change) == ("wamid.1", ROSA, "removed")
    assert (message.text, message.author_name, message.attachments, message.changed_at) == ("", "", (), SENT)


def test_a_removal_of_which_nobody_says_whose_it_was_is_found_by_the_messages_id() -> None:
    event = of_type("revoke", {"original_message_id": "wamid.1"}, **{"from": None})

    message = only(body(event, contacts=[]))

    assert (message.thread_id, message.author_id) == ("wamid.1", "")


def echo(**changes: Any) -> dict[str, Any]:
    return written(**{"from": "12025550100", "to": ROSA, "text": {"body": "From eight."}, **changes})


@pytest.mark.parametrize("field", ["smb_message_echoes", "message_echoes", "messages"])
def test_what_the_hospital_answers_on_its_own_phone_stands_in_the_persons_thread(field: str) -> None:
    message = only(body(field=field, message_echoes=[echo(context={"id": "wamid.0"})], contacts=[]))

    assert (message.by_us, message.thread_id, message.author_id) == (True, ROSA, NUMBER)
    assert (message.author_name, message.text, message.reply_to) == ("", "From eight.", "wamid.0")


def test_an_answer_to_somebody_who_hides_their_number_stands_in_their_thread() -> None:
    message = only(body(message_echoes=[echo(to=None, to_user_id=ROSA_HIDDEN)], field="smb_message_echoes"))

    assert (message.by_us, message.thread_id) == (True, ROSA_HIDDEN)


def test_an_echo_is_never_filed_under_our_own_number() -> None:
    """pywa's sample of an edit on the hospital's phone has `from` and `to` the other way round."""
    swapped = echo(**{"from": ROSA, "to": "12025550100"})
    nobody = echo(to=None)

    assert only(body(field="smb_message_echoes", message_echoes=[swapped], contacts=[])).thread_id == ROSA
    assert only(body(field="smb_message_echoes", message_echoes=[nobody])).thread_id == ROSA


def test_our_own_number_among_the_messages_is_us() -> None:
    message = only(body(written(**{"from": "1-202-555-0100", "to": ROSA})))

    assert (message.by_us, message.author_name, message.thread_id) == (True, "", ROSA)


def test_the_hospitals_edits_and_removals_are_by_us() -> None:
    edit = {"original_message_id": "wamid.5", "message": {"type": "text", "text": {"body": "From nine."}}}
    events = [
        echo(text=None, id="wamid.6", type="edit", edit=edit),
        echo(text=None, id="wamid.7", type="revoke", revoke={"original_message_id": "wamid.5"}),
    ]

    delivery = parse(body(field="smb_message_echoes", message_echoes=events))

    found = [(one.by_us, one.change, one.message_id, one.thread_id, one.text) for one in delivery.messages]
    assert found == [(True, "edited", "wamid.5", ROSA, "From nine."), (True, "removed", "wamid.5", ROSA, "")]


def test_the_samples_are_one_conversation() -> None:
    door = Door()

    for name in ("message_removed", "message", "echo", "message_edited"):
        assert door.call(json.loads((SAMPLES / f"receive_webhook_whatsapp_{name}.json").read_text())).status == 200

    found = list(door.messages.stored.values())
    assert [(message.change, message.by_us) for message in found] == [
        ("removed", False),
        ("new", False),
        ("new", True),
        ("edited", False),
    ]
    assert len({message.question_id for message in found}) == 1


def test_without_an_account_in_the_config_what_we_wrote_is_of_the_number_that_the_delivery_names() -> None:
    message = only(body(message_echoes=[echo()]), Channel(name="open", platform="whatsapp"))

    assert message.author_id == NUMBER


@pytest.mark.parametrize("field", ["messages", "standby", "smb_message_echoes"])
def test_another_number_of_the_same_app_is_kept_and_not_heard(field: str) -> None:
    delivery = parse(body(written(), field=field, number="999"))

    assert (delivery.messages, reasons(delivery)) == ((), [("other_account", True)])


@pytest.mark.parametrize("value", [{"metadata": None}, {"metadata": {"phone_number_id": None}}])
def test_a_delivery_that_names_no_number_is_taken_for_ours(value: Any) -> None:
    assert len(parse(body(written(), **value)).messages) == 1


def test_while_metas_agent_holds_the_conversation_people_are_heard_all_the_same() -> None:
    assert only(body(written(), field="standby")).author_id == ROSA


def test_what_metas_agent_answers_is_no_answer_of_ours() -> None:
    """A machine must not end the ringing for somebody in danger."""
    delivery = parse(body(field="standby", message_echoes=[echo()]))

    assert (delivery.messages, reasons(delivery)) == ((), [("agent_answer", False)])


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (of_type("reaction", {"message_id": "wamid.0", "emoji": "x"}), "reaction"),
        (of_type("system", {"type": "user_changed_number", "body": "Rosa changed …"}), "system"),
        (of_type("system", {"type": "customer_identity_changed"}), "system"),
        (written(text=None, type="request_welcome"), "opened_chat"),
        (of_type("interactive", {"type": "call_permission_reply", "call_permission_reply": {}}), "call_permission"),
    ],
)
def test_what_is_no_message_is_named_and_not_kept(event: Any, reason: str) -> None:
    assert reasons(parse(body(event))) == [(reason, False)]


def test_receipts_are_counted_each() -> None:
    assert reasons(parse(body(statuses=[{"id": "wamid.1", "status": "read"}] * 3))) == [("status", False)] * 3


def test_an_error_of_the_account_is_kept_for_whoever_looks() -> None:
    assert reasons(parse(body(errors=[{"code": 131000, "title": "Something went wrong"}]))) == [("error", True)]


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("account_update", "account"),
        ("calls", "call"),
        ("history", "history"),
        ("message_template_status_update", "template"),
        ("messaging_handovers", "thread_control"),
        ("user_preferences", "preference"),
    ],
)
def test_the_other_fields_are_named_and_not_kept(field: str, reason: str) -> None:
    assert reasons(parse(body(written(), field=field))) == [(reason, False)]


@pytest.mark.parametrize("field", ["flows", "", None, 7, ["messages"]])
def test_a_field_that_nobody_knows_is_kept(field: Any) -> None:
    assert reasons(parse(body(written(), field=field))) == [("unknown_field", True)]


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"messages": {"0": written()}},
        {"messages": written(), "statuses": []},
        {"message_echoes": "x"},
    ],
)
def test_words_in_a_place_where_none_are_expected_are_kept(value: Any) -> None:
    assert ("wrong_shape", True) in reasons(parse(body(**value)))


@pytest.mark.parametrize(
    "spoilt",
    [
        None,
        "hello",
        [],
        {},
        written(id=None),
        written(id="x" * 600),
        written(id=True),
        written(**{"from": []}),
    ],
)
def test_one_bad_message_is_kept_and_harms_no_other(spoilt: Any) -> None:
    good = written(id="wamid.2")

    delivery = parse(body(spoilt, good, contacts=[CONTACT, {"wa_id": "12025550199"}]))

    assert [message.message_id for message in delivery.messages] == ["wamid.2"]
    assert reasons(delivery) == [("wrong_shape", True)]


@pytest.mark.parametrize("told", ["", "soon", None, "99999999999999", -5, True, "1791799200.5", 1791799200123])
def test_a_time_that_makes_no_sense_does_not_stop_a_message(told: Any) -> None:
    message = only(body(written(timestamp=told)))

    assert message.sent_at <= NOW


def test_ids_may_come_as_numbers_and_words_with_half_a_character() -> None:
    event = written(**{"id": 17, "from": 12025550123, "text": {"body": "\ud83d hello"}})

    message = only(body(event, contacts=[{"wa_id": 12025550123, "profile": {"name": "Rosa\n Quimby"}}]))

    assert (message.message_id, message.author_id, message.author_name) == ("17", ROSA, "Rosa Quimby")
    assert message.text == "\ufffd hello"


def test_metas_signature_opens_and_nothing_else() -> None:
    raw, secret = body(written()), ChannelSecret(signing_secrets=("old", "sample-app-secret"), verify_token="v")
    digest = hmac.new(b"sample-app-secret", raw, hashlib.sha256).hexdigest()

    INBOUND.verify(raw, {"x-hub-signature-256": f"sha256={digest}"}, secret, now=NOW)
    for wrong in (f"sha256={digest.upper()}", digest, f"sha1={digest}", "sha256=" + "0" * 64, ""):
        with pytest.raises(Rejected):
            INBOUND.verify(raw, {"x-hub-signature-256": wrong}, secret, now=NOW)
    assert inbound("whatsapp") is INBOUND


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["text", "edit", "revoke", "interactive", "nfm_reply", "contacts", "12025550100", "\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "text",
                    "body",
                    "interactive",
                    "nfm_reply",
                    "response_json",
                    "contacts",
                    "message",
                    "id",
                    "edit",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)
FIELDS = ["from", "to", "from_user_id", "id", "timestamp", "type", "text", "edit", "revoke", "interactive", "context"]
EVENTS = st.dictionaries(st.sampled_from([*FIELDS, "contacts", "group_id", "image"]), VALUES, max_size=8)


@settings(max_examples=300, deadline=None)
@given(events=st.lists(EVENTS | VALUES, max_size=4), contacts=VALUES, echoes=st.lists(EVENTS, max_size=2))
def test_each_event_of_any_shape_is_a_message_or_is_named(events: list[Any], contacts: Any, echoes: list[Any]) -> None:
    raw = body(written(id="wamid.good"), *events, contacts=contacts, message_echoes=echoes)

    delivery = parse(raw)

    assert len(delivery.messages) + len(delivery.ignored) == 1 + len(events) + len(echoes)
    assert delivery.messages[0].message_id == "wamid.good"
    for message in delivery.messages:
        assert message.message_id
        assert message.thread_id
        assert message.text or message.attachments or message.change == "removed"


@settings(max_examples=200, deadline=None)
@given(change=VALUES, metadata=VALUES, field=VALUES)
def test_a_change_of_any_shape_raises_nothing(change: Any, metadata: Any, field: Any) -> None:
    changes = [change, {"field": field, "value": change}, {"field": "messages", "value": {"metadata": metadata}}]
    raw = json.dumps({"object": "whatsapp_business_account", "entry": [{"changes": changes}, change]}).encode()

    assert parse(raw).messages == ()
