"""X: its proofs and its two envelopes."""

from __future__ import annotations

import base64
import hmac
import json
import re
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchboard.domain.message import Delivery, Ignored, Message
from switchboard.errors import Rejected
from switchboard.platforms.fields import dict_of, list_of
from switchboard.platforms.x import INBOUND
from switchboard.ports import Channel, ChannelSecret
from tests.fakes.bodies import BODIES
from tests.fakes.door import Door
from tests.fuzz.parsers import trial

SHARED = Path(__file__).parents[3] / "shared"
NOW = datetime(2026, 10, 12, 10, tzinfo=UTC)
US = "2244994945"
CHANNEL = Channel(name="x", platform="x", account_id=US)
SECRET = ChannelSecret(signing_secrets=("hush",))
SAMPLES = Path(__file__).parents[2] / "events"
TOKEN = re.compile(r"[A-Za-z0-9+/=_.-]", re.ASCII)


def parsed(envelope: Any) -> Delivery:
    return INBOUND.parse(json.dumps(envelope).encode(), {}, CHANNEL, now=NOW)


def only(envelope: Any) -> Message:
    """Return the one message, and see that nothing else was found."""
    delivery = parsed(envelope)
    assert not delivery.ignored
    (message,) = delivery.messages
    return message


def reasons(envelope: Any) -> list[tuple[str, bool]]:
    """Return why each part was ignored, and whether it is kept."""
    delivery = parsed(envelope)
    assert not delivery.messages
    return [(part.reason, bool(part.event)) for part in delivery.ignored]


def signature(body: bytes, key: str = "hush") -> str:
    return f"sha256={base64.b64encode(hmac.digest(key.encode(), body, 'sha256')).decode()}"


def event(kind: str, payload: Any, **includes: Any) -> dict[str, Any]:
    data = {"event_uuid": "1", "filter": {"user_id": US}, "event_type": kind, "payload": payload, "includes": includes}
    return {"data": data}


def post(named: Any = "11", author: Any = "9", /, **changes: Any) -> dict[str, Any]:
    return {
        "id": named,
        "author_id": author,
        "text": "@mercy When do you open?",
        "created_at": "2026-10-12T09:00:00.000Z",
        "conversation_id": "10",
    } | changes


def private(named: str, sender: str, recipient: str) -> dict[str, Any]:
    created = {"target": {"recipient_id": recipient}, "sender_id": sender, "message_data": {"text": "Hello &lt;3"}}
    return {"type": "message_create", "id": named, "created_timestamp": "1791795600000", "message_create": created}


# --- proofs ----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
def test_the_known_answers_are_given() -> None:
    vector = json.loads((SHARED / "vectors/webhook_vectors.json").read_bytes())["x"]
    secret = ChannelSecret(signing_secrets=(vector["consumer_secret"],))
    proof = INBOUND.handshake({"crc_token": vector["crc_token"]}, secret)

    assert json.loads(proof.body) == {"response_token": vector["response_token"]}
    assert proof.content_type == "application/json"
    headers = {"x-twitter-webhooks-signature": vector["x-twitter-webhooks-signature"]}
    INBOUND.verify(vector["body"].encode(), headers, secret, now=NOW)


@pytest.mark.parametrize("body", ['{"for_user_id":"1"}', "{}", "[]", '{"data":{}}'])
def test_the_proof_signs_no_body(body: str) -> None:
    """The forgery: a body is sent as the token, and the proof would be its signature."""
    with pytest.raises(Rejected):
        INBOUND.handshake({"crc_token": body}, SECRET)


@pytest.mark.parametrize(
    "token", ["", "a" * 257, "a b", "a\n", "\u00e4", "\uff21", "a\x00", '{"data":{}}', "a{", "a,b", '"a"']
)
def test_what_is_no_token_is_not_signed(token: str) -> None:
    with pytest.raises(Rejected) as refused:
        INBOUND.handshake({"crc_token": token}, SECRET)

    assert (refused.value.status, refused.value.reason) == (403, "handshake")


def test_a_channel_without_a_secret_proves_nothing() -> None:
    with pytest.raises(Rejected):
        INBOUND.handshake({"crc_token": "abc"}, ChannelSecret())


def test_the_first_secret_gives_the_proof_while_both_open() -> None:
    """X asks with the secret that the app has now, and takes one proof."""
    both = ChannelSecret(signing_secrets=("new", "old"))

    proof = json.loads(INBOUND.handshake({"crc_token": "abc"}, both).body)

    assert proof == {"response_token": signature(b"abc", "new")}
    for key in both.signing_secrets:
        INBOUND.verify(b"{}", {"x-twitter-webhooks-signature": signature(b"{}", key)}, both, now=NOW)


def test_no_body_can_be_written_in_the_characters_of_a_token() -> None:
    """Whatever is signed as a token begins with one of these, and an object begins with a brace after white space only.

    So the forgery that fits the pattern fails by RFC 8259, section 4: there is no token that `parse` takes as a body.
    """
    signed = set[str]()
    for character in map(chr, range(sys.maxunicode + 1)):
        with suppress(Rejected):
            INBOUND.handshake({"crc_token": character}, SECRET)
            signed.add(character)

    assert signed == {character for character in map(chr, range(128)) if TOKEN.fullmatch(character)}
    assert not signed & set(" \t\n\r{")
    for character in signed:
        with pytest.raises(Rejected):
            INBOUND.parse(character.encode() + b'{"for_user_id":"1"}', {}, CHANNEL, now=NOW)


