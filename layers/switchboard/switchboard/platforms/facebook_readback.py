"""What stands on a Page, read back: comments, visitors' posts, and posts elsewhere that mention the Page.

https://developers.facebook.com/docs/graph-api/reference/page/feed
https://developers.facebook.com/docs/graph-api/reference/object/comments
https://developers.facebook.com/docs/graph-api/reference/page/tagged

Posts come the newest first, but somebody may comment on an old one today: their order tells nothing of the comments.
Reviews cannot be read back: Graph has given none since v22 (error 12), so only the webhook tells them. Nor can
mentions in comments: `tagged` lists posts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchboard.platforms.fields import dict_of, id_of, moment_of, text_of
from switchboard.platforms.graph import Overloaded, entries_of
from switchboard.platforms.graph_readback import REACH, Listing, Read, following

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from switchboard.platforms.graph import Json
    from switchboard.platforms.graph_readback import Ask
    from switchboard.ports import Channel

COMMENT = "id,message,from,created_time,parent{id},attachment{type}"
POST = "id,message,from,created_time,status_type"
MENTION = "id,message,from,created_time"
SIZES = ((25, 25), (5, 10))
"""So many posts, and comments of each: as we ask first, and when Graph asks to be asked for less."""
_MOST = "100"
_VISITORS = "+"  # stands before the id of a busy post that a visitor wrote
_ITEMS = {"added_photos": "photo", "added_video": "video", "shared_story": "share"}
_SHOWN = {"photo": "photo", "sticker": "photo", "animated": "video", "video": "video", "share": "link"}


def _feed(ask: Ask, query: Mapping[str, str], channel: Channel, now: datetime) -> Read:
    page = _ask_for_less(ask, channel, query)
    changes: list[Json] = []
    busy: list[str] = []
    for post in entries_of(page):
        is_ours = _author(post)["id"] == channel.account_id
        changes += [] if is_ours else [_change("feed", _post(post))]
        comments, named = dict_of(post.get("comments")), id_of(post.get("id"))
        changes += _comments(entries_of(comments), named, channel, by_visitor=not is_ours)
        if named and following(comments) and _is_young(entries_of(comments), now):
            busy.append(named if is_ours else f"{_VISITORS}{named}")
    return Read(changes=changes, following=following(page), busy=busy)


def _ask_for_less(ask: Ask, channel: Channel, query: Mapping[str, str]) -> Json:
    for posts, comments in SIZES:
        nested = f"comments.filter(stream).order(reverse_chronological).limit({comments}){{{COMMENT}}}"
        try:
            return ask(channel.account_id, "feed", fields=f"{POST},{nested}", limit=str(posts), **query)
        except Overloaded:
            if (posts, comments) == SIZES[-1]:
                raise
    return {}


def _more_comments(ask: Ask, query: Mapping[str, str], channel: Channel, now: datetime, busy: str) -> Read:
    named = busy.removeprefix(_VISITORS)
    order = {"filter": "stream", "order": "reverse_chronological", "limit": _MOST}
    page = ask(named, "comments", fields=COMMENT, **order, **query)
    by_visitor = busy.startswith(_VISITORS)
    return Read(
        changes=list(_comments(entries_of(page), named, channel, by_visitor=by_visitor)),
        following=following(page) if _is_young(entries_of(page), now) else "",
    )


def _tagged(ask: Ask, query: Mapping[str, str], channel: Channel, now: datetime) -> Read:
    page = ask(channel.account_id, "tagged", fields=MENTION, limit="25", **query)
    changes = [_change("mention", _mention(post)) for post in entries_of(page)]
    return Read(changes=changes, following=following(page) if _is_young(entries_of(page), now) else "")


FEED = Listing(name="feed", read=_feed, dig=_more_comments)
TAGGED = Listing(name="mentions", read=_tagged)


def _comments(nodes: Iterable[Json], post: str, channel: Channel, *, by_visitor: bool) -> Iterator[Json]:
    for node in nodes:
        parent = id_of(dict_of(node.get("parent")).get("id")) or post
        answers_post = by_visitor and parent == post and _author(node)["id"] == channel.account_id
        yield _change(
            "feed",
            {
                "item": "comment",
                "verb": "add",
                "comment_id": id_of(node.get("id")),
                # Ours, directly under what a visitor wrote, answers the visitor: the webhook cannot tell that.
                "post_id": "" if answers_post else post,
                "parent_id": parent,
                **_words(node),
                **_shown(node),
            },
        )


def _post(node: Json) -> Json:
    item = _ITEMS.get(text_of(node.get("status_type")), "status")
    return {"item": item, "verb": "add", "post_id": id_of(node.get("id")), **_words(node)}


def _mention(node: Json) -> Json:
    return {"item": "post", "verb": "add", "post_id": id_of(node.get("id")), **_words(node)}


def _words(node: Json) -> Json:
    author, created = _author(node), node.get("created_time")
    return {
        "message": text_of(node.get("message")),
        **({"from": author} if author["id"] or author["name"] else {}),
        **({"created_time": text_of(created)} if isinstance(created, str) else {}),
    }


def _author(node: Json) -> dict[str, str]:
    sender = dict_of(node.get("from"))
    return {"id": id_of(sender.get("id")), "name": text_of(sender.get("name"))}


def _shown(node: Json) -> Json:
    told = text_of(dict_of(node.get("attachment")).get("type"))
    found = next((item for prefix, item in _SHOWN.items() if told.startswith(prefix)), "link" if told else "")
    return {found: told} if found else {}


def _change(field: str, value: Json) -> Json:
    return {"field": field, "value": value}


def _is_young(nodes: Iterator[Json], now: datetime) -> bool:
    """Whether the last of *nodes* that tells its time, the oldest, is young enough to read on behind it."""
    told: Sequence[datetime] = [moment_of(node.get("created_time"), now, now=now) for node in nodes]
    return bool(told) and now - told[-1] < REACH
