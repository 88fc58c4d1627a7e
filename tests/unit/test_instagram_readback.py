"""Reading an Instagram account back: comments and replies, as its webhook tells them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.graph import PAGE, GraphSimulator
from switchboard.adapters.items import key_of
from switchboard.errors import Misconfigured, SwitchboardError
from switchboard.platforms import instagram_api, instagram_readback
from switchboard.platforms.instagram import INBOUND
from tests.fakes.graph import (
    INSTAGRAM,
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

EARLIER = NOW - timedelta(hours=1)


@pytest.fixture
def graph() -> GraphSimulator:
    found = simulated()
    found.seed_media("1701", timestamp=EARLIER)
    return found


def found(graph: GraphSimulator) -> dict[str, Message]:
    pages = whole(instagram_api.polled(URL, transport=Direct(graph)), INSTAGRAM)
    return {message.message_id: message for page in pages for message in page.delivery.messages}


def same(read: Message, **value: Any) -> bool:
    """Whether the webhook tells *value* under the same keys."""
    entry = {"id": PAGE.instagram_id, "time": 1, "changes": [{"field": "comments", "value": value}]}
    body = json.dumps({"object": "instagram", "entry": [entry]}).encode()
    (heard,) = INBOUND.parse(body, {}, INSTAGRAM, now=NOW).messages
    return (read.question_id, key_of(read)) == (heard.question_id, key_of(heard)) and read.via == "poll"


ANN = {"id": "6001", "username": "ann.author"}


def test_a_comment_and_a_reply_read_back_are_those_that_the_webhook_told(graph: GraphSimulator) -> None:
    graph.seed_remark("1801", "1701", "Is it free?", timestamp=EARLIER)
    graph.seed_remark("1802", "1701", "For all?", parent_id="1801", from_id="6002", username="ben")

    read = found(graph)

    assert same(read["1801"], id="1801", text="Is it free?", media={"id": "1701"}, **{"from": ANN})
    assert same(read["1802"], id="1802", parent_id="1801", **{"from": {"id": "6002", "username": "ben"}})
    assert (read["1801"].text, read["1801"].author_name, read["1801"].sent_at) == ("Is it free?", "ann.author", EARLIER)
    assert read["1802"].thread_id == "1801/6002"


def test_a_comment_whose_author_is_withheld_is_found_all_the_same(graph: GraphSimulator) -> None:
    graph.seed_remark("1801", "1701", from_id=None)

    read = found(graph)["1801"]

    assert same(read, id="1801", text="Is it free?")
    assert (read.author_id, read.author_name) == ("", "ann.author")


def test_a_reply_that_does_not_name_its_comment_is_known_by_where_it_stands() -> None:
    reply = {"id": "1802", "text": "For all?", "from": {"id": "6002"}}
    comment = {"id": "1801", "text": "Is it free?", "from": ANN, "replies": {"data": [reply]}}
    transport = answering(
        lambda request: {
            "data": [{"id": "1701", "comments": {"data": [comment]}}] if "media" in str(request.url) else []
        }
    )

    page = instagram_api.polled(URL, transport=transport).page(INSTAGRAM, SECRET, older_than="", now=NOW)

    assert [message.thread_id for message in page.delivery.messages] == ["1801/6001", "1801/6002"]


def test_our_own_reply_stands_under_the_comment(graph: GraphSimulator) -> None:
    graph.seed_remark("1801", "1701", timestamp=EARLIER)
    graph.seed_remark("1802", "1701", "Yes.", parent_id="1801", from_id=PAGE.instagram_id, username="mercy.hospital")
    graph.seed_remark("1803", "1701", "Thanks all!", from_id=PAGE.instagram_id, username="mercy.hospital")

    read = found(graph)

    assert set(read) == {"1801", "1802"}
    assert (read["1802"].by_us, read["1802"].reply_to, read["1802"].thread_id) == (True, "1801", "1801")


def test_everything_is_found_however_many_there_are(graph: GraphSimulator) -> None:
    for number in range(40):
        graph.seed_media(f"19{number:02}", timestamp=NOW - timedelta(days=number))
        graph.seed_remark(f"20{number:02}", f"19{number:02}")
    for number in range(120):
        graph.seed_remark(f"30{number:03}", "1701", timestamp=NOW - timedelta(minutes=number))

    assert len(found(graph)) == 40 + 120


def test_a_call_asks_twice_and_tells_no_order(graph: GraphSimulator) -> None:
    port = instagram_api.polled(URL, transport=Direct(graph))

    page = port.page(INSTAGRAM, SECRET, older_than="", now=NOW)

    assert page.reaches_to is None
    assert [request["path"] for request in graph.requests] == [
        f"/v23.0/{PAGE.instagram_id}/media",
        "/v23.0/me/conversations",
    ]


def test_when_graph_asks_to_be_asked_for_less_it_is(graph: GraphSimulator) -> None:
    graph.seed_remark("1801", "1701")
    graph.fail(path="/media$", error=1)

    assert set(found(graph)) == {"1801"}


def test_a_dead_token_needs_a_person(graph: GraphSimulator) -> None:
    graph.kill_token()

    with pytest.raises(Misconfigured):
        found(graph)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("\ud800"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "data",
                    "from",
                    "text",
                    "comments",
                    "replies",
                    "parent_id",
                    "paging",
                    "next",
                    "cursors",
                    "after",
                    "timestamp",
                    "username",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_whatever_graph_answers_it_is_a_page_or_an_error_of_ours(body: Any) -> None:
    content = json.dumps({"data": [body, {"comments": body, "id": "1"}], "paging": body}).encode()
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=content))

    try:
        page = instagram_api.polled(URL, transport=transport).page(INSTAGRAM, SECRET, older_than="", now=NOW)
    except SwitchboardError:
        return

    assert all(message.via == "poll" and message.message_id for message in page.delivery.messages)


@pytest.mark.skipif(not META.exists(), reason=NO_META)
def test_the_requests_are_such_as_meta_describes(graph: GraphSimulator) -> None:
    found(graph)
    _, account_edges = described("IGUser")
    media_fields, media_edges = described("IGMedia")
    comment_fields, comment_edges = described("IGComment")

    params = graph.requests[0]["params"]

    nested = fields_in(params["fields"])
    assert set(params) - {"fields", "limit"} <= account_edges["media"]
    assert nested[""] - {"comments"} <= media_fields
    assert "comments" in media_edges
    assert nested["comments"] - {"replies"} <= comment_fields
    assert "replies" in comment_edges
    assert fields_in(instagram_readback.REPLY)[""] == nested["comments/replies"]
