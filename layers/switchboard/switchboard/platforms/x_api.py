"""X's API: the mentions that a webhook missed, and what the doctor asks.

https://docs.x.com/x-api/posts/timelines/introduction (mentions)
https://docs.x.com/x-api/webhooks/introduction
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from switchboard.domain.message import Delivery, Ignored, Message
from switchboard.errors import Misconfigured, SwitchboardError, Unavailable
from switchboard.platforms.fields import dict_of, id_of, list_of, moment_of, text_of
from switchboard.platforms.http import Api
from switchboard.platforms.x_activity import post_of
from switchboard.platforms.x_posts import taken
from switchboard.ports import Finding, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    import httpx

    from switchboard.ports import Channel, ChannelSecret

PAGE_SIZE = 100
MOST_SKEW = 60.0
"""Seconds."""
_FIELDS = "attachments,conversation_id,created_at,note_post"
_EXPANSIONS = "author_id,in_reply_to_user_id,referenced_posts,attachments.media_keys"
_CONNECT = "Connect the account again, and store its user access token in the channel's secret."
_USER = re.compile(r"[0-9]{1,24}", re.ASCII)


def polled(url: str) -> XApi:
    """Return who asks."""
    return XApi(url)


def checks(url: str) -> XApi:
    """Return who looks at the credentials."""
    return XApi(url)


class XApi:
    """`ports.Polled` for mentions, and `ports.Checks`. Every post that is read is paid for: so mentions only."""

    def __init__(self, url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self._api = Api(url, name="X", transport=transport)

    def page(self, channel: Channel, secret: ChannelSecret, *, older_than: str, now: datetime) -> Page:
        """Return up to 100 mentions and answers to us, the newest first, as the webhook's newer envelope tells them."""
        if not _USER.fullmatch(channel.account_id):
            raise Misconfigured(f"account_id of channel {channel.name} must be X's user id, in digits")
        params: dict[str, Any] = {
            "max_results": PAGE_SIZE,
            "post.fields": _FIELDS,
            "expansions": _EXPANSIONS,
            "user.fields": "name,username",
            "media.fields": "type",
            **({"pagination_token": older_than} if older_than else {}),
        }
        path = f"/2/users/{channel.account_id}/mentions"
        body = dict_of(self._api.get(path, headers=_authorised(channel, secret), params=params, now=now).json)
        posts = [dict_of(post) for post in list_of(body.get("data"))]
        includes = dict_of(body.get("includes"))
        found = [taken(post, partial(post_of, post, includes, channel, via="poll", now=now)) for post in posts]
        older = text_of(dict_of(body.get("meta")).get("next_token"))
        times = [moment_of(post.get("created_at"), now, now=now) for post in posts if post.get("created_at")]
        return Page(
            delivery=Delivery(
                messages=tuple(part for part in found if isinstance(part, Message)),
                ignored=tuple(part for part in found if isinstance(part, Ignored)),
            ),
            older=older if posts and older != older_than else "",
            reaches_to=min(times, default=None),
        )

    def check(self, channel: Channel, secret: ChannelSecret, *, now: datetime) -> Sequence[Finding]:
        """Return credentials, and where they work subscription (the app's webhooks) and clock."""
        return tuple(self._findings(channel, secret, now))

    def _findings(self, channel: Channel, secret: ChannelSecret, now: datetime) -> Iterator[Finding]:
        try:
            reply = self._api.get("/2/users/me", headers=_authorised(channel, secret), now=now)
        except SwitchboardError as exc:
            remedy = "Try again later." if isinstance(exc, Unavailable) else _CONNECT
            yield Finding(name="credentials", state="failure", detail=f"{exc}.", remedy=remedy)
            return
        user = id_of(dict_of(dict_of(reply.json).get("data")).get("id"))
        if user != channel.account_id:
            detail = f"The token works, for another account ({user})."
            yield Finding(name="credentials", state="failure", detail=detail, remedy=f"{_CONNECT} Or mend account_id.")
        else:
            yield Finding(name="credentials", state="ok", detail="The token works and is the account's.")
        yield self._webhooks(channel, secret, now)
        yield from _clock(reply.headers, now)

    def _webhooks(self, channel: Channel, secret: ChannelSecret, now: datetime) -> Finding:
        """Return whether the app has a webhook for this channel that X holds for valid; only an app may ask."""
        try:
            reply = self._api.get("/2/webhooks", headers=_authorised(channel, secret), now=now)
        except SwitchboardError as exc:
            remedy = "Ask with the app's own bearer token: curl https://api.x.com/2/webhooks"
            return Finding(name="subscription", state="warning", detail=f"It cannot be read: {exc}.", remedy=remedy)
        hooks = [dict_of(hook) for hook in list_of(dict_of(reply.json).get("data"))]
        ours = [hook for hook in hooks if text_of(hook.get("url")).rstrip("/").endswith(f"/webhooks/{channel.name}")]
        if not ours:
            detail = f"No webhook of the app ends in /webhooks/{channel.name}."
            return Finding(name="subscription", state="failure", detail=detail, remedy="Register it: POST /2/webhooks.")
        if not any(hook.get("valid") is True for hook in ours):
            remedy = "Put the consumer secret first in signing_secrets; then PUT /2/webhooks/<id> has X ask again."
            return Finding(name="subscription", state="failure", detail="X holds the webhook for dead.", remedy=remedy)
        return Finding(name="subscription", state="ok", detail="X holds the webhook for valid.")


def _authorised(channel: Channel, secret: ChannelSecret) -> dict[str, str]:
    token = secret.access_token
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise Misconfigured(f"the secret of channel {channel.name} has no usable access_token; connect the account")
    return {"Authorization": f"Bearer {token}"}


def _clock(headers: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    told = next((value for name, value in headers.items() if name.lower() == "date"), "")
    try:
        skew = (now - parsedate_to_datetime(told)).total_seconds()
    except (TypeError, ValueError):
        return
    if abs(skew) > MOST_SKEW:
        detail = f"This clock is {abs(skew):.0f} seconds {'ahead of' if skew > 0 else 'behind'} X's."
        yield Finding(name="clock", state="warning", detail=detail, remedy="Set the clock of this machine.")
    else:
        yield Finding(name="clock", state="ok", detail="The clocks agree.")
