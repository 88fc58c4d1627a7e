"""Answering in Messenger, and looking what was written there.

https://developers.facebook.com/docs/messenger-platform/reference/send-api and
https://developers.facebook.com/docs/graph-api/reference/page/conversations

Answers go out as the Page, within 24 hours of the person's last message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchboard.errors import Rejected
from switchboard.platforms.facebook import account_of
from switchboard.platforms.graph import Graph, dict_of, entries_of, id_in, is_ours, is_since, says
from switchboard.platforms.graph_checks import GraphChecks
from switchboard.platforms.graph_needs import MESSENGER
from switchboard.platforms.graph_readback import Readback
from switchboard.platforms.messenger_readback import conversations
from switchboard.platforms.meta import INBOUND

if TYPE_CHECKING:
    import httpx

    from switchboard.domain.question import Answer, Conversation
    from switchboard.ports import Channel, ChannelSecret

_MESSAGES = "messages.limit(20){id,message,from,created_time}"


def polled(url: str, *, transport: httpx.BaseTransport | None = None) -> Readback:
    """Return who reads back the Page's inbox."""
    return Readback(Graph(url, transport=transport), INBOUND, "page", (conversations("messenger"),))


def checks(url: str, *, transport: httpx.BaseTransport | None = None) -> GraphChecks:
    """Return who looks at the Page's token and subscriptions."""
    return GraphChecks(Graph(url, transport=transport), MESSENGER)


class MessengerReplies:
    """`ports.Replies`: a message to the person who wrote."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def reply(self, conversation: Conversation, answer: Answer, channel: Channel, secret: ChannelSecret) -> str:
        """Send it as a response. Raises as `Graph.post` does; a closed window is Rejected."""
        body = {
            "recipient": {"id": _person(conversation)},
            "messaging_type": "RESPONSE",
            "message": {"text": answer.text},
        }
        return id_in(self._graph.post(channel, secret, account_of(channel), "messages", body=body), "message_id")

    def find_reply(
        self, conversation: Conversation, answer: Answer, channel: Channel, secret: ChannelSecret
    ) -> str | None:
        """Look through our twenty latest messages to this person."""
        taken = {_bare(other.platform_id) for other in conversation.answers if other.answer_id != answer.answer_id}
        threads = self._graph.get(
            channel,
            secret,
            account_of(channel),
            "conversations",
            platform="messenger",
            user_id=_person(conversation),
            fields=_MESSAGES,
        )
        for thread in entries_of(threads):
            for message in entries_of(dict_of(thread.get("messages"))):
                is_answer = is_ours(message, channel) and says(message, answer.text)
                if is_answer and is_since(message, answer.attempted_at) and _bare(id_in(message)) not in taken:
                    return id_in(message)
        return None


def _person(conversation: Conversation) -> str:
    question = conversation.question
    if question is None or not question.author_id:
        raise Rejected("It is not known who wrote; answer in Messenger itself.", reason="no_author")
    return question.author_id


def _bare(message_id: str) -> str:
    """Return the id without the prefix that one edge gives it and another does not."""
    return message_id.removeprefix("m_")
