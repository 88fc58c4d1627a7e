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
from switchboard.platforms.linkedin import INBOUND
from switchboard.ports import Channel, ChannelSecret
from tests.fakes.door import NOW, Door

if TYPE_CHECKING:
    from switchboard.domain.message import Delivery, Message

EVENTS = Path(__file__).parents[2] / "events"
VECTORS = Path(__file__).parents[3] / "shared/vectors/webhook_vectors.json"
US = "urn:li:organization:5509810"
ROSA = "urn:li:person:Rosa-1"
OTTO = "urn:li:person:Otto_2"
POST = "urn:li:activity:7000000000000000002"
POST_AS_SHARE = "urn:li:share:7000000000000000001"
COMMENT = f"urn:li:comment:({POST},7000000000000000003)"
REPLY = f"urn:li:comment:({POST},7000000000000000004)"
CHANNEL = Channel(name="mercy-linkedin", platform="linkedin", account_id=US)
SENT = datetime(2026, 10, 12, 9, 59, tzinfo=UTC)
CODE = "890e4665-4dfe-4ab1-b689-ed553bceeed0"


def notification(action: str = "COMMENT", said: Any = None, **changes: Any) -> dict[str, Any]:
    """Return one notification: a comment of Rosa's on our post, with *said* in place of hers; None leaves out."""
    comment = {"owner": ROSA, "text": "Are you hiring nurses?", "entity": COMMENT, "object": POST}
    found = {
        "notificationId": 7001,
        "action": action,
        "organizationalEntity": US,
        "subscriber": "urn:li:person:Admin",
        "sourcePost": POST,
        "decoratedSourcePost": {"owner": US, "text": "We are hiring!", "entity": POST_AS_SHARE},
        "generatedActivity": COMMENT.replace("(urn:li:", "("),
        "decoratedGeneratedActivity": {"comment": comment} if said is None else said,
        "lastModifiedAt": int(SENT.timestamp() * 1000),
    }
    return {name: value for name, value in (found | changes).items() if value is not None}


def comment(**changes: Any) -> dict[str, Any]:
    """Return what `decoratedGeneratedActivity` holds."""
    found = {"owner": ROSA, "text": "Are you hiring nurses?", "entity": COMMENT, "object": POST} | changes
    return {"comment": {name: value for name, value in found.items() if value is not None}}


def parse(*notifications: Any, channel: Channel = CHANNEL) -> Delivery:
    envelope = {"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": list(notifications)}
    return INBOUND.parse(json.dumps(envelope).encode(), {}, channel, now=NOW)


def only(*notifications: Any, channel: Channel = CHANNEL) -> Message:
    delivery = parse(*notifications, channel=channel)
    assert not delivery.ignored
    (message,) = delivery.messages
    return message


def reasons(delivery: Delivery) -> list[tuple[str, bool]]:
    """Return why something was ignored, and whether it was kept."""
    return [(part.reason, bool(part.event)) for part in delivery.ignored]


# --- messages --------------------------------------------------------------------------------------------------


def test_a_comment_is_a_message_in_the_thread_of_its_post_and_author() -> None:
    message = only(notification())

    assert (message.channel, message.platform, message.kind) == ("mercy-linkedin", "linkedin", "comment")
    assert (message.message_id, message.thread_id) == (COMMENT, f"{POST}/{ROSA}")
    assert (message.author_id, message.text, message.attachments) == (ROSA, "Are you hiring nurses?", ())
    assert (message.by_us, message.reply_to, message.change) == (False, "", "new")
    assert message.sent_at == SENT
    assert message.permalink == (
        "https://www.linkedin.com/feed/update/urn:li:activity:7000000000000000002"
        "?commentUrn=urn%3Ali%3Acomment%3A%28activity%3A7000000000000000002%2C7000000000000000003%29"
    )


def test_what_linkedin_allows_to_be_kept_for_48_hours_is_kept_no_longer_and_no_name_at_all() -> None:
    named = comment(actorName="Rosa Quimby", author={"name": "Rosa Quimby"})
    message = only(notification(said=named, actorName="Rosa Quimby"), channel=CHANNEL)

    assert message.expires_at == NOW + timedelta(hours=48)
    assert (message.author_name, "Quimby" in repr(message)) == ("", False)


