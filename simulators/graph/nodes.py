"""An object as a Graph node: all fields that it has, `None` where it has no value now."""

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
        "from": {"name": world.pages[post.page_id].name, "id": post.page_id},
        "is_published": post.is_published(now),
        "is_hidden": False,
        "scheduled_publish_time": None if planned is None else int(planned.timestamp()),
        "permalink_url": f"https://www.facebook.com/{post.id}",
        "status_type": "mobile_status_update",
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


def conversation_node(world: World, page: Page, psid: str) -> Json:
    """Give the conversation between a page and a person."""
    messages = world.conversation(page.id, psid)
    return {
        "id": f"t_{psid}",
        "link": f"/{page.id}/inbox/t_{psid}/",
        "updated_time": graph_time(messages[0].created_time),
        "message_count": len(messages),
        "snippet": messages[0].text,
        "can_reply": True,
        "participants": {"data": [_person(psid), _page(page)]},
        "senders": {"data": [_person(psid), _page(page)]},
        "messages": Edge(lambda: [message_node(page, message) for message in messages], MESSAGE),
    }


def message_node(page: Page, message: Message) -> Json:
    """Give one Messenger message."""
    person, ours = _person(message.psid), _page(page)
    return {
        "id": message.id,
        "message": message.text,
        "created_time": graph_time(message.created_time),
        "from": ours if message.by_page else person,
        "to": {"data": [person if message.by_page else ours]},
    }


def _comments_edge(world: World, object_id: str) -> Edge:
    return Edge(lambda: [comment_node(world, c) for c in world.comments_under(object_id)], COMMENT)


def _person(psid: str) -> Json:
    return {"name": f"Person {psid}", "email": f"{psid}@facebook.com", "id": psid}


def _page(page: Page) -> Json:
    return {"name": page.name, "email": f"{page.id}@facebook.com", "id": page.id}
