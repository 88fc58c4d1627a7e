"""Reading a Page back: what its webhook missed is found, and what it brought is known."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.graph import PAGE, GraphSimulator
from switchboard.adapters.items import key_of
from switchboard.errors import Misconfigured, SwitchboardError, Unavailable
from switchboard.platforms import facebook, facebook_readback, messenger_readback
from switchboard.platforms.meta import INBOUND
from tests.fakes.graph import (
    FACEBOOK,
    META,
    NO_META,
    NOW,
    SECRET,
    URL,
    answering,
    described,
    fields_in,
    simulated,
    whole,
)
from tests.fakes.replies import Direct

if TYPE_CHECKING:
    from switchboard.domain.message import Message
    from switchboard.ports import Page, Polled

POST = f"{PAGE.id}_700"
EARLIER = NOW - timedelta(hours=1)


@pytest.fixture
def graph() -> GraphSimulator:
    found = simulated()
    found.seed_post("Flu shots on Monday", post_id=POST, created_time=EARLIER)
    return found


def polled(graph: GraphSimulator) -> Polled:
    return facebook.polled(URL, transport=Direct(graph))


def first(graph: GraphSimulator) -> Page:
    return polled(graph).page(FACEBOOK, SECRET, older_than="", now=NOW)


def found(graph: GraphSimulator) -> dict[str, Message]:
    return {
        message.message_id: message for page in whole(polled(graph), FACEBOOK) for message in page.delivery.messages
    }


def told(*changes: dict[str, Any], messaging: tuple[dict[str, Any], ...] = ()) -> Message:
    """Return what the webhook's parser makes of a change."""
    entry = {"id": PAGE.id, "time": int(NOW.timestamp()), "changes": list(changes), "messaging": list(messaging)}
    delivery = INBOUND.parse(json.dumps({"object": "page", "entry": [entry]}).encode(), {}, FACEBOOK, now=NOW)
    (message,) = delivery.messages
    return message


def feed(**value: Any) -> dict[str, Any]:
    usual = {"item": "comment", "verb": "add", "post_id": POST, "parent_id": POST, "created_time": EARLIER.timestamp()}
    return {"field": "feed", "value": {**usual, **value}}


def same(read: Message, heard: Message) -> bool:
    return (read.question_id, key_of(read)) == (heard.question_id, key_of(heard)) and read.via == "poll"


ANN = {"id": "7001", "name": "Ann Author"}


def test_a_comment_read_back_is_the_one_that_the_webhook_told(graph: GraphSimulator) -> None:
    graph.seed_comment("700_1", "Open?", parent_id=POST, created_time=EARLIER)

    read = found(graph)["700_1"]

    heard = told(feed(comment_id="700_1", message="Open?", **{"from": ANN}))
    assert same(read, heard)
    assert replace(read, via="webhook") == heard


def test_a_reply_is_in_the_thread_of_the_comment_above_it(graph: GraphSimulator) -> None:
    graph.seed_comment("700_1", parent_id=POST, created_time=EARLIER)
    graph.seed_comment("700_2", "On Sundays?", parent_id="700_1", from_id="7002", from_name="Ben", created_time=NOW)

    read = found(graph)["700_2"]

    assert same(read, told(feed(comment_id="700_2", parent_id="700_1", **{"from": {"id": "7002", "name": "Ben"}})))
    assert read.thread_id == "700_1/7002"


def test_a_comment_whose_author_is_withheld_is_found_all_the_same(graph: GraphSimulator) -> None:
    graph.seed_comment("700_1", "Open?", parent_id=POST, from_id=None, from_name=None, created_time=EARLIER)

    read = found(graph)["700_1"]

    assert (read.author_id, read.text) == ("", "Open?")
    assert same(read, told(feed(comment_id="700_1", message="Open?")))


