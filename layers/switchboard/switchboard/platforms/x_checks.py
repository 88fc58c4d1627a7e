"""What the doctor asks of an X channel: is the token alive and whose, is the webhook alive, what does X send to it.

https://docs.x.com/x-api/webhooks/introduction
https://docs.x.com/x-api/activity/introduction

A user's token reads its account and its subscriptions, only an app's own token reads the app's webhooks; either may
stand in the channel's secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from switchboard.errors import Misconfigured, SwitchboardError, Unavailable
from switchboard.platforms.fields import dict_of, id_of, list_of, text_of
from switchboard.platforms.findings import clock, date_of, sentence
from switchboard.platforms.x_client import XClient, user_id_of
from switchboard.ports import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    import httpx

    from switchboard.platforms.http import Reply
    from switchboard.ports import Channel, ChannelSecret

NEEDED = frozenset({"post.mention.create", "post.reply.create"})
WANTED = frozenset({"post.quote.create", "dm.received", "chat.received", "post.create", "dm.sent", "chat.sent"})
_CONNECT = "Connect the account again, and store its user access token in the channel's secret."
_SUBSCRIBE = "Subscribe the account to them (POST /2/activity/subscriptions), with the webhook's id."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What X says of the token: *users* whether it is a user's, and not the app's own."""

    findings: tuple[Finding, ...]
    works: bool = False
    users: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hooks:
    """The app's webhooks that lead to this channel; *ids* is None when they cannot be read."""

    finding: Finding
    ids: frozenset[str] | None = None


