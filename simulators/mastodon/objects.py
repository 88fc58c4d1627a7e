"""What there is: accounts, statuses, notifications, and the application that our token belongs to."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody on the server; *display_name* may be empty, as many people leave it."""

    id: str
    username: str
    display_name: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """What our token belongs to, and what it may do."""

    token: str
    name: str = "Switchboard"
    scopes: tuple[str, ...] = ("read", "write:statuses")


@dataclass(slots=True)
class Status:
    """What an account said. *text* is what was typed; people are mentioned in it as @username."""

    id: str
    account: Account
    text: str
    created_at: datetime
    visibility: str = "public"
    spoiler_text: str = ""
    in_reply_to_id: str | None = None
    edited_at: datetime | None = None
    media: tuple[str, ...] = ()
    poll: tuple[str, ...] = ()
    mentioned: list[Account] = field(default_factory=list[Account])
    by_api: bool = False


@dataclass(frozen=True, slots=True)
class Notification:
    """What our account was told: the type, who did it, and the status that it is about, if any."""

    id: str
    type: str
    account: Account
    created_at: datetime
    status_id: str | None = None


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A status that the server publishes later."""

    id: str
    text: str
    scheduled_at: datetime
    visibility: str
    in_reply_to_id: str | None


HOSPITAL = Account(id="1001", username="mercy", display_name="Mercy Hospital")
DEMO = Application(token="demo-mastodon-token")  # noqa: S106 - opens nothing