FITTING = ["0", "-1", "1e9", "true", "null", "NaN", "-Infinity", "eyJkYXRhIjp7fX0=", "e30=", "AAAA", "----"]


@pytest.mark.parametrize("token", FITTING)
def test_json_that_fits_a_token_is_signed_and_still_no_body(token: str) -> None:
    """Numbers and names are JSON in these very characters; they are no envelope, and neither is one as base64."""
    _signed_and_refused(token)


@given(st.from_regex(r"[A-Za-z0-9+/=_.-]{1,256}", fullmatch=True))
def test_nothing_that_is_signed_as_a_token_is_taken_as_a_body(token: str) -> None:
    _signed_and_refused(token)


def _signed_and_refused(token: str) -> None:
    proof = json.loads(INBOUND.handshake({"crc_token": token}, SECRET).body)
    headers = {"x-twitter-webhooks-signature": proof["response_token"]}
    INBOUND.verify(token.encode(), headers, SECRET, now=NOW)

    with pytest.raises(Rejected) as refused:
        INBOUND.parse(token.encode(), headers, CHANNEL, now=NOW)
    assert refused.value.status == 400


def test_a_signature_is_of_the_very_bytes() -> None:
    body = b'{"a": "h\\u00e9"}'
    headers = {"x-twitter-webhooks-signature": signature(body)}

    INBOUND.verify(body, headers, SECRET, now=NOW)
    for other in (b'{"a": "h\xc3\xa9"}', body + b"\n", b""):
        with pytest.raises(Rejected) as refused:
            INBOUND.verify(other, headers, SECRET, now=NOW)
        assert (refused.value.status, refused.value.reason) == (401, "wrong_signature")


def test_a_signature_is_strict_base64_of_one_spelling() -> None:
    proper = signature(b"{}")
    last = proper[-2]
    other_spelling = proper[:-2] + chr(ord(last) + 1) + "="  # the last digit bears two bits that no byte has
    assert base64.b64decode(other_spelling[7:]) == base64.b64decode(proper[7:])
    spoilt = ["", "sha256=", proper[7:], proper[:-1], f"{proper}=", f" {proper}", f"{proper}\n", proper.upper()]
    spoilt += [proper.replace("sha256", "sha1"), f"sha256={proper[7:30]}\n{proper[30:]}", other_spelling]
    spoilt += [f"sha256={hmac.digest(b'hush', b'{}', 'sha256').hex()}"]

    for told in spoilt:
        with pytest.raises(Rejected) as refused:
            INBOUND.verify(b"{}", {"x-twitter-webhooks-signature": told}, SECRET, now=NOW)
        assert refused.value.status == 401
        assert refused.value.reason == ("wrong_signature" if told == other_spelling else "no_signature")


def test_a_channel_without_a_secret_is_closed() -> None:
    with pytest.raises(Rejected) as refused:
        INBOUND.verify(b"{}", {"x-twitter-webhooks-signature": signature(b"{}", "")}, ChannelSecret(), now=NOW)

    assert (refused.value.status, refused.value.reason) == (401, "no_secret")


@pytest.mark.parametrize("envelope", [{}, {"object": "page"}, {"errors": []}, {"events": [], "users": {}}])
def test_a_body_of_neither_envelope_is_refused_with_what_is_missing(envelope: Any) -> None:
    with pytest.raises(Rejected, match='"data" or "for_user_id" must be there') as refused:
        parsed(envelope)

    assert (refused.value.status, refused.value.reason) == (400, "wrong_shape")


def test_events_are_read_though_nobody_says_for_whom() -> None:
    assert only({"tweet_create_events": [tweet()]}).message_id == "11"


# --- the newer envelope ----------------------------------------------------------------------------------------


def test_a_mention_is_a_thread_with_its_author() -> None:
    note = {"text": "@mercy When do you open? And &amp; where?"}
    media = [{"media_key": "3_1", "type": "photo"}, {"media_key": "3_2", "type": "video"}]
    payload = post(note_tweet=note, attachments={"media_keys": ["3_1"]})
    (one,) = parsed(event("post.mention.create", payload, users=[{"id": "9", "name": "Rosa"}], media=media)).messages

    assert (one.message_id, one.thread_id, one.kind, one.author_name) == ("11", "10/9", "mention", "Rosa")
    assert one.text == "@mercy When do you open? And & where?"
    assert (one.attachments, one.permalink) == (("image",), "https://x.com/i/status/11")


@pytest.mark.parametrize(
    ("referenced", "note"), [("referenced_tweets", "note_tweet"), ("referenced_posts", "note_post")]
)
def test_x_s_old_words_and_its_new_ones_are_both_read(referenced: str, note: str) -> None:
    payload = post(**{referenced: [{"type": "replied_to", "id": "7"}], note: {"text": "All of it"}})
    (one,) = parsed(event("post.mention.create", payload)).messages

    assert (one.reply_to, one.text) == ("7", "All of it")