class XChecks:
    """`ports.Checks` for X."""

    def __init__(self, url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self._client = XClient(url, transport=transport)

    def check(self, channel: Channel, secret: ChannelSecret, *, now: datetime) -> Sequence[Finding]:
        """Return credentials, and where they work clock, subscription (the webhook) and fields (the event types)."""
        told = self._credentials(channel, secret, now)
        if not told.works:
            return told.findings
        hooks = self._hooks(channel, secret, now)
        return (*told.findings, hooks.finding, self._fields(channel, secret, hooks.ids, now, users=told.users))

    def _credentials(self, channel: Channel, secret: ChannelSecret, now: datetime) -> _Told:
        users = True
        try:
            user_id = user_id_of(channel)
            try:
                reply = self._client.get(channel, secret, "/2/users/me", now=now)
            except Misconfigured:  # an app's own token has no "me"
                reply, users = self._client.get(channel, secret, f"/2/users/{user_id}", now=now), False
        except SwitchboardError as exc:
            remedy = "Try again later." if isinstance(exc, Unavailable) else _CONNECT
            return _Told(findings=(_failure("credentials", sentence(exc), remedy),))
        found = id_of(_data(reply).get("id"))
        if found != user_id:
            whose = "for another account" if found else "and X knows no such account"
            detail = f"The token works, {whose} than account_id names." if found else f"The token works, {whose}."
            finding = _failure("credentials", detail, f"{_CONNECT} Or mend account_id.")
        elif users:
            finding = _ok("credentials", "The token works and is the account's.")
        else:
            finding = _ok("credentials", "The token works for what is public; it is the app's, not the account's.")
        return _Told(
            findings=(finding, *clock(date_of(reply.headers), whose="X's", now=now)),
            works=found == user_id,
            users=users,
        )

    def _hooks(self, channel: Channel, secret: ChannelSecret, now: datetime) -> _Hooks:
        try:
            reply = self._client.get(channel, secret, "/2/webhooks", now=now)
        except SwitchboardError as exc:
            remedy = "Only the app's own bearer token may ask: curl https://api.x.com/2/webhooks shows url and valid."
            return _Hooks(finding=_warning("subscription", f"The webhook cannot be read. {sentence(exc)}", remedy))
        hooks = [dict_of(hook) for hook in list_of(dict_of(reply.json).get("data"))]
        ours = [hook for hook in hooks if _leads_to(channel, hook)]
        ids = frozenset(named for hook in ours if (named := id_of(hook.get("id"))).isdecimal())
        if not ours:
            detail = f"No webhook of the app ends in /webhooks/{channel.name}."
            return _Hooks(finding=_failure("subscription", detail, "Register it: POST /2/webhooks."), ids=ids)
        if not any(hook.get("valid") is True for hook in ours):
            remedy = "Put the consumer secret first in signing_secrets; then PUT /2/webhooks/<id> has X ask again."
            return _Hooks(finding=_failure("subscription", "X holds the webhook for dead.", remedy), ids=ids)
        return _Hooks(finding=_ok("subscription", "X holds the webhook for valid."), ids=ids)

    def _fields(
        self, channel: Channel, secret: ChannelSecret, hooks: frozenset[str] | None, now: datetime, *, users: bool
    ) -> Finding:
        try:
            reply = self._client.get(
                channel, secret, "/2/activity/subscriptions", params={"max_results": 1000}, now=now
            )
            kinds = frozenset(_kinds(reply, channel, hooks))
            if not kinds and any(self._all(channel, secret, hook, now, users=users) for hook in sorted(hooks or ())):
                remedy = "X ends the Account Activity API: move to the X Activity API."
                return _warning("fields", "All comes by the Account Activity API, which X will end.", remedy)
        except SwitchboardError as exc:
            remedy = "Try again later." if isinstance(exc, Unavailable) else _CONNECT
            return _warning("fields", f"The subscriptions cannot be read. {sentence(exc)}", remedy)
        missing = sorted((NEEDED | WANTED) - kinds)
        if not missing:
            return _ok("fields", "X sends all that people write, and what we answer.")
        if not kinds and hooks is None:
            detail = "The X Activity API sends nothing; whether the Account Activity API does cannot be told."
            return _warning("fields", detail, f"Look with the app's own bearer token. {_SUBSCRIBE}")
        tell = _failure if NEEDED - kinds else _warning
        return tell("fields", f"Not subscribed: {', '.join(missing)}.", _SUBSCRIBE)

    def _all(self, channel: Channel, secret: ChannelSecret, hook: str, now: datetime, *, users: bool) -> bool:
        """Whether the webhook *hook* is sent everything, by the Account Activity API."""
        path = f"/2/account_activity/webhooks/{hook}/subscriptions/all"
        if users:
            return _data(self._client.get(channel, secret, path, now=now)).get("subscribed") is True
        told = _data(self._client.get(channel, secret, f"{path}/list", now=now))
        return any(
            id_of(dict_of(one).get("user_id")) == channel.account_id for one in list_of(told.get("subscriptions"))
        )


def _kinds(reply: Reply, channel: Channel, hooks: frozenset[str] | None) -> Iterator[str]:
    """Yield the event types that are sent to a webhook of this channel, or to any while they are not known."""
    for one in map(dict_of, list_of(dict_of(reply.json).get("data"))):
        hook, user = id_of(one.get("webhook_id")), id_of(dict_of(one.get("filter")).get("user_id"))
        if user == channel.account_id and hook and (hooks is None or hook in hooks):
            yield text_of(one.get("event_type"))


def _data(reply: Reply) -> dict[str, Any]:
    return dict_of(dict_of(reply.json).get("data"))


def _leads_to(channel: Channel, hook: dict[str, Any]) -> bool:
    return text_of(hook.get("url")).partition("?")[0].rstrip("/").endswith(f"/webhooks/{channel.name}")


def _ok(name: str, detail: str) -> Finding:
    return Finding(name=name, state="ok", detail=detail)


def _failure(name: str, detail: str, remedy: str) -> Finding:
    return Finding(name=name, state="failure", detail=detail, remedy=remedy)


def _warning(name: str, detail: str, remedy: str) -> Finding:
    return Finding(name=name, state="warning", detail=detail, remedy=remedy)
