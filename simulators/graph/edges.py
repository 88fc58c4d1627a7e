"""What each path does.

Checked against Meta's own API specifications (`facebook/facebook-business-sdk-codegen`: Page, PagePost, Comment,
UnifiedThread) and https://developers.facebook.com/docs/messenger-platform/reference/send-api.
"""

from collections.abc import Callable

from simulators.graph import instagram, nodes, tokens
from simulators.graph.call import Call
from simulators.graph.comments import comment_text, on_comments
from simulators.graph.errors import invalid, not_there, unknown_path
from simulators.graph.messenger import send
from simulators.graph.objects import Comment, Post
from simulators.graph.posts import (
    change_plan,
    list_feed,
    list_published,
    list_scheduled,
    list_tagged,
    no_ratings,
    publish,
    publish_photo,
)
from simulators.graph.shapes import page_of, parse_fields, select
from simulators.graph.wire import Json
from simulators.graph.world import Missing, World


def perform(world: World, call: Call) -> Json:
    """Do what *call* asks, and give the body of the answer; GraphError when Graph refuses."""
    object_id, _, edge = call.path.strip("/").partition("/")
    object_id = call.page.id if object_id == "me" else object_id
    try:
        if object_id == "debug_token" and not edge:
            return tokens.debugged(world, call)
        if object_id and object_id in (call.page.number_id, call.page.business_id):
            return tokens.on_whatsapp(world, call, object_id, edge)
        if instagram.knows(world, call, object_id):
            return instagram.perform(world, call, object_id, edge)
        if not edge:
            return _object(world, call, object_id)
        if edge in _PAGE_EDGES and object_id.partition("_")[0] != "t":
            return _on_page(world, call, object_id, edge)
        if edge == "comments":
            return on_comments(world, call, object_id)
        if edge == "messages" and call.method == "GET":
            return _thread_messages(world, call, object_id)
    except Missing as exc:
        raise not_there(call.method, exc.object_id) from exc
    raise unknown_path(f"/{edge}")


def _on_page(world: World, call: Call, page_id: str, edge: str) -> Json:
    # A page token opens only its own page; Graph says of another what it says of a deleted one.
    if page_id != call.page.id:
        raise Missing(page_id)
    action = _PAGE_EDGES[edge].get(call.method)
    if action is None:
        raise not_there(call.method, page_id)
    return action(world, call)


def _object(world: World, call: Call, object_id: str) -> Json:
    match call.method:
        case "GET":
            node, usual = _node(world, call, object_id)
            return select(node, parse_fields(call.text("fields") or usual))
        case "POST" if object_id not in world.pages:
            return _change(world, call, world.find(object_id))
        case "DELETE" if object_id not in world.pages:
            world.find(object_id)
            world.deleted.add(object_id)
            return {"success": True}
        case _:
            raise not_there(call.method, object_id)


def _node(world: World, call: Call, object_id: str) -> tuple[Json, str]:
    if object_id == call.page.id:
        return nodes.page_node(call.page), nodes.PAGE
    if object_id in world.pages:
        raise Missing(object_id)
    if object_id.startswith("t_"):
        return _thread(world, call, object_id), nodes.CONVERSATION
    if object_id.startswith("m_"):
        for message in world.messages:
            if message.id == object_id and message.page_id == call.page.id:
                return nodes.message_node(call.page, message), nodes.MESSAGE
        raise Missing(object_id)
    found = world.find(object_id)
    if isinstance(found, Comment):
        return nodes.comment_node(world, found), nodes.COMMENT
    return nodes.post_node(world, found), nodes.POST


def _change(world: World, call: Call, found: Comment | Post) -> Json:
    if isinstance(found, Comment):
        if found.by_page and "message" in call.params:
            found.message = comment_text(call)
        elif "is_hidden" in call.params and not found.by_page:
            found.is_hidden = call.flag("is_hidden", default=False)
        else:
            raise invalid("Invalid parameter")
        return {"success": True}
    if "scheduled_publish_time" in call.params or "is_published" in call.params:
        change_plan(world, call, found)
    if "message" in call.params:
        found.message = call.text("message")
    return {"success": True}


def _conversations(world: World, call: Call) -> Json:
    platform, wanted = (call.text("platform") or "messenger").lower(), call.text("user_id")
    ours = [m for m in world.messages if m.page_id == call.page.id and m.platform == platform]
    people = {m.psid: None for m in sorted(ours, key=lambda message: message.created_time)[::-1]}
    threads = [nodes.conversation_node(world, call.page, p, platform) for p in people if wanted in {"", p}]
    return page_of(threads, call.params, nodes.CONVERSATION, call.address)


def _thread(world: World, call: Call, thread_id: str) -> Json:
    psid = thread_id.removeprefix("t_")
    if not world.conversation(call.page.id, psid):
        raise Missing(thread_id)
    return nodes.conversation_node(world, call.page, psid)


def _thread_messages(world: World, call: Call, thread_id: str) -> Json:
    _thread(world, call, thread_id)
    messages = world.conversation(call.page.id, thread_id.removeprefix("t_"))
    found = [nodes.message_node(call.page, message) for message in messages]
    return page_of(found, call.params, nodes.MESSAGE, call.address)


def _send(world: World, call: Call) -> Json:
    return send(world, call.page, call.params)


def _subscriptions(world: World, call: Call) -> Json:
    fields = world.subscribed_fields.get(call.page.id)
    app = {"category": "Business", "name": world.app.name, "id": world.app.id, "subscribed_fields": fields}
    return {"data": [app] if fields else []}


def _subscribe(world: World, call: Call) -> Json:
    wanted = [name for name in call.text("subscribed_fields").split(",") if name]
    if not wanted:
        raise invalid("The parameter subscribed_fields is required.")
    world.subscribed_fields[call.page.id] = wanted
    return {"success": True}


def _unsubscribe(world: World, call: Call) -> Json:
    world.subscribed_fields.pop(call.page.id, None)
    return {"success": True}


_PAGE_EDGES: dict[str, dict[str, Callable[[World, Call], Json]]] = {
    "feed": {"GET": list_feed, "POST": publish},
    "photos": {"POST": publish_photo},
    "tagged": {"GET": list_tagged},
    "ratings": {"GET": no_ratings},
    "published_posts": {"GET": list_published},
    "scheduled_posts": {"GET": list_scheduled},
    "messages": {"POST": _send},
    "conversations": {"GET": _conversations},
    "subscribed_apps": {"GET": _subscriptions, "POST": _subscribe, "DELETE": _unsubscribe},
}
