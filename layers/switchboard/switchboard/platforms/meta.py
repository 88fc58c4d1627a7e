"""Meta's webhooks for a Page: its feed (Facebook) and its inbox (Messenger) come in one envelope.

https://developers.facebook.com/docs/graph-api/webhooks/reference/page
https://developers.facebook.com/docs/messenger-platform/webhooks
"""

from __future__ import annotations

from switchboard.platforms.meta_account import entries
from switchboard.platforms.meta_envelope import MetaWebhook
from switchboard.platforms.meta_feed import change_of

INBOUND = MetaWebhook("page", entries(change_of, inbox="messenger"))
