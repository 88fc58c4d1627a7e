"""What the doctor asks of a LinkedIn channel: is the token alive, until when, may it hear the organisation, does it.

https://learn.microsoft.com/linkedin/marketing/community-management/organizations/organization-access-control-by-role
https://learn.microsoft.com/linkedin/marketing/community-management/organizations/organization-social-action-notifications

A subscription ends without a word when its member takes the permission back or is no administrator any more.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from switchboard.errors import Misconfigured, Rejected, SwitchboardError
from switchboard.platforms.fields import dict_of, event_json, moment_of, text_of
from switchboard.platforms.findings import clock, date_of
from switchboard.platforms.linkedin_client import EVENTS, elements
from switchboard.ports import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from switchboard.platforms.linkedin_client import LinkedInClient
    from switchboard.ports import Channel, ChannelSecret

SOON = timedelta(days=14)
NEEDED = "rw_organization_admin"
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_ORGANISATION = re.compile(r"urn:li:organization(?:Brand)?:[0-9]{1,32}", re.ASCII)
_CONNECT = "Connect the organisation again as one of its administrators, and store the access_token in the secret."
_SUBSCRIBE = f"Subscribe the webhook to {EVENTS} for the organisation (eventSubscriptions)."


class LinkedInChecks:
    """`ports.Checks` for LinkedIn."""

    def __init__(self, client: LinkedInClient) -> None:
        self._client = client

    def check(self, channel: Channel, secret: ChannelSecret, *, now: datetime) -> Sequence[Finding]:
        """Return credentials, and as far as they can be told clock, token_expiry, fields (the scopes), subscription."""
        return tuple(self._findings(channel, secret, now))

    def _findings(self, channel: Channel, secret: ChannelSecret, now: datetime) -> Iterator[Finding]:
        if not _ORGANISATION.fullmatch(channel.account_id):
            detail = f"The account_id of channel {channel.name} does not name an organisation."
            yield _failure("credentials", detail, "Write it as urn:li:organization:1 in the automation config.")
            return
        if not secret.access_token:
            yield _failure("credentials", f"The secret of channel {channel.name} has no access_token.", _CONNECT)
            return
        works = False
        for finding in self._credentials(channel, secret, now):
            works = works or (finding.name == "credentials" and finding.state == "ok")
            yield finding
        yield from self._token(secret, now)
        if works:
            yield self._subscription(channel, secret, now)

    def _credentials(self, channel: Channel, secret: ChannelSecret, now: datetime) -> Iterator[Finding]:
        headers: Mapping[str, str] = {}
        found = False
        try:
            for page in self._client.administered(secret.access_token, now=now):
                headers = page.headers
                found = any(_names(element, channel.account_id) for element in elements(page))
                if found:
                    break
        except SwitchboardError as exc:
            yield _unusable("credentials", exc)
            return
        if found:
            yield Finding(name="credentials", state="ok", detail="The token is an administrator's of the organisation.")
        else:
            detail = f"The token works, but its member is no administrator of {channel.account_id}."
            yield _failure("credentials", detail, f"{_CONNECT} Or set account_id to the organisation's.")
        yield from clock(date_of(headers), whose="LinkedIn's", now=now)

    def _token(self, secret: ChannelSecret, now: datetime) -> Iterator[Finding]:
        """Yield when the token ends and what it may do; LinkedIn tells that only to the app that it was given to."""
        if not secret.client_id:
            remedy = "Store the app's client_id in the channel's secret; a token of LinkedIn's works for 60 days."
            yield _warning("token_expiry", "When the token ends is told only to whom names the app.", remedy)
            return
        told = self._introspected(secret, now)
        if told is None:
            remedy = "See that client_id and client_secret are the app's, as its page at LinkedIn shows them."
            yield _warning("token_expiry", "LinkedIn does not say when the token ends.", remedy)
            return
        yield _expiry(told, now)
        granted = set(re.split(r"[,\s]+", text_of(told.get("scope")))) - {""}
        if granted and NEEDED not in granted:
            yield _failure("fields", f"The token lacks the permission {NEEDED}.", f"Grant it. {_CONNECT}")
        elif granted:
            yield Finding(name="fields", state="ok", detail="The token has the permission that notifications need.")

    def _introspected(self, secret: ChannelSecret, now: datetime) -> dict[str, Any] | None:
        """Return what LinkedIn knows of the token, or None; its client secret is also what signs the webhooks."""
        for client_secret in dict.fromkeys((secret.client_secret, *secret.signing_secrets)):
            try:
                reply = self._client.introspected(secret.access_token, secret.client_id, client_secret, now=now)
            except (Misconfigured, Rejected):
                continue
            except SwitchboardError:
                return None
            return dict_of(reply.json)
        return None

    def _subscription(self, channel: Channel, secret: ChannelSecret, now: datetime) -> Finding:
        try:
            reply = self._client.subscriptions(secret.access_token, now=now)
        except SwitchboardError as exc:
            return _unusable("subscription", exc)
        found = [element for element in elements(reply) if _names(element, channel.account_id)]
        if not found:
            return _failure("subscription", "No webhook hears what people do on the organisation's posts.", _SUBSCRIBE)
        ours = [element for element in found if _leads_to(channel, text_of(element.get("webhook")))]
        if not ours:
            detail = "The organisation's notifications are sent to another address than this channel's webhook."
            return _warning("subscription", detail, f"{_SUBSCRIBE} The address ends in /webhooks/{channel.name}.")
        ends = [_moment(element.get("expiresAt")) for element in ours]
        last = max(ends)
        if last <= now:
            return _failure("subscription", f"The subscription ended on {last:%Y-%m-%d}.", _SUBSCRIBE)
        if last - now < SOON:
            return _warning("subscription", f"The subscription ends on {last:%Y-%m-%d}.", _SUBSCRIBE)
        return Finding(name="subscription", state="ok", detail="The organisation's notifications come to this channel.")


def _names(element: dict[str, Any], account: str) -> bool:
    """Whether *element* is about *account*, under whichever of the names that LinkedIn's versions have for it."""
    return bool(re.search(re.escape(account) + r"(?![0-9])", event_json(element)))