def test_a_visitors_post_and_a_mention_elsewhere_are_found(graph: GraphSimulator) -> None:
    graph.seed_visit("Thank you!", post_id=f"{PAGE.id}_800", created_time=EARLIER, status_type="added_photos")
    graph.seed_visit("@Mercy is closed?", post_id="7001_900", created_time=EARLIER, tagged=True)

    read = found(graph)

    visit, mention = read[f"{PAGE.id}_800"], read["7001_900"]
    post = {"item": "photo", "verb": "add", "post_id": f"{PAGE.id}_800", "message": "Thank you!", "from": ANN}
    assert same(visit, told({"field": "feed", "value": post}))
    assert (visit.kind, visit.attachments) == ("comment", ("image",))
    heard = {"item": "post", "verb": "add", "post_id": "7001_900", "sender_id": "7001", "message": "@Mercy is closed?"}
    assert same(mention, told({"field": "mention", "value": heard}))
    assert mention.kind == "mention"


def test_our_own_posts_and_comments_are_no_questions_but_our_replies_stand_under_theirs(graph: GraphSimulator) -> None:
    ours: dict[str, Any] = {"from_id": PAGE.id, "from_name": PAGE.name, "created_time": NOW}
    graph.seed_comment("700_1", parent_id=POST, created_time=EARLIER)
    graph.seed_comment("700_2", "We open at eight.", parent_id="700_1", **ours)
    graph.seed_comment("700_3", "More below.", parent_id=POST, **ours)

    read = found(graph)

    assert set(read) == {"700_1", "700_2"}
    reply = read["700_2"]
    assert (reply.by_us, reply.thread_id, reply.reply_to, reply.author_name) == (True, "700_1", "700_1", "")
    assert same(reply, told(feed(comment_id="700_2", parent_id="700_1", **{"from": {"id": PAGE.id}})))


def test_our_comment_under_a_visitors_post_answers_the_visitor(graph: GraphSimulator) -> None:
    """The webhook takes it for a post of our own: it does not say who wrote the post."""
    graph.seed_visit("Open today?", post_id=f"{PAGE.id}_800", created_time=EARLIER)
    graph.seed_comment("800_1", "Yes.", parent_id=f"{PAGE.id}_800", from_id=PAGE.id, from_name=PAGE.name)

    reply = found(graph)["800_1"]

    assert (reply.by_us, reply.reply_to) == (True, f"{PAGE.id}_800")


@pytest.mark.parametrize(
    ("told_as", "attachment"),
    [("photo", "image"), ("video_inline", "video"), ("animated_image_share", "video"), ("share", "link")],
)
def test_what_a_comment_holds_is_named_as_the_webhook_names_it(
    graph: GraphSimulator, told_as: str, attachment: str
) -> None:
    graph.seed_comment("700_1", "", parent_id=POST, attachment=told_as, created_time=EARLIER)

    assert found(graph)["700_1"].attachments == (attachment,)


def test_messages_to_the_page_are_read_back_on_its_channel(graph: GraphSimulator) -> None:
    graph.receive_message("8001", "Hello?", message_id="m_1", created_time=EARLIER)

    read = found(graph)["m_1"]

    event = {"sender": {"id": "8001"}, "recipient": {"id": PAGE.id}, "message": {"mid": "m_1", "text": "Hello?"}}
    assert same(read, told(messaging=(event,)))
    assert (read.channel, read.platform) == ("mercy-facebook", "messenger")


def test_a_call_asks_three_times_at_most_and_tells_no_order(graph: GraphSimulator) -> None:
    graph.seed_comment("700_1", parent_id=POST, created_time=EARLIER)

    page = first(graph)

    assert [request["path"].rpartition("/")[2] for request in graph.requests] == ["feed", "conversations", "tagged"]
    assert (page.older, page.reaches_to) == ("", None)


def test_everything_is_found_however_many_posts_comments_and_people_there_are(graph: GraphSimulator) -> None:
    for number in range(60):
        graph.seed_post(f"Post {number}", post_id=f"{PAGE.id}_{number}", created_time=NOW - timedelta(hours=number))
        graph.seed_comment(f"{number}_1", parent_id=f"{PAGE.id}_{number}", created_time=EARLIER)
        graph.receive_message(f"80{number:02}", message_id=f"m_{number}", created_time=EARLIER)
    for number in range(130):
        graph.seed_comment(f"700_{number}", parent_id=POST, created_time=NOW - timedelta(minutes=number))

    pages = whole(polled(graph), FACEBOOK)

    read = {message.message_id for page in pages for message in page.delivery.messages}
    assert len(read) == 60 + 60 + 130
    assert all(len(page.older) < 1000 for page in pages)
    assert len(graph.requests) <= 3 * len(pages)