def test_an_answer_to_us_is_a_comment_and_our_answer_stands_by_what_it_answers() -> None:
    answers = {"referenced_tweets": [{"type": "replied_to", "id": "7"}]}
    (theirs,) = parsed(event("post.reply.create", post(in_reply_to_user_id=US, **answers))).messages
    (ours,) = parsed(event("post.create", post("12", US, **answers))).messages

    assert (theirs.kind, theirs.thread_id, theirs.reply_to, theirs.by_us) == ("comment", "10/9", "7", False)
    assert (ours.kind, ours.thread_id, ours.reply_to, ours.by_us) == ("comment", "7", "7", True)


@pytest.mark.parametrize(
    ("envelope", "reason"),
    [
        (event("post.create", post("11", US)), "own_post"),
        (event("post.mention.create", post(referenced_tweets=[{"type": "retweeted", "id": "1"}])), "repost"),
        (event("like.create", {}), "reaction"),
        (event("follow.follow", {}), "follow"),
        (event("something.new", {"text": "?"}), "unknown_event"),
        (
            {"data": {"event_type": "post.mention.create", "filter": {"user_id": "1"}, "payload": post()}},
            "other_account",
        ),
    ],
)
def test_what_is_no_message_is_named(envelope: Any, reason: str) -> None:
    (ignored,) = parsed(envelope).ignored

    assert ignored.reason == reason
    assert bool(ignored.event) == (reason in ("unknown_event", "other_account"))


def test_an_encrypted_message_is_known_to_be_there() -> None:
    payload = {"id": "c1", "sender_id": "9", "conversation_id": f"9:{US}", "created_at_msec": "1791795600000"}
    (theirs,) = parsed(event("chat.received", payload)).messages
    (ours,) = parsed(event("chat.sent", payload | {"id": "c2", "sender_id": US})).messages

    assert (theirs.thread_id, theirs.text, theirs.attachments) == ("9", "", ("encrypted",))
    assert (ours.thread_id, ours.by_us) == ("9", True)


def test_direct_messages_stand_in_the_newer_envelope_as_in_the_older() -> None:
    """X's own sample: the payload is the older envelope's, and its users are wrapped once more."""
    users = {"9": {"data": {"id": "9", "name": "Rosa &amp; Otto"}}, US: {"data": {"id": US, "name": "Mercy"}}}

    theirs = only(event("dm.received", {"direct_message_events": [private("1", "9", US)], "users": users}))
    ours = only(event("dm.sent", {"direct_message_events": [private("2", US, "9")], "users": users}))

    assert (theirs.kind, theirs.message_id, theirs.thread_id, theirs.by_us) == ("direct_message", "1", "9", False)
    assert (theirs.author_name, theirs.text) == ("Rosa & Otto", "Hello <3")
    assert theirs.sent_at == datetime(2026, 10, 12, 9, tzinfo=UTC)
    assert (ours.thread_id, ours.by_us, ours.author_id, ours.author_name) == ("9", True, US, "")


def test_one_direct_message_of_several_that_is_bad_harms_no_other() -> None:
    told = [None, private("1", "9", US), {"type": "message_create"}, {"type": "new_kind", "id": "3"}]

    delivery = parsed(event("dm.received", {"direct_message_events": told}))

    assert [message.message_id for message in delivery.messages] == ["1"]
    assert [bool(part.event) for part in delivery.ignored] == [True] * 3


def test_direct_messages_in_the_form_of_the_api_are_read_too() -> None:
    payload = {"id": "1", "text": "Hello &lt;3", "sender_id": "9", "dm_conversation_id": f"{US}-9"}
    theirs = only(event("dm.received", payload, users=[{"data": {"id": "9", "username": "rosa"}}]))
    ours = only(event("dm.sent", payload | {"id": "2", "sender_id": US}))

    assert (theirs.thread_id, theirs.author_name, theirs.text, theirs.by_us) == ("9", "rosa", "Hello <3", False)
    assert (ours.thread_id, ours.by_us) == ("9", True)


@pytest.mark.parametrize("kind", ["dm", "chat"])
def test_who_is_left_out_is_the_other_of_the_two(kind: str) -> None:
    payload = {"id": "1", "conversation_id": f"9:{US}"}
    theirs = only(event(f"{kind}.received", payload))
    ours = only(event(f"{kind}.sent", payload))

    assert (theirs.thread_id, theirs.author_id, theirs.by_us) == ("9", "9", False)
    assert (ours.thread_id, ours.author_id, ours.by_us) == ("9", US, True)


def test_our_answer_stands_in_the_thread_of_whom_it_answers() -> None:
    answers = {"referenced_tweets": [{"type": "replied_to", "id": "7"}], "in_reply_to_user_id": "9"}
    theirs = only(event("post.mention.create", post("7", "9")))
    ours = only(event("post.create", post("12", US, **answers)))
    older = {"in_reply_to_status_id_str": "7", "in_reply_to_user_id_str": "9"}
    by_account = only(account(tweet_create_events=[tweet(12, int(US), **older)]))

    assert ours.thread_id == theirs.thread_id == "10/9"
    assert (ours.by_us, ours.reply_to, ours.author_name) == (True, "7", "")
    assert by_account.thread_id == only(account(tweet_create_events=[tweet(7)])).thread_id == "7/9"


