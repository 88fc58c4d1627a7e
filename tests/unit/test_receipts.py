"""What SES and End User Messaging send back, as receipts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.session import Session
from hypothesis import given
from hypothesis import strategies as st

from switchboard.domain.receipts import Receipt, messages_of, parse

QUESTION = "AAAABBBBCCCCDDDDEEEEFFFF22"
TAGS = {
    "question_id": [QUESTION],
    "step": ["2"],
    "staff_id": ["maria"],
    "ses:configuration-set": ["switchboard"],
    "ses:from-domain": ["example.org"],
}
MAIL = {
    "timestamp": "2026-11-23T10:00:00.000Z",
    "source": "Mercy Social <desk@example.org>",
    "sendingAccountId": "123456789012",
    "messageId": "mail-1",
    "destination": ["maria@example.org"],
    "headersTruncated": False,
    "headers": [{"name": "To", "value": "maria@example.org"}],
    "commonHeaders": {"to": ["maria@example.org"], "subject": "Mercy Social: question waiting"},
    "tags": TAGS,
}
TEXT = {
    "eventType": "TEXT_DELIVERED",
    "eventVersion": "1.0",
    "eventTimestamp": 1795428000000,
    "isFinal": True,
    "originationPhoneNumber": "+12025550190",
    "destinationPhoneNumber": "+12025550101",
    "isInternationalSend": False,
    "messageId": "text-1",
    "messageType": "TRANSACTIONAL",
    "messageStatus": "DELIVERED",
    "messageStatusDescription": "Message has been accepted by phone",
    "context": {"question_id": QUESTION, "step": "2", "staff_id": "maria"},
    "totalMessageParts": 1,
    "totalMessagePrice": 0.00581,
}


def email(kind: str, **more: Any) -> str:
    return json.dumps({"eventType": kind, "mail": MAIL, **more})


def text(kind: str, **more: Any) -> str:
    return json.dumps(TEXT | {"eventType": kind} | more)


def bounce(kind: str, subtype: str) -> str:
    recipient = {
        "emailAddress": "maria@example.org",
        "action": "failed",
        "status": "5.1.1",
        "diagnosticCode": "smtp; 550 5.1.1 <maria@example.org> unknown",
    }
    return email(
        "Bounce",
        bounce={
            "bounceType": kind,
            "bounceSubType": subtype,
            "bouncedRecipients": [recipient],
            "timestamp": "2026-11-23T10:00:02.000Z",
            "feedbackId": "feedback-1",
            "reportingMTA": "dsn; mta.example.org",
        },
    )


def one(message: str) -> Receipt:
    (receipt,) = parse(message)
    return receipt


def test_a_bounce_says_which_alert_reached_nobody() -> None:
    assert one(bounce("Permanent", "General")) == Receipt(
        contact="email",
        address="maria@example.org",
        outcome="undeliverable",
        dead=True,
        question_id=QUESTION,
        step=2,
        staff_id="maria",
        provider_id="mail-1",
        reason="Bounce Permanent General",
    )


def test_a_text_s_event_says_what_became_of_which_alert() -> None:
    assert one(text("TEXT_DELIVERED")) == Receipt(
        contact="sms",
        address="+12025550101",
        outcome="delivered",
        dead=False,
        question_id=QUESTION,
        step=2,
        staff_id="maria",
        provider_id="text-1",
        reason="TEXT_DELIVERED",
    )


@pytest.mark.parametrize(
    ("message", "outcome", "dead"),
    [
        (bounce("Permanent", "NoEmail"), "undeliverable", True),
        (bounce("Permanent", "OnAccountSuppressionList"), "undeliverable", True),
        (bounce("Transient", "MailboxFull"), "undeliverable", False),
        (bounce("Undetermined", "Undetermined"), "undeliverable", False),
        (
            email("Complaint", complaint={"complainedRecipients": [{"emailAddress": "m@example.org"}]}),
            "complained",
            True,
        ),
        (email("Delivery", delivery={"recipients": ["maria@example.org"]}), "delivered", False),
        (email("DeliveryDelay", deliveryDelay={"delayType": "MailboxFull"}), "delayed", False),
        (email("Reject", reject={"reason": "Bad content"}), "undeliverable", False),
        (email("Rendering Failure", failure={"errorMessage": "x"}), "undeliverable", False),
        (email("Send", send={}), "other", False),
        (email("Open", open={}), "other", False),
        (email("Something new"), "other", False),
    ],
)
def test_each_event_of_an_email_has_its_meaning(message: str, outcome: str, dead: bool) -> None:  # noqa: FBT001
    found = one(message)

    assert (found.outcome, found.dead) == (outcome, dead)


@pytest.mark.parametrize(
    ("message", "outcome", "dead"),
    [
        (text("TEXT_SUCCESSFUL"), "delivered", False),
        (text("TEXT_INVALID"), "undeliverable", True),
        (text("TEXT_INVALID_MESSAGE"), "undeliverable", False),
        (text("TEXT_UNREACHABLE"), "undeliverable", False),
        (text("TEXT_CARRIER_UNREACHABLE"), "undeliverable", False),
        (text("TEXT_CARRIER_UNREACHABLE", isFinal=False), "delayed", False),
        (text("TEXT_INVALID", isFinal=False), "delayed", False),
        (text("TEXT_BLOCKED"), "undeliverable", False),
        (text("TEXT_CARRIER_BLOCKED"), "undeliverable", False),
        (text("TEXT_PROTECT_BLOCKED"), "undeliverable", False),
        (text("TEXT_SPAM"), "undeliverable", False),
        (text("TEXT_TTL_EXPIRED"), "undeliverable", False),
        (text("TEXT_PENDING", isFinal=False), "other", False),
        (text("TEXT_QUEUED", isFinal=False), "other", False),
        (text("TEXT_SENT", isFinal=False), "other", False),
        (text("TEXT_UNKNOWN"), "other", False),
        (text("TEXT_OPTED_OUT"), "opted_out", True),
        (text("TEXT_BLOCKED", messageStatus="OPTED_OUT"), "opted_out", True),
        (text("VOICE_BUSY"), "other", False),
        (text("TEXT_SOMETHING_NEW"), "other", False),
    ],
)
def test_each_event_of_a_text_has_its_meaning(message: str, outcome: str, dead: bool) -> None:  # noqa: FBT001
    found = one(message)

    assert (found.outcome, found.dead) == (outcome, dead)


def test_every_event_that_aws_knows_of_a_text_is_read() -> None:
    """A new kind of failure in AWS's own model shows here: it would otherwise be "other", and nobody rung sooner."""
    kinds: Any = Session().get_service_model("pinpoint-sms-voice-v2").shape_for("EventType")
    texts = [kind for kind in kinds.enum if kind.startswith("TEXT_")]

    assert {kind for kind in texts if one(text(kind)).outcome == "other"} == {
        "TEXT_ALL",
        "TEXT_SENT",
        "TEXT_PENDING",
        "TEXT_QUEUED",
        "TEXT_UNKNOWN",
    }


