"""What there is: pages, comments, posts, messages."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Page:
    """A Facebook Page, and the token that acts as it."""

    id: str
    token: str
    name: str


PAGE = Page(id="100200300400500", token="demo-page-token", name="Mercy Hospital")  # noqa: S106 - opens nothing


@dataclass(slots=True)
class Comment:
    """A comment under *parent_id*: a post or another comment. Meta may withhold who wrote it."""

    id: str
    message: str
    created_time: datetime
    parent_id: str | None = None
    from_id: str | None = None
    from_name: str | None = None
    is_hidden: bool = False
    private_reply: str | None = None
    by_page: bool = False


@dataclass(slots=True)
class Post:
    """A post of a page. One with *scheduled_publish_time* goes out by itself when that has come."""

    id: str
    page_id: str
    message: str
    created_time: datetime
    published: bool = True
    scheduled_publish_time: datetime | None = None
    listed: bool = True

    def is_published(self, now: datetime) -> bool:
        """Say whether people see it at *now*."""
        return self.published or (self.scheduled_publish_time is not None and self.scheduled_publish_time <= now)

    def shown_since(self, now: datetime) -> datetime:
        """Give the `created_time` that Graph shows: for a scheduled post that went out, when it did."""
        if self.scheduled_publish_time is not None and not self.published and self.is_published(now):
            return self.scheduled_publish_time
        return self.created_time


@dataclass(frozen=True, slots=True)
class Message:
    """One Messenger message between a page and a person (*psid*), either way."""

    id: str
    page_id: str
    psid: str
    text: str
    created_time: datetime
    by_page: bool
    messaging_type: str | None = None
    tag: str | None = None
    comment_id: str | None = None