def test_the_same_comment_under_both_of_its_names_and_to_several_admins_is_one_message() -> None:
    """Each administrator who subscribed is told, under a notification id of its own."""
    told = [
        notification(notificationId=1),
        notification(notificationId=-2, generatedActivity=COMMENT, subscriber="urn:li:person:Other"),
        notification(notificationId=3, generatedActivity=None),
    ]

    delivery = parse(*told)

    assert len({(message.question_id, message.message_id) for message in delivery.messages}) == 1


def test_two_people_under_one_post_are_two_questions_and_one_who_writes_twice_is_one() -> None:
    told = [
        notification(),
        notification(generatedActivity=REPLY, said=comment(entity=REPLY, parentComment=COMMENT)),
        notification(generatedActivity=REPLY, said=comment(owner=OTTO)),
    ]

    threads = [message.thread_id for message in parse(*told).messages]

    assert threads == [f"{POST}/{ROSA}", f"{POST}/{ROSA}", f"{POST}/{OTTO}"]


@pytest.mark.parametrize(
    "said",
    [
        comment(entity=REPLY, parentComment=COMMENT),
        comment(entity=REPLY, parentComment=COMMENT.replace("(urn:li:", "(")),
        comment(entity=REPLY, object=COMMENT),
    ],
)
def test_a_reply_names_the_comment_that_it_answers_to(said: Any) -> None:
    assert only(notification(said=said, generatedActivity=REPLY)).reply_to == COMMENT


def test_no_comment_answers_to_itself() -> None:
    assert only(notification(said=comment(object=COMMENT))).reply_to == ""


@pytest.mark.parametrize(
    "said",
    [
        comment(text=None, message={"text": "Are you hiring nurses?"}),
        comment(text={"text": "Are you hiring nurses?"}),
        comment(text=None, message="Are you hiring nurses?"),
        comment(owner=None, actor=ROSA),
    ],
)
def test_words_and_author_are_found_under_the_names_that_public_code_reads(said: Any) -> None:
    message = only(notification(said=said))

    assert (message.text, message.author_id) == ("Are you hiring nurses?", ROSA)


def test_a_comment_without_words_can_be_seen() -> None:
    assert only(notification(said=comment(text=None))).attachments == ("post",)


def test_a_comment_of_nobody_known_is_a_question_of_its_own() -> None:
    told = [notification(said={}), notification(said={}, generatedActivity=REPLY)]

    assert [message.thread_id for message in parse(*told).messages] == [COMMENT, REPLY]


def test_only_where_there_is_no_better_id_the_notifications_is_taken() -> None:
    message = only(notification(generatedActivity=None, said=comment(entity=None)))

    assert (message.message_id, message.thread_id) == ("7001", f"{POST}/{ROSA}")


def test_a_post_that_mentions_us_is_heard() -> None:
    share = {"share": {"owner": ROSA, "text": "Thank you, Mercy", "entity": "urn:li:share:8000"}}
    told = notification("SHARE_MENTION", share, generatedActivity="urn:li:share:8000", sourcePost=None)

    message = only(told)

    assert (message.kind, message.message_id) == ("mention", "urn:li:share:8000")
    assert (message.thread_id, message.text) == (f"urn:li:share:8000/{ROSA}", "Thank you, Mercy")
    assert message.permalink == "https://www.linkedin.com/feed/update/urn:li:share:8000"


@pytest.mark.parametrize("generated", [None, POST, POST_AS_SHARE])
def test_a_mention_that_is_told_as_the_source_post_is_heard(generated: Any) -> None:
    source = {"owner": ROSA, "text": "Thank you, Mercy", "entity": POST_AS_SHARE}
    told = notification("SHARE_MENTION", {}, generatedActivity=generated, decoratedSourcePost=source)

    message = only(told)

    assert (message.author_id, message.text) == (ROSA, "Thank you, Mercy")
    assert message.message_id == (generated or POST_AS_SHARE)