def test_an_email_to_several_has_a_receipt_each_and_one_address_has_one() -> None:
    recipients = [
        {"emailAddress": "a@example.org"},
        {"emailAddress": "b@example.org"},
        {"emailAddress": "a@example.org"},
    ]
    found = parse(email("Bounce", bounce={"bounceType": "Permanent", "bouncedRecipients": recipients}))

    assert [receipt.address for receipt in found] == ["a@example.org", "b@example.org"]


@pytest.mark.parametrize(
    ("kind", "part", "name", "recipient"),
    [
        ("Bounce", "bounce", "bouncedRecipients", {"emailAddress": "b@example.org"}),
        ("Complaint", "complaint", "complainedRecipients", {"emailAddress": "b@example.org"}),
        ("Delivery", "delivery", "recipients", "b@example.org"),
        ("DeliveryDelay", "deliveryDelay", "delayedRecipients", {"emailAddress": "b@example.org"}),
    ],
)
def test_an_event_is_about_whom_it_names_and_not_about_everybody(
    kind: str, part: str, name: str, recipient: Any
) -> None:
    several = MAIL | {"destination": ["a@example.org", "b@example.org"]}
    message = json.dumps({"eventType": kind, "mail": several, part: {name: [recipient]}})

    assert one(message).address == "b@example.org"


@pytest.mark.parametrize("complaint", [None, {}, {"complainedRecipients": []}, {"complainedRecipients": [{}, 5, ""]}])
def test_an_event_that_names_nobody_is_about_whom_the_email_went_to(complaint: Any) -> None:
    assert one(email("Complaint", complaint=complaint)).address == "maria@example.org"


def test_the_name_that_older_notifications_have_is_read_too() -> None:
    message = json.dumps({"notificationType": "Bounce", "bounce": {"bounceType": "Permanent"}, "mail": MAIL})

    assert one(message).dead


@pytest.mark.parametrize("tags", [None, {}, [], {"step": []}, {"step": ["-1"]}, {"step": [7]}, {"step": ["²"]}, "step"])
def test_without_tags_it_is_known_only_to_whom_it_went(tags: Any) -> None:
    found = one(json.dumps({"eventType": "Delivery", "mail": MAIL | {"tags": tags}}))

    assert (found.question_id, found.step, found.staff_id) == ("", 0, "")
    assert (found.address, found.provider_id) == ("maria@example.org", "mail-1")


