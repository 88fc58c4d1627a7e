"""What there is: pages, comments, posts, messages."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Page:
    """A Facebook Page, the token that acts as it, and what is linked to it: Instagram, a number of WhatsApp."""

    id: str
    token: str
    name: str
    instagram_id: str = ""
    number_id: str = ""
    business_id: str = ""


PAGE = Page(
    id="100200300400500",
    token="demo-page-token",  # noqa: S106 - opens nothing
    name="Mercy Hospital",
    instagram_id="17841400000000001",
    number_id="106540352242922",
    business_id="102290129340398",
)


@dataclass(frozen=True, slots=True)
class App:
    """The app to which everything is subscribed; its token is made of its id and its secret."""

    id: str
    secret: str
    name: str

    @property
    def token(self) -> str:
        """Give the app's own access token."""
        return f"{self.id}|{self.secret}"


APP = App(id="700800900", secret="sample-app-secret", name="Switchboard")  # noqa: S106 - opens nothing


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
    attachment: str | None = None


@dataclass(slots=True)
class Post:
    """A post of a page, or of a visitor there; *tagged* is one elsewhere that mentions the page.

    One with *scheduled_publish_time* goes out by itself when that has come.
    """

    id: str
    page_id: str
    message: str
    created_time: datetime
    published: bool = True
    scheduled_publish_time: datetime | None = None
    listed: bool = True
    by_page: bool = True
    from_id: str | None = None
    from_name: str | None = None
    tagged: bool = False
    status_type: str = "mobile_status_update"
    picture_url: str = ""
    picture_alt: str = ""

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
    """One message between a page and a person (*psid*), either way, on Messenger or Instagram."""

    id: str
    page_id: str
    psid: str
    text: str
    created_time: datetime
    by_page: bool
    messaging_type: str | None = None
    tag: str | None = None
    comment_id: str | None = None
    platform: str = "messenger"
    attachments: tuple[str, ...] = ()
    sticker: str | None = None


@dataclass(slots=True)
class Media:
    """What an Instagram account showed."""

    id: str
    page_id: str
    caption: str
    timestamp: datetime


@dataclass(slots=True)
class Remark:
    """A comment on Instagram, under *media_id*, or the reply to another, *parent_id*."""

    id: str
    media_id: str
    text: str
    timestamp: datetime
    parent_id: str | None = None
    from_id: str | None = None
    username: str | None = None
