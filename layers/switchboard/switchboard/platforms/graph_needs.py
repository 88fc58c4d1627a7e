"""What each of Meta's platforms needs so that a channel rings: which fields of the webhook, and which permissions.

https://developers.facebook.com/docs/graph-api/webhooks/reference/page
https://developers.facebook.com/docs/graph-api/webhooks/reference/instagram
https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What one platform needs. Without one of *fields* it does not ring; without one of *wanted* it misses something.

    *account* is what the account is called, *named* what its webhooks are called. *holder* says who is asked which
    fields it sends: the account itself, whom the token acts as, or the WhatsApp business account of the number.
    """

    account: str
    named: str
    holder: Literal["account", "me", "business"]
    fields: tuple[str, ...]
    wanted: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    by_account: bool = True
    """Whether the account chooses fields; else it sends an app all or nothing, and the app chooses."""


_INBOX = ("message_echoes", "messaging_postbacks")

FACEBOOK = Needs(
    account="Page",
    named="page",
    holder="account",
    fields=("feed", "messages"),
    wanted=("mention", "ratings", *_INBOX),
    scopes=(
        "pages_manage_engagement",
        "pages_manage_metadata",
        "pages_messaging",
        "pages_read_engagement",
        "pages_read_user_content",
    ),
)
MESSENGER = Needs(
    account="Page",
    named="page",
    holder="account",
    fields=("messages",),
    wanted=_INBOX,
    scopes=("pages_manage_metadata", "pages_messaging"),
)
INSTAGRAM = Needs(
    account="Instagram account",
    named="instagram",
    holder="me",
    fields=("comments", "mentions", "messages"),
    wanted=("messaging_postbacks",),
    by_account=False,
)
WHATSAPP = Needs(
    account="phone number",
    named="whatsapp_business_account",
    holder="business",
    fields=("messages",),
    scopes=("whatsapp_business_management", "whatsapp_business_messaging"),
    by_account=False,
)