def test_what_we_add_to_our_own_post_answers_nobody_and_what_we_add_to_an_answer_does() -> None:
    def added(answers: str) -> dict[str, Any]:
        told = {"referenced_tweets": [{"type": "replied_to", "id": answers}], "in_reply_to_user_id": US}
        return event("post.create", post("12", US, **told))

    assert reasons(added("10")) == [("own_post", False)]
    more = only(added("11"))
    assert (more.by_us, more.thread_id, more.reply_to) == (True, "11", "11")


def test_a_reply_to_us_is_a_comment_though_nobody_says_whom_it_answers() -> None:
    assert only(event("post.reply.create", post(in_reply_to_tweet_id="7"))).kind == "comment"
    assert only(event("post.mention.create", post(in_reply_to_tweet_id="7"))).kind == "mention"


@pytest.mark.parametrize("history", ["edit_history_tweet_ids", "edit_history_post_ids"])
@pytest.mark.parametrize("conversation", ["11", "14", "10", ""])
def test_an_edit_is_an_edit_of_the_first_version(history: str, conversation: str) -> None:
    """Each version has an id of its own; without this an edited question would ring twice."""
    first = only(event("post.mention.create", post("11", conversation_id=conversation and "11", **{history: ["11"]})))
    told = {"text": "When do you close?", "conversation_id": conversation, history: ["11", "13", "14"]}
    edited = only(event("post.mention.create", post("14", created_at="2026-10-12T09:05:00.000Z", **told)))

    assert (first.change, first.changed_at) == ("new", None)
    assert (edited.change, edited.message_id, edited.text) == ("edited", "11", "When do you close?")
    assert edited.changed_at == datetime(2026, 10, 12, 9, 5, tzinfo=UTC)
    assert edited.permalink == "https://x.com/i/status/14"
    assert edited.thread_id == ("10/9" if conversation == "10" else first.thread_id)


def test_an_edit_in_the_older_envelope_is_one_too() -> None:
    history = {"initial_tweet_id": "11", "edit_tweet_ids": ["11", "14"]}
    edited = only(account(tweet_create_events=[tweet(14, edit_history=history)]))

    assert (edited.change, edited.message_id, edited.thread_id) == ("edited", "11", "11/9")


@pytest.mark.parametrize("history", [None, [], ["99"], [None], "11", {"11": 1}])
def test_a_history_that_does_not_know_the_post_changes_nothing(history: Any) -> None:
    one = only(event("post.mention.create", post("11", edit_history_tweet_ids=history)))

    assert (one.change, one.message_id) == ("new", "11")


def test_what_is_attached_is_told_by_its_kind() -> None:
    keys = {"media_keys": ["3_1", "7_2", "16_3"], "poll_ids": ["5"]}
    kinds = [("3_1", "photo"), ("7_2", "video"), ("16_3", "animated_gif"), ("3_9", "photo")]
    media = [{"media_key": key, "type": kind} for key, kind in kinds]

    told = only(event("post.mention.create", post(attachments=keys), media=media))
    untold = only(event("post.mention.create", post(attachments=keys)))

    assert told.attachments == ("image", "video", "image", "poll")
    assert untold.attachments == ("attachment", "attachment", "attachment", "poll")


def test_what_somebody_writes_beside_our_broadcast_is_heard_and_has_no_page() -> None:
    chat = {
        "broadcast_id": "b1",
        "message_id": "7",
        "message": "Is it open?",
        "author": {"data": {"id": "9", "name": "Rosa"}},
    }
    one = only(event("broadcast.chat", chat))

    assert (one.kind, one.thread_id, one.author_name, one.text, one.permalink) == (
        "comment",
        "b1/9",
        "Rosa",
        "Is it open?",
        "",
    )


@pytest.mark.parametrize("data", [None, [], "words", 7, [["words"]]])
def test_what_is_no_event_is_kept_as_it_came(data: Any) -> None:
    (part,) = parsed({"data": data}).ignored

    assert (part.reason, json.loads(part.event)) == (
        "wrong_shape",
        data[0] if data and isinstance(data, list) else data,
    )


def test_a_body_with_both_envelopes_loses_nothing() -> None:
    both = event("post.mention.create", post("1")) | account(tweet_create_events=[tweet(2)])

    assert [message.message_id for message in parsed(both).messages] == ["1", "2"]


def test_entities_are_read_once() -> None:
    assert only(event("post.mention.create", post(text="a &amp;lt; b &gt; c"))).text == "a &lt; b > c"


@pytest.mark.parametrize("text", ["&#xD83D;", "&#0;", "\ud83d", "x" * 20_000])
def test_no_text_breaks_what_stores_it(text: str) -> None:
    only(event("post.mention.create", post(text=text))).text.encode()


# --- the older envelope ----------------------------------------------------------------------------------------