def test_a_mention_without_its_words_is_heard_and_can_be_opened() -> None:
    message = only(notification("SHARE_MENTION", {}, generatedActivity="urn:li:share:8000"))

    assert (message.text, message.attachments) == ("", ("post",))
    assert message.permalink.endswith("urn:li:share:8000")


def test_our_own_post_is_never_taken_for_the_words_of_who_shares_it() -> None:
    told = notification("SHARE", {}, generatedActivity=None)

    assert reasons(parse(told)) == [("share", False)]


def test_who_shares_our_post_with_words_of_their_own_is_heard() -> None:
    share = {"share": {"owner": ROSA, "text": "I waited nine hours here", "entity": "urn:li:share:8001"}}

    message = only(notification("SHARE", share, generatedActivity="urn:li:share:8001"))

    assert (message.kind, message.thread_id) == ("mention", f"urn:li:share:8001/{ROSA}")


def test_a_mention_in_a_comment_is_in_the_thread_of_the_post_and_its_author() -> None:
    assert only(notification("COMMENT_MENTION")).thread_id == f"{POST}/{ROSA}"


# --- edits and removals ----------------------------------------------------------------------------------------


def test_an_edit_replaces_the_words_of_the_same_message() -> None:
    message = only(notification("COMMENT_EDIT", comment(text="Are you hiring doctors?")))

    assert (message.message_id, message.thread_id) == (COMMENT, f"{POST}/{ROSA}")
    assert (message.change, message.changed_at, message.text) == ("edited", SENT, "Are you hiring doctors?")


def test_a_removal_takes_the_words_away() -> None:
    message = only(notification("COMMENT_DELETE"))

    assert (message.message_id, message.thread_id, message.change) == (COMMENT, f"{POST}/{ROSA}", "removed")
    assert (message.text, message.attachments, message.changed_at) == ("", (), SENT)


def test_a_removal_of_which_nobody_says_whose_it_was_is_found_by_the_comments_id() -> None:
    """The actor of a removal may be the moderator."""
    message = only(notification("COMMENT_DELETE", {}, actor=OTTO))

    assert (message.message_id, message.thread_id, message.author_id) == (COMMENT, COMMENT, "")


def test_a_removal_that_does_not_say_of_what_is_kept() -> None:
    assert reasons(parse(notification("COMMENT_DELETE", {}, generatedActivity=None))) == [("wrong_shape", True)]


def test_the_samples_are_one_comment_its_edit_and_its_removal() -> None:
    door = Door()

    for name in ("comment_removed", "comment", "comment_edited"):
        assert door.call(json.loads((EVENTS / f"receive_webhook_linkedin_{name}.json").read_text())).status == 200

    found = list(door.messages.stored.values())
    assert [message.change for message in found] == ["removed", "new", "edited"]
    assert len({message.message_id for message in found}) == 1
    assert found[1].question_id == found[2].question_id


# --- what we wrote ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("owner", [US, None])
def test_an_administrators_answer_in_linkedin_stands_with_the_comment_that_it_answers(owner: str | None) -> None:
    said = comment(owner=owner, text="Yes, we are.", entity=REPLY, parentComment=COMMENT)

    message = only(notification("ADMIN_COMMENT", said, generatedActivity=REPLY))

    assert (message.by_us, message.author_id, message.author_name) == (True, US, "")
    assert (message.message_id, message.thread_id, message.reply_to) == (REPLY, COMMENT, COMMENT)


def test_our_comment_is_ours_under_any_action_and_without_an_account_in_the_config() -> None:
    said = comment(owner=US, entity=REPLY, parentComment=COMMENT)

    message = only(notification(said=said, generatedActivity=REPLY), channel=Channel(name="open", platform="linkedin"))

    assert (message.by_us, message.author_id) == (True, US)


def test_our_comment_on_somebodys_post_answers_that_post() -> None:
    source = {"owner": ROSA, "text": "Thank you, Mercy", "entity": POST_AS_SHARE}

    message = only(notification("ADMIN_COMMENT", comment(owner=US), decoratedSourcePost=source))

    assert (message.by_us, message.thread_id, message.reply_to) == (True, POST_AS_SHARE, POST_AS_SHARE)


