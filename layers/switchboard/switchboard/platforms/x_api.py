"""X's API: the mentions that a webhook missed, and by `x_checks` what the doctor asks.

https://docs.x.com/x-api/posts/timelines/introduction (mentions)
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Delivery, Ignored, Message
from switchboard.errors import Misconfigured, Rejected
from switchboard.platforms.fields import dict_of, list_of, moment_of, text_of
from switchboard.platforms.x_activity import post_of
from switchboard.platforms.x_checks import XChecks
from switchboard.platforms.x_client import XClient, user_id_of
from switchboard.platforms.x_posts import taken
from switchboard.ports import Page

if TYPE_CHECKING:
    from datetime import datetime

    import httpx

    from switchboard.ports import Channel, ChannelSecret

PAGE_SIZE = 100
_NEW_WORDS = {
    "post.fields": "attachments,conversation_id,created_at,note_post",
    "expansions": "author_id,in_reply_to_user_id,referenced_posts,attachments.media_keys",
}
_OLD_WORDS = {
    "tweet.fields": "attachments,author_id,conversation_id,created_at,edit_history_tweet_ids,in_reply_to_user_id"
    ",note_tweet,referenced_tweets",
    "expansions": "author_id,attachments.media_keys",
}
"""X renames tweets to posts, one address after the other, and refuses a parameter that it does not know."""


def polled(url: str) -> XMentions:
    """Return who asks."""
    return XMentions(url)


def checks(url: str) -> XChecks:
    """Return who looks at the credentials."""
    return XChecks(url)


class XMentions:
    """`ports.Polled`: what names us, and answers to us. Every post that is read is paid for: so nothing else."""

    def __init__(self, url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self._client = XClient(url, transport=transport)

    def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
        """Return up to 100 posts, the newest first, with the ids and threads of the webhook's newer envelope."""
        body = self._body(channel, secret, older_than, now)
        posts = list_of(body.get("data"))
        includes = dict_of(body.get("includes"))
        found = [taken(post, partial(post_of, dict_of(post), includes, channel, via="poll", now=now)) for post in posts]
        older = text_of(dict_of(body.get("meta")).get("next_token"))
        told = [dict_of(post).get("created_at") for post in posts]
        return Page(
            delivery=Delivery(
                messages=tuple(part for part in found if isinstance(part, Message)),
                ignored=tuple(part for part in found if isinstance(part, Ignored)),
            ),
            older=older if older != older_than else "",
            reaches_to=min((moment_of(one, now, now=now) for one in told if one), default=None),
        )

    def _body(self, channel: Channel, secret: ChannelSecret, older_than: str, now: datetime) -> dict[str, Any]:
        """Return the answer; raise Misconfigured when it holds nothing but errors, which X sends with status 200."""
        path = f"/2/users/{user_id_of(channel)}/mentions"
        common = {"max_results": PAGE_SIZE, "user.fields": "name,username", "media.fields": "type"}
        if older_than:
            common["pagination_token"] = older_than
        try:
            reply = self._client.get(channel, secret, path, params=common | _NEW_WORDS, now=now)
        except Rejected as exc:
            if exc.reason != "refused":
                raise
            reply = self._client.get(channel, secret, path, params=common | _OLD_WORDS, now=now)
        body = dict_of(reply.json)
        if not isinstance(body.get("data"), list) and "meta" not in body:
            raise Misconfigured(f"X shows no mentions to channel {channel.name}; see its account_id and access_token")
        return body
