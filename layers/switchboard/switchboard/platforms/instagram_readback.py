"""What stands under an Instagram account's media, read back: comments and the replies to them.

https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-media/comments

Media and comments come the newest first; somebody may comment on old media today, so the order tells nothing. Of one
comment fifty replies are read. Mentions cannot be listed: Graph looks one up only by the id that the webhook tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchboard.platforms.fields import dict_of, id_of, moment_of, text_of
from switchboard.platforms.graph import Overloaded, entries_of
from switchboard.platforms.graph_readback import REACH, Listing, Read, following

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from switchboard.platforms.graph import Json
    from switchboard.platforms.graph_readback import Ask
    from switchboard.ports import Channel

REPLY = "id,text,from,username,timestamp,parent_id"
COMMENT = f"{REPLY},replies.limit(50){{{REPLY}}}"
SIZES = ((25, 25), (5, 10))
"""So many media, and comments of each: as we ask first, and when Graph asks to be asked for less."""
_MOST = "50"


def _media(ask: Ask, query: Mapping[str, str], channel: Channel, now: datetime) -> Read:
    page = _ask_for_less(ask, channel, query)
    changes: list[Json] = []
    busy: list[str] = []
    for media in entries_of(page):
        comments, named = dict_of(media.get("comments")), id_of(media.get("id"))
        changes += _changes(entries_of(comments))
        if named and following(comments) and _is_young(entries_of(comments), now):
            busy.append(named)
    return Read(changes=changes, following=following(page), busy=busy)


def _ask_for_less(ask: Ask, channel: Channel, query: Mapping[str, str]) -> Json:
    for media, comments in SIZES:
        fields = f"id,timestamp,comments.limit({comments}){{{COMMENT}}}"
        try:
            return ask(channel.account_id, "media", fields=fields, limit=str(media), **query)
        except Overloaded:
            if (media, comments) == SIZES[-1]:
                raise
    return {}


def _more_comments(ask: Ask, query: Mapping[str, str], channel: Channel, now: datetime, busy: str) -> Read:  # noqa: ARG001 - as every list
    page = ask(busy, "comments", fields=COMMENT, limit=_MOST, **query)
    young = _is_young(entries_of(page), now)
    return Read(changes=list(_changes(entries_of(page))), following=following(page) if young else "")


MEDIA = Listing(name="media", read=_media, dig=_more_comments)


def _changes(nodes: Iterable[Json]) -> Iterator[Json]:
    for node in nodes:
        root = id_of(node.get("id"))
        yield _change(node, id_of(node.get("parent_id")))
        for reply in entries_of(dict_of(node.get("replies"))):
            yield _change(reply, id_of(reply.get("parent_id")) or root)


def _change(node: Json, parent: str) -> Json:
    sender, created = dict_of(node.get("from")), node.get("timestamp")
    author = {"id": id_of(sender.get("id")), "username": text_of(sender.get("username") or node.get("username"))}
    value = {"id": id_of(node.get("id")), "text": text_of(node.get("text")), "from": author}
    value |= {"parent_id": parent} if parent else {}
    value |= {"timestamp": text_of(created)} if isinstance(created, str) else {}
    return {"field": "comments", "value": value}


def _is_young(nodes: Iterable[Json], now: datetime) -> bool:
    told = [moment_of(node.get("timestamp"), now, now=now) for node in nodes]
    return bool(told) and now - told[-1] < REACH