def tweet(named: int = 11, author: int = 9, **changes: Any) -> dict[str, Any]:
    return {
        "id": named + 1,  # numbers lose digits: the text counts
        "id_str": str(named),
        "text": "@mercy When do…",
        "truncated": True,
        "extended_tweet": {"full_text": "@mercy When do you open?"},
        "user": {"id_str": str(author), "name": "Rosa", "screen_name": "rosa"},
        "created_at": "Mon Oct 12 09:00:00 +0000 2026",
        "in_reply_to_status_id_str": None,
    } | changes


def account(**events: Any) -> dict[str, Any]:
    return {"for_user_id": US, **events}


def test_a_post_is_read_whole_with_its_text_ids() -> None:
    (one,) = parsed(account(tweet_create_events=[tweet()])).messages

    assert (one.message_id, one.thread_id, one.text) == ("11", "11/9", "@mercy When do you open?")
    assert one.sent_at == datetime(2026, 10, 12, 9, tzinfo=UTC)


def test_an_answer_names_what_it_answers_because_there_is_no_conversation() -> None:
    (one,) = parsed(account(tweet_create_events=[tweet(in_reply_to_status_id_str="7")])).messages

    assert (one.thread_id, one.reply_to) == ("7/9", "7")


def test_a_deletion_is_found_by_the_post_alone() -> None:
    deleted = {"status": {"id": "11", "user_id": "9"}, "timestamp_ms": "1791795600000"}
    (one,) = parsed(account(tweet_delete_events=[deleted])).messages

    assert (one.change, one.message_id, one.thread_id, one.author_id) == ("removed", "11", "11", "")


def test_direct_messages_of_both_sides_are_one_thread() -> None:
    users = {"9": {"name": "Rosa"}}
    theirs, ours = parsed(
        account(direct_message_events=[private("1", "9", US), private("2", US, "9")], users=users)
    ).messages

    assert (theirs.thread_id, theirs.author_name, theirs.text, theirs.by_us) == ("9", "Rosa", "Hello <3", False)
    assert (ours.thread_id, ours.author_name, ours.by_us) == ("9", "", True)


@pytest.mark.parametrize(("user", "by_us"), [("9", False), (US, True), (None, False)])
def test_whose_post_was_deleted_is_known_and_not_where_it_stood(user: Any, *, by_us: bool) -> None:
    one = only(
        account(tweet_delete_events=[{"status": {"id": "11", "user_id": user}, "timestamp_ms": "1791795600000"}])
    )

    assert (one.by_us, one.author_id, one.thread_id, one.text) == (by_us, "", "11", "")
    assert one.changed_at == datetime(2026, 10, 12, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "@mercy When do you open?"),
        ({"extended_tweet": None}, "@mercy When do…"),
        ({"extended_tweet": {"full_text": 7}}, "@mercy When do…"),
        ({"extended_tweet": {}, "full_text": "All &amp; all"}, "All & all"),
        ({"note_tweet": {"text": "All of the note"}}, "All of the note"),
    ],
)
def test_the_longest_text_is_the_text(changes: Any, text: str) -> None:
    assert only(account(tweet_create_events=[tweet(**changes)])).text == text


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"in_reply_to_status_id": 7, "in_reply_to_user_id": int(US)}, "comment"),
        ({"in_reply_to_status_id": 7, "in_reply_to_user_id": 3}, "mention"),
        ({"quoted_status": {"id_str": "7", "user": {"id_str": US}}, "is_quote_status": True}, "mention"),
    ],
)
def test_an_answer_to_us_is_a_comment_and_all_else_a_mention(changes: Any, kind: str) -> None:
    assert only(account(tweet_create_events=[tweet(**changes)])).kind == kind


def test_media_are_told_by_their_kinds() -> None:
    media = {"media": [{"type": "photo"}, {"type": "video"}, {"type": "new"}]}

    assert only(account(tweet_create_events=[tweet(extended_entities=media)])).attachments == (
        "image",
        "video",
        "attachment",
    )
    within = tweet(
        extended_tweet={"full_text": "x", "extended_entities": media}, entities={"media": [{"type": "photo"}]}
    )
    assert only(account(tweet_create_events=[within])).attachments == ("image", "video", "attachment")
    with_image = private("1", "9", US)
    with_image["message_create"]["message_data"]["attachment"] = {"type": "media", "media": {"type": "photo"}}
    assert only(account(direct_message_events=[with_image])).attachments == ("image",)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("favorite_events", "reaction"),
        ("follow_events", "follow"),
        ("unfollow_events", "follow"),
        ("block_events", "block"),
        ("unblock_events", "block"),
        ("mute_events", "mute"),
        ("unmute_events", "mute"),
        ("direct_message_indicate_typing_events", "typing"),
        ("direct_message_mark_read_events", "read"),
    ],
)
def test_noise_is_named_and_not_kept(name: str, reason: str) -> None:
    assert reasons(account(**{name: [{"user": {"id": "9"}}]})) == [(reason, False)]


def test_our_own_posts_and_reposts_are_no_words_to_us() -> None:
    ours = tweet(author=int(US))
    repost = tweet(retweeted_status=tweet(7, int(US)))

    assert reasons(account(tweet_create_events=[ours, repost])) == [("own_post", False), ("repost", False)]


def test_another_accounts_events_are_kept() -> None:
    other = {"for_user_id": "77", "tweet_create_events": [tweet()]}
    (part,) = parsed(other).ignored

    assert (part.reason, json.loads(part.event)) == ("other_account", other)


