"""An object as a Graph node: all fields that it has, `None` where it has no value now."""

from collections.abc import Mapping

from simulators.graph.errors import invalid
from simulators.graph.objects import Comment, Message, Page, Post
from simulators.graph.shapes import Edge, graph_time
from simulators.graph.wire import Json
from simulators.graph.world import World

COMMENT = "id,message,from,created_time"
CONVERSATION = "id,link,updated_time"
MESSAGE = "id,created_time"
PAGE = "id,name"
POST = "id,message,created_time"


def comment_node(world: World, comment: Comment) -> Json:
    """Give a comment; `from` is missing when Meta would withhold it."""
    author = {"name": comment.from_name, "id": comment.from_id} if comment.from_id else None
    return {
        "id": comment.id,
        "message": comment.message,
        "from": author,
        "created_time": graph_time(comment.created_time),
        "parent": {"id": comment.parent_id} if comment.parent_id else None,
        "is_hidden": comment.is_hidden,
        "can_comment": True,
        "can_hide": not comment.by_page,
        "can_remove": True,
        "can_reply_privately": comment.private_reply is None and not comment.by_page,
        "comment_count": len(list(world.comments_under(comment.id))),
        "like_count": 0,
        "user_likes": False,
        "permalink_url": f"https://www.facebook.com/{comment.id}",
        "attachment": {"type": comment.attachment} if comment.attachment else None,
        "comments": _comments_edge(world, comment.id),
    }


def post_node(world: World, post: Post) -> Json:
    """Give a post as it looks now: one that was scheduled and is due has been published."""
    now = world.now()
    planned = post.scheduled_publish_time
    return {
        "id": post.id,
        "message": post.message,
        "created_time": graph_time(post.shown_since(now)),
        "updated_time": graph_time(post.shown_since(now)),
        "from": _poster(world, post),
        "is_published": post.is_published(now),
        "is_hidden": False,
        "scheduled_publish_time": None if planned is None else int(planned.timestamp()),
        "permalink_url": f"https://www.facebook.com/{post.id}",
        "status_type": post.status_type,
        "comments": _comments_edge(world, post.id),
    }


def page_node(page: Page) -> Json:
    """Give a page."""
    return {
        "id": page.id,
        "name": page.name,
        "access_token": page.token,
        "link": f"https://www.facebook.com/{page.id}",
    }


def _poster(world: World, post: Post) -> Json | None:
    if post.by_page:
        return {"name": world.pages[post.page_id].name, "id": post.page_id}
    return {"name": post.from_name, "id": post.from_id} if post.from_id else None


def conversation_node(world: World, page: Page, psid: str, platform: str = "messenger") -> Json:
    """Give the conversation between a page, or its Instagram account, and a person."""
    messages = [m for m in world.conversation(page.id, psid) if m.platform == platform]
    return {
        "id": f"t_{psid}",
        "link": f"/{page.id}/inbox/t_{psid}/",
        "updated_time": graph_time(messages[0].created_time),
        "message_count": len(messages),
        "snippet": messages[0].text,
        "can_reply": True,
        "participants": {"data": [_person(psid, platform), _account(page, platform)]},
        "senders": {"data": [_person(psid, platform), _account(page, platform)]},
        "messages": Edge(lambda _: [message_node(page, message) for message in messages], MESSAGE),
    }


def message_node(page: Page, message: Message) -> Json:
    """Give one message."""
    person, ours = _person(message.psid, message.platform), _account(page, message.platform)
    files: list[Json] = [{"id": f"{number}", "mime_type": kind} for number, kind in enumerate(message.attachments)]
    return {
        "id": message.id,
        "message": message.text,
        "created_time": graph_time(message.created_time),
        "from": ours if message.by_page else person,
        "to": {"data": [person if message.by_page else ours]},
        "attachments": {"data": files} if files else None,
        "sticker": message.sticker,
        "shares": None,
    }


def comments_of(world: World, object_id: str, wanted: Mapping[str, str]) -> list[Comment]:
    """Give the comments under an object as *wanted* says, by `filter` and `order`."""
    match wanted.get("filter") or "toplevel":
        case "toplevel":
            found = list(world.comments_under(object_id))
        case "stream":
            found = sorted(world.all_comments_under(object_id), key=lambda c: c.created_time)
        case _:
            raise invalid("Param filter must be one of {TOPLEVEL, STREAM}")
    match wanted.get("order") or "chronological":
        case "chronological":
            return found
        case "reverse_chronological":
            return found[::-1]
        case _:
            raise invalid("Param order must be one of {CHRONOLOGICAL, REVERSE_CHRONOLOGICAL}")


def _comments_edge(world: World, object_id: str) -> Edge:
    return Edge(lambda wanted: [comment_node(world, c) for c in comments_of(world, object_id, wanted)], COMMENT)


def _person(psid: str, platform: str) -> Json:
    if platform == "instagram":
        return {"username": f"person_{psid}", "id": psid}
    return {"name": f"Person {psid}", "email": f"{psid}@facebook.com", "id": psid}


def _account(page: Page, platform: str) -> Json:
    if platform == "instagram":
        return {"username": "mercy.hospital", "id": page.instagram_id}
    return {"name": page.name, "email": f"{page.id}@facebook.com", "id": page.id}
