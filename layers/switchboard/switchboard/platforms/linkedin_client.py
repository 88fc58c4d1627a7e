"""LinkedIn's API: one request in, parsed JSON out, every failure as one of ours.

https://learn.microsoft.com/linkedin/marketing/versioning: each request names a version, which is served for a year at
least. Tokens are looked at on another host than all the rest.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from switchboard.errors import Misconfigured, Rejected
from switchboard.platforms.fields import dict_of, list_of
from switchboard.platforms.http import Api

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import httpx

    from switchboard.errors import SwitchboardError
    from switchboard.platforms.http import Reply

VERSION = "202607"
EVENTS = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
_LARGEST_PAGE = 100
_MOST_PAGES = 5
_UPGRADE_REQUIRED = 426
_USABLE = re.compile(r"[\x21-\x7e]{1,4096}")


class LinkedInClient:
    """A thin client. *url* is the API's, without `/rest`. What it raises is `Api`'s, and Rejected "old_version"."""

    def __init__(self, url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        login = url.replace("://api.linkedin.com", "://www.linkedin.com")
        self._api = Api(url, name="LinkedIn", meaning=_meaning, transport=transport)
        self._login = Api(login, name="LinkedIn", transport=transport)

    def administered(self, token: str, *, now: datetime) -> Iterator[Reply]:
        """Read which organisations the token's member administers: pages of 100 elements, five at most."""
        for start in range(0, _LARGEST_PAGE * _MOST_PAGES, _LARGEST_PAGE):
            params = {"q": "roleAssignee", "role": "ADMINISTRATOR", "state": "APPROVED"}
            reply = self._get("/rest/organizationAcls", token, {**params, "start": start, "count": _LARGEST_PAGE}, now)
            yield reply
            if len(elements(reply)) < _LARGEST_PAGE:
                return

    def subscriptions(self, token: str, *, now: datetime) -> Reply:
        """Read which webhooks the token's member has subscribed to organisations' social actions."""
        return self._get("/rest/eventSubscriptions", token, {"q": "subscriberAndEventType", "eventType": EVENTS}, now)

    def introspected(self, token: str, client_id: str, client_secret: str, *, now: datetime) -> Reply:
        """Read what LinkedIn knows of *token*; raise Misconfigured or Rejected for a wrong client.

        https://learn.microsoft.com/linkedin/shared/authentication/token-introspection
        """
        for part in (token, client_id, client_secret):
            _usable(part)
        form = {"client_id": client_id, "client_secret": client_secret, "token": token}
        return self._login.send("POST", "/oauth/v2/introspectToken", form=form, now=now)

    def _get(self, path: str, token: str, params: dict[str, Any], now: datetime) -> Reply:
        _usable(token)
        headers = {
            "Authorization": f"Bearer {token}",
            "Linkedin-Version": VERSION,
            "X-Restli-Protocol-Version": "2.0.0",
        }
        return self._api.get(path, headers=headers, params=params, now=now)


def elements(reply: Reply) -> list[dict[str, Any]]:
    """Return the objects in the list that LinkedIn calls `elements`."""
    return [dict_of(one) for one in list_of(dict_of(reply.json).get("elements"))]


def _usable(credential: str) -> None:
    if not _USABLE.fullmatch(credential):
        raise Misconfigured("the channel's secret has no usable access_token")


def _meaning(reply: Reply) -> SwitchboardError | None:
    if reply.status != _UPGRADE_REQUIRED:
        return None
    return Rejected(f"LinkedIn no longer serves version {VERSION} of its API", reason="old_version")
