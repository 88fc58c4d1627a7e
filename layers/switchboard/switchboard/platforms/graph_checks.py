"""What the doctor asks of a channel on Meta's platforms: is the token alive and ours, until when, and who sends what.

https://developers.facebook.com/docs/graph-api/reference/debug_token
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from switchboard.errors import SwitchboardError, Unavailable
from switchboard.platforms.fields import dict_of, id_of, list_of, text_of
from switchboard.platforms.findings import clock, sentence
from switchboard.platforms.graph_subscriptions import Subscriptions
from switchboard.ports import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from switchboard.platforms.graph import Answer, Graph, Json
    from switchboard.platforms.graph_needs import Needs
    from switchboard.ports import Channel, ChannelSecret

SOON = timedelta(days=14)
_CONNECT = "Connect the account again, and store the new access token in the channel's secret."
_DEBUGGER = "https://developers.facebook.com/tools/debug/accesstoken shows it."


class GraphChecks:
    """`ports.Checks` for the platform that has these *needs*."""

    def __init__(self, graph: Graph, needs: Needs) -> None:
        self._graph = graph
        self._needs = needs

    def check(self, channel: Channel, secret: ChannelSecret, *, now: datetime) -> Sequence[Finding]:
        """Return credentials, and where they work clock, token_expiry, subscription and fields."""
        # httpx logs addresses, and Graph takes the token that is to be looked at in no other place.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        return tuple(self._findings(channel, secret, now))

    def _findings(self, channel: Channel, secret: ChannelSecret, now: datetime) -> Iterator[Finding]:
        if not channel.account_id:
            detail = f"Channel {channel.name} has no account_id in the automation config."
            remedy = f"Put the {self._needs.account}'s id there."
            yield Finding(name="credentials", state="failure", detail=detail, remedy=remedy)
            return
        try:
            answer = self._graph.look(channel, secret, self._asked(channel), fields="id")
        except SwitchboardError as exc:
            yield self._unusable(exc, channel)
            return
        token = self._debugged(channel, secret)
        yield self._credentials(answer, token, channel)
        yield from clock(answer.date, whose="Facebook's", now=now)
        yield _expiry(token, now)
        yield from Subscriptions(self._graph, self._needs, channel, secret).findings(token)

    def _asked(self, channel: Channel) -> str:
        """Return whom to ask: a Page's token acts as the Page; the other accounts are read by their id."""
        return "me" if self._needs.holder == "account" else channel.account_id

    def _debugged(self, channel: Channel, secret: ChannelSecret) -> Json:
        try:
            answer = self._graph.get(channel, secret, "debug_token", input_token=secret.access_token)
        except SwitchboardError:
            return {}
        return dict_of(answer.get("data"))

    def _credentials(self, answer: Answer, token: Json, channel: Channel) -> Finding:
        account, found = self._needs.account, id_of(answer.body.get("id"))
        if found != channel.account_id:
            detail = f"The token acts as {found or '(unknown)'}, the config says {account} {channel.account_id}."
            remedy = f"Set account_id of channel {channel.name}, or store the token of that {account}."
            return Finding(name="credentials", state="failure", detail=detail, remedy=remedy)
        granted = {text_of(scope) for scope in list_of(token.get("scopes"))}
        missing = [scope for scope in self._needs.scopes if granted and scope not in granted]
        if missing:
            detail = f"The token works for {account} {found}, but lacks permissions: {', '.join(missing)}."
            return Finding(name="credentials", state="warning", detail=detail, remedy=f"Grant them. {_CONNECT}")
        return Finding(name="credentials", state="ok", detail=f"The token works for {account} {found}.")

    def _unusable(self, exc: SwitchboardError, channel: Channel) -> Finding:
        if isinstance(exc, Unavailable):
            detail = f"{sentence(exc)} Whether the token works is not known."
            return Finding(name="credentials", state="warning", detail=detail, remedy="Try again later.")
        remedy = f"{_CONNECT} See that account_id {channel.account_id} is the {self._needs.account}'s."
        return Finding(name="credentials", state="failure", detail=sentence(exc), remedy=remedy)


def _expiry(token: Json, now: datetime) -> Finding:
    """Return when the token or its access to data ends, whichever is first; 0 means never."""
    if "expires_at" not in token and "data_access_expires_at" not in token:
        detail = "Facebook does not say when the token expires."
        return Finding(name="token_expiry", state="warning", detail=detail, remedy=_DEBUGGER)
    ends = [end for name in ("expires_at", "data_access_expires_at") if (end := _moment(token.get(name)))]
    if token.get("is_valid") is False or (ends and min(ends) <= now):
        detail = "The token is not valid any more."
        return Finding(name="token_expiry", state="failure", detail=detail, remedy=_CONNECT)
    if not ends:
        return Finding(name="token_expiry", state="ok", detail="The token does not expire.")
    left = min(ends) - now
    detail = f"The token works for {left.days} more days, until {min(ends):%Y-%m-%d}."
    if left < SOON:
        return Finding(name="token_expiry", state="warning", detail=detail, remedy=f"{_CONNECT} Do it before that day.")
    return Finding(name="token_expiry", state="ok", detail=detail)


def _moment(seconds: object) -> datetime | None:
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds <= 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