@pytest.mark.parametrize("context", [None, {}, [], {"step": 5}, {"step": "9" * 5000}, {"question_id": None}])
def test_without_a_context_it_is_known_only_to_whom_it_went(context: Any) -> None:
    found = one(text("TEXT_INVALID", context=context))

    assert (found.question_id, found.step, found.staff_id, found.dead) == ("", 0, "", True)


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ("", "not JSON"),
        ("words", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not an object"),
        ("null", "not an object"),
        ("{}", "eventType"),
        ('{"eventType": 5}', "eventType"),
        (json.dumps({"eventType": "Bounce", "mail": 5}), "mail"),
        (json.dumps({"eventType": "Bounce", "mail": {}}), "mail.messageId"),
        (json.dumps({"eventType": "Bounce", "mail": {"messageId": "1"}}), "mail.destination"),
        (json.dumps({"eventType": "Bounce", "mail": {"messageId": "1", "destination": [5]}}), "mail.destination"),
        (text("TEXT_INVALID", destinationPhoneNumber=None), "destinationPhoneNumber"),
        (text("TEXT_INVALID", messageId=""), "messageId"),
    ],
)
def test_what_is_malformed_is_told_by_the_field(message: str, named: str) -> None:
    with pytest.raises(ValueError, match=f"^{named}$") as caught:
        parse(message)

    assert caught.value.__cause__ is None


def test_the_greeting_that_ses_sends_to_a_new_topic_is_no_receipt() -> None:
    assert parse("Successfully validated SNS topic for Amazon SES event publishing.") == ()


def test_a_tag_that_is_no_list_is_read_all_the_same() -> None:
    found = one(json.dumps({"eventType": "Delivery", "mail": MAIL | {"tags": {"step": "12", "staff_id": "maria"}}}))

    assert (found.step, found.staff_id) == (12, "maria")


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (text("TEXT_BLOCKED", messageStatus="OPTED_OUT"), "OPTED_OUT"),
        (text("TEXT_SPAM"), "TEXT_SPAM"),
        (email("Complaint"), "Complaint"),
        (email("Bounce", bounce={"bounceType": {"x": 1}, "bounceSubType": "General"}), "Bounce  General"),
    ],
)
def test_the_reason_says_what_it_was(message: str, reason: str) -> None:
    assert one(message).reason == reason


def test_the_reason_is_a_label_without_anybody_s_words() -> None:
    found = one(bounce("Permanent\n<maria@example.org>", "x" * 100))

    assert "@" not in found.reason
    assert "\n" not in found.reason
    assert len(found.reason) <= 64


def test_the_messages_of_an_event_are_those_that_sns_carries() -> None:
    records = [{"EventSource": "aws:sns", "Sns": {"Message": "one"}}, {"Sns": {"Message": "two", "Subject": None}}]

    assert messages_of({"Records": records}) == ["one", "two"]


@pytest.mark.parametrize(
    ("event", "named"),
    [
        ({}, "Records"),
        ([], "Records"),
        ({"Records": {}}, "Records"),
        ({"Records": [{}]}, "Sns.Message"),
        ({"Records": [5]}, "Sns.Message"),
        ({"Records": [{"Sns": {"Message": {}}}]}, "Sns.Message"),
    ],
)
def test_an_event_that_is_none_of_sns_is_told_by_the_field(event: Any, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        messages_of(event)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
NAMES = (
    "eventType",
    "mail",
    "bounce",
    "complaint",
    "delivery",
    "deliveryDelay",
    "destinationPhoneNumber",
    "messageId",
    "context",
    "messageStatus",
    "isFinal",
)


@given(
    changed=st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4), of=st.sampled_from(["Bounce", "TEXT_INVALID"])
)
def test_whatever_stands_in_a_field_it_is_a_receipt_or_the_field_is_named(changed: dict[str, Any], of: str) -> None:
    whole: dict[str, Any] = json.loads(bounce("Permanent", "General")) if of == "Bounce" else dict(TEXT)

    assert outcome_of(json.dumps(whole | changed)) in {
        "a receipt",
        "eventType",
        "mail",
        "mail.messageId",
        "mail.destination",
        "messageId",
        "destinationPhoneNumber",
    }


def outcome_of(message: str) -> str:
    try:
        found = parse(message)
    except ValueError as error:
        return str(error)
    return "a receipt" if all(receipt.address for receipt in found) else "a receipt of nobody"


@given(st.text())
def test_a_stranger_s_text_is_never_a_crash(message: str) -> None:
    assert outcome_of(message) in {"not JSON", "not an object", "eventType", "a receipt"}