@pytest.mark.parametrize("source", [{"owner": US}, {}, None])
def test_our_comment_under_our_own_post_answers_nobody(source: Any) -> None:
    told = notification("ADMIN_COMMENT", comment(owner=US), decoratedSourcePost=source)

    assert reasons(parse(told)) == [("own_post", False)]


def test_the_removal_of_our_answer_is_found_by_its_id() -> None:
    message = only(notification("COMMENT_DELETE", comment(owner=US, entity=REPLY), generatedActivity=REPLY))

    assert (message.thread_id, message.author_id, message.by_us) == (REPLY, "", True)


# --- what is no message ----------------------------------------------------------------------------------------


def test_likes_are_named_and_not_kept() -> None:
    assert reasons(parse(notification("LIKE", {}), notification("REACTION", {}))) == [("reaction", False)] * 2


def test_another_organisation_of_the_same_app_is_kept_and_not_heard() -> None:
    delivery = parse(notification(organizationalEntity="urn:li:organization:55098100"))

    assert (delivery.messages, reasons(delivery)) == ((), [("other_account", True)])


@pytest.mark.parametrize("told", [notification("POLL_VOTE"), {}, None, "x", 7, [], {"action": ["COMMENT"]}])
def test_what_nobody_knows_is_kept_and_harms_no_other(told: Any) -> None:
    delivery = parse(told, notification())

    assert len(delivery.messages) == 1
    assert reasons(delivery) == [("unknown_action", True)]


def test_a_body_of_another_type_is_kept_so_that_linkedin_does_not_repeat_it_for_eight_hours() -> None:
    lead = {"type": "LEAD_ACTION", "leadGenFormResponse": "urn:li:leadGenFormResponse:1"}

    delivery = INBOUND.parse(json.dumps(lead).encode(), {}, CHANNEL, now=NOW)

    assert reasons(delivery) == [("unknown_type", True)]


@pytest.mark.parametrize("raw", [b"{}", b'{"notifications": {}}', b"[]", b"null", b"", b"\xff", b'{"type": 1}'])
def test_a_body_that_is_none_of_linkedins_is_refused_with_a_remedy(raw: bytes) -> None:
    with pytest.raises(Rejected) as refused:
        INBOUND.parse(raw, {}, CHANNEL, now=NOW)

    assert refused.value.status == 400
    assert str(refused.value)


# --- handshake and signature -----------------------------------------------------------------------------------


def secret(*keys: str) -> ChannelSecret:
    return ChannelSecret(signing_secrets=keys)


@pytest.mark.skipif(not VECTORS.exists(), reason="../shared/vectors is not here")
def test_the_known_challenge_and_the_known_signature_are_right() -> None:
    vector = json.loads(VECTORS.read_text())["linkedin"]
    key = vector["client_secret"]

    proof = INBOUND.handshake({"challengeCode": vector["challengeCode"], "applicationId": "123"}, secret(key))
    INBOUND.verify(vector["body"].encode(), {"x-li-signature": vector["X-LI-Signature"]}, secret(key), now=NOW)

    assert proof.content_type == "application/json"
    assert json.loads(proof.body) == {name: vector[name] for name in ("challengeCode", "challengeResponse")}
    other = json.dumps(json.loads(vector["body"])).encode()
    with pytest.raises(Rejected):
        INBOUND.verify(other, {"x-li-signature": vector["X-LI-Signature"]}, secret(key), now=NOW)


