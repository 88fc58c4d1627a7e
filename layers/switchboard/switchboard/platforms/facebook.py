"""Answering on a Facebook Page, posting to it, and looking what was written there.

https://developers.facebook.com/docs/graph-api/reference/object/comments and
https://developers.facebook.com/docs/pages-api/posts
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchboard.errors import Misconfigured, Rejected
from switchboard.platforms.facebook_readback import FEED, TAGGED
from switchboard.platforms.graph import SKEW, Graph, dict_of, id_in, is_ours, is_since, says
from switchboard.platforms.graph_checks import GraphChecks
from switchboard.platforms.graph_needs import FACEBOOK
from switchboard.platforms.graph_readback import Readback
from switchboard.platforms.messenger_readback import conversations
from switchboard.platforms.meta import INBOUND

if TYPE_CHECKING:
    import httpx

    from switchboard.domain.post import Post
    from switchboard.domain.question import Answer, Conversation
    from switchboard.platforms.graph import Json
    from switchboard.ports import Channel, ChannelSecret

_COMMENT = "id,message,from,created_time,parent{id}"
_POST = "id,message,created_time"


def polled(url: str, *, transport: httpx.BaseTransport | None = None) -> Readback:
    """Return who reads back the Page's comments, its inbox and its mentions: the webhook of a Page tells all three."""
    lists = (FEED, conversations("messenger"), TAGGED)
    return Readback(Graph(url, transport=transport), INBOUND, "page", lists)


def checks(url: str, *, transport: httpx.BaseTransport | None = None) -> GraphChecks:
    """Return who looks at the Page's token and subscriptions."""
    return GraphChecks(Graph(url, transport=transport), FACEBOOK)


class FacebookReplies:
    """`ports.Replies`: a comment under the comment, visitor's post or mention that is answered."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def reply(self, conversation: Conversation, answer: Answer, channel: Channel, secret: ChannelSecret) -> str:
        """Comment, as the Page. Raises as `Graph.post` does; a review is Rejected: the API cannot answer it."""
        question = conversation.question
        if question is not None and question.kind == "review":
            raise Rejected("A review on Facebook cannot be answered from here; answer it on the Page.", reason="review")
        body = {"message": answer.text}
        return id_in(self._graph.post(channel, secret, answer.in_reply_to, "comments", body=body))

    def find_reply(
        self, conversation: Conversation, answer: Answer, channel: Channel, secret: ChannelSecret
    ) -> str | None:
        """Look for our comment of this text, made since the attempt, that no other answer left there."""
        account_of(channel)
        taken = {other.platform_id for other in conversation.answers if other.answer_id != answer.answer_id}
        listing = self._graph.list(
            channel,
            secret,
            answer.in_reply_to,
            "comments",
            filter="stream",
            order="reverse_chronological",
            fields=_COMMENT,
        )
        try:
            for comment in listing:
                is_answer = is_ours(comment, channel) and says(comment, answer.text) and _is_under(comment, answer)
                if is_answer and is_since(comment, answer.attempted_at) and comment.get("id") not in taken:
                    return id_in(comment)
        except Rejected as refusal:
            if refusal.reason != "deleted":
                raise
        return None


class FacebookPage:
    """`ports.Publishes`: a post on the Page."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def publish(self, post: Post, channel: Channel, secret: ChannelSecret) -> str:
        """Publish it at once. Raises as `Graph.post` does.

        Facebook fetches a picture itself; its caption is what `find_post` reads as the post's message
        (https://developers.facebook.com/docs/graph-api/reference/page/photos/).
        """
        page = account_of(channel)
        if not post.image_url:
            return id_in(self._graph.post(channel, secret, page, "feed", body={"message": post.text}))
        body = {"url": post.image_url, "caption": post.text, "alt_text_custom": post.image_alt or ""}
        return id_in(self._graph.post(channel, secret, page, "photos", body=body), "post_id")

    def find_post(self, post: Post, channel: Channel, secret: ChannelSecret) -> str | None:
        """Look for a post of this text, made since the attempt."""
        since = {}
        if post.attempt_started_at is not None:
            since = {"since": str(int((post.attempt_started_at - SKEW).timestamp()))}
        listing = self._graph.list(channel, secret, account_of(channel), "published_posts", fields=_POST, **since)
        for found in listing:
            if says(found, post.text) and is_since(found, post.attempt_started_at):
                return id_in(found)
        return None


def account_of(channel: Channel) -> str:
    """Return the Page's id; raise Misconfigured when the config has none."""
    if not channel.account_id:
        raise Misconfigured(
            f"channel {channel.name} has no account_id in the automation config; put the Page's id there"
        )
    return channel.account_id


def _is_under(comment: Json, answer: Answer) -> bool:
    """Whether *comment* answers to the same; the list holds replies to replies as well."""
    parent = dict_of(comment.get("parent")).get("id")
    return parent is None or parent == answer.in_reply_to