def test_old_comments_are_not_dug_up(graph: GraphSimulator) -> None:
    for number in range(130):
        graph.seed_comment(f"700_{number}", parent_id=POST, created_time=NOW - timedelta(days=number))

    pages = whole(polled(graph), FACEBOOK)

    assert len(pages) == 1
    assert len(pages[0].delivery.messages) == 25


def test_a_post_that_is_deleted_between_two_pages_ends_nothing(graph: GraphSimulator) -> None:
    for number in range(30):
        graph.seed_comment(f"700_{number}", parent_id=POST, created_time=NOW - timedelta(minutes=number))
    older = first(graph).older

    graph.delete(POST)
    page = polled(graph).page(FACEBOOK, SECRET, older_than=older, now=NOW)

    assert page.older == ""
    assert page.delivery.messages == ()


def test_when_graph_asks_to_be_asked_for_less_it_is(graph: GraphSimulator) -> None:
    graph.seed_comment("700_1", parent_id=POST, created_time=EARLIER)
    graph.fail(path="/feed$", error=1)

    page = first(graph)

    assert [message.message_id for message in page.delivery.messages] == ["700_1"]
    assert [request["params"].get("limit") for request in graph.requests][:2] == ["25", "5"]


def test_a_dead_token_needs_a_person(graph: GraphSimulator) -> None:
    graph.kill_token()

    with pytest.raises(Misconfigured, match="does not work"):
        first(graph)


def test_a_page_that_is_not_ours_or_not_named_needs_a_person(graph: GraphSimulator) -> None:
    with pytest.raises(Misconfigured, match="check account_id"):
        polled(graph).page(replace(FACEBOOK, account_id="999"), SECRET, older_than="", now=NOW)
    with pytest.raises(Misconfigured, match="no account_id"):
        polled(graph).page(replace(FACEBOOK, account_id=""), SECRET, older_than="", now=NOW)


@pytest.mark.parametrize("code", [4, 17, 32, 613, 80001])
def test_a_limit_is_told_and_how_long_to_wait(graph: GraphSimulator, code: int) -> None:
    graph.fail(error=code, regain_minutes=7, times=None)

    with pytest.raises(Unavailable) as caught:
        first(graph)

    assert caught.value.retry_after == (420 if code in (32, 80001) else None)


def test_a_limit_on_the_inbox_loses_no_comment_and_the_inbox_comes_later(graph: GraphSimulator) -> None:
    graph.seed_comment("700_1", parent_id=POST, created_time=EARLIER)
    graph.receive_message("8001", message_id="m_1", created_time=EARLIER)
    graph.fail(path="/conversations$", error=80001)

    pages = whole(polled(graph), FACEBOOK)

    assert [[message.message_id for message in page.delivery.messages] for page in pages] == [["700_1"], ["m_1"]]
    assert pages[0].reaches_to is None


def test_a_page_on_which_something_is_left_to_be_read_tells_no_order(graph: GraphSimulator) -> None:
    graph.receive_message("8001", message_id="m_1", created_time=EARLIER)
    graph.fail(path="/tagged$", error=80001)

    page = polled(graph).page(FACEBOOK, SECRET, older_than='{"conversations":{},"mentions":{}}', now=NOW)

    assert [message.message_id for message in page.delivery.messages] == ["m_1"]
    assert (page.reaches_to, page.older) == (None, '{"mentions":{}}')


def test_a_token_without_the_inbox_reads_the_comments_and_says_so(graph: GraphSimulator) -> None:
    graph.seed_comment("700_1", parent_id=POST, created_time=EARLIER)
    graph.fail(path="/conversations$", error=200)

    page = first(graph)

    assert [message.message_id for message in page.delivery.messages] == ["700_1"]
    assert [part.reason for part in page.delivery.ignored] == ["conversations_unread"]