@pytest.mark.parametrize(
    ("envelope", "reason"),
    [
        ({"user_event": {"revoke": {"source": {"user_id": US}}}}, "user_event"),
        (account(user_event={"revoke": {}}), "user_event"),
        (account(), "unknown_event"),
        (account(something={"text": "?"}), "unknown_event"),
        (account(tweets=[tweet()]), "wrong_shape"),
        (account(tweet_create_events={"0": tweet()}), "wrong_shape"),
    ],
)
def test_what_nobody_here_has_seen_is_kept(envelope: Any, reason: str) -> None:
    assert reasons(envelope) == [(reason, True)]


def test_without_an_account_in_the_config_the_envelopes_counts() -> None:
    body = json.dumps(account(tweet_create_events=[tweet(author=int(US)), tweet(12)])).encode()
    found = INBOUND.parse(body, {}, Channel(name="x", platform="x"), now=NOW)

    assert ([one.message_id for one in found.messages], found.ignored) == (["12"], (Ignored(reason="own_post"),))


def test_one_bad_event_harms_no_other() -> None:
    delivery = parsed(account(tweet_create_events=[None, 7, {"id_str": "x"}, tweet()], new_kind_events=[{"a": 1}]))

    assert [one.message_id for one in delivery.messages] == ["11"]
    assert [one.reason for one in delivery.ignored] == ["wrong_shape"] * 3 + ["unknown_event"]
    assert all(isinstance(one, Ignored) and one.event for one in delivery.ignored)


# --- every part of a message -----------------------------------------------------------------------------------


NOISE = {
    "post.repost.create": "repost",
    "like.create": "reaction",
    "follow.follow": "follow",
    "follow.unfollow": "follow",
    "profile.update.bio": "profile",
    "mute.mute": "mute",
    "block.unblock": "block",
    "dm.read": "read",
    "dm.indicate_typing": "typing",
    "chat.read": "read",
    "chat.conversation_join": "chat_members",
    "chat.conversation.join": "chat_members",
    "chat.conversation.member_added": "chat_members",
    "chat.update.group_name": "chat_settings",
    "news.new": "news",
    "spaces.start": "broadcast",
    "broadcast.end": "broadcast",
    "oauth.revoke": "account",
}


@pytest.mark.parametrize("kind", NOISE)
def test_noise_of_the_newer_envelope_is_named_and_not_kept(kind: str) -> None:
    assert reasons(event(kind, {"id": "1"})) == [(NOISE[kind], False)]


@pytest.mark.parametrize("kind", ["likes", "dm.reading", "dm.new", "post.edit", "chat", "", None, 7])
def test_what_only_begins_like_noise_is_kept(kind: Any) -> None:
    assert reasons(event(kind, post())) == [("unknown_event", True)]


@pytest.mark.parametrize("kind", ["post.create", "post.mention.create", "post.reply.create", "post.quote.create"])
def test_a_post_without_its_post_is_kept(kind: str) -> None:
    assert reasons(event(kind, {})) == [("unknown_event", True)]
    assert reasons(event(kind, {"text": "Help"})) == [("wrong_shape", True)]


@pytest.mark.parametrize("without", ["id", "author_id"])
def test_a_post_must_name_itself_and_its_author(without: str) -> None:
    told = {name: value for name, value in post().items() if name != without}

    assert reasons(event("post.mention.create", told)) == [("wrong_shape", True)]


def test_a_direct_message_must_name_itself_and_a_person() -> None:
    assert reasons(account(direct_message_events=[private("", "9", US)])) == [("wrong_shape", True)]
    assert reasons(account(direct_message_events=[private("1", "", US)])) == [("wrong_shape", True)]
    assert reasons(account(direct_message_events=[private("1", US, "")])) == [("wrong_shape", True)]


def test_a_removal_must_name_what_was_removed() -> None:
    assert reasons(account(tweet_delete_events=[{"status": {"user_id": "9"}}])) == [("wrong_shape", True)]
    assert reasons(event("post.delete", {"author_id": US})) == [("wrong_shape", True)]


@pytest.mark.parametrize("when", ["timestamp_ms", "deleted_at", ""])
def test_a_removal_tells_when_or_is_of_now(when: str) -> None:
    one = only(event("post.delete", {"id": "11", "author_id": US} | ({when: "1791795600000"} if when else {})))

    assert (one.change, one.platform, one.by_us) == ("removed", "x", True)
    assert one.changed_at == one.sent_at == (datetime(2026, 10, 12, 9, tzinfo=UTC) if when else NOW)


def test_what_a_message_holds_is_what_stood_there() -> None:
    written = only(
        event("post.mention.create", post(), users=[{"id": "7", "name": "Otto"}, {"id": "9", "name": "Rosa"}])
    )
    told = only(account(direct_message_events=[private("1", "9", US)]))

    for one in (written, told):
        assert (one.platform, one.channel, one.via, one.change, one.author_id) == ("x", "x", "webhook", "new", "9")
        assert (one.sent_at, one.received_at) == (datetime(2026, 10, 12, 9, tzinfo=UTC), NOW)
        assert one.expires_at == CHANNEL.kept_until(NOW)
    assert written.author_name == "Rosa"


