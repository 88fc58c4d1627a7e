"""Posting, planning, and reading the feed.

https://developers.facebook.com/docs/pages-api/posts
"""

from datetime import datetime, timedelta

from simulators.graph import nodes
from simulators.graph.call import Call
from simulators.graph.errors import GraphError, invalid
from simulators.graph.objects import Post
from simulators.graph.shapes import page_of, parse_time
from simulators.graph.wire import Json
from simulators.graph.world import World

_SOONEST, _LATEST = timedelta(minutes=10), timedelta(days=75)


def publish(world: World, call: Call) -> Json:
    """Post now, plan for later, or keep unpublished."""
    message, now = call.text("message"), world.now()
    if not message and not call.text("link"):
        raise invalid("param message must be non-empty.")
    published = call.flag("published", default=True)
    planned = None
    if "scheduled_publish_time" in call.params:
        if published:
            raise invalid("You cannot specify a scheduled publish time on a published post")
        planned = _planned(world, call)
    if world.refuse_duplicate_posts and any(post.message == message for post in world.posts_of(call.page.id)[:1]):
        raise GraphError(506)
    post = Post(f"{call.page.id}_{world.number()}", call.page.id, message, now, published, planned)
    world.posts[post.id] = post
    return {"id": post.id}


def publish_photo(world: World, call: Call) -> Json:
    """Post a picture from the web with its caption. It has an id of its own beside that of the post.

    https://developers.facebook.com/docs/graph-api/reference/page/photos/
    """
    url = call.text("url")
    if not url.startswith(("http://", "https://")):
        raise invalid("(#100) Must upload a photo")
    post = Post(
        f"{call.page.id}_{world.number()}",
        call.page.id,
        call.text("caption"),
        world.now(),
        status_type="added_photos",
        picture_url=url,
        picture_alt=call.text("alt_text_custom"),
    )
    world.posts[post.id] = post
    return {"id": str(world.number()), "post_id": post.id}


def list_feed(world: World, call: Call) -> Json:
    """List what people see on the page, its own and visitors' posts, newest first."""
    return _list_visible(world, call, world.posts_of(call.page.id))


def list_published(world: World, call: Call) -> Json:
    """List what the page published, newest first."""
    return _list_visible(world, call, [post for post in world.posts_of(call.page.id) if post.by_page])


def list_tagged(world: World, call: Call) -> Json:
    """List posts elsewhere that mention the page, newest first."""
    return _list_visible(world, call, world.posts_of(call.page.id, tagged=True))


def no_ratings(_world: World, _call: Call) -> Json:
    """Give no reviews: since v22 nobody gets them."""
    raise GraphError(12, "(#12) ratings edge is deprecated for versions v22.0 and higher")


def _list_visible(world: World, call: Call, posts: list[Post]) -> Json:
    now = world.now()
    posts = [post for post in posts if post.is_published(now)]
    if "since" in call.params:
        since = parse_time(call.params["since"])
        posts = [post for post in posts if post.shown_since(now) >= since]
    if "until" in call.params:
        until = parse_time(call.params["until"])
        posts = [post for post in posts if post.shown_since(now) <= until]
    return _post_list(world, call, posts)


def list_scheduled(world: World, call: Call) -> Json:
    """List what is planned, soonest first."""
    now = world.now()
    planned = [
        (post.scheduled_publish_time, post)
        for post in world.posts_of(call.page.id)
        if post.scheduled_publish_time is not None and not post.is_published(now)
    ]
    return _post_list(world, call, [post for _, post in sorted(planned, key=lambda pair: pair[0])])


def change_plan(world: World, call: Call, post: Post) -> None:
    """Move a planned post, or publish it at once."""
    if post.is_published(world.now()):
        raise invalid("You cannot change the publish time of a post that is already published")
    if call.flag("is_published", default=False):
        post.published, post.scheduled_publish_time, post.created_time = True, None, world.now()
    elif "scheduled_publish_time" in call.params:
        post.scheduled_publish_time = _planned(world, call)


def _planned(world: World, call: Call) -> datetime:
    planned = parse_time(call.params["scheduled_publish_time"])
    if not _SOONEST <= planned - world.now() <= _LATEST:
        raise invalid("The specified scheduled publish time is invalid.")
    return planned


def _post_list(world: World, call: Call, posts: list[Post]) -> Json:
    return page_of([nodes.post_node(world, p) for p in posts], call.params, nodes.POST, call.address)