@pytest.mark.parametrize("mark", ["x", "[]", "{}", "[" * 100_000, '{"feed": {"q": 7, "b": "x"}}', '{"other": {}}'])
def test_a_mark_that_is_none_harms_nobody(graph: GraphSimulator, mark: str) -> None:
    page = polled(graph).page(FACEBOOK, SECRET, older_than=mark, now=NOW)

    assert page.delivery.messages == ()


def test_the_token_in_graphs_own_link_is_not_followed_nor_kept(graph: GraphSimulator) -> None:
    for number in range(60):
        graph.seed_post("x", post_id=f"{PAGE.id}_{number}", created_time=NOW - timedelta(hours=number))

    older = first(graph).older

    assert older
    assert PAGE.token not in older
    assert "http" not in older


def test_an_older_link_without_a_cursor_is_followed_by_its_time() -> None:
    seen: list[httpx.URL] = []

    def answer(request: httpx.Request) -> Any:
        seen.append(request.url)
        link = "https://graph.facebook.com/x?access_token=t&until=1700000000&__paging_token=enc_1&fields=other"
        return {"data": [], "paging": {"next": link}} if request.url.path.endswith("/feed") else {"data": []}

    port = facebook.polled(URL, transport=answering(answer))
    older = port.page(FACEBOOK, SECRET, older_than="", now=NOW).older
    port.page(FACEBOOK, SECRET, older_than=older, now=NOW)

    assert seen[-1].params["until"] == "1700000000"
    assert seen[-1].params["__paging_token"] == "enc_1"
    assert seen[-1].params["fields"] != "other"
    assert seen[-1].host == "graph.example"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.just("\ud800")
    | st.just(PAGE.id),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "data",
                    "from",
                    "message",
                    "comments",
                    "parent",
                    "paging",
                    "next",
                    "cursors",
                    "after",
                    "created_time",
                    "messages",
                    "participants",
                    "to",
                    "attachments",
                    "attachment",
                    "type",
                    "error",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_whatever_graph_answers_it_is_a_page_or_an_error_of_ours(body: Any) -> None:
    content = json.dumps({"data": [body, {"comments": body, "messages": body, "id": "1"}], "paging": body}).encode()
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=content))

    try:
        page = facebook.polled(URL, transport=transport).page(FACEBOOK, SECRET, older_than="", now=NOW)
    except SwitchboardError:
        return

    assert all(message.via == "poll" and message.message_id for message in page.delivery.messages)
    assert len(page.older) < 10_000


@pytest.mark.skipif(not META.exists(), reason=NO_META)
def test_the_requests_are_such_as_meta_describes(graph: GraphSimulator) -> None:
    for number in range(30):
        graph.seed_comment(f"700_{number}", parent_id=POST, created_time=NOW - timedelta(minutes=number))
    whole(polled(graph), FACEBOOK)
    page_fields, page_edges = described("Page")
    post_fields, post_edges = described("PagePost")
    comment_fields, _ = described("Comment")
    thread_fields, thread_edges = described("UnifiedThread")

    asked = {request["path"].rpartition("/")[2]: request["params"] for request in graph.requests}

    paging = {"fields", "limit", "after"}
    assert set(asked) == {"feed", "conversations", "tagged", "comments"}
    assert "id" in page_fields
    assert set(asked["conversations"]) - paging <= page_edges["conversations"]
    assert set(asked["comments"]) - paging <= post_edges["comments"]
    assert "tagged" in page_edges
    nested = fields_in(asked["feed"]["fields"])
    assert nested[""] - {"comments"} <= post_fields | {"id"}
    assert "comments" in post_edges
    assert nested["comments"] | fields_in(facebook_readback.COMMENT)[""] <= comment_fields | {"id", "message", "from"}
    assert fields_in(messenger_readback.CONVERSATION)[""] - {"messages"} <= thread_fields
    assert "messages" in thread_edges