def test_while_a_secret_is_rotated_the_first_one_signs_the_challenge() -> None:
    answer = json.loads(INBOUND.handshake({"challengeCode": CODE}, secret("new", "old")).body)

    assert answer["challengeResponse"] == hmac.new(b"new", CODE.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    "code",
    [
        'hmacsha256={"type":"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS","notifications":[]}',
        "hmacsha256={}",
        f"{CODE}\n",
        f" {CODE}",
        CODE.replace("-", ""),
        f"{CODE}{CODE}",
        CODE.replace("8", "٨", 1),
        CODE[:-1],
        "",
    ],
)
def test_the_challenge_signs_nothing_that_could_pass_for_a_body(code: str) -> None:
    """A public door that signs what it is sent would hand out the signature of any body that one likes."""
    with pytest.raises(Rejected) as refused:
        INBOUND.handshake({"challengeCode": code}, secret("sample-client-secret"))

    assert (refused.value.status, refused.value.reason) == (403, "handshake")


def test_the_answer_to_a_challenge_opens_no_door_for_a_body() -> None:
    answer = json.loads(INBOUND.handshake({"challengeCode": CODE}, secret("s")).body)["challengeResponse"]

    for body in (CODE.encode(), b"", f"hmacsha256={CODE}".encode()):
        with pytest.raises(Rejected):
            INBOUND.verify(body, {"x-li-signature": answer}, secret("s"), now=NOW)


def test_a_channel_without_a_secret_answers_no_challenge() -> None:
    with pytest.raises(Rejected):
        INBOUND.handshake({"challengeCode": CODE}, ChannelSecret())


@pytest.mark.parametrize("signed", [b"{}", b"hmacsha256={}"])
@pytest.mark.parametrize("spelling", ["{}", "hmacsha256={}", " {}", "{}\n", "{} "])
def test_only_the_bare_digest_over_the_prefix_and_the_body_opens(signed: bytes, spelling: str) -> None:
    digest = hmac.new(b"s", signed, hashlib.sha256).hexdigest()
    header = {"x-li-signature": spelling.replace("{}", digest)}
    genuine = signed.startswith(b"hmacsha256=") and spelling == "{}"

    if genuine:
        INBOUND.verify(b"{}", header, secret("old", "s"), now=NOW)
    else:
        with pytest.raises(Rejected) as refused:
            INBOUND.verify(b"{}", header, secret("old", "s"), now=NOW)
        assert refused.value.status == 401


# --- properties ------------------------------------------------------------------------------------------------

URNS = st.sampled_from(
    [COMMENT, REPLY, COMMENT.replace("(urn:li:", "("), POST, POST_AS_SHARE, US, ROSA, OTTO, "\ud800"]
)
VALUES = st.recursive(
    URNS
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["comment", "share", "owner", "actor", "text", "message", "entity", "object", "parentComment"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=10,
)
ACTIONS = st.sampled_from(
    ["COMMENT", "COMMENT_EDIT", "COMMENT_DELETE", "ADMIN_COMMENT", "SHARE_MENTION", "PHOTO_MENTION", "SHARE", "LIKE"]
)
NOTIFICATIONS = st.fixed_dictionaries(
    {"action": ACTIONS | VALUES},
    optional={name: VALUES for name in notification() if name != "action"} | {"actor": VALUES},
)


@settings(max_examples=400, deadline=None)
@given(told=st.lists(NOTIFICATIONS | VALUES, max_size=4))
def test_each_notification_of_any_shape_is_a_message_or_is_named(told: list[Any]) -> None:
    delivery = parse(*told, notification(generatedActivity="urn:li:share:1"))

    assert len(delivery.messages) + len(delivery.ignored) == len(told) + 1
    assert delivery.messages[-1].message_id == "urn:li:share:1"
    for message in delivery.messages:
        assert message.message_id
        assert message.thread_id
        assert message.author_name == ""
        assert message.text or message.attachments or message.change == "removed"
        assert message.by_us or message.author_id != US
        assert message.permalink.startswith("https://www.linkedin.com/feed/update/urn:li:") or not message.permalink


@settings(max_examples=200, deadline=None)
@given(code=st.text(max_size=60) | st.from_regex(r"[0-9a-f-]{30,40}"))
def test_whatever_gets_signed_is_a_uuid(code: str) -> None:
    try:
        proof = INBOUND.handshake({"challengeCode": code}, secret("s"))
    except Rejected:
        return
    assert [len(part) for part in json.loads(proof.body)["challengeCode"].split("-")] == [8, 4, 4, 4, 12]