@pytest.mark.parametrize(
    ("kind", "when"),
    [("dm.received", "created_at"), ("chat.received", "created_at_msec"), ("broadcast.chat", "event_timestamp_ms")],
)
def test_each_form_tells_when_by_a_word_of_its_own(kind: str, when: str) -> None:
    told = {"id": "1", "message_id": "1", "sender_id": "9", "author": {"data": {"id": "9"}}, when: "1791795600000"}

    assert only(event(kind, told)).sent_at == datetime(2026, 10, 12, 9, tzinfo=UTC)


def test_the_account_is_the_filters_where_the_config_names_none() -> None:
    body = json.dumps(event("post.create", post("11", US))).encode()

    assert INBOUND.parse(body, {}, Channel(name="x", platform="x"), now=NOW).ignored == (Ignored(reason="own_post"),)


def test_our_own_name_is_not_kept() -> None:
    told = {"in_reply_to_tweet_id": "7", "in_reply_to_user_id": "9"}
    ours = only(event("post.create", post("12", US, **told), users=[{"id": US, "name": "Mercy"}]))
    sent = only(account(direct_message_events=[private("1", US, "9")], users={US: {"name": "Mercy"}}))

    assert (ours.author_name, sent.author_name) == ("", "")
    assert (ours.author_id, sent.author_id) == (US, US)


@pytest.mark.parametrize("name", ["in_reply_to_tweet_id", "in_reply_to_post_id"])
def test_what_is_answered_is_known_by_either_word(name: str) -> None:
    assert only(event("post.mention.create", post(**{name: "7"}))).reply_to == "7"


def test_a_post_that_is_no_number_has_no_page() -> None:
    assert only(event("post.mention.create", post("e4f4"))).permalink == ""
    assert only(event("post.mention.create", post("\u0661\u0662"))).permalink == ""


def test_people_are_called_by_their_name_or_their_handle() -> None:
    def called(**user: Any) -> str:
        return only(account(tweet_create_events=[tweet(user={"id_str": "9"} | user)])).author_name

    assert called(name=" Rosa\nQuimby ", screen_name="rosa") == "Rosa Quimby"
    assert called(name="", screen_name="rosa") == "rosa"
    assert called() == ""


def test_a_long_list_of_media_is_cut() -> None:
    media = {"media": [{"type": "photo"}] * 30}
    keys = {"media_keys": [f"3_{number}" for number in range(30)]}

    assert only(account(tweet_create_events=[tweet(extended_entities=media)])).attachments == ("image",) * 20
    assert only(event("post.mention.create", post(attachments=keys))).attachments == ("attachment",) * 20


@pytest.mark.parametrize("kind", ["dm.sent", "chat.sent"])
def test_what_was_sent_is_ours_though_the_account_is_not_told(kind: str) -> None:
    """A channel without an account in the config, and an event without a filter."""
    told = {"direct_message_events": [private("1", "5", "9")], "id": "1", "sender_id": "5", "recipient_id": "9"}
    body = json.dumps({"data": {"event_type": kind, "payload": told}}).encode()
    (one,) = INBOUND.parse(body, {}, Channel(name="x", platform="x"), now=NOW).messages

    assert (one.by_us, one.thread_id, one.author_id) == (True, "9", "5")


@pytest.mark.parametrize("kind", ["dm.received", "chat.received"])
def test_what_was_received_is_theirs_though_the_account_is_not_told(kind: str) -> None:
    told = {"direct_message_events": [private("1", "9", "5")], "id": "1", "sender_id": "9", "recipient_id": "5"}
    body = json.dumps({"data": {"event_type": kind, "payload": told}}).encode()
    (one,) = INBOUND.parse(body, {}, Channel(name="x", platform="x"), now=NOW).messages

    assert (one.by_us, one.thread_id, one.author_id) == (False, "9", "9")


# --- what X really sends ---------------------------------------------------------------------------------------


DOCUMENTED = SHARED / "specs/x/docs/x-api_activity_event-payloads.mdx"
PEOPLE_WRITE = {
    "post.mention.create": ("mention", "2080765813578191303", "2080765813578191303/2222222222222222222", False),
    "post.reply.create": ("comment", "2090000000000000001", "2080761390344937796/2222222222222222222", False),
    "post.quote.create": ("mention", "2090000000000000002", "2090000000000000002/2222222222222222222", False),
    "post.delete": ("comment", "2080761269309813134", "2080761269309813134", True),
    "chat.received": ("direct_message", "e4f4d3fc-8bbf-4928-92eb-e5058d6bb6f6", "2222222222222222222", False),
    "chat.sent": ("direct_message", "8e75466b-56ec-4e88-bddf-b18f7cc6030e", "2222222222222222222", True),
    "dm.received": ("direct_message", "2080765901528535096", "2222222222222222222", False),
    "dm.sent": ("direct_message", "2080763914820927863", "2244994945", True),
}


