"""An Instagram account that is linked to a Page: its media, and the comments under them.

https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-media/comments
"""

from collections.abc import Sequence

from simulators.graph.call import Call
from simulators.graph.errors import not_there, unknown_path
from simulators.graph.objects import Media, Remark
from simulators.graph.shapes import Edge, graph_time, page_of, parse_fields, select
from simulators.graph.wire import Json
from simulators.graph.world import World

_ACCOUNT = "id,username"
_MEDIA = "id"
_REMARK = "id,text,timestamp"


def knows(world: World, call: Call, object_id: str) -> bool:
    """Say whether the object is one of Instagram's."""
    return bool(object_id) and (
        object_id == call.page.instagram_id or object_id in world.media or object_id in world.remarks
    )


def perform(world: World, call: Call, object_id: str, edge: str) -> Json:
    """Do what *call* asks of an account, of media, or of a comment."""
    if call.method != "GET":
        raise not_there(call.method, object_id)
    if not edge:
        return select(_node(world, call, object_id), parse_fields(call.text("fields") or _ACCOUNT))
    if edge == "media" and object_id == call.page.instagram_id:
        shown = sorted(world.media.values(), key=lambda media: media.timestamp)[::-1]
        return page_of([_media_node(world, media) for media in shown], call.params, _MEDIA, call.address)
    if edge == "comments" and object_id in world.media:
        return page_of(_remarks(world, object_id, None), call.params, _REMARK, call.address)
    if edge == "replies" and object_id in world.remarks:
        return page_of(_replies(world, object_id), call.params, _REMARK, call.address)
    raise unknown_path(f"/{edge}")


def _node(world: World, call: Call, object_id: str) -> Json:
    if object_id in world.media:
        return _media_node(world, world.media[object_id])
    if object_id in world.remarks:
        return _remark_node(world, world.remarks[object_id])
    return {"id": call.page.instagram_id, "username": "mercy.hospital"}


def _media_node(world: World, media: Media) -> Json:
    return {
        "id": media.id,
        "caption": media.caption,
        "timestamp": graph_time(media.timestamp),
        "comments": Edge(lambda _: _remarks(world, media.id, None), _REMARK),
    }


def _remark_node(world: World, remark: Remark) -> Json:
    return {
        "id": remark.id,
        "text": remark.text,
        "timestamp": graph_time(remark.timestamp),
        "username": remark.username,
        "from": {"id": remark.from_id, "username": remark.username} if remark.from_id else None,
        "parent_id": remark.parent_id,
        "replies": Edge(lambda _: _replies(world, remark.id), _REMARK),
    }


def _remarks(world: World, media_id: str, parent_id: str | None) -> Sequence[Json]:
    found = [one for one in world.remarks.values() if (one.media_id, one.parent_id) == (media_id, parent_id)]
    return [_remark_node(world, one) for one in sorted(found, key=lambda one: one.timestamp)[::-1]]


def _replies(world: World, remark_id: str) -> Sequence[Json]:
    return _remarks(world, world.remarks[remark_id].media_id, remark_id)
