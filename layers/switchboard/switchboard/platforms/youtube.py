"""YouTube's comments, asked for: it calls nobody.

https://developers.google.com/youtube/v3/docs/commentThreads/list

A thread is the top comment and one author; our channel's answers stand under the top comment. A list brings a few of a
thread's answers only: it is read again as long as the thread is among the newest.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Delivery, Message
from switchboard.errors import SwitchboardError, Unavailable
from switchboard.platforms.fields import dict_of, id_of, list_of, moment_of, name_of, text_of
from switchboard.platforms.findings import sentence
from switchboard.platforms.google_errors import meaning
from switchboard.platforms.google_login import CONNECT, TOKEN_URL, GoogleLogin
from switchboard.platforms.http import Api
from switchboard.ports import Finding, Page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import httpx

    from switchboard.ports import Channel, ChannelSecret

PAGE_SIZE = 100
_CREATED_LATE = timedelta(seconds=2)


def polled(url: str) -> YouTube:
    """Return who asks."""
    return YouTube(url)


def checks(url: str) -> YouTube:
    """Return who looks at the credentials."""
    return YouTube(url)


class YouTube:
    """`ports.Polled` and `ports.Checks` for the comments on a channel's videos."""

    def __init__(self, url: str, *, login_url: str = TOKEN_URL, transport: httpx.BaseTransport | None = None) -> None:
        self._api = Api(url, name="YouTube", meaning=meaning, transport=transport)
        self._login = GoogleLogin(login_url, transport=transport)

    def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
        """Return up to 100 threads with the answers that come along, the newest thread first."""
        params = {
            "part": "snippet,replies",
            "allThreadsRelatedToChannelId": channel.account_id,
            "order": "time",
            "maxResults": PAGE_SIZE,
            "textFormat": "plainText",
            **({"pageToken": older_than} if older_than else {}),
        }
        headers = self._login.headers(channel, secret, now=now)
        body = dict_of(self._api.get("/commentThreads", headers=headers, params=params, now=now).json)
        threads = [dict_of(item) for item in list_of(body.get("items"))]
        found = [message for thread in threads for message in _thread(thread, channel, now)]
        older = text_of(body.get("nextPageToken"))
        tops = [moment for thread in threads if (moment := _published(thread, now)) is not None]
        return Page(
            delivery=Delivery(messages=tuple(found)),
            older=older if threads and older != older_than else "",
            reaches_to=min(tops, default=None),
        )

    def check(self, channel: Channel, secret: ChannelSecret, *, now: datetime) -> Sequence[Finding]:
        """Return credentials: whether the channel is there, and is ours."""
        try:
            headers = self._login.headers(channel, secret, now=now)
            params = {"part": "id", "mine": "true"}
            body = dict_of(self._api.get("/channels", headers=headers, params=params, now=now).json)
        except SwitchboardError as exc:
            remedy = "Try again later." if isinstance(exc, Unavailable) else CONNECT
            return (Finding(name="credentials", state="failure", detail=sentence(exc), remedy=remedy),)
        ours = {id_of(dict_of(item).get("id")) for item in list_of(body.get("items"))}
        if channel.account_id not in ours:
            detail = "The token works, for another channel."
            remedy = f"{CONNECT} Or mend account_id."
            return (Finding(name="credentials", state="failure", detail=detail, remedy=remedy),)
        return (Finding(name="credentials", state="ok", detail="The token works and the channel is ours."),)


def _published(thread: dict[str, Any], now: datetime) -> datetime | None:
    told = dict_of(_top(thread).get("snippet")).get("publishedAt")
    return moment_of(told, now, now=now) if told else None


def _top(thread: dict[str, Any]) -> dict[str, Any]:
    return dict_of(dict_of(thread.get("snippet")).get("topLevelComment"))


def _thread(thread: dict[str, Any], channel: Channel, now: datetime) -> list[Message]:
    top = _top(thread)
    named, video = id_of(top.get("id")), id_of(dict_of(thread.get("snippet")).get("videoId"))
    replies = [dict_of(one) for one in list_of(dict_of(thread.get("replies")).get("comments"))]
    found = (_comment(comment, named, video, channel, now) for comment in (top, *replies))
    return [message for message in found if message is not None]


def _comment(comment: dict[str, Any], top: str, video: str, channel: Channel, now: datetime) -> Message | None:
    """Return the message; None for what has no id or author, and for our own comment that answers nobody."""
    snippet = dict_of(comment.get("snippet"))
    named, author = id_of(comment.get("id")), id_of(dict_of(snippet.get("authorChannelId")).get("value"))
    by_us = author == channel.account_id != ""
    if not named or not top or (by_us and named == top):
        return None
    published = moment_of(snippet.get("publishedAt"), now, now=now)
    updated = moment_of(snippet.get("updatedAt"), published, now=now)
    is_edit = updated - published > _CREATED_LATE and not by_us
    on = id_of(snippet.get("videoId")) or video
    return Message(
        channel=channel.name,
        platform="youtube",
        kind="comment",
        message_id=named,
        thread_id=f"{top}/{author}" if author and not by_us else top,
        author_id=author,
        author_name="" if by_us else name_of(snippet.get("authorDisplayName")),
        text=text_of(snippet.get("textOriginal")) or text_of(snippet.get("textDisplay")),
        permalink=_link(on, named),
        reply_to=top if by_us else "",
        by_us=by_us,
        via="poll",
        sent_at=published,
        received_at=now,
        change="edited" if is_edit else "new",
        changed_at=updated if is_edit else None,
        expires_at=channel.kept_until(now),
    )


def _link(video: str, comment: str) -> str:
    clean = all(part and part.replace("-", "").replace("_", "").replace(".", "").isalnum() for part in (video, comment))
    return f"https://www.youtube.com/watch?v={video}&lc={comment}" if clean else ""
