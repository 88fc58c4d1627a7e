"""All objects together, and which of them can be seen."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from simulators.graph.objects import APP, Comment, Media, Message, Page, Post, Remark

_AN_ID = re.compile(r"(?=.*\d)[\w.:-]+")
_NEVER_SEEN = "(a comment the simulator was not told of)"


class Missing(Exception):
    """An object was deleted, never was, or belongs to somebody else."""

    def __init__(self, object_id: str) -> None:
        super().__init__(object_id)
        self.object_id = object_id


class World:
    """Everything that the simulator knows. Not thread-safe: the simulator holds a lock around it.

    With *auto_create_objects* an id that nobody mentioned stands for a comment (or, when it begins with a page's
    id, a post) that exists. Numbers in ids never repeat, not even after `clear`.
    """

    def __init__(
        self,
        pages: Sequence[Page],
        now: Callable[[], datetime],
        *,
        auto_create_objects: bool,
        refuse_duplicate_posts: bool,
    ) -> None:
        self.pages = {page.id: page for page in pages}
        self.now = now
        self.auto_create_objects = auto_create_objects
        self.refuse_duplicate_posts = refuse_duplicate_posts
        self.comments: dict[str, Comment] = {}
        self.posts: dict[str, Post] = {}
        self.messages: list[Message] = []
        self.deleted: set[str] = set()
        self.dead_tokens: set[str] = set()
        self.subscribed_fields: dict[str, list[str]] = {}
        self.app_fields: dict[str, list[str]] = {}
        self.inactive: set[str] = set()
        self.token_facts: dict[str, object] = {}
        self.media: dict[str, Media] = {}
        self.remarks: dict[str, Remark] = {}
        self.app = APP
        self._last_number = int(now().timestamp() * 1000)

    def clear(self) -> None:
        """Forget everything but the pages."""
        for collection in (self.comments, self.posts, self.messages, self.deleted, self.dead_tokens):
            collection.clear()
        self.inactive.clear()
        for named in (self.subscribed_fields, self.app_fields, self.token_facts, self.media, self.remarks):
            named.clear()

    def number(self) -> int:
        """Give a number that no id has yet."""
        self._last_number += 1
        return self._last_number

    def find(self, object_id: str) -> Comment | Post:
        """Give the comment or post; `Missing` when there is none to see."""
        if self.is_gone(object_id):
            raise Missing(object_id)
        known = self.comments.get(object_id) or self.posts.get(object_id)
        if known is not None:
            return known
        if not self.auto_create_objects or _AN_ID.fullmatch(object_id) is None:
            raise Missing(object_id)
        return self._imagine(object_id)

    def comments_under(self, parent_id: str) -> Iterator[Comment]:
        """Give the comments directly under a post or comment, oldest first."""
        children = [c for c in self.comments.values() if c.parent_id == parent_id and not self.is_gone(c.id)]
        yield from sorted(children, key=lambda comment: comment.created_time)

    def all_comments_under(self, parent_id: str) -> Iterator[Comment]:
        """Give the comments under a post or comment with the replies to them."""
        for comment in self.comments_under(parent_id):
            yield comment
            yield from self.all_comments_under(comment.id)

    def posts_of(self, page_id: str, *, tagged: bool = False) -> list[Post]:
        """Give the posts on the page, or elsewhere with its name, that still exist: newest first, planned ones too."""
        now = self.now()
        posts = [p for p in self.posts.values() if p.page_id == page_id and p.listed and p.id not in self.deleted]
        posts = [post for post in posts if post.tagged == tagged]
        return sorted(posts, key=lambda post: post.shown_since(now))[::-1]

    def conversation(self, page_id: str, psid: str) -> list[Message]:
        """Give what a page and a person wrote to each other, newest first."""
        messages = [m for m in self.messages if (m.page_id, m.psid) == (page_id, psid)]
        return sorted(messages, key=lambda message: message.created_time)[::-1]

    def last_inbound(self, page_id: str, psid: str) -> datetime | None:
        """Say when the person last wrote; `None` when the simulator was not told."""
        return next((m.created_time for m in self.conversation(page_id, psid) if not m.by_page), None)

    def is_gone(self, object_id: str) -> bool:
        """Say whether it was deleted; a deleted comment takes the replies under it along."""
        seen: set[str] = set()
        current: str | None = object_id
        while current is not None and current not in seen:
            if current in self.deleted:
                return True
            seen.add(current)
            comment = self.comments.get(current)
            current = comment.parent_id if comment else None
        return False

    def _imagine(self, object_id: str) -> Comment | Post:
        owner = object_id.partition("_")[0]
        if owner in self.pages and owner != object_id:
            post = Post(object_id, owner, "", self.now(), listed=False)
            self.posts[object_id] = post
            return post
        comment = Comment(object_id, _NEVER_SEEN, self.now())
        self.comments[object_id] = comment
        return comment
