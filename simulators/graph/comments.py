"""Reading the comments under something, and adding to them.

https://developers.facebook.com/docs/graph-api/reference/object/comments
"""

from simulators.graph import nodes
from simulators.graph.call import Call
from simulators.graph.errors import invalid, not_there
from simulators.graph.objects import Comment, Post
from simulators.graph.shapes import page_of, parse_time
from simulators.graph.wire import Json
from simulators.graph.world import World

_LONGEST_COMMENT = 8000


def on_comments(world: World, call: Call, object_id: str) -> Json:
    """List the comments under an object, or add one."""
    parent = world.find(object_id)
    if call.method == "POST":
        return _add_comment(world, call, parent)
    if call.method != "GET":
        raise not_there(call.method, object_id)
    found = nodes.comments_of(world, object_id, {name: call.text(name) for name in ("filter", "order")})
    if "since" in call.params:
        since = parse_time(call.params["since"])
        found = [comment for comment in found if comment.created_time >= since]
    return page_of([nodes.comment_node(world, c) for c in found], call.params, nodes.COMMENT, call.address)


def _add_comment(world: World, call: Call, parent: Comment | Post) -> Json:
    first, _, rest = parent.id.partition("_")
    prefix = (rest or first) if isinstance(parent, Post) else first
    comment = Comment(
        id=f"{prefix}_{world.number()}",
        message=comment_text(call),
        created_time=world.now(),
        parent_id=parent.id,
        from_id=call.page.id,
        from_name=call.page.name,
        by_page=True,
    )
    world.comments[comment.id] = comment
    return {"id": comment.id}


def comment_text(call: Call) -> str:
    """Give the words of a comment that is to be written; refuses none and too many."""
    message = call.text("message")
    if not message.strip():
        raise invalid("param message must be non-empty.")
    if len(message) > _LONGEST_COMMENT:
        raise invalid(f"Length of param message must be less than or equal to {_LONGEST_COMMENT}")
    return message
