"""Reading an inbox back, Messenger's and Instagram's."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from simulators.graph import PAGE, GraphSimulator
from switchboard.adapters.items import key_of
from switchboard.errors import Misconfigured, Unavailable
from switchboard.platforms import inbound, instagram_api, messenger
from tests.fakes.graph import FACEBOOK, INSTAGRAM, MESSENGER, NOW, SECRET, URL, answering, simulated, whole
from tests.fakes.replies import Direct

if TYPE_CHECKING:
    from switchboard.domain.message import Message
    from switchboard.ports import Channel, Page

EARLIER = NOW - timedelta(hours=1)


@pytest.fixture
def graph() -> GraphSimulator:
    return simulated()


def found(graph: GraphSimulator, channel: Channel = MESSENGER) -> dict[str, Message]:
    module = instagram_api if channel is INSTAGRAM else messenger
    pages = whole(module.polled(URL, transport=Direct(graph)), channel)
    return {message.message_id: message for page in pages for message in page.delivery.messages}


def first(answer: Any, channel: Channel = MESSENGER) -> Page:
    return messenger.polled(URL, transport=answering(lambda _: answer)).page(channel, SECRET, older_than="", now=NOW)


def thread(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    people = {"data": [{"id": "8001", "name": "Ann Author"}, {"id": PAGE.id}]}
    return {"data": [{"id": "t_1", "participants": people, "messages": {"data": list(messages)}, **more}]}


def told(channel: Channel, **event: Any) -> Message:
    entry = {
        "id": channel.account_id,
        "time": 1,
        "messaging": [{"timestamp": int(EARLIER.timestamp() * 1000), **event}],
    }
    body = {"object": "instagram" if channel is INSTAGRAM else "page", "entry": [entry]}
    (message,) = inbound(channel.platform).parse(json.dumps(body).encode(), {}, channel, now=NOW).messages
    return message


def same(read: Message, heard: Message) -> bool:
    return (read.question_id, key_of(read)) == (heard.question_id, key_of(heard)) and read.via == "poll"


@pytest.mark.parametrize("channel", [MESSENGER, INSTAGRAM])
def test_a_message_read_back_is_the_one_that_the_webhook_told(graph: GraphSimulator, channel: Channel) -> None:
    graph.receive_message("8001", "Open?", message_id="m_1", created_time=EARLIER, platform=channel.platform)

    read = found(graph, channel)["m_1"]

    ours = {"id": channel.account_id}
    heard = told(channel, sender={"id": "8001"}, recipient=ours, message={"mid": "m_1", "text": "Open?"})
    assert same(read, heard)
    assert (read.kind, read.text, read.sent_at) == (heard.kind, heard.text, heard.sent_at)
    assert (read.platform, read.by_us) == (channel.platform, False)


@pytest.mark.parametrize("channel", [MESSENGER, INSTAGRAM])
def test_what_we_wrote_in_the_app_stands_in_the_persons_thread(graph: GraphSimulator, channel: Channel) -> None:
    graph.receive_message("8001", "Open?", message_id="m_1", created_time=EARLIER, platform=channel.platform)
    graph.receive_message("8001", "Yes.", message_id="m_2", by_page=True, created_time=NOW, platform=channel.platform)

    read = found(graph, channel)["m_2"]

    ours = {"id": channel.account_id}
    message = {"mid": "m_2", "text": "Yes.", "is_echo": True}
    assert same(read, told(channel, sender=ours, recipient={"id": "8001"}, message=message))
    assert (read.by_us, read.thread_id, read.author_name) == (True, "8001", "")


def test_a_channel_reads_the_inbox_of_its_own_platform_only(graph: GraphSimulator) -> None:
    graph.receive_message("8001", message_id="m_1", platform="messenger")
    graph.receive_message("8002", message_id="m_2", platform="instagram")

    assert set(found(graph)) == {"m_1"}
    assert set(found(graph, INSTAGRAM)) == {"m_2"}


@pytest.mark.parametrize(
    ("more", "attachments"),
    [
        ({"attachments": ("image/jpeg", "audio/mp4", "application/pdf")}, ("image", "audio", "file")),
        ({"sticker": "https://example.org/thumb.png"}, ("sticker",)),
        ({}, ("unsupported",)),
    ],
)
def test_a_message_without_words_says_what_it_is(
    graph: GraphSimulator, more: dict[str, Any], attachments: tuple[str, ...]
) -> None:
    graph.receive_message("8001", "", message_id="m_1", **more)

    assert found(graph)["m_1"].attachments == attachments


def test_an_id_of_the_old_form_is_said_as_the_webhook_says_it() -> None:
    page = first(thread({"id": "m_mid.$cAAF1", "message": "Hello", "from": {"id": "8001"}}))

    assert page.delivery.messages[0].message_id == "mid.$cAAF1"


def test_the_order_of_the_inbox_tells_how_far_back_a_page_reaches(graph: GraphSimulator) -> None:
    for number in range(30):
        graph.receive_message(f"80{number:02}", message_id=f"m_{number}", created_time=NOW - timedelta(hours=number))

    pages = whole(messenger.polled(URL, transport=Direct(graph)), MESSENGER)

    assert [page.reaches_to for page in pages] == [NOW - timedelta(hours=19), NOW - timedelta(hours=29)]
    assert sum(len(page.delivery.messages) for page in pages) == 30
    assert len(graph.requests) == 2


def test_an_inbox_is_not_read_back_for_years(graph: GraphSimulator) -> None:
    for number in range(60):
        graph.receive_message(f"80{number:02}", message_id=f"m_{number}", created_time=NOW - timedelta(days=number))

    assert len(whole(messenger.polled(URL, transport=Direct(graph)), MESSENGER)) == 1


def test_a_message_without_a_sender_is_kept_and_harms_no_other() -> None:
    page = first(thread({"id": "m_1", "message": "Who am I?"}, {"id": "m_2", "message": "Hi", "from": {"id": "8001"}}))

    assert [message.message_id for message in page.delivery.messages] == ["m_2"]
    assert [part.reason for part in page.delivery.ignored] == ["wrong_shape"]
    assert "Who am I?" in page.delivery.ignored[0].event


def test_a_thread_in_which_our_account_is_not_rings_nobody_for_our_own_words() -> None:
    """The channel's account_id is another's: who of the two is the person is not known."""
    people = {"data": [{"id": "8001"}, {"id": "999"}]}
    page = first(thread({"id": "m_1", "message": "We open at eight.", "from": {"id": "999"}}, participants=people))

    assert page.delivery.messages == ()
    assert [part.reason for part in page.delivery.ignored] == ["unknown_event"]


def test_a_page_that_told_its_people_only_once_is_understood() -> None:
    ours = {"id": "m_2", "message": "Yes.", "from": {"id": PAGE.id}, "to": {"data": [{"id": "8001"}]}}
    page = first({"data": [{"messages": {"data": [ours]}}]}, FACEBOOK)

    assert [(message.by_us, message.thread_id) for message in page.delivery.messages] == [(True, "8001")]


def test_a_dead_token_needs_a_person_and_a_limit_does_not(graph: GraphSimulator) -> None:
    port = messenger.polled(URL, transport=Direct(graph))

    graph.fail(error=80001, regain_minutes=2)
    with pytest.raises(Unavailable) as limited:
        port.page(MESSENGER, SECRET, older_than="", now=NOW)
    graph.fail(error=200)
    with pytest.raises(Misconfigured, match="lacks a permission"):
        port.page(MESSENGER, SECRET, older_than="", now=NOW)
    graph.kill_token()
    with pytest.raises(Misconfigured, match="does not work"):
        port.page(MESSENGER, SECRET, older_than="", now=NOW)

    assert limited.value.retry_after == 120