def _leads_to(channel: Channel, webhook: str) -> bool:
    path = webhook.partition("?")[0].rstrip("/")
    return not path or path.endswith(f"/webhooks/{channel.name}")


def _expiry(told: dict[str, Any], now: datetime) -> Finding:
    ends = _moment(told.get("expires_at"))
    if told.get("active") is False or ends <= now:
        return _failure("token_expiry", "The token has ended or was taken back.", _CONNECT)
    if ends == _NEVER:
        remedy = "LinkedIn's token inspector shows it: https://www.linkedin.com/developers/tools/oauth/token-inspector"
        return _warning("token_expiry", "LinkedIn does not say when the token ends.", remedy)
    detail = f"The token works for {(ends - now).days} more days, until {ends:%Y-%m-%d}."
    if ends - now < SOON:
        return _warning("token_expiry", detail, f"{_CONNECT} Do it before that day.")
    return Finding(name="token_expiry", state="ok", detail=detail)


def _moment(told: object) -> datetime:
    """Return the moment that *told* is, in seconds or milliseconds, or one that never comes."""
    return moment_of(told, _NEVER, now=_NEVER)


def _unusable(name: str, exc: SwitchboardError) -> Finding:
    """Return why LinkedIn cannot be asked: the token, our version, or a server that does not answer."""
    said = f"{str(exc).rstrip('.')}."
    detail = f"{said[:1].upper()}{said[1:]}"
    if isinstance(exc, Rejected) and exc.reason == "old_version":
        return _failure(name, detail, "Deploy a newer release of Switchboard; what comes in is not affected.")
    if isinstance(exc, (Misconfigured, Rejected)):
        return _failure(name, detail, f"{_CONNECT} The app needs the permission {NEEDED}.")
    return _warning(name, f"{detail} Whether it works is not known.", "Try again later.")


def _failure(name: str, detail: str, remedy: str) -> Finding:
    return Finding(name=name, state="failure", detail=detail, remedy=remedy)


def _warning(name: str, detail: str, remedy: str) -> Finding:
    return Finding(name=name, state="warning", detail=detail, remedy=remedy)
