"""The simulator, and its control API in Python."""

import re
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from simulators.graph import tokens
from simulators.graph.call import Call
from simulators.graph.control import control
from simulators.graph.edges import perform
from simulators.graph.errors import DEAD_TOKEN, NO_ACCESS_TOKEN, GraphError, unknown_path
from simulators.graph.faults import Fault, Faults, parse_fault
from simulators.graph.objects import APP, PAGE, Comment, Media, Message, Page, Post, Remark
from simulators.graph.wire import WIRE, Json, Reply, Request
from simulators.graph.world import World
from simulators.server import Server

_VERSIONED = re.compile(r"/v\d{1,2}\.\d(/.*)")
_LONGEST_LOG = 10_000


def _utc_now() -> datetime:
    return datetime.now(UTC)


class GraphSimulator:
    """Meta's Graph API on a local port, from entering the `with` block until it is left.

    *now* is the clock; `advance` moves it on. *auto_create_objects*: an id that nobody mentioned stands for a
    comment or post that exists. Everything may be called from any thread.
    """

    def __init__(
        self,
        pages: Sequence[Page] = (PAGE,),
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        now: Callable[[], datetime] = _utc_now,
        auto_create_objects: bool = True,
        refuse_duplicate_posts: bool = False,
        quiet: bool = True,
    ) -> None:
        self._host, self._port, self._quiet = host, port, quiet
        self._clock, self._advanced = now, timedelta()
        self._world = World(
            pages,
            self.now,
            auto_create_objects=auto_create_objects,
            refuse_duplicate_posts=refuse_duplicate_posts,
        )
        self._first = pages[0]
        self._faults = Faults()
        self._requests: deque[Json] = deque(maxlen=_LONGEST_LOG)
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._server: Server | None = None

    def __enter__(self) -> Self:
        self._stopping.clear()
        self._server = Server(self.answer, WIRE, self._host, self._port, quiet=self._quiet)
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        if self._server is not None:
            self._server.close()
            self._server = None

    @property
    def url(self) -> str:
        """Give the address to put before `/v23.0/...`."""
        port = self._port if self._server is None else self._server.port
        return f"http://{self._host}:{port}"

    # What the platform's side does

    def seed_comment(
        self,
        comment_id: str,
        message: str = "When does the pharmacy open?",
        *,
        parent_id: str | None = None,
        from_id: str | None = "7001",
        from_name: str | None = "Ann Author",
        created_time: datetime | None = None,
        attachment: str | None = None,
    ) -> None:
        """Let somebody comment on *parent_id* (a post, or another comment)."""
        when = created_time or self.now()
        with self._lock:
            self._world.deleted.discard(comment_id)
            self._world.comments[comment_id] = Comment(
                comment_id, message, when, parent_id, from_id, from_name, attachment=attachment
            )

    def seed_post(
        self,
        message: str,
        *,
        post_id: str | None = None,
        page_id: str | None = None,
        created_time: datetime | None = None,
        scheduled_publish_time: datetime | None = None,
    ) -> str:
        """Let a page post, or plan a post, in Meta's own tools; gives the post's id."""
        page = page_id or self._first.id
        when = created_time or self.now()
        with self._lock:
            chosen = post_id or f"{page}_{self._world.number()}"
            self._world.deleted.discard(chosen)
            self._world.posts[chosen] = Post(
                chosen, page, message, when, scheduled_publish_time is None, scheduled_publish_time
            )
        return chosen

    def seed_visit(self, message: str, *, post_id: str, created_time: datetime | None = None, **more: Any) -> None:  # noqa: ANN401 - the fields of Post
        """Let a visitor post on the page, or elsewhere with its name (`tagged=True`); *more* are fields of `Post`."""
        who = {"from_id": "7001", "from_name": "Ann Author", "by_page": False}
        with self._lock:
            when = created_time or self.now()
            self._world.posts[post_id] = Post(post_id, self._first.id, message, when, **_over(who, more))

    def seed_media(self, media_id: str, *, timestamp: datetime | None = None) -> None:
        """Let the Instagram account show something."""
        with self._lock:
            self._world.media[media_id] = Media(media_id, self._first.id, "A picture", timestamp or self.now())

    def seed_remark(self, remark_id: str, media_id: str, text: str = "Is it free?", **more: Any) -> None:  # noqa: ANN401 - the fields of Remark
        """Let somebody comment on Instagram; *more* are fields of `Remark`."""
        who = {"from_id": "6001", "username": "ann.author", "timestamp": self.now()}
        with self._lock:
            self._world.remarks[remark_id] = Remark(remark_id, media_id, text, **_over(who, more))

    def subscribe(self, name: str, *fields: str, active: bool = True) -> None:
        """Let the app choose *fields* of the webhook called *name* ("page", "instagram", …); none: not at all."""
        with self._lock:
            (self._world.inactive.discard if active else self._world.inactive.add)(name)
            self._world.app_fields[name] = list(fields)

    def subscribe_business(self, business_id: str) -> None:
        """Let a business account on WhatsApp send to the app."""
        with self._lock:
            self._world.subscribed_fields[business_id] = ["messages"]

    def say_of_token(self, **facts: Any) -> None:  # noqa: ANN401 - any JSON
        """Let `debug_token` say this of every token, in place of what it says usually."""
        with self._lock:
            self._world.token_facts.update(facts)

    def receive_message(
        self,
        psid: str,
        text: str = "Hello?",
        *,
        message_id: str | None = None,
        page_id: str | None = None,
        created_time: datetime | None = None,
        **more: Any,  # noqa: ANN401 - the fields of Message
    ) -> str:
        """Let a person write to a page, which opens the window for answers; gives the message's id.

        *more* are other fields of `Message`: `platform="instagram"`, `attachments=("image/jpeg",)`.
        """
        page, when = page_id or self._first.id, created_time or self.now()
        with self._lock:
            mid = message_id or f"m_{self._world.number()}"
            self._world.messages.append(Message(mid, page, psid, text, when, **_over({"by_page": False}, more)))
        return mid

    def delete(self, object_id: str) -> None:
        """Delete a comment (with the replies to it) or post, or make a person unreachable on Messenger."""
        with self._lock:
            self._world.deleted.add(object_id)

    def kill_token(self, page_id: str | None = None) -> None:
        """Refuse the page's token from now on."""
        with self._lock:
            self._world.dead_tokens.add(self._world.pages[page_id or self._first.id].token)

    def revive_token(self, page_id: str | None = None) -> None:
        """Accept the page's token again, as after somebody connected the page anew."""
        with self._lock:
            self._world.dead_tokens.discard(self._world.pages[page_id or self._first.id].token)

    def advance(self, by: timedelta) -> None:
        """Move the clock on."""
        with self._lock:
            self._advanced += by

    # What goes wrong

    def fail(self, **fault: Any) -> None:  # noqa: ANN401 - the fields of Fault; a wrong one is refused by name
        """Let the next requests suffer a `Fault` with these fields."""
        self.add_fault(parse_fault(fault))

    def add_fault(self, fault: Fault) -> None:
        """Let the next requests suffer *fault*, after the faults that wait already."""
        with self._lock:
            self._faults.add(fault)

    def reset(self) -> None:
        """Forget objects, faults, dead tokens, the log and moved time; ids go on counting."""
        with self._lock:
            self._world.clear()
            self._faults.clear()
            self._requests.clear()
            self._advanced = timedelta()

    # What happened

    def now(self) -> datetime:
        """Give the simulated time."""
        return self._clock() + self._advanced

    @property
    def answers(self) -> list[Comment]:
        """List the comments that pages wrote through the API, oldest first, deleted ones too."""
        with self._lock:
            return [comment for comment in self._world.comments.values() if comment.by_page]

    @property
    def messages(self) -> list[Message]:
        """List the Messenger messages that pages sent, oldest first."""
        with self._lock:
            return [message for message in self._world.messages if message.by_page]

    @property
    def posts(self) -> list[Post]:
        """List the posts, oldest first, deleted ones too."""
        with self._lock:
            return [post for post in self._world.posts.values() if post.listed and post.by_page]

    @property
    def requests(self) -> list[Json]:
        """List what was sent, oldest first: time, method, path, params without the token, and what came of it."""
        with self._lock:
            return list(self._requests)

    def state(self) -> Json:
        """Give all of it as JSON."""
        with self._lock:
            world, now = self._world, self.now()
            return {
                "now": now.isoformat(),
                "pages": [
                    {"id": p.id, "name": p.name, "token_dead": p.token in world.dead_tokens}
                    for p in world.pages.values()
                ],
                "answers": [self._seen(comment) for comment in self.answers],
                "comments": [self._seen(c) for c in world.comments.values() if not c.by_page],
                "messages": [_plain(asdict(message)) for message in self.messages],
                "received": [_plain(asdict(m)) for m in world.messages if not m.by_page],
                "posts": [self._seen(post) | {"is_published": post.is_published(now)} for post in self.posts],
                "requests": self.requests,
                "faults": self._faults.waiting(),
            }

    def _seen(self, thing: Comment | Post) -> Json:
        return _plain(asdict(thing)) | {"deleted": self._world.is_gone(thing.id)}

    # What comes over HTTP

    def answer(self, request: Request) -> Reply | None:
        """Answer one request; `None` to hang up."""
        if request.path.startswith("/_simulator/"):
            return control(self, request)
        versioned = _VERSIONED.fullmatch(request.path)
        path = versioned[1] if versioned else request.path
        with self._lock:
            fault = self._faults.take(request.method, path)
            reply = None
            if fault is None or fault.performed:
                reply = self._perform(request, path if versioned else None)
            performed = reply is not None and reply.status < 400  # noqa: PLR2004 - refused from here on
            if fault is not None:
                page = self._page_of(request.token)
                reply = fault.reply((page or self._first).id)
            self._record(request, reply, performed=performed, fault=fault is not None)
        if fault is not None and fault.timeout is not None:
            self._stopping.wait(fault.timeout)
        return reply

    def _perform(self, request: Request, path: str | None) -> Reply:
        page = self._page_of(request.token)
        try:
            if path is None:
                raise unknown_path(request.path)
            if request.token == APP.token and path == f"/{APP.id}/subscriptions":
                return Reply(200, tokens.subscriptions(self._world))
            if page is None or request.token in self._world.dead_tokens:
                raise _refused(request, path, known=page is not None)
            address = f"{self.url}{request.path}?{urlencode({'access_token': request.token})}"
            return Reply(200, perform(self._world, Call(request.method, path, request.params, page, address)))
        except GraphError as error:
            return error.reply((page or self._first).id)

    def _page_of(self, token: str) -> Page | None:
        return next((page for page in self._world.pages.values() if page.token == token), None)

    def _record(self, request: Request, reply: Reply | None, *, performed: bool, fault: bool) -> None:
        error = reply.body.get("error") if reply and isinstance(reply.body, dict) else None
        self._requests.append(
            {
                "time": self.now().isoformat(),
                "method": request.method,
                "path": request.path,
                "params": {name: value for name, value in request.params.items() if name != "input_token"},
                "status": reply.status if reply else None,
                "error": error["code"] if error else None,
                "performed": performed,
                "fault": fault,
            }
        )


def _over(usual: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    return usual | given


def _refused(request: Request, path: str, *, known: bool) -> GraphError:
    if known:
        return GraphError(DEAD_TOKEN)
    if request.token:
        return GraphError(DEAD_TOKEN, "Invalid OAuth access token - Cannot parse access token")
    if path.strip("/").partition("/")[0] == "me":
        return GraphError(2500, "An active access token must be used to query information about the current user.")
    return GraphError(NO_ACCESS_TOKEN)


def _plain(thing: Json) -> Json:
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in thing.items() if k != "listed"}