@pytest.mark.skipif(not DOCUMENTED.exists(), reason="../shared is not here")
def test_every_event_that_x_documents_is_a_message_or_named() -> None:
    found = dict[str, list[Any]]()
    ignored = dict[str, list[str]]()
    for name, body in re.findall(r'```json title="([^"]+)"[^\n]*\n(.*?)```', DOCUMENTED.read_text(), re.DOTALL):
        delivery = INBOUND.parse(body.encode(), {}, Channel(name="x", platform="x"), now=NOW)
        found[name] = [(one.kind, one.message_id, one.thread_id, one.by_us) for one in delivery.messages]
        ignored[name] = [part.reason for part in delivery.ignored]

    assert {name: messages[0] for name, messages in found.items() if messages} == PEOPLE_WRITE
    assert [name for name, why in ignored.items() if why in (["unknown_event"], ["wrong_shape"])] == ["Event envelope"]


@pytest.mark.parametrize(
    "name", ["mention", "direct_message", "direct_message_by_activity", "reply_by_us", "mention_edited"]
)
def test_every_sample_is_taken_in(name: str) -> None:
    door = Door()

    assert door.call(json.loads((SAMPLES / f"receive_webhook_x_{name}.json").read_text())).status == 200
    assert len(door.messages.stored) == 1


def test_the_samples_of_posts_are_one_conversation() -> None:
    door = Door()

    for name in ("mention_edited", "mention", "reply_by_us"):
        door.call(json.loads((SAMPLES / f"receive_webhook_x_{name}.json").read_text()))

    found = list(door.messages.stored.values())
    assert [(message.change, message.by_us) for message in found] == [("edited", False), ("new", False), ("new", True)]
    assert len({message.question_id for message in found}) == 1
    assert found[2].reply_to == found[1].message_id == found[0].message_id


def test_the_sample_of_a_handshake_gets_its_proof() -> None:
    door = Door()

    answer = door.call(json.loads((SAMPLES / "receive_webhook_x_handshake.json").read_text()))

    assert answer.status == 200
    assert json.loads(answer.body)["response_token"].startswith("sha256=")


# --- whatever comes --------------------------------------------------------------------------------------------


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
GENUINE = [
    BODIES["x"],
    event(
        "dm.received", {"direct_message_events": [private("1", "9", US)], "users": {"9": {"data": {"name": "Rosa"}}}}
    ),
    event(
        "chat.received",
        {"id": "c1", "sender_id": "9", "conversation_id": f"9:{US}", "created_at_msec": "1791795600000"},
    ),
    event("broadcast.chat", {"broadcast_id": "b", "message_id": "7", "message": "?", "author": {"data": {"id": "9"}}}),
    account(tweet_create_events=[tweet(), tweet(12)], tweet_delete_events=[{"status": {"id": "11", "user_id": "9"}}]),
    account(direct_message_events=[private("1", "9", US)], users={"9": {"name": "Rosa"}}),
]


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value within *value*."""
    inner: dict[Any, Any] = {**dict_of(value), **dict(enumerate(list_of(value)))}
    return [at, *(place for key, one in inner.items() for place in places(one, (*at, key)))]


def put(value: Any, at: tuple[Any, ...], other: Any) -> Any:
    """Return a copy of *value* with *other* at its place."""
    if not at:
        return other
    copy = value.copy()
    copy[at[0]] = put(copy[at[0]], at[1:], other)
    return copy


@pytest.mark.parametrize("number", range(len(GENUINE)))
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_whatever_stands_anywhere_is_a_delivery_or_a_refusal(number: int, data: st.DataObject) -> None:
    envelope = GENUINE[number]
    for _ in range(data.draw(st.integers(1, 3))):
        envelope = put(envelope, data.draw(st.sampled_from(places(envelope))), data.draw(ODD))

    trial("x", json.dumps(envelope).encode())


@settings(max_examples=120, deadline=None)
@given(bad=ODD, data=st.data())
def test_a_bad_event_harms_no_other_wherever_it_stands(bad: Any, data: st.DataObject) -> None:
    events = [tweet(1), tweet(2), tweet(3)]
    events.insert(data.draw(st.integers(0, 3)), bad)

    delivery = parsed(account(tweet_create_events=events))

    assert [message.message_id for message in delivery.messages] == ["1", "2", "3"]
    assert [(part.reason, json.loads(part.event)) for part in delivery.ignored] == [("wrong_shape", bad)]


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 10**30), st.integers(1, 10**30), st.integers(0, 10**30))
def test_both_envelopes_agree_where_a_post_begins_a_conversation(named: int, author: int, answered: int) -> None:
    """There alone the older envelope knows the conversation: it is the post, or the root that it answers."""
    if str(author) == US:
        return
    changes = {"in_reply_to_status_id_str": str(answered), "in_reply_to_user_id_str": US} if answered else {}
    told = {"in_reply_to_user_id": US, "referenced_tweets": [{"type": "replied_to", "id": str(answered)}]}
    newer = post(str(named), str(author), conversation_id=str(answered or named), **(told if answered else {}))

    one = only(account(tweet_create_events=[tweet(named, author, **changes)]))
    other = only(event("post.mention.create", newer))

    def identity(message: Message) -> tuple[Any, ...]:
        return message.message_id, message.thread_id, message.kind, message.reply_to, message.by_us

    assert identity(one) == identity(other)
